"""Findings of reviews from outside: answered, put right, seen by a second person, and open again
when what was found comes back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from fellesjournal.leadership.decisions.refusals import Refused, Why


class ReviewStatus(StrEnum):
    """How far a review has come."""

    ANNOUNCED = "announced"
    ONGOING = "ongoing"
    PUBLISHED = "published"


class State(StrEnum):
    """Where a finding stands."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"
    REOPENED = "reopened"


class Act(StrEnum):
    """What is done with a finding."""

    ANSWER = "answer"
    CLOSE = "close"
    RECUR = "recur"


FOLLOWS: dict[State, dict[Act, State]] = {
    State.OPEN: {Act.ANSWER: State.ANSWERED},
    State.ANSWERED: {Act.ANSWER: State.ANSWERED, Act.CLOSE: State.CLOSED},
    State.CLOSED: {Act.RECUR: State.REOPENED},
    State.REOPENED: {Act.ANSWER: State.ANSWERED},
}
"""Which act leads from which state to which; what does not stand here is refused."""


class Severity(StrEnum):
    """How serious a finding is."""

    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


class By(StrEnum):
    """What tells that it has come back."""

    LIMIT = "limit"
    SIGNAL = "signal"
    """A month outside the limits of the control chart of the months before it, on the worse side."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Which figure of those it is addressed to opens a closed finding. ``limit`` is in the unit of the
    indicator (a share is 0 to 1), and what is worse than it; ``definition`` the hash of what it was
    set for: of another definition the limit says nothing.
    """

    indicator: str
    by: By
    limit: Fraction | None = None
    definition: str = ""

    def __post_init__(self) -> None:
        if (self.by is By.LIMIT) != (self.limit is not None):
            raise ValueError("a limit has a number, a signal has none")


@dataclass(frozen=True, slots=True)
class Seen:
    """The figure that opened a finding: of whom and when, its value, beyond which limit, by which
    definition, and up to when the record was seen.
    """

    indicator: str
    unit: str
    starts: date
    ends: date
    value: Fraction
    beyond: Fraction
    by: By
    definition: str
    data_cut: datetime


@dataclass(frozen=True, slots=True)
class Happened:
    """One step in the life of a finding: nothing that was said is lost when it opens again."""

    act: Act
    by: str
    at: datetime
    text: str
    evidence: tuple[str, ...] = ()
    figure: Seen | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a review found. ``indicators``: ids of those that would show it coming back."""

    text: str
    severity: Severity
    addressed_to: tuple[str, ...]
    state: State = State.OPEN
    indicators: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    trail: tuple[Happened, ...] = ()
    watch: Watch | None = None
    """Which figure opens it again by itself; said when it is closed."""

    def __post_init__(self) -> None:
        if not self.text.strip() or not self.addressed_to:
            raise ValueError("a finding says something, to somebody")

    @property
    def answer(self) -> Happened | None:
        """The last answer."""
        return next((each for each in reversed(self.trail) if each.act is Act.ANSWER), None)

    @property
    def closed_at(self) -> datetime | None:
        """When it was closed; None for one that is not."""
        return self.trail[-1].at if self.state is State.CLOSED and self.trail else None


@dataclass(frozen=True, slots=True)
class Review:
    """A review by a body from outside; date and status None when its source does not say."""

    body: str
    title: str
    date: date | None
    status: ReviewStatus | None
    findings: tuple[Finding, ...] = ()

    def __post_init__(self) -> None:
        if self.findings and self.status is ReviewStatus.ANNOUNCED:
            raise ValueError("a review that is announced has found nothing yet")

    def with_findings(self, findings: tuple[Finding, ...]) -> Review:
        """The same review with these findings."""
        return replace(self, findings=findings)


def answered(finding: Finding, *, text: str, by: str, at: datetime) -> Finding:
    """With the answer of those it is addressed to. Raises Refused when it is closed."""
    if not text.strip():
        raise Refused(Why.REASON_MISSING, "say what is done about it")
    return _after(finding, Happened(Act.ANSWER, by, at, text.strip()))


def closed(
    finding: Finding,
    *,
    evidence: tuple[str, ...],
    by: str,
    at: datetime,
    text: str = "",
    watch: Watch | None = None,
) -> Finding:
    """Put right, as a second person has seen by the evidence; ``watch``: what would open it again.

    Raises Refused without an answer, without evidence, and for whoever gave the answer; ValueError when
    the figure to watch is not linked to it.
    """
    happened = Happened(Act.CLOSE, by, at, text, tuple(each for each in evidence if each.strip()))
    after = _after(finding, happened)
    if not happened.evidence:
        raise Refused(Why.EVIDENCE_MISSING, "a finding is closed by evidence")
    if not by or any(each.by == by for each in _since_open(finding) if each.act is Act.ANSWER):
        raise Refused(Why.SECOND_PERSON, "somebody else than who answered closes it")
    if watch is not None and watch.indicator not in finding.indicators:
        raise ValueError("only a figure that is linked to a finding opens it")
    return replace(after, watch=watch)


def recurred(
    finding: Finding, *, indicator: str, at: datetime, figure: Seen | None = None
) -> Finding:
    """What an indicator that is linked to it shows again: a closed finding opens, others are as they
    were. An indicator that is not linked changes nothing. ``figure``: what showed it, where no person did.
    """
    if finding.state is not State.CLOSED or indicator not in finding.indicators:
        return finding
    return _after(finding, Happened(Act.RECUR, "", at, indicator, figure=figure))


def to_answer(reviews: Iterable[Review], actor: str) -> list[tuple[Review, Finding]]:
    """Findings that an organisation has to answer, the most serious first."""
    weight = list(Severity)
    found = [
        (review, finding)
        for review in reviews
        for finding in review.findings
        if actor in finding.addressed_to and finding.state in {State.OPEN, State.REOPENED}
    ]
    return sorted(found, key=lambda row: -weight.index(row[1].severity))


def _since_open(finding: Finding) -> tuple[Happened, ...]:
    """What happened since it was opened last."""
    start = max(
        (place for place, each in enumerate(finding.trail) if each.act is Act.RECUR), default=-1
    )
    return finding.trail[start + 1 :]


def _after(finding: Finding, happened: Happened) -> Finding:
    state = FOLLOWS[finding.state].get(happened.act)
    if state is None:
        raise Refused(Why.STATE, f"a finding that is {finding.state} has no {happened.act}")
    return replace(finding, state=state, trail=(*finding.trail, happened))


REVIEWS = (
    Review("External evaluation", "Delays", None, None),
    Review("Board of Health Supervision", "", None, None),
    Review("Radiation and Nuclear Safety Authority", "", None, None),
    Review("Auditor General", "Hospital ICT", None, None),
    Review("Labour Inspection Authority", "", None, ReviewStatus.ANNOUNCED),
    Review("Auditor General, Trondheim municipal audit", "", None, ReviewStatus.ANNOUNCED),
)
"""As listed in «Arena Trøndelag», Helse Midt-Norge RHF, 23 November 2023, which gives no findings."""

__all__ = [
    "FOLLOWS", "REVIEWS", "Act", "By", "Finding", "Happened", "Review", "ReviewStatus", "Seen",
    "Severity", "State", "Watch", "answered", "closed", "recurred", "to_answer",
]  # fmt: skip
