"""Finding lines again, and the names behind them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fellesjournal.access.readlog.queries import Line, line, lines, names_of, number_of
from fellesjournal.access.readlog.seen_by import seen_by
from fellesjournal.access.sessions import system_session
from fellesjournal.access.writing import Operation, write
from fellesjournal.fhir import bodies
from fellesjournal.foundation.database.connection import connection
from tests.access.readlog.conftest import Writer, write_line

SESSION = system_session("system:test", purpose="HSYSADMIN")


def keys(found: list[Line]) -> list[str]:
    return [one.key for one in found]


def test_pages_hold_each_line_once_while_others_write(another: Writer) -> None:
    database = another()
    written = [write_line(database) for _ in range(25)]
    seen, before = [], None
    while True:
        page = lines(connection(), before=before, limit=10)
        if not page:
            break
        seen += [one.id for one in page]
        before = page[-1].key
        write_line(another())  # newer than the first page
    assert seen == sorted(written, reverse=True)


def test_lines_are_found_by_patient_person_unit_and_period(another: Writer) -> None:
    database = another()
    begun = datetime.now(UTC)
    hers = write_line(database, patients=[501, 502])
    other = write_line(database, patients=[502], person="Practitioner/2", unit="Organization/x")

    def ids(**conditions: object) -> list[int]:
        return [one.id for one in lines(connection(), **conditions)]  # type: ignore[arg-type]  # by name, as given

    assert ids(patient=501) == [hers]
    assert ids(patient=502) == [other, hers]
    assert ids(person="Practitioner/2") == [other]
    assert ids(unit="Organization/u") == [hers]
    assert ids(patient=502, person="Practitioner/2", unit="Organization/u") == []
    assert ids(since=begun, until=begun + timedelta(hours=1)) == [other, hers]
    assert ids(until=begun) == []
    assert ids(since=begun + timedelta(hours=1)) == []


def test_a_line_is_found_by_its_key_and_by_nothing_else(another: Writer) -> None:
    write_line(another())
    (found,) = lines(connection())
    assert line(connection(), found.key) == found
    for key in (
        "",
        "1.1",
        f"{found.id}",
        f"{found.id}.{found.chain + 1}",
        "x.y",
        "1" * 40 + ".1",
        "-1.1",
    ):
        assert line(connection(), key) is None


@pytest.mark.usefixtures("empty_record")
def test_the_citizen_sees_names_and_places_of_the_record(another: Writer) -> None:
    def put(raw: bytes) -> Operation:
        body = bodies.parse(raw)
        return Operation("update", body.data["resourceType"], id=body.data["id"], body=body)

    write(
        SESSION,
        [
            put(b'{"resourceType":"Practitioner","id":"1","name":[{"family":"Dahl","given":["Dina"]}]}'),
            put(b'{"resourceType":"Organization","id":"u","name":"Medical ward"}'),
            put(b'{"resourceType":"Patient","id":"kari"}'),
        ],
    )  # fmt: skip
    kari = number_of(connection(), "Patient/kari")
    assert kari is not None
    database = another()
    for _ in range(3):
        write_line(database, patients=[kari], resources=[kari])
    write_line(database, patients=[kari + 1000], resources=[kari + 1000])

    page = seen_by(connection(), kari, language="en")
    assert page.before is None
    assert [
        (one.name, one.unit, one.count, one.what) for one in page.visits if not one.is_system
    ] == [("Dina Dahl", "Medical ward", 3, ("name, address and next of kin",))]
    names = names_of(connection(), lines(connection()))
    assert names.reference(kari) == "Patient/kari"
    assert number_of(connection(), "Patient/never") is None
