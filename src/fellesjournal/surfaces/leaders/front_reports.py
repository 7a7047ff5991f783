"""What can harm a patient and is late awaits all who help, on the front page, whoever has it."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext

from fellesjournal.access.sessions import Session
from fellesjournal.foundation import clock
from fellesjournal.leadership.rollout.support.queries import unsafe_tickets
from fellesjournal.surfaces.leaders.front_waiting import Waits

_MOST = 20


def reports_waiting(session: Session) -> list[Waits]:
    """Each such report, the latest first. Raises NotFound for who doesn't help."""
    return [
        Waits(
            reverse("leaders-report", args=[each.number]),
            each.ticket.said.splitlines()[0],
            gettext("A report of what can harm a patient"),
            each.ticket.due.astimezone(clock.NORWAY).date(),
            is_late=True,
        )
        for each in unsafe_tickets(session, most=_MOST).rows
    ]


__all__ = ["reports_waiting"]
