"""Practitioner.active ends and resumes all employment, at the next request (INV-38)."""

from __future__ import annotations

import queue
import threading

import pytest
from django.db import connection as django_connection
from django.db import transaction

from fellesjournal.access import records
from fellesjournal.access.directory.reports import counts_of
from fellesjournal.access.relations.checking import check_facts
from fellesjournal.access.sessions import Session
from fellesjournal.access.writing import Operation, write
from fellesjournal.fhir import bodies
from fellesjournal.fhir.issues import NotAllowed
from tests.staff import SYSTEM, employ, put, register


def may_read(session: Session) -> bool:
    try:
        records.read(session.again(), "Patient", "a")
    except NotAllowed:
        return False
    return True


@pytest.fixture
def doctor(db: None) -> Session:
    del db
    found = employ("d")
    register("a", "Practitioner/d")
    return found


def test_who_is_not_active_is_employed_nowhere_until_she_is_again(doctor: Session) -> None:
    other = employ("other")
    register("a", "Practitioner/d", "Practitioner/other")
    assert may_read(doctor)
    put("Practitioner", "d", active=False)
    assert not doctor.again().stands()
    assert not may_read(doctor)
    assert may_read(other)
    put("Practitioner", "d", active=True)
    assert may_read(doctor)
    put("Practitioner", "d", active=False)
    put("Practitioner", "d", name=[{"family": "d"}])
    assert may_read(doctor)
    assert list(check_facts(SYSTEM)) == []


def test_a_role_that_is_written_while_she_is_not_active_gives_nothing(doctor: Session) -> None:
    put("Practitioner", "d", active=False)
    role = records.read(SYSTEM.again(), "PractitionerRole", "d-role")
    put("PractitionerRole", "d-role", **_members(role.body))
    assert not may_read(doctor)
    assert list(check_facts(SYSTEM)) == []


def test_who_is_deleted_is_employed_nowhere_and_is_again_when_she_is_brought_back(
    doctor: Session,
) -> None:
    write(SYSTEM.again(), [Operation("delete", "Practitioner", id="d")])
    assert not may_read(doctor)
    put("Practitioner", "d", name=[{"family": "d"}])
    assert may_read(doctor)


def test_a_change_that_is_rolled_back_ends_nothing(doctor: Session) -> None:
    with transaction.atomic():
        put("Practitioner", "d", active=False)
        assert not may_read(doctor)
        transaction.set_rollback(True)
    assert may_read(doctor)


def test_the_report_of_who_sees_what_has_nobody_who_is_not_active(doctor: Session) -> None:
    del doctor
    assert counts_of(SYSTEM.again(), "d-role")
    put("Practitioner", "d", active=False)
    assert counts_of(SYSTEM.again(), "d-role") == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_record")
def test_a_session_that_is_live_elsewhere_ends_and_resumes_at_its_next_request() -> None:
    session = employ("d")
    register("a", "Practitioner/d")
    asked: queue.Queue[str] = queue.Queue()
    answers: queue.Queue[bool] = queue.Queue()

    def at_work() -> None:
        """Another connection, entered all the time, as a server's thread is."""
        while asked.get(timeout=30) != "end":
            answers.put(may_read(session))
        django_connection.close()

    def may_read_there() -> bool:
        asked.put("read")
        return answers.get(timeout=30)

    thread = threading.Thread(target=at_work)
    thread.start()
    try:
        assert may_read_there()
        with transaction.atomic():
            put("Practitioner", "d", active=False)
            assert may_read_there()  # not committed: nobody waits, nobody is told early
        assert not may_read_there()
        put("Practitioner", "d", active=True)
        assert may_read_there()
    finally:
        asked.put("end")
        thread.join()


def _members(body: bytes | None) -> dict[str, object]:
    assert body is not None
    return {
        k: v for k, v in bodies.parse(body).data.items() if k not in {"resourceType", "id", "meta"}
    }
