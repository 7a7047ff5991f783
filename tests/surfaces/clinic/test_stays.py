"""The ward and the discharge on screen: what is counted, refused, shown, sent, and kept."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from fellesjournal.access import acts
from fellesjournal.care.stays import queries
from fellesjournal.care.stays.resources import Stay
from fellesjournal.demo.cast import STAFF
from tests.signing_in import ASLAUG, GP, employ, let_in, put
from tests.staff import SYSTEM, staff
from tests.surfaces.portal.family import at_browser

pytestmark = pytest.mark.django_db

DOCTOR = next(member for member in STAFF if member.id == "staff-hospital-doctor")
NURSE = next(member for member in STAFF if member.id == "staff-ward-nurse")
WARD = f"Organization/{DOCTOR.unit_id}"
WORDS = {
    "reason": "Tung pust",
    "diagnoses": "Hjertesvikt",
    "course": "Vanndrivende, god effekt.",
    "findings": "",
    "follow-up": "Kontroll om to uker. Ansvar: fastlegen.",
}


@pytest.fixture
def nurse() -> Client:
    """The nurse of the ward at work. Aslaug, whose GP is Ragna Lyngbakk, is referred there."""
    for member in (GP, DOCTOR, NURSE):
        employ(member)
    at_browser(ASLAUG, generalPractitioner=[{"reference": f"Practitioner/{GP.id}"}])
    put(
        "ServiceRequest", "referral", status="active", intent="order",
        subject={"reference": f"Patient/{ASLAUG.id}"}, performer=[{"reference": WARD}],
        requester={"reference": f"Practitioner/{GP.id}"},
    )  # fmt: skip
    return at_work(NURSE)


@pytest.fixture
def doctor(nurse: Client) -> Client:
    """The doctor of the ward at work."""
    del nurse
    return at_work(DOCTOR)


def at_work(member: Any) -> Client:
    client = Client()
    let_in(client, member.id, "staff")
    return client


def admission(**fields: Any) -> dict[str, Any]:
    return {
        "patient": ASLAUG.id,
        "number": str(uuid4()),
        "version": "0",
        "how": "acute",
        "reason": "Tung pust",
        "came": "",
        "bed": "201-1",
        "doctor": f"Practitioner/{DOCTOR.id}",
        "nurse": f"Practitioner/{NURSE.id}",
        **fields,
    }


def admit(nurse: Client, **fields: Any) -> Stay:
    page = nurse.get(reverse("admit", args=[ASLAUG.id])).content.decode()
    came = re.search(r'name="came" value="([^"]+)"', page)
    assert came is not None
    form = admission(came=came[1], **fields)
    answer = nurse.post(reverse("admit", args=[ASLAUG.id]), form)
    assert answer.status_code == 302, answer.content.decode()
    (found,) = queries.stays_of(SYSTEM, ASLAUG.id)
    return found


def at(name: str, stay: Stay) -> str:
    return reverse(name, args=[ASLAUG.id, stay.id])


def summary(**fields: Any) -> dict[str, Any]:
    return {"patient": ASLAUG.id, "version": "0", "do": "show", **WORDS, **fields}


def hidden(page: str) -> dict[str, str]:
    """The fields of the last step that nobody types."""
    found = {}
    for name in ("version", "summary_version", "previewed"):
        value = re.search(rf'name="{name}" value="([^"]*)"', page)
        assert value is not None, name
        found[name] = value[1]
    return {"patient": ASLAUG.id, "to": "home", **found}


def show(doctor: Client, stay: Stay, **fields: Any) -> dict[str, str]:
    answer = doctor.post(at("discharge", stay), summary(**fields))
    assert answer.status_code == 200, answer.content.decode()
    return hidden(answer.content.decode())


def test_board_counts_those_it_lists(nurse: Client) -> None:
    empty = nurse.get(reverse("ward")).content.decode()
    assert "0 patients are in." in empty or "0 pasienter" in empty
    admit(nurse)
    board = nurse.get(reverse("ward"))
    assert len(board.context["rows"]) == 1
    assert "201-1" in board.content.decode()
    assert "1 patient is in." in board.content.decode() or "1 pasient" in board.content.decode()
    ward = staff(NURSE.id, NURSE.role, NURSE.unit_id)
    assert len(queries.ward(ward)) == len(board.context["rows"])


def test_admission_without_reason_or_doctor_is_told_at_the_fields(nurse: Client) -> None:
    answer = nurse.post(
        reverse("admit", args=[ASLAUG.id]), admission(reason="", doctor="", came="x")
    )
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"reason", "doctor", "came"}
    assert queries.stays_of(SYSTEM, ASLAUG.id) == ()


def test_inv_44_form_of_another_patient_is_refused(nurse: Client, doctor: Client) -> None:
    stay = admit(nurse)
    for name in ("stay-ready", "stay-not-ready", "stay-place", "stay-mistake", "discharge",
                 "discharge-without"):  # fmt: skip
        answer = doctor.post(
            at(name, stay), {"patient": "somebody-else", "words": "Feil pasient her."}
        )
        assert answer.status_code == 409, name
    assert queries.stay_by(SYSTEM, ASLAUG.id, stay.id).version == stay.version


def test_ready_withdrawn_and_said_again_stand_on_the_page(nurse: Client, doctor: Client) -> None:
    stay = admit(nurse)
    page = doctor.get(at("stay", stay)).content.decode()
    since = re.search(r'name="since" value="([^"]+)"', page)
    assert since is not None
    form = {"patient": ASLAUG.id, "since": since[1], "notice": ""}
    assert doctor.post(at("stay-ready", stay), form).status_code == 302
    assert doctor.post(at("stay-ready", stay), form).status_code == 409  # said already
    ready = queries.stay_by(SYSTEM, ASLAUG.id, stay.id).ready
    assert ready is not None
    off = {"patient": ASLAUG.id, "notice": ready.notice, "words": "Feber"}
    assert nurse.post(at("stay-not-ready", stay), off).status_code == 302
    assert nurse.post(at("stay-not-ready", stay), off).status_code == 409
    assert len(queries.stay_by(SYSTEM, ASLAUG.id, stay.id).said) == 2


def test_inv_41_nothing_is_shown_to_send_before_all_parts_have_words(
    nurse: Client, doctor: Client
) -> None:
    stay = admit(nurse)
    answer = doctor.post(at("discharge", stay), summary(course=" "))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"course"}
    # what was written is kept
    draft = queries.summary_of_stay(SYSTEM, stay)
    assert draft is not None
    assert draft.texts["follow-up"] == WORDS["follow-up"]


def test_discharge_ends_the_stay_and_the_gp_is_a_recipient(nurse: Client, doctor: Client) -> None:
    stay = admit(nurse)
    last = show(doctor, stay)
    assert doctor.post(at("discharge", stay), {**last, "do": "send"}).status_code == 302
    assert not queries.stay_by(SYSTEM, ASLAUG.id, stay.id).is_going_on
    letters = doctor.get(reverse("letters", args=[ASLAUG.id])).content.decode()
    assert GP.unit_name in letters
    assert "Vanndrivende, god effekt." in letters or "Epikrise" in letters
    # the page back from the browser's history sends nothing again
    assert doctor.post(at("discharge", stay), {**last, "do": "send"}).status_code == 302


def test_inv_41_summary_changed_after_it_was_shown_is_not_sent(
    nurse: Client, doctor: Client
) -> None:
    stay = admit(nurse)
    last = show(doctor, stay)
    doctor.post(
        at("discharge", stay),
        summary(version=last["summary_version"], course="Noe annet.", do="save"),
    )
    answer = doctor.post(at("discharge", stay), {**last, "do": "send"})
    assert answer.status_code == 409
    assert "Noe annet." in answer.content.decode()
    assert queries.stay_by(SYSTEM, ASLAUG.id, stay.id).is_going_on
    again = hidden(answer.content.decode())
    assert doctor.post(at("discharge", stay), {**again, "do": "send"}).status_code == 302


def test_text_typed_on_an_older_draft_stays_beside_what_stands(
    nurse: Client, doctor: Client
) -> None:
    stay = admit(nurse)
    first = show(doctor, stay)
    doctor.post(
        at("discharge", stay),
        summary(version=first["summary_version"], course="Fra en kollega.", do="save"),
    )
    answer = doctor.post(
        at("discharge", stay),
        summary(version=first["summary_version"], course="Mitt eget.", do="save"),
    )
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Fra en kollega." in page
    assert "Mitt eget." in page


def test_pdf_is_what_was_shown(nurse: Client, doctor: Client) -> None:
    stay = admit(nurse)
    last = show(doctor, stay)
    answer = doctor.post(at("discharge", stay), {**last, "do": "pdf"})
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "no-store"
    assert queries.stay_by(SYSTEM, ASLAUG.id, stay.id).is_going_on


def test_stay_ends_without_summary_by_a_reason_and_owes_it(nurse: Client, doctor: Client) -> None:
    stay = admit(nurse)
    form = {
        "patient": ASLAUG.id, "version": str(stay.version), "to": "home",
        "reason": "summary-later", "words": "kort",
    }  # fmt: skip
    assert doctor.post(at("discharge-without", stay), form).status_code == 422
    form["words"] = "Prøvesvar gjenstår, skrives i morgen."
    assert doctor.post(at("discharge-without", stay), form).status_code == 302
    assert len(doctor.get(reverse("ward")).context["owed"]) == 1
    over = queries.stay_by(SYSTEM, ASLAUG.id, stay.id)
    last = show(doctor, over)
    assert doctor.post(at("discharge", stay), {**last, "do": "send"}).status_code == 302
    assert doctor.get(reverse("ward")).context["owed"] == []


def test_nurse_and_gp_discharge_nobody(nurse: Client, doctor: Client) -> None:
    stay = admit(nurse)
    last = show(doctor, stay)
    nurse.post(at("discharge", stay), {**last, "do": "send"})
    gp = at_work(GP)
    assert gp.post(at("discharge", stay), {**last, "do": "send"}).status_code == 302
    assert gp.post(at("stay-mistake", stay), {
        "patient": ASLAUG.id, "version": str(stay.version), "words": "Skulle vært en annen.",
    }).status_code == 409  # fmt: skip
    assert queries.stay_by(SYSTEM, ASLAUG.id, stay.id).is_going_on


def test_planned_admission_ends_the_wait_in_the_same_moment(nurse: Client) -> None:
    about = {"focus": {"reference": "ServiceRequest/waiting"}}
    state = "https://fellesjournal.example/fhir/CodeSystem/referral-state"
    own = "https://fellesjournal.example/fhir/StructureDefinition/referral-state"
    put(
        "ServiceRequest", "waiting", status="active", intent="order",
        category=[{"coding": [{
            "system": "https://fellesjournal.example/fhir/CodeSystem/order-type",
            "code": "referral",
        }]}],
        code={"text": "Utredning av hjertet"},
        subject={"reference": f"Patient/{ASLAUG.id}"}, performer=[{"reference": WARD}],
        requester={"reference": f"Practitioner/{GP.id}"},
        extension=[{
            "url": own,
            "valueCodeableConcept": {"coding": [{"system": state, "code": "waiting"}]},
        }],
    )  # fmt: skip
    put(
        "Task", "waits", status="accepted", intent="order", owner={"reference": WARD},
        code={"coding": [{
            "system": "https://fellesjournal.example/fhir/CodeSystem/task-code",
            "code": "referral",
        }]},
        businessStatus={"coding": [{"system": state, "code": "waiting"}]},
        restriction={"period": {"end": "2030-01-01"}},
        **{"for": {"reference": f"Patient/{ASLAUG.id}"}}, **about,
    )  # fmt: skip
    board = nurse.get(reverse("ward"))
    assert len(board.context["expected"]) == 1
    stay = admit(nurse, how="waiting", reason="Utredning av hjertet")
    assert stay.referral == "waiting"
    assert not stay.is_acute
    assert nurse.get(reverse("ward")).context["expected"] == []
    assert acts.read(SYSTEM, "Task", "waits")[0]["status"] == "completed"


def test_stay_of_another_patient_is_not_known(nurse: Client) -> None:
    stay = admit(nurse)
    put("Patient", "other", generalPractitioner=[{"reference": f"Practitioner/{NURSE.id}"}])
    assert nurse.get(reverse("stay", args=["other", stay.id])).status_code == 404


def test_only_who_works_at_a_ward_is_offered_to_admit(nurse: Client) -> None:
    address = reverse("stays", args=[ASLAUG.id])
    admit = reverse("admit", args=[ASLAUG.id])
    assert admit in nurse.get(address).content.decode()
    assert admit not in at_work(GP).get(address).content.decode()
