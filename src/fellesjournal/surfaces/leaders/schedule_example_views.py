"""A published dashboard as it was printed, held against itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from fellesjournal.access.policy.rules import Duty
from fellesjournal.leadership.figures.audit.tables import Pasted
from fellesjournal.leadership.figures.audit.verdicts import Judged, Verdict
from fellesjournal.leadership.indicators.schedule import source
from fellesjournal.leadership.indicators.schedule.tallies import Key
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders import schedule_words as words
from fellesjournal.surfaces.leaders.amounts import percent, plain
from fellesjournal.surfaces.leaders.audit_views import verdicts
from fellesjournal.surfaces.leaders.pages import page


@require_GET
@for_duty(Duty.SEE_FIGURES)
def schedule_example(request: HttpRequest) -> HttpResponse:
    """A published dashboard as it was printed, and what its digits say of each other."""
    found = source.trondheim()
    of_columns = source.from_last_month() + source.from_last_year_to_date()
    columns = {key: str(name) for key, name in words.COLUMNS.items()}
    compared = verdicts(found.compared, of_columns, {**found.names, **columns})
    context = {
        "source": found,
        "compared": compared,
        "by_month": _lines(found.by_month, found.names),
        "signal": words.signal(*source.signal()),
        "unused": _lines(found.unused, {key: str(text) for key, text in words.UNUSED.items()}),
        "checks": _checks(),
        "classified": [
            (each, ", ".join(str(words.FLAGS[flag]) for flag in each.flags))
            for each in found.classified
        ],
    }
    return page(request, "leaders/schedule_example.html", context)


def _lines(table: Pasted, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "columns": [words.COLUMNS.get(each, each) for each in table.columns],
        "lines": [
            (
                names.get(row, row),
                [(words.COLUMNS.get(column, column), cell.text or "–") for column, cell in line],
            )
            for row, cells in zip(table.rows, table.cells, strict=True)
            if (line := list(zip(table.columns, cells, strict=True)))
        ],
    }


def _checks() -> list[dict[str, str]]:
    """The checks of the whole, each with its verdict."""
    found = source.trondheim()
    minutes, is_stable = source.minutes_per_booking()
    hours = source.lengths_of_day()
    summed = gettext(
        "The sums of January to May give the printed changes: a year to date is printed beside a"
        " month to date."
    )
    stable = gettext("%(low)s to %(high)s: stable")
    flagged = source.flags()
    return [
        _check(gettext("Length of a day"), is_so=hours == (24,), said=gettext(
            "24 hours: with days of 8 hours the change of lost time does not come out")),
        _check(gettext("Month to date is May"), is_so=_all(source.to_date_is_may()), said=gettext(
            "six rows")),
        _check(gettext("Change from last year, of January to May"),
               is_so=_all(source.from_last_year_summed()), said=summed),
        {
            "name": gettext("What last year is"),
            "verdict": source.last_year_is_the_same_months().value,
            "said": gettext("January to May 2021 or all of 2021: no digit tells"),
        },
        _check(gettext("One quantity printed in two ways"),
               is_so=source.printed_in_two_ways() is Verdict.CONSISTENT,
               said=gettext("“<1 %” in one table is “0 %” in the other")),
        _check(gettext("Minutes of each unused booking"), is_so=is_stable,
               said=stable % {"low": plain(min(minutes), 2), "high": plain(max(minutes), 2)}),
        _check(gettext("Month to date against a whole month"), is_so=False, said=_like_for_like(found)),
        _check(gettext("Use of the schedule near 1 %"), is_so=not flagged,
               said=", ".join(str(words.FLAGS[each]) for each in flagged)),
    ]  # fmt: skip


def _like_for_like(found: source.Source) -> str:
    """What May so far is against the same share of April, beside what was printed."""
    said = gettext(
        "%(share)s of May had passed, by unused bookings. Like for like, completed appointments are"
        " %(completed)s and time lost %(lost)s, not %(printed)s and %(printed_lost)s."
    )
    cells = {
        "completed": source.like(Key.COMPLETED), "lost": source.like(Key.NO_SHOW_TIME),
    }  # fmt: skip
    return said % {
        "share": percent(source.elapsed_share()),
        "completed": words.change(cells["completed"]),
        "lost": words.change(cells["lost"]),
        "printed": found.compared.cell(Key.COMPLETED, "change").text,
        "printed_lost": found.compared.cell(Key.NO_SHOW_TIME, "change").text,
    }


def _check(name: str, *, is_so: bool, said: str) -> dict[str, str]:
    verdict = Verdict.CONSISTENT if is_so else Verdict.INCONSISTENT
    return {"name": name, "verdict": verdict.value, "said": said}


def _all(found: list[Judged]) -> bool:
    return all(each.verdict is Verdict.CONSISTENT for each in found)
