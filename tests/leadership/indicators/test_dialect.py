"""What the two databases might read differently is no statement of a figure."""

from __future__ import annotations

import pytest

from fellesjournal.leadership.indicators.dialect import NotInTheDialect, check, for_duckdb


@pytest.mark.parametrize(
    "statement",
    [
        "", "delete from given", "select 1; select 2", "select now()", "select current_date", "select dose::int",
        "select cast(dose as integer) from given", "select * from given limit 1",
        "select random()", "select status || 'a' from given", "select status like 'a%' from given",
        'select "Status" from given', "select e'a\\n'", "select pg_sleep(1)", "select 1 % 2", "select '%'",
        "select %(a)",
        "select date_trunc('month', begun_day) from given", "select 1e3", "select SUM(dose) from given",
        "with a as (insert into given values (1)) select 1", "select * from read_csv('x')",
        "select 1 /* */", "select interval '1 day'", "select $1", "select 'a", "select 1 union select 2e1",
    ],
)  # fmt: skip
def test_what_the_two_might_read_differently_is_refused(statement: str) -> None:
    with pytest.raises(NotInTheDialect):
        check(statement)


def test_a_statement_is_the_same_for_duckdb_but_for_its_parameters() -> None:
    text = "select count(*) from figures.given where status = 'a $b ''c' and begun_day < %(end)s"
    check(text)
    assert for_duckdb(text) == text.replace("%(end)s", "$end")
