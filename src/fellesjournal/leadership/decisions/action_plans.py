"""Action plans of committees and communities: what is to be done by whom and when, on what it
depends, and what in a plan can't be right. Free text is never taken for a status.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

_REFERENCE = re.compile(r"\b(?:see|se|sjå)\s+(\d+(?:\.\d+)+)", re.IGNORECASE)


class Status(StrEnum):
    """How far an item has come."""

    DONE = "done"
    IN_OPERATION = "in_operation"
    IN_PROGRESS = "in_progress"
    NOT_STARTED = "not_started"


FINISHED = frozenset({Status.DONE, Status.IN_OPERATION})

_WORDS = {
    "done": Status.DONE,
    "gjennomført": Status.DONE,
    "ferdig": Status.DONE,
    "in operation": Status.IN_OPERATION,
    "i drift": Status.IN_OPERATION,
    "in progress": Status.IN_PROGRESS,
    "pågår": Status.IN_PROGRESS,
    "under arbeid": Status.IN_PROGRESS,
    "not started": Status.NOT_STARTED,
    "ikke påbegynt": Status.NOT_STARTED,
    "ikkje påbyrja": Status.NOT_STARTED,
}


@dataclass(frozen=True, slots=True)
class Mark:
    """Whether a year of a plan is marked for an item."""

    year: int
    marked: bool


@dataclass(frozen=True, slots=True)
class ActionItem:
    """One item. ``status`` is None as long as somebody has to say what ``status_text`` means;
    ``origins``: the plans it was merged from.
    """

    no: str
    title: str
    description: str = ""
    goal: str = ""
    deadline: date | None = None
    responsible: str = ""
    priority: int | None = None
    status: Status | None = None
    status_text: str = ""
    done_on: date | None = None
    sub_targets: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    years: tuple[Mark, ...] = ()
    origins: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.no.strip() or not self.title.strip():
            raise ValueError("an item has a number and a title")
        if self.priority is not None and not 1 <= self.priority <= 4:
            raise ValueError(f"{self.priority} is no priority from 1 to 4")

    @property
    def references(self) -> tuple[str, ...]:
        """The other items its texts refer to («see 2.2»)."""
        texts = (self.title, self.description, self.goal, self.status_text)
        return tuple(dict.fromkeys(no for text in texts for no in _REFERENCE.findall(text)))

    @property
    def done_ahead(self) -> bool:
        """Whether it was done before its deadline."""
        if self.done_on is None or self.deadline is None:
            return False
        return self.status in FINISHED and self.done_on < self.deadline


@dataclass(frozen=True, slots=True)
class ActionPlan:
    """The plan of a committee or a community."""

    name: str
    items: tuple[ActionItem, ...]


class Problem(StrEnum):
    """What is to be looked at in a plan."""

    SAME_NUMBER = "same-number"
    DANGLING = "dangling-reference"
    CIRCLE = "circle"
    ASK_STATUS = "ask-status"
    NO_PRIORITY = "no-priority"
    NO_RESPONSIBLE = "no-responsible"
    SAYS_NOTHING = "marked-every-year"


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem of an item, and what it is about: the number that is not there, the text."""

    problem: Problem
    no: str
    about: str = ""


def status_in(text: str) -> Status | None:
    """The status a text is the name of, and nothing else; None for free text, which asks."""
    return _WORDS.get(" ".join(text.lower().split()))


def read(item: ActionItem) -> ActionItem:
    """An item as imported: its text is kept, and is its status only when it is one's name."""
    return replace(item, status=item.status or status_in(item.status_text))


def answered(plan: ActionPlan, no: str, status: Status, done_on: date | None) -> ActionPlan:
    """With the status of the items of a number, as somebody says their text means. What the text
    says is kept. Raises ValueError for a number that is not there, and for a day on which
    something was done that is not done.
    """
    if no not in {item.no for item in plan.items}:
        raise ValueError(f"there is no item {no}")
    if done_on is not None and status not in FINISHED:
        raise ValueError("what is not finished was not done on a day")
    items = tuple(
        replace(item, status=status, done_on=done_on) if item.no == no else item
        for item in plan.items
    )
    return replace(plan, items=items)


def problems(plan: ActionPlan) -> tuple[Finding, ...]:
    """Everything to be looked at, in the order of the plan."""
    numbers = Counter(item.no for item in plan.items)
    in_circles = _in_circles(plan.items)
    found: list[Finding] = []
    for item in plan.items:
        if numbers[item.no] > 1:
            found.append(Finding(Problem.SAME_NUMBER, item.no, item.title))
        named = dict.fromkeys((*item.depends_on, *item.references))
        found += [Finding(Problem.DANGLING, item.no, no) for no in named if no not in numbers]
        if item.no in in_circles:
            found.append(Finding(Problem.CIRCLE, item.no))
        found += [Finding(problem, item.no, about) for problem, about in _alone(item)]
    return tuple(found)


def _alone(item: ActionItem) -> Iterable[tuple[Problem, str]]:
    if item.status is None and item.status_text:
        yield Problem.ASK_STATUS, item.status_text
    if item.priority is None:
        yield Problem.NO_PRIORITY, ""
    if not item.responsible.strip():
        yield Problem.NO_RESPONSIBLE, ""
    if len(item.years) > 1 and all(mark.marked for mark in item.years):
        yield Problem.SAYS_NOTHING, ""


def _in_circles(items: Sequence[ActionItem]) -> set[str]:
    """Who depends on herself, by whatever way. Grows the reach of each until nothing is new."""
    after = {item.no: set(item.depends_on) for item in items}
    for _ in after:
        for reached in after.values():
            reached |= {far for near in tuple(reached) for far in after.get(near, ())}
    return {no for no, reached in after.items() if no in reached}


def by_responsible(plan: ActionPlan) -> dict[str, list[ActionItem]]:
    """Items by who answers for them, in the order of the plan."""
    found: dict[str, list[ActionItem]] = defaultdict(list)
    for item in plan.items:
        found[item.responsible].append(item)
    return dict(found)


def overdue(plan: ActionPlan, today: date) -> list[ActionItem]:
    """Items whose deadline has passed and which are not known to be finished, oldest first."""
    late = [
        (item.deadline, item)
        for item in plan.items
        if item.deadline is not None and item.deadline < today and item.status not in FINISHED
    ]
    return [item for _, item in sorted(late, key=lambda each: each[0])]


def blocked(plan: ActionPlan) -> dict[str, tuple[str, ...]]:
    """Unfinished items by number, with what they wait for: an item that is not finished, or that
    is not in the plan at all.
    """
    finished = {item.no for item in plan.items if item.status in FINISHED}
    return {
        item.no: waits
        for item in plan.items
        if item.status not in FINISHED
        and (waits := tuple(no for no in item.depends_on if no not in finished))
    }


@dataclass(frozen=True, slots=True)
class Merged:
    """One plan of several, and the numbers under which they said different things."""

    plan: ActionPlan
    differing: tuple[str, ...]


def merged(name: str, plans: Sequence[ActionPlan]) -> Merged:
    """One plan of several. Items that are alike become one, with all their origins; items of one
    number that are not alike all stay, and their number is told: none is lost.
    """
    rows: dict[ActionItem, list[str]] = {}
    for plan in plans:
        for item in plan.items:
            rows.setdefault(replace(item, origins=()), []).extend(item.origins or (plan.name,))
    items = tuple(
        replace(item, origins=tuple(dict.fromkeys(origins))) for item, origins in rows.items()
    )
    numbers = Counter(item.no for item in items)
    differing = tuple(no for no, count in numbers.items() if count > 1)
    return Merged(ActionPlan(name, items), differing)


@dataclass(frozen=True, slots=True)
class Row:
    """One number across communities: its status in each; None: not said, "" no such item."""

    no: str
    title: str
    statuses: Mapping[str, Status | str | None]
    is_aligned: bool


def alignment(plans: Mapping[str, ActionPlan]) -> list[Row]:
    """How the plans of communities agree, number by number, for their revision. They agree on a
    number when all have it under one title, with one goal and one deadline.
    """
    numbers = dict.fromkeys(item.no for plan in plans.values() for item in plan.items)
    return [_row(no, plans) for no in numbers]


def _row(no: str, plans: Mapping[str, ActionPlan]) -> Row:
    found = {
        name: next((item for item in plan.items if item.no == no), None)
        for name, plan in plans.items()
    }
    there = [item for item in found.values() if item is not None]
    alike = len({(item.title, item.goal, item.deadline) for item in there}) == 1
    statuses = {name: "" if item is None else item.status for name, item in found.items()}
    return Row(no, there[0].title, statuses, alike and len(there) == len(plans))


__all__ = [
    "FINISHED", "ActionItem", "ActionPlan", "Finding", "Mark", "Merged", "Problem", "Row",
    "Status", "alignment", "answered", "blocked", "by_responsible", "merged", "overdue", "problems", "read",
    "status_in",
]  # fmt: skip
