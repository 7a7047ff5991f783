"""Referral 1.1: read whole; what is written for tests follows the schema."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from fellesjournal.national.old_referral import (
    ACTIONS,
    REFERRAL,
    OldReferralMessage,
    OldRequest,
    read_old_referral,
    write_old_referral,
)
from fellesjournal.national.refusals import NotUnderstood, NotValid, NotWritable
from fellesjournal.national.schemas import REFERRAL_1_1
from fellesjournal.national.values import Code
from tests.national.comparing import found, said, stands_in, text
from tests.national.invented import Chosen, parts
from tests.national.official import OfficialSchemas

CHOSEN: Chosen = {
    (OldReferralMessage, "kind"): st.just(Code(REFERRAL)),
    (OldRequest, "action"): st.sampled_from([Code(one) for one in ACTIONS]),
}
ANY = parts(OldReferralMessage, REFERRAL_1_1, CHOSEN)


def example(examples: Path) -> bytes:
    return (examples / "henvisning" / "henvisning_v1.1_n.xml").read_bytes()


def test_the_example_is_read_without_loss_and_written_to_the_official_schema(
    examples: Path, official: OfficialSchemas
) -> None:
    data = example(examples)
    message = read_old_referral(data)
    assert said(message) == stands_in(data)
    written = write_old_referral(message)
    assert read_old_referral(written) == message
    assert official.errors(written, "Henvisning-v1.1.xsd") == []


def test_patient_diagnosis_and_kin_are_those_found_by_xpath(examples: Path) -> None:
    root = etree.fromstring(example(examples))
    request = read_old_referral(example(examples)).request
    assert request.patient.id == text(root, "//l:Patient/l:OffId")
    assert [one.code.code for one in request.diagnoses] == found(root, "//l:Diagnosis/l:Concept/@V")
    (kin,) = request.patient.next_of_kin
    assert (kin.person.given, kin.person.family) == ("Iŋgá", "Rástoš")
    assert [one.type.code for one in request.patient.information] == found(
        root, "//l:InfItem/l:Type/@V"
    )
    requester = request.requester.provider.institution
    assert requester is not None
    assert requester.id == text(root, "//l:Requester//l:Inst/l:Id")


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(ANY)
def test_what_is_written_is_read_the_same(message: OldReferralMessage) -> None:
    assert read_old_referral(write_old_referral(message)) == message


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(message=ANY)
def test_what_is_written_follows_the_official_schema(
    official: OfficialSchemas, message: OldReferralMessage
) -> None:
    written = write_old_referral(message)
    assert official.errors(written, "Henvisning-v1.1.xsd", "kith-base64.xsd") == []


def test_another_kind_action_or_version_is_refused(examples: Path) -> None:
    data = example(examples)
    with pytest.raises(NotUnderstood, match="EPIKRISE"):
        read_old_referral(data.replace(b'V="HENVISNING"', b'V="EPIKRISE"'))
    with pytest.raises(NotUnderstood):
        read_old_referral(data.replace(b"henvisning/2012-02-15", b"henvisning/2005-07-08"))
    with pytest.raises(NotValid, match="action"):
        read_old_referral(data.replace(b'<ServType V="N" DN="Ny"/>', b'<ServType V="H"/>', 1))
    message = read_old_referral(data)
    with pytest.raises(NotWritable):
        write_old_referral(replace(message, request=replace(message.request, action=Code("Q"))))
