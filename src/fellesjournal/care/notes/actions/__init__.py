"""Everything that is done to a note: begun, written in, given up, signed, added to."""

from __future__ import annotations

from fellesjournal.care.notes.actions.adding import add_to_note
from fellesjournal.care.notes.actions.beginning import begin_note, discard_note
from fellesjournal.care.notes.actions.signing import sign_note
from fellesjournal.care.notes.actions.writing import Saved, Settle, Settled, Typed, save_note

__all__ = [
    "Saved",
    "Settle",
    "Settled",
    "Typed",
    "add_to_note",
    "begin_note",
    "discard_note",
    "save_note",
    "sign_note",
]
