"""What becomes of a broken glass: the leader's review, her question, and the answer to it.

A review is a Task about the patient that no ground and no step opens to staff (labels.py,
OVERSIGHT). It is shown by the rule of this module alone: to those with the duty of reviewing
the unit where it was done, or all units; and to the one who is asked, as far as she is asked.
Nobody reviews herself. What is shown names the patient and kinds of information, nothing of
the record's content.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from fellesjournal.access import log
from fellesjournal.access.moments import end_of
from fellesjournal.access.openings import moment_at
from fellesjournal.access.policy.areas import AREA_OF, NOTHING, Area
from fellesjournal.access.policy.roles import role_of
from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session, system_session
from fellesjournal.fhir import bodies, reading
from fellesjournal.fhir.definitions import type_name
from fellesjournal.fhir.issues import NotAllowed
from fellesjournal.foundation import clock

OUTCOME_SYSTEM = "https://fellesjournal.example/fhir/CodeSystem/break-glass-outcome"
"""Our own code system: what the review of a broken glass came to."""

PLATFORM = system_session("system:emergency-access", purpose="HOPERAT")
_MOST = 200


class Outcome(StrEnum):
    """What a review came to; ASKED leaves it open."""

    JUSTIFIED = "justified"
    NOT_JUSTIFIED = "not-justified"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Said:
    """A note: who wrote it, when (aware), and what."""

    by: str
    at: datetime | None
    text: str


@dataclass(frozen=True, slots=True)
class Review:
    """One broken glass under review. Times are aware.

    ``seen`` is what kinds of information were looked at under it so far. ``outcome`` is None
    while nobody has decided or asked.
    """

    task: str
    version: int
    patient: str
    birth_year: str
    by: str
    role: str
    unit: str
    starts: datetime
    ends: datetime
    reason_code: str
    reason: str
    deadline: datetime | None
    outcome: Outcome | None
    notes: tuple[Said, ...]
    seen: Area

    @property
    def is_open(self) -> bool:
        """Whether it awaits a decision."""
        return self.outcome in {None, Outcome.ASKED}

    @property
    def is_late(self) -> bool:
        """Whether it should have been decided by now."""
        return self.is_open and self.deadline is not None and self.deadline <= clock.now()


def may_review(session: Session) -> bool:
    """Whether the role reviews reading: of its unit, or of all."""
    return bool(_duties(session) & {Duty.REVIEW_UNIT, Duty.REVIEW_ALL})


def reviews(session: Session) -> list[Review]:
    """What this session is to review, newest last among the open, then the decided, newest first.

    Raises NotAllowed for a role without the duty. Being shown is logged about each patient.
    """
    found = [row.review for row in awaiting(session)]
    waiting = sorted((r for r in found if r.is_open), key=lambda r: r.starts)
    decided = sorted((r for r in found if not r.is_open), key=lambda r: r.starts, reverse=True)
    return [*waiting, *decided]


def own(session: Session) -> list[Review]:
    """The glasses this member of staff has broken herself, newest first, with what was asked."""
    rows = of_her_own(session)
    return sorted((row.review for row in rows), key=lambda r: r.starts, reverse=True)


def of_her_own(session: Session) -> list[Found]:
    """The glasses she has broken herself, with their tasks. Raises NotAllowed for a citizen."""
    return _rows("o.practitioner = %s", [_me(session).person])


# --- reading --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Me:
    """Numbers of who asks and of her unit."""

    person: int
    unit: int


@dataclass(frozen=True, slots=True)
class Found:
    """A review with its task: the resource, its number, that of the patient and of the opening."""

    review: Review
    data: dict[str, Any]
    rid: int
    patient: int
    opening: int


def _duties(session: Session) -> frozenset[Duty]:
    role = role_of(session.role) if session.kind == "staff" else None
    return frozenset() if role is None else role.duties


def _me(session: Session) -> _Me:
    if session.kind != "staff":
        raise NotAllowed("only staff review, or are asked", code="forbidden")
    row = session.connection().execute(
        "select current_setting('fj.person')::bigint, current_setting('fj.unit')::bigint"
    ).fetchone()  # fmt: skip
    assert row is not None  # a select without from always answers
    return _Me(*row)


def awaiting(session: Session, *, logged: bool = True) -> list[Found]:
    """Of her unit and those right below it, or of all; never of herself.

    Raises NotAllowed for a role without the duty.
    """
    duties = _duties(session)
    me = _me(session)
    if Duty.REVIEW_ALL in duties:
        rows = _rows("o.practitioner <> %s", [me.person])
    elif Duty.REVIEW_UNIT in duties:
        rows = _rows(
            "o.practitioner <> %s and (o.unit = %s or o.unit in"
            " (select p.source from access.part_of p where p.parent = %s))",
            [me.person, me.unit, me.unit],
        )
    else:
        raise NotAllowed("this role reviews nothing", code="forbidden")
    if logged:
        log_review(session, rows)
    return rows


def _rows(condition: str, values: Sequence[Any]) -> list[Found]:
    rows = PLATFORM.connection().execute(
        "select o.id, o.patient, o.starts, o.ends, o.reason_code, o.reason, t.rid, t.fhir_id, t.version, tv.body,"
        " pv.body, wv.body, uv.body, e.code, array("
        "  select distinct r.type from access.log l cross join unnest(l.resources) shown(rid)"
        "  join store.resource r on r.rid = shown.rid"
        "  where l.patients @> array[o.patient] and l.sources @> array[-o.id] and l.outcome = 0 and l.act <> 21"
        "  and l.id >= store.seq_of(to_timestamp(o.starts / 1000000.0)) and r.patient = o.patient)"
        " from access.opening o join store.resource t on t.rid = o.task"
        " join store.version tv on tv.rid = t.rid and tv.version = t.version"
        " join store.resource p on p.rid = o.patient"
        " join store.version pv on pv.rid = p.rid and pv.version = p.version"
        " join store.resource w on w.rid = o.practitioner"
        " join store.version wv on wv.rid = w.rid and wv.version = w.version"
        " join store.resource u on u.rid = o.unit"
        " join store.version uv on uv.rid = u.rid and uv.version = u.version"
        " left join access.employment e on e.source = o.role"
        f" where o.kind = 1 and tv.body is not null and {condition}"
        " order by o.starts desc limit %s",
        [*values, _MOST],
    ).fetchall()  # fmt: skip
    return [_row(row) for row in rows]


def _row(row: Sequence[Any]) -> Found:
    (opening, patient, starts, ends, code, words, rid, task, version, body, of_patient, of_person, of_unit,
     role, types) = row  # fmt: skip
    data = bodies.parse(body).data
    who, whose = _data(of_person), _data(of_patient)
    period = (data.get("restriction") or {}).get("period") or {}
    return Found(
        Review(
            task=task,
            version=version,
            patient=reading.name_text(whose.get("name")),
            birth_year=reading.string(whose.get("birthDate"))[:4],
            by=reading.name_text(who.get("name")),
            role=role or "",
            unit=reading.string(_data(of_unit).get("name")),
            starts=moment_at(starts),
            ends=moment_at(ends),
            reason_code=code,
            reason=words,
            deadline=end_of(period["end"]) if period.get("end") else None,
            outcome=_outcome(data),
            notes=tuple(_notes(data)),
            seen=_areas(types),
        ),
        data,
        rid,
        patient,
        opening,
    )


def _data(body: bytes | None) -> dict[str, Any]:
    return {} if body is None else bodies.parse(body).data


def _areas(types: Iterable[int]) -> Area:
    seen = NOTHING
    for number in types:
        seen |= AREA_OF[type_name(number)]
    return seen


def _outcome(data: dict[str, Any]) -> Outcome | None:
    for output in reading.elements(data.get("output")):
        for system, code, _ in reading.codings(output.get("valueCodeableConcept")):
            if system == OUTCOME_SYSTEM:
                return Outcome(code)
    return None


def _notes(data: dict[str, Any]) -> Iterable[Said]:
    for note in reading.elements(data.get("note")):
        time = reading.moment(note.get("time"))
        author = note.get("authorReference")
        yield Said(
            reading.reference_text(author) if author else "",
            None if time is None else time.at,
            reading.string(note.get("text")),
        )


def log_review(session: Session, rows: Iterable[Found]) -> None:
    """A line about each patient: that somebody looked at, decided or answered a review."""
    log_tasks(session, [(row.rid, row.patient) for row in rows])


def log_tasks(session: Session, shown: Sequence[tuple[int, int]]) -> None:
    """As :func:`log_review`, of (number of the Task, number of the patient)."""
    asks = replace(session, purpose="HOPERAT")  # who reviews gives no care here
    log.line(PLATFORM.connection(), asks, "review", "Task", shown)


__all__ = [
    "Found",
    "Outcome",
    "Review",
    "Said",
    "awaiting",
    "log_review",
    "log_tasks",
    "may_review",
    "of_her_own",
    "own",
    "reviews",
]
