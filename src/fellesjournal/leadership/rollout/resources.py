"""What is kept of the rollout as documents: the programme, and of each organisation its
readiness, its migration and its tickets.
"""

from __future__ import annotations

from dataclasses import dataclass

from fellesjournal.access.policy.rules import Duty
from fellesjournal.leadership.documents.resources import Kind
from fellesjournal.leadership.rollout.migration import Job
from fellesjournal.leadership.rollout.programme import Programme
from fellesjournal.leadership.rollout.readiness import Check
from fellesjournal.leadership.rollout.risks import Risk, Stakeholder
from fellesjournal.leadership.rollout.trials import CaseRun


@dataclass(frozen=True, slots=True)
class Readiness:
    """What was shown for the gates of one organisation, and its test runs."""

    checks: tuple[Check, ...] = ()
    runs: tuple[CaseRun, ...] = ()

    def at(self, criterion: str, gate: int) -> Check | None:
        """What was shown for a criterion at a gate."""
        return next((c for c in self.checks if c.criterion == criterion and c.gate == gate), None)

    def with_check(self, check: Check) -> Readiness:
        """The same with this check in place of the one for its criterion and gate."""
        others = tuple(
            c for c in self.checks if (c.criterion, c.gate) != (check.criterion, check.gate)
        )
        return Readiness((*others, check), self.runs)

    def with_run(self, run: CaseRun) -> Readiness:
        """The same with one more test run."""
        return Readiness(self.checks, (*self.runs, run))


@dataclass(frozen=True, slots=True)
class Concerns:
    """The risks of an organisation's plan, and the people it concerns."""

    risks: tuple[Risk, ...] = ()
    stakeholders: tuple[Stakeholder, ...] = ()

    def with_risk(self, risk: Risk) -> Concerns:
        """The same with this risk in place of the one of its id."""
        others = tuple(each for each in self.risks if each.id != risk.id)
        return Concerns((*others, risk), self.stakeholders)

    def with_stakeholder(self, stakeholder: Stakeholder) -> Concerns:
        """The same with this stakeholder in place of the one of that name."""
        name = stakeholder.name.casefold()
        others = tuple(each for each in self.stakeholders if each.name.casefold() != name)
        return Concerns(self.risks, (*others, stakeholder))


@dataclass(frozen=True, slots=True)
class Migration:
    """Every job of an organisation, each object type of a source once."""

    jobs: tuple[Job, ...] = ()

    def with_job(self, job: Job) -> Migration:
        """The same with this job in place of the one for its source and object type."""
        others = tuple(
            each
            for each in self.jobs
            if (each.source, each.object_type.casefold())
            != (job.source, job.object_type.casefold())
        )
        return Migration((*others, job))


@dataclass(frozen=True, slots=True)
class TicketDay:
    """Tickets of a day after go-live (the day itself is 0), and what stands beside them: people who
    used the platform, notes of the floor-walkers, tickets opened again, failures nobody reported.
    """

    day: int
    tickets: int
    active_users: int | None = None
    floor_notes: int | None = None
    reopened: int | None = None
    silent_failures: int | None = None

    def __post_init__(self) -> None:
        beside = (self.active_users, self.floor_notes, self.reopened, self.silent_failures)
        if min(self.day, self.tickets, *(each for each in beside if each is not None)) < 0:
            raise ValueError("no count is negative, and nothing is counted before go-live")
        if self.reopened is not None and self.reopened > self.tickets:
            raise ValueError("no more tickets are opened again than there are")


@dataclass(frozen=True, slots=True)
class TicketLog:
    """The tickets of an organisation day by day, and how many use the platform there."""

    users: int
    days: tuple[TicketDay, ...] = ()

    def __post_init__(self) -> None:
        if self.users <= 0:
            raise ValueError("somebody uses the platform")

    def with_day(self, day: TicketDay, users: int) -> TicketLog:
        """The same with this day in place of the one that was counted, days in order."""
        others = [each for each in self.days if each.day != day.day]
        return TicketLog(users, tuple(sorted([*others, day], key=lambda each: each.day)))


PROGRAMME: Kind[Programme] = Kind("rollout-programme", Programme, frozenset({Duty.ROLL_OUT}))
READINESS: Kind[Readiness] = Kind("rollout-readiness", Readiness, frozenset({Duty.ROLL_OUT}))
CONCERNS: Kind[Concerns] = Kind("rollout-concerns", Concerns, frozenset({Duty.ROLL_OUT}))
MIGRATION: Kind[Migration] = Kind("rollout-migration", Migration, frozenset({Duty.ROLL_OUT}))
TICKETS: Kind[TicketLog] = Kind("rollout-tickets", TicketLog, frozenset({Duty.ROLL_OUT}))
THE_PROGRAMME = "region"
"""The key of the one programme of an installation."""

__all__ = [
    "CONCERNS",
    "MIGRATION",
    "PROGRAMME",
    "READINESS",
    "THE_PROGRAMME",
    "TICKETS",
    "Concerns",
    "Migration",
    "Readiness",
    "TicketDay",
    "TicketLog",
]
