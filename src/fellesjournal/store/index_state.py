"""With what the search index was made, and whether it may be asked (INV-57).

Two rows of ``store.fact`` tell: ``index``, what the standing rows were made with, and while
a rebuild is under way ``reindex``, how far it has come. An index made with other definitions
than this program's would answer wrongly, so it does not answer.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

import orjson
import psycopg

from fellesjournal.fhir.definitions.tables import load_table
from fellesjournal.fhir.issues import FhirError
from fellesjournal.store.indexing import Hasher, index_row

STALE_SECONDS = 1.0
_TABLES = ("search", "units", "resource-numbers")


class IndexIncomplete(FhirError):
    """The search index is being rebuilt, or has to be; reads go on (503)."""

    status = 503
    code = "transient"


@dataclass(frozen=True, slots=True)
class Signature:
    """What index rows depend on beside the bodies: the digest of the definitions and of the
    hashing, and the base URLs that count as this server.
    """

    definitions: str
    bases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rebuild:
    """A rebuild that is not complete. ``made_with`` is what the rows before it were made with,
    None when that is not known; ``position`` the last seq that is done.
    """

    target: Signature
    made_with: Signature | None
    position: int = 0


def signature(own_bases: tuple[str, ...]) -> Signature:
    """The signature of rows that this program writes."""
    return Signature(definitions_digest(), tuple(sorted(own_bases)))


@cache
def definitions_digest() -> str:
    """Digest of the shipped index definitions, and of what this program makes of samples.

    The samples stand for the code: a change of hashing, of normalisation or of which rows
    there are shows in them, a change of a comment does not.
    """
    digest = hashlib.sha256()
    for name in _TABLES:
        digest.update(orjson.dumps(load_table(name), option=orjson.OPT_SORT_KEYS))
    hasher = Hasher(b"samples of the index rows")
    for sample in _SAMPLES:
        row = index_row(sample["resourceType"], sample["id"], sample, hasher, ("http://own/fhir",))
        rows = {name: _ordered(value) for name, value in asdict(row).items()}
        digest.update(orjson.dumps(rows, option=orjson.OPT_SORT_KEYS))
    return digest.hexdigest()[:32]


def _ordered(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else value


def made_with(connection: psycopg.Connection[Any]) -> Signature | None:
    """What the standing index rows were made with; None when nothing tells."""
    return _signature(_facts(connection).get("index"))


def rebuild_of(connection: psycopg.Connection[Any]) -> Rebuild | None:
    """The rebuild that is not complete, if there is one."""
    return _rebuild(_facts(connection).get("reindex"))


def _rebuild(found: str | None) -> Rebuild | None:
    if found is None:
        return None
    said = orjson.loads(found)
    target = _signature_of(said["target"])
    before = None if said["made_with"] is None else _signature_of(said["made_with"])
    return Rebuild(target, before, said["position"])


def note_made_with(connection: psycopg.Connection[Any], made: Signature) -> None:
    """Every row is made with this; ends a rebuild."""
    _note(connection, "index", orjson.dumps(asdict(made)).decode())
    connection.execute("delete from store.fact where name = 'reindex'")
    forget()


def note_rebuild(connection: psycopg.Connection[Any], rebuild: Rebuild) -> None:
    """A rebuild begins, or has come further; call it in the transaction of the rows."""
    _note(connection, "reindex", orjson.dumps(asdict(rebuild)).decode())
    forget()


def problem(connection: psycopg.Connection[Any]) -> str | None:
    """Why the index can't be asked, in a sentence; None when it can."""
    facts = _facts(connection)
    under_way = _rebuild(facts.get("reindex"))
    if under_way is not None and under_way.made_with != under_way.target:
        return "the search index is being rebuilt"
    made = _signature(facts.get("index"))
    if made is None or made.definitions != definitions_digest():
        return "the search index was made with other definitions and has to be rebuilt"
    return None


class _Known:
    """The answer of :func:`problem` as last read."""

    problem: str | None = None
    looked_at = float("-inf")


def forget() -> None:
    """Look again at the next search."""
    _Known.looked_at = float("-inf")


def require_complete(connection: psycopg.Connection[Any]) -> None:
    """Raises IndexIncomplete when the index can't be asked. Looks once a second."""
    now = time.monotonic()
    if now - _Known.looked_at >= STALE_SECONDS:
        _Known.problem = problem(connection)
        _Known.looked_at = now
    if _Known.problem is not None:
        raise IndexIncomplete(
            f"{_Known.problem}; until then nothing can be searched, while reading a resource by"
            " its id goes on"
        )


def _facts(connection: psycopg.Connection[Any]) -> dict[str, str]:
    return dict(
        connection.execute(
            "select name, value from store.fact where name in ('index', 'reindex')"
        ).fetchall()
    )


def _note(connection: psycopg.Connection[Any], name: str, value: str) -> None:
    connection.execute(
        "insert into store.fact (name, value) values (%s, %s)"
        " on conflict (name) do update set value = excluded.value",
        [name, value],
    )


def _signature(value: str | None) -> Signature | None:
    return None if value is None else _signature_of(orjson.loads(value))


def _signature_of(said: dict[str, Any]) -> Signature:
    return Signature(said["definitions"], tuple(said["bases"]))


_LOINC = {"system": "http://loinc.org", "code": "8480-6", "display": "Systolic  Pressure"}
_UCUM = {"value": 120.5, "unit": "mm Hg", "system": "http://unitsofmeasure.org", "code": "mm[Hg]"}
# One of each kind of index row; invented, and never stored.
_SAMPLES: tuple[dict[str, Any], ...] = (
    {
        "resourceType": "Patient",
        "id": "s",
        "active": True,
        "identifier": [
            {
                "system": "urn:oid:2.16.578.1.12.4.1.4.1",
                "value": "X1",
                "type": {"coding": [{"system": "urn:t", "code": "NN"}]},
            }
        ],
        "name": [{"family": "Ødegård-Åsen", "given": ["Kari Anne"]}],
        "telecom": [{"system": "phone", "value": "+47 22 33 44 55"}],
        "birthDate": "1970-02",
        "generalPractitioner": [{"reference": "http://own/fhir/Practitioner/p"}],
        "managingOrganization": {"identifier": {"system": "urn:o", "value": "1"}},
    },
    {
        "resourceType": "Observation",
        "id": "s",
        "status": "final",
        "code": {"coding": [_LOINC], "text": "Blood Pressure"},
        "subject": {"reference": "Patient/s"},
        "effectivePeriod": {"start": "2020-01-01T10:00:00+01:00"},
        "valueQuantity": _UCUM,
        "component": [{"code": {"coding": [_LOINC]}, "valueQuantity": _UCUM}],
        "derivedFrom": [{"reference": "http://elsewhere/fhir/Observation/o"}],
    },
    {
        "resourceType": "Location",
        "id": "s",
        "name": "Ward 3",
        "position": {"latitude": 59.9, "longitude": 10.7},
    },
    {
        "resourceType": "ValueSet",
        "id": "s",
        "url": "http://example.org/vs",
        "version": "1",
        "date": "2020",
        "status": "active",
    },
    {
        "resourceType": "RiskAssessment",
        "id": "s",
        "status": "final",
        "prediction": [{"probabilityDecimal": 0.25}],
    },
)
