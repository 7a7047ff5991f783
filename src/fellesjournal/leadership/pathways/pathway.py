"""A pathway: lanes of those who act, steps, handovers, what hurts, and local variants.

A step is known by its lane and its purpose, so that two municipalities that write other words for
the same thing are seen to do the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Group(StrEnum):
    """Whose pathway."""

    FRAIL_ELDERLY = "frail_elderly"
    SEVERAL_CHRONIC = "several_chronic"
    CHILDREN_LONG_NEEDS = "children_long_needs"
    SEVERE_MENTAL_ILLNESS = "severe_mental_illness"


class Kind(StrEnum):
    """How it is, or how it is to be."""

    AS_IS = "as_is"
    TO_BE = "to_be"


class Scope(StrEnum):
    """Of one organisation, or common to all."""

    ACTOR = "actor"
    COMMON = "common"


class Level(StrEnum):
    """Which level of health care a lane belongs to; nobody's for the patient and her family."""

    MUNICIPALITY = "municipality"
    HOSPITAL = "hospital"
    GP = "gp"
    PATIENT = "patient"
    UNKNOWN = "unknown"
    """Not said by a drawing that was read in."""


class Value(StrEnum):
    """What a step is good for."""

    ADDING = "adding"
    NECESSARY = "necessary"
    WASTE = "waste"


class Pain(StrEnum):
    """What hurts at a step."""

    BAD_EXPERIENCE = "bad_experience"
    DOUBLE_WORK = "double_work"
    ERROR_RISK = "error_risk"
    FRICTION = "friction"


LONGEST_NAME, LONGEST_TEXT = 300, 4000
LONGEST_HOURS = 87_600
"""Ten years: what is longer is a slip of the keyboard, and no calendar holds everything."""


@dataclass(frozen=True, slots=True)
class Lane:
    """Who acts: a role or unit, at a level."""

    name: str
    level: Level


@dataclass(frozen=True, slots=True)
class PathwayStep:
    """One step: who, to what end, what is done with which documents, when it must be done by."""

    lane: str
    purpose: str
    action: str = ""
    documents: tuple[str, ...] = ()
    channel: str = ""
    trigger: str = ""
    limit_hours: int | None = None
    value: Value = Value.NECESSARY
    requires_platform: bool = False

    def __post_init__(self) -> None:
        if not self.lane.strip() or not self.purpose.strip():
            raise ValueError("a step has a lane and a purpose")
        if max(len(self.lane), len(self.purpose)) > LONGEST_NAME:
            raise ValueError(f"a lane or a purpose has at most {LONGEST_NAME} characters")
        if max(map(len, (self.action, self.channel, self.trigger, *self.documents))) > LONGEST_TEXT:
            raise ValueError(f"what is said of a step has at most {LONGEST_TEXT} characters")
        if self.limit_hours is not None and not 0 <= self.limit_hours <= LONGEST_HOURS:
            raise ValueError("a step is not to be done before it comes, nor after ten years")

    @property
    def key(self) -> str:
        """What it is known by."""
        return f"{self.lane} / {self.purpose}"


@dataclass(frozen=True, slots=True)
class Handover:
    """From one step to another: what is told, within how many hours, whether its coming is told."""

    start: str
    end: str
    message: str = ""
    deadline_hours: int | None = None
    receipt: bool = False

    def __post_init__(self) -> None:
        if self.deadline_hours is not None and not 0 <= self.deadline_hours <= LONGEST_HOURS:
            raise ValueError("a deadline does not lie before, nor in ten years")


@dataclass(frozen=True, slots=True)
class PainPoint:
    """What hurts at a step, how much (1 to 5), and how it is known."""

    step: str
    kind: Pain
    severity: int
    evidence: str

    def __post_init__(self) -> None:
        if not 1 <= self.severity <= 5:
            raise ValueError(f"{self.severity} is no severity from 1 to 5")


@dataclass(frozen=True, slots=True)
class LocalVariant:
    """Where a place does otherwise than the common pathway, and why; approved or not yet."""

    step: str
    reason: str
    approved: bool = False


@dataclass(frozen=True, slots=True)
class Pathway:
    """One version of a pathway. ``actor`` is empty for a common one."""

    title: str
    group: Group
    version: str
    kind: Kind
    scope: Scope
    lanes: tuple[Lane, ...]
    steps: tuple[PathwayStep, ...]
    handovers: tuple[Handover, ...] = ()
    actor: str = ""
    pain_points: tuple[PainPoint, ...] = ()
    variants: tuple[LocalVariant, ...] = ()

    def __post_init__(self) -> None:
        if (self.scope is Scope.ACTOR) != bool(self.actor):
            raise ValueError("a pathway is of an organisation, or common")
        keys = [step.key for step in self.steps]
        if len(set(keys)) != len(keys):
            raise ValueError("two steps of a lane have one purpose")
        if len({lane.name for lane in self.lanes}) != len(self.lanes):
            raise ValueError("two lanes have one name")

    @property
    def keys(self) -> frozenset[str]:
        """The keys of its steps."""
        return frozenset(step.key for step in self.steps)

    def step(self, key: str) -> PathwayStep:
        """The step of a key. Raises KeyError."""
        return {step.key: step for step in self.steps}[key]


class Fault(StrEnum):
    """What is wrong with a pathway that can be drawn all the same."""

    NO_STEPS = "no-steps"
    UNKNOWN_LANE = "unknown-lane"
    UNKNOWN_LEVEL = "unknown-level"
    UNKNOWN_STEP = "unknown-step"
    NO_RECEIPT = "no-receipt"
    """A message between levels of which nobody is told that it came."""
    UNAPPROVED_VARIANT = "unapproved-variant"
    CIRCLE = "circle"


def faults(pathway: Pathway) -> tuple[tuple[Fault, str], ...]:
    """Everything to be looked at, with what it is about."""
    lanes = {lane.name: lane.level for lane in pathway.lanes}
    named = [
        *(key for each in pathway.handovers for key in (each.start, each.end)),
        *(each.step for each in pathway.pain_points),
        *(each.step for each in pathway.variants),
    ]
    unknown = dict.fromkeys(key for key in named if key not in pathway.keys)
    return (
        *(((Fault.NO_STEPS, pathway.title),) if not pathway.steps else ()),
        *((Fault.UNKNOWN_LANE, step.key) for step in pathway.steps if step.lane not in lanes),
        *((Fault.UNKNOWN_LEVEL, ln.name) for ln in pathway.lanes if ln.level is Level.UNKNOWN),
        *((Fault.UNKNOWN_STEP, key) for key in unknown),
        *(
            (Fault.NO_RECEIPT, f"{each.start} \N{RIGHTWARDS ARROW} {each.end}")
            for each in pathway.handovers
            if not each.receipt and _crosses(pathway, lanes, each)
        ),
        *((Fault.UNAPPROVED_VARIANT, v.step) for v in pathway.variants if not v.approved),
        *((Fault.CIRCLE, key) for key in sorted(in_circles(pathway.handovers))),
    )


def in_circles(handovers: Iterable[Handover]) -> set[str]:
    """The steps from which the handovers lead back to themselves."""
    after: dict[str, set[str]] = {}
    for each in handovers:
        after.setdefault(each.start, set()).add(each.end)
    for _ in after:
        for reached in after.values():
            reached |= {far for near in tuple(reached) for far in after.get(near, ())}
    return {key for key, reached in after.items() if key in reached}


def reusable(pathway: Pathway) -> tuple[PathwayStep, ...]:
    """The steps another municipality can take over as its platform is today."""
    return tuple(step for step in pathway.steps if not step.requires_platform)


def _crosses(pathway: Pathway, lanes: dict[str, Level], each: Handover) -> bool:
    if not each.message or {each.start, each.end} - pathway.keys:
        return False
    start, end = pathway.step(each.start).lane, pathway.step(each.end).lane
    return lanes.get(start) != lanes.get(end)


__all__ = [
    "LONGEST_HOURS", "LONGEST_NAME", "LONGEST_TEXT",
    "Fault", "Group", "Handover", "Kind", "Lane", "Level", "LocalVariant", "Pain", "PainPoint",
    "Pathway", "PathwayStep", "Scope", "Value", "faults", "in_circles", "reusable",
]  # fmt: skip
