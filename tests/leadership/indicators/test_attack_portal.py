"""Nobody works out a small count of HelsaMi: over places, ages, weeks, series, looks, pages and files."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

from fellesjournal.leadership.figures.suppression import RULE, Cell
from fellesjournal.leadership.indicators.he1.series import ALL, Counts, Place, ages, places
from fellesjournal.leadership.indicators.memory import Memory
from tests.leadership.indicators.attacking import Attack

W1, W2, W3 = (date(2026, 11, 2) + timedelta(weeks=n) for n in range(3))
WEEKS = [W1, W2, W3]
PLACES = ["5001", "5006", "5007", "5025"]
OLD = [16, 45, 67]
LOOKS = 4
Sums = dict[tuple[int, str, int], int]


class Forgets(Memory):
    """Remembers nothing of what was shown."""

    def after(self) -> Memory:
        """Nothing."""
        return Forgets()


def _more(chance: random.Random) -> int:
    return chance.choice([0, 0, 0, 1, 2, 3, 4, 6, 9, 15])


def grown(counts: Counts, chance: random.Random) -> Counts:
    """A look later: some more have begun in the last weeks, and signed in in the last."""
    living = {key: dict(steps) for key, steps in counts.living.items()}
    users = {key: dict(steps) for key, steps in counts.users.items()}
    active = dict(counts.active)
    for place in PLACES:
        for age in OLD:
            if chance.random() < 0.5:
                more = _more(chance)
                living[place, age][W3] = living[place, age].get(W3, 0) + more
                users[place][W3] = users[place].get(W3, 0) + more
        active[place, W3] = active.get((place, W3), 0) + _more(chance)
    return replace(counts, users=users, living=living, active=active)


def begun(chance: random.Random) -> Counts:
    """What stands at the first look."""
    living = {
        (place, age): {W1: chance.choice([0, 2, 4, 6, 8, 20]), W2: _more(chance), W3: _more(chance)}
        for place in PLACES
        for age in OLD
    }
    users = {
        place: {
            week: sum(steps.get(week, 0) for (own, _), steps in living.items() if own == place)
            for week in WEEKS
        }
        for place in PLACES
    }
    residents = {key: chance.choice([90, 120, 200]) for key in living}
    active = {(place, W3): _more(chance) for place in PLACES}
    return Counts(users, living, residents, active, {})


def _of(found: tuple[Place, ...], place: str) -> Place:
    return next(each for each in found if each.number == place)


class Attacker:
    """Sees all pages at each look. What she is told that is not so any more, she is taken to know as such."""

    def __init__(self) -> None:
        self.users, self.active = Attack(), Attack()
        self.looks: list[Counts] = []

    def sees(self, counts: Counts, memory: Memory) -> None:
        """One look at everything."""
        at = len(self.looks)
        self.looks.append(counts)
        found = places(counts, WEEKS, memory)
        for place in (ALL, *PLACES):
            own = PLACES if place == ALL else [place]
            every: Sums = {(at, number, age): 1 for number in own for age in OLD}
            shown = _of(found, place)
            for told in (shown.last.gross.value, shown.last.living.value, shown.rate.users):
                self._learns(every, told)
            self._is_told_of_active(at, own, shown.last.active)
            if place != ALL:  # of all places together an age is the sum of what is told of each
                for each in ages(counts, place, W3, OLD, memory):
                    self._learns({(at, place, each.age): 1}, each.rate.users)

    def _learns(self, of: Sums, told: int | None) -> None:
        if told is not None and told == sum(self._users(*key) for key in of):
            self.users.learn(of, told)

    def _is_told_of_active(self, at: int, own: list[str], told: int | None) -> None:
        if told is not None and told == sum(
            self.looks[at].active.get((each, W3), 0) for each in own
        ):
            self.active.learn({(at, each): 1 for each in own}, told)

    def _users(self, at: int, place: str, age: int) -> int:
        return sum(self.looks[at].living[place, age].values())

    def works_out(self) -> list[str]:
        """Small counts she has, and small steps from one look to another."""
        found = []
        for at, counts in enumerate(self.looks):
            for place in PLACES:
                for age in OLD:
                    own = Cell(self._users(at, place, age), counts.residents[place, age])
                    if (
                        RULE.is_small(own)
                        and self.users.works_out({(at, place, age): 1}) is not None
                    ):
                        found.append(f"{place}, {age} at {at}: {own}")
                    for before in range(at):
                        step = own.numerator - self._users(before, place, age)
                        since: Sums = {(at, place, age): 1, (before, place, age): -1}
                        if 0 < step < RULE.count and self.users.works_out(since) is not None:
                            found.append(f"{place}, {age} from {before} to {at}: {step}")
                count = counts.active.get((place, W3), 0)
                if 0 < count < RULE.count and self.active.works_out({(at, place): 1}) is not None:
                    found.append(f"active in {place} at {at}: {count}")
                for before in range(at):
                    step = count - self.looks[before].active.get((place, W3), 0)
                    moved = {(at, place): 1, (before, place): -1}
                    if 0 < step < RULE.count and self.active.works_out(moved) is not None:
                        found.append(f"active in {place} from {before} to {at}: {step}")
        return found


def attacked(seed: int, memory: Memory) -> list[str]:
    chance, attacker = random.Random(seed), Attacker()
    counts = begun(chance)
    for _ in range(LOOKS):
        attacker.sees(counts, memory)
        memory = memory.after()
        counts = grown(counts, chance)
    return attacker.works_out()


def test_places_ages_weeks_and_looks_together_tell_no_small_count() -> None:
    found = {seed: attacked(seed, Memory()) for seed in range(150)}
    assert {seed: each for seed, each in found.items() if each} == {}


def test_the_same_attack_finds_some_where_nothing_is_remembered() -> None:
    found = [each for seed in range(20) for each in attacked(seed, Forgets())]
    assert any("active in" in each and "from" in each for each in found)
    assert any(", 16 from" in each for each in found)
