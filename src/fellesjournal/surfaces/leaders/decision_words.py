"""What cases, positions and refusals are called on pages."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fellesjournal.leadership.decisions.action_plans import Problem
from fellesjournal.leadership.decisions.action_plans import Status as ItemStatus
from fellesjournal.leadership.decisions.cases import Outcome, SafetyClass, Stance, Status
from fellesjournal.leadership.decisions.committees import BodyFault, Taking
from fellesjournal.leadership.decisions.findings import Act as FindingAct
from fellesjournal.leadership.decisions.findings import ReviewStatus, Severity, State
from fellesjournal.leadership.decisions.levels import CaseType, LevelFault
from fellesjournal.leadership.decisions.refusals import Why
from fellesjournal.leadership.decisions.usability import Fix, Means, Reach, Source

TYPES: Mapping[CaseType, Promise] = {
    CaseType.CLINICAL_CONTENT: _("Clinical content"),
    CaseType.WORKFLOW: _("Workflow"),
    CaseType.DATA: _("Data"),
    CaseType.TECHNOLOGY: _("Technology"),
    CaseType.PRIORITY: _("Priority"),
    CaseType.ECONOMY: _("Economy"),
}
SAFETY: Mapping[SafetyClass, Promise] = {
    SafetyClass.NONE: _("Not about safety"),
    SafetyClass.RELEVANT: _("About safety"),
    SafetyClass.URGENT: _("Urgent for safety"),
}
STANCES: Mapping[Stance, Promise] = {
    Stance.AGREE: _("Agrees"),
    Stance.STAND_ASIDE: _("Stands aside"),
    Stance.OBJECT: _("Objects"),
}
OWN_STANCES: Mapping[Stance, Promise] = {
    Stance.AGREE: _("We agree"),
    Stance.STAND_ASIDE: _("We stand aside: others may go on"),
    Stance.OBJECT: _("We object: this stops the decision here"),
}
STATUSES: Mapping[Status, Promise] = {
    Status.OPEN: _("Not decided yet"),
    Status.ACTED: _("Done, to be ratified"),
    Status.DECIDED: _("Decided"),
    Status.SUPERSEDED: _("Superseded"),
    Status.WITHDRAWN: _("Withdrawn"),
}
OUTCOMES: Mapping[Outcome, Promise] = {
    Outcome.ADOPTED: _("Adopted"),
    Outcome.REJECTED: _("Rejected"),
}
LEVEL_NAMES: Mapping[str, Promise] = {
    "Professional forum": _("Professional forum"),
    "Priority council": _("Priority council"),
    "Steering group": _("Steering group"),
}
"""Of the structure that is delivered; others are shown as they are written."""
LEVEL_FAULTS: Mapping[LevelFault, Promise] = {
    LevelFault.NO_LEVELS: _("There is no level."),
    LevelFault.ORDER: _("The levels are not numbered one by one."),
    LevelFault.NARROWS: _("A level may decide less than the one below it."),
    LevelFault.TOP_IS_LIMITED: _("The top level may not decide everything."),
    LevelFault.NO_CHAIR: _(
        "The top level has no chair: without consensus nobody can decide there."
    ),
}
REFUSALS: Mapping[Why, Promise] = {
    Why.STATE: _("Nothing was done: the case has come further. This is how it stands."),
    Why.NOT_AFFECTED: _("Only those affected take a position."),
    Why.REASON_MISSING: _("Say why."),
    Why.NO_MANDATE: _("This level has no mandate for the case."),
    Why.ONE_LEVEL: _("A case rises by exactly one level."),
    Why.CONSENSUS: _("Those affected agree: it is decided here, it does not rise."),
    Why.NO_CONSENSUS: _("Without consensus it rises, it is not decided here."),
    Why.NO_QUORUM: _("Not all have answered, and their deadline has not passed."),
    Why.TOP_LEVEL: _("There is no level above this one."),
    Why.NOT_CHAIR: _("At the top level the chair decides."),
    Why.NOT_URGENT: _("Only what is urgent for safety is done before it is decided."),
    Why.NOT_DECIDED: _("The old decision holds until the new one is made."),
    Why.EVIDENCE_MISSING: _("There is no evidence that it has become better."),
    Why.SECOND_PERSON: _("Somebody else than who answered closes it."),
    Why.MEASURE_MISSING: _("Measure time or usability before and after."),
}
REASONS: Mapping[str, Promise] = {
    "proposed": _("Proposed"),
    "position: agree": _("A position: agrees"),
    "position: stand_aside": _("A position: stands aside"),
    "position: object": _("A position: objects"),
    "one level up": _("One level up"),
    "decided: adopted": _("Decided: adopted"),
    "decided: rejected": _("Decided: rejected"),
    "done first, to be ratified": _("Done first, to be ratified"),
    "superseded": _("Superseded"),
}
"""Why a version was made, as the actions say it."""
PROBLEMS: Mapping[Problem, Promise] = {
    Problem.SAME_NUMBER: _("Another item has this number"),
    Problem.DANGLING: _("Refers to an item that is not there"),
    Problem.CIRCLE: _("Waits for itself"),
    Problem.ASK_STATUS: _("Which status does this mean?"),
    Problem.NO_PRIORITY: _("No priority"),
    Problem.NO_RESPONSIBLE: _("Nobody is responsible"),
    Problem.SAYS_NOTHING: _("Marked in every year: it says nothing"),
}
ITEM_STATUSES: Mapping[ItemStatus, Promise] = {
    ItemStatus.DONE: _("Done"),
    ItemStatus.IN_OPERATION: _("In operation"),
    ItemStatus.IN_PROGRESS: _("In progress"),
    ItemStatus.NOT_STARTED: _("Not started"),
}

SOURCES: Mapping[Source, Promise] = {
    Source.TICKET: _("A ticket"),
    Source.SURVEY: _("A survey"),
    Source.GAP_ANALYSIS: _("A gap analysis"),
    Source.AUDIT: _("An audit"),
    Source.PATHWAY: _("A pathway"),
}
FIXES: Mapping[Fix, Promise] = {
    Fix.CONFIG: _("Changed setting"),
    Fix.BUILD: _("Building"),
    Fix.TRAINING: _("Training"),
    Fix.STANDARDISE: _("Working alike"),
}
REACHES: Mapping[Reach, Promise] = {
    Reach.LOCAL: _("Local content"),
    Reach.SHARED: _("Shared content: it is decided as a case"),
}
MEANS: Mapping[Means, Promise] = {
    Means.TIMING: _("Seconds each time (less is better)"),
    Means.SCORE: _("Score of usability (more is better)"),
}
TAKING: Mapping[Taking, Promise] = {
    Taking.MUNICIPALITIES: _("Municipalities"),
    Taking.HEALTH_TRUST: _("Health trust"),
    Taking.USERS: _("Users"),
    Taking.GPS: _("GPs"),
}
BODY_FAULTS: Mapping[BodyFault, Promise] = {
    BodyFault.UNKNOWN: _("A joint meeting names a body that is not there"),
    BodyFault.MORE_JOINT_THAN_MEETINGS: _("More joint meetings than meetings"),
    BodyFault.MISSING: _("Takes no part at this level"),
}
BODIES: Mapping[str, Promise] = {
    "Partnership meeting": _("Partnership meeting"),
    "Strategic committee": _("Strategic committee"),
    "Professional committees": _("Professional committees"),
    "PSU": _("PSU (political cooperation committee)"),
    "ASU": _("ASU (administrative cooperation committee)"),
    "Local committees": _("Local committees"),
    "Professional councils": _("Professional councils"),
}
"""Of the communities that are delivered; others are shown as they are written."""
BODY_TASKS: Mapping[str, Promise] = {
    "sets direction": _("sets direction"),
    "strategies, plans, running decisions": _("strategies, plans, running decisions"),
}
UNCLEAR: Mapping[str, Promise] = {
    "which column of the source belongs to which of the two communities": _(
        "which column of the source belongs to which of the two communities"
    ),
}
SEVERITIES: Mapping[Severity, Promise] = {
    Severity.MINOR: _("Minor"),
    Severity.MAJOR: _("Major"),
    Severity.CRITICAL: _("Critical"),
}
STATES: Mapping[State, Promise] = {
    State.OPEN: _("Not answered yet"),
    State.ANSWERED: _("Answered, to be seen by a second person"),
    State.CLOSED: _("Closed"),
    State.REOPENED: _("Open again: it came back"),
}
REVIEW_STATUSES: Mapping[ReviewStatus, Promise] = {
    ReviewStatus.ANNOUNCED: _("Announced"),
    ReviewStatus.ONGOING: _("Ongoing"),
    ReviewStatus.PUBLISHED: _("Published"),
}
HAPPENED: Mapping[FindingAct, Promise] = {
    FindingAct.ANSWER: _("Answered"),
    FindingAct.CLOSE: _("Closed"),
    FindingAct.RECUR: _("Came back in the figure"),
}


def body_name(name: str) -> str:
    """What a body is called in the reader's language, if it is one of those delivered."""
    return str(BODIES.get(name, name))


def level_name(name: str) -> str:
    """What a level is called in the reader's language, if it is one of those delivered."""
    return str(LEVEL_NAMES.get(name, name))


__all__ = [
    "BODIES", "BODY_FAULTS", "BODY_TASKS", "FIXES", "HAPPENED", "ITEM_STATUSES", "LEVEL_FAULTS",
    "LEVEL_NAMES", "MEANS", "OUTCOMES", "OWN_STANCES", "PROBLEMS", "REACHES", "REASONS", "REFUSALS",
    "REVIEW_STATUSES", "SAFETY", "SEVERITIES", "SOURCES", "STANCES", "STATES", "STATUSES", "TAKING",
    "TYPES", "UNCLEAR", "body_name", "level_name",
]  # fmt: skip
