"""What goes live next, and plans in the order in which they need somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fellesjournal.leadership.rollout.plans import Plan
from fellesjournal.leadership.rollout.programme import Programme
from fellesjournal.leadership.rollout.waves import Actor


@dataclass(frozen=True, slots=True)
class Next:
    """``organisations``: who goes live on that day, in this wave or by a date of their own."""

    wave: str
    day: date
    days: int
    organisations: tuple[Actor, ...]


def to_come_first(programme: Programme, today: date) -> list[Plan]:
    """Plans by go-live, those that are past last."""
    return [plan for _, plan in _dated(programme, today)]


def next_of(programme: Programme, today: date) -> Next | None:
    """What goes live first from this day on; None when nothing does."""
    ahead = [each for each in _dated(programme, today) if each[0] >= today]
    if not ahead:
        return None
    first, plan = ahead[0]
    actors = [programme.actor(each.actor) for day, each in ahead if day == first]
    return Next(plan.wave, first, (first - today).days, tuple(actors))


def _dated(programme: Programme, today: date) -> list[tuple[date, Plan]]:
    dated = [(plan.go_live(programme.wave(plan.wave)), plan) for plan in programme.plans]
    return sorted(dated, key=lambda each: (each[0] < today, each[0], each[1].actor))


__all__ = ["Next", "next_of", "to_come_first"]
