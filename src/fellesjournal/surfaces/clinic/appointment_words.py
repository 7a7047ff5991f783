"""Appointments in the clinic's words, and what can be done with each now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext

from fellesjournal.access.policy.booking import LIMITS
from fellesjournal.care.citizens.resources import person
from fellesjournal.care.scheduling.queries import Listed
from fellesjournal.care.scheduling.resources import Appointment
from fellesjournal.care.scheduling.wording import clock_time, contact
from fellesjournal.foundation import clock
from fellesjournal.surfaces.clinic.presenting import age, sex


@dataclass(frozen=True, slots=True)
class Line:
    """An appointment on the day list or in a record. ``acts`` are names of what can be done now:
    start, arrived, missed, told, end, cancel, move; ``encounter`` is the contact it led to;
    ``who`` is age and sex.
    """

    appointment: Appointment
    patient_id: str
    name: str
    time: str
    how: str
    state: str
    tone: str
    acts: frozenset[str]
    encounter: str = ""
    who: str = ""


def lines(
    found: Iterable[Listed], consultations: Mapping[str, tuple[str, bool]] | None = None
) -> list[Line]:
    """Each as a line, in the order given."""
    return [_line(each, (consultations or {}).get(each.appointment.id)) for each in found]


def _line(listed: Listed, consultation: tuple[str, bool] | None) -> Line:
    found, now = listed.appointment, clock.now()
    encounter, is_under_way = consultation or ("", False)
    return Line(
        appointment=found,
        patient_id=found.patient.removeprefix("Patient/"),
        name=listed.name,
        time="" if found.starts is None else clock_time(found.starts),
        how=contact(found.contact),
        state=gettext("in consultation") if is_under_way else state(found),
        tone=_TONES.get("under-way" if is_under_way else found.status, "neutral"),
        acts=_acts(found, now) | (frozenset({"end"}) if is_under_way else frozenset()),
        encounter=encounter,
        who=_who(listed),
    )


def _who(listed: Listed) -> str:
    """Age and sex, as the banner of her record has them; "" when neither is known."""
    known = {"gender": listed.sex}
    if listed.born is not None:
        known["birthDate"] = listed.born.isoformat()
    patient, today = person(known), clock.today()
    return ", ".join(filter(None, (age(patient, today), sex(patient, today))))


_TONES = {"arrived": "info", "checked-in": "info", "under-way": "success", "noshow": "warning"}


def state(found: Appointment) -> str:
    """The status in words, with what was noted when it was called off."""
    if found.status == "cancelled":
        by = {
            "AAI": gettext("cancelled by the patient"),
            "APVAI": gettext("cancelled on the patient's behalf"),
            "AAT": gettext("cancelled by us"),
            "AIH": gettext("cancelled, not at home"),
        }.get(found.outcome, gettext("cancelled"))
        return gettext("%(cancelled)s, late") % {"cancelled": by} if found.is_late else by
    return {
        "booked": gettext("booked"),
        "pending": gettext("booked"),
        "arrived": gettext("arrived"),
        "checked-in": gettext("arrived"),
        "fulfilled": gettext("done"),
        "noshow": gettext("did not come"),
        "proposed": gettext("proposed"),
        "waitlist": gettext("on the waiting list"),
    }.get(found.status, found.status)


def _acts(found: Appointment, now: datetime) -> frozenset[str]:
    if found.starts is None or not found.patient:
        return frozenset()
    to_come = found.status in {"booked", "pending"}
    near = found.starts - now <= LIMITS.arrives_before.time
    not_old = now - found.starts <= timedelta(days=1)
    can = {
        "start": near
        and not_old
        and (to_come or found.status in {"arrived", "checked-in", "noshow"}),
        "arrived": near and not_old and (to_come or found.status == "noshow"),
        "missed": to_come and found.starts <= now,
        "told": to_come and not found.patient_knows and now < found.starts,
        "cancel": (to_come or found.status == "arrived") and now < found.starts,
        "move": to_come and now < found.starts and found.schedule != "",
    }
    return frozenset(name for name, possible in can.items() if possible)


__all__ = ["Line", "lines", "state"]
