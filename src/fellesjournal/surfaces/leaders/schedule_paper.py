"""The schedule dashboard on paper: its months, of the same words as on the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.dateformat import format as formatted
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext

from fellesjournal.access.directory.units import Unit
from fellesjournal.foundation.exports.tables import Cell, Column, Sheet, Table
from fellesjournal.foundation.ui.templatetags.ui import written
from fellesjournal.leadership.indicators.schedule.dashboard import Month
from fellesjournal.leadership.indicators.schedule.reading import definition
from fellesjournal.surfaces.leaders.files import page_of


def sheet(unit: Unit, cut: datetime, shown: Mapping[str, Any]) -> Sheet:
    """The months of a unit. ``shown``: what the page's template reads."""
    months: Sequence[Month] = shown["months"]
    columns = (
        Column(gettext("Row"), width=1.7),
        *(Column(_month(each), is_number=True) for each in months),
    )
    unused = (
        Cell(gettext("Unused openings")),
        *(Cell(count, (time,)) for count, time in shown["unused"]),
    )
    rows = tuple((Cell(row["name"]), *map(_cell, row["cells"])) for row in shown["rows"])
    found, title = definition(), gettext("Schedules")
    until = gettext("Counted until %(until)s.") % {"until": written(localtime(cut), "j. F Y H:i")}
    version = gettext("definition %(version)s, %(hash)s") % {
        "version": found.version, "hash": found.hash,
    }  # fmt: skip
    start = written(months[0].period.start, "j. F Y")
    end = written(months[-1].period.end - timedelta(days=1), "j. F Y")
    return Sheet(
        title=title,
        lang=get_language() or "nb",
        day=localtime(cut).date(),
        facts=(
            (gettext("Unit"), unit.name),
            (gettext("Period"), gettext("%(start)s to %(end)s") % {"start": start, "end": end}),
            (gettext("Made"), f"{until} {version}"),
            (
                gettext("Who may read"),
                gettext("Leaders of units, at %(unit)s and above. No record is opened.")
                % {"unit": unit.name},
            ),
        ),
        tables=(Table(columns, (*rows, unused), gettext("By month")),),
        foot=f"{title} · {unit.name} · {until}",
        page_of=page_of(),
        notes=tuple(_notes(shown["flags"])),
    )


def _month(each: Month) -> str:
    name = formatted(each.period.start, "M Y")
    so_far = gettext("so far")
    return name if each.is_over else f"{name} {so_far}"


def _cell(found: Mapping[str, Any]) -> Cell:
    flagged = gettext("flagged") if found["is_flagged"] else ""
    lines = tuple(filter(None, [flagged, found["counted"]]))
    return Cell(found["text"], lines, is_held_back=found["is_hidden"])


def _notes(flags: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is to be explained before anybody steers by it, and the causes that are stated."""
    if not flags:
        return []
    lines = [gettext("To be explained before anybody steers by it:")]
    cause, none = gettext("Cause"), gettext("No cause stated.")
    for each in flags:
        month = formatted(each["month"], "F Y")
        stated = f"{cause}: {each['cause']}" if each["cause"] else none
        lines.append(f"{each['name']}, {month}: {each['why']}. {stated}")
    return lines


__all__ = ["sheet"]
