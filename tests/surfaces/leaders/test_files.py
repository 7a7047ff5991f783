"""Tables as files."""

from __future__ import annotations

import csv
from datetime import date
from fractions import Fraction
from io import BytesIO, StringIO

import pytest
from django.test import RequestFactory
from django.utils import translation
from openpyxl import load_workbook

from fellesjournal.foundation.exports.tables import Cell, Column, Sheet, Table
from fellesjournal.surfaces.leaders.files import CSV, PDF, XLSX, as_file, asked_for, page_of
from tests.papers import Paper

ROWS = [("unit", "value", "n"), ("Røros – Rosse", Fraction(1, 2), 12), ("=1+1", "", 0)]


def paper() -> Sheet:
    """The same in the words of a page."""
    table = Table((Column("unit"), Column("value")), ((Cell("Røros – Rosse"), Cell("50,0 %")),))
    return Sheet("Table", "nb", date(2026, 11, 22), (), (table,), "Røros", page_of())


@pytest.mark.parametrize(
    ("said", "kind"), [("csv", CSV), ("xlsx", XLSX), ("pdf", PDF), ("docx", ""), ("", "")]
)
def test_only_what_can_be_made_is_made(said: str, kind: str) -> None:
    assert asked_for(RequestFactory().get("/", {"as": said})) == kind


def test_both_kinds_hold_the_same_rows() -> None:
    plain = as_file(CSV, "table", ROWS, paper)
    assert plain["Content-Disposition"] == 'attachment; filename="table.csv"'
    read = list(csv.reader(StringIO(plain.content.decode()), delimiter=";"))
    assert read[1] == ["Røros – Rosse", "1/2", "12"]
    sheet = load_workbook(BytesIO(as_file(XLSX, "table", ROWS, paper).content)).active
    assert sheet is not None
    found = list(sheet.iter_rows(values_only=True))
    assert found[1] == ("Røros – Rosse", 0.5, 12)


def test_a_paper_says_what_the_page_says_and_numbers_its_pages() -> None:
    made = as_file(PDF, "table", ROWS, paper)
    assert made["Content-Type"] == "application/pdf"
    assert made["Content-Disposition"] == 'attachment; filename="table.pdf"'
    read = Paper(made.content)
    assert read.says("unit value Røros – Rosse 50,0 % ")
    assert not read.says("1/2")
    with translation.override("en"):
        assert page_of() == ("Page ", " of ", "")


def test_no_cell_becomes_a_formula() -> None:
    sheet = load_workbook(BytesIO(as_file(XLSX, "table", ROWS, paper).content)).active
    assert sheet is not None
    assert "f" not in {each.data_type for row in sheet.iter_rows() for each in row}
    assert ";0\r\n" in as_file(CSV, "table", ROWS, paper).content.decode()
    assert "\r\n'=1+1;" in as_file(CSV, "table", ROWS, paper).content.decode()
