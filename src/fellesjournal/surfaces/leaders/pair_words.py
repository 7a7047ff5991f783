"""Pairs of organisations in words: what is shown of each, and why something is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.foundation.ui.templatetags.ui import written
from fellesjournal.leadership.indicators.definition import Direction, Indicator
from fellesjournal.leadership.indicators.pairs import COVERAGE, SILENT, Told
from fellesjournal.leadership.indicators.parts import FIGURE, Hidden, Part, Shown
from fellesjournal.surfaces.leaders.amounts import percent, plain
from fellesjournal.surfaces.leaders.indicator_words import value_of

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SHADES = 5
NOT_OF_PAIRS: Mapping[str, Promise] = {
    "SA3": _(
        "Counted by the municipality where people live, in nights of waiting for each thousand residents. Nobody"
        " hands over to anybody, so there are no pairs: here it is by our units."
    ),
    "SA10": _(
        "Counted at each unit that gives a citizen something. A plan is shared by all of them, so there are no"
        " pairs: here it is by our units."
    ),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A pair in words. ``value`` is "" when ``why_not`` says why there is none; ``shade`` is 1 to 5 of a
    share, 0 for none; ``part`` what it is made of.
    """

    value: str
    counts: str
    coverage: str
    silent: str
    why_not: str = ""
    carried: str = ""
    shade: int = 0
    is_held_back: bool = False
    part: Shown | None = None


NOTHING = Cell("", "", "", "")
"""Where nothing was handed over."""


@dataclass(frozen=True, slots=True)
class Line:
    """One organisation at the other end: what it is given, and what comes from it."""

    name: str
    is_inside: bool
    given: Cell = NOTHING
    came: Cell = NOTHING
    is_own: bool = False


def lines(
    found: Sequence[Told],
    indicator: Indicator,
    own: int,
    names: Mapping[int, str],
    inside: frozenset[int],
) -> list[Line]:
    """A line for each other organisation, by name; one's own last, of what stays within it."""
    given = {each.receiver: _cell(each, indicator) for each in found if each.sender == own}
    came = {each.sender: _cell(each, indicator) for each in found if each.receiver == own}
    others = sorted({*given, *came}, key=lambda unit: (unit == own, names.get(unit, "").casefold()))
    return [
        Line(
            names.get(unit, str(unit)), unit in inside, given.get(unit, NOTHING),
            NOTHING if unit == own else came.get(unit, NOTHING), is_own=unit == own,
        )
        for unit in others
    ]  # fmt: skip


def finding(made: Sequence[Line], own: str, indicator: Indicator) -> str:
    """One sentence: where it goes worst among what is shown."""
    pairs = [
        (cell, ends)
        for line in made
        for cell, ends in ((line.given, (own, line.name)), (line.came, (line.name, own)))
        if cell.value
    ]
    held = sum(each.is_held_back for line in made for each in (line.given, line.came))
    if not pairs:
        return gettext("No pair has so many that it can be shown.") if held else ""
    is_up = indicator.direction is Direction.UP
    worst, (sender, receiver) = (min if is_up else max)(pairs, key=lambda pair: _amount(pair[0]))
    if len(pairs) == 1:
        return gettext("One pair is shown: %(value)s from %(from)s to %(to)s.") % {
            "value": worst.value, "from": sender, "to": receiver,
        }  # fmt: skip
    return gettext("Of %(n)s pairs shown, it goes worst from %(from)s to %(to)s: %(value)s.") % {
        "n": len(pairs), "value": worst.value, "from": sender, "to": receiver,
    }  # fmt: skip


def _amount(cell: Cell) -> Fraction:
    part = cell.part
    if not isinstance(part, Part):
        return Fraction(0)
    return part.value or Fraction(0) if part.numerator is None else share_of(part)


def share_of(part: Part) -> Fraction:
    """A part as a share; nought of nothing."""
    return Fraction(part.numerator or 0, part.denominator) if part.denominator else Fraction(0)


def _cell(told: Told, indicator: Indicator) -> Cell:
    part = told.parts[FIGURE]
    beside = _beside(told.parts.get(COVERAGE)), _beside(told.parts.get(SILENT))
    if isinstance(part, Hidden):
        why = (
            gettext("held back: few")
            if part.is_small
            else gettext("held back: it would tell another")
        )
        return Cell("", "", *beside, why_not=why, is_held_back=True, part=part)
    if not part.denominator:
        return Cell("", "", *beside, why_not=gettext("nothing to count"), part=part)
    carried = _since(part) if part.is_carried else ""
    if part.numerator is None:
        value = "" if part.value is None else value_of(indicator, part.value)
        return Cell(value, plain(part.denominator), *beside, carried=carried, part=part)
    share = share_of(part)
    return Cell(
        percent(share), f"{plain(part.numerator)} / {plain(part.denominator)}", *beside,
        carried=carried, shade=min(_SHADES, int(share * _SHADES) + 1), part=part,
    )  # fmt: skip


def _beside(part: Shown | None) -> str:
    if part is None:
        return ""
    if isinstance(part, Hidden):
        return gettext("held back: few")
    if not part.denominator:
        return "–"
    counts = f"{plain(part.numerator or 0)} / {plain(part.denominator)}"
    return f"{percent(share_of(part))} ({counts})"


def _since(part: Part) -> str:
    return written(localtime(_EPOCH + timedelta(microseconds=part.at)), "j. F H:i")


__all__ = ["NOTHING", "NOT_OF_PAIRS", "Cell", "Line", "finding", "lines", "share_of"]
