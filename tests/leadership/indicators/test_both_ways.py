"""Whether the files tell what the tables tell is found out, and what can't be known is not called a fault."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from psycopg import sql

from fellesjournal.foundation.database.connection import connection
from fellesjournal.leadership.figures.periods import month
from fellesjournal.leadership.figures.suppression import Rule
from fellesjournal.leadership.indicators import parquet
from fellesjournal.leadership.indicators.asking import Asked, Group
from fellesjournal.leadership.indicators.both_ways import counted_both_ways, is_alike
from fellesjournal.leadership.indicators.le1 import LE1
from fellesjournal.leadership.indicators.measuring import measured
from tests.leadership.indicators.doses import name_of, year_of_doses
from tests.leadership.indicators.views import FLATTENER

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_record")]

ASKED = Asked(LE1, month(2025, 3))
GROUPS = [Group(n, f"Organization/m{n}", (n,)) for n in range(1, 6)]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A year of doses in tables, and files of them."""
    year_of_doses()
    for table in LE1.tables:
        parquet.write(FLATTENER, table, tmp_path)
    return tmp_path


def test_files_of_what_stands_tell_the_same(files: Path) -> None:
    found = counted_both_ways(FLATTENER, files, ASKED, GROUPS)
    assert found.units == len(GROUPS)
    assert found.differing == ()
    assert not found.went_on


def test_a_unit_in_which_they_differ_is_named(files: Path) -> None:
    (doses,) = (each for each in LE1.tables if each.name == "planned_dose")
    some = sql.SQL("delete from {} where unit = 2 and dose % 3 = 0").format(name_of(doses))
    connection().execute(some)
    assert counted_both_ways(FLATTENER, files, ASKED, GROUPS).differing == (2,)


def test_what_came_after_the_files_is_no_fault_of_theirs(files: Path) -> None:
    connection().execute(
        "update figures.flattened set position = position + 1 where view = 'planned_dose'"
    )
    assert counted_both_ways(FLATTENER, files, ASKED, GROUPS).went_on


def test_without_files_nothing_is_compared(files: Path, tmp_path: Path) -> None:
    with pytest.raises(parquet.NothingToRead):
        counted_both_ways(FLATTENER, tmp_path / "elsewhere", ASKED, GROUPS)
    del files


def test_figures_are_alike_to_the_last_count_and_nearly_to_the_last_digit() -> None:
    year_of_doses()
    (one,) = measured(
        connection(), LE1, month(2025, 3), [Group(1, "a", (1,))],
        cut=datetime(2026, 2, 1, tzinfo=UTC), rule=Rule(denominator=0, count=0),
    ).values()  # fmt: skip
    figure = one.figure
    assert figure.value is not None
    assert figure.numerator is not None
    near = replace(figure, value=figure.value + Fraction(1, 10**15))
    assert is_alike(one, replace(one, figure=near))
    assert not is_alike(one, replace(one, figure=replace(figure, value=figure.value * 2)))
    assert not is_alike(one, replace(one, figure=replace(figure, numerator=figure.numerator + 1)))
