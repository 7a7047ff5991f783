"""Migration balances and samples."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.leadership.rollout.migration import (
    Excluded,
    Job,
    Manual,
    ManualItem,
    ManualList,
    Mode,
    Source,
    balanced,
    error_bound,
    sample_size,
)

JOB = Job(
    Source.NURSING_AND_CARE,
    "notes",
    Mode.AUTO,
    10_000,
    9870,
    90,
    (Excluded("older than the law asks for", 30), Excluded("test people", 10)),
)


def test_v_mig_ten_thousand_are_all_accounted_for() -> None:
    assert JOB.source_count == 9870 + 90 + 40
    assert (JOB.left_out, JOB.unaccounted, JOB.balances) == (40, 0, True)


@pytest.mark.parametrize(("loaded", "unaccounted"), [(9869, 1), (9871, -1)])
def test_one_lost_or_one_too_many_breaks_the_balance(loaded: int, unaccounted: int) -> None:
    job = replace(JOB, loaded=loaded)
    assert (job.unaccounted, job.balances) == (unaccounted, False)
    assert not balanced([JOB, job])
    assert balanced([JOB])
    assert not balanced([])


def test_the_same_count_of_other_things_does_not_balance() -> None:
    assert replace(JOB, checksum="a1", checksum_found="a1").balances
    assert not replace(JOB, checksum="a1", checksum_found="b2").balances


def test_v_mig_sample_sizes() -> None:
    assert sample_size(0.05) == 59
    assert round(0.95**59, 4) == 0.0485
    assert sample_size(0.01) == 299
    assert round(0.99**299, 4) == 0.0495
    assert error_bound(59, 0) < 0.05 < error_bound(58, 0)
    assert error_bound(299, 0) < 0.01 < error_bound(298, 0)


def test_a_sample_with_errors_rules_out_less() -> None:
    assert error_bound(59, 0) < error_bound(59, 1) < error_bound(59, 2)
    assert error_bound(5, 5) == 1
    # P(X <= 1 | n = 10, p) = 0.05: tables of Clopper and Pearson give 0.3942
    assert round(error_bound(10, 1), 4) == 0.3942


@given(st.floats(0.001, 0.5), st.floats(0.5, 0.999))
def test_the_sample_is_the_smallest_that_rules_a_share_out(margin: float, sure: float) -> None:
    n = sample_size(margin, sure)
    assert (1 - margin) ** n <= 1 - sure
    assert n == 1 or (1 - margin) ** (n - 1) > 1 - sure


def test_a_job_tells_its_sample_and_looks_at_all_when_there_are_few() -> None:
    sampled = replace(JOB, sample_n=59)
    margin, sure = Decimal("0.05"), Decimal("0.95")
    assert sampled.sample_wanted(margin, sure) == 59
    bound = sampled.error_bound(sure)
    assert bound is not None
    assert bound < 0.05
    assert JOB.error_bound(sure) is None
    few = replace(JOB, source_count=20, loaded=20, rejected=0, excluded=())
    assert few.sample_wanted(margin, sure) == 20


@pytest.mark.parametrize(
    "change", [{"loaded": -1}, {"sample_n": 5, "sample_errors": 6}, {"sample_n": 10_001}]
)
def test_impossible_counts_are_refused(change: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"a count|a sample"):
        Job(
            **{  # type: ignore[arg-type] # counts by name
                "source": Source.PHYSIOTHERAPY,
                "object_type": "notes",
                "mode": Mode.AUTO,
                "source_count": 10_000,
                "loaded": 10_000,
                "rejected": 0,
                **change,
            }
        )
    with pytest.raises(ValueError, match="no sample"):
        error_bound(0, 0)


def test_what_is_moved_by_hand_is_ordered_by_risk_and_signed_after_two_people() -> None:
    items = (
        ManualItem("1", Manual.DECISIONS, "Kari", "Ola"),
        ManualItem("2", Manual.MEDICINES, "Kari", "Kari"),
        ManualItem("3", Manual.ALLERGIES, "Kari"),
    )
    by_hand = ManualList("home care", items)
    assert [item.kind for item in by_hand.in_order] == [
        Manual.MEDICINES,
        Manual.ALLERGIES,
        Manual.DECISIONS,
    ]
    assert [item.id for item in by_hand.unchecked] == ["2", "3"]
    now = datetime(2022, 11, 1, tzinfo=UTC)
    with pytest.raises(ValueError, match="two people"):
        replace(by_hand, signed_by="Anne", signed_at=now)
    checked = tuple(replace(item, checked_by="Ola") for item in items)
    assert replace(by_hand, items=checked, signed_by="Anne", signed_at=now).unchecked == ()
    with pytest.raises(ValueError, match="a name and a time"):
        replace(by_hand, items=checked, signed_by="Anne")
