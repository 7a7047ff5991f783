"""What pages show of referrals: the office's worklist, one referral, one's own, a patient's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import orjson

from fellesjournal.access import patients, records
from fellesjournal.access.booked import answer_of
from fellesjournal.access.policy.booking import LIMITS
from fellesjournal.access.sessions import Session
from fellesjournal.care.referrals import codes
from fellesjournal.care.referrals.actions.case import is_referral, load, search_all
from fellesjournal.care.referrals.resources import (
    OPEN_TASK,
    Referral,
    Work,
    read_referral,
    read_work,
)
from fellesjournal.care.referrals.states import State
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation import clock

_PAGE = "500"
_KINDS = (codes.REFERRAL_TASK, codes.QUESTION_TASK, codes.HELFO_TASK)
CODES = ",".join(f"{codes.TASK_CODE}|{kind}" for kind in _KINDS)
"""What the Tasks of the office's worklist are searched by."""
_OPEN = ",".join(sorted(OPEN_TASK))


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a worklist: the work, and what it is about (None: not to be seen)."""

    work: Work
    referral: Referral | None


@dataclass(frozen=True, slots=True)
class Worklist:
    """All open work about referrals that a unit owns, the nearest deadline first."""

    rows: tuple[Row, ...]

    def of(self, *states: State) -> tuple[Row, ...]:
        """The referrals to this unit in these states."""
        return tuple(
            row
            for row in self.rows
            if row.work.code == codes.REFERRAL_TASK
            and row.work.state in states
            and not row.work.by_message
        )

    @property
    def followed(self) -> tuple[Row, ...]:
        """What this unit has sent to units on other systems, and follows until it is decided."""
        return tuple(row for row in self.rows if row.work.by_message)

    @property
    def to_assess(self) -> tuple[Row, ...]:
        """What awaits an assessment, asked about or not."""
        return self.of(State.TO_ASSESS, State.ASKED)

    @property
    def waiting(self) -> tuple[Row, ...]:
        """The waiting list: those without an appointment."""
        return self.of(State.WAITING)

    @property
    def called_in(self) -> tuple[Row, ...]:
        """Those on the waiting list who have an appointment."""
        return self.of(State.CALLED_IN)

    @property
    def questions(self) -> tuple[Row, ...]:
        """What offices ask this unit."""
        return tuple(row for row in self.rows if row.work.code == codes.QUESTION_TASK)

    @property
    def helfo(self) -> tuple[Row, ...]:
        """Broken deadlines that Helfo is to be told of."""
        return tuple(row for row in self.rows if row.work.code == codes.HELFO_TASK)


@dataclass(frozen=True, slots=True)
class Booked:
    """The appointment a patient is called in to; ``start`` is aware, in Norwegian time."""

    id: str
    start: datetime | None
    status: str
    patient_knows: bool

    @property
    def must_call(self) -> bool:
        """Whether it is soon, and nobody knows that the patient knows (INV-10)."""
        limit = clock.today() + timedelta(days=LIMITS.notice_days.number)
        soon = self.start is not None and self.start.astimezone(clock.NORWAY).date() <= limit
        return soon and not self.patient_knows


@dataclass(frozen=True, slots=True)
class Whole:
    """One referral with all that stands about it. ``work`` is None for a draft."""

    referral: Referral
    work: Work | None
    questions: tuple[Work, ...]
    helfo: Work | None
    appointment: Booked | None


def worklist(session: Session) -> Worklist:
    """The open work about referrals of the unit the session works at.

    Two searches and a look at what they are about; each row is one open Task, and none is left
    out: the count on a page is the length of a list here.
    """
    query = [("owner", session.unit), ("status", _OPEN), ("code", CODES)]
    return Worklist(_rows(session, _tasks(session, query)))


def sent_by_my_unit(session: Session, *, open_only: bool = False) -> tuple[Row, ...]:
    """What the session's unit has referred, newest first; those closed too, unless asked."""
    query = [("requester", session.unit), ("code", _task_codes((codes.REFERRAL_TASK,)))]
    if open_only:
        query.append(("status", _OPEN))
    rows = _rows(session, _tasks(session, query))
    return tuple(sorted(rows, key=_sent, reverse=True))


def my_drafts(session: Session) -> tuple[Referral, ...]:
    """What the session's person has begun and not sent."""
    query = [("requester", session.person), ("status", "draft")]
    return tuple(each for each in _requests(session, query) if each.state is State.DRAFT)


def referrals_of(
    session: Session, patient_id: str, *, drafts: bool = False, open_only: bool = False
) -> tuple[Referral, ...]:
    """A patient's referrals that the session may see, newest first; drafts when asked for."""
    query = [("patient", f"Patient/{patient_id}")]
    if open_only:
        query.append(("status", "active,on-hold"))
    found = _requests(session, query)
    kept = [each for each in found if drafts or each.state is not State.DRAFT]
    return tuple(sorted(kept, key=lambda each: _moment(each.sent), reverse=True))


def referral_of(session: Session, patient_id: str, referral_id: str) -> Whole:
    """One referral of this patient with its work. Raises NotFound, also for another's."""
    case = load(session, referral_id)
    if case.referral.patient != f"Patient/{patient_id}":
        raise NotFound(f"ServiceRequest/{referral_id} is not known")
    others = [read_work(task, version) for task, version in case.others]
    booked = appointments_for(session, [case.referral])
    return Whole(
        referral=case.referral,
        work=None if case.task is None else case.work,
        questions=tuple(each for each in others if each.code == codes.QUESTION_TASK),
        helfo=next((each for each in others if each.code == codes.HELFO_TASK), None),
        appointment=booked.get(case.referral.id),
    )


def appointments_for(session: Session, referrals: Iterable[Referral]) -> Mapping[str, Booked]:
    """The appointment that holds for each referral (by id) that is called in."""
    wanted = {each.reference: each.id for each in referrals if each.state is State.CALLED_IN}
    if not wanted:
        return {}
    query = [("based-on", ",".join(wanted)), ("status", "booked"), ("_count", _PAGE)]
    found: dict[str, Booked] = {}
    for stored in records.search(session, "Appointment", query).matches:
        data = orjson.loads(stored.body or b"{}")
        start = reading.moment(data.get("start"))
        booked = Booked(
            stored.id,
            None if start is None else start.at,
            str(data.get("status")),
            answer_of(data) != "needs-action",
        )
        for each in reading.elements(data.get("basedOn")):
            if key := wanted.get(reading.reference_target(each)):
                found[key] = booked
    return found


def _task_codes(wanted: Sequence[str]) -> str:
    return ",".join(f"{codes.TASK_CODE}|{code}" for code in wanted)


def _tasks(session: Session, query: Sequence[tuple[str, str]]) -> list[Work]:
    return [read_work(data, version) for data, version in search_all(session, "Task", [*query])]


def _rows(session: Session, found: Sequence[Work]) -> tuple[Row, ...]:
    about = patients.read_known(session, {("ServiceRequest", each.referral) for each in found})
    known = {
        stored.id: read_referral(orjson.loads(stored.body), stored.version)
        for stored in about
        if stored.body
    }
    rows = [Row(work, known.get(work.referral)) for work in found]
    return tuple(sorted(rows, key=lambda row: (row.work.deadline or date.max, row.work.id)))


def _requests(session: Session, query: Sequence[tuple[str, str]]) -> list[Referral]:
    asked = [*query, ("category", f"{codes.ORDER_TYPE}|{codes.REFERRAL}")]
    return [
        read_referral(data, version)
        for data, version in search_all(session, "ServiceRequest", asked)
        if is_referral(data)
    ]


def _sent(row: Row) -> float:
    return _moment(None if row.referral is None else row.referral.sent)


def _moment(moment: reading.Moment | None) -> float:
    return 0.0 if moment is None else moment.at.timestamp()


__all__ = [
    "CODES",
    "Booked",
    "Row",
    "Whole",
    "Worklist",
    "appointments_for",
    "my_drafts",
    "referral_of",
    "referrals_of",
    "sent_by_my_unit",
    "worklist",
]
