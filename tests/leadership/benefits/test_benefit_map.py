"""The map of a plan: no circles, everything left of what it leads to, goals at the end."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.leadership.benefits.benefit_map import (
    NodeKind,
    chain,
    circle,
    kind_of,
    map_of,
    node,
)
from fellesjournal.leadership.benefits.plan import Benefit, BenefitType, Plan, Realisation


def _benefit(key: str, goal: str = "Samhandling") -> Benefit:
    kind, become = BenefitType.QUALITY, Realisation.NON_PRICED
    return Benefit(key, goal, f"Title of {key}", kind, become, "p", ("LE1",))


PLAN = Plan("Organization/u", benefits=(_benefit("a"), _benefit("b", "Forskning")))


def test_a_way_leaves_out_what_is_not_filled_in() -> None:
    assert chain("", " ", "a") == ()
    assert chain("Scan  a code", "", "a") == (("functionality:Scan a code", "benefit:a"),)
    assert [kind_of(each) for each, _ in chain("f", "p", "a", "b")] == [
        NodeKind.FUNCTIONALITY, NodeKind.PROCESS, NodeKind.BENEFIT,
    ]  # fmt: skip


def test_each_node_stands_left_of_what_it_leads_to_and_goals_at_the_end() -> None:
    plan = replace(PLAN, edges=(*chain("f", "p", "a", "b"), *chain("", "q", "a")))
    found = map_of(plan)
    at = {each.id: each.column for each in found.nodes}
    assert all(at[before] < at[after] for before, after in found.edges)
    last = max(at.values())
    assert {each.id for each in found.nodes if each.column == last} == {
        node(NodeKind.GOAL, "Samhandling"), node(NodeKind.GOAL, "Forskning"),
    }  # fmt: skip
    assert {each.text for each in found.nodes if each.kind is NodeKind.BENEFIT} == {
        "Title of a", "Title of b",
    }  # fmt: skip


def test_a_circle_is_told_from_one_node_round_to_itself() -> None:
    ways = (*chain("", "", "a", "b"), *chain("", "", "b", "a"))
    found = circle(ways)
    assert len(found) == 3
    assert found[0] == found[-1]
    assert circle(ways[:1]) == ()


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=14))
def test_what_only_leads_to_higher_numbers_never_goes_in_a_circle(
    pairs: list[tuple[int, int]],
) -> None:
    edges = [(f"benefit:{min(each)}", f"benefit:{max(each)}") for each in pairs]
    assert bool(circle(edges)) is any(a == b for a, b in edges)
