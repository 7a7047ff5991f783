"""Discharge summaries 1.1 and 1.2: read whole, written to the schema."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from fellesjournal.national.discharge import (
    ACTIONS,
    DISCHARGE_SUMMARY,
    DischargeMessage,
    DischargeSummary,
    Event,
    read_discharge,
    write_discharge,
)
from fellesjournal.national.refusals import NotUnderstood, NotValid, NotWritable
from fellesjournal.national.schemas import DISCHARGE_1_1, DISCHARGE_1_2
from fellesjournal.national.values import Code
from tests.national.comparing import found, said, stands_in, text
from tests.national.invented import Chosen, parts
from tests.national.official import OfficialSchemas

XSD = {"1.1": "Epikrise-v1.1.xsd", "1.2": "Epikrise-v1.2.xsd"}
CHOSEN: Chosen = {
    (DischargeMessage, "kind"): st.just(Code(DISCHARGE_SUMMARY)),
    (DischargeSummary, "action"): st.sampled_from([Code(one) for one in ACTIONS]),
    (DischargeSummary, "document"): st.just("d-1"),
    # 1.1 asks for a key on an attribute no element has, which events inside events can't meet
    (Event, "parts"): st.nothing(),
}
ANY = st.one_of(
    parts(DischargeMessage, DISCHARGE_1_1, CHOSEN), parts(DischargeMessage, DISCHARGE_1_2, CHOSEN)
).map(lambda message: replace(message, summary=replace(message.summary, document="d-1")))


def new(examples: Path) -> bytes:
    return (examples / "epikrise" / "epikrise_v1.2_n.xml").read_bytes()


def test_every_example_is_read_without_loss_and_written_to_the_official_schema(
    examples: Path, official: OfficialSchemas
) -> None:
    files = sorted((examples / "epikrise").glob("*.xml"))
    assert len(files) == 2
    for file in files:
        data = file.read_bytes()
        message = read_discharge(data)
        assert said(message) == stands_in(data), file.name
        written = write_discharge(message)
        assert read_discharge(written) == message, file.name
        assert official.errors(written, XSD["1.2"]) == [], file.name


def test_diagnoses_medicines_and_texts_are_those_found_by_xpath(examples: Path) -> None:
    root = etree.fromstring(new(examples))
    summary = read_discharge(new(examples)).summary
    assert summary.patient.id == text(root, "//l:Patient/l:OffId")
    for kind in ("H", "B"):
        concepts = [
            one.observation.coded.code.code
            for one in summary.information(kind)
            if one.observation and one.observation.coded
        ]
        path = f"//l:InfItem[l:Type/@V='{kind}']//l:CodedDescr/l:Concept/@V"
        assert concepts == found(root, path)
    medicines = [one.medication for one in summary.information("MEDB") if one.medication]
    assert [one.drug.code for one in medicines] == found(root, "//l:DrugId/@V")
    doses = [one.unit_dose.value for one in medicines if one.unit_dose]
    assert doses == [Decimal(str(one)) for one in found(root, "//l:UnitDose/@V")]
    assert [one.dosage_text for one in medicines] == [
        one.text for one in found(root, "//l:DosageText")
    ]
    for heading in found(root, "//l:Comment/l:Heading/@V"):
        there = text(root, f"//l:Comment[l:Heading/@V='{heading}']/l:TextResultValue")
        assert summary.text(str(heading)).split() == there.split()
    assert summary.text("XX") == ""


def test_formatted_findings_become_lines_of_text(examples: Path) -> None:
    (finding,) = read_discharge(new(examples)).summary.information("FUNN")
    assert finding.observation is not None
    assert finding.observation.description is not None
    lines = finding.observation.description.text.splitlines()
    assert lines[0] == "EKG: Sinusrytme, 64 pr. min, ve. grenblokk."
    assert "CRP 79 52 39 30 20 4 4 6" in lines


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(ANY)
def test_what_is_written_is_read_the_same(message: DischargeMessage) -> None:
    assert read_discharge(write_discharge(message)) == message


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(message=ANY)
def test_what_is_written_follows_the_official_schema(
    official: OfficialSchemas, message: DischargeMessage
) -> None:
    written = write_discharge(message)
    assert official.errors(written, XSD[message.version], "kith-base64.xsd") == []


def test_an_event_inside_an_event_comes_back(examples: Path) -> None:
    message = read_discharge(new(examples))
    (event,) = message.summary.events
    outer = replace(event, parts=(replace(event, parts=(event,)),))
    nested = replace(message, summary=replace(message.summary, events=(outer,)))
    assert read_discharge(write_discharge(nested)) == nested


def test_the_older_version_is_read_and_its_own_elements_belong_to_it(examples: Path) -> None:
    older = new(examples).replace(b"epikrise/2012-02-15", b"epikrise/2006-09-23")
    with pytest.raises(NotValid) as caught:
        read_discharge(older)
    told = str(caught.value)
    assert "Status is no element" in told
    assert "Id is missing" in told


@pytest.mark.parametrize("action", ["M", "C"])
def test_a_change_or_cancellation_must_carry_the_number_of_the_summary(
    examples: Path, action: str
) -> None:
    message = read_discharge(new(examples))
    summary = replace(message.summary, action=Code(action), document=None)
    with pytest.raises(NotWritable, match="number"):
        write_discharge(replace(message, summary=summary))
    data = (examples / "epikrise" / "epikrise_v1.2_c.xml").read_bytes()
    with pytest.raises(NotValid, match="number"):
        read_discharge(
            data.replace(b"<ServProvId>b9270660-4567-11e7-9598-0800200c9a66</ServProvId>", b"")
        )


def test_another_kind_action_or_version_is_refused(examples: Path) -> None:
    data = new(examples)
    with pytest.raises(NotUnderstood, match="SVAR_LAB"):
        read_discharge(data.replace(b'V="EPIKRISE"', b'V="SVAR_LAB"'))
    with pytest.raises(NotUnderstood):
        read_discharge(data.replace(b"epikrise/2012-02-15", b"epikrise/2033-01-01"))
    with pytest.raises(NotUnderstood):
        read_discharge((examples / "henvisning" / "henvisning_v1.1_n.xml").read_bytes())
    with pytest.raises(NotValid, match="action"):
        read_discharge(data.replace(b'<ServType V="N"', b'<ServType V="Q"'))
    message = read_discharge(data)
    for bad in (
        replace(message, kind=Code("SVAR_LAB")),
        replace(message, version="1.3"),
        replace(message, summary=replace(message.summary, action=Code("Q"))),
    ):
        with pytest.raises(NotWritable):
            write_discharge(bad)
