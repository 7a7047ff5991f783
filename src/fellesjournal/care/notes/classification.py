"""What the citizen and those who act for her see of a note: chosen when it is signed (9603).

Each item about somebody of 12 to 15 needs a choice of its own (norway.md section 10): what nobody
chose is not shown to parents. For everybody else ``N`` is what is meant unless something is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from fellesjournal.access.labels import VISIBILITY, label_coding
from fellesjournal.access.representation import ages
from fellesjournal.access.representation.rules import DEFAULT_LIMITS
from fellesjournal.care.notes.refusals import NoteRefused, Why

TALK_WITHIN = timedelta(days=14)
"""Assumption: a conversation that a note waits for is held within two weeks; then it is shown."""


class Shown(StrEnum):
    """To whom a note is shown in HelsaMi."""

    NORMAL = "N"
    NOT_PARENTS = "NORN_FORANS"
    NOT_YOUTH = "NORN_UNGDOM"
    NEITHER = "NORN_FORANS NORN_UNGDOM"
    AFTER_TALK = "NORN_FPB"
    DANGER = "NORN_FFL"
    CLOSE_PERSONS = "NORN_KUT"


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be chosen for somebody of an age, and what is chosen when nothing is said."""

    allowed: tuple[Shown, ...]
    preset: Shown | None


_ALWAYS = (Shown.AFTER_TALK, Shown.DANGER, Shown.CLOSE_PERSONS)


def choices(birth: date | None, now: datetime) -> Choices:
    """By age today; of an unknown age everything may be chosen, and something must be."""
    age = None if birth is None else ages.age(birth, now)
    limits = DEFAULT_LIMITS
    if age is not None and age >= limits.parents_until:
        return Choices((Shown.NORMAL, *_ALWAYS), Shown.NORMAL)
    if age is not None and age < limits.full_until:
        return Choices((Shown.NORMAL, Shown.NOT_PARENTS, *_ALWAYS), Shown.NORMAL)
    of_youth = (Shown.NORMAL, Shown.NOT_PARENTS, Shown.NOT_YOUTH, Shown.NEITHER)
    return Choices((*of_youth, *_ALWAYS), None)


def labels(shown: Shown, *, author: str, reason: str, now: datetime) -> list[dict[str, Any]]:
    """The codings of 9603 for ``meta.security``. ``author`` is a reference.

    Raises NoteRefused (UNREASONED): whoever hides something from somebody says why (L7).
    """
    if shown is Shown.NORMAL:
        return [{"system": VISIBILITY, "code": "N"}]
    if not reason.strip():
        raise NoteRefused(Why.UNREASONED)
    is_delayed = shown is Shown.AFTER_TALK
    return [
        label_coding(
            code,
            author=author,
            reason=reason.strip(),
            time=now,
            until=now + TALK_WITHIN if is_delayed else None,
            owner=author if is_delayed else None,
        )
        for code in shown.split(" ")
    ]


__all__ = ["TALK_WITHIN", "Choices", "Shown", "choices", "labels"]
