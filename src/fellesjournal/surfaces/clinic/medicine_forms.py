"""What is filled in to prescribe, change and stop a medicine."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fellesjournal.care.medication.resources import STOP_REASONS
from fellesjournal.fhir.dosage import (
    LANGUAGES,
    AsNeeded,
    Dosage,
    InvalidDose,
    Part,
    Period,
    Rhythm,
    Step,
    Weekday,
    When,
    parse,
    parse_short,
)
from fellesjournal.foundation.ui.forms import PlainForm

_TIMES = (
    ("morning", When.MORNING),
    ("noon", When.NOON),
    ("evening", When.EVENING),
    ("night", When.NIGHT),
)
WEEKDAYS = (
    ("mon", _("Monday")), ("tue", _("Tuesday")), ("wed", _("Wednesday")), ("thu", _("Thursday")),
    ("fri", _("Friday")), ("sat", _("Saturday")), ("sun", _("Sunday")),
)  # fmt: skip
NOT_UNDERSTOOD = _(
    "This dose is not understood. Write it otherwise, use the fields, or keep it as text."
)
# The two codes of 7500 that we know; the words are ours, and what is meant stands in the free text.
STOP_WORDS = {
    "2": _("The treatment is ended (seponering)"),
    "4": _("For another reason"),
}


def language() -> str:
    """The language of the page, as doses are worded in."""
    return next((each for each in LANGUAGES if (get_language() or "").startswith(each)), "nb")


def read_dose(text: str, unit: str) -> Dosage | None:
    """The dose that somebody wrote: short, or in full words of any of the three languages."""
    if unit and (short := parse_short(text, unit)):
        return short
    read = (parse(text, each) for each in (language(), *LANGUAGES))
    return next((found for found in read if found is not None), None)


def _amount(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(9999),
        localize=True,
        max_digits=8,
        decimal_places=4,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 5}),
    )


class OrderForm(PlainForm):
    """A dose of one medicine: in words, or in fields; never both.

    ``shown`` is the dose as the page last said it: what is carried out is what was shown.
    """

    patient = forms.CharField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput)
    shown = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)
    item = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    medicine_seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    dose = forms.CharField(
        label=_("Dose"),
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    keep_words = forms.BooleanField(
        label=_("Keep the dose as text. It can't be checked, and nobody gets due doses from it."),
        required=False,
    )
    morning = _amount(_("Morning"))
    noon = _amount(_("Midday"))
    evening = _amount(_("Evening"))
    night = _amount(_("Night"))
    rhythm = forms.ChoiceField(
        label=_("How often"),
        required=False,
        choices=[("", _("Choose")), ("d", _("Every day")), ("wk", _("Every week, on these days"))],
    )
    weekdays = forms.MultipleChoiceField(
        label=_("Days of the week"),
        choices=WEEKDAYS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    needed = _amount(_("Each time"))
    most = _amount(_("At most in 24 hours"))
    days = forms.IntegerField(
        label=_("For so many days"),
        required=False,
        min_value=1,
        max_value=3650,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 5}),
    )
    reason = forms.CharField(label=_("What it is for"), max_length=200, required=False)
    why = forms.CharField(label=_("Why it is changed"), max_length=500, required=False)
    in_stay = forms.BooleanField(label=_("Only during the stay"), required=False)
    override = forms.CharField(
        label=_("Why it is given all the same"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, unit: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        self.dosage: Dosage | None = None

    def clean(self) -> dict[str, Any]:
        """The one dose of the form; without one, why."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        text = said.get("dose", "").strip()
        in_fields = self._in_fields(said)
        if text and in_fields:
            self.add_error("dose", _("Write the dose, or fill in the fields: not both."))
        elif text:
            self.dosage = read_dose(text, self.unit)
            if self.dosage is None and not said.get("keep_words"):
                self.add_error("dose", NOT_UNDERSTOOD)
        elif in_fields:
            self.dosage = self._built(said)
        else:
            self.add_error("dose", _("Write the dose, or fill in the fields."))
        return said

    @property
    def is_not_understood(self) -> bool:
        """Whether a dose was written that could not be read."""
        return bool(self.is_bound and self.data.get("dose", "").strip() and self.dosage is None)

    def _in_fields(self, said: dict[str, Any]) -> bool:
        named = [
            "morning",
            "noon",
            "evening",
            "night",
            "needed",
            "most",
            "rhythm",
            "weekdays",
            "days",
        ]
        return any(said.get(name) for name in named)

    def _built(self, said: dict[str, Any]) -> Dosage | None:
        taken = {when: said[name] for name, when in _TIMES if said.get(name)}
        if said.get("needed"):
            if taken or said.get("rhythm") or said.get("weekdays"):
                self.add_error(
                    "needed", _("Regular or as needed: one medicine line is one of them.")
                )
                return None
            if not said.get("most"):
                self.add_error("most", _("Say how much in 24 hours at most."))
                return None
        elif not taken:
            self.add_error("morning", _("Say how much is taken, and when."))
            return None
        if not self.unit:
            self.add_error(
                "morning", _("The unit of this medicine is not known: write the dose in words.")
            )
            return None
        try:
            step = (
                Step(as_needed=AsNeeded(said["needed"], None, said["most"]), days=said.get("days"))
                if said.get("needed")
                else Step(self._parts(said, taken), days=said.get("days"))
            )
            return Dosage(self.unit, (step,))
        except InvalidDose:
            self.add_error("rhythm", _("Choose how often: every day, or every week with its days."))
            return None

    def _parts(self, said: dict[str, Any], taken: dict[When, Decimal]) -> tuple[Part, ...]:
        """Raises InvalidDose: nothing is daily that nobody has said is daily (INV-19)."""
        days = tuple(Weekday(day) for day in said.get("weekdays") or ())
        if said.get("rhythm") == "d" and not days:
            rhythm = Rhythm()
        elif said.get("rhythm") == "wk" and days:
            rhythm = Rhythm(Period.WEEK, 1, tuple(day for day in Weekday if day in days))
        else:
            raise InvalidDose("rhythm")
        amounts: dict[Decimal, list[When]] = {}
        for when, amount in taken.items():
            amounts.setdefault(amount.normalize(), []).append(when)
        return tuple(Part(amount, rhythm, tuple(whens)) for amount, whens in amounts.items())


class StopForm(PlainForm):
    """Why a medicine is stopped."""

    patient = forms.CharField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput)
    medicine_seen = forms.IntegerField(widget=forms.HiddenInput)
    code = forms.ChoiceField(
        label=_("What is done"),
        choices=lambda: [(code, STOP_WORDS.get(code, name)) for code, name in STOP_REASONS.items()],
        initial="2",
    )
    why = forms.CharField(
        label=_("Why, in your own words"),
        max_length=500,
        min_length=3,
    )


__all__ = ["OrderForm", "StopForm", "language", "read_dose"]
