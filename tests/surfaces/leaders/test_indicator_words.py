"""Figures in words: of when they are, and in units that somebody reads."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from django.utils.translation import override

from fellesjournal.leadership.figures.intervals import wilson
from fellesjournal.leadership.figures.periods import Period, month
from fellesjournal.leadership.figures.result import Figure, Status
from fellesjournal.leadership.indicators.le1 import LE1
from fellesjournal.leadership.indicators.measuring import Beside, Measured
from fellesjournal.leadership.indicators.sa2 import SA2
from fellesjournal.surfaces.leaders.indicator_tiles import Tile
from fellesjournal.surfaces.leaders.indicator_words import Shown, period_of, shown, value_of

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def test_a_period_is_called_by_its_month_or_by_its_length_and_last_day() -> None:
    with override("nb"):
        assert period_of(month(2026, 11)) == "november 2026"
        some = Period(date(2026, 11, 9), date(2026, 11, 23))
        assert period_of(some) == "14 dager til 22. november 2026"


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "0 min"),
        (12, "12,00 min"),
        (119, "119,00 min"),
        (120, "2,00 timer"),
        (17_812, "12,37 døgn"),
    ],
)
def test_many_minutes_are_told_in_hours_or_days(minutes: int, said: str) -> None:
    with override("nb"):
        assert value_of(SA2, Fraction(minutes)) == said


def _share(n: int, of: int) -> Shown:
    figure = Figure(
        definition=LE1.definition, unit="u", period=month(2026, 10), data_cut=NOW,
        status=Status.FINAL, value=Fraction(n, of), numerator=Fraction(n), denominator=Fraction(of),
        interval=wilson(n, of),
    )  # fmt: skip
    return shown(LE1, Measured(figure, tuple(Beside(each.key, None) for each in LE1.companions)))


@pytest.mark.parametrize(
    ("last", "first", "said"),
    [
        (
            (190, 200),
            (120, 200),
            "October 2026 was better than 60.0% in October 2026: more than chance.",
        ),
        (
            (120, 200),
            (190, 200),
            "October 2026 was worse than 95.0% in October 2026: more than chance.",
        ),
        ((120, 200), (118, 200), "October 2026 against 59.0% in October 2026: it may be chance."),
    ],
)
def test_a_tile_says_whether_it_has_moved(
    last: tuple[int, int], first: tuple[int, int], said: str
) -> None:
    with override("en"):
        tile = Tile(LE1, "", _share(*last), _share(*last), _share(*first))
        assert tile.verdict == said
