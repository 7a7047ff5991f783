"""Waves: when each goes live, under which names it is known, and who may be in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fellesjournal.leadership.rollout.findings import Code, Finding, Severity, finding
from fellesjournal.leadership.rollout.quarters import Quarter


class ActorKind(StrEnum):
    """What an organisation is."""

    MUNICIPALITY = "municipality"
    HEALTH_TRUST = "health_trust"
    RHF = "rhf"
    COMPANY = "company"
    GP_PRACTICE = "gp_practice"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class Actor:
    """An organisation that can go live. ``county`` is a county number."""

    id: str
    name: str
    kind: ActorKind
    county: str = ""
    region: str = ""


class WaveKind(StrEnum):
    """A delivery of the main project, or a second wave that follows it."""

    MAIN = "main"
    SECOND = "second"


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Who may be in a wave: the ``named`` organisations, and municipalities of the ``counties`` or
    anywhere. ``option_in_time``: a municipality that isn't named must have signed its option by the
    deadline. ``own_practices``: whether GP practices that a municipality runs come with it.
    """

    named: tuple[str, ...] = ()
    counties: tuple[str, ...] = ()
    any_municipality: bool = False
    option_in_time: bool = False
    own_practices: bool = True

    def admits(self, actor: Actor) -> bool:
        """Whether the organisation is among them."""
        if actor.id in self.named:
            return True
        if actor.kind is ActorKind.GP_PRACTICE and not self.own_practices:
            return False
        if actor.kind not in {ActorKind.MUNICIPALITY, ActorKind.GP_PRACTICE}:
            return False
        return self.any_municipality or actor.county in self.counties


@dataclass(frozen=True, slots=True)
class Wave:
    """One wave. Without a date of its own it goes live on the last day of its window. ``assumed``
    tells that no source gives the window.
    """

    id: str
    window: Quarter
    kind: WaveKind
    eligibility: Eligibility
    aliases: tuple[str, ...] = ()
    set_date: date | None = None
    assumed: bool = False

    @property
    def go_live(self) -> date:
        """The day it goes live."""
        return self.set_date or self.window.last_day

    @property
    def names(self) -> frozenset[str]:
        """Every name it has, folded for comparison."""
        return frozenset(name.casefold() for name in (self.id, *self.aliases))


class UnknownWave(ValueError):
    """No wave has that name."""


def named(waves: Iterable[Wave], name: str) -> Wave:
    """The wave with this id or alias; ids come first. Raises UnknownWave."""
    wanted, every = name.strip().casefold(), tuple(waves)
    by_id = [wave for wave in every if wave.id.casefold() == wanted]
    found = by_id or [wave for wave in every if wanted in wave.names]
    if len(found) != 1:
        raise UnknownWave(f"{name!r} is the name of {len(found)} waves")
    return found[0]


def refusals(
    wave: Wave, actor: Actor, *, option_signed: date | None, option_due: date
) -> tuple[Finding, ...]:
    """Why the organisation may not be in the wave; nothing when it may."""
    rules = wave.eligibility
    if actor.kind is ActorKind.GP_PRACTICE and not rules.own_practices:
        return (finding(Code.GP_FOLLOWS_PRIVATE, actor.name, wave=wave.id),)
    if not rules.admits(actor):
        return (finding(Code.NOT_ELIGIBLE, actor.name, wave=wave.id),)
    if not rules.option_in_time or actor.id in rules.named:
        return ()
    if option_signed is None:
        return (finding(Code.OPTION_NOT_KNOWN, actor.name, wave=wave.id, due=option_due),)
    if option_signed > option_due:
        return (finding(Code.OPTION_NOT_IN_TIME, actor.name, wave=wave.id, due=option_due),)
    return ()


def problems(waves: tuple[Wave, ...], promise: date) -> tuple[Finding, ...]:
    """What is wrong with the waves themselves: late against the promise, names used twice, second
    waves in one quarter, dates outside their windows.
    """
    late = (
        finding(
            Code.PROMISE_BREACHED,
            wave.id,
            go_live=wave.go_live,
            promise=promise,
            window=str(wave.window),
        )
        for wave in waves
        if wave.go_live > promise
    )
    outside = (
        finding(Code.OUTSIDE_WINDOW, wave.id, go_live=wave.go_live, window=str(wave.window))
        for wave in waves
        if wave.go_live not in wave.window.period
    )
    return (*late, *outside, *_shared(waves))


def _shared(waves: tuple[Wave, ...]) -> Iterable[Finding]:
    """Pairs that share a window or a name."""
    for at, first in enumerate(waves):
        for second in waves[at + 1 :]:
            if first.window == second.window:
                yield finding(
                    Code.WINDOWS_OVERLAP,
                    first.id,
                    Severity.LOOK,
                    other=second.id,
                    window=str(first.window),
                )
            if alias := min(first.names & second.names, default=""):
                yield finding(Code.ALIAS_TWICE, first.id, other=second.id, alias=alias)


__all__ = [
    "Actor",
    "ActorKind",
    "Eligibility",
    "UnknownWave",
    "Wave",
    "WaveKind",
    "named",
    "problems",
    "refusals",
]
