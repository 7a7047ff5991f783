"""By when a result is to be acknowledged."""

from __future__ import annotations

from datetime import datetime

from fellesjournal.care.results.news import News
from fellesjournal.foundation import clock
from fellesjournal.registry.working_days import add_working_days, end_of_day

# Assumptions (configurable): no source says how many.
ABNORMAL_WORKING_DAYS = 1
NORMAL_WORKING_DAYS = 5


def deadline_of(news: News) -> datetime:
    """The end of the last day for it: sooner when it is abnormal, or taken back."""
    is_urgent = news.is_abnormal or news.is_withdrawn
    days = ABNORMAL_WORKING_DAYS if is_urgent else NORMAL_WORKING_DAYS
    return end_of_day(add_working_days(clock.today(), days))


__all__ = ["ABNORMAL_WORKING_DAYS", "NORMAL_WORKING_DAYS", "deadline_of"]
