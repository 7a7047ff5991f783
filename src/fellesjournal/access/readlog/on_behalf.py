"""What those who act for a citizen have written in her record lately, as the log has it.

One statement: her lines of some weeks (an index on the patient, months by their partition), those
that wrote, by another citizen. The record itself keeps no author of most of what citizens write.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fellesjournal.access import log
from fellesjournal.access.readlog.acts import WRITES, Outcome
from fellesjournal.access.readlog.leave import REGISTER, log_patient
from fellesjournal.access.readlog.times import AT_ONCE, moment_of, number_at
from fellesjournal.access.sessions import Session
from fellesjournal.fhir import bodies, reading
from fellesjournal.fhir.definitions import type_name, type_number

_WRITTEN = (
    "select l.id, w.person, v.body, n.type, n.fhir_id, abs(f.seq - l.id) < %s, as_written.body"
    " from access.log l"
    " join lateral (select person from access.log_who w where w.number = l.who limit 1) w"
    "  on starts_with(w.person, 'Patient/') and w.person <> %s"
    " cross join lateral unnest(l.resources) as wrote(rid)"
    " join store.resource n on n.rid = wrote.rid and n.patient = %s and n.type = any(%s)"
    " join store.version f on f.rid = n.rid and f.version = 1"
    " left join lateral (select o.body from store.version o where o.rid = n.rid"
    "  and abs(o.seq - l.id) < %s order by abs(o.seq - l.id) limit 1) as_written on true"
    " left join store.resource p on p.type = %s and p.fhir_id = split_part(w.person, '/', 2)"
    " left join store.version v on v.rid = p.rid and v.version = p.version"
    " where l.patients @> array[%s::bigint] and l.id >= %s and l.act = any(%s) and l.outcome = %s"
    " order by l.id desc limit %s"
)


@dataclass(frozen=True, slots=True)
class Written:
    """One thing written by ``person`` (Patient/1), called ``name``: ``kind`` is its FHIR type, ``id``
    its id.

    ``status`` and ``categories`` (codes) are those it was written with; nothing else of it is told.
    """

    at: datetime
    person: str
    name: str
    kind: str
    id: str
    is_new: bool
    status: str = ""
    categories: frozenset[str] = frozenset()


def written_on_behalf(
    session: Session, *, since: datetime, kinds: tuple[str, ...], most: int
) -> list[Written]:
    """What others than the citizen herself wrote of these types in the record her session has
    open, newest first. That it was looked up is logged. Raises NotFound when the session may not
    see the log of this record.
    """
    patient = log_patient(session, session.subject)
    log.line(session.connection(), session, "search", "AuditEvent", [(0, patient)])
    values = [
        AT_ONCE, session.subject, patient, [type_number(kind) for kind in kinds],
        AT_ONCE, type_number("Patient"), patient, number_at(since), sorted(WRITES), Outcome.DONE, most,
    ]  # fmt: skip
    rows = REGISTER.connection().execute(_WRITTEN, values)
    return [
        Written(
            moment_of(at), person, _name(body), type_name(kind), fhir_id, is_new, *_as_written(data)
        )
        for at, person, body, kind, fhir_id, is_new, data in rows
    ]


def _as_written(body: bytes | None) -> tuple[str, frozenset[str]]:
    data = bodies.parse(body).data if body else {}
    codes = (
        code
        for concept in reading.elements(data.get("category"))
        for _, code, _ in reading.codings(concept)
    )
    return reading.string(data.get("status")), frozenset(codes)


def _name(body: bytes | None) -> str:
    return reading.name_text(bodies.parse(body).data.get("name")) if body else ""


__all__ = ["Written", "written_on_behalf"]
