"""Nobody who waits at an out-of-hours clinic is lost: she leaves by a recorded outcome (INV-12).

An emergency contact (an Encounter of class EMER) at such a clinic stays one, at the same unit and
for the same patient, until somebody says how it ended: ``finished``, or ``entered-in-error`` for
what was registered by mistake. Either way it carries an outcome: a code, words, by whom and when.
What has been said of it is added to, never changed, and what is over is not begun again: who
comes back has a new contact. Held for staff on every path: pages, API and Bundles.

Asked in the transaction of the write, after what is written stands. The platform itself (a file
that is loaded, two records that become one) is not held to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import psycopg

from fellesjournal.access.discharges import LEAST_WORDS, part
from fellesjournal.access.relations.derive import AWAITED, EMERGENCY
from fellesjournal.access.relations.elements import class_of
from fellesjournal.access.sessions import Session
from fellesjournal.access.standing import before, standing
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import Conflict, NotAllowed
from fellesjournal.foundation import clock
from fellesjournal.registry.units import UNIT_KIND_SYSTEM, UnitKind
from fellesjournal.store.commit import Change, Committed

OUTCOME = "https://fellesjournal.example/fhir/StructureDefinition/contact-outcome"
"""Our extension on an Encounter: outcome, text, by, at."""
MISTAKE = "registered-by-mistake"
OUTCOMES = ("advice", "home", "admitted", "ambulance", "left", MISTAKE)
"""How an emergency contact may end. norway.md 12.4 names advice, home, admission and ambulance;
who left without being seen, and what never was, are ended by somebody as well.
"""
IN_WORDS = frozenset({"advice", "home", "admitted", MISTAKE})
"""Outcomes that are told in words: what was advised, found and agreed, or what the mistake was."""
_CLOCKS_DIFFER = timedelta(minutes=5)

Json = Mapping[str, Any]


class NoOutcome(Conflict):
    """An emergency contact can't end, move or go away without an outcome (409)."""


def check(session: Session, changes: Sequence[Change], committed: Sequence[Committed]) -> None:
    """After a commit, inside its transaction. Raises NoOutcome, NotAllowed."""
    if session.is_unbounded:
        return
    for change, done in zip(changes, committed, strict=True):
        if change.type != "Encounter":
            continue
        stood = before(session, done)
        if stood is None or class_of(stood) != EMERGENCY:
            continue
        unit = reading.reference_target(stood.get("serviceProvider"))
        if not is_out_of_hours(session.connection(), unit):
            continue
        wanted = None if change.body is None else change.body.data
        if waits(stood):
            _check_waiting(session, f"Encounter/{done.id}", stood, wanted)
        elif outcomes(stood):
            _check_over(f"Encounter/{done.id}", stood, wanted)


def is_out_of_hours(database: psycopg.Connection[Any], unit: str) -> bool:
    """Whether the directory calls this unit (``Organization/1``) an out-of-hours clinic."""
    found = standing(database, unit, {"Organization"})
    return any(
        (system, code) == (UNIT_KIND_SYSTEM, UnitKind.OUT_OF_HOURS)
        for kind in reading.elements((found or {}).get("type"))
        for system, code, _ in reading.codings(kind)
    )


def waits(encounter: Json | None) -> bool:
    """Whether this is an emergency contact that nobody has ended."""
    return (
        encounter is not None
        and class_of(encounter) == EMERGENCY
        and encounter.get("status") in AWAITED
    )


def outcomes(encounter: Json) -> list[Json]:
    """How a contact ended, as it was said; one, or none while it goes on."""
    return [e for e in reading.elements(encounter.get("extension")) if e.get("url") == OUTCOME]


def _check_waiting(session: Session, name: str, stood: Json, wanted: Json | None) -> None:
    if wanted is None:
        raise NoOutcome(f"{name}: somebody waits; nobody deletes her", code="business-rule")
    if _kept(stood) != _kept(wanted):
        raise NoOutcome(f"{name}: patient, unit, class and beginning stay", code="business-rule")
    if waits(wanted):
        if outcomes(wanted):
            raise NoOutcome(f"{name}: with an outcome it is over", code="business-rule")
        return
    said = outcomes(wanted)
    if wanted.get("status") not in {"finished", "entered-in-error"} or len(said) != 1:
        raise NoOutcome(
            f"{name}: it ends as finished or entered in error, with one outcome ({OUTCOME})",
            code="business-rule",
        )
    _check_outcome(session, name, said[0], str(wanted.get("status")))


def _check_outcome(session: Session, name: str, said: Json, status: str) -> None:
    code = part(said, "outcome").get("valueCode")
    words = str(part(said, "text").get("valueString", "")).strip()
    is_mistake = code == MISTAKE
    if code not in OUTCOMES or is_mistake != (status == "entered-in-error"):
        raise NoOutcome(f"{name}: no such outcome of {status}", code="business-rule")
    if code in IN_WORDS and len(words) < LEAST_WORDS:
        raise NoOutcome(f"{name}: the outcome {code!r} is told in words", code="business-rule")
    if reading.reference_target(part(said, "by").get("valueReference")) != session.person:
        raise NotAllowed(f"{name}: nobody says this for another", code="forbidden")
    at = reading.moment(part(said, "at").get("valueDateTime"))
    if at is None or abs(at.at - clock.now()) > _CLOCKS_DIFFER:
        raise NotAllowed(f"{name}: it is dated when it is said", code="forbidden")


def _check_over(name: str, stood: Json, wanted: Json | None) -> None:
    if (
        wanted is None
        or wanted.get("status") != stood.get("status")
        or _kept(wanted) != _kept(stood)
        or outcomes(wanted) != outcomes(stood)
    ):
        raise NoOutcome(f"{name} is over; how it ended stays as it was said", code="business-rule")


def _kept(encounter: Json) -> tuple[object, ...]:
    """Whose contact it is, where, of which class, and since when."""
    return (
        reading.reference_target(encounter.get("subject")),
        reading.reference_target(encounter.get("serviceProvider")),
        class_of(encounter),
        (encounter.get("period") or {}).get("start"),
    )


__all__ = [
    "IN_WORDS", "MISTAKE", "OUTCOME", "OUTCOMES", "NoOutcome", "check", "is_out_of_hours",
    "outcomes", "waits",
]  # fmt: skip
