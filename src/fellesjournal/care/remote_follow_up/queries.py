"""What people see of home follow-up: the worklist, a patient's follow-up, and her own page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fellesjournal.access import patients
from fellesjournal.access.acts import Stored, content
from fellesjournal.access.answering import Why, of_unit, owners_for, posts_of, why
from fellesjournal.access.sessions import Session
from fellesjournal.access.staffing import Post
from fellesjournal.care.remote_follow_up.finding import (
    open_tasks,
    plans_of,
    readings,
)
from fellesjournal.care.remote_follow_up.plans import Agreed, Plan
from fellesjournal.care.remote_follow_up.readings import Reading, reading_of
from fellesjournal.care.remote_follow_up.tasks import Kind, Work, work_of
from fellesjournal.care.remote_follow_up.windows import Window, measured_in, window_on
from fellesjournal.fhir import reading as fhir_reading
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation import clock


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the worklist. ``reading`` is None for what is missing, and for a leader, who sees
    whom it is about and not what.
    """

    work: Work
    patient_id: str
    patient_name: str
    born: str
    reading: Reading | None
    why: Why

    @property
    def is_mine(self) -> bool:
        """Whether she who asks answers for it now."""
        return self.why is not Why.NOT


@dataclass(frozen=True, slots=True)
class Course:
    """A follow-up of a patient, with what she has measured and what awaits somebody."""

    plans: tuple[Plan, ...]
    readings: tuple[Reading, ...]
    work: tuple[Work, ...]

    @property
    def ongoing(self) -> tuple[Plan, ...]:
        """The follow-ups that somebody watches today."""
        today = clock.today()
        return tuple(each for each in self.plans if each.is_ongoing(today))


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be measured in the present period: so many of so many are done."""

    plan: Plan
    agreed: Agreed
    window: Window
    done: int

    @property
    def is_done(self) -> bool:
        """Whether all of it is measured."""
        return self.done >= self.agreed.times


def worklist(session: Session) -> list[Row]:
    """What awaits her who asks and her unit: her own first, late ones first among them, then by
    deadline. A fixed number of searches; the count of the page is the length of this list.
    """
    now = clock.now()
    posts = posts_of(session, session.unit)
    owners = owners_for(session, posts, now)
    found: dict[str, Work] = {}
    for which in (of_unit(session.unit), ("owner", ",".join(sorted(owners)))):
        for data, version in open_tasks(session, which):
            work = work_of(data, version)
            is_hers = _why(session, work, posts, now) is not Why.NOT
            if is_hers or work.unit == session.unit:
                found[work.id] = work
    beside = _beside(session, found.values())
    rows = [_row(work, beside, _why(session, work, posts, now)) for work in found.values()]
    return sorted(rows, key=_order)


def _beside(session: Session, found: Iterable[Work]) -> dict[str, Stored]:
    """Whom the rows are about, and what was measured, as far as she who asks sees it."""
    wanted = {each for work in found for each in (work.patient, work.focus)}
    pairs = [(kind, key) for kind, _, key in (each.partition("/") for each in wanted)]
    return {each.reference: each for each in patients.read_known(session, pairs)}


def _row(work: Work, beside: Mapping[str, Stored], why: Why) -> Row:
    who = beside.get(work.patient)
    person = content(who) if who is not None else {}
    return Row(
        work=work,
        patient_id=work.patient.removeprefix("Patient/"),
        patient_name=fhir_reading.name_text(person.get("name")),
        born=str(person.get("birthDate", "")),
        reading=_measured(work, beside),
        why=why,
    )


def _measured(work: Work, beside: Mapping[str, Stored]) -> Reading | None:
    found = beside.get(work.focus) if work.kind is Kind.OUTSIDE else None
    return reading_of(content(found), found.version) if found is not None else None


def _why(session: Session, work: Work, posts: Sequence[Post], at: datetime) -> Why:
    return why(session, work.owner, work.unit, is_escalated=work.is_escalated, posts=posts, at=at)


def _order(row: Row) -> tuple[bool, bool, float, str]:
    return (not row.is_mine, not row.work.is_escalated, _deadline(row.work), row.work.id)


def _deadline(work: Work) -> float:
    return work.deadline.timestamp() if work.deadline else 0.0


@dataclass(frozen=True, slots=True)
class Awaiting:
    """What of a patient's follow-up nobody has looked at yet; ``reading`` is None for what did not come."""

    work: Work
    reading: Reading | None


def awaiting(session: Session, patient: str) -> list[Awaiting]:
    """What awaits somebody of one patient (``Patient/1``), the oldest first, as far as who asks sees it."""
    found = [work_of(data, version) for data, version in open_tasks(session, ("patient", patient))]
    beside = _beside(session, found) if found else {}
    rows = [Awaiting(work, _measured(work, beside)) for work in found]
    return sorted(rows, key=lambda each: (_deadline(each.work), each.work.id))


def course_of(session: Session, patient: str) -> Course:
    """Everything of a patient's home follow-up, as staff see it."""
    return Course(
        tuple(plans_of(session, patient)),
        tuple(readings(session, patient)),
        tuple(
            work_of(data, version) for data, version in open_tasks(session, ("patient", patient))
        ),
    )


def own_course(session: Session) -> Course:
    """As :func:`course_of` for the citizen's own page: what awaits staff is not shown there."""
    patient = session.subject
    return Course(tuple(plans_of(session, patient)), tuple(readings(session, patient)), ())


def due_now(course: Course) -> list[Due]:
    """What is agreed for the present periods, done or not."""
    today = clock.today()
    return [
        Due(plan, agreed, window, measured_in(window, agreed, course.readings))
        for plan in course.ongoing
        for agreed in plan.agreed
        if (window := window_on(plan, agreed, today)) is not None
    ]


def group(course: Course, key: str) -> list[Reading]:
    """What was sent in one form. Raises NotFound."""
    found = [each for each in course.readings if key and each.group == key]
    if not found:
        raise NotFound("this reading is not known")
    return sorted(found, key=lambda each: each.measure.key)


__all__ = [
    "Awaiting",
    "Course",
    "Due",
    "Row",
    "Why",
    "awaiting",
    "course_of",
    "due_now",
    "group",
    "own_course",
    "worklist",
]
