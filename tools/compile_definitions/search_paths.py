"""FHIRPath of the official search parameters, resolved into JSON paths.

The 1,400 expressions use a small language: member names, ``as``/``ofType``, ``where`` with
one equality, ``where(resolve() is T)``, ``hasExtension``, ``extension(url)`` and ``[0]``.
A path is resolved through the element tree of the StructureDefinitions, so that what is
left at run time is a list of JSON keys and simple filters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

# Datatypes each kind of index can read. SampledData has no single value to compare, so no
# kind reads it (R4 leaves its search undefined).
READABLE: dict[str, frozenset[str]] = {
    "token": frozenset(
        [
            "code",
            "Coding",
            "CodeableConcept",
            "Identifier",
            "ContactPoint",
            "boolean",
            "id",
            "string",
            "uri",
            "url",
            "canonical",
            "oid",
            "uuid",
            "integer",
            "positiveInt",
            "unsignedInt",
        ]
    ),
    "string": frozenset(["string", "markdown", "code", "id", "HumanName", "Address", "uri"]),
    "reference": frozenset(["Reference", "canonical", "uri", "Resource", "url"]),
    "date": frozenset(["date", "dateTime", "instant", "Period", "Timing"]),
    "number": frozenset(["integer", "decimal", "positiveInt", "unsignedInt", "Range"]),
    "quantity": frozenset(["Quantity", "Age", "Count", "Distance", "Duration", "Money", "Range"]),
    "uri": frozenset(["uri", "url", "canonical", "oid", "uuid"]),
    "position": frozenset({"BackboneElement"}),
    "phonetic": frozenset({"HumanName", "string"}),
}

_SEGMENT = re.compile(
    r"""(?P<name>%?[A-Za-z]\w*)(?P<call>\((?P<argument>(?:[^()']|'[^']*'|\([^()]*\))*)\))?(?P<index>\[\d+\])?""",
)


class Inexpressible(Exception):
    """The compact language has no words for an expression."""


@dataclass(frozen=True)
class Element:
    """One element of a snapshot: its types, and whether it repeats."""

    path: str
    types: tuple[tuple[str, tuple[str, ...]], ...]
    many: bool
    content: str | None
    value_set: str | None

    @property
    def choice(self) -> bool:
        """Whether the JSON name carries the type."""
        return self.path.endswith("[x]")


class Structures:
    """The element trees of all base types."""

    def __init__(self, definitions: Iterator[dict[str, Any]]) -> None:
        self.elements: dict[str, Element] = {}
        self.resources: list[str] = []
        self.bases: dict[str, str] = {}
        for definition in definitions:
            if definition.get("derivation") == "constraint" or definition["kind"] == "logical":
                continue
            if definition["kind"] == "resource" and not definition["abstract"]:
                self.resources.append(definition["type"])
            for element in definition["snapshot"]["element"]:
                self.elements[element["path"]] = _element(element)
        self.resources.sort()

    def child(self, parent: str, name: str) -> Element | None:
        """The element ``name`` below the path or type ``parent``."""
        return self.elements.get(f"{parent}.{name}") or self.elements.get(f"{parent}.{name}[x]")


def _element(element: dict[str, Any]) -> Element:
    types = []
    for each in element.get("type", ()):
        code = each["code"]
        if code.startswith("http://hl7.org/fhirpath/"):
            code = "id" if element["path"].endswith(".id") else "string"
        targets = tuple(url.rsplit("/", 1)[1] for url in each.get("targetProfile", ()))
        types.append((code, targets))
    binding = element.get("binding", {})
    return Element(
        path=element["path"],
        types=tuple(types),
        many=element.get("max") not in ("0", "1"),
        content=element.get("contentReference"),
        value_set=binding.get("valueSet", "").split("|")[0] or None
        if binding.get("strength") == "required"
        else None,
    )


@dataclass(frozen=True)
class Place:
    """Where the walk stands: JSON steps so far, and the type or element path below."""

    steps: tuple[str, ...]  # keys, and filters: ?key=value  +extension-url  #index
    key: str  # the path without choices expanded; names the slot
    below: str  # an element path (backbone) or a type name
    datatype: str
    many: bool = False
    single_root: bool = True  # no repeating element on the way
    value_set: str | None = None
    targets: tuple[str, ...] = ()
    only: str | None = None  # where(resolve() is T)


@dataclass
class Resolver:
    """Resolves expressions; remembers what the data behind them can't hold."""

    structures: Structures
    unreadable: list[str] = field(default_factory=list)

    def resolve(self, expression: str, start: Place) -> list[Place]:
        """All places an atom without ``|`` leads to, from ``start``."""
        places = [start]
        for segment in segments(expression):
            places = [after for place in places for after in self._step(place, segment)]
            if not places:
                raise Inexpressible(f"{segment['name']} leads nowhere in {expression}")
        return places

    def _step(self, place: Place, segment: dict[str, str]) -> list[Place]:
        name, argument = segment["name"], segment["argument"]
        if segment["call"]:
            return _call(self, place, name, argument)
        found = self._children(place, name)
        if segment["index"]:
            index = segment["index"].strip("[]")
            found = [
                replace(
                    p,
                    steps=(*p.steps, f"#{index}"),
                    key=p.key + segment["index"],
                    many=False,
                )
                for p in found
            ]
        return found

    def _children(self, place: Place, name: str) -> list[Place]:
        element = self.structures.child(place.below, name)
        if element is None:
            return []
        if element.content:
            target = self.structures.elements[element.content.removeprefix("#")]
            types: tuple[tuple[str, tuple[str, ...]], ...] = (("BackboneElement", ()),)
            below = target.path
        else:
            types, below = element.types, element.path
        return [
            Place(
                steps=(*place.steps, _json_key(name, code) if element.choice else name),
                key=f"{place.key}.{name}" + ("[x]" if element.choice else ""),
                below=below if code in ("BackboneElement", "Element") else code,
                datatype=code,
                many=place.many or element.many,
                value_set=element.value_set,
                targets=targets,
            )
            for code, targets in types
        ]


def _call(resolver: Resolver, place: Place, name: str, argument: str) -> list[Place]:
    if name in ("as", "ofType"):
        # The official Observation-code-value-date says `DateTime`.
        wanted = "dateTime" if argument == "DateTime" else argument
        return [place] if place.datatype == wanted else []
    if name == "where":
        return [_where(place, argument)]
    if name == "extension":
        url = argument.strip("'")
        values = resolver.resolve("extension", place)
        return [
            replace(value, many=True)
            for found in values
            for value in resolver.resolve(
                "value",
                replace(
                    found,
                    steps=(*found.steps, f"?url={url}"),
                    key=f"{found.key}({url})",
                ),
            )
        ]
    raise Inexpressible(f"{name}({argument})")


def _where(place: Place, argument: str) -> Place:
    if match := re.fullmatch(r"resolve\(\) is (\w+)", argument):
        return replace(place, only=match[1])
    if match := re.fullmatch(r"(\w+)='([^']*)'", argument):
        step = f"?{match[1]}={match[2]}"
    elif match := re.fullmatch(r"hasExtension\('([^']*)'\)", argument):
        step = f"+{match[1]}"
    else:
        raise Inexpressible(f"where({argument})")
    return replace(place, steps=(*place.steps, step), key=place.key + step)


def _json_key(name: str, datatype: str) -> str:
    return name + datatype[0].upper() + datatype[1:]


def segments(expression: str) -> list[dict[str, str]]:
    """``a.b.where(c='d')`` as its parts; ``(a.b as T).c`` is read as ``a.b.as(T).c``."""
    text = expression.strip()
    while match := re.match(r"\(([\w.]+) as (\w+)\)", text):
        text = f"{match[1]}.as({match[2]}){text[match.end() :]}"
    if match := re.fullmatch(r"([\w.]+) as (\w+)", text):
        text = f"{match[1]}.as({match[2]})"
    parts, at = [], 0
    while at < len(text):
        found = _SEGMENT.match(text, at)
        if found is None:
            raise Inexpressible(expression)
        parts.append({name: value or "" for name, value in found.groupdict().items()})
        at = found.end()
        if at < len(text):
            if text[at] != ".":
                raise Inexpressible(expression)
            at += 1
    return parts


def atoms(expression: str) -> list[str]:
    """The alternatives of ``a | b``, split where no quote or bracket is open."""
    parts, depth, quoted, begin = [], 0, False, 0
    for at, character in enumerate(expression):
        if character == "'":
            quoted = not quoted
        elif not quoted and character == "(":
            depth += 1
        elif not quoted and character == ")":
            depth -= 1
        elif not quoted and character == "|" and depth == 0:
            parts.append(expression[begin:at].strip())
            begin = at + 1
    parts.append(expression[begin:].strip())
    return parts
