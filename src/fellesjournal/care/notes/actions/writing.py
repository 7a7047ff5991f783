"""Writing in a draft: what each typed is merged with what stands, and no word is lost (INV-46)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from fellesjournal.access.acts import Resource, act, change
from fellesjournal.access.sessions import Session
from fellesjournal.care.notes.actions.standing import authors, draft, named
from fellesjournal.care.notes.merging import merged
from fellesjournal.care.notes.narrative import plain
from fellesjournal.care.notes.resources import (
    Note,
    Person,
    Section,
    Unmerged,
    note_of,
    with_sections,
)
from fellesjournal.fhir.issues import Conflict, PreconditionFailed
from fellesjournal.foundation import clock

_ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form says of one section.

    ``text`` is what stands in its field and ``base`` what it began from; None for what stands in
    the note. ``unmerged`` is her own
    text beside it while the two wait to be put together; None when there is none. ``sent`` is what
    was on its way from the same page a moment before: where that has arrived it is the base.
    """

    text: str
    base: str | None
    unmerged: str | None = None
    sent: str | None = None


class Settle(StrEnum):
    """What becomes of a text that waits to be put into the note."""

    BOTH = "both"
    MINE = "mine"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Settled:
    """Whose text, of which section, and what becomes of it."""

    section: str
    author: str
    how: Settle


@dataclass(frozen=True, slots=True)
class Saved:
    """The draft as it now stands. ``collided`` are the sections where her words wait beside."""

    note: Note
    at: datetime
    collided: tuple[str, ...]


def save_note(
    session: Session,
    *,
    patient: str,
    note: str,
    typed: Mapping[str, Typed],
    settled: Settled | None = None,
) -> Saved:
    """Save what somebody typed in a draft, as a new version; nothing new makes none.

    Whoever opens a draft and writes becomes an author of it. Two who write at once are merged
    line by line; where they collide the text that stood stays, and hers is kept beside it.
    Raises NoteRefused (OTHER_PATIENT, SIGNED), NotFound, NotAllowed.
    """
    for _ in range(_ATTEMPTS):
        data, version = draft(session, patient, note)
        before = note_of(data, version)
        me = _me(session, before)
        sections, collided = _merged_sections(before, typed, me)
        if settled is not None:
            sections = tuple(_settled(each, settled, me) for each in sections)
        now = clock.now()
        if sections == before.sections:
            return Saved(before, now, collided)
        try:
            (stood,) = act(
                session, [change(_written(data, before, sections, me, now), seen=version)]
            )
        except PreconditionFailed:
            continue  # somebody saved meanwhile: merge with that
        return Saved(replace(before, version=stood.version, sections=sections), now, collided)
    raise Conflict("others kept saving the same draft", code="lock-error")


def _me(session: Session, note: Note) -> Person:
    known = [each for each in note.authors if each.reference == session.person]
    return known[0] if known else named(session, session.person)[0]


def _written(
    data: Resource, before: Note, sections: tuple[Section, ...], me: Person, now: datetime
) -> Resource:
    assert before.template is not None  # only drafts of our templates come here
    changed = with_sections(data, before.template, sections)
    changed["date"] = now.isoformat(timespec="seconds")
    if me.reference not in authors(data):
        changed["author"] = [*data["author"], me.as_json()]
    return changed


def _merged_sections(
    before: Note, typed: Mapping[str, Typed], me: Person
) -> tuple[tuple[Section, ...], tuple[str, ...]]:
    sections, collided = [], []
    for section in before.sections:
        hers = typed.get(section.key)
        if hers is None:
            sections.append(section)
            continue
        result, has_collided = _merged_section(section, hers, me)
        sections.append(result)
        if has_collided:
            collided.append(section.key)
    return tuple(sections), tuple(collided)


def _merged_section(section: Section, typed: Typed, me: Person) -> tuple[Section, bool]:
    mine = plain(typed.text)
    section = _with_own_unmerged(section, typed, me)
    has_arrived = typed.sent is not None and plain(typed.sent) == section.text
    base = section.text if has_arrived or typed.base is None else plain(typed.base)
    text = merged(base, section.text, mine)
    if text is None and base in mine and mine in section.text:
        return section, False  # an earlier state of what stands, come late
    if text is None:
        return _kept_beside(section, me, mine), True
    return replace(section, text=text), False


def _with_own_unmerged(section: Section, typed: Typed, me: Person) -> Section:
    """Her text beside, as she has it now; one that was put into the note meanwhile is not."""
    if typed.unmerged is None:
        return section
    text = plain(typed.unmerged)
    if not _own(section, me) and text in section.text:
        return section
    return _kept_beside(section, me, text, instead=True)


def _kept_beside(section: Section, me: Person, text: str, *, instead: bool = False) -> Section:
    """The section with her text beside it; a text of hers that is there already stays too."""
    own = _own(section, me)
    if own and not instead and own.text != text:
        both = own.text if text in own.text else f"{own.text}\n{text}"
        text = text if own.text in text else both
    others = tuple(each for each in section.unmerged if each.author.reference != me.reference)
    kept = (Unmerged(me, text),) if text.strip() else ()
    return replace(section, unmerged=(*others, *kept))


def _own(section: Section, me: Person) -> Unmerged | None:
    return next((each for each in section.unmerged if each.author.reference == me.reference), None)


def _settled(section: Section, settled: Settled, me: Person) -> Section:
    """Put a text that waits into the note; only its author may put it instead, or drop it."""
    chosen = next(
        (each for each in section.unmerged if each.author.reference == settled.author), None
    )
    if section.key != settled.section or chosen is None:
        return section
    how = settled.how if settled.author == me.reference else Settle.BOTH
    if how is Settle.MINE:
        text = chosen.text
    elif how is Settle.DROP or not section.text.strip():
        text = section.text if how is Settle.DROP else chosen.text
    else:
        text = f"{section.text}\n{chosen.text}"
    left = tuple(each for each in section.unmerged if each is not chosen)
    return replace(section, text=text, unmerged=left)


__all__ = ["Saved", "Settle", "Settled", "Typed", "save_note"]
