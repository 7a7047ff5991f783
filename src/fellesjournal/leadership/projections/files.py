"""A file of population or activity, CSV or XLSX: its rows, or every fault with its line and column.

Headings are those of the specification: ``region, year, sex, age, alternative, people`` and ``region, year,
sex, age, group, mode, stays, bed_days``. Other columns are left alone.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext, gettext_noop
from openpyxl.utils import get_column_letter

from fellesjournal.leadership.figures.workbooks import LARGEST_FILE, Unreadable, first_sheet
from fellesjournal.leadership.projections.people import OBSERVED, Ages, Sex, is_alternative
from fellesjournal.leadership.projections.regions import BANDS, regions
from fellesjournal.leadership.projections.resources import Table

MOST_ROWS = 50_000
MOST_FAULTS = 100
_MOST_COLUMNS = 40
_LONGEST = 60
_LARGEST_NUMBER = 10**8
_YEARS = range(1990, 2101)
_AGES = re.compile(r"(\d{1,3})(?:\s*[-\N{EN DASH}]\s*(\d{1,3})|(\+))?")
_SEXES = {
    "female": Sex.FEMALE, "f": Sex.FEMALE, "kvinner": Sex.FEMALE, "kvinne": Sex.FEMALE, "k": Sex.FEMALE,
    "male": Sex.MALE, "m": Sex.MALE, "menn": Sex.MALE, "mann": Sex.MALE,
    "all": Sex.ALL, "begge": Sex.ALL,
}  # fmt: skip
MODES = {
    "inpatient": "inpatient", "day": "day", "outpatient": "outpatient",
    "døgn": "inpatient", "dag": "day", "poliklinikk": "outpatient",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """What can't be read: the line (from 1, with the headings), the column by letter and heading, what
    stands there, and why in the reader's language. ``line`` 0 is for the whole file.
    """

    line: int
    column: str
    text: str
    why: str


# Any: what is read of a cell has a type of its own for each column
Line = tuple[int, dict[str, Any]]
"""The line in the file, and the values by heading."""


def read(
    table: Table, content: bytes, *, largest: int = LARGEST_FILE
) -> tuple[list[Line], list[Fault]]:
    """The rows of a file and every fault of a cell. Raises Unreadable for what is no such table."""
    if len(content) > largest:
        raise Unreadable(gettext("The file is too large."))
    lines = _of_workbook(content) if content[:2] == b"PK" else _of_text(content)
    try:
        _, heading = next(lines)
    except StopIteration:
        raise Unreadable(gettext("The file is empty.")) from None
    places = _places(table, heading)
    rows: list[Line] = []
    faults: list[Fault] = []
    for number, cells in lines:
        if not any(str(each if each is not None else "").strip() for each in cells):
            continue
        if len(rows) >= MOST_ROWS:
            raise Unreadable(gettext("A file has at most %(rows)s rows.") % {"rows": MOST_ROWS})
        said, wrong = _row(table, number, cells, places)
        faults += wrong
        rows.append((number, said))
        if len(faults) >= MOST_FAULTS:
            break
    if not rows:
        raise Unreadable(gettext("The file has headings and no rows."))
    return rows, faults


def _of_text(content: bytes) -> Iterator[tuple[int, Sequence[Any]]]:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Unreadable(gettext("This is neither a workbook (XLSX) nor text (CSV)."))
    if "\0" in text:
        raise Unreadable(gettext("This is neither a workbook (XLSX) nor text (CSV)."))
    first = text.partition("\n")[0]
    mark = max(";\t,", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Unreadable(gettext("This is neither a workbook (XLSX) nor text (CSV).")) from None
        yield reader.line_num, cells


def _of_workbook(content: bytes) -> Iterator[tuple[int, Sequence[Any]]]:
    sheet = first_sheet(content)
    # beyond what stands there, cells would be made in vain
    ends = min(sheet.max_row, MOST_ROWS + 2), min(sheet.max_column, _MOST_COLUMNS)
    for number, cells in enumerate(sheet.iter_rows(max_row=ends[0], max_col=ends[1]), 1):
        yield number, [_FORMULA if each.data_type == "f" else each.value for each in cells]


_FORMULA = "="


def _places(table: Table, heading: Sequence[Any]) -> dict[str, int]:
    said = [str(each if each is not None else "").strip().casefold() for each in heading]
    missing = [name for name in COLUMNS[table] if name not in said]
    if missing:
        raise Unreadable(
            gettext("These columns are missing: %(columns)s.") % {"columns": ", ".join(missing)}
        )
    twice = [name for name in COLUMNS[table] if said.count(name) > 1]
    if twice:
        raise Unreadable(
            gettext("These columns stand twice: %(columns)s.") % {"columns": ", ".join(twice)}
        )
    return {name: said.index(name) for name in COLUMNS[table]}


def _row(
    table: Table, number: int, cells: Sequence[Any], places: Mapping[str, int]
) -> tuple[dict[str, Any], list[Fault]]:
    said: dict[str, Any] = {}
    faults = []
    for name, reader in COLUMNS[table].items():
        place = places[name]
        cell = cells[place] if place < len(cells) else None
        text = str(cell if cell is not None else "").strip()
        try:
            said[name] = (_no_formula if cell is _FORMULA else reader)(text)
        except ValueError as error:
            where = f"{get_column_letter(place + 1)} ({name})"
            faults.append(Fault(number, where, text[:_LONGEST], gettext(str(error))))
    return said, faults


def written(table: Table, lines: Sequence[Line]) -> bytes:
    """The same rows as CSV, for who has looked at them to send again."""
    kept = io.StringIO()
    writer = csv.writer(kept, delimiter=";")
    names = list(COLUMNS[table])
    writer.writerow(names)
    writer.writerows([str(said[name]) for name in names] for _, said in lines)
    return kept.getvalue().encode()


def _no_formula(_text: str) -> Any:
    raise ValueError(gettext_noop("A formula stands here. Paste its value instead."))


def _region(text: str) -> str:
    # a workbook makes a number of 0301 and a text file may have lost its nought
    found = text.removesuffix(".0")
    found = found.zfill(4) if found.isdecimal() else found
    if found not in regions():
        raise ValueError(gettext_noop("No municipality or region here has this number."))
    return found


def _year(text: str) -> int:
    found = text.removesuffix(".0")
    if not found.isdecimal() or len(found) > 4 or int(found) not in _YEARS:
        raise ValueError(gettext_noop("This is no year."))
    return int(found)


def _sex(text: str) -> Sex:
    found = _SEXES.get(text.casefold())
    if found is None:
        raise ValueError(gettext_noop("Write female, male or all."))
    return found


def _ages(text: str) -> Ages:
    match = _AGES.fullmatch(text.removesuffix(".0"))
    if match is None:
        raise ValueError(gettext_noop("Write an age as 67, 67-79 or 80+."))
    low, high, is_open = match.groups()
    if not is_open and int(high or low) < int(low):
        raise ValueError(gettext_noop("An age group begins with the lower age."))
    found = Ages(int(low), None if is_open else int(high or low))
    if not any(band.holds(found) for band in BANDS):
        raise ValueError(gettext_noop("An age group must not go across 67 or 80 years."))
    return found


def _alternative(text: str) -> str:
    if text.casefold() == OBSERVED:
        return OBSERVED
    if not is_alternative(text.upper()):
        raise ValueError(gettext_noop("Write observed, or four letters such as MMMM."))
    return text.upper()


def _group(text: str) -> str:
    if not text or len(text) > _LONGEST or not text.isprintable():
        raise ValueError(gettext_noop("Name the group, in at most 60 characters."))
    return text


def _mode(text: str) -> str:
    found = MODES.get(text.casefold())
    if found is None:
        raise ValueError(gettext_noop("Write inpatient, day or outpatient."))
    return found


def _amount(text: str) -> Decimal:
    packed = text.replace("\N{NO-BREAK SPACE}", "").replace(" ", "").replace(",", ".")
    try:
        found = Decimal(packed)
    except InvalidOperation:
        found = Decimal("nan")
    if not found.is_finite() or not packed.lstrip("+-").replace(".", "", 1).isdecimal():
        raise ValueError(gettext_noop("This is no number."))
    if found < 0:
        raise ValueError(gettext_noop("A number below 0 can't stand here."))
    if found > _LARGEST_NUMBER:
        raise ValueError(gettext_noop("The number is too large."))
    return found


def _amount_or_none(text: str) -> Decimal:
    return _amount(text) if text else Decimal(0)


_COMMON: dict[str, Callable[[str], Any]] = {
    "region": _region, "year": _year, "sex": _sex, "age": _ages,
}  # fmt: skip
COLUMNS: Mapping[Table, Mapping[str, Callable[[str], Any]]] = {
    Table.POPULATION: {**_COMMON, "alternative": _alternative, "people": _amount},
    Table.ACTIVITY: {
        **_COMMON, "group": _group, "mode": _mode, "stays": _amount, "bed_days": _amount_or_none,
    },
}  # fmt: skip

__all__ = ["COLUMNS", "MOST_FAULTS", "MOST_ROWS", "Fault", "Line", "read", "written"]
