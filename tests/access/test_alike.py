"""What may not be seen and what is not there cost the same work (INV-33): the same statements.

Time itself is no test: machines drift. Statements and their plans are what time is made of.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psycopg
import pytest

from fellesjournal.access import patients, records
from fellesjournal.access.everything import Wanted, everything
from fellesjournal.access.sessions import Session
from fellesjournal.access.writing import Operation, write
from fellesjournal.fhir import bodies
from fellesjournal.fhir.issues import FhirError
from tests.staff import employ, put, register

_BODY = b'{"resourceType":"Observation","id":"%s","status":"final","code":{"text":"x"}}'


def _read(session: Session, fhir_id: str) -> object:
    return records.read(session, "Observation", fhir_id)


def _read_version(session: Session, fhir_id: str) -> object:
    return records.read_version(session, "Observation", fhir_id, 1)


def _history(session: Session, fhir_id: str) -> object:
    return records.history(session, type_name="Observation", fhir_id=fhir_id)


def _search(session: Session, fhir_id: str) -> object:
    return records.search(session, "Observation", [("_id", fhir_id), ("_total", "accurate")])


def _update(session: Session, fhir_id: str) -> object:
    body = bodies.parse(_BODY % fhir_id.encode())
    return write(session, [Operation("update", "Observation", id=fhir_id, body=body)])


def _delete(session: Session, fhir_id: str) -> object:
    return write(session, [Operation("delete", "Observation", id=fhir_id)])


def _chart(session: Session, fhir_id: str) -> object:
    return patients.record_of(session, fhir_id, {"Observation": 10})


def _everything(session: Session, fhir_id: str) -> object:
    return everything(session, fhir_id, Wanted(), count=10, cursor=None)


def _of_patient(session: Session, fhir_id: str) -> object:
    return records.search(session, "Observation", [("patient", fhir_id), ("_count", "5")])


# What other transactions are under way, for those of other tests are written out in a search.
_SNAPSHOT = re.compile(
    r" or \(\w+\.\w+ < '\d+'::xid8( and \w+\.\w+ <> all\('[\d,{}]*'::xid8\[\]\))?\)|'\d+'::xid8"
)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("act", "hidden"),
    [
        (_read, "hidden"),
        (_read_version, "hidden"),
        (_history, "hidden"),
        (_search, "hidden"),
        (_update, "hidden"),
        (_delete, "hidden"),
        (_chart, "b"),
        (_everything, "b"),
        (_of_patient, "b"),
    ],
)
def test_the_unseen_and_the_absent_take_the_same_statements(
    act: Callable[[Session, str], object], hidden: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    doctor = employ("d")
    register("b")
    put("Observation", "hidden", status="final", code={"text": "x"},
        subject={"reference": "Patient/b"})  # fmt: skip
    done: list[str] = []
    execute = psycopg.Connection.execute

    def noted(self: Any, query: Any, *values: Any, **more: Any) -> Any:
        if "store.fact" not in str(query):  # the state of the index, looked at once a second
            done.append(_SNAPSHOT.sub("", str(query)))
        return execute(self, query, *values, **more)

    monkeypatch.setattr(psycopg.Connection, "execute", noted)
    asked: dict[str, list[str]] = {}
    for fhir_id in ("absent", hidden):
        with suppress(FhirError):
            act(doctor.again(), fhir_id)
        asked[fhir_id], done = done, []
    assert len(asked["absent"]) > 0
    assert asked[hidden] == asked["absent"]
