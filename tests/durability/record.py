"""The record as it lies in the database, read past all the code that is under test."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import psycopg

from fellesjournal.foundation.database.embedded import EmbeddedPostgres

Resource = dict[str, Any]
OWN = "https://fellesjournal.example/fhir/"
NAMES = OWN + "NamingSystem/"


@dataclass(slots=True)
class Record:
    """What was written since the players began. ``versions``: each resource's, oldest first;
    None stands for a delete. ``standing``: those that are there now.
    """

    versions: dict[str, list[tuple[int, Resource | None]]] = field(default_factory=dict)
    outbox: list[tuple[str, str, bool, int]] = field(default_factory=list)

    @property
    def standing(self) -> Iterator[Resource]:
        """What is there now."""
        for listed in self.versions.values():
            body = listed[-1][1]
            if body is not None:
                yield body

    def of(self, kind: str, code: str = "") -> list[Resource]:
        """What is there of a type; with ``code``: that has this code at ``code`` or ``type``."""
        return [
            each
            for each in self.standing
            if each["resourceType"] == kind
            and (not code or code in codes(each.get("code")) | codes(each.get("type")))
        ]


def read(data: Path, since: int) -> Record:
    """All versions after a number of the feed, and the messages of the outbox."""
    found: dict[tuple[int, str], list[tuple[int, Resource | None]]] = defaultdict(list)
    with psycopg.connect(EmbeddedPostgres(data).conninfo) as database:
        rows = database.execute(
            "select r.type, r.fhir_id, v.version, v.body from store.version v"
            " join store.resource r using (rid) where v.seq > %s order by v.rid, v.version",
            [since],
        )
        for kind, fhir_id, version, body in rows:
            said = None if body is None else {**orjson.loads(body), "id": fhir_id}
            found[kind, fhir_id].append((version, said))
        outbox = database.execute(
            "select event, subscriber, done is not null, attempts from outbox.message"
            " where due <= now()"
        ).fetchall()
    named = {_name(listed, key): listed for key, listed in found.items()}
    return Record(named, [(str(a), str(b), bool(c), int(d)) for a, b, c, d in outbox])


def _name(listed: list[tuple[int, Resource | None]], key: tuple[int, str]) -> str:
    kind = next((body["resourceType"] for _, body in listed if body), f"type {key[0]}")
    return f"{kind}/{key[1]}"


def newest(data: Path) -> int:
    """The number of the newest version."""
    with psycopg.connect(EmbeddedPostgres(data).conninfo) as database:
        row = database.execute("select coalesce(max(seq), 0) from store.version").fetchone()
    assert row is not None  # an aggregate always answers
    return int(row[0])


def waiting(data: Path) -> int:
    """How many messages are due and not handled, those that failed before and wait included.

    A deadline that lies ahead is not due; what failed is due again within a quarter of an hour.
    """
    with psycopg.connect(EmbeddedPostgres(data).conninfo) as database:
        row = database.execute(
            "select count(*) from outbox.message where done is null"
            " and (due <= now() or attempts > 0)"
        ).fetchone()
    assert row is not None  # an aggregate always answers
    return int(row[0])


def hurry(data: Path) -> None:
    """What waits because it failed is tried at once, as if its pause were over."""
    with psycopg.connect(EmbeddedPostgres(data).conninfo) as database:
        database.execute(
            "update outbox.message set due = now() where done is null and attempts > 0"
        )


def codes(concept: Any) -> set[str]:
    """The codes of a CodeableConcept, or of several."""
    several = concept if isinstance(concept, list) else [concept or {}]
    return {str(each.get("code")) for one in several for each in one.get("coding", ())}


def identifiers(resource: Resource) -> Iterator[tuple[str, str]]:
    """System and value of each identifier."""
    found = resource.get("identifier", [])
    for each in found if isinstance(found, list) else [found]:
        yield str(each.get("system", "")), str(each.get("value", ""))


def reference(element: Any) -> str:
    """What it refers to; "" when it refers to nothing."""
    return str((element or {}).get("reference", ""))
