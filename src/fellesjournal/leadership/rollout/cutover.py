"""The cut-over of an organisation hour by hour: who does what, the decisions to go or not, and the last
point at which one can turn back.

A decision to go asks for everything before it; what is open is named and taken with a reason. After
the point of no return nothing is turned back: one goes on by the routine for when the platform is
away. What can't be is refused with a ValueError, what is not there with a LookupError.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from fellesjournal.access.policy.rules import Duty
from fellesjournal.leadership.documents.resources import Kind
from fellesjournal.leadership.figures.times import instant_of


class TaskKind(StrEnum):
    """What a line of the plan is."""

    TASK = "task"
    DECISION = "decision"
    ROLLBACK = "rollback"


class TaskState(StrEnum):
    """How a task stands."""

    WAITING = "waiting"
    UNDER_WAY = "under-way"
    DONE = "done"


class Verdict(StrEnum):
    """What was decided: at a decision to go, or that one turns back."""

    GO = "go"
    NO_GO = "no-go"
    TURNED_BACK = "turned-back"


@dataclass(frozen=True, slots=True)
class Task:
    """A line of the plan, so many hours from the moment of go-live. ``id`` has words."""

    id: str
    hour: int
    kind: TaskKind = TaskKind.TASK
    owner: str = ""
    state: TaskState = TaskState.WAITING
    done_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided at a line (``task``), by whom, why, and what was open then."""

    task: str
    verdict: Verdict
    by: str
    at: datetime
    reason: str
    open: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cutover:
    """The plan of an organisation: the first hour of go-live's day, its tasks, what was decided."""

    start_hour: int
    tasks: tuple[Task, ...]
    decisions: tuple[Decision, ...] = ()

    def __post_init__(self) -> None:
        ids = [each.id for each in self.tasks]
        if len(set(ids)) < len(ids) or not 0 <= self.start_hour < 24:
            raise ValueError("a task stands twice, or the day has no such hour")

    def task(self, task_id: str) -> Task:
        """The task of this id. Raises LookupError."""
        found = next((each for each in self.tasks if each.id == task_id), None)
        if found is None:
            raise LookupError("there is no such task")
        return found

    def due(self, task: Task, go_live: date) -> datetime:
        """When a task is due: hours pass as they do, also in a night with a changed clock."""
        start = instant_of(datetime.combine(go_live, time(self.start_hour))).at
        return start + timedelta(hours=task.hour)

    def is_late(self, task: Task, go_live: date, now: datetime) -> bool:
        """Whether it should be done and isn't."""
        return task.state is not TaskState.DONE and self.due(task, go_live) < now

    def open_before(self, task: Task) -> tuple[Task, ...]:
        """What stands before a line of the plan and is not done."""
        place = self.tasks.index(task)
        return tuple(each for each in self.tasks[:place] if each.state is not TaskState.DONE)

    @property
    def stopped(self) -> Decision | None:
        """The decision not to go, or to turn back, when it was the last one."""
        last = self.decisions[-1] if self.decisions else None
        return None if last is None or last.verdict is Verdict.GO else last

    @property
    def is_past_return(self) -> bool:
        """Whether the point of no return is behind."""
        return any(
            each.kind is TaskKind.ROLLBACK and each.state is TaskState.DONE for each in self.tasks
        )


def moved(
    plan: Cutover, task_id: str, *, owner: str, state: TaskState, note: str, now: datetime
) -> Cutover:
    """A task has an owner, or is under way or done."""
    task = plan.task(task_id)
    if task.kind is TaskKind.DECISION:
        raise ValueError("a decision is made, not done")
    if state is not TaskState.WAITING:
        if plan.stopped is not None:
            raise ValueError("the cut-over was stopped")
        if not owner.strip():
            raise ValueError("who does it must be said")
        undecided = [e for e in plan.open_before(task) if e.kind is TaskKind.DECISION]
        if undecided:
            raise ValueError("a decision to go stands before it")
    done_at = (task.done_at or now) if state is TaskState.DONE else None
    return _with(plan, replace(task, owner=owner.strip(), state=state, note=note, done_at=done_at))


def decided(
    plan: Cutover, task_id: str, verdict: Verdict, *, by: str, reason: str, now: datetime
) -> Cutover:
    """It was decided to go or not. To go with something open before it says why."""
    task = plan.task(task_id)
    if task.kind is not TaskKind.DECISION or verdict is Verdict.TURNED_BACK:
        raise ValueError("there is nothing to decide here")
    if plan.is_past_return:
        raise ValueError("the point of no return is behind")
    still_open = plan.open_before(task)
    if any(each.kind is TaskKind.DECISION for each in still_open):
        raise ValueError("an earlier decision is not made")
    if not reason.strip() and (still_open or verdict is Verdict.NO_GO):
        raise ValueError("say why")
    made = Decision(task_id, verdict, by, now, reason.strip(), tuple(e.id for e in still_open))
    state = TaskState.DONE if verdict is Verdict.GO else TaskState.WAITING
    after = _with(plan, replace(task, state=state, done_at=now if verdict is Verdict.GO else None))
    return replace(after, decisions=(*plan.decisions, made))


def turned_back(plan: Cutover, *, by: str, reason: str, now: datetime) -> Cutover:
    """One turns back to the old systems; only before the point of no return."""
    if plan.is_past_return:
        raise ValueError("the point of no return is behind")
    if plan.stopped is not None:
        raise ValueError("the cut-over was stopped already")
    if not reason.strip():
        raise ValueError("say why")
    reopened = tuple(
        replace(each, state=TaskState.WAITING, done_at=None)
        if each.kind is TaskKind.DECISION
        else each
        for each in plan.tasks
    )
    made = Decision("", Verdict.TURNED_BACK, by, now, reason.strip())
    return replace(plan, tasks=reopened, decisions=(*plan.decisions, made))


def _with(plan: Cutover, task: Task) -> Cutover:
    return replace(plan, tasks=tuple(task if each.id == task.id else each for each in plan.tasks))


CUTOVER: Kind[Cutover] = Kind("rollout-cutover", Cutover, frozenset({Duty.ROLL_OUT}))

__all__ = [
    "CUTOVER",
    "Cutover",
    "Decision",
    "Task",
    "TaskKind",
    "TaskState",
    "Verdict",
    "decided",
    "moved",
    "turned_back",
]
