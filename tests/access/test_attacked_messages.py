"""What an attack on messages, readings and reviews tried, and what becomes of it now."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
import pytest

from fellesjournal.access import citizens, jobs, records
from fellesjournal.access.conversing import CATEGORY_SYSTEM
from fellesjournal.access.labels import label_coding
from fellesjournal.access.openings import break_glass
from fellesjournal.access.reconciliation import reconcile
from fellesjournal.access.relations.derive import (
    ACCESS_OUTCOME,
    ANSWERING_UNIT,
    NOTICE_SYSTEM,
    TASK_SYSTEM,
)
from fellesjournal.access.sessions import Session
from fellesjournal.access.writing import Operation, write
from fellesjournal.care.conversations import actions
from fellesjournal.care.conversations import jobs as conversations
from fellesjournal.care.conversations.queries import conversation, queue, task_about
from fellesjournal.care.remote_follow_up import jobs as readings
from fellesjournal.care.remote_follow_up.agreeing import start_follow_up
from fellesjournal.care.remote_follow_up.plans import Terms
from fellesjournal.fhir import bodies
from fellesjournal.fhir.issues import NotAllowed, NotFound
from fellesjournal.foundation import clock
from fellesjournal.foundation.outbox.worker import handle_all
from tests.care.conversations.cast import NOON, OFFICE, citizen, workplace
from tests.care.remote_follow_up.following import pressure
from tests.staff import SYSTEM, employ, put, register

pytestmark = pytest.mark.django_db

Json = dict[str, Any]
KARI = {"reference": "Patient/kari"}
VITAL_SIGNS = "http://terminology.hl7.org/CodeSystem/observation-category"
WARD = {"reference": "Organization/ward"}


def post(session: Session, data: Json) -> str:
    body = bodies.parse(orjson.dumps(data))
    (done,) = write(session.again(), [Operation("create", data["resourceType"], body=body)])
    assert done.stored is not None
    return done.stored.id


def message(*codes: str, **more: Any) -> Json:
    return {
        "resourceType": "Communication", "status": "in-progress",
        "category": [
            {"coding": [{"system": CATEGORY_SYSTEM, "code": code}]}
            for code in ("conversation", *codes)
        ],
        "subject": KARI, "sender": KARI, "recipient": [{"reference": OFFICE}],
        "topic": {"text": "t"}, "sent": clock.now().isoformat(timespec="milliseconds"),
        "payload": [{"contentString": "x"}], **more,
    }  # fmt: skip


def sees(session: Session) -> bool:
    try:
        records.read(session.again(), "Patient", "kari")
    except NotFound:
        return False
    return True


def test_a_citizen_names_no_other_unit_as_the_one_that_answers() -> None:
    """The Task of a message opens the record to its unit: nobody chooses that one by herself."""
    with clock.at(NOON):
        at, kari = workplace(), citizen()
        forged = message(extension=[{"url": ANSWERING_UNIT, "valueReference": WARD}])
        with pytest.raises(NotAllowed):
            post(kari, forged)
        handle_all(jobs.call)
        assert not sees(at["stranger"])


def test_a_request_of_her_own_is_no_writing_of_a_unit_to_be_corrected() -> None:
    with clock.at(NOON):
        at, kari = workplace(), citizen()
        request = post(kari, {
            "resourceType": "ServiceRequest", "status": "completed", "intent": "order",
            "subject": KARI, "requester": KARI, "performer": [WARD], "code": {"text": "x"},
        })  # fmt: skip
        about = [{"reference": f"ServiceRequest/{request}"}]
        with pytest.raises(NotAllowed):
            post(kari, message("correction-request", about=about, recipient=[WARD]))
        assert not sees(at["stranger"])


@pytest.mark.parametrize("code", ["NORN_ALL", "NORN_ANG", "NORS"])
def test_a_citizen_puts_no_label_on_what_she_writes(code: str) -> None:
    """A label hides: who acts for her could close her own record to her."""
    with clock.at(NOON):
        workplace()
        label = label_coding(code, author="Practitioner/gp", reason="r", time=NOON)
        with pytest.raises(NotAllowed):
            post(citizen(), message(meta={"security": [label]}))


def test_a_message_of_an_app_that_says_no_more_than_it_must_reaches_the_unit() -> None:
    with clock.at(NOON):
        at = workplace()
        post(citizen(), message())
        handle_all(jobs.call)
        assert [each.title for each in queue(at["gp"].again())] == ["t"]


def test_a_message_heard_later_than_promised_reaches_the_unit() -> None:
    with clock.at(NOON):
        at, kari = workplace(), citizen()
        actions.begin(kari, unit=OFFICE, title="R", words="w", key="k", by_name="Kari")
    with clock.at(NOON + timedelta(days=9)):
        handle_all(jobs.call)
        (waiting,) = queue(at["gp"].again())
        assert waiting.task.is_late
        conversations.tend(SYSTEM.again())


def test_a_key_used_for_another_patient_answers_neither_for_the_other() -> None:
    with clock.at(NOON):
        at = workplace()
        asked = []
        for name in ("kari", "eve"):
            who = citizen(name)
            asked.append(
                actions.begin(who, unit=OFFICE, title="a", words="w", key=name, by_name=name)
            )
        handle_all(jobs.call)
        for name, begun in zip(("kari", "eve"), asked, strict=True):
            task = task_about(at["gp"].again(), begun)
            assert task is not None
            actions.answer(
                at["gp"].again(), patient=f"Patient/{name}", task=task.id, seen=task.version,
                words="svar", key="same", by_name="GP",
            )  # fmt: skip
        found = conversation(citizens.citizen("eve"), "Patient/eve", asked[1])
        assert len(found.messages) == 2


def test_nobody_but_the_platform_writes_what_a_review_found() -> None:
    with clock.at(NOON):
        nurse = employ("n", "nurse")
        register("kari", "Practitioner/n")
        outcome = {
            "resourceType": "Communication", "status": "completed", "subject": KARI,
            "category": [{"coding": [{"system": NOTICE_SYSTEM, "code": ACCESS_OUTCOME}]}],
        }  # fmt: skip
        for session in (nurse, citizens.citizen("kari")):
            with pytest.raises(NotAllowed):
                post(session, outcome)


def test_a_follow_up_begun_on_broken_glass_gives_nothing_lasting_by_the_clock() -> None:
    with clock.at(NOON):
        doctor = employ("g", "gp", "gpu")
        register("kari")
        opening = break_glass(doctor.again(), "kari", "danger", "Found unconscious at the bus stop")
        post(doctor, {
            "resourceType": "Task", "status": "requested", "intent": "order", "for": KARI,
            "owner": {"reference": "Practitioner/g"},
        })  # fmt: skip
        until = clock.today() + timedelta(days=60)
        terms = Terms((pressure(),), "Practitioner/g", "g", 1, until)
        start_follow_up(doctor.again(), patient="Patient/kari", terms=terms)
    with clock.at(opening.ends):
        assert not sees(doctor)
    with clock.at(NOON + timedelta(days=5)):
        readings.find_missing(SYSTEM.again())
        handle_all(jobs.call)
        assert not sees(doctor)


def test_a_reading_at_the_end_of_time_stops_nothing() -> None:
    with clock.at(NOON):
        doctor = employ("g", "gp", "gpu")
        for name in ("eve", "kari"):
            register(name, "Practitioner/g")
            until = clock.today() + timedelta(days=60)
            terms = Terms((pressure(),), "Practitioner/g", "g", 1, until)
            start_follow_up(doctor.again(), patient=f"Patient/{name}", terms=terms)
        put("Observation", "late", status="final", subject={"reference": "Patient/eve"},
            performer=[{"reference": "Patient/eve"}], effectiveDateTime="9999-12-31T23:59:59Z",
            category=[{"coding": [{"system": VITAL_SIGNS, "code": "vital-signs"}]}],
            code={"coding": [{"system": "http://loinc.org", "code": "85354-9"}]})  # fmt: skip
    with clock.at(NOON + timedelta(days=5)):
        readings.find_missing(SYSTEM.again())


@pytest.mark.parametrize("when", ["2026", "2026-05"])
def test_a_task_dated_by_a_year_stops_no_count(when: str) -> None:
    put("Task", "odd", status="requested", intent="order", authoredOn=when,
        code={"coding": [{"system": TASK_SYSTEM, "code": "delivery-follow-up"}]},
        owner={"reference": "Organization/u"})  # fmt: skip
    operator = employ("o", "operator")
    assert reconcile(operator, days=7).is_whole
