"""Nobody is counted out of a table: by the rule, and against one who knows the rule."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fellesjournal.leadership.figures.series import cumulative
from fellesjournal.leadership.figures.suppression import RULE, Cell, hidden, total_is_safe
from tests.tries import tries


@pytest.mark.parametrize(
    ("numerator", "denominator", "is_small"),
    [(3, 40, True), (0, 4, True), (0, 25, False), (23, 25, True), (12, 40, False), (25, 25, False)],
)
def test_v_sup_what_is_small(numerator: int, denominator: int, is_small: bool) -> None:  # noqa: FBT001 - a table
    assert RULE.is_small(Cell(numerator, denominator)) is is_small


def test_with_a_total_one_hidden_cell_is_never_alone() -> None:
    cells = {"a": Cell(3, 40), "b": Cell(12, 40), "c": Cell(20, 60)}
    assert hidden(cells, total_is_shown=False) == {"a"}
    assert hidden(cells, total_is_shown=True) == {"a", "b"}


def test_two_hidden_cells_that_give_each_other_away_are_not_enough() -> None:
    """Both are small and together 2, and had one of them been 2 alone, c would have been hidden
    with it: so each is 1.
    """
    cells = {"a": Cell(1, 40), "b": Cell(1, 90), "c": Cell(12, 30), "d": Cell(30, 95)}
    assert hidden(cells, total_is_shown=True) == {"a", "b", "c"}


def test_what_is_no_cell_is_refused() -> None:
    with pytest.raises(ValueError, match="no cell"):
        hidden({"a": Cell(5, 4)}, total_is_shown=True)


CELLS = st.dictionaries(
    st.sampled_from("abcde"),
    st.integers(0, 14).flatmap(
        lambda below: st.builds(Cell, st.integers(0, below), st.just(below))
    ),
    min_size=2,
)


def _attacked(cells: dict[str, Cell], held_back: frozenset[str]) -> dict[str, set[int]]:
    """All numerators that whoever knows the total, the denominators, and what is shown can still
    think of for each hidden cell.
    """
    keys = sorted(held_back)
    total = sum(cells[key].numerator for key in keys)
    thinkable: dict[str, set[int]] = {key: set() for key in keys}
    for tried in product(*(range(cells[key].denominator + 1) for key in keys)):
        if sum(tried) == total:
            for key, value in zip(keys, tried, strict=True):
                thinkable[key].add(value)
    return thinkable


@settings(max_examples=tries(100), deadline=None)
@given(CELLS)
def test_no_hidden_count_is_recovered_from_a_table_and_its_total(cells: dict[str, Cell]) -> None:
    found = hidden(cells, total_is_shown=True)
    assert {key for key, cell in cells.items() if RULE.is_small(cell)} <= found
    assume(found and total_is_safe(cells, found))
    assert all(len(values) > 1 for values in _attacked(cells, found).values())


@given(st.lists(st.integers(0, 9)))
def test_a_growing_series_moves_by_enough_or_not_at_all(steps: list[int]) -> None:
    values = [sum(steps[: n + 1]) for n in range(len(steps))]
    shown = [0, *(point.value for point in cumulative(values))]
    assert all(b - a == 0 or b - a >= 5 for a, b in pairwise(shown))
    assert all(now <= value for now, value in zip(shown[1:], values, strict=True))


def test_a_series_that_falls_is_none() -> None:
    with pytest.raises(ValueError, match="fall"):
        list(cumulative([10, 3]))
    assert [tuple(each) for each in cumulative([3, 6, 8, 12])] == [
        (0, True), (6, False), (6, True), (12, False),
    ]  # fmt: skip
