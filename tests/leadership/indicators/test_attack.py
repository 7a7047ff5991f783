"""Nobody works out a small count: over units, looks, pages, files and the API."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fellesjournal.leadership.figures.suppression import RULE, Cell
from fellesjournal.leadership.indicators.asking import Group
from fellesjournal.leadership.indicators.holding_back import held_back
from fellesjournal.leadership.indicators.le1 import LE1
from fellesjournal.leadership.indicators.parts import (
    FIGURE,
    HELD,
    Decision,
    Hidden,
    Part,
    Shown,
    decided,
    parts_of,
)
from fellesjournal.leadership.indicators.trees import groups_of
from tests.leadership.indicators.attacking import Attack

Decide = Callable[..., Decision]
TREE = {1: None, 2: 1, 3: 1, 4: 1, 5: 2, 6: 2, 7: 3}
GROUPS = list(groups_of(1, TREE, {}))
TARGETS = [*GROUPS, *(Group(0, f"{unit} alone", (unit,)) for unit in TREE)]
"""What must not be told: also what a unit has beside those below it."""
Counts = dict[int, tuple[int, int]]
"""Numerator and denominator of what each unit has by itself."""

_LEAVES = [4, 5, 6, 7]
_MANY = st.tuples(st.integers(5, 30), st.integers(5, 20))
_ANY = st.just((0, 0)) | st.tuples(st.integers(0, 9), st.integers(0, 9)) | _MANY | _MANY | _MANY


@st.composite
def _counts(draw: st.DrawFn) -> tuple[Counts, list[Counts]]:
    """What stands at first, and what comes between looks; mostly where nobody works at an office."""
    units = _LEAVES if draw(st.integers(0, 3)) else sorted(TREE)
    first = {unit: draw(_ANY) if unit in units else (0, 0) for unit in TREE}
    new = st.dictionaries(st.sampled_from(units), _ANY, max_size=3)
    return first, draw(st.lists(new, max_size=3))


def looks(first: Counts, news: list[Counts]) -> list[Counts]:
    """What stands at each look: (so many, and so many not) are added to what stood before."""
    stands = {unit: (good, good + bad) for unit, (good, bad) in first.items()}
    found = [stands]
    for new in news:
        stands = {
            unit: (n + new.get(unit, (0, 0))[0], d + sum(new.get(unit, (0, 0))))
            for unit, (n, d) in stands.items()
        }
        found.append(stands)
    return found


def cell(group: Group, stands: Counts) -> Cell:
    return Cell(sum(stands[u][0] for u in group.units), sum(stands[u][1] for u in group.units))


def seen(stands: list[Counts], decide: Decide) -> list[Mapping[str, Part]]:
    """What is shown at each look of each unit, as far as it is new."""
    before: dict[str, dict[str, Part]] = {}
    found: list[Mapping[str, Part]] = []
    for each in stands:
        now = {group.unit: {FIGURE: Part(*cell(group, each), None)} for group in GROUPS}
        decision = decide(_ONE, GROUPS, now, before, RULE)
        new = {
            unit: part
            for unit, parts in decision.shown.items()
            if isinstance(part := parts[FIGURE], Part) and not part.is_carried
        }
        for unit, part in new.items():
            if part.denominator:
                before.setdefault(unit, {})[FIGURE] = part
        for unit, parts in decision.held.items():
            before.setdefault(unit, {})[HELD + FIGURE] = parts[FIGURE]
        found.append({unit: part for unit, part in new.items() if "by itself" not in unit})
    return found


class _Bare:
    """An indicator without companions."""

    companions = ()
    exclusions: Mapping[str, Any] = {}


_ONE: Any = _Bare()


@dataclass
class Attacks:
    """On numerators and on denominators."""

    numerators: Attack
    denominators: Attack

    def works_out(self, of: Mapping[Hashable, int]) -> bool:
        """Whether a sum of either follows."""
        return any(
            attack.works_out(of) is not None for attack in (self.numerators, self.denominators)
        )


def attacked(
    stands: list[Counts], shown: list[Mapping[str, Part]], *, knows_how_many: bool = False
) -> Attacks:
    """What follows from all looks together; also for somebody who knows all denominators."""
    attacks = Attacks(Attack(), Attack())
    # an office without people of its own: everybody knows
    empty = {unit for unit in TREE if all(each[unit][1] == 0 for each in stands)}
    for at, each in enumerate(stands):
        for unit, (_, d) in each.items():
            if unit in empty or (knows_how_many and d == 0):
                attacks.numerators.learn({(unit, at): 1}, 0)
            if unit in empty:
                attacks.denominators.learn({(unit, at): 1}, 0)
        for group in GROUPS:
            part = shown[at].get(group.unit)
            if part is not None:
                of: dict[Hashable, int] = {(unit, at): 1 for unit in group.units}
                attacks.numerators.learn(of, part.numerator or 0)
                attacks.denominators.learn(of, part.denominator)
    return attacks


def told(
    stands: list[Counts], attack: Attacks, targets: Sequence[Group] = tuple(TARGETS)
) -> list[str]:
    """Small counts that were worked out: of a unit, and of what has come to it between two looks."""
    found = []
    for group in targets:
        for at, now in enumerate(stands):
            own = cell(group, now)
            of: dict[Hashable, int] = {(unit, at): 1 for unit in group.units}
            small = own.denominator and RULE.is_small(own)
            if small and attack.works_out(of):
                found.append(f"{group.unit} at {at}: {own}")
            for back in range(at):
                was = cell(group, stands[back])
                step = Cell(own.numerator - was.numerator, own.denominator - was.denominator)
                if step.denominator and RULE.is_small(step):
                    since: dict[Hashable, int] = {(unit, back): -1 for unit in group.units}
                    if attack.works_out(of | since):
                        found.append(f"{group.unit} from {back} to {at}: {step}")
    return found


@settings(max_examples=400, deadline=None)
@given(_counts())
def test_looks_at_a_tree_of_units_tell_no_small_count(made: tuple[Counts, list[Counts]]) -> None:
    stands = looks(*made)
    assert told(stands, attacked(stands, seen(stands, decided))) == []


@settings(max_examples=400, deadline=None)
@given(_counts())
def test_a_look_tells_none_to_who_knows_how_many_there_were_of_each(
    made: tuple[Counts, list[Counts]],
) -> None:
    stands = looks(made[0], [])
    shown = seen(stands, decided)
    attacks = attacked(stands, shown, knows_how_many=True)
    attacks.denominators = Attack()
    assert told(stands, attacks) == []


FIRST: Counts = {1: (0, 0), 2: (0, 0), 3: (9, 6), 4: (12, 8), 5: (3, 9), 6: (20, 10), 7: (14, 7)}
NEWS: list[Counts] = [{4: (1, 0)}, {3: (6, 0), 6: (1, 1)}]


def naive(
    _: Any, groups: list[Group], now: Mapping[str, Mapping[str, Part]], before: Any, rule: Any
) -> Decision:
    """Hides what is small, and thinks of nothing else."""
    del groups, before
    shown: dict[str, dict[str, Shown]] = {
        unit: {
            name: Hidden(is_small=True) if part.denominator and rule.is_small(part.cell) else part
            for name, part in parts.items()
        }
        for unit, parts in now.items()
    }
    return Decision(shown, {})


def test_the_attack_works_where_only_small_cells_are_hidden() -> None:
    stands = looks(FIRST, NEWS)
    found = told(stands, attacked(stands, seen(stands, naive)))
    assert "#5 at 0: Cell(numerator=3, denominator=12)" in found  # from the sum and the others
    assert any(each.startswith("#4 from 0 to 1") for each in found)  # from one look to the next
    assert told(stands, attacked(stands, seen(stands, decided))) == []


def test_what_a_unit_has_beside_those_below_it_moves_by_enough_too() -> None:
    first = {1: (10, 10), 2: (0, 0), 3: (0, 0), **dict.fromkeys(_LEAVES, (20, 20))}
    stands = looks(first, [{1: (1, 0), 4: (10, 10)}])
    assert told(stands, attacked(stands, seen(stands, decided))) == []


def test_what_was_held_back_for_another_is_not_told_as_it_was_then() -> None:
    first: Counts = {
        1: (0, 0),
        2: (0, 0),
        3: (0, 0),
        5: (3, 9),
        6: (15, 15),
        4: (30, 30),
        7: (30, 30),
    }
    stands = looks(first, [{5: (10, 10)}])
    attack = attacked(stands, seen(stands, decided))
    attack.numerators.learn({(6, 1): 1, (6, 0): -1}, 0)  # nothing came there: somebody knows
    assert told(stands, attack) == []


def test_to_hold_back_what_is_known_hides_nothing_so_the_sum_is_held_back() -> None:
    groups = list(groups_of(1, {1: None, 2: 1, 3: 1}, {}))
    cells = {"#1": Cell(23, 42), "#2": Cell(3, 12), "#3": Cell(20, 30), "#1, by itself": Cell(0, 0)}
    assert held_back(groups, cells, RULE) == {"#2", "#3"}
    assert held_back(groups, cells, RULE, known=frozenset({"#3"})) == {"#1", "#2"}


def test_what_stands_as_it_was_shown_is_no_cover() -> None:
    groups = list(groups_of(1, {1: None, 2: 1, 3: 1}, {}))
    counts = {"#1": (23, 42), "#2": (3, 12), "#3": (20, 30), "#1, by itself": (0, 0)}
    now = {unit: {FIGURE: Part(*each, None)} for unit, each in counts.items()}
    shown = decided(_ONE, groups, now, {"#3": now["#3"]}, RULE).shown
    assert isinstance(shown["#1"][FIGURE], Hidden)


def test_what_moves_enough_is_shown_again() -> None:
    stands = looks(FIRST, [{4: (10, 10), 3: (6, 6), 6: (10, 10)}])
    first, second = seen(stands, decided)
    assert first["#1"].numerator != second["#1"].numerator
    assert second["#4"].denominator == 40


def test_companions_that_add_up_are_held_back_together() -> None:
    assert {each.key for each in LE1.companions if each.adds_up} == {"early", "late"}
    row = {
        "numerator": 90,
        "denominator": 100,
        "early_n": 3,
        "early_d": 100,
        "late_n": 7,
        "late_d": 100,
    }
    group = Group(1, "u", (1,))
    shown = decided(LE1, [group], {"u": parts_of(LE1, row, 0)}, {}, RULE).shown["u"]
    assert isinstance(shown[FIGURE], Part)
    assert isinstance(shown["early"], Hidden)
    assert isinstance(shown["late"], Hidden)  # 10 less 7 are the 3


@pytest.mark.parametrize("count", [0, 4, 5])
def test_few_that_were_left_out_are_not_counted_aloud(count: int) -> None:
    row = {"numerator": 20, "denominator": 30, "x_away": count}
    shown = decided(LE1, [Group(1, "u", (1,))], {"u": parts_of(LE1, row, 0)}, {}, RULE).shown["u"]
    assert isinstance(shown["x_away"], Hidden) is (count == 4)


_DOSES = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 12), st.integers(0, 6), st.integers(0, 6)),
    min_size=1,
    max_size=4,
)
"""What comes until each look: given on time, given late, not given, unanswered."""


@settings(max_examples=200, deadline=None)
@given(_DOSES)
def test_two_denominators_side_by_side_tell_no_few_who_lie_between(
    made: list[tuple[int, int, int, int]],
) -> None:
    home = [Group(1, "#1", (1,))]
    before: dict[str, Part] = {}
    for at in range(len(made)):
        on_time, late, omitted, open_ = (sum(each[n] for each in made[: at + 1]) for n in range(4))
        completed, due = on_time + late, on_time + late + omitted + open_
        row = {
            "numerator": on_time, "denominator": completed, "le1b_n": on_time, "le1b_d": due,
            "omitted_n": omitted, "omitted_d": due, "early_n": 0, "early_d": completed,
            "late_n": late, "late_d": completed, "exact_n": 0, "exact_d": completed,
        }  # fmt: skip
        decision = decided(LE1, home, {"#1": parts_of(LE1, row, at)}, {"#1": before}, RULE)
        shown = {
            name: part for name, part in decision.shown["#1"].items() if isinstance(part, Part)
        }
        own = shown.get(FIGURE)
        for name in ("le1b", "omitted"):
            beside = shown.get(name)
            if own and beside and not own.is_carried and not beside.is_carried:
                assert not 0 < beside.denominator - own.denominator < RULE.count, name
        before |= {name: part for name, part in shown.items() if part.denominator}
