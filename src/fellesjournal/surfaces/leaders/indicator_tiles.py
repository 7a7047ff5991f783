"""Tiles: each indicator with the value of one's own unit now and before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from fellesjournal.access.sessions import Session
from fellesjournal.foundation import clock
from fellesjournal.leadership.figures.result import Status
from fellesjournal.leadership.indicators import reading
from fellesjournal.leadership.indicators.asking import Asked, Side
from fellesjournal.leadership.indicators.catalogue import CATALOGUE
from fellesjournal.leadership.indicators.definition import Direction, Indicator
from fellesjournal.surfaces.leaders.indicator_words import Shown, said, shown

_GOOD = {Direction.UP: _("Higher is better."), Direction.DOWN: _("Lower is better.")}


@dataclass(frozen=True, slots=True)
class Tile:
    """An indicator as a tile shows it; ``now`` is None while it is counted for the first time. ``side``: the
    end of a handover that the values are of.
    """

    indicator: Indicator
    title: str
    now: Shown | None
    before: Shown | None
    side: Side = Side.FROM

    @property
    def good(self) -> str:
        """Which way is the better one."""
        return str(_GOOD[self.indicator.direction])


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
            Asked(each, reading.period_of(each, clock.today()), side, values), 2
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


def _newest(values: list[Shown]) -> tuple[Shown | None, Shown | None, Side]:
    """Of (before, now) at one side or two: those of the side where there is something to count."""
    pairs = list(zip(values[::2], values[1::2], (Side.FROM, Side.TO), strict=False))
    counted = [each for each in pairs if each[1].figure.status is not Status.NO_OBSERVATIONS]
    if not pairs:
        return None, None, Side.FROM
    before, now, side = (counted or pairs)[0]
    return now, before, side


__all__ = ["Tile", "tiles"]
