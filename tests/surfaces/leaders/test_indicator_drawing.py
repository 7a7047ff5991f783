"""The course of an indicator as it is drawn on paper."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

import pytest

from fellesjournal.leadership.figures.intervals import wilson
from fellesjournal.leadership.figures.periods import month
from fellesjournal.leadership.figures.result import Definition, Figure, Status
from fellesjournal.surfaces.leaders.indicator_drawing import drawn

CUT = datetime(2026, 11, 22, tzinfo=UTC)


def figure(number: int, share: tuple[int, int] | None, *, elapsed: float = 1.0) -> Figure:
    """A share of a month; None: it is held back."""
    common = (Definition("LE1", "1", "h"), "Organization/u", month(2026, number), CUT)
    if share is None:
        return Figure(*common, Status.SUPPRESSED, reason="few", elapsed_share=elapsed)
    return Figure(
        *common,
        Status.FINAL,
        value=Fraction(*share),
        interval=wilson(*share),
        elapsed_share=elapsed,
    )


def test_what_is_held_back_has_a_place_and_no_height_and_no_line_goes_over_it() -> None:
    found = drawn([figure(1, (5, 10)), figure(2, None), figure(3, (6, 10)), figure(4, (7, 10))])
    assert found is not None
    held = found.slots[1]
    assert held.is_held_back
    assert (held.y, held.low, held.high) == (None, None, None)
    assert [(line[0], line[2]) for line in found.lines] == [(found.slots[2].x, found.slots[3].x)]


def test_values_stand_at_their_height_between_the_marks() -> None:
    found = drawn([figure(1, (0, 10)), figure(2, (10, 10), elapsed=0.5)])
    assert found is not None
    assert [value for _, value in found.marks] == [Fraction(n, 2) for n in range(3)]
    assert [slot.y for slot in found.slots] == [0, 1]
    assert [slot.is_over for slot in found.slots] == [True, False]


@pytest.mark.parametrize("share", [(0, 10), (10, 10), (5, 10), (1, 1000), (999, 1000)])
def test_one_value_is_drawn_and_the_marks_of_a_share_stay_from_nought_to_one(
    share: tuple[int, int],
) -> None:
    found = drawn([figure(1, share)])
    assert found is not None
    values = [value for _, value in found.marks]
    assert 0 <= values[0] < values[-1] <= 1
    assert 2 <= len(values) <= 7
    for slot in found.slots:
        for height in (slot.y, slot.low, slot.high):
            assert height is not None
            assert 0 <= height <= 1


def test_nothing_is_drawn_of_what_is_all_held_back() -> None:
    assert drawn([figure(1, None), figure(2, None)]) is None
    assert drawn([]) is None
