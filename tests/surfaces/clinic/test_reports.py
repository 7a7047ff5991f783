"""Nursing and care reports on screen: begun from the record, shown, sent to another system."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from fellesjournal.access import jobs
from fellesjournal.access.directory.systems import MESSAGE_TYPE
from fellesjournal.care.messages.kinds import NATIONAL, REPORTS, Kind
from fellesjournal.care.messages.outside.incoming import read_incoming
from fellesjournal.foundation.outbox.worker import handle_all
from fellesjournal.national.nursing import read_nursing
from fellesjournal.registry.numbers import HER_SYSTEM
from tests.signing_in import ASLAUG, GP, employ, let_in, put
from tests.surfaces.portal.family import at_browser

pytestmark = pytest.mark.django_db
OUTSIDE = {"tag": [{"code": "outsider"}]}


@pytest.fixture
def gp(settings: Any, tmp_path: Any) -> Client:
    """Her GP at work; a municipality outside; a medication list with a weekly medicine."""
    settings.MAILBOX = tmp_path / "mailbox"
    employ(GP)
    at_browser(ASLAUG, generalPractitioner=[{"reference": f"Practitioner/{GP.id}"}])
    put("Organization", GP.unit_id, name=GP.unit_name, identifier=her("8000"))
    put("HealthcareService", "gp", active=True, identifier=her("8001"),
        providedBy={"reference": f"Organization/{GP.unit_id}"}, name="Fastlegene")  # fmt: skip
    put("Organization", "ward", name="Medisinsk avdeling")
    put("Organization", "village", name="Bindal kommune", meta=OUTSIDE, identifier=her("9200"))
    put("Organization", "village-care", name="Bindal hjemmetjeneste", meta=OUTSIDE,
        identifier=her("9201"), partOf={"reference": "Organization/village"})  # fmt: skip
    kinds = [NATIONAL[each] for each in REPORTS]
    put("Endpoint", "village-care", status="active", address="urn:none",
        connectionType={"code": "ebxml"},
        managingOrganization={"reference": "Organization/village-care"},
        payloadType=[{"coding": [{"system": MESSAGE_TYPE, "code": kind, "version": version}]}
                     for kind, version in kinds])  # fmt: skip
    put("MedicationRequest", "weekly", status="active", intent="order",
        subject={"reference": f"Patient/{ASLAUG.id}"},
        medicationCodeableConcept={"text": "Metotreksat 2,5 mg",
                                   "coding": [{"system": "http://www.whocc.no/atc",
                                               "code": "L04AX03"}]},
        dosageInstruction=[{"text": "4 tabletter hver mandag"}])  # fmt: skip
    put("AllergyIntolerance", "penicillin", patient={"reference": f"Patient/{ASLAUG.id}"},
        clinicalStatus={"coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical",
            "code": "active"}]},
        code={"text": "Penicillin"})  # fmt: skip
    client = Client()
    let_in(client, GP.id, "staff")
    return client


def her(number: str) -> list[dict[str, str]]:
    return [{"system": HER_SYSTEM, "value": number}]


def fill(**fields: Any) -> dict[str, Any]:
    return {
        "kind": str(Kind.MEDICAL_INFORMATION),
        "patient": ASLAUG.id,
        "number": str(uuid4()),
        "unit_name": "Bindal hjemmetjeneste",
        "problem": "Svimmel de siste to ukene.",
        "findings": "Blodtrykk 110/60.",
        **fields,
    }


def new() -> str:
    return reverse("report-new", kwargs={"patient_id": ASLAUG.id})


def preview_of(answer: Any) -> str:
    found = re.search(r'name="previewed" value="([0-9a-f]{64})"', answer.content.decode())
    assert found is not None, answer.content.decode()[:2000]
    return found[1]


def test_every_kind_can_be_begun(gp: Client) -> None:
    page = gp.get(new()).content.decode()
    for kind in REPORTS:
        assert f'href="?kind={kind}"' in page
        assert gp.get(new(), {"kind": kind}).status_code == 200


def test_a_report_is_shown_and_what_leaves_is_what_was_shown(gp: Client) -> None:
    form = fill()
    shown = gp.post(new(), form)
    assert shown.status_code == 200
    page = unescape(re.sub(r"<br ?/?>|</?p>", "", shown.content.decode()))
    for words in ("Metotreksat 2,5 mg: 4 tabletter hver mandag", "CAVE: Penicillin",
                  "Svimmel de siste to ukene.", "Ingen felles legemiddelliste"):  # fmt: skip
        assert words in page
    assert gp.post(new(), form | {"pdf": "1"})["Content-Type"] == "application/pdf"
    answer = gp.post(new(), form | {"previewed": preview_of(shown), "send": "1"})
    assert answer.status_code == 302
    handle_all(jobs.call)
    (content,) = sent()
    came = read_incoming(content)
    for paragraph in came.text.split("\n\n"):
        assert paragraph in page
    taken = [each.prescription.what for each in read_nursing(content).payload.medicines]
    assert [(each.name, each.dose) for each in taken] == [
        ("Metotreksat 2,5 mg", "4 tabletter hver mandag")
    ]
    letters = reverse("letters", kwargs={"patient_id": ASLAUG.id})
    assert "Medisinske opplysninger" in gp.get(letters).content.decode()


def test_that_no_allergy_is_known_or_registered_is_no_warning(gp: Client) -> None:
    """Three states that must never look alike: listed, none known, nobody has said."""
    clinical = {"coding": [{
        "system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical",
        "code": "inactive"}]}  # fmt: skip
    asked = {"patient": {"reference": f"Patient/{ASLAUG.id}"}}
    put("AllergyIntolerance", "penicillin", clinicalStatus=clinical, code={"text": "x"}, **asked)
    page = gp.post(new(), fill()).content.decode()
    assert "Allergier er ikke registrert i journalen" in page
    assert "CAVE" not in page
    clinical["coding"][0]["code"] = "active"
    none = {"coding": [{"system": "http://snomed.info/sct", "code": "716186003"}]}
    put("AllergyIntolerance", "penicillin", clinicalStatus=clinical, code=none, **asked)
    page = gp.post(new(), fill()).content.decode()
    assert "Ingen kjente allergier." in page
    assert "CAVE" not in page


def test_a_record_that_changed_between_showing_and_sending_is_shown_again(gp: Client) -> None:
    form = fill()
    previewed = preview_of(gp.post(new(), form))
    put("MedicationRequest", "more", status="active", intent="order",
        subject={"reference": f"Patient/{ASLAUG.id}"},
        medicationCodeableConcept={"text": "Paracet 500 mg"},
        dosageInstruction=[{"text": "1 tablett ved behov"}])  # fmt: skip
    answer = gp.post(new(), form | {"previewed": previewed, "send": "1"})
    assert answer.status_code == 200
    assert "Paracet 500 mg" in answer.content.decode()
    handle_all(jobs.call)
    assert sent() == []


def test_a_unit_inside_is_refused_with_the_reason(gp: Client) -> None:
    answer = gp.post(new(), fill(unit_name="Medisinsk avdeling"))
    assert answer.status_code == 422
    handle_all(jobs.call)
    assert sent() == []


@pytest.mark.parametrize(
    "wrong",
    [{"problem": ""}, {"unit_name": "Ukjent"}, {"number": "x"}, {"kind": "services-offered"}],
)
def test_what_is_left_out_is_told_and_nothing_is_lost(gp: Client, wrong: dict[str, str]) -> None:
    answer = gp.post(new(), fill(**wrong) | {"send": "1"})
    assert answer.status_code == 422
    handle_all(jobs.call)
    assert sent() == []


def test_a_form_of_another_patient_or_kind_sends_nothing(gp: Client) -> None:
    assert gp.post(new(), fill(patient="somebody")).status_code == 409
    assert gp.post(new(), fill(kind="letter")).status_code == 200  # the choice of kinds again
    assert gp.get(new(), {"kind": "x"}).status_code == 200


def sent() -> list[bytes]:
    from django.conf import settings  # noqa: PLC0415 - the folder of this test

    folder = settings.MAILBOX / "out"
    return [path.read_bytes() for path in sorted(folder.glob("*.xml"))] if folder.exists() else []
