"""Units on other systems: letters out, letters in, receipts both ways, over a bad network."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from fellesjournal.access import acts, jobs, records
from fellesjournal.access.sessions import Session
from fellesjournal.care.messages import queries
from fellesjournal.care.messages.actions import send_letter
from fellesjournal.care.messages.letters import Letter, fingerprint
from fellesjournal.care.messages.outside.receiving import Fate, take_in, take_in_all
from fellesjournal.care.messages.resources import Delivery
from fellesjournal.care.messages.states import State
from fellesjournal.foundation import clock
from fellesjournal.foundation.mailbox import Mailbox
from fellesjournal.foundation.outbox.queries import waiting
from fellesjournal.foundation.outbox.worker import handle_all
from fellesjournal.national.dialogue import read_dialogue
from fellesjournal.national.receipts import Outcome, read_receipt
from fellesjournal.registry.numbers import FNR_SYSTEM
from tests.care.messages.outsider import Network, Outsider, letter_from_outside, party
from tests.staff import SYSTEM, put

FAR, OFFICE = "Organization/far", "Organization/office"


@pytest.fixture
def office(gp: Session) -> Session:
    """The GP, whose patient Anna has a national number."""
    put(
        "Patient", "anna", name=[{"family": "Fiktiv", "given": ["Anna"]}],
        identifier=[{"system": FNR_SYSTEM, "value": "01819012345"}],
        generalPractitioner=[{"reference": "Practitioner/gp"}],
    )  # fmt: skip
    return gp


def send(gp: Session, letter: Letter, to: str = FAR) -> Delivery:
    (made,) = send_letter(
        gp,
        letter,
        patient="Patient/anna",
        recipients=[queries.recipient_of(gp, to)],
        number=str(uuid4()),
        previewed=fingerprint(letter),
    )
    return made


def work() -> None:
    handle_all(jobs.call)
    assert [late for late in waiting() if late.failed] == []


def stands(delivery: Delivery) -> Delivery:
    return queries.delivery_by(SYSTEM, f"Task/{delivery.id}")


def documents() -> int:
    return len(records.search(SYSTEM, "DocumentReference", []).matches)


def test_a_letter_goes_out_says_all_and_its_receipt_is_evidence(
    office: Session, letter: Letter, box: Path
) -> None:
    made = send(office, letter)
    work()
    assert stands(made).state is State.HANDED_OVER
    (file,) = (box / "out").iterdir()
    message = read_dialogue(file.read_bytes())
    assert message.info.id == made.message
    assert message.info.patient is not None
    assert message.info.patient.idents[0].id == "01819012345"
    (note,) = message.payload.notes
    assert note.text is not None
    assert "Du er innkalt til kontroll." in note.text.text
    assert message.attachments[0].reference.mime_type == "application/pdf"
    network = Network(box, Outsider(), random.Random(1))
    network.carry()
    network.carry()
    assert take_in_all(SYSTEM)[Fate.RECEIPT] == 1
    assert stands(made).state is State.ACCEPTED


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Outcome.REJECTED, State.REJECTED),
        (Outcome.PARTLY, State.ACCEPTED_WITH_ERRORS),
    ],
)
def test_inv_2_a_refusing_receipt_becomes_owned_work(
    office: Session, letter: Letter, box: Path, outcome: Outcome, state: State
) -> None:
    made = send(office, letter)
    network = Network(box, Outsider(outcome), random.Random(1))
    work()
    network.carry()
    network.carry()
    take_in_all(SYSTEM)
    work()
    assert stands(made).state is state
    assert len(queries.follow_ups(office, OFFICE)) == 1


def test_who_has_no_address_is_told_at_once(office: Session, letter: Letter) -> None:
    put("Organization", "lost", name="Uten adresse", meta={"tag": [{"code": "outsider"}]})
    made = send(office, letter, "Organization/lost")
    work()
    assert stands(made).state is State.REJECTED
    assert len(queries.follow_ups(office, OFFICE)) == 1


def test_a_letter_from_outside_is_a_document_and_owned_work_and_is_answered(
    office: Session, box: Path
) -> None:
    assert take_in(SYSTEM, letter_from_outside("m1")) is Fate.QUEUED
    (task,) = queries.received(office, OFFICE)
    document, _ = acts.read(office, "DocumentReference", task["focus"]["reference"].split("/")[1])
    assert document["description"] == "Tilbakemelding"
    assert document["subject"] == {"reference": "Patient/anna"}
    (answer,) = (box / "out").iterdir()
    receipt = read_receipt(answer.read_bytes())
    assert (receipt.status.code, receipt.original.id) == ("1", "m1")


def test_inv_8_the_same_message_is_taken_in_once_and_answered_alike(
    office: Session, box: Path
) -> None:
    before = documents()
    for _ in range(3):
        assert take_in(SYSTEM, letter_from_outside("m1")) is Fate.QUEUED
    assert documents() == before + 1
    assert len(queries.received(office, OFFICE)) == 1
    assert len(list((box / "out").iterdir())) == 1


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (letter_from_outside("m1", to=party("8001", "4711")), "finnes ikke her"),
        (letter_from_outside("m1", patient="13116900216"), "pasienten finnes ikke"),
        (
            letter_from_outside("m1").replace(b"DIALOG_HELSEFAGLIG", b"SYKMELDING"),
            "kan ikke mottas",
        ),
        (letter_from_outside("m1").replace(b"dia:Notat", b"dia:Notis"), ""),
    ],
)
def test_inv_5_what_can_not_be_taken_in_is_rejected_with_its_reason(
    office: Session, box: Path, message: bytes, why: str
) -> None:
    before = documents()
    assert take_in(SYSTEM, message) is Fate.REJECTED
    assert documents() == before
    assert queries.received(office, OFFICE) == []
    (answer,) = (box / "out").iterdir()
    receipt = read_receipt(answer.read_bytes())
    assert receipt.status.code == "2"
    assert why in " ".join(error.text or "" for error in receipt.errors)


@pytest.mark.parametrize("content", [b"", b"hei", b"<a>", b"<a/>", b"\x00\xff" * 100])
def test_inv_5_what_nobody_can_be_told_about_is_kept_and_counted(
    office: Session, box: Path, content: bytes
) -> None:
    del office
    Mailbox(box).receive("x.xml", content)
    assert take_in_all(SYSTEM)[Fate.UNANSWERABLE] == 1
    assert [p.read_bytes() for p in (box / "unanswerable").iterdir()] == [content]
    assert Mailbox(box).waiting() == []


def test_inv_5_received_is_queued_and_rejected_and_nothing_else(office: Session, box: Path) -> None:
    chance = random.Random(5)
    sent = []
    for n in range(30):
        message = letter_from_outside(
            f"m{n}",
            patient=chance.choice(["01819012345", "13116900216"]),
            to=party("8001", chance.choice(["8002", "4711"])),
        )
        if chance.random() < 0.3:
            place = chance.randrange(len(message))
            message = message[:place] + bytes([chance.randrange(256)]) + message[place + 1 :]
        sent.append(message)
        Mailbox(box).receive(f"{n}.xml", message)
    fates = take_in_all(SYSTEM)
    assert sum(fates.values()) == len(sent)
    assert len(queries.received(office, OFFICE)) == fates[Fate.QUEUED]
    answers = [read_receipt(path.read_bytes()).status.code for path in (box / "out").iterdir()]
    assert answers.count("1") == fates[Fate.QUEUED]
    assert answers.count("2") == fates[Fate.REJECTED]


@pytest.mark.parametrize("seed", range(6))
def test_inv_1_2_8_over_a_bad_network_nothing_is_lost_or_doubled_without_an_owner(
    office: Session, letter: Letter, box: Path, seed: int
) -> None:
    outsider = Outsider()
    network = Network(box, outsider, random.Random(seed), drop=0.3, double=0.4, delay=0.4)
    made = [send(office, replace(letter, title=f"Brev {n}")) for n in range(8)]
    start = clock.now()
    for hour in range(12):
        with clock.at(start + timedelta(hours=hour)):
            work()
            network.carry()
            take_in_all(SYSTEM)
    with clock.at(start + timedelta(days=4)):
        work()
        follow_ups = {task["partOf"][0]["reference"] for task in queries.follow_ups(office, OFFICE)}
    assert len(outsider.documents) <= len(made)
    for each in map(stands, made):
        if each.state is State.ACCEPTED:
            assert each.message in outsider.documents  # accepted is never said of what did not come
            assert f"Task/{each.id}" not in follow_ups
        else:
            assert each.state is State.EXPIRED
            assert f"Task/{each.id}" in follow_ups


def test_a_late_receipt_still_counts(office: Session, letter: Letter, box: Path) -> None:
    made = send(office, letter)
    network = Network(box, Outsider(), random.Random(1))
    work()
    assert made.deadline is not None
    with clock.at(made.deadline):
        work()
        assert stands(made).state is State.EXPIRED
        network.carry()
        network.carry()
        take_in_all(SYSTEM)
    assert stands(made).state is State.ACCEPTED
