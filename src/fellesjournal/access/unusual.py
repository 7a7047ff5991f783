"""Unusual reading, for those who review it: the flags of readlog/review.py with names.

A flag is a question, never an answer. The leader sees those on who worked at her unit, the
data protection officer all; nobody sees those on herself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from fellesjournal.access import log
from fellesjournal.access.policy.roles import role_of
from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.readlog.queries import Names, bodies_of
from fellesjournal.access.readlog.review import Remark
from fellesjournal.access.readlog.reviewing import remarks
from fellesjournal.access.sessions import Session, system_session
from fellesjournal.fhir.definitions import type_name
from fellesjournal.fhir.issues import BadRequest, NotAllowed

MOST_DAYS = 31
"""A review reads every line of its days: no more at a time. Assumption (configurable)."""
_MOST = 300

_PLATFORM = system_session("system:reading-review", purpose="HOPERAT")


@dataclass(frozen=True, slots=True)
class Unusual:
    """A flag with names; ``patient`` is "" where it is about a day's work."""

    remark: Remark
    person: str
    unit: str
    patient: str


def unusual(session: Session, first: date, last: date) -> list[Unusual]:
    """What was unusual from ``first`` to ``last`` (days in Norway, both included), newest first.

    At most 300. Raises NotAllowed for a role that reviews nothing, BadRequest for more than
    MOST_DAYS days. Being shown is logged about each patient.
    """
    role = role_of(session.role) if session.kind == "staff" else None
    duties = frozenset() if role is None else role.duties
    if not duties & {Duty.REVIEW_UNIT, Duty.REVIEW_ALL}:
        raise NotAllowed("this role reviews nothing", code="forbidden")
    if not timedelta(0) <= last - first < timedelta(days=MOST_DAYS):
        raise BadRequest(f"at most {MOST_DAYS} days at a time", code="value")
    session.connection()  # her role stands
    unit = None if Duty.REVIEW_ALL in duties else session.unit
    found = []
    for remark in remarks(_PLATFORM.connection(), first=first, last=last, unit=unit):
        if remark.person != session.person:
            found.append(remark)
        if len(found) == _MOST:
            break
    return _named(session, found)


def _named(session: Session, found: list[Remark]) -> list[Unusual]:
    database = _PLATFORM.connection()
    patients = sorted({remark.patient for remark in found} - {0})
    references = {
        rid: f"{type_name(number)}/{fhir_id}"
        for rid, number, fhir_id in database.execute(
            "select rid, type, fhir_id from store.resource where rid = any(%s::bigint[])",
            [patients],
        )
    }
    wanted = {remark.person for remark in found} | {remark.unit for remark in found}
    names = Names(bodies_of(database, wanted | set(references.values())))
    asks = replace(session, purpose="HOPERAT")
    log.line(database, asks, "review", "AuditEvent", [(rid, rid) for rid in patients])
    return [
        Unusual(
            remark,
            names.name(remark.person),
            names.name(remark.unit),
            names.name(references.get(remark.patient, "")),
        )
        for remark in found
    ]


__all__ = ["MOST_DAYS", "Unusual", "unusual"]
