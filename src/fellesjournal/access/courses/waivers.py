"""Leave to work in a role without a course: a leader's, or one's own when care can't wait.

It counts from the moment it is written. Nothing is changed afterwards; it ends by its time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from fellesjournal.access.directory.rules import is_within
from fellesjournal.access.identity.people import RoleAtUnit
from fellesjournal.access.policy.roles import role_of
from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.readlog import lines
from fellesjournal.access.sessions import Session, system_session
from fellesjournal.fhir.definitions import type_number
from fellesjournal.fhir.issues import BadRequest, NotAllowed, NotFound
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import transaction

EMERGENCY = timedelta(hours=12)
"""Assumption (configurable): the rest of a shift; whoever goes on needs a leader's leave."""
LONGEST = timedelta(days=30)
"""Assumption (configurable): a leader gives leave for so long at most; then again, with a reason."""
_MOST_WORDS = 500
_PLATFORM = system_session("system:courses", purpose="HOPERAT")


class Kind(StrEnum):
    """Whose leave it is."""

    LEADER = "leader"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class Waiver:
    """Leave for a role (PractitionerRole by id), from and to before moments."""

    id: int
    role_id: str
    practitioner: str
    unit: str
    kind: Kind
    reason: str
    given_by: str
    starts: datetime
    ends: datetime

    def holds(self, at: datetime) -> bool:
        """Whether it counts at a moment."""
        return self.starts <= at < self.ends


_ROLE = (
    "select who.fhir_id, u.fhir_id from store.resource r join access.employment e on e.source = r.rid"
    " join store.resource who on who.rid = e.practitioner join store.resource u on u.rid = e.unit"
    " where r.type = %s and r.fhir_id = %s and not r.deleted"
)
_INSERT = (
    "insert into access.course_waiver"
    " (role_id, practitioner, unit, kind, reason, given_by, starts, ends)"
    " values (%s, %s, %s, %s, %s, %s, %s, %s)"
)


def waive(session: Session, role_id: str, *, reason: str, until: datetime) -> None:
    """Let somebody work in her role until a moment though she lacks a course.

    Raises NotFound for a role that is not there, NotAllowed for who leads neither the rollout nor
    her unit, and for one's own role; BadRequest without a reason, or for a time that is over or
    too long.
    """
    row = session.connection().execute(_ROLE, [type_number("PractitionerRole"), role_id]).fetchone()
    if row is None:
        raise NotFound("there is no such role")
    practitioner, unit = f"Practitioner/{row[0]}", f"Organization/{row[1]}"
    if not may_waive(session, unit):
        raise NotAllowed("leave is given by her leader or the rollout lead", code="forbidden")
    if practitioner == session.person:
        raise NotAllowed("nobody gives herself a leader's leave", code="forbidden")
    now = clock.now()
    if not now < until <= now + LONGEST + timedelta(days=1):
        raise BadRequest(f"give an end within {LONGEST.days} days", code="value")
    values = [role_id, practitioner, unit, Kind.LEADER.value, _words(reason), session.person]
    with transaction():
        session.connection().execute(_INSERT, [*values, now, until])
        lines.line(session.connection(), session, "post", None, [])


def enter_in_emergency(practitioner: str, role: RoleAtUnit, *, reason: str) -> None:
    """Let somebody who is stopped go in for the rest of a shift, on her own word. Raises BadRequest
    without a reason. The caller has made sure that the role is hers today.
    """
    now = clock.now()
    values = [role.id, practitioner, role.unit, Kind.EMERGENCY.value, _words(reason), practitioner]
    with transaction():
        database = _PLATFORM.connection()
        database.execute(_INSERT, [*values, now, now + EMERGENCY])
        lines.line(database, _PLATFORM, "post", None, [])


def may_waive(session: Session, unit: str) -> bool:
    """Whether she leads the rollout, or the unit or one above it."""
    role = role_of(session.role)
    if session.is_unbounded:
        return True
    if role is None or session.kind != "staff" or session.app:
        return False
    if Duty.ROLL_OUT in role.duties:
        return True
    return Duty.REVIEW_UNIT in role.duties and is_within(session.connection(), unit)


def since(session: Session, units: set[str], moment: datetime) -> list[Waiver]:
    """Leave at some units (Organization/x) that held after a moment, the newest first. For pages of
    leaders: the caller has checked whose units they are.
    """
    rows: Any = session.connection().execute(
        "select id, role_id, practitioner, unit, kind, reason, given_by, starts, ends"
        " from access.course_waiver where unit = any(%s) and ends > %s order by starts desc, id desc",
        [sorted(units), moment],
    )
    return [
        Waiver(number, role_id, who, unit, Kind(kind), reason, by, starts, ends)
        for number, role_id, who, unit, kind, reason, by, starts, ends in rows
    ]


def _words(reason: str) -> str:
    said = reason.strip()
    if not said:
        raise BadRequest("say why", code="required")
    return said[:_MOST_WORDS]


__all__ = [
    "EMERGENCY",
    "LONGEST",
    "Kind",
    "Waiver",
    "enter_in_emergency",
    "may_waive",
    "since",
    "waive",
]
