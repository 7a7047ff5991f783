"""Removing index rows that no open page can need any more.

An update closes the index row of the version it follows, so that pages begun before still
find it. Pages are answered for SNAPSHOT_LIFETIME; after twice that, closed rows go.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg

from fellesjournal.store import feed

SNAPSHOT_LIFETIME = timedelta(hours=1)
BATCH = 2000
_CONSUMER = "retire"

_CLOSED = """
    with step as materialized (
        select v.seq, v.rid, v.version from store.version v
         where v.seq > %(position)s and v.seq < store.seq_of(clock_timestamp() - %(age)s)
         order by v.seq limit %(batch)s
    ), closed as (
        delete from store.entry e using step s
         where e.rid = s.rid and e.version < s.version and e.died is not null
        returning e.seq
    ), strings as (delete from store.entry_string t using closed c where t.seq = c.seq),
       dates as (delete from store.entry_date t using closed c where t.seq = c.seq),
       numbers as (delete from store.entry_number t using closed c where t.seq = c.seq)
    select count(*), max(seq), (select count(*) from closed) from step
"""


def retire(
    connection: psycopg.Connection[Any], *, age: timedelta = 2 * SNAPSHOT_LIFETIME
) -> tuple[int, bool]:
    """Remove one batch of closed rows; answers how many, and whether there may be more.

    Follows the feed, so each version is looked at once. Call it in a transaction.
    """
    position = feed.position_of(connection, _CONSUMER)
    row = connection.execute(_CLOSED, {"position": position, "age": age, "batch": BATCH}).fetchone()
    assert row is not None  # an aggregate always answers
    looked_at, last, removed = row
    if last is not None:
        feed.advance(connection, _CONSUMER, last)
    return removed, looked_at == BATCH
