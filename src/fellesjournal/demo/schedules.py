"""Schedules of the GPs at the named GPs' offices, and what the cast has booked in them.

A future appointment with one of these GPs takes the next free opening of her Schedule, so that
nothing is booked twice; earlier ones were kept before there were Schedules. Everything follows
from the day the demo is made for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from fellesjournal.demo.cast_staff import STAFF
from fellesjournal.demo.moments import iso_day, iso_moment
from fellesjournal.demo.staff import Worker
from fellesjournal.demo.terms import (
    CANCELLATION,
    CITIZEN_APPOINTMENT,
    CONTACT_TYPE,
    Element,
    Resource,
    coding,
)
from fellesjournal.foundation.clock import NORWAY
from fellesjournal.registry.opening_rules import (
    CLOSED_DAYS,
    Opening,
    OpeningRules,
    openings_on,
    read_rules,
    rule_extension,
)
from fellesjournal.registry.working_days import add_working_days, is_working_day

BOOKED_IN = "https://fellesjournal.example/fhir/StructureDefinition/booked-in"
OUTCOME = "https://fellesjournal.example/fhir/StructureDefinition/appointment-outcome"
_OFFICES = frozenset(member.unit_id for member in STAFF if member.role == "gp")
_VISIT: Element = {
    "coding": [coding(CITIZEN_APPOINTMENT, "Ordinær", "Ordinær time")],
}
_TELEPHONE: Element = {
    "coding": [
        coding(CITIZEN_APPOINTMENT, "Ordinær", "Ordinær time"),
        coding(CONTACT_TYPE, "7", "Telefonkonsultasjon"),
    ],
}
_URGENT: Element = {
    "coding": [coding(CITIZEN_APPOINTMENT, "Hastetime", "Hastetime")],
}
_WEEK = ("mon", "tue", "wed", "thu", "fri")
_ALMOST_A_YEAR = 330  # how far ahead a free opening is looked for, in days


@dataclass(slots=True)
class Diary:
    """One GP's Schedule while the demo is made: what is taken of it so far."""

    worker: Worker
    rules: OpeningRules
    resource: Resource
    taken: set[datetime] = field(default_factory=set)
    days: dict[int, list[Opening]] = field(default_factory=dict)

    def next_free(self, day: int, minutes: int, kind: Element = _VISIT) -> tuple[int, int, int]:
        """The first free opening at or after a time: day, minutes after midnight, and length.

        Of one kind of contact; a time of day that is not open goes on to the next.
        """
        for later in range(day, day + _ALMOST_A_YEAR):
            for opening in self._openings(later):
                local = opening.start.astimezone(NORWAY)
                begins = local.hour * 60 + local.minute
                if (later == day and begins < minutes) or opening.kind != kind:
                    continue
                if opening.start not in self.taken:
                    self.taken.add(opening.start)
                    return later, begins, opening.minutes
        raise ValueError(f"{self.worker.key} has no opening for almost a year")

    def _openings(self, day: int) -> list[Opening]:
        if day not in self.days:
            self.days[day] = openings_on(self.rules, date.fromordinal(day))
        return self.days[day]

    def mark(self, appointment: Resource) -> None:
        """Say on an appointment that it is booked here."""
        appointment["extension"] = [
            {"url": BOOKED_IN, "valueReference": {"reference": f"Schedule/{self.resource['id']}"}},
            *appointment.get("extension", []),
        ]


def diaries(workers: Iterable[Worker], until: int) -> dict[str, Diary]:
    """The empty diaries of those who have one, by the worker's key."""
    found = {worker.key: diary_of(worker, until) for worker in workers}
    return {key: diary for key, diary in found.items() if diary is not None}


def diary_of(worker: Worker, until: int) -> Diary | None:
    """The diary of a GP at one of the named GPs' offices, empty; None for everybody else."""
    if worker.role.code != "gp" or worker.unit.key not in _OFFICES:
        return None
    resource: Resource = {
        "resourceType": "Schedule",
        "id": f"{worker.key}-schedule",
        "meta": {"tag": [worker.unit.tag]},
        "extension": [*_rules(), _closed(until)],
        "active": True,
        "actor": [worker.ref],
    }
    return Diary(worker, read_rules(resource), resource)


def _rules() -> Iterator[Element]:
    def rule(opens: str, closes: str, minutes: int, kind: Element, *, by_citizens: bool) -> Element:
        return rule_extension(
            weekdays=_WEEK, opens=opens, closes=closes, minutes=minutes, kind=kind,
            for_citizens=by_citizens,
        )  # fmt: skip

    yield rule("08:00", "11:20", 20, _VISIT, by_citizens=True)
    yield rule("12:00", "12:40", 20, _URGENT, by_citizens=False)
    yield rule("12:40", "14:20", 20, _VISIT, by_citizens=True)
    yield rule("14:20", "15:00", 10, _TELEPHONE, by_citizens=True)


def _closed(until: int) -> Element:
    """A course, three weeks ahead, on a Thursday and a Friday."""
    thursday = until + 21 + (3 - date.fromordinal(until).weekday()) % 7
    days = {"start": iso_day(thursday), "end": iso_day(thursday + 1)}
    return {"url": CLOSED_DAYS, "valuePeriod": days}


@dataclass(frozen=True, slots=True)
class Booking:
    """What one of the cast has booked with the GP, or had. ``working_day`` counts from the day
    the demo is made for; ``code`` (7621) and ``why`` of what did not take place.
    """

    citizen: str
    working_day: int
    minutes: int
    reason: str
    state: str = "booked"
    code: str = ""
    why: str = ""
    by_telephone: bool = False


BOOKINGS = (
    Booking("cast-marit", 0, 8 * 60, "Kontroll av stoffskiftet"),
    Booking("cast-havard", 0, 8 * 60 + 40, "Vondt i ryggen igjen"),
    Booking("cast-sunniva", 0, 9 * 60 + 40, "Migrene, oftere enn før"),
    Booking("cast-thea", 0, 13 * 60, "Trøtt, spør om jern"),
    Booking("cast-emrik", 0, 14 * 60 + 20, "Svar om astmamedisin", by_telephone=True),
    Booking("cast-aslaug", 1, 9 * 60, "Hovne ankler"),
    Booking("cast-oda", 1, 10 * 60, "Legeattest"),
    Booking("cast-oda", -1, 10 * 60 + 20, "Vondt i halsen", "cancelled", "AAI", "Ble frisk i natt"),
    Booking("cast-havard", -3, 8 * 60 + 20, "Vondt i ryggen", "noshow", "IM"),
)
_DISPLAY = {"AAI": "Avlyst av innbygger", "IM": "Ikke møtt"}


def day_of(booking: Booking, until: int) -> int:
    """The day of a booking: working day 0 is the demo's day, or the next working day."""
    today = add_working_days(date.fromordinal(until), 0)
    if booking.working_day >= 0:
        return add_working_days(today, booking.working_day).toordinal()
    day, left = today, -booking.working_day
    while left:
        day -= timedelta(days=1)
        left -= is_working_day(day)
    return day.toordinal()


def kind_of(booking: Booking) -> Element:
    """The appointmentType of a booking."""
    return _TELEPHONE if booking.by_telephone else _VISIT


def outcome(booking: Booking, day: int) -> Element:
    """When and why it did not take place: a late cancellation was made the evening before."""
    when = iso_moment(day, booking.minutes + 20)
    parts: list[Element] = []
    if booking.state == "cancelled":
        when = iso_moment(day - 1, 21 * 60 + 5)
    parts.append({"url": "at", "valueInstant": when})
    parts.append({"url": "code", "valueCodeableConcept": cancellation(booking)})
    if booking.state == "cancelled":
        parts.append({"url": "late", "valueBoolean": True})
    return {"url": OUTCOME, "extension": parts}


def cancellation(booking: Booking) -> Element:
    """The code of 7621 with the words that were given."""
    found: Element = {"coding": [coding(CANCELLATION, booking.code, _DISPLAY[booking.code])]}
    return {**found, "text": booking.why} if booking.why else found


__all__ = [
    "BOOKED_IN",
    "BOOKINGS",
    "OUTCOME",
    "Booking",
    "Diary",
    "cancellation",
    "day_of",
    "diaries",
    "diary_of",
    "kind_of",
    "outcome",
]
