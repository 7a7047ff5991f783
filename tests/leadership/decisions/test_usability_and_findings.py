"""The queue of usability, and findings of reviews from outside."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.leadership.decisions import findings, usability
from fellesjournal.leadership.decisions.assumptions import ASSUMPTIONS
from fellesjournal.leadership.decisions.findings import (
    REVIEWS,
    Act,
    Finding,
    Review,
    ReviewStatus,
    Severity,
    State,
    answered,
    recurred,
    to_answer,
)
from fellesjournal.leadership.decisions.refusals import Why
from fellesjournal.leadership.decisions.usability import (
    Fix,
    Means,
    Measured,
    Reach,
    Route,
    Source,
    UsabilityIssue,
    hours_won,
    ranked,
    route_of,
)
from tests.leadership.decisions.refusing import refused

ISSUE = UsabilityIssue(
    "u1", "Sign a note", 400, Decimal(6), 220, Decimal(15), 0, Source.TICKET, Fix.CONFIG,
    Decimal(10), Reach.LOCAL,
)  # fmt: skip
AT = datetime(2026, 3, 1, tzinfo=UTC)


def test_v_use_hours_a_year_and_by_day_of_effort() -> None:
    assert ISSUE.hours_a_year == 2200
    assert ISSUE.hours_a_day_of_effort == 220


def test_what_may_harm_somebody_comes_before_all_hours() -> None:
    unsafe = replace(ISSUE, key="u2", safety=3, seconds_lost=Decimal(0))
    worst = replace(unsafe, key="u3", safety=4)
    less = replace(ISSUE, key="u4", effort_days=Decimal(20), safety=2)
    found = [issue.key for issue, _ in ranked([ISSUE, less, unsafe, worst])]
    assert found == ["u3", "u2", "u1", "u4"]
    assert [issue.key for issue, _ in ranked([ISSUE, unsafe], safety_first=4)] == ["u1", "u2"]


def test_what_is_told_twice_is_not_lost_twice() -> None:
    same = [
        replace(ISSUE, key="u2", duplicate_group="sign", users=100, safety=4),
        replace(ISSUE, key="u3", duplicate_group="sign"),
        replace(ISSUE, key="u4"),
    ]
    found = ranked(same)
    assert [(first.key, [each.key for each in rest]) for first, rest in found] == [
        ("u3", ["u2"]), ("u4", []),
    ]  # fmt: skip


def test_a_local_builder_changes_what_is_local_and_nothing_that_others_use() -> None:
    assert route_of(ISSUE, is_certified_builder=True) is Route.CHANGE
    with refused(Why.NO_MANDATE):
        route_of(ISSUE, is_certified_builder=False)
    shared = replace(ISSUE, reach=Reach.SHARED)
    assert route_of(shared, is_certified_builder=True) is Route.CASE


def test_an_issue_is_closed_by_a_measurement_that_is_better() -> None:
    with refused(Why.MEASURE_MISSING):
        usability.closed(ISSUE, None)
    with refused(Why.EVIDENCE_MISSING):
        usability.closed(ISSUE, Measured(Means.TIMING, Decimal(15), Decimal(15)))
    with refused(Why.EVIDENCE_MISSING):
        usability.closed(ISSUE, Measured(Means.SCORE, Decimal(70), Decimal(60)))
    done = usability.closed(ISSUE, Measured(Means.TIMING, Decimal(15), Decimal(5)))
    assert done.closed
    assert ranked([done]) == []
    assert hours_won(done) == Fraction(2200) * 10 / 15
    scored = usability.closed(ISSUE, Measured(Means.SCORE, Decimal(60), Decimal(70)))
    assert hours_won(scored) is None
    assert hours_won(ISSUE) is None


def test_what_can_not_be_is_refused() -> None:
    with pytest.raises(ValueError, match="effort"):
        replace(ISSUE, effort_days=Decimal(0))
    with pytest.raises(ValueError, match="safety class"):
        replace(ISSUE, safety=5)
    with pytest.raises(ValueError, match="never negative"):
        replace(ISSUE, seconds_lost=Decimal(-1))


_issues = st.lists(
    st.builds(
        replace, st.just(ISSUE), key=st.uuids().map(str), safety=st.integers(0, 4),
        users=st.integers(0, 500), effort_days=st.decimals("0.5", 50, places=1),
        duplicate_group=st.sampled_from(["", "", "a", "b"]),
    ),
    max_size=12,
)  # fmt: skip


@given(_issues)
def test_the_queue_holds_each_issue_once_and_keeps_its_order(
    issues: list[UsabilityIssue],
) -> None:
    found = ranked(issues)
    told = [each for first, rest in found for each in (first, *rest)]
    assert sorted(each.key for each in told) == sorted(each.key for each in issues)
    worst = [max(each.safety for each in (first, *rest)) for first, rest in found]
    classes = [each if each >= 3 else 0 for each in worst]
    assert classes == sorted(classes, reverse=True)
    later = [first for (first, _), unsafe in zip(found, classes, strict=True) if not unsafe]
    gains = [each.hours_a_day_of_effort for each in later]
    assert gains == sorted(gains, reverse=True)


FINDING = Finding(
    "Letters did not arrive", Severity.CRITICAL, ("Organization/roros",), indicators=("S3",)
)


def test_a_finding_is_closed_by_evidence_and_a_second_person() -> None:
    with refused(Why.STATE):
        findings.closed(FINDING, evidence=("Report",), by="p2", at=AT)
    said = answered(FINDING, text="Reconciled every night", by="p1", at=AT)
    with refused(Why.EVIDENCE_MISSING):
        findings.closed(said, evidence=(" ",), by="p2", at=AT)
    for same in ("p1", ""):
        with refused(Why.SECOND_PERSON):
            findings.closed(said, evidence=("Report",), by=same, at=AT)
    done = findings.closed(said, evidence=("Report",), by="p2", at=AT)
    assert done.state is State.CLOSED
    with refused(Why.STATE):
        answered(done, text="More", by="p1", at=AT)
    with refused(Why.REASON_MISSING):
        answered(FINDING, text=" ", by="p1", at=AT)


def test_whoever_gave_any_of_the_answers_is_no_second_person() -> None:
    said = answered(FINDING, text="First", by="p1", at=AT)
    said = answered(said, text="Second", by="p2", at=AT)
    assert said.answer is not None
    assert said.answer.text == "Second"
    with refused(Why.SECOND_PERSON):
        findings.closed(said, evidence=("Report",), by="p1", at=AT)


def test_a_closed_finding_opens_again_when_its_indicator_shows_it() -> None:
    said = answered(FINDING, text="Reconciled", by="p1", at=AT)
    done = findings.closed(said, evidence=("Report",), by="p2", at=AT)
    assert recurred(done, indicator="S4", at=AT) is done
    assert recurred(said, indicator="S3", at=AT) is said
    again = recurred(done, indicator="S3", at=AT)
    assert again.state is State.REOPENED
    assert [each.act for each in again.trail] == [Act.ANSWER, Act.CLOSE, Act.RECUR]
    with refused(Why.STATE):
        findings.closed(again, evidence=("Report",), by="p2", at=AT)
    # who closed it last time may answer, who answered last time may see that it works
    said = answered(again, text="Alarm", by="p2", at=AT)
    assert findings.closed(said, evidence=("Log",), by="p1", at=AT).state is State.CLOSED


def test_what_is_to_be_answered_stands_with_the_worst_first() -> None:
    review = Review(
        "Board of Health Supervision", "", None, ReviewStatus.PUBLISHED,
        (replace(FINDING, severity=Severity.MINOR), FINDING, replace(FINDING, addressed_to=("x",))),
    )  # fmt: skip
    found = to_answer([review], "Organization/roros")
    assert [finding.severity for _, finding in found] == [Severity.CRITICAL, Severity.MINOR]
    said = replace(review, findings=(answered(FINDING, text="So", by="p", at=AT),))
    assert to_answer([said], "Organization/roros") == []
    assert msgspec.json.decode(msgspec.json.encode(said), type=Review) == said


def test_the_reviews_of_the_source_are_there_and_two_are_announced() -> None:
    assert len(REVIEWS) == 6
    assert sum(each.status is ReviewStatus.ANNOUNCED for each in REVIEWS) == 2
    assert not any(each.findings for each in REVIEWS)
    with pytest.raises(ValueError, match="found nothing yet"):
        Review("b", "t", None, ReviewStatus.ANNOUNCED, (FINDING,))
    with pytest.raises(ValueError, match="says something"):
        Finding("t", Severity.MINOR, ())


def test_every_assumption_has_a_reason_and_a_key_of_its_own() -> None:
    assert len({each.key for each in ASSUMPTIONS}) == len(ASSUMPTIONS)
    assert all(each.reason and each.title for each in ASSUMPTIONS)
