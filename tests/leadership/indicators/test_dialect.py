"""What the two databases might read differently is no statement of a figure."""

from __future__ import annotations

import pytest

from fellesjournal.leadership.indicators.dialect import NotInTheDialect, read_statement


@pytest.mark.parametrize(
    "statement",
    [
        "", "delete from given", "select 1; select 2", "select dose / 2 from given",
        "select avg(dose) from given", "select now()", "select current_date", "select dose::int",
        "select cast(dose as integer) from given", "select * from given limit 1",
        "select random()", "select status || 'a' from given", "select status like 'a%' from given",
        'select "Status" from given', "select e'a\\n'", "select pg_sleep(1)", "select 1 % 2",
        "select date_trunc('month', begun_day) from given", "select 1e3", "select SUM(dose) from given",
        "with a as (insert into given values (1)) select 1", "select * from read_csv('x')",
        "select 1 /* */", "select interval '1 day'", "select $1", "select 'a", "select 1 union select 2e1",
    ],
)  # fmt: skip
def test_what_the_two_might_read_differently_is_refused(statement: str) -> None:
    with pytest.raises(NotInTheDialect):
        read_statement(statement)


def test_a_statement_names_its_parameters_and_keeps_its_texts() -> None:
    text = "select count(*) -- all\n from given where status = 'a :b ''c' and begun_day < :end"
    statement = read_statement(text)
    assert statement.parameters == {"end"}
    assert statement.written(lambda name: f"${name}") == (
        "select count(*)   from given where status = 'a :b ''c' and begun_day < $end"
    )
