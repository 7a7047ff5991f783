"""Walking a profile's tree beside a resource.

The resource is taken to be valid by the base standard, or at least to be reported for what
isn't: here only what the profile adds is looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from fellesjournal.fhir import definitions
from fellesjournal.fhir.issues import Issue
from fellesjournal.fhir.primitives import MAX_STRING
from fellesjournal.fhir.profiles.condensing import CORE, Json
from fellesjournal.fhir.profiles.slicing import Matcher
from fellesjournal.fhir.profiles.tree import Node, TypeFact
from fellesjournal.fhir.profiles.values import breaks_limit, equals_fixed, fits_pattern
from fellesjournal.fhir.validation.bindings import is_member
from fellesjournal.fhir.validation.expressions.model import members
from fellesjournal.fhir.validation.expressions.values import Item, member_items
from fellesjournal.fhir.validation.targets import type_of_literal
from fellesjournal.fhir.validation.walk import Path, render, shown

MAX_DEPTH: Final = 30
MAX_ISSUES: Final = 500

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
        self._check_value(node, item, path)
        self._check_rules(node, item, path)
        if isinstance(item.value, dict):
            for child in node.children.values():
                self._check_child(child, item, path)
        self._depth -= 1

    def _check_value(self, node: Node, item: Item, path: Path) -> None:
        facts = node.facts
        if not facts:
            return
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

    def _check_child(self, child: Node, item: Item, path: Path) -> None:
        places = self._values(child, item, path)
        self._count(child, "", len(places), path)
        for value, place in places:
            self._check_type(child, value, place)
            self.check(child, value, place)
        if child.slices:
            self._check_slices(child, places, path)

    def _values(self, child: Node, item: Item, path: Path) -> list[tuple[Item, Path]]:
        """The values of an element with their places."""
        alternatives = members(item.type).get(child.name)
        if alternatives is None:
            alternatives = tuple(
                member
                for several in members(item.type).values()
                for member in several
                if member.json_name == child.name
            )
        found: list[tuple[Item, Path]] = []
        data = item.value
        for member in alternatives:
            # Most alternatives of a choice are not there.
            if member.json_name not in data and (
                member.companion is None or member.companion not in data
            ):
                continue
            values: list[Item] = []
            member_items(item, member, values)
            repeats = isinstance(data.get(member.json_name), list) or isinstance(
                data.get(f"_{member.json_name}"), list
            )
            found.extend(
                (value, (path, member.json_name, index if repeats else None))
                for index, value in enumerate(values)
            )
        return found

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
        if node.types is None:
            return
        matching = [fact for fact in node.types if _is_type(item.type, fact.code)]
        if not matching:
            allowed = ", ".join(fact.code for fact in node.types)
            self.add("structure", f"must be of type {allowed}, not {item.type}", path)
            return
        if item.type == "Reference":
            self._check_target(matching, item, path)
        profiles = [profile for fact in matching for profile in fact.profiles]
        if profiles:
            self._check_profiles(profiles, item, path)

    def _check_profiles(self, profiles: list[str], item: Item, path: Path) -> None:
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

    def _check_target(self, facts: list[TypeFact], item: Item, path: Path) -> None:
        """The type of resource a reference leads to; that resource itself is not looked at."""
        targets = [target for fact in facts for target in fact.targets]
        types = {self.library.type_of(target) for target in targets}
        literal = item.value.get("reference") if isinstance(item.value, dict) else None
        if not targets or None in types or "Resource" in types or not isinstance(literal, str):
            return
        actual = self._target_type(literal)
        if actual is not None and actual not in types:
            allowed = ", ".join(sorted(str(type_) for type_ in types))
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
                self._check_type(node.slices[name], item, place)
                self.check(node.slices[name], item, place)
                if node.slices[name].slices:
                    self._check_slices(node.slices[name], [(item, place)], path)
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


def _errors(issues: list[Issue]) -> bool:
    return any(issue.severity == "error" for issue in issues)


def _is_type(actual: str, wanted: str) -> bool:
    if wanted in {actual, "Resource"}:
        return True
    if "." in actual:
        return wanted in ("BackboneElement", "Element")
    try:
        return definitions.is_a(actual, wanted)
    except KeyError:
        return wanted.startswith(CORE)
