"""Nobody works out a small count of HelsaMi: over places, ages, weeks, series, looks, pages and files."""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from fellesjournal.access.portal_functions import Function
from fellesjournal.leadership.figures.suppression import RULE, Cell
from fellesjournal.leadership.indicators.he1.functions import (
    SIGNED_IN,
    FunctionShare,
    function_shares,
)
from fellesjournal.leadership.indicators.he1.series import ALL, Counts, Place, ages, places
from fellesjournal.leadership.indicators.memory import Memory
from tests.leadership.indicators.attacking import Attack

W1, W2, W3 = (date(2026, 11, 2) + timedelta(weeks=n) for n in range(3))
WEEKS = [W1, W2, W3]
PLACES = ["5001", "5006", "5007", "5025"]
OLD = [16, 45, 67]
LOOKS = 4
FOLLOWED = (Function.LETTERS, Function.MEDICINES)
Used = dict[tuple[str, str], int]
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


def used_more(used: Used, counts: Counts, chance: random.Random) -> Used:
    """A look later: more of those who signed in have used a function."""
    found = dict(used)
    for place in PLACES:
        found[place, SIGNED_IN] = counts.active.get((place, W3), 0)
        for each in FOLLOWED:
            more = found.get((place, each), 0) + _more(chance)
            found[place, each] = min(more, found[place, SIGNED_IN])
    return found


def _of(found: tuple[Place, ...], place: str) -> Place:
    return next(each for each in found if each.number == place)


class Attacker:
    """Sees all pages at each look. What she is told that is not so any more, she is taken to know as such."""

    def __init__(self) -> None:
        self.users, self.active = Attack(), Attack()
        self.functions = Attack()
        self.looks: list[Counts] = []
        self.used: list[Used] = []

    def sees(self, counts: Counts, used: Used, memory: Memory, of_functions: Memory) -> None:
        """One look at everything."""
        at = len(self.looks)
        self.looks.append(counts)
        self.used.append(used)
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

        signed_in = {place: _of(found, place).last.active for place in (ALL, *PLACES)}
        shares = function_shares(used, signed_in, W3, of_functions)
        self._is_told_of_functions(at, signed_in, shares)

    def _is_told_of_functions(
        self, at: int, told: dict[str, int | None], shown: Mapping[str, Sequence[FunctionShare]]
    ) -> None:
        """She takes a share for its users and for those who signed in, wherever it is so now. What stands of
        all places is the sum of what stands of each, which she adds up herself.
        """
        for place in PLACES:
            self._learns_used({(at, place, SIGNED_IN): 1}, told[place])
            for each in shown[place]:
                if each.function in FOLLOWED:
                    self._learns_used({(at, place, each.function): 1}, each.users)
                    self._learns_used({(at, place, SIGNED_IN): 1}, each.signed_in)
        every: dict[tuple[int, str, str], int] = {(at, place, SIGNED_IN): 1 for place in PLACES}
        self._learns_used(every, told[ALL])
        for each in shown[ALL]:
            own = [one for place in PLACES for one in shown[place] if one.function == each.function]
            assert each.users in {sum(one.users or 0 for one in own), None}

    def _learns_used(self, of: Mapping[tuple[int, str, str], int], told: int | None) -> None:
        if told is not None and told == sum(self._uses(*key) for key in of):
            self.functions.learn(of, told)

    def _uses(self, at: int, place: str, function: str) -> int:
        return self.used[at].get((place, function), 0)

    def works_out_use(self) -> list[str]:
        """Small counts of who used a function or did not, and small steps of both, from what pages say of them."""
        found = []
        for at, place, each in itertools.product(range(len(self.looks)), PLACES, FOLLOWED):
            does: dict[tuple[int, str, str], int] = {(at, place, each): 1}
            does_not = {(at, place, SIGNED_IN): 1, (at, place, each): -1}
            for name, sums in (("used", does), ("not", does_not)):
                told = self.functions.works_out(sums)
                if told is not None and 0 < told < RULE.count:
                    found.append(f"{name} {each} in {place} at {at}: {told}")
                for before in range(at):
                    since = {
                        (before, where, what): -many for (_, where, what), many in sums.items()
                    }
                    step = self.functions.works_out({**sums, **since})
                    if step is not None and 0 < step < RULE.count and self._grows(sums, before):
                        found.append(f"{name} {each} in {place} from {before} to {at}: {step}")
        return found

    def _grows(self, sums: Mapping[tuple[int, str, str], int], since: int) -> bool:
        """Whether a count has not fallen in between: where nine have come and five have gone, four are no few."""
        at = next(iter(sums))[0]
        values = [
            sum(many * self._uses(look, *key) for (_, *key), many in sums.items())
            for look in range(since, at + 1)
        ]
        return values == sorted(values)

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
    beside = random.Random(seed)  # the use of functions, so that the rest is as it was without it
    counts, of_functions = begun(chance), memory.after()
    used = used_more({}, counts, beside)
    for _ in range(LOOKS):
        attacker.sees(counts, used, memory, of_functions)
        memory, of_functions = memory.after(), of_functions.after()
        counts = grown(counts, chance)
        used = used_more(used, counts, beside)
    return [*attacker.works_out(), *attacker.works_out_use()]


def test_places_ages_weeks_and_looks_together_tell_no_small_count() -> None:
    found = {seed: attacked(seed, Memory()) for seed in range(150)}
    assert {seed: each for seed, each in found.items() if each} == {}


def test_the_same_attack_finds_some_where_nothing_is_remembered() -> None:
    found = [each for seed in range(20) for each in attacked(seed, Forgets())]
    assert any("active in" in each and "from" in each for each in found)
    assert any(", 16 from" in each for each in found)
    assert any(each.startswith("used letters") and "from" in each for each in found)
    assert any(each.startswith("not letters") and "from" in each for each in found)
