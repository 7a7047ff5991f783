"""The geometry of trend curves."""

from __future__ import annotations

from fellesjournal.foundation.ui.sparkline import sparkline


def test_one_time_makes_no_curve() -> None:
    assert sparkline([[(1, 5.0)]]) is None
    assert sparkline([[(1, 5.0), (1, 6.0)]]) is None


def test_time_runs_to_the_right_and_higher_values_stand_higher() -> None:
    drawn = sparkline([[(0, 1.0), (10, 3.0), (20, 2.0)]])
    assert drawn is not None
    dots = drawn.lines[0].dots
    xs, ys = [float(dot.x) for dot in dots], [float(dot.y) for dot in dots]
    assert xs == sorted(xs)
    assert ys[1] < ys[2] < ys[0]


def test_every_point_lies_inside_the_picture() -> None:
    drawn = sparkline([[(0, -1e9), (1, 1e9)]], low=0, high=1)
    assert drawn is not None
    for dot in drawn.lines[0].dots:
        assert 0 <= float(dot.x) <= drawn.width
        assert 0 <= float(dot.y) <= drawn.height


def test_values_outside_the_reference_are_marked() -> None:
    drawn = sparkline([[(0, 5.0), (1, 12.0), (2, 7.0)]], low=6, high=10)
    assert drawn is not None
    assert [dot.outside for dot in drawn.lines[0].dots] == [True, True, False]


def test_constant_values_are_drawn_as_a_level_line() -> None:
    drawn = sparkline([[(0, 5.0), (1, 5.0)]])
    assert drawn is not None
    assert len({dot.y for dot in drawn.lines[0].dots}) == 1


def test_two_series_share_one_scale() -> None:
    drawn = sparkline([[(0, 120.0), (1, 130.0)], [(0, 70.0), (1, 80.0)]])
    assert drawn is not None
    systolic, diastolic = drawn.lines
    assert float(systolic.dots[0].y) < float(diastolic.dots[0].y)


def test_a_centimetre_of_height_is_no_mountain() -> None:
    drawn = sparkline([[(0, 160.0), (1, 161.0)]])
    assert drawn is not None
    ys = [float(dot.y) for dot in drawn.lines[0].dots]
    assert 0 < ys[0] - ys[1] < drawn.height / 3
