"""Forms of workshops: the workshop itself, a row of its worksheet, a file that is read in."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.foundation.ui.forms import PlainForm
from fellesjournal.leadership.benefits.sheets import LONGEST
from fellesjournal.leadership.benefits.worksheet import MOST_WEEKS, Per, Row, ThreePoint
from fellesjournal.leadership.benefits.workshops import Area, Workshop
from fellesjournal.surfaces.leaders.benefit_forms import SeenForm, choices_of, long_text
from fellesjournal.surfaces.leaders.rollout_forms import day_input, reason_field

PER = {Per.WEEK: _("week"), Per.DAY: _("day"), Per.YEAR: _("year")}


def _number(label: Any, *, most: int = 10**6, places: int = 4) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=0, max_value=most, max_digits=7 + places, decimal_places=places
    )


def _short(label: Any, *, longest: int = 80, required: bool = False) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, required=required)


class WorkshopForm(SeenForm):
    """A workshop, and the services that take part."""

    title = _short(_("What it is about"), longest=120, required=True)
    day = forms.DateField(label=_("Day"), widget=day_input())
    materials = long_text(_("Where the material is"))
    areas = forms.CharField(
        label=_("Services, one a line: name; people; staffed hours a year"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    reason = reason_field()

    def clean_areas(self) -> tuple[Area, ...]:
        """Each line a service; people and hours may be left out."""
        found = [
            self._area(n, line)
            for n, line in enumerate(self.cleaned_data["areas"].splitlines(), 1)
            if line.strip()
        ]
        if len({each.name.casefold() for each in found}) < len(found):
            raise forms.ValidationError(gettext("A service stands twice."))
        return tuple(found)

    def workshop(self, unit: str) -> Workshop:
        """What was written."""
        said = self.cleaned_data
        return Workshop(
            unit, said["title"].strip(), said["day"], said["areas"], said["materials"].strip()
        )

    def _area(self, number: int, line: str) -> Area:
        name, people, hours = (*(each.strip() for each in line.split(";")), "", "")[:3]
        try:
            area = Area(
                name,
                int(people) if people else 0,
                Fraction(Decimal(hours.replace(" ", "").replace(",", "."))) if hours else None,
            )
        except (ValueError, ArithmeticError, OverflowError):
            area = Area("")
        is_possible = area.name and 0 <= area.participants <= 10**6
        if not is_possible or not 0 <= (area.staffed_hours or 0) <= 10**9:
            raise forms.ValidationError(
                gettext("Line %(line)s can't be read: “%(text)s”.")
                % {"line": number, "text": line.strip()}
            )
        return area


class RowForm(SeenForm):
    """A row of the worksheet. Numbers may have decimals; nothing is rounded."""

    task = _short(_("Task"), longest=150, required=True)
    service_area = forms.ChoiceField(label=_("Service"))
    role = _short(_("Who does it"))
    minutes_now = _number(_("Minutes now"))
    low = _number(_("Minutes after, at least"))
    mode = _number(_("Minutes after, most likely"))
    high = _number(_("Minutes after, at most"))
    occurrences = _number(_("How often"))
    per = forms.ChoiceField(label=_("Per"), choices=lambda: list(PER.items()))
    weeks = _number(_("Weeks a year"), most=MOST_WEEKS)
    staff = _number(_("How many do it"))
    is_time_thief = forms.BooleanField(label=_("A time thief"), required=False)
    depends_on = _short(_("Depends on functionality"))
    certainty = _short(_("How certain"))
    comment = _short(_("Comment"), longest=LONGEST)
    claimed_by = _short(_("Already counted by"))

    def __init__(self, *args: Any, areas: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices_of(self, "service_area").choices = [("", "–"), *((each, each) for each in areas)]

    def clean(self) -> dict[str, Any]:
        """At least, most likely, at most: in rising order."""
        said = super().clean() or {}
        three = [each for name in ("low", "mode", "high") if (each := said.get(name)) is not None]
        if len(three) == 3 and three != sorted(three):
            self.add_error("mode", gettext("At least, most likely, at most: in rising order."))
        return said

    def row(self, key: str, before: Row | None = None) -> Row:
        """What was written. A number that was left as it was shown is what it was ``before``, to the
        last digit: a third is not made 0.3333 by changing a comment.
        """
        said = {**self.cleaned_data, **self._untouched(before)}
        three = ThreePoint(*(Fraction(said[name]) for name in ("low", "mode", "high")))
        return Row(
            key, said["task"].strip(), said["service_area"], said["role"].strip(),
            Fraction(said["minutes_now"]), three, Fraction(said["occurrences"]), Per(said["per"]),
            Fraction(said["weeks"]), Fraction(said["staff"]), said["is_time_thief"],
            said["depends_on"].strip(), said["certainty"].strip(), said["comment"].strip(),
            said["claimed_by"].strip(),
        )  # fmt: skip

    def _untouched(self, before: Row | None) -> dict[str, Fraction]:
        if before is None:
            return {}
        return {
            name: value
            for name, value in numbers_of(before).items()
            if self.cleaned_data[name] == Decimal(as_typed(value))
        }


def numbers_of(row: Row) -> dict[str, Fraction]:
    """The numbers of a row by their fields."""
    after = row.minutes_after
    return {
        "minutes_now": row.minutes_now, "low": after.low, "mode": after.mode, "high": after.high,
        "occurrences": row.occurrences, "weeks": row.weeks, "staff": row.staff,
    }  # fmt: skip


def as_typed(value: Fraction) -> str:
    """A number as it is typed, in up to four decimals."""
    text = f"{float(value):.4f}"
    return text.rstrip("0").rstrip(".")


class ClaimForm(SeenForm):
    """The benefit in which the hours of a row are counted."""

    benefit = forms.ChoiceField(label=_("Benefit"))

    def __init__(self, *args: Any, benefits: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices_of(self, "benefit").choices = benefits


class RemoveForm(SeenForm):
    """Why a row is taken away."""

    reason = reason_field()


class FileForm(PlainForm):
    """A workbook that is read in."""

    file = forms.FileField(label=_("Workbook (XLSX)"), max_length=200)


__all__ = [
    "PER", "ClaimForm", "FileForm", "RemoveForm", "RowForm", "WorkshopForm", "as_typed",
    "numbers_of",
]  # fmt: skip
