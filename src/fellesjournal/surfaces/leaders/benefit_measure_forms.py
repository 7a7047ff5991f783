"""Forms of a plan line: the period that is frozen or registered, what is wanted, what is done for it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.leadership.benefits.attainment import Ambition, Baseline, Milestone
from fellesjournal.leadership.benefits.plan import Measure
from fellesjournal.surfaces.leaders import benefit_words as words
from fellesjournal.surfaces.leaders.benefit_forms import NAME, SeenForm, choices_of, long_text
from fellesjournal.surfaces.leaders.rollout_forms import day_input, reason_field

STEPS = (1, 2)


def _value(label: Any, *, required: bool = False) -> forms.DecimalField:
    return forms.DecimalField(label=label, max_digits=9, decimal_places=3, required=required)


def _day(label: Any, *, required: bool = False) -> forms.DateField:
    return forms.DateField(label=label, widget=day_input(), required=required)


class MonthForm(SeenForm):
    """Which period: a month that is over."""

    month = forms.ChoiceField(label=_("Period"))

    def __init__(self, *args: Any, months: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices_of(self, "month").choices = months

    def last_day_of(self) -> date:
        """The last day of the period that was chosen."""
        return date.fromisoformat(self.cleaned_data["month"])


class FreezeForm(MonthForm):
    """The period that becomes the baseline, and why that one."""

    reason = reason_field()


class AmbitionForm(SeenForm):
    """What is wanted, by when, and the steps on the way. Shares are written in percent."""

    keeps = forms.BooleanField(label=_("It shall stay as it is"), required=False)
    target = _value(_("Wanted value"))
    day = _day(_("By when"), required=True)
    step_1 = _value(_("First step, value"))
    step_1_day = _day(_("First step, day"))
    step_2 = _value(_("Second step, value"))
    step_2_day = _day(_("Second step, day"))
    tolerance = _value(_("How much worse still counts as kept"))
    approved_by = forms.CharField(label=_("Approved by"), max_length=NAME)
    reason = reason_field()

    def __init__(self, *args: Any, is_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._scale = 100 if is_share else 1
        if is_share:
            for name in ("target", "step_1", "step_2", "tolerance"):
                self.fields[name].label = f"{self.fields[name].label} (%)"

    def clean(self) -> dict[str, Any]:
        """A value unless it is to stay, and steps with both their halves; shares up to 100 %."""
        said = super().clean() or {}
        if not said.get("keeps") and said.get("target") is None and "target" not in self.errors:
            message = gettext("Fill in “%(field)s”.")
            self.add_error("target", message % {"field": self.fields["target"].label})
        for n in STEPS:
            if (said.get(f"step_{n}") is None) != (said.get(f"step_{n}_day") is None):
                self.add_error(f"step_{n}", gettext("A step has a value and a day."))
        for name in ("target", "step_1", "step_2", "tolerance"):
            value = said.get(name)
            if value is not None and (value < 0 or (self._scale == 100 and value > 100)):
                self.add_error(name, gettext("That can't be: look at the number again."))
        return said

    def ambition(self, baseline: Baseline) -> Ambition:
        """What is wanted."""
        said = self.cleaned_data
        steps = tuple(
            Milestone(said[f"step_{n}_day"], self._exact(said[f"step_{n}"]))
            for n in STEPS
            if said[f"step_{n}_day"] is not None
        )
        return Ambition(
            baseline.indicator, baseline.unit,
            baseline.value if said["keeps"] else self._exact(said["target"]), said["day"],
            () if said["keeps"] else steps, said["approved_by"].strip(),
            self._exact(said["tolerance"] or Decimal(0)),
        )  # fmt: skip

    def _exact(self, value: Decimal) -> Fraction:
        return Fraction(value) / self._scale


class LineForm(SeenForm):
    """Who answers for a line, and when it is measured next."""

    owner = forms.CharField(label=_("Who answers for it"), max_length=NAME)
    next_measurement = _day(_("Next measured"))


class MeasureForm(SeenForm):
    """Something that is done."""

    title = forms.CharField(label=_("What is done"), max_length=150)
    responsible = forms.CharField(label=_("Who does it"), max_length=NAME)
    start = _day(_("From"))
    due = _day(_("Due"))
    cost = forms.DecimalField(
        label=_("Cost (NOK)"), min_value=0, max_digits=13, decimal_places=2, required=False
    )
    hypothesis = long_text(_("Why it should help"))

    def measure(self) -> Measure:
        """What was written."""
        said = self.cleaned_data
        return Measure(
            said["title"].strip(), said["responsible"].strip(), said["start"], said["due"],
            cost=said["cost"] or Decimal(0), hypothesis=said["hypothesis"].strip(),
        )  # fmt: skip


class MeasureDropForm(SeenForm):
    """Why a measure is taken away."""

    reason = reason_field()


class MeasureStatusForm(SeenForm):
    """How far a measure has come."""

    title = forms.CharField(widget=forms.HiddenInput, max_length=150)
    status = forms.ChoiceField(
        label=_("Status"), choices=lambda: list(words.MEASURE_STATUSES.items())
    )


__all__ = [
    "AmbitionForm", "FreezeForm", "LineForm", "MeasureDropForm", "MeasureForm",
    "MeasureStatusForm", "MonthForm",
]  # fmt: skip
