"""What a citizen reads of notes: signed ones that 9603 shows her, never a draft."""

from __future__ import annotations

import pytest

from fellesjournal.access.citizens import citizen
from fellesjournal.access.sessions import Session
from fellesjournal.care.notes.actions import Typed, begin_note, save_note, sign_note
from fellesjournal.care.notes.classification import Shown
from fellesjournal.care.notes.queries import signed_note, signed_notes
from fellesjournal.fhir.issues import NotFound
from tests.staff import employ, register

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


@pytest.mark.parametrize("shown", [Shown.AFTER_TALK, Shown.DANGER, Shown.CLOSE_PERSONS])
def test_citizen_does_not_see_what_waits_or_is_refused(gp: Session, shown: Shown) -> None:
    key, version = _draft(gp)
    sign_note(gp, patient="kari", note=key, seen=version, shown=shown, reason="Because")
    assert signed_notes(citizen("kari")) == ()
    with pytest.raises(NotFound):
        signed_note(citizen("kari"), key)
