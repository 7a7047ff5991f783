"""Ties between those who read and those who are read, found in the record."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from fellesjournal.access.readlog.explanations import Flag
from fellesjournal.access.readlog.queries import lines, number_of
from fellesjournal.access.readlog.reviewing import remarks
from fellesjournal.access.readlog.ties import citizen_of, is_family, ties_of
from fellesjournal.access.sessions import system_session
from fellesjournal.access.writing import Operation, write
from fellesjournal.fhir import bodies
from fellesjournal.foundation.clock import today
from fellesjournal.foundation.database.connection import connection
from fellesjournal.registry.numbers import FNR_SYSTEM
from tests.access.readlog.conftest import Writer, tampering, write_line

SESSION = system_session("system:test", purpose="HSYSADMIN")
HOME = {"line": ["Storgata  1"], "postalCode": "0155"}
READER, SISTER, SPOUSE, STRANGER = "17054026641", "13116900216", "05073500186", "21016400952"


def resource(kind: str, fhir_id: str, number: str | None = None, **more: Any) -> Operation:
    data = {"resourceType": kind, "id": fhir_id, **more}
    if number:
        data["identifier"] = [{"system": FNR_SYSTEM, "value": number}]
    return Operation("update", kind, id=fhir_id, body=bodies.parse(orjson.dumps(data)))


@pytest.fixture
def record(empty_record: None, empty_log: None) -> dict[str, int]:
    """A reader with a spouse at her address, a sister by RelatedPerson, and others."""
    del empty_record, empty_log
    public = {
        "security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "CEL"}]
    }
    write(
        SESSION,
        [
            resource("Practitioner", "1", READER),
            resource("Practitioner", "2", STRANGER),
            resource("Organization", "u", name="Ward"),
            resource("Patient", "reader", READER, address=[HOME]),
            resource("Patient", "spouse", SPOUSE, address=[HOME | {"line": ["storgata 1"]}]),
            resource("Patient", "sister", SISTER, address=[HOME | {"postalCode": "5003"}]),
            resource("RelatedPerson", "r", READER, patient={"reference": "Patient/sister"}),
            resource("Patient", "colleague", STRANGER),
            resource("Patient", "known", meta=public),
            resource("Patient", "stranger", address=[HOME | {"use": "old"}]),
        ],
    )
    names = ("reader", "spouse", "sister", "colleague", "known", "stranger")
    found = {name: number_of(connection(), f"Patient/{name}") for name in names}
    return {name: number for name, number in found.items() if number is not None}


def test_family_colleagues_and_known_persons_are_found_in_the_record(
    record: dict[str, int], another: Writer
) -> None:
    database = another()
    employ("2", "u")
    for number in record.values():
        write_line(database, patients=[number], resources=[number])

    ties = ties_of(connection(), lines(connection()))
    assert ties.own == {"Practitioner/1": record["reader"]}
    assert ties.family == {"Practitioner/1": frozenset({record["spouse"], record["sister"]})}
    assert ties.colleagues == {"Organization/u": frozenset({record["colleague"]})}
    assert ties.public == frozenset({record["known"]})

    told = {
        (one.flag, one.patient)
        for one in remarks(connection(), first=today(), last=today(), unit="Organization/u")
        if one.flag is not Flag.NO_GROUND
    }
    assert told == {
        (Flag.OWN_RECORD, record["reader"]),
        (Flag.OWN_FAMILY, record["spouse"]),
        (Flag.OWN_FAMILY, record["sister"]),
        (Flag.COLLEAGUE, record["colleague"]),
        (Flag.PUBLIC_PERSON, record["known"]),
    }
    assert list(remarks(connection(), first=today(), last=today(), unit="Organization/x")) == []


def test_a_relative_in_the_readers_own_record_is_family_too() -> None:
    reader, read = (
        citizen_of({"identifier": [{"system": FNR_SYSTEM, "value": n}]}) for n in (READER, SISTER)
    )
    nobody = frozenset[str]()
    assert is_family(
        reader, read, relatives_of_reader=frozenset({SISTER}), relatives_of_read=nobody
    )
    assert not is_family(reader, read, relatives_of_reader=nobody, relatives_of_read=nobody)


@pytest.mark.parametrize(
    "address", [{}, {"line": ["Storgata 1"]}, {"postalCode": "0155"}, HOME | {"use": "old"}]
)
def test_half_an_address_is_no_shared_address(address: dict[str, Any]) -> None:
    assert citizen_of({"address": [address]}).addresses == frozenset()


def employ(practitioner: str, unit: str) -> None:
    """A row as access/relations derives it from a PractitionerRole."""
    with tampering() as owner:
        owner.execute(
            "insert into access.employment (source, practitioner, unit, code, starts, ends)"
            " values (999999, %s, %s, 'doctor', 0, 9e15::bigint)",
            [
                number_of(connection(), f"Practitioner/{practitioner}"),
                number_of(connection(), f"Organization/{unit}"),
            ],
        )
