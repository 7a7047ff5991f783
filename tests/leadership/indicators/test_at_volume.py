"""What keeps questions quick where there is much: rows found by their day, a year looked through once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from psycopg import sql

from fellesjournal.foundation.database.connection import connection
from fellesjournal.leadership.figures.periods import month
from fellesjournal.leadership.figures.suppression import Rule
from fellesjournal.leadership.indicators import parquet
from fellesjournal.leadership.indicators.asking import BEFORE, Asked, Group, parameters
from fellesjournal.leadership.indicators.flattening import keep_up
from fellesjournal.leadership.indicators.le1 import LE1
from fellesjournal.leadership.indicators.measuring import all_measured, measured
from fellesjournal.leadership.indicators.publishing import published
from fellesjournal.leadership.indicators.tables import Index, Table
from tests.leadership.indicators.doses import name_of, year_of_doses
from tests.leadership.indicators.views import FLATTENER, MEASURED
from tests.surfaces.statements import counted

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_record")]

CUT = datetime(2026, 2, 1, tzinfo=UTC)
GROUPS = [Group(n, f"Organization/m{n}", (n,)) for n in range(1, 7)]
MONTHS = [month(2025, 3), month(2025, 5), month(2025, 4), month(2024, 1)]
ALL = Rule(denominator=0, count=0)


@pytest.fixture
def year() -> None:
    """A year of doses, a hundred a day."""
    year_of_doses()


def _plan(period: int) -> str:
    asked = Asked(LE1, month(2025, period))
    statement = "explain (costs off) " + BEFORE + LE1.query
    rows = connection().execute(statement.encode(), parameters(asked, GROUPS, CUT)).fetchall()
    return "\n".join(line for (line,) in rows)


@pytest.mark.usefixtures("year")
def test_a_month_is_found_by_its_days_not_by_looking_through_all_years() -> None:
    for table in LE1.tables:  # who runs the server does this in the background
        connection().execute(sql.SQL("analyze {}").format(name_of(table)))
    found = _plan(6)
    assert "Seq Scan" not in found
    assert "COALESCE(planned_day, given_day)" in found


def test_every_table_is_found_by_its_day_and_doses_by_the_day_they_count_in() -> None:
    keep_up(FLATTENER, [*LE1.tables, MEASURED], seconds=60)
    kept = connection().execute(
        "select tablename, indexdef from pg_indexes where schemaname = 'figures'"
    )
    made: dict[str, str] = {}
    for table, definition in kept.fetchall():
        name = table.partition("~")[0]
        made[name] = made.get(name, "") + definition
    assert "(COALESCE(planned_day, given_day))" in made["dose_given"]
    assert "(planned_day)" in made["planned_dose"]
    assert "(visit) INCLUDE (unit)" in made["home_visit"]
    assert "(measured_day)" in made["measured"]


def test_a_table_that_is_found_by_something_else_is_made_anew() -> None:
    other = Table(MEASURED.name, MEASURED.definition, MEASURED.month, (Index(("code",)),))
    assert other.digest != MEASURED.digest


@pytest.mark.usefixtures("year")
def test_several_months_are_one_question_and_the_same_answers(tmp_path: Path) -> None:
    asked = [Asked(LE1, each) for each in MONTHS]
    apart = [measured(connection(), LE1, each, GROUPS, cut=CUT, rule=ALL) for each in MONTHS]
    with counted() as statements:
        together = all_measured(connection(), asked, GROUPS, cut=CUT, rule=ALL)
    assert len(statements) == 1
    assert together == apart
    some = together[0]["Organization/m2"].figure
    assert (some.numerator, some.denominator) != (None, None)
    for table in LE1.tables:
        parquet.write(FLATTENER, table, tmp_path)
    with parquet.opened(tmp_path, LE1.tables) as files:
        assert all_measured(files, asked, GROUPS, cut=CUT, rule=ALL) == apart


@pytest.mark.usefixtures("year")
def test_a_page_that_shows_a_course_has_the_figures_of_each_month() -> None:
    asked = [Asked(LE1, each) for each in MONTHS]
    apart = [measured(connection(), LE1, each, GROUPS, cut=CUT, rule=ALL) for each in MONTHS]
    shown = published(connection(), asked, GROUPS, cut=CUT, seen=[CUT] * len(asked), rule=ALL)
    assert shown == apart
    assert shown[0]["Organization/m1"].figure.period.start == date(2025, 3, 1)
