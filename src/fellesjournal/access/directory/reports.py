"""Who can see what, and why (norway.md section 9 L3): for one member of staff, for one citizen.

Counts and names of grounds as they hold now, no content of any record. The caller has checked
the duty; each report leaves a line in the log.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from fellesjournal.access import log, records
from fellesjournal.access.policy.kinds import GroundKind
from fellesjournal.access.sessions import Session, system_session
from fellesjournal.fhir import bodies, reading
from fellesjournal.fhir.definitions import type_name, type_number
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation import clock
from fellesjournal.registry.numbers import DNR_SYSTEM, FHN_SYSTEM, FNR_SYSTEM

_ENDLESS = 1 << 60
_MOST = 500

# Who holds grounds for somebody in one role; as access.enter_staff finds it.
_HOLDERS = (
    "with work as (select e.* from access.employment e join store.resource r on r.rid = e.source"
    " where r.type = %(role_type)s and r.fhir_id = %(role)s and not r.deleted"
    " and e.starts <= %(now)s and e.ends > %(now)s"
    " and not exists (select from access.inactive i where i.source = e.practitioner)),"
    " own as (select unnest(array[w.practitioner, w.source, w.unit] || w.stands_in_for) h from work w"
    "  union select p.source from work w join access.part_of p on p.parent = w.unit"
    "  join store.resource s on s.rid = p.source and s.type = %(service_type)s),"
    " holders as (select h from own union select m.source from own"
    "  join access.member m on m.member = own.h and m.starts <= %(now)s and m.ends > %(now)s"
    "   and (m.given_by is null or m.given_until > %(now)s"
    "        or m.given_by <> (select practitioner from work)))"
)


@dataclass(frozen=True, slots=True)
class Count:
    """How many patients a role reaches by one kind of ground."""

    kind: GroundKind
    patients: int


@dataclass(frozen=True, slots=True)
class Held:
    """One ground in a patient's record: who holds it, of what kind, since and until when."""

    kind: GroundKind
    holder: str
    name: str
    starts: datetime | None
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class Reach:
    """Who can see one patient. ``cut``: there are more grounds than are listed."""

    name: str
    grounds: tuple[Held, ...]
    blocks: int
    cut: bool


def counts_of(session: Session, role_id: str) -> list[Count]:
    """How many patients a role (id of a PractitionerRole) reaches now, by kind of ground."""
    rows = session.connection().execute(
        f"{_HOLDERS} select g.kind, count(distinct g.patient) from holders"
        " join access.ground g on g.holder = holders.h"
        " where g.starts <= %(now)s and g.ends > %(now)s"
        " and (g.given_by is null or g.given_until > %(now)s"
        "      or g.given_by <> (select practitioner from work)) group by g.kind order by g.kind",
        {
            "role": role_id,
            "role_type": type_number("PractitionerRole"),
            "service_type": type_number("HealthcareService"),
            "now": clock.microseconds(clock.now()),
        },
    )
    return [Count(GroundKind(kind), patients) for kind, patients in rows]


def reach_of(session: Session, number: str) -> Reach:
    """Who can see the patient with a person number, and why. Raises NotFound.

    Looked up by the platform, past the session's own conditions: the line in the log is the
    asking person's, on this patient, as of a look at the whole list of grounds.
    """
    platform = system_session("system:who-can-see", purpose="HOPERAT")
    rid, name = _patient(platform, number)
    database = platform.connection()
    now = clock.microseconds(clock.now())
    rows = database.execute(
        "select g.kind, r.type, r.fhir_id, v.body, min(g.starts), max(g.ends) from access.ground g"
        " join store.resource r on r.rid = g.holder"
        " left join store.version v on v.rid = r.rid and v.version = r.version"
        " where g.patient = %(patient)s and g.starts <= %(now)s and g.ends > %(now)s"
        # what she gave herself on broken glass has ended for her, not for her unit
        " and (g.given_by is null or g.given_until > %(now)s or g.holder <> g.given_by and not exists"
        "  (select from access.employment e where e.source = g.holder and e.practitioner = g.given_by))"
        " group by g.kind, r.type, r.fhir_id, v.body order by g.kind, r.type, r.fhir_id limit %(most)s",
        {"patient": rid, "now": now, "most": _MOST + 1},
    ).fetchall()
    blocks = database.execute(
        "select count(*) from access.block where patient = %s and starts <= %s and ends > %s",
        [rid, now, now],
    ).fetchone()
    log.line(session.connection(), session, "read", "AuditEvent", [(rid, rid)])
    return Reach(
        name,
        tuple(_held(row) for row in rows[:_MOST]),
        0 if blocks is None else int(blocks[0]),
        cut=len(rows) > _MOST,
    )


def _patient(platform: Session, number: str) -> tuple[int, str]:
    wanted = ",".join(f"{system}|{number}" for system in (FNR_SYSTEM, DNR_SYSTEM, FHN_SYSTEM))
    page = records.search(platform, "Patient", [("identifier", wanted), ("_count", "2")])
    if len(page.matches) != 1:
        raise NotFound("no one citizen has this number")
    found = page.matches[0]
    data = bodies.parse(found.body or b"{}").data
    return found.rid, reading.name_text(data.get("name"))


def _held(row: tuple[Any, ...]) -> Held:
    kind, number, fhir_id, body, starts, ends = row
    reference = f"{type_name(number)}/{fhir_id}"
    data = bodies.parse(body).data if body else {}
    given = data.get("name")
    name = given if isinstance(given, str) else reading.name_text(given)
    if not name:
        name = " · ".join(
            text
            for text in (
                reading.reference_text(data.get("practitioner")),
                reading.reference_text(data.get("organization")),
            )
            if text
        )
    return Held(
        GroundKind(kind),
        reference,
        name or reference,
        None if starts <= 0 else _moment(starts),
        None if ends >= _ENDLESS else _moment(ends),
    )


def _moment(microseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)


__all__ = ["Count", "Held", "Reach", "counts_of", "reach_of"]
