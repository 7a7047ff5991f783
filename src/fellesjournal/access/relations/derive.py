"""Which grounds a resource gives: who may open the record of its patient, from when to when.

Each rule reads one resource and nothing else, so that grounds can be rebuilt at any time and
compared with what is stored. A resource that is cancelled, entered in error or unreadable in
its times gives none; what it can't say is never guessed in favour of access.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from fellesjournal.access.moments import days_after, days_before, end_of, start_of
from fellesjournal.access.policy.kinds import GroundKind
from fellesjournal.access.relations.durations import DURATIONS, Durations
from fellesjournal.access.relations.elements import (
    Holder,
    Json,
    Span,
    class_of,
    elements,
    holder_of,
    local_target,
    period_of,
    start_in,
    text_of,
)


@dataclass(frozen=True, slots=True)
class Ground:
    """One reason to open the record of the resource's own patient.

    ``holder`` is type and id. It holds from ``starts`` until just before ``ends`` (aware, UTC);
    None leaves that side open.
    """

    kind: GroundKind
    holder: Holder
    starts: datetime | None
    ends: datetime | None


@dataclass(slots=True)
class _Grounds:
    """Collects grounds, each once, in the order found."""

    kind: GroundKind
    found: dict[Ground, None] = field(default_factory=dict)

    def add(self, references: Iterable[object], span: Span) -> None:
        """A ground for each reference that leads to a possible holder, if the span is not empty."""
        if span.starts and span.ends and span.starts >= span.ends:
            return
        for reference in references:
            holder = holder_of(reference)
            if holder is not None:
                self.found[Ground(self.kind, holder, span.starts, span.ends)] = None


def grounds_of(data: Json, durations: Durations = DURATIONS) -> list[Ground]:
    """The grounds that a resource (parsed, valid JSON) gives, without duplicates.

    Deterministic from the resource alone; [] for most types. A time that can't be read makes
    the whole resource give none.
    """
    rule = _RULES.get(text_of(data, "resourceType"))
    if rule is None:
        return []
    try:
        return list(rule(data, durations).found)
    except ValueError:  # no date: moments.py says so
        return []


def _list_gp(data: Json, durations: Durations) -> _Grounds:
    grounds = _Grounds(GroundKind.LIST_GP)
    if any(link.get("type") == "replaced-by" for link in elements(data, "link")):
        return grounds  # the record goes on under another number, with its own list GP
    ends = None
    death = data.get("deceasedDateTime")
    if isinstance(death, str):
        ends = days_after(end_of(death), durations.death_after.days)
    elif data.get("active") is False and data.get("deceasedBoolean") is not True:
        return grounds
    grounds.add(elements(data, "generalPractitioner"), Span(None, ends))
    return grounds


STAYS = frozenset({"IMP", "ACUTE", "NONAC", "OBSENC", "SS"})
"""v3-ActCode: classes of encounters that last until somebody ends them."""
BEGUN = frozenset({"arrived", "triaged", "in-progress", "onleave"})
"""Statuses of an encounter that lasts."""
_OVER = frozenset({"finished", "unknown"})
EMERGENCY = "EMER"
"""v3-ActCode: the class of a contact at an out-of-hours clinic, or at any place of emergencies."""
AWAITED = BEGUN | {"planned"}
"""Statuses of an emergency contact in which somebody still waits, or is being seen."""


def _encounter(data: Json, durations: Durations) -> _Grounds:
    grounds = _Grounds(GroundKind.ENCOUNTER)
    span = _encounter_span(data, durations)
    if span is None:
        return grounds
    for participant in elements(data, "participant"):
        # Her own end ends her ground; coming in later does not shorten the preparation.
        left = period_of(participant).ends
        ends = None if left is None else days_after(left, durations.encounter_after.days)
        grounds.add([participant.get("individual")], Span(None, ends).within(span))
    grounds.add([data.get("serviceProvider")], span)
    return grounds


def _encounter_span(data: Json, durations: Durations) -> Span | None:
    status, said = text_of(data, "status"), period_of(data)
    if class_of(data) == EMERGENCY and status in AWAITED and said.ends is None:
        # nobody waiting falls out of reach by time alone (INV-12); who calls waits from the call
        return None if said.starts is None else Span(said.starts, None)
    if status == "planned":
        if said.starts is None:
            return None  # booked for no time: the appointment or the referral is the ground
        starts: datetime | None = days_before(said.starts, durations.encounter_before.days)
    elif status in BEGUN or status in _OVER:
        starts = said.starts
    else:
        return None
    if said.ends is not None:
        return Span(starts, days_after(said.ends, durations.encounter_after.days))
    if status in BEGUN and class_of(data) in STAYS:
        return Span(starts, None)
    if said.starts is None:
        return None
    return Span(starts, days_after(said.starts, durations.encounter_without_end.days))


_BOOKED = frozenset({"pending", "booked", "arrived", "checked-in", "fulfilled", "noshow"})


def _appointment(data: Json, durations: Durations) -> _Grounds:
    grounds = _Grounds(GroundKind.APPOINTMENT)
    start = data.get("start")
    if text_of(data, "status") not in _BOOKED or not isinstance(start, str):
        return grounds
    end = data.get("end")
    span = Span(
        days_before(start_of(start), durations.appointment_before.days),
        days_after(
            end_of(end if isinstance(end, str) else start), durations.appointment_after.days
        ),
    )
    for participant in elements(data, "participant"):
        if participant.get("status") != "declined":
            grounds.add([participant.get("actor")], span)
    return grounds


_OPEN_REQUEST = frozenset({"active", "on-hold"})
# A plan or an option asks nobody to act (http://hl7.org/fhir/R4/valueset-request-intent.html).
_NO_ORDER = frozenset({"plan", "option"})
_LABORATORY_CATEGORIES = frozenset(
    {
        ("https://fellesjournal.example/fhir/CodeSystem/order-type", "laboratory-requisition"),
        ("https://fellesjournal.example/fhir/CodeSystem/order-type", "imaging-requisition"),
        ("http://snomed.info/sct", "108252007"),  # Laboratory procedure
        ("http://snomed.info/sct", "363679005"),  # Imaging
        ("http://terminology.hl7.org/CodeSystem/observation-category", "laboratory"),
        ("http://terminology.hl7.org/CodeSystem/observation-category", "imaging"),
    }
)
# NLK (laboratory), NCRP (imaging), NORPAT (pathology): what is coded so is a requisition.
_LABORATORY_SYSTEMS = frozenset(f"urn:oid:2.16.578.1.12.4.1.1.{n}" for n in (7280, 7270, 7010))


def _request(data: Json, durations: Durations) -> _Grounds:
    del durations  # nobody waiting falls out of reach by time alone (INV-12)
    requisition = _is_requisition(data)
    grounds = _Grounds(GroundKind.REQUISITION if requisition else GroundKind.REFERRAL)
    if (
        text_of(data, "status") in _OPEN_REQUEST
        and text_of(data, "intent") not in _NO_ORDER
        and data.get("doNotPerform") is not True
    ):
        span = Span(start_in(data.get("authoredOn")), None)
        grounds.add(elements(data, "performer"), span)
        grounds.add([data.get("requester")], span)
    return grounds


def _is_requisition(data: Json) -> bool:
    categories = {
        (text_of(coding, "system"), text_of(coding, "code"))
        for category in elements(data, "category")
        for coding in elements(category, "coding")
    }
    if categories & _LABORATORY_CATEGORIES:
        return True
    code = data.get("code")
    codings = elements(code, "coding") if isinstance(code, dict) else []
    return any(text_of(coding, "system") in _LABORATORY_SYSTEMS for coding in codings)


_GRANTED = frozenset({"planned", "waitlist", "active", "onhold"})


def _service(data: Json, durations: Durations) -> _Grounds:
    grounds = _Grounds(GroundKind.HOME_CARE)
    status, said = text_of(data, "status"), period_of(data)
    if status not in _GRANTED and status != "finished":
        return grounds
    starts, ends = said.starts, said.ends
    if status in {"planned", "waitlist"} and starts is not None:
        starts = days_before(starts, durations.service_before.days)
    if ends is not None:
        ends = days_after(ends, durations.service_after.days)
    elif status == "finished":
        return grounds  # over, nobody knows since when
    span = Span(starts, ends)
    grounds.add([data.get("managingOrganization"), data.get("careManager")], span)
    grounds.add(elements(data, "team"), span)
    return grounds


def _team(data: Json, durations: Durations) -> _Grounds:
    del durations  # who leaves the team leaves it at once
    grounds = _Grounds(GroundKind.CARE_TEAM)
    if data.get("status", "active") != "active":  # R4 does not require a status here
        return grounds
    span = period_of(data)
    for participant in elements(data, "participant"):
        # Not onBehalfOf: the member is in the team, not all of her unit.
        grounds.add([participant.get("member")], period_of(participant).within(span))
    grounds.add(elements(data, "managingOrganization"), span)
    return grounds


def _plan(data: Json, durations: Durations) -> _Grounds:
    """The team of the plan and those who carry out its activities.

    Not author and contributor: having written is past, and who is still needed is in the team
    or among the performers.
    """
    del durations
    grounds = _Grounds(GroundKind.CARE_TEAM)
    if text_of(data, "status") not in {"active", "on-hold"}:
        return grounds
    span = period_of(data)
    grounds.add(elements(data, "careTeam"), span)
    for activity in elements(data, "activity"):
        detail = activity.get("detail")
        if isinstance(detail, dict) and text_of(detail, "status") not in _ACTIVITY_OVER:
            grounds.add(elements(detail, "performer"), span)
    return grounds


_ACTIVITY_OVER = frozenset({"completed", "cancelled", "stopped", "entered-in-error"})
_OPEN_TASK = frozenset({"requested", "received", "accepted", "ready", "in-progress", "on-hold"})
TASK_SYSTEM = "https://fellesjournal.example/fhir/CodeSystem/task-code"
"""Our own code system of tasks that the platform itself gives."""
BREAK_GLASS_REVIEW = "break-glass-review"
LOG_REPORT = "log-report"
"""A citizen's report of a reading that looks wrong."""
ACCESS_FOLLOW_UP = "access-follow-up"
"""What the data protection officer takes up where somebody read what was not hers to read."""
NOTICE_SYSTEM = "https://fellesjournal.example/fhir/CodeSystem/notice"
"""Our own code system of notices (Communication.category)."""
ACCESS_OUTCOME = "access-outcome"
"""What was found about a reading of her record, told to the citizen."""

ANSWERING_UNIT = "https://fellesjournal.example/fhir/StructureDefinition/answering-unit"
"""Our extension on a Task or ServiceRequest: the unit that answers for it beside the person who
owns it. While she is away or has left, it must not become nobody's (INV-28).
"""

_GIVES_NO_GROUND = frozenset({BREAK_GLASS_REVIEW, ACCESS_FOLLOW_UP})
_OVERSIGHT = _GIVES_NO_GROUND | {LOG_REPORT}


def is_oversight(data: Json) -> bool:
    """Whether this belongs to the review of reading: about a patient, and no part of her care.

    Reviews, reports and follow-ups are shown to those with the duty alone, notices to the
    citizen alone; none of it to staff for having a ground, who may be the ones it is about.
    """
    if text_of(data, "resourceType") == "Communication":
        return any(
            (text_of(coding, "system"), text_of(coding, "code")) == (NOTICE_SYSTEM, ACCESS_OUTCOME)
            for concept in elements(data, "category")
            for coding in elements(concept, "coding")
        )
    return _is_task(data, _OVERSIGHT)


def _is_task(data: Json, codes: frozenset[str]) -> bool:
    """Whether this is a Task with one of our codes."""
    code = data.get("code")
    return text_of(data, "resourceType") == "Task" and any(
        text_of(coding, "system") == TASK_SYSTEM and text_of(coding, "code") in codes
        for coding in (elements(code, "coding") if isinstance(code, dict) else [])
    )


def _task(data: Json, durations: Durations) -> _Grounds:
    del durations  # a task that is not done does not go away by time
    grounds = _Grounds(GroundKind.TASK)
    # A review is for the leader, by a rule of its own: it opens the record to nobody.
    if text_of(data, "status") in _OPEN_TASK and not _is_task(data, _GIVES_NO_GROUND):
        span = Span(start_in(data.get("authoredOn")), None)
        grounds.add([data.get("owner")], span)
        grounds.add(
            [
                each.get("valueReference")
                for each in elements(data, "extension")
                if text_of(each, "url") == ANSWERING_UNIT
            ],
            span,
        )
    return grounds


_ON_STUDY = frozenset({"on-study", "on-study-intervention", "on-study-observation", "follow-up"})


def _cohort(data: Json, durations: Durations) -> _Grounds:
    del durations  # the study's approval says how long; it is not in this resource
    grounds = _Grounds(GroundKind.COHORT)
    study = local_target(data.get("study"))
    if text_of(data, "status") in _ON_STUDY and study is not None and study[0] == "ResearchStudy":
        span = period_of(data)
        if not (span.starts and span.ends and span.starts >= span.ends):
            grounds.found[Ground(GroundKind.COHORT, study, span.starts, span.ends)] = None
    return grounds


_RULES: Mapping[str, Callable[[Json, Durations], _Grounds]] = {
    "Patient": _list_gp,
    "Encounter": _encounter,
    "Appointment": _appointment,
    "ServiceRequest": _request,
    "EpisodeOfCare": _service,
    "CareTeam": _team,
    "CarePlan": _plan,
    "Task": _task,
    "ResearchSubject": _cohort,
}

GROUNDING_TYPES: frozenset[str] = frozenset(_RULES)
"""The resource types that can give grounds."""
