"""Durations as the region's dashboards write them: ``9 d 07 t 40 min``.

A day (d) is 24 hours (t, «time»). Leading parts that are zero are left out, parts after the
first have two digits.
"""

from __future__ import annotations

import re
from datetime import timedelta

_WRITTEN = re.compile(
    r"(?:(?P<d>\d+) d (?=\d\d t \d\d min))?(?:(?P<t>\d+) t (?=\d\d min))?(?P<m>\d+) min"
)
_DAY, _HOUR = 24 * 60, 60


def minutes_in(text: str) -> int:
    """The minutes of a duration as it is written. Raises ValueError for anything else."""
    found = _WRITTEN.fullmatch(text.replace("\N{NO-BREAK SPACE}", " ").strip())
    if found is None:
        raise ValueError(f"{text!r} is no duration such as «9 d 07 t 40 min»")
    days, hours, minutes = (int(found[part] or 0) for part in "dtm")
    if (found["d"] and hours >= 24) or (found["t"] and minutes >= 60):
        raise ValueError(f"{text!r}: an hour has 60 minutes, a day 24 hours")
    return days * _DAY + hours * _HOUR + minutes


def written(duration: timedelta | int) -> str:
    """A duration, or a number of minutes, in words; seconds are left out.

    Raises ValueError for a negative one.
    """
    minutes = duration if isinstance(duration, int) else int(duration.total_seconds()) // 60
    if minutes < 0:
        raise ValueError("a duration is not negative")
    days, rest = divmod(minutes, _DAY)
    hours, left = divmod(rest, _HOUR)
    if days:
        return f"{days} d {hours:02} t {left:02} min"
    return f"{hours} t {left:02} min" if hours else f"{left} min"


__all__ = ["minutes_in", "written"]
