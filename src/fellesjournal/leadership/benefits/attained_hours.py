"""Hours that a plan has attained of those it planned, as far as its indicators tell.

Nobody measures hours. A benefit's hours are those of the worksheet rows it has counted; they are taken to come as
its indicators move (assumption (configurable): as the one that has moved least). No more is attained than was
planned, and what takes longer than before is counted in full.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from fellesjournal.leadership.benefits.attainment import Attainment, Verdict
from fellesjournal.leadership.benefits.plan import Confounder, Plan, PlanLine
from fellesjournal.leadership.benefits.worksheet import PLAN_PREFIX, Row

_KEPT = frozenset({Verdict.MAINTAINED})


@dataclass(frozen=True, slots=True)
class Span:
    """Hours a year: what is most likely, at least and at most."""

    hours: Fraction
    low: Fraction
    high: Fraction

    def __add__(self, other: Span) -> Span:
        return Span(self.hours + other.hours, self.low + other.low, self.high + other.high)


NO_HOURS = Span(Fraction(0), Fraction(0), Fraction(0))


@dataclass(frozen=True, slots=True)
class BenefitHours:
    """A benefit (its id): ``attained`` is None before its indicators have been measured. ``indicator`` is the one
    that has moved least, ``verdict`` what is said of it, ``confounders`` what else moves any of them.
    """

    benefit: str
    title: str
    planned: Span
    attained: Span | None
    share: Fraction | None = None
    indicator: str = ""
    verdict: Verdict | None = None
    confounders: tuple[Confounder, ...] = ()

    @property
    def is_certain(self) -> bool:
        """Whether it can be told from chance."""
        return self.verdict in {Verdict.REACHED, Verdict.MAINTAINED}


@dataclass(frozen=True, slots=True)
class PlanHours:
    """A plan: its benefits that have counted hours, and their sums. ``waiting`` are planned hours of benefits that
    nobody has measured yet; ``attained`` is None while that is all of them.
    """

    benefits: tuple[BenefitHours, ...]

    @property
    def planned(self) -> Span:
        """All that is planned."""
        return sum((each.planned for each in self.benefits), NO_HOURS)

    @property
    def attained(self) -> Span | None:
        """What is attained of what has been measured."""
        found = [each.attained for each in self.benefits if each.attained is not None]
        return sum(found, NO_HOURS) if found else None

    @property
    def waiting(self) -> Fraction:
        """Planned hours that nothing has been measured of."""
        return sum((e.planned.hours for e in self.benefits if e.attained is None), Fraction(0))

    @property
    def confounders(self) -> int:
        """How many things are written down that move these figures too."""
        return len({each for benefit in self.benefits for each in benefit.confounders})


Attained = Callable[[PlanLine], Attainment | None]
"""How far a line has come by its latest measurement."""


def hours_of(plan: Plan, unit: str, rows: Iterable[Row], attained: Attained) -> PlanHours:
    """The hours of each benefit of a plan (of a unit, by its id) that has counted rows."""
    own: dict[str, list[Row]] = {}
    for row in rows:
        name = row.claimed_by.removeprefix(f"{PLAN_PREFIX}{unit}/")
        if name != row.claimed_by:
            own.setdefault(name, []).append(row)
    found = []
    for key, counted in own.items():
        benefit = plan.benefit(key)
        lines = [each for each in plan.lines if each.benefit == key]
        found.append(
            _benefit(key, key if benefit is None else benefit.title, counted, lines, plan, attained)
        )
    return PlanHours(tuple(sorted(found, key=lambda each: each.title.casefold())))


def _benefit(
    key: str,
    title: str,
    rows: Sequence[Row],
    lines: Sequence[PlanLine],
    plan: Plan,
    attained: Attained,
) -> BenefitHours:
    spans = [_planned(row) for row in rows]
    planned = sum(spans, NO_HOURS)
    indicators = {each.indicator for each in lines}
    confounders = tuple(each for each in plan.confounders if indicators & set(each.indicators))
    told = [(line, now) for line in lines if (now := attained(line)) is not None]
    if not told or len(told) < len(lines):
        return BenefitHours(key, title, planned, None, confounders=confounders)
    line, least = min(told, key=lambda pair: _share(pair[1]))
    share = _share(least)
    low, high = (
        (Fraction(least.interval.low), Fraction(least.interval.high))
        if least.interval is not None
        else (share, share)
    )
    sums = NO_HOURS
    for span in spans:
        sums += span if span.hours < 0 else _part(span, share, low, high)
    return BenefitHours(
        key, title, planned, sums, share, line.indicator, least.verdict, confounders
    )


def _share(found: Attainment) -> Fraction:
    """How much of the way; what is to be kept is all of it or nothing."""
    if found.share is not None:
        return found.share
    return Fraction(1 if found.verdict in _KEPT else 0)


def _planned(row: Row) -> Span:
    after = row.minutes_after
    return Span(row.hours, row.hours_after(after.high), row.hours_after(after.low))


def _part(span: Span, share: Fraction, low: Fraction, high: Fraction) -> Span:
    return Span(
        span.hours * _clipped(share),
        min(span.low, span.low * _clipped(low)),
        span.high * _clipped(high),
    )


def _clipped(share: Fraction) -> Fraction:
    return min(Fraction(1), max(Fraction(0), share))


__all__ = ["NO_HOURS", "BenefitHours", "PlanHours", "Span", "hours_of"]
