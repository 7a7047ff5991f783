"""What a check needs to know of a node for values of one type, worked out once.

Profiles are walked for every resource that claims them; which JSON names an element has in
a type, and which types may stand behind a reference, do not change meanwhile.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from fellesjournal.fhir import definitions
from fellesjournal.fhir.profiles.condensing import CORE
from fellesjournal.fhir.profiles.tree import Node
from fellesjournal.fhir.validation.expressions.model import Member, members
from fellesjournal.fhir.validation.expressions.values import Item, member_items, typed
from fellesjournal.fhir.validation.walk import Path

_CODES = frozenset({"CodeableConcept", "Coding"})


class Types(Protocol):
    """Who knows what profiles are about."""

    def type_of(self, canonical: str) -> str | None:
        """The type a profile or base definition is about."""


class Step(NamedTuple):
    """From a value to one of its elements: the node there and the JSON names it may have.

    ``may_be_absent``: nothing is demanded when there is no value. ``coded`` is the JSON name
    of codes that pass or fail by themselves, whatever stands around them.
    """

    node: Node
    members: tuple[Member, ...]
    may_be_absent: bool
    coded: str | None


class TypeDemand(NamedTuple):
    """What a node demands of values of a type.

    ``targets`` are the types of resource a reference may lead to, None for any.
    """

    is_allowed: bool
    targets: frozenset[str] | None = None
    profiles: tuple[str, ...] = ()


def steps_of(node: Node, type_name: str) -> tuple[Step, ...]:
    """The steps from a value of a type to the elements below it."""
    known = members(type_name)
    return tuple(
        _step(
            child,
            known[child.name] if child.name in known else _by_json_name(type_name, child.name),
        )
        for child in node.children.values()
    )


def _step(child: Node, alternatives: tuple[Member, ...]) -> Step:
    is_coded = len(alternatives) == 1 and alternatives[0].type in _CODES and _stands_alone(child)
    return Step(
        child,
        alternatives,
        may_be_absent=child.min == 0 and all(one.min == 0 for one in child.slices.values()),
        coded=alternatives[0].json_name if is_coded else None,
    )


def _stands_alone(node: Node) -> bool:
    """Whether nothing in a node looks beyond its value: no invariant, no other profile."""
    return (
        not node.rules
        and not any(fact.profiles or fact.targets for fact in node.types or ())
        and all(map(_stands_alone, node.children.values()))
        and all(map(_stands_alone, node.slices.values()))
    )


def _by_json_name(type_name: str, name: str) -> tuple[Member, ...]:
    """A choice that a profile names by one of its types, such as valueQuantity."""
    return tuple(
        member
        for several in members(type_name).values()
        for member in several
        if member.json_name == name
    )


def values_at(step: Step, item: Item, path: Path) -> list[tuple[Item, Path]]:
    """The values of an element with their places."""
    found: list[tuple[Item, Path]] = []
    data = item.value
    for member in step.members:
        # most alternatives of a choice are not there
        name, companion = member.json_name, member.companion
        if name not in data and (companion is None or companion not in data):
            continue
        value = data.get(name)
        if companion is not None and companion in data:
            found += _with_companions(item, member, path)
        elif type(value) is list:
            found += [
                (typed(one, member), (path, name, index))
                for index, one in enumerate([one for one in value if one is not None])
            ]
        elif value is not None:
            found.append((typed(value, member), (path, name, None)))
    return found


def _with_companions(item: Item, member: Member, path: Path) -> list[tuple[Item, Path]]:
    """Values of a primitive with what stands beside them in ``_name``."""
    values: list[Item] = []
    member_items(item, member, values)
    names = (member.json_name, member.companion or "")
    repeats = any(isinstance(item.value.get(name), list) for name in names)
    return [
        (value, (path, member.json_name, index if repeats else None))
        for index, value in enumerate(values)
    ]


def type_demand(node: Node, type_name: str, types: Types) -> TypeDemand:
    """What the types that a node allows demand of a value of one type."""
    matching = [fact for fact in node.types or () if _is_type(type_name, fact.code)]
    if not matching:
        return TypeDemand(is_allowed=False)
    profiles = tuple(profile for fact in matching for profile in fact.profiles)
    return TypeDemand(
        is_allowed=True,
        targets=_targets(
            {types.type_of(target) for fact in matching for target in fact.targets}
            if type_name == "Reference"
            else set()
        ),
        profiles=profiles,
    )


def _targets(types: set[str | None]) -> frozenset[str] | None:
    known = frozenset(one for one in types if one is not None)
    if len(known) < len(types) or "Resource" in known:
        return None
    return known or None


def _is_type(actual: str, wanted: str) -> bool:
    if wanted in {actual, "Resource"}:
        return True
    if "." in actual:
        return wanted in ("BackboneElement", "Element")
    try:
        return definitions.is_a(actual, wanted)
    except KeyError:
        return wanted.startswith(CORE)
