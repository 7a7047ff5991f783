"""The grant budget as a tree of sums, with all its contradictions."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.leadership.costs import fixtures
from fellesjournal.leadership.costs.budgets import (
    BudgetRow,
    BudgetTable,
    Check,
    Node,
    SumRule,
    Verdict,
    check,
    check_table,
    red_rows,
)
from fellesjournal.leadership.figures.rounding import rounded

GRANT = fixtures.grant()
TABLE = GRANT.table


def down(total: str, first_child: str) -> list[Check]:
    """The checks of one sum in every column."""
    at = next(
        at
        for at, rule in enumerate(TABLE.sums)
        if rule.total == total and rule.children[0] == first_child
    )
    columns = len(TABLE.columns)
    return [each.check for each in check_table(TABLE)[at * columns : (at + 1) * columns]]


def test_v_grant_the_listed_costs_lack_what_the_blank_row_may_hold() -> None:
    found = down("total-costs", "wage-costs")
    assert [each.listed for each in found] == [4_034_000, 5_984_875, 10_018_875]
    assert [each.missing for each in found] == [60_000, 20_000, 80_000]
    assert {each.verdict for each in found} == {Verdict.MISSING}
    assert {each.blank for each in found} == {("other-costs",)}


def test_v_grant_two_rounded_years_are_one_krone_over_and_that_is_tolerated() -> None:
    found = down("total-income", "year-1")
    assert [each.listed for each in found] == [4_094_000, 6_004_876, 10_098_876]
    assert [each.missing for each in found] == [0, -1, -1]
    assert [each.verdict for each in found] == [
        Verdict.AGREES,
        Verdict.WITHIN_TOLERANCE,
        Verdict.WITHIN_TOLERANCE,
    ]


def test_v_grant_income_and_result_agree() -> None:
    assert {each.verdict for each in down("total-income", "grant")} == {Verdict.AGREES}
    result = [each.check for each in check_table(TABLE) if each.check.id == "result"]
    assert len(result) == 4  # a column each, and across
    assert {each.verdict for each in result} == {Verdict.AGREES}


def test_v_grant_the_grant_is_three_quarters() -> None:
    shares = []
    for column in TABLE.columns:
        part, whole = TABLE.value("grant", column), TABLE.value("total-income", column)
        assert part is not None
        assert whole is not None
        shares.append(Fraction(part) / Fraction(whole) * 100)
    assert rounded(shares[2], 2) == Decimal("75.49")
    assert [rounded(each, 1) for each in shares[:2]] == [Decimal("72.4"), Decimal("77.6")]


def test_v_grant_hours_and_rates_fit_the_figures() -> None:
    for each in GRANT.own_effort_hours:
        own = TABLE.value("own-contribution", each.column)
        assert each.hours * GRANT.own_effort_rate == own
    assert Decimal("0.4") * 3 * 1750 * 2 * 650 == TABLE.value("other-wages", "municipal")
    assert TABLE.value("other-wages", "health-trust") == 1750 * 2 * 1280


def test_the_red_rows_are_the_total_that_lacks_money_and_the_blank_one() -> None:
    assert red_rows(check_table(TABLE)) == {"total-costs", "other-costs"}


def test_a_row_that_does_not_add_up_across_is_red() -> None:
    rows = tuple(
        replace(row, values=(row.values[0], row.values[1], Decimal(110_001)))
        if row.id == "travel"
        else row
        for row in TABLE.rows
    )
    assert "travel" in red_rows(check_table(replace(TABLE, rows=rows)))


def test_nothing_is_filled_in() -> None:
    node = Node("all", None, (Node("a", Decimal(5)), Node("b", None)))
    (found,) = check(node)
    assert found.stated is None
    assert found.listed == 5
    assert found.missing is None
    assert found.verdict is Verdict.NOT_STATED
    assert found.blank == ("b",)
    assert node.children[1].stated is None


def test_a_group_that_is_not_stated_is_not_guessed_from_its_parts() -> None:
    inner = Node("inner", None, (Node("a", Decimal(5)),))
    outer, below = check(Node("outer", Decimal(5), (inner,)))
    assert outer.missing == 5
    assert outer.blank == ("inner",)
    assert below.verdict is Verdict.NOT_STATED


@pytest.mark.parametrize(
    ("stated", "verdict"),
    [
        (9, Verdict.TOO_MUCH),
        (10, Verdict.WITHIN_TOLERANCE),
        (12, Verdict.AGREES),
        (14, Verdict.WITHIN_TOLERANCE),
        (15, Verdict.MISSING),
    ],
)
def test_each_rounded_child_gives_one_krone_of_tolerance(stated: int, verdict: Verdict) -> None:
    children = (
        Node("a", Decimal(5), rounded=True),
        Node("b", Decimal(5), rounded=True),
        Node("c", Decimal(2)),
        Node("d", None, rounded=True),
    )
    (found,) = check(Node("all", Decimal(stated), children))
    assert found.verdict is verdict
    assert found.tolerance == 2


TREES = st.recursive(
    st.builds(Node, st.text("abc", min_size=1), st.none() | st.decimals(-1000, 1000, places=2)),
    lambda inner: st.builds(
        Node,
        st.text("abc", min_size=1),
        st.none() | st.decimals(-1000, 1000, places=2),
        st.lists(inner, max_size=4).map(tuple),
        st.booleans(),
    ),
    max_leaves=15,
)


@given(TREES)
def test_every_sum_of_any_tree_is_checked_once_and_what_is_missing_closes_it(tree: Node) -> None:
    found = check(tree)

    def sums(node: Node) -> int:
        return bool(node.children) + sum(sums(child) for child in node.children)

    assert len(found) == sums(tree)
    for each in found:
        if each.missing is None:
            assert each.stated is None
        else:
            assert each.listed + each.missing == each.stated


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=8))
def test_a_tree_whose_totals_are_its_sums_agrees(amounts: list[int]) -> None:
    children = tuple(Node(str(n), Decimal(each)) for n, each in enumerate(amounts))
    (found,) = check(Node("all", Decimal(sum(amounts)), children))
    assert found.verdict is Verdict.AGREES


def test_a_table_that_names_no_such_row_is_refused() -> None:
    row = BudgetRow("a", (Decimal(1),))
    with pytest.raises(ValueError, match="no row is called b"):
        BudgetTable(("x",), (row,), (SumRule("a", ("b",)),))
    with pytest.raises(ValueError, match="a field for every column"):
        BudgetTable(("x", "y"), (row,), ())
    with pytest.raises(ValueError, match="one name"):
        BudgetTable(("x",), (row, row), ())
