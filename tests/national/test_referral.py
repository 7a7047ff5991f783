"""Referral 2.0: new, changed and cancelled, forwarded; read whole, written to the schema."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from fellesjournal.national.care import CONTENT_TYPES, ContentType
from fellesjournal.national.clinical import Condition, Information, Medication, Observation
from fellesjournal.national.enclosing import Enclosed
from fellesjournal.national.envelope import Conversation, Document, Reference
from fellesjournal.national.referral import (
    ACTIONS,
    FORWARDED,
    NEW_CONDITION,
    Referral,
    ReferralMessage,
    WantedService,
    read_referral,
    texts,
    write_referral,
)
from fellesjournal.national.refusals import NotUnderstood, NotValid, NotWritable
from fellesjournal.national.schemas import REFERRAL_2_0
from fellesjournal.national.values import (
    Code,
    Coded,
    Content,
    Foreign,
    Quantity,
    RichText,
    Timestamp,
    volven,
)
from tests.national.comparing import found, said, stands_in, text
from tests.national.invented import Chosen, parts
from tests.national.official import OfficialSchemas
from tests.national.samples import info

XSD = ("MsgHead-v1_2.xsd", "kith-base64.xsd", "Henvisning-v2.0.xsd")
THREAD = Conversation(parent="m-1", first="m-1")
REFERRAL = Referral(
    action=Code("N", "Ny"),
    issued=Timestamp("2026-11-22T09:00:00+01:00"),
    document="d-1",
    content=ContentType(type=Coded("10", CONTENT_TYPES, "Utredning/behandling")),
    diagnoses=(Condition(code=Coded("L88", volven(7170))),),
    information=(
        Information(
            observation=Observation(description=RichText("Penicillin")),
            type=Coded("CAVE", volven(8233)),
        ),
    ),
    wanted=WantedService(action=Code("N", "Ny"), priority=Code("N")),
)
MESSAGE = Enclosed(info=info(NEW_CONDITION), payload=REFERRAL)


@st.composite
def messages(draw: st.DrawFn) -> Any:
    chosen: Chosen = {(Referral, "action"): st.sampled_from([Code(one) for one in ACTIONS])}
    referral = draw(parts(Referral, REFERRAL_2_0, chosen))
    head = replace(info(draw(st.sampled_from([NEW_CONDITION, FORWARDED]))), conversation=THREAD)
    file = Document(
        reference=Reference(type=Code("A"), content=Content((Foreign.base64(b"%PDF"),)))
    )
    attachments = (file,) if draw(st.booleans()) else ()
    return Enclosed(info=head, payload=referral, attachments=attachments)


def files(examples: Path) -> list[Path]:
    return sorted((examples / "henvisning").glob("*v2-0*.xml"))


def test_every_example_is_read_without_loss_and_written_to_the_official_schema(
    examples: Path, official: OfficialSchemas
) -> None:
    assert len(files(examples)) == 7
    for file in files(examples):
        data = file.read_bytes()
        message = read_referral(data)
        assert said(message) == stands_in(data), file.name
        written = write_referral(message)
        assert read_referral(written) == message, file.name
        assert official.errors(written, *XSD) == [], file.name


def test_what_a_referral_says_is_what_xpath_finds(examples: Path) -> None:
    for file in files(examples):
        root = etree.parse(str(file)).getroot()
        message = read_referral(file.read_bytes())
        says = message.payload
        assert says.action.code == text(root, "//l:Henvisning/l:ServType/@V")
        assert says.document == text(root, "//l:DocumentId")
        assert says.wanted.priority.code == text(root, "//l:ReqServ/l:Priority/@V")
        codes = [one.code.code for one in says.diagnoses]
        assert codes == found(root, "//l:Diagnosis/l:Concept/@V")
        types = [one.type.code for one in says.information]
        assert types == found(root, "//l:InfItem/l:Type/@V")
        reasons = [one.text.text if one.text else "" for one in says.reasons]
        assert reasons == [
            text(one, "l:TextResultValue") for one in found(root, "//l:ReasonAsText")
        ]
        assert [one.code.code for one in says.pathways] == found(root, "//l:Pakkeforlopskode/@V")
        dates = [one.day.value for one in says.assessment.dates] if says.assessment else []
        assert dates == [one.text for one in found(root, "//l:DatoMottakOgVurdering/l:Dato")]
        drugs = [one.medication.drug.code for one in says.information if one.medication]
        assert drugs == found(root, "//l:DrugId/@V")
        assert len(message.attachments) == len(found(root, "//l:Base64Container"))


def test_the_original_referral_comes_as_a_pdf_with_a_forwarded_one(examples: Path) -> None:
    name = "Viderehenvisning_v2-0_Rettighetsvurdert_etter_ventetid_pakkeforlop_Ny.xml"
    message = read_referral((examples / "henvisning" / name).read_bytes())
    (attachment,) = message.attachments
    assert attachment.reference.mime_type == "application/pdf"
    assert attachment.reference.content is not None
    assert (attachment.reference.content.items[0].file or b"").startswith(b"%PDF")
    assert message.payload.assessment is not None
    seniority = message.payload.assessment.day("1")
    assert seniority is not None
    assert seniority.value == "2017-12-20"
    assert message.payload.assessment.day("99") is None


def test_descriptions_of_one_type_are_found() -> None:
    assert texts(REFERRAL, "CAVE") == (RichText("Penicillin"),)
    assert texts(REFERRAL, "FUNN") == ()


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(messages())
def test_what_is_written_is_read_the_same(message: ReferralMessage) -> None:
    assert read_referral(write_referral(message)) == message


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(message=messages())
def test_what_is_written_follows_the_official_schema(
    official: OfficialSchemas, message: ReferralMessage
) -> None:
    assert official.errors(write_referral(message), *XSD) == []


@pytest.mark.parametrize(
    "dose",
    [
        Quantity(Decimal("NaN")),
        Quantity(Decimal("Infinity")),
        Quantity(Decimal(1), "mg "),
        Quantity(Decimal(1), 5),  # type: ignore[arg-type]  # what a type checker would have told
    ],
)
def test_a_dose_that_is_no_number_with_a_unit_is_not_written(dose: Quantity) -> None:
    drug = Coded("N02BE01", volven(7180))
    medication = Medication(drug=drug, status=Code("1"), unit_dose=dose)
    item = Information(medication=medication, type=Coded("MEDB", volven(8233)))
    with pytest.raises(NotWritable, match="unit_dose"):
        write_referral(replace(MESSAGE, payload=replace(REFERRAL, information=(item,))))


@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=6), st.sampled_from(["mg", "g", None])
)
def test_inv_18_a_dose_survives_the_message_digit_for_digit(
    dose: Decimal, unit: str | None
) -> None:
    drug = Coded("N02BE01", volven(7180))
    medication = Medication(
        drug=drug, status=Code("1"), unit_dose=Quantity(dose, unit), dosage_text="1 x 1, 6 dager"
    )
    item = Information(medication=medication, type=Coded("MEDB", volven(8233)))
    message = replace(MESSAGE, payload=replace(REFERRAL, information=(item,)))
    (again,) = read_referral(write_referral(message)).payload.information
    assert again == item
    assert again.medication is not None
    assert again.medication.unit_dose is not None
    assert str(again.medication.unit_dose.value) == str(dose)


@pytest.mark.parametrize("action", ["M", "C"])
def test_a_change_or_cancellation_must_refer_to_what_it_changes(action: str) -> None:
    changed = replace(MESSAGE, payload=replace(REFERRAL, action=Code(action)))
    with pytest.raises(NotWritable, match="ConversationRef"):
        write_referral(changed)
    whole = write_referral(replace(changed, info=replace(info(NEW_CONDITION), conversation=THREAD)))
    thread = whole[whole.index(b"<mh:ConversationRef") : whole.index(b"<mh:Sender>")]
    with pytest.raises(NotValid, match="ConversationRef"):
        read_referral(whole.replace(thread, b""))


@pytest.mark.parametrize("action", ["A", "H", "X", None])
def test_other_actions_are_refused(action: str | None) -> None:
    with pytest.raises(NotWritable, match="action"):
        write_referral(replace(MESSAGE, payload=replace(REFERRAL, action=Code(action))))
    whole = write_referral(MESSAGE)
    new = b'V="%s" DN="Ny"' % (action or "").encode()
    with pytest.raises(NotValid, match="action"):
        read_referral(whole.replace(b'V="N" DN="Ny"', new))


def test_an_old_version_or_another_kind_is_not_understood(examples: Path) -> None:
    whole = write_referral(MESSAGE)
    with pytest.raises(NotUnderstood, match="version"):
        read_referral(whole.replace(b"henvisning/2017-11-30", b"henvisning/2014-04-30"))
    with pytest.raises(NotUnderstood, match="HENVISNING_UKJENT"):
        read_referral(whole.replace(b"HENVISNING_NYTILSTAND", b"HENVISNING_UKJENT"))
    with pytest.raises(NotUnderstood):
        read_referral((examples / "henvisning" / "henvisning_v1.1_n.xml").read_bytes())
    with pytest.raises(NotWritable):
        write_referral(replace(MESSAGE, info=info("DIALOG_SVAR")))


def test_two_referrals_in_one_message_are_refused() -> None:
    whole = write_referral(MESSAGE)
    document = whole[whole.index(b"<mh:Document>") : whole.index(b"</mh:MsgHead>")]
    with pytest.raises(NotValid, match="once"):
        read_referral(whole.replace(document, document * 2))
