"""The pages of notes: posted without scripts, guarded against the wrong patient and the late edit."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from fellesjournal.access import acts
from fellesjournal.care.notes.actions import Typed, save_note
from fellesjournal.care.notes.narrative import narrative
from fellesjournal.care.problems.codes import Diagnosis
from fellesjournal.surfaces.clinic import note_views
from tests.signing_in import CASE_OFFICER, GP, staff_client
from tests.staff import SYSTEM, employ, put, register, staff

pytestmark = pytest.mark.django_db

JSON = {"Accept": "application/json"}


@pytest.fixture
def gp() -> Client:
    """A GP's browser; two of her patients are called alike."""
    client = staff_client()
    for key, given, born in (("kari", "Kari", "1950-04-01"), ("ola", "Ola", "1980-04-01")):
        register(
            key, f"Practitioner/{GP.id}",
            name=[{"family": "Nesvoll", "given": [given]}], birthDate=born,
        )  # fmt: skip
    return client


def _begin(client: Client, patient: str = "kari") -> str:
    """A draft; the address of the note."""
    answer = client.post(f"/patients/{patient}/notes/new/", {"patient": patient})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"]).removesuffix("write/")


def _save(client: Client, note: str, **fields: str) -> Any:
    return client.post(note + "write/", {"patient": note.split("/")[2], "do": "save", **fields})


def _sign(client: Client, note: str, **fields: str) -> Any:
    page = client.get(note + "sign/")
    said = {"patient": note.split("/")[2], "version": str(page.context["note"].version),
            "shown": "N", "do": "sign", **fields}  # fmt: skip
    return client.post(note + "sign/", said)


def _body(note: str) -> dict[str, Any]:
    return acts.read(SYSTEM, "Composition", note.rstrip("/").rpartition("/")[2])[0]


def _colleague_writes(note: str, section: str, text: str, base: str = "") -> None:
    employ("other")
    register("kari", f"Practitioner/{GP.id}", "Practitioner/other", birthDate="1950-04-01")
    key = note.rstrip("/").rpartition("/")[2]
    typed = {section: Typed(text, base)}
    save_note(staff("other"), patient="kari", note=key, typed=typed)


def test_note_is_written_signed_and_added_to_without_scripts(gp: Client) -> None:
    note = _begin(gp)
    answer = _save(gp, note, reason="Hoste", do="sign")
    assert answer["Location"] == note + "sign/"
    assert _sign(gp, note)["Location"] == note
    answer = gp.post(note + "add/", {"patient": "kari", "kind": "correction", "text": "Ikke hoste"})
    assert answer["Location"] == note
    page = gp.get(note).content.decode()
    assert "Ikke hoste" in page
    assert "Hoste" in page
    assert 'name="reason"' not in page
    assert "Hoste" in gp.get("/patients/kari/notes/").content.decode()


def test_draft_opens_to_be_written_in_and_a_signed_note_to_be_read(gp: Client) -> None:
    note = _begin(gp)
    assert gp.get(note)["Location"] == note + "write/"
    _save(gp, note, reason="Hoste")
    _sign(gp, note)
    assert gp.get(note + "write/")["Location"] == note
    assert gp.get(note + "sign/")["Location"] == note
    assert gp.get("/notes/").context["rows"] == ()


def test_inv_44_form_of_another_patients_page_is_refused_with_what_was_typed(gp: Client) -> None:
    karis, olas = _begin(gp), _begin(gp, "ola")
    before = _body(karis), _body(olas)
    for address, fields in (
        (karis + "write/", {"reason": "Skrevet om Ola"}),
        (karis + "sign/", {"version": "1", "shown": "N", "reason": "Skrevet om Ola"}),
        (karis + "add/", {"kind": "addendum", "text": "Skrevet om Ola"}),
        (karis + "discard/", {"text": "Skrevet om Ola"}),
        ("/patients/kari/notes/new/", {"text": "Skrevet om Ola"}),
    ):
        for said in ({"patient": "ola"}, {}):
            answer = gp.post(address, {**fields, **said})
            assert answer.status_code == 409, address
            assert "Skrevet om Ola" in answer.content.decode()
    assert (_body(karis), _body(olas)) == before


def test_inv_44_note_of_one_patient_is_not_written_at_the_address_of_another(gp: Client) -> None:
    note = _begin(gp)
    strange = note.replace("kari", "ola")
    before = _body(note)
    for page in ("", "write/", "sign/"):
        assert gp.get(strange + page).status_code == 404
    for page in ("write/", "sign/", "add/", "discard/"):
        said = {"patient": "ola", "reason": "x", "version": "1", "shown": "N", "kind": "addendum",
                "text": "x"}  # fmt: skip
        assert gp.post(strange + page, said).status_code in {404, 409}
    assert _body(note) == before


def test_script_gets_what_stands_and_whose_it_is(gp: Client) -> None:
    note = _begin(gp)
    said = {"patient": "kari", "reason": "Hoste", "base-reason": ""}
    answer = gp.post(note + "write/", said, headers=JSON).json()
    assert (answer["patient"], answer["version"]) == ("kari", 2)
    assert answer["sections"]["reason"] == "Hoste"
    assert answer["collided"] == []
    _colleague_writes(note, "reason", "Hoste i uker", "Hoste")
    said = {"patient": "kari", "reason": "Hoste og feber", "base-reason": "Hoste"}
    answer = gp.post(note + "write/", said, headers=JSON).json()
    assert answer["collided"] == ["reason"]
    assert answer["sections"]["reason"] == "Hoste i uker"
    assert answer["beside"] == {"reason": "Hoste og feber"}


def test_collision_without_scripts_shows_both_texts_to_choose_from(gp: Client) -> None:
    note = _begin(gp)
    _save(gp, note, reason="Hoste")
    _colleague_writes(note, "reason", "Hoste i uker", "Hoste")
    said = {"reason": "Hoste og feber", "base-reason": "Hoste", "do": "sign"}
    answer = _save(gp, note, **said)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Hoste i uker" in page
    assert "Hoste og feber" in page
    choice = {
        "reason": "Hoste i uker",
        "base-reason": "Hoste i uker",
        "mine-reason": "Hoste og feber",
    }
    _save(gp, note, **choice, do=f"both:reason:Practitioner/{GP.id}")
    assert gp.get(note + "write/").context["note"].section("reason").text == (
        "Hoste i uker\nHoste og feber"
    )


def test_edit_that_comes_after_the_signature_is_refused_and_offered_as_an_addendum(
    gp: Client,
) -> None:
    """INV-43, requirement 2: a direct POST of an edit gives 409; the words are not lost."""
    note = _begin(gp)
    _save(gp, note, reason="Hoste")
    _sign(gp, note)
    before = _body(note)
    said = {"patient": "kari", "reason": "Hoste og feber", "base-reason": "Hoste"}
    answer = gp.post(note + "write/", said)
    assert answer.status_code == 409
    assert answer.context["form"].initial == {"kind": "addendum", "text": "Hoste og feber"}
    assert gp.post(note + "write/", said, headers=JSON).status_code == 409
    assert _body(note) == before


def test_signature_is_of_the_version_that_was_read(gp: Client) -> None:
    note = _begin(gp)
    _save(gp, note, reason="Hoste")
    gp.get(note + "sign/")
    _colleague_writes(note, "plan", "Røntgen")
    answer = gp.post(note + "sign/", {"patient": "kari", "version": "2", "shown": "N"})
    assert answer.status_code == 409
    assert "Røntgen" in answer.content.decode()
    assert _body(note)["status"] == "preliminary"


def test_who_is_kept_from_reading_needs_a_reason(gp: Client) -> None:
    note = _begin(gp)
    _save(gp, note, reason="Hoste")
    answer = _sign(gp, note, shown="NORN_FFL")
    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {"reason"}
    assert _sign(gp, note, shown="NORN_UNGDOM").context["form"].errors.keys() == {"shown"}
    assert _body(note)["status"] == "preliminary"


def test_earlier_versions_of_a_signed_note_can_be_read(gp: Client) -> None:
    note = _begin(gp)
    _save(gp, note, reason="Hoste")
    _sign(gp, note)
    gp.post(note + "add/", {"patient": "kari", "kind": "addendum", "text": "Ringt"})
    assert "Ringt" not in gp.get(note + "?version=3").content.decode()
    assert gp.get(note + "?version=99").status_code == 404
    assert gp.get(note + "?version=x").status_code == 200


def test_who_has_no_ground_finds_no_notes(gp: Client) -> None:
    del gp  # on whose list she is; nothing ties her to the case officer
    client = staff_client(CASE_OFFICER)
    assert client.get("/patients/kari/notes/").status_code == 404
    assert client.post("/patients/kari/notes/new/", {"patient": "kari"}).status_code == 404


def test_draft_of_another_kind_is_read_here_and_written_where_it_belongs(gp: Client) -> None:
    put(
        "Composition", "letter", status="preliminary", type={"text": "Epikrise"}, title="Epikrise",
        subject={"reference": "Patient/kari"}, date="2026-05-04", author=[{"display": "x"}],
        section=[{"title": "Forløp", "text": narrative("Lungebetennelse")}],
    )  # fmt: skip
    assert "Lungebetennelse" in gp.get("/patients/kari/notes/").content.decode()
    page = gp.get("/patients/kari/notes/letter/")
    assert "Lungebetennelse" in page.content.decode()
    assert "/letter/add/" not in page.content.decode()
    for name in ("write", "sign"):
        assert gp.get(f"/patients/kari/notes/letter/{name}/")["Location"].endswith("/letter/")
    assert _save(gp, "/patients/kari/notes/letter/", reason="x").status_code == 409


def test_pages_of_notes_hold_no_inline_style_or_script(gp: Client) -> None:
    note = _begin(gp)
    _save(gp, note, reason="Hoste")
    for address in ("/patients/kari/notes/", note + "write/", note + "sign/", "/notes/"):
        text = gp.get(address).content.decode()
        assert " style=" not in text
        assert "<script>" not in text
        assert " onclick=" not in text


def test_the_patients_own_problems_are_suggested_as_the_diagnosis(gp: Client) -> None:
    put("Condition", "knee", subject={"reference": "Patient/kari"},
        clinicalStatus={"coding": [{"code": "active",
            "system": "http://terminology.hl7.org/CodeSystem/condition-clinical"}]},
        code={"coding": [{"system": "urn:oid:2.16.578.1.12.4.1.1.7170", "code": "L90"}],
              "text": "Kneartrose"})  # fmt: skip
    note = _begin(gp)
    page = gp.get(note + "write/").content.decode()
    assert "<li>L90 Kneartrose</li>" in page
    assert "own-problems-title" not in gp.get(_begin(gp, "ola") + "write/").content.decode()


@pytest.mark.parametrize("found", [{}, {"L90": Diagnosis("L90", "Gonartrose")}])
def test_the_field_of_the_diagnosis_says_whether_words_find_a_code(
    gp: Client, found: dict[str, Diagnosis], monkeypatch: pytest.MonkeyPatch
) -> None:
    gp.cookies["language"] = "en"
    monkeypatch.setattr(note_views, "icpc2", lambda: found)
    page = gp.get(_begin(gp) + "write/").content.decode()
    assert ('data-diagnoses="diagnosis"' in page) == bool(found)
    assert ("The words of ICPC-2 are not installed here" in page) != bool(found)


def test_signing_a_note_registers_no_problem(gp: Client) -> None:
    """As the page says."""
    note = _begin(gp)
    _save(gp, note, **{"diagnosis": "L90 Kneartrose", "base-diagnosis": ""})
    assert _sign(gp, note).status_code == 302
    found = gp.get("/patients/kari/").context["chart"]
    assert found.problems == ()


def test_one_goes_from_the_note_to_order_and_prescribe_and_back_until_it_is_signed(
    gp: Client,
) -> None:
    note = _begin(gp)
    page = gp.get(note + "write/").content.decode()
    for part in ("laboratory/new/", "medicines/new/", "referrals/new/"):
        address = f"/patients/kari/{part}"
        assert f'href="{address}">' in page.partition('class="note-next"')[2]
        assert f'href="{note}write/"' in gp.get(address).content.decode()
    assert note not in gp.get("/patients/ola/medicines/new/").content.decode()
    assert "back-to-note" not in page
    _save(gp, note, findings="Frisk", **{"base-findings": ""})
    assert _sign(gp, note).status_code == 302
    assert "back-to-note" not in gp.get("/patients/kari/medicines/new/").content.decode()
