"""A profile's elements as a tree that a check can walk beside a resource."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

# Any: facts and values are JSON (see condensing).
Json = dict[str, Any]

_LIMITS = frozenset({"max_length", "least", "most"})
_OF_VALUES = _LIMITS | {"fixed", "pattern", "value_set"}


class TypeFact(NamedTuple):
    """One allowed type with the profiles its values or the resources behind it must meet."""

    code: str
    profiles: tuple[str, ...]
    targets: tuple[str, ...]


@dataclass(slots=True)
class Node:
    """What a profile says of one element, or of one slice of it.

    ``min`` and ``max`` count its values (None: no limit).
    ``has_values`` says that values themselves are restricted: fixed, pattern, code, limits.
    ``name`` is the FHIRPath name (``value`` for ``value[x]``). ``facts`` are those of the
    row; ``types`` is None when the profile doesn't restrict them.
    """

    name: str
    is_choice: bool = False
    facts: Json = field(default_factory=dict)
    min: int = 0
    max: int | None = None
    rules: list[list[str]] = field(default_factory=list)
    has_values: bool = False
    has_limits: bool = False
    types: tuple[TypeFact, ...] | None = None
    children: dict[str, Node] = field(default_factory=dict)
    slices: dict[str, Node] = field(default_factory=dict)
    # what a check worked out about the node once, by the type of the value it looked at
    # what checks have learnt: see plans, by the type of the value; codes that have passed
    steps: dict[str, Any] = field(default_factory=dict)
    demands: dict[str, Any] = field(default_factory=dict)
    passed: set[bytes] = field(default_factory=set)

    def profiles(self) -> tuple[str, ...]:
        """Profiles named by the only type, if there is one type."""
        if self.types is not None and len(self.types) == 1:
            return self.types[0].profiles
        return ()


def build_tree(type_: str, elements: dict[str, Json]) -> Node:
    """The tree of a profile's complete element rows."""
    root = Node(type_)
    for identity, facts in elements.items():
        node = root
        for segment in identity.split(".")[1:]:
            node = _descend(node, segment)
        node.facts.update(facts)
        node.min, node.max = facts.get("min", 0), facts.get("max")
        node.rules = facts.get("rules", [])
        node.has_values = not facts.keys().isdisjoint(_OF_VALUES)
        node.has_limits = not facts.keys().isdisjoint(_LIMITS)
        if "types" in facts:
            node.types = tuple(
                TypeFact(code, tuple(profiles), tuple(targets))
                for code, profiles, targets in facts["types"]
            )
    return root


def _descend(node: Node, segment: str) -> Node:
    """The child (and slice of it) that a part of an element id names, made when new."""
    name, _, slice_name = segment.partition(":")
    is_choice = name.endswith("[x]")
    stem = name.removesuffix("[x]")
    child = node.children.get(stem)
    if child is None:
        child = node.children[stem] = Node(stem, is_choice)
    child.is_choice = child.is_choice or is_choice
    for part in slice_name.split("/") if slice_name else ():
        child = child.slices.setdefault(part, Node(stem, child.is_choice))
    return child


def merge_elements(layers: Iterable[dict[str, Json]]) -> dict[str, Json]:
    """Element rows of a profile and its bases in one, later layers over earlier ones."""
    merged: dict[str, Json] = {}
    for layer in layers:
        for identity, facts in layer.items():
            known = merged.setdefault(identity, {})
            rules = [*known.get("rules", ()), *facts.get("rules", ())]
            known.update(facts)
            if rules:
                known["rules"] = rules
    return merged
