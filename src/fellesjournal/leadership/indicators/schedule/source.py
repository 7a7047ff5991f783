"""A published dashboard (Trondheim, December 2021 to May 2022), and what its digits say of each other.

Its numbers are kept as they were printed. Each check has a verdict; what a reader should know of it
stands beside in words of the page.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

from fellesjournal.leadership.figures.audit.digits import Digits, digits
from fellesjournal.leadership.figures.audit.formulas import formula
from fellesjournal.leadership.figures.audit.readings import (
    day_length,
    is_stable,
    printed_alike,
)
from fellesjournal.leadership.figures.audit.spans import Span
from fellesjournal.leadership.figures.audit.tables import Pasted
from fellesjournal.leadership.figures.audit.verdicts import Judged, Verdict, judged
from fellesjournal.leadership.figures.periods import Period, month_of
from fellesjournal.leadership.figures.ratios import Ratio
from fellesjournal.leadership.figures.signals import XmR, xmr
from fellesjournal.leadership.indicators.schedule.comparing import like_for_like
from fellesjournal.leadership.indicators.schedule.flags import Flag, of_utilisation
from fellesjournal.leadership.indicators.schedule.tallies import Key

_TO_DATE = "HDM"
_COMPARED = ("last month", "change", _TO_DATE, "last year", "change (2)", "goal")
ROUNDED = frozenset({Key.APPOINTMENT_WAIT.value})
"""Waits are means: their whole numbers are rounded. All other whole numbers there are counts."""
_ADDABLE = (Key.NO_SHOW_TIME, Key.LATE_CANCEL_TIME, Key.COMPLETED)


@dataclass(frozen=True, slots=True)
class Classified:
    """A specialty with the flags it was printed with. ``printed`` is its name where that was misspelt."""

    specialty: str
    printed: str
    utilisation: str
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """The tables as they were printed. ``names`` are those of the rows, by key, where they are known."""

    source: str
    unit: str
    by_month: Pasted
    compared: Pasted
    unused: Pasted
    names: Mapping[str, str]
    classified: tuple[Classified, ...]

    def months(self, key: Key) -> tuple[Digits, ...]:
        """A row by month, without the month to date."""
        row = self.by_month.cells[self.by_month.rows.index(key)]
        return row[:-1]


@cache
def trondheim() -> Source:
    """The source, read from its data file."""
    data: dict[str, Any] = json.loads(
        (files(__package__) / "data" / "trondheim.json").read_text(encoding="utf-8")
    )
    months = tuple(data["months"])
    return Source(
        data["source"], data["unit"],
        _table((*months, _TO_DATE), data["by_month"]),
        _table(_COMPARED, data["compared"]),
        _table(months, data["unused"]),
        data["names"],
        tuple(
            Classified(
                each["specialty"], each["printed"], each["utilisation"],
                tuple(Flag(flag) for flag in each["flags"]),
            )
            for each in data["classified"]
        ),
    )  # fmt: skip


def _table(columns: tuple[str, ...], rows: Mapping[str, list[str]]) -> Pasted:
    return Pasted(
        columns, tuple(rows), tuple(tuple(digits(each) for each in row) for row in rows.values())
    )


def lengths_of_day() -> tuple[int, ...]:
    """With days of how many hours the change of the time lost to no-shows comes out."""
    row = trondheim().compared
    key = Key.NO_SHOW_TIME.value
    return day_length(
        row.cell(key, _TO_DATE).text, row.cell(key, "last month").text, row.cell(key, "change")
    )


def to_date_is_may() -> list[Judged]:
    """Whether the month to date is May's column."""
    return judged(trondheim().by_month, [formula("[HDM] = [2022-05]")], rounded=ROUNDED)


def from_last_month() -> list[Judged]:
    """Whether the change from last month is the month to date by it."""
    return judged(
        trondheim().compared, [formula("[change] = [HDM] / [last month] - 1")], rounded=ROUNDED
    )


def from_last_year_to_date() -> list[Judged]:
    """Whether the change from last year is the month to date by last year, as it is printed."""
    return judged(
        trondheim().compared, [formula("[change (2)] = [HDM] / [last year] - 1")], rounded=ROUNDED
    )


def from_last_year_summed() -> list[Judged]:
    """The same with the sums of January to May in the place of the month to date, where rows add up."""
    found = trondheim()
    rows = [key.value for key in _ADDABLE]
    sums = {
        key: sum(
            (cell.value for cell in found.months(Key(key))[1:]),
            Fraction(),
        )
        for key in rows
    }
    table = Pasted(
        ("summed", "last year", "change (2)"),
        tuple(rows),
        tuple(
            (
                digits(str(sums[key])),
                digits(str(found.compared.cell(key, "last year").value)),
                found.compared.cell(key, "change (2)"),
            )
            for key in rows
        ),
    )
    return judged(table, [formula("[change (2)] = [summed] / [last year] - 1")])


def printed_in_two_ways() -> Verdict:
    """The utilisation of clinicians to date, below one percent in one table and nought in the other."""
    key = Key.CLINICIAN_UTILISATION.value
    found = trondheim()
    return printed_alike(found.by_month.cell(key, _TO_DATE), found.compared.cell(key, _TO_DATE))


def last_year_is_the_same_months() -> Verdict:
    """Whether last year's column is January to May or all of 2021: no digit tells."""
    return Verdict.UNDECIDABLE


def minutes_per_booking() -> tuple[tuple[Fraction, ...], bool]:
    """Minutes of each unused booking by month, and whether the series is stable."""
    found = trondheim().unused
    minutes, bookings = (found.cells[found.rows.index(row)] for row in ("booking_time", "bookings"))
    each = tuple(one.value / two.value for one, two in zip(minutes, bookings, strict=True))
    return each, is_stable(each)


def signal() -> tuple[XmR, tuple[Period, ...]]:
    """The control chart of completed appointments December to April, and the months outside it."""
    found = trondheim()
    values = [float(cell.value) for cell in found.months(Key.COMPLETED)][:-1]
    chart = xmr(values)
    months = [month_of(date.fromisoformat(f"{name}-01")) for name in found.by_month.columns[:-2]]
    return chart, tuple(months[at] for at in chart.signals(values))


def elapsed_share() -> Fraction:
    """How much of May had passed, by its unused bookings against April's."""
    found = trondheim().unused
    april, may = found.cell("bookings", "2022-04"), found.cell("bookings", "2022-05")
    return may.value / april.value


def like(key: Key) -> Ratio:
    """May so far against the same share of April."""
    april, may = trondheim().months(key)[-2:]
    return like_for_like(may.value, april.value, elapsed_share())


def flags() -> tuple[Flag, ...]:
    """What the utilisation of May is flagged with, beside its unused bookings."""
    found = trondheim()
    share = found.months(Key.SCHEDULE_UTILISATION)[-1].value / 100
    completed = found.months(Key.COMPLETED)[-1].value
    unused = found.unused.cell("bookings", "2022-05").value
    return of_utilisation(share, int(completed), int(unused))


def span_of_wait() -> Span | None:
    """Between which changes the wait's printed numbers let it lie, in percent."""
    row = next(each for each in from_last_month() if each.row == Key.APPOINTMENT_WAIT)
    return row.given


__all__ = [
    "ROUNDED", "Source", "elapsed_share", "flags", "from_last_month", "from_last_year_summed",
    "from_last_year_to_date", "last_year_is_the_same_months", "lengths_of_day", "like",
    "minutes_per_booking", "printed_in_two_ways", "signal", "span_of_wait", "to_date_is_may", "trondheim",
]  # fmt: skip
