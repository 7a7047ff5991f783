"""Plan lines in words: from where, to where, how far, and whether that can be told from chance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext

from fellesjournal.leadership.benefits.attainment import Attainment, attainment
from fellesjournal.leadership.benefits.plan import Plan, PlanLine
from fellesjournal.leadership.benefits.selection import Item
from fellesjournal.leadership.documents.resources import Document
from fellesjournal.leadership.figures.periods import Period
from fellesjournal.leadership.indicators.catalogue import CATALOGUE
from fellesjournal.leadership.indicators.definition import Direction, Indicator, Scoring
from fellesjournal.surfaces.leaders import benefit_words as words
from fellesjournal.surfaces.leaders.amounts import percent, plain
from fellesjournal.surfaces.leaders.indicator_words import period_of, said


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line as tables show it; "" where there is nothing yet. ``look`` is the colour of its tag."""

    line: PlanLine
    title: str
    benefit: str
    baseline: str
    ambition: str
    now: str
    of_when: str
    interval: str
    share: str
    share_interval: str
    planned: str
    status: str
    look: str
    has_changed: bool


def titles_of(items: Iterable[Document[Item]]) -> dict[str, str]:
    """What the items of the selection list are called in the reader's language, by indicator; those
    that the platform does not count have the one title they were given.
    """
    return {each.body.indicator: title_of(each.body) for each in items}


def title_of(item: Item) -> str:
    """What an item is called in the reader's language."""
    found = CATALOGUE.get(item.indicator)
    return item.title if found is None else said(found.titles)


def shown_lines(plan: Plan, titles: Mapping[str, str]) -> list[ShownLine]:
    """All lines of a plan."""
    return [shown_line(plan, each, titles) for each in plan.lines]


def shown_line(plan: Plan, line: PlanLine, titles: Mapping[str, str]) -> ShownLine:
    """One line with its latest measurement."""
    benefit = plan.benefit(line.benefit)
    latest = line.followed[-1] if line.followed else None
    found = attained_now(line)
    low, high = (found.interval or (None, None)) if found else (None, None)
    return ShownLine(
        line,
        title=titles.get(line.indicator, line.indicator),
        benefit="" if benefit is None else benefit.title,
        baseline="" if line.baseline is None else value_in(line.indicator, line.baseline.value),
        ambition="" if line.ambition is None else value_in(line.indicator, line.ambition.target),
        now="" if latest is None else value_in(line.indicator, latest.value),
        of_when="" if latest is None else period_of(Period(latest.start, latest.end)),
        interval="" if latest is None or latest.interval is None
        else f"{value_in(line.indicator, latest.interval.low)}–"
        f"{value_in(line.indicator, latest.interval.high)}",
        share="" if found is None or found.share is None else percent(found.share),
        share_interval="" if low is None or high is None
        else f"{percent(Fraction(low))}–{percent(Fraction(high))}",
        planned="" if found is None or found.planned is None else percent(found.planned),
        status="" if found is None else str(words.VERDICTS[found.verdict]),
        look="neutral" if found is None else words.LOOKS[found.verdict],
        has_changed=has_changed(line),
    )  # fmt: skip


def attained_now(line: PlanLine) -> Attainment | None:
    """How far a line has come by its latest measurement; None before there is one to compare."""
    if line.baseline is None or line.ambition is None or not line.followed:
        return None
    latest = line.followed[-1]
    return attainment(
        latest.now, line.baseline, line.ambition, latest.end,
        up_is_better=is_better_up(line.indicator),
    )  # fmt: skip


def has_changed(line: PlanLine) -> bool:
    """Whether the indicator is defined otherwise now than when the baseline was frozen."""
    found = CATALOGUE.get(line.indicator)
    return line.baseline is not None and (
        found is None or found.hash != line.baseline.definition_hash
    )


def is_share(indicator: str) -> bool:
    """Whether its values are shares, written in percent."""
    found: Indicator | None = CATALOGUE.get(indicator)
    return found is not None and found.scoring is Scoring.PROPORTION


def value_in(indicator: str, value: Fraction | float) -> str:
    """A value of an indicator in words."""
    return percent(Fraction(value)) if is_share(indicator) else plain(Fraction(value), 2)


def moved_in(indicator: str, difference: Fraction | float) -> str:
    """How much a value has moved: a share in percentage points."""
    sign = "+" if difference > 0 else ""
    if not is_share(indicator):
        return sign + plain(difference, 2)
    return gettext("%(points)s percentage points") % {"points": sign + plain(difference * 100, 1)}


def is_better_up(indicator: str) -> bool:
    """Which way an indicator is better."""
    found = CATALOGUE.get(indicator)
    return found is None or found.direction is Direction.UP


__all__ = [
    "ShownLine", "attained_now", "has_changed", "is_better_up", "is_share", "moved_in", "shown_line",
    "shown_lines", "title_of", "titles_of",
    "value_in",
]  # fmt: skip
