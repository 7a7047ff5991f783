"""R4, what a slipped wave does to the others: second waves move in parallel with the delay of the main
project, the gaps between them stay, and an early delivery pulls nothing forward.

Windows move as quarters; a set date moves by calendar months.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from fellesjournal.leadership.figures.times import add_months
from fellesjournal.leadership.rollout.assumptions import ASSUMED, Assumptions
from fellesjournal.leadership.rollout.deadlines import months_after
from fellesjournal.leadership.rollout.plans import Plan
from fellesjournal.leadership.rollout.quarters import MONTHS, quarter_of, whole_quarters
from fellesjournal.leadership.rollout.waves import Wave, WaveKind


@dataclass(frozen=True, slots=True)
class MovedWave:
    """A wave before and after. ``follows`` tells that it moved because the main project did."""

    before: Wave
    after: Wave
    follows: bool = False

    @property
    def quarters(self) -> int:
        """How many quarters its window moved."""
        return self.after.window.minus(self.before.window)

    @property
    def months(self) -> int:
        """How many months go-live moved: those of a set date, else those of its quarters."""
        if self.before.set_date and self.after.set_date:
            earlier, later = self.before.set_date, self.after.set_date
            return (
                months_after(earlier, later) if later >= earlier else -months_after(later, earlier)
            )
        return self.quarters * MONTHS


def shifted(
    waves: tuple[Wave, ...], slips: Mapping[str, int], assumed: Assumptions = ASSUMED
) -> tuple[MovedWave, ...]:
    """Every wave after some slipped by so many months (by id; a negative one comes earlier). Raises
    ValueError for a slip of a wave that isn't there.
    """
    if unknown := set(slips) - {wave.id for wave in waves}:
        raise ValueError(f"no wave is called {', '.join(sorted(unknown))}")
    main = [_by_months(wave, slips.get(wave.id, 0)) for wave in waves if wave.kind is WaveKind.MAIN]
    delay = whole_quarters(delay_in_months(main, assumed))
    after = {moved.before.id: moved for moved in main}
    for wave in waves:
        if wave.kind is WaveKind.SECOND:
            parallel = _by_quarters(wave, delay)
            own = _by_months(parallel, slips.get(wave.id, 0)).after
            after[wave.id] = MovedWave(wave, own, follows=delay > 0)
    return tuple(after[wave.id] for wave in waves)


def delay_in_months(main: list[MovedWave], assumed: Assumptions = ASSUMED) -> int:
    """The delay of the main project in whole months, never negative."""
    if not main:
        return 0
    if not assumed.delay_follows_last_main:
        return max(0, *(moved.months for moved in main), 0)
    before = max(moved.before.go_live for moved in main)
    after = max(moved.after.go_live for moved in main)
    return months_after(before, after)


def moved_plan(plan: Plan, moved: MovedWave) -> Plan:
    """The plan after its wave moved; a go-live of its own moves by the same months."""
    if plan.own_date is None or moved.months == 0:
        return plan
    return plan.with_date(add_months(plan.own_date, moved.months))


def _by_months(wave: Wave, months: int) -> MovedWave:
    """The wave alone, moved by months."""
    if wave.set_date is None or months == 0:
        return MovedWave(wave, replace(wave, window=wave.window.plus(whole_quarters(months))))
    day = add_months(wave.set_date, months)
    return MovedWave(wave, replace(wave, set_date=day, window=quarter_of(day)))


def _by_quarters(wave: Wave, quarters: int) -> Wave:
    """The wave moved by whole quarters, its set date by as many months."""
    day = add_months(wave.set_date, quarters * MONTHS) if wave.set_date else None
    return replace(wave, window=wave.window.plus(quarters), set_date=day)


__all__ = ["MovedWave", "delay_in_months", "moved_plan", "shifted"]
