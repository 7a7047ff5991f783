"""What a citizen may write of appointments, on every path: pages, API and Bundles.

She books at her GP, moves and calls off what she has booked there, and says that she knows of a
time. Each is let through only if what she writes is, to the last element, what the platform
itself would have written for that act (booked.py): nothing that others have said in the
appointment is hers to change, no time that is not offered is hers to take. That a time is taken
already is refused by the database (store/claims.py).

Encounters and episodes are written by those who give the care: one of her own making would give
whom she names a ground in records.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import psycopg

from fellesjournal.access import booked
from fellesjournal.access.policy.booking import LIMITS
from fellesjournal.access.readlog.acts import WRITES, Outcome
from fellesjournal.access.readlog.times import AT_ONCE
from fellesjournal.access.sessions import Session
from fellesjournal.access.standing import all_standing, standing
from fellesjournal.fhir import bodies, reading
from fellesjournal.fhir.definitions import type_number
from fellesjournal.fhir.issues import FhirError, NotAllowed, PreconditionFailed
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import in_transaction
from fellesjournal.registry.opening_rules import Opening, openings_on, read_rules
from fellesjournal.store.claims import CLAIMED_TIME, claim, schedule_of, span_of
from fellesjournal.store.commit import Change, Method
from fellesjournal.store.search import search_ids
from fellesjournal.store.visibility import EVERYTHING

# JSON of a FHIR resource
Json = Mapping[str, Any]

_OF_STAFF = frozenset({"Encounter", "EpisodeOfCare"})
_MOST_SCHEDULES = 20
_OFFERED = "schedules she books in herself"
_CLOCKS_DIFFER = timedelta(minutes=5)
"""How far a client's clock may be off: the time of an act is written by who does it."""


class NotOffered(NotAllowed):
    """A time that is not, or not any more, open to her (403)."""


class AsManyAsOneMay(NotAllowed):
    """She has as many living bookings in this schedule as one citizen may have (403)."""


def offered(session: Session) -> list[dict[str, Any]]:
    """The Schedules in which a citizen books by herself: those of her GP, or of whom she acts for.

    Nothing of them is logged: they are about nobody. Worked out once a request (INV-38), but anew
    inside a transaction, where it decides about a write.
    """
    if session.worked_out is None or in_transaction():
        return _offered(session)
    if _OFFERED not in session.worked_out:
        session.worked_out[_OFFERED] = _offered(session)
    known: list[dict[str, Any]] = session.worked_out[_OFFERED]
    return known


def _offered(session: Session) -> list[dict[str, Any]]:
    database = session.connection()
    patient = standing(database, session.subject, {"Patient"})
    gps = [
        target
        for each in reading.elements((patient or {}).get("generalPractitioner"))
        if (target := reading.reference_target(each)).startswith(("Practitioner/", "PractitionerRole/"))
    ]  # fmt: skip
    if not gps:
        return []
    query = urlencode({"actor": ",".join(gps), "active": "true"})
    found = search_ids(database, "Schedule", query, EVERYTHING, limit=_MOST_SCHEDULES)
    return all_standing(database, "Schedule", found)


def is_in_time(opening: Opening, now: datetime) -> bool:
    """Whether a citizen may take an opening now: not too soon, not too far ahead."""
    return now + LIMITS.soonest.time <= opening.start <= now + LIMITS.horizon.time


def may_change(appointment: Json, now: datetime) -> bool:
    """Whether its citizen may call it off: booked in a schedule, and not begun."""
    span = span_of(appointment)
    return (
        appointment.get("status") in {"booked", "pending"}
        and schedule_of(appointment) != ""
        and span is not None
        and now < span[0]
    )


def may_move(appointment: Json, now: datetime) -> bool:
    """Whether its citizen may move it: later than the limit she calls it off, which is noted."""
    return may_change(appointment, now) and not booked.is_late(appointment, now)


def check(session: Session, changes: Sequence[Change]) -> None:
    """Before a commit, inside its transaction. Raises NotAllowed, PreconditionFailed."""
    if session.kind != "citizen":
        return
    for change in changes:
        if change.type in _OF_STAFF:
            raise _refused(change, "it is written by those who give the care")
        if change.type == "Appointment":
            _check(session, change)


def _check(session: Session, change: Change) -> None:
    if change.body is None:
        raise _refused(change, "it is called off, not deleted")
    wanted, now = change.body.data, clock.now()
    if change.method is Method.POST:
        _check_booking(session, change, wanted, now)
        return
    standing, version = _standing(session.connection(), change.id)
    if not change.expected:
        raise PreconditionFailed("say which version you have seen (If-Match)", code="required")
    if change.expected != version:
        raise PreconditionFailed(f"version {version} stands, not {change.expected}")
    if not may_change(standing, now):
        raise _refused(change, "it can't be changed here any more")
    if wanted.get("status") == "cancelled":
        _check_cancellation(session, change, wanted, standing, now)
    elif span_of(wanted) == span_of(standing):
        _check_same(change, wanted, booked.told(standing))
    else:
        _check_move(session, change, wanted, standing, now)


def _check_booking(session: Session, change: Change, wanted: Json, now: datetime) -> None:
    schedule, opening = _opening(session, change, wanted, now)
    fhir_id = str(schedule["id"])
    if living(session, [fhir_id], now)[fhir_id] >= LIMITS.most.number:
        raise AsManyAsOneMay(
            "Appointment: there are as many bookings here already as one may have",
            code="forbidden",
        )
    reason = _reason(wanted)
    written = booked.booked(
        patient=session.subject, schedule=schedule, opening=opening, reason=reason,
        now=_moment_said(wanted.get("created"), now), is_told=True,
    )  # fmt: skip
    _check_words(change, reason)
    _check_same(change, wanted, written)


def _check_move(
    session: Session, change: Change, wanted: Json, standing: Json, now: datetime
) -> None:
    if not may_move(standing, now):
        raise _refused(change, "it is too late to move it; it can be called off")
    if schedule_of(wanted) != schedule_of(standing):
        raise _refused(change, "it is moved within its schedule")
    _, opening = _opening(session, change, wanted, now)
    _check_same(change, wanted, booked.moved(standing, opening=opening, is_told=True))


def _check_cancellation(
    session: Session, change: Change, wanted: Json, standing: Json, now: datetime
) -> None:
    own = session.person == session.subject
    said = reading.string((wanted.get("cancelationReason") or {}).get("text"))
    _check_words(change, said)
    at = next(
        (
            part.get("valueInstant")
            for extension in reading.elements(wanted.get("extension"))
            if extension.get("url") == booked.OUTCOME
            for part in reading.elements(extension.get("extension"))
            if part.get("url") == "at"
        ),
        None,
    )
    written = booked.cancelled(
        standing, code=booked.BY_CITIZEN if own else booked.ON_BEHALF, reason=said,
        now=_moment_said(at, now),
    )  # fmt: skip
    _check_same(change, wanted, written)


def _opening(
    session: Session, change: Change, wanted: Json, now: datetime
) -> tuple[dict[str, Any], Opening]:
    """The schedule and the opening that an appointment names, if both are offered to her."""
    span, name = span_of(wanted), schedule_of(wanted)
    schedule = next((s for s in offered(session) if f"Schedule/{s['id']}" == name), None)
    if span is None or schedule is None:
        raise _not_offered(change)
    for opening in openings_on(read_rules(schedule), span[0].astimezone(clock.NORWAY).date()):
        if (
            (opening.start, opening.end) == span
            and opening.for_citizens
            and is_in_time(opening, now)
            and opening.kind == wanted.get("appointmentType")
        ):
            return schedule, opening
    raise _not_offered(change)


def _check_same(change: Change, wanted: Json, written: Json) -> None:
    if _plain(wanted) != _plain(written):
        odd = sorted(
            name
            for name in {*_plain(wanted), *_plain(written)}
            if _plain(wanted).get(name) != _plain(written).get(name)
        )
        raise _refused(change, f"not hers to write here: {', '.join(odd)}")


def _plain(data: Json) -> dict[str, Any]:
    """Without what the server itself writes, and each time as the moment it is."""
    found = {name: value for name, value in data.items() if name not in {"id", "meta"}}
    meta = {
        name: value
        for name, value in (data.get("meta") or {}).items()
        if name not in {"versionId", "lastUpdated", "source"}
    }
    for name in ("start", "end", "created"):
        if isinstance(found.get(name), str) and (at := reading.moment(found[name])) is not None:
            found[name] = at.at
    return {**found, "meta": meta}


def _moment_said(text: object, now: datetime) -> datetime:
    """The time of an act as the client wrote it, if its clock is right; else the server's, which
    makes the two differ.
    """
    said = reading.moment(text)
    return said.at if said is not None and abs(said.at - now) <= _CLOCKS_DIFFER else now


def _reason(wanted: Json) -> str:
    listed = list(reading.elements(wanted.get("reasonCode")))
    return reading.string(listed[0].get("text")) if len(listed) == 1 else ""


def _check_words(change: Change, words: str) -> None:
    if len(words) > LIMITS.reason.number:
        raise _refused(change, f"a reason has at most {LIMITS.reason.number} characters")


def living(session: Session, schedules: Sequence[str], now: datetime) -> dict[str, int]:
    """How many bookings to come the citizen has in each of these Schedules (ids), in one statement:
    those that she, or who acts for her, made. What her GP's office gave her keeps nothing from others.

    Who made one is what the log has of its first version; the appointment itself does not say it.
    """
    rows = session.connection().execute(
        "select s.id, count(distinct r.rid)"
        " from unnest(%s::text[], %s::text[], %s::text[]) as s(id, low, high)"
        " left join store.unique_identifier u on u.type = %s and u.system = %s"
        "  and u.value >= s.low and u.value < s.high"
        " left join store.resource r on r.rid = u.rid and r.patient ="
        "  (select p.rid from store.resource p where p.type = %s and p.fhir_id = %s)"
        "  and exists (select from store.version f join access.log l"
        "    on l.patients @> array[r.patient] and l.resources @> array[r.rid]"
        "    and l.act = any(%s) and l.outcome = %s and abs(l.id - f.seq) < %s"
        "   join access.log_who w on w.number = l.who and starts_with(w.person, 'Patient/')"
        "   where f.rid = r.rid and f.version = 1)"
        " group by s.id",
        [
            list(schedules),
            [claim(f"Schedule/{each}", now) for each in schedules],
            [f"Schedule/{each}|~" for each in schedules],
            type_number("Appointment"),
            CLAIMED_TIME,
            type_number("Patient"),
            session.subject.removeprefix("Patient/"),
            sorted(WRITES),
            int(Outcome.DONE),
            AT_ONCE,
        ],
    ).fetchall()  # fmt: skip
    return {str(fhir_id): int(number) for fhir_id, number in rows}


def _standing(database: psycopg.Connection[Any], fhir_id: str) -> tuple[Json, int]:
    row = database.execute(
        "select v.body, r.version from store.resource r join store.version v"
        " on v.rid = r.rid and v.version = r.version"
        " where r.type = %s and r.fhir_id = %s and not r.deleted and v.body is not null",
        [type_number("Appointment"), fhir_id],
    ).fetchone()
    if row is None:
        raise PreconditionFailed("it does not stand any more")
    return bodies.parse(row[0]).data, int(row[1])


def _refused(change: Change, why: str) -> FhirError:
    return NotAllowed(f"{change.type}: {why}", code="forbidden")


def _not_offered(change: Change) -> FhirError:
    return NotOffered(f"{change.type}: this time is not offered", code="forbidden")


__all__ = [
    "AsManyAsOneMay", "NotOffered", "check", "is_in_time", "living", "may_change", "may_move", "offered",
]  # fmt: skip
