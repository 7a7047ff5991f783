"""The schedule dashboard worked out anew, minute by minute, from what the API gives out of schedules, slots
and appointments: no table, no stretch of time, none of the code that counts. A minute is its number since 1970.

How long is booked, kept, lost or open is the number of minutes that are in a set; what is told of a day are the
minutes that lie on it, and the appointments that begin on it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

import holidays

from tests.leadership.indicators.brute import (
    DAY,
    OSLO,
    Json,
    at,
    codes,
    day_of,
    extensions,
    inner,
    ref,
)

FREE = holidays.country_holidays("NO", years=[2021, 2022, 2023])
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CAME = {"fulfilled", "arrived", "checked-in"}
STANDS = {*CAME, "booked", "pending"}
HELD = {"busy-unavailable", "busy-tentative"}
LATE = timedelta(hours=24)
BY_CLINIC = "AAT"
Told = dict[str, Any]
"""By row: (numerator, denominator) of a share, minutes or a count otherwise."""


def minute(moment: datetime | None) -> int:
    """The number of its minute."""
    assert moment is not None
    return int(moment.timestamp()) // 60


@cache
def wall(day: date, clock: str) -> datetime:
    """The first moment of a day at which the clock shows this, or has jumped over it."""
    wanted = datetime.combine(day, time.fromisoformat(clock))
    moment = wanted.replace(tzinfo=OSLO).astimezone(UTC) - timedelta(minutes=75)
    while moment.astimezone(OSLO).replace(tzinfo=None) < wanted:
        moment += timedelta(minutes=5)
    return moment


def kind_of(concept: Json | None) -> str:
    """How one meets: a code of 8432, or that it is urgent."""
    said = {
        each["system"].rpartition(".")[2]: each["code"]
        for each in (concept or {}).get("coding", ())
    }
    return said.get("8432") or ("Hastetime" if said.get("7617") == "Hastetime" else "")


@dataclass(frozen=True)
class Offer:
    """A time that can be booked."""

    start: int
    end: int
    kind: str

    @property
    def minutes(self) -> range:
        return range(self.start, self.end)


class Visit:
    """An appointment."""

    def __init__(self, said: Json) -> None:
        start = at(said["start"])
        assert start is not None
        self.day = day_of(start)
        self.minutes = range(minute(start), minute(at(said["end"])))
        self.status = said["status"]
        self.kind = kind_of(said.get("appointmentType"))
        self.made = at(said.get("created"))
        told: Json = next(iter(extensions(said, "appointment-outcome")), {})
        self.gone = at(inner(told, "at"))
        reason = codes(inner(told, "code")) or codes(said.get("cancelationReason"))
        self.is_late = (
            said["status"] == "cancelled" and self.gone is not None and start - self.gone < LATE
        )
        self.is_by_clinic = BY_CLINIC in reason
        asked: Json = next(iter(said.get("requestedPeriod", ())), {})
        wanted = at(asked.get("end"))
        self.wanted = None if wanted is None else day_of(wanted)

    def stood(self, moment: datetime) -> bool:
        """Whether it took its time as things were at a moment."""
        if self.made is not None and self.made > moment:
            return False
        if self.status in STANDS:
            return True
        # that somebody did not come is not known before she should have
        known = self.gone or (at_minute(self.minutes[0]) if self.status == "noshow" else None)
        return known is not None and known > moment


def at_minute(number: int) -> datetime:
    """The moment of a minute."""
    return datetime.fromtimestamp(60 * number, UTC)


@dataclass
class Book:
    """A schedule with all that was booked in it, and the minutes somebody has closed or holds."""

    schedule: Json
    visits: list[Visit] = field(default_factory=list)
    held: set[int] = field(default_factory=set)
    known: dict[tuple[date, bool], list[Offer]] = field(default_factory=dict)

    def offers(self, day: date, *, ever: bool = False) -> list[Offer]:
        """What a day offers; ``ever``: though it is closed."""
        if (day, ever) not in self.known:
            self.known[day, ever] = self._offers(day, ever=ever)
        return self.known[day, ever]

    def _offers(self, day: date, *, ever: bool) -> list[Offer]:
        if not ever and any(
            _within(each["valuePeriod"], day) for each in extensions(self.schedule, "closed-days")
        ):
            return []
        found: dict[tuple[int, int, str], None] = {}
        for rule in extensions(self.schedule, "opening-rule"):
            days = {each["valueCode"] for each in rule["extension"] if each["url"] == "weekday"}
            if WEEK[day.weekday()] not in days or not _within(inner(rule, "valid") or {}, day):
                continue
            if day in FREE and not inner(rule, "holidays"):
                continue
            closes = inner(rule, "to")
            end = minute(wall(day + DAY if closes.startswith("00:00") else day, closes))
            start, kind = minute(wall(day, inner(rule, "from"))), kind_of(inner(rule, "kind"))
            length = inner(rule, "minutes")
            while start + length <= end:
                found[start, start + length, kind] = None
                start += length
        return [Offer(*each) for each in sorted(found)]

    @property
    def kinds(self) -> set[str]:
        """All kinds it has openings for."""
        return {kind_of(inner(rule, "kind")) for rule in extensions(self.schedule, "opening-rule")}

    def of_day(self, day: date, now: datetime, kind: str | None = None) -> Counter[str]:
        """What is counted on a day, of one kind or of all."""

        def is_asked(each: Visit | Offer) -> bool:
            return kind is None or each.kind == kind

        offers = [each for each in self.offers(day) if is_asked(each)]
        work = {n for each in self.offers(day, ever=True) if is_asked(each) for n in each.minutes}
        free = {n for each in offers for n in each.minutes if n not in self.held}
        near = [each for each in self.visits if abs((each.day - day).days) <= 1]
        taken = {n for each in near if each.status in STANDS for n in each.minutes}
        came = [each for each in near if is_asked(each) and each.status in CAME]
        found = Counter(
            open=len(free), work=len(work),
            in_free=sum(n in free for each in came for n in each.minutes),
            in_work=len({n for each in came for n in each.minutes} & work),
        )  # fmt: skip
        for each in offers:
            if at_minute(each.end) <= now and self.is_free(each, taken):
                found += Counter(unused=1, unused_minutes=len(each.minutes))
        for visit in near:
            if visit.day == day and is_asked(visit):
                found += _of_visit(visit, sum(n not in taken for n in visit.minutes))
        return found

    def is_free(self, offer: Offer, taken: set[int]) -> bool:
        """Whether nobody has or holds a minute of it."""
        return all(n not in taken and n not in self.held for n in offer.minutes)

    def wait(self, kind: str, moment: datetime, horizon: int) -> int | None:
        """Days to the third open time; None when there are not three."""
        taken = {n for each in self.visits if each.stood(moment) for n in each.minutes}
        days: list[int] = []
        for n in range(horizon + 1):
            days += [
                n for each in self.offers(day_of(moment) + n * DAY)
                if each.kind == kind and at_minute(each.start) > moment and self.is_free(each, taken)
            ]  # fmt: skip
            if len(days) >= 3:
                return days[2]
        return None


def _within(period: Json, day: date) -> bool:
    first, last = str(period.get("start", "0000")), str(period.get("end", "9999"))
    return first <= day.isoformat() <= last


def _of_visit(visit: Visit, lost: int) -> Counter[str]:
    if visit.status in CAME:
        met = visit.wanted is not None and visit.day <= visit.wanted
        return Counter(came=1, wanted=visit.wanted is not None, met=met)
    if visit.status == "noshow":
        return Counter(missed=1, lost=lost)
    if visit.is_late:
        return Counter(lost_by_clinic=lost) if visit.is_by_clinic else Counter(lost_late=lost)
    return Counter()


def books(all_of: dict[str, list[Json]], unit: str) -> list[Book]:
    """The schedules of who works at a unit. What is booked in none belongs to who keeps it."""
    roles = [each for each in all_of["PractitionerRole"] if ref(each["organization"]) == unit]
    own = {ref(each.get("practitioner")) for each in roles} | {
        f"PractitionerRole/{each['id']}" for each in roles
    }
    found = {}
    for each in all_of["Schedule"]:
        if each.get("active") and own & {ref(actor) for actor in each["actor"]}:
            found[f"Schedule/{each['id']}"] = Book(each)
    keeper = {ref(actor): book for book in found.values() for actor in book.schedule["actor"]}
    for each in all_of["Slot"]:
        if each["status"] in HELD and ref(each["schedule"]) in found:
            held = range(minute(at(each["start"])), minute(at(each["end"])))
            found[ref(each["schedule"])].held.update(held)
    for each in all_of["Appointment"]:
        booked_in = [
            ref(extension["valueReference"]) for extension in extensions(each, "booked-in")
        ]
        with_whom = [ref(part.get("actor")) for part in each["participant"]]
        book = (
            found.get(booked_in[0])
            if booked_in
            else next((keeper[who] for who in with_whom if who in keeper), None)
        )
        if book is not None and each["status"] != "entered-in-error" and "start" in each:
            book.visits.append(Visit(each))
    return list(found.values())


@dataclass
class Desk:
    """All books of a unit as they are at a moment, with each day counted once."""

    books: Sequence[Book]
    now: datetime
    known: dict[tuple[date, str | None], Counter[str]] = field(default_factory=dict)

    def over(self, days: Iterable[date], kind: str | None = None) -> Counter[str]:
        """What is counted on some days."""
        total: Counter[str] = Counter()
        for day in days:
            if (day, kind) not in self.known:
                found: Counter[str] = Counter()
                for each in self.books:
                    found += each.of_day(day, self.now, kind)
                self.known[day, kind] = found
            total += self.known[day, kind]
        return total

    def middle_wait(self, moment: datetime, horizon: int, kind: str | None = None) -> int | None:
        """The median of all waits, the lower of two; None when it is longer than anybody looked."""
        found = [
            each.wait(of, moment, horizon)
            for each in self.books for of in each.kinds if kind is None or of == kind
        ]  # fmt: skip
        ordered = sorted(found, key=lambda days: horizon + 1 if days is None else days)
        return ordered[(len(ordered) - 1) // 2]


def rows(found: Counter[str]) -> Told:
    """The rows of the table."""
    return {
        "schedule_utilisation": (found["in_free"], found["open"]),
        "clinician_utilisation": (found["in_work"], found["work"]),
        "no_show_rate": (found["missed"], found["missed"] + found["came"]),
        "requested_date_met": (found["met"], found["wanted"]),
        "no_show_time": found["lost"], "late_cancel_time": found["lost_late"],
        "clinic_cancel_time": found["lost_by_clinic"], "completed": found["came"],
    }  # fmt: skip


def days_until(start: date, end: date) -> Iterator[date]:
    """Each day, the last not."""
    return (start + n * DAY for n in range((end - start).days))


def unused_overbooking(allowed_and_used: Iterable[tuple[int, int]]) -> int:
    """Those left over, opening by opening."""
    return sum(n >= used for allowed, used in allowed_and_used for n in range(allowed))


BRUTE_SCHEDULE = {*rows(Counter()), "appointment_wait", "unused_overbooking"}
"""What is worked out here, by the names the dashboard has."""

__all__ = [
    "BRUTE_SCHEDULE",
    "Book",
    "Desk",
    "books",
    "days_until",
    "rows",
    "unused_overbooking",
    "wall",
]
