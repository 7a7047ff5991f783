"""The five phases of improving a pathway, and what has to be there before one is left."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum, StrEnum

from fellesjournal.leadership.pathways.assumptions import SUMMER_2025
from fellesjournal.leadership.pathways.measures import WORKSTREAMS, Workstream, parts
from fellesjournal.leadership.pathways.pathway import Group
from fellesjournal.leadership.pathways.refusals import Refused, Why


class Phase(IntEnum):
    """Where a project is."""

    INSIGHT = 1
    MEASURES = 2
    INTRODUCTION = 3
    GUIDE = 4
    CLOSING = 5


class Guard(StrEnum):
    """What has to be there. The two with a colon are asked for each workstream or part."""

    PLAN = "plan"
    STAKEHOLDERS = "stakeholder-list"
    BENEFIT_GOALS = "benefit-goals"
    BASELINE = "frozen-baseline"
    GROUP = "group-chosen"
    AS_IS = "as-is"
    PAIN_POINTS = "pain-points"
    COMMON_TO_BE = "common-to-be"
    GAPS = "gaps"
    MEASURES = "measures-with-economic-effect"
    LOCAL_PLAN = "local-plan"
    STARTED = "municipality-started"
    LEARNING_LOG = "learning-log"
    TEMPLATES = "templates"
    WORK_PACKAGES = "work-packages"
    BENEFIT_REVIEW = "benefit-review"
    STRUCTURE = "structure-recommendation"
    FINAL_REPORT = "final-report"
    USERS_HEARD = "user-council-heard"


_TO_LEAVE: dict[Phase, tuple[Guard, ...]] = {
    Phase.INSIGHT: (Guard.PLAN, Guard.STAKEHOLDERS, Guard.BENEFIT_GOALS, Guard.BASELINE),
    Phase.MEASURES: (Guard.PAIN_POINTS, Guard.COMMON_TO_BE, Guard.GAPS, Guard.MEASURES),
    Phase.INTRODUCTION: (Guard.LEARNING_LOG,),
    Phase.GUIDE: (Guard.TEMPLATES, Guard.WORK_PACKAGES),
    Phase.CLOSING: (Guard.BENEFIT_REVIEW, Guard.STRUCTURE, Guard.FINAL_REPORT),
}


@dataclass(frozen=True, slots=True)
class There:
    """Something that is there: which guard it answers, for which workstream or part, where it is."""

    guard: Guard
    document: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """Users were heard in a phase: by which forum, what they said, what was answered."""

    phase: Phase
    forum: str
    said: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Start:
    """A municipality that has begun with a measure."""

    municipality: str
    day: date


@dataclass(frozen=True, slots=True)
class Learnt:
    """Something that was learnt on the way: when, where, what happened, and what others should do."""

    day: date
    where: str
    what: str
    advice: str


@dataclass(frozen=True, slots=True)
class Project:
    """An improvement of a pathway, and how far it has come. ``ended``: the last phase was left."""

    title: str
    phase: Phase = Phase.INSIGHT
    group: Group | None = None
    workstreams: tuple[Workstream, ...] = WORKSTREAMS
    there: tuple[There, ...] = ()
    heard: tuple[Heard, ...] = ()
    starts: tuple[Start, ...] = ()
    start_before: date = SUMMER_2025
    ended: bool = False
    learnt: tuple[Learnt, ...] = ()


def lacking(project: Project) -> tuple[tuple[Guard, str], ...]:
    """What has to be there before the phase is left, with what it is for."""
    found = [(guard, "") for guard in _TO_LEAVE[project.phase] if not _has(project, guard)]
    if project.phase is Phase.INSIGHT and project.group is None:
        found.append((Guard.GROUP, ""))
    if project.phase is Phase.MEASURES:
        names = [each.name for each in project.workstreams]
        found += [(Guard.AS_IS, of) for of in names if not _has(project, Guard.AS_IS, of)]
        places = [part for part, _ in parts(project.workstreams)]
        found += [
            (Guard.LOCAL_PLAN, of) for of in places if not _has(project, Guard.LOCAL_PLAN, of)
        ]
    if project.phase is Phase.INTRODUCTION and not _has_started(project):
        found.append((Guard.STARTED, project.start_before.isoformat()))
    if not any(each.phase is project.phase and each.said.strip() for each in project.heard):
        found.append((Guard.USERS_HEARD, ""))
    return tuple(found)


def moved_on(project: Project) -> Project:
    """In the next phase, or ended. Raises Refused while something is lacking."""
    if project.ended:
        raise Refused(Why.STATE, "the project has ended")
    if missing := lacking(project):
        raise Refused(Why.GUARD, ", ".join(f"{guard} {of}".strip() for guard, of in missing))
    if project.phase is Phase.CLOSING:
        return replace(project, ended=True)
    return replace(project, phase=Phase(project.phase + 1))


def _has(project: Project, guard: Guard, of: str = "") -> bool:
    return any(
        each.guard is guard and each.of == of and each.document.strip() for each in project.there
    )


def _has_started(project: Project) -> bool:
    return any(each.day < project.start_before for each in project.starts)


__all__ = [
    "Guard", "Heard", "Learnt", "Phase", "Project", "Start", "There", "lacking", "moved_on",
]  # fmt: skip
