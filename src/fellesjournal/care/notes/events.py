"""What notes tell of: signed, and added to. Ids only."""

from __future__ import annotations

from fellesjournal.foundation.outbox.events import Event

NOTE_SIGNED = "note-signed"
NOTE_AMENDED = "note-amended"


def note_signed(patient: str, note: str) -> Event:
    """A note stands signed; references such as ``Patient/1`` and ``Composition/2``."""
    return Event(NOTE_SIGNED, patient, {"patient": patient, "note": note})


def note_amended(patient: str, note: str) -> Event:
    """A signed note has an addendum or a correction: who has the old text needs the new."""
    return Event(NOTE_AMENDED, patient, {"patient": patient, "note": note})


__all__ = ["NOTE_AMENDED", "NOTE_SIGNED", "note_amended", "note_signed"]
