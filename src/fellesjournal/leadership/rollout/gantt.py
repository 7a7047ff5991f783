"""Rows of the Gantt chart: a bar for the window of each wave, and for each plan its phases, deadlines
and gates. Only dates: drawing is the page's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from fellesjournal.leadership.rollout.packages import PhaseTemplate
from fellesjournal.leadership.rollout.plans import of_wave
from fellesjournal.leadership.rollout.programme import Programme
from fellesjournal.leadership.rollout.readiness import GATES, due


class MarkKind(StrEnum):
    """What a mark in a row is."""

    DEADLINE = "deadline"
    GATE = "gate"
    GO_LIVE = "go-live"


@dataclass(frozen=True, slots=True)
class Bar:
    """Days from ``start`` to before ``end``; ``what`` is a phase, or empty for a window."""

    start: date
    end: date
    what: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A day in a row. ``what`` is the rule, or the days of the gate. ``missed``: it has passed without,
    or was met too late; ``done`` tells which.
    """

    day: date
    kind: MarkKind
    what: str = ""
    missed: bool = False
    done: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a wave, or of an organisation in it (``actor`` is its id)."""

    label: str
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]
    wave: str
    actor: str = ""


def rows(programme: Programme, phases: tuple[PhaseTemplate, ...], today: date) -> tuple[Row, ...]:
    """The waves by go-live, each with its plans by name."""
    found: list[Row] = []
    for wave in sorted(programme.waves, key=lambda wave: (wave.go_live, wave.id)):
        window = wave.window.period
        found.append(
            Row(
                wave.id,
                (Bar(window.start, window.end),),
                (Mark(wave.go_live, MarkKind.GO_LIVE),),
                wave.id,
            )
        )
        plans = of_wave(programme.plans, wave)
        named = sorted(
            ((programme.actor(plan.actor).name, plan) for plan in plans), key=lambda pair: pair[0]
        )
        for name, plan in named:
            go_live = plan.go_live(wave)
            found.append(
                Row(
                    name,
                    tuple(Bar(*each.days(go_live), each.phase.value) for each in phases),
                    (
                        *(
                            Mark(
                                d.due,
                                MarkKind.DEADLINE,
                                d.rule.id,
                                d.is_missed(today),
                                d.done is not None,
                            )
                            for d in programme.deadlines(plan)
                        ),
                        *(Mark(due(go_live, gate), MarkKind.GATE, str(gate)) for gate in GATES),
                        Mark(go_live, MarkKind.GO_LIVE),
                    ),
                    wave.id,
                    plan.actor,
                )
            )
    return tuple(found)


def span(found: tuple[Row, ...]) -> tuple[date, date]:
    """The first day of all rows and the day after the last. Raises ValueError without rows."""
    if not found:
        raise ValueError("there is nothing to draw")
    starts = [bar.start for row in found for bar in row.bars]
    ends = [bar.end for row in found for bar in row.bars]
    days = [mark.day for row in found for mark in row.marks]
    return min([*starts, *days]), max([*ends, *(day + timedelta(days=1) for day in days)])


__all__ = ["Bar", "Mark", "MarkKind", "Row", "rows", "span"]
