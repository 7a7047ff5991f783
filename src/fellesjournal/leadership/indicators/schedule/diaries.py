"""One schedule and what was booked in it, as tallies by day and waits at a moment. No database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar

from fellesjournal.access.booked import BY_SERVICE
from fellesjournal.care.scheduling.resources import contact_of
from fellesjournal.foundation.clock import NORWAY
from fellesjournal.leadership.indicators.schedule.stretches import (
    Stretch,
    common,
    meets,
    merged,
    minutes,
    without,
)
from fellesjournal.leadership.indicators.schedule.tallies import Tally
from fellesjournal.leadership.indicators.schedule.waiting import THIRD, Wait, third_next
from fellesjournal.registry.opening_rules import Opening, OpeningRules, openings_on

KEPT = frozenset({"fulfilled", "arrived", "checked-in"})
_STANDS = KEPT | {"booked", "pending"}
_DAY = timedelta(days=1)
_Kept = TypeVar("_Kept")


@dataclass(frozen=True, slots=True)
class Booked:
    """An appointment: moments aware. ``ended`` is when it was called off or missed, None for not or
    not known; ``code`` why (7621).
    """

    start: datetime
    end: datetime
    status: str
    kind: str
    created: datetime | None = None
    ended: datetime | None = None
    code: str = ""
    is_late: bool = False
    requested: datetime | None = None

    @property
    def stretch(self) -> Stretch:
        """The time it was to take."""
        return self.start, self.end

    @property
    def day(self) -> date:
        """The day in Norway it was on."""
        return self.start.astimezone(NORWAY).date()

    def stood_at(self, at: datetime) -> bool:
        """Whether it took its time at a moment. One that was moved is known where it stands now."""
        if self.created is not None and self.created > at:
            return False
        if self.status == "noshow" and self.ended is None:
            return self.start > at  # nobody has stayed away before it began
        return self.status in _STANDS or (self.ended is not None and self.ended > at)


@dataclass(frozen=True, slots=True)
class Diary:
    """A schedule: its number and name, its rules, what was booked in it, what is held of it."""

    number: int
    name: str
    rules: OpeningRules
    booked: tuple[Booked, ...] = ()
    held: tuple[Stretch, ...] = ()


def by_day(
    diary: Diary, days: Iterable[date], now: datetime, kind: str | None = None
) -> dict[date, Tally]:
    """The tally of each day, of one kind of contact or of all. Minutes belong to the day they lie on,
    an appointment to the day it begins. Openings that are not over at ``now`` are not unused yet.
    """
    rules = _of_kind(diary.rules, kind)
    always_open = OpeningRules(rules.rules)
    on = _by_day((each.stretch, each) for each in diary.booked)
    held = _by_day((each, each) for each in diary.held)
    found = {}
    for day in days:
        openings = openings_on(rules, day)
        is_closed = any(day in closed for closed in rules.closed)
        work = openings_on(always_open, day) if is_closed else openings
        near = on.get(day, [])
        own = [each for each in near if kind is None or each.kind == kind]
        # what begins on a day may go on past midnight, beside what was booked there
        later = on.get(day + _DAY, []) if any(each.end > _midnight(day) for each in own) else []
        living = merged(each.stretch for each in (*near, *later) if each.status in _STANDS)
        found[day] = _tally(day, openings, work, own, living, merged(held.get(day, ())), now)
    return found


def _of_kind(rules: OpeningRules, kind: str | None) -> OpeningRules:
    if kind is None:
        return rules
    return OpeningRules(
        tuple(each for each in rules.rules if contact_of(each.kind) == kind), rules.closed
    )


def _by_day(kept: Iterable[tuple[Stretch, _Kept]]) -> dict[date, list[_Kept]]:
    """By each day in Norway that their stretch is on."""
    found: dict[date, list[_Kept]] = {}
    for (start, end), each in kept:
        day, last = start.astimezone(NORWAY).date(), end.astimezone(NORWAY).date()
        while day <= last:
            found.setdefault(day, []).append(each)
            day += _DAY
    return found


def _midnight(day: date) -> datetime:
    """As a day ends in Norway."""
    return datetime.combine(day + _DAY, time(), NORWAY).astimezone(UTC)


def waits(diary: Diary, at: datetime, horizon: int) -> dict[str, Wait]:
    """The third next available time at a moment, by kind of contact the schedule has openings for.

    Held time is not available; what stood booked at the moment is not either.
    """
    until = at + timedelta(days=horizon + 2)
    taken = [each.stretch for each in diary.booked if each.stood_at(at)]
    busy = merged(each for each in [*diary.held, *taken] if at < each[1] and each[0] < until)
    first = at.astimezone(NORWAY).date()
    found: dict[str, list[int]] = {contact_of(rule.kind): [] for rule in diary.rules.rules}
    for n in range(horizon + 1):
        if all(len(days) >= THIRD for days in found.values()):
            break  # what comes later is no third
        for opening in openings_on(diary.rules, first + timedelta(days=n)):
            if opening.start > at and not meets(_stretch(opening), busy):
                found[contact_of(opening.kind)].append(n)
    return {kind: third_next(days, horizon) for kind, days in found.items()}


def _tally(
    day: date,
    openings: Sequence[Opening],
    all_openings: Sequence[Opening],
    near: Sequence[Booked],
    living: Sequence[Stretch],
    held: Sequence[Stretch],
    now: datetime,
) -> Tally:
    """``near`` are those that are on the day for some time, ``living`` the time that is taken then."""
    template = without(merged(map(_stretch, openings)), held)
    work = merged(map(_stretch, all_openings))
    there = [each.stretch for each in near if each.status in KEPT]
    booked = [each for each in near if each.day == day]
    kept = [each for each in booked if each.status in KEPT]
    missed = [each for each in booked if each.status == "noshow"]
    off = [each for each in booked if each.status == "cancelled" and each.is_late]
    unused = [
        each for each in map(_stretch, openings)
        if each[1] <= now and not meets(each, living) and not meets(each, held)
    ]  # fmt: skip
    asked = [each for each in kept if each.requested is not None]
    return Tally(
        open=minutes(template),
        work=minutes(work),
        in_template=sum(minutes(common([each], template)) for each in there),
        in_work=minutes(common(merged(there), work)),
        no_show=_lost(missed, living),
        late_cancel=_lost([each for each in off if each.code != BY_SERVICE], living),
        clinic_cancel=_lost([each for each in off if each.code == BY_SERVICE], living),
        unused_minutes=minutes(unused),
        completed=len(kept),
        no_shows=len(missed),
        late_cancels=sum(each.code != BY_SERVICE for each in off),
        clinic_cancels=sum(each.code == BY_SERVICE for each in off),
        unused=len(unused),
        requested=len(asked),
        requested_met=sum(
            each.day <= each.requested.astimezone(NORWAY).date()
            for each in asked
            if each.requested is not None
        ),
    )


def _lost(booked: Iterable[Booked], living: Sequence[Stretch]) -> int:
    """Minutes that stood empty: less what somebody else was given."""
    return sum(minutes(without([each.stretch], living)) for each in booked)


def _stretch(opening: Opening) -> Stretch:
    return opening.start, opening.end


__all__ = ["KEPT", "Booked", "Diary", "by_day", "waits"]
