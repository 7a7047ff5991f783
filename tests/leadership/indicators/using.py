"""A small region at random for rates from the record: people who are born, have birthdays and die in the
twelve months, what they use, and what is wrong with some of it; and the same counted by hand.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from random import Random
from typing import Any

from fellesjournal.foundation import clock
from fellesjournal.leadership.figures.periods import Period
from fellesjournal.leadership.indicators.flattening import keep_up
from fellesjournal.leadership.indicators.used.counting import Count, Spot
from fellesjournal.leadership.indicators.used.reading import twelve_months_to
from fellesjournal.leadership.indicators.used.services import AGES_FROM, TABLES
from fellesjournal.registry.units import UNIT_KIND_SYSTEM, UnitKind
from tests.leadership.indicators.records import load, unit
from tests.leadership.indicators.views import FLATTENER

Resource = dict[str, Any]
BIG, SMALL, ELSEWHERE = "5001", "5025", "0301"
DAY = timedelta(days=1)


def last_year() -> Period:
    """The twelve whole months up to this one."""
    return twelve_months_to(clock.today())


def units() -> list[Resource]:
    """A ward, a GP office, a home care service, and a unit that is none of them."""
    kinds = {
        "ward": UnitKind.WARD,
        "gp": UnitKind.GP_OFFICE,
        "home": UnitKind.HOME_CARE,
        "x": UnitKind.PHYSIOTHERAPY,
    }
    return [
        {**unit(name), "type": [{"coding": [{"system": UNIT_KIND_SYSTEM, "code": str(kind)}]}]}
        for name, kind in kinds.items()
    ]  # fmt: skip


def citizen(name: str, born: date | None, sex: str, place: str, **more: Any) -> Resource:
    """Somebody who lives in a municipality."""
    code = {"system": "urn:oid:2.16.578.1.12.4.1.1.3402", "code": place}
    url = "http://hl7.no/fhir/StructureDefinition/no-basis-municipalitycode"
    district = {"extension": [{"url": url, "valueCoding": code}]}
    made = {
        "resourceType": "Patient", "id": name, "gender": sex,
        "address": [{"use": "home", "district": "x", "_district": district}], **more,
    }  # fmt: skip
    return made if born is None else {**made, "birthDate": born.isoformat()}


def contact(
    name: str, patient: str, kind: str, on: date, *, days: int = 0, minutes: int = 30, status: str = "finished",
    at: str = "", hour: int = 12,
) -> Resource:  # fmt: skip
    """A stay (IMP), a visit at home (HH) or a visit to a unit (AMB, VR)."""
    began = datetime.combine(on, time(hour), clock.NORWAY)
    ended = datetime.combine(on + days * DAY, time(hour), clock.NORWAY) + timedelta(minutes=minutes)
    own = {"IMP": "ward", "HH": "home"}.get(kind, "gp")
    period = {"start": began.isoformat()} | (
        {} if status == "in-progress" else {"end": ended.isoformat()}
    )
    return {
        "resourceType": "Encounter", "id": name, "status": status,
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": kind},
        "subject": {"reference": f"Patient/{patient}"}, "period": period,
        "serviceProvider": {"reference": f"Organization/{at or own}"},
    }  # fmt: skip


def at_random(seed: int, people: int = 60, contacts: int = 300) -> list[Resource]:
    """A region; a contact long before the year, so that the record reaches back."""
    rng, period = Random(seed), last_year()
    made = []
    for n in range(people):
        born = period.end - rng.randrange(1, 36500) * DAY
        if (
            n % 4 == 0
        ):  # a birthday within the year, or on an end of it, that moves her to other ages
            turns = rng.choice(AGES_FROM[1:])
            on = rng.choice(
                [
                    period.start,
                    period.start + rng.randrange(365) * DAY,
                    period.end - DAY,
                    period.end,
                ]
            )
            born = date(on.year - turns, on.month, on.day if (on.month, on.day) != (2, 29) else 28)
        more: dict[str, Any] = {}
        if n % 7 == 0:  # within the year, before it, or on the first day after
            died = max(born, rng.choice([
                period.start + rng.randrange(365) * DAY, period.start - rng.randrange(1, 99) * DAY, period.end,
            ]))  # fmt: skip
            more = {"deceasedDateTime": died.isoformat()}
        elif n % 31 == 1:
            more = {"deceasedBoolean": True}
        elif n % 31 == 2:
            more = {"active": False}
        sex = rng.choice(["female", "male"] * 9 + ["unknown"])
        place = rng.choice([BIG, BIG, SMALL, ELSEWHERE])
        made.append(citizen(f"p{n}", None if n % 31 == 3 else born, sex, place, **more))
    for n in range(contacts):
        kind = rng.choice(["IMP", "HH", "AMB", "VR"])
        made.append(contact(
            f"e{n}", f"p{rng.randrange(people)}", kind, period.start + rng.randrange(-40, 400) * DAY,
            days=rng.choice([0, 1, 2, 9, 30]) if kind == "IMP" else rng.choice([0, 0, 0, 2]),
            minutes=rng.choice([0, 5, 30, 61]), status=rng.choice(["finished"] * 5 + ["in-progress", "cancelled"]),
            at=rng.choice(["ward", "gp", "x"]) if kind in {"AMB", "VR"} else "", hour=rng.choice([0, 12, 22]),
        ))  # fmt: skip
    made += [
        contact(f"old{kind}{at}", "p5", kind, period.start - 500 * DAY, days=int(kind == "IMP"), at=at)
        for kind, at in (("IMP", ""), ("HH", ""), ("AMB", "gp"), ("AMB", "ward"))
    ]  # fmt: skip
    return made


def keep(resources: list[Resource]) -> None:
    """Write these, and have the tables follow."""
    load([*units(), *resources])
    keep_up(FLATTENER, TABLES, seconds=60)


def by_hand(
    resources: list[Resource], period: Period, service: str
) -> dict[tuple[str, Spot], Count]:
    """What each place and spot has, counted over the resources day by day."""
    people = {each["id"]: each for each in resources if each["resourceType"] == "Patient"}
    spots = {name: _spot(each, period) for name, each in people.items()}
    lived = {name: _lived(people[name], period) for name, spot in spots.items() if spot}
    users: dict[Any, set[str]] = defaultdict(set)
    acts: dict[Any, int] = defaultdict(int)
    amounts: dict[Any, Fraction] = defaultdict(Fraction)
    for each in resources:
        if each["resourceType"] != "Encounter":
            continue
        name = each["subject"]["reference"].split("/")[1]
        on, amount = _used(each, service)
        if spots[name] and on is not None and on in period and on in lived[name] and amount > 0:
            users[spots[name]].add(name)
            acts[spots[name]] += 1
            amounts[spots[name]] += amount
    found: dict[tuple[str, Spot], Count] = {}
    for name, days in lived.items():
        where = spots[name]
        if days:
            assert where is not None
            before = found.get(where, Count())
            found[where] = Count(
                before.residents + 1, before.days + len(days), len(users[where]), acts[where], amounts[where]
            )  # fmt: skip
    return found


def _spot(person: Resource, period: Period) -> tuple[str, Spot] | None:
    place = person["address"][0]["_district"]["extension"][0]["valueCoding"]["code"]
    is_unknown = (
        "birthDate" not in person
        or person.get("deceasedBoolean")
        or not person.get("active", True)
        or person["gender"] == "unknown"
    )
    if is_unknown or place == ELSEWHERE:
        return None
    born, last = date.fromisoformat(person["birthDate"]), period.end - DAY
    age = last.year - born.year - ((last.month, last.day) < (born.month, born.day))
    return place, Spot(
        person["gender"], max((n for n, low in enumerate(AGES_FROM) if low <= age), default=0)
    )


def _lived(person: Resource, period: Period) -> set[date]:
    born = date.fromisoformat(person["birthDate"])
    died = date.fromisoformat(person.get("deceasedDateTime", "9999-12-31"))
    return {day for day in period.each_day() if born <= day <= died}


def _used(encounter: Resource, service: str) -> tuple[date | None, Fraction]:
    """On which day it counts, and how much it is; nothing for what is not counted."""
    kind, at = encounter["class"]["code"], encounter["serviceProvider"]["reference"].split("/")[1]
    if encounter["status"] != "finished":
        return None, Fraction()
    began, ended = (datetime.fromisoformat(encounter["period"][end]) for end in ("start", "end"))
    hours = Fraction((ended - began) // timedelta(seconds=1), 3600)
    if service == "hospital" and kind == "IMP":
        return ended.date(), Fraction((ended.date() - began.date()).days)
    if service == "home-care" and kind == "HH" and 0 < hours <= 24:
        return began.date(), hours
    if kind in {"AMB", "VR"} and (service, at) in {("gp", "gp"), ("outpatient", "ward")}:
        return began.date(), Fraction(1)
    return None, Fraction()
