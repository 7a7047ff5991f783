"""No cell that is told is small, sums tell none that is held back, and nothing is lost by pooling."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from fellesjournal.leadership.figures.suppression import RULE
from fellesjournal.leadership.indicators.parts import Part
from fellesjournal.leadership.indicators.used.counting import SPOTS, Count, Counts, Spot
from fellesjournal.leadership.indicators.used.pooling import (
    ALL,
    Block,
    Earlier,
    Told,
    part_of,
    places,
    pooled,
    total,
)

GROUPS = [
    each for each in places() if each.unit in {ALL, "county-50", "5001", "5025", "5006", "1811"}
]
MUNICIPAL = ["5001", "5025", "5006", "1811"]
NUMBERS = {each.unit: each.number for each in GROUPS}


@st.composite
def _count(draw: st.DrawFn, most: int = 60) -> Count:
    residents = draw(st.integers(0, most))
    users = draw(st.integers(0, residents))
    acts = users + (draw(st.integers(0, 9)) if users else 0)
    return Count(residents, residents * 300, users, acts, Fraction(acts * 2))


COUNTS = st.fixed_dictionaries(
    {place: st.fixed_dictionaries({spot: _count() for spot in SPOTS}) for place in MUNICIPAL}
)


def _whole(counts: Counts) -> Count:
    return sum((total(of, SPOTS) for of in counts.values()), Count())


@settings(max_examples=60, deadline=None)
@given(COUNTS)
def test_no_cell_is_small_and_the_sum_of_all_is_kept(counts: Counts) -> None:
    told = pooled(counts, GROUPS, [], RULE)
    if told is None:
        assert RULE.is_small(part_of(_whole(counts)).cell)
        return
    for by_place in told.shown.values():
        assert all(not RULE.is_small(part_of(each).cell) for each in by_place.values())
    assert sum((of[ALL] for of in told.shown.values()), Count()) == _whole(counts)
    blocks = list(told.shown)
    assert frozenset().union(*blocks) == frozenset(SPOTS)
    assert sum(map(len, blocks)) == len(SPOTS)
    for block in blocks:  # neighbours
        ages = sorted({spot.ages for spot in block})
        assert ages == list(range(ages[0], ages[-1] + 1))


@settings(max_examples=60, deadline=None)
@given(COUNTS)
def test_no_place_that_is_held_back_is_the_difference_of_those_that_are_told(
    counts: Counts,
) -> None:
    told = pooled(counts, GROUPS, [], RULE)
    for block, by_place in () if told is None else told.shown.items():
        for parent in (ALL, "county-50"):
            inside = [each.unit for each in GROUPS if each.parent == parent]
            hidden = [unit for unit in inside if unit not in by_place]
            lived = [unit for unit in hidden if _sum(counts, unit, block).residents]
            assert parent not in by_place or len(lived) != 1


def _sum(counts: Counts, unit: str, block: Block) -> Count:
    own = next(each for each in GROUPS if each.unit == unit)
    inside = [of for place, of in counts.items() if int(place) in own.units]
    return sum((total(of, block) for of in inside), Count())


def _as_earlier(told: Told) -> Earlier:
    def parts(of: Mapping[Block, Mapping[str, Count]]) -> dict[Block, dict[int, Part]]:
        return {
            block: {NUMBERS[unit]: part_of(each) for unit, each in by_place.items()}
            for block, by_place in of.items()
        }

    return Earlier(
        parts(told.shown),
        parts(told.held),
    )


@settings(max_examples=60, deadline=None)
@given(COUNTS, st.sampled_from(MUNICIPAL), st.sampled_from(SPOTS), st.integers(1, 4))
def test_a_second_count_moves_no_cell_by_a_few(
    counts: dict[str, dict[Spot, Count]], place: str, spot: Spot, more: int
) -> None:
    first = pooled(counts, GROUPS, [], RULE)
    if first is None:
        return
    was = counts[place][spot]
    moved = Count(
        was.residents + more, was.days, was.users + more, was.acts + more, was.amount + more
    )
    after = {**counts, place: {**counts[place], spot: moved}}
    assert pooled(counts, GROUPS, [_as_earlier(first)], RULE) == first
    second = pooled(after, GROUPS, [_as_earlier(first)], RULE)
    if second is None:
        return
    for block, by_place in second.shown.items():
        for unit, each in by_place.items():
            tiles = [old for old in first.shown if old <= block]
            assert frozenset().union(*tiles) == block  # what was put together stays together
            before = [first.shown[old].get(unit) for old in tiles]
            if None not in before:
                old = part_of(sum((one for one in before if one), Count()))
                assert part_of(each).cell == old.cell or not part_of(each).steps_by_little(
                    old, RULE
                )
