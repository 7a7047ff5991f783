"""A referral with all its work, read to be changed, and written back in one act."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import orjson

from fellesjournal.access import acts, patients, records
from fellesjournal.access.acts import act, change
from fellesjournal.access.sessions import Session
from fellesjournal.access.writing import Operation
from fellesjournal.care.referrals import codes
from fellesjournal.care.referrals.events import event
from fellesjournal.care.referrals.resources import (
    OPEN_TASK,
    Referral,
    Resource,
    Work,
    put_state,
    put_task_state,
    read_referral,
    read_work,
    state_of,
)
from fellesjournal.care.referrals.states import Step, after
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation.outbox.events import Event

_PAGE = "500"


class NotYours(Exception):
    """This step is another unit's, or another profession's."""

    code = "not-yours"


class Missing(Exception):
    """Something that must be said was not. ``field`` names it."""

    code = "missing"

    def __init__(self, missing: str) -> None:
        super().__init__(f"{missing} must be said")
        self.field = missing


@dataclass(frozen=True, slots=True)
class Seen:
    """The versions of request and task that somebody looked at; 0: there was none."""

    request: int
    task: int = 0


@dataclass(slots=True)
class Case:
    """What stands about one referral. ``task`` is None for a draft; ``others`` are its open
    questions and Helfo steps. ``more`` is written in the same act.
    """

    request: Resource
    version: int
    task: Resource | None
    task_version: int
    others: list[tuple[Resource, int]]
    more: list[Operation] = field(default_factory=list)

    @property
    def referral(self) -> Referral:
        """As pages read it."""
        return read_referral(self.request, self.version)

    @property
    def work(self) -> Work:
        """The office's Task. Raises NotFound for a draft, which has none."""
        if self.task is None:
            raise NotFound("this referral has not been sent")
        return read_work(self.task, self.task_version)

    def move(self, step: Step, *, reason: str = "", deadline: date | None = None) -> None:
        """Take a step in request and task. Raises NotPossible."""
        state = after(state_of(self.request), step)
        put_state(self.request, state, reason)
        if self.task is not None:
            put_task_state(self.task, state, deadline)
            if reason:
                self.task["statusReason"] = {"text": reason}

    def close_questions(self) -> None:
        """Open questions have no one to answer them any more."""
        for task, version in self.others:
            if read_work(task, version).code == codes.QUESTION_TASK:
                task["status"] = "cancelled"
                self.more.append(change(task, seen=version))

    def write(self, session: Session, seen: Seen, name: str, **facts: str) -> list[Any]:
        """Write request, task and all else, and tell of it.

        Raises PreconditionFailed when what was seen stands no more.
        """
        operations = [change(self.request, seen=seen.request)]
        if self.task is not None:
            operations.append(change(self.task, seen=seen.task))

        def tell(stood: Sequence[Any]) -> Iterable[Event]:
            yield event(name, self.referral, self.work.id, **_new(stood), **facts)

        return act(session, [*operations, *self.more], tell)


def load(session: Session, referral_id: str) -> Case:
    """A referral and its work as they stand. Raises NotFound, also for other requests."""
    request, version = acts.read(session, "ServiceRequest", referral_id)
    if not is_referral(request):
        raise NotFound(f"ServiceRequest/{referral_id} is not known")
    case = Case(request, version, None, 0, [])
    for task, seen in search_all(session, "Task", [("focus", f"ServiceRequest/{referral_id}")]):
        code = read_work(task, seen).code
        if code == codes.REFERRAL_TASK:
            case.task, case.task_version = task, seen
        elif code and task.get("status") in OPEN_TASK:
            case.others.append((task, seen))
    return case


def search_all(
    session: Session, kind: str, query: Sequence[tuple[str, str]]
) -> list[tuple[Resource, int]]:
    """All matches of a search, page by page, each with its version."""
    found: list[tuple[Resource, int]] = []
    cursor: str | None = None
    while True:
        page = records.search(session, kind, [*query, ("_count", _PAGE)], cursor=cursor)
        found += [(orjson.loads(each.body), each.version) for each in page.matches if each.body]
        if page.next is None:
            return found
        cursor = page.next


def is_referral(request: reading.Element) -> bool:
    """Whether a ServiceRequest is a referral of this package."""
    return any(
        (system, code) == (codes.ORDER_TYPE, codes.REFERRAL)
        for each in reading.elements(request.get("category"))
        for system, code, _ in reading.codings(each)
    )


def seen_now(case: Case) -> Seen:
    """What stands, for jobs, which look and write at once."""
    return Seen(case.version, case.task_version)


def names(session: Session, *references: str) -> dict[str, str]:
    """What persons and units of the directory are called, by reference."""
    pairs = [(kind, key) for kind, _, key in (ref.partition("/") for ref in references) if key]
    found = {}
    for stored in patients.read_known(session, pairs):
        data = orjson.loads(stored.body or b"{}")
        name = data.get("name")
        found[stored.reference] = name if isinstance(name, str) else reading.name_text(name)
    return {ref: found.get(ref, "") for ref in references}


def must_be_office(session: Session, case: Case) -> None:
    """Only the office that takes the referral in goes on, not who follows it. Raises NotYours."""
    must_be_at(session, case.work.owner)
    if case.work.by_message and session.kind != "system":
        raise NotYours("the receiver uses another system, and decides there")


def must_be_at(session: Session, *units: str) -> None:
    """Only those who work at one of these units, and the platform, go on. Raises NotYours."""
    if session.kind != "system" and session.unit not in units:
        raise NotYours("another unit answers for this")


def must_be(session: Session, roles: frozenset[str]) -> None:
    """Only these roles, and the platform, go on. Raises NotYours."""
    if session.kind != "system" and session.role not in roles:
        raise NotYours("this is for another profession")


def _new(stood: Sequence[Any]) -> dict[str, str]:
    """The ids of what came with the act: notices in their order, an appointment, a question."""
    told = [each.reference for each in stood if each.type == "Communication"]
    facts = dict(zip(("to_patient", "to_referrer"), told, strict=False))
    booked = [each.reference for each in stood if each.type == "Appointment"]
    if booked:
        facts["appointment"] = booked[0]
    asked = [each for each in stood if each.type == "Task" and _is_question(each)]
    return facts | ({"question": asked[0].reference} if asked else {})


def _is_question(stored: Any) -> bool:
    work = read_work(orjson.loads(stored.body or b"{}"), stored.version)
    return work.code == codes.QUESTION_TASK


__all__ = [
    "Case",
    "Missing",
    "NotYours",
    "Seen",
    "is_referral",
    "load",
    "must_be",
    "must_be_at",
    "must_be_office",
    "names",
    "search_all",
    "seen_now",
]
