"""The time that an appointment takes of a schedule, so that the database refuses to give it twice.

An Appointment that is booked in a Schedule (our extension ``booked-in``) claims each step of five
minutes from its start to its end, as long as it stands. A claim is a row of
``store.unique_identifier`` like a national number: whoever comes second is refused by the unique
key, however many come at once. Claims follow from the resource alone; no writer can leave them out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from fellesjournal.fhir import reading, references, temporal
from fellesjournal.fhir.issues import Issue

BOOKED_IN = "https://fellesjournal.example/fhir/StructureDefinition/booked-in"
"""Extension of Appointment: the Schedule whose time it takes (valueReference)."""
CLAIMED_TIME = "https://fellesjournal.example/fhir/NamingSystem/claimed-time"
STEP = timedelta(minutes=5)
LONGEST = timedelta(hours=12)
"""No appointment claims more: one of ten years would be a million rows."""

# http://hl7.org/fhir/R4/valueset-appointmentstatus.html: proposed and waitlist have no time yet;
# who is cancelled or did not come leaves it to others.
CLAIMING = frozenset({"pending", "booked", "arrived", "checked-in", "fulfilled"})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def claims_of(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(system, value) of each step that an Appointment claims, by time; [] when it claims none."""
    if data.get("resourceType") != "Appointment" or data.get("status") not in CLAIMING:
        return []
    schedule, span = schedule_of(data), span_of(data)
    if schedule == "" or span is None or span[1] - span[0] > LONGEST:
        return []
    start, end = span
    step = start - (start - _EPOCH) % STEP
    found = []
    while step < end:
        found.append((CLAIMED_TIME, claim(schedule, step)))
        step += STEP
    return found


def claim_problems(data: Mapping[str, Any]) -> list[Issue]:
    """What keeps an Appointment with our extension from claiming its time, told when written."""
    if data.get("resourceType") != "Appointment" or not any(
        extension.get("url") == BOOKED_IN for extension in reading.elements(data.get("extension"))
    ):
        return []
    if not schedule_of(data):
        why = "booked-in names one Schedule of this server, as Schedule/1"
        return [Issue("invalid", why, ("Appointment.extension",))]
    span = span_of(data)
    if span is None or span[1] - span[0] > LONGEST:
        why = "what is booked in a Schedule has a start, and an end within twelve hours after it"
        return [Issue("invalid", why, ("Appointment.end",))]
    return []


def claim(schedule: str, step: datetime) -> str:
    """One step of a Schedule (``Schedule/1``); the text sorts by time."""
    return f"{schedule}|{step.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def claimed_at(value: str) -> datetime:
    """When a claimed step begins."""
    return datetime.strptime(value.rpartition("|")[2], "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)


def schedule_of(data: Mapping[str, Any]) -> str:
    """The Schedule an Appointment is booked in, as ``Schedule/1``; "" for none of this server."""
    found = ""
    for extension in reading.elements(data.get("extension")):
        if extension.get("url") != BOOKED_IN:
            continue
        reference = extension.get("valueReference")
        text = reference.get("reference") if isinstance(reference, Mapping) else None
        target = references.local(text) if isinstance(text, str) else None
        if found or target is None or target.base or target.type != "Schedule":
            return ""
        found = f"Schedule/{target.id}"
    return found


def span_of(data: Mapping[str, Any]) -> tuple[datetime, datetime] | None:
    """Start and end of an Appointment; None when it has not both, in this order."""
    try:
        start, end = (
            _EPOCH + timedelta(microseconds=temporal.interval(str(data[name]))[0])
            for name in ("start", "end")
        )
    except (KeyError, ValueError, OverflowError):
        return None
    return (start, end) if start < end else None


__all__ = ["BOOKED_IN", "CLAIMED_TIME", "LONGEST", "STEP", "claim", "claim_problems", "claimed_at", "claims_of",
           "schedule_of", "span_of"]  # fmt: skip
