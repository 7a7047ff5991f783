"""Use of HelsaMi in words: places, weeks, numbers that are carried or held back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from fellesjournal.leadership.figures.audit.spans import Span
from fellesjournal.leadership.figures.series import Point
from fellesjournal.leadership.indicators.he1.shares import ALL, Rate
from fellesjournal.registry.municipalities import municipalities
from fellesjournal.surfaces.leaders.amounts import plain


@dataclass(frozen=True, slots=True)
class Chosen:
    """The week that is looked at, with all weeks of the course up to it."""

    weeks: list[date]
    is_over: bool

    @property
    def last(self) -> date:
        """Its Monday."""
        return self.weeks[-1]


@dataclass(frozen=True, slots=True)
class Row:
    """A municipality in words. ``bar`` is its rate in hundredths of the highest, "" for none."""

    number: str
    name: str
    gross: str
    living: str
    active: str
    represented: str
    rate: str
    interval: str
    counts: str
    bar: str


def week_key(monday: date) -> str:
    """A week as addresses and files have it: 2026-W47."""
    year, number, _ = monday.isocalendar()
    return f"{year}-W{number:02}"


def week_name(monday: date) -> str:
    """A week by its Monday."""
    year, number, _ = monday.isocalendar()
    return gettext("Week %(week)s, %(year)s") % {"week": number, "year": year}


def place_key(number: str) -> str:
    """A municipality in addresses and files."""
    return number or "unknown"


def place_name(number: str) -> str:
    """What a municipality is called."""
    if number == ALL:
        return gettext("All municipalities")
    place = municipalities().get(number)
    return place.name if place else number or gettext("Municipality not known")


def rate_of(rate: Rate) -> tuple[str, str, str]:
    """Per 1000, its interval, and what was counted, in words."""
    if rate.is_hidden:
        return gettext("held back: few"), "", ""
    if rate.share is None or rate.interval is None:
        return "–", "", ""
    low, high = rate.interval
    return (
        plain(rate.share * 1000, 1),
        f"{plain(low * 1000, 1)}–{plain(high * 1000, 1)}",
        f"{plain(rate.users or 0)} / {plain(rate.residents or 0)}",
    )


def point_of(point: Point, number: str) -> str:
    """A number that stands as before; of all municipalities together, what it is at least."""
    text = plain(point.value)
    if not point.is_carried:
        return text
    words = gettext("at least %(count)s") if number == ALL else gettext("%(count)s, as before")
    return words % {"count": text}


def living_of(point: Point, number: str) -> str:
    """As :func:`_point`, of those who live there: together they may be fewer than is shown."""
    if point.is_carried and number == ALL:
        return gettext("about %(count)s") % {"count": plain(point.value)}
    return point_of(point, number)


def count_of(count: int | None) -> str:
    """A count, or that it is held back."""
    return gettext("held back: few") if count is None else plain(count)


def span_of(span: Span) -> str:
    """From how many to how many."""
    assert span.low is not None  # a level of users is bounded
    assert span.high is not None
    return gettext("%(low)s to %(high)s") % {"low": plain(span.low), "high": plain(span.high)}


__all__ = [
    "Chosen", "Row", "count_of", "living_of", "place_key", "place_name", "point_of", "rate_of", "span_of", "week_key",
    "week_name",
]  # fmt: skip
