"""When a person or a room can be booked: the rules of a Schedule, and the openings they give.

The rules stand on the FHIR Schedule as extensions of ours; openings are computed from them and
never stored, so that a changed rule changes every day to come. ::

    extension  .../opening-rule      (repeats)
      weekday     code   mon .. sun  (repeats)
      from, to    time   local wall clock; 00:00 as ``to`` is the end of the day
      minutes     positiveInt        the length of one opening
      kind        CodeableConcept    becomes Appointment.appointmentType (8406, 8432, 7617)
      bookable-by code   citizen | staff
      holidays    boolean            whether it holds on public holidays too; absent: it does not
      valid       Period             of days, both counted; absent: always
    extension  .../closed-days       (repeats)  Period of days, both counted

All times of a rule are whole five minutes, the step in which time is claimed (store/claims.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import Issue
from fellesjournal.foundation.clock import NORWAY
from fellesjournal.registry.working_days import public_holidays

_URL = "https://fellesjournal.example/fhir/StructureDefinition/"
OPENING_RULE = _URL + "opening-rule"
CLOSED_DAYS = _URL + "closed-days"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FIVE_MINUTES = timedelta(minutes=5)
LONGEST_MINUTES = 12 * 60
"""No opening is longer; an appointment neither (store/claims.py)."""

# JSON of a FHIR resource or element
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Days:
    """From one day until another, both counted; None for an open end."""

    first: date | None = None
    last: date | None = None

    def __contains__(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``weekdays`` as ``date.weekday()``; ``closes`` 00:00 is the end of the day;
    ``kind`` a CodeableConcept.
    """

    weekdays: frozenset[int]
    opens: time
    closes: time
    minutes: int
    kind: Json
    for_citizens: bool = False
    on_holidays: bool = False
    valid: Days = Days()

    def holds_on(self, day: date) -> bool:
        """Whether the rule opens anything on this day."""
        return (
            day.weekday() in self.weekdays
            and day in self.valid
            and (self.on_holidays or day not in public_holidays(day.year))
        )


@dataclass(frozen=True, slots=True)
class OpeningRules:
    """All rules of a Schedule, and the days on which none of them holds."""

    rules: tuple[Rule, ...] = ()
    closed: tuple[Days, ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """A time that can be booked unless it is taken: aware, UTC, half-open."""

    start: datetime
    end: datetime
    kind: Json
    for_citizens: bool

    @property
    def minutes(self) -> int:
        """How long it is."""
        return int((self.end - self.start).total_seconds()) // 60


def read_rules(schedule: Json) -> OpeningRules:
    """The rules of a Schedule. What is no rule opens nothing (see :func:`schedule_problems`)."""
    rules, closed = [], []
    for extension in reading.elements(schedule.get("extension")):
        if extension.get("url") == OPENING_RULE:
            found, problems = _rule(extension)
            if found is not None and not problems:
                rules.append(found)
        elif extension.get("url") == CLOSED_DAYS:
            # a period that can't be read closes every day rather than none
            closed.append(_days(extension.get("valuePeriod")) or Days())
    return OpeningRules(tuple(rules), tuple(closed))


def schedule_problems(data: Json) -> list[Issue]:
    """What is wrong with the rules on a Schedule, told when it is written."""
    if data.get("resourceType") != "Schedule":
        return []
    issues = []
    for n, extension in enumerate(reading.elements(data.get("extension"))):
        problems: list[str] = []
        if extension.get("url") == OPENING_RULE:
            problems = _rule(extension)[1]
        elif extension.get("url") == CLOSED_DAYS and _days(extension.get("valuePeriod")) is None:
            problems = ["closed days need a valuePeriod of days"]
        issues += [Issue("invalid", why, (f"Schedule.extension[{n}]",)) for why in problems]
    return issues


def openings_on(rules: OpeningRules, day: date) -> list[Opening]:
    """What one day in Norway offers, by time, taken or not.

    Lengths are of real time: on the day the clock goes back the repeated hour gives its openings
    twice, an hour apart; on the day it goes forward the missing hour gives none.
    """
    if any(day in closed for closed in rules.closed):
        return []
    found = {
        (opening.start, opening.end, str(opening.kind)): opening
        for rule in rules.rules
        if rule.holds_on(day)
        for opening in _openings(rule, day)
    }
    return sorted(found.values(), key=lambda opening: (opening.start, opening.end))


def is_repeated(moment: datetime) -> bool:
    """Whether the wall clock in Norway shows this moment's time twice on that day."""
    local = moment.astimezone(NORWAY)
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def _openings(rule: Rule, day: date) -> Iterator[Opening]:
    start = _instant(day, rule.opens)
    closes = _instant(day + timedelta(days=rule.closes == time(0)), rule.closes)
    length = timedelta(minutes=rule.minutes)
    while start + length <= closes:
        yield Opening(start, start + length, rule.kind, rule.for_citizens)
        start += length


def _instant(day: date, at: time) -> datetime:
    """The instant of a wall clock time: the first of two that repeat, and for a time that the
    clock jumps over the moment of the jump.
    """
    local = datetime.combine(day, at, NORWAY)
    instant = local.astimezone(UTC)
    if instant.astimezone(NORWAY).replace(tzinfo=None) == local.replace(tzinfo=None):
        return instant
    jump = instant  # past the jump, by as much as the time is
    while (jump - timedelta(minutes=1)).astimezone(NORWAY).utcoffset() == jump.astimezone(
        NORWAY
    ).utcoffset():
        jump -= timedelta(minutes=1)
    return jump


def _rule(extension: Json) -> tuple[Rule | None, list[str]]:
    parts: dict[str, list[Json]] = {}
    for part in reading.elements(extension.get("extension")):
        parts.setdefault(reading.string(part.get("url")), []).append(part)

    def first(name: str, member: str) -> Any:  # any JSON
        return parts[name][0].get(member) if name in parts else None

    codes = [part.get("valueCode") for part in parts.get("weekday", [])]
    opens, closes = _time(first("from", "valueTime")), _time(first("to", "valueTime"))
    minutes, kind = first("minutes", "valuePositiveInt"), first("kind", "valueCodeableConcept")
    valid = Days() if "valid" not in parts else _days(first("valid", "valuePeriod"))
    by = first("bookable-by", "valueCode")
    problems = [
        why
        for wrong, why in (
            (not codes or not set(codes) <= set(WEEKDAYS), "weekdays are mon to sun"),
            (opens is None or closes is None, "from and to are local times of whole five minutes"),
            (
                opens is not None and closes is not None and closes != time(0) and closes <= opens,
                "to is after from",
            ),
            (not _is_length(minutes), "minutes are a multiple of five, at most twelve hours"),
            (not isinstance(kind, dict), "a kind of contact is needed"),
            (by not in {None, "citizen", "staff"}, "bookable-by is citizen or staff"),
            (valid is None, "valid is a Period of days"),
        )
        if wrong
    ]
    if problems or opens is None or closes is None or valid is None:
        return None, problems
    return (
        Rule(
            weekdays=frozenset(WEEKDAYS.index(code) for code in codes if isinstance(code, str)),
            opens=opens,
            closes=closes,
            minutes=minutes,
            kind=kind,
            for_citizens=by == "citizen",
            on_holidays=first("holidays", "valueBoolean") is True,
            valid=valid,
        ),
        [],
    )


def _is_length(minutes: object) -> bool:
    return (
        isinstance(minutes, int)
        and not isinstance(minutes, bool)
        and 0 < minutes <= LONGEST_MINUTES
        and minutes % 5 == 0
    )


def _time(text: object) -> time | None:
    try:
        found = time.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    if found is None or found.tzinfo or found.minute % 5 or found.second or found.microsecond:
        return None
    return found


def _days(period: object) -> Days | None:
    if not isinstance(period, Mapping) or not {"start", "end"} & set(period):
        return None
    try:
        first, last = (
            date.fromisoformat(period[name]) if name in period else None
            for name in ("start", "end")
        )
    except (ValueError, TypeError):
        return None
    return Days(first, last)


def rule_extension(
    *,
    weekdays: Sequence[str],
    opens: str,
    closes: str,
    minutes: int,
    kind: Json,
    for_citizens: bool,
    on_holidays: bool = False,
    valid: Json | None = None,
) -> dict[str, Any]:
    """The extension that says a rule; ``opens`` and ``closes`` as 08:00, ``valid`` a Period."""
    parts: list[dict[str, Any]] = [
        *({"url": "weekday", "valueCode": code} for code in weekdays),
        {"url": "from", "valueTime": f"{opens}:00"},
        {"url": "to", "valueTime": f"{closes}:00"},
        {"url": "minutes", "valuePositiveInt": minutes},
        {"url": "kind", "valueCodeableConcept": dict(kind)},
        {"url": "bookable-by", "valueCode": "citizen" if for_citizens else "staff"},
    ]
    if on_holidays:
        parts.append({"url": "holidays", "valueBoolean": True})
    if valid is not None:
        parts.append({"url": "valid", "valuePeriod": dict(valid)})
    return {"url": OPENING_RULE, "extension": parts}


__all__ = [
    "CLOSED_DAYS",
    "OPENING_RULE",
    "Opening",
    "OpeningRules",
    "Rule",
    "is_repeated",
    "openings_on",
    "read_rules",
    "rule_extension",
    "schedule_problems",
]
