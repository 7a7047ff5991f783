"""Tables on paper: their words, their headings on each page, and that the same is the same bytes."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date

import pytest

from fellesjournal.foundation.exports.tables import Cell, Column, Sheet, Table, as_pdf
from tests.papers import Paper

HEADINGS = ("Enhet", "Verdi", "Talt")


def sheet(rows: int = 2, columns: int = 3) -> Sheet:
    names = [*HEADINGS, *(f"Kolonne {n}" for n in range(columns))][:columns]
    body = tuple(
        tuple(Cell(f"Rad {row}, {name}", ("første linje",)) for name in names)
        for row in range(rows)
    )
    return Sheet(
        title="Legemidler til rett tid", lang="nn", day=date(2026, 11, 22),
        facts=(("Tidsrom", "november 2026"), ("Hvem kan lese", "ledere")),
        tables=(Table(tuple(Column(name, is_number=name != "Enhet") for name in names), body),),
        foot="LE1 · Øvre Ådal", page_of=("Side ", " av ", ""), notes=("Talt til i dag.",),
    )  # fmt: skip


def test_all_words_are_there_in_order_and_the_file_can_be_read_aloud() -> None:
    paper = Paper(as_pdf(sheet()))
    words = (
        "Tidsrom: november 2026 Hvem kan lese: ledere Enhet Verdi Talt Rad 0, Enhet første linje"
    )
    assert paper.says(words)
    assert paper.says("Rad 1, Talt første linje Talt til i dag.")
    assert paper.title == "Legemidler til rett tid"
    assert paper.language == "nn"
    assert paper.is_for_all
    assert paper.tags["H1"] == paper.tags["Table"] == 1
    assert (paper.tags["TH"], paper.tags["TD"]) == (3, 6)


def test_headings_and_number_stand_on_each_page_and_headings_are_read_aloud_once() -> None:
    paper = Paper(as_pdf(sheet(rows=66)))
    assert len(paper.pages) > 1
    for n, page in enumerate(paper.pages, 1):
        assert "EnhetVerdiTalt" in page
        assert f"LE1·ØvreÅdalSide{n}av{len(paper.pages)}" in page
    for n in range(66):
        assert paper.says(f"Rad {n}, Enhet første linje Rad {n}, Verdi")
    assert paper.tags["TH"] == 3


@pytest.mark.parametrize(("columns", "is_across"), [(5, False), (6, True)])
def test_a_wide_table_lies_across(columns: int, is_across: bool) -> None:  # noqa: FBT001 - a case
    assert Paper(as_pdf(sheet(columns=columns))).is_across is is_across


def test_the_same_is_the_same_bytes_a_second_later_and_another_cell_is_another_file() -> None:
    first = as_pdf(sheet())
    time.sleep(1.1)  # a PDF may hold the second it was made in
    assert as_pdf(sheet()) == first
    assert as_pdf(sheet(rows=3)) != first


def test_what_is_held_back_looks_otherwise_and_says_the_same() -> None:
    table = sheet(rows=1).tables[0]
    plain = replace(sheet(), tables=(replace(table, rows=((Cell("få"),) * 3,)),))
    held = replace(sheet(), tables=(replace(table, rows=((Cell("få", is_held_back=True),) * 3,)),))
    assert as_pdf(plain) != as_pdf(held)
    assert Paper(as_pdf(plain)).text == Paper(as_pdf(held)).text


def test_words_are_never_read_as_a_program() -> None:
    hostile = '#panic("x") $a$ *b* \\ <a> `=1+1`'
    table = Table((Column(hostile),), ((Cell(hostile, (hostile,)),),), hostile)
    made = replace(
        sheet(), title=hostile, facts=((hostile, hostile),), tables=(table,), foot=hostile
    )
    assert Paper(as_pdf(made)).says(f"{hostile} {hostile} {hostile}")


def test_a_row_that_is_too_short_is_refused() -> None:
    table = Table((Column("a"), Column("b")), ((Cell("1"),),))
    with pytest.raises(ValueError, match="as many cells"):
        as_pdf(replace(sheet(), tables=(table,)))
