"""Notes: written, merged, signed, added to, and never lost or changed."""

from __future__ import annotations

import pytest

from fellesjournal.access.sessions import Session
from fellesjournal.care.notes.actions import Typed, add_to_note, begin_note, save_note, sign_note
from fellesjournal.care.notes.classification import Shown
from fellesjournal.care.notes.queries import note, notes_of, unsigned_notes
from tests.staff import employ, register


@pytest.fixture
def gp(db: None) -> Session:
    del db
    session = employ("gp")
    register("kari", "Practitioner/gp")
    return session


def test_note_is_written_signed_and_added_to(gp: Session) -> None:
    key = begin_note(gp, patient="kari")
    saved = save_note(
        gp, patient="kari", note=key, typed={"reason": Typed("Hoste\n\n  i 2 uker <&>", "")}
    )
    assert [(s.key, s.text) for s in note(gp, "kari", key).sections if s.text] == [
        ("reason", "Hoste\n\n  i 2 uker <&>")
    ]
    assert len(unsigned_notes(gp)) == 1
    sign_note(gp, patient="kari", note=key, seen=saved.note.version, shown=Shown.NORMAL)
    assert unsigned_notes(gp) == ()
    add_to_note(gp, patient="kari", note=key, kind="addendum", text="Ringt pasienten.")
    (found,) = notes_of(gp, "kari")
    assert found.status == "amended"
    assert found.additions[0].text == "Ringt pasienten."
