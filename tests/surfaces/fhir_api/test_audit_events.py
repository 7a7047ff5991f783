"""AuditEvents of the read log over the API: whose, for whom, in pages, and with nothing that
should not be there.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import fields
from datetime import timedelta
from typing import Any

import orjson
import pytest

from fellesjournal.access import records
from fellesjournal.access.citizens import citizen
from fellesjournal.access.sessions import Session, system_session
from fellesjournal.access.smart import scopes
from fellesjournal.access.smart.sessions import SmartSession
from fellesjournal.foundation import clock
from fellesjournal.registry.numbers import FNR_SYSTEM, HPR_SYSTEM
from tests.staff import employ, put, register
from tests.surfaces.fhir_api.client import Answer, Client

pytestmark = pytest.mark.django_db

NUMBER = "13116900216"
Ask = Callable[..., Answer]


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Sends a request as a session."""

    def asked(session: Session, address: str) -> Answer:
        monkeypatch.setattr(
            sys.modules["fellesjournal.surfaces.fhir_api.application"],
            "_session",
            lambda _: session.again(),
        )
        return Client("x").request("GET", address)

    return asked


@pytest.fixture
def doctor() -> Session:
    """Doctor d has read the records of p and q, on whose list they are."""
    session = employ("d")
    put(
        "Practitioner", "d", name=[{"family": "Lyngbakk"}],
        identifier=[
            {"system": FNR_SYSTEM, "value": NUMBER}, {"system": HPR_SYSTEM, "value": "500000001"},
        ],
    )  # fmt: skip
    for patient in ("p", "q"):
        register(patient, "Practitioner/d")
        records.read(session.again(), "Patient", patient)
    return session


def app_of(session: Session, scope: str, patient: str = "") -> SmartSession:
    """The same person through an app."""
    held = {field.name: getattr(session, field.name) for field in fields(Session)}
    read = scopes.access_of(scopes.parse(scope))
    return SmartSession(**held, client_id="app", scopes=read, patient=patient)


def _by_doctor(answer: Answer) -> list[Any]:
    assert answer.status == 200, answer.body
    return [each for each in answer.resources if b"Lyngbakk" in orjson.dumps(each)]


def test_a_citizen_reads_her_own_log(doctor: Session, ask: Ask) -> None:
    for address in ("AuditEvent?patient=Patient/p", "AuditEvent?patient=p", "AuditEvent",
                    "Patient/p/AuditEvent"):  # fmt: skip
        (event,) = _by_doctor(ask(citizen("p"), address))
        assert event["purposeOfEvent"][0]["coding"][0]["code"] == "TREAT"
    again = ask(citizen("p"), f"AuditEvent/{event['id']}")
    assert again.status == 200
    assert again.json["id"] == event["id"]
    del doctor


def test_no_number_of_staff_is_in_it_for_anybody(doctor: Session, ask: Ask) -> None:
    officer = employ("o", "data-protection-officer", "v")
    for session in (citizen("p"), officer):
        answer = ask(session, "AuditEvent?patient=Patient/p")
        (event,) = _by_doctor(answer)
        assert NUMBER.encode() not in answer.body
        assert NUMBER.encode() not in ask(session, f"AuditEvent/{event['id']}").body
    del doctor


def test_everybody_else_gets_nothing(doctor: Session, ask: Ask) -> None:
    event = _by_doctor(ask(citizen("p"), "AuditEvent"))[0]
    leader = employ("l", "unit-leader")
    for session in (citizen("q"), doctor, leader):
        answer = ask(session, "AuditEvent?patient=Patient/p")
        assert answer.status == 404 or answer.resources == []
        assert ask(session, f"AuditEvent/{event['id']}").status == 404
    unknown = ask(citizen("q"), "AuditEvent?patient=Patient/nobody")
    hers = ask(citizen("q"), "AuditEvent?patient=Patient/p")
    assert unknown.status == hers.status
    assert unknown.diagnostics.replace("nobody", "p") == hers.diagnostics


def test_the_data_protection_officer_names_the_patient(doctor: Session, ask: Ask) -> None:
    officer = employ("o", "data-protection-officer", "v")
    assert ask(officer, "AuditEvent").status == 400
    assert ask(officer, "AuditEvent?patient=Patient/nobody").status == 404
    assert _by_doctor(ask(officer, "AuditEvent?patient=Patient/p"))
    del doctor


def test_a_line_about_two_is_told_to_each_without_the_other(doctor: Session, ask: Ask) -> None:
    records.search(doctor.again(), "Patient", [])
    answer = ask(citizen("p"), "AuditEvent")
    assert len(_by_doctor(answer)) == 2
    assert b"Patient/q" not in answer.body


def test_pages_hold_still_while_lines_are_written(doctor: Session, ask: Ask) -> None:
    for _ in range(5):
        records.read(doctor.again(), "Patient", "p")
    all_at_once = ask(citizen("p"), "AuditEvent?patient=Patient/p").ids
    answer = ask(citizen("p"), "AuditEvent?patient=Patient/p&_count=2")
    ids = answer.ids[1:]  # the first is the asking of a moment ago
    while address := answer.link("next"):
        records.read(doctor.again(), "Patient", "p")
        answer = ask(citizen("p"), address)
        ids += answer.ids
    assert ids == all_at_once
    assert len(all_at_once) > 5


def test_the_date_narrows_it(doctor: Session, ask: Ask) -> None:
    today = clock.now().date()  # UTC, as all dates of the API
    tomorrow, yesterday = today + timedelta(days=1), today - timedelta(days=1)
    for found, date in (
        (True, today), (True, f"ge{today}"), (False, f"gt{today}"), (True, f"le{today}"),
        (False, f"lt{today}"), (False, yesterday), (False, f"ge{tomorrow}"),
    ):  # fmt: skip
        answer = ask(citizen("p"), f"AuditEvent?patient=p&date={date}")
        assert bool(_by_doctor(answer)) is found, date
    assert ask(citizen("p"), "AuditEvent?patient=p&date=ne2026").status == 400
    assert ask(citizen("p"), "AuditEvent?patient=p&date=xx").status == 400
    del doctor


def test_what_is_hidden_from_her_leaves_no_trace(doctor: Session, ask: Ask) -> None:
    label = {
        "system": "urn:oid:2.16.578.1.12.4.1.1.9603", "code": "NORN_EPO",
        "extension": [{
            "url": "https://fellesjournal.example/fhir/StructureDefinition/label-details",
            "extension": [
                {"url": "author", "valueReference": {"reference": "Practitioner/d"}},
                {"url": "reason", "valueString": "x"},
                {"url": "time", "valueDateTime": "2026-01-01T10:00:00Z"},
            ],
        }],
    }  # fmt: skip
    for key, meta in (("hidden", {"meta": {"security": [label]}}), ("open", {})):
        put(
            "Observation", key, status="final", code={"text": "x"},
            subject={"reference": "Patient/p"}, **meta,
        )  # fmt: skip
        records.read(doctor.again(), "Observation", key)
    answer = ask(citizen("p"), "AuditEvent")
    assert b"Observation/open" in answer.body
    assert b"Observation/hidden" not in answer.body


def test_what_clients_have_stored_stays_what_it_is(doctor: Session, ask: Ask) -> None:
    put(
        "AuditEvent", "theirs", type={"code": "rest"}, recorded="2026-01-01T10:00:00Z",
        agent=[{"requestor": True, "who": {"reference": "Practitioner/d"}}],
        source={"observer": {"display": "another system"}},
        entity=[{"what": {"reference": "Patient/p"}}],
    )  # fmt: skip
    system = system_session("system:test", purpose="HOPERAT")
    assert ask(system, "AuditEvent/theirs").status == 200
    assert ask(system, "AuditEvent?patient=Patient/p").ids == ["theirs"]
    del doctor


def test_an_app_needs_the_scope_and_the_patient_of_its_launch(doctor: Session, ask: Ask) -> None:
    own = citizen("p")
    open_to = app_of(own, "patient/AuditEvent.rs", "p")
    (event,) = _by_doctor(ask(open_to, "AuditEvent?patient=Patient/p"))
    assert ask(open_to, f"AuditEvent/{event['id']}").status == 200
    for scope, patient in (("patient/Observation.rs", "p"), ("patient/AuditEvent.rs", "q"),
                           ("patient/AuditEvent.rs?type=rest", "p")):  # fmt: skip
        closed = app_of(own, scope, patient)
        answer = ask(closed, "AuditEvent?patient=Patient/p")
        assert answer.status in {403, 404}, scope
        assert ask(closed, f"AuditEvent/{event['id']}").status in {403, 404}, scope
    only_search = app_of(own, "patient/AuditEvent.s", "p")
    assert ask(only_search, f"AuditEvent/{event['id']}").status == 403
    del doctor


def test_to_read_the_log_is_in_the_log(doctor: Session, ask: Ask) -> None:
    officer = employ("o", "data-protection-officer", "v")
    ask(officer, "AuditEvent?patient=Patient/p")
    answer = ask(citizen("p"), "AuditEvent")
    assert any("Practitioner/o" in orjson.dumps(e).decode() or '"o"' in orjson.dumps(e).decode()
               for e in answer.resources)  # fmt: skip
    del doctor
