"""One delivery for each recipient, no state without evidence, no silence without an owner."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from fellesjournal.access import jobs
from fellesjournal.access.citizens import citizen
from fellesjournal.access.sessions import Session
from fellesjournal.care.messages import actions, events, inside, queries
from fellesjournal.care.messages.actions import NotPreviewed, send_letter
from fellesjournal.care.messages.letters import Letter, Section, fingerprint
from fellesjournal.care.messages.resources import Delivery
from fellesjournal.care.messages.states import Route, State
from fellesjournal.fhir.issues import BadRequest, Conflict, NotFound
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import transaction
from fellesjournal.foundation.outbox.events import publish
from fellesjournal.foundation.outbox.queries import waiting
from fellesjournal.foundation.outbox.worker import handle_all
from tests.staff import SYSTEM, employ

NUMBER = "5d3f5b7c-3e5c-4a0e-9f3e-0f6a3c0d1a11"


def send(gp: Session, letter: Letter, *to: str, number: str = NUMBER) -> list[Delivery]:
    return send_letter(
        gp,
        letter,
        patient="Patient/anna",
        recipients=[queries.recipient_of(gp, each) for each in to],
        number=number,
        previewed=fingerprint(letter),
    )


def work() -> None:
    """Let all reactions happen that are due."""
    handle_all(jobs.call)
    assert [late for late in waiting() if late.failed] == []


def states(document: str) -> dict[str, State]:
    return {
        f"{each.recipient.reference} {each.recipient.route}": each.state
        for each in queries.deliveries_of(SYSTEM, document)
    }


def test_inv_1_each_recipient_has_one_delivery_and_none_is_sent_before_evidence(
    gp: Session, letter: Letter
) -> None:
    made = send(gp, letter, "Patient/anna", "Organization/ward", "Patient/anna")
    assert [(each.recipient.reference, each.recipient.route) for each in made] == [
        ("Patient/anna", Route.HELSAMI),
        ("Organization/ward", Route.INSIDE),
    ]
    assert {each.state for each in made} == {State.QUEUED}
    work()
    assert states(made[0].document) == {
        "Patient/anna helsami": State.DELIVERED,
        "Organization/ward inside": State.DELIVERED,
    }
    for each in queries.deliveries_of(SYSTEM, made[0].document):
        assert [proof.state for proof in each.evidence] == [State.DELIVERED]


def test_inv_8_a_form_sent_twice_is_one_letter(gp: Session, letter: Letter) -> None:
    first = send(gp, letter, "Patient/anna", "Organization/ward")
    second = send(gp, letter, "Patient/anna", "Organization/ward")
    assert [each.id for each in first] == [each.id for each in second]
    work()
    ward = employ("nurse", "nurse", "ward")
    assert len(queries.received(ward, "Organization/ward")) == 1


def test_inv_2_silence_until_the_deadline_becomes_owned_work(gp: Session, letter: Letter) -> None:
    (made,) = send(gp, replace(letter, to=("Fjordgløtt",)), "Organization/far")
    assert made.recipient.route is Route.NATIONAL
    work()
    assert made.deadline is not None
    with clock.at(made.deadline - timedelta(seconds=1)):
        work()
        assert queries.follow_ups(gp, "Organization/office") == []
    with clock.at(made.deadline):
        work()
        (task,) = queries.follow_ups(gp, "Organization/office")
        work()
        assert len(queries.follow_ups(gp, "Organization/office")) == 1
    assert queries.delivery_by(SYSTEM, f"Task/{made.id}").state is State.EXPIRED
    with pytest.raises(BadRequest):
        actions.close_follow_up(gp, task["id"], outcome="", words="")
    with pytest.raises(BadRequest):
        actions.close_follow_up(gp, task["id"], outcome="not-needed", words=" ")
    actions.close_follow_up(gp, task["id"], outcome="told-by-telephone", words="Ringt kontoret.")
    assert queries.follow_ups(gp, "Organization/office") == []
    with pytest.raises(Conflict):
        actions.close_follow_up(gp, task["id"], outcome="sent-again", words="")


def test_inv_2_a_refusal_becomes_owned_work_at_once(gp: Session, letter: Letter) -> None:
    (made,) = send(gp, letter, "Organization/far")
    work()
    actions.prove(SYSTEM, made.id, State.REJECTED, "AppRec 1")
    work()
    (task,) = queries.follow_ups(gp, "Organization/office")
    assert task["partOf"] == [{"reference": f"Task/{made.id}"}]


def test_inv_8_receipts_in_any_order_and_number_end_alike(gp: Session, letter: Letter) -> None:
    receipts = [
        (State.HANDED_OVER, "m1"),
        (State.TRANSPORT_ACKED, "a1"),
        (State.ACCEPTED, "r1"),
        (State.ACCEPTED, "r1"),
    ]
    ends = set()
    for n, order in enumerate(itertools.permutations(receipts)):
        (made,) = send(gp, letter, "Organization/far", number=f"{NUMBER}-{n}")
        for state, source in order:
            actions.prove(SYSTEM, made.id, state, source)
        stands = queries.delivery_by(SYSTEM, f"Task/{made.id}")
        ends.add((stands.state, len(stands.evidence)))
    assert ends == {(State.ACCEPTED, 3)}


def test_inv_9_a_letter_not_opened_in_time_goes_on_paper(gp: Session, letter: Letter) -> None:
    (made,) = send(gp, letter, "Patient/anna")
    work()
    assert made.deadline is not None
    with clock.at(made.deadline):
        work()
    assert states(made.document) == {
        "Patient/anna helsami": State.EXPIRED,
        "Patient/anna paper": State.QUEUED,
    }
    (paper,) = queries.to_print(gp, "Organization/office")
    assert actions.post(gp, paper.id).state is State.POSTED
    assert queries.to_print(gp, "Organization/office") == []
    (proof,) = queries.delivery_by(SYSTEM, f"Task/{paper.id}").evidence
    assert proof.source == "Practitioner/gp"


def test_a_letter_that_is_opened_has_arrived(gp: Session, letter: Letter) -> None:
    (made,) = send(gp, letter, "Patient/anna")
    work()
    with transaction():
        publish(events.letter_opened(made.document.split("/")[1], "Patient/anna", "Patient/anna"))
    work()
    assert states(made.document) == {"Patient/anna helsami": State.OPENED}
    assert made.deadline is not None
    with clock.at(made.deadline):
        work()
    assert states(made.document) == {"Patient/anna helsami": State.OPENED}


def test_a_letter_to_somebody_who_does_not_use_helsami_goes_on_paper(gp: Session) -> None:
    assert queries.recipient_of(gp, "Patient/bo").route is Route.PAPER


def test_what_is_on_paper_alone_can_be_posted(gp: Session, letter: Letter) -> None:
    (made,) = send(gp, letter, "Organization/far")
    with pytest.raises(Conflict):
        actions.post(gp, made.id)


def test_the_receiving_unit_owns_what_came_and_its_reading_is_evidence(
    gp: Session, letter: Letter
) -> None:
    ward = employ("nurse", "nurse", "ward")
    (made,) = send(gp, letter, "Organization/ward")
    work()
    (task,) = queries.received(ward, "Organization/ward")
    inside.acknowledge(ward, task["id"])
    with pytest.raises((Conflict, NotFound)):
        inside.acknowledge(ward, task["id"])
    work()
    assert states(made.document) == {"Organization/ward inside": State.ACCEPTED}


def test_inv_41_only_what_was_shown_is_sent(gp: Session, letter: Letter) -> None:
    seen = fingerprint(letter)
    changed = replace(letter, sections=(Section("", ("Du er ikke innkalt.",)),))
    with pytest.raises(NotPreviewed):
        send_letter(
            gp,
            changed,
            patient="Patient/anna",
            recipients=[queries.recipient_of(gp, "Patient/anna")],
            number=NUMBER,
            previewed=seen,
        )
    assert queries.in_flight(gp, "Organization/office") == []


def test_inv_41_an_empty_letter_is_refused(gp: Session, letter: Letter) -> None:
    with pytest.raises(BadRequest):
        send(gp, replace(letter, sections=(Section("Vurdering", (" ",)),)), "Patient/anna")


def test_a_letter_without_recipient_is_refused(gp: Session, letter: Letter) -> None:
    with pytest.raises(BadRequest):
        send(gp, letter)


def test_inv_51_a_letter_that_fails_leaves_no_delivery(
    gp: Session, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("no outbox")

    monkeypatch.setattr("fellesjournal.access.acts.publish", fail)
    with pytest.raises(OSError, match="no outbox"):
        send(gp, letter, "Patient/anna")
    assert queries.in_flight(gp, "Organization/office") == []
    assert [late.event for late in waiting() if late.event.startswith("delivery")] == []


def test_the_citizen_reads_her_letter_and_not_the_work_about_it(
    gp: Session, letter: Letter
) -> None:
    (made,) = send(gp, letter, "Patient/anna")
    work()
    anna = citizen("anna")
    assert queries.deliveries_of(anna, made.document) == []
