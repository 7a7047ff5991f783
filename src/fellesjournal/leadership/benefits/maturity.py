"""How far an organisation has come in owning its benefits: a ladder, recorded apart from the plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Rung(StrEnum):
    """The rungs, lowest first."""

    LEADERSHIP = "leadership-owns-it"
    KEY_PEOPLE = "key-people-appointed"
    AMBASSADORS = "ambassadors"
    EVERYONE = "everyone-on-board"
    CELEBRATE = "celebrate-and-repeat"


@dataclass(frozen=True, slots=True)
class Reached:
    """A rung that was reached: since when, and by what it can be seen."""

    rung: Rung
    day: date
    evidence: str


@dataclass(frozen=True, slots=True)
class Maturity:
    """The rungs an organisation says it has reached."""

    reached: tuple[Reached, ...] = ()

    def at(self, rung: Rung) -> Reached | None:
        """What was said of a rung."""
        return next((each for each in self.reached if each.rung is rung), None)

    @property
    def highest(self) -> Rung | None:
        """The highest rung with every one below it; one that stands alone above a gap is not it."""
        found = None
        for rung in Rung:
            if self.at(rung) is None:
                break
            found = rung
        return found

    def having(self, one: Reached) -> Maturity:
        """The same with this rung, in place of what was said of it before."""
        others = tuple(each for each in self.reached if each.rung is not one.rung)
        return Maturity((*others, one))


__all__ = ["Maturity", "Reached", "Rung"]
