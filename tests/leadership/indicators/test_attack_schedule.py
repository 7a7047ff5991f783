"""Nobody works out a few who did not come: over months, parts of months, years, kinds, looks and pages."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from fellesjournal.foundation import clock
from fellesjournal.leadership.figures.suppression import RULE
from fellesjournal.leadership.indicators.memory import Memory
from fellesjournal.leadership.indicators.schedule.cells import Value
from fellesjournal.leadership.indicators.schedule.dashboard import Dashboard, dashboard
from fellesjournal.leadership.indicators.schedule.diaries import Booked, Diary
from fellesjournal.leadership.indicators.schedule.tallies import Key
from tests.leadership.indicators.attacking import Attack
from tests.leadership.indicators.test_attack_portal import Forgets
from tests.leadership.indicators.test_schedule_diaries import booked, open_from

MONTHS = [date(2022, number, 1) for number in range(1, 5)]
KINDS = ["", "7"]
LOOKS = 4
_Missed = dict[tuple[date, str], int]


def _more(chance: random.Random) -> int:
    return chance.choice([0, 0, 1, 2, 3, 4, 6, 9])


def _day(month: date, turn: int) -> date:
    return month + timedelta(days=turn % 20)


class Attacker:
    """Looks at the pages of April and of March, again and again, while appointments come and go by."""

    def __init__(self, seed: int) -> None:
        self.random, self.attack = random.Random(seed), Attack()
        self.booked: list[Booked] = []
        self.looks: list[_Missed] = []
        self.turn = 0

    def goes_on(self) -> None:
        """Some more kept and missed, mostly in the month that goes on."""
        for month in MONTHS if not self.booked else MONTHS[-2:]:
            for kind in KINDS:
                for status, count in (("noshow", _more(self.random)), ("fulfilled", 20)):
                    for _ in range(count):
                        self.turn += 1
                        made = booked("08:00", 5, status, _day(month, self.turn))
                        self.booked.append(Booked(made.start, made.end, made.status, kind))
        missed: _Missed = {(month, kind): 0 for month in MONTHS for kind in KINDS}
        for each in self.booked:
            if each.status == "noshow":
                missed[each.day.replace(day=1), each.kind] += 1
        self.looks.append(missed)

    def sees(self, memory: Memory) -> Memory:
        """One look at the pages of the last two months; what is remembered after it."""
        at, now = len(self.looks) - 1, datetime(2022, 4, 28, 12, tzinfo=UTC)
        diary = Diary(1, "d", open_from(), tuple(self.booked))
        for month in (MONTHS[-1], MONTHS[-2]):
            with clock.at(now):
                made = dashboard(
                    [diary], month + timedelta(days=10), now, shown=4, horizon=5, memory=memory, unit=1
                )  # fmt: skip
            self._learns(at, month, made)
            memory = memory.after()
        return memory

    def _learns(self, at: int, month: date, made: Dashboard) -> None:
        for each in made.months:
            if each.period.start in MONTHS:
                self._is_told({(at, each.period.start, kind) for kind in KINDS}, each.values)
        row = next(each for each in made.compared if each.key is Key.NO_SHOW_RATE)
        until = [each for each in MONTHS if each <= month]
        self._is_told(
            {(at, each, kind) for each in until for kind in KINDS}, {Key.NO_SHOW_RATE: row.year}
        )
        for kind in made.kinds:
            self._is_told({(at, month, kind.kind)}, kind.values)

    def _is_told(self, of: set[tuple[int, date, str]], values: dict[Key, Value] | object) -> None:
        value = values[Key.NO_SHOW_RATE]  # type: ignore[index]  # a mapping by key
        told = None if value.of is None else value.of[0]
        true = sum(self.looks[at][month, kind] for at, month, kind in of)
        if told == true and not value.is_carried:
            self.attack.learn(dict.fromkeys(of, 1), told)

    def works_out(self) -> list[str]:
        """Small counts she has, and small steps from one look to another."""
        found = []
        cells = [{key} for key in self.looks[0]]
        cells += [{(month, kind) for kind in KINDS} for month in MONTHS]
        for at, look in enumerate(self.looks):
            for cell in cells:
                now = sum(look[key] for key in cell)
                own = {(at, *key): Fraction(1) for key in cell}
                if 0 < now < RULE.count and self.attack.works_out(own) is not None:
                    found.append(f"{sorted(cell)} at {at}: {now}")
                for before in range(at):
                    step = now - sum(self.looks[before][key] for key in cell)
                    since = own | {(before, *key): Fraction(-1) for key in cell}
                    if 0 < step < RULE.count and self.attack.works_out(since) is not None:
                        found.append(f"{sorted(cell)} from {before} to {at}: {step}")
        return found


def attacked(seed: int, memory: Memory) -> list[str]:
    attacker = Attacker(seed)
    for _ in range(LOOKS):
        attacker.goes_on()
        memory = attacker.sees(memory)
    return attacker.works_out()


def test_months_kinds_years_and_looks_together_tell_no_few_who_did_not_come() -> None:
    found = {seed: attacked(seed, Memory()) for seed in range(15)}
    assert {seed: each for seed, each in found.items() if each} == {}


def test_the_same_attack_finds_some_where_nothing_is_remembered() -> None:
    found = [each for seed in range(5) for each in attacked(seed, Forgets())]
    assert any("from" in each for each in found)
