"""Booked time and held slots as flat tables: whose schedule, when, and what became of it. No patient's
name, no reason, no word.
"""

from __future__ import annotations

from fellesjournal.access.booked import CANCELLATION, OUTCOME, VOLVEN
from fellesjournal.leadership.indicators.tables import columns_of, register, view_of

_BOOKED_IN = "https://fellesjournal.example/fhir/StructureDefinition/booked-in"
_PART = f"extension('{OUTCOME}').first().extension"
_KIND = "appointmentType.coding.where(system = '{}').code.first()"


BOOKED_TIME = register(
    view_of(
        "booked_time", "Appointment", "",
        appointment="getResourceKey()",
        schedule=f"extension('{_BOOKED_IN}').first().value.ofType(Reference).getReferenceKey(Schedule)",
        status="status",
        contact=_KIND.format(VOLVEN + "8432"),
        urgency=_KIND.format(VOLVEN + "7617"),
        starts="start",
        ends="end",
        created="created",
        ended=f"{_PART}('at').first().value.ofType(instant)",
        outcome=f"{_PART}('code').first().value.ofType(CodeableConcept).coding"
        f".where(system = '{CANCELLATION}').code.first()",
        called_off=f"cancelationReason.coding.where(system = '{CANCELLATION}').code.first()",
        is_late=f"{_PART}('late').first().value.ofType(boolean)",
        requested="requestedPeriod.first().end",
    ),
    month="starts",
)  # fmt: skip
"""Each appointment. ``ended`` is when it was called off or missed, ``outcome`` a code of 7621."""

BOOKED_WITH = register(
    view_of(
        "booked_with", "Appointment", "",
        {
            "forEach": "participant.where(actor.exists()).actor",
            **columns_of(
                clinician="getReferenceKey(Practitioner)", role="getReferenceKey(PractitionerRole)"
            ),
        },
        appointment="getResourceKey()",
        starts="start",
    ),
    month="starts",
)  # fmt: skip
"""Who keeps each appointment, by name or by her role: a row for each of several."""

HELD_SLOT = register(
    view_of(
        "held_slot", "Slot", "",
        slot="getResourceKey()",
        schedule="schedule.getReferenceKey(Schedule)",
        status="status",
        starts="start",
        ends="end",
    ),
    month="starts",
)  # fmt: skip
"""Time of a schedule that somebody has closed or holds (busy-unavailable, busy-tentative)."""

TABLES = (BOOKED_TIME, BOOKED_WITH, HELD_SLOT)

__all__ = ["BOOKED_TIME", "BOOKED_WITH", "HELD_SLOT", "TABLES"]
