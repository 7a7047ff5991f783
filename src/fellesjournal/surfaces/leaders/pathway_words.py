"""What pathways, gaps, measures, guards and claims are called on pages."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.leadership.pathways.claims import Caution, Claim, Design, Direction
from fellesjournal.leadership.pathways.gaps import GapKind
from fellesjournal.leadership.pathways.measures import Status
from fellesjournal.leadership.pathways.pathway import Fault, Group, Level, Pain, Value
from fellesjournal.leadership.pathways.phases import Guard, Phase
from fellesjournal.leadership.pathways.refusals import Misread, Why

GROUPS: Mapping[Group, Promise] = {
    Group.FRAIL_ELDERLY: _("Frail elderly people"),
    Group.SEVERAL_CHRONIC: _("People with several chronic diseases"),
    Group.CHILDREN_LONG_NEEDS: _("Children and young people with long or extensive needs"),
    Group.SEVERE_MENTAL_ILLNESS: _("People with severe mental illness"),
}
LEVELS: Mapping[Level, Promise] = {
    Level.MUNICIPALITY: _("Municipality"),
    Level.HOSPITAL: _("Hospital"),
    Level.GP: _("General practice"),
    Level.PATIENT: _("Patient and family"),
    Level.UNKNOWN: _("Level not known"),
}
GAPS: Mapping[GapKind, Promise] = {
    GapKind.MISSING: _("Is not done today"),
    GapKind.EXTRA: _("Is done today and falls away"),
    GapKind.DIFFERENT: _("Is done otherwise"),
    GapKind.TIMING: _("Is done at another time"),
    GapKind.CHANNEL: _("Goes another way"),
}
ATTRIBUTES: Mapping[str, Promise] = {
    "limit_hours": _("time limit"),
    "trigger": _("what sets it off"),
    "channel": _("channel"),
    "action": _("what is done"),
    "documents": _("documents"),
}
VALUES: Mapping[Value, Promise] = {
    Value.ADDING: _("Gives the patient something"),
    Value.NECESSARY: _("Is necessary"),
    Value.WASTE: _("Is waste"),
}
PAINS: Mapping[Pain, Promise] = {
    Pain.BAD_EXPERIENCE: _("Bad experience"),
    Pain.DOUBLE_WORK: _("Double work"),
    Pain.ERROR_RISK: _("Risk of errors"),
    Pain.FRICTION: _("Friction"),
}
STATUSES: Mapping[Status, Promise] = {
    Status.PROPOSED: _("Proposed"),
    Status.STARTED: _("Started"),
    Status.DONE: _("Done"),
    Status.STOPPED: _("Given up"),
    Status.EXPORTED: _("Handed to the usability queue"),
}
PHASES: Mapping[Phase, Promise] = {
    Phase.INSIGHT: _("Start and insight"),
    Phase.MEASURES: _("As it is, and measures"),
    Phase.INTRODUCTION: _("Stepwise introduction"),
    Phase.GUIDE: _("Guide"),
    Phase.CLOSING: _("Closing"),
}
GUARDS: Mapping[Guard, Promise] = {
    Guard.PLAN: _("Plan"),
    Guard.STAKEHOLDERS: _("List of stakeholders"),
    Guard.BENEFIT_GOALS: _("Goals of benefits"),
    Guard.BASELINE: _("Frozen baseline"),
    Guard.GROUP: _("A group is chosen"),
    Guard.AS_IS: _("Drawn as it is"),
    Guard.PAIN_POINTS: _("What hurts is written down"),
    Guard.COMMON_TO_BE: _("Drawn as it is to be, common to all"),
    Guard.GAPS: _("Gaps are found"),
    Guard.MEASURES: _("Measures, each with its economic effect"),
    Guard.LOCAL_PLAN: _("Local plan"),
    Guard.STARTED: _("A municipality has started before"),
    Guard.LEARNING_LOG: _("Learning log"),
    Guard.TEMPLATES: _("Templates that others can use"),
    Guard.WORK_PACKAGES: _("Work packages that others can use"),
    Guard.BENEFIT_REVIEW: _("Review of benefits"),
    Guard.STRUCTURE: _("Recommendation of a structure"),
    Guard.FINAL_REPORT: _("Final report"),
    Guard.USERS_HEARD: _("The user council is heard in this phase"),
}
FAULTS: Mapping[Fault, Promise] = {
    Fault.NO_STEPS: _("There is no step"),
    Fault.UNKNOWN_LANE: _("A step stands in no lane"),
    Fault.UNKNOWN_LEVEL: _("Nobody has said which level this lane belongs to"),
    Fault.UNKNOWN_STEP: _("Something points to a step that is not there"),
    Fault.NO_RECEIPT: _("A message between levels, and nobody is told that it came"),
    Fault.UNAPPROVED_VARIANT: _("A local variant that nobody has approved"),
    Fault.CIRCLE: _("Steps lead back to themselves"),
}
CLAIMS: Mapping[Claim, Promise] = {
    Claim.OBSERVED: _("Observed: it changed"),
    Claim.PLAUSIBLE: _("Plausible: the measure is a likely reason"),
    Claim.ATTRIBUTABLE: _("Attributable: it is the measure that did it"),
}
SHORT_CLAIMS: Mapping[Claim, Promise] = {
    Claim.OBSERVED: _("Observed"),
    Claim.PLAUSIBLE: _("Plausible"),
    Claim.ATTRIBUTABLE: _("Attributable"),
}
DESIGNS: Mapping[Design, Promise] = {
    Design.BEFORE_AFTER: _("Before and after, nothing to compare with"),
    Design.INTERRUPTED_SERIES: _("A series over time that was interrupted"),
    Design.WITH_CONTROLS: _("Before and after, against others"),
    Design.STAGGERED: _("Places that start one after the other"),
}
DIRECTIONS: Mapping[Direction, Promise] = {
    Direction.BETTER: _("Makes the figure better"),
    Direction.WORSE: _("Makes the figure worse"),
    Direction.UNKNOWN: _("Not known which way"),
}
CAUTIONS: Mapping[Caution, Promise] = {
    Caution.REGRESSION_TO_THE_MEAN: _(
        "The group was chosen for being worst: it would have come nearer to the others by itself."
    ),
    Caution.CONFOUNDED: _("Something else that happened may have done the same."),
    Caution.FEW_POINTS: _("There are too few periods before the change for its trend to be known."),
    Caution.CHANCE: _("With so few places chance can't be ruled out."),
}
MISREAD: Mapping[Misread, Promise] = {
    Misread.TOO_LARGE: _("the file is too large"),
    Misread.NO_XML: _("this is no XML, or it breaks off here"),
    Misread.NO_BPMN: _("this is no BPMN 2.0"),
    Misread.NO_ACTIVITY: _("the drawing has no activity"),
    Misread.TOO_MANY: _("the drawing has more activities than one pathway can have"),
    Misread.STEP: _("a step says something that can't be"),
    Misread.HANDOVER: _("a handover says something that can't be"),
    Misread.PATHWAY: _("what is said of the pathway can't be"),
}
REFUSALS: Mapping[Why, Promise] = {
    Why.GUARD: _("Something is lacking."),
    Why.STATE: _("Nothing was done: this has come further. This is how it stands."),
    Why.NEEDS_PLATFORM: _("This needs the platform to change: hand it to the usability queue."),
    Why.NO_CONFOUNDERS: _("First say what else happened, and who was asked."),
    Why.CLAIM: _("The evidence does not carry so strong a claim."),
    Why.UNREADABLE: _("The drawing can't be read."),
    Why.GONE: _("Somebody else has taken this away or renamed it meanwhile."),
    Why.IN_USE: _("Steps stand in this lane: move or remove them first."),
    Why.TOO_MANY: _("The drawing has more steps than one pathway can have."),
}


def part_name(part: str) -> str:
    """A part of the work (as ``measures.parts`` names it) in the reader's language."""
    kind, _space, name = part.partition(" ")
    if kind == "municipality":
        return gettext("municipality: %(name)s") % {"name": name}
    if kind == "hospital":
        return gettext("hospital: %(name)s") % {"name": name}
    return part


__all__ = [
    "ATTRIBUTES", "CAUTIONS", "CLAIMS", "DESIGNS", "DIRECTIONS", "FAULTS", "GAPS", "GROUPS",
    "GUARDS", "LEVELS", "MISREAD", "PAINS", "PHASES", "REFUSALS", "SHORT_CLAIMS",
    "STATUSES", "VALUES", "part_name",
]  # fmt: skip
