"""A line of the log as FHIR AuditEvent, by the Norwegian profile of the trust framework.

http://hl7.no/fhir/StructureDefinition/no-domain-Trustframework-Auditevent (0.9.8): one patient,
who acted as a contained PractitionerRole with practitioner, department, legal entity and
point of care, and the decision of access; an app it was done through is one more agent. A line
about several patients is one event for each, with what was hers only: nobody learns from her own
log who else was on a page.
What was not done by staff, or is about no patient, is a plain AuditEvent.
"""

from __future__ import annotations

from typing import Any

from fellesjournal.access.policy.kinds import MEANINGS, GroundKind
from fellesjournal.access.readlog.acts import Act, Outcome
from fellesjournal.access.readlog.queries import Line, Names, Resource
from fellesjournal.registry.numbers import DNR_SYSTEM, FNR_SYSTEM

_NO = "http://hl7.no/fhir/StructureDefinition/"
PROFILE = _NO + "no-domain-Trustframework-Auditevent"
SYSTEM = "https://fellesjournal.example/fhir/CodeSystem/"
CLIENTS = "https://fellesjournal.example/fhir/NamingSystem/client-id"
"""Our own naming system: the client_id by which an app is registered here."""
_REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
_ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
_PERSON_NUMBERS = frozenset({FNR_SYSTEM, DNR_SYSTEM})
_TYPE = {
    "system": "http://dicom.nema.org/resources/ontology/DCM",
    "code": "110110",
    "display": "Patient Record",
}
_APPLICATION = {
    "system": "http://dicom.nema.org/resources/ontology/DCM",
    "code": "110150",
    "display": "Application",
}
# http://hl7.org/fhir/audit-event-action
_ACTIONS = {
    Act.POST: "C",
    Act.PUT: "U",
    Act.PATCH: "U",
    Act.DELETE: "D",
    Act.TRANSACTION: "U",
    Act.SEARCH: "E",
    Act.OPEN: "E",
}
_MINOR = "4"  # http://hl7.org/fhir/audit-event-outcome: refused

Json = dict[str, Any]


def audit_event(
    line: Line, patient: int, names: Names, *, site: str, for_citizen: bool = False
) -> Json:
    """The event of one line about one patient (a number of ``line.patients``; 0: about nobody).

    ``site``: where it was logged, such as the host of the platform. ``for_citizen`` leaves
    out every number of whom acted: names and organisations only (INV-40).
    """
    made: Json = {
        "resourceType": "AuditEvent",
        "id": event_id(line, patient),
        "type": _TYPE,
        "subtype": [_coding("read-log-act", line.act.name.lower())],
        "action": _ACTIONS.get(line.act, "R"),
        "recorded": line.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "outcome": "0" if line.outcome == Outcome.DONE else _MINOR,
        "purposeOfEvent": [{"coding": [{"system": _REASON, "code": _purpose(line, patient)}]}],
        "source": {
            "site": site,
            "observer": {"display": "Fellesjournal"},
            "type": [
                {
                    "system": "http://terminology.hl7.org/CodeSystem/security-source-type",
                    "code": "4",
                    "display": "Application Server",
                }
            ],
        },
    }
    contained: list[Json] = []
    if line.who.is_staff and patient:
        made["meta"] = {"profile": [PROFILE]}
        contained = _staff(line, names, for_citizen=for_citizen)
        contained.append(_patient(patient, names))
        made["extension"] = [
            {"url": _NO + "auditevent-patient-extension", "valueReference": {"reference": "#patient"}},
            _care_relation(line, patient),
        ]  # fmt: skip
        made["agent"] = [{"who": {"reference": "#role"}, "requestor": True}]
    else:
        made["agent"] = [{"who": _plain_agent(line, names), "requestor": True}]
    if line.who.app:
        made["agent"].append(_application(line.who.app, names))
    if contained:
        made["contained"] = contained
    entities = _entities(line, patient, names)
    if entities:
        made["entity"] = entities
    return made


def audit_events(
    lines: list[Line],
    names: Names,
    *,
    site: str,
    patient: int | None = None,
    for_citizen: bool = False,
) -> list[Json]:
    """The events of lines, in their order: all patients of each, or only what is about one."""
    return [
        audit_event(line, about, names, site=site, for_citizen=for_citizen)
        for line in lines
        for about in ((patient,) if patient is not None else line.patients or (0,))
    ]


def event_id(line: Line, patient: int) -> str:
    """The logical id of an event: the key of the line and the patient."""
    return f"{line.key}.{patient}"


def line_and_patient(fhir_id: str) -> tuple[str, int] | None:
    """The key of the line and the patient that an event's id names; None for another id."""
    key, _, patient = fhir_id.rpartition(".")
    return (key, int(patient)) if key and patient.isdecimal() and len(patient) < 19 else None


# --- the decision -------------------------------------------------------------------------------


def _ground(line: Line, patient: int) -> GroundKind | None:
    kind = line.kind(patient)
    return None if kind is None else GroundKind(kind)


def _purpose(line: Line, patient: int) -> str:
    ground = _ground(line, patient)
    return ground.purpose if ground is GroundKind.BREAK_GLASS else line.who.purpose or "TREAT"


def _care_relation(line: Line, patient: int) -> Json:
    ground = _ground(line, patient)
    _, source = line.grounds.get(patient, (None, None))
    # the decision is what the ground follows from; an opening has its own number
    reference = str(line.decision or source or 0)
    text = "No ground" if ground is None else MEANINGS[ground].titles["nb"]
    return {
        "url": _NO + "auditevent-carerelation-metadata-extension",
        "extension": [
            {"url": "decision-ref-id", "valueString": reference},
            {"url": "decision-ref-description", "valueString": text},
            {"url": "decision-ref-user-selected", "valueBoolean": ground is GroundKind.BREAK_GLASS},
            # seconds fit an unsignedInt until 2038
            {"url": "toa", "valueUnsignedInt": int(line.at.timestamp())},
        ],
    }


# --- who ----------------------------------------------------------------------------------------


def _staff(line: Line, names: Names, *, for_citizen: bool) -> list[Json]:
    who = line.who
    practitioner = names.resource(who.person)
    shown: Json = {
        "resourceType": "Practitioner",
        "id": "practitioner",
        "meta": {"profile": [_NO + "no-domain-Trustframework-Practitioner"]},
        "identifier": _identifiers(practitioner, for_citizen=for_citizen),
        "name": [{"text": names.name(who.person) or who.person}],
    }
    if practitioner.get("qualification"):
        shown["qualification"] = [
            {"code": held["code"]} for held in practitioner["qualification"] if "code" in held
        ]
    legal = who.organisation or who.unit
    return [
        shown,
        {
            "resourceType": "PractitionerRole",
            "id": "role",
            "meta": {"profile": [_NO + "no-domain-Trustframework-PractitioneRole"]},
            "practitioner": {"reference": "#practitioner"},
            "organization": {"reference": "#department"},
            "location": [{"reference": "#location"}],
        },
        _organization("department", who.unit, "PractitionerDepartment", names)
        | ({"partOf": {"reference": "#entity"}} if who.organisation else {}),
        *([_organization("entity", legal, "PractitionerLegalentity", names)] if who.organisation else []),
        {
            "resourceType": "Location",
            "id": "location",
            "meta": {"profile": [_NO + "no-doc-Trustframework-Location-PractitionerPointofcare"]},
            "managingOrganization": {"reference": "#place"},
        },
        _organization("place", who.unit, "PractitionerPointofcare", names),
    ]  # fmt: skip


def _identifiers(resource: Resource, *, for_citizen: bool) -> list[Json]:
    found = [] if for_citizen else _numbers(resource)
    why = "masked" if for_citizen else "unknown"
    return found or [{"extension": [{"url": _ABSENT, "valueCode": why}]}]


def _numbers(resource: Resource) -> list[Json]:
    return [
        {"system": held["system"], "value": held["value"]}
        for held in resource.get("identifier", ())
        if "system" in held and "value" in held
    ]


def _organization(anchor: str, reference: str, part: str, names: Names) -> Json:
    resource = names.resource(reference)
    kept = [held for held in _numbers(resource) if held["system"] not in _PERSON_NUMBERS]
    made: Json = {
        "resourceType": "Organization",
        "id": anchor,
        "meta": {"profile": [f"{_NO}no-doc-Trustframework-Organization-{part}"]},
        "name": names.name(reference) or reference or "Fellesjournal",
    }
    if kept:
        made["identifier"] = kept
    return made


def _patient(patient: int, names: Names) -> Json:
    resource = names.resource(names.reference(patient))
    return {
        "resourceType": "Patient",
        "id": "patient",
        "meta": {"profile": [_NO + "no-domain-Trustframework-Patient"]},
        "identifier": _identifiers(resource, for_citizen=False),
    }


def _plain_agent(line: Line, names: Names) -> Json:
    who = line.who
    if who.is_system or not who.person:
        return {"display": who.person or "system"}
    shown: Json = {"reference": who.person}
    if names.name(who.person):
        shown["display"] = names.name(who.person)
    return shown


def _application(client_id: str, names: Names) -> Json:
    """The app it was done through. Named, not referred to: the profile takes only a role as a
    target of ``who``.
    """
    name = names.app(client_id)
    return {
        "type": {"coding": [_APPLICATION]},
        "who": {"identifier": {"system": CLIENTS, "value": client_id}, "display": name},
        "altId": client_id,
        "name": name,
        "requestor": False,
    }


# --- what ---------------------------------------------------------------------------------------


def _entities(line: Line, patient: int, names: Names) -> list[Json]:
    """What was seen or written of this patient; of a resource about nobody, itself."""
    made = []
    for number in line.resources:
        reference, belongs_to = names.references.get(number, ("", 0))
        if not reference or (patient and belongs_to not in {patient, 0} and number != patient):
            continue
        if patient and belongs_to == 0 and number != patient and len(line.patients) > 1:
            continue  # whose page it was on can't be told
        kind = reference.split("/")[0]
        made.append(
            {
                "what": {"reference": reference},
                "type": {"system": "http://hl7.org/fhir/resource-types", "code": kind},
            }
        )
    return made


def _coding(system: str, code: str) -> Json:
    return {"system": SYSTEM + system, "code": code}


__all__ = ["PROFILE", "audit_event", "audit_events", "event_id", "line_and_patient"]
