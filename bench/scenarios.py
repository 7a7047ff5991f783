"""The work that is measured, each with its twin in bare SQL on the same database."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg

from bench.as_gp import AsGp
from bench.requests import Request

JSON = "application/fhir+json"


@dataclass(frozen=True, slots=True)
class Sample:
    """What there is to ask for, drawn from the database itself."""

    observations: list[str]
    patients: list[tuple[str, int, int]]  # id, rid, a common code token
    pairs: list[tuple[str, int, str]]  # patient id, patient rid, code
    whole: list[tuple[str, int]]  # patients with about a hundred resources
    newest: bytes


@dataclass(frozen=True, slots=True)
class Scenario:
    """``request`` makes the n-th HTTP request, ``bare`` does the n-th piece of work in SQL."""

    name: str
    budget: str
    request: Callable[[int], Request]
    bare: Callable[[psycopg.Connection[Any], int], None] | None
    count: int
    resources: int = 1


def sample(database: psycopg.Connection[Any], type_numbers: dict[str, int]) -> Sample:
    """Random ids of this database, the same for each run with the same data."""
    observation, patient = type_numbers["Observation"], type_numbers["Patient"]
    observations = database.execute(
        "select fhir_id from store.resource where type = %s and version > 0 and not deleted"
        " order by md5(fhir_id) limit 4000",
        [observation],
    ).fetchall()
    rows = database.execute(
        "with p as materialized (select rid, fhir_id from store.resource where type = %s and version > 0"
        " order by md5(fhir_id) limit 400)"
        " select p.fhir_id, p.rid, convert_from(v.body, 'utf8')::jsonb #>> '{code,coding,0,code}'"
        " from p join store.entry e on e.patient = p.rid and e.type = %s and e.died is null"
        " join store.version v on v.rid = e.rid and v.version = e.version",
        [patient, observation],
    ).fetchall()
    whole = database.execute(
        "select r.fhir_id, r.rid from store.entry e join store.resource r on r.rid = e.patient"
        " where e.died is null group by 1, 2 having count(*) between 85 and 115 limit 200"
    ).fetchall()
    newest = database.execute(
        "select body from store.version where type = %s and body is not null order by seq desc limit 1",
        [observation],
    ).fetchone()
    assert newest is not None  # the demo region has observations
    return Sample(
        [row[0] for row in observations],
        [(row[0], row[1], 0) for row in rows],
        [(row[0], row[1], row[2]) for row in rows if row[2]],
        whole,
        newest[0],
    )


def scenarios(found: Sample, token: str, numbers: dict[str, int]) -> Iterator[Scenario]:
    """The table "Numbers to hold" of the architecture."""
    headers = {"Authorization": f"Bearer {token}", "Accept": JSON}
    posting = {**headers, "Content-Type": JSON, "Prefer": "return=minimal"}
    observation = numbers["Observation"]
    random.Random(7).shuffle(found.pairs)

    def read(n: int) -> Request:
        return Request(
            "GET", f"/fhir/Observation/{found.observations[n % len(found.observations)]}", headers
        )

    def bare_read(database: psycopg.Connection[Any], n: int) -> None:
        database.execute(
            "with found as (select r.rid, r.patient, v.body from store.resource r join store.version v"
            " on v.rid = r.rid and v.version = r.version where r.type = %s and r.fhir_id = %s),"
            " logged as (select access.log_line('bench', '', '', '', 'TREAT', '', 1::smallint, 1::smallint, 0,"
            " array[patient], array[rid]) from found)"
            " select body from found where exists (select from logged)",
            [observation, found.observations[n % len(found.observations)]],
        ).fetchone()

    yield Scenario("read by id", "0.35 ms", read, bare_read, 4000)

    def search(n: int) -> Request:
        patient, _, code = found.pairs[n % len(found.pairs)]
        return Request(
            "GET", f"/fhir/Observation?patient={patient}&code={code}&_sort=-date&_count=20", headers
        )

    def bare_search(database: psycopg.Connection[Any], n: int) -> None:
        _, rid, code = found.pairs[n % len(found.pairs)]
        database.execute(
            "with page as materialized (select e.rid, e.version from store.entry e join store.version v"
            " on v.rid = e.rid and v.version = e.version where e.patient = %s and e.type = %s"
            " and e.died is null and position(%s in v.body) > 0 order by e.date_lo desc limit 21),"
            " logged as (select access.log_line('bench', '', '', '', 'TREAT', '', 4::smallint, 1::smallint, 0,"
            " array[%s::bigint], array_agg(rid)) from page)"
            " select v.body from page join store.version v on v.rid = page.rid and v.version = page.version"
            " where exists (select from logged)",
            [rid, observation, code.encode(), rid],
        ).fetchall()

    yield Scenario("search patient + code, newest first", "1.0 ms", search, bare_search, 2000)

    body = json.loads(found.newest)
    body.pop("id", None)
    body.pop("meta", None)

    def another() -> dict[str, Any]:
        """An observation of somebody, some day: a record in which all were alike would not be one."""
        patient = random.choice(found.patients)[0]
        day = f"20{random.randrange(10, 26)}-{random.randrange(1, 13):02}-{random.randrange(1, 29):02}"
        return {**body, "subject": {"reference": f"Patient/{patient}"}, "effectiveDateTime": day}

    def create(_: int) -> Request:
        return Request("POST", "/fhir/Observation", posting, json.dumps(another()).encode())

    def bare_create(database: psycopg.Connection[Any], _: int) -> None:
        bare_insert(database, observation, [json.dumps(another()).encode()])

    yield Scenario("create one, durable", "1.0 ms", create, bare_create, 1500)

    def transact(_: int) -> Request:
        entries = [
            {"resource": another(), "request": {"method": "POST", "url": "Observation"}}
            for _ in range(100)
        ]
        bundle = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
        return Request("POST", "/fhir", posting, json.dumps(bundle).encode())

    def bare_transact(database: psycopg.Connection[Any], _: int) -> None:
        bare_insert(database, observation, [json.dumps(another()).encode() for _ in range(100)])

    yield Scenario("transaction of 100", "50 ms", transact, bare_transact, 60, 100)

    def everything(n: int) -> Request:
        return Request(
            "GET",
            f"/fhir/Patient/{found.whole[n % len(found.whole)][0]}/$everything?_count=200",
            headers,
        )

    def bare_everything(database: psycopg.Connection[Any], n: int) -> None:
        database.execute(
            "select v.body from store.entry e join store.version v on v.rid = e.rid and v.version = e.version"
            " where e.patient = %s and e.died is null",
            [found.whole[n % len(found.whole)][1]],
        ).fetchall()

    if found.whole:
        yield Scenario(
            "whole record, about 100 resources", "4 ms", everything, bare_everything, 300
        )


def scenarios_as_gp(found: AsGp) -> Iterator[Scenario]:
    """Read and search again, by a member of staff through an app: policy, scopes and log."""
    headers = {"Authorization": f"Bearer {found.token}", "Accept": JSON}

    def read(n: int) -> Request:
        return Request(
            "GET", f"/fhir/Observation/{found.observations[n % len(found.observations)]}", headers
        )

    def search(n: int) -> Request:
        patient, code = found.pairs[n % len(found.pairs)]
        return Request(
            "GET", f"/fhir/Observation?patient={patient}&code={code}&_sort=-date&_count=20", headers
        )

    yield Scenario("read by id, as a GP", "0.35 ms", read, None, 4000)
    yield Scenario("search patient + code, as a GP", "1.0 ms", search, None, 2000)


def bare_insert(database: psycopg.Connection[Any], number: int, bodies: list[bytes]) -> None:
    """The rows of a create without their meaning: head, version, entry with twenty tokens."""
    tokens = [random.getrandbits(62) if n < 3 else n for n in range(20)]
    database.execute(
        "with heads as (insert into store.resource (type, fhir_id, version, seq)"
        " select %s, id, 1, 0 from unnest(%s::text[]) id"
        " returning rid), versions as (insert into store.version (seq, rid, patient, version, type, method, body)"
        " select store.seq_of(clock_timestamp()) + nextval('store.seq_slot'), h.rid, 0, 1, %s, 1, b from"
        " (select rid, row_number() over () n from heads) h join unnest(%s::bytea[]) with ordinality u(b, n) using (n)"
        " returning rid, seq) insert into store.entry (seq, rid, patient, version, type, tokens, died)"
        " select seq, rid, 0, 1, %s, %s::bigint[], pg_current_xact_id() from versions",
        [number, [str(uuid.uuid4()) for _ in bodies], number, bodies, number, tokens],
    )
