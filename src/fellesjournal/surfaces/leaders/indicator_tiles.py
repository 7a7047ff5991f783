"""Tiles: each indicator with the value of one's own unit now and before, and whether it has moved."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.access.sessions import Session
from fellesjournal.foundation import clock
from fellesjournal.leadership.figures.result import Status
from fellesjournal.leadership.indicators import reading
from fellesjournal.leadership.indicators.asking import Asked, Side
from fellesjournal.leadership.indicators.catalogue import CATALOGUE
from fellesjournal.leadership.indicators.definition import Direction, Indicator
from fellesjournal.surfaces.leaders.indicator_words import Shown, said, shown

_PERIODS = 3
"""The one that is not over, the last whole one, and the one that this is held against."""
_GOOD = {Direction.UP: _("Higher is better."), Direction.DOWN: _("Lower is better.")}


@dataclass(frozen=True, slots=True)
class Tile:
    """An indicator as a tile shows it; ``now`` is None while it is counted for the first time. ``before`` is
    the period that ended last, ``earlier`` the one before that. ``side``: the end of a handover that the
    values are of.
    """

    indicator: Indicator
    title: str
    now: Shown | None
    before: Shown | None
    earlier: Shown | None = None
    side: Side = Side.FROM

    @property
    def about(self) -> str:
        """What it counts: the beginning of its definition, without formula or finer points."""
        return re.split(r"[.:] ", said(self.indicator.description))[0].rstrip(".") + "."

    @property
    def good(self) -> str:
        """Which way is the better one."""
        return str(_GOOD[self.indicator.direction])

    @property
    def verdict(self) -> str:
        """Whether the last whole period was better than the one before it, or may be so by chance: two
        intervals that do not meet are more than chance. "" of what has no intervals.
        """
        last, first = self.before, self.earlier
        if last is None or first is None:
            return ""
        one, other = last.figure.interval, first.figure.interval
        if one is None or other is None:
            return ""
        of = {"last": last.period, "value": first.value, "period": first.period}
        if one.low <= other.high and other.low <= one.high:
            return capfirst(
                gettext("%(last)s against %(value)s in %(period)s: it may be chance.") % of
            )
        is_better = (one.low > other.high) == (self.indicator.direction is Direction.UP)
        if is_better:
            said = gettext("%(last)s was better than %(value)s in %(period)s: more than chance.")
        else:
            said = gettext("%(last)s was worse than %(value)s in %(period)s: more than chance.")
        return capfirst(said % of)


def tiles(session: Session, values: Mapping[str, Decimal]) -> tuple[str, list[Tile]]:
    """The name of one's own unit, and a tile for each indicator. ``values`` are what
    ``reading.values`` answers. Raises NotFound for who may see no figures.
    """
    own = reading.own_units(session)
    seen = reading.seen_until(session, list(CATALOGUE.values()))
    asked = [
        question
        for each in CATALOGUE.values()
        if each.id in seen
        for side in _sides(each)
        for question in reading.course(
            Asked(each, reading.period_of(each, clock.today()), side, values), _PERIODS
        )
    ]
    found = reading.figures(session, asked, own.groups, seen) if asked else []
    courses: dict[str, list[Shown]] = {}
    for question, units in zip(asked, found, strict=True):
        own_figure = shown(question.indicator, units[own.tree[0].reference])
        courses.setdefault(question.indicator.id, []).append(own_figure)
    return own.tree[0].name, [
        Tile(each, said(each.titles), *_newest(courses.get(each.id, [])))
        for each in CATALOGUE.values()
    ]


def _sides(indicator: Indicator) -> tuple[Side, ...]:
    return (Side.FROM, Side.TO) if indicator.has_sides else (Side.FROM,)


def _newest(values: list[Shown]) -> tuple[Shown | None, Shown | None, Shown | None, Side]:
    """Of the periods at one side or two, oldest first: those of the side where there is something to count,
    newest first.
    """
    if not values:
        return None, None, None, Side.FROM
    sides = [values[start : start + _PERIODS] for start in range(0, len(values), _PERIODS)]
    courses = list(zip(sides, (Side.FROM, Side.TO), strict=False))
    counted = [each for each in courses if each[0][-1].figure.status is not Status.NO_OBSERVATIONS]
    (earlier, before, now), side = (counted or courses)[0]
    return now, before, earlier, side


__all__ = ["Tile", "tiles"]
