"""Telling slices apart by their discriminators (http://hl7.org/fhir/R4/profiling.html#discriminator)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, NamedTuple, Protocol

from fellesjournal.fhir import definitions
from fellesjournal.fhir.profiles.tree import Node
from fellesjournal.fhir.profiles.values import equals_fixed, fits_pattern, project
from fellesjournal.fhir.validation.bindings import is_member
from fellesjournal.fhir.validation.expressions.model import fits_type
from fellesjournal.fhir.validation.expressions.values import Item, step
from fellesjournal.fhir.validation.targets import type_of_literal

Matcher = Callable[[Item, Item], bool]
"""(value, root resource) -> whether the value belongs to a slice."""
Criterion = Callable[[Item], bool]

_STEP = re.compile(
    r"(?P<resolve>resolve\(\))"
    r"|ofType\((?:FHIR\.)?(?P<type>[A-Za-z]+)\)"
    r"|extension\(['\"](?P<extension>[^'\"]+)['\"]\)"
    r"|(?P<name>\$?[A-Za-z][A-Za-z0-9]*)(?:\[x\])?"
)
_SLICED_BY_URL: Final = [["value", "url"]]
_SLICED_BY_TYPE: Final = [["type", "$this"]]


class Step(NamedTuple):
    """One step of a discriminator's path: name, ofType, extension or resolve."""

    kind: str
    argument: str


class Trees(Protocol):
    """Where the trees of other profiles are found."""

    def tree(self, canonical: str) -> Node | None:
        """The tree of a profile, None when it isn't known."""

    def type_of(self, canonical: str) -> str | None:
        """The type a profile or base definition is about."""

    def expansion(self, value_set: str) -> definitions.Expansion | None:
        """The codes of a value set, None when they can't be listed."""

    def meets(self, item: Item, canonical: str, root: Item) -> bool:
        """Whether a value meets a profile."""


def slice_matchers(node: Node, trees: Trees) -> dict[str, Matcher | None]:
    """For each slice of an element its matcher; None for one that can't be recognised."""
    slicing = node.facts.get("slicing", {})
    discriminators = slicing.get("by") or _usual(node)
    return {
        name: _matcher(name, slice_, discriminators, trees) for name, slice_ in node.slices.items()
    }


def _usual(node: Node) -> list[list[str]]:
    if node.name in ("extension", "modifierExtension"):
        return _SLICED_BY_URL
    return _SLICED_BY_TYPE if node.is_choice else []


def _matcher(
    name: str, slice_: Node, discriminators: list[list[str]], trees: Trees
) -> Matcher | None:
    tests = [
        test
        for kind, path in discriminators
        if (test := _discriminator(name, slice_, kind, path, trees)) is not None
    ]
    if not tests:
        return None
    return lambda item, root: all(test(item, root) for test in tests)


def _discriminator(name: str, slice_: Node, kind: str, path: str, trees: Trees) -> Matcher | None:
    steps = _steps(path)
    if steps is None:
        return None
    if kind in ("value", "pattern"):
        return _by_value(slice_, steps, trees)
    if kind == "exists":
        return _by_existence(slice_, steps, trees)
    if kind == "type":
        return _by_type(name, slice_, steps, trees)
    if kind == "profile":
        return _by_profile(slice_, steps, trees)
    return None


def _steps(path: str) -> tuple[Step, ...] | None:
    found: list[Step] = []
    for match in _STEP.finditer(path):
        kind = match.lastgroup or ""
        if not (kind == "name" and match["name"] == "$this"):
            found.append(Step(kind, match[kind]))
    return tuple(found)


def _select(item: Item, steps: tuple[Step, ...], root: Item) -> list[Item]:
    items = [item]
    for kind, argument in steps:
        if kind == "name":
            items = step(items, argument)
        elif kind == "type":
            items = [one for one in items if fits_type(one.type, argument)]
        elif kind == "extension":
            items = [
                one
                for one in step(items, "extension")
                if isinstance(one.value, dict) and one.value.get("url") == argument
            ]
        else:
            items = [target for one in items for target in _resolved(one, root)]
    return items


def _resolved(item: Item, root: Item) -> list[Item]:
    """A contained resource, or one of the same Bundle; of others only the type."""
    literal = item.value.get("reference") if isinstance(item.value, dict) else None
    if not isinstance(literal, str):
        return []
    for resource in _inside(root.value, literal):
        return [Item(resource, str(resource.get("resourceType")))]
    type_ = type_of_literal(literal)
    return [Item({"resourceType": type_}, type_)] if type_ else []


def _inside(root: Any, literal: str) -> list[dict[str, Any]]:
    if not isinstance(root, dict):
        return []
    if literal.startswith("#"):
        contained = root.get("contained")
        return [
            resource
            for resource in (contained if isinstance(contained, list) else ())
            if isinstance(resource, dict) and resource.get("id") == literal[1:]
        ]
    entries = root.get("entry") if root.get("resourceType") == "Bundle" else None
    return [
        entry["resource"]
        for entry in (entries if isinstance(entries, list) else ())
        if isinstance(entry, dict)
        and isinstance(entry.get("resource"), dict)
        and str(entry.get("fullUrl", "")).endswith(literal)
    ]


def _along(node: Node, steps: tuple[Step, ...], trees: Trees) -> list[Criterion]:
    """What a node says, here and below, of the values at the end of a path.

    Profiles named by an element's type are followed too, for their elements say as much.
    """
    criteria: list[Criterion] = []
    for one in _with_profiles(node, trees):
        if not steps:
            criterion = _criterion(one, trees)
            if criterion is not None:
                criteria.append(criterion)
            continue
        criteria.extend(_projected(one, steps))
        for child in _next_nodes(one, steps[0], trees):
            criteria.extend(_along(child, steps[1:], trees))
            criteria.extend(_along_slices(child, steps[1:], trees))
    return criteria


def _along_slices(node: Node, steps: tuple[Step, ...], trees: Trees) -> list[Criterion]:
    """A sliced element on the way: the values of a slice that must be there, else of any."""
    if not steps:
        return []  # the criterion of the node itself looks at its slices
    found = [
        (one, criteria) for one in node.slices.values() if (criteria := _along(one, steps, trees))
    ]
    required = [criteria for one, criteria in found if one.min > 0]
    alternatives = required or [criteria for _, criteria in found]
    if not alternatives:
        return []
    return [lambda item: any(all(test(item) for test in criteria) for criteria in alternatives)]


def _projected(node: Node, steps: tuple[Step, ...]) -> list[Criterion]:
    if any(one.kind != "name" for one in steps):
        return []
    names = tuple(one.argument for one in steps)
    parts = [
        part
        for key in ("fixed", "pattern")
        if key in node.facts
        for part in project(node.facts[key], names)
    ]
    return [_one_of(parts)] if parts else []


def _next_nodes(node: Node, one: Step, trees: Trees) -> list[Node]:
    """Where a step leads from a node."""
    if one.kind == "name":
        return [node.children[one.argument]] if one.argument in node.children else []
    if one.kind == "extension":
        extensions = node.children.get("extension")
        return [
            slice_
            for slice_ in (extensions.slices.values() if extensions else ())
            if one.argument in slice_.profiles() or _url_of(slice_) == one.argument
        ]
    if one.kind == "resolve":
        return [
            tree
            for fact in node.types or ()
            for target in fact.targets
            if (tree := trees.tree(target)) is not None
        ]
    return [node]


def _ends(node: Node, steps: tuple[Step, ...], trees: Trees) -> list[Node]:
    """The nodes at the end of a path, slices of a choice among them."""
    level = _with_profiles(node, trees)
    for one in steps:
        level = [
            deeper
            for node_ in level
            for child in _next_nodes(node_, one, trees)
            for alternative in (child, *(child.slices.values() if child.is_choice else ()))
            for deeper in _with_profiles(alternative, trees)
        ]
    return level


def _with_profiles(node: Node, trees: Trees) -> list[Node]:
    return [
        node,
        *(tree for profile in node.profiles() if (tree := trees.tree(profile)) is not None),
    ]


def _url_of(node: Node) -> str | None:
    url = node.children.get("url")
    fixed = url.facts.get("fixed") if url else None
    return fixed if isinstance(fixed, str) else None


def _by_value(slice_: Node, steps: tuple[Step, ...], trees: Trees) -> Matcher | None:
    criteria = _along(slice_, steps, trees)
    if not criteria and steps and steps[-1] == Step("name", "url") and slice_.profiles():
        criteria.append(_one_of(list(slice_.profiles())))
    if not criteria:
        return None

    def matches(item: Item, root: Item) -> bool:
        return any(
            all(criterion(value) for criterion in criteria) for value in _select(item, steps, root)
        )

    return matches


def _one_of(parts: list[Any]) -> Criterion:
    return lambda item: any(fits_pattern(item.value, part) for part in parts)


def _criterion(node: Node, trees: Trees) -> Criterion | None:
    """What a node and the nodes below it say of a value, None when they say nothing."""
    tests: list[Criterion] = []
    facts = node.facts
    if "fixed" in facts:
        tests.append(lambda item: equals_fixed(item.value, facts["fixed"]))
    if "pattern" in facts:
        tests.append(lambda item: fits_pattern(item.value, facts["pattern"]))
    if "value_set" in facts:
        expansion = trees.expansion(facts["value_set"])
        if expansion is not None:
            tests.append(_of_value_set(expansion))
    for name, child in node.children.items():
        below = _criterion(child, trees)
        slices = [
            test
            for one in child.slices.values()
            if one.min > 0 and (test := _criterion(one, trees)) is not None
        ]
        tests.extend(_some_child(name, test) for test in ([below] if below else []) + slices)
    if not tests:
        return None
    return lambda item: all(test(item) for test in tests)


def _some_child(name: str, test: Criterion) -> Criterion:
    return lambda item: any(test(value) for value in step([item], name))


def _of_value_set(expansion: definitions.Expansion) -> Criterion:
    codes = expansion.plain_codes()

    def test(item: Item) -> bool:
        value = item.value
        if isinstance(value, str):
            return codes is None or value in codes
        if not isinstance(value, dict):
            return False
        codings = value.get("coding") if "coding" in value else [value]
        return isinstance(codings, list) and any(is_member(coding, expansion) for coding in codings)

    return test


def _by_existence(slice_: Node, steps: tuple[Step, ...], trees: Trees) -> Matcher | None:
    ends = _ends(slice_, steps, trees)
    if any(node.max == 0 for node in ends):
        return lambda item, root: not _select(item, steps, root)
    if any(node.min > 0 for node in ends):
        return lambda item, root: bool(_select(item, steps, root))
    return None


def _by_type(name: str, slice_: Node, steps: tuple[Step, ...], trees: Trees) -> Matcher | None:
    is_resolved = bool(steps) and steps[-1].kind == "resolve"
    ends = _ends(slice_, steps[:-1] if is_resolved else steps, trees)
    wanted: set[str] = set()
    for node in ends:
        for fact in node.types or ():
            if is_resolved:
                wanted.update(filter(None, (trees.type_of(target) for target in fact.targets)))
            else:
                wanted.add(fact.code)
    if not wanted and slice_.is_choice and not steps:
        # value[x]:valueQuantity without a type of its own: the name says it.
        return lambda item, _root: name.lower().endswith(item.type.lower())
    if not wanted:
        return None
    return lambda item, root: any(
        fits_type(value.type, type_) for value in _select(item, steps, root) for type_ in wanted
    )


def _by_profile(slice_: Node, steps: tuple[Step, ...], trees: Trees) -> Matcher | None:
    ends = _ends(slice_, steps, trees)
    canonicals = [
        canonical
        for node in ends
        for fact in node.types or ()
        for canonical in (*fact.profiles, *fact.targets)
    ]
    if not canonicals and steps and steps[-1].kind == "resolve":
        before = _ends(slice_, steps[:-1], trees)
        canonicals = [
            target for node in before for fact in node.types or () for target in fact.targets
        ]
    if not canonicals:
        return None
    return lambda item, root: any(
        trees.meets(value, canonical, root)
        for value in _select(item, steps, root)
        for canonical in canonicals
    )
