"""Somebody calls an out-of-hours clinic, or stands at its desk, and nothing ties her to it yet.

The contact itself is the ground (policy/kinds.py ENCOUNTER): it opens the record to the clinic as
any contact does, no wider. Nobody may write in a closed record, so that the platform writes the
contact, and what was found at its beginning, for her who takes it. What keeps it from being a way around the door:

- only a doctor or nurse (a role that may break the glass), at a unit that the directory calls an
  out-of-hours clinic, in her own name, now, and with nothing but the contact;
- her own line in the log, which the citizen reads, beside that of the platform;
- the contact stands in the record and on the clinic's board until somebody ends it with an
  outcome (access/waiting.py), and the citizen's GP is told of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from fellesjournal.access import log, records
from fellesjournal.access.acts import Stored, act, create
from fellesjournal.access.openings import may_break_glass
from fellesjournal.access.relations.derive import AWAITED, EMERGENCY
from fellesjournal.access.relations.elements import class_of
from fellesjournal.access.sessions import Session, system_session
from fellesjournal.access.standing import standing
from fellesjournal.access.waiting import is_out_of_hours, waits
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import BadRequest, NotAllowed, NotFound
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import transaction

_PLATFORM = system_session("system:emergency-contact", purpose="TREAT")
BEGUN_NOW = "urn:uuid:6c1f1b0e-5a0b-4d0c-9a53-0f5d3c1c7a11"
"""How what is written beside a contact refers to it."""
_NOW = timedelta(minutes=5)
_PAGE = "200"
_OF_FINDING = frozenset(
    {
        "resourceType", "meta", "status", "code", "subject", "encounter", "effectiveDateTime",
        "performer", "valueCodeableConcept", "note",
    }
)  # fmt: skip
_MEMBERS = frozenset(
    {
        "resourceType", "meta", "identifier", "status", "statusHistory", "class", "type",
        "priority", "subject", "participant", "period", "reasonCode", "serviceProvider",
    }
)  # fmt: skip


def may_take(session: Session) -> bool:
    """Whether she who asks takes emergency contacts where she works today."""
    return may_break_glass(session) and is_out_of_hours(session.connection(), session.unit)


def begin(
    session: Session,
    encounter: Mapping[str, Any],
    finding: Mapping[str, Any] | None = None,
    *,
    unless: str,
) -> Stored:
    """Write an emergency contact with somebody whose record is closed; what then stands.

    ``finding`` is the Observation of the triage on the telephone or at the desk, of the contact
    ``BEGUN_NOW``. ``unless`` as in ``acts.create``: with a match no contact is made. Raises
    NotAllowed for a role or unit that may not, BadRequest for anything but a contact that begins
    now, at her unit and in her name; NotFound for no such patient.
    """
    with transaction():
        if not may_take(session):
            raise NotAllowed("this role takes no emergency contacts here", code="forbidden")
        _check(session, encounter)
        made = [create(dict(encounter), known_as=BEGUN_NOW, unless=unless)]
        if finding is not None:
            _check_finding(session, encounter, finding)
            made.append(create(dict(finding)))
        stood, *more = act(_PLATFORM, made)
        for each in (stood, *more):
            log.line(session.connection(), session, "post", each.type, [(each.rid, each.patient)])
        return stood


def waiting_at(session: Session) -> list[Stored]:
    """Every emergency contact at the unit of who asks that nobody has ended, also with those who
    have closed their record to her: whoever waits is not to be lost (INV-12). The caller shows
    nothing of such a record but that somebody waits. [] for who takes no contacts.
    """
    if not may_take(session):
        return []
    query = [("service-provider", session.unit), ("class", EMERGENCY),
             ("status", ",".join(sorted(AWAITED))), ("_sort", "date"), ("_count", _PAGE)]  # fmt: skip
    found: list[Stored] = []
    cursor: str | None = None
    while True:
        page = records.search(_PLATFORM, "Encounter", query, cursor=cursor)
        found += page.matches
        if page.next is None:
            return found
        cursor = page.next


def _check_finding(
    session: Session, encounter: Mapping[str, Any], finding: Mapping[str, Any]
) -> None:
    by = {reading.reference_target(each) for each in reading.elements(finding.get("performer"))}
    if (
        finding.get("resourceType") != "Observation"
        or set(finding) - _OF_FINDING
        or finding.get("subject") != encounter.get("subject")
        or reading.string((finding.get("encounter") or {}).get("reference")) != BEGUN_NOW
        or by != {session.person}
    ):
        raise BadRequest("a finding is of the contact, and by who takes it", code="value")


def _check(session: Session, encounter: Mapping[str, Any]) -> None:
    patient = reading.reference_target(encounter.get("subject"))
    # as the platform: to her the record is closed still
    person = standing(_PLATFORM.connection(), patient, {"Patient"})
    if person is None or any(
        link.get("type") == "replaced-by" for link in reading.elements(person.get("link"))
    ):
        raise NotFound(f"{patient} is not known")
    people = {
        reading.reference_target(each.get("individual"))
        for each in reading.elements(encounter.get("participant"))
    }
    began = reading.moment((encounter.get("period") or {}).get("start"))
    if (
        encounter.get("resourceType") != "Encounter"
        or not waits(encounter)
        or set(encounter) - _MEMBERS
        or reading.reference_target(encounter.get("serviceProvider")) != session.unit
        or people != {session.person}
        or began is None
        or abs(began.at - clock.now()) > _NOW
    ):
        raise BadRequest(
            f"a contact of class {class_of(encounter)!r} is not one that begins here, now and by"
            " who takes it",
            code="value",
        )


__all__ = ["BEGUN_NOW", "begin", "may_take", "waiting_at"]
