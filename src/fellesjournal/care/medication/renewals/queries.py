"""Requests for renewal as people read them: hers, and what awaits an office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from fellesjournal.access import patients, records
from fellesjournal.access.acts import content
from fellesjournal.access.answering import Why, of_unit, owners_for, posts_of, why
from fellesjournal.access.answers import Stored
from fellesjournal.access.conversing import CATEGORY_SYSTEM
from fellesjournal.access.renewing import ANSWER, REQUEST, office_of_gp
from fellesjournal.access.sessions import Session
from fellesjournal.care.medication.actions import Unrenewable, why_not
from fellesjournal.care.medication.queries import MedicationList, is_renewal
from fellesjournal.care.medication.renewals.resources import Answer, Request, requests_in
from fellesjournal.care.medication.renewals.tasks import CODE, OPEN, RenewalTask, task_of
from fellesjournal.care.medication.resources import Medicine, medicine_of
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import NotFound
from fellesjournal.fhir.reading import Element, Moment
from fellesjournal.foundation import clock
from fellesjournal.foundation.clock import NORWAY

CATEGORIES = (f"{CATEGORY_SYSTEM}|{REQUEST}", f"{CATEGORY_SYSTEM}|{ANSWER}")
"""Of requests and of answers to them: Communications."""
TOLD_FOR = timedelta(days=30)
"""So long her first page tells of an answer that nobody opens. Assumption (configurable): as long as
the page of medicines tells of it."""
_MOST = "500"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row of the work list: one request. ``lines`` is how many medicines it asks for, and
    ``medicines`` the names of those that she who asks may see.
    """

    task: RenewalTask
    patient_id: str
    patient_name: str
    born: Moment | None
    lines: int
    why: Why
    medicines: tuple[str, ...] = ()

    @property
    def is_mine(self) -> bool:
        """Whether she who asks answers for it now."""
        return self.why is not Why.NOT


@dataclass(frozen=True, slots=True)
class News:
    """An answer that she has not seen, and the names of the medicines it is about."""

    answer: Answer
    medicines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Askable:
    """Which lines of a list may be asked for. ``unit`` is the office ("" for none); ``why_not`` says
    of the other lines why (a code of Unrenewable, ``not-by-gp`` or ``asked``).
    """

    unit: str
    lines: tuple[str, ...]
    why_not: Mapping[str, str]


def requests_of(session: Session, patient: str) -> list[Request]:
    """The requests of a patient (``Patient/1``), newest first."""
    asked = [("subject", patient), ("category", ",".join(CATEGORIES))]
    found = everything(session, "Communication", asked)
    return requests_in([content(each) for each in found])


def unread(session: Session, messages: Sequence[Element]) -> list[News]:
    """What was answered, of the requests among some Communications, and she who asks has not seen:
    newest first, with the names of the medicines that are open to her. At most one statement more.
    """
    since = clock.now() - TOLD_FOR
    found = [
        answer
        for request in requests_in(messages)
        for answer in request.unread(session.person)
        if answer.at > since
    ]
    wanted = {
        (kind, key)
        for answer in found
        for kind, _slash, key in (line.partition("/") for line in answer.lines)
        if key
    }
    read = patients.read_known(session, sorted(wanted)) if wanted else []
    names = {each.reference: medicine_of(content(each), each.version).name for each in read}
    found.sort(key=lambda answer: answer.at, reverse=True)
    return [
        News(answer, tuple(names[line] for line in answer.lines if names.get(line)))
        for answer in found
    ]


def request_of(session: Session, patient: str, request_id: str) -> Request:
    """One request of this patient with its answers. Raises NotFound."""
    found = next((e for e in requests_of(session, patient) if e.id == request_id), None)
    if found is None:
        raise NotFound(f"Communication/{request_id} is not known")
    return found


def task_about(session: Session, request_id: str) -> RenewalTask | None:
    """The Task of a request; None when the platform has not made it yet."""
    asked = [("focus", f"Communication/{request_id}"), ("code", CODE)]
    found = everything(session, "Task", asked)
    return next((task_of(content(each), each.version) for each in found), None)


def open_lines(requests: Sequence[Request]) -> set[str]:
    """The lines that await an answer."""
    return {line for each in requests for line in each.open_lines}


def askable(session: Session, now: MedicationList, requests: Sequence[Request]) -> Askable:
    """What the citizen whose record is open may ask her GP's office to renew.

    Lines on her list that were prescribed at that office, by somebody who works or worked there,
    and can be renewed as they stand; not those she has asked for already.
    """
    unit = office_of_gp(session)
    posts = posts_of(session, unit) if unit else []
    prescribers = {each.practitioner for each in posts} | {each.reference for each in posts}
    waiting = open_lines(requests)
    reasons = {
        line.reference: reason
        for line in now.medicines
        if (reason := _why_not_ask(line, now.before(line), prescribers | {unit}, waiting))
    }
    lines = [e.reference for e in now.medicines if unit and e.reference not in reasons]
    return Askable(unit, tuple(lines), reasons)


def prescribed_since(now: MedicationList, request: Request) -> dict[str, Medicine]:
    """The open lines of a request whose medicine was changed after it was asked for: each with what
    stands on the list for it now. Only what was on the list can be asked for, so what took its
    place came later; not what holds during a stay only, nor what is paused: she needs another.
    """
    found: dict[str, Medicine] = {}
    for reference in request.open_lines:
        line = now.stands_for(reference)
        if line is not None and line.reference != reference and _is_prescribed(line):
            found[reference] = line
    return found


def renewed_today(now: MedicationList, line: Medicine) -> bool:
    """Whether a line of the list was renewed today already, by anybody."""
    before = now.others.get(line.prior)
    if before is None or line.since is None or not is_renewal(before, line):
        return False
    return line.since.at.astimezone(NORWAY).date() == clock.today()


def prescribed_already(now: MedicationList, request: Request) -> dict[str, Medicine]:
    """The open lines of a request that can be answered without prescribing: changed after they were
    asked for, or renewed today; each with what stands on the list for it.
    """
    today = {
        reference: line
        for reference in request.open_lines
        if (line := now.stands_for(reference)) is not None
        and _is_prescribed(line)
        and renewed_today(now, line)
    }
    return prescribed_since(now, request) | today


def _is_prescribed(line: Medicine) -> bool:
    is_request = line.reference.startswith("MedicationRequest/")
    return is_request and not line.in_stay and not line.is_paused


def _why_not_ask(
    line: Medicine, before: Sequence[str], prescribers: set[str], waiting: set[str]
) -> str:
    if not waiting.isdisjoint(before):
        return "asked"
    if (reason := why_not(line)) is not None:
        return reason.value
    return "" if line.prescriber in prescribers else "not-by-gp"


def renewable(now: MedicationList) -> list[tuple[Medicine, Unrenewable | None]]:
    """Each line of a list, and why it can't be renewed as it stands, if so."""
    return [(each, why_not(each)) for each in now.medicines]


def queue(session: Session) -> list[Waiting]:
    """What awaits an answer at the unit of who asks, or from her by name: hers first, then by
    deadline. One row for each open Task: their count is its length.
    """
    now = clock.now()
    posts = posts_of(session, session.unit)
    name, tag = of_unit(session.unit)
    owners = sorted(owners_for(session, posts, now))
    which = " or ".join([f'{name} eq "{tag}"', *(f'owner eq "{each}"' for each in owners)])
    rows = everything(
        session,
        "Task",
        [
            ("code", CODE),
            ("status", OPEN),
            ("_filter", which),
            ("_include", "Task:focus"),
            ("_include", "Task:patient"),
        ],
    )
    beside = {each.reference: content(each) for each in rows if each.type != "Task"}
    found = []
    for each in rows:
        if each.type != "Task":
            continue
        task = task_of(content(each), each.version)
        reason = why(
            session, task.owner, task.unit, is_escalated=task.is_escalated, posts=posts, at=now
        )
        if reason is not Why.NOT or task.unit == session.unit:
            found.append(_waiting(task, beside, reason))
    return sorted(_with_names(session, found, beside), key=_order)


def _with_names(
    session: Session, found: Sequence[Waiting], beside: Mapping[str, Element]
) -> list[Waiting]:
    """Each with the names of what it asks for; one statement for all, none for an empty list."""
    about = {
        each.task.id: references_about(beside.get(f"Communication/{each.task.request}", {}))
        for each in found
    }
    wanted = {
        (kind, key)
        for listed in about.values()
        for kind, _slash, key in (each.partition("/") for each in listed)
        if key
    }
    read = patients.read_known(session, sorted(wanted)) if wanted else []
    names = {each.reference: medicine_of(content(each), each.version).name for each in read}
    return [
        replace(e, medicines=tuple(names[r] for r in about[e.task.id] if names.get(r)))
        for e in found
    ]


def references_about(request: Element) -> list[str]:
    """What a request is about (``MedicationRequest/1``), in its order."""
    return [reading.reference_target(each) for each in reading.elements(request.get("about"))]


def _waiting(task: RenewalTask, beside: Mapping[str, Element], reason: Why) -> Waiting:
    patient = beside.get(task.patient, {})
    request = beside.get(f"Communication/{task.request}", {})
    return Waiting(
        task=task,
        patient_id=task.patient.removeprefix("Patient/"),
        patient_name=reading.name_text(patient.get("name")),
        born=reading.first_moment(patient, "birthDate"),
        lines=len(references_about(request)),
        why=reason,
    )


def _order(each: Waiting) -> tuple[bool, float, str]:
    deadline = each.task.deadline
    return not each.is_mine, deadline.timestamp() if deadline else 0.0, each.task.id


def everything(session: Session, kind: str, query: Sequence[tuple[str, str]]) -> list[Stored]:
    """All matches of a search, and what it includes, page after page."""
    found: dict[tuple[str, str], Stored] = {}
    cursor: str | None = None
    while True:
        page = records.search(session, kind, [*query, ("_count", _MOST)], cursor=cursor)
        found |= {(each.type, each.id): each for each in (*page.matches, *page.included)}
        if page.next is None:
            return list(found.values())
        cursor = page.next


__all__ = [
    "CATEGORIES",
    "TOLD_FOR",
    "Askable",
    "News",
    "Waiting",
    "askable",
    "everything",
    "open_lines",
    "prescribed_already",
    "prescribed_since",
    "queue",
    "renewable",
    "renewed_today",
    "request_of",
    "requests_of",
    "task_about",
    "unread",
]
