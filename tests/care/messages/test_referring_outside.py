"""Referrals over the network: out from a GP inside, in from a GP outside, and their answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fellesjournal.access import acts
from fellesjournal.care.messages import queries
from fellesjournal.care.messages.outside.receiving import Fate, take_in
from fellesjournal.care.messages.states import State
from fellesjournal.care.referrals.actions import (
    Seen,
    accept_referral,
    ask_referrer,
    cancel_referral,
    change_referral,
    reject_referral,
)
from fellesjournal.care.referrals.actions.case import load, search_all
from fellesjournal.care.referrals.queries import worklist
from fellesjournal.care.referrals.resources import identifier_query
from fellesjournal.care.referrals.states import State as Stands
from fellesjournal.foundation import clock
from fellesjournal.national.answers import heading_of, receipt_for
from fellesjournal.national.care import CONTENT_TYPES, ContentType
from fellesjournal.national.clinical import Condition, HeadedText
from fellesjournal.national.dialogue import (
    ANSWER,
    REFERRAL_STATUS,
    REFERRAL_STATUSES,
    Dialogue,
    DialogueMessage,
    Note,
    read_dialogue,
    referral_status,
    write_dialogue,
)
from fellesjournal.national.envelope import Conversation, MessageInfo, Party
from fellesjournal.national.people import Ident, Person
from fellesjournal.national.receipts import read_receipt, write_receipt
from fellesjournal.national.referral import (
    Referral,
    ReferralMessage,
    WantedService,
    read_referral,
    write_referral,
)
from fellesjournal.national.values import Code, Coded, RichText, Timestamp, volven
from tests.care.messages.region import (
    KNEE,
    NUMBER,
    SKIN,
    Region,
    count,
    deliveries,
    endpoint,
    party,
    region,
    unit,
    work,
)
from tests.national.official import OfficialSchemas
from tests.staff import SYSTEM, employ, staff

KEY = "6f1c2f6e-0000-4000-8000-000000000042"
FAR, OFFICE = party("9000", "9001"), party("7000", "7021")


@pytest.fixture
def here(empty_record: None, box: Path) -> Region:
    del empty_record
    made = region(box)
    employ("kaare", unit="office")
    unit("office", "7020", name="Henvisningskontoret", above="trust")
    return made


def head(kind: str, number: str, sender: Party, receiver: Party, **more: Any) -> MessageInfo:
    return MessageInfo(
        kind=Code(kind), generated=Timestamp(f"{clock.now():%Y-%m-%dT%H:%M:%SZ}"), id=number,
        sender=sender, receiver=receiver,
        patient=Person(family="Fiktiv", given="Anna",
                       idents=(Ident(id=NUMBER, type=Coded("FNR", volven(8116))),)),
        **more,
    )  # fmt: skip


def from_outside(
    number: str, *, action: str = "N", sender: Party = FAR, to: Party = OFFICE,
    what: str = "Vurdering av kneet", parent: str = "", minutes: int = 0, key: str = KEY,
) -> bytes:  # fmt: skip
    """A referral that a GP outside has written."""
    at = clock.now() + timedelta(minutes=minutes)
    info = head("HENVISNING_NYTILSTAND", number, sender, to,
                conversation=Conversation(parent=parent, first=parent) if parent else None)  # fmt: skip
    return write_referral(
        ReferralMessage(
            info=replace(info, generated=Timestamp(f"{at:%Y-%m-%dT%H:%M:%SZ}")),
            payload=Referral(
                action=Code(action), issued=info.generated, document=key,
                content=ContentType(type=Coded("10", CONTENT_TYPES, "Utredning/behandling")),
                reasons=(HeadedText(heading=Coded("UTRED", volven(8231)), text=RichText(what)),),
                diagnoses=(Condition(code=Coded("L90", volven(7170), "Kneartrose")),),
                wanted=WantedService(action=Code(action), priority=Code("N", "Elektiv")),
            ),
        )
    )  # fmt: skip


def status(number: str, parent: str, code: str, sender: Party) -> bytes:
    """What a receiver outside says of a referral."""
    return write_dialogue(
        DialogueMessage(
            info=head(REFERRAL_STATUS, number, sender, party("8000", "8001"),
                      conversation=Conversation(parent=parent, first=parent)),
            payload=Dialogue(
                notes=(Note(topic=Coded(code, REFERRAL_STATUSES, "status"), text=RichText("Hei")),)
            ),
        )
    )  # fmt: skip


def answer_of(here: Region) -> Any:
    files = [path.read_bytes() for path in (here.box / "out").iterdir()]
    (found,) = [each for each in files if b"AppRec" in each[:400]]
    return read_receipt(found)


def the_referral() -> Any:
    (found,) = search_all(SYSTEM, "ServiceRequest", [("identifier", identifier_query(KEY))])
    return load(SYSTEM, str(found[0]["id"]))


# --- out --------------------------------------------------------------------------------------


def test_inv_16_a_referral_to_an_outsider_goes_as_referral_2_0_and_says_all(here: Region) -> None:
    sent = here.refer()
    work()
    (content,) = here.out("HENVISNING_NYTILSTAND")
    message = read_referral(content)
    says = message.payload
    (made,) = deliveries()
    assert message.info.id == made.message
    assert (made.recipient.reference, made.state) == (SKIN, State.HANDED_OVER)
    assert made.owner == "Organization/gp-office"
    assert message.info.receiver.organisation.her_id == "9100"
    assert message.info.receiver.organisation.unit is not None
    assert message.info.receiver.organisation.unit.her_id == "9101"
    texts = {one.heading.code: one.text.text for one in says.reasons if one.heading and one.text}
    assert texts == {"PROB": "Kneartrose", "UTRED": "Vurdering av kneet"}
    assert says.diagnoses[0].code.code == "L90"
    (history,) = says.information
    assert history.observation is not None
    assert history.observation.description is not None
    assert history.observation.description.text == "Vondt i to år.\n\nGår 200 meter."
    (file,) = message.attachments
    assert file.reference.content is not None
    stored = queries.letter_file(here.gp, "anna", made.document.partition("/")[2])
    assert file.reference.content.items[0].file == stored  # what the GP reads on her page
    request, _ = acts.read(SYSTEM, "ServiceRequest", sent)
    assert request["identifier"][0]["value"] == f"urn:uuid:{says.document}"
    assert says.responsible[0].staff.idents[0].id == "9144900"


def test_what_goes_out_follows_the_official_schemas(here: Region, shared_data: Path,
                                                    tmp_path: Path) -> None:  # fmt: skip
    official = OfficialSchemas(shared_data, tmp_path)
    here.refer(content=replace(KNEE, urgency="urgent"))
    work()
    (content,) = here.out("HENVISNING_NYTILSTAND")
    assert read_referral(content).payload.wanted.priority == Code(None, "Haster")
    names = ("MsgHead-v1_2.xsd", "kith-base64.xsd", "Henvisning-v2.0.xsd")
    assert official.errors(content, *names) == []


def test_the_receipt_of_the_outsider_is_evidence_and_nothing_else_is(here: Region) -> None:
    here.refer()
    work()
    (content,) = here.out("HENVISNING_NYTILSTAND")
    receipt = receipt_for(
        heading_of(content), receipt_id="r1", now=Timestamp("2026-11-22T12:00:00Z")
    )
    assert take_in(SYSTEM, write_receipt(receipt)) is Fate.RECEIPT
    (made,) = deliveries()
    assert made.state is State.ACCEPTED


def test_inv_2_a_referral_without_evidence_at_its_deadline_is_somebodys_work(here: Region) -> None:
    here.refer()
    work()
    (made,) = deliveries()
    assert made.deadline is not None
    with clock.at(made.deadline):
        work()
    here.again()
    (task,) = queries.follow_ups(here.gp, "Organization/gp-office")
    assert task["partOf"] == [{"reference": f"Task/{made.id}"}]


def test_inv_4_what_the_receiver_stopped_reading_is_refused_at_once_and_owned(here: Region) -> None:
    here.refer()
    endpoint("skin", [("DIALOG_HELSEFAGLIG", "1.1")])
    work()
    (made,) = deliveries()
    assert (made.state, here.out()) == (State.REJECTED, [])
    here.again()
    assert len(queries.follow_ups(here.gp, "Organization/gp-office")) == 1


def test_inv_15_change_and_cancellation_name_the_message_they_change(here: Region) -> None:
    sent = here.refer()
    work()
    first = read_referral(here.out("HENVISNING_NYTILSTAND")[0]).info.id
    case = load(SYSTEM, sent)
    seen = Seen(case.version, case.task_version)
    change_referral(here.gp, referral_id=sent, seen=seen, content=replace(KNEE, what="Straks"))
    work()
    here.again()
    case = load(SYSTEM, sent)
    cancel_referral(here.gp, referral_id=sent, seen=Seen(case.version, case.task_version),
                    reason="Flyttet")  # fmt: skip
    work()
    found = [read_referral(each) for each in here.out("HENVISNING_NYTILSTAND")]
    by_action = {each.payload.action.code: each for each in found}
    assert set(by_action) == {"N", "M", "C"}
    for action in ("M", "C"):
        thread = by_action[action].info.conversation
        assert thread is not None
        assert thread.parent == first
    assert {each.payload.document for each in found} == {by_action["N"].payload.document}
    assert by_action["C"].payload.comment == "Flyttet"
    assert len(deliveries()) == 3


def test_a_referral_inside_makes_no_message(here: Region) -> None:
    here.refer("HealthcareService/ortho")
    work()
    assert (here.out(), deliveries()) == ([], [])


@pytest.mark.parametrize(
    ("code", "state"), [("2", Stands.WAITING), ("4", Stands.REJECTED), ("1", Stands.CALLED_IN)]
)
def test_the_outsiders_status_moves_the_referral_and_is_read(
    here: Region, code: str, state: Stands
) -> None:
    sent = here.refer()
    work()
    (made,) = deliveries()
    for _ in range(2):
        arrived = take_in(SYSTEM, status("s1", made.message, code, party("9100", "9101")))
        assert arrived is Fate.QUEUED
        work()
    assert load(SYSTEM, sent).referral.state is state
    here.again()
    assert len(queries.received(here.gp, "Organization/gp-office")) == 1
    assert len(deliveries()) == 1  # a status that came is not sent back


def test_inv_1_a_status_from_somebody_else_moves_nothing(here: Region) -> None:
    sent = here.refer()
    work()
    (made,) = deliveries()
    assert take_in(SYSTEM, status("s1", made.message, "4", FAR)) is Fate.QUEUED
    work()
    assert load(SYSTEM, sent).referral.state is Stands.TO_ASSESS


# --- in ---------------------------------------------------------------------------------------


def test_inv_16_a_referral_from_outside_is_the_offices_work_within_ten_working_days(
    here: Region,
) -> None:
    with clock.at(clock.now()):
        assert take_in(SYSTEM, from_outside("m1")) is Fate.QUEUED
        work()
        inside = here.refer("HealthcareService/ortho")
        rows = worklist(staff("kaare", unit="office")).to_assess
        assert len(rows) == 2
        of_inside = load(SYSTEM, inside)
        case = the_referral()
    assert case.work.owner == "Organization/office"
    assert case.work.deadline == of_inside.work.deadline
    assert case.referral.assess_by == of_inside.referral.assess_by
    assert case.referral.receiver == "HealthcareService/ortho"
    assert case.referral.referring_unit == "Organization/far"
    assert case.referral.content.what == "Vurdering av kneet"
    assert (answer_of(here).status.code, answer_of(here).original.id) == ("1", "m1")


def test_inv_8_the_same_referral_is_one_however_often_it_comes(here: Region) -> None:
    before = count("ServiceRequest"), count("DocumentReference")
    message = from_outside("m1")
    for _ in range(3):
        assert take_in(SYSTEM, message) is Fate.QUEUED
        work()
    assert (count("ServiceRequest"), count("DocumentReference")) == (before[0] + 1, before[1] + 1)
    assert len(worklist(staff("kaare", unit="office")).rows) == 1
    answer_of(here)


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (lambda: from_outside("m1", sender=party("1", "2")), "avsenderen er ikke kjent"),
        (lambda: from_outside("m1", to=party("7000", "1")), "finnes ikke her"),
        (lambda: from_outside("m1").replace(NUMBER.encode(), b"13116900216"), "pasienten finnes"),
        (lambda: from_outside("m1").replace(b"DocumentId", b"DocumentNo"), ""),
    ],
)
def test_inv_5_a_referral_that_can_not_be_taken_in_is_rejected(
    here: Region, message: Any, why: str
) -> None:
    before = count("ServiceRequest"), count("DocumentReference")
    assert take_in(SYSTEM, message()) is Fate.REJECTED
    work()
    assert (count("ServiceRequest"), count("DocumentReference")) == before
    receipt = answer_of(here)
    assert receipt.status.code == "2"
    assert why in " ".join(error.text or "" for error in receipt.errors)


def test_inv_5_a_change_of_what_is_decided_is_read_by_somebody(here: Region) -> None:
    take_in(SYSTEM, from_outside("m1"))
    work()
    case = the_referral()
    doctor = staff("kaare", unit="office")
    reject_referral(doctor, referral_id=case.referral.id,
                    seen=Seen(case.version, case.task_version), reason="Feil sted")  # fmt: skip
    before = len(queries.received(SYSTEM, "Organization/office"))
    take_in(SYSTEM, from_outside("m2", action="C", parent="m1", minutes=5))
    work()
    assert the_referral().referral.state is Stands.REJECTED
    (task,) = queries.received(SYSTEM, "Organization/office")[before:]
    document, _ = acts.read(SYSTEM, "DocumentReference", task["focus"]["reference"].split("/")[1])
    assert document["description"] == "Trukket tilbake: Henvisning"


def test_another_office_can_not_change_a_referral_by_its_number(here: Region) -> None:
    take_in(SYSTEM, from_outside("m1"))
    work()
    stranger = party("9100", "9101")
    take_in(SYSTEM, from_outside("m2", action="C", parent="m1", sender=stranger, minutes=5))
    work()
    assert the_referral().referral.state is Stands.TO_ASSESS
    assert len(queries.received(SYSTEM, "Organization/office")) == 1


def decide(here: Region, how: str) -> None:
    case = the_referral()
    seen = Seen(case.version, case.task_version)
    doctor = staff("kaare", unit="office")
    if how == "accept":
        accept_referral(doctor, referral_id=case.referral.id, seen=seen, outcome="2",
                        care_by=clock.today() + timedelta(days=60), urgency="routine")  # fmt: skip
    elif how == "reject":
        reject_referral(doctor, referral_id=case.referral.id, seen=seen, reason="Feil sted")
    else:
        ask_referrer(doctor, referral_id=case.referral.id, seen=seen, text="Har hun metall?")
    work()
    here.again()


@pytest.mark.parametrize(("how", "code"), [("accept", "2"), ("reject", "4")])
def test_the_answer_goes_back_to_the_outsider_in_the_thread_of_its_message(
    here: Region, how: str, code: str
) -> None:
    take_in(SYSTEM, from_outside("m1"))
    work()
    decide(here, how)
    (content,) = here.out("DIALOG_STATUS_HENVISNING")
    message = read_dialogue(content)
    told = referral_status(message)
    assert told is not None
    assert told.code == code
    assert message.info.conversation == Conversation(parent="m1", first="m1")
    assert message.info.receiver.organisation.her_id == "9000"
    to = {each.recipient.reference: each for each in deliveries()}
    assert set(to) == {"Patient/anna", "Organization/far"}
    assert {each.owner for each in to.values()} == {"Organization/office"}


def test_a_question_goes_out_as_a_request_and_its_answer_comes_back(here: Region) -> None:
    take_in(SYSTEM, from_outside("m1"))
    work()
    decide(here, "ask")
    (content,) = here.out("DIALOG_FORESPORSEL")
    message = read_dialogue(content)
    assert "Har hun metall?" in (message.payload.requests[0].question or RichText()).text
    assert the_referral().referral.state is Stands.ASKED
    answer = write_dialogue(
        DialogueMessage(
            info=head(ANSWER, "a1", FAR, OFFICE,
                      conversation=Conversation(parent=message.info.id, first=message.info.id)),
            payload=Dialogue(
                notes=(Note(topic=Coded("1", volven(9069), "Svar"), text=RichText("Nei, ikke.")),)
            ),
        )
    )  # fmt: skip
    for _ in range(2):
        assert take_in(SYSTEM, answer) is Fate.QUEUED
        work()
    case = the_referral()
    assert case.referral.state is Stands.TO_ASSESS
    assert [each.text for each in case.referral.additions] == ["Nei, ikke."]
    assert len(queries.received(SYSTEM, "Organization/office")) == 1
