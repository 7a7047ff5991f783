"""Tables on paper: what a page shows as tables, as one tagged PDF.

One template for all. Cells are finished words: a paper counts nothing and writes no number of its own,
so that it says what its page says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from fellesjournal.foundation.exports.pdf import pdf

_TEMPLATE = Path(__file__).with_name("tables.typ")
_UPRIGHT = 5.5
"""Columns that are wider together stand across the longer side of the page."""


@dataclass(frozen=True, slots=True)
class Column:
    """A heading. ``width``: in fifths of an upright page; more than these make it lie across."""

    title: str
    is_number: bool = False
    width: float = 1


@dataclass(frozen=True, slots=True)
class Cell:
    """Words, and smaller ones in ``lines`` below them. ``is_held_back``: it says why there is no value,
    and looks so. ``depth``: so many steps it is moved in.
    """

    text: str
    lines: tuple[str, ...] = ()
    is_held_back: bool = False
    is_strong: bool = False
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as long as ``columns``; the headings are said again on each page. ``heading`` may be ""."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper. ``facts``: what the tables are of, by name; ``foot`` stands on each page, beside its
    number, which is written as ``page_of`` (before, between and after the two numbers). ``day``: what
    the file has as its date; not the day of making, so that the same is the same bytes.
    """

    title: str
    lang: str
    day: date
    facts: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    foot: str
    page_of: tuple[str, str, str]
    notes: tuple[str, ...] = ()


def as_pdf(sheet: Sheet) -> bytes:
    """The paper as PDF/UA-1: A4 upright, across when a table is wide. Raises ValueError for a row that
    is not as long as its headings.
    """
    return pdf(
        _TEMPLATE,
        {
            "title": sheet.title,
            "lang": sheet.lang,
            "day": day_parts(sheet.day),
            "facts": [list(each) for each in sheet.facts],
            "tables": [as_data(each) for each in sheet.tables],
            "foot": sheet.foot,
            "page_of": list(sheet.page_of),
            "notes": list(sheet.notes),
            "is_wide": any(
                sum(column.width for column in each.columns) > _UPRIGHT for each in sheet.tables
            ),
        },
    )


def as_data(table: Table) -> Mapping[str, Any]:
    """A table as the templates read it. Raises ValueError for a row that is not as long as its headings."""
    if any(len(row) != len(table.columns) for row in table.rows):
        raise ValueError("a row has as many cells as there are headings")
    return {
        "heading": table.heading,
        "columns": [
            {"title": each.title, "number": each.is_number, "width": each.width}
            for each in table.columns
        ],
        "rows": [[_data(cell) for cell in row] for row in table.rows],
    }


def day_parts(day: date) -> Sequence[int]:
    """A day as the templates read it."""
    return [day.year, day.month, day.day]


def _data(cell: Cell) -> Mapping[str, Any]:
    return {
        "text": cell.text,
        "lines": list(cell.lines),
        "held": cell.is_held_back,
        "strong": cell.is_strong,
        "depth": cell.depth,
    }


__all__ = ["Cell", "Column", "Sheet", "Table", "as_data", "as_pdf", "day_parts"]
