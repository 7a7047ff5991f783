"""What is filled in to note a problem, an allergy, or vital signs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.care.problems.codes import Diagnosis, find, icpc2
from fellesjournal.fhir.vital_signs import VITALS
from fellesjournal.foundation.ui.forms import PlainForm
from fellesjournal.foundation.ui.templatetags.ui import number

_SINCE = re.compile(r"(?:(?:(\d{1,2})\.)?(\d{1,2})\.)?((?:18|19|20)\d\d)")
VITAL_LABELS = {
    "systolic": _("Blood pressure, upper"),
    "diastolic": _("Blood pressure, lower"),
    "pulse": _("Pulse"),
    "respiration": _("Breaths"),
    "saturation": _("Oxygen saturation"),
    "temperature": _("Temperature"),
    "weight": _("Weight"),
    "height": _("Height"),
}


def measured_words(measured: Mapping[str, Decimal]) -> str:
    """What was measured, for a receipt: ``blood pressure 158/84, pulse 88``."""
    values = {name: number(value) for name, value in measured.items()}
    parts = []
    if "systolic" in values and "diastolic" in values:
        pressure = f"{values.pop('systolic')}/{values.pop('diastolic')}"
        named = gettext("Blood pressure")
        parts.append(f"{_begun_small(named)} {pressure}")
    parts += [f"{_begun_small(str(VITAL_LABELS[name]))} {value}" for name, value in values.items()]
    return ", ".join(parts)


def _begun_small(words: str) -> str:
    return words[:1].lower() + words[1:]


class ProblemForm(PlainForm):
    """A problem by code or words; since when, as exact as known."""

    what = forms.CharField(
        label=_("Problem: ICPC-2 code or words"),
        max_length=200,
        widget=forms.TextInput(attrs={"list": "diagnoses", "autocomplete": "off"}),
    )
    since = forms.CharField(
        label=_("Since (year, month.year or date)"), required=False, max_length=10
    )
    diagnosis: Diagnosis | None = None

    def clean_what(self) -> str:
        """A code that is one becomes its diagnosis; ``K86 Hypertensjon`` is the code too."""
        said = str(self.cleaned_data["what"]).strip()
        code = said.split(" ", 1)[0].upper()
        self.diagnosis = icpc2().get(code)
        if self.diagnosis is None:
            fits = find(said)
            exact = [each for each in fits if each.text.casefold() == said.casefold()]
            self.diagnosis = exact[0] if exact else None
        return said

    def clean_since(self) -> str:
        """14.3.2019, 3.2019 or 2019, as FHIR writes it."""
        said = str(self.cleaned_data["since"]).strip()
        if not said:
            return ""
        match = _SINCE.fullmatch(said)
        if match is None:
            raise ValidationError(gettext("Write a year, a month and year, or a date: 14.3.2019."))
        day, month, year = match.groups()
        return "-".join(part.zfill(2) for part in (year, month, day) if part)


class AllergyForm(PlainForm):
    """To what, how it shows, and how grave."""

    substance = forms.CharField(label=_("Allergic to"), max_length=200)
    reaction = forms.CharField(label=_("Reaction"), max_length=200, required=False)
    is_grave = forms.BooleanField(label=_("Grave: can be dangerous"), required=False)


class VitalsForm(PlainForm):
    """Any of the vital signs; a comma or a point parts the decimals."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, vital in VITALS.items():
            field = forms.CharField(
                label=f"{VITAL_LABELS[name]} ({vital.unit})", required=False, max_length=6,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            )  # fmt: skip
            self.fields[name] = field

    @property
    def measured(self) -> dict[str, Decimal]:
        """What was written, of a valid form."""
        return {name: value for name, value in self.cleaned_data.items() if value is not None}

    def clean(self) -> dict[str, Any]:
        """Numbers within what can be believed; lower pressure below upper."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        numbers = {name: self._number(name, str(said.get(name) or "")) for name in VITALS}
        upper, lower = numbers["systolic"], numbers["diastolic"]
        if upper is not None and lower is not None and lower >= upper:
            self.add_error("diastolic", gettext("The lower pressure is not below the upper."))
        if not self.errors and not any(value is not None for value in numbers.values()):
            self.add_error("systolic", gettext("Write at least one measurement."))
        return numbers

    def _number(self, name: str, text: str) -> Decimal | None:
        if not text:
            return None
        written = text.strip().replace(",", ".")
        vital = VITALS[name]
        if not re.fullmatch(r"\d{1,3}(\.\d{1,2})?", written):
            self.add_error(name, gettext("Write a number."))
            return None
        value = Decimal(written)
        if not vital.least <= value <= vital.most:
            words = gettext("%(what)s is not between %(least)s and %(most)s: look at it again.")
            said = {"what": VITAL_LABELS[name], "least": vital.least, "most": vital.most}
            self.add_error(name, words % said)
        return value


__all__ = ["VITAL_LABELS", "AllergyForm", "ProblemForm", "VitalsForm", "measured_words"]
