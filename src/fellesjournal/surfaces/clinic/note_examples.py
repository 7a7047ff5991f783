"""The components of notes in their states, for the gallery."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fellesjournal.care.notes.resources import (
    CORRECTION,
    Note,
    Person,
    Section,
    Unmerged,
    addition,
    new_draft,
    note_of,
    signature,
    with_sections,
)
from fellesjournal.care.notes.templates import CONSULTATION
from fellesjournal.surfaces.clinic.note_forms import fields
from fellesjournal.surfaces.clinic.note_words import ADDITIONS, SECTIONS

_RAGNA = Person("Practitioner/example", "Ragna Lyngbakk")
_GUNNHILD = Person("Practitioner/other", "Gunnhild Tverrelv")
_AT = datetime(2026, 3, 2, 9, 32, tzinfo=UTC)


def examples() -> dict[str, Any]:
    """A section plain, with a text of one's own beside, with a colleague's; a corrected note."""
    sections = (
        Section("reason", "", "Fall på badet i natt."),
        Section("findings", "", "Blåmerke venstre hofte.", (Unmerged(_RAGNA, "Øm over hofta."),)),
        Section("plan", "", "Røntgen.", (Unmerged(_GUNNHILD, "Rullator hentes."),)),
    )
    draft = _draft()
    signed = with_sections(draft, CONSULTATION, sections[:1]) | {
        "status": "amended",
        "attester": [signature(_RAGNA, _AT)],
    }
    signed["section"].append(addition(CORRECTION, "Det var på kjøkkenet.", _GUNNHILD, _AT))
    note = note_of(signed, 3)
    shown = fields(note_of(with_sections(draft, CONSULTATION, sections), 2), _RAGNA.reference)
    return {
        "note_fields": [
            each for each in shown if each.section.key in {"reason", "findings", "plan"}
        ],
        "note_author": _RAGNA.reference,
        "note": note,
        "note_sections": _titled(note),
        "note_additions": [(each, ADDITIONS[each.kind]) for each in note.additions],
    }


def _draft() -> dict[str, Any]:
    return new_draft(
        CONSULTATION,
        patient="example",
        author=_RAGNA,
        custodian=Person("Organization/example", "Trondheim legesenter"),
        encounter="",
        language="nb",
        at=_AT,
    )


def _titled(note: Note) -> list[tuple[str, str]]:
    return [(str(SECTIONS[each.key]), each.text) for each in note.sections]


__all__ = ["examples"]
