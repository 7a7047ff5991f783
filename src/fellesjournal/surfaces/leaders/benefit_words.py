"""The words of benefits: goals, phases, kinds, what is missing, and what a plan line says of itself."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fellesjournal.leadership.benefits.attainment import Verdict
from fellesjournal.leadership.benefits.benefit_map import NodeKind
from fellesjournal.leadership.benefits.maturity import Rung
from fellesjournal.leadership.benefits.network import Place
from fellesjournal.leadership.benefits.plan import (
    BenefitType,
    Finding,
    MeasureStatus,
    Phase,
    Realisation,
)
from fellesjournal.leadership.benefits.refusals import Why

GOALS: Mapping[str, Promise] = {
    "Innbyggerinvolvering": _("Involving residents"),
    "Logistikk": _("Logistics"),
    "Legemiddelhåndtering": _("Handling of medicines"),
    "Digital hjemmeoppfølging": _("Digital follow-up at home"),
    "Brukervennlighet": _("Ease of use"),
    "Styringsinformasjon": _("Information to lead by"),
    "Forskning": _("Research"),
    "Samhandling": _("Working together"),
    "Pasientmedvirkning": _("Taking part as a patient"),
    "Samhandling og pasientlogistikk": _("Working together and patient logistics"),
    "Kvalitetsregistre": _("Quality registries"),
}
HEADLINES: tuple[Promise, ...] = (
    _("Better usability for staff"),
    _("More satisfied residents and patients"),
    _("Better interaction between specialist and municipal services"),
)
PHASES: Mapping[Phase, Promise] = {
    Phase.OWNERSHIP: _("Establish ownership"),
    Phase.INDICATORS: _("Identify indicators"),
    Phase.MEASUREMENT: _("Plan measurement"),
    Phase.REALISE: _("Realise, measure, adjust"),
}
TYPES: Mapping[BenefitType, Promise] = {
    BenefitType.EFFICIENCY: _("Saves time or money"),
    BenefitType.QUALITY: _("Better quality"),
    BenefitType.OTHER_ACTOR: _("Somebody else's gain"),
    BenefitType.DISBENEFIT: _("A loss (disbenefit)"),
}
REALISATIONS: Mapping[Realisation, Promise] = {
    Realisation.BUDGET: _("Taken out of a budget"),
    Realisation.REALLOCATED_CAPACITY: _("Time moved to other work"),
    Realisation.PRICED_ELSEWHERE: _("Has a price, in another budget"),
    Realisation.NON_PRICED: _("Has no price"),
}
RUNGS: Mapping[Rung, Promise] = {
    Rung.LEADERSHIP: _("Leadership owns it"),
    Rung.KEY_PEOPLE: _("Key people are appointed"),
    Rung.AMBASSADORS: _("Ambassadors"),
    Rung.EVERYONE: _("Everyone is on board"),
    Rung.CELEBRATE: _("Celebrate and repeat"),
}
MEASURE_STATUSES: Mapping[MeasureStatus, Promise] = {
    MeasureStatus.PLANNED: _("Planned"),
    MeasureStatus.UNDER_WAY: _("Under way"),
    MeasureStatus.DONE: _("Done"),
    MeasureStatus.STOPPED: _("Stopped"),
}
PLACES: Mapping[Place, Promise] = {
    Place.INSIDE: _("within chance"),
    Place.ABOVE: _("higher than chance gives"),
    Place.BELOW: _("lower than chance gives"),
    Place.ALONE: _("nobody to compare with"),
}
NODES: Mapping[NodeKind, Promise] = {
    NodeKind.FUNCTIONALITY: _("Functionality"),
    NodeKind.PROCESS: _("Changed work process"),
    NodeKind.BENEFIT: _("Benefit"),
    NodeKind.GOAL: _("Goal"),
}
VERDICTS: Mapping[Verdict, Promise] = {
    Verdict.REACHED: _("as planned or better"),
    Verdict.UNCERTAIN: _("not distinguishable from chance"),
    Verdict.BEHIND: _("behind the plan"),
    Verdict.WORSE: _("worse than the baseline"),
    Verdict.MAINTAINED: _("kept as it was"),
    Verdict.NOT_MAINTAINED: _("not kept as it was"),
}
LOOKS: Mapping[Verdict, str] = {
    Verdict.REACHED: "success",
    Verdict.UNCERTAIN: "neutral",
    Verdict.BEHIND: "warning",
    Verdict.WORSE: "danger",
    Verdict.MAINTAINED: "success",
    Verdict.NOT_MAINTAINED: "danger",
}
"""The colours of tags that say a verdict; the words carry it."""
_FINDINGS: Mapping[str, Promise] = {
    "no-owner": _("Nobody answers for the benefits."),
    "no-coordinator": _("There is no coordinator."),
    "owner-is-coordinator": _("One person can't both answer for the benefits and coordinate them."),
    "coordinator-leads-implementation": _(
        "The coordinator must not lead the local implementation."
    ),
    "owner-is-no-director": _(
        "Who answers for the benefits should be a municipal director or equivalent."
    ),
    "no-indicator-meets-the-criteria": _(
        "No indicator is picked that meets all three criteria of the selection list."
    ),
    "no-lines": _("No indicator belongs to a benefit yet."),
    "no-baseline": _("No baseline is frozen."),
    "no-ambition": _("Nothing is said of what is wanted."),
    "no-line-owner": _("Nobody answers for it."),
    "no-measure": _("Nothing is done for it: it needs a measure."),
    "benefit-without-owner": _("A benefit without anybody who answers for it."),
    "benefit-without-indicator": _("A benefit without an indicator."),
    "benefit-without-measure": _("A benefit without a measure."),
    "map-goes-in-a-circle": _("The map goes in a circle."),
}
REFUSALS: Mapping[Why, Promise] = {
    Why.PHASE: _("That isn't done in the phase the plan is in."),
    Why.NOT_LISTED: _("Only indicators that are on the selection list and picked can be used."),
    Why.NOT_IN_PLAN: _("That isn't in the plan."),
    Why.CIRCLE: _("It would go in a circle: a benefit can't lead to itself."),
    Why.NOT_COMPLETE: _("The period isn't over. Choose one that is."),
    Why.NO_FIGURE: _(
        "There is no figure of that period: nothing to count, or held back because few."
    ),
    Why.FROZEN: _("This period is frozen already. A baseline is never changed."),
    Why.BASELINE_FIRST: _("Freeze the baseline first."),
    Why.ANOTHER_DEFINITION: _(
        "The indicator has another definition than when the baseline was frozen. The two are not"
        " compared; go back to the indicators and freeze a new baseline."
    ),
    Why.SAME_PERIOD: _("Choose a period after the baseline and after what is registered."),
    Why.DATES: _("The days must come one after the other, after the baseline."),
    Why.CLAIMED: _("It is counted already. Nothing is counted twice."),
    Why.SAME_MEASURE: _("The benefit has a measure with this name."),
    Why.LAST_MEASURE: _(
        "The benefit is being realised, and this is all that is done for it. Write what is done"
        " instead first, or set it to stopped."
    ),
    Why.CAPACITY: _("Minutes here and there give capacity. They can't be taken out of a budget."),
    Why.STAFFED: _("More hours would be freed than the service has."),
    Why.ELSEWHERE: _("That is another unit's."),
    Why.CHANGED: _("Somebody else has changed it since."),
}
REASONS: Mapping[str, Promise] = {
    "indicator-picked": _("An indicator was picked"),
    "benefit-kept": _("A benefit was written"),
    "map-drawn": _("The map was drawn"),
    "measure-added": _("A measure was added"),
    "measure-changed": _("A measure was changed"),
    "measure-status": _("A measure has come further"),
    "line-kept": _("Who answers, and when it is measured next"),
    "confounder-noted": _("Something else that moves the figures"),
    "confounder-corrected": _("Something else that moves the figures was corrected"),
    "rung-reached": _("A rung was reached"),
    "measurement-registered": _("A measurement was registered"),
    "scored": _("Scored"),
    "row-kept": _("Row added"),
    "row-changed": _("Row changed"),
    "row-claimed": _("Hours were counted in a plan"),
    "read-in": _("Read in from a file"),
    "practice-copied": _("A practice was copied"),
    "copied": _("Copied"),
}
"""Why a version was made, where an action says it and not a person."""


def goal(title: str) -> str:
    """A goal in the reader's language."""
    return str(GOALS.get(title, title))


def finding(one: Finding) -> str:
    """What is missing, as a sentence; about what is named before it."""
    text = str(_FINDINGS[one.code])
    return f"{one.about}: {text}" if one.about else text


def reason(text: str) -> str:
    """Why a version was made."""
    return str(REASONS.get(text, text))


__all__ = [
    "GOALS", "HEADLINES", "LOOKS", "MEASURE_STATUSES", "NODES", "PHASES", "PLACES", "REALISATIONS", "REASONS",
    "REFUSALS", "RUNGS", "TYPES", "VERDICTS", "finding", "goal", "reason",
]  # fmt: skip
