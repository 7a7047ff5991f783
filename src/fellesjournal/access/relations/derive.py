"""Which grounds a resource gives: who may open the record of its patient, from when to when.

Each rule reads one resource and nothing else, so that grounds can be rebuilt at any time and
compared with what is stored. A resource that is cancelled, entered in error or unreadable in
its times gives none; what it can't say is never guessed in favour of access.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fellesjournal.access.moments import days_after, days_before, end_of, start_of
from fellesjournal.access.policy.kinds import GroundKind
from fellesjournal.access.relations.durations import DURATIONS, Durations
from fellesjournal.fhir.references import local

# Any: resources and elements are JSON of every shape.
Json = Mapping[str, Any]
Holder = tuple[str, str]

HOLDER_TYPES = frozenset(
    {"Practitioner", "PractitionerRole", "Organization", "HealthcareService", "CareTeam"}
)
"""Who can hold a ground of care. A CareTeam stands for its members, wherever it is named; a
study (COHORT) is held by the ResearchStudy, and counts for those approved for it."""


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


@dataclass(frozen=True, slots=True)
class _Span:
    """Half-open, None for open."""

    starts: datetime | None = None
    ends: datetime | None = None

    def within(self, other: _Span) -> _Span:
        """What both cover."""
        return _Span(
            max((m for m in (self.starts, other.starts) if m), default=None),
            min((m for m in (self.ends, other.ends) if m), default=None),
        )


@dataclass(slots=True)
class _Grounds:
    """Collects grounds, each once, in the order found."""

    kind: GroundKind
    found: dict[Ground, None] = field(default_factory=dict)

    def add(self, references: Iterable[object], span: _Span) -> None:
        """A ground for each reference that leads to a possible holder, if the span is not empty."""
        if span.starts and span.ends and span.starts >= span.ends:
            return
        for reference in references:
            holder = _holder(reference)
            if holder is not None:
                self.found[Ground(self.kind, holder, span.starts, span.ends)] = None


def grounds_of(data: Json, durations: Durations = DURATIONS) -> list[Ground]:
    """The grounds that a resource (parsed, valid JSON) gives, without duplicates.

    Deterministic from the resource alone; [] for most types. A time that can't be read makes
    the whole resource give none.
    """
    rule = _RULES.get(_text(data, "resourceType"))
    if rule is None:
        return []
    try:
        return list(rule(data, durations).found)
    except ValueError:  # no date: moments.py says so
        return []


def _list_gp(data: Json, durations: Durations) -> _Grounds:
    grounds = _Grounds(GroundKind.LIST_GP)
    if any(link.get("type") == "replaced-by" for link in _elements(data, "link")):
        return grounds  # the record goes on under another number, with its own list GP
    ends = None
    death = data.get("deceasedDateTime")
    if isinstance(death, str):
        ends = days_after(end_of(death), durations.death_after.days)
    elif data.get("active") is False and data.get("deceasedBoolean") is not True:
        return grounds
    grounds.add(_elements(data, "generalPractitioner"), _Span(None, ends))
    return grounds


# v3-ActCode: classes of encounters that last until somebody ends them.
_STAYS = frozenset({"IMP", "ACUTE", "NONAC", "OBSENC", "SS"})
_BEGUN = frozenset({"arrived", "triaged", "in-progress", "onleave"})
_OVER = frozenset({"finished", "unknown"})


def _encounter(data: Json, durations: Durations) -> _Grounds:
    grounds = _Grounds(GroundKind.ENCOUNTER)
    span = _encounter_span(data, durations)
    if span is None:
        return grounds
    for participant in _elements(data, "participant"):
        # Her own end ends her ground; coming in later does not shorten the preparation.
        left = _period(participant).ends
        ends = None if left is None else days_after(left, durations.encounter_after.days)
        grounds.add([participant.get("individual")], _Span(None, ends).within(span))
    grounds.add([data.get("serviceProvider")], span)
    return grounds


def _encounter_span(data: Json, durations: Durations) -> _Span | None:
    status, said = _text(data, "status"), _period(data)
    if status == "planned":
        if said.starts is None:
            return None  # booked for no time: the appointment or the referral is the ground
        starts: datetime | None = days_before(said.starts, durations.encounter_before.days)
    elif status in _BEGUN or status in _OVER:
        starts = said.starts
    else:
        return None
    if said.ends is not None:
        return _Span(starts, days_after(said.ends, durations.encounter_after.days))
    if status in _BEGUN and _class(data) in _STAYS:
        return _Span(starts, None)
    if said.starts is None:
        return None
    return _Span(starts, days_after(said.starts, durations.encounter_without_end.days))


_BOOKED = frozenset({"pending", "booked", "arrived", "checked-in", "fulfilled", "noshow"})


def _appointment(data: Json, durations: Durations) -> _Grounds:
    grounds = _Grounds(GroundKind.APPOINTMENT)
    start = data.get("start")
    if _text(data, "status") not in _BOOKED or not isinstance(start, str):
        return grounds
    end = data.get("end")
    span = _Span(
        days_before(start_of(start), durations.appointment_before.days),
        days_after(
            end_of(end if isinstance(end, str) else start), durations.appointment_after.days
        ),
    )
    for participant in _elements(data, "participant"):
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
        _text(data, "status") in _OPEN_REQUEST
        and _text(data, "intent") not in _NO_ORDER
        and data.get("doNotPerform") is not True
    ):
        span = _Span(_start(data.get("authoredOn")), None)
        grounds.add(_elements(data, "performer"), span)
        grounds.add([data.get("requester")], span)
    return grounds


def _is_requisition(data: Json) -> bool:
    categories = {
        (_text(coding, "system"), _text(coding, "code"))
        for category in _elements(data, "category")
        for coding in _elements(category, "coding")
    }
    if categories & _LABORATORY_CATEGORIES:
        return True
    code = data.get("code")
    codings = _elements(code, "coding") if isinstance(code, dict) else []
    return any(_text(coding, "system") in _LABORATORY_SYSTEMS for coding in codings)


_GRANTED = frozenset({"planned", "waitlist", "active", "onhold"})


def _service(data: Json, durations: Durations) -> _Grounds:
    grounds = _Grounds(GroundKind.HOME_CARE)
    status, said = _text(data, "status"), _period(data)
    if status not in _GRANTED and status != "finished":
        return grounds
    starts, ends = said.starts, said.ends
    if status in {"planned", "waitlist"} and starts is not None:
        starts = days_before(starts, durations.service_before.days)
    if ends is not None:
        ends = days_after(ends, durations.service_after.days)
    elif status == "finished":
        return grounds  # over, nobody knows since when
    span = _Span(starts, ends)
    grounds.add([data.get("managingOrganization"), data.get("careManager")], span)
    grounds.add(_elements(data, "team"), span)
    return grounds


def _team(data: Json, durations: Durations) -> _Grounds:
    del durations  # who leaves the team leaves it at once
    grounds = _Grounds(GroundKind.CARE_TEAM)
    if data.get("status", "active") != "active":  # R4 does not require a status here
        return grounds
    span = _period(data)
    for participant in _elements(data, "participant"):
        # Not onBehalfOf: the member is in the team, not all of her unit.
        grounds.add([participant.get("member")], _period(participant).within(span))
    grounds.add(_elements(data, "managingOrganization"), span)
    return grounds


def _plan(data: Json, durations: Durations) -> _Grounds:
    """The team of the plan and those who carry out its activities.

    Not author and contributor: having written is past, and who is still needed is in the team
    or among the performers.
    """
    del durations
    grounds = _Grounds(GroundKind.CARE_TEAM)
    if _text(data, "status") not in {"active", "on-hold"}:
        return grounds
    span = _period(data)
    grounds.add(_elements(data, "careTeam"), span)
    for activity in _elements(data, "activity"):
        detail = activity.get("detail")
        if isinstance(detail, dict) and _text(detail, "status") not in _ACTIVITY_OVER:
            grounds.add(_elements(detail, "performer"), span)
    return grounds


_ACTIVITY_OVER = frozenset({"completed", "cancelled", "stopped", "entered-in-error"})
_OPEN_TASK = frozenset({"requested", "received", "accepted", "ready", "in-progress", "on-hold"})


def _task(data: Json, durations: Durations) -> _Grounds:
    del durations  # a task that is not done does not go away by time
    grounds = _Grounds(GroundKind.TASK)
    if _text(data, "status") in _OPEN_TASK:
        grounds.add([data.get("owner")], _Span(_start(data.get("authoredOn")), None))
    return grounds


_ON_STUDY = frozenset({"on-study", "on-study-intervention", "on-study-observation", "follow-up"})


def _cohort(data: Json, durations: Durations) -> _Grounds:
    del durations  # the study's approval says how long; it is not in this resource
    grounds = _Grounds(GroundKind.COHORT)
    study = _local(data.get("study"))
    if _text(data, "status") in _ON_STUDY and study is not None and study[0] == "ResearchStudy":
        span = _period(data)
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


def _period(element: Json) -> _Span:
    """The `period` of an element. Raises ValueError when it can't be read."""
    value = element.get("period")
    if not isinstance(value, dict):
        return _Span()
    end = value.get("end")
    return _Span(_start(value.get("start")), end_of(end) if isinstance(end, str) else None)


def _start(text: object) -> datetime | None:
    return start_of(text) if isinstance(text, str) else None


def _elements(data: Json, name: str) -> list[dict[str, Any]]:
    listed = data.get(name)
    return [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []


def _text(data: Json, name: str) -> str:
    """A code or other text of an element; empty when it has none."""
    value = data.get(name)
    return value if isinstance(value, str) else ""


def _class(data: Json) -> str:
    coding = data.get("class")
    return _text(coding, "code") if isinstance(coding, dict) else ""


def _holder(reference: object) -> Holder | None:
    found = _local(reference)
    return found if found is not None and found[0] in HOLDER_TYPES else None


def _local(reference: object) -> Holder | None:
    """Type and id of a Reference to a resource of this server; None for any other."""
    if not isinstance(reference, dict):
        return None
    text = reference.get("reference")
    if not isinstance(text, str):
        return None
    target = local(text)
    return None if target is None or target.base else (target.type, target.id)
