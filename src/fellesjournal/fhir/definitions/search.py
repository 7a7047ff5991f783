"""The search parameters of FHIR R4, and where in a resource each one looks.

A :class:`Slot` is one path of one type, read for one kind of index; its number is stored
in index rows and never changes. A :class:`Parameter` names the slots it searches.
Compiled from the official definitions (http://hl7.org/fhir/R4/searchparameter-registry.html).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from fellesjournal.fhir.definitions.tables import load_table

URL = "http://hl7.org/fhir/SearchParameter/"
FURTHER_NAMES = 20001
"""A slot of ours: the parts of a patient's names that the standard's ``name`` does not begin at (middle
names, the second of two words). No parameter searches it; people are found by it (store/people.py)."""
# As rows of the table; numbers from 20000 are never those of the standard's slots.
_OWN_SLOTS: Mapping[str, list[list[Any]]] = {
    "Patient": [[FURTHER_NAMES, "string", 1, [[["name"], "further HumanName", None]]]]
}
_CODED = frozenset({"CodeableConcept", "Coding"})


@dataclass(frozen=True, slots=True)
class Variant:
    """One way the data may be written: JSON steps to a value of one datatype.

    A step is a key or a filter on what the key led to: ``?system=phone`` (member equals),
    ``+url`` (has this extension), ``#0`` (the first only). ``systems`` is what a plain
    code implies: one system's URL, or code -> URL.
    """

    steps: tuple[str, ...]
    datatype: str
    systems: str | Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """One indexed path. ``kind``: token, string, reference, date, number, quantity, uri,
    position or phonetic. ``many``: a resource may have several values.
    """

    number: int
    kind: str
    many: bool
    variants: tuple[Variant, ...]

    @property
    def comparison(self) -> str:
        """How tokens are the same: ``exact``, ``code`` or ``contact`` (see fhir/text.py)."""
        datatypes = {variant.datatype for variant in self.variants}
        if datatypes & _CODED:
            return "code"
        return "contact" if "ContactPoint" in datatypes else "exact"

    @property
    def implied_systems(self) -> str | Mapping[str, str] | None:
        """The systems a plain code implies, if this slot holds plain codes."""
        return self.variants[0].systems if self.variants else None


@dataclass(frozen=True, slots=True)
class Pair:
    """Several values read together from each instance of one repeating element."""

    number: int
    element: tuple[str, ...]
    parts: tuple[tuple[str, tuple[Variant, ...]], ...]  # (kind, variants) each


@dataclass(frozen=True, slots=True)
class Place:
    """A slot a parameter searches; ``only`` keeps to references of one type."""

    slot: int
    only: str | None = None


@dataclass(frozen=True, slots=True)
class Component:
    """One part of a composite: the code and type of the parameter it is an instance of."""

    code: str
    type: str
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way a composite may match: every part with slots matches there on its own; the
    parts that are None match together in one element of ``pair``.
    """

    pair: int | None
    parts: tuple[tuple[int, ...] | None, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A search parameter of one type. ``type`` is the FHIR search parameter type;
    ``targets`` the resource types a reference may lead to.
    """

    code: str
    type: str
    url: str
    places: tuple[Place, ...]
    targets: tuple[str, ...]
    components: tuple[Component, ...] = ()
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class TypeSearch:
    """Everything searchable of one type, what all resources have included.

    ``main_date`` is the slot whose interval stands in the entry itself; ``main_codes`` the
    slots asked for together with the patient; ``patient`` those that name the patient.
    """

    parameters: Mapping[str, Parameter]
    slots: Mapping[int, Slot]
    pairs: tuple[Pair, ...]
    main_date: int | None
    main_codes: frozenset[int]
    patient: tuple[int, ...]


def parameter(type_name: str, code: str) -> Parameter | None:
    """The parameter ``code`` of a type, or of all types; None when there is none."""
    return search_of(type_name).parameters.get(code)


@cache
def search_of(type_name: str) -> TypeSearch:
    """The slots and parameters of a type; ``Resource`` for what all types share.

    Raises KeyError for a name that is no resource type.
    """
    row = load_table("search")["types"][type_name]
    shared = search_of("Resource") if type_name != "Resource" else None
    own = _OWN_SLOTS.get(type_name, [])
    slots = {number: _slot(number) for number, *_ in (*row["slots"], *own)}
    return TypeSearch(
        parameters={
            **(shared.parameters if shared else {}),
            **{code: _parameter(code, each) for code, each in row["parameters"].items()},
        },
        slots={**(shared.slots if shared else {}), **slots},
        pairs=tuple(_pair(*pair) for pair in row["pairs"]),
        main_date=row["main_date"],
        main_codes=frozenset(row["main_codes"]),
        patient=tuple(row["patient"]),
    )


@cache
def _slot(number: int) -> Slot:
    _, kind, many, variants = _slot_rows()[number]
    return Slot(number, kind, bool(many), tuple(_variant(*row) for row in variants))


def slot(number: int) -> Slot:
    """The slot with this number, of whatever type. Raises KeyError when there is none."""
    return _slot(number)


@cache
def _slot_rows() -> dict[int, list[Any]]:
    types = load_table("search")["types"].values()
    shipped = {row[0]: row for each in types for row in each["slots"]}
    return shipped | {row[0]: row for each in _OWN_SLOTS.values() for row in each}


def _variant(steps: list[str], datatype: str, systems: int | None) -> Variant:
    implied = None if systems is None else load_table("search")["systems"][systems]
    return Variant(tuple(steps), datatype, implied)


def _pair(number: int, element: list[str], parts: list[Any]) -> Pair:
    return Pair(
        number,
        tuple(element),
        tuple((kind, tuple(_variant(*row) for row in rows)) for kind, rows in parts),
    )


def _parameter(code: str, row: list[Any]) -> Parameter:
    kind, name, where, targets = row
    if kind != "composite":
        places = tuple(Place(number, only) for number, only in where)
        return Parameter(code, kind, URL + name, places, tuple(targets))
    components, alternatives = where
    return Parameter(
        code,
        kind,
        URL + name,
        (),
        (),
        tuple(Component(c, t, tuple(targets)) for c, t, targets in components),
        tuple(
            Alternative(pair, tuple(None if p is None else tuple(p) for p in parts))
            for pair, parts in alternatives
        ),
    )
