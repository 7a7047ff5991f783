"""What the forms of notes say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from fellesjournal.care.notes.actions import Settle, Settled, Typed
from fellesjournal.care.notes.classification import Choices, Shown, choices
from fellesjournal.care.notes.resources import ADDENDUM, Note, Section, Unmerged
from fellesjournal.foundation import clock
from fellesjournal.surfaces.clinic.note_words import ADDITIONS, SECTIONS, SHOWN

MOST_LETTERS = 100_000
"""What a field takes; more than any note needs. The server cuts nothing: it refuses what is far
larger as a whole (DATA_UPLOAD_MAX_MEMORY_SIZE), and the page keeps it."""


def typed(posted: QueryDict) -> dict[str, Typed]:
    """What the form says of each section it has. Nothing is cut off: see MOST_LETTERS."""
    return {
        key: Typed(
            str(posted[key]),
            posted.get(f"base-{key}"),
            posted.get(f"mine-{key}"),
            posted.get(f"sent-{key}"),
        )
        for key in SECTIONS
        if key in posted
    }


def settled(posted: QueryDict) -> Settled | None:
    """Which text that waits is put into the note; None when another button was pressed."""
    how, _colon, rest = posted.get("do", "").partition(":")
    section, _colon, author = rest.partition(":")
    return Settled(section, author, Settle(how)) if how in set(Settle) and author else None


@dataclass(frozen=True, slots=True)
class Field:
    """A section as its form shows it: its label, her own text beside, and those of others."""

    section: Section
    label: str
    rows: int
    own: Unmerged | None
    others: tuple[Unmerged, ...]
    most: int = MOST_LETTERS


_ROWS: Mapping[str, int] = {"diagnosis": 1, "reason": 3, "note": 12}


def fields(note: Note, me: str) -> list[Field]:
    """The sections of a draft for one of its authors (a reference)."""
    return [
        Field(
            section,
            str(SECTIONS.get(section.key, section.title)),
            max(_ROWS.get(section.key, 4), min(30, len(section.text) // 80 + section.text.count("\n") + 2)),
            next((each for each in section.unmerged if each.author.reference == me), None),
            tuple(each for each in section.unmerged if each.author.reference != me),
        )
        for section in note.sections
    ]  # fmt: skip


class Signing(forms.Form):
    """Who may read the note in HelsaMi, and why somebody may not."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    shown = forms.ChoiceField(
        label=_("Shown in HelsaMi"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who may read the note in HelsaMi.")},
    )
    reason = forms.CharField(
        label=_("Why it is not shown"), max_length=1000, required=False, strip=True,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, birth: date | None, *given: Any, **named: Any) -> None:
        found: Choices = choices(birth, clock.now())
        if found.preset is not None:
            named["initial"] = {**named.get("initial", {}), "shown": found.preset.value}
        super().__init__(*given, **named)
        self.fields["shown"].choices = [  # type: ignore[attr-defined]  # a field of choices
            (each.value, SHOWN[each]) for each in found.allowed
        ]

    def clean(self) -> dict[str, Any]:
        """Whoever hides something says why."""
        cleaned = super().clean() or {}
        chosen = cleaned.get("shown")
        if chosen and chosen != Shown.NORMAL and not cleaned.get("reason"):
            self.add_error("reason", _("Say why the note is not shown."))
        return cleaned


class Adding(forms.Form):
    """An addendum or a correction."""

    kind = forms.ChoiceField(
        label=_("What you add"),
        choices=lambda: list(ADDITIONS.items()),
        initial=ADDENDUM,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("Text"),
        max_length=MOST_LETTERS,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write what you add.")},
    )


__all__ = ["MOST_LETTERS", "Adding", "Field", "Signing", "fields", "settled", "typed"]
