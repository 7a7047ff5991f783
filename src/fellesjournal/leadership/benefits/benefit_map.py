"""The map of a plan: from functionality by way of changed work processes and benefits to goals.

A node is written ``kind:text``; a benefit by its id. The edge from a benefit to its goal follows from
the benefit and is not kept.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter

from fellesjournal.leadership.benefits.plan import Plan


class NodeKind(StrEnum):
    """What a node stands for."""

    FUNCTIONALITY = "functionality"
    PROCESS = "process"
    BENEFIT = "benefit"
    GOAL = "goal"


Edge = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Node:
    """A node as it is shown: ``text`` is the title of a benefit. ``column`` counts from the left."""

    id: str
    kind: NodeKind
    text: str
    column: int


@dataclass(frozen=True, slots=True)
class BenefitMap:
    """All nodes, by column and then in the order they were drawn, and all edges."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def node(kind: NodeKind, text: str) -> str:
    """How a node is written."""
    return f"{kind.value}:{' '.join(text.split())}"


def kind_of(one: str) -> NodeKind:
    """What a node stands for."""
    return NodeKind(one.partition(":")[0])


def chain(functionality: str, process: str, benefit: str, onward: str = "") -> tuple[Edge, ...]:
    """The edges from a functionality and a process, either of which may be missing, to a benefit and
    on to another that it leads to.
    """
    nodes = [
        node(kind, text)
        for kind, text in (
            (NodeKind.FUNCTIONALITY, functionality),
            (NodeKind.PROCESS, process),
            (NodeKind.BENEFIT, benefit),
            (NodeKind.BENEFIT, onward),
        )
        if text.strip()
    ]
    return tuple(itertools.pairwise(nodes))


def map_of(plan: Plan) -> BenefitMap:
    """The map with its goals, laid out: whatever leads to something stands left of it.

    Raises graphlib.CycleError for one that goes in a circle; such a map is never saved.
    """
    goals = tuple(
        (node(NodeKind.BENEFIT, each.id), node(NodeKind.GOAL, each.goal)) for each in plan.benefits
    )
    edges = tuple(dict.fromkeys((*plan.edges, *goals)))
    depth = _depth(edges)
    found = {
        one: Node(one, kind_of(one), _text(plan, one), _column(one, depth[one])) for one in depth
    }
    last = max((each.column for each in found.values()), default=0)
    placed = [
        Node(each.id, each.kind, each.text, last if each.kind is NodeKind.GOAL else each.column)
        for each in found.values()
    ]
    return BenefitMap(tuple(sorted(placed, key=lambda each: each.column)), edges)


def circle(edges: Iterable[Edge]) -> tuple[str, ...]:
    """The nodes of a circle, from one of them round to itself; nothing when there is none."""
    try:
        TopologicalSorter(_before(edges)).prepare()
    except CycleError as error:
        return tuple(reversed(error.args[1]))
    return ()


def _before(edges: Iterable[Edge]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for before, after in edges:
        found.setdefault(before, set())
        found.setdefault(after, set()).add(before)
    return found


def _depth(edges: Iterable[Edge]) -> dict[str, int]:
    """How many steps at most lead to each node, in the order the nodes are first named."""
    before = _before(edges)
    depth: dict[str, int] = {}
    for one in TopologicalSorter(before).static_order():
        depth[one] = 1 + max((depth[each] for each in before[one]), default=-1)
    return {one: depth[one] for one in before}


_FIRST_COLUMN = {
    NodeKind.FUNCTIONALITY: 0,
    NodeKind.PROCESS: 1,
    NodeKind.BENEFIT: 2,
    NodeKind.GOAL: 3,
}


def _column(one: str, depth: int) -> int:
    """Each kind has its column; a benefit that follows from others stands further to the right."""
    return max(_FIRST_COLUMN[kind_of(one)], depth)


def _text(plan: Plan, one: str) -> str:
    text = one.partition(":")[2]
    benefit = plan.benefit(text) if kind_of(one) is NodeKind.BENEFIT else None
    return text if benefit is None else benefit.title


__all__ = ["BenefitMap", "Edge", "Node", "NodeKind", "chain", "circle", "kind_of", "map_of", "node"]
