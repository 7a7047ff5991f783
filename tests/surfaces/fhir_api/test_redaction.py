"""Planted addresses of a protected person in no answer of the API, whatever is asked (INV-40)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from fellesjournal.access.citizens import citizen
from fellesjournal.access.sessions import Session
from tests.access.test_redaction import NUMBER, PLANTED, app_of, doctor, settled
from tests.surfaces.fhir_api.client import Answer, Client

pytestmark = pytest.mark.django_db

__all__ = ["doctor", "settled"]  # fixtures

Ask = Callable[..., Answer]

ADDRESSES = (
    "Patient/p",
    "Patient/p?_elements=address,telecom",
    "Patient/p?_summary=data",
    "Patient/p/_history",
    "Patient/p/_history/1",
    "Patient/p/_history/2",
    "Patient/p/$everything",
    "Patient/p/$meta",
    "Patient/p/$validate",
    "Patient?_sort=address",
    "Patient?_include=Patient:general-practitioner&_revinclude=RelatedPerson:patient",
    "Patient?_summary=true",
    "Patient/p/RelatedPerson",
    "Patient/p/*",
    "RelatedPerson/mother",
    "RelatedPerson?patient=p&_include=RelatedPerson:patient",
    "Observation/o",
    "Observation?_include=*",
    "Practitioner/d",
    "PractitionerRole?_include=PractitionerRole:practitioner",
    "?_type=Patient,RelatedPerson,Observation,Practitioner",
)
HISTORIES = ("_history", "Patient/_history", "RelatedPerson/_history", "Practitioner/_history")


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Sends a request as a session."""

    def asked(
        session: Session, method: str, address: str, body: object = None, **more: Any
    ) -> Answer:
        monkeypatch.setattr(
            sys.modules["fellesjournal.surfaces.fhir_api.application"],
            "_session",
            lambda _: session.again(),
        )
        return Client("x").request(method, address, body, **more)

    return asked


def _scan(answer: Answer, *, numbers: bool) -> None:
    assert answer.status < 500
    for planted in (*PLANTED, *((NUMBER,) if numbers else ())):
        assert planted.encode() not in answer.body, planted


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_answer_holds_what_is_left_out(doctor: Session, ask: Ask, address: str) -> None:
    for session, numbers in ((doctor, False), (app_of(doctor), True), (citizen("p"), True)):
        _scan(ask(session, "GET", address), numbers=numbers)


@pytest.mark.parametrize("address", HISTORIES)
def test_no_history_holds_what_is_left_out(settled: Session, ask: Ask, address: str) -> None:
    for session, numbers in ((settled, False), (app_of(settled), True), (citizen("p"), True)):
        _scan(ask(session, "GET", address), numbers=numbers)


def test_no_entry_of_a_batch_holds_it(doctor: Session, ask: Ask) -> None:
    entries = [{"request": {"method": "GET", "url": address}} for address in ADDRESSES[:-1]]
    batch = {"resourceType": "Bundle", "type": "batch", "entry": entries}
    for session, numbers in ((doctor, False), (app_of(doctor), True)):
        answer = ask(session, "POST", "", batch)
        assert answer.status == 200
        assert b"Skjult" in answer.body
        _scan(answer, numbers=numbers)


def test_no_refusal_of_a_patch_holds_it(doctor: Session, ask: Ask) -> None:
    refusals = set()
    for value in (PLANTED[1], "OSLO"):
        patch = orjson.dumps([{"op": "test", "path": "/address/0/city", "value": value}])
        answer = ask(
            doctor, "PATCH", "Patient/p", patch, content_type="application/json-patch+json"
        )
        refusals.add((answer.status, answer.body))
    assert len(refusals) == 1
    assert refusals.pop()[0] == 403
