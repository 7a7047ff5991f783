"""Free times, the day list, a citizen's appointments: everything computed when asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from fellesjournal.access import acts, bookings, patients, records
from fellesjournal.access.claims import taken
from fellesjournal.access.policy.booking import LIMITS
from fellesjournal.access.renewing import office_of_gp
from fellesjournal.access.sessions import Session
from fellesjournal.care.scheduling.resources import (
    TELEPHONE,
    VIDEO,
    Appointment,
    Schedule,
    contact_of,
    read_appointment,
    read_schedule,
)
from fellesjournal.care.scheduling.wording import clock_time, contact
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation import clock
from fellesjournal.foundation.clock import NORWAY
from fellesjournal.registry.opening_rules import FIVE_MINUTES, Opening, openings_on, read_rules

_MOST_ON_A_DAY = 200
_MOST_OF_A_CITIZEN = 200
_MOST_SCHEDULES = 40
LONGEST_SEARCH = timedelta(days=92)
"""How far the pages look for a free time in one go."""


@dataclass(frozen=True, slots=True)
class FreeTime:
    """An opening of a schedule that is not taken."""

    schedule: Schedule
    opening: Opening

    @property
    def starts(self) -> datetime:
        """Local time."""
        return self.opening.start.astimezone(NORWAY)

    @property
    def ends(self) -> datetime:
        """Local time."""
        return self.opening.end.astimezone(NORWAY)

    @property
    def day(self) -> date:
        """The day in Norway."""
        return self.starts.date()

    @property
    def key(self) -> str:
        """The start as forms and addresses name it: an instant in UTC."""
        return f"{self.opening.start:%Y-%m-%dT%H:%M:%SZ}"

    @property
    def clock_time(self) -> str:
        """The start in words: 10:30."""
        return clock_time(self.opening.start)

    @property
    def how(self) -> str:
        """The kind of contact in words."""
        return contact(contact_of(self.opening.kind))

    @property
    def is_visit(self) -> bool:
        """Whether one comes there; else ``how`` says what is to happen instead."""
        return contact_of(self.opening.kind) not in {TELEPHONE, VIDEO}


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the day list. ``name`` is "" when the patient's name is not to be seen; ``sex``
    is as FHIR has it.
    """

    appointment: Appointment
    name: str
    born: date | None
    sex: str = ""


@dataclass(frozen=True, slots=True)
class Bookable:
    """The schedules a citizen may book in, and those where she has as many times as one may have
    (each with how many).
    """

    open: list[Schedule]
    full: list[tuple[Schedule, int]]


@dataclass(frozen=True, slots=True)
class Office:
    """The office of a GP, "" for what is not registered."""

    name: str
    telephone: str


def open_to(session: Session) -> Bookable:
    """Where this citizen may book now, and where she has too many to come."""
    schedules = bookable(session)
    if not schedules:
        return Bookable([], [])
    number = bookings.living(session, [each.id for each in schedules], clock.now())
    most = LIMITS.most.number
    return Bookable(
        [each for each in schedules if number[each.id] < most],
        [(each, number[each.id]) for each in schedules if number[each.id] >= most],
    )


def office_of(session: Session) -> Office:
    """Whom to call about times: the office of her list GP."""
    unit = office_of_gp(session).partition("/")[2]
    for stored in patients.read_known(session, [("Organization", unit)]) if unit else []:
        data = acts.content(stored)
        phones = (
            reading.string(each.get("value"))
            for each in reading.elements(data.get("telecom"))
            if each.get("system") == "phone"
        )
        return Office(reading.string(data.get("name")), next(phones, ""))
    return Office("", "")


def bookable(session: Session) -> list[Schedule]:
    """The schedules in which this citizen books by herself: her GP's, in order of their names."""
    return sorted(
        (read_schedule(each) for each in bookings.offered(session)), key=lambda s: (s.name, s.id)
    )


def schedules_at(session: Session, unit: str) -> list[Schedule]:
    """The schedules of those who work at a unit (``Organization/1``), for staff, by name."""
    roles = records.search(
        session, "PractitionerRole", [("organization", unit), ("_count", "100")]
    ).matches
    actors = [f"PractitionerRole/{role.id}" for role in roles]
    actors += [reading.reference_target(acts.content(role).get("practitioner")) for role in roles]
    return schedules_of(session, actors)


def schedules_of(session: Session, actors: Sequence[str]) -> list[Schedule]:
    """The active schedules of these people, rooms or services, by name."""
    if not actors:
        return []
    query = [
        ("actor", ",".join(sorted(set(filter(None, actors))))),
        ("active", "true"),
        ("_count", str(_MOST_SCHEDULES)),
    ]
    found = records.search(session, "Schedule", query).matches
    return sorted(
        (read_schedule(acts.content(each)) for each in found),
        key=lambda schedule: (schedule.name, schedule.id),
    )


def free_times(
    session: Session,
    schedules: Sequence[Schedule],
    first: date,
    days: int,
    claimed: Mapping[str, frozenset[datetime]] | None = None,
) -> list[FreeTime]:
    """What is free of some schedules on so many days in Norway from ``first`` on, by time.
    ``claimed`` is what is taken then, if it is known already.

    For a citizen: what she may book herself, not too soon and not too far ahead. Nothing that
    has begun is free.
    """
    now = clock.now()
    if claimed is None:
        claimed = taken_from(session, schedules, first, days)
    found = []
    for schedule in schedules:
        rules = read_rules(schedule.data)
        for n in range(days):
            found += [
                FreeTime(schedule, opening)
                for opening in openings_on(rules, first + timedelta(days=n))
                if _may_take(session, opening, now) and is_free(opening, claimed[schedule.id])
            ]
    return sorted(found, key=lambda free: (free.opening.start, free.schedule.name))


def taken_from(
    session: Session, schedules: Sequence[Schedule], first: date, days: int
) -> dict[str, frozenset[datetime]]:
    """What is taken of some schedules on so many days in Norway, for :func:`free_times` and the
    calendar: by the id of each.
    """
    starts = datetime.combine(first, time(), NORWAY)
    ends = datetime.combine(first + timedelta(days=days), time(), NORWAY)
    return taken(session, [schedule.id for schedule in schedules], starts, ends)


def is_free(opening: Opening, claimed: frozenset[datetime]) -> bool:
    """Whether none of its steps of five minutes is taken."""
    return not any(step in claimed for step in _steps(opening))


def next_free(
    session: Session, schedules: Sequence[Schedule], after: datetime, *, most: int
) -> list[FreeTime]:
    """The free times that are nearest to a moment, by time: before it too, on its own day."""
    day = after.astimezone(NORWAY).date()
    found = free_times(session, schedules, day, 14)
    if len(found) < most:
        found += free_times(session, schedules, day + timedelta(days=14), LONGEST_SEARCH.days - 14)
    nearest = sorted(found, key=lambda free: abs(free.opening.start - after))[:most]
    return sorted(nearest, key=lambda free: free.opening.start)


def opening_at(
    session: Session, schedules: Sequence[Schedule], schedule_id: str, starts: str
) -> FreeTime | None:
    """The opening that a form names by schedule and start (an instant), taken or not; None when
    it is not offered. Whether it is taken is for the database to say.
    """
    moment = reading.moment(starts)
    schedule = next((each for each in schedules if each.id == schedule_id), None)
    if moment is None or schedule is None:
        return None
    day, now = moment.at.astimezone(NORWAY).date(), clock.now()
    for opening in openings_on(read_rules(schedule.data), day):
        if opening.start == moment.at and _may_take(session, opening, now):
            return FreeTime(schedule, opening)
    return None


def my_appointments(session: Session) -> list[Appointment]:
    """All appointments in the record a citizen has open, newest first."""
    return appointments_of(session, session.subject)


def next_appointment(session: Session) -> Appointment | None:
    """The next that stands in the record a citizen has open; None when none does."""
    query = [
        ("patient", session.subject),
        ("status", "booked,pending,arrived"),
        ("date", f"ge{clock.now():%Y-%m-%dT%H:%M:%SZ}"),
        ("_sort", "date"),
        ("_count", "1"),
    ]
    found = [_read(stored) for stored in records.search(session, "Appointment", query).matches]
    return found[0] if found else None


def appointments_of(session: Session, patient: str) -> list[Appointment]:
    """The appointments of a patient (``Patient/1``) that this session may see, newest first."""
    query = [("patient", patient), ("_sort", "-date"), ("_count", str(_MOST_OF_A_CITIZEN))]
    return [_read(stored) for stored in records.search(session, "Appointment", query).matches]


def appointments_with_consultations(
    session: Session, patient: str
) -> tuple[list[Appointment], dict[str, tuple[str, bool]]]:
    """As :func:`appointments_of`, with their :func:`consultations`, in one search."""
    query = [
        ("patient", patient),
        ("_sort", "-date"),
        ("_count", str(_MOST_OF_A_CITIZEN)),
        ("_revinclude", "Encounter:appointment"),
    ]
    page = records.search(session, "Appointment", query)
    found = [_read(stored) for stored in page.matches]
    fulfilled = {each.id for each in found if each.status == "fulfilled"}
    led = {key: each for key, each in _led(page.included).items() if key in fulfilled}
    return found, led


def appointment_of(session: Session, patient: str, fhir_id: str) -> Appointment:
    """One appointment of this patient (``Patient/1``). Raises NotFound, also for another's."""
    return appointment_as_written(session, patient, fhir_id)[0]


def appointment_as_written(
    session: Session, patient: str, fhir_id: str
) -> tuple[Appointment, acts.Resource]:
    """As :func:`appointment_of`, with the resource itself, for the rules of the door."""
    stored = records.read(session, "Appointment", fhir_id)
    found = _read(stored)
    if found.patient != patient or not patient:
        raise NotFound(f"Appointment/{fhir_id} is not known")
    return found, acts.content(stored)


def day_list(session: Session, keeper: str, day: date) -> list[Listed]:
    """The appointments of one member of staff (``Practitioner/1``) on a day in Norway, by time.

    What its patient has closed to her is not there, as elsewhere; the time is taken all the same.
    """
    return listed_on(session, [keeper], day)


def listed_on(session: Session, keepers: Sequence[str], day: date) -> list[Listed]:
    """As :func:`day_list`, of several people and rooms together."""
    if not keepers:
        return []
    return listed(session, _on_day(session, [("actor", ",".join(keepers))], day))


def consultations(session: Session, found: Sequence[Appointment]) -> dict[str, tuple[str, bool]]:
    """The Encounters that these appointments led to: by the appointment's id the Encounter's,
    and whether it is under way.
    """
    wanted = ",".join(f"Appointment/{each.id}" for each in found if each.status == "fulfilled")
    if not wanted:
        return {}
    query = [("appointment", wanted), ("_count", str(_MOST_ON_A_DAY))]
    return _led(records.search(session, "Encounter", query).matches)


def _led(encounters: Iterable[acts.Stored]) -> dict[str, tuple[str, bool]]:
    led: dict[str, tuple[str, bool]] = {}
    for stored in encounters:
        data = acts.content(stored)
        for each in reading.elements(data.get("appointment")):
            target = reading.reference_target(each).removeprefix("Appointment/")
            led[target] = (stored.id, data.get("status") == "in-progress")
    return led


def days_ahead(session: Session, keeper: str, after: date) -> date | None:
    """The next day after ``after`` on which somebody is booked; None when none is."""
    query = [
        ("actor", keeper),
        ("status", "booked,pending,arrived"),
        ("date", f"ge{clock.midnight_text(after + timedelta(days=1))}"),
        ("_sort", "date"),
        ("_count", "1"),
    ]
    found = [_read(each) for each in records.search(session, "Appointment", query).matches]
    return next((each.starts.astimezone(NORWAY).date() for each in found if each.starts), None)


def call_list(session: Session, keeper: str, today: date) -> list[Listed]:
    """Who must be called: booked, soon, and nobody knows that the patient knows (INV-10)."""
    until = today + timedelta(days=LIMITS.notice_days.number + 1)
    query = [
        ("actor", keeper),
        ("status", "booked,pending"),
        ("part-status", "needs-action"),
        ("date", f"ge{clock.now():%Y-%m-%dT%H:%M:%SZ}"),
        ("date", f"lt{clock.midnight_text(until)}"),
        ("_sort", "date"),
        ("_count", str(_MOST_ON_A_DAY)),
    ]
    found = [_read(stored) for stored in records.search(session, "Appointment", query).matches]
    return listed(session, [each for each in found if not each.patient_knows])


def listed(session: Session, found: Sequence[Appointment]) -> list[Listed]:
    """Appointments with the names of their patients, in one read."""
    wanted = [("Patient", each.patient.removeprefix("Patient/")) for each in found if each.patient]
    people = {
        f"Patient/{stored.id}": acts.content(stored)
        for stored in patients.read_known(session, wanted)
    }
    return [
        Listed(
            each,
            reading.name_text(people.get(each.patient, {}).get("name")),
            _birth(people.get(each.patient, {}).get("birthDate")),
            reading.string(people.get(each.patient, {}).get("gender")),
        )
        for each in found
    ]


def _on_day(session: Session, query: list[tuple[str, str]], day: date) -> list[Appointment]:
    page = records.search(
        session,
        "Appointment",
        [
            *query,
            ("date", f"ge{clock.midnight_text(day)}"),
            ("date", f"lt{clock.midnight_text(day + timedelta(days=1))}"),
            ("_sort", "date"),
            ("_count", str(_MOST_ON_A_DAY)),
        ],
    )
    found = [_read(stored) for stored in page.matches]
    return [each for each in found if each.status != "entered-in-error"]


def _may_take(session: Session, opening: Opening, now: datetime) -> bool:
    if session.kind == "citizen":
        return opening.for_citizens and bookings.is_in_time(opening, now)
    return opening.start > now


def _steps(opening: Opening) -> list[datetime]:
    count = opening.minutes // 5
    return [opening.start + n * FIVE_MINUTES for n in range(count)]


def _read(stored: acts.Stored) -> Appointment:
    return read_appointment(acts.content(stored), stored.id, stored.version)


def _birth(text: object) -> date | None:
    found = reading.moment(text)
    return None if found is None else found.at.date()
