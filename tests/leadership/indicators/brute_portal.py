"""What citizens do in HelsaMi worked out anew: their questions from what the API gives out, the use of it from
the rows of sign-ins, of terms accepted and of the log, and from the Patients that the API gives out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from tests.leadership.indicators.brute import (
    BRUTE,
    DAY,
    HOUR,
    Json,
    Record,
    at,
    day_of,
    extensions,
    ref,
)

AGES = (0, 16, 25, 45, 67, 80)
WEEK = timedelta(weeks=1)
ALL = "all"


def mb1(record: Record) -> Json:
    """Messages answered by the day that was promised."""
    count: Counter[str] = Counter()
    hours = []
    for task in record.tasks("message-answer"):
        unit = next(
            (ref(each["valueReference"]) for each in extensions(task, "answering-unit")), ""
        )
        asked, due = (at(task["restriction"]["period"][name]) for name in ("start", "end"))
        if unit not in record.units or not record.holds(asked) or asked is None or due is None:
            continue
        ended = at(task.get("executionPeriod", {}).get("end"))
        if task["status"] == "completed" and ended is None:
            count["undated"] += 1
        elif task["status"] == "completed" and ended is not None and ended <= record.cut:
            count["all"] += 1
            count["in time"] += ended <= due
            hours.append((ended - asked) / HOUR)
        elif due <= record.cut:
            count["all"] += 1
            count["unanswered"] += 1
        else:
            count["waiting"] += 1
    return {
        "n": count["in time"], "d": count["all"], "unanswered": (count["unanswered"], count["all"]),
        "hours": median(hours) if hours else None,
        "left out": {name: count[name] for name in ("waiting", "undated")},
    }  # fmt: skip


BRUTE_OF_CATALOGUE = {**BRUTE, "MB1": mb1}
"""How each indicator of the catalogue is worked out anew."""


def monday(moment: datetime) -> date:
    """The first day of its week in Norway."""
    day = day_of(moment)
    return day - day.weekday() * DAY


def place_of(patient: Json) -> str:
    """The number of the municipality of her home; "" when it is not said."""
    homes = [each for each in patient.get("address", ()) if each.get("use") == "home"]
    for each in homes[:1]:
        for extension in each.get("_district", {}).get("extension", ()):
            return str(extension["valueCoding"]["code"])
    return ""


def age_of(patient: Json, today: date) -> int:
    """Where the group of her age begins; -1 when her day of birth is not known."""
    if len(patient.get("birthDate", "")) < len("2000-01-01"):
        return -1
    born = date.fromisoformat(patient["birthDate"])
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return max(each for each in AGES if each <= years)


def is_here(patient: Json) -> bool:
    """Whether she lives, and hers is the record that counts."""
    return (
        "deceasedDateTime" not in patient
        and not patient.get("deceasedBoolean")
        and patient.get("active", True)
    )


@dataclass
class Rows:
    """What the platform has of its own: (who, when) of terms and sign-ins of citizens, and (who, role, whose, when)
    of each record that was opened.
    """

    terms: list[tuple[str, datetime]]
    sign_ins: list[tuple[str, datetime]]
    opened: list[tuple[str, str, str, datetime]]

    @property
    def first(self) -> dict[str, datetime]:
        """When each first was in HelsaMi with the terms accepted."""
        found: dict[str, datetime] = {}
        for who, when in self.terms:
            found[who] = min(found.get(who, when), when)
        return found

    def weeks_of(self, who: str) -> set[date]:
        """The weeks she was there."""
        first = self.first[who]
        return {monday(first)} | {
            monday(when) for one, when in self.sign_ins if one == who and when >= first
        }


@dataclass
class Use:
    """Who uses HelsaMi, as the record is now; ``began`` is where each lived when she was first counted."""

    today: date
    began: dict[str, str] = field(default_factory=dict)
    now: dict[str, Json] = field(default_factory=dict)
    rows: Rows = field(default_factory=lambda: Rows([], [], []))

    def look(self, patients: Iterable[Json], rows: Rows, until: datetime) -> None:
        """The record and the rows, as they are at a moment."""
        self.now = {f"Patient/{each['id']}": each for each in patients}
        self.rows = rows
        for who, when in rows.first.items():
            if who in self.now and when < until:
                self.began.setdefault(who, place_of(self.now[who]))

    @property
    def alive(self) -> dict[str, Json]:
        """Users who live now."""
        return {who: self.now[who] for who in self.began if is_here(self.now[who])}

    def begun(self, who: str, week: date) -> bool:
        """Whether she was a user by the end of a week."""
        return monday(self.rows.first[who]) <= week

    def gross(self, place: str, week: date) -> int:
        """All who have ever been users, where they lived then."""
        return sum(self.begun(who, week) for who, of in self.began.items() if place in {ALL, of})

    def living(self, place: str, week: date, ages: Iterable[int] = (-1, *AGES)) -> int:
        """Those of them who live, where they live."""
        return sum(
            self.begun(who, week) for who, each in self.alive.items()
            if place in {ALL, place_of(each)} and self.age(each) in ages
        )  # fmt: skip

    def residents(self, place: str, ages: Iterable[int]) -> int:
        """Everybody of these ages who lives there."""
        return sum(
            is_here(each) and place in {ALL, place_of(each)} and self.age(each) in ages
            for each in self.now.values()
        )  # fmt: skip

    def active(self, place: str, week: date) -> int:
        """Users who were there in a week, where they live."""
        return sum(
            week in self.rows.weeks_of(who) for who, each in self.alive.items() if place in {ALL, place_of(each)}
        )  # fmt: skip

    def represented(self, place: str, week: date) -> int:
        """Whose records others have opened for them in a week."""
        whose = {
            of for who, role, of, when in self.rows.opened
            if who.startswith("Patient/") and role != "citizen" and who != of and monday(when) == week
        }  # fmt: skip
        return sum(
            is_here(self.now[of]) and place in {ALL, place_of(self.now[of])} for of in whose if of in self.now
        )  # fmt: skip

    def age(self, patient: Json) -> int:
        """Of what group she is today."""
        return age_of(patient, self.today)


def by_week(
    use: Use, places: Iterable[str], weeks: Iterable[date]
) -> Mapping[tuple[str, date], dict[str, Any]]:
    """All series, of each place and week."""
    found: dict[tuple[str, date], dict[str, Any]] = defaultdict(dict)
    for place in places:
        for week in weeks:
            found[place, week] = {
                "gross": use.gross(place, week), "living": use.living(place, week),
                "active": use.active(place, week), "represented": use.represented(place, week),
            }  # fmt: skip
    return found


BRUTE_PORTAL = {"gross", "living", "active", "represented"}
"""The series that are worked out here, by the names a week has them under; and the rates of both pages."""

__all__ = [
    "AGES",
    "ALL",
    "BRUTE_OF_CATALOGUE",
    "BRUTE_PORTAL",
    "WEEK",
    "Rows",
    "Use",
    "by_week",
    "mb1",
    "monday",
]
