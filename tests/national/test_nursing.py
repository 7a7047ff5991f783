"""Nursing and care reports (PLO 1.6): six kinds, one shape, each as its own schema allows it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from fellesjournal.national.binding import Schema
from fellesjournal.national.care import Sending
from fellesjournal.national.enclosing import Enclosed
from fellesjournal.national.envelope import Conversation
from fellesjournal.national.kinds import VERSIONS, read_message
from fellesjournal.national.nursing import (
    ACTIONS,
    ADMISSION_REPORT,
    DISCHARGE_REPORT,
    HEALTH_INFORMATION,
    KINDS,
    MEDICAL_INFORMATION,
    SERVICES_OFFERED,
    TO_DOCTOR,
    NursingMessage,
    Report,
    read_nursing,
    read_report,
    write_nursing,
    write_report,
)
from fellesjournal.national.nursing_parts import Service
from fellesjournal.national.prescribed import Medicine, Prescribed, Prescription
from fellesjournal.national.refusals import NotUnderstood, NotValid, NotWritable
from fellesjournal.national.schemas import (
    ADMISSION_REPORT_1_6,
    DISCHARGE_REPORT_1_6,
    HEALTH_INFORMATION_1_6,
    MEDICAL_INFORMATION_1_6,
    SERVICES_OFFERED_1_6,
    TO_DOCTOR_1_6,
)
from fellesjournal.national.values import Code
from tests.national.comparing import found, said, stands_in
from tests.national.invented import Chosen, parts
from tests.national.official import OfficialSchemas
from tests.national.samples import info
from tests.tries import tries

FORMS: dict[str, tuple[Schema, str]] = {
    ADMISSION_REPORT: (ADMISSION_REPORT_1_6, "Innleggelsesrapport-v1.6.xsd"),
    DISCHARGE_REPORT: (DISCHARGE_REPORT_1_6, "TverrfagligEpikrise-v1.6.xsd"),
    HEALTH_INFORMATION: (HEALTH_INFORMATION_1_6, "Helseopplysninger-v1.6.xsd"),
    SERVICES_OFFERED: (SERVICES_OFFERED_1_6, "OrienteringOmTjenestetilbud-v1.6.xsd"),
    TO_DOCTOR: (TO_DOCTOR_1_6, "HelseopplysningerTilLege-v1.6.xsd"),
    MEDICAL_INFORMATION: (MEDICAL_INFORMATION_1_6, "MedisinskeOpplysninger-v1.6.xsd"),
}
OFFERED = (Service(name="Hjemmesykepleie", is_private=False),)
PARACET = Medicine(id="m-1", prescription=Prescription(what=Prescribed(name="Paracet")))


def message(kind: str, action: str = "N", **says: Any) -> NursingMessage:
    report = Report(sending=Sending(action=Code(action)), **says)
    thread = Conversation(parent="m-1", first="m-1")
    return Enclosed(info=replace(info(kind), conversation=thread), payload=report)


@st.composite
def messages(draw: st.DrawFn) -> Any:
    kind = draw(st.sampled_from(KINDS))
    chosen: Chosen = {(Sending, "action"): st.sampled_from([Code(one) for one in ACTIONS])}
    says = draw(parts(Report, FORMS[kind][0], chosen, 2))
    return replace(message(kind), payload=says)


def files(examples: Path) -> list[Path]:
    return [
        path
        for path in sorted((examples / "plo").glob("*.xml"))
        if not path.name.startswith("Pasientlogistikk")
    ]


def test_every_example_is_read_without_loss_and_written_to_the_official_schema(
    examples: Path, official: OfficialSchemas
) -> None:
    assert len(files(examples)) == 10
    seen = set()
    for file in files(examples):
        data = file.read_bytes()
        read = read_nursing(data)
        assert said(read) == stands_in(data), file.name
        assert read_message(data) == read
        written = write_nursing(read)
        assert read_nursing(written) == read, file.name
        kind = str(read.info.kind.code)
        assert official.errors(written, "MsgHead-v1_2.xsd", FORMS[kind][1]) == [], file.name
        kept = write_report(read.payload, kind)
        assert official.errors(kept, FORMS[kind][1]) == [], file.name
        assert read_report(kept, kind) == read.payload
        seen.add(kind)
    assert seen == set(KINDS)


def test_medicines_doses_and_services_are_those_found_by_xpath(examples: Path) -> None:
    for file in files(examples):
        root = etree.parse(str(file)).getroot()
        says = read_nursing(file.read_bytes()).payload
        taken = [each.prescription.what for each in says.medicines]
        inside = "//l:Legemiddelinfo//l:Forskrivningsinfo"
        assert [each.name for each in taken] == found(root, f"{inside}/l:Navn/text()"), file.name
        doses = [each.dose for each in taken if each.dose]
        assert doses == found(root, f"{inside}/l:DosVeiledEnkel/text()")
        types = [each.type.code for each in says.services if each.type]
        assert types == found(root, "//l:EksisterendeTjeneste/l:IPLOStjenestetype/@V")


@settings(max_examples=tries(50), deadline=None, suppress_health_check=list(HealthCheck))
@given(sent=messages())
def test_what_is_written_is_valid_and_read_back_the_same(
    official: OfficialSchemas, sent: NursingMessage
) -> None:
    written = write_nursing(sent)
    assert official.errors(written, "MsgHead-v1_2.xsd", FORMS[str(sent.info.kind.code)][1]) == []
    assert read_nursing(written) == sent


def test_a_report_holds_only_what_its_kind_has() -> None:
    with pytest.raises(NotWritable, match="medicines"):
        write_nursing(message(SERVICES_OFFERED, services=OFFERED, medicines=(PARACET,)))
    with pytest.raises(NotWritable, match="services is missing"):
        write_nursing(message(SERVICES_OFFERED))


def test_a_report_of_another_kind_than_it_says_is_not_understood() -> None:
    written = write_nursing(message(SERVICES_OFFERED, services=OFFERED))
    other = written.replace(SERVICES_OFFERED.encode(), ADMISSION_REPORT.encode())
    with pytest.raises(NotUnderstood):
        read_nursing(other)
    with pytest.raises(NotUnderstood):
        read_nursing(written.replace(SERVICES_OFFERED.encode(), b"LOG_INNLAGT"))


def test_a_component_with_another_mark_than_its_own_is_not_valid() -> None:
    written = write_nursing(message(ADMISSION_REPORT, medicines=(PARACET,)))
    with pytest.raises(NotValid, match="another value than the standard gives it"):
        read_nursing(written.replace(b"EPJ dokument", b"EPJ sak"))


def test_a_cancellation_says_what_it_cancels() -> None:
    lone = replace(message(ADMISSION_REPORT, "C"), info=info(ADMISSION_REPORT))
    with pytest.raises(NotWritable, match="ConversationRef"):
        write_nursing(lone)


def test_the_versions_that_are_read_are_told() -> None:
    assert {VERSIONS[kind] for kind in KINDS} == {("1.6",)}
