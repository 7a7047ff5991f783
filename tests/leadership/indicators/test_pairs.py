"""Who sends to whom: counts of pairs, coverage, and that no hidden pair can be worked out."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.care.messages.states import State
from fellesjournal.demo.cast import STAFF
from fellesjournal.foundation import clock
from fellesjournal.leadership.figures.suppression import RULE
from fellesjournal.leadership.indicators.asking import Side
from fellesjournal.leadership.indicators.coverage import both_by_chance
from fellesjournal.leadership.indicators.pairs import (
    COVERAGE,
    NONE,
    Pair,
    Sums,
    Told,
    close_together,
    decided,
    whole_of,
)
from fellesjournal.leadership.indicators.parts import FIGURE, Hidden, Part, parts_of
from fellesjournal.leadership.indicators.sa4 import SA4
from tests.leadership.indicators.attacking import Attack
from tests.leadership.indicators.records import load, person, sent, unit
from tests.leadership.indicators.views import flatten_all
from tests.signing_in import staff_client
from tests.surfaces.statements import counted

LEADER = next(member for member in STAFF if member.role == "unit-leader")
PAGE = "leaders-interaction"
MINUTE = timedelta(minutes=1)


def test_v_coverage_15_of_27_and_both_ends_by_chance() -> None:
    assert round(float(Fraction(15, 27)), 3) == 0.556
    assert both_by_chance(Fraction(7, 10)) == Fraction(49, 100)


_CELLS = st.integers(0, 12).flatmap(lambda d: st.tuples(st.integers(0, d), st.just(d)))


@given(
    st.dictionaries(st.tuples(st.integers(1, 4), st.integers(1, 4)), _CELLS, max_size=12),
    st.sets(st.integers(1, 4)), st.sets(st.integers(1, 4)),
)  # fmt: skip
def test_sums_of_rows_and_columns_tell_no_hidden_pair(
    cells: dict[Pair, tuple[int, int]], rows: set[int], columns: set[int]
) -> None:
    now = {pair: Part(n, d, None) for pair, (n, d) in cells.items() if d}
    whole = {  # a sum that is small is not shown
        side: {own for own in said if not RULE.is_small(_whole(now, end, own))}
        for end, (side, said) in enumerate({Side.FROM: rows, Side.TO: columns}.items())
    }
    shown = decided(now, {}, {}, whole, RULE)
    for pair, part in now.items():
        if RULE.is_small(part.cell):
            assert not isinstance(shown[pair], Part)
    for own in range(1, 5):  # what each organisation sees: its own pairs, and its own two sums
        mine = {pair for pair in now if own in pair}
        attack = Attack()
        for pair in mine:
            told = shown[pair]
            if isinstance(told, Part):
                attack.learn({pair: 1}, told.numerator or 0)
        for end, side in enumerate(Side):
            if own in whole[side]:
                of = {pair: 1 for pair in now if _counts_at(pair, end, own)}
                attack.learn(of, _whole(now, end, own).numerator)
        for pair in mine:
            assert not RULE.is_small(now[pair].cell) or attack.works_out({pair: 1}) is None


@given(st.integers(0, 60), st.integers(0, 60))
def test_figure_and_coverage_of_a_pair_tell_nothing_of_the_few_between_them(
    timely: int, known: int
) -> None:
    """30 whose time is known, and 80 % of 33: three lie between them."""
    indicator = SA4
    row = {
        "numerator": min(timely, known),
        "denominator": known,
        "coverage_n": 45,
        "coverage_d": 60,
    }
    now = {(1, 2): parts_of(indicator, row, 0)}
    told = {
        name: decided(
            {pair: parts[name] for pair, parts in now.items()}, {}, {}, {}, RULE,
            close_together(now, name, RULE),
        )[1, 2]
        for name in (FIGURE, COVERAGE)
    }  # fmt: skip
    both = all(isinstance(part, Part) for part in told.values())
    assert not (both and 0 < 60 - known < RULE.count)


def _counts_at(pair: Pair, end: int, of: int) -> bool:
    """What stays within an organisation counts where it was sent."""
    return pair[end] == of and (end == 0 or pair[0] != of)


def _whole(now: dict[Pair, Part], end: int, of: int) -> Any:
    own = [part.cell for pair, part in now.items() if _counts_at(pair, end, of)]
    return Part(sum(c.numerator for c in own), sum(c.denominator for c in own), None).cell


@pytest.fixture
def leader(empty_record: None) -> Client:
    """A leader at a unit below a municipality, a hospital, and a municipality on another system."""
    del empty_record
    client = staff_client(LEADER)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    load([
        unit("own"), unit(LEADER.unit_id, parent="own"), unit("hospital"), unit("ward", parent="hospital"),
        unit("far", outside=True), person("p0"),
    ])  # fmt: skip
    return client


def page(client: Client, **query: str) -> str:
    flatten_all()
    answer = client.get(reverse(PAGE), query)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_matrix_shows_what_came_what_was_silent_and_who_is_on_the_platform(
    leader: Client,
) -> None:
    at = clock.now() - 30 * MINUTE
    well = [(State.DELIVERED, at + MINUTE), (State.ACCEPTED, at + 2 * MINUTE)]
    load(sent(f"a{n}", "p0", at, by=LEADER.unit_id, to="ward", proofs=well) for n in range(12))
    load(sent(f"b{n}", "p0", at, by=LEADER.unit_id, to="far") for n in range(6))
    load(sent(f"c{n}", "p0", at, by="ward", to=LEADER.unit_id, proofs=well) for n in range(7))
    shown = page(leader)
    assert "100.0% (12 / 12)" in shown
    assert "100.0% (6 / 6)" in shown  # all of those to the other system are silent
    assert "0.0% (0 / 6)" in shown  # and none has both ends here
    assert "1 of 2 other organisations use the platform (50.0%)" in shown
    assert "hospital" in shown
    load([sent("late", "p0", at, by=LEADER.unit_id, to="ward", proofs=well)])
    assert "13 / 13" not in page(leader)  # one more is few


@pytest.mark.django_db(transaction=True)
def test_few_are_held_back_with_one_more_that_would_tell_them(leader: Client) -> None:
    at = clock.now() - 30 * MINUTE
    well = [(State.DELIVERED, at + MINUTE), (State.ACCEPTED, at + 2 * MINUTE)]
    load(sent(f"a{n}", "p0", at, by=LEADER.unit_id, to="ward", proofs=well) for n in range(12))
    load(sent(f"b{n}", "p0", at, by=LEADER.unit_id, to="far", proofs=well) for n in range(3))
    shown = page(leader)
    assert "held back: few" in shown
    # how many, of the units on the platform, in the matrix and in the table; not how they went
    assert shown.count("100.0% (12 / 12)") == shown.count("12 / 12") == 2


@pytest.mark.django_db(transaction=True)
def test_the_only_pair_of_an_end_is_told_it_as_its_own_figure_is(leader: Client) -> None:
    """The hospital's is held back beside the few that it sent elsewhere; what came here is no secret here."""
    at = clock.now() - 30 * MINUTE
    well = [(State.DELIVERED, at + MINUTE), (State.ACCEPTED, at + 2 * MINUTE)]
    load(sent(f"a{n}", "p0", at, by="ward", to=LEADER.unit_id, proofs=well) for n in range(12))
    load(sent(f"b{n}", "p0", at, by="ward", to="far", proofs=well) for n in range(3))
    shown = page(leader, indicator="SA6")
    figure = leader.get(reverse("leaders-indicator", args=["SA6"]), {"side": "to"})
    assert "12 / 12" in figure.content.decode()
    assert "100.0% (12 / 12)" in shown
    assert "held back" not in shown.split("<main")[1].split("</table>")[0]


def test_an_end_with_one_pair_is_told_it_and_the_other_end_is_not() -> None:
    cell, few = {FIGURE: Part(12, 20, None, 1)}, {FIGURE: Part(0, 3, None, 1)}
    hidden = {FIGURE: Hidden(is_small=False)}
    now = {(1, 2): cell, (1, NONE): few}
    both = {FIGURE: Part(12, 23, None, 1)}
    sums = {Side.FROM: {1: Sums(both, both)}, Side.TO: {2: Sums(cell, cell)}}
    told = Told(1, 2, hidden, whole_of((1, 2), now, sums, [FIGURE]))
    assert told.at(1).parts == hidden
    assert told.at(2).parts == cell
    kept = {Side.FROM: {}, Side.TO: {2: Sums(cell, hidden)}}
    assert Told(1, 2, hidden, whole_of((1, 2), now, kept, [FIGURE])).at(2).parts == hidden
    another = now | {(3, 2): few}
    more = {Side.TO: {2: Sums({FIGURE: Part(12, 23, None, 1)}, both)}}
    assert Told(1, 2, hidden, whole_of((1, 2), another, more, [FIGURE])).at(2).parts == hidden


@pytest.mark.django_db(transaction=True)
def test_the_page_asks_the_database_little_and_not_before_it_is_counted(leader: Client) -> None:
    assert "Come back in a minute" in leader.get(reverse(PAGE)).content.decode()
    assert "Nothing in this month" in page(leader, month="2019-02")
    with counted() as statements:
        leader.get(reverse(PAGE))
    assert len(statements) <= 20
