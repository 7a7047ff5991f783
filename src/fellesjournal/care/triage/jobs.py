"""What happens to those who wait by the clock: that one has waited too long is told, once for
each urgency, and stays in the record. Nobody is moved and nobody leaves (INV-12).
"""

from __future__ import annotations

from fellesjournal.access import acts
from fellesjournal.access.acts import act, change, meanwhile
from fellesjournal.access.sessions import Session
from fellesjournal.care.triage.queries import all_open, scale_at
from fellesjournal.care.triage.resources import Contact, contact_of, raised
from fellesjournal.foundation import clock


def find_long_waits(session: Session) -> None:
    """By the clock: who has waited longer than the limit of her urgency, and is not taken.

    Raises an ExceptionGroup at its end when something failed for somebody: one odd contact must
    not keep the others from being told of.
    """
    failures: list[Exception] = []
    scales = {}
    for contact in all_open(session):
        unit = contact.unit.reference
        if unit not in scales:
            scales[unit] = scale_at(session, unit)
        if not _is_due(contact, scales[unit].limit(contact.urgency).total_seconds()):
            continue
        try:
            _raise(session, contact.id)
        except Exception as error:  # noqa: BLE001 - told at the end, when the others are served
            failures.append(error)
    if failures:
        raise ExceptionGroup("some who wait too long were not told of", failures)


def _is_due(contact: Contact, limit_seconds: float) -> bool:
    since = contact.waits_since
    if since is None or contact.is_taken or contact.raised is not None:
        return False
    return (clock.now() - since).total_seconds() > limit_seconds


def _raise(session: Session, contact_id: str) -> None:
    def once() -> None:
        encounter, version = acts.read(session, "Encounter", contact_id)
        contact = contact_of(encounter, version)
        limit = scale_at(session, contact.unit.reference).limit(contact.urgency)
        if not _is_due(contact, limit.total_seconds()):
            return  # taken, ended or triaged anew meanwhile
        minutes = int(limit.total_seconds() // 60)
        told = raised(encounter, contact.urgency, minutes, clock.now())
        act(session, [change(told, seen=version)])

    meanwhile(once)


__all__ = ["find_long_waits"]
