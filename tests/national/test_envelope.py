"""The envelope: every national MsgHead is read whole and written as its schema has it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from fellesjournal.national.envelope import (
    MIG_VERSION,
    Address,
    Document,
    Envelope,
    MessageInfo,
    Party,
    Reference,
    address_of,
    addressing_problems,
    read_envelope,
    two_levels,
    write_envelope,
)
from fellesjournal.national.refusals import NotUnderstood, NotValid, NotWritable
from fellesjournal.national.schemas import HEAD
from fellesjournal.national.values import Code, Content, Foreign
from tests.national.comparing import said, stands_in
from tests.national.invented import parts
from tests.national.official import OfficialSchemas
from tests.national.samples import HOSPITAL, OFFICE, PATIENT, info

XSI = b"http://www.w3.org/2001/XMLSchema-instance"
MH = {"mh": HEAD.uri}
ENVELOPES = parts(
    Envelope,
    HEAD,
    {
        (MessageInfo, "mig_version"): st.just(MIG_VERSION),
        (Envelope, "documents"): parts(Document, HEAD, depth=2),
    },
)
PLAIN = Envelope(
    info=info("TEST"), documents=(Document(reference=Reference(type=Code("A"), file="a.pdf")),)
)


def enveloped(examples: Path) -> list[Path]:
    files = [one for one in sorted(examples.rglob("*.xml")) if one.parent.name != "grunndata"]
    return [one for one in files if etree.parse(str(one)).getroot().tag == f"{{{HEAD.uri}}}MsgHead"]


def test_every_example_with_a_head_is_read_without_loss_and_written_again(examples: Path) -> None:
    files = enveloped(examples)
    assert len(files) == 45
    for file in files:
        data = file.read_bytes()
        envelope = read_envelope(data)
        assert said(envelope) == stands_in(data), file.name
        written = write_envelope(envelope)
        assert read_envelope(written) == envelope, file.name
        assert stands_in(written) == stands_in(data), file.name


def test_parties_number_and_patient_of_every_example_are_those_found_by_xpath(
    examples: Path,
) -> None:
    for file in enveloped(examples):
        root = etree.parse(str(file)).getroot()
        head = read_envelope(file.read_bytes()).info

        def found(path: str, root: etree._Element = root) -> str:
            return str(root.xpath(f"string({path})", namespaces=MH))

        assert head.id == found("//mh:MsgInfo/mh:MsgId")
        assert head.kind.code == found("//mh:MsgInfo/mh:Type/@V")
        assert head.generated.value == found("//mh:MsgInfo/mh:GenDate")
        assert head.sender.organisation.name == found("//mh:Sender/*/mh:OrganisationName")
        assert (head.receiver.organisation.her_id or "") == found(
            "//mh:Receiver/mh:Organisation/mh:Ident[mh:TypeId/@V='HER']/mh:Id"
        )
        assert (head.patient.family if head.patient else "") == found(
            "/mh:MsgHead/mh:MsgInfo/mh:Patient/mh:FamilyName"
        )
        assert (head.conversation.parent if head.conversation else "") == found("//mh:RefToParent")
        assert len(head.copies) == len(root.findall(".//mh:OtherReceiver", MH))


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(ENVELOPES)
def test_what_is_written_is_read_the_same(envelope: Envelope) -> None:
    assert read_envelope(write_envelope(envelope)) == envelope


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(envelope=ENVELOPES)
def test_what_is_written_follows_the_official_schema(
    official: OfficialSchemas, envelope: Envelope
) -> None:
    written = write_envelope(envelope)
    assert official.errors(written, "MsgHead-v1_2.xsd", "kith-base64.xsd") == []


def test_both_levels_of_the_address_are_needed() -> None:
    assert address_of(HOSPITAL) == Address("1001", "1002")
    assert address_of(replace(HOSPITAL, unit=None)) is None
    assert address_of(replace(HOSPITAL, idents=PATIENT.idents)) is None
    assert addressing_problems(info("TEST")) == ()
    unaddressed = replace(info("TEST").receiver, organisation=replace(OFFICE, unit=None))
    assert addressing_problems(replace(info("TEST"), receiver=unaddressed)) == ("Receiver",)


def test_a_party_is_made_from_names_and_both_numbers() -> None:
    assert two_levels("Sykehuset", "Kirurgisk avdeling", Address("1001", "1002")) == Party(
        organisation=HOSPITAL
    )


def test_a_member_of_staff_may_be_the_second_level(examples: Path) -> None:
    data = (examples / "dialog" / "Dialogmelding_foresporsel_PLO_v1-0.xml").read_bytes()
    assert address_of(read_envelope(data).info.receiver.organisation) == Address("91096", "91101")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (b"<mh:MsgId>", b"<mh:Msg>", "not well-formed"),
        (b"<mh:GenDate>2026", b"<mh:GenDate>20x6", "not a time or date"),
        (b'<mh:Type V="TEST"/>', b'<mh:Type v="TEST"/>', "attribute"),
        (b'<mh:Type V="TEST"/>', b"", "Type is missing"),
        (b'<mh:Type V="TEST"/>', b'<mh:Type V="TEST"/><mh:Type V="TEST"/>', "Type stands 2 times"),
        (b'<mh:Type V="TEST"/>', b'<mh:New/><mh:Type V="TEST"/>', "New is no element"),
        (b"<mh:Receiver>", b"<mh:Patient/><mh:Receiver>", "Patient stands in the wrong place"),
        (b"<mh:Receiver>", b"x<mh:Receiver>", "text where only elements belong"),
        (b"<mh:Receiver>", b'<mh:Receiver a="">', "attribute"),
        (b">1001<", b"><a/><", "elements where a single value"),
        (
            b"<mh:OrganisationName>Syk",
            b'<mh:OrganisationName xmlns:i="%s" i:nil="true">Syk' % XSI,
            "attribute the standard does not have: nil",
        ),
    ],
)
def test_what_breaks_the_standard_is_told_with_line_and_column_and_not_repaired(
    old: bytes, new: bytes, told: str
) -> None:
    whole = write_envelope(PLAIN)
    assert old in whole
    with pytest.raises(Exception, match=told) as caught:
        read_envelope(whole.replace(old, new, 1))
    problems = caught.value.problems  # type: ignore[attr-defined]  # a Refused
    assert all(one.line == 2 and one.column > 0 for one in problems)


def test_problems_name_places_and_no_content(examples: Path) -> None:
    data = (examples / "dialog" / "Dialogmelding_foresporsel_PLO_v1-0.xml").read_bytes()
    broken = data.replace(b"<DateOfBirth>1969-11-13", b"<DateOfBirth>13116900216 Danser")
    with pytest.raises(NotValid) as caught:
        read_envelope(broken)
    (problem,) = caught.value.problems
    assert problem.path == "/MsgHead/MsgInfo/Patient/DateOfBirth"
    assert (problem.line, problem.column) == (47, 4)
    assert "13116900216" not in str(caught.value)


def test_long_names_of_strangers_are_cut_short() -> None:
    strange = b"<mh:Sender><mh:%s/>" % (b"A" * 9000)
    with pytest.raises(NotValid) as caught:
        read_envelope(write_envelope(PLAIN).replace(b"<mh:Sender>", strange))
    assert len(str(caught.value)) < 400


def test_all_problems_are_told_at_once() -> None:
    whole = write_envelope(PLAIN).replace(b"<mh:GenDate>2026", b"<mh:GenDate>x")
    with pytest.raises(NotValid) as caught:
        read_envelope(whole.replace(b'<mh:MsgType V="A"/>', b""))
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"2006-05-24</mh:MIG", b"2006-05-25</mh:MIG"),
        (b"msghead/2006-05-24", b"msghead/2099-01-01"),
        (b"mh:MsgHead", b"mh:Other"),
        (b"mh:Document", b"mh:PatientReport"),
    ],
)
def test_another_version_or_kind_of_envelope_is_not_understood(old: bytes, new: bytes) -> None:
    with pytest.raises(NotUnderstood):
        read_envelope(write_envelope(PLAIN).replace(old, new))


@pytest.mark.parametrize(
    "change",
    [
        {"id": "\x00"},
        {"id": " "},
        {"id": None},
        {"id": 7},
        {"id": "\ud800"},
        {"kind": Code(" N ")},
        {"kind": "N"},
        {"generated": "2026-11-22"},
    ],
)
def test_what_the_standard_has_no_way_to_say_is_not_written(change: dict[str, Any]) -> None:
    with pytest.raises(NotWritable):
        write_envelope(replace(PLAIN, info=replace(PLAIN.info, **change)))


def test_a_document_has_content_or_a_file_and_not_both() -> None:
    both = Reference(type=Code("A"), file="a.pdf", content=Content())
    with pytest.raises(NotWritable, match="FileReference, Content"):
        write_envelope(replace(PLAIN, documents=(Document(reference=both),)))


@pytest.mark.parametrize("xml", ["<a>", "<a/><b/>", "</mh:Content><a/>", "<!DOCTYPE a><a/>"])
def test_a_carried_piece_must_be_one_element_of_its_own(xml: str) -> None:
    piece = Reference(type=Code("A"), content=Content((Foreign(xml),)))
    with pytest.raises(NotWritable):
        write_envelope(replace(PLAIN, documents=(Document(reference=piece),)))


def test_an_attached_file_comes_back_byte_for_byte() -> None:
    content = Content((Foreign.base64(b"%PDF-1.7 \x00\xff"),))
    envelope = replace(
        PLAIN, documents=(Document(reference=Reference(type=Code("A"), content=content)),)
    )
    (document,) = read_envelope(write_envelope(envelope)).documents
    assert document.reference.content is not None
    assert document.reference.content.items[0].file == b"%PDF-1.7 \x00\xff"
