"""Whoever may do anything to the database still can't change the log unseen."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fellesjournal.access.readlog.sealing import keep_log
from fellesjournal.access.readlog.times import month_of, number_at
from fellesjournal.access.readlog.verify import Finding, Kind, Progress, verify
from fellesjournal.foundation.database.connection import connection
from tests.access.readlog.conftest import Writer, tampering, write_line

MONTH = f"{datetime.now(UTC):%Y-%m}"
TABLE = f"access.log_{MONTH.replace('-', '_')}"


def findings(anchor: Path | None = None) -> list[Finding]:
    lines = None if anchor is None else anchor.read_text().splitlines()
    return [found for found in verify(lines) if isinstance(found, Finding)]


def kinds(anchor: Path | None = None) -> set[Kind]:
    return {found.kind for found in findings(anchor)}


def tamper(statement: str, *values: object) -> None:
    with tampering() as database:
        done = database.execute(statement, values)
        assert done.rowcount != 0, "nothing was tampered with"


@pytest.fixture
def chain(another: Writer) -> int:
    """Ten lines in one chain, sealed, four more and a second seal; answers the chain."""
    database = another()
    for _ in range(10):
        write_line(database)
    keep_log(None)
    for _ in range(4):
        write_line(database)
    keep_log(None)
    return database.info.backend_pid


def test_a_log_that_nobody_touched_is_sound(another: Writer, tmp_path: Path) -> None:
    anchor = tmp_path / "anchor"
    writers = [another() for _ in range(3)]
    choice = random.Random(1)
    for number in range(60):
        write_line(choice.choice(writers), patients=[number + 1])
        if number % 13 == 0:
            keep_log(anchor)
    keep_log(anchor)

    *found, last = verify(anchor.read_text().splitlines())
    assert [one for one in found if isinstance(one, Finding)] == []
    assert isinstance(last, Progress)
    assert (last.lines, last.seals) == (60, 6)


def test_an_empty_log_is_sound(empty_log: None) -> None:
    assert findings() == []


@pytest.mark.parametrize(
    "change",
    [
        "id = id + 4096", "who = gen_random_uuid()", "decision = 5", "areas = 3", "act = 2", "type = 9",
        "outcome = 1", "patients = '{1}'", "kinds = '{1}'", "sources = '{1}'", "resources = '{1}'",
        "hash = sha256(hash)",
    ],
)  # fmt: skip
def test_a_changed_row_is_found_whatever_is_changed(chain: int, change: str) -> None:
    tamper(f"update {TABLE} set {change} where n = 5")
    found = findings()
    assert (Kind.CHANGED, MONTH, chain, 5) in {
        (one.kind, one.month, one.chain, one.number) for one in found
    }


def test_a_changed_row_with_its_hash_made_new_is_found_by_the_next_one(chain: int) -> None:
    tamper(
        f"update {TABLE} l set areas = 9, hash = sha256(p.hash || record_send(row(l.id, l.n, l.who,"
        " l.decision, l.chain, 9, l.act, l.type, l.outcome, l.patients, l.kinds, l.sources, l.resources)))"
        f" from {TABLE} p where p.n = 4 and l.n = 5"
    )
    assert [(one.kind, one.number) for one in findings()] == [(Kind.CHANGED, 6)]


def test_a_chain_forged_to_its_end_is_found_by_its_seal(chain: int) -> None:
    with tampering() as database:
        database.execute(f"update {TABLE} set areas = 9 where n = 5")
        for n in range(5, 15):
            database.execute(
                f"update {TABLE} l set hash = sha256(p.hash || record_send(row(l.id, l.n, l.who,"
                " l.decision, l.chain, l.areas, l.act, l.type, l.outcome, l.patients, l.kinds, l.sources,"
                f" l.resources))) from {TABLE} p where p.n = %s - 1 and l.n = %s",
                [n, n],
            )
    assert [(one.kind, one.number, "seal" in one.detail) for one in findings()] == [
        (Kind.CHANGED, 14, True)
    ]


def test_a_removed_row_is_found(chain: int) -> None:
    tamper(f"delete from {TABLE} where n between 3 and 4")
    (found,) = findings()
    assert (found.kind, found.month, found.chain, found.number) == (Kind.MISSING, MONTH, chain, 3)
    assert "2 lines" in found.detail


def test_a_first_row_removed_is_found(chain: int) -> None:
    tamper(f"delete from {TABLE} where n = 1")
    assert [(one.kind, one.number) for one in findings()] == [(Kind.MISSING, 1)]


def test_a_cut_tail_is_found(chain: int) -> None:
    tamper(f"delete from {TABLE} where n > 12")
    assert [(one.kind, one.chain, one.number) for one in findings()] == [(Kind.CUT, chain, 13)]


def test_a_removed_chain_is_found(chain: int, another: Writer) -> None:
    other = another()
    write_line(other)
    keep_log(None)
    tamper(f"delete from {TABLE} where chain = %s", other.info.backend_pid)
    assert [(one.kind, one.chain) for one in findings()] == [(Kind.CUT, other.info.backend_pid)]


@pytest.mark.parametrize("how", ["drop table {}", "alter table access.log detach partition {}"])
def test_a_removed_month_is_found(chain: int, how: str) -> None:
    try:
        with tampering() as database:
            database.execute(how.format(TABLE))
        assert (Kind.MISSING_MONTH, MONTH) in {(one.kind, one.month) for one in findings()}
    finally:
        with tampering() as database:
            database.execute(f"drop table if exists {TABLE}")
            database.execute("select access.log_make_months()")


def test_an_emptied_log_is_found(chain: int) -> None:
    with tampering() as database:
        database.execute("truncate access.log")
    assert kinds() == {Kind.MISSING_MONTH, Kind.CUT}


@pytest.mark.parametrize("n", [5, 12])
def test_a_foreign_row_is_found(chain: int, n: int) -> None:
    tamper(
        f"insert into {TABLE} select l.id + 1, l.n, l.who, l.decision, l.chain, l.areas, l.act, l.type,"
        f" l.outcome, '{{66}}', l.kinds, l.sources, l.resources, l.hash from {TABLE} l where l.n = %s",
        n,
    )
    assert [(one.kind, one.chain, one.number) for one in findings()] == [(Kind.FOREIGN, chain, n)]


def test_a_row_put_into_a_chain_of_its_own_is_found_after_the_hour(chain: int) -> None:
    long_ago = number_at(datetime.now(UTC)) - (2 * 3600 * 1_000_000 << 12)
    with tampering() as database:
        database.execute(
            "with made as (select %s::bigint as id, 1::bigint as n, who, 0::bigint as decision, 424242 as chain,"
            " 1 as areas, 1::smallint as act, 1::smallint as type, 0::smallint as outcome, '{1}'::bigint[] as p,"
            f" '{{}}'::smallint[] as k, '{{}}'::bigint[] as s, '{{1}}'::bigint[] as r from {TABLE} where n = 1)"
            " insert into access.log select id, n, who, decision, chain, areas, act, type, outcome, p, k, s, r,"
            " sha256(record_send(row(id, n, who, decision, chain, areas, act, type, outcome, p, k, s, r)))"
            " from made",
            [long_ago],
        )
    assert [(one.kind, one.chain) for one in findings()] == [(Kind.UNSEALED, 424242)]


def test_somebody_else_put_in_the_place_of_who_read_is_found(chain: int) -> None:
    tamper("update access.log_who set person = 'Practitioner/innocent'")
    assert [one.kind for one in findings()] == [Kind.WHO]


@pytest.mark.parametrize("app", ["", "another"])
def test_another_app_put_in_the_place_of_the_one_it_came_through_is_found(
    app: str, another: Writer
) -> None:
    another().execute(
        "select access.log_line('p', 'r', 'u', 'o', 'TREAT', 'growth', 1::smallint, 1::smallint, 1,"
        " '{1}', '{1}')"
    )
    assert findings() == []
    tamper(f"update access.log_who set app = '{app}' where app = 'growth'")
    assert [one.kind for one in findings()] == [Kind.WHO]


def test_a_removed_person_is_found(chain: int) -> None:
    tamper("delete from access.log_who")
    assert kinds() == {Kind.WHO}


@pytest.mark.parametrize(
    ("change", "number"),
    [
        ("update access.log_seal set ns = '{9}' where n = 1", 1),
        ("update access.log_seal set hash = sha256(hash) where n = 1", 1),
        ("update access.log_seal set id = id + 1 where n = 1", 1),
        ("delete from access.log_seal where n = 1", 1),
    ],
)
def test_an_altered_seal_is_found(chain: int, change: str, number: int) -> None:
    tamper(change)
    assert (Kind.SEAL, number) in {(one.kind, one.number) for one in findings()}


@pytest.mark.parametrize(
    "change",
    [
        "delete from access.log_seal where n = 2",
        "delete from access.log_seal",
        "update access.log_seal set hash = sha256(hash) where n = 2",
    ],
)
def test_seals_made_anew_are_found_by_the_anchor(
    another: Writer, tmp_path: Path, change: str
) -> None:
    anchor = tmp_path / "anchor"
    database = another()
    for _ in range(2):
        write_line(database)
        keep_log(anchor)
    assert findings(anchor) == []
    tamper(change)
    assert Kind.ANCHOR in kinds(anchor)


def test_a_line_of_the_anchor_that_can_not_be_read_is_told(another: Writer, tmp_path: Path) -> None:
    anchor = tmp_path / "anchor"
    write_line(another())
    keep_log(anchor)
    anchor.write_text("rubbish\n" + anchor.read_text())
    assert kinds(anchor) == {Kind.ANCHOR}


def test_a_chain_goes_on_where_a_process_of_the_same_number_left_it(another: Writer) -> None:
    database = another()
    write_line(database)
    database.execute("reset fj.log_head")  # what a new process starts with
    write_line(database)
    assert findings() == []
    numbers = connection().execute("select n from access.log order by n").fetchall()
    assert numbers == [(1,), (2,)]


def test_a_chain_runs_on_into_the_next_month(another: Writer) -> None:
    database = another()
    write_line(database)
    later = number_at(datetime.now(UTC)) + (40 * 86_400 * 1_000_000 << 12)
    with tampering() as owner:  # nothing but the time of the first line is moved on
        owner.execute("create temp table first as select * from access.log")
        owner.execute("delete from access.log")
        owner.execute(
            "update first set id = %s, hash = sha256(record_send(row(%s::bigint, n, who, decision, chain, areas,"
            " act, type, outcome, patients, kinds, sources, resources)))",
            [later, later],
        )
        owner.execute("insert into access.log select * from first")
        owner.execute("drop table first")
    database.execute("reset fj.log_head")
    write_line(database)
    keep_log(None)
    (months,) = connection().execute(
        "select array_agg(id order by n) from access.log"
    ).fetchone() or ([],)
    assert [month_of(number) for number in months] == [month_of(later)] * 2, "time never runs back"
    assert findings() == []


def test_lines_of_a_month_without_a_table_are_kept_in_the_net_and_verified(another: Writer) -> None:
    try:
        with tampering() as database:
            database.execute(f"drop table {TABLE}")
        writer = another()
        for _ in range(3):
            write_line(writer)
        keep_log(None)
        rows = connection().execute("select count(*) from access.log_rest").fetchone()
        assert rows == (3,)
        assert findings() == []
        tamper("update access.log_rest set areas = 8 where n = 2")
        assert [one.kind for one in findings()] == [Kind.CHANGED]
    finally:
        with tampering() as database:
            database.execute("truncate access.log")
            database.execute("select access.log_make_months()")


def test_findings_say_where(chain: int) -> None:
    tamper(f"delete from {TABLE} where n = 3")
    (found,) = findings()
    assert str(found).startswith(
        f"missing row: month {MONTH}, chain {chain}, number 3: 1 lines are gone"
    )


def test_memory_does_not_grow_with_the_log(another: Writer) -> None:
    """Rows are looked at one after the other: the second half is not fetched before the first."""
    database = another()
    with database.transaction():
        database.execute(
            "select count(access.log_line('p', 'r', 'u', 'o', 'TREAT', '', 1::smallint, 1::smallint, 1, '{1}', '{1}'))"
            " from generate_series(1, 12000)"
        )
    steps = [found.lines for found in verify() if isinstance(found, Progress)]
    assert steps == [5000, 10000, 12000]
