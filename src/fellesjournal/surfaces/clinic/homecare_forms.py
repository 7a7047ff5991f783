"""What is filled in about home care: an action of the plan, an assessment, a decision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fellesjournal.care.homecare.codes import SERVICES
from fellesjournal.care.homecare.deciding import MOST_HOURS
from fellesjournal.care.homecare.plans import MOST_MINUTES, Rule
from fellesjournal.fhir.vital_signs import MEASURABLE
from fellesjournal.foundation.ui.forms import PlainForm
from fellesjournal.surfaces.clinic.homecare_words import FUNCTIONS, SCORES, WEEKDAYS, measure_name

_MOST_WEEKS = 12


class ActionForm(PlainForm):
    """One action: what, on which days, in which window, how long."""

    text = forms.CharField(label=_("What is to be done"), max_length=200)
    weekdays = forms.MultipleChoiceField(
        label=_("Days"),
        choices=lambda: list(WEEKDAYS.items()),
        widget=forms.CheckboxSelectMultiple,
        initial=list(WEEKDAYS),
    )
    begins = forms.TimeField(
        label=_("From (clock)"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    ends = forms.TimeField(
        label=_("Until (clock)"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    minutes = forms.IntegerField(
        label=_("Minutes it takes"), min_value=1, max_value=MOST_MINUTES, initial=15
    )
    weeks = forms.IntegerField(
        label=_("Every how many weeks"), min_value=1, max_value=_MOST_WEEKS, initial=1
    )
    gives_medicines = forms.BooleanField(
        label=_("Medicines are given at this visit"), required=False
    )
    measures = forms.ChoiceField(
        label=_("What is measured"),
        help_text=_("The action is done only when a value is written down at the visit."),
        choices=lambda: [("", _("Nothing")), *((code, measure_name(code)) for code in MEASURABLE)],
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """A window is longer than nothing."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("begins") is not None and said.get("begins") == said.get("ends"):
            self.add_error("ends", _("The visit must have some time to begin in"))
        return said

    def rule(self) -> Rule:
        """What was filled in, of a valid form."""
        said = self.cleaned_data
        return Rule(
            text=said["text"], weekdays=tuple(said["weekdays"]), begins=said["begins"],
            ends=said["ends"], minutes=said["minutes"], weeks=said["weeks"],
            gives_medicines=said["gives_medicines"], measures=said["measures"],
        )  # fmt: skip


def filled_in(rule: Rule) -> dict[str, Any]:
    """What a form shows of an action that stands."""
    return {
        "text": rule.text, "weekdays": list(rule.weekdays), "begins": rule.begins,
        "ends": rule.ends, "minutes": rule.minutes, "weeks": rule.weeks,
        "gives_medicines": rule.gives_medicines, "measures": rule.measures,
    }  # fmt: skip


class AssessmentForm(PlainForm):
    """A score for each of the 17 functions (9111)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, name in FUNCTIONS.items():
            field = forms.ChoiceField(
                label=str(name), choices=[("", _("Choose a score")), *SCORES.items()]
            )
            field.error_messages["required"] = _("Score “%(name)s”.") % {"name": name}
            self.fields[f"function-{code}"] = field

    def scores(self) -> dict[str, str]:
        """The scores by code, of a valid form."""
        return {code: self.cleaned_data[f"function-{code}"] for code in FUNCTIONS}


class _HoursField(forms.DecimalField):
    """A number written with a comma or a point, whatever the language of the page."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def to_python(self, value: Any) -> Any:
        """As Django, of what was meant."""
        return super().to_python(str(value).replace(",", ".") if value else value)


class DecisionForm(PlainForm):
    """A decision on one service."""

    outcome = forms.ChoiceField(
        label=_("Is the service granted?"),
        choices=lambda: [("granted", _("Granted")), ("refused", _("Refused"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a decision")},
    )
    service = forms.ChoiceField(
        label=_("Service"), choices=lambda: [("", _("Choose a service")), *SERVICES.items()]
    )
    hours = _HoursField(
        label=_("Hours a week"), max_value=MOST_HOURS, min_value=0, decimal_places=2,
        required=False)  # fmt: skip
    starts = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends = forms.DateField(
        label=_("Until (leave empty for as long as it is needed)"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    unit = forms.ChoiceField(label=_("Unit that gives the service"), required=False)
    reason = forms.CharField(
        label=_("Reason for the decision"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    more_follow = forms.BooleanField(
        label=_("I make another decision on this application"), required=False
    )

    def __init__(self, units: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = list(units)  # type: ignore[attr-defined]  # a field of choices

    def clean(self) -> dict[str, Any]:
        """What is granted has hours and a unit; what ends has begun."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("outcome") == "granted":
            if not said.get("hours") and "hours" not in self.errors:
                self.add_error("hours", _("Fill in the hours a week"))
            if not said.get("unit"):
                self.add_error("unit", _("Choose a unit"))
        starts, ends = said.get("starts"), said.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends", _("The service can't end before it begins"))
        return said


__all__ = ["ActionForm", "AssessmentForm", "DecisionForm", "filled_in"]
