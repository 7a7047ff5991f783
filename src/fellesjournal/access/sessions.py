"""Who asks, for which organisation, and why: the one door to the record.

A :class:`Session` accompanies each read and write (rule 2 of docs/architecture.md). Until
identity and access by need are built, a session sees the whole record; what already
holds is that no path reaches the store without one, that each statement carries its
visibility, and that each act is logged.
"""

from __future__ import annotations

from dataclasses import dataclass

from fellesjournal.store.visibility import EVERYTHING, Visibility


@dataclass(frozen=True, slots=True)
class Session:
    """One person at work.

    ``person`` is a stable reference such as ``Practitioner/1`` or ``system:load``; ``role``
    and ``unit`` are where she works today; ``purpose`` is a code of
    http://terminology.hl7.org/CodeSystem/v3-ActReason (TREAT, HOPERAT ...).
    """

    person: str
    role: str
    unit: str
    purpose: str
    visibility: Visibility


def system_session(person: str, *, purpose: str) -> Session:
    """A session of the platform itself, or of a developer's client, with a named purpose."""
    return Session(person=person, role="system", unit="", purpose=purpose, visibility=EVERYTHING)


def staff_session(*, practitioner: str, role: str, unit: str) -> Session:
    """A member of staff who treats patients, at the unit she works in today."""
    return Session(
        person=practitioner, role=role, unit=unit, purpose="TREAT", visibility=EVERYTHING
    )
