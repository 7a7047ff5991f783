"""Appointments in HelsaMi's words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from fellesjournal.access import patients
from fellesjournal.access.acts import content
from fellesjournal.access.policy.booking import LIMITS
from fellesjournal.access.sessions import Session
from fellesjournal.care.scheduling import queries
from fellesjournal.care.scheduling.resources import Appointment
from fellesjournal.care.scheduling.wording import clock_time, contact
from fellesjournal.fhir import reading
from fellesjournal.foundation import clock
from fellesjournal.foundation.ui.templatetags.ui import written


@dataclass(frozen=True, slots=True)
class Card:
    """An appointment as HelsaMi shows it. ``state`` is "" for one that stands."""

    appointment: Appointment
    day: str
    time: str
    with_whom: str
    how: str
    state: str
    may_move: bool
    may_cancel: bool
    is_late_now: bool
    asks: bool


def cards(session: Session, found: Iterable[Appointment]) -> list[Card]:
    """Each with the names of those it is with, read together."""
    listed = list(found)
    unnamed = {
        (kind, key)
        for each in listed
        for target, name in each.keepers
        if not name
        for kind, _, key in [target.partition("/")]
        if kind in {"Practitioner", "HealthcareService", "Location"}
    }
    names = {
        f"{stored.type}/{stored.id}": _name(content(stored))
        for stored in patients.read_known(session, unnamed)
    }
    acts = session.person != session.subject
    return [_card(each, names, acts=acts) for each in listed]


def card(session: Session, found: Appointment) -> Card:
    """One appointment."""
    return cards(session, [found])[0]


def next_card(session: Session) -> Card | None:
    """The next appointment in the record that is open, for its first page."""
    found = queries.next_appointment(session)
    return None if found is None else card(session, found)


def sentence(found: Appointment) -> str:
    """When it is: Tuesday 24 November at 10:20."""
    if found.starts is None:
        return ""
    return gettext("%(day)s at %(time)s") % {
        "day": day_of(found.starts), "time": clock_time(found.starts),
    }  # fmt: skip


def day_of(moment: datetime) -> str:
    """The day with its weekday; the year when it is another than this."""
    local = moment.astimezone(clock.NORWAY)
    return written(local, "l j. F" if local.year == clock.today().year else "l j. F Y")


def _card(found: Appointment, names: dict[str, str], *, acts: bool) -> Card:
    now, starts = clock.now(), found.starts
    changeable = (
        found.status in {"booked", "pending"}
        and found.schedule != ""
        and starts is not None
        and now < starts
    )
    late = starts is not None and starts - now < LIMITS.late.time
    keepers = [name or names.get(target, "") for target, name in found.keepers]
    return Card(
        appointment=found,
        day="" if starts is None else day_of(starts),
        time="" if starts is None else clock_time(starts),
        with_whom=", ".join(filter(None, keepers)),
        how=contact(found.contact),
        state=_state(found, acts=acts),
        may_move=changeable and not late,
        may_cancel=changeable,
        is_late_now=late,
        asks=changeable and not found.patient_knows,
    )


def _state(found: Appointment, *, acts: bool) -> str:
    """How it stands; "you" is said to herself alone, not to who acts for her."""
    if found.status == "cancelled":
        return gettext("cancelled late") if found.is_late else gettext("cancelled")
    arrived = gettext("registered as arrived") if acts else gettext("you are registered as arrived")
    return {
        "noshow": gettext("missed, without notice") if acts else gettext("you did not come"),
        "arrived": arrived,
        "checked-in": arrived,
        "fulfilled": gettext("kept"),
    }.get(found.status, "")


def _name(data: dict[str, object]) -> str:
    name = data.get("name")
    return name if isinstance(name, str) else reading.name_text(name)


__all__ = ["Card", "card", "cards", "day_of", "next_card", "sentence"]
