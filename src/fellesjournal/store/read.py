"""Reading one resource, or many known ones, as the bytes that go on the wire."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import psycopg

from fellesjournal.fhir.definitions import type_number
from fellesjournal.fhir.issues import Gone, NotFound
from fellesjournal.store.visibility import Visibility

NUMBER = "select rid from store.resource where type = %s::smallint and fhir_id = %s::text"
"""SQL: the number of a resource that was ever written or referred to, parameters (type number, id). It says
nothing of what may be seen: a search holds the rows that it leads to against its condition.
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """One version. ``body`` is None when this version is a delete."""

    rid: int
    type: str
    id: str
    version: int
    seq: int
    patient: int
    body: bytes | None

    @property
    def reference(self) -> str:
        """The relative reference, ``Patient/1``."""
        return f"{self.type}/{self.id}"


def head_statement(visibility: Visibility) -> str:
    """SQL: the version that stands, parameters (type number, id)."""
    return (
        "select r.rid, r.version, r.seq, r.patient, v.body"
        " from store.resource r join store.version v on v.rid = r.rid and v.version = r.version"
        " where r.type = %s and r.fhir_id = %s and " + visibility.sql("r")
    )


def version_statement(visibility: Visibility) -> str:
    """SQL: one version, parameters (type number, id, version). The head's patient decides."""
    return (
        "select r.rid, v.version, v.seq, r.patient, v.body"
        " from store.resource r join store.version v on v.rid = r.rid"
        " where r.type = %s and r.fhir_id = %s and v.version = %s"
        " and " + visibility.sql("r") + " and " + visibility.sql("v")
    )


def stored(
    row: tuple[int, int, int, int, bytes | None] | None, type_name: str, fhir_id: str
) -> Stored:
    """A row of one of the statements above; raises NotFound for none and Gone for a delete."""
    if row is None:
        raise NotFound(f"{type_name}/{fhir_id} is not known")
    rid, version, seq, patient, body = row
    if body is None:
        raise Gone(f"{type_name}/{fhir_id} was deleted in version {version}")
    return Stored(rid, type_name, fhir_id, version, seq, patient, body)


@dataclass(frozen=True, slots=True)
class Head:
    """What stands under a (type, id), without its body."""

    version: int
    seq: int
    deleted: bool


def heads(
    connection: psycopg.Connection[Any], wanted: Iterable[tuple[str, str]], visibility: Visibility
) -> dict[tuple[str, str], Head]:
    """The heads that stand among the wanted (type, id) pairs, deleted ones included."""
    keys = list(wanted)
    rows = connection.execute(
        "select n, r.version, r.seq, r.deleted"
        " from unnest(%s::smallint[], %s::text[]) with ordinality w(type, id, n)"
        " join store.resource r on r.type = w.type and r.fhir_id = w.id"
        " where r.version > 0 and " + visibility.sql("r"),
        [[type_number(key[0]) for key in keys], [key[1] for key in keys]],
    )
    return {keys[n - 1]: Head(version, seq, deleted) for n, version, seq, deleted in rows}
