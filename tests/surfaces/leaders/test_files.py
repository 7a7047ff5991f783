"""Tables as files."""

from __future__ import annotations

import csv
from fractions import Fraction
from io import BytesIO, StringIO

import pytest
from django.test import RequestFactory
from openpyxl import load_workbook

from fellesjournal.surfaces.leaders.files import CSV, XLSX, as_file, asked_for

ROWS = [("unit", "value", "n"), ("Røros – Rosse", Fraction(1, 2), 12), ("=1+1", "", 0)]


@pytest.mark.parametrize(("said", "kind"), [("csv", CSV), ("xlsx", XLSX), ("pdf", ""), ("", "")])
def test_only_what_can_be_made_is_made(said: str, kind: str) -> None:
    assert asked_for(RequestFactory().get("/", {"as": said})) == kind


def test_both_kinds_hold_the_same_rows() -> None:
    plain = as_file(CSV, "table", ROWS)
    assert plain["Content-Disposition"] == 'attachment; filename="table.csv"'
    read = list(csv.reader(StringIO(plain.content.decode()), delimiter=";"))
    assert read[1] == ["Røros – Rosse", "1/2", "12"]
    sheet = load_workbook(BytesIO(as_file(XLSX, "table", ROWS).content)).active
    assert sheet is not None
    found = list(sheet.iter_rows(values_only=True))
    assert found[1] == ("Røros – Rosse", 0.5, 12)


def test_no_cell_becomes_a_formula() -> None:
    sheet = load_workbook(BytesIO(as_file(XLSX, "table", ROWS).content)).active
    assert sheet is not None
    assert "f" not in {each.data_type for row in sheet.iter_rows() for each in row}
    assert ";0\r\n" in as_file(CSV, "table", ROWS).content.decode()
    assert "\r\n'=1+1;" in as_file(CSV, "table", ROWS).content.decode()
