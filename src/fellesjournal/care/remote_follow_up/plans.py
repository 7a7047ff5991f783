"""What is agreed about measuring at home: a CarePlan, written and read (decision 18)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from fellesjournal.access.acts import Resource
from fellesjournal.care.remote_follow_up import codes
from fellesjournal.care.remote_follow_up.codes import coded, extension, reference
from fellesjournal.care.remote_follow_up.measures import BY_LOINC, Measure
from fellesjournal.fhir import reading
from fellesjournal.fhir.reading import Element
from fellesjournal.fhir.vital_signs import UCUM, VITALS
from fellesjournal.foundation import clock
from fellesjournal.registry.working_days import add_working_days, end_of_day

_WEEK = 7


@dataclass(frozen=True, slots=True)
class Limit:
    """Within which limits a number is as agreed; None leaves that side open."""

    low: Decimal | None = None
    high: Decimal | None = None

    def lies(self, value: Decimal) -> str:
        """How a value lies: "H" above, "L" below, "" within; the limit itself is within."""
        if self.high is not None and value > self.high:
            return "H"
        return "L" if self.low is not None and value < self.low else ""


@dataclass(frozen=True, slots=True)
class Agreed:
    """One kind of measurement: so many ``times`` in each period of ``days``, and the limits of its
    numbers by part. A part without a limit is not watched.
    """

    measure: Measure
    times: int
    days: int
    limits: Mapping[str, Limit]

    def outside(self, numbers: Mapping[str, Decimal]) -> dict[str, str]:
        """The parts that lie outside, each with "H" or "L"."""
        found = {
            part: self.limits[part].lies(value)
            for part, value in numbers.items()
            if part in self.limits
        }
        return {part: lies for part, lies in found.items() if lies}

    def needs_eyes(self, numbers: Mapping[str, Decimal]) -> bool:
        """Whether somebody must look: outside, or a watched number that can't be compared."""
        return bool(self.outside(numbers)) or not self.limits.keys() <= numbers.keys()


@dataclass(frozen=True, slots=True)
class Terms:
    """What a clinician agrees with a patient. ``owner`` is a Practitioner, by reference."""

    agreed: tuple[Agreed, ...]
    owner: str
    owner_name: str
    looked_at_within: int
    ends: date


@dataclass(frozen=True, slots=True)
class Plan:
    """A follow-up as it stands. ``unit`` and ``owner`` answer for what falls outside."""

    id: str
    version: int
    patient: str
    unit: str
    unit_name: str
    owner: str
    owner_name: str
    by_name: str
    looked_at_within: int
    status: str
    starts: date
    ends: date | None
    agreed: tuple[Agreed, ...]

    def is_ongoing(self, day: date) -> bool:
        """Whether somebody watches what is measured on a day."""
        is_over = self.ends is not None and self.ends < day
        return self.status == "active" and self.starts <= day and not is_over

    def of(self, measure: Measure) -> Agreed | None:
        """What is agreed about one kind of measurement."""
        return next((each for each in self.agreed if each.measure is measure), None)

    def deadline(self, sent: datetime) -> datetime:
        """By when somebody has looked at a reading that was sent at a moment."""
        day = sent.astimezone(clock.NORWAY).date()
        return end_of_day(add_working_days(day, self.looked_at_within))

    def last_day(self, sent: datetime) -> date:
        """The day of that deadline, for people: a deadline at midnight is the end of a day."""
        before = self.deadline(sent) - timedelta(microseconds=1)
        return before.astimezone(clock.NORWAY).date()


def plan_resource(
    terms: Terms, *, patient: str, unit: str, unit_name: str, by: Element, starts: date, key: str
) -> Resource:
    """A new plan. ``key`` is one for each patient and unit: they have one at a time."""
    return {
        "resourceType": "CarePlan",
        "identifier": codes.number(codes.PLAN_NUMBER, key),
        "status": "active",
        "intent": "plan",
        "category": [coded(codes.PLAN_TYPE, codes.REMOTE, "Digital hjemmeoppfølging")],
        "title": "Digital hjemmeoppfølging",
        "subject": reference(patient),
        "created": clock.now().isoformat(timespec="seconds"),
        "author": by,
        **agreed_elements(terms, unit=unit, unit_name=unit_name, starts=starts),
    }


def agreed_elements(terms: Terms, *, unit: str, unit_name: str, starts: date) -> Resource:
    """The elements of a plan that terms decide."""
    return {
        "extension": [
            {
                "url": codes.ANSWERING_PERSON,
                "valueReference": reference(terms.owner, terms.owner_name),
            },
            {"url": codes.LOOKED_AT_WITHIN, "valueUnsignedInt": terms.looked_at_within},
        ],
        "period": {"start": starts.isoformat(), "end": terms.ends.isoformat()},
        "activity": [_activity(each, reference(unit, unit_name)) for each in terms.agreed],
    }


def _activity(agreed: Agreed, unit: Resource) -> Resource:
    weeks, rest = divmod(agreed.days, _WEEK)
    period, period_unit = (weeks, "wk") if weeks and not rest else (agreed.days, "d")
    return {
        "id": agreed.measure.key,
        "detail": {
            "extension": [
                {
                    "url": codes.LIMITS,
                    "extension": [
                        {"url": "of", "valueCode": VITALS[part].loinc},
                        {"url": "range", "valueRange": _range(part, limit)},
                    ],
                }
                for part, limit in agreed.limits.items()
            ],
            "kind": "ServiceRequest",
            "code": coded(codes.LOINC, agreed.measure.loinc, agreed.measure.name),
            "status": "in-progress",
            "scheduledTiming": {
                "repeat": {
                    "frequency": agreed.times,
                    "period": period,
                    "periodUnit": period_unit,
                }
            },
            "performer": [unit],
        },
    }


def _range(part: str, limit: Limit) -> Resource:
    ends = {"low": limit.low, "high": limit.high}
    return {end: quantity(part, value) for end, value in ends.items() if value is not None}


def quantity(part: str, value: Decimal) -> Resource:
    """A number with its unit."""
    vital = VITALS[part]
    return {"value": value, "unit": vital.unit, "system": UCUM, "code": vital.ucum}


def plan_of(data: Resource, version: int) -> Plan | None:
    """A CarePlan as this package writes it, read; None for any other, whatever it is called."""
    if not reading.has_code(data.get("category"), [codes.REMOTE]):
        return None
    owner = extension(data, codes.ANSWERING_PERSON).get("valueReference")
    within = extension(data, codes.LOOKED_AT_WITHIN).get("valueUnsignedInt")
    period = data.get("period") or {}
    starts = _day(period.get("start"))
    agreed = tuple(
        found
        for each in data.get("activity", ())
        if (found := _agreed(each.get("detail") or {})) is not None
    )
    if not (owner and isinstance(within, int) and starts and agreed):
        return None
    unit: Resource = next(iter(data["activity"][0]["detail"].get("performer", ())), {})
    return Plan(
        id=str(data["id"]),
        version=version,
        patient=reading.reference_target(data.get("subject")),
        unit=reading.reference_target(unit),
        unit_name=reading.reference_text(unit),
        owner=reading.reference_target(owner),
        owner_name=reading.reference_text(owner),
        by_name=reading.reference_text(data.get("author")),
        looked_at_within=within,
        status=str(data.get("status", "")),
        starts=starts,
        ends=_day(period.get("end")),
        agreed=agreed,
    )


def _agreed(detail: Resource) -> Agreed | None:
    measure = BY_LOINC.get(reading.first_code(detail.get("code")))
    repeat = (detail.get("scheduledTiming") or {}).get("repeat") or {}
    if measure is None or "frequency" not in repeat or detail.get("status") != "in-progress":
        return None
    unit_days = _WEEK if repeat.get("periodUnit") == "wk" else 1
    limits: dict[str, Limit] = {}
    for each in detail.get("extension", ()):
        if each.get("url") != codes.LIMITS:
            continue
        loinc = extension(each, "of").get("valueCode")
        limits |= {
            part: _limit(extension(each, "range").get("valueRange") or {})
            for part in measure.parts
            if VITALS[part].loinc == loinc
        }
    days = int(repeat.get("period", 1)) * unit_days
    return Agreed(measure, int(repeat["frequency"]), max(days, 1), limits)


def _limit(found: Resource) -> Limit:
    low, high = (reading.number((found.get(end) or {}).get("value")) for end in ("low", "high"))
    return Limit(low, high)


def _day(text: object) -> date | None:
    found = reading.moment(text)
    return None if found is None else found.at.astimezone(clock.NORWAY).date()


def watching(plans: Sequence[Plan], measure: Measure, day: date) -> list[tuple[Plan, Agreed]]:
    """The plans that watch a kind of measurement on a day, the one that began last first."""
    found = [
        (plan, agreed)
        for plan in plans
        if plan.is_ongoing(day) and (agreed := plan.of(measure)) is not None
    ]
    return sorted(found, key=lambda each: (each[0].starts, each[0].id), reverse=True)


def judged(
    plans: Sequence[Plan], measure: Measure, numbers: Mapping[str, Decimal], day: date
) -> tuple[Plan, Agreed] | None:
    """By which plan numbers are judged: one whose limits they exceed, else the newest; None when
    nobody watches. Several units may follow the same: the narrowest limit counts.
    """
    found = watching(plans, measure, day)
    exceeded = (each for each in found if each[1].needs_eyes(numbers))
    return next(exceeded, found[0] if found else None)


__all__ = [
    "Agreed",
    "Limit",
    "Plan",
    "Terms",
    "agreed_elements",
    "judged",
    "plan_of",
    "plan_resource",
    "quantity",
    "watching",
]
