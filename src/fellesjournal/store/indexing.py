"""Index rows of one resource: what fhir/extraction.py found, as hashes and numbers.

Used by commit and by ``fellesjournal check``, which compares stored rows with a fresh
extraction. store/search reads what is written here; a change of shape changes both, and
needs a reindex.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from fellesjournal.fhir.definitions.search import Pair, TypeSearch, Variant, search_of
from fellesjournal.fhir.definitions.search import slot as slot_of
from fellesjournal.fhir.extraction import Extracted, extract
from fellesjournal.fhir.quantities import Amount, rounded
from fellesjournal.fhir.text import normalised, phonetic_key
from fellesjournal.store.claims import claims_of
from fellesjournal.store.tokens import Hasher, pair_values

LATITUDE, LONGITUDE = 1, 2
# Rows whose lo and hi differ have this bit of their unit turned. Nearly all values are
# points, found by an index on one column; true ranges need two, and are few.
RANGE_BIT = 1 << 62

# One living resource per number, whoever registers it: national identity numbers (FNR, DNR,
# common help number), health personnel numbers, organisation, RESH and HER numbers. The OIDs
# are those of the Norwegian base profiles.
_OID = "urn:oid:2.16.578.1.12.4.1."
_OWN = "https://fellesjournal.example/fhir/NamingSystem/"
UNIQUE_SYSTEMS: dict[str, frozenset[str]] = {
    "Patient": frozenset({_OID + "4.1", _OID + "4.2", _OID + "4.3"}),
    "Practitioner": frozenset({_OID + "4.4"}),
    "Organization": frozenset({_OID + "4.101", _OID + "4.102", _OID + "2"}),
    # one delivery for each document and recipient, however often sending is tried; one planned
    # item of a visit, however often its day is made
    "Task": frozenset({_OWN + "delivery", _OWN + "received", _OWN + "planned-item"}),
    # a letter is written, and a message taken in, once
    "DocumentReference": frozenset({_OWN + "letter", _OWN + "message"}),
    "Encounter": frozenset({_OWN + "planned-visit"}),
    # one administration for each planned dose, on however many devices it is recorded (INV-23)
    "MedicationAdministration": frozenset({_OWN + "planned-dose"}),
}


@dataclass(slots=True)
class IndexRow:
    """Everything the index holds about one version.

    ``patient`` (type, id) of the primary patient; ``date_lo``/``date_hi`` the main date in
    microseconds since 1970, half-open; ``tokens`` hashed and distinct; ``pairs`` those to be
    joined with the patient; ``references`` (slot, type, id) on this server; ``strings``
    (slot, norm, raw); ``dates`` (slot, lo, hi); ``numbers`` (slot, unit, lo, hi) inclusive;
    ``unique`` (system, value) no other living resource of the type may have; ``terms``
    (token, slot, norm) texts and uris that can be searched by their beginning.
    """

    patient: tuple[str, str] | None = None
    date_lo: int | None = None
    date_hi: int | None = None
    tokens: list[int] = field(default_factory=list)
    pairs: list[int] = field(default_factory=list)
    references: list[tuple[int, str, str]] = field(default_factory=list)
    strings: list[tuple[int, str, str]] = field(default_factory=list)
    dates: list[tuple[int, int, int]] = field(default_factory=list)
    numbers: list[tuple[int, int, float, float]] = field(default_factory=list)
    unique: list[tuple[str, str]] = field(default_factory=list)
    terms: list[tuple[int, int, str]] = field(default_factory=list)


def index_row(
    type_name: str,
    fhir_id: str,
    data: dict[str, Any],
    hasher: Hasher,
    own_bases: tuple[str, ...] = (),
) -> IndexRow:
    """The index row of a valid resource, stored as ``type_name/fhir_id``.

    ``own_bases``: base URLs whose absolute references are this server's own resources.
    """
    found = extract(data, own_bases)
    definitions = search_of(type_name)
    row = IndexRow(
        patient=_patient(type_name, fhir_id, found, definitions),
        references=list(dict.fromkeys(found.references)),
        strings=list(dict.fromkeys((slot, normalised(raw), raw) for slot, raw in found.strings)),
        numbers=list(dict.fromkeys(_numbers(found, definitions, hasher))),
        unique=unique_identifiers(type_name, data),
    )
    _add_dates(row, found, definitions)
    _add_tokens(row, found, definitions, hasher)
    return row


def _patient(
    type_name: str, fhir_id: str, found: Extracted, definitions: TypeSearch
) -> tuple[str, str] | None:
    if type_name == "Patient":
        return ("Patient", fhir_id)
    for slot in definitions.patient:
        for at, target, target_id in found.references:
            if at == slot and target == "Patient":
                return (target, target_id)
    return None


def _add_dates(row: IndexRow, found: Extracted, definitions: TypeSearch) -> None:
    last_updated = search_of("Resource").parameters["_lastUpdated"].places[0].slot
    for slot, lo, hi in dict.fromkeys(found.dates):
        if slot == last_updated:
            continue  # the server's own, known from seq
        if slot == definitions.main_date and row.date_lo is None:
            row.date_lo, row.date_hi = lo, hi
        else:
            row.dates.append((slot, lo, hi))


def _add_tokens(row: IndexRow, found: Extracted, definitions: TypeSearch, hasher: Hasher) -> None:
    unindexed = _server_slots()
    tokens: set[int] = set()
    pairs: dict[int, None] = {}
    for slot, system, code in found.tokens:
        if slot in unindexed:
            continue
        coded = hasher.coded(slot, system, code)
        tokens.update(coded)
        if slot in definitions.main_codes:
            pairs.update(dict.fromkeys(coded[:2]))
    tokens.update(hasher.presences(frozenset(found.present - unindexed)))
    _add_terms(row, found, tokens, hasher)
    tokens.update(_rare_tokens(found, definitions, hasher))
    row.tokens = list(tokens)
    row.pairs = list(pairs)


def _add_terms(row: IndexRow, found: Extracted, tokens: set[int], hasher: Hasher) -> None:
    row.terms = [hasher.term(slot, text) for slot, text in found.texts]
    for slot, uri in found.uris:
        if _is_canonical(slot):
            row.terms.append((hasher.uri(slot, uri), slot, uri))
        else:
            tokens.add(hasher.uri(slot, uri))
    if row.terms:
        row.terms = list(dict.fromkeys(row.terms))
        tokens.update([token for token, _, _ in row.terms])


@cache
def _is_canonical(slot: int) -> bool:
    # uris that name families (:below); references to elsewhere are found whole or not at all
    return any(
        variant.datatype not in ("Reference", "Resource") for variant in slot_of(slot).variants
    )


def _rare_tokens(found: Extracted, definitions: TypeSearch, hasher: Hasher) -> Iterator[int]:
    restricted = _restricted(definitions)
    for slot, target in found.targets:
        if slot in restricted:
            yield hasher.token(slot, "target", target)
    for slot, system, value in found.logical:
        yield hasher.token(slot, "logical", system or "", value)
        yield hasher.token(slot, "logical-value", value)
        if system is not None:
            yield hasher.token(slot, "logical-system", system)
    for slot, system, code, value in found.typed:
        yield hasher.token(slot, "of-type", system or "", code, value)
        yield hasher.token(slot, "of-type-code", code, value)
    for slot, name in found.names:
        yield hasher.token(slot, "sound", phonetic_key(name))
    for slot, size in found.amounts:
        for unit in {size.code, size.unit} - {None}:
            yield hasher.token(slot, "unit", str(unit))
    for number, parts in found.pairs:
        yield hasher.present(number)
        yield from _pair_tokens(_pair(definitions, number), parts, hasher)


def _pair_tokens(pair: Pair, parts: tuple[Extracted, ...], hasher: Hasher) -> Iterator[int]:
    kinds = [kind for kind, _ in pair.parts]
    if kinds not in (["token", "token"], ["token", "reference"]):
        return
    for one in part_values(pair.parts[0], parts[0]):
        for other in part_values(pair.parts[1], parts[1]):
            yield hasher.token(pair.number, "pair", one, other)


def part_values(part: tuple[str, tuple[Variant, ...]], found: Extracted) -> set[str]:
    """The comparable spellings of a token or reference inside a composite."""
    kind, variants = part
    if kind == "reference":
        return {f"{name}/{fhir_id}" for _, name, fhir_id in found.references} | {
            uri for _, uri in found.uris
        }
    how = part_comparison(variants)
    return {value for _, system, code in found.tokens for value in pair_values(how, system, code)}


def part_comparison(variants: tuple[Variant, ...]) -> str:
    """How the codes of a composite's part are the same."""
    coded = any(variant.datatype in ("CodeableConcept", "Coding") for variant in variants)
    return "code" if coded else "exact"


def _numbers(
    found: Extracted, definitions: TypeSearch, hasher: Hasher
) -> Iterator[tuple[int, int, float, float]]:
    for slot, lo, hi in found.numbers:
        yield slot, unit_of(0, lo, hi), rounded(lo), rounded(hi)
    for slot, size in found.amounts:
        for unit, lo, hi in amount_rows(size):
            yield slot, unit_of(hasher.unit(*unit) if unit else 0, lo, hi), lo, hi
    for slot, latitude, longitude in found.positions:
        yield slot, LATITUDE, latitude, latitude
        yield slot, LONGITUDE, longitude, longitude
    for position, (number, parts) in enumerate(found.pairs):
        yield from _pair_numbers(_pair(definitions, number), position, parts, hasher)


def amount_rows(size: Amount) -> Iterator[tuple[tuple[str, ...], float, float]]:
    """(unit name, lo, hi): without unit as written; and in base units, or in its own code."""
    lo = rounded(size.lo)
    hi = lo if size.hi == size.lo else rounded(size.hi)
    yield (), lo, hi
    canonical = size.canonical()
    if canonical is not None:
        dimension, base_lo, base_hi = canonical
        yield ("ucum", dimension), base_lo, base_hi
    elif size.code is not None:
        yield ("code", size.system or "", size.code), lo, hi


def _pair_numbers(
    pair: Pair, position: int, parts: tuple[Extracted, ...], hasher: Hasher
) -> Iterator[tuple[int, int, float, float]]:
    kinds = [kind for kind, _ in pair.parts]
    if kinds == ["number", "number"]:
        # the unit column says which element and which part, so that a search can join them
        for part, found in enumerate(parts):
            for _, lo, hi in found.numbers:
                yield pair.number, 2 * position + part, rounded(lo), rounded(hi)
    elif kinds == ["token", "quantity"]:
        sizes = [row for _, size in parts[1].amounts for row in amount_rows(size)]
        for code in part_values(pair.parts[0], parts[0]):
            for unit, lo, hi in sizes:
                yield pair.number, unit_of(hasher.unit(code, *unit), lo, hi), lo, hi


def unit_of(unit: int, lo: float, hi: float) -> int:
    """The unit column of a row: the unit, marked when the row is a true range."""
    return unit if lo == hi else unit ^ RANGE_BIT


def _pair(definitions: TypeSearch, number: int) -> Pair:
    return next(pair for pair in definitions.pairs if pair.number == number)


@cache
def _server_slots() -> frozenset[int]:
    shared = search_of("Resource").parameters
    return frozenset(shared[code].places[0].slot for code in ("_id", "_lastUpdated"))


_restricted_slots: dict[int, frozenset[int]] = {}


def _restricted(definitions: TypeSearch) -> frozenset[int]:
    """Slots that some parameter reads for one type of target only."""
    found = _restricted_slots.get(id(definitions))
    if found is None:
        found = _restricted_slots[id(definitions)] = frozenset(
            place.slot
            for parameter in definitions.parameters.values()
            for place in parameter.places
            if place.only is not None
        )
    return found


def unique_identifiers(type_name: str, data: dict[str, Any]) -> list[tuple[str, str]]:
    """(system, value) of the identifiers that no other living resource of the type may have.

    For an Appointment it is the time it takes of a schedule (store/claims.py).
    """
    if type_name == "Appointment":
        return claims_of(data)
    systems = UNIQUE_SYSTEMS.get(type_name)
    # a record that was merged into another keeps its number, inactive
    if systems is None or data.get("active") is False:
        return []
    return list(
        dict.fromkeys(
            (identifier["system"], identifier["value"])
            for identifier in data.get("identifier", ())
            if identifier.get("system") in systems
            and "value" in identifier
            and identifier.get("use") != "old"
        )
    )


__all__ = ["Hasher", "IndexRow", "index_row", "unique_identifiers"]
