"""What is signed stays as it was signed, whoever writes and by whichever way (INV-43).

A Composition that is final or amended takes additions only: sections put after those that stood,
each dated and by whom it is, with the status ``amended``. Everything else of it is refused as a
Conflict (409), a delete too (norway.md section 9 L8: an entry is never erased by correction; to
delete is a decision of its own). A draft stays with its patient and its author (INV-50).

Asked in the transaction of the write, of the version that the commit has just replaced: no other
writer can come in between. The platform itself is held to the same, but that it may say of which
patient a record is: when two records turn out to be of one person (access/merging.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from fellesjournal.access.sessions import Session
from fellesjournal.access.standing import before
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import Conflict, NotAllowed
from fellesjournal.store.commit import Change, Committed

SIGNED = frozenset({"final", "amended"})
"""Statuses of a Composition that somebody answers for."""
NOT_SIGNED = frozenset({"preliminary", "entered-in-error"})

ADDITION_SYSTEM = "https://fellesjournal.example/fhir/CodeSystem/note-addition"
"""Our codes of what is added to a signed Composition: ``addendum``, ``correction``."""
ADDED_AT = "https://fellesjournal.example/fhir/StructureDefinition/section-added"
"""Our extension on such a section: when it was added (dateTime)."""
LOCKED = "https://fellesjournal.example/fhir/StructureDefinition/locked"
"""Our extension on a Composition: only those who signed it may add to it."""

# What an addition may change; meta has a rule of its own.
_GROWING = ("section", "attester")
_APART = frozenset({"meta", "status", *_GROWING})
# Given by the store, not by who writes.
_OF_THE_STORE = frozenset({"versionId", "lastUpdated"})

_PATIENT = re.compile(r"\bPatient/[A-Za-z0-9.\-]+")

Json = dict[str, Any]


def is_kept(change: Change) -> bool:
    """Whether this change may meet something signed, and so needs a transaction around it."""
    return change.type == "Composition"


def check(session: Session, changes: Sequence[Change], committed: Sequence[Committed]) -> None:
    """After a commit, inside its transaction. Raises Conflict or NotAllowed."""
    for change, done in zip(changes, committed, strict=True):
        if not is_kept(change):
            continue
        wanted = None if change.body is None else change.body.data
        stood = before(session, done)
        if session.is_unbounded:
            stood, wanted = _of_somebody(stood), _of_somebody(wanted)
        _check(session, f"Composition/{change.id}", stood, wanted)


def is_not_signed(data: Mapping[str, Any]) -> bool:
    """Whether this is a note that nobody has signed: a draft, or one that was given up."""
    return (
        data.get("resourceType") == "Composition"
        and data.get("status") in NOT_SIGNED
        and not data.get("attester")
    )


def _of_somebody(value: Any) -> Any:
    """The same, whoever the patients are that it refers to."""
    if isinstance(value, dict):
        return {
            key: _PATIENT.sub("Patient/-", each)
            if key == "reference" and isinstance(each, str)
            else _of_somebody(each)
            for key, each in value.items()
        }
    return [_of_somebody(each) for each in value] if isinstance(value, list) else value


def _check(session: Session, name: str, stood: Json | None, wanted: Json | None) -> None:
    if stood is None or stood.get("status") not in SIGNED:
        if wanted is not None:
            _check_signature(session, name, stood, wanted)
            _check_draft(name, stood, wanted)
        return
    if wanted is None:
        raise _refused(name, "is signed and can't be deleted")
    if wanted.get("status") not in SIGNED:
        raise _refused(name, f"is signed and can't become {wanted.get('status')!r}")
    changed = {
        member
        for member in stood.keys() | wanted.keys()
        if member not in _APART and stood.get(member) != wanted.get(member)
    }
    if changed:
        raise _refused(name, f"is signed: {', '.join(sorted(changed))} can't be changed")
    added = {member: _added(name, stood, wanted, member) for member in _GROWING}
    if any(added.values()):
        _check_additions(session, name, stood, wanted, added)
    elif wanted["status"] != stood["status"]:
        raise _refused(name, "is signed, and nothing was added to it")
    _check_meta(session, name, stood, wanted)


def _added(name: str, stood: Json, wanted: Json, member: str) -> list[Json]:
    """What is put after what stood. Raises Conflict when that is not all that is new."""
    before, after = list(_listed(stood, member)), list(_listed(wanted, member))
    if after[: len(before)] != before:
        raise _refused(name, f"is signed: what stands in {member} can't be changed")
    return after[len(before) :]


def _check_additions(
    session: Session, name: str, stood: Json, wanted: Json, added: Mapping[str, list[Json]]
) -> None:
    if wanted["status"] != "amended":
        raise _refused(name, "is signed: with an addition it is amended")
    if not added["section"]:
        raise _refused(name, "is signed: only an addition brings a signature")
    signers = {reading.reference_target(each.get("party")) for each in _listed(stood, "attester")}
    is_locked = any(each.get("url") == LOCKED for each in _listed(stood, "extension"))
    if is_locked and not session.is_unbounded and session.person not in signers:
        raise _refused(name, "is locked: only those who signed it add to it")
    for section in added["section"]:
        if not any(system == ADDITION_SYSTEM for system, _, _ in _codes(section)):
            raise _refused(name, "is signed: a new section is an addendum or a correction")
        if _time_of(section) is None:
            raise _refused(name, f"is signed: an addition says when it was made ({ADDED_AT})")
        authors = [reading.reference_target(each) for each in _listed(section, "author")]
        if not session.is_unbounded and authors != [session.person]:
            raise _refused(name, "is signed: an addition is by who makes it")
    _check_signature(session, name, stood, wanted)


def _check_signature(session: Session, name: str, stood: Json | None, wanted: Json) -> None:
    """Nobody signs for another."""
    if session.is_unbounded or wanted.get("status") not in SIGNED:
        return
    before = [] if stood is None else list(_listed(stood, "attester"))
    new = list(_listed(wanted, "attester"))
    if new[: len(before)] == before:
        new = new[len(before) :]
    if any(reading.reference_target(each.get("party")) != session.person for each in new):
        raise NotAllowed(f"{name}: nobody signs for another", code="forbidden")
    if stood is not None and not new:
        raise NotAllowed(f"{name}: it needs the signature of who signs it", code="forbidden")
    authors = {reading.reference_target(each) for each in _listed(wanted, "author")}
    if not new and session.person not in authors:
        raise NotAllowed(f"{name}: nobody writes a signed note for another", code="forbidden")


def _check_draft(name: str, stood: Json | None, wanted: Json) -> None:
    """Whose it is and about whom it is stays as it was begun."""
    if stood is None or stood.get("status") != "preliminary":
        return
    if _subject(stood) != _subject(wanted):
        raise _refused(name, "is a draft about another patient")
    first = reading.reference_target(next(iter(_listed(stood, "author")), None))
    if first not in [reading.reference_target(each) for each in _listed(wanted, "author")]:
        raise _refused(name, "is a draft of another author")


def _check_meta(session: Session, name: str, stood: Json, wanted: Json) -> None:
    """Labels tell who set them, why and when, and change by the hand of an author alone."""
    before, after = _meta(stood), _meta(wanted)
    if before == after or session.is_unbounded:
        return
    authors = [reading.reference_target(each) for each in _listed(stood, "author")]
    if session.person not in authors:
        raise _refused(name, "is signed: its labels are its authors' to change")


def _meta(data: Json) -> Json:
    meta = data.get("meta")
    return {k: v for k, v in meta.items() if k not in _OF_THE_STORE} if meta else {}


def _subject(data: Json) -> str:
    return reading.reference_target(data.get("subject"))


def _listed(data: Mapping[str, Any], member: str) -> Sequence[Json]:
    found = data.get(member)
    return found if isinstance(found, list) else []


def _codes(section: Json) -> list[tuple[str, str, str]]:
    return list(reading.codings(section.get("code")))


def _time_of(section: Json) -> datetime | None:
    for extension in _listed(section, "extension"):
        if extension.get("url") == ADDED_AT:
            found = reading.moment(extension.get("valueDateTime"))
            return None if found is None else found.at
    return None


def _refused(name: str, why: str) -> Conflict:
    return Conflict(f"{name} {why}", code="business-rule")


__all__ = [
    "ADDED_AT", "ADDITION_SYSTEM", "LOCKED", "NOT_SIGNED", "SIGNED", "check", "is_kept", "is_not_signed",
]  # fmt: skip
