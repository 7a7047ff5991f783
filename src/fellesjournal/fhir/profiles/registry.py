"""The profiles that are known, and the checks against them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Final

from fellesjournal.fhir import definitions
from fellesjournal.fhir.definitions.tables import load_table
from fellesjournal.fhir.issues import Issue
from fellesjournal.fhir.profiles.checking import ProfileCheck, RuleTest
from fellesjournal.fhir.profiles.condensing import CORE, Json, condense
from fellesjournal.fhir.profiles.rules import rule_test
from fellesjournal.fhir.profiles.slicing import Matcher, slice_matchers
from fellesjournal.fhir.profiles.tree import Node, build_tree, merge_elements
from fellesjournal.fhir.validation.expressions.values import Item
from fellesjournal.fhir.validation.walk import Path, render, shown

MAX_BASES: Final = 20
_FORMS_ONLY: Final = frozenset(
    f"http://hl7.org/fhir/ValueSet/{name}"
    for name in ("languages", "all-languages", "mimetypes", "currencies", "ucum-units")
)


class Profiles:
    """A set of profiles with the value sets they use, laid over another set.

    Reading is safe from several threads. Adding replaces what has the same url and forgets
    what was compiled.
    """

    def __init__(
        self,
        base: Profiles | None = None,
        *,
        rows: dict[str, Json] | None = None,
        terminology: definitions.Terminology | None = None,
    ) -> None:
        self._base = base
        self._rows: dict[str, Json] = dict(rows or {})
        self.terminology: definitions.Terminology = terminology or definitions.Terminology(
            base=base.terminology if base else definitions.standard_terminology()
        )
        self._trees: dict[str, Node | None] = {}
        self._matchers: dict[int, tuple[Node, dict[str, Matcher | None]]] = {}
        self._rules: dict[tuple[str, str], RuleTest] = {}

    def add(self, resource: Json) -> bool:
        """Take in a StructureDefinition, ValueSet or CodeSystem; others give False.

        Raises NotAProfile for a StructureDefinition that can't be used as a profile.
        """
        kind = resource.get("resourceType")
        if kind == "StructureDefinition":
            row = condense(resource)
            self._rows[row["url"]] = row
        elif kind in ("ValueSet", "CodeSystem"):
            self.terminology.add(resource)
        else:
            return False
        self._forget()
        return True

    def load(self, resources: Iterable[Json]) -> None:
        """Add the conformance resources of a package.

        Definitions that are no profiles (logical models, types) are passed over.
        """
        for resource in resources:
            if (
                resource.get("resourceType") == "StructureDefinition"
                and resource.get("derivation") != "constraint"
            ):
                continue
            self.add(resource)

    def remove(self, canonical: str) -> None:
        """Forget a profile; one of the base then counts again."""
        self._rows.pop(canonical.partition("|")[0], None)
        self._forget()

    def canonicals(self) -> frozenset[str]:
        """The urls of all profiles known."""
        known = self._base.canonicals() if self._base else frozenset()
        return known | self._rows.keys()

    def profiles_of(self, type_name: str) -> tuple[str, ...]:
        """The urls of the profiles of one type, by name (CapabilityStatement)."""
        return tuple(url for url in sorted(self.canonicals()) if self.type_of(url) == type_name)

    def knows(self, canonical: str) -> bool:
        """Whether resources can be checked against this profile (its version is ignored)."""
        url = canonical.partition("|")[0]
        return self.type_of(url) is not None

    def validate_profile(self, data: Json, canonical: str) -> list[Issue]:
        """What a resource breaks of one profile; the base standard is not looked at.

        Each issue has a FHIRPath location. Warnings are the profile's own recommendations.
        For an unknown profile there is one warning.
        """
        type_name = str(data.get("resourceType"))
        return self._issues(data, canonical, (None, type_name, None))

    def validate_claimed(self, data: Json) -> list[Issue]:
        """What a resource breaks of the profiles it names in ``meta.profile``.

        The resources inside a Bundle or Parameters are held to theirs. An unknown profile
        gives a warning.
        """
        return [
            issue
            for resource, path in resources_with_paths(data)
            for canonical in _claimed(resource)
            for issue in self._issues(resource, canonical, path)
        ]

    def _issues(self, data: Json, canonical: str, path: Path) -> list[Issue]:
        url = canonical.partition("|")[0]
        type_name = data.get("resourceType")
        at_claim = (render((path, "meta.profile", None)),)
        wanted = self.type_of(url)
        if wanted is None:
            text = f"the profile {shown(canonical)} is not known here and was not checked"
            return [Issue("not-found", text, at_claim, severity="warning")]
        if not isinstance(type_name, str) or not definitions.is_resource_type(type_name):
            text = f"{shown(type_name)} is no resource type of R4"
            return [Issue("structure", text, (render(path),))]
        if not definitions.is_a(type_name, wanted):
            text = f"{shown(canonical)} is a profile of {wanted}, not of {type_name}"
            return [Issue("structure", text, at_claim)]
        tree = self.tree(url)
        if tree is None:
            return []
        item = Item(data, type_name)
        check = ProfileCheck(self, url, item, item)
        check.check(tree, item, path)
        return check.issues

    def validate_extensions(self, data: Json) -> list[Issue]:
        """What the extensions anywhere in a resource break of their definitions, where known."""
        type_name = str(data.get("resourceType"))
        item = Item(data, type_name)
        issues: list[Issue] = []
        waiting: list[tuple[Any, Path]] = [(data, (None, type_name, None))]
        while waiting:
            value, path = waiting.pop()
            if not isinstance(value, dict):
                continue
            for name, inner in value.items():
                for index, one in enumerate(inner) if isinstance(inner, list) else [(None, inner)]:
                    place: Path = (path, name, index)
                    waiting.append((one, place))
                    if name in ("extension", "modifierExtension") and isinstance(one, dict):
                        issues.extend(self._extension_issues(one, item, place))
        return issues

    def _extension_issues(self, extension: Json, root: Item, path: Path) -> list[Issue]:
        url = extension.get("url")
        if not isinstance(url, str) or self.type_of(url) != "Extension":
            return []
        tree = self.tree(url)
        if tree is None:
            return []
        check = ProfileCheck(self, url, root, root)
        check.check(tree, Item(extension, "Extension"), path)
        return check.issues

    def row(self, url: str) -> Json | None:
        """The compact form of a profile."""
        return self._rows.get(url) or (self._base.row(url) if self._base else None)

    def tree(self, canonical: str) -> Node | None:
        """The compiled tree of a profile, None for an unknown one or a type of the standard."""
        url = canonical.partition("|")[0]
        if url not in self._trees:
            row = self.row(url)
            self._trees[url] = build_tree(row["type"], self._elements(row)) if row else None
        return self._trees[url]

    def _elements(self, row: Json) -> Json:
        """A profile's element rows, those of its bases under them where it has no snapshot."""
        layers = [row["elements"]]
        for _ in range(MAX_BASES):
            if row["complete"]:
                break
            base = self.row((row["base"] or "").partition("|")[0])
            if base is None:
                break
            layers.append(base["elements"])
            row = base
        return merge_elements(reversed(layers))

    def type_of(self, canonical: str) -> str | None:
        """The type a canonical is about: a profile's, or the type it defines."""
        url = canonical.partition("|")[0]
        row = self.row(url)
        if row is not None:
            type_name: str = row["type"]
            return type_name
        return url.removeprefix(CORE) if _is_core_type(url) else None

    def expansion(self, value_set: str) -> definitions.Expansion | None:
        """The codes of a value set; None for an unknown one and for open-ended standards."""
        if value_set in _FORMS_ONLY:
            return None
        expansion = self.terminology.expand(value_set)
        return expansion if expansion and expansion.codes else None

    def rule(self, expression: str, type_name: str) -> RuleTest | None:
        """The test of an invariant on values of a type."""
        key = (expression, type_name)
        if key not in self._rules:
            self._rules[key] = rule_test(expression, type_name)
        return self._rules[key]

    def matchers(self, node: Node) -> dict[str, Matcher | None]:
        """How the slices of an element are told apart."""
        known = self._matchers.get(id(node))
        if known is None:
            # The node is kept with its matchers, so that its id isn't used again.
            known = self._matchers[id(node)] = (node, slice_matchers(node, self))
        return known[1]

    def meets(self, item: Item, canonical: str, root: Item) -> bool:
        """Whether a value meets a profile; an unknown one by its type only."""
        wanted = self.type_of(canonical)
        if wanted is not None and item.type != wanted:
            return False
        tree = self.tree(canonical)
        if tree is None:
            return wanted is not None
        check = ProfileCheck(self, canonical, item, root)
        check.check(tree, item, (None, item.type, None))
        return not any(issue.severity == "error" for issue in check.issues)

    def _forget(self) -> None:
        self._trees.clear()
        self._matchers.clear()


@cache
def shipped_profiles() -> Profiles:
    """The profiles the product comes with: HL7's of R4 and HL7 Norway's.

    no-basis, vital signs, NILAR laboratory and the trust framework's AuditEvent; all CC0,
    the tables name their sources. Callers lay their own over it: ``Profiles(shipped_profiles())``.
    """
    core = Profiles(rows=load_table("profiles-r4")["profiles"])
    norway = load_table("profiles-norway")
    terminology = definitions.Terminology(norway, base=definitions.standard_terminology())
    return Profiles(core, rows=norway["profiles"], terminology=terminology)


def _is_core_type(url: str) -> bool:
    name = url.removeprefix(CORE)
    return name != url and name in definitions.type_names()


def resources_with_paths(data: Json) -> Iterator[tuple[Json, Path]]:
    """A resource and those inside its entries or parameters, each with its place."""
    top: Path = (None, str(data.get("resourceType")), None)
    waiting: list[tuple[Any, Path]] = [(data, top)]
    while waiting:
        resource, path = waiting.pop()
        if not isinstance(resource, dict):
            continue
        yield resource, path
        name = {"Bundle": "entry", "Parameters": "parameter"}.get(str(resource.get("resourceType")))
        entries = resource.get(name) if name else None
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            if name and isinstance(entry, dict) and "resource" in entry:
                waiting.append((entry["resource"], ((path, name, index), "resource", None)))


def _claimed(data: Json) -> list[str]:
    meta = data.get("meta")
    profiles = meta.get("profile") if isinstance(meta, dict) else None
    if not isinstance(profiles, list):
        return []
    return [profile for profile in profiles if isinstance(profile, str)]
