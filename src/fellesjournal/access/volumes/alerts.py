"""Alerts about numbers that fell: whose they are, and how they end (INV-7). They hold no patient.

An alert is owned by all who run the platform until one of them takes it, and is open until it has
an outcome. The caller has checked the duty.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from fellesjournal.access.sessions import Session
from fellesjournal.access.volumes.nightly import AS_EXPECTED
from fellesjournal.fhir.issues import BadRequest, Conflict, NotFound
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import transaction

OUTCOMES = ("mended", AS_EXPECTED, "handed-over")
"""What was wrong is mended; the number was right; somebody outside answers for it now."""
_MOST_WORDS = 2000


@dataclass(frozen=True, slots=True)
class Alert:
    """A number that fell. ``owner`` is who has taken it (Practitioner/x), "" for nobody yet."""

    id: int
    day: date
    measure: str
    route: str
    kind: str
    number: int
    expected: float
    raised: datetime
    deadline: datetime
    owner: str

    @property
    def is_late(self) -> bool:
        """Whether it should have been dealt with."""
        return self.deadline < clock.now()


def open_alerts(session: Session) -> list[Alert]:
    """All that are open, the one with the first deadline first."""
    rows = session.connection().execute(
        "select id, day, measure, route, kind, number, expected::float, raised, deadline, owner"
        " from access.volume_alert where outcome = '' order by deadline, id"
    )
    return [Alert(*row) for row in rows]


def take(session: Session, alert_id: int) -> None:
    """She sees to it from now on. Raises NotFound, Conflict when it has ended."""
    with transaction():
        _open(session, alert_id)
        session.connection().execute(
            "update access.volume_alert set owner = %s where id = %s", [session.person, alert_id]
        )


def close(session: Session, alert_id: int, *, outcome: str, words: str) -> None:
    """End it, with an outcome and with words. Raises BadRequest, NotFound, Conflict."""
    if outcome not in OUTCOMES:
        raise BadRequest("say how it ended", code="required")
    if not words.strip():
        raise BadRequest("say what it was", code="required")
    with transaction():
        _open(session, alert_id)
        session.connection().execute(
            "update access.volume_alert set outcome = %s, words = %s, closed = %s, closed_by = %s"
            " where id = %s",
            [outcome, words.strip()[:_MOST_WORDS], clock.now(), session.person, alert_id],
        )


def _open(session: Session, alert_id: int) -> None:
    found = session.connection().execute(
        "select outcome from access.volume_alert where id = %s for update", [alert_id]
    ).fetchone()  # fmt: skip
    if found is None:
        raise NotFound("there is no such alert")
    if found[0]:
        raise Conflict("this has ended already")


__all__ = ["OUTCOMES", "Alert", "close", "open_alerts", "take"]
