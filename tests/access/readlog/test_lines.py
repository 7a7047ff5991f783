"""Each act leaves its line, in one statement with it; nothing else writes the log."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

import psycopg
import pytest
from psycopg import errors

from fellesjournal.access.everything import Wanted, everything
from fellesjournal.access.readlog import lines as written
from fellesjournal.access.readlog.acts import Act, Outcome
from fellesjournal.access.readlog.queries import lines
from fellesjournal.access.readlog.verify import Finding, verify
from fellesjournal.access.records import history, read, read_version, search
from fellesjournal.access.sessions import Session, system_session
from fellesjournal.access.writing import Operation, write
from fellesjournal.fhir import bodies
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation.database.connection import connection, transaction
from fellesjournal.store.visibility import NOTHING
from tests.access.readlog.conftest import Writer, tampering, write_line

SESSION = system_session("system:test", purpose="HSYSADMIN")
LINE = "select n, patients, resources from access.log order by id"
WRITE = (
    "select access.log_line('p', 'r', 'u', 'o', 'TREAT', '', 1::smallint, 1::smallint, 1,"
    " '{1}'::bigint[], '{2}'::bigint[])"
)


def patient(fhir_id: str) -> Operation:
    raw = b'{"resourceType":"Patient","id":"%s"}' % fhir_id.encode()
    return Operation("update", "Patient", id=fhir_id, body=bodies.parse(raw))


def newest() -> Any:
    return lines(connection(), limit=1)[0]


def sound() -> bool:
    return not any(isinstance(found, Finding) for found in verify())


@pytest.mark.usefixtures("empty_log")
@pytest.mark.parametrize("rows", [[], [(5, 7)], [(5, 7), (6, 0), (8, 7)]])
@pytest.mark.parametrize("times", [1, 8])
def test_a_read_and_its_line_are_one_statement_even_when_nothing_is_found(
    rows: Sequence[tuple[int, int]], times: int
) -> None:
    """Eight times: PostgreSQL plans anew, and differently, after five."""
    statement = written.with_line(
        "select rid, patient from unnest(%s::bigint[], %s::bigint[]) w(rid, patient)"
    )
    columns = [[rid for rid, _ in rows], [patient for _, patient in rows]]
    for _ in range(times):
        values = [*columns, *written.who(SESSION, "read", "Patient")]
        assert connection().execute(statement, values).fetchall() == list(rows)

    found = [(n, read, sorted(of)) for n, read, of in connection().execute(LINE)]
    patients = sorted({patient for _, patient in rows} - {0})
    assert found == [(n, patients, sorted(rid for rid, _ in rows)) for n in range(1, times + 1)]


def ask_for_all(session: Session, kind: str, fhir_id: str) -> None:
    del kind
    everything(session, fhir_id, Wanted(), count=10, cursor=None)


def ask_for_version(session: Session, kind: str, fhir_id: str) -> None:
    read_version(session, kind, fhir_id, 1)


def ask_for_history(session: Session, kind: str, fhir_id: str) -> None:
    history(session, type_name=kind, fhir_id=fhir_id)


@pytest.mark.django_db
@pytest.mark.parametrize("ask", [read, ask_for_version, ask_for_history, ask_for_all])
def test_what_is_hidden_and_what_is_not_there_are_refused_and_logged_alike(
    ask: Callable[[Session, str, str], object],
) -> None:
    write(SESSION, [patient("a")])
    blind = SESSION.narrowed()
    object.__setattr__(blind, "visibility", NOTHING)
    refused = []
    for fhir_id in ("a", "never"):
        with pytest.raises(NotFound):
            ask(blind, "Patient", fhir_id)
        refused.append(newest())

    (rid,) = connection().execute(
        "select rid from store.resource where fhir_id = 'a'"
    ).fetchone() or (0,)
    assert [line.outcome for line in refused] == [Outcome.REFUSED] * 2
    assert [line.resources for line in refused] == [(rid,), (0,)]
    assert [line.patients for line in refused] == [(rid,), (0,)]
    assert refused[0].who == refused[1].who


@pytest.mark.django_db
def test_reads_searches_and_writes_say_who_what_and_why() -> None:
    write(SESSION, [patient("a")])
    read(SESSION, "Patient", "a")
    search(SESSION, "Patient", [("_id", "a")])
    search(SESSION, "Patient", [("_id", "never")])

    empty, hit, seen, put = lines(connection(), limit=4)
    assert [line.act for line in (put, seen, hit, empty)] == [
        Act.PUT,
        Act.READ,
        Act.SEARCH,
        Act.SEARCH,
    ]
    assert put.resources == seen.resources == hit.resources == put.patients
    assert empty.resources == ()
    for line in (put, seen, hit, empty):
        assert (line.who.person, line.who.purpose) == ("system:test", "HSYSADMIN")
        assert (line.type, line.areas != 0, line.outcome) == ("Patient", True, Outcome.DONE)


@pytest.mark.usefixtures("empty_log")
def test_what_is_rolled_back_leaves_no_line_and_no_gap() -> None:
    database = connection()

    def write_and_fail() -> None:
        with transaction():
            database.execute(WRITE)
            raise RuntimeError

    database.execute(WRITE)
    with pytest.raises(RuntimeError):
        write_and_fail()
    with transaction():
        database.execute(WRITE)
        with pytest.raises(RuntimeError):
            write_and_fail()  # in a savepoint
        database.execute(WRITE)

    assert [row[0] for row in database.execute(LINE)] == [1, 2, 3]
    assert sound()


def test_no_writer_waits_for_another(another: Writer) -> None:
    first, second = another(), another()
    for database in (first, second):
        database.execute("set lock_timeout = '1s'")
    with first.transaction():
        write_line(first)
        with second.transaction():
            write_line(second)
        write_line(first)
    with first.transaction():  # somebody new, whom nobody has written before
        write_line(first, person="Practitioner/new")
        write_line(second, person="Practitioner/new")
    assert sound()


def test_writers_at_once_make_chains_that_hold(another: Writer) -> None:
    writers = [another() for _ in range(4)]

    def work(database: psycopg.Connection[Any]) -> None:
        for number in range(50):
            write_line(database, patients=[number + 1])

    threads = [threading.Thread(target=work, args=(database,)) for database in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    counted = connection().execute("select chain, count(*), max(n) from access.log group by 1")
    assert sorted(counted.fetchall()) == sorted((w.info.backend_pid, 50, 50) for w in writers)
    assert sound()


def test_no_setting_of_a_connection_changes_what_is_hashed(another: Writer) -> None:
    for setting in (
        "timezone = 'Pacific/Kiritimati'", "bytea_output = 'escape'", "client_encoding = 'LATIN1'",
        "datestyle = 'German'", "extra_float_digits = -15", "intervalstyle = 'iso_8601'",
        "search_path = pg_temp",
    ):  # fmt: skip
        database = another()
        database.execute(f"set {setting}")
        write_line(database, person="Practitioner/Bjørn")
    assert sound()


@pytest.mark.parametrize(
    "statement",
    [
        f"{verb} access.{table}{rest}"
        for table, column in (
            ("log", "n"), ("log_rest", "n"), ("log_who", "person"), ("log_seal", "n"), ("log_chain", "sealed"),
        )
        for verb, rest in (
            ("insert into", " default values"), ("delete from", ""), ("truncate", ""),
            ("update", f" set {column} = null"),
        )
    ],
)  # fmt: skip
def test_the_run_time_role_can_only_add_lines_by_the_function(
    another: Writer, statement: str
) -> None:
    database = another()
    write_line(database)
    with pytest.raises(errors.InsufficientPrivilege):
        database.execute(statement)


def test_the_run_time_role_has_no_way_to_a_month_by_its_name(another: Writer) -> None:
    database = another()
    months = database.execute(
        "select c.relname from pg_class c where c.relname ~ '^log_[0-9]{4}_[0-9]{2}$'"
    ).fetchall()
    assert len(months) >= 4
    for (name,) in months:
        for statement in (
            f"delete from access.{name}",
            f"truncate access.{name}",
            f"drop table access.{name}",
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                database.execute(statement)
    for function in ("log_take_up(1)", "log_protect('log')"):
        with pytest.raises(errors.InsufficientPrivilege):
            database.execute(f"select access.{function}")


@pytest.mark.parametrize("statement", ["update {} set n = 0", "delete from {}", "truncate {}"])
@pytest.mark.parametrize("of", ["access.log", "month", "access.log_who", "access.log_seal"])
def test_even_the_owner_is_refused(another: Writer, statement: str, of: str) -> None:
    write_line(another())
    with tampering() as owner:
        owner.execute("reset session_replication_role")
        month = owner.execute("select tableoid::regclass::text from access.log limit 1").fetchone()
        assert month is not None
        table = month[0] if of == "month" else of
        told = statement.format(table).replace("n = 0", "number = null" if "who" in of else "n = 0")
        with pytest.raises(errors.RaiseException, match="append-only"):
            owner.execute(told)


def test_a_head_that_was_set_by_hand_is_found(another: Writer) -> None:
    """The head lies in a setting of the connection: whoever sets it breaks her own chain."""
    for head in ("9:0:", "1:0:00"):
        database = another()
        write_line(database)
        write_line(database)
        database.execute("select set_config('fj.log_head', %s, false)", [head])
        write_line(database)
        assert not sound()
