"""The units below one's own, and registering one more. Every look is a search in the log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from fellesjournal.access import patients, records
from fellesjournal.access.directory.rules import is_within
from fellesjournal.access.sessions import Session
from fellesjournal.access.writing import Operation, write
from fellesjournal.fhir import bodies, reading
from fellesjournal.fhir.definitions import type_number
from fellesjournal.fhir.issues import NotFound
from fellesjournal.registry.numbers import ENH_SYSTEM
from fellesjournal.registry.units import UNIT_KIND_NAMES_NB, UNIT_KIND_SYSTEM, UnitKind
from fellesjournal.store.search import SearchPage

_PAGE = "500"
# More levels than any organisation has; a circle of parents ends here.
_DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Unit:
    """One Organization. ``depth``: levels below the unit the list begins with."""

    id: str
    name: str
    kind: str
    parent: str
    active: bool
    depth: int = 0

    @property
    def reference(self) -> str:
        """As ``Organization/x``."""
        return f"Organization/{self.id}"


def unit(session: Session, unit_id: str) -> Unit:
    """One unit at or below that of who asks. Raises NotFound for any other."""
    found = _of(records.read(session, "Organization", unit_id).body)
    if not is_within(session.connection(), found.reference):
        raise NotFound(f"Organization/{unit_id} is not known")
    return found


def tree(session: Session) -> list[Unit]:
    """The unit of who asks and all below it, each after its parent, by name."""
    root = unit(session, session.unit.partition("/")[2])
    below: dict[str, list[Unit]] = {}
    level, seen = [root.reference], {root.reference}
    for depth in range(1, _DEEPEST):
        found = [each for each in _children(session, level, depth) if each.reference not in seen]
        for each in found:
            below.setdefault(each.parent, []).append(each)
        level = [each.reference for each in found]
        seen.update(level)
        if not level:
            break
    return list(_in_order(root, below))


def numbers(session: Session, units: Iterable[Unit]) -> dict[str, int]:
    """The number that stands for each of these units in tables of figures, by reference."""
    return numbers_of(session, [each.reference for each in units])


def numbers_of(session: Session, references: Iterable[str]) -> dict[str, int]:
    """As :func:`numbers`, of units of which the reference is known; none for one that she does not see."""
    ids = [each.partition("/")[2] for each in references]
    rows = session.connection().execute(
        "select r.fhir_id, r.rid from store.resource r where r.type = %s and r.fhir_id = any(%s)"
        f" and r.version > 0 and not r.deleted and {session.visibility.sql('r')}",
        [type_number("Organization"), ids],
    )
    return {f"Organization/{fhir_id}": rid for fhir_id, rid in rows}


def names_of(session: Session, numbers: Iterable[int]) -> dict[int, str]:
    """What units are called that stand as numbers in tables of figures; those known to who asks."""
    return {rid: each.name or each.id for rid, each in known_by(session, numbers).items()}


def known_by(session: Session, numbers: Iterable[int]) -> dict[int, Unit]:
    """The units that stand as numbers in tables of figures, by these; those known to who asks."""
    rows = session.connection().execute(
        "select r.rid, r.fhir_id from store.resource r where r.type = %s and r.rid = any(%s)"
        f" and r.version > 0 and not r.deleted and {session.visibility.sql('r')}",
        [type_number("Organization"), sorted(numbers)],
    )
    ids: dict[int, str] = dict(rows.fetchall())
    stored = patients.read_known(session, [("Organization", fhir_id) for fhir_id in ids.values()])
    found = {str(each.reference): _of(each.body) for each in stored}
    return {
        rid: found.get(f"Organization/{fhir_id}") or Unit(fhir_id, fhir_id, "", "", active=True)
        for rid, fhir_id in ids.items()
    }


def register_unit(session: Session, *, parent: str, name: str, kind: str, number: str = "") -> str:
    """Make a unit below another; answers its id.

    ``parent`` is a reference, ``kind`` a code of registry/units.py, ``number`` its number in the
    register of units (ENH), if it has one. Raises NotAllowed.
    """
    resource: dict[str, Any] = {
        "resourceType": "Organization",
        "active": True,
        "name": name,
        "type": [_kind(UnitKind(kind))],
        "partOf": {"reference": parent},
    }
    if number:
        resource["identifier"] = [{"system": ENH_SYSTEM, "value": number}]
    body = bodies.parse(orjson.dumps(resource))
    (written,) = write(session, [Operation("create", "Organization", body=body)])
    assert written.stored is not None  # a create leaves something
    return written.stored.id


def pages(
    session: Session, type_name: str, query: Sequence[tuple[str, str]]
) -> Iterator[SearchPage]:
    """All pages of a search."""
    cursor: str | None = None
    while True:
        page = records.search(session, type_name, [*query, ("_count", _PAGE)], cursor=cursor)
        yield page
        cursor = page.next
        if cursor is None:
            return


def _kind(kind: UnitKind) -> dict[str, Any]:
    name = UNIT_KIND_NAMES_NB[kind]
    return {
        "coding": [{"system": UNIT_KIND_SYSTEM, "code": kind.value, "display": name}],
        "text": name,
    }


def _children(session: Session, parents: list[str], depth: int) -> list[Unit]:
    query = [("partof", ",".join(parents))]
    return [
        _of(stored.body, depth)
        for page in pages(session, "Organization", query)
        for stored in page.matches
    ]


def _in_order(root: Unit, below: dict[str, list[Unit]]) -> Iterator[Unit]:
    yield root
    for child in sorted(below.get(root.reference, ()), key=lambda each: each.name.casefold()):
        yield from _in_order(child, below)


def _of(body: bytes | None, depth: int = 0) -> Unit:
    data = bodies.parse(body or b"{}").data
    types = list(reading.elements(data.get("type")))
    return Unit(
        id=str(data.get("id", "")),
        name=reading.string(data.get("name")) or str(data.get("id", "")),
        kind=next((text for each in types if (text := reading.concept_text(each))), ""),
        parent=reading.reference_target(data.get("partOf")),
        active=data.get("active") is not False,
        depth=depth,
    )


__all__ = ["Unit", "known_by", "names_of", "numbers", "pages", "register_unit", "tree", "unit"]
