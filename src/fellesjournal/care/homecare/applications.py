"""Applications for municipal services: sent by a citizen, followed by her, worked on by the office.

norway.md section 9 L12: application, assessment, decision with reasons and appeal. An
application is a ServiceRequest addressed to the allocation office (which gives the office its
ground) and, while it is not decided, a Task that the office owns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from fellesjournal.access import acts, patients
from fellesjournal.access.acts import Resource, act, content, create
from fellesjournal.access.sessions import Session
from fellesjournal.care.homecare import codes, events
from fellesjournal.care.homecare.codes import coded, first, number, reference
from fellesjournal.care.homecare.reading_days import everything
from fellesjournal.care.homecare.visits import moment
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import BadRequest, NotFound
from fellesjournal.foundation import clock
from fellesjournal.foundation.clock import NORWAY
from fellesjournal.registry.units import UNIT_KIND_SYSTEM, UnitKind

# Assumption (configurable): how long the office has for an application before it is late. The
# statute asks for a decision without undue delay; no fixed limit is known to the project.
DECIDED_WITHIN = timedelta(days=28)
MOST_WORDS = 4000
_MUNICIPALITY = (
    "https://register.geonorge.no/subregister/sosi-kodelister/kartverket/kommunenummer-alle"
)


class Status(StrEnum):
    """How far an application has come, as a citizen is told."""

    SENT = "sent"
    ASSESSED = "assessed"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Office:
    """An allocation office (tildelingskontor)."""

    id: str
    name: str
    telephone: str
    municipality: str

    @property
    def reference(self) -> str:
        """As ``Organization/x``."""
        return f"Organization/{self.id}"


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision on a service. ``hours`` a week; "" when that is not how it is measured."""

    id: str
    granted: bool
    service: str
    service_name: str
    hours: str
    starts: date | None
    ends: date | None
    reason: str
    appeal: str
    made: datetime
    unit: str
    unit_name: str
    by: str


@dataclass(frozen=True, slots=True)
class Application:
    """An application as it stands. ``services``: (code of 9151, name) of what is asked for."""

    id: str
    version: int
    patient: str
    sent: datetime
    office: str
    office_name: str
    services: tuple[tuple[str, str], ...]
    words: str
    sent_by: str
    for_another: bool
    status: Status
    decisions: tuple[Decision, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it awaits a decision."""
        return self.status in {Status.SENT, Status.ASSESSED}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row of the office's worklist: the Task, the application and who it is about."""

    task: str
    application: Application
    name: str
    born: str
    deadline: datetime
    assessed: bool

    @property
    def is_late(self) -> bool:
        """Whether it should have been decided."""
        return self.deadline <= clock.now()


def office_for(session: Session, patient_id: str) -> Office | None:
    """The allocation office of the municipality a citizen is registered in; None if unknown."""
    data, _ = acts.read(session, "Patient", patient_id)
    numbers = {found for each in data.get("address", ()) if (found := _municipality(each))}
    return next(
        (each for each in offices(session) if each.municipality in numbers),
        None,
    )


def offices(session: Session) -> list[Office]:
    """Every allocation office on the platform, by name."""
    asked = [("type", f"{UNIT_KIND_SYSTEM}|{UnitKind.ALLOCATION_OFFICE}"), ("active", "true")]
    found = [_office(content(each)) for each in everything(session, "Organization", asked)]
    return sorted(found, key=lambda office: office.name)


def _office(data: Resource) -> Office:
    phones = [each for each in data.get("telecom", ()) if each.get("system") == "phone"]
    places = (found for each in data.get("address", ()) if (found := _municipality(each)))
    return Office(
        str(data["id"]),
        str(data.get("name", "")),
        str(first(phones).get("value", "")),
        next(places, ""),
    )


def _municipality(address: Resource) -> str:
    for each in (address.get("_district") or {}).get("extension", ()):
        coding = each.get("valueCoding") or {}
        if coding.get("system") == _MUNICIPALITY:
            return str(coding.get("code", ""))
    return ""


def apply(session: Session, *, office: str, services: Sequence[str], words: str, key: str) -> str:
    """A citizen, or somebody acting for her, applies; answers the id of the application.

    ``services`` are codes of 9151, ``key`` identifies the form: sent twice, it is one
    application. Raises BadRequest for no service or no words.
    """
    wanted = [code for code in services if code in codes.SERVICES]
    text = words.strip()[:MOST_WORDS]
    if not wanted or not text:
        raise BadRequest("an application says what is wanted, and why", code="required")
    body: Resource = {
        "resourceType": "ServiceRequest",
        "identifier": number(codes.WORK_NUMBER, f"application.{key}"),
        "status": "active",
        "intent": "order",
        "category": [
            coded(codes.ORDER_TYPE, codes.APPLICATION, "Søknad om helse- og omsorgstjenester")
        ],
        "code": {"text": "Søknad om helse- og omsorgstjenester"},
        "orderDetail": [coded(codes.SERVICE_TYPE, code, codes.SERVICES[code]) for code in wanted],
        "subject": reference(session.subject),
        "authoredOn": clock.now().isoformat(timespec="seconds"),
        "requester": reference(session.person),
        "performer": [reference(office)],
        "note": [{"text": text}],
    }
    criteria = f"identifier={codes.WORK_NUMBER}|application.{key}"
    (stood,) = act(
        session,
        [create(body, unless=criteria)],
        lambda stored: [events.application_sent(session.subject, stored[0].id)],
    )
    return stood.id


def own_applications(session: Session) -> list[Application]:
    """The applications of the record a citizen has open, newest first, with what was decided."""
    return applications_of(session, session.subject)


def applications_of(session: Session, patient: str) -> list[Application]:
    """All applications of a citizen (Patient/1), newest first."""
    found = everything(
        session,
        "ServiceRequest",
        [
            ("patient", patient),
            ("category", f"{codes.ORDER_TYPE}|{codes.APPLICATION},{codes.ORDER_TYPE}|{codes.DECISION}"),
        ],
    )  # fmt: skip
    bodies = [(content(each), each.version) for each in found]
    decided = [body for body, _ in bodies if _is(body, codes.DECISION)]
    assessed = _assessed(session, patient) if bodies else frozenset()
    offices_named = names_of(session, [_performer(body) for body, _ in bodies])
    applications = [
        _application(body, version, decided, assessed, offices_named)
        for body, version in bodies
        if _is(body, codes.APPLICATION)
    ]
    return sorted(applications, key=lambda each: (each.sent, each.id), reverse=True)


def application(session: Session, patient: str, application_id: str) -> Application:
    """One application of this citizen. Raises NotFound."""
    found = (each for each in applications_of(session, patient) if each.id == application_id)
    one = next(found, None)
    if one is None:
        raise NotFound(f"ServiceRequest/{application_id} is not known")
    return one


def waiting_applications(session: Session) -> list[Waiting]:
    """The applications that await a decision at the unit of who asks, by deadline.

    One row for each open Task: the count of the page is the count of this list.
    """
    found = everything(
        session,
        "Task",
        [
            ("owner", session.unit),
            ("code", f"{codes.TASK_CODE}|{codes.HANDLE_APPLICATION}"),
            ("status", "requested,accepted,in-progress"),
            ("_include", "Task:focus"),
            ("_include", "Task:patient"),
        ],
    )
    by_reference = {f"{each.type}/{each.id}": each for each in found}
    rows = []
    for stored in found:
        if stored.type != "Task":
            continue
        task = content(stored)
        request = by_reference.get(reading.reference_target(task.get("focus")))
        who = by_reference.get(reading.reference_target(task.get("for")))
        person = content(who) if who is not None else {}
        assessed = reading.first_code(task.get("businessStatus")) == Status.ASSESSED
        body = content(request) if request is not None else None
        rows.append(
            Waiting(
                task=stored.id,
                application=_application(
                    body or _unseen(task), request.version if request else 0, [], frozenset(), {}
                ),
                name=reading.name_text(person.get("name")),
                born=str(person.get("birthDate", "")),
                deadline=moment(task["restriction"]["period"]["end"]),
                assessed=assessed,
            )
        )
    return sorted(rows, key=lambda row: (row.deadline, row.task))


def _unseen(task: Resource) -> Resource:
    """What the Task tells of an application that may not be seen itself."""
    return {
        "id": reading.reference_target(task.get("focus")).rpartition("/")[2],
        "status": "active",
        "subject": task.get("for"),
        "authoredOn": task.get("authoredOn"),
    }


def take_in(session: Session, application_id: str) -> None:
    """Give the allocation office its Task for an application; once, however often it is told."""
    body, _ = acts.read(session, "ServiceRequest", application_id)
    if body.get("status") != "active":
        return
    now = clock.now()
    sent = reading.first_moment(body, "authoredOn")
    task: Resource = {
        "resourceType": "Task",
        "identifier": number(codes.WORK_NUMBER, f"handle.{application_id}"),
        "status": "requested",
        "intent": "order",
        "code": coded(codes.TASK_CODE, codes.HANDLE_APPLICATION),
        "businessStatus": coded(codes.OUTCOME, Status.SENT),
        "focus": reference(f"ServiceRequest/{application_id}"),
        "for": body["subject"],
        "authoredOn": now.isoformat(timespec="seconds"),
        "owner": reference(_performer(body)),
        "restriction": {
            "period": {"end": ((sent.at if sent else now) + DECIDED_WITHIN).isoformat()}
        },
    }
    criteria = f"identifier={codes.WORK_NUMBER}|handle.{application_id}"
    act(session, [create(task, unless=criteria)])


def names_of(session: Session, references: Iterable[str]) -> dict[str, str]:
    """Names of units and people at work (Organization/1, Practitioner/1), in one read."""
    keys = [tuple(each.split("/")) for each in references if each.count("/") == 1]
    found = patients.read_known(session, [(key[0], key[1]) for key in keys])
    bodies = {each.reference: content(each) for each in found}
    return {
        key: body["name"] if isinstance(body.get("name"), str) else reading.name_text(body.get("name"))
        for key, body in bodies.items()
    }  # fmt: skip


def _assessed(session: Session, patient: str) -> frozenset[str]:
    """References of the applications for which functions have been scored."""
    found = everything(
        session, "Observation",
        [("patient", patient), ("code", f"{codes.FUNCTION}|7"), ("based-on:missing", "false")],
    )  # fmt: skip
    return frozenset(
        reading.reference_target(each)
        for stored in found
        for each in content(stored).get("basedOn", ())
    )


def _application(
    body: Resource,
    version: int,
    decided: Sequence[Resource],
    assessed: frozenset[str],
    names: dict[str, str],
) -> Application:
    own = f"ServiceRequest/{body['id']}"
    answers = [
        each for each in decided
        if any(reading.reference_target(ref) == own for ref in each.get("basedOn", ()))
    ]  # fmt: skip
    made = sorted((read_decision(each, names) for each in answers), key=lambda each: each.made)
    sender = reading.reference_target(body.get("requester"))
    subject = reading.reference_target(body.get("subject"))
    office = _performer(body)
    return Application(
        id=str(body["id"]),
        version=version,
        patient=subject,
        sent=moment(body["authoredOn"]),
        office=office,
        office_name=names.get(office, ""),
        services=tuple(
            (reading.first_code(each), reading.concept_text(each))
            for each in body.get("orderDetail", ())
        ),
        words="\n".join(str(each.get("text", "")) for each in body.get("note", ())),
        sent_by=sender,
        for_another=sender.startswith("Patient/") and sender != subject,
        status=_status(body, assessed=own in assessed),
        decisions=tuple(made),
    )


def _status(body: Resource, *, assessed: bool) -> Status:
    if body.get("status") == "completed":
        return Status.DECIDED
    if body.get("status") in {"revoked", "entered-in-error"}:
        return Status.WITHDRAWN
    return Status.ASSESSED if assessed else Status.SENT


def read_decision(body: Resource, names: dict[str, str]) -> Decision:
    """A decision from the body of its ServiceRequest."""
    period = body.get("occurrencePeriod") or {}
    unit = _performer(body)
    by = reading.reference_target(body.get("requester"))
    hours = (body.get("quantityRatio") or {}).get("numerator") or {}
    return Decision(
        id=str(body["id"]),
        granted=body.get("doNotPerform") is not True,
        service=reading.first_code(body.get("code")),
        service_name=reading.concept_text(body.get("code")),
        hours="" if "value" not in hours else f"{hours['value']:g}".replace(".", ","),
        starts=_day(period.get("start")),
        ends=_day(period.get("end")),
        reason="\n".join(str(each.get("text", "")) for each in body.get("reasonCode", ())),
        appeal=str(body.get("patientInstruction", "")),
        made=moment(body["authoredOn"]),
        unit=unit,
        unit_name=names.get(
            unit, reading.reference_text(next(iter(body.get("performer", ())), {}))
        ),
        by=names.get(by, reading.reference_text(body.get("requester"))),
    )


def _is(body: Resource, code: str) -> bool:
    return reading.has_code(body.get("category"), [code])


def _performer(body: Resource) -> str:
    return reading.reference_target(next(iter(body.get("performer", ())), {}))


def _day(text: object) -> date | None:
    found = reading.moment(text)
    return None if found is None else found.at.astimezone(NORWAY).date()


__all__ = [
    "Application", "Decision", "Office", "Status", "Waiting", "application", "applications_of",
    "apply", "names_of", "office_for", "offices", "own_applications", "read_decision", "take_in",
    "waiting_applications",
]  # fmt: skip
