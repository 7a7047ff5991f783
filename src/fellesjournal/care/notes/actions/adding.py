"""Adding to a signed note: dated, signed, and the old stays to be read (norway.md section 9 L8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fellesjournal.access.acts import act, change
from fellesjournal.access.answers import Stored
from fellesjournal.access.sessions import Session
from fellesjournal.access.signed import SIGNED
from fellesjournal.care.notes.actions.standing import named, standing
from fellesjournal.care.notes.events import note_amended
from fellesjournal.care.notes.narrative import plain
from fellesjournal.care.notes.refusals import NoteRefused, Why
from fellesjournal.care.notes.resources import ADDENDUM, CORRECTION, addition, note_of, signature
from fellesjournal.fhir.issues import Conflict, PreconditionFailed
from fellesjournal.foundation import clock
from fellesjournal.foundation.outbox.events import Event

_ATTEMPTS = 20


def add_to_note(session: Session, *, patient: str, note: str, kind: str, text: str) -> int:
    """Add an ADDENDUM or a CORRECTION to a signed note; answers the version that then stands.

    The same words by the same person at the end are not added twice (a form sent again).
    Raises NoteRefused (OTHER_PATIENT, NOT_SIGNED, EMPTY, LOCKED), NotFound, NotAllowed.
    """
    words = plain(text).strip()
    if kind not in {ADDENDUM, CORRECTION} or not words:
        raise NoteRefused(Why.EMPTY)
    (me,) = named(session, session.person)

    def tell(_stood: Sequence[Stored]) -> Iterator[Event]:
        yield note_amended(f"Patient/{patient}", f"Composition/{note}")

    for _ in range(_ATTEMPTS):
        data, version = standing(session, patient, note)
        if data.get("status") not in SIGNED:
            raise NoteRefused(Why.NOT_SIGNED)
        before = note_of(data, version)
        signers = [each.by.reference for each in before.signatures]
        if before.is_locked and session.person not in signers:
            raise NoteRefused(Why.LOCKED)
        last = before.additions[-1] if before.additions else None
        if last and (last.kind, last.text, last.author.reference) == (kind, words, me.reference):
            return version
        now = clock.now()
        amended = {
            **data,
            "status": "amended",
            "section": [*data.get("section", []), addition(kind, words, me, now)],
            "attester": [*data.get("attester", []), signature(me, now)],
        }
        try:
            (stood,) = act(session, [change(amended, seen=version)], tell)
        except PreconditionFailed:
            continue  # somebody else added meanwhile: hers comes after
        return stood.version
    raise Conflict("others kept adding to the same note", code="lock-error")


__all__ = ["add_to_note"]
