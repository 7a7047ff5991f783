"""Figures in words: of when they are, and in units that somebody reads."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from django.utils.translation import override

from fellesjournal.leadership.figures.periods import Period, month
from fellesjournal.leadership.indicators.sa2 import SA2
from fellesjournal.surfaces.leaders.indicator_words import period_of, value_of


def test_a_period_is_called_by_its_month_or_by_its_first_and_last_day() -> None:
    with override("nb"):
        assert period_of(month(2026, 11)) == "november 2026"
        some = Period(date(2026, 11, 9), date(2026, 11, 23))
        assert period_of(some) == "9. november 2026 – 22. november 2026"


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(12, "12,00 min"), (119, "119,00 min"), (120, "2,00 timer"), (17_812, "12,37 døgn")],
)
def test_many_minutes_are_told_in_hours_or_days(minutes: int, said: str) -> None:
    with override("nb"):
        assert value_of(SA2, Fraction(minutes)) == said
