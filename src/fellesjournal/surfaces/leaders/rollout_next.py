"""What goes live next: the wave, how many days are left, and who is in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fellesjournal.leadership.rollout.programme import Programme
from fellesjournal.leadership.rollout.waves import Actor


@dataclass(frozen=True, slots=True)
class Next:
    """``organisations``: who goes live on that day, in this wave or by a date of their own."""

    wave: str
    day: date
    days: int
    organisations: tuple[Actor, ...]


def next_of(programme: Programme, today: date) -> Next | None:
    """What goes live first from this day on; None when nothing does."""
    dated = [(plan.go_live(programme.wave(plan.wave)), plan) for plan in programme.plans]
    ahead = sorted((day, plan.actor, plan.wave) for day, plan in dated if day >= today)
    if not ahead:
        return None
    first, _, wave = ahead[0]
    actors = [programme.actor(actor) for day, actor, _ in ahead if day == first]
    return Next(wave, first, (first - today).days, tuple(actors))


__all__ = ["Next", "next_of"]
