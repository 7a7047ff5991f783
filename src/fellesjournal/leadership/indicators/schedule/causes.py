"""The stated causes of flagged figures: a figure without one is not to be steered by.

One document for each unit, in versions; what was stated once stands in the older ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fellesjournal.access.directory.units import unit as unit_below
from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import Unprocessable
from fellesjournal.leadership.documents.actions import save
from fellesjournal.leadership.documents.queries import find
from fellesjournal.leadership.documents.resources import Document, Kind
from fellesjournal.leadership.indicators.schedule.flags import Flag
from fellesjournal.leadership.indicators.schedule.tallies import Key

LONGEST = 500


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a figure of a month (its first day) is what it is."""

    month: date
    key: Key
    flag: Flag
    said: str


@dataclass(frozen=True, slots=True)
class Causes:
    """All that is stated of a unit."""

    stated: tuple[Cause, ...] = ()

    def of(self, month: date, key: Key, flag: Flag) -> str:
        """What is stated of one figure; "" for nothing."""
        wanted = (month, key, flag)
        return next(
            (each.said for each in self.stated if (each.month, each.key, each.flag) == wanted), ""
        )


CAUSES: Kind[Causes] = Kind("schedule-causes", Causes, saved_by=frozenset({Duty.SEE_FIGURES}))


def stated(session: Session, unit_id: str) -> tuple[Causes, int]:
    """What is stated of a unit, and the version it stands in; 0 for none."""
    found = find(session, CAUSES, unit_id)
    return (Causes(), 0) if found is None else (found.body, found.version)


def state(session: Session, unit_id: str, cause: Cause, *, seen: int) -> Document[Causes]:
    """State why a figure of one's own unit, or of one below, is what it is; in the place of what was
    stated before.

    Raises NotFound for another unit, Unprocessable without words, and as ``documents.actions.save``.
    """
    unit_below(session, unit_id)
    if not cause.said.strip() or len(cause.said) > LONGEST:
        raise Unprocessable("say why, in at most 500 characters", code="required")
    before, _ = stated(session, unit_id)
    kept = tuple(
        each
        for each in before.stated
        if (each.month, each.key, each.flag) != (cause.month, cause.key, cause.flag)
    )
    body = Causes((*kept, cause))
    return save(session, CAUSES, key=unit_id, body=body, seen=seen, reason=cause.said)


__all__ = ["CAUSES", "LONGEST", "Cause", "Causes", "state", "stated"]
