"""Walking a profile's tree beside a resource.

The resource is taken to be valid by the base standard, or at least to be reported for what
isn't: here only what the profile adds is looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

import orjson

from fellesjournal.fhir import definitions
from fellesjournal.fhir.issues import Issue
from fellesjournal.fhir.primitives import MAX_STRING
from fellesjournal.fhir.profiles.condensing import Json
from fellesjournal.fhir.profiles.plans import Step, steps_of, type_demand, values_at
from fellesjournal.fhir.profiles.slicing import Matcher
from fellesjournal.fhir.profiles.tree import Node
from fellesjournal.fhir.profiles.values import breaks_limit, equals_fixed, fits_pattern
from fellesjournal.fhir.validation.bindings import is_member
from fellesjournal.fhir.validation.expressions.values import Item
from fellesjournal.fhir.validation.targets import type_of_literal
from fellesjournal.fhir.validation.walk import Path, render, shown

MAX_DEPTH: Final = 30
MAX_ISSUES: Final = 500
MAX_PASSED: Final = 1000
MAX_SPELT: Final = 1000

RuleTest = Callable[[Item, Item, Item], bool | None]
"""(value, its resource, the root) -> whether the invariant holds; None when unknown."""


class Library(Protocol):
    """What a check asks of the registry of profiles."""

    def tree(self, canonical: str) -> Node | None:
        """The tree of a profile, None when it isn't known."""

    def type_of(self, canonical: str) -> str | None:
        """The type a profile or base definition is about."""

    def expansion(self, value_set: str) -> definitions.Expansion | None:
        """The codes of a value set, None when they can't be listed."""

    def rule(self, expression: str, type_name: str) -> RuleTest | None:
        """The test of an invariant, None for one that can't be evaluated."""

    def matchers(self, node: Node) -> dict[str, Matcher | None]:
        """How the slices of an element are told apart, kept per node."""


class ProfileCheck:
    """One check of one resource against one profile."""

    def __init__(self, library: Library, profile: str, resource: Item, root: Item) -> None:
        self.library = library
        self.profile = profile
        self.resource = resource
        self.root = root
        self.issues: list[Issue] = []
        self._depth = 0

    def add(self, code: str, text: str, path: Path, severity: str = "error") -> None:
        """An issue at a place, naming the profile."""
        issue = Issue(code, f"{text} [{self.profile}]", (render(path),), severity=severity)
        # What an element and its slice both demand is told once.
        if len(self.issues) < MAX_ISSUES and issue not in self.issues:
            self.issues.append(issue)

    def check(self, node: Node, item: Item, path: Path) -> None:
        """Everything a node demands of one value."""
        if self._depth >= MAX_DEPTH:
            return
        self._depth += 1
        if node.has_values:
            self._check_value(node, item, path)
        if node.rules:
            self._check_rules(node, item, path)
        if node.children and isinstance(item.value, dict):
            plan = node.steps.get(item.type)
            if plan is None:
                plan = node.steps[item.type] = steps_of(node, item.type)
            for step in plan:
                self._check_child(step, item, path)
        self._depth -= 1

    def _check_value(self, node: Node, item: Item, path: Path) -> None:
        facts = node.facts
        if item.value is None:
            if "fixed" in facts or "pattern" in facts:
                self.add("value", "must have the value the profile prescribes", path)
            return
        if "fixed" in facts and not equals_fixed(item.value, facts["fixed"]):
            self.add("value", f"must be exactly {shown(facts['fixed'])}", path)
        if "pattern" in facts and not fits_pattern(item.value, facts["pattern"]):
            self.add("value", f"must contain {shown(facts['pattern'])}", path)
        if "value_set" in facts:
            self._check_binding(facts["value_set"], item, path)
        if node.has_limits:
            self._check_limits(facts, item, path)

    def _check_limits(self, facts: Json, item: Item, path: Path) -> None:
        if isinstance(item.value, str) and len(item.value) > facts.get("max_length", MAX_STRING):
            self.add("too-long", f"has more than {facts['max_length']} characters", path)
        for limit in breaks_limit(item, facts):
            self.add("value", limit, path)

    def _check_binding(self, value_set: str, item: Item, path: Path) -> None:
        expansion = self.library.expansion(value_set)
        if expansion is None:
            return
        value = item.value
        if isinstance(value, str):
            codes = expansion.plain_codes()
            if codes is not None and value not in codes:
                self.add("code-invalid", f"{shown(value)} is not of {value_set}", path)
            return
        if not isinstance(value, dict) or "extension" in value:
            return
        codings = value.get("coding") if item.type == "CodeableConcept" else [value]
        if not any(
            is_member(coding, expansion)
            for coding in (codings if isinstance(codings, list) else ())
        ):
            self.add("code-invalid", f"has no code of the required {value_set}", path)

    def _check_rules(self, node: Node, item: Item, path: Path) -> None:
        for key, severity, human, expression in node.rules:
            test = self.library.rule(expression, item.type)
            outcome = test(item, self.resource, self.root) if test else None
            if outcome is False:
                self.add("invariant", f"{human} ({key})", path, severity)
            elif outcome is None and severity == "error":
                self.add(
                    "informational", f"{key} can't be evaluated here: {human}", path, "information"
                )

    def _check_child(self, step: Step, item: Item, path: Path) -> None:
        """The values of one element. Records use few codes: those that passed pass again."""
        codes = None if step.coded is None else item.value.get(step.coded)
        if codes is None:
            self._check_values(step, item, path)
            return
        passed = step.node.passed
        spelt = _spelt(codes)
        if spelt in passed:
            return
        self._check_values(step, item, path)
        # an issue that was told before is not told again: only without any is this a pass
        if not self.issues and len(passed) < MAX_PASSED and 0 < len(spelt) < MAX_SPELT:
            passed.add(spelt)

    def _check_values(self, step: Step, item: Item, path: Path) -> None:
        places = values_at(step, item, path)
        if not places and step.may_be_absent:
            return
        child = step.node
        if len(places) < child.min or child.max is not None:
            self._count(child, "", len(places), path)
        for value, place in places:
            if child.types is not None:
                self._check_type(child, value, place)
            self.check(child, value, place)
        if child.slices:
            self._check_slices(child, places, path)

    def _count(self, node: Node, slice_name: str, count: int, path: Path) -> None:
        name = f"{node.name}[x]" if node.is_choice else node.name
        place = (path, name, None)
        what = f"the slice {slice_name}" if slice_name else "the element"
        if count < node.min:
            self.add("required", f"{what} must be there {node.min} times, not {count}", place)
        if node.max is not None and count > node.max:
            allowed = f"at most {node.max} times, not {count}" if node.max else "never"
            self.add("structure", f"{what} may be there {allowed}", place)

    def _check_type(self, node: Node, item: Item, path: Path) -> None:
        kept = node.demands.get(item.type)
        if kept is None:
            kept = node.demands[item.type] = type_demand(node, item.type, self.library)
        if not kept.is_allowed:
            allowed = ", ".join(fact.code for fact in node.types or ())
            self.add("structure", f"must be of type {allowed}, not {item.type}", path)
            return
        if kept.targets is not None:
            self._check_target(kept.targets, item, path)
        if kept.profiles:
            self._check_profiles(kept.profiles, item, path)

    def _check_profiles(self, profiles: tuple[str, ...], item: Item, path: Path) -> None:
        """A value must meet at least one of the profiles of its type."""
        trees = [tree for profile in profiles if (tree := self.library.tree(profile)) is not None]
        if len(trees) < len(profiles):
            # An unknown profile may be met.
            return
        outcomes = [self._attempt(tree, item, path) for tree in trees]
        if any(not _errors(issues) for issues in outcomes):
            return
        if len(outcomes) == 1:
            self.issues.extend(outcomes[0])
        else:
            self.add("structure", f"meets none of the profiles {', '.join(profiles)}", path)

    def _attempt(self, tree: Node, item: Item, path: Path) -> list[Issue]:
        kept, self.issues = self.issues, []
        outer = self.resource
        if definitions.is_resource_type(item.type):
            self.resource = item
        self.check(tree, item, path)
        found, self.issues = self.issues, kept
        self.resource = outer
        return found

    def _check_target(self, types: frozenset[str], item: Item, path: Path) -> None:
        """The type of resource a reference leads to; that resource itself is not looked at."""
        literal = item.value.get("reference") if isinstance(item.value, dict) else None
        actual = self._target_type(literal) if isinstance(literal, str) else None
        if actual is not None and actual not in types:
            allowed = ", ".join(sorted(types))
            self.add("value", f"may lead to {allowed} only, not to {actual}", path)

    def _target_type(self, literal: str) -> str | None:
        if not literal.startswith("#"):
            return type_of_literal(literal)
        contained = self.root.value.get("contained")
        for resource in contained if isinstance(contained, list) else ():
            if isinstance(resource, dict) and resource.get("id") == literal[1:]:
                type_ = resource.get("resourceType")
                return type_ if isinstance(type_, str) else None
        return None

    def _check_slices(self, node: Node, places: list[tuple[Item, Path]], path: Path) -> None:
        matchers = self.library.matchers(node)
        slicing = node.facts.get("slicing", {"rules": "open"})
        counts = dict.fromkeys(node.slices, 0)
        for item, place in places:
            name = self._slice_of(matchers, item)
            if name is not None:
                counts[name] += 1
                slice_ = node.slices[name]
                if slice_.types is not None:
                    self._check_type(slice_, item, place)
                self.check(slice_, item, place)
                if slice_.slices:
                    self._check_slices(slice_, [(item, place)], path)
            elif slicing["rules"] == "closed" and None not in matchers.values():
                self.add("structure", f"is none of {', '.join(node.slices)}", place)
        for name, count in counts.items():
            if matchers[name] is not None:
                self._count(node.slices[name], name, count, path)

    def _slice_of(self, matchers: dict[str, Matcher | None], item: Item) -> str | None:
        for name, matches in matchers.items():
            if matches is not None and matches(item, self.root):
                return name
        return None


def _spelt(codes: object) -> bytes:
    """Codes as JSON; nothing for what JSON can't hold."""
    try:
        return orjson.dumps(codes)
    except TypeError:
        return b""


def _errors(issues: list[Issue]) -> bool:
    return any(issue.severity == "error" for issue in issues)
