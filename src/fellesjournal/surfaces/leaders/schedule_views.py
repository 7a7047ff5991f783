"""The schedule dashboard of a unit, and a published one held against itself."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from fellesjournal.access.directory.units import tree
from fellesjournal.access.policy.areas import Area
from fellesjournal.access.policy.roles import role_of
from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation import clock
from fellesjournal.foundation.ui.sparkline import sparkline
from fellesjournal.leadership.documents.settings import values_on
from fellesjournal.leadership.figures.audit.tables import Pasted
from fellesjournal.leadership.figures.audit.verdicts import Judged, Verdict
from fellesjournal.leadership.figures.durations import written
from fellesjournal.leadership.figures.periods import Period, month_of, previous
from fellesjournal.leadership.indicators.schedule import reading, source
from fellesjournal.leadership.indicators.schedule.assumptions import FEWEST_CLINICIANS, HORIZON
from fellesjournal.leadership.indicators.schedule.dashboard import (
    TALLIED,
    Compared,
    Dashboard,
    Month,
    Signal,
    dashboard,
    span,
)
from fellesjournal.leadership.indicators.schedule.tallies import Key
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders import schedule_words as words
from fellesjournal.surfaces.leaders.amounts import percent, plain
from fellesjournal.surfaces.leaders.audit_views import verdicts
from fellesjournal.surfaces.leaders.pages import leading, page

_MONTHS = 6


@require_GET
@for_duty(Duty.SEE_FIGURES)
def schedules(request: HttpRequest) -> HttpResponse:
    """One unit and month: ``?unit=`` an id of one's own or below, ``?month=2026-11``, ``?as=csv``."""
    session = leading(request)
    if not _may_see(session):
        return page(request, "leaders/schedules.html", {"is_closed": True})
    own = tree(session)
    chosen = next((each for each in own if each.id == request.GET.get("unit", own[0].id)), None)
    if chosen is None:
        raise NotFound("there is no such page")
    month = _month(request.GET.get("month", ""))
    context: dict[str, Any] = {
        "unit": chosen, "units": own, "month": month.start, "month_key": f"{month.start:%Y-%m}",
        "before": previous(month).start, "after": month.end if month.end <= clock.today() else None,
        "is_ready": reading.is_ready(session),
    }  # fmt: skip
    if context["is_ready"]:
        now, settings = clock.now(), values_on(session, [HORIZON, FEWEST_CLINICIANS], clock.today())
        day = min(month.end - timedelta(days=1), clock.today())
        found = reading.diaries(session, chosen.reference, span(day, now, _MONTHS))
        if found:
            made = dashboard(found, day, now, shown=_MONTHS, horizon=int(settings[HORIZON.key]))
            if request.GET.get("as") == "csv":
                return _csv(chosen.reference, made)
            is_nearest = chosen.reference == session.unit
            fewest = int(settings[FEWEST_CLINICIANS.key])
            context |= _shown(made) | {"shows_each": is_nearest or made.clinicians >= fewest}
    return page(request, "leaders/schedules.html", context)


@require_GET
@for_duty(Duty.SEE_FIGURES)
def schedule_example(request: HttpRequest) -> HttpResponse:
    """A published dashboard as it was printed, and what its digits say of each other."""
    found = source.trondheim()
    of_columns = source.from_last_month() + source.from_last_year_to_date()
    compared = verdicts(found.compared, of_columns, found.names)
    context = {
        "source": found,
        "compared": compared,
        "by_month": _lines(found.by_month, found.names),
        "signal": words.signal(*source.signal()),
        "unused": _lines(found.unused, {key: str(text) for key, text in words.UNUSED.items()}),
        "checks": _checks(),
    }
    return page(request, "leaders/schedule_example.html", context)


def _may_see(session: Session) -> bool:
    """Whether her role sees when people can be booked: that of a leader of a unit does."""
    role = role_of(session.role)
    return role is not None and bool(role.open_see & Area.SCHEDULES)


def _month(asked: str) -> Period:
    today = clock.today()
    try:
        first = date.fromisoformat(f"{asked}-01")
    except ValueError:
        first = today
    return month_of(first if date(2000, 1, 1) <= first <= today else today)


def _shown(made: Dashboard) -> dict[str, Any]:
    last = made.months[-1]
    so_far = made.parts.so_far
    return {
        "months": made.months,
        "rows": [_row(key, made.months) for key in TALLIED] + [_wait_row(made.months)],
        "unused": [
            (plain(each.unused), written(each.unused_minutes)) for each in made.months
        ],
        "compared": [_compared(each) for each in made.compared],
        "kinds": [
            (words.kind(each.kind), [words.cell(key, each.values[key]) for key in TALLIED], words.days(each.wait))
            for each in made.kinds
        ],
        "waits": [(name, words.kind(kind), words.days(wait)) for name, kind, wait in made.waits],
        "keys": [str(words.KEYS[key]) for key in TALLIED],
        "formulas": [(str(words.KEYS[key]), str(text)) for key, text in words.FORMULAS.items()],
        "chart": _chart(made.signal),
        "is_over": last.is_over, "elapsed": percent_of(made.parts.elapsed),
        "last_day": so_far.end - timedelta(days=1), "like_last_day": made.parts.like.end - timedelta(days=1),
        "like_start": made.parts.like.start, "year": made.parts.year, "year_before": made.parts.year_before,
        "flags": [
            (str(words.KEYS[key]), each.period.start, str(words.FLAGS[flag]))
            for each in made.months for key in TALLIED for flag in each.values[key].flags
        ],
    }  # fmt: skip


def _chart(found: Signal | None) -> dict[str, Any] | None:
    """The control chart of completed appointments: its curve between its limits, and what it says."""
    if found is None:
        return None
    points = [
        (float(each.start.toordinal()), value)
        for each, value in zip(found.months, found.values, strict=True)
    ]
    curve = sparkline([points], low=found.chart.low, high=found.chart.high, width=600, height=140)
    return {"curve": curve, "said": words.signal(found.chart, found.outside)}


def percent_of(share: float) -> str:
    """A share of time in whole percent."""
    return f"{plain(share * 100)}\N{NO-BREAK SPACE}%"


def _row(key: Key, months: tuple[Month, ...]) -> dict[str, Any]:
    return {
        "name": str(words.KEYS[key]),
        "cells": [
            {
                "text": words.cell(key, each.values[key]), "counted": words.counted(each.values[key]),
                "is_flagged": bool(each.values[key].flags), "month": each,
            }
            for each in months
        ],
    }  # fmt: skip


def _wait_row(months: tuple[Month, ...]) -> dict[str, Any]:
    cells = [
        {"text": words.days(each.wait), "counted": "", "is_flagged": False, "month": each}
        for each in months
    ]
    return {"name": gettext("Third next available time, days"), "cells": cells}


def _compared(each: Compared) -> dict[str, str]:
    key = each.key
    return {
        "name": str(words.KEYS[key]), "now": words.cell(key, each.now),
        "before": words.cell(key, each.before), "from_before": words.change(each.from_before),
        "like": words.cell(key, each.like), "from_like": words.change(each.from_like),
        "year": words.cell(key, each.year), "year_before": words.cell(key, each.year_before),
        "from_year_before": words.change(each.from_year_before),
    }  # fmt: skip


def _lines(table: Pasted, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "columns": table.columns,
        "lines": [
            (names.get(row, row), [(column, cell.text or "–") for column, cell in line])
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


def _csv(unit: str, made: Dashboard) -> HttpResponse:
    """The months as they stand on the page: what is held back there is so here."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="schedules.csv"'
    writer: Any = csv.writer(answer, delimiter=";")
    writer.writerow(
        ["unit", "month", "whole_month", "key", "value", "numerator", "denominator", "flags"]
    )
    for month in made.months:
        for key in TALLIED:
            cell = month.values[key]
            shown = (
                "suppressed"
                if cell.is_hidden
                else ""
                if cell.ratio.value is None
                else float(cell.ratio.value)
            )
            top, below = ("", "") if cell.of is None or cell.is_hidden else cell.of
            writer.writerow([
                unit, f"{month.period.start:%Y-%m}", "yes" if month.is_over else "no", key.value, shown, top,
                below, " ".join(cell.flags),
            ])  # fmt: skip
        writer.writerow([
            unit, f"{month.period.start:%Y-%m}", "yes" if month.is_over else "no", Key.APPOINTMENT_WAIT.value,
            "" if month.wait is None else f">{month.wait.days}" if month.wait.is_censored else month.wait.days,
            "", "", "",
        ])  # fmt: skip
    return answer
