"""What a citizen reads of notes: signed ones that 9603 shows her, never a draft."""

from __future__ import annotations

import pytest

from fellesjournal.access import records
from fellesjournal.access.citizens import citizen
from fellesjournal.access.sessions import Session
from fellesjournal.care.notes.actions import (
    Typed,
    add_to_note,
    begin_note,
    discard_note,
    save_note,
    sign_note,
)
from fellesjournal.care.notes.classification import Shown
from fellesjournal.care.notes.queries import notes_of, signed_note, signed_notes
from fellesjournal.care.notes.templates import DOCUMENT_TYPE
from fellesjournal.fhir.issues import NotFound
from tests.staff import employ, put, register
from tests.surfaces.portal.family import ASLAUG, at_browser, child_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def gp() -> Session:
    session = employ("gp")
    register("kari", "Practitioner/gp", birthDate="1950-04-01")
    return session


def _draft(gp: Session, words: str = "Hoste") -> tuple[str, int]:
    key = begin_note(gp, patient="kari")
    saved = save_note(gp, patient="kari", note=key, typed={"reason": Typed(words, "")})
    return key, saved.note.version


def test_citizen_never_sees_a_draft(gp: Session) -> None:
    key, version = _draft(gp)
    assert signed_notes(citizen("kari")) == ()
    with pytest.raises(NotFound):
        signed_note(citizen("kari"), key)
    sign_note(gp, patient="kari", note=key, seen=version, shown=Shown.NORMAL)
    assert [each.id for each in signed_notes(citizen("kari"))] == [key]


def test_draft_and_what_was_given_up_are_hidden_from_the_citizen_by_any_way(gp: Session) -> None:
    """Whoever asks how: an app of hers searches without saying which status."""
    _draft(gp)
    given_up, _ = _draft(gp, "Feil")
    discard_note(gp, patient="kari", note=given_up)
    page = records.search(citizen("kari"), "Composition", [("patient", "Patient/kari")])
    assert page.matches == []
    with pytest.raises(NotFound):
        records.read(citizen("kari"), "Composition", given_up)


@pytest.mark.parametrize("shown", [Shown.AFTER_TALK, Shown.DANGER, Shown.CLOSE_PERSONS])
def test_citizen_does_not_see_what_waits_or_is_refused(gp: Session, shown: Shown) -> None:
    key, version = _draft(gp)
    sign_note(gp, patient="kari", note=key, seen=version, shown=shown, reason="Because")
    assert signed_notes(citizen("kari")) == ()
    with pytest.raises(NotFound):
        signed_note(citizen("kari"), key)


@pytest.mark.parametrize(
    ("shown", "parent", "youth"),
    [
        (Shown.NORMAL, True, True),
        (Shown.NOT_PARENTS, False, True),
        (Shown.NOT_YOUTH, True, False),
        (Shown.NEITHER, False, False),
    ],
)
def test_note_about_a_fourteen_year_old_is_shown_as_was_chosen(
    gp: Session, shown: Shown, *, parent: bool, youth: bool
) -> None:
    mother = at_browser()
    child_of(ASLAUG, "child", years=14, generalPractitioner=[{"reference": gp.person}])
    key = begin_note(gp, patient="child")
    saved = save_note(gp, patient="child", note=key, typed={"reason": Typed("Hodepine", "")})
    sign_note(gp, patient="child", note=key, seen=saved.note.version, shown=shown, reason="Why")
    assert bool(signed_notes(citizen("child"))) is youth
    assert bool(signed_notes(citizen(ASLAUG.id, "child"))) is parent
    said = {"person": "child", "subject": f"Patient/{ASLAUG.id}"}
    mother.post("/helsami/others/switch/", said)
    assert mother.get(f"/helsami/notes/{key}/").status_code == (200 if parent else 404)


def test_citizen_reads_the_note_with_author_unit_and_what_was_added(gp: Session) -> None:
    aslaug = at_browser(generalPractitioner=[{"reference": gp.person}])
    key = begin_note(gp, patient=ASLAUG.id)
    typed = {"reason": Typed("Hoste", ""), "plan": Typed("Kontroll", "")}
    saved = save_note(gp, patient=ASLAUG.id, note=key, typed=typed)
    assert key not in aslaug.get("/helsami/notes/").content.decode()
    assert aslaug.get(f"/helsami/notes/{key}/").status_code == 404
    sign_note(gp, patient=ASLAUG.id, note=key, seen=saved.note.version, shown=Shown.NORMAL)
    add_to_note(gp, patient=ASLAUG.id, note=key, kind="correction", text="Ikke hoste")
    listed = aslaug.get("/helsami/notes/").content.decode()
    assert key in listed
    page = aslaug.get(f"/helsami/notes/{key}/").content.decode()
    for words in ("Hoste", "Kontroll", "Ikke hoste", "gp", "Unit u"):
        assert words in page
    assert aslaug.get("/helsami/").content.decode().count("/helsami/notes/") == 1


def test_notes_that_came_as_documents_stand_among_the_others(gp: Session) -> None:
    document = {
        "status": "current",
        "docStatus": "final",
        "type": {"coding": [{"system": DOCUMENT_TYPE, "code": "A03-2"}], "text": "Epikrise"},
        "subject": {"reference": "Patient/kari"},
        "date": "2026-01-20T10:00:00+01:00",
        "content": [{"attachment": {"contentType": "text/plain; charset=utf-8", "title": "Epikrise",
                                    "data": "THVuZ2ViZXRlbm5lbHNl"}}],
    }  # fmt: skip
    put("DocumentReference", "d", **document)
    put("DocumentReference", "draft", **{**document, "docStatus": "preliminary"})
    (found,) = signed_notes(citizen("kari"))
    assert (found.id, found.sections[0].text) == ("d", "Lungebetennelse")
    assert signed_note(citizen("kari"), "d").title == "Epikrise"
    with pytest.raises(NotFound):
        signed_note(citizen("kari"), "draft")


def test_a_summary_that_was_sent_as_a_letter_stands_once(gp: Session) -> None:
    key, version = _draft(gp, "Innlagt med lungebetennelse")
    letter = {
        "status": "current",
        "docStatus": "final",
        "type": {"coding": [{"system": DOCUMENT_TYPE, "code": "A03-2"}], "text": "Epikrise"},
        "subject": {"reference": "Patient/kari"},
        "date": "2026-01-20T10:00:00+01:00",
        "context": {"related": [{"reference": f"Composition/{key}"}]},
        "content": [{"attachment": {"contentType": "text/plain", "title": "Epikrise",
                                    "data": "THVuZ2ViZXRlbm5lbHNl"}}],
    }  # fmt: skip
    put("DocumentReference", "letter", **letter)
    # a draft is nothing she reads: what was sent is
    assert [each.id for each in signed_notes(citizen("kari"))] == ["letter"]
    sign_note(gp, patient="kari", note=key, seen=version, shown=Shown.NORMAL)
    assert [each.id for each in signed_notes(citizen("kari"))] == [key]
    assert [each.id for each in notes_of(gp, "kari")] == [key]


def test_the_letter_stands_where_the_note_it_carries_is_not_shown(gp: Session) -> None:
    key, version = _draft(gp)
    put(
        "DocumentReference", "letter", status="current", docStatus="final",
        type={"coding": [{"system": DOCUMENT_TYPE, "code": "A03-2"}]},
        subject={"reference": "Patient/kari"},
        context={"related": [{"reference": f"Composition/{key}"}]},
        content=[{"attachment": {"contentType": "text/plain", "data": "THVuZ2ViZXRlbm5lbHNl"}}],
    )  # fmt: skip
    sign_note(gp, patient="kari", note=key, seen=version, shown=Shown.DANGER, reason="Because")
    assert [each.id for each in signed_notes(citizen("kari"))] == ["letter"]
