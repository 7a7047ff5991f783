"""Action plans from tables: a line for each item, semicolons between cells, a first line of names.

What a cell says is kept; what can't be read is told with its line, and nothing is guessed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fellesjournal.leadership.decisions.action_plans import ActionItem

COLUMNS = (
    "no", "title", "goal", "deadline", "responsible", "priority", "status", "depends on",
)  # fmt: skip
_OTHER_NAMES = {
    "nr": "no", "tittel": "title", "tiltak": "title", "mål": "goal", "frist": "deadline",
    "ansvarlig": "responsible", "ansvarleg": "responsible", "prioritet": "priority",
    "avhengig av": "depends on",
}  # fmt: skip
MOST_LINES = 2_000


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that could not be read: its number, which column, what it says."""

    line: int
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """Items in their order, and what could not be read. With anything unread nothing is kept."""

    items: tuple[ActionItem, ...]
    unread: tuple[Unread, ...]


def read_table(text: str) -> ReadPlan:
    """The items of a table. Empty lines are passed over; a status is text until somebody says what
    it means (``action_plans.read``).
    """
    lines = "\n".join(text.strip().lstrip("\ufeff").splitlines())
    try:
        rows = list(csv.reader(io.StringIO(lines), delimiter=";"))
    except csv.Error:  # a cell without end
        return ReadPlan((), (Unread(1, "", ""),))
    if not rows or len(rows) > MOST_LINES:
        return ReadPlan((), (Unread(1, "", "" if not rows else str(len(rows))),))
    names = [_column(name) for name in rows[0]]
    if missing := {"no", "title"} - set(names):
        return ReadPlan((), tuple(Unread(1, name, "") for name in sorted(missing)))
    items: list[ActionItem] = []
    unread: list[Unread] = []
    for place, row in enumerate(rows[1:], 2):
        cells = {name: cell.strip() for name, cell in zip(names, row, strict=False) if name}
        if any(cells.values()):
            found = _item(cells, place)
            if isinstance(found, Unread):
                unread.append(found)
            else:
                items.append(found)
    return ReadPlan(tuple(items), tuple(unread))


def _item(cells: Mapping[str, str], line: int) -> ActionItem | Unread:
    for column in ("no", "title"):
        if not cells.get(column):
            return Unread(line, column, "")
    deadline = _day(cells.get("deadline", ""))
    if isinstance(deadline, str):
        return Unread(line, "deadline", deadline)
    priority = cells.get("priority", "").strip("-\N{EN DASH} ")
    if priority and priority not in {"1", "2", "3", "4"}:
        return Unread(line, "priority", priority)
    depends = tuple(filter(None, (each.strip() for each in cells.get("depends on", "").split(","))))
    return ActionItem(
        cells["no"], cells["title"], goal=cells.get("goal", ""), deadline=deadline,
        responsible=cells.get("responsible", ""), priority=int(priority) if priority else None,
        status_text=cells.get("status", ""), depends_on=depends,
    )  # fmt: skip


def _day(text: str) -> date | str | None:
    """The day, None for nothing said, the text itself for what is no day."""
    if not text:
        return None
    parts = text.split(".")
    written = "-".join(reversed(parts)) if len(parts) == 3 else text
    try:
        year, month, day = (int(part) for part in written.split("-"))
        return date(year, month, day)
    except ValueError:
        return text


def _column(name: str) -> str:
    plain = " ".join(name.lower().split())
    found = _OTHER_NAMES.get(plain, plain)
    return found if found in COLUMNS else ""


__all__ = ["COLUMNS", "MOST_LINES", "ReadPlan", "Unread", "read_table"]
