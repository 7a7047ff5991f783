"""Summaries and notices of stays, out to and in from units on other systems."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from fellesjournal.access import acts, records
from fellesjournal.care.citizens.queries import person_of
from fellesjournal.care.messages import queries
from fellesjournal.care.messages.kinds import Kind
from fellesjournal.care.messages.letters import as_pdf, fingerprint
from fellesjournal.care.messages.outside.receiving import Fate, take_in
from fellesjournal.care.messages.states import Route, State
from fellesjournal.care.stays.actions import (
    Leaving,
    change_ready,
    mark_ready,
    save_summary,
    take_back,
    withdraw_ready,
)
from fellesjournal.care.stays.queries import stay_by
from fellesjournal.care.stays.resources import Stay
from fellesjournal.care.stays.summaries import PARTS
from fellesjournal.foundation import clock
from fellesjournal.national.care import Sending, TimedEvent
from fellesjournal.national.clinical import HeadedText
from fellesjournal.national.dialogue import read_dialogue
from fellesjournal.national.discharge import (
    DischargedPatient,
    DischargeMessage,
    DischargeSummary,
    Event,
    PastEvent,
    read_discharge,
    write_discharge,
)
from fellesjournal.national.envelope import Address, Conversation, MessageInfo
from fellesjournal.national.logistics import (
    Logistics,
    LogisticsMessage,
    OneEvent,
    event_code,
    main_event,
    read_logistics,
    write_logistics,
)
from fellesjournal.national.older import CopyTo, Service, counterpart
from fellesjournal.national.people import Ident, Person
from fellesjournal.national.values import Code, Coded, RichText, Timestamp, volven
from fellesjournal.surfaces.clinic.discharging import (
    Signer,
    addressees,
    letter_of,
    send_and_discharge,
)
from tests.care.messages.region import (
    FAR_GP,
    NUMBER,
    VILLAGE,
    Region,
    deliveries,
    endpoint,
    lives_in,
    party,
    patient,
    region,
    work,
)
from tests.national.official import OfficialSchemas
from tests.staff import SYSTEM, put

TEXTS = {each.key: f"Ord om {each.key}." for each in PARTS}
NOW = Timestamp("2026-11-22T12:00:00Z")


@pytest.fixture
def here(empty_record: None, box: Path) -> Region:
    del empty_record
    return region(box)


def listed_outside() -> None:
    """Anna's GP is outside."""
    patient("anna", NUMBER, generalPractitioner=[{"reference": FAR_GP}])


def leave(here: Region, stay: Stay, to_place: str = "home") -> bytes:
    """Write, show, sign, send, end the stay; answers the file that was shown."""
    here.again()
    summary = save_summary(here.doctor, patient="anna", stay_id=stay.id, texts=TEXTS, seen=0)
    to = addressees(here.doctor, stay)
    letter = letter_of(summary, to, person=person_of(here.doctor, "anna"),
                       signer=Signer("Iselin, lege", "Medisinsk avdeling"))  # fmt: skip
    now = stay_by(SYSTEM, "anna", stay.id)
    send_and_discharge(here.doctor, stay, summary, letter, to, seen=now.version,
                       previewed=fingerprint(letter), leaving=Leaving(to=to_place))  # fmt: skip
    work()
    return as_pdf(letter)


# --- out --------------------------------------------------------------------------------------


def test_inv_16_41_the_summary_goes_out_as_epikrise_with_what_was_shown_attached(
    here: Region, shared_data: Path, tmp_path: Path
) -> None:
    listed_outside()
    shown = leave(here, here.admit())
    (content,) = here.out("EPIKRISE")
    message = read_discharge(content)
    (made,) = [each for each in deliveries() if each.recipient.route is Route.NATIONAL]
    assert (made.kind, made.state, message.id) == (
        Kind.DISCHARGE_SUMMARY, State.HANDED_OVER, made.message,
    )  # fmt: skip
    says = message.summary
    assert says.patient.id == NUMBER
    assert says.text("AI") == "Ord om reason."
    assert says.text("OP") == "Ord om follow-up."
    for key in ("diagnoses", "course", "findings", "medication"):
        assert f"Ord om {key}." in says.text("FO")
    (file,) = says.references
    assert file.content is not None
    assert file.content.items[0].file == shown
    official = OfficialSchemas(shared_data, tmp_path)
    assert official.errors(content, "Epikrise-v1.2.xsd", "kith-base64.xsd") == []


def test_who_does_not_read_epikrise_gets_the_same_file_as_dialogue(here: Region) -> None:
    listed_outside()
    endpoint("far", [("DIALOG_HELSEFAGLIG", "1.1")])
    shown = leave(here, here.admit())
    (content,) = here.out("DIALOG_HELSEFAGLIG")
    attached = read_dialogue(content).attachments[0].reference.content
    assert attached is not None
    assert attached.items[0].file == shown


def test_inv_41_every_route_carries_the_bytes_that_were_shown(here: Region) -> None:
    """Inside, HelsaMi and paper read the one stored file; a message holds the same bytes."""
    listed_outside()
    put("EpisodeOfCare", "service", status="active", patient={"reference": "Patient/anna"},
        managingOrganization={"reference": "Organization/gp-office"})  # fmt: skip
    shown = leave(here, here.admit())
    found = deliveries()
    assert {each.recipient.route for each in found} == {Route.INSIDE, Route.PAPER, Route.NATIONAL}
    digest = hashlib.sha256(shown).hexdigest()
    for each in found:
        document = each.document.partition("/")[2]
        stored = queries.letter_file(SYSTEM, "anna", document)
        assert hashlib.sha256(stored).hexdigest() == digest, each.recipient.route


def told(here: Region, kind: str) -> LogisticsMessage:
    (content,) = here.out(kind)
    return read_logistics(content)


def test_inv_16_a_municipality_outside_hears_of_a_whole_stay(
    here: Region, shared_data: Path, tmp_path: Path
) -> None:
    patient("anna", NUMBER, address=lives_in("1811"))
    stay = here.admit()
    work()
    here.again()
    admitted = told(here, "LOG_INNLAGT")
    assert main_event(admitted).code == event_code("1", "Pasient innlagt")
    assert admitted.info.receiver.organisation.unit is not None
    assert admitted.info.receiver.organisation.unit.her_id == "9201"

    mark_ready(here.nurse, patient="anna", stay_id=stay.id)
    work()
    ready = told(here, "LOG_UTSKRIVNINGSKLAR")
    assert [e.code.code for e in ready.payload.events if e.code] == ["1", "3"]

    stood = stay_by(SYSTEM, "anna", stay.id).ready
    assert stood is not None
    with clock.at(clock.now() + timedelta(minutes=1)):
        later = clock.now() + timedelta(days=1)
        change_ready(here.nurse, patient="anna", stay_id=stay.id, notice=stood.notice, since=later)
        work()
        changes = [read_logistics(each) for each in here.out("LOG_UTSKRIVNINGSKLAR")]
        (change,) = [each for each in changes if each.payload.sending.action.code == "M"]
        assert change.info.conversation == Conversation(parent=ready.info.id, first=ready.info.id)
        assert change.payload.events[1].at.instant().date() == later.date()
        withdraw_ready(here.nurse, patient="anna", stay_id=stay.id, notice=stood.notice)
        work()
    gone = told(here, "LOG_AVMELDING")
    assert [e.code.code for e in gone.payload.events if e.code] == ["1", "3", "4"]
    assert gone.info.conversation == Conversation(parent=ready.info.id, first=ready.info.id)

    leave(here, stay)
    left = told(here, "LOG_UTSKREVET")
    assert left.payload.discharged is not None
    assert left.payload.discharged.to.to.code == "1"
    mine = [each for each in deliveries() if each.recipient.reference == VILLAGE]
    assert sorted(each.kind for each in mine) == sorted(
        [Kind.ADMITTED, Kind.READY, Kind.READY, Kind.READY_WITHDRAWN, Kind.DISCHARGED]
    )
    assert {each.owner for each in mine} == {"Organization/ward"}
    official = OfficialSchemas(shared_data, tmp_path)
    for content in here.out("LOG_"):
        names = ("MsgHead-v1_2.xsd", "kith-base64.xsd", "Pasientlogistikk-v1.6.xsd")
        assert official.errors(content, *names) == []


def test_where_she_went_is_told_in_words_where_no_code_is_known(
    here: Region, shared_data: Path, tmp_path: Path
) -> None:
    patient("anna", NUMBER, address=lives_in("1811"))
    leave(here, here.admit(), "snf")
    left = told(here, "LOG_UTSKREVET").payload.discharged
    assert left is not None
    assert (left.to.to.code, left.to.to.display) == (None, "Sykehjem")
    official = OfficialSchemas(shared_data, tmp_path)
    names = ("MsgHead-v1_2.xsd", "kith-base64.xsd", "Pasientlogistikk-v1.6.xsd")
    assert official.errors(here.out("LOG_UTSKREVET")[0], *names) == []


def test_an_admission_by_mistake_is_taken_back_where_it_was_told(here: Region) -> None:
    patient("anna", NUMBER, address=lives_in("1811"))
    stay = here.admit()
    work()
    here.again()
    first = told(here, "LOG_INNLAGT")
    take_back(here.nurse, patient="anna", stay_id=stay.id, seen=stay.version,
              words="Skrevet inn på feil pasient.")  # fmt: skip
    work()
    sent = [read_logistics(each) for each in here.out("LOG_INNLAGT")]
    (back,) = [each for each in sent if each.payload.sending.action.code == "C"]
    assert back.info.conversation == Conversation(parent=first.info.id, first=first.info.id)
    assert len(sent) == 2


def test_who_lives_in_a_municipality_inside_makes_no_message(here: Region) -> None:
    patient("anna", NUMBER, address=lives_in("5001"))
    here.admit()
    work()
    assert here.out() == []


# --- in ---------------------------------------------------------------------------------------


def summary_from_outside(
    number: str, *, action: str = "N", text: str = "Bedre nå.", seconds: int = 0,
    copies: tuple[CopyTo, ...] = (), document: str = "d-1",
) -> bytes:  # fmt: skip
    """A discharge summary that a hospital outside has written."""
    at = Timestamp(f"2026-11-22T12:00:{seconds:02}Z")
    return write_discharge(
        DischargeMessage(
            kind=Code("EPIKRISE"), generated=at, id=number,
            summary=DischargeSummary(
                action=Code(action), issued=at, status=Code("F"), description="Sykehusepikrise",
                document=document,
                events=(
                    Event(past=PastEvent(begins=NOW), action=Code("N"), service=Service(),
                          texts=(HeadedText(heading=Coded("FO", display="Forløp"),
                                            text=RichText(text)),)),
                ),
                patient=DischargedPatient(name="Fiktiv, Anna", id=NUMBER, id_type=Code("FNR")),
                provider=counterpart("Sykehus", "Avdeling", Address("9100", "9101")),
                requester=counterpart("Legesenter", "Fastlege", Address("8000", "8001")),
                copies=copies,
            ),
        )
    )  # fmt: skip


def document_of(task: dict[str, Any]) -> dict[str, Any]:
    return acts.read(SYSTEM, "DocumentReference", task["focus"]["reference"].split("/")[1])[0]


def words(document: dict[str, Any]) -> str:
    return queries._attached(document, "text/plain").decode()


def test_a_summary_from_outside_is_filed_and_is_work_until_it_is_read(here: Region) -> None:
    assert take_in(SYSTEM, summary_from_outside("e1")) is Fate.QUEUED
    (task,) = queries.received(here.gp, "Organization/gp-office")
    document = document_of(task)
    assert document["type"]["coding"][0]["code"] == "A03-2"
    assert document["subject"] == {"reference": "Patient/anna"}
    assert "Forløp: Bedre nå." in words(document)


def test_a_copy_of_a_summary_is_read_where_the_copy_went_as_well(here: Region) -> None:
    copy = CopyTo(provider=counterpart("Sykehuset", "Ward", Address("7000", "7010")).provider)
    for _ in range(2):
        take_in(SYSTEM, summary_from_outside("e1", copies=(copy,)))
    del here
    for unit in ("gp-office", "ward"):
        assert len(queries.received(SYSTEM, f"Organization/{unit}")) == 1


def test_inv_15_a_changed_or_cancelled_summary_takes_its_place_in_every_order(
    here: Region,
) -> None:
    del here
    messages = [("N", "Først.", 0), ("M", "Så.", 1), ("C", "Nei.", 2)]
    for turn, order in enumerate(permutations(range(3))):
        for n in order:
            action, text, seconds = messages[n]
            sent = summary_from_outside(
                f"e{turn}-{n}", action=action, text=text, seconds=seconds, document=f"d{turn}"
            )
            assert take_in(SYSTEM, sent) is Fate.QUEUED
        found = records.search(SYSTEM, "DocumentReference", [("_count", "100")]).matches
        mine = [
            data for data in map(acts.content, found)
            if any(str(i["value"]).startswith(f"e{turn}-") for i in data["identifier"])
        ]  # fmt: skip
        assert sorted((each["status"], each["description"]) for each in mine) == [
            ("current", "Trukket tilbake: Sykehusepikrise"),
            ("superseded", "Endret: Sykehusepikrise"),
            ("superseded", "Sykehusepikrise"),
        ]


def notice_from_outside(number: str, to: tuple[str, str] = ("7000", "7010")) -> bytes:
    """That she has been admitted elsewhere."""
    return write_logistics(
        LogisticsMessage(
            info=MessageInfo(
                kind=Code("LOG_INNLAGT"), generated=NOW, id=number,
                sender=party("9200", "9201"), receiver=party(*to),
                patient=Person(family="Fiktiv", given="Anna",
                               idents=(Ident(id=NUMBER, type=Coded("FNR", volven(8116))),)),
            ),
            payload=Logistics(
                sending=Sending(action=Code("N")),
                admitted=OneEvent(event=TimedEvent(code=event_code("1"), at=NOW, is_estimate=False)),
            ),
        )
    )  # fmt: skip


def test_a_notice_from_a_municipality_outside_is_work_of_the_ward(here: Region) -> None:
    for _ in range(2):
        assert take_in(SYSTEM, notice_from_outside("l1")) is Fate.QUEUED
    (task,) = queries.received(here.nurse, "Organization/ward")
    document = document_of(task)
    assert document["description"] == "Innlagt"
    assert words(document) == "Innlagt: 22.11.2026 kl. 13.00"
