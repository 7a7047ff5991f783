"""The plans of the searches that matter, on an index of full size.

Three hundred thousand observations are written straight into the tables: what is tested is
PostgreSQL's choice, and on a toy it would choose otherwise. Counted are pages read, never time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import psycopg
import pytest

from fellesjournal.fhir.definitions import type_number
from fellesjournal.foundation.database.connection import APP_ROLE, connection
from fellesjournal.store.facts import hasher
from fellesjournal.store.indexing import index_row
from fellesjournal.store.search import search
from fellesjournal.store.search.scope import Scope
from fellesjournal.store.visibility import EVERYTHING
from tests.owner import as_owner
from tests.store.writing import put, rows, written

OBSERVATIONS, PATIENTS, CODES = 300_000, 3_000, 200
SYSTEM = "urn:test:codes"
SECONDS = 1_000_000


def observation(code: int, patient: int) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": "x",
        "status": "final",
        "category": [{"coding": [{"system": "urn:test:category", "code": "laboratory"}]}],
        "code": {"coding": [{"system": SYSTEM, "code": str(code)}]},
        "subject": {"reference": f"Patient/p{patient}"},
        "effectiveDateTime": "2026-01-01T00:00:00Z",
    }


@pytest.fixture
def full_size(db: None) -> None:
    del db
    with as_owner() as owner:
        _fill(owner)


def _fill(database: psycopg.Connection[Any]) -> None:
    written(*(put("Patient", f"p{n}", name=[{"family": f"Family{n}"}]) for n in range(PATIENTS)))
    made = [
        index_row("Observation", "x", observation(code, 0), hasher(database))
        for code in range(CODES)
    ]
    (slot,) = {slot for slot, _, _ in made[0].references}
    codes = [json.dumps([row.tokens, row.pairs]) for row in made]
    database.execute(
        "create temp table code (n int, tokens bigint[], pairs bigint[]) on commit drop"
    )
    database.execute(
        "insert into code select n - 1, array(select jsonb_array_elements_text(c::jsonb -> 0)::bigint),"
        " array(select jsonb_array_elements_text(c::jsonb -> 1)::bigint)"
        " from unnest(%s::text[]) with ordinality u(c, n)",
        [codes],
    )
    # the tests look into it as the run-time role
    database.execute(f"grant select on code to {APP_ROLE}")
    values = {
        "type": type_number("Observation"), "patient_type": type_number("Patient"), "slot": slot,
        "count": OBSERVATIONS, "codes": CODES, "patients": PATIENTS,
    }  # fmt: skip
    database.execute(
        "create temp table fact on commit drop as select store.seq_of(now()) + (i::bigint << 12) as seq,"
        " p.rid as patient, c.n as code, i,"
        " c.tokens || array(select store.pair_token(p.rid, t) from unnest(c.pairs) t)"
        " || store.reference_token(%(slot)s::smallint, p.rid) as tokens"
        " from generate_series(1::bigint, %(count)s) i"
        # the low codes are common, as in life
        " join code c on c.n = floor(%(codes)s * power((i * 7919 %% 10007) / 10007.0, 3))"
        " join (select rid, row_number() over (order by rid) - 1 as k from store.resource"
        "  where type = %(patient_type)s) p on p.k = i %% %(patients)s",
        values,
    )
    database.execute(
        "with heads as (insert into store.resource (type, fhir_id, version, seq, patient)"
        " select %(type)s, 'o' || i, 1, seq, patient from fact returning rid, seq, patient),"
        " bodies as (insert into store.version (seq, rid, patient, version, type, method, body)"
        " select seq, rid, patient, 1, %(type)s, 1, '{}' from heads)"
        " insert into store.entry (seq, rid, patient, date_lo, date_hi, version, type, tokens)"
        " select f.seq, h.rid, f.patient, (f.i * 7907 %% 1000003) * 1000000::bigint,"
        " (f.i * 7907 %% 1000003) * 1000000::bigint + 1, 1, %(type)s, f.tokens"
        " from heads h join fact f using (seq)",
        values,
    )
    # as the server does by itself after a while: what is new is sorted into the index, and counted
    database.execute("select gin_clean_pending_list('store.entry_tokens')")
    database.execute("analyze store.entry, store.resource, store.version, store.entry_string")


def pages_read(query: str) -> tuple[int, int, list[str]]:
    """Matches on the page, buffers touched by all statements, and tables read from end to end."""
    statements: list[tuple[str, dict[str, Any]]] = []
    plain = Scope.rows

    def noted(self: Scope, statement: str, **extra: Any) -> list[Any]:
        statements.append((statement, {**self.values, **extra}))
        return plain(self, statement, **extra)

    Scope.rows = noted  # type: ignore[method-assign]  # watched for the block
    try:
        page = search(connection(), parse_qsl(query), "Observation", EVERYTHING)
    finally:
        Scope.rows = plain  # type: ignore[method-assign]  # watched for the block
    buffers, whole = 0, []
    for statement, values in statements:
        explained = connection().execute(
            "explain (analyze, buffers, timing off, format json) " + statement, values
        ).fetchone()  # fmt: skip
        assert explained is not None
        plan = explained[0][0]["Plan"]
        buffers += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
        whole += [node["Relation Name"] for node in nodes(plan) if node["Node Type"] == "Seq Scan"]
    return len(page.matches), buffers, whole


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


@pytest.mark.slow
@pytest.mark.usefixtures("full_size")
def test_searches_read_little_of_a_large_index() -> None:
    ((patient,),) = rows(
        "select r.fhir_id from store.entry e join store.resource r on r.rid = e.patient"
        " where e.tokens @> array[(select pairs[1] from code where n = 0)] is not null limit 1"
    )
    # Reading the index from end to end would be some 16,000 pages. Statistics are sampled and
    # tokens hashed with another key each time, so good plans differ; the limits leave room.
    at_most = {
        f"patient={patient}&code=0&_sort=-date&_count=20": 500,
        f"patient={patient}&code={SYSTEM}|5&_count=20": 500,
        f"patient={patient}&_sort=-date&_count=20": 800,
        "code=0&_count=20": 500,
        "code=0&_sort=-date&_count=20": 1_000,
        # its six hundred rows by the token, or the newest first until twenty are found
        "code=150&_count=20": 12_000,
        "code=0&category=laboratory&_count=20": 500,
        # by its hundred patients, or newest first until the page is full: both are right
        "patient.family=family17&code=0&_count=20": 9_000,
        "code=0&date=ge1970-01-12&_sort=-date&_count=20": 1_000,
        "_id=o17,o18": 200,
        # four pages for each place that may refer to each of the twenty
        "_count=20&_revinclude=*": 12_000,
    }
    found = {query: pages_read(query) for query in at_most}

    assert {query: matches for query, (matches, _, _) in found.items() if not matches} == {}
    assert {query: whole for query, (_, _, whole) in found.items() if whole} == {}
    assert {
        query: buffers for query, (_, buffers, _) in found.items() if buffers > at_most[query]
    } == {}
