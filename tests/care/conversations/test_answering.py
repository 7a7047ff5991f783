"""A unit answers: its queue, who has it, two at once, what is late, and who leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from fellesjournal.access import citizens, records
from fellesjournal.access.acts import Operation, act, change, content, create, read
from fellesjournal.access.relations.derive import ANSWERING_UNIT
from fellesjournal.access.sessions import Session
from fellesjournal.care.conversations import actions, jobs
from fellesjournal.care.conversations.actions import MessageRefused
from fellesjournal.care.conversations.queries import conversations, queue
from fellesjournal.fhir.issues import FhirError, NotAllowed, NotFound, PreconditionFailed
from fellesjournal.foundation import clock
from tests.care.conversations.cast import (
    HOME,
    NOON,
    OFFICE,
    PATIENT,
    answer,
    citizen,
    handle,
    hers,
    home_care,
    row,
    task,
    unit,
    workplace,
    write,
)
from tests.staff import SYSTEM, put

pytestmark = pytest.mark.django_db

Cast = dict[str, Session]


@pytest.fixture
def at() -> Cast:
    """Those at work."""
    return workplace()


@pytest.fixture
def kari(at: Cast) -> Session:
    """A citizen of 82 on the list of the GP, with home care."""
    del at
    found = citizen()
    home_care()
    return found


def _name(session: Session) -> str:
    return session.person.partition("/")[2].capitalize()


def _take(session: Session) -> None:
    found = row(session).task
    actions.take(
        session, patient=PATIENT, task=found.id, seen=found.version, by_name=_name(session)
    )
    handle()


def _answer(session: Session, seen: int, words: str, key: str, task_id: str) -> None:
    actions.answer(
        session,
        patient=PATIENT,
        task=task_id,
        seen=seen,
        words=words,
        key=key,
        by_name=_name(session),
    )


def test_who_takes_it_is_told_to_the_citizen_and_it_stays_in_the_queue(
    at: Cast, kari: Session
) -> None:
    write(kari)
    _take(at["secretary"])
    assert hers(kari).handled_by == "Secretary"
    assert row(at["secretary"]).is_mine
    assert not row(at["gp"]).is_mine


def test_it_is_handed_to_a_colleague_and_back_to_the_unit(at: Cast, kari: Session) -> None:
    write(kari)
    for to, owner in (("Practitioner/secretary", "secretary"), ("", "")):
        found = row(at["gp"]).task
        actions.hand_over(at["gp"], patient=PATIENT, task=found.id, seen=found.version, to=to)
        handle()
        assert row(at["gp"]).task.owner == (to or OFFICE)
        assert hers(kari).handled_by == owner


@pytest.mark.parametrize("to", ["Practitioner/nurse", "Practitioner/chief", "Practitioner/none"])
def test_it_is_handed_to_nobody_who_can_not_answer_there(at: Cast, kari: Session, to: str) -> None:
    write(kari)
    found = row(at["gp"]).task
    with pytest.raises(MessageRefused):
        actions.hand_over(at["gp"], patient=PATIENT, task=found.id, seen=found.version, to=to)
    assert row(at["gp"]).task.owner == OFFICE


def test_inv_46_of_two_who_answer_at_once_one_is_told_and_neither_is_lost(
    at: Cast, kari: Session
) -> None:
    written = write(kari)
    seen = task(at["gp"], written)
    _answer(at["gp"], seen.version, "Den er fornyet.", "a", seen.id)
    with pytest.raises(PreconditionFailed):
        _answer(at["secretary"], seen.version, "Legen ringer i morgen.", "b", seen.id)
    assert [each.words for each in hers(kari).messages[1:]] == ["Den er fornyet."]
    # she has read the other's answer on the page she got, and sends hers all the same
    now = task(at["secretary"], written)
    _answer(at["secretary"], now.version, "Legen ringer i morgen.", "b", now.id)
    assert len(hers(kari).messages) == 3


def test_the_same_answer_sent_twice_is_one(at: Cast, kari: Session) -> None:
    written = write(kari)
    seen = task(at["gp"], written)
    for _ in range(2):
        _answer(at["gp"], seen.version, "Den er fornyet.", "a", seen.id)
    assert len(hers(kari).messages) == 2


def test_an_answer_that_has_not_seen_her_last_message_is_held_back(at: Cast, kari: Session) -> None:
    written = write(kari)
    seen = task(at["gp"], written)
    actions.write_more(kari, conversation_id=written, words="Glem det.", key="k2", by_name="Kari")
    with pytest.raises(PreconditionFailed):
        _answer(at["gp"], seen.version, "Den er fornyet.", "a", seen.id)
    handle()
    with pytest.raises(PreconditionFailed):
        _answer(at["gp"], seen.version, "Den er fornyet.", "a", seen.id)
    now = task(at["gp"], written)
    _answer(at["gp"], now.version, "Den er fornyet.", "a", now.id)
    assert queue(at["gp"]) == []


@pytest.mark.parametrize(
    ("outcome", "words", "code"),
    [("answered", "x", "no-outcome"), ("", "", "no-outcome"), ("other", " ", "no-words"),
     ("phoned", "x" * 4001, "too-long")],
)  # fmt: skip
def test_nothing_is_closed_without_an_outcome(
    at: Cast, kari: Session, outcome: str, words: str, code: str
) -> None:
    write(kari)
    found = row(at["gp"]).task
    with pytest.raises(MessageRefused) as refused:
        actions.end(
            at["gp"], patient=PATIENT, task=found.id, seen=found.version, outcome=outcome,
            words=words, by_name="Gp",
        )  # fmt: skip
    assert refused.value.code == code
    assert len(queue(at["gp"])) == 1


def test_inv_44_nothing_is_answered_from_another_patients_page(at: Cast, kari: Session) -> None:
    written = write(kari)
    citizen("ola")
    found = task(at["gp"], written)
    with pytest.raises(NotFound):
        actions.answer(
            at["gp"], patient="Patient/ola", task=found.id, seen=found.version, words="Hei",
            key="a", by_name="Gp",
        )  # fmt: skip
    assert len(hers(kari).messages) == 1


def test_another_unit_that_sees_her_record_reads_and_does_not_answer(
    at: Cast, kari: Session
) -> None:
    written = write(kari)
    assert [each.title for each in conversations(at["nurse"], PATIENT)] == ["Resept"]
    found = task(at["gp"], written)
    assert queue(at["nurse"]) == []
    with pytest.raises(FhirError):
        _answer(at["nurse"], found.version, "Hei", "a", found.id)
    assert len(hers(kari).messages) == 1


def test_another_unit_takes_hands_over_and_closes_nothing(at: Cast, kari: Session) -> None:
    found = task(at["gp"], write(kari))
    # Any: keywords of several types
    asked: dict[str, Any] = {"patient": PATIENT, "task": found.id, "seen": found.version}
    with pytest.raises(NotAllowed):
        actions.take(at["nurse"], **asked, by_name="Nurse")
    with pytest.raises(NotAllowed):
        actions.hand_over(at["nurse"], **asked, to="")
    with pytest.raises(NotAllowed):
        actions.end(at["nurse"], **asked, outcome="phoned", words="", by_name="Nurse")
    assert task(at["gp"], found.conversation).version == found.version


def test_inv_44_nothing_is_taken_or_handed_over_from_another_patients_page(
    at: Cast, kari: Session
) -> None:
    found = task(at["gp"], write(kari))
    citizen("ola")
    asked: dict[str, Any] = {"patient": "Patient/ola", "task": found.id, "seen": found.version}
    with pytest.raises(NotFound):
        actions.take(at["gp"], **asked, by_name="Gp")
    with pytest.raises(NotFound):
        actions.hand_over(at["gp"], **asked, to="Practitioner/secretary")


def test_who_has_no_ground_sees_no_message_and_no_count(at: Cast, kari: Session) -> None:
    before = (queue(at["stranger"]), conversations(at["stranger"], PATIENT))
    write(kari)
    assert (queue(at["stranger"].again()), conversations(at["stranger"], PATIENT)) == before
    assert before == ([], [])


def test_inv_36_a_block_takes_it_out_of_sight_and_out_of_the_count(at: Cast, kari: Session) -> None:
    written = write(kari)
    put(
        "Consent", "block", status="active",
        scope={"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope",
                           "code": "patient-privacy"}]},
        category=[{"text": "Sperring"}], patient={"reference": PATIENT}, dateTime="2026-01-01",
        policyRule={"text": "pasientjournalloven § 17"},
        provision={"type": "permit", "provision": [{
            "type": "deny",
            "actor": [{"role": {"text": "x"}, "reference": {"reference": "Practitioner/secretary"}}],
        }]},
    )  # fmt: skip
    assert queue(at["secretary"].again()) == []
    assert conversations(at["secretary"].again(), PATIENT) == []
    assert len(queue(at["gp"].again())) == 1
    with pytest.raises(FhirError):
        records.read(at["secretary"].again(), "Communication", written)


def test_what_is_not_answered_in_time_rises_to_the_leader_who_hands_it_on(
    at: Cast, kari: Session
) -> None:
    with clock.at(NOON):
        write(kari)
        assert not row(at["chief"]).task.has_risen
        deadline = row(at["gp"]).task.deadline
    assert deadline is not None
    with clock.at(deadline - timedelta(seconds=1)):
        handle()
        assert not row(at["gp"].again()).task.has_risen
    with clock.at(deadline):
        handle()
        found = row(at["chief"].again())
        assert (found.task.has_risen, found.is_mine) == (True, True)
        assert found.title == ""  # a leader sees whom it is from, not what it says
        assert conversations(at["chief"].again(), PATIENT) == []
        assert row(at["gp"].again()).task.is_late  # the unit can answer it still
        actions.hand_over(
            at["chief"].again(), patient=PATIENT, task=found.task.id, seen=found.task.version,
            to="Practitioner/gp",
        )  # fmt: skip
        handle()
        assert row(at["gp"].again()).is_mine
        jobs.tend(SYSTEM)
        assert row(at["gp"].again()).is_mine  # it rises once


def test_a_leader_answers_nothing_herself(at: Cast, kari: Session) -> None:
    write(kari)
    found = row(at["chief"]).task
    with pytest.raises(NotAllowed):
        actions.take(
            at["chief"], patient=PATIENT, task=found.id, seen=found.version, by_name="Chief"
        )
    with pytest.raises(NotAllowed):
        actions.hand_over(
            at["chief"], patient=PATIENT, task=found.id, seen=found.version, to="Practitioner/gp"
        )


def test_a_unit_without_a_leader_keeps_it_in_its_queue(at: Cast, kari: Session) -> None:
    put("PractitionerRole", "chief-role", active=False)
    with clock.at(NOON):
        write(kari)
        deadline = row(at["gp"]).task.deadline
    assert deadline is not None
    with clock.at(deadline):
        handle()
        found = row(at["gp"].again()).task
        assert (found.has_risen, found.owner) == (True, OFFICE)


def test_inv_28_what_somebody_had_who_leaves_goes_back_to_the_unit(at: Cast, kari: Session) -> None:
    write(kari)
    _take(at["secretary"])
    put("PractitionerRole", "secretary-role", active=False)
    handle()
    assert row(at["gp"]).task.owner == OFFICE
    assert hers(kari).handled_by == ""


def test_what_awaited_a_unit_that_closes_goes_to_the_one_above_or_her_gp(
    at: Cast, kari: Session
) -> None:
    write(kari, unit=HOME)
    assert row(at["nurse"]).task.unit == HOME
    unit("home", "home-care", active=False)
    put("Organization", "town", name="Kommunen", active=False)
    handle()
    assert row(at["gp"]).task.unit == OFFICE
    assert hers(kari).unit == OFFICE


def test_inv_12_an_unanswered_message_is_owned_when_every_ground_has_ended(
    at: Cast, kari: Session
) -> None:
    write(kari, unit=HOME)
    put("EpisodeOfCare", "service", status="cancelled", patient={"reference": PATIENT})
    found = row(at["nurse"].again())
    assert found.title == "Resept"
    answer(at["nurse"].again(), found.task.conversation)
    assert queue(at["nurse"].again()) == []
    assert conversations(at["nurse"].again(), PATIENT) == []


# --- over the API, what a page would never send ---------------------------------------------------


def _said(sender: str, **more: object) -> dict[str, object]:
    return {
        "resourceType": "Communication",
        "status": "completed",
        "category": [{"coding": [{
            "system": "https://fellesjournal.example/fhir/CodeSystem/communication-category",
            "code": "conversation"}]}],
        "subject": {"reference": PATIENT},
        "sender": {"reference": sender},
        "payload": [{"contentString": "Hei"}],
        **more,
    }  # fmt: skip


def test_nobody_changes_what_was_said(at: Cast, kari: Session) -> None:
    written = write(kari)
    answer(at["gp"], written)
    for session in (kari, at["gp"], at["secretary"]):
        for message in hers(kari).messages:
            body, version = read(SYSTEM, "Communication", message.id)
            body["payload"] = [{"contentString": "Noe annet"}]
            with pytest.raises(NotAllowed):
                act(session, [change(body, seen=version)])


def test_nobody_answers_in_the_name_of_another_or_for_another_unit(at: Cast, kari: Session) -> None:
    written = write(kari)
    part = {"partOf": [{"reference": f"Communication/{written}"}]}
    for session, sender in (
        (at["secretary"], "Practitioner/gp"),
        (at["nurse"], "Practitioner/nurse"),
    ):
        with pytest.raises(NotAllowed):
            act(session, [create(_said(sender, **part))])
    with pytest.raises(NotAllowed):
        act(kari, [create(_said("Practitioner/gp", **part))])


@pytest.mark.parametrize(
    "more",
    [
        {"recipient": [{"reference": "Organization/ward"}]},
        {"recipient": [{"reference": OFFICE}, {"reference": "Organization/ward"}]},
        {"recipient": [{"reference": "Practitioner/gp"}]},
        {},
        {"partOf": [{"reference": "Communication/none"}]},
    ],
)
def test_she_gives_no_unit_a_ground_by_writing_to_it(
    kari: Session, more: dict[str, object]
) -> None:
    with pytest.raises(NotAllowed):
        act(kari, [create(_said(PATIENT, **more))])


def test_a_message_of_one_patient_is_no_part_of_the_conversation_of_another(
    at: Cast, kari: Session
) -> None:
    written = write(kari)
    citizen("ola")
    ola = citizens.citizen("ola")
    body = {
        **_said("Patient/ola", partOf=[{"reference": f"Communication/{written}"}]),
        "subject": {"reference": "Patient/ola"},
    }
    with pytest.raises(NotAllowed):
        act(ola, [create(body)])
    with pytest.raises(NotAllowed):
        act(at["gp"], [create({**body, "sender": {"reference": "Practitioner/gp"}})])


def test_a_message_of_an_app_has_an_owner_and_no_later_deadline_than_others(
    at: Cast, kari: Session
) -> None:
    late = {
        "url": "https://fellesjournal.example/fhir/StructureDefinition/answer-by",
        "valueDateTime": "2099-01-01T00:00:00+01:00",
    }
    with clock.at(NOON):
        (stood,) = act(
            kari, [create(_said(PATIENT, recipient=[{"reference": OFFICE}], extension=[late],
                                status="in-progress"))],
        )  # fmt: skip
        handle()
        assert row(at["gp"]).task.deadline == datetime(2026, 5, 11, 22, tzinfo=UTC)
    assert content(stood)["status"] == "in-progress"


def _answered(session: Session, written: str, **more: object) -> dict[str, object]:
    """What an app writes as an answer of who is at work."""
    part = {"partOf": [{"reference": f"Communication/{written}"}]}
    return {**_said(session.person, recipient=[{"reference": PATIENT}], **part), **more}


def _task_done(session: Session) -> Operation:
    """The Task of the only conversation, completed as it was seen."""
    found = row(session).task
    body, version = read(session, "Task", found.id)
    return change({**body, "status": "completed"}, seen=version)


def test_an_answer_over_the_api_ends_its_work_in_the_same_transaction(
    at: Cast, kari: Session
) -> None:
    written = write(kari)
    with pytest.raises(NotAllowed, match="completes the Task"):
        act(at["gp"], [create(_answered(at["gp"], written))])
    assert len(hers(kari).messages) == 1
    done = _task_done(at["gp"])
    act(at["gp"], [create(_answered(at["gp"], written)), done])
    assert {each.sender for each in hers(kari).messages} == {PATIENT, "Practitioner/gp"}
    assert queue(at["gp"].again()) == []


def test_an_answer_over_the_api_never_goes_past_a_colleague_who_was_first(
    at: Cast, kari: Session
) -> None:
    written = write(kari)
    stale = _task_done(at["gp"])
    _take(at["secretary"])
    with pytest.raises(FhirError):
        act(at["gp"], [create(_answered(at["gp"], written)), stale])
    unseen = replace(_task_done(at["secretary"]), if_match=None)
    with pytest.raises(NotAllowed, match="If-Match"):
        act(at["gp"], [create(_answered(at["gp"], written)), unseen])
    assert len(hers(kari).messages) == 1


def test_a_task_of_another_conversation_or_one_left_open_answers_nothing(
    at: Cast, kari: Session
) -> None:
    written = write(kari)
    found = row(at["gp"]).task
    body, version = read(at["gp"], "Task", found.id)
    for wrong in (
        {**body, "status": "accepted"},
        {**body, "status": "completed", "focus": {"reference": "Communication/other"}},
        {**body, "status": "completed", "code": {"text": "another"}},
    ):
        with pytest.raises(FhirError):
            act(at["gp"], [create(_answered(at["gp"], written)), change(wrong, seen=version)])
    assert len(hers(kari).messages) == 1


def test_nobody_answers_in_a_closed_conversation_over_the_api(at: Cast, kari: Session) -> None:
    written = write(kari)
    found = row(at["gp"]).task
    actions.end(
        at["gp"], patient=PATIENT, task=found.id, seen=found.version, outcome="phoned", words="",
        by_name="Gp",
    )  # fmt: skip
    handle()
    body, version = read(at["gp"].again(), "Task", found.id)
    with pytest.raises(NotAllowed, match="closed"):
        act(at["gp"], [create(_answered(at["gp"], written)), change(body, seen=version)])


@pytest.mark.parametrize("name", ["Overlege Gp", "Kari Nesvoll", "Secretary", ",", "Gp."])
def test_a_name_beside_a_reference_is_the_registered_one(
    at: Cast, kari: Session, name: str
) -> None:
    """Who writes by the API is shown by the name of whom the reference points to, or not at all."""
    written = write(kari)
    for wrong in (
        {"sender": {"reference": "Practitioner/gp", "display": name}},
        {"recipient": [{"reference": PATIENT, "display": f"Ola {name}"}]},
        {"extension": [{"url": ANSWERING_UNIT,
                        "valueReference": {"reference": OFFICE, "display": name}}]},
    ):  # fmt: skip
        body = _answered(at["gp"], written, **wrong)
        with pytest.raises(NotAllowed, match="not registered"):
            act(at["gp"], [create(body), _task_done(at["gp"])])
    task, version = read(at["gp"], "Task", row(at["gp"]).task.id)
    owned = {**task, "owner": {"reference": "Practitioner/gp", "display": name}}
    with pytest.raises(NotAllowed, match="not registered"):
        act(at["gp"], [change(owned, seen=version)])
    forged = {"reference": PATIENT, "display": f"{name} Direktør"}
    begun = _said(PATIENT, status="in-progress", recipient=[{"reference": OFFICE}])
    begun["sender"] = forged
    with pytest.raises(NotAllowed, match="not registered"):
        act(kari, [create(begun)])
    assert len(hers(kari).messages) == 1


def test_a_name_may_be_short_and_in_other_letters(at: Cast, kari: Session) -> None:
    written = write(kari)
    sender = {"reference": "Practitioner/gp", "display": " GP "}
    unit = {"url": ANSWERING_UNIT, "valueReference": {"reference": OFFICE, "display": "Office"}}
    body = _answered(at["gp"], written, sender=sender, extension=[unit])
    act(at["gp"], [create(body), _task_done(at["gp"])])
    assert len(hers(kari).messages) == 2


def test_of_whom_the_writer_cannot_see_no_name_is_written_right_or_wrong(
    at: Cast, kari: Session
) -> None:
    """Otherwise the refusal would tell which name is hers."""
    write(kari)
    put("Patient", "hidden", name=[{"family": "Skjult"}])
    told = set()
    for name in ("Skjult", "Annet"):
        about = [{"reference": "Patient/hidden", "display": name}]
        body = _said(PATIENT, status="in-progress", recipient=[{"reference": OFFICE}], about=about)
        with pytest.raises(NotAllowed) as refused:
            act(kari, [create(body)])
        told.add(str(refused.value))
    assert len(told) == 1
