"""What a home-care unit has on its hands beside visits: deviations, what was left open, plans to make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from fellesjournal.access import acts
from fellesjournal.access.acts import Operation, Resource, act, change, content, create
from fellesjournal.access.answering import of_unit
from fellesjournal.access.conversing import ANSWER_MESSAGE
from fellesjournal.access.relations.derive import TASK_SYSTEM
from fellesjournal.access.sessions import Session
from fellesjournal.care.homecare import codes
from fellesjournal.care.homecare.codes import coded, number, reference
from fellesjournal.care.homecare.deviations import Deviation, deviation_of
from fellesjournal.care.homecare.planned import Item, State
from fellesjournal.care.homecare.reading_days import everything
from fellesjournal.care.homecare.visits import is_item, item_of, moment
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import BadRequest, Conflict, NotFound
from fellesjournal.fhir.pathway_plans import STEP
from fellesjournal.foundation import clock

# Assumption (configurable): what nobody has accounted for this long after its window is the leader's.
LEFT_OPEN_AFTER = timedelta(hours=12)
_LOOKED_AT_WITHIN = timedelta(days=1)
_OPEN = frozenset({"requested", "in-progress"})
_UNANSWERED = frozenset({"requested", "accepted"})
"""As care/conversations/tasks.py has them: what its queue shows is what is counted here."""
KINDS = (codes.DEVIATION, codes.LEFT_OPEN, codes.PLAN_SERVICE)


_LEADER = "unit-leader"


class OwnDeviation(Conflict):
    """Who has told of a deviation does not end it: her leader does."""


@dataclass(frozen=True, slots=True)
class Work:
    """A task of the unit. ``kind`` is one of KINDS; ``awaits_leader``: she told of it herself.

    ``deviation``: what was told, of a deviation.
    """

    id: str
    version: int
    kind: str
    patient: str
    name: str
    words: str
    made: datetime
    deadline: datetime
    by: str
    awaits_leader: bool
    deviation: Deviation | None = None

    @property
    def is_late(self) -> bool:
        """Whether it should have been done."""
        return self.deadline <= clock.now()


def unit_work(session: Session) -> list[Work]:
    """The open tasks of the unit of who asks, by deadline: the count is that of this list."""
    asked = [
        ("owner", session.unit), ("status", "requested,in-progress"),
        ("code", ",".join(f"{codes.TASK_CODE}|{kind}" for kind in KINDS)),
        ("_include", "Task:patient"), ("_include", "Task:requester"),
    ]  # fmt: skip
    found = everything(session, "Task", asked)
    names = {
        each.reference: reading.name_text(content(each).get("name"))
        for each in found
        if each.type != "Task"
    }
    rows = [
        _work(session, content(each), each.version, names) for each in found if each.type == "Task"
    ]
    return sorted(rows, key=lambda row: (row.deadline, row.id))


@dataclass(frozen=True, slots=True)
class OnHands:
    """What awaits a unit: ``waiting`` things to decide or look at, and ``messages`` that await an
    answer there or from her who asks, by the citizen (Patient/1); ``steps`` of pathways that are the
    unit's to do now.
    """

    waiting: int
    messages: Mapping[str, int]
    steps: int = 0

    @property
    def all_messages(self) -> int:
        """How many messages there are in all: as many as the queue of messages has rows."""
        return sum(self.messages.values())


def on_hands(session: Session) -> OnHands:
    """What the unit of who asks has on its hands; one search. What waits for her leader is not hers."""
    kinds = (*KINDS, codes.RESTART_REVIEW)
    coded_as = [f"{codes.TASK_CODE}|{kind}" for kind in kinds]
    name, tag = of_unit(session.unit)
    which = f'owner eq "{session.unit}" or {name} eq "{tag}" or owner eq "{session.person}"'
    asked = [
        ("status", ",".join(sorted({*_OPEN, *_UNANSWERED}))),
        (
            "code",
            ",".join(
                [
                    *coded_as,
                    f"{TASK_SYSTEM}|{ANSWER_MESSAGE}",
                    f"{TASK_SYSTEM}|{STEP}",
                ]
            ),
        ),
        ("_filter", which),
    ]
    found = [content(each) for each in everything(session, "Task", asked)]
    to_answer = [
        each for each in found
        if reading.has_code(each.get("code"), [ANSWER_MESSAGE]) and each.get("status") in _UNANSWERED
    ]  # fmt: skip
    open_here = [
        each for each in found
        if each.get("status") in _OPEN
        and reading.reference_target(each.get("owner")) == session.unit
    ]  # fmt: skip
    ours = [each for each in open_here if reading.has_code(each.get("code"), kinds)]
    return OnHands(
        waiting=sum(not _awaits_leader(session, each) for each in ours),
        steps=sum(reading.has_code(each.get("code"), [STEP]) for each in open_here),
        messages=Counter(reading.reference_target(each.get("for")) for each in to_answer),
    )


def _awaits_leader(session: Session, task: Resource) -> bool:
    """Whether it is a deviation that who asks has told of, and she does not lead the unit."""
    return (
        reading.has_code(task.get("code"), [codes.DEVIATION])
        and reading.reference_target(task.get("requester")) == session.person
        and session.role != _LEADER
    )


def _work(session: Session, task: Resource, version: int, names: dict[str, str]) -> Work:
    patient = reading.reference_target(task.get("for"))
    is_deviation = reading.has_code(task.get("code"), [codes.DEVIATION])
    return Work(
        id=str(task["id"]),
        version=version,
        kind=reading.first_code(task.get("code")),
        patient=patient,
        name=names.get(patient, ""),
        words=str(task.get("description", "")),
        made=moment(task["authoredOn"]),
        deadline=moment(task["restriction"]["period"]["end"]),
        by=names.get(reading.reference_target(task.get("requester")), ""),
        awaits_leader=_awaits_leader(session, task),
        deviation=deviation_of(task) if is_deviation else None,
    )


def finish_work(session: Session, *, patient: str, task_id: str, seen: int, words: str) -> None:
    """End a task of the unit with what came of it.

    Raises BadRequest without words, OwnDeviation for one that she has told of herself, Conflict.
    """
    task, _ = acts.read(session, "Task", task_id)
    is_own = reading.reference_target(task.get("owner")) == session.unit
    if reading.reference_target(task.get("for")) != patient or not is_own:
        raise NotFound(f"Task/{task_id} is not known")
    if task.get("status") != "requested" or not reading.has_code(task.get("code"), KINDS):
        raise Conflict("this has been ended")
    if _awaits_leader(session, task):
        raise OwnDeviation("the leader ends a deviation, not who told of it")
    if not words.strip():
        raise BadRequest("say what came of it", code="required")
    done = task | {
        "status": "completed",
        "statusReason": {"text": words.strip()[:2000]},
        "output": [
            {"type": coded(codes.OUTCOME, "by"), "valueReference": reference(session.person)}
        ],
    }
    act(session, [change(done, seen=seen)])


def escalate_left_open(session: Session) -> int:
    """What nobody has accounted for long after its time becomes a task of the unit's leader.

    Once for each visit, and once more for each answer of it that was taken back. Answers how
    many such tasks there are.
    """
    now = clock.now()
    kinds = (codes.PLANNED_ACTION, codes.PLANNED_DOSE)
    asked = [
        ("status", "requested"),
        ("code", ",".join(f"{codes.TASK_CODE}|{kind}" for kind in kinds)),
        ("authored-on", f"lt{(now - LEFT_OPEN_AFTER).isoformat(timespec='seconds')}"),
    ]
    by_key: dict[str, list[Item]] = {}
    for stored in everything(session, "Task", asked):
        if is_item(content(stored)) and _is_left(item := item_of(stored), now):
            by_key.setdefault(_left_key(item), []).append(item)
    for key, left in by_key.items():
        act(session, [_left_open(session, key, left, now)])
    return len(by_key)


def _left_key(item: Item) -> str:
    """One task for a visit; the leader may have closed it when an answer is taken back later."""
    again = f".{item.id}.{len(item.taken_back)}" if item.taken_back else ""
    return f"left-open.{item.visit}{again}"


def _is_left(item: Item, now: datetime) -> bool:
    return item.state is State.OPEN and item.ends + LEFT_OPEN_AFTER <= now


def _left_open(session: Session, key: str, left: list[Item], now: datetime) -> Operation:
    visit_id = left[0].visit
    visit, _ = acts.read(session, "Encounter", visit_id)
    return create(
        {
            "resourceType": "Task",
            "identifier": number(codes.WORK_NUMBER, key),
            "status": "requested",
            "intent": "order",
            "code": coded(codes.TASK_CODE, codes.LEFT_OPEN),
            "description": "; ".join(item.text for item in left),
            "focus": reference(f"Encounter/{visit_id}"),
            "for": reference(left[0].patient),
            "authoredOn": now.isoformat(timespec="seconds"),
            "owner": visit["serviceProvider"],
            "restriction": {"period": {"end": (now + _LOOKED_AT_WITHIN).isoformat()}},
        },
        unless=f"identifier={codes.WORK_NUMBER}|{key}",
    )


__all__ = [
    "KINDS",
    "LEFT_OPEN_AFTER",
    "OnHands",
    "OwnDeviation",
    "Work",
    "escalate_left_open",
    "finish_work",
    "on_hands",
    "unit_work",
]
