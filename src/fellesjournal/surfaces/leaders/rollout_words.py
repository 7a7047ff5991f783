"""The words of rollout: contradictions as sentences, and what milestones, phases, criteria are called."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.foundation.ui.templatetags.ui import on_day
from fellesjournal.leadership.rollout.findings import Code, Finding, Severity, Value
from fellesjournal.leadership.rollout.migration import Mode, Source
from fellesjournal.leadership.rollout.packages import Phase
from fellesjournal.leadership.rollout.plans import MilestoneType, PlanStatus
from fellesjournal.leadership.rollout.readiness import State
from fellesjournal.leadership.rollout.risks import Stance
from fellesjournal.leadership.rollout.tickets import Signal
from fellesjournal.leadership.rollout.trials import Result
from fellesjournal.leadership.rollout.trials import Severity as Blocking

MILESTONES: dict[str, Promise] = {
    MilestoneType.PREPROJECT_AGREEMENT: _("agreement on the pre-project"),
    MilestoneType.PROJECT_START: _("project start"),
    MilestoneType.COUNCIL_REPORT: _("report to the council"),
    MilestoneType.OPTION_SIGNED: _("signed option"),
}
PHASES: dict[str, Promise] = {
    Phase.PRE_PROJECT: _("pre-project"),
    Phase.PREPARE: _("preparation"),
    Phase.TEST_AND_TRAIN: _("test and training"),
    Phase.AFTER: _("after go-live"),
}
PACKAGES: dict[str, Promise] = {
    "steering-and-project-group": _("steering and project group"),
    "meeting-structure": _("meeting structure"),
    "project-handbook": _("project handbook"),
    "stakeholder-analysis": _("stakeholder analysis"),
    "risk-analysis-started": _("risk analysis begun"),
    "mapping-of-record-systems": _("mapping for replacing four record systems"),
    "local-anchoring": _("local anchoring"),
    "milestones-followed": _("milestones followed in all sub-projects"),
    "running-risk-and-status": _("running risk and status"),
    "training-planned": _("training of super-users and end users planned"),
    "testing": _("testing"),
    "readiness": _("readiness at 90, 60 and 30 days"),
    "automatic-transfer": _("automatic transfer of history"),
    "manual-transfer": _("manual transfer"),
    "information": _("information to staff and residents"),
    "dress-rehearsal": _("dress rehearsal"),
    "go-live": _("go-live"),
    "intensified-support": _("intensified support"),
    "double-operation": _("nine months of double operation"),
    "handover": _("handover to governance"),
}
STATUSES: dict[str, Promise] = {
    PlanStatus.UNKNOWN: _("not known"),
    PlanStatus.CONSIDERING: _("no decision"),
    PlanStatus.PLANS_TO_DECIDE: _("plans to decide"),
    PlanStatus.PREPARING: _("prepares, option exercised"),
    PlanStatus.DECIDED: _("decided"),
    PlanStatus.LIVE: _("live"),
}
CRITERIA: dict[str, Promise] = {
    "end-users-trained": _("End users trained, of those on the roster"),
    "super-users": _("Super-users per unit and shift"),
    "accounts-tried": _("Accounts and roles tried by the person who uses them"),
    "devices-accepted": _("Devices, printers and scanners accepted"),
    "integrations-passed": _("Integrations passed end to end"),
    "message-tests": _("Message test per template and receiver"),
    "migration-rehearsals": _("Migration rehearsals that balance"),
    "rehearsal-blockers": _("Open blockers of the dress rehearsal"),
    "downtime-drill": _("Downtime drill"),
    "rollback-plan": _("Rollback plan"),
    "resident-information": _("Information to residents"),
}
STAGES: dict[str, Promise] = {
    "named": _("named"),
    "trained": _("trained"),
    "rostered": _("on the roster"),
    "listed": _("listed"),
    "drafted": _("drafted"),
    "approved": _("approved"),
    "done": _("done"),
}
STATES: dict[str, Promise] = {
    State.GREEN: _("met"),
    State.WAIVED: _("waived"),
    State.RED: _("not met"),
    State.NO_EVIDENCE: _("no evidence"),
    State.NOT_SHOWN: _("not shown"),
    State.NOT_ASKED: _("not asked"),
}
SEVERITIES: dict[str, Promise] = {
    Severity.BROKEN: _("Rule broken"),
    Severity.LOOK: _("Look at this"),
    Severity.TOLD: _("Good to know"),
}
GROUPS: dict[str, Promise] = {
    "decided": _("decided"),
    "plans-to-decide": _("plan to decide"),
    "preparing": _("prepare, option exercised"),
}
PROJECT_GOES_ON = _("The local project goes on")
LEGACY_GOES_ON = _("Systems that are replaced run longer")
OPERATION_LATER = _("New operation starts later")
SOURCES: dict[str, Promise] = {
    Source.NURSING_AND_CARE: _("nursing and care"),
    Source.PHYSIOTHERAPY: _("physiotherapy"),
    Source.CHILD_HEALTH: _("child health"),
    Source.GP_AND_OUT_OF_HOURS: _("GP and out-of-hours"),
}
MODES: dict[str, Promise] = {
    Mode.AUTO: _("by a program"),
    Mode.MANUAL: _("by hand"),
}
SIGNALS: dict[str, Promise] = {
    Signal.NONE: _("as expected"),
    Signal.MORE: _("more than chance explains"),
    Signal.FEWER: _("fewer than chance explains"),
}
RESULTS: dict[str, Promise] = {
    Result.PASSED: _("passed"),
    Result.FAILED: _("failed"),
    Result.STOPPED: _("stopped"),
}
DEFECTS: dict[str, Promise] = {
    Blocking.BLOCKER: _("blocker"),
    Blocking.MAJOR: _("major"),
    Blocking.MINOR: _("minor"),
}
STANCES: dict[str, Promise] = {
    Stance.SUPPORTS: _("supports it"),
    Stance.NEUTRAL: _("neither for nor against"),
    Stance.DOUBTS: _("doubts it"),
    Stance.UNKNOWN: _("not known"),
}
COUNTIES = {"15": "Møre og Romsdal", "18": "Nordland", "50": "Trøndelag"}

_SENTENCES: dict[Code, Promise] = {
    Code.LATE: _(
        "%(subject)s: %(milestone)s was on %(done)s and had to be on %(due)s at the latest"
        " (%(rule)s, %(months)s months before go-live). That is %(days)s days late; with that day"
        " go-live can be on %(earliest)s at the earliest."
    ),
    Code.LATE_AND_OPEN: _(
        "%(subject)s: no date is written down for %(milestone)s, and the last day for it,"
        " %(due)s, has passed (%(rule)s, %(months)s months before go-live)."
    ),
    Code.NO_DATE: _(
        "%(subject)s: no date is written down for %(milestone)s (%(rule)s, due %(due)s)."
    ),
    Code.PROMISE_BREACHED: _(
        "%(subject)s goes live on %(go_live)s (%(window)s). Everyone was promised a place by"
        " %(promise)s."
    ),
    Code.OUTSIDE_WINDOW: _(
        "%(subject)s: go-live on %(go_live)s lies outside the window of its wave, %(window)s."
    ),
    Code.NOT_ELIGIBLE: _("%(subject)s may not be in %(wave)s: the wave is for others."),
    Code.OPTION_NOT_IN_TIME: _(
        "%(subject)s may not be in %(wave)s: the option was signed after %(due)s."
    ),
    Code.OPTION_NOT_KNOWN: _(
        "%(subject)s may be in %(wave)s only with an option signed by %(due)s; none is known."
    ),
    Code.GP_FOLLOWS_PRIVATE: _(
        "%(subject)s may not be in %(wave)s: municipal GPs there follow the private ones."
    ),
    Code.WINDOWS_OVERLAP: _("%(subject)s and %(other)s go live in the same window, %(window)s."),
    Code.ALIAS_TWICE: _("%(subject)s and %(other)s share the name %(alias)s."),
    Code.UNKNOWN_WAVE: _("%(subject)s is planned in %(wave)s, and there is no such wave."),
    Code.START_AFTER_GO_LIVE: _(
        "%(subject)s: %(milestone)s on %(done)s is not before go-live on %(go_live)s."
    ),
    Code.COUNT_DIFFERS: _(
        "%(subject)s: the source says %(stated)s municipalities and lists %(counted)s."
    ),
    Code.OTHER_COUNTY: _(
        "%(subject)s lies in %(county)s, though the heading of the list says %(heading)s."
    ),
    Code.MISSING_FROM_COUNTY: _("%(subject)s lies in %(heading)s and is missing from the list."),
    Code.IN_TWO_REGIONS: _("%(subject)s stands in the list %(times)s times."),
    Code.UNKNOWN_MUNICIPALITY: _("%(subject)s is no municipality of the register."),
    Code.REGIONS_NOT_LISTED: _(
        "The working group has %(members)s members and the list %(listed)s regions:"
        " %(missing)s regions are not listed."
    ),
    Code.NOT_A_PARTITION: _(
        "“%(subject)s” and “%(other)s” may share municipalities and are not added up: at least"
        " %(outside)s of the first are outside the second."
    ),
    Code.TRAINING_EXPIRES: _(
        "%(subject)s: the courses of %(count)s people expire before the new go-live, %(go_live)s."
    ),
}


def sentence(found: Finding) -> str:
    """A contradiction in plain words, in the reader's language."""
    names = GROUPS if found.code is Code.NOT_A_PARTITION else {}
    values = {name: _said(name, value, names) for name, value in found.about}
    subject = str(names.get(found.subject, found.subject))
    return str(_SENTENCES[found.code]) % {**values, "subject": subject}


def shown(found: tuple[Finding, ...]) -> list[dict[str, Any]]:
    """Contradictions as a list shows them, broken rules first."""
    order = list(Severity)
    ranked = sorted(found, key=lambda each: order.index(each.severity))
    return [
        {
            "text": sentence(each),
            "label": str(SEVERITIES[each.severity]),
            "is_broken": each.severity is Severity.BROKEN,
        }
        for each in ranked
    ]


def _said(name: str, value: Value, names: dict[str, Promise]) -> str:
    if isinstance(value, date):
        return on_day(value)
    if name == "milestone":
        return str(MILESTONES[str(value)])
    if name in {"county", "heading"}:
        return COUNTIES.get(str(value), str(value))
    return str(names.get(str(value), value))


def stage(value: str) -> str:
    """A stage in words."""
    return str(STAGES.get(value, value))


def criterion(value: str) -> str:
    """A criterion in words."""
    return str(CRITERIA.get(value, value))


def gate_name(days: int) -> str:
    """What a gate is called."""
    return gettext("%(days)s days before") % {"days": days}


__all__ = [
    "CRITERIA",
    "DEFECTS",
    "GROUPS",
    "LEGACY_GOES_ON",
    "MILESTONES",
    "MODES",
    "OPERATION_LATER",
    "PACKAGES",
    "PHASES",
    "PROJECT_GOES_ON",
    "RESULTS",
    "SIGNALS",
    "SOURCES",
    "STAGES",
    "STANCES",
    "STATES",
    "STATUSES",
    "criterion",
    "gate_name",
    "sentence",
    "shown",
    "stage",
]
