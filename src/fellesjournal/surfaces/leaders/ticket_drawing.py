"""The drawing of tickets after go-live: the band of chance, the expected curve, the days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from fellesjournal.leadership.rollout.resources import TicketLog
from fellesjournal.leadership.rollout.tickets import Against, Curve, against, by_chance
from fellesjournal.surfaces.leaders.amounts import plain

WIDTH, HEIGHT, MARGIN = 640, 200, 24
LEAST_DAYS = 30
"""The curve is drawn for a month at least."""


def is_signal(found: Against) -> bool:
    """Whether a day lies outside what chance explains."""
    return not found.interval.low <= 1 <= found.interval.high


@dataclass(frozen=True, slots=True)
class Chart:
    """The band of chance, the expected curve and the counted days, as SVG attributes."""

    width: int
    height: int
    axes: str
    band: str
    line: str
    dots: tuple[tuple[str, str, bool], ...]
    top: str
    first: int
    last: int
    label: str


def chart(log: TicketLog, curve: Curve, go_live: date) -> Chart:
    """The drawing of days; from go-live on, or from the first of them when that is long ago."""
    first = log.days[0].day if log.days[0].day > LEAST_DAYS else 0
    last = max(first + LEAST_DAYS, log.days[-1].day)
    expected = {day: curve.expected(log.users, day, go_live) for day in range(first, last + 1)}
    bands = {day: by_chance(each) for day, each in expected.items()}
    top = max(*(each.high for each in bands.values()), *(each.tickets for each in log.days), 1.0)

    def at(day: int, tickets: float) -> str:
        return f"{_x(day - first, last - first)},{_y(tickets, top)}"

    upper = [at(day, each.high) for day, each in bands.items()]
    lower = [at(day, each.low) for day, each in bands.items()]
    outside = {
        each.day for each in log.days if is_signal(against(each.tickets, expected[each.day]))
    }
    label = gettext("%(days)s days counted, %(signals)s of them outside what chance explains") % {
        "days": len(log.days),
        "signals": len(outside),
    }
    return Chart(
        WIDTH,
        HEIGHT,
        f"M{MARGIN},{MARGIN} V{HEIGHT - MARGIN} H{WIDTH - MARGIN}",
        " ".join([*upper, *reversed(lower)]),
        " ".join(at(day, each) for day, each in expected.items()),
        tuple(
            (
                str(_x(each.day - first, last - first)),
                str(_y(each.tickets, top)),
                each.day in outside,
            )
            for each in log.days
        ),
        plain(top),
        first,
        last,
        label,
    )


def _x(day: int, last: int) -> float:
    return round(MARGIN + day / last * (WIDTH - 2 * MARGIN), 1)


def _y(tickets: float, top: float) -> float:
    return round(HEIGHT - MARGIN - tickets / top * (HEIGHT - 2 * MARGIN), 1)


__all__ = ["Chart", "chart", "is_signal"]
