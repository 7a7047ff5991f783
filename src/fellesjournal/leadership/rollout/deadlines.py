"""Date rules as data: how long before go-live something must have been done.

Months are not reversible, so each rule says from which side they are counted: a start plus its
months must reach no further than go-live, or the deadline is the go-live less its months.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fellesjournal.leadership.figures.times import add_months
from fellesjournal.leadership.rollout.findings import Code, Finding, Severity, finding
from fellesjournal.leadership.rollout.plans import MilestoneType, Plan
from fellesjournal.leadership.rollout.waves import ActorKind, Wave


class Side(StrEnum):
    """From where the months of a rule are counted."""

    START = "start"
    GO_LIVE = "go-live"


@dataclass(frozen=True, slots=True)
class DateRule:
    """``milestone`` at least so many calendar months before go-live, for these kinds of organisation."""

    id: str
    milestone: MilestoneType
    months: int
    counted_from: Side
    source: str = ""
    applies_to: tuple[ActorKind, ...] = (ActorKind.MUNICIPALITY,)

    def __post_init__(self) -> None:
        if self.months < 0:
            raise ValueError(f"{self.id}: months before go-live are not negative")

    def latest(self, go_live: date) -> date:
        """The last day on which it may be done for this go-live."""
        day = add_months(go_live, -self.months)
        if self.counted_from is Side.GO_LIVE:
            return day
        last = _last_of_month(day)  # 31 July + 19 months is 28 February too
        return last if add_months(last, self.months) <= go_live else day

    def earliest_go_live(self, done: date) -> date:
        """The first day that may be a go-live when it was done on this day."""
        day = add_months(done, self.months)
        if self.counted_from is Side.START or self.latest(day) >= done:
            return day
        return _first_of_next_month(day)


@dataclass(frozen=True, slots=True)
class Deadline:
    """One rule for one plan: the last day, and the day it was done (None: not yet)."""

    rule: DateRule
    due: date
    done: date | None

    @property
    def days_late(self) -> int:
        """By how many days it was missed; 0 when it was met, or when nothing was done so far."""
        return max(0, (self.done - self.due).days) if self.done else 0

    @property
    def months_late(self) -> int:
        """By how many calendar months, begun ones counted."""
        return months_after(self.due, self.done) if self.done else 0

    def is_missed(self, today: date) -> bool:
        """Whether it was done too late, or has passed without."""
        return (self.done or today) > self.due


def months_after(due: date, done: date) -> int:
    """The fewest whole months by which a day has to come earlier to be in time."""
    months = max(0, (done.year - due.year) * 12 + done.month - due.month - 1)
    while add_months(done, -months) > due:
        months += 1
    return months


def deadlines_of(
    plan: Plan, wave: Wave, rules: tuple[DateRule, ...], told: tuple[Deadline, ...] = ()
) -> tuple[Deadline, ...]:
    """The deadlines of a plan in the order of the rules. One that was ``told`` before holds when it is
    the later one.
    """
    before = {deadline.rule.id: deadline.due for deadline in told}
    go_live = plan.go_live(wave)
    return tuple(
        Deadline(
            rule,
            max(rule.latest(go_live), before.get(rule.id, date.min)),
            plan.done(rule.milestone),
        )
        for rule in rules
    )


def violations(
    actor_name: str, deadlines: tuple[Deadline, ...], today: date, go_live: date
) -> tuple[Finding, ...]:
    """The deadlines that were missed, each with what it would have taken. After go-live, a date that
    isn't known is only told.
    """
    return tuple(
        _violation(actor_name, deadline, today, go_live)
        for deadline in deadlines
        if deadline.is_missed(today)
    )


def _violation(name: str, deadline: Deadline, today: date, go_live: date) -> Finding:
    rule, done = deadline.rule, deadline.done or today
    if deadline.done is None and today >= go_live:
        return finding(
            Code.NO_DATE,
            name,
            Severity.LOOK,
            rule=rule.id,
            milestone=rule.milestone.value,
            due=deadline.due,
        )
    return finding(
        Code.LATE if deadline.done else Code.LATE_AND_OPEN,
        name,
        rule=rule.id,
        milestone=rule.milestone.value,
        months=rule.months,
        due=deadline.due,
        done=done,
        days=(done - deadline.due).days,
        months_late=months_after(deadline.due, done),
        earliest=rule.earliest_go_live(done),
        go_live=go_live,
    )


def _last_of_month(day: date) -> date:
    return add_months(date(day.year, 1, 31), day.month - 1)


def _first_of_next_month(day: date) -> date:
    return add_months(day.replace(day=1), 1)


__all__ = ["DateRule", "Deadline", "Side", "deadlines_of", "months_after", "violations"]
