"""The funnel as plain SVG attributes: values by size, with the limits of chance around the share of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fellesjournal.leadership.benefits.network import Comparison, Place
from fellesjournal.leadership.figures.rounding import in_words
from fellesjournal.leadership.figures.signals import funnel
from fellesjournal.surfaces.leaders.amounts import language, plain
from fellesjournal.surfaces.leaders.axis import marks_within

WIDTH, HEIGHT = 640, 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 20, 16, 40
_STEPS = 40
_SMALLEST = 5.0
"""No figure of fewer is shown."""


@dataclass(frozen=True, slots=True)
class Mark:
    """An organisation: where it is drawn, its name, and whether it lies outside."""

    x: str
    y: str
    name: str
    is_outside: bool
    anchor: str
    dx: int


@dataclass(frozen=True, slots=True)
class DrawnFunnel:
    """The picture: the band of chance, the line of the share of all, and marks."""

    width: int
    height: int
    left: int
    right: int
    bottom: int
    band: str
    middle: str
    marks: tuple[Mark, ...]
    up: tuple[tuple[str, str], ...]
    across: tuple[tuple[str, str], ...]


def drawn_funnel(found: Comparison, names: Sequence[str]) -> DrawnFunnel | None:
    """The funnel of a comparison, with a name for each of its values; None without one."""
    if found.share is None or not found.compared:
        return None
    share = float(found.share)
    counted = [float(each.told.measured.denominator) for each in found.compared]
    smallest, largest = max(_SMALLEST, min(counted) / 2), max(counted) * 1.1
    sizes = [smallest + (largest - smallest) * n / _STEPS for n in range(_STEPS + 1)]
    limits = [funnel(share, max(1, round(size))) for size in sizes]
    values = [float(each.told.measured.value) for each in found.compared]
    low = max(0.0, min(*values, share, limits[0].low) - 0.05)
    high = min(1.0, max(*values, share, limits[0].high) + 0.05)

    def x(size: float) -> float:
        return _LEFT + (size - smallest) / (largest - smallest) * (WIDTH - _LEFT - _RIGHT)

    def y(value: float) -> float:
        inside = min(high, max(low, value))
        return _TOP + (high - inside) / (high - low) * (HEIGHT - _TOP - _BOTTOM)

    there = [(size, limit.high) for size, limit in zip(sizes, limits, strict=True)]
    back = [(size, limit.low) for size, limit in zip(sizes, limits, strict=True)][::-1]
    band = " ".join(f"{x(size):.1f},{y(value):.1f}" for size, value in [*there, *back])
    marks = tuple(
        Mark(
            f"{x(size):.1f}", f"{y(float(each.told.measured.value)):.1f}", name,
            each.place is not Place.INSIDE,
            *(("end", -10) if x(size) > WIDTH * 0.6 else ("start", 10)),
        )
        for each, name in zip(found.compared, names, strict=True)
        for size in (float(each.told.measured.denominator),)
    )  # fmt: skip
    heights = [float(each) for each in marks_within(low, high)]
    widths = [float(each) for each in marks_within(smallest, largest)]
    return DrawnFunnel(
        WIDTH, HEIGHT, _LEFT, WIDTH - _RIGHT, HEIGHT - _BOTTOM, band, f"{y(share):.1f}", marks,
        tuple((f"{y(each):.1f}", in_words(each, 0, language(), percent=True)) for each in heights),
        tuple((f"{x(each):.1f}", plain(each)) for each in widths),
    )  # fmt: skip


__all__ = ["DrawnFunnel", "Mark", "drawn_funnel"]
