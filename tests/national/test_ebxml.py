"""The transport's header and acknowledgment (ebXML 2.0)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from fellesjournal.national.ebxml import (
    ACKNOWLEDGMENT,
    Acknowledgment,
    AckRequested,
    Description,
    ErrorList,
    Header,
    Manifest,
    MessageHeader,
    PayloadReference,
    SchemaOfPayload,
    Transport,
    TransportError,
    acknowledge,
    read_transport,
    write_transport,
)
from fellesjournal.national.refusals import NotUnderstood, NotValid, NotWritable
from fellesjournal.national.schemas import EBXML, SOAP
from fellesjournal.national.values import Timestamp
from tests.national.comparing import found, said, stands_in, text
from tests.national.invented import Chosen, parts
from tests.national.official import OfficialSchemas

NAME = st.text("abc-", min_size=1, max_size=5)
BLOCKS = (MessageHeader, AckRequested, Acknowledgment, ErrorList, Manifest)
CHOSEN: Chosen = {
    **{(part, "version"): st.just("2.0") for part in BLOCKS},
    **{(part, "must"): st.just("1") for part in BLOCKS},
    **{(part, "actor"): st.just("urn:a") for part in BLOCKS},
    # numbers of elements (xsd:ID) are unique in a document; one kind is enough to try
    **{(part, "id"): st.nothing() for part in (*BLOCKS[1:], TransportError, PayloadReference)},
    (MessageHeader, "id"): st.just("m1"),
    (Description, "language"): st.sampled_from(["no", "en"]),
    (AckRequested, "is_signed"): st.booleans(),
    (ErrorList, "worst"): st.sampled_from(["Warning", "Error"]),
    (TransportError, "severity"): st.sampled_from(["Warning", "Error"]),
    (TransportError, "context"): st.just("urn:errors"),
    (TransportError, "location"): NAME,
    (PayloadReference, "href"): st.just("cid:1@a.example"),
    (PayloadReference, "role"): st.just("urn:r"),
    (PayloadReference, "type"): st.just("simple"),
    (SchemaOfPayload, "location"): st.just("urn:s"),
    (SchemaOfPayload, "version"): NAME,
}
ANY = parts(Transport, SOAP, CHOSEN)


def load(examples: Path, name: str) -> bytes:
    return (examples / "ebxml" / f"{name}.xml").read_bytes()


@pytest.mark.parametrize("name", ["ebxml-eksempel", "Acknowledgment"])
def test_every_example_is_read_without_loss_and_written_again(examples: Path, name: str) -> None:
    data = load(examples, name)
    transport = read_transport(data)
    # truth is spelt with a digit in the example, and an empty element says it by standing there
    assert said(transport.header.ack_requested) in ([], ["1", "2.0", "true"])
    here = [one for one in said(transport) if one not in {"true", "false"}]
    there = stands_in(data)
    if transport.header.ack_requested:
        there.remove("1")
    assert here == there
    assert read_transport(write_transport(transport)) == transport


def test_parties_action_and_number_are_those_found_by_xpath(examples: Path) -> None:
    root = etree.fromstring(load(examples, "Acknowledgment"))
    header = read_transport(load(examples, "Acknowledgment")).header
    assert [one.id for one in header.message.sender.ids] == [
        one.text for one in found(root, "//l:From/l:PartyId")
    ]
    assert header.message.action == text(root, "//l:Action") == ACKNOWLEDGMENT
    assert header.acknowledgment is not None
    assert header.acknowledgment.message == text(root, "//l:RefToMessageId")
    assert len(header.acknowledgment.references) == 2


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(ANY)
def test_what_is_written_is_read_the_same(transport: Transport) -> None:
    assert read_transport(write_transport(transport)) == transport


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(transport=ANY)
def test_the_blocks_that_are_written_follow_the_official_schema(
    official: OfficialSchemas, transport: Transport
) -> None:
    root = etree.fromstring(write_transport(transport))
    found = root.xpath(f"//*[namespace-uri(..)='{SOAP.uri}' and namespace-uri()='{EBXML.uri}']")
    blocks = cast("list[etree._Element]", found)
    for block in blocks:
        assert official.errors(etree.tostring(block), "msg-header-2_0.xsd") == []


def test_the_blocks_of_the_header_may_come_in_any_order(examples: Path) -> None:
    data = load(examples, "ebxml-eksempel")
    asked = b'<eb:AckRequested eb:version="2.0" SOAP:mustUnderstand="1" eb:signed="1"/>'
    assert asked in data
    moved = data.replace(asked, b"").replace(b"<eb:MessageHeader", asked + b"<eb:MessageHeader", 1)
    assert read_transport(moved) == read_transport(data)


def test_an_acknowledgment_goes_back_and_repeats_the_number_exactly(
    examples: Path, official: OfficialSchemas
) -> None:
    sent = read_transport(load(examples, "ebxml-eksempel"))
    assert sent.header.ack_requested is not None
    assert sent.header.message.eliminates_duplicates
    back = acknowledge(sent, message_id="a-1", now=Timestamp("2026-11-22T10:00:00+01:00"))
    header = back.header.message
    assert (header.sender, header.receiver) == (
        sent.header.message.receiver,
        sent.header.message.sender,
    )
    assert back.header.acknowledgment is not None
    # the example's number begins with a space, and the schema keeps it
    assert back.header.acknowledgment.message == " 955536cb-fb9a-49d9-848d-2baca7b116e1"
    root = etree.fromstring(write_transport(back))
    for block in root[0]:
        assert official.errors(etree.tostring(block), "msg-header-2_0.xsd") == []


def test_other_versions_and_envelopes_are_not_understood(examples: Path) -> None:
    data = load(examples, "Acknowledgment")
    for old, new in (
        (b'eb:version="2.0"', b'eb:version="3.0"'),
        (b"http://schemas.xmlsoap.org/soap/envelope/", b"http://www.w3.org/2003/05/soap-envelope"),
        (b"eb:MessageHeader", b"eb:Other"),
    ):
        with pytest.raises(NotUnderstood):
            read_transport(data.replace(old, new))
    with pytest.raises(NotValid, match="RefToMessageId"):
        read_transport(data.replace(b"RefToMessageId", b"RefTo"))


def test_a_header_without_a_receiver_is_not_written(examples: Path) -> None:
    transport = read_transport(load(examples, "Acknowledgment"))
    nobody = replace(transport.header.message.receiver, ids=())
    header: Header = replace(
        transport.header, message=replace(transport.header.message, receiver=nobody)
    )
    with pytest.raises(NotWritable, match="ids is missing"):
        write_transport(replace(transport, header=header))
