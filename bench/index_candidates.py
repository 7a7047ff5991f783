"""The measurement behind docs/decisions/0002-index.md: three index layouts, one million Observations.

    python bench/index_candidates.py DSN [ROWS]

Builds the same synthetic index facts (status, category, code, subject, encounter, date,
value) in three layouts and prints size, cost of a durable single insert, and the
execution time of the query shapes that matter. Nothing of the product is imported: this
is about PostgreSQL alone.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from typing import Any

import psycopg

FACTS = """
create unlogged table fact as
select i::bigint as seq,
       (1 + floor(10000 * power(random(), 1.6)))::bigint as patient,
       (1 + floor(200 * power(random(), 2.2)))::bigint as code,
       (1 + floor(5 * power(random(), 1.5)))::bigint as category,
       case when random() < 0.97 then 1 else 2 end::bigint as status,
       (i / 12)::bigint as encounter,
       timestamptz '2018-01-01' + random() * interval '8 years' as at,
       (random() * 200)::float8 as value
from generate_series(1, %(rows)s) i
"""

# The tokens of one row: slot in the high bits, value in the low ones; a coding gives
# system|code, code and system|; references are exact; `pair` is patient + code.
TOKENS = """array[
 (1::bigint<<47)|status, (2::bigint<<47)|status,
 (3::bigint<<47)|category, (4::bigint<<47)|category, (5::bigint<<47)|1,
 (6::bigint<<47)|code, (7::bigint<<47)|code, (8::bigint<<47)|1,
 (9::bigint<<47)|patient, (10::bigint<<47)|encounter{pair}]"""
PAIR = ", (11::bigint<<47)|(patient<<20)|code"

LAYOUTS = {
    "narrow": [
        "create table n_entry(seq bigint primary key, patient bigint, at timestamptz, died bigint)",
        "insert into n_entry select seq, patient, at from fact",
        "create table n_token(hash bigint, patient bigint, seq bigint)",
        f"insert into n_token select unnest({TOKENS.format(pair='')}), patient, seq from fact order by seq",
        "create index n1 on n_token(hash, seq desc)",
        "create index n2 on n_token(patient, hash, seq desc)",
        "create table n_date(slot smallint, at timestamptz, patient bigint, seq bigint)",
        "insert into n_date select 1, at, patient, seq from fact",
        "create index n3 on n_date(slot, at, seq)",
        "create index n4 on n_date(seq)",
    ],
    "wide": [
        "create table w_entry(seq bigint primary key, patient bigint, code bigint, at timestamptz, died bigint, tokens bigint[])",
        f"insert into w_entry select seq, patient, code, at, null, {TOKENS.format(pair='')} from fact",
        "create index w1 on w_entry using gin(tokens) with (fastupdate=off)",
        "create index w2 on w_entry(patient, code, at desc)",
        "create index w3 on w_entry(code, at desc)",
        "create index w4 on w_entry(at)",
    ],
    "mix": [
        "create table m_entry(seq bigint primary key, type smallint, patient bigint, at timestamptz, died bigint, tokens bigint[])",
        f"insert into m_entry select seq, 1, patient, at, null, {TOKENS.format(pair=PAIR)} from fact",
        "create index m1 on m_entry using gin(tokens) with (fastupdate=off)",
        "create index m2 on m_entry(patient, type, at desc)",
        "create index m3 on m_entry(type, at)",
        "create index m4 on m_entry(type, seq)",
    ],
}


def has(alias: str, *tokens: str) -> str:
    """SQL: the row has all these tokens."""
    return f"{alias}.tokens @> array[{','.join(tokens)}]"


def token(slot: int, value: str) -> str:
    """SQL: a value of a slot."""
    return f"({slot}::bigint<<47)|{value}"


QUERIES: dict[str, dict[str, str]] = {
    "patient+code, newest date": {
        "narrow": "select e.seq from n_token t join n_entry e using(seq) where t.patient=%(p)s and t.hash=(6::bigint<<47)|%(c)s and e.died is null order by e.at desc limit 21",
        "wide": "select seq from w_entry where patient=%(p)s and code=%(c)s and died is null order by at desc limit 21",
        "mix": f"select seq from m_entry e where {has('e', '(11::bigint<<47)|(%(p)s::bigint<<20)|%(c)s')} and died is null order by at desc limit 21",
        "mix by patient index": f"select seq from m_entry e where patient=%(p)s and type=1 and {has('e', '(6::bigint<<47)|%(c)s')} and died is null order by at desc limit 21",
    },
    "rare code, newest": {
        "narrow": "select t.seq from n_token t join n_entry e using(seq) where t.hash=(6::bigint<<47)|200 and e.died is null order by t.seq desc limit 21",
        "wide": f"select seq from w_entry e where {has('e', token(6, '200'))} and died is null order by seq desc limit 21",
        "mix": f"select seq from m_entry e where type=1 and {has('e', token(6, '200'))} and died is null order by seq desc limit 21",
    },
    "common code, newest": {
        "narrow": "select t.seq from n_token t join n_entry e using(seq) where t.hash=(6::bigint<<47)|1 and e.died is null order by t.seq desc limit 21",
        "wide": f"select seq from w_entry e where {has('e', token(6, '1'))} and died is null order by seq desc limit 21",
        "mix": f"select seq from m_entry e where type=1 and {has('e', token(6, '1'))} and died is null order by seq desc limit 21",
    },
    "two common tokens, many match": {
        "narrow": "select t.seq from n_token t join n_entry e using(seq) where t.hash=(6::bigint<<47)|2 and e.died is null and exists(select 1 from n_token u where u.hash=(3::bigint<<47)|2 and u.seq=t.seq) order by t.seq desc limit 21",
        "wide": f"select seq from w_entry e where {has('e', token(6, '2'), token(3, '2'))} and died is null order by seq desc limit 21",
        "mix": f"select seq from m_entry e where type=1 and {has('e', token(6, '2'), token(3, '2'))} and died is null order by seq desc limit 21",
    },
    "two common tokens, none match": {
        "narrow": "select t.seq from n_token t join n_entry e using(seq) where t.hash=(6::bigint<<47)|1 and e.died is null and exists(select 1 from n_token u where u.hash=(7::bigint<<47)|2 and u.seq=t.seq) order by t.seq desc limit 21",
        "wide": f"select seq from w_entry e where {has('e', token(6, '1'), token(7, '2'))} and died is null order by seq desc limit 21",
        "mix": f"select seq from m_entry e where type=1 and {has('e', token(6, '1'), token(7, '2'))} and died is null order by seq desc limit 21",
    },
    "encounter (reference)": {
        "narrow": "select t.seq from n_token t join n_entry e using(seq) where t.hash=(10::bigint<<47)|%(e)s and e.died is null order by t.seq desc limit 21",
        "wide": f"select seq from w_entry e where {has('e', token(10, '%(e)s'))} and died is null order by seq desc limit 21",
        "mix": f"select seq from m_entry e where type=1 and {has('e', token(10, '%(e)s'))} and died is null order by seq desc limit 21",
    },
    "chain: 100 patients": {
        "narrow": "select t.seq from n_token t join n_entry e using(seq) where t.hash in (select (9::bigint<<47)|g from generate_series(5000,5099) g) and e.died is null order by t.seq desc limit 21",
        "wide": "select seq from w_entry e where tokens && (select array_agg((9::bigint<<47)|g) from generate_series(5000,5099) g) and died is null order by seq desc limit 21",
        "mix": "select seq from m_entry e where type=1 and tokens && (select array_agg((9::bigint<<47)|g) from generate_series(5000,5099) g) and died is null order by seq desc limit 21",
        "mix by patient index": "select seq from m_entry e where type=1 and patient = any(array(select g::bigint from generate_series(5000,5099) g)) and died is null order by seq desc limit 21",
    },
    "code + month, newest": {
        "narrow": "select t.seq from n_token t join n_date d using(seq) where t.hash=(6::bigint<<47)|3 and d.slot=1 and d.at >= '2024-03-01' and d.at < '2024-04-01' order by t.seq desc limit 21",
        "wide": "select seq from w_entry e where code=3 and at >= '2024-03-01' and at < '2024-04-01' and died is null order by seq desc limit 21",
        "mix": f"select seq from m_entry e where type=1 and {has('e', token(6, '3'))} and at >= '2024-03-01' and at < '2024-04-01' and died is null order by seq desc limit 21",
    },
    "count of a common code": {
        "narrow": "select count(*) from n_token t join n_entry e using(seq) where t.hash=(6::bigint<<47)|1 and e.died is null",
        "wide": f"select count(*) from w_entry e where {has('e', token(6, '1'))} and died is null",
        "mix": f"select count(*) from m_entry e where type=1 and {has('e', token(6, '1'))} and died is null",
    },
}

INSERTS = {
    "narrow": f"""with f as (select %(s)s::bigint seq, %(p)s::bigint patient, %(c)s::bigint code, 1::bigint category, 1::bigint status, %(s)s/12::bigint encounter, now() as at),
      a as (insert into n_entry select seq, patient, at from f), d as (insert into n_date select 1, at, patient, seq from f)
      insert into n_token select unnest({TOKENS.format(pair="")}), patient, seq from f""",
    "wide": f"""with f as (select %(s)s::bigint seq, %(p)s::bigint patient, %(c)s::bigint code, 1::bigint category, 1::bigint status, %(s)s/12::bigint encounter, now() as at)
      insert into w_entry select seq, patient, code, at, null, {TOKENS.format(pair="")} from f""",
    "mix": f"""with f as (select %(s)s::bigint seq, %(p)s::bigint patient, %(c)s::bigint code, 1::bigint category, 1::bigint status, %(s)s/12::bigint encounter, now() as at)
      insert into m_entry select seq, 1, patient, at, null, {TOKENS.format(pair=PAIR)} from f""",
}


def execution_ms(
    connection: psycopg.Connection[Any], sql: str, rounds: int = 9
) -> tuple[float, float]:
    """Median and worst execution time as PostgreSQL itself reports it, over random patients."""
    times = []
    for _ in range(rounds):
        p = {
            "p": random.randint(1, 10000),
            "c": random.randint(1, 40),
            "e": random.randint(1, 80000),
        }
        rows = connection.execute("explain (analyze, timing off, summary on) " + sql % p).fetchall()
        times.append(float(rows[-1][0].split()[2]))
    return statistics.median(times), max(times)


def main() -> None:
    """Build the three layouts, then time the queries and the inserts."""
    dsn, rows = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    random.seed(1)
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("set max_parallel_workers_per_gather=0")
        connection.execute("set work_mem='64MB'")
        connection.execute("set maintenance_work_mem='512MB'")
        connection.execute("select setseed(0.5)")
        connection.execute(FACTS % {"rows": rows})
        for name, statements in LAYOUTS.items():
            started = time.perf_counter()
            for statement in statements:
                connection.execute(statement)
            prefix = name[0] + "\\_%"
            connection.execute(f"vacuum analyze {name[0]}_entry")
            size = connection.execute(
                "select sum(pg_total_relation_size(oid))/1e6 from pg_class where relkind='r' and relname like %s",
                [prefix],
            ).fetchone()
            assert size is not None  # an aggregate always answers
            print(
                f"{name:8} {size[0]:7.0f} MB in all, built in {time.perf_counter() - started:.0f} s",
                flush=True,
            )
        for shape, variants in QUERIES.items():
            for name, sql in variants.items():
                median, worst = execution_ms(connection, sql)
                print(
                    f"{shape:32} {name:22} median {median:9.3f} ms  worst {worst:9.3f} ms",
                    flush=True,
                )
        for name, sql in INSERTS.items():
            times = []
            for i in range(2000):
                values = {
                    "s": rows * 2 + i,
                    "p": random.randint(1, 10000),
                    "c": random.randint(1, 200),
                }
                out = connection.execute("explain (analyze, timing off) " + sql % values).fetchall()
                times.append(float(out[-1][0].split()[2]))
            print(
                f"insert {name:8} median {1000 * statistics.median(times):6.0f} us  mean {1000 * statistics.fmean(times):6.0f} us",
                flush=True,
            )


if __name__ == "__main__":
    main()
