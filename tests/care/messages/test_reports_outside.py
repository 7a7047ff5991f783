"""Nursing and care reports to and from other systems: composed, signed, carried, answered (INV-16)."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fellesjournal.access import acts, records
from fellesjournal.access.directory.systems import UNLESS_TOLD
from fellesjournal.care.messages import queries
from fellesjournal.care.messages.actions import NotPreviewed
from fellesjournal.care.messages.kinds import NATIONAL, REPORTS, Kind
from fellesjournal.care.messages.letters import Letter
from fellesjournal.care.messages.outside.envelopes import NAMES
from fellesjournal.care.messages.outside.incoming import read_incoming
from fellesjournal.care.messages.outside.receiving import Fate, take_in, take_in_all
from fellesjournal.care.messages.queries import letter_file, recipient_of
from fellesjournal.care.messages.reporting import (
    HEADINGS,
    Author,
    Facts,
    Given,
    Taken,
    Written,
    compose,
    letter_of,
    seal,
    send_report,
)
from fellesjournal.care.messages.resources import Delivery
from fellesjournal.care.messages.states import State
from fellesjournal.fhir.dosage import Dosage, parse, text_of
from fellesjournal.fhir.issues import BadRequest
from fellesjournal.foundation import clock
from fellesjournal.national.answers import heading_of
from fellesjournal.national.envelope import Conversation, MessageInfo
from fellesjournal.national.nursing import (
    NursingMessage,
    Report,
    read_nursing,
    read_report,
    write_nursing,
    write_report,
)
from fellesjournal.national.people import Ident, Person
from fellesjournal.national.receipts import Outcome, read_receipt
from fellesjournal.national.values import Code, Coded, volven
from tests.care.messages.outsider import NOW, Network, Outsider
from tests.care.messages.region import (
    NUMBER,
    Region,
    deliveries,
    endpoint,
    party,
    region,
    unit,
    work,
)
from tests.fhir.dosage.doses import dosages
from tests.national.official import OfficialSchemas
from tests.staff import SYSTEM

DAY = date(2026, 11, 22)
AUTHOR = Author("Ås", "Ragna", "9144900")
EVERY = [NATIONAL[kind] for kind in REPORTS]
HOSPITAL = "Organization/far-ward"
FACTS = Facts(
    medicines=(
        Taken("MedicationRequest/m1", "Metotreksat 2,5 mg", "L04AX03", "4 tabletter hver mandag",
              "revmatisme", "1", date(2026, 1, 5), "Ukentlig"),
        Taken("MedicationRequest/m2", "Paracet 500 mg", "N02BE01", "1 tablett ved behov", "", "3",
              None, ""),
    ),
    list_says="Legemiddelliste nr. 7 av 20.11.2026: 2 legemidler.",
    critical=("Alvorlig: Penicillin (utslett)",),
    problems=(("I509", "2.16.578.1.12.4.1.1.7110", "Hjertesvikt"), ("", "", "Faller ofte")),
    services=(Given("15", "Helsetjenester i hjemmet", "3,5", date(2025, 2, 1), None),),
    scores=(("7", "Personlig hygiene", "3"), ("15", "Hukommelse", "2")),
    scored=date(2026, 9, 1),
    admitted=datetime(2026, 11, 20, 8, 0, tzinfo=UTC),
)  # fmt: skip


def written(kind: Kind) -> Written:
    texts = {key: f"Skrevet under {key}: æøå & <b>." for key in HEADINGS[kind]}
    return Written(texts, date(2026, 11, 25) if kind is Kind.HEALTH_INFORMATION else None)


def composed(kind: Kind, facts: Facts = FACTS, number: str = "n-1") -> tuple[Report, Letter]:
    report = compose(kind, facts, written(kind), AUTHOR, number=number, day=DAY)
    return report, letter_of(
        report, kind, to="Bindal sengepost", about="Fiktiv, Anna", sender="Legesenteret",
        author="Ragna Ås", day=DAY,
    )  # fmt: skip


@pytest.fixture(scope="module")
def official(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> OfficialSchemas:
    return OfficialSchemas(shared_data, tmp_path_factory.mktemp("xsd"))


@pytest.fixture
def here(empty_record: None, box: Path) -> Region:
    """The region, with a ward on another system that reads all reports."""
    del empty_record
    made = region(box)
    unit("far-hospital", "9300", name="Fjordsykehuset", meta={"tag": [{"code": "outsider"}]})
    unit("far-ward", "9301", name="Bindal sengepost", above="far-hospital",
         meta={"tag": [{"code": "outsider"}]})  # fmt: skip
    endpoint("far-ward", [*EVERY, ("DIALOG_HELSEFAGLIG", "1.1")])
    return made


def send(here: Region, kind: Kind, number: str = "n-1", to: str = HOSPITAL) -> Delivery:
    report, letter = composed(kind, number=number)
    (made,) = send_report(
        here.gp, report, letter, kind=kind, patient="Patient/anna",
        recipient=recipient_of(here.gp, to), number=number,
        previewed=seal(report, kind, letter),
    )  # fmt: skip
    here.again()
    return made


@pytest.mark.parametrize("kind", REPORTS)
def test_what_is_received_is_what_was_previewed_to_the_letter(
    here: Region, kind: Kind, official: OfficialSchemas
) -> None:
    """INV-41: the words the receiver makes of the message stand in what was shown and signed."""
    report, letter = composed(kind)
    sent = send(here, kind)
    work()
    (content,) = here.out()
    came = read_incoming(content)
    assert came.kind == NATIONAL[kind][0]
    assert came.text in letter.text
    assert came.text.strip()
    ((_, file),) = came.files
    assert file == letter_file(SYSTEM, "anna", sent.document.partition("/")[2])
    assert read_nursing(content).payload == report
    assert official.errors(content, "MsgHead-v1_2.xsd", "kith-base64.xsd", XSD[kind]) == []


XSD = {
    Kind.ADMISSION_REPORT: "Innleggelsesrapport-v1.6.xsd",
    Kind.DISCHARGE_REPORT: "TverrfagligEpikrise-v1.6.xsd",
    Kind.HEALTH_INFORMATION: "Helseopplysninger-v1.6.xsd",
    Kind.SERVICES_OFFERED: "OrienteringOmTjenestetilbud-v1.6.xsd",
    Kind.TO_DOCTOR: "HelseopplysningerTilLege-v1.6.xsd",
    Kind.MEDICAL_INFORMATION: "MedisinskeOpplysninger-v1.6.xsd",
}


@pytest.mark.parametrize("kind", REPORTS)
def test_a_report_tells_all_that_the_record_knows_and_its_kind_has_room_for(kind: Kind) -> None:
    _, letter = composed(kind)
    said = letter.text
    if kind is not Kind.SERVICES_OFFERED:
        assert "CAVE: Alvorlig: Penicillin (utslett)" in said
        assert "I509 Hjertesvikt" in said
        assert "Personlig hygiene: 3" in said
    for key in HEADINGS[kind]:
        assert f"Skrevet under {key}: æøå & <b>." in said
    if kind in {Kind.ADMISSION_REPORT, Kind.SERVICES_OFFERED}:
        assert "Helsetjenester i hjemmet: fra 01.02.2025, 3,5 timer i uka" in said
    if kind in WITH_MEDICINES:
        assert "Legemiddelliste nr. 7 av 20.11.2026: 2 legemidler." in said
        assert "Metotreksat 2,5 mg: 4 tabletter hver mandag (Fast, revmatisme" in said
        assert "Ukentlig" in said


WITH_MEDICINES = {
    Kind.ADMISSION_REPORT, Kind.DISCHARGE_REPORT, Kind.TO_DOCTOR, Kind.MEDICAL_INFORMATION,
}  # fmt: skip


def test_a_report_that_changed_after_it_was_shown_is_not_sent(here: Region) -> None:
    kind = Kind.ADMISSION_REPORT
    report, letter = composed(kind)
    shown = seal(report, kind, letter)
    newer, same_words = composed(kind, replace(FACTS, list_says="Legemiddelliste nr. 8."))
    with pytest.raises(NotPreviewed):
        send_report(here.gp, newer, same_words, kind=kind, patient="Patient/anna",
                    recipient=recipient_of(here.gp, HOSPITAL), number="n-1", previewed=shown)  # fmt: skip
    # what is told beside the words counts too: the same letter with another code is another report
    coded = replace(report, sending=replace(report.sending, action=Code("N", "Annet")))
    assert seal(coded, kind, letter) != shown
    work()
    assert here.out() == []


def test_to_a_unit_that_reads_the_same_record_nothing_is_sent(here: Region) -> None:
    with pytest.raises(BadRequest, match="same record"):
        send(here, Kind.ADMISSION_REPORT, to="Organization/ward")
    assert deliveries() == []


def test_a_system_that_reads_neither_the_report_nor_a_letter_is_refused_before_signing(
    here: Region,
) -> None:
    endpoint("far-ward", [("LOG_INNLAGT", "1.6")])
    with pytest.raises(BadRequest, match="no such report"):
        send(here, Kind.ADMISSION_REPORT)
    assert deliveries() == []


def test_a_system_that_reads_letters_alone_gets_the_same_words_as_a_letter(here: Region) -> None:
    endpoint("far-ward", [(UNLESS_TOLD, "1.1")])
    sent = send(here, Kind.ADMISSION_REPORT)
    work()
    (content,) = here.out()
    came = read_incoming(content)
    assert came.kind == UNLESS_TOLD
    ((_, file),) = came.files
    assert file == letter_file(SYSTEM, "anna", sent.document.partition("/")[2])


def test_the_same_form_sent_again_is_one_report(here: Region) -> None:
    one, two = send(here, Kind.TO_DOCTOR), send(here, Kind.TO_DOCTOR)
    assert one.id == two.id
    work()
    assert len(here.out()) == 1


@pytest.mark.parametrize("kind", REPORTS)
def test_a_report_without_what_its_kind_needs_is_not_made(kind: Kind) -> None:
    with pytest.raises(BadRequest):
        compose(kind, replace(FACTS, services=()), Written({}), AUTHOR, number="n", day=DAY)


def test_a_rejected_report_and_one_without_a_receipt_become_owned_work(here: Region) -> None:
    outsider = Outsider(outcome=Outcome.REJECTED)
    network = Network(here.box, outsider, random.Random(1))
    rejected = send(here, Kind.ADMISSION_REPORT, "n-1")
    work()
    for _there_and_back in range(2):
        network.carry()
    take_in_all(SYSTEM)
    silent = send(here, Kind.SERVICES_OFFERED, "n-2")
    work()
    with clock.at(clock.now() + timedelta(days=5)):
        work()
    stands = {each.id: each.state for each in deliveries()}
    assert stands == {rejected.id: State.REJECTED, silent.id: State.EXPIRED}
    owned = {task["partOf"][0]["reference"] for task in queries.follow_ups(SYSTEM, rejected.owner)}
    assert owned == {f"Task/{rejected.id}", f"Task/{silent.id}"}


@pytest.mark.parametrize("seed", range(3))
def test_over_a_bad_network_each_report_arrives_or_is_owned(here: Region, seed: int) -> None:
    """INV-1, 2, 8: drops, doubles, delays and another order, in both directions."""
    outsider = Outsider()
    network = Network(here.box, outsider, random.Random(seed), drop=0.3, double=0.4, delay=0.4)
    start = clock.now()
    for kind in REPORTS:
        send(here, kind, f"n-{kind}")
    coming = {f"in-{kind}": from_outside(kind, f"in-{kind}") for kind in REPORTS}
    for hour in range(10):
        with clock.at(start + timedelta(hours=hour)):
            for number, content in coming.items():
                if number not in outsider.receipts:
                    network.waiting.append(("back", content))
            work()
            network.carry()
            take_in_all(SYSTEM)
    with clock.at(start + timedelta(days=5)):
        work()
        sent = deliveries()
    assert sorted(each.kind for each in sent) == sorted(REPORTS)
    owned = {task["partOf"][0]["reference"] for task in queries.follow_ups(SYSTEM, sent[0].owner)}
    for each in sent:
        if each.state is State.ACCEPTED:
            said = heading_of(outsider.documents[each.message]).kind
            assert said is not None
            assert said.code == NATIONAL[each.kind][0]
            assert f"Task/{each.id}" not in owned
        else:
            assert each.state is State.EXPIRED
            assert f"Task/{each.id}" in owned
    # each that came is read by somebody, once, and answered
    read = [task["focus"]["reference"] for task in queries.received(SYSTEM, "Organization/ward")]
    answered = {read_receipt(each).original.id for each in network.fetched
                if b"AppRec" in each[:400]}  # fmt: skip
    assert len(read) == len(set(read)) == len(answered & set(coming))
    assert answered <= set(coming)


def from_outside(kind: Kind, number: str, action: str = "N", parent: str = "") -> bytes:
    """A report of the outside ward to ours, about Anna."""
    report, _ = composed(kind, number=number)
    code = NATIONAL[kind][0]
    head = MessageInfo(
        kind=Code(code, NAMES[code]), generated=NOW, id=number,
        sender=party("9300", "9301"), receiver=party("7000", "7010"),
        conversation=Conversation(parent=parent, first=parent) if parent else None,
        patient=Person(family="Fiktiv", given="Anna",
                       idents=(Ident(id=NUMBER, type=Coded("FNR", volven(8116))),)),
    )  # fmt: skip
    payload = replace(report, sending=replace(report.sending, action=Code(action)))
    return write_nursing(NursingMessage(info=head, payload=payload))


def test_a_withdrawn_report_takes_the_place_of_what_it_withdraws_whichever_comes_first(
    here: Region,
) -> None:
    """INV-15."""
    del here
    new = from_outside(Kind.ADMISSION_REPORT, "r-1")
    gone = from_outside(Kind.ADMISSION_REPORT, "r-2", "C", "r-1")
    for content in (gone, new):
        assert take_in(SYSTEM, content) is Fate.QUEUED
    found = records.search(SYSTEM, "DocumentReference", [("patient", "anna")]).matches
    stands = {str(d["description"]): str(d["status"]) for d in map(acts.content, found)}
    assert stands == {
        "Innleggelsesrapport": "superseded",
        "Trukket tilbake: Innleggelsesrapport": "current",
    }


# --- doses ------------------------------------------------------------------------------------------


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(dose=dosages, use=st.sampled_from(["", "1", "2", "3"]))
def test_a_dose_survives_structure_words_message_and_back(dose: Dosage, use: str) -> None:
    """INV-18: what the receiver reads in the message is the same dose, for every pattern."""
    taken = Taken("MedicationRequest/m", "Medisin", "", text_of(dose, "nb"), "", use, None, "")
    report, _ = composed(Kind.MEDICAL_INFORMATION, replace(FACTS, medicines=(taken,)))
    kind = NATIONAL[Kind.MEDICAL_INFORMATION][0]
    (back,) = read_report(write_report(report, kind), kind).medicines
    said = back.prescription.what.dose
    assert said is not None
    assert said == text_of(dose, "nb")
    assert parse(said, "nb") == dose
