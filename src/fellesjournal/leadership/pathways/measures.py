"""Measures that close gaps, what they cost and save whom, and workstreams that share a hospital."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from fellesjournal.leadership.pathways.gaps import Gap
from fellesjournal.leadership.pathways.refusals import Refused, Why


class Status(StrEnum):
    """How far a measure has come."""

    PROPOSED = "proposed"
    STARTED = "started"
    DONE = "done"
    STOPPED = "stopped"
    EXPORTED = "exported"
    """Handed to the queue of the platform: it is not carried out here."""


class Act(StrEnum):
    """What is done with a measure."""

    START = "start"
    FINISH = "finish"
    STOP = "stop"
    EXPORT = "export"


FOLLOWS: dict[Status, dict[Act, Status]] = {
    Status.PROPOSED: {
        Act.START: Status.STARTED, Act.STOP: Status.STOPPED, Act.EXPORT: Status.EXPORTED,
    },
    Status.STARTED: {Act.FINISH: Status.DONE, Act.STOP: Status.STOPPED},
    Status.STOPPED: {Act.START: Status.STARTED},
    Status.DONE: {},
    Status.EXPORTED: {},
}  # fmt: skip
"""Which act leads from which state to which; what does not stand here is refused."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a measure gives an organisation in a year (NOK); less than nothing is what it costs."""

    actor: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure. ``within_platform``: it needs no development of the platform."""

    title: str
    gaps: tuple[Gap, ...]
    within_platform: bool
    effects: tuple[Effect, ...]
    workstream: str
    status: Status = Status.PROPOSED

    def __post_init__(self) -> None:
        if not self.title.strip() or not self.gaps:
            raise ValueError("a measure has a title and closes a gap")
        if len({each.actor for each in self.effects}) != len(self.effects):
            raise ValueError("the effect for an organisation is told once")


@dataclass(frozen=True, slots=True)
class ForQueue:
    """What the queue of usability gets of a measure: the rest is asked of those who know it."""

    title: str
    steps: tuple[str, ...]
    workstream: str


@dataclass(frozen=True, slots=True)
class Workstream:
    """A municipality with its hospital."""

    name: str
    municipality: str
    hospital: str


WORKSTREAMS = (
    Workstream("Ålesund", "Ålesund", "Ålesund"),
    Workstream("Molde", "Molde", "Molde and Kristiansund"),
    Workstream("Kristiansund", "Kristiansund", "Molde and Kristiansund"),
)
"""«Samhandlingsoptimalisering i Helseplattformen», Møre og Romsdal, 29 November 2024: Molde and
Kristiansund share one hospital.
"""


def started(measure: Measure) -> Measure:
    """Begun. Raises Refused for one that needs development of the platform: it is exported."""
    if not measure.within_platform:
        raise Refused(Why.NEEDS_PLATFORM, "this needs the platform to change: hand it to the queue")
    return _after(measure, Act.START)


def finished(measure: Measure) -> Measure:
    """Done. Raises Refused for one that was not begun."""
    return _after(measure, Act.FINISH)


def stopped(measure: Measure) -> Measure:
    """Given up, to be begun again or not. Raises Refused for one that is done or handed over."""
    return _after(measure, Act.STOP)


def exported(measure: Measure) -> tuple[Measure, ForQueue]:
    """Handed to the queue of usability, with what it gets. Raises Refused for one that needs no
    development: it is carried out.
    """
    if measure.within_platform:
        raise Refused(Why.STATE, "this can be done as the platform is")
    steps = tuple(dict.fromkeys(gap.step for gap in measure.gaps))
    return _after(measure, Act.EXPORT), ForQueue(measure.title, steps, measure.workstream)


def by_actor(measures: Iterable[Measure]) -> dict[str, Decimal]:
    """What measures give each organisation in a year together; those given up and handed over
    give nothing.
    """
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for measure in measures:
        if measure.status not in {Status.STOPPED, Status.EXPORTED}:
            for effect in measure.effects:
                sums[effect.actor] += effect.amount
    return dict(sums)


def parts(workstreams: Sequence[Workstream]) -> list[tuple[str, tuple[str, ...]]]:
    """What is to be mapped: each municipality and each hospital once, with the workstreams that it
    is done for.
    """
    found: dict[str, list[str]] = {}
    for each in workstreams:
        found.setdefault(f"municipality {each.municipality}", []).append(each.name)
    for each in workstreams:
        found.setdefault(f"hospital {each.hospital}", []).append(each.name)
    return [(part, tuple(names)) for part, names in found.items()]


def _after(measure: Measure, act: Act) -> Measure:
    status = FOLLOWS[measure.status].get(act)
    if status is None:
        raise Refused(Why.STATE, f"a measure that is {measure.status} has no {act}")
    return replace(measure, status=status)


__all__ = [
    "FOLLOWS", "WORKSTREAMS", "Act", "Effect", "ForQueue", "Measure", "Status", "Workstream",
    "by_actor", "exported", "finished", "parts", "started", "stopped",
]  # fmt: skip
