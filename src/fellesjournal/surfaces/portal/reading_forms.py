"""What a citizen writes of her own measurements: numbers, and when she measured."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.care.remote_follow_up.actions import AHEAD, LONGEST_AGO
from fellesjournal.care.remote_follow_up.measures import is_believed, is_usual, meant
from fellesjournal.fhir.vital_signs import VITALS
from fellesjournal.foundation import clock
from fellesjournal.foundation.ui.forms import PlainForm
from fellesjournal.foundation.ui.templatetags.ui import number
from fellesjournal.surfaces.own_readings import PARTS, unit_of

NOW, EARLIER = "now", "earlier"
_WRITTEN = re.compile(r"[0-9]{1,4}(\.[0-9]{1,2})?")
_AGAIN = "again-"
ALWAYS = ("systolic", "diastolic", "pulse")
"""What stands on the page for everybody."""


class ReadingForm(PlainForm):
    """Numbers by part; one that is unusual is asked for once more before it is believed."""

    when = forms.ChoiceField(
        label=_("When was it measured?"),
        choices=[(NOW, _("Now")), (EARLIER, _("Earlier"))],
        initial=NOW,
        widget=forms.RadioSelect,
    )
    at = forms.CharField(
        label=_("Day and time, if earlier"),
        required=False,
        max_length=25,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )
    measured_at: datetime

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.measured: dict[str, Decimal] = {}
        self.unusual: list[str] = []
        for part in PARTS:
            self.fields[part] = _number_field(f"{PARTS[part]} ({unit_of(part)})")
            self.fields[_AGAIN + part] = _number_field(
                gettext("%(name)s, once more") % {"name": PARTS[part]}
            )

    def again(self, part: str) -> BoundField | None:
        """The field in which an unusual number is repeated; None while it is not asked for."""
        return self[_AGAIN + part] if part in self.unusual else None

    def rows(self, parts: tuple[str, ...]) -> list[tuple[BoundField, BoundField | None]]:
        """The fields of some numbers, each with its repetition."""
        return [(self[part], self.again(part)) for part in parts]

    def clean(self) -> dict[str, Any]:
        """Numbers that can be believed, at a time that can be."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for part in PARTS:
            value = self._number(part, str(said.get(part) or ""))
            if value is not None:
                self.measured[part] = value
        self._check_pressures(said)
        if not self.errors:
            self._check_unusual(said)
        if not self.errors and not self.measured:
            self.add_error("systolic", gettext("Write what you have measured."))
        self.measured_at = self._time(said)
        return said

    def _number(self, part: str, text: str) -> Decimal | None:
        if not text.strip():
            return None
        written = text.strip().replace(",", ".")
        if not _WRITTEN.fullmatch(written):
            self.add_error(part, gettext("Write a number."))
            return None
        value = Decimal(written)
        if is_believed(part, value):
            return value
        vital = VITALS[part]
        words = gettext("%(name)s is between %(least)s and %(most)s.") % {
            "name": PARTS[part], "least": number(vital.least), "most": number(vital.most),
        }  # fmt: skip
        guess = meant(part, value)
        if guess is not None:
            words += " " + gettext("Did you mean %(guess)s?") % {"guess": number(guess)}
        self.add_error(part, words)
        return None

    def _check_pressures(self, said: Mapping[str, Any]) -> None:
        upper, lower = self.measured.get("systolic"), self.measured.get("diastolic")
        if upper is not None and lower is not None and lower >= upper:
            words = gettext("The lower pressure is not below the upper.")
            if is_usual("systolic", lower) and is_usual("diastolic", upper) and upper != lower:
                words += " " + gettext("Did you mean %(upper)s over %(lower)s?") % {
                    "upper": number(lower), "lower": number(upper),
                }  # fmt: skip
            self.add_error("diastolic", words)
        for one, other in (("systolic", "diastolic"), ("diastolic", "systolic")):
            if one in self.measured and not str(said.get(other) or "").strip():
                self.add_error(other, gettext("Write both pressures, the upper and the lower."))

    def _check_unusual(self, said: Mapping[str, Any]) -> None:
        for part, value in self.measured.items():
            if is_usual(part, value):
                continue
            self.unusual.append(part)
            repeated = str(said.get(_AGAIN + part) or "").strip().replace(",", ".")
            if not repeated:
                words = gettext(
                    "%(value)s is unusual. Look at the display, and write it once more."
                )
                self.add_error(_AGAIN + part, words % {"value": number(value)})
            elif not _WRITTEN.fullmatch(repeated) or Decimal(repeated) != value:
                self.add_error(_AGAIN + part, gettext("The two numbers differ. Which is right?"))

    def _time(self, said: Mapping[str, Any]) -> datetime:
        now = clock.now()
        if said.get("when") != EARLIER:
            return now
        try:
            local = datetime.fromisoformat(str(said.get("at") or ""))
            found = local.replace(tzinfo=clock.NORWAY) if local.tzinfo is None else local
        except ValueError:
            self.add_error("at", gettext("Write the day and the time you measured."))
            return now
        if found > now + AHEAD:
            self.add_error("at", gettext("This time has not come yet."))
        elif found < now - LONGEST_AGO + timedelta(minutes=1):
            days = LONGEST_AGO.days
            self.add_error("at", gettext("This is more than %(days)s days ago.") % {"days": days})
        return found


def _number_field(label: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=7,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )


__all__ = ["ALWAYS", "EARLIER", "NOW", "ReadingForm"]
