"""Alerts as data: a DetectedIssue for each alert met in a visit, and how it was answered (INV-22).

``preliminary``: it was shown. ``final`` with a mitigation: it was overridden, with the reason.
The share of the second among both is the override rate of a rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fellesjournal.access import acts, records
from fellesjournal.access.acts import change, create
from fellesjournal.access.sessions import Session
from fellesjournal.access.writing import Operation
from fellesjournal.care.medication.alerts import Alert, AlertKind
from fellesjournal.care.medication.resources import NORMAL_VISIBILITY, Person, Resource
from fellesjournal.fhir import reading
from fellesjournal.foundation import clock

ALERT_SYSTEM = "https://fellesjournal.example/fhir/NamingSystem/alert"
RULE_SYSTEM = "https://fellesjournal.example/fhir/CodeSystem/medication-alert"
_ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
# v3-ActCode, DetectedIssue: ALGY allergy, DUPTHPY duplicate therapy.
_CODES = {
    AlertKind.ALLERGY: "ALGY",
    AlertKind.SAME_SUBSTANCE: "DUPTHPY",
    AlertKind.SAME_GROUP: "DUPTHPY",
}


def of_this_visit(session: Session, patient: str) -> dict[str, tuple[Resource, int]]:
    """The alerts this person has met in this patient's record today, by alert id, with versions.

    Assumption: a visit is a day of one person; an Encounter is not always made before she
    prescribes.
    """
    asked = [
        ("patient", patient),
        ("author", session.person),
        ("identified", f"ge{clock.midnight_text(clock.today())}"),
        ("_count", "200"),
    ]
    page = records.search(session, "DetectedIssue", asked)
    found = {}
    for stored in page.matches:
        body = acts.content(stored)
        for identifier in reading.elements(body.get("identifier")):
            if identifier.get("system") == ALERT_SYSTEM:
                found[reading.string(identifier.get("value"))] = (body, stored.version)
    return found


def is_answered(issue: Mapping[str, Any]) -> bool:
    """Whether it was overridden with a reason."""
    return issue.get("status") == "final" and bool(issue.get("mitigation"))


def shown(patient: str, alert: Alert, by: Person) -> Resource:
    """An alert that was shown, and not answered yet."""
    return {
        "resourceType": "DetectedIssue",
        "meta": {"security": [NORMAL_VISIBILITY]},
        "identifier": [{"system": ALERT_SYSTEM, "value": alert.id}],
        "status": "preliminary",
        "code": {
            "coding": [
                {"system": _ACT_CODE, "code": _CODES[alert.kind]},
                {"system": RULE_SYSTEM, "code": alert.kind.value},
            ]
        },
        "severity": "high" if alert.grave else "moderate",
        "patient": {"reference": patient},
        "identifiedDateTime": clock.now().isoformat(timespec="seconds"),
        "author": by.pointer,
        "implicated": [{"reference": alert.cause}],
    }


def overridden(issue: Resource, reason: str, medicine: str, by: Person) -> Resource:
    """An alert that somebody went past, with her reason and what she prescribed."""
    mitigation = {
        "action": {"text": reason},
        "date": clock.now().isoformat(timespec="seconds"),
        "author": by.pointer,
    }
    implicated = [*issue.get("implicated", ()), {"reference": medicine}]
    return {**issue, "status": "final", "implicated": implicated, "mitigation": [mitigation]}


def note_shown(
    alerts: Iterable[Alert], met: Mapping[str, tuple[Resource, int]], patient: str, by: Person
) -> list[Operation]:
    """The operations that record alerts met for the first time in the visit."""
    return [create(shown(patient, alert, by)) for alert in alerts if alert.id not in met]


def note_overridden(
    reasons: Mapping[str, str],
    alerts: Iterable[Alert],
    met: Mapping[str, tuple[Resource, int]],
    patient: str,
    medicine: str,
    by: Person,
) -> list[Operation]:
    """The operations that record which alerts were gone past, and why."""
    made = []
    for alert in alerts:
        reason = reasons.get(alert.id)
        if not reason:
            continue
        if alert.id in met:
            issue, version = met[alert.id]
            made.append(change(overridden(issue, reason, medicine, by), seen=version))
        else:
            made.append(create(overridden(shown(patient, alert, by), reason, medicine, by)))
    return made


__all__ = ["is_answered", "note_overridden", "note_shown", "of_this_visit"]
