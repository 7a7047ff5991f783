"""What is asked for when units are registered and roles given."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fellesjournal.access.directory.roles import LONGEST
from fellesjournal.access.policy.roles import POSITIONS, ROLES
from fellesjournal.foundation import clock
from fellesjournal.foundation.ui.forms import PlainForm
from fellesjournal.registry.numbers import is_organisation_number
from fellesjournal.registry.units import UNIT_KIND_NAMES_NB


def role_choices() -> list[tuple[str, str]]:
    """Every role by its title in the language of the page; positions are for imports."""
    language = get_language() or "nb"
    listed = [(code, role.titles.get(language, role.titles["en"])) for code, role in ROLES.items()]
    return sorted(listed, key=lambda choice: choice[1].casefold())


def role_title(code: str, otherwise: str) -> str:
    """The title of a role's code in the language of the page."""
    role = ROLES.get(POSITIONS.get(code, code))
    if role is None or code in POSITIONS:
        return otherwise
    return role.titles.get(get_language() or "nb", otherwise)


class _Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class RoleForm(PlainForm):
    """One role for one person, for a period with an end."""

    number = forms.CharField(label=_("HPR number, or national identity number"), max_length=11)
    code = forms.ChoiceField(label=_("Role"))
    starts = forms.DateField(label=_("From and with"), widget=_Day())
    ends = forms.DateField(label=_("To and with"), widget=_Day())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        today = clock.today()
        kwargs.setdefault("initial", {"starts": today, "ends": today + timedelta(days=180)})
        super().__init__(*args, **kwargs)
        choice = self.fields["code"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", "—"), *role_choices()]


class EndForm(PlainForm):
    """When a role is to end; empty: at once."""

    last = forms.DateField(label=_("Last day"), required=False, widget=_Day())

    def clean_last(self) -> Any:
        """Not in the past, and not beyond what may be given."""
        last = self.cleaned_data["last"]
        today = clock.today()
        if last is not None and not today <= last <= today + LONGEST:
            raise forms.ValidationError(_("Choose a day from today, at most a year ahead."))
        return last


class UnitForm(PlainForm):
    """One unit below another."""

    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("", "—"), *((kind.value, name) for kind, name in UNIT_KIND_NAMES_NB.items())],
    )
    number = forms.CharField(
        label=_("Organisation number, if it has one"), max_length=11, required=False
    )

    def clean_number(self) -> str:
        """Check digits hold."""
        number = str(self.cleaned_data["number"]).replace(" ", "")
        if number and not is_organisation_number(number):
            raise forms.ValidationError(_("This is not an organisation number."))
        return number


class PersonNumberForm(PlainForm):
    """Which citizen's grounds are asked for; posted, so that it stands in no address."""

    number = forms.RegexField(
        r"^\s*\d{6}\s?\d{5}\s*$", label=_("National identity number of the citizen"), max_length=14
    )

    def clean_number(self) -> str:
        """Without spaces."""
        return "".join(str(self.cleaned_data["number"]).split())
