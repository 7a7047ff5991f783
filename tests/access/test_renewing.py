"""Requests for renewal past the pages: what an app, a Bundle or a colleague may not say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
import pytest

from fellesjournal.access import acts, records
from fellesjournal.access.conversing import CATEGORY_SYSTEM
from fellesjournal.access.relations.derive import ANSWERING_UNIT
from fellesjournal.access.sessions import Session
from fellesjournal.access.writing import Operation, write
from fellesjournal.fhir import bodies
from fellesjournal.fhir.issues import NotAllowed, NotFound
from fellesjournal.foundation import clock
from tests.care.medication.medicines import PATIENT, order
from tests.care.medication.renewing import ask, citizen, handle, office, prescribed
from tests.staff import SYSTEM, put

pytestmark = pytest.mark.django_db

Json = dict[str, Any]


@pytest.fixture
def at() -> dict[str, Session]:
    return office()


@pytest.fixture
def kari(at: dict[str, Session]) -> Session:
    del at
    return citizen()


@pytest.fixture
def line(at: dict[str, Session], kari: Session) -> str:
    del kari
    return prescribed(at["gp"], order())[0].reference


def _category(code: str) -> Json:
    return {"coding": [{"system": CATEGORY_SYSTEM, "code": code}]}


def _request(line: str, **more: Any) -> Json:
    return {
        "resourceType": "Communication", "status": "completed",
        "category": [_category("renewal-request")], "subject": {"reference": PATIENT},
        "about": [{"reference": line}], "sent": "2026-05-04T10:00:00+02:00",
        "recipient": [{"reference": "Organization/office"}], "sender": {"reference": PATIENT},
        **more,
    }  # fmt: skip


def _answer(request: str, line: str, **more: Any) -> Json:
    return {
        **_request(line),
        "category": [_category("renewal-answer")],
        "partOf": [{"reference": f"Communication/{request}"}],
        "sender": {"reference": "Practitioner/gp"},
        "recipient": [{"reference": PATIENT}],
        **more,
    }


def _post(session: Session, data: Json) -> str:
    body = bodies.parse(orjson.dumps(data))
    (done,) = write(session.again(), [Operation("create", data["resourceType"], body=body)])
    assert done.stored is not None
    return done.stored.id


def test_a_request_by_an_app_is_one_like_any_other(
    at: dict[str, Session], kari: Session, line: str
) -> None:
    _post(kari, _request(line))
    handle()
    (task,) = records.search(SYSTEM, "Task", [("patient", PATIENT)]).matches
    assert orjson.loads(task.body or b"")["owner"]["reference"] == "Practitioner/gp"
    assert at["gp"].person == "Practitioner/gp"


@pytest.mark.parametrize(
    "more",
    [
        {"recipient": [{"reference": "Organization/ward"}]},
        {"recipient": []},
        {"sender": {"reference": "Practitioner/gp"}},
        {"about": []},
        {"about": [{"reference": "MedicationRequest/nothing"}]},
        {"about": [{"reference": PATIENT}]},
        {"category": [_category("renewal-request"), _category("conversation")]},
        {"category": [_category("renewal-request"), _category("renewal-answer")]},
        {"extension": [{"url": ANSWERING_UNIT, "valueReference": {"reference": "Organization/ward"}}]},
    ],
)  # fmt: skip
def test_a_request_is_of_her_own_prescriptions_to_her_gps_office(
    kari: Session, line: str, more: Json
) -> None:
    with pytest.raises(NotAllowed):
        _post(kari, {name: value for name, value in _request(line, **more).items() if value})


def test_nobody_asks_for_somebody_elses_prescription(kari: Session, line: str) -> None:
    del line
    put("Patient", "q", birthDate="1950-01-01")
    put("MedicationRequest", "theirs", status="active", intent="order",
        subject={"reference": "Patient/q"}, medicationCodeableConcept={"text": "Noe"})  # fmt: skip
    with pytest.raises(NotAllowed):
        _post(kari, _request("MedicationRequest/theirs"))


def test_staff_ask_for_nothing_in_a_patients_name(at: dict[str, Session], line: str) -> None:
    for sender in (PATIENT, "Practitioner/gp"):
        with pytest.raises(NotAllowed):
            _post(at["gp"], _request(line, sender={"reference": sender}))


def test_an_answer_is_given_by_who_prescribes_in_her_own_name_to_what_was_asked(
    at: dict[str, Session], kari: Session, line: str
) -> None:
    request = ask(kari, [line])
    for session, more in (
        (at["nurse"], {"sender": {"reference": "Practitioner/nurse"}}),
        (kari, {"sender": {"reference": PATIENT}}),
        (at["gp"], {"sender": {"reference": "Practitioner/colleague"}}),
        (at["gp"], {"about": [{"reference": "MedicationRequest/another"}]}),
        (at["gp"], {"partOf": [{"reference": "Communication/nothing"}]}),
        (at["gp"], {"category": [_category("renewal-answer"), _category("conversation")]}),
    ):
        with pytest.raises(NotAllowed):
            _post(session, _answer(request, line, **more))
    _post(at["gp"], _answer(request, line))


@pytest.mark.parametrize("who", ["gp", "kari"])
def test_what_was_asked_for_stays_as_it_was(
    at: dict[str, Session], kari: Session, line: str, who: str
) -> None:
    request = ask(kari, [line])
    session = kari if who == "kari" else at[who]
    changed = _request(line, id=request, about=[])
    body = bodies.parse(orjson.dumps({n: v for n, v in changed.items() if v}))
    for operation in (
        Operation("update", "Communication", id=request, body=body),
        Operation("delete", "Communication", id=request),
    ):
        with pytest.raises((NotAllowed, NotFound)):
            write(session.again(), [operation])


@pytest.mark.parametrize(
    ("who", "seconds", "more"),
    [
        ("gp", 0, {}),
        ("colleague", 0, None),
        ("gp", 16, None),
        ("gp", 0, {"payload": [{"contentString": "Noe annet"}]}),
        ("gp", 0, {"status": "completed"}),
    ],
)
def test_an_answer_is_taken_back_at_once_by_who_gave_it_and_nothing_else_of_it_changes(
    at: dict[str, Session], kari: Session, line: str, who: str, seconds: int, more: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    request = ask(kari, [line])
    sent = clock.now().isoformat(timespec="seconds")
    said = _post(at["gp"], _answer(request, line, sent=sent))
    stands, version = acts.read(at["gp"], "Communication", said)
    taken_back = {**stands, "status": "entered-in-error", **(more or {})}
    if seconds:
        later = clock.now() + timedelta(seconds=seconds)
        monkeypatch.setattr(clock, "now", lambda: later)
    if more == {}:
        acts.act(at[who].again(), [acts.change(taken_back, seen=version)])
        return
    with pytest.raises(NotAllowed):
        acts.act(at[who].again(), [acts.change(taken_back, seen=version)])
