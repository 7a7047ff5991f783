"""The worksheet as a workbook: what goes out comes in unchanged, and a fault is told where it is."""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from fellesjournal.leadership.benefits.sheets import COLUMNS, Unreadable, read, written
from fellesjournal.leadership.benefits.worksheet import Per, Row, ThreePoint
from tests.tries import tries

PLACE = {column.name: n for n, column in enumerate(COLUMNS, 1)}
ROW = Row(
    "r1", "Ring round", "Home care", "nurse", Fraction(15),
    ThreePoint(Fraction(2), Fraction(5), Fraction(14)), Fraction("0.65"), Per.DAY, Fraction(46),
    Fraction(3), is_time_thief=True, depends_on="Shared list", certainty="fairly",
    comment="=SUM(A1:A9)", claimed_by="another project",
)  # fmt: skip

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")), max_size=40
)
NUMBERS = st.fractions(0, 10**6, max_denominator=1000) | st.decimals(
    0, 10**6, places=4, allow_nan=False
).map(Fraction)
ROWS = st.builds(
    lambda number, task, words, numbers, three, per, weeks, flag: Row(
        f"r{number}", task, words[0] or "x", words[1], numbers[0],
        ThreePoint(*sorted(three)), numbers[1], per, weeks, numbers[2], flag, *words[2:],
    ),
    st.integers(0, 10**6), TEXTS.filter(lambda each: bool(each.strip())),
    st.tuples(TEXTS.filter(lambda each: bool(each.strip())), *[TEXTS] * 5),
    st.tuples(NUMBERS, NUMBERS, NUMBERS), st.tuples(NUMBERS, NUMBERS, NUMBERS),
    st.sampled_from(Per), st.fractions(0, 53, max_denominator=100), st.booleans(),
)  # fmt: skip


@settings(max_examples=tries(12), deadline=None)
@given(
    st.lists(ROWS, max_size=4, unique_by=lambda each: each.id), st.sampled_from(("nb", "nn", "en"))
)
def test_what_goes_out_comes_in_unchanged(rows: list[Row], language: str) -> None:
    sent = [(row, n) for n, row in enumerate(rows, 1)]
    with override(language):
        content = written(sent)
    found, faults = read(content)
    assert faults == []
    assert found == sent


def test_every_part_of_a_row_has_its_column() -> None:
    parts = {*Row.__dataclass_fields__} - {"minutes_after"} | {"low", "mode", "high", "version"}
    assert {column.name for column in COLUMNS} == parts


def test_a_text_is_never_a_formula() -> None:
    book = load_workbook(BytesIO(written([(ROW, 1)])))
    cell = book.worksheets[0].cell(2, PLACE["comment"])
    assert (cell.data_type, cell.value) == ("s", "=SUM(A1:A9)")


def changed(name: str, value: Any, row: int = 2) -> bytes:
    """The workbook of one row, with another value in a cell."""
    book = load_workbook(BytesIO(written([(ROW, 1)])))
    book.worksheets[0].cell(row, PLACE[name]).value = value
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("minutes_now", "some", "This is no number."),
        ("minutes_now", -1, "A number below 0 can't stand here."),
        ("minutes_now", None, "A number must stand here."),
        ("minutes_now", True, "This is no number."),
        ("minutes_now", "1/0", "This is no number."),
        ("minutes_now", "NaN", "This is no number."),
        ("minutes_now", "1e999", "The number is too large."),
        ("minutes_now", "=1+1", "A formula stands here. Paste its value instead."),
        ("task", "", "Something must stand here."),
        ("comment", "x" * 501, "The text is too long."),
        ("per", "month", "Write week, day or year."),
        ("is_time_thief", "perhaps", "Write yes or no."),
        ("id", "a/b", "This is no ID of a row."),
        ("id", "x" * 61, "This is no ID of a row."),
        ("version", 1.5, "This is no whole number."),
        ("weeks", 54, "A year has at most 53 weeks."),
        ("mode", 20, "At least, most likely, at most: in rising order."),
    ],
)
def test_a_fault_names_its_sheet_row_and_column(name: str, value: Any, why: str) -> None:
    with override("en"):
        rows, (fault,) = read(changed(name, value))
        heading = next(column.heading for column in COLUMNS if column.name == name)
    assert rows == []
    assert (fault.row, fault.why) == ("2", why)
    assert fault.sheet
    assert fault.column.endswith(f"({heading})")
    assert fault.column[0] == chr(ord("A") + PLACE[name] - 1)


def test_norwegian_numbers_and_words_are_read() -> None:
    rows, faults = read(changed("minutes_now", "1 234,5"))
    assert faults == []
    assert rows[0][0].minutes_now == Fraction("1234.5")


def test_empty_lines_are_passed_over_and_a_new_row_has_no_id() -> None:
    content = changed("id", None)
    rows, faults = read(content)
    assert (rows[0][0].id, faults) == ("", [])


def test_a_row_that_stands_twice_is_a_fault() -> None:
    with override("en"):
        _, (fault,) = read(written([(ROW, 1), (ROW, 2)]))
    assert (fault.row, fault.why) == ("3", "This row stands twice in the file.")


def _book(fill: Any) -> bytes:
    book = Workbook()
    fill(book.worksheets[0])
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def _with_dtd() -> bytes:
    """A worksheet that would be read well, but for its DTD."""
    kept = BytesIO()
    with ZipFile(BytesIO(written([(ROW, 1)]))) as old, ZipFile(kept, "w") as new:
        for each in old.namelist():
            body = old.read(each)
            if each.endswith("sheet1.xml"):
                start = body.index(b"<worksheet")
                body = body[:start] + b'<!DOCTYPE worksheet [<!ENTITY b "c">]>' + body[start:]
            new.writestr(each, body)
    return kept.getvalue()


def _bomb() -> bytes:
    kept = BytesIO()
    with ZipFile(kept, "w", 8) as packed:
        packed.writestr("xl/workbook.xml", b" " * 40_000_000)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no workbook"), (b"a;b;c", "no workbook"), (_bomb(), "too large"),
        (b"x" * 2_000_001, "too large"), (_with_dtd(), "document type"),
        (_book(lambda sheet: sheet.append([])), "columns are missing"),
        (_book(lambda sheet: sheet.append(["Task", "Service"])), "columns are missing: Row ID"),
    ],
    ids=["empty", "csv", "bomb", "large", "dtd", "blank", "two columns"],
)  # fmt: skip
def test_what_is_no_worksheet_is_said_and_never_breaks(content: bytes, why: str) -> None:
    with override("en"), pytest.raises(Unreadable, match=why):
        read(content)
