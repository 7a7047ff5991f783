"""An indicator on paper: the table by unit, and the one-pager with the figure of one's own unit.

Both are written of the same :class:`Look` as the page and in its words, so that nothing stands on paper
that the page holds back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext

from fellesjournal.foundation.exports.pdf import pdf
from fellesjournal.foundation.exports.tables import (
    Cell,
    Column,
    Sheet,
    Table,
    as_data,
    day_parts,
)
from fellesjournal.foundation.ui.templatetags.ui import written
from fellesjournal.leadership.figures.result import Status
from fellesjournal.leadership.indicators.asking import Side
from fellesjournal.leadership.indicators.definition import Indicator
from fellesjournal.surfaces.leaders.files import page_of
from fellesjournal.surfaces.leaders.indicator_drawing import drawn
from fellesjournal.surfaces.leaders.indicator_words import (
    Look,
    Shown,
    counting,
    interval_word,
    one_pager,
    said,
    value_of,
)

_TEMPLATE = Path(__file__).with_name("indicator_paper.typ")
_NONE = "–"


def sheet(look: Look) -> Sheet:
    """The table by unit, as it stands on the page, with what its panels tell."""
    columns = (
        Column(gettext("Unit"), width=1.6),
        Column(gettext("Value"), width=1.1),
        Column(interval_word(), width=1),
        Column(gettext("Counted"), width=0.8),
        Column(gettext("How it came about"), width=4),
    )
    rows = tuple(
        (
            Cell(unit.name, depth=unit.depth),
            *_figure(each, is_strong=True),
            Cell(_NONE) if not each.value else Cell("", ("; ".join(_beside(each)),)),
        )
        for unit, each in look.rows
    )
    return Sheet(
        title=_title(look), lang=_language(), day=_day(look), page_of=page_of(), foot=_foot(look),
        facts=(
            (gettext("Indicator"), look.asked.indicator.id),
            (gettext("Unit"), look.unit.name),
            *_side(look),
            *_provenance(look),
        ),
        tables=(Table(columns, rows),) if rows else (),
        notes=() if rows else (_not_yet(),),
    )  # fmt: skip


def paper(look: Look) -> bytes:
    """The one-pager as PDF, A4 upright: what it is, the figure and its course, how it is counted, and
    where it comes from.
    """
    own = look.over_time[-1] if look.over_time else None
    indicator = look.asked.indicator
    return pdf(
        _TEMPLATE,
        {
            "title": _title(look), "lang": _language(), "day": day_parts(_day(look)),
            "foot": _foot(look), "page_of": list(page_of()),
            "what": [list(each) for each in one_pager(indicator)],
            "of": [look.unit.name, *(text for _, text in _side(look)), _period(look)],
            "own": None if own is None else _own(own),
            "not_yet": "" if own else _not_yet(),
            "course": None if own is None else _course(look),
            "counting": _counting(indicator),
            "provenance": [list(each) for each in _provenance(look)],
            "words": {
                "interval": interval_word(), "counted": gettext("Counted"),
                "course": gettext("Over time"), "what": gettext("What it is"),
                "how": gettext("How it is counted"), "from": gettext("Where it comes from"),
            },
        },
    )  # fmt: skip


def _counting(indicator: Indicator) -> list[list[str]]:
    """All but the source, which stands with where the figure comes from; what has one name in one line."""
    found: dict[str, list[str]] = {}
    for name, text, _ in counting(indicator):
        if name != gettext("Source"):
            found.setdefault(name, []).append(text)
    return [[name, "; ".join(texts)] for name, texts in found.items()]


def _own(own: Shown) -> Mapping[str, Any]:
    return {
        "value": own.value or own.why_not,
        "held": not own.value,
        "carried": _carried(own),
        "interval": own.interval or _NONE,
        "counts": own.counts or _NONE,
        "beside": list(_beside(own)) if own.value else [],
    }


def _course(look: Look) -> Mapping[str, Any]:
    """The course as a table, and the drawing of it when there is something to draw."""
    table = Table(
        (
            Column(gettext("Period"), width=1.5),
            Column(gettext("Value"), width=1.3),
            Column(interval_word(), width=1.35),
            Column(gettext("Counted"), width=1.1),
        ),
        tuple((_when(look, each), *_figure(each, is_strong=False)) for each in look.over_time),
    )
    return {"table": as_data(table), "drawing": _drawing(look)}


def _drawing(look: Look) -> Mapping[str, Any] | None:
    found = drawn([each.figure for each in look.over_time], look.asked.indicator.unit)
    if found is None:
        return None
    names = [written(each.figure.period.start, "j.n.") for each in look.over_time]
    return {
        "slots": [
            {
                "x": slot.x, "y": slot.y, "low": slot.low, "high": slot.high, "name": name,
                "held": slot.is_held_back, "over": slot.is_over,
            }
            for slot, name in zip(found.slots, names, strict=True)
        ],
        "marks": [
            {"y": y, "text": value_of(look.asked.indicator, value)} for y, value in found.marks
        ],
        "lines": [list(each) for each in found.lines],
        "half": found.half,
        "alt": _aloud(look),
        "key": _key(look),
    }  # fmt: skip


def _aloud(look: Look) -> str:
    """What the drawing shows, for who does not see it."""
    course = "; ".join(
        f"{written(each.figure.period.start, 'j. F Y')}: {each.value or each.why_not}"
        for each in look.over_time
    )
    return f"{_title(look)}. {course}"


def _key(look: Look) -> str:
    """How the drawing is read: of the marks that it has."""
    figures = [each.figure for each in look.over_time]
    signs = {
        gettext("bar: %(what)s") % {"what": interval_word()}: any(
            each.interval for each in figures
        ),
        gettext("open dot: not over"): any(
            not each.is_complete and each.value is not None for each in figures
        ),
        gettext("hatched: held back"): any(each.status is Status.SUPPRESSED for each in figures),
    }
    return "; ".join(
        [gettext("Dot: value"), *(sign for sign, is_there in signs.items() if is_there)]
    )


def _when(look: Look, each: Shown) -> Cell:
    first = each.figure.period.start
    of_days = look.asked.indicator.window_days
    start = written(first, "j. F Y") if of_days else capfirst(date_format(first, "F Y"))
    return Cell(start, () if each.figure.is_complete else (gettext("so far"),))


def _figure(each: Shown, *, is_strong: bool) -> tuple[Cell, Cell, Cell]:
    """Value, interval and counts, as the page has them."""
    is_held = each.figure.status is Status.SUPPRESSED
    carried = _carried(each)
    return (
        Cell(
            each.value or each.why_not, (carried,) if carried else (),
            is_held_back=is_held, is_strong=is_strong and bool(each.value),
        ),
        Cell(each.interval or _NONE, is_held_back=is_held),
        Cell(each.counts or _NONE, is_held_back=is_held),
    )  # fmt: skip


def _carried(each: Shown) -> str:
    if not each.carried:
        return ""
    return gettext("as of %(since)s: few are new") % {"since": each.carried}


def _beside(each: Shown) -> tuple[str, ...]:
    left_out = gettext("Left out")
    return (
        *(f"{name}: {value}" for name, value in each.companions),
        *(f"{left_out}: {name}: {count}" for name, count in each.excluded),
    )


def _title(look: Look) -> str:
    return said(look.asked.indicator.titles)


def _language() -> str:
    return get_language() or "nb"


def _day(look: Look) -> date:
    """The day of what was recorded last; of a figure that is not there yet, the last of its period."""
    return localtime(look.cut).date() if look.cut else look.asked.period.end - timedelta(days=1)


def _foot(look: Look) -> str:
    parts = [f"{_title(look)} ({look.asked.indicator.id})", look.unit.name]
    if look.cut:
        until = {"until": written(localtime(look.cut), "j. F Y H:i")}
        parts.append(gettext("Counted until %(until)s.") % until)
    return " · ".join(parts)


def _side(look: Look) -> tuple[tuple[str, str], ...]:
    if not look.asked.indicator.has_sides:
        return ()
    came = look.asked.side is Side.TO
    return (
        (gettext("Which end"), gettext("What comes to us") if came else gettext("What we send")),
    )


def _period(look: Look) -> str:
    period = look.asked.period
    start = written(period.start, "j. F Y")
    end = written(period.end - timedelta(days=1), "j. F Y")
    if look.cut is None:
        return gettext("%(start)s to %(end)s") % {"start": start, "end": end}
    return gettext("%(start)s to %(end)s, of what was recorded until %(cut)s.") % {
        "start": start, "end": end, "cut": written(localtime(look.cut), "j. F Y H:i"),
    }  # fmt: skip


def _provenance(look: Look) -> list[tuple[str, str]]:
    """Where a figure comes from: source, period, definition as it was counted by, when, and for whom."""
    asked = look.asked
    figure = look.over_time[-1].figure if look.over_time else None
    lines = [(gettext("Source"), said(asked.indicator.source)), (gettext("Period"), _period(look))]
    if figure is not None:
        whole = gettext("whole")
        open_ = gettext("not over; never compared with a whole one")
        lines.append((gettext("Whole or not"), whole if figure.is_complete else open_))
    lines.append((gettext("Definition"), f"{asked.definition.version}, {asked.definition.hash}"))
    if look.cut:
        lines.append((gettext("Made"), written(localtime(look.cut), "j. F Y H:i")))
    readers = gettext(
        "Leaders whose role sees figures, at %(unit)s and above. No record is opened."
    )
    lines.append((gettext("Who may read"), readers % {"unit": look.unit.name}))
    return [(name, text) for name, text in lines if text]


def _not_yet() -> str:
    return gettext("Being counted for the first time. Come back in a minute.")


__all__ = ["paper", "sheet"]
