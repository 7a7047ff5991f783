"""A table of a view says what the record says: after each write, each kill, each change of the view."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import psycopg
import pytest
from django.db import Error
from django.db import connection as django_connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fellesjournal.access import flattening as door
from fellesjournal.access.records import read
from fellesjournal.access.writing import Operation, write
from fellesjournal.fhir.issues import NotAllowed
from fellesjournal.fhir.views import compile_view
from fellesjournal.foundation.database.connection import connection
from fellesjournal.foundation.outbox.wiring import timers
from fellesjournal.leadership.indicators import flattening, jobs
from fellesjournal.leadership.indicators.flattening import keep_up, rebuild
from fellesjournal.leadership.indicators.queries import refused, seen_until
from fellesjournal.leadership.indicators.tables import Table
from tests.leadership.indicators.views import (
    BLOOD_PRESSURES,
    FLATTENER,
    MEASURED,
    PATIENTS,
    PEOPLE,
    observations,
)
from tests.owner import as_owner
from tests.staff import SYSTEM, employ, put, register

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_record")]


def _stands(table: Table) -> list[tuple[Any, ...]]:
    """The rows of a table with references in the place of numbers."""
    return sorted(
        connection()
        .execute(
            "select r.fhir_id, s.fhir_id, m.status, m.code, m.amount, m.measured, m.measured_day"
            f" from figures.{table.name} m join store.resource r on r.rid = m.observation"
            " left join store.resource s on s.rid = m.subject"
        )
        .fetchall(),
        key=str,
    )


def _expected() -> list[tuple[Any, ...]]:
    """What the view gives of each Observation that stands, read one by one."""
    view = compile_view(BLOOD_PRESSURES)
    ids = connection().execute(
        "select r.fhir_id from store.resource r where r.type = ("
        " select type from store.resource where fhir_id like 'o%%' limit 1)"
        " and r.version > 0 and not r.deleted and r.fhir_id like 'o%%'"
    )
    rows: list[tuple[Any, ...]] = []
    for (fhir_id,) in ids.fetchall():
        body = read(SYSTEM, "Observation", fhir_id).body
        assert body is not None
        for key, subject, status, _, code, amount in view.rows(orjson.loads(body)):
            rows.append((key.partition("/")[2], subject.partition("/")[2], status, code, amount))
    return sorted(rows, key=str)


def _agrees() -> bool:
    found = [(row[0], row[1], row[2], row[3], row[4]) for row in _stands(MEASURED)]
    known = {(a, b, c, d, None if e is None else float(e)) for a, b, c, d, e in found}
    wanted = _expected()
    return len(found) == len(wanted) and known == {
        (a, b, c, d, None if e is None else float(e)) for a, b, c, d, e in wanted
    }


def _caught_up(*tables: Table) -> None:
    assert keep_up(FLATTENER, tables or [MEASURED], seconds=60)


def _observe(fhir_id: str, amount: float = 120, **more: Any) -> None:
    put(
        "Observation",
        fhir_id,
        **{
            "status": "final",
            "code": {"text": "blood pressure"},
            "subject": {"reference": "Patient/p1"},
            "effectiveDateTime": "2026-01-31T23:30:00Z",
            "component": [
                {
                    "code": {"coding": [{"system": "http://loinc.org", "code": "8480-6"}]},
                    "valueQuantity": {"value": amount},
                }
            ],
            **more,
        },
    )


def _delete(fhir_id: str) -> None:
    write(SYSTEM, [Operation("delete", "Observation", id=fhir_id)])


def test_a_write_a_change_and_a_delete_are_in_the_table_with_the_next_call() -> None:
    register("p1")
    _caught_up()
    _observe("o1")
    _caught_up()
    ((_, patient, _, code, amount, _, day),) = _stands(MEASURED)
    assert (patient, code, amount, str(day)) == ("p1", "8480-6", 120, "2026-02-01")
    _observe("o1", 80)
    _caught_up()
    assert [row[4] for row in _stands(MEASURED)] == [80]
    _delete("o1")
    _caught_up()
    assert _stands(MEASURED) == []


def test_one_tick_of_the_clock_brings_a_write_into_the_table(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    register("p1")
    monkeypatch.setattr(jobs, "registered", lambda: (MEASURED,))
    jobs.flatten(FLATTENER)
    _observe("o1")
    jobs.flatten(FLATTENER)
    assert _agrees()


_ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.sampled_from(["o1", "o2", "o3"]), observations()),
        st.tuples(st.just("delete"), st.sampled_from(["o1", "o2", "o3"]), st.none()),
        st.tuples(st.just("keep up"), st.just(""), st.none()),
        st.tuples(st.just("rebuild"), st.just(""), st.none()),
    ),
    min_size=1,
    max_size=12,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(_ACTS)
def test_whatever_is_written_when_the_table_says_what_the_record_says(
    acts: list[tuple[str, str, Any]],
) -> None:
    register("p1")
    register("p2")
    there: set[str] = set()
    for act, fhir_id, data in acts:
        if act == "put":
            put("Observation", fhir_id, **data)
            there.add(fhir_id)
        elif act == "delete" and fhir_id in there:
            _delete(fhir_id)
            there.discard(fhir_id)
        elif act == "rebuild":
            rebuild(FLATTENER, MEASURED)
        else:
            keep_up(FLATTENER, [MEASURED], seconds=60)
    _caught_up()
    assert _agrees()
    before = _stands(MEASURED)
    rebuild(FLATTENER, MEASURED)
    assert _stands(MEASURED) == before


def test_a_batch_that_comes_again_changes_nothing() -> None:
    register("p1")
    for number in range(5):
        _observe(f"o{number}")
    _caught_up()
    before = _stands(MEASURED)
    connection().execute("update figures.flattened set position = 0")
    _caught_up()
    assert _stands(MEASURED) == before


def _killed(backend: int) -> bool:
    """The server process of a connection is ended, as when its client is gone: all is undone."""
    with as_owner() as database:
        return database.execute("select pg_terminate_backend(%s)", [backend]).fetchone() == (True,)


def test_work_that_is_cut_off_anywhere_is_taken_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process is gone in the middle of a batch, again and again; nothing is lost or doubled."""
    monkeypatch.setattr(flattening, "BATCH", 7)
    register("p1")
    stop = threading.Event()
    backends: list[int] = []
    kills = 0

    def flatten() -> None:
        while not stop.is_set():
            try:
                backends[:] = [connection().info.backend_pid]
                if keep_up(FLATTENER, [MEASURED], seconds=5):
                    rebuild(FLATTENER, MEASURED)
            except (Error, psycopg.Error):
                django_connection.close()
        django_connection.close()

    worker = threading.Thread(target=flatten)
    worker.start()
    choice = random.Random(5)
    for number in range(60):
        _observe(f"o{number % 25}", number)
        time.sleep(choice.random() * 0.03)
        if backends and number % 3 == 0:
            kills += _killed(backends[0])
    stop.set()
    worker.join()
    assert kills > 5
    _caught_up()
    assert _agrees()


def test_two_processes_at_once_do_each_resource_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flattening, "BATCH", 5)
    register("p1")
    for number in range(40):
        _observe(f"o{number}")

    def flatten(table: Table) -> None:
        try:
            keep_up(FLATTENER, [table], seconds=30)
        finally:
            django_connection.close()

    failures: list[BaseException] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: failures.append(args.exc_value))
    for again in range(8):
        view = {**BLOOD_PRESSURES, "where": [{"path": f"status != 'x{again}'"}]}
        table = replace(MEASURED, definition=view)
        workers = [threading.Thread(target=flatten, args=(table,)) for _ in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        _caught_up(table)
        assert _agrees()
    assert failures == []


def test_who_reads_meets_each_resource_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Old rows and new ones change places in one moment, also when a table takes another's place."""
    register("p1")
    _observe("o1")
    _caught_up()
    stop = threading.Event()

    def flatten() -> None:
        while not stop.is_set():
            keep_up(FLATTENER, [MEASURED], seconds=5)
            rebuild(FLATTENER, MEASURED)
        django_connection.close()

    def write() -> None:
        number = 0
        while not stop.is_set():
            _observe("o1", number := number + 1)
        django_connection.close()

    failures: list[BaseException] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: failures.append(args.exc_value))
    threads = [threading.Thread(target=flatten), threading.Thread(target=write)]
    for thread in threads:
        thread.start()
    counts = set()
    ending = time.monotonic() + 3
    while time.monotonic() < ending:
        counts.add(connection().execute("select count(*) from figures.measured").fetchone())
    stop.set()
    for thread in threads:
        thread.join()
    assert counts == {(1,)}
    assert failures == []


def test_a_changed_view_is_made_anew_while_the_old_table_is_read() -> None:
    register("p1")
    _observe("o1")
    _caught_up()
    changed = replace(MEASURED, definition={**BLOOD_PRESSURES, "where": []})
    _observe("o2", status="entered-in-error")
    _caught_up()
    assert len(_stands(MEASURED)) == 1
    _caught_up(changed)
    assert len(_stands(MEASURED)) == 2
    assert len(connection().execute("select from figures.flattened").fetchall()) == 1


def test_a_table_in_the_making_of_a_view_that_changed_again_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(flattening, "BATCH", 1)
    register("p1")
    _observe("o1")
    _observe("o2")
    assert not keep_up(FLATTENER, [MEASURED], seconds=0)
    changed = replace(MEASURED, definition={**BLOOD_PRESSURES, "where": []})
    _caught_up(changed)
    assert len(_stands(MEASURED)) == 2


def test_tables_of_one_type_and_of_others_are_kept_together() -> None:
    register("p1", gender="female", birthDate="1970-02-01", name=[{"family": "Ås"}])
    _observe("o1")
    women = replace(PEOPLE, name="women", definition={**PATIENTS, "name": "women",
                    "where": [{"path": "gender = 'female'"}]})  # fmt: skip
    _caught_up(MEASURED, PEOPLE, women)
    register("p2", gender="male")
    _caught_up(MEASURED, PEOPLE, women)
    count = "select (select count(*) from figures.people), (select count(*) from figures.women)"
    assert connection().execute(count).fetchone() == (2, 1)


def test_a_resource_that_does_not_fit_is_counted_and_stops_no_other() -> None:
    several = {
        **PATIENTS,
        "select": [
            {"column": [{"name": "use", "path": "name.use"}, {"name": "born", "path": "birthDate"}]}
        ],
    }
    table = Table("people", several, "born")
    register("p1", name=[{"use": "usual"}, {"use": "official"}])
    register("p2", name=[{"use": "usual"}])
    _caught_up(table)
    assert connection().execute("select use from figures.people").fetchall() == [("usual",)]
    assert refused(FLATTENER, table) == 1
    register("p1", name=[{"use": "old"}])
    _caught_up(table)
    assert refused(FLATTENER, table) == 0


def test_what_the_job_takes_leaves_a_line_in_the_log() -> None:
    register("p1")
    _observe("o1")
    _caught_up()
    rows = connection().execute(
        "select count(*) from access.log l join access.log_who w on w.number = l.who"
        " where w.person = 'system:flatten-views' and w.purpose = 'HOPERAT'"
    )
    assert rows.fetchone() == (1,)


def test_the_clock_starts_the_job_every_other_second_with_a_purpose() -> None:
    timer = timers()["flatten-views"]
    assert timer.job is jobs.flatten
    assert timer.every <= timedelta(seconds=2)
    assert timer.purpose == "HOPERAT"


def test_nobody_but_the_platform_takes_from_the_feed() -> None:
    doctor = employ("d")
    with pytest.raises(NotAllowed):
        door.changed_after(doctor, "Patient", 0)
    with pytest.raises(NotAllowed):
        door.numbers_of(doctor, ["Patient/p1"])


def test_the_run_time_role_makes_no_table_but_those_of_figures() -> None:
    for view, kind in (("x; drop", "text"), ("x", "jsonb"), ("X", "text")):
        with pytest.raises(psycopg.Error):
            connection().execute("select figures.make(%s, '', array['a'], array[%s])", [view, kind])
    with pytest.raises(psycopg.Error):
        connection().execute("create table figures.own (a text)")


def test_how_far_a_table_has_seen_is_told() -> None:
    register("p1")
    assert seen_until(FLATTENER, MEASURED) is None
    _caught_up()
    first = seen_until(FLATTENER, MEASURED)
    _observe("o1")
    _caught_up()
    second = seen_until(FLATTENER, MEASURED)
    assert first is not None
    assert second is not None
    assert second > first
