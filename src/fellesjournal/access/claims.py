"""Which time of a schedule is taken, without telling by whom.

Whoever may see a schedule learns when it is taken, blocked and hidden patients' times included:
otherwise one time would be given twice. Nothing else of an appointment passes here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from fellesjournal.access.bookings import offered
from fellesjournal.access.policy.areas import Area
from fellesjournal.access.policy.roles import role_of
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.definitions import type_number
from fellesjournal.fhir.issues import NotAllowed
from fellesjournal.store.claims import CLAIMED_TIME, STEP, claim, claimed_at

_TAKEN = (
    "select s.schedule, u.value from unnest(%s::text[], %s::text[], %s::text[]) s(schedule, lo, hi)"
    " join store.unique_identifier u on u.type = %s and u.system = %s"
    " and u.value >= s.lo and u.value < s.hi"
)


def taken(
    session: Session, schedules: Iterable[str], starts: datetime, ends: datetime
) -> dict[str, frozenset[datetime]]:
    """The steps of five minutes that are taken of each schedule (ids) between two aware moments.

    Keys are the ids asked for; moments are UTC. Raises NotAllowed for a schedule that this
    session may not book in.
    """
    wanted = list(dict.fromkeys(schedules))
    _check(session, wanted)
    first = starts - STEP  # the step in which the first moment lies
    rows = session.connection().execute(
        _TAKEN,
        [
            wanted,
            [claim(f"Schedule/{each}", first) for each in wanted],
            [claim(f"Schedule/{each}", ends) for each in wanted],
            type_number("Appointment"),
            CLAIMED_TIME,
        ],
    )
    found: dict[str, set[datetime]] = {each: set() for each in wanted}
    for schedule, value in rows:
        found[schedule].add(claimed_at(value))
    return {each: frozenset(steps) for each, steps in found.items()}


def _check(session: Session, wanted: list[str]) -> None:
    if session.is_unbounded:
        return
    if session.kind == "citizen":
        allowed = {schedule["id"] for schedule in offered(session)}
    else:
        role = role_of(session.role)
        allowed = set(wanted) if role and role.open_see & Area.SCHEDULES else set()
    if not set(wanted) <= allowed:
        raise NotAllowed("this schedule is not open to you", code="forbidden")


__all__ = ["taken"]
