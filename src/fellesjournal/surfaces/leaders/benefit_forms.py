"""Forms of a benefits plan: roles, phases, benefits, the map, rungs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fellesjournal.foundation.ui.forms import PlainForm
from fellesjournal.leadership.benefits.actions.planning import Roles
from fellesjournal.leadership.benefits.goals import ALL_GOALS
from fellesjournal.leadership.benefits.plan import Benefit, BenefitType, Plan, Realisation
from fellesjournal.surfaces.leaders import benefit_words as words
from fellesjournal.surfaces.leaders.rollout_forms import day_input, reason_field

NAME = 100
_OPEN = ("", "–")
"""Nothing chosen: what somebody has not thought of is not said for her."""


def choices_of(form: forms.Form, name: str) -> forms.ChoiceField:
    """A field of a form that offers what only the page knows."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    return field


def long_text(label: Any, rows: int = 2, *, required: bool = False) -> forms.CharField:
    """Some sentences."""
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=2000, required=required, widget=area)


class SeenForm(PlainForm):
    """Carries the version that was looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class RolesForm(SeenForm):
    """Who answers and who coordinates."""

    owner = forms.CharField(
        label=_("Who answers for the benefits"), max_length=NAME, required=False
    )
    owner_title = forms.CharField(label=_("Position"), max_length=NAME, required=False)
    owner_is_director = forms.BooleanField(
        label=_("Is a municipal director or equivalent"), required=False
    )
    coordinator = forms.CharField(label=_("Coordinator"), max_length=NAME, required=False)
    coordinator_title = forms.CharField(
        label=_("Position of the coordinator"), max_length=NAME, required=False
    )
    coordinator_leads_implementation = forms.BooleanField(
        label=_("The coordinator leads the local implementation"), required=False
    )
    reason = reason_field()

    def roles(self) -> Roles:
        """What was written."""
        said = self.cleaned_data
        return Roles(**{name: said[name] for name in Roles.__dataclass_fields__})


class PhaseForm(SeenForm):
    """Where the plan goes next, and why."""

    phase = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=4)
    reason = reason_field()


class RungForm(SeenForm):
    """A rung that is reached."""

    rung = forms.ChoiceField(label=_("Rung"), choices=lambda: list(words.RUNGS.items()))
    day = forms.DateField(label=_("Since"), widget=day_input())
    evidence = forms.CharField(label=_("By what it can be seen"), max_length=500)


class ConfounderForm(SeenForm):
    """Something else that moves the figures; ``number``: in the place of which, counted from 0; ``out``: it is
    taken out.
    """

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    out = forms.BooleanField(widget=forms.HiddenInput, required=False)
    day = forms.DateField(label=_("Day"), widget=day_input())
    what = forms.CharField(label=_("What happened"), max_length=300)
    direction = forms.ChoiceField(
        label=_("Moves the figure"),
        choices=lambda: [
            ("up", _("up")), ("down", _("down")), ("unknown", _("not known which way"))
        ],
    )  # fmt: skip
    indicators = forms.MultipleChoiceField(
        label=_("Which indicators"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, lines: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices_of(self, "indicators").choices = lines


class BenefitForm(SeenForm):
    """A benefit, or a loss."""

    title = forms.CharField(label=_("Benefit"), max_length=150)
    goal = forms.ChoiceField(
        label=_("Goal"), choices=lambda: [_OPEN, *((each, words.goal(each)) for each in ALL_GOALS)]
    )
    type = forms.ChoiceField(label=_("Type"), choices=lambda: [_OPEN, *words.TYPES.items()])
    realisation = forms.ChoiceField(
        label=_("What becomes of it"), choices=lambda: [_OPEN, *words.REALISATIONS.items()]
    )
    owner = forms.CharField(label=_("Who answers for it"), max_length=NAME, required=False)
    indicators = forms.MultipleChoiceField(
        label=_("Indicators"), widget=forms.CheckboxSelectMultiple, required=False
    )
    gaining_actor = forms.CharField(label=_("Who gains"), max_length=NAME, required=False)
    paying_actor = forms.CharField(label=_("Who pays"), max_length=NAME, required=False)
    assumptions = long_text(_("What it takes for granted"))
    risks = long_text(_("Risks"))

    def __init__(self, *args: Any, picked: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices_of(self, "indicators").choices = picked

    def benefit(self, key: str) -> Benefit:
        """What was written."""
        said = self.cleaned_data
        return Benefit(
            key, said["goal"], said["title"].strip(), BenefitType(said["type"]),
            Realisation(said["realisation"]), said["owner"].strip(), tuple(said["indicators"]),
            gaining_actor=said["gaining_actor"].strip(), paying_actor=said["paying_actor"].strip(),
            assumptions=said["assumptions"].strip(), risks=said["risks"].strip(),
        )  # fmt: skip


class ConnectForm(SeenForm):
    """A way on the map."""

    functionality = forms.CharField(
        label=_("Functionality"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"list": "used-functionality"}),
    )
    process = forms.CharField(
        label=_("Changed work process"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"list": "used-process"}),
    )
    benefit = forms.ChoiceField(label=_("Leads to the benefit"))
    onward = forms.ChoiceField(label=_("which leads on to"), required=False)

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        benefits = [(each.id, each.title) for each in plan.benefits]
        choices_of(self, "benefit").choices = benefits
        choices_of(self, "onward").choices = [("", "–"), *benefits]


class DisconnectForm(SeenForm):
    """A way that is taken off the map."""

    before = forms.CharField(widget=forms.HiddenInput, max_length=300)
    after = forms.CharField(widget=forms.HiddenInput, max_length=300)


__all__ = [
    "BenefitForm", "ConfounderForm", "ConnectForm", "DisconnectForm", "PhaseForm", "RolesForm",
    "RungForm", "SeenForm", "choices_of", "long_text",
]  # fmt: skip
