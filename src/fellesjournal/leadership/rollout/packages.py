"""Phases of a local project and their work packages, made from a template."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fellesjournal.leadership.figures.ratios import Ratio, ratio
from fellesjournal.leadership.figures.times import add_months


class Phase(StrEnum):
    """Parts of a local project, in order."""

    PRE_PROJECT = "pre-project"
    PREPARE = "prepare"
    TEST_AND_TRAIN = "test-and-train"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class PhaseTemplate:
    """A phase: from and to so many months after go-live (negative before), and its packages."""

    phase: Phase
    from_month: int
    to_month: int
    packages: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.from_month >= self.to_month:
            raise ValueError(f"{self.phase} ends after it begins")

    def days(self, go_live: date) -> tuple[date, date]:
        """Its first day and the day after its last, for a go-live."""
        return add_months(go_live, self.from_month), add_months(go_live, self.to_month)


@dataclass(frozen=True, slots=True)
class WorkPackage:
    """A package of one plan (``actor``). ``title`` is a name of the template, or own words."""

    actor: str
    phase: Phase
    title: str
    owner: str = ""
    done: date | None = None


class LocalRole(StrEnum):
    """Who a local project needs."""

    IMPLEMENTATION_LEADER = "implementation-leader"
    SERVICE_MANAGERS = "service-managers"
    UNION_REPRESENTATIVE = "union-representative"
    ALLOCATION_OFFICE = "allocation-office"
    ICT_LEADER = "ict-leader"
    CHIEF_PHYSICIAN = "chief-physician"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a role in a local project."""

    role: LocalRole
    name: str


@dataclass(frozen=True, slots=True)
class LocalProject:
    """The project of one organisation: its roles, and who sits in its steering group."""

    actor: str
    holders: tuple[Holder, ...] = ()
    steering: tuple[LocalRole, ...] = ()
    gps_affected: bool = False

    def missing_roles(self) -> tuple[LocalRole, ...]:
        """Roles that nobody has; the municipal chief physician is needed when GPs are affected."""
        held = {holder.role for holder in self.holders if holder.name.strip()}
        return tuple(
            role
            for role in LocalRole
            if role not in held and (role is not LocalRole.CHIEF_PHYSICIAN or self.gps_affected)
        )

    def missing_in_steering(self) -> tuple[LocalRole, ...]:
        """Who must sit in the steering group and doesn't: the union and ICT."""
        return tuple(
            role
            for role in (LocalRole.UNION_REPRESENTATIVE, LocalRole.ICT_LEADER)
            if role not in self.steering
        )


def from_template(actor: str, template: Iterable[PhaseTemplate]) -> tuple[WorkPackage, ...]:
    """Every package of the template for an organisation, none done."""
    return tuple(
        WorkPackage(actor, phase.phase, title) for phase in template for title in phase.packages
    )


def progress(packages: Iterable[WorkPackage]) -> dict[Phase, Ratio]:
    """The share of done packages of each phase."""
    every = tuple(packages)
    return {
        phase: ratio(
            sum(1 for each in every if each.phase is phase and each.done),
            sum(1 for each in every if each.phase is phase),
        )
        for phase in Phase
    }


def overdue(
    packages: Iterable[WorkPackage],
    template: Iterable[PhaseTemplate],
    go_live: date,
    today: date,
) -> tuple[WorkPackage, ...]:
    """Packages that aren't done though their phase is over."""
    ends = {each.phase: each.days(go_live)[1] for each in template}
    return tuple(
        each for each in packages if each.done is None and ends.get(each.phase, today) < today
    )


__all__ = [
    "Holder",
    "LocalProject",
    "LocalRole",
    "Phase",
    "PhaseTemplate",
    "WorkPackage",
    "from_template",
    "overdue",
    "progress",
]
