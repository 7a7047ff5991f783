"""A closed finding opens again by a figure: each night the published course of what it watches is looked at.

Only months that began after it was closed count, and only those that are over. It opens once: an open
finding is not looked at, and when it is closed anew, earlier months count no more. Killed anywhere, the
next look finds the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction

from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import PreconditionFailed
from fellesjournal.foundation import clock
from fellesjournal.leadership.decisions.assumptions import CHART_LEAST, CHART_MONTHS
from fellesjournal.leadership.decisions.findings import By, Finding, Seen, State, Watch, recurred
from fellesjournal.leadership.decisions.structure import REVIEWS
from fellesjournal.leadership.documents.actions import save
from fellesjournal.leadership.documents.queries import all_standing, standing
from fellesjournal.leadership.figures.courses import Course
from fellesjournal.leadership.figures.result import Figure, Status
from fellesjournal.leadership.figures.signals import xmr

CourseOf = Callable[[Session, str, str, int], Course | None]
"""The published course of an indicator (its id) for an organisation, of so many months."""
MONTHS = int(CHART_MONTHS.value)


def reopen(session: Session, course_of: CourseOf) -> None:
    """Open each closed finding whose figure shows it again."""
    for review in all_standing(session, REVIEWS):
        for place, finding in enumerate(review.body.findings):
            seen = _shown_again(session, finding, course_of)
            if seen is not None:
                _open(session, review.key, place, seen)


def again(watch: Watch, closed: date, course: Course) -> tuple[Figure, Fraction] | None:
    """The first whole month since a day that is worse than the rule allows, and the limit that it is
    beyond; None when there is none.
    """
    told = [each for each in course.figures if each.status is Status.FINAL]
    for at, figure in enumerate(told):
        if figure.period.start < closed or figure.value is None:
            continue
        limit = _limit(watch, figure, told[:at], up_is_better=course.up_is_better)
        if limit is None:
            continue
        is_worse = figure.value < limit if course.up_is_better else figure.value > limit
        if is_worse:
            return figure, limit
    return None


def _limit(
    watch: Watch, figure: Figure, before: Sequence[Figure], *, up_is_better: bool
) -> Fraction | None:
    """What the month is held against; None when nothing can be said of it."""
    if watch.by is By.LIMIT:
        return watch.limit if figure.definition.hash == watch.definition else None
    values = [
        float(each.value)
        for each in before
        if each.value is not None and each.definition == figure.definition
    ]
    if len(values) < int(CHART_LEAST.value):
        return None
    chart = xmr(values)
    return Fraction(chart.low if up_is_better else chart.high).limit_denominator(10**6)


def _shown_again(session: Session, finding: Finding, course_of: CourseOf) -> Seen | None:
    watch, closed_at = finding.watch, finding.closed_at
    if watch is None or closed_at is None:
        return None
    day = closed_at.astimezone(clock.NORWAY).date()
    for unit in finding.addressed_to:
        course = course_of(session, watch.indicator, unit, MONTHS)
        found = None if course is None else again(watch, day, course)
        if found is not None and (value := found[0].value) is not None:
            figure, beyond = found
            return Seen(
                watch.indicator, unit, figure.period.start, figure.period.end, value, beyond,
                watch.by, figure.definition.hash, figure.data_cut,
            )  # fmt: skip
    return None


def _open(session: Session, key: str, place: int, seen: Seen) -> None:
    """A new version with the figure in its trail, unless somebody has changed the finding meanwhile."""
    stands = standing(session, REVIEWS, key)
    finding = stands.body.findings[place]
    after = recurred(finding, indicator=seen.indicator, at=clock.now(), figure=seen)
    if after.state is not State.REOPENED or after == finding:
        return
    several = (*stands.body.findings[:place], after, *stands.body.findings[place + 1 :])
    body = stands.body.with_findings(several)
    try:
        save(
            session, REVIEWS, key=key, body=body, seen=stands.version, reason="recurred by a figure"
        )
    except PreconditionFailed:
        return  # saved in the same moment: looked at again the next time


__all__ = ["CourseOf", "again", "reopen"]
