"""Application receipts: read bare and wrapped, written in both versions, answering any message."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from fellesjournal.national.answers import (
    NoAnswer,
    heading_of,
    receipt_for,
    rejection_for,
)
from fellesjournal.national.binding import Schema
from fellesjournal.national.enclosing import Enclosed
from fellesjournal.national.envelope import read_envelope
from fellesjournal.national.receipts import (
    RECEIPT,
    Outcome,
    Receipt,
    read_enclosed_receipt,
    read_receipt,
    write_enclosed_receipt,
    write_receipt,
)
from fellesjournal.national.refusals import NotUnderstood, NotValid, NotWritable, Refused
from fellesjournal.national.schemas import RECEIPT_1_0, RECEIPT_1_1
from fellesjournal.national.values import Code, Timestamp
from tests.national.comparing import found, said, stands_in, text
from tests.national.invented import Chosen, parts
from tests.national.official import OfficialSchemas
from tests.national.samples import info

XSD = {"1.0": "AppRec-v1-2004-11-21.xsd", "1.1": "AppRec-v1.1.xsd"}
CHOSEN: Chosen = {(Receipt, "status"): st.sampled_from([Code("1"), Code("2", "Avvist"), Code("3")])}
ANY = st.one_of(*(parts(Receipt, schema, CHOSEN) for schema in (RECEIPT_1_0, RECEIPT_1_1)))
NOW = Timestamp("2026-11-22T10:00:00+01:00")


def receipts(examples: Path) -> list[Path]:
    return sorted((examples / "apprec").glob("*.xml"))


def test_every_example_is_read_without_loss_and_written_again(
    examples: Path, official: OfficialSchemas
) -> None:
    assert len(receipts(examples)) == 3
    for file in receipts(examples):
        receipt = read_receipt(file.read_bytes())
        root = etree.parse(str(file)).getroot()
        (inner,) = found(root, "//l:AppRec")
        bare = etree.fromstring(etree.tostring(inner))
        assert said(receipt) == stands_in(bare), file.name
        written = write_receipt(receipt)
        assert read_receipt(written) == receipt
        assert official.errors(written, XSD[receipt.version]) == []


def test_what_became_of_the_message_and_which_it_was_are_those_of_the_xml(examples: Path) -> None:
    outcomes = {}
    for file in receipts(examples):
        receipt = read_receipt(file.read_bytes())
        root = etree.parse(str(file)).getroot()
        original = text(root, "//l:OriginalMsgId/l:Id")
        assert receipt.original.id == original
        errors = found(root, "//l:Error/@V")
        assert [one.code for one in receipt.errors] == errors
        outcomes[file.stem] = receipt.outcome
    assert outcomes == {
        "apprecOK": Outcome.ACCEPTED,
        "apprecError": Outcome.REJECTED,
        "apprec-eksempel": Outcome.PARTLY,
    }


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(ANY)
def test_what_is_written_is_read_the_same_bare_and_in_an_envelope(receipt: Receipt) -> None:
    assert read_receipt(write_receipt(receipt)) == receipt
    message = Enclosed(info=info(RECEIPT, patient=None), payload=receipt)
    written = write_enclosed_receipt(message)
    assert read_enclosed_receipt(written) == message
    assert read_receipt(written) == receipt


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(receipt=ANY)
def test_what_is_written_follows_the_official_schema(
    official: OfficialSchemas, receipt: Receipt
) -> None:
    assert official.errors(write_receipt(receipt), XSD[receipt.version]) == []
    message = Enclosed(info=info(RECEIPT, patient=None), payload=receipt)
    written = write_enclosed_receipt(message)
    assert official.errors(written, "MsgHead-v1_2.xsd", XSD[receipt.version]) == []


@pytest.mark.parametrize("schema", [RECEIPT_1_0, RECEIPT_1_1])
def test_a_status_outside_the_list_is_not_valid(examples: Path, schema: Schema) -> None:
    receipt = read_receipt((examples / "apprec" / "apprec-eksempel.xml").read_bytes())
    whole = write_receipt(replace(receipt, status=Code("3", "x"), version=schema.version))
    with pytest.raises(NotValid, match="Status"):
        read_receipt(whole.replace(b'V="3" DN="x"', b'V="4"'))
    other = replace(receipt, status=Code("4"), version=schema.version)
    with pytest.raises(NotWritable, match="Status"):
        write_receipt(other)
    with pytest.raises(NotWritable, match="Status"):
        write_enclosed_receipt(Enclosed(info=info(RECEIPT, patient=None), payload=other))


def test_a_version_that_does_not_exist_is_neither_read_nor_written(examples: Path) -> None:
    data = (examples / "apprec" / "apprec-eksempel.xml").read_bytes()
    with pytest.raises(NotUnderstood):
        read_receipt(data.replace(b"apprec/2004-11-21", b"apprec/2030-01-01"))
    with pytest.raises(NotWritable):
        write_receipt(replace(read_receipt(data), version="2.0"))


def test_every_example_message_can_be_answered_from_receiver_to_sender(
    examples: Path, official: OfficialSchemas
) -> None:
    answered = 0
    for file in sorted(examples.rglob("*.xml")):
        heading = heading_of(file.read_bytes())
        if file.parent.name in {"apprec", "ebxml", "grunndata", "sykmelding"}:
            with pytest.raises(NoAnswer):
                receipt_for(heading, receipt_id="r", now=NOW)
            continue
        receipt = receipt_for(heading, receipt_id="r", now=NOW)
        written = write_receipt(receipt)
        assert official.errors(written, XSD["1.0"]) == [], file.name
        root = etree.parse(str(file)).getroot()
        assert receipt.original.id == text(root, "//l:MsgId")
        institution = receipt.receiver.provider.institution
        assert institution is not None
        assert institution.name in [
            text(one, ".")
            for side in ("Requester", "ServProvider", "Sender")
            for one in found(root, f"//l:{side}//l:Name | //l:{side}//l:OrganisationName")
        ]
        answered += 1
    assert answered == 63


def test_a_receipt_goes_from_the_receivers_unit_to_the_senders_unit(examples: Path) -> None:
    data = (examples / "dialog" / "Dialogmelding_foresporsel_PLO_v1-0.xml").read_bytes()
    receipt = receipt_for(heading_of(data), receipt_id="r", now=NOW, version="1.1")
    to = receipt.receiver.provider.institution
    by = receipt.sender.provider.institution
    assert to is not None
    assert by is not None
    assert (to.id, to.departments[0].id) == ("99387", "5078")
    assert (by.id, by.staff[0].id, by.staff[0].name) == ("91096", "91101", "Rita Lin")
    assert receipt.original.type.code == "DIALOG_FORESPORSEL"


def test_an_invalid_message_is_answered_with_coded_errors_that_name_its_places(
    examples: Path,
) -> None:
    data = (examples / "dialog" / "Dialogmelding_foresporsel_PLO_v1-0.xml").read_bytes()
    broken = data.replace(b"<DateOfBirth>1969", b"<DateOfBirth>19xx")
    with pytest.raises(Refused) as caught:
        read_envelope(broken)
    receipt = rejection_for(heading_of(broken), caught.value, receipt_id="r", now=NOW)
    assert receipt.outcome is Outcome.REJECTED
    (error,) = receipt.errors
    assert (error.code, error.volven) == ("X99", 8221)
    assert "line 47" in (error.text or "")
    assert read_receipt(write_receipt(receipt)) == receipt


def test_a_message_without_a_number_can_not_be_answered(examples: Path) -> None:
    data = (examples / "dialog" / "Dialogmelding_foresporsel_PLO_v1-0.xml").read_bytes()
    heading = heading_of(data.replace(b"<MsgId>", b"<MsgI>").replace(b"</MsgId>", b"</MsgI>"))
    with pytest.raises(NoAnswer):
        receipt_for(heading, receipt_id="r", now=NOW)
