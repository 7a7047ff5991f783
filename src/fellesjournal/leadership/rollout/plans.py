"""The plan of one organisation, and how far the plans have come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from fellesjournal.leadership.rollout.findings import Code, Finding, Severity, finding
from fellesjournal.leadership.rollout.waves import Wave


class PlanStatus(StrEnum):
    """How far an organisation has come, as it says itself. Several may be true of one."""

    UNKNOWN = "unknown"
    CONSIDERING = "considering"
    PLANS_TO_DECIDE = "plans-to-decide"
    PREPARING = "preparing"
    DECIDED = "decided"
    LIVE = "live"


class MilestoneType(StrEnum):
    """Dates of a plan that rules speak of."""

    PREPROJECT_AGREEMENT = "preproject-agreement"
    PROJECT_START = "project-start"
    COUNCIL_REPORT = "council-report"
    OPTION_SIGNED = "option-signed"


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of an organisation. ``wave`` is an id; ``own_date`` its go-live where it isn't the one
    of the wave. ``date_assumed`` tells that no source gives that date.
    """

    actor: str
    wave: str
    option_signed: date | None = None
    preproject_agreement: date | None = None
    project_start: date | None = None
    council_report: date | None = None
    own_date: date | None = None
    date_assumed: bool = False
    status: PlanStatus = PlanStatus.UNKNOWN

    def go_live(self, wave: Wave) -> date:
        """The day it goes live in this wave."""
        return self.own_date or wave.go_live

    def done(self, milestone: MilestoneType) -> date | None:
        """When a milestone was reached, None when it wasn't."""
        return {
            MilestoneType.PREPROJECT_AGREEMENT: self.preproject_agreement,
            MilestoneType.PROJECT_START: self.project_start,
            MilestoneType.COUNCIL_REPORT: self.council_report,
            MilestoneType.OPTION_SIGNED: self.option_signed,
        }[milestone]

    def with_date(self, day: date | None) -> Plan:
        """The same plan with another go-live of its own."""
        return replace(self, own_date=day)


class NotAPartition(ValueError):
    """Groups that may share members are not added up."""


@dataclass(frozen=True, slots=True)
class Group:
    """How many were said to be something, in a source that does not say who."""

    label: str
    count: int


@dataclass(frozen=True, slots=True)
class StatusReport:
    """Counts of a day. ``apart`` holds labels of which no organisation is in two."""

    day: date
    source: str
    groups: tuple[Group, ...]
    apart: tuple[str, ...] = ()

    def __getitem__(self, label: str) -> int:
        return {group.label: group.count for group in self.groups}[label]

    def total(self, *labels: str) -> int:
        """The organisations of several groups. Raises NotAPartition unless they are known to be
        apart: a sum would count some twice.
        """
        unsure = [label for label in labels if label not in self.apart]
        if len(set(labels)) != len(labels) or (len(labels) > 1 and unsure):
            raise NotAPartition(f"{', '.join(labels)} may share organisations")
        return sum(self[label] for label in labels)

    def at_least_outside(self, label: str, other: str) -> int:
        """How many of one group can't be in the other, however much they share."""
        return max(0, self[label] - self[other])

    def findings(self) -> tuple[Finding, ...]:
        """Pairs of groups that must not be added, with what can be said of them."""
        return tuple(
            finding(
                Code.NOT_A_PARTITION,
                first.label,
                Severity.TOLD,
                other=second.label,
                outside=self.at_least_outside(first.label, second.label),
            )
            for first in self.groups
            for second in self.groups
            if first.count > second.count and not {first.label, second.label} <= set(self.apart)
        )


def of_wave(plans: Iterable[Plan], wave: Wave) -> tuple[Plan, ...]:
    """The plans that are in a wave, under any of its names."""
    return tuple(plan for plan in plans if plan.wave.casefold() in wave.names)


__all__ = [
    "Group",
    "MilestoneType",
    "NotAPartition",
    "Plan",
    "PlanStatus",
    "StatusReport",
    "of_wave",
]
