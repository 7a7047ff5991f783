"""The worksheet as a workbook: out and in without loss, and each fault with its sheet, row and column.

A number goes out as a number when that keeps every digit, otherwise as a fraction in text (1/3). Texts are
never formulas. The heading of a column is read in every language the platform speaks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from io import BytesIO
from typing import Any

from django.conf import settings
from django.utils.translation import gettext, gettext_noop, override
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from fellesjournal.leadership.benefits.worksheet import Per, Row, ThreePoint
from fellesjournal.leadership.figures.workbooks import LARGEST_FILE, Unreadable, first_sheet

MOST_ROWS = 2000
LARGEST_NUMBER = 10**6
LONGEST = 500
"""Characters of a text."""
_SAFE_DIGITS = 15
"""A number of a workbook is a binary one and keeps so many digits."""
_ROW_ID = re.compile(r"[A-Za-z0-9_-]{1,60}")
_WIDE = 34
SHEET = gettext_noop("Worksheet")


@dataclass(frozen=True, slots=True)
class Fault:
    """What can't be read: where, what stands there, and why. ``row`` counts from 1 as the program that
    shows the workbook does; ``column`` is its letter and its heading; both are "" for the whole sheet.
    """

    sheet: str
    row: str
    column: str
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the part of a row it holds, its heading, and how it is read."""

    name: str
    heading: str
    read: Callable[[Any], Any]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        value = str(value)
    if not isinstance(value, str):
        raise ValueError(gettext_noop("This is no text."))  # noqa: TRY004 - faults of a cell are one kind
    text = value.replace("\r\n", "\n")
    if len(text) > LONGEST:
        raise ValueError(gettext_noop("The text is too long."))
    return text


def _needed(value: Any) -> str:
    text = _text(value)
    if not text.strip():
        raise ValueError(gettext_noop("Something must stand here."))
    return text


def _row_id(value: Any) -> str:
    text = _text(value).strip()
    if text and not _ROW_ID.fullmatch(text):
        raise ValueError(gettext_noop("This is no ID of a row."))
    return text


def _number(value: Any) -> Fraction:
    if value is None or value == "":
        raise ValueError(gettext_noop("A number must stand here."))
    if isinstance(value, bool):
        raise ValueError(gettext_noop("This is no number."))  # noqa: TRY004 - as above
    try:
        text = str(value).replace("\N{NO-BREAK SPACE}", "").replace(" ", "").replace(",", ".")
        found = Fraction(text) if "/" in text else Fraction(Decimal(text))
    except (ValueError, ArithmeticError, OverflowError):
        raise ValueError(gettext_noop("This is no number.")) from None
    if found < 0:
        raise ValueError(gettext_noop("A number below 0 can't stand here."))
    if found > LARGEST_NUMBER:
        raise ValueError(gettext_noop("The number is too large."))
    return found


def _whole(value: Any) -> int:
    found = _number(0 if value is None else value)
    if found.denominator != 1:
        raise ValueError(gettext_noop("This is no whole number."))
    return int(found)


PER_WORDS: Mapping[Per, str] = {
    Per.WEEK: gettext_noop("week"),
    Per.DAY: gettext_noop("day"),
    Per.YEAR: gettext_noop("year"),
}
YES, NO = gettext_noop("yes"), gettext_noop("no")


def _per(value: Any) -> Per:
    said = str(value or "").strip().casefold()
    for per, word in PER_WORDS.items():
        if said in _in_every_language(word):
            return per
    raise ValueError(gettext_noop("Write week, day or year."))


def _yes(value: Any) -> bool:
    said = str(value or "").strip().casefold()
    if not said or said in _in_every_language(NO):
        return False
    if said in _in_every_language(YES):
        return True
    raise ValueError(gettext_noop("Write yes or no."))


@cache
def _in_every_language(word: str) -> frozenset[str]:
    found = {word.casefold()}
    for code, _name in settings.LANGUAGES:
        with override(code):
            found.add(gettext(word).casefold())
    return frozenset(found)


COLUMNS = (
    Column("id", gettext_noop("Row ID (leave as it is; empty for a new row)"), _row_id),
    Column("version", gettext_noop("Version (leave as it is)"), _whole),
    Column("task", gettext_noop("Task"), _needed),
    Column("service_area", gettext_noop("Service"), _needed),
    Column("role", gettext_noop("Who does it"), _text),
    Column("minutes_now", gettext_noop("Minutes now"), _number),
    Column("low", gettext_noop("Minutes after, at least"), _number),
    Column("mode", gettext_noop("Minutes after, most likely"), _number),
    Column("high", gettext_noop("Minutes after, at most"), _number),
    Column("occurrences", gettext_noop("How often"), _number),
    Column("per", gettext_noop("Per"), _per),
    Column("weeks", gettext_noop("Weeks a year"), _number),
    Column("staff", gettext_noop("How many do it"), _number),
    Column("is_time_thief", gettext_noop("Time thief"), _yes),
    Column("depends_on", gettext_noop("Depends on functionality"), _text),
    Column("certainty", gettext_noop("How certain"), _text),
    Column("comment", gettext_noop("Comment"), _text),
    Column("claimed_by", gettext_noop("Already counted by"), _text),
)
"""Every part of a row: what a column lacks would be lost on the way."""


def written(rows: Sequence[tuple[Row, int]]) -> bytes:
    """A workbook of rows, each with the version it has now, in the language of the page."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # a new workbook has one
    sheet.title = gettext(SHEET)
    for place, column in enumerate(COLUMNS, 1):
        cell = sheet.cell(1, place, gettext(column.heading))
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        wide = column.name in {"task", "comment", "depends_on", "service_area"}
        sheet.column_dimensions[get_column_letter(place)].width = _WIDE if wide else _WIDE / 2
    for at, (row, version) in enumerate(rows, 2):
        for place, column in enumerate(COLUMNS, 1):
            _put(sheet.cell(at, place), _said(row, version, column.name))
    sheet.freeze_panes = "D2"
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def _said(row: Row, version: int, name: str) -> Any:
    if name == "version":
        return version
    if name == "per":
        return gettext(PER_WORDS[row.per])
    if name == "is_time_thief":
        return gettext(YES if row.is_time_thief else NO)
    if name in {"low", "mode", "high"}:
        return getattr(row.minutes_after, name)
    return getattr(row, name)


def _put(cell: Any, value: Any) -> None:
    if isinstance(value, Fraction):
        number = _as_number(value)
        value = str(value) if number is None else number
    if isinstance(value, str):
        if value:
            cell.value = value
            cell.data_type = "s"  # never a formula, whatever it begins with
    else:
        cell.value = value


def _as_number(value: Fraction) -> int | float | None:
    """A number that comes back as the same one; None when there is none."""
    if value.denominator == 1 and abs(value) < 10**_SAFE_DIGITS:
        return int(value)
    near = float(value)
    return near if Fraction(Decimal(repr(near))) == value else None


def read(content: bytes) -> tuple[list[tuple[Row, int]], list[Fault]]:
    """The rows of a workbook with their versions, and every fault. A new row has the id "".

    Raises Unreadable for a file that is no workbook of ours.
    """
    sheet = first_sheet(content)
    cells = sheet.iter_rows(max_col=len(COLUMNS) + 20, max_row=MOST_ROWS + 2)
    places = _places(next(cells, ()))
    rows: list[tuple[Row, int]] = []
    faults: list[Fault] = []
    seen: set[str] = set()
    for at, line in enumerate(cells, 2):
        if all(each.value is None for each in line):
            continue
        if at > MOST_ROWS + 1:
            raise Unreadable(
                gettext("A worksheet has at most %(rows)s rows.") % {"rows": MOST_ROWS}
            )
        found = _row(line, places, sheet.title, at)
        if isinstance(found, list):
            faults += found
        elif found[0].id and found[0].id in seen:
            where = _where(places["id"], COLUMNS[0])
            why = gettext("This row stands twice in the file.")
            faults.append(Fault(sheet.title, str(at), where, found[0].id, why))
        else:
            seen.add(found[0].id)
            rows.append(found)
    return rows, faults


def _places(heading: Sequence[Cell]) -> dict[str, int]:
    """Where each column stands. Raises Unreadable naming the ones that are missing."""
    said = {
        str(cell.value).strip().casefold(): n
        for n, cell in enumerate(heading)
        if cell.value is not None
    }
    places = {
        column.name: said[word]
        for column in COLUMNS
        for word in _in_every_language(column.heading)
        if word in said
    }
    missing = [gettext(column.heading) for column in COLUMNS if column.name not in places]
    if missing:
        raise Unreadable(
            gettext("These columns are missing: %(columns)s.") % {"columns": ", ".join(missing)}
        )
    return places


def _row(
    line: Sequence[Cell], places: Mapping[str, int], sheet: str, at: int
) -> tuple[Row, int] | list[Fault]:
    said: dict[str, Any] = {}
    faults: list[Fault] = []
    for column in COLUMNS:
        place = places[column.name]
        cell = line[place] if place < len(line) else None
        value = None if cell is None else cell.value
        try:
            said[column.name] = column.read(_no_formula(cell, value))
        except ValueError as error:
            faults.append(
                Fault(sheet, str(at), _where(place, column), str(value or ""), gettext(str(error)))
            )
    return faults or _whole_row(said, places, sheet, at)


def _no_formula(cell: Cell | None, value: Any) -> Any:
    if cell is not None and cell.data_type == "f":
        raise ValueError(gettext_noop("A formula stands here. Paste its value instead."))
    return value


def _whole_row(
    said: dict[str, Any], places: Mapping[str, int], sheet: str, at: int
) -> tuple[Row, int] | list[Fault]:
    """The row of values that can be read each by itself; a fault where they do not fit together."""
    version = said.pop("version")
    three = [said.pop(name) for name in ("low", "mode", "high")]
    columns = {column.name: column for column in COLUMNS}
    if not three[0] <= three[1] <= three[2]:
        where, why = "mode", gettext("At least, most likely, at most: in rising order.")
    elif said["weeks"] > 53:
        where, why = "weeks", gettext("A year has at most 53 weeks.")
    else:
        return Row(minutes_after=ThreePoint(*three), **said), version
    value = str(three[1] if where == "mode" else said[where])
    return [Fault(sheet, str(at), _where(places[where], columns[where]), value, why)]


def _where(place: int, column: Column) -> str:
    heading = gettext(column.heading)
    return f"{get_column_letter(place + 1)} ({heading})"


__all__ = [
    "COLUMNS", "LARGEST_FILE", "LARGEST_NUMBER", "LONGEST", "MOST_ROWS", "SHEET", "Column", "Fault", "Unreadable",
    "read", "written",
]  # fmt: skip
