"""Choosing benefits: the vectors of the management specification, and laws that hold for all."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.leadership.benefits.selection import (
    LIMITS,
    Candidate,
    Criterion,
    Listed,
    Score,
    considered,
    front,
)


def _one(name: str, *scores: tuple[int, int, int]) -> Candidate:
    return Candidate(name, tuple(Score(*each) for each in scores))


V_SEL = [
    _one("P", (4, 2, 5)), _one("Q", (3, 3, 4)), _one("R", (5, 4, 3)), _one("S", (2, 1, 4)),
    _one("T", (5, 1, 2)),
]  # fmt: skip


def test_v_sel_priority_gate_front_and_order() -> None:
    p, q, r, s, t = V_SEL
    assert [each.priority for each in (p, q, r, s)] == [10, 4, Fraction(15, 4), 8]
    assert [each.id for each in considered(V_SEL)] == ["P", "S", "Q", "R"]
    assert {each.id for each in front(V_SEL)} == {"P", "R", "S"}
    assert [each.id for each in V_SEL if LIMITS.is_low_hanging(each)] == ["P"]
    assert not LIMITS.lets_through(t)


def test_several_scorers_count_by_their_median_and_disagreement_is_discussed() -> None:
    found = _one("X", (1, 2, 3), (4, 2, 4), (5, 3, 5))
    assert [found.size, found.difficulty, found.fit] == [4, 2, 4]
    assert found.spread == 4
    assert LIMITS.is_to_be_discussed(found)
    assert not LIMITS.is_to_be_discussed(_one("Y", (3, 3, 3), (4, 3, 3)))
    assert _one("Z", (3, 3, 3), (4, 3, 3)).size == Fraction(7, 2)


def test_what_misses_a_criterion_is_not_listed() -> None:
    met, missed = Criterion(is_met=True), Criterion(is_met=False, reason="only here")
    assert Listed(met, met, met).is_listed
    assert not Listed(met, missed, met).is_listed
    assert considered([Candidate("P", (Score(4, 2, 5),), is_listed=False)]) == []


def test_what_is_no_score_is_refused() -> None:
    with pytest.raises(ValueError, match="1 to 5"):
        Score(0, 1, 1)
    with pytest.raises(ValueError, match="no score"):
        Candidate("X", ())


SCORES = st.builds(Score, *[st.integers(1, 5)] * 3)
CANDIDATES = st.lists(
    st.builds(
        Candidate, st.text("ABCDEF", min_size=1, max_size=3),
        st.lists(SCORES, min_size=1, max_size=4).map(tuple),
    ),
    max_size=8, unique_by=lambda each: each.id,
)  # fmt: skip


@given(CANDIDATES)
def test_whatever_is_not_on_the_front_is_beaten_by_something_on_it(found: list[Candidate]) -> None:
    through, best = considered(found), front(found)
    assert bool(through) == bool(best)
    for each in through:
        is_beaten = any(
            other.size >= each.size and other.fit >= each.fit and other.difficulty <= each.difficulty
            and (other.size, other.fit, other.difficulty) != (each.size, each.fit, each.difficulty)
            for other in best
        )  # fmt: skip
        assert is_beaten != (each in best)


@given(CANDIDATES, st.randoms())
def test_the_order_does_not_depend_on_who_was_entered_first(
    found: list[Candidate], chance: object
) -> None:
    shuffled = list(found)
    getattr(chance, "shuffle")(shuffled)  # noqa: B009 - hypothesis hands over a random.Random
    assert considered(found) == considered(shuffled)
