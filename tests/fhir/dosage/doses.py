"""Doses for tests: every kind there is (hypothesis)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TypeVar

from hypothesis import strategies as st

from fellesjournal.fhir.dosage import (
    UNITS,
    AsNeeded,
    Dosage,
    InvalidDose,
    Part,
    Period,
    Rhythm,
    Step,
    Weekday,
    When,
)
from fellesjournal.fhir.dosage.structure import SITES

T = TypeVar("T")


def _in_order(kind: list[T], *, least: int = 0) -> st.SearchStrategy[tuple[T, ...]]:
    return st.sets(st.sampled_from(kind), min_size=least).map(
        lambda chosen: tuple(each for each in kind if each in chosen)
    )


amounts = st.one_of(
    st.integers(1, 12).map(Decimal),
    st.decimals(Decimal("0.0001"), Decimal(99999), places=4),
    st.decimals(Decimal("0.5"), Decimal(20), places=1),
)
reasons = st.one_of(
    st.just(""),
    st.sampled_from(
        [
            "ved smerter",
            "ved søvnvansker",
            "DERETTER 2 tabletter",
            "til og med i 7 dager",
            "a deretter b",
            "daglig smerte",
            "then x",
        ]
    ),
    st.text(min_size=1, max_size=30),
)


@st.composite
def parts(draw: st.DrawFn) -> tuple[Part, ...]:
    period = draw(st.sampled_from(list(Period)))
    every = draw(st.integers(1, 14 if period is not Period.YEAR else 5))
    kind = draw(st.sampled_from(["times", "one", "at", "weekdays"]))
    if kind == "times":
        return (Part(draw(amounts), Rhythm(period, every), times=draw(st.integers(1, 12))),)
    if kind == "one":
        at = draw(_in_order(list(When), least=1))
        return (Part(draw(amounts), Rhythm(period, every), at),)
    if kind == "at":
        at = draw(_in_order(list(When), least=1))
        cut = draw(st.integers(1, len(at)))
        rhythm = Rhythm(period, every)
        halves = [half for half in (at[:cut], at[cut:]) if half]
        return tuple(Part(draw(amounts), rhythm, half) for half in halves)
    every = draw(st.integers(1, 4))
    days = draw(_in_order(list(Weekday), least=1))
    cut = draw(st.integers(1, len(days)))
    at = draw(_in_order(list(When)))
    halves_of = [half for half in (days[:cut], days[cut:]) if half]
    return tuple(Part(draw(amounts), Rhythm(Period.WEEK, every, half), at) for half in halves_of)


@st.composite
def needed(draw: st.DrawFn) -> AsNeeded:
    amount = draw(amounts)
    up_to = amount + draw(amounts) if draw(st.booleans()) else None
    at_most = (up_to or amount) * draw(st.integers(1, 6)) if draw(st.booleans()) else None
    return AsNeeded(amount, up_to, at_most, draw(reasons))


@st.composite
def _any_dosage(draw: st.DrawFn) -> Dosage | None:
    try:
        count = draw(st.sampled_from([1, 1, 1, 2, 3]))
        steps = []
        for n in range(count):
            last = n == count - 1
            ends = ["none", "days"] if count > 1 else ["none", "days", "until"]
            end = draw(st.sampled_from(ends)) if last else "days"
            taken = draw(st.one_of(parts(), parts(), needed()))
            steps.append(
                Step(
                    taken if isinstance(taken, tuple) else (),
                    taken if isinstance(taken, AsNeeded) else None,
                    days=draw(st.integers(1, 400)) if end == "days" else None,
                    until=draw(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
                    if end == "until"
                    else None,
                )
            )
        return Dosage(
            draw(st.sampled_from(list(UNITS))),
            tuple(steps),
            draw(st.sampled_from(["", "", *SITES])),
        )
    except InvalidDose:
        return None


dosages: st.SearchStrategy[Dosage] = _any_dosage().filter(lambda made: made is not None)  # type: ignore[assignment]  # the filter leaves no None
