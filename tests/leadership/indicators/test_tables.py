"""No column of a table can hold who somebody is; values are written so that two databases agree."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from fellesjournal.leadership.indicators import tables
from fellesjournal.leadership.indicators.catalogue import CATALOGUE
from fellesjournal.leadership.indicators.tables import NotATable, Table, register, registered
from fellesjournal.leadership.indicators.values import KINDS, Kind, NotWritable, local_day, moment


def _table(*columns: dict[str, Any], month: str = "born", resource: str = "Patient") -> Table:
    born = {"name": "born", "path": "birthDate"}
    chosen = [*columns, born] if resource == "Patient" else list(columns)
    return Table("t", {"name": "t", "resource": resource, "select": [{"column": chosen}]}, month)


@pytest.mark.parametrize(
    "path",
    [
        "id", "name.family.first()", "name.text.first()", "name.first().given.first()",
        "identifier.value.first()", "telecom.first().value", "address.first().text",
        "address.line.first()", "text.div", "generalPractitioner.first().display",
        "generalPractitioner.first().reference", "name.given.join(' ')", "contact.first().name.text",
        "name.select(family).first()", "name.family.first().upper()", "identifier.first().value & ''",
        "extension.value.ofType(string).first()", "iif(active, name.first().family, '')", "'Ås'",
    ],
)  # fmt: skip
@pytest.mark.parametrize("said", [None, "code", "uri", "string", "boolean", "integer", "date"])
def test_a_column_that_may_hold_a_name_or_a_national_number_is_refused(
    path: str, said: str | None
) -> None:
    column = {"name": "a", "path": path, **({} if said is None else {"type": said})}
    table = _table(column)
    try:
        kinds = table.kinds
    except NotATable:
        return
    # what is not known beforehand may only be written as what holds no text
    assert kinds[0] is not None
    assert kinds[0].sql != "text"
    for text in ("Ås", "17054026641", "12345678901", "Kari Nordmann"):
        assert _written(kinds[0], text) is None


def _written(kind: Kind, text: str) -> Any:
    try:
        return kind.write(text)
    except NotWritable:
        return None


def test_keys_codes_numbers_and_times_have_columns() -> None:
    table = _table(
        {"name": "patient", "path": "getResourceKey()"},
        {"name": "gender", "path": "gender"},
        {"name": "dead", "path": "deceased.ofType(dateTime)"},
        {"name": "names", "path": "name.count()"},
        {"name": "counted", "path": "name.skip(1).count()", "type": "integer"},
    )
    assert table.columns == (
        ("patient", "bigint"),
        ("gender", "text"),
        ("dead", "bigint"),
        ("dead_day", "date"),
        ("names", "bigint"),
        ("counted", "bigint"),
        ("born", "date"),
    )
    assert table.day == "born"


@pytest.mark.parametrize(
    ("columns", "wrong"),
    [
        ([{"name": "A", "path": "gender"}], "small letters"),
        ([{"name": "fj_a", "path": "gender"}], "table's own"),
        ([{"name": "a", "path": "name.use", "collection": True}], "several values"),
        (
            [
                {"name": "dead", "path": "deceased.ofType(dateTime)"},
                {"name": "dead_day", "path": "birthDate"},
            ],
            "the day of another",
        ),
    ],
)
def test_what_can_be_no_table_says_why(columns: list[dict[str, Any]], wrong: str) -> None:
    with pytest.raises(NotATable, match=wrong):
        _ = _table(*columns).columns


def test_a_table_is_cut_by_months_of_a_day() -> None:
    with pytest.raises(NotATable, match="no column with a day"):
        _ = _table(month="gender").day


def test_a_view_is_registered_once_under_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_registered", {})
    definition = {"name": "b", "resource": "Patient", "select": []}
    made = register(definition, month="born")
    register({**definition, "name": "a"}, month="born")
    assert register(dict(definition), month="born") == made
    assert [table.name for table in registered()] == ["a", "b"]
    with pytest.raises(NotATable, match="another view"):
        register({**definition, "resource": "Observation"}, month="born")
    for name in ("", "A", "1a", "a b", None, "a" * 41):
        with pytest.raises(NotATable, match="a name"):
            register({**definition, "name": name}, month="born")


def test_a_changed_definition_has_another_digest() -> None:
    one = _table({"name": "a", "path": "gender"})
    other = _table({"name": "a", "path": "active"})
    assert one.digest == _table({"name": "a", "path": "gender"}).digest != other.digest


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-01-31T23:30:00Z", date(2026, 2, 1)),
        ("2026-01-31T22:59:59Z", date(2026, 1, 31)),
        ("2026-07-01T00:30:00+02:00", date(2026, 7, 1)),
        ("2026-03-29", date(2026, 3, 29)),  # the clock changes on this day
        ("2026-10-25", date(2026, 10, 25)),
    ],
)
def test_a_moment_counts_on_its_day_in_norway(text: str, day: date) -> None:
    at = moment(text)
    assert at is not None
    assert local_day(at) == day


def test_moments_subtract_exactly_over_a_change_of_the_clock() -> None:
    # V-DST-1 of the specification: 75 minutes
    start, end = moment("2022-10-30T02:30:00+02:00"), moment("2022-10-30T02:45:00+01:00")
    assert start is not None
    assert end is not None
    assert end - start == 75 * 60 * 1_000_000


@pytest.mark.parametrize("text", ["2026", "2026-03"])
def test_what_is_said_less_exactly_than_a_day_has_no_value(text: str) -> None:
    assert moment(text) is None
    assert KINDS["date"].write(text) is None


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("boolean", "true"), ("boolean", 1), ("integer", True), ("integer", 1.5),
        ("integer", 2**63), ("decimal", "1"), ("decimal", 1e12), ("decimal", True), ("code", 1),
        ("code", "a\0"), ("code", "a" * 501), ("date", 5), ("date", "2026-02-30"),
        ("dateTime", "2026-02-30"), ("dateTime", 5), ("dateTime", "T"),
    ],
)  # fmt: skip
def test_a_value_that_is_not_of_its_kind_is_refused(kind: str, value: Any) -> None:
    with pytest.raises(NotWritable):
        KINDS[kind].write(value)


@pytest.mark.parametrize(
    ("value", "written"),
    [(1.8, "1.800000"), (0.0000005, "0.000001"), (-0.0000005, "-0.000001"), (40, "40.000000")],
)
def test_decimals_have_six_places(value: float, written: str) -> None:
    assert KINDS["decimal"].write(value) == Decimal(written)


def test_a_process_that_runs_jobs_alone_knows_the_tables_of_all_indicators() -> None:
    """Nothing but the wiring of jobs is imported there; no page has been asked for."""
    said = (
        "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'; django.setup();"
        "import fellesjournal.config.wiring;"
        "from fellesjournal.leadership.indicators.tables import registered;"
        "print(*(each.name for each in registered()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", said], capture_output=True, text=True, check=True, cwd=Path.cwd()
    )
    wanted = {table.name for each in CATALOGUE.values() for table in each.tables}
    assert wanted <= set(done.stdout.split())
