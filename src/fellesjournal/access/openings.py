"""Past a closed door, on purpose: emergency access, and the extra step to special categories.

Breaking the glass is one act: the review task, the opening with its ground and the line the
citizen sees stand together or not at all (norway.md L5; INV-37). The database holds the same
(sql/openings.sql): there is no other way to an opening.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Any

import orjson
import psycopg

from fellesjournal.access import log
from fellesjournal.access.labels import BLOCKED_FOR_STAFF, NO_LABEL, Label
from fellesjournal.access.once import DoneBefore, first_time
from fellesjournal.access.policy.opening import (
    BREAK_GLASS_REASON_SYSTEM,
    BREAK_GLASS_REASONS,
    EXTRA_STEP_REASONS,
    RULES,
    OpeningRules,
)
from fellesjournal.access.policy.roles import role_of
from fellesjournal.access.relations.derive import BREAK_GLASS_REVIEW, TASK_SYSTEM
from fellesjournal.access.sessions import Session, system_session
from fellesjournal.access.writing import Operation, write
from fellesjournal.fhir import bodies
from fellesjournal.fhir.definitions import type_number
from fellesjournal.fhir.issues import BadRequest, Conflict, NotAllowed, NotFound
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import transaction

REVIEW_INPUT_SYSTEM = "https://fellesjournal.example/fhir/CodeSystem/break-glass-review-input"
"""Our own code system: what a review task tells beside the reason."""

# The leader's worklist is the platform's to fill, whoever broke the glass.
_PLATFORM = system_session("system:emergency-access", purpose="HOPERAT")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class OpeningKind(IntEnum):
    """The numbers are stored: never change one."""

    BREAK_GLASS = 1
    SPECIAL = 2


@dataclass(frozen=True, slots=True)
class Opening:
    """A door opened on purpose. Times are aware, the period half-open.

    ``labels`` is what it opens beside the ground; ``task`` the id of the review, "" for none.
    """

    number: int
    kind: OpeningKind
    patient: str
    labels: Label
    reason_code: str
    reason: str
    starts: datetime
    ends: datetime
    task: str = ""


def may_break_glass(session: Session) -> bool:
    """Whether the role may at all."""
    role = role_of(session.role) if session.kind == "staff" else None
    return role is not None and role.may_break_glass


def steps_for(session: Session) -> Label:
    """The special categories that the role may open by the extra step."""
    role = role_of(session.role) if session.kind == "staff" else None
    return NO_LABEL if role is None else role.special


def break_glass(
    session: Session,
    patient_id: str,
    reason_code: str,
    reason: str,
    until: datetime | None = None,
    *,
    rules: OpeningRules = RULES,
    form: str = "",
) -> Opening:
    """Open a record without another ground, or what its citizen has blocked, for a short time.

    ``reason_code`` is of BREAK_GLASS_REASONS, ``until`` an aware moment (the time box of
    ``rules`` if None). Raises NotAllowed for a role that may not, BadRequest for a reason or
    a time that will not do, NotFound for no such patient; Conflict when the same ``form`` has
    opened it before: a late copy opens nothing.
    """
    if not may_break_glass(session):
        raise NotAllowed("this role may not use emergency access", code="forbidden")
    now = clock.now()
    ends = now + rules.time_box if until is None else until
    _check(reason_code, BREAK_GLASS_REASONS, reason, rules)
    _check_time(now, ends, rules.longest)
    with transaction():
        if form:
            _only_once(session, form)
        work = _work(session, patient_id)
        task = _review_task(work, patient_id, reason_code, reason, now, ends, rules)
        (written,) = write(
            _PLATFORM, [Operation("create", "Task", body=bodies.parse(orjson.dumps(task)))]
        )
        assert written.stored is not None  # a create always leaves something
        opening = Opening(
            0, OpeningKind.BREAK_GLASS, patient_id, BLOCKED_FOR_STAFF, reason_code,
            reason.strip(), now, ends, written.stored.id,
        )  # fmt: skip
        return _open_up(session, opening, work.patient, written.stored.rid)


def extra_step(
    session: Session,
    patient_id: str,
    labels: Label,
    reason_code: str,
    reason: str = "",
    until: datetime | None = None,
    *,
    rules: OpeningRules = RULES,
) -> Opening:
    """Open special categories of a record that is open by a ground already.

    ``reason_code`` is of EXTRA_STEP_REASONS; a text may be added. Raises as
    :func:`break_glass`; NotFound too where no ground holds.
    """
    wanted = Label(labels)
    if not wanted or wanted & ~steps_for(session):
        raise NotAllowed("this role may not open this category", code="forbidden")
    now = clock.now()
    ends = now + rules.step_lasts if until is None else until
    words = reason.strip() or EXTRA_STEP_REASONS.get(reason_code, "")
    _check(reason_code, EXTRA_STEP_REASONS, words, rules)
    _check_time(now, ends, rules.step_lasts)
    with transaction():
        if not _has_ground(session, patient_id):
            raise NotFound(f"Patient/{patient_id} is not known")
        work = _work(session, patient_id)
        opening = Opening(0, OpeningKind.SPECIAL, patient_id, wanted, reason_code, words, now, ends)
        return _open_up(session, opening, work.patient, None)


def running(session: Session, patient_id: str) -> list[Opening]:
    """What this member of staff has open in this role of this patient now, first to end first."""
    database = session.connection()
    rows = database.execute(
        f"{_SELECT} where p.fhir_id = %s and p.type = %s"
        " and o.practitioner = current_setting('fj.person')::bigint"
        " and o.role = current_setting('fj.role')::bigint"
        " and o.starts <= current_setting('fj.now')::bigint"
        " and o.ends > current_setting('fj.now')::bigint order by o.ends",
        [patient_id, type_number("Patient")],
    )
    return [opening_from(row) for row in rows]


_SELECT = (
    "select o.id, o.kind, p.fhir_id, o.labels, o.reason_code, o.reason, o.starts, o.ends, t.fhir_id"
    " from access.opening o join store.resource p on p.rid = o.patient"
    " left join store.resource t on t.rid = o.task"
)


def opening_from(row: Any) -> Opening:
    """An opening from the nine columns of ``_SELECT``."""
    number, kind, patient, labels, code, words, starts, ends, task = row
    return Opening(
        number, OpeningKind(kind), patient, Label(labels), code, words,
        moment_at(starts), moment_at(ends), task or "",
    )  # fmt: skip


def moment_at(microseconds: int) -> datetime:
    """The aware moment of a time of the tables."""
    return _EPOCH + timedelta(microseconds=microseconds)


# --- parts ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Work:
    """Who opens, where, and whose record: ids and the patient's number."""

    practitioner: str
    role_id: str
    unit: str
    patient: int


def _work(session: Session, patient_id: str) -> _Work:
    """As the connection knows it, not as the session says. Raises NotAllowed, NotFound."""
    database = session.connection()
    row = database.execute(
        "select p.fhir_id, w.fhir_id, u.fhir_id from store.resource p, store.resource w, store.resource u"
        " where p.rid = current_setting('fj.person')::bigint"
        " and w.rid = current_setting('fj.role')::bigint and u.rid = current_setting('fj.unit')::bigint"
    ).fetchone()
    if row is None:
        raise NotAllowed("this role has ended, or was never given", code="forbidden")
    practitioner, role_id, unit = row
    return _Work(practitioner, role_id, unit, _patient(database, patient_id))


def _patient(database: psycopg.Connection[Any], patient_id: str) -> int:
    row = database.execute(
        "select rid from store.resource where type = %s and fhir_id = %s and version > 0 and not deleted",
        [type_number("Patient"), patient_id],
    ).fetchone()
    if row is None:
        raise NotFound(f"Patient/{patient_id} is not known")
    return int(row[0])


def _has_ground(session: Session, patient_id: str) -> bool:
    found = session.connection().execute(
        "select exists (select from store.resource r where r.type = %s and r.fhir_id = %s"
        f" and r.version > 0 and not r.deleted and {session.visibility.sql('r')})",
        [type_number("Patient"), patient_id],
    ).fetchone()  # fmt: skip
    return found is not None and bool(found[0])


def _only_once(session: Session, form: str) -> None:
    try:
        first_time(session, form)
    except DoneBefore:
        raise Conflict("this has opened the record before", code="duplicate") from None


def _check(code: str, codes: Mapping[str, str], words: str, rules: OpeningRules) -> None:
    if code not in codes:
        raise BadRequest("a reason must be chosen from the list", code="required")
    if not rules.least_words <= len(words.strip()) <= rules.most_words:
        raise BadRequest(
            f"the reason must be told in {rules.least_words} to {rules.most_words} characters",
            code="required",
        )


def _check_time(now: datetime, ends: datetime, longest: timedelta) -> None:
    if not now < ends <= now + longest:
        raise BadRequest("the time must end soon, and after it began", code="value")


def _review_task(
    work: _Work, patient_id: str, code: str, words: str, now: datetime, ends: datetime,
    rules: OpeningRules,
) -> dict[str, Any]:  # fmt: skip
    """http://hl7.org/fhir/R4/task.html: asked of the unit, to be done within restriction.period."""
    return {
        "resourceType": "Task",
        "status": "requested",
        "intent": "order",
        "priority": "routine",
        "code": {"coding": [{"system": TASK_SYSTEM, "code": BREAK_GLASS_REVIEW}]},
        "for": {"reference": f"Patient/{patient_id}"},
        "authoredOn": _written(now),
        "lastModified": _written(now),
        "requester": {"reference": f"PractitionerRole/{work.role_id}"},
        "owner": {"reference": f"Organization/{work.unit}"},
        "reasonCode": {
            "coding": [{"system": BREAK_GLASS_REASON_SYSTEM, "code": code}],
            "text": words.strip(),
        },
        "restriction": {"period": {"end": _written(now + rules.reviewed_within)}},
        "input": [
            {
                "type": {"coding": [{"system": REVIEW_INPUT_SYSTEM, "code": "opened-by"}]},
                "valueReference": {"reference": f"Practitioner/{work.practitioner}"},
            },
            {
                "type": {"coding": [{"system": REVIEW_INPUT_SYSTEM, "code": "open"}]},
                "valuePeriod": {"start": _written(now), "end": _written(ends)},
            },
        ],
    }


def _written(moment: datetime) -> str:
    return moment.astimezone(clock.NORWAY).isoformat(timespec="seconds")


def _open_up(session: Session, opening: Opening, patient: int, task: int | None) -> Opening:
    purpose = "BTG" if opening.kind is OpeningKind.BREAK_GLASS else session.purpose
    who = log.who(session, "open", "Patient")
    who[4] = purpose
    row = session.connection().execute(
        "select access.open_up(%s::bigint, %s::smallint, %s::integer, %s, %s, %s::bigint, %s::bigint,"
        " %s, %s, %s, %s, %s, %s, %s::smallint, %s::smallint, %s::integer), current_setting('fj.now')::bigint",
        [
            patient, int(opening.kind), int(opening.labels), opening.reason_code, opening.reason,
            clock.microseconds(opening.ends), task, *who,
        ],
    ).fetchone()  # fmt: skip
    assert row is not None  # a function answers or raises
    number, starts = row
    return Opening(
        number, opening.kind, opening.patient, opening.labels, opening.reason_code,
        opening.reason, moment_at(starts), opening.ends, opening.task,
    )  # fmt: skip


__all__ = [
    "Opening",
    "OpeningKind",
    "break_glass",
    "extra_step",
    "may_break_glass",
    "moment_at",
    "running",
    "steps_for",
]
