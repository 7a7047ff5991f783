"""Who hands over to whom on paper: the pairs of the page, in its words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext

from fellesjournal.foundation.exports.tables import Cell, Column, Sheet, Table
from fellesjournal.foundation.ui.templatetags.ui import written
from fellesjournal.leadership.indicators.asking import Asked
from fellesjournal.surfaces.leaders.files import page_of
from fellesjournal.surfaces.leaders.pair_words import Cell as Pair


def sheet(asked: Asked, cut: datetime, shown: Mapping[str, Any]) -> Sheet:
    """The pairs of one's own organisation. ``shown``: what the page's template reads."""
    beside = [
        *([gettext("Silent failures")] if shown["has_silent"] else []),
        *([gettext("Both ends on the platform")] if shown["has_coverage"] else []),
    ]
    columns = (
        Column(gettext("From"), width=1.4),
        Column(gettext("To"), width=1.4),
        Column(gettext("Value")),
        Column(gettext("Counted")),
        *(Column(each, width=1.2) for each in beside),
    )
    rows = tuple(
        (Cell(sender), Cell(receiver), *_cells(cell, shown))
        for sender, receiver, cell in shown["rows"]
    )
    found, whom = asked.definition, gettext("Who hands over to whom")
    title = f"{whom}: {shown['title']}"
    until = gettext("Counted until %(until)s.") % {"until": written(localtime(cut), "j. F Y H:i")}
    version = gettext("definition %(version)s, %(hash)s") % {
        "version": found.version, "hash": found.hash,
    }  # fmt: skip
    start = written(asked.period.start, "j. F Y")
    end = written(asked.period.end - timedelta(days=1), "j. F Y")
    return Sheet(
        title=title, lang=get_language() or "nb", day=localtime(cut).date(),
        facts=(
            (gettext("Indicator"), f"{asked.indicator.id}, {version}"),
            (gettext("Organisation"), shown["own"]),
            (gettext("Period"), gettext("%(start)s to %(end)s") % {"start": start, "end": end}),
            (gettext("Made"), until),
            (
                gettext("Who may read"),
                gettext("Leaders whose role sees figures. No record is opened."),
            ),
        ),
        tables=(Table(columns, rows),) if rows else (),
        foot=f"{title} · {shown['own']} · {until}",
        page_of=page_of(),
        notes=tuple(_notes(shown)),
    )  # fmt: skip


def _cells(cell: Pair, shown: Mapping[str, Any]) -> Iterable[Cell]:
    since = gettext("as of %(since)s: few are new") % {"since": cell.carried}
    yield Cell(
        cell.value or cell.why_not, (since,) if cell.carried else (),
        is_held_back=cell.is_held_back, is_strong=bool(cell.value),
    )  # fmt: skip
    yield Cell(cell.counts or "–")
    if shown["has_silent"]:
        yield Cell(cell.silent or "–")
    if shown["has_coverage"]:
        yield Cell(cell.coverage or "–")


def _notes(shown: Mapping[str, Any]) -> Iterable[str]:
    if shown["finding"]:
        yield shown["finding"]
    if not shown["rows"]:
        yield gettext("Nothing in this month.")


__all__ = ["sheet"]
