"""The outbox: every change in an order that consumers can trust.

The versions themselves are the outbox, so a change and its announcement can't come
apart (INV-51). A consumer asks for what came after its position, works, and stores the
new position in the same transaction as its own effects.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg

from fellesjournal.fhir.definitions import type_number
from fellesjournal.store.history import EVENT, Event, event_of
from fellesjournal.store.read import Stored
from fellesjournal.store.visibility import Visibility


def changes_after(
    connection: psycopg.Connection[Any], position: int, visibility: Visibility, *, limit: int = 500
) -> Iterator[Event]:
    """Versions with a commit number above position, oldest first, none ever skipped.

    The watermark is read in a statement of its own, before the versions: what was in
    flight then is left for the next call.
    """
    row = connection.execute("select store.watermark()").fetchone()
    assert row is not None  # a select without from always answers
    found = connection.execute(
        f"select {EVENT} from store.version v join store.resource r on r.rid = v.rid"
        " where v.seq > %s and v.seq < %s and " + visibility.sql("v") + " order by v.seq limit %s",
        [position, row[0], limit],
    )
    for row in found:
        yield event_of(row)


@dataclass(frozen=True, slots=True)
class Latest:
    """Of the next changes to a type, what they have led to: the versions that stand, deletes with
    no body. ``position`` is where the next call goes on, ``at_end`` that nothing more waits now.
    """

    versions: list[Stored]
    position: int
    at_end: bool


# Row by row along the feed: the planner would rather join all there is.
_LATEST = """
    with step as materialized (
        select v.rid, v.version, v.seq, v.patient, v.body, exists (
                 select from store.version n
                  where n.rid = v.rid and n.version = v.version + 1 and n.seq < %(mark)s) as followed
          from store.version v
         where v.type = %(type)s and v.seq > %(position)s and v.seq < %(mark)s and {visible}
         order by v.seq limit %(limit)s
    )
    select s.rid, (select r.fhir_id from store.resource r where r.rid = s.rid),
           s.version, s.seq, s.patient, not s.followed, case when not s.followed then s.body end
      from step s order by s.seq
"""


def latest_after(
    connection: psycopg.Connection[Any],
    type_name: str,
    position: int,
    visibility: Visibility,
    *,
    limit: int = 500,
) -> Latest:
    """As :func:`changes_after`, of one type and without the versions that others have followed.

    Whoever takes the place of what stood with what comes here has, at the end, the record as it
    was at ``position``: a version is left out only when the one after it is in the feed already.
    """
    row = connection.execute("select store.watermark()").fetchone()
    assert row is not None  # a select without from always answers
    (mark,) = row
    found = connection.execute(
        _LATEST.format(visible=visibility.sql("v")),
        {"mark": mark, "type": type_number(type_name), "position": position, "limit": limit},
    ).fetchall()
    standing = [
        Stored(rid, type_name, fhir_id, version, seq, patient, body)
        for rid, fhir_id, version, seq, patient, stands, body in found
        if stands
    ]
    at_end = len(found) < limit
    return Latest(standing, max(position, mark - 1) if at_end else found[-1][3], at_end)


def position_of(connection: psycopg.Connection[Any], consumer: str) -> int:
    """Where a consumer has come to, locked until the end of the transaction; 0 at first."""
    connection.execute(
        "insert into store.feed_position (consumer) values (%s) on conflict do nothing", [consumer]
    )
    row = connection.execute(
        "select seq from store.feed_position where consumer = %s for update", [consumer]
    ).fetchone()
    assert row is not None  # inserted above
    return int(row[0])


def advance(connection: psycopg.Connection[Any], consumer: str, position: int) -> None:
    """Store a consumer's new position, in the transaction of its effects."""
    connection.execute(
        "update store.feed_position set seq = %s where consumer = %s", [position, consumer]
    )
