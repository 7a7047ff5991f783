"""Compile the official search parameters into slots and parameters.

A *slot* is one path of one resource type read for one kind of index; several parameters
may share it. Its number is stored with every index row, so numbers never change: the
shipped table is read first, and what it knows keeps its number.

Run on its own: ``python -m tools.compile_definitions.search [PACKAGE FOLDER]``.
"""

from __future__ import annotations

import gzip
import sys
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
from tools.compile_definitions.package import R4_LICENCE, R4_SOURCE, Package, encode_table
from tools.compile_definitions.search_paths import (
    READABLE,
    Inexpressible,
    Place,
    Resolver,
    Structures,
    atoms,
)
from tools.compile_definitions.search_systems import ImpliedSystems

URL = "http://hl7.org/fhir/SearchParameter/"
PROJECT = Path(__file__).resolve().parents[2]
DEFAULT_PACKAGE = PROJECT / "node_modules" / "hl7.fhir.r4.examples"
TABLE = PROJECT / "src/fellesjournal/fhir/definitions/tables/search.json.gz"

# Not parameters of any type, each with its reason.
LEFT_OUT: dict[str, str] = {
    "example": "example: a second definition of _id",
    "example-extension": "example: its expression is about another type than its base",
    "example-reference": "example: a second definition of Condition.subject",
    "patient-extensions-Patient-age": "has no expression: changes with the clock, not with data",
    "patient-extensions-Patient-birthOrderBoolean": "has no expression, and an xpath of two types",
    "Resource-query": "named queries: the server has none",
    "Resource-content": "full-text search is not offered",
    "DomainResource-text": "full-text search is not offered",
    "filter": "a query language, not an index; see store/search/filter_language.py",
} | {
    f"{name.lower()}-extensions-{name}-{code}": "has neither base nor expression"
    for name in ("CodeSystem", "ValueSet")
    for code in ("author", "effective", "end", "keyword", "workflow")
}

# Where FHIRPath says more than a path can; each is a rule of its own at extraction.
SPECIAL: dict[str, str] = {
    # "exists() and != false": a boolean even for a patient with neither element
    "Patient-deceased": "deceased",
}

# The definition names the parameters of its two components the wrong way round: relatesto is
# the reference, but stands beside the expression of the code.
SWAPPED = frozenset({"DocumentReference-relationship"})

# Which date a type is mostly listed by, and which codes are asked for together with the
# patient; the first that exists is chosen.
MAIN_DATES = [
    "date",
    "authoredon",
    "authored-on",
    "authored",
    "whenhandedover",
    "effective",
    "effective-time",
    "period",
    "onset-date",
    "started",
    "sent",
    "created",
    "issued",
    "occurrence",
    "collected",
    "birthdate",
    "recorded",
]
MAIN_CODES = (("code", "vaccine-code", "type", "class"), ("category",))

Row = list[Any]


class SearchCompiler:
    """Collects slots while it goes through the parameters of one package."""

    def __init__(self, package: Package, shipped: dict[str, Any] | None) -> None:
        self.structures = Structures(package.resources("StructureDefinition"))
        self.resolver = Resolver(self.structures)
        self.systems = ImpliedSystems(package)
        self.definitions = {d["url"]: d for d in package.resources("SearchParameter")}
        self.numbers = _numbers(shipped) if shipped else {}
        self.slots: dict[str, dict[int, Row]] = defaultdict(dict)
        self.pairs: dict[str, dict[int, Row]] = defaultdict(dict)
        self.parameters: dict[str, dict[str, Row]] = defaultdict(dict)
        self.inexpressible: list[str] = []

    def compile(self) -> dict[str, Any]:
        """Go through all parameters; what can't be expressed is in ``inexpressible``."""
        for definition in self.definitions.values():
            if definition["id"] in LEFT_OUT:
                continue
            for base in definition["base"]:
                try:
                    self._parameter(definition, "Resource" if base == "DomainResource" else base)
                except Inexpressible as problem:
                    self.inexpressible.append(f"{base}.{definition['code']}: {problem}")
        types = {
            name: {
                "parameters": dict(sorted(self.parameters[name].items())),
                "slots": [self.slots[name][n] for n in sorted(self.slots[name])],
                "pairs": [self.pairs[name][n] for n in sorted(self.pairs[name])],
                **self._main(name),
            }
            for name in sorted({"Resource", *self.structures.resources})
        }
        return {"types": types, "systems": self.systems.rows}

    def _parameter(self, definition: dict[str, Any], base: str) -> None:
        code, kind = definition["code"], definition["type"]
        if definition["id"] in SPECIAL:
            rule = SPECIAL[definition["id"]]
            where: Any = [[self._slot(base, kind, [[[], rule, None]], many=False), None]]
        elif kind == "composite":
            where = self._composite(definition, base)
        else:
            if definition["id"] == "Location-near":
                kind = "position"
            elif definition.get("xpathUsage") == "phonetic":
                kind = "phonetic"
            where = self._places(definition, base, kind)
        # the official list repeats some codes for a type (genetics); the first one stands
        row = [
            definition["type"],
            definition["url"].removeprefix(URL),
            where,
            definition.get("target", []),
        ]
        self.parameters[base].setdefault(code, row)

    def _places(self, definition: dict[str, Any], base: str, kind: str) -> list[Row]:
        """``[[slot, only], ...]`` of a parameter that is not composite."""
        found = []
        for atom in atoms(definition["expression"]):
            root = atom.lstrip("(").split(".")[0].split(" ")[0]
            if root[0].islower():  # InsurancePlan-name is written relative to its type
                found += self._resolve(f"{base}.{atom}", base, kind)
            elif root in (base, "Resource", "DomainResource"):
                found += self._resolve(atom, base, kind)
        if not found:
            raise Inexpressible(definition["expression"])
        return self._group(base, kind, found)

    def _resolve(self, atom: str, base: str, kind: str) -> list[Place]:
        opened = len(atom) - len(atom.lstrip("("))
        relative = "(" * opened + atom.lstrip("(").partition(".")[2]
        start = Place((), base, base, base)
        places = self.resolver.resolve(relative, start)
        readable = [p for p in places if p.datatype in READABLE[kind]]
        if not readable and not any(p.datatype == "SampledData" for p in places):
            raise Inexpressible(f"{atom}: {sorted({p.datatype for p in places})} as {kind}")
        return readable

    def _group(self, base: str, kind: str, places: list[Place]) -> list[Row]:
        by_path: dict[tuple[str, str | None], list[Place]] = {}
        for place in places:
            by_path.setdefault((place.key, place.only), []).append(place)
        return [
            [
                self._slot(
                    base,
                    kind,
                    _variants(group, kind, self.systems),
                    many=any(p.many for p in group),
                ),
                only,
            ]
            for (_, only), group in by_path.items()
        ]

    def _slot(self, base: str, kind: str, variants: list[Row], *, many: bool) -> int:
        number = self._number(base, kind, variants)
        self.slots[base][number] = [number, kind, int(many), variants]
        return number

    def _number(self, base: str, kind: str, variants: list[Row]) -> int:
        key = _key(base, kind, variants)
        return self.numbers.setdefault(key, max(self.numbers.values(), default=0) + 1)

    def _composite(self, definition: dict[str, Any], base: str) -> Row:
        """``[[code, kind, targets] per component], [alternative, ...]``.

        An alternative is ``[pair, parts]``: each part the slots of that component, which
        must all match; with a pair number the parts that are None must match within one
        element, and index rows of that pair say so.
        """
        parts = [
            (self.definitions[c["definition"]], c["expression"]) for c in definition["component"]
        ]
        if definition["id"] in SWAPPED:
            (one, first), (other, second) = parts
            parts = [(other, first), (one, second)]
        components = [[d["code"], d["type"], d.get("target", [])] for d, _ in parts]
        alternatives = []
        for atom in atoms(definition["expression"]):
            below = atom.partition(".")[2]
            start = Place((), base, base, base)
            (element,) = self.resolver.resolve(below, start) if below else [start]
            alternatives.append(self._alternative(base, element, parts))
        return [components, alternatives]

    def _alternative(
        self, base: str, element: Place, parts: list[tuple[dict[str, Any], str]]
    ) -> Row:
        own: list[Row] = []
        slots: list[Row | None] = []
        for definition, expression in parts:
            kind = definition["type"]
            of_resource = expression.startswith("%resource.")
            start = Place((), base, base, base) if of_resource else element
            found = [
                place
                for atom in atoms(expression.removeprefix("%resource."))
                for place in self.resolver.resolve(atom, start)
                if place.datatype in READABLE[kind]
            ]
            if element.many and start is element:
                inner = [replace(p, steps=p.steps[len(element.steps) :]) for p in found]
                own.append([kind, _variants(inner, kind, self.systems)])
                slots.append(None)
            else:
                slots.append([slot for slot, _ in self._group(base, kind, found)])
        if not own:
            return [None, slots]
        number = self._number(base, "pair", [[list(element.steps), *own]])
        self.pairs[base][number] = [number, list(element.steps), own]
        return [number, slots]

    def _main(self, name: str) -> dict[str, Any]:
        own = self.parameters[name]
        single = [
            code
            for code in MAIN_DATES
            if code in own and own[code][0] == "date" and len(own[code][2]) == 1
            and not self.slots[name][own[code][2][0][0]][2]
        ]  # fmt: skip
        codes = [
            next((c for c in group if c in own and own[c][0] == "token"), None)
            for group in MAIN_CODES
        ]
        return {
            "main_date": own[single[0]][2][0][0] if single else None,
            "main_codes": [slot for c in codes if c for slot, _ in own[c][2]],
            "patient": [slot for slot, only in _patient(own)],
        }


def _patient(own: dict[str, Row]) -> list[Row]:
    for code in ("patient", "subject", "beneficiary", "individual", "candidate", "member"):
        if code in own and own[code][0] == "reference" and "Patient" in own[code][3]:
            return list(own[code][2])
    return []


def _variants(places: list[Place], kind: str, systems: ImpliedSystems) -> list[Row]:
    rows = [
        [
            list(place.steps),
            place.datatype,
            systems.number(place.value_set)
            if kind == "token" and place.datatype == "code"
            else None,
        ]
        for place in places
    ]
    return sorted(rows, key=lambda row: orjson.dumps(row[:2]))


def _key(base: str, kind: str, variants: list[Row]) -> str:
    paths = [row[:2] if kind != "pair" else row for row in variants]
    return f"{base} {kind} " + orjson.dumps(_without_systems(paths)).decode()


def _without_systems(value: Any) -> Any:
    # the numbers of implied systems are no part of what a slot is
    if isinstance(value, list):
        return [_without_systems(v) for v in value if not isinstance(v, int) and v is not None]
    return value


def _numbers(shipped: dict[str, Any]) -> dict[str, int]:
    numbers = {}
    for name, rows in shipped["types"].items():
        for number, kind, _, variants in rows["slots"]:
            numbers[_key(name, kind, variants)] = number
        for number, steps, own in rows["pairs"]:
            numbers[_key(name, "pair", [[steps, *own]])] = number
    return numbers


def compile_search(package: Package, shipped: dict[str, Any] | None = None) -> dict[str, Any]:
    """The table ``search``. Raises Inexpressible naming every expression not understood."""
    compiler = SearchCompiler(package, shipped)
    table = compiler.compile()
    if compiler.inexpressible:
        raise Inexpressible("\n".join(compiler.inexpressible))
    return {"source": R4_SOURCE, "licence": R4_LICENCE, **table}


def read_shipped() -> dict[str, Any] | None:
    """The table as shipped, whose slot numbers are kept; None before the first time."""
    if not TABLE.is_file():
        return None
    shipped: dict[str, Any] = orjson.loads(gzip.decompress(TABLE.read_bytes()))
    return shipped


def main() -> int:
    """Write the shipped table. Returns the exit code."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_PACKAGE
    table = compile_search(Package(folder), read_shipped())
    raw = encode_table(table)
    TABLE.write_bytes(raw)
    slots = sum(len(t["slots"]) + len(t["pairs"]) for t in table["types"].values())
    parameters = sum(len(t["parameters"]) for t in table["types"].values())
    print(f"search: {len(raw):,} bytes, {parameters} parameters of types, {slots} slots")
    return 0


if __name__ == "__main__":
    sys.exit(main())
