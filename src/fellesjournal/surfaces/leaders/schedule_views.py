"""The schedule dashboard of a unit, and why its flagged figures are what they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from fellesjournal.access.directory.units import tree
from fellesjournal.access.policy.areas import Area
from fellesjournal.access.policy.roles import role_of
from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound, PreconditionFailed, Unprocessable
from fellesjournal.foundation import clock
from fellesjournal.foundation.ui.sparkline import sparkline
from fellesjournal.leadership.documents.settings import values_on
from fellesjournal.leadership.figures.durations import written
from fellesjournal.leadership.figures.periods import Period, month_of, previous
from fellesjournal.leadership.indicators.schedule import causes, reading
from fellesjournal.leadership.indicators.schedule.assumptions import FEWEST_CLINICIANS, HORIZON
from fellesjournal.leadership.indicators.schedule.dashboard import (
    TALLIED,
    Compared,
    Dashboard,
    Month,
    Signal,
    span,
)
from fellesjournal.leadership.indicators.schedule.flags import Flag
from fellesjournal.leadership.indicators.schedule.showing import shown
from fellesjournal.leadership.indicators.schedule.tallies import Key
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders import schedule_words as words
from fellesjournal.surfaces.leaders.amounts import plain
from fellesjournal.surfaces.leaders.files import as_file, asked_for
from fellesjournal.surfaces.leaders.pages import leading, page
from fellesjournal.surfaces.leaders.schedule_paper import sheet

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
        "cut": reading.seen_until(session), "definition": reading.definition(),
    }  # fmt: skip
    if context["cut"] is not None:
        now, settings = clock.now(), values_on(session, [HORIZON, FEWEST_CLINICIANS], clock.today())
        day = min(month.end - timedelta(days=1), clock.today())
        found = reading.diaries(session, chosen.reference, span(day, now, _MONTHS))
        if found:
            horizon = int(settings[HORIZON.key])
            made = shown(session, chosen, found, day, now, months=_MONTHS, horizon=horizon)
            # without a flag there is no cause to ask for
            said, version = (
                causes.stated(session, chosen.id) if _is_flagged(made) else (causes.Causes(), 0)
            )
            words_of = _shown(made) | _flagged(made, said)
            if kind := asked_for(request):
                rows, cut = _table(chosen.reference, made, said), context["cut"]
                return as_file(kind, "schedules", rows, lambda: sheet(chosen, cut, words_of))
            is_nearest = chosen.reference == session.unit
            fewest = int(settings[FEWEST_CLINICIANS.key])
            context |= words_of | {
                "shows_each": is_nearest or made.clinicians >= fewest, "version": version,
                "longest": causes.LONGEST,
            }  # fmt: skip
    return page(request, "leaders/schedules.html", context)


@require_POST
@for_duty(Duty.SEE_FIGURES)
def schedule_cause(request: HttpRequest, unit_id: str) -> HttpResponse:
    """State why a flagged figure is what it is: ``flagged`` as the page's form has it."""
    session = leading(request)
    if not _may_see(session):
        raise NotFound("there is no such page")
    month, _, rest = request.POST.get("flagged", "").partition("|")
    key, _, flag = rest.partition("|")
    back = f"{reverse('leaders-schedules')}?{urlencode({'unit': unit_id, 'month': month[:7]})}"
    try:
        cause = causes.Cause(
            date.fromisoformat(month), Key(key), Flag(flag), request.POST.get("said", "").strip()
        )
        seen = int(request.POST.get("version", ""))
    except ValueError:
        raise NotFound("there is no such figure") from None
    try:
        causes.state(session, unit_id, cause, seen=seen)
    except Unprocessable:
        messages.error(request, gettext("Say why, in at most 500 characters."))
    except PreconditionFailed:
        messages.warning(
            request,
            gettext("Somebody else has changed this meanwhile. Look at it, then save again."),
        )
    else:
        messages.success(request, gettext("Saved."))
    return redirect(back)


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
    }  # fmt: skip


def _is_flagged(made: Dashboard) -> bool:
    return any(cell.flags for each in made.months for cell in each.values.values())


def _flagged(made: Dashboard, said: causes.Causes) -> dict[str, Any]:
    """Each figure that needs a cause, with the one that is stated."""
    return {
        "flags": [
            {
                "name": str(words.KEYS[key]),
                "month": each.period.start,
                "why": str(words.FLAGS[flag]),
                "cause": said.of(each.period.start, key, flag),
                "value": f"{each.period.start}|{key}|{flag}",
            }
            for each in made.months
            for key in TALLIED
            for flag in each.values[key].flags
        ]
    }


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
                "is_hidden": each.values[key].is_hidden,
            }
            for each in months
        ],
    }  # fmt: skip


def _wait_row(months: tuple[Month, ...]) -> dict[str, Any]:
    cells = [
        {
            "text": words.days(each.wait),
            "counted": "",
            "is_flagged": False,
            "is_hidden": False,
            "month": each,
        }
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


def _table(unit: str, made: Dashboard, said: causes.Causes) -> list[Sequence[object]]:
    """The months as they stand on the page: what is held back there is so here."""
    rows: list[Sequence[object]] = [
        [
            "unit",
            "month",
            "whole_month",
            "key",
            "value",
            "numerator",
            "denominator",
            "flags",
            "causes",
            "carried",
        ]
    ]
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
            rows.append([
                unit, f"{month.period.start:%Y-%m}", "yes" if month.is_over else "no", key.value, shown, top,
                below, " ".join(cell.flags),
                " / ".join(filter(None, (said.of(month.period.start, key, each) for each in cell.flags))),
                "yes" if cell.is_carried else "no",
            ])  # fmt: skip
        rows.append([
            unit, f"{month.period.start:%Y-%m}", "yes" if month.is_over else "no", Key.APPOINTMENT_WAIT.value,
            "" if month.wait is None else f">{month.wait.days}" if month.wait.is_censored else month.wait.days,
            "", "", "", "", "no",
        ])  # fmt: skip
    return rows
