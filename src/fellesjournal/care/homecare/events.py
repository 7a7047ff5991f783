"""What home care tells: ids only. Names and payloads others may rely on."""

from __future__ import annotations

from fellesjournal.foundation.outbox.events import Event

APPLICATION_SENT = "application-sent"
"""{"patient", "application"}: a citizen has applied for municipal services."""
DECISION_MADE = "decision-made"
"""{"patient", "application", "decision", "service"}: ``service`` "" when nothing was granted."""
PLAN_CHANGED = "home-care-plan-changed"
"""{"patient"}: plan, service or pause is another; the days ahead are made anew."""
VISIT_DONE = "visit-done"
"""{"patient", "visit"}: a home visit has ended."""
DEVIATION_NOTED = "deviation-noted"
"""{"patient", "task"}: a carer has noted a deviation, and the unit leader has a task."""


def application_sent(patient: str, application: str) -> Event:
    """An application was sent."""
    return Event(
        APPLICATION_SENT, patient,
        {"patient": patient, "application": f"ServiceRequest/{application}"},
    )  # fmt: skip


def decision_made(patient: str, application: str, decision: str, service: str) -> Event:
    """A decision was made on an application."""
    facts = {
        "patient": patient,
        "application": f"ServiceRequest/{application}",
        "decision": f"ServiceRequest/{decision}",
        "service": f"EpisodeOfCare/{service}" if service else "",
    }
    return Event(DECISION_MADE, patient, facts)


def plan_changed(patient: str) -> Event:
    """What visits follow from is another."""
    return Event(PLAN_CHANGED, patient, {"patient": patient})


def visit_done(patient: str, visit: str) -> Event:
    """A visit has ended."""
    return Event(VISIT_DONE, patient, {"patient": patient, "visit": f"Encounter/{visit}"})


def deviation_noted(patient: str, task: str) -> Event:
    """A deviation was noted."""
    return Event(DEVIATION_NOTED, patient, {"patient": patient, "task": f"Task/{task}"})
