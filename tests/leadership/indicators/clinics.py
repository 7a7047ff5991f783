"""Units made at random, with their schedules, and what was booked, missed and called off about both nights on
which clocks change.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from fellesjournal.access.booked import BY_CITIZEN, BY_SERVICE, CANCELLATION, NOT_MET, OUTCOME
from fellesjournal.registry.opening_rules import WEEKDAYS, rule_extension
from tests.leadership.indicators.brute_schedule import STANDS
from tests.leadership.indicators.records import DAY, person, unit, works
from tests.leadership.indicators.regions import MINUTE, NIGHTS, Resource

BOOKED_IN = "https://fellesjournal.example/fhir/StructureDefinition/booked-in"
CLOSED = "https://fellesjournal.example/fhir/StructureDefinition/closed-days"
_V = "urn:oid:2.16.578.1.12.4.1.1."
KINDS: tuple[Resource, ...] = (
    {"coding": [{"system": f"{_V}7617", "code": "Ordinær"}]},
    {"coding": [{"system": f"{_V}7617", "code": "Hastetime"}]},
    {"coding": [{"system": f"{_V}7617", "code": "Ordinær"}, {"system": f"{_V}8432", "code": "7"}]},
)


class Clinic:
    """Two units, who works there, their schedules, and what was booked about the nights."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.claimed: set[tuple[str, int]] = set()
        self.turn = 0

    def some(self, *choices: Any) -> Any:
        """One of these."""
        return self.random.choice(choices)

    def resources(self) -> Iterator[Resource]:
        """All that there is."""
        yield from (unit("here"), unit("there"), person("p"))
        yield from ({"resourceType": "Practitioner", "id": f"d{n}"} for n in range(1, 6))
        self.schedules = ["s1", "s2", "s3", "s4", "s5"]
        for n, at in enumerate(["here", "here", "here", "there"], 1):
            yield works(f"r{n}", f"d{n}", at)
            yield self.schedule(f"s{n}", f"Practitioner/d{n}")
        yield works("r5", "d5", "here")
        yield self.schedule("s5", "PractitionerRole/r5")
        yield {**self.schedule("s6", "Practitioner/d1"), "active": False}
        yield self.slot("s1", datetime(2021, 11, 3, 7, tzinfo=UTC), timedelta(days=80), 99)
        for n in range(36):
            yield self.slot(
                self.some(*self.schedules),
                self.moment(),
                self.some(1, 6, 40, 24 * 9) * 60 * MINUTE,
                n,
            )
        for _ in range(420):
            yield self.appointment()

    def schedule(self, name: str, keeper: str) -> Resource:
        """A schedule with some rules, open at night too."""
        hours = [
            ("00:00", "06:00"),
            ("01:00", "03:30"),
            ("08:00", "15:00"),
            ("20:00", "00:00"),
            ("22:00", "00:00"),
        ]
        rules = [
            rule_extension(
                weekdays=[*self.random.sample(WEEKDAYS, self.some(2, 5, 6)), "sun"], opens=opens, closes=closes,
                minutes=self.some(20, 25, 45, 60, 90), kind=self.some(*KINDS), for_citizens=bool(self.some(0, 1)),
                on_holidays=bool(self.some(0, 1)),
                valid=self.some(None, None, {"start": "2022-10-29"}, {"end": "2023-03-26"}),
            )
            for opens, closes in self.random.sample(hours, 3)
        ]  # fmt: skip
        for day in (date(2022, 10, 24), date(2023, 3, 20)):
            first, days = day + self.some(0, 4, 6, 9) * DAY, self.some(0, 1, 4) * DAY
            rules.append({
                "url": CLOSED, "valuePeriod": {"start": first.isoformat(), "end": (first + days).isoformat()}
            })  # fmt: skip
        return {
            "resourceType": "Schedule", "id": name, "active": True, "actor": [{"reference": keeper, "display": name}],
            "extension": rules,
        }  # fmt: skip

    def moment(self) -> datetime:
        """About one of the nights, or the new year, a multiple of five minutes."""
        hours = self.some(4, 30, 30, 700)
        about: datetime = self.some(*NIGHTS, *NIGHTS, datetime(2022, 3, 10, 23, tzinfo=UTC))
        return about + 5 * MINUTE * self.random.randint(-12 * hours, 12 * hours)

    def slot(self, schedule: str, start: datetime, length: timedelta, n: int) -> Resource:
        """Time that is held, or only told to be free."""
        return {
            "resourceType": "Slot", "id": f"slot{n}{schedule}", "schedule": {"reference": f"Schedule/{schedule}"},
            "status": self.some("busy-unavailable", "busy-tentative", *["free"] * (length < 40 * DAY)),
            "start": start.isoformat(), "end": (start + length).isoformat(),
        }  # fmt: skip

    def appointment(self) -> Resource:
        """What was booked, and what became of it."""
        self.turn += 1
        n, start = self.some(1, 2, 3, 4, 5), self.moment()
        status = self.some(
            *["fulfilled"] * 5, "arrived", "checked-in", *["booked"] * 3, *["noshow"] * 4, *["cancelled"] * 5,
            "entered-in-error", "pending", "waitlist",
        )  # fmt: skip
        length = self.some(15, 20, 45, 60, 90)
        steps = {(f"s{n}", int(start.timestamp()) // 300 + k) for k in range(length // 5)}
        extension = []
        is_taking = status in STANDS
        if not (is_taking and steps & self.claimed) and self.some(0, 1, 1, 1):
            in_ = {"reference": f"Schedule/s{n}"}
            extension.append({"url": BOOKED_IN, "valueReference": in_})
            self.claimed |= steps if is_taking else set()
        keeper = "PractitionerRole/r5" if n == 5 else f"Practitioner/d{n}"
        made: Resource = {
            "resourceType": "Appointment", "id": f"a{self.turn}", "status": status, "start": start.isoformat(),
            "end": (start + length * MINUTE).isoformat(), "appointmentType": self.some(*KINDS),
            "participant": [
                {"actor": {"reference": who}, "status": "accepted"} for who in ("Patient/p", keeper)
            ],
        }  # fmt: skip
        if self.some(1, 1, 0):
            made["created"] = (start - self.some(1, 30, 700) * 60 * MINUTE).isoformat()
        if self.some(1, 0):
            asked = start + self.some(-25, -2, 0, 2, 25) * 60 * MINUTE
            made["requestedPeriod"] = [
                {"end": self.some(asked.isoformat(), asked.date().isoformat())}
            ]
        if status in {"cancelled", "noshow"} and self.some(1, 1, 1, 1, 0):
            extension.append(self.outcome(start, status))
        return {**made, **({"extension": extension} if extension else {})}

    def outcome(self, start: datetime, status: str) -> Resource:
        """When it was called off or missed, and why; who wrote it elsewhere does not say whether that was late."""
        code, gone = NOT_MET, start + self.some(1, 40, 3000) * MINUTE
        if status == "cancelled":
            code = self.some(BY_CITIZEN, BY_CITIZEN, BY_SERVICE)
            gone = start - self.some(-10, 5, 24 * 60 - 1, 24 * 60, 24 * 60 + 1, 9000) * MINUTE
        parts: list[Resource] = [
            {"url": "at", "valueInstant": gone.isoformat()},
            {
                "url": "code",
                "valueCodeableConcept": {"coding": [{"system": CANCELLATION, "code": code}]},
            },
        ]
        if status == "cancelled" and self.some(1, 1, 1, 0):
            parts.append({"url": "late", "valueBoolean": start - gone < DAY})
        return {"url": OUTCOME, "extension": parts}


__all__ = ["Clinic"]
