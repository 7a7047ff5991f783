"""A map of equal squares, one for each municipality: any value of them, in steps that the legend says in words.

Every number that is drawn stands in a table beside the map, and what is held back is hatched.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext

from fellesjournal.registry.municipalities import municipalities
from fellesjournal.registry.tiles import tiles
from fellesjournal.surfaces.leaders.amounts import plain

SIDE = 48
_GAP = 2
_STEPS = 5


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of a municipality: ``value`` is None where there is none or it is held back, ``said``
    the same in words, ``href`` where more of it stands.
    """

    value: Fraction | None
    said: str
    is_held_back: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Square:
    """A municipality as it is drawn. ``step`` is 1 to 5, 0 without a value."""

    x: int
    y: int
    short: str
    name: str
    said: str
    step: int
    is_held_back: bool
    href: str
    value: str


@dataclass(frozen=True, slots=True)
class TileMap:
    """The map as it is drawn, in a picture of ``width`` by ``height``. ``key`` tells it from others on the page;
    ``legend``: each step, and the values it stands for.
    """

    key: str
    width: int
    height: int
    side: int
    squares: tuple[Square, ...]
    legend: tuple[tuple[int, str], ...]


def tile_map(
    key: str,
    places: Mapping[str, Place],
    *,
    highest: Fraction | None = None,
    written: Callable[[Fraction], str] = plain,
) -> TileMap:
    """The map of some values by number of municipality; one that is not among them has none. ``highest``: the
    top of the scale, where several maps share one.
    """
    values = [each.value for each in places.values() if each.value is not None]
    top = highest if highest is not None else max(values, default=Fraction(0))
    size = step_of(top)
    squares = tuple(
        _square(number, places.get(number), size, written) for number in sorted(tiles(), key=_order)
    )
    return TileMap(
        key, (max(each.column for each in tiles().values()) + 1) * SIDE,
        (max(each.row for each in tiles().values()) + 1) * SIDE, SIDE - _GAP, squares,
        tuple(_legend(size, top, written)),
    )  # fmt: skip


def step_of(top: Fraction) -> Fraction:
    """How much each of five steps spans: 1, 2 or 5 times a power of ten."""
    if top <= 0:
        return Fraction(1)
    rough = top / _STEPS
    power = Fraction(10) ** math.floor(math.log10(rough))
    return next(power * n for n in (1, 2, 5, 10, 20) if power * n >= rough)


def _order(number: str) -> tuple[int, int]:
    """From the north, as the squares are read."""
    return tiles()[number].row, tiles()[number].column


def _square(
    number: str, place: Place | None, size: Fraction, written: Callable[[Fraction], str]
) -> Square:
    tile, found = tiles()[number], place or Place(None, gettext("nothing to count"))
    step = 0 if found.value is None else min(_STEPS, int(found.value / size) + 1)
    return Square(
        tile.column * SIDE, tile.row * SIDE, tile.short, municipalities()[number].name, found.said,
        step, found.is_held_back, found.href, "" if found.value is None else written(found.value),
    )  # fmt: skip


def _legend(
    size: Fraction, top: Fraction, written: Callable[[Fraction], str]
) -> Sequence[tuple[int, str]]:
    count = min(_STEPS, int(top / size) + 1)
    last = gettext("%(from)s and more")
    span = gettext("%(from)s to below %(to)s")
    return [
        (n + 1, (last if n + 1 == count else span) % {"from": written(size * n), "to": written(size * (n + 1))})
        for n in range(count)
    ]  # fmt: skip


__all__ = ["SIDE", "Place", "Square", "TileMap", "step_of", "tile_map"]
