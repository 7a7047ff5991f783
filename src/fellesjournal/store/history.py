"""History: of one resource, of a type, of everything.

A resource's own history is complete at any moment. The history of a type or of the whole
record is a feed that others follow, so it ends below the watermark: a version that commits
late can never appear behind a reader's back (see store.watermark in sql/commit.sql).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import psycopg

from fellesjournal.fhir.definitions import type_name as name_of
from fellesjournal.fhir.definitions import type_number
from fellesjournal.store.commit import Method
from fellesjournal.store.read import Stored
from fellesjournal.store.visibility import Visibility

# How long a reader waits for writers that were already at work when it came, so that it
# finds its own latest write in the feed. After that it gets the feed up to the watermark.
PATIENCE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Event:
    """One version with how it came to be. ``stored.body`` is None for a delete.

    ``created``: nothing stood before it, because it is the first or follows a delete.
    """

    stored: Stored
    method: Method
    created: bool


# The columns of an Event, from a version v and its resource r.
EVENT = (
    "v.rid, v.type, r.fhir_id, v.version, v.seq, v.patient, v.body, v.method,"
    " v.body is not null and not exists (select from store.version w where w.rid = v.rid"
    " and w.version = v.version - 1 and w.body is not null)"
)


def event_of(row: tuple[Any, ...]) -> Event:
    """The Event in a row of ``EVENT``."""
    stored = Stored(row[0], name_of(row[1]), *row[2:7])
    return Event(stored, Method(row[7]), created=row[8])


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Newest first. ``before`` is where the next page starts, None on the last one;
    ``ceiling`` is the commit number the feed was closed at.
    """

    events: list[Event]
    before: int | None
    ceiling: int
    total: int | None


def settled(connection: psycopg.Connection[Any]) -> int:
    """A commit number below which nothing new can appear, waiting briefly for writers at work."""
    (asked,) = connection.execute("select store.seq_of(clock_timestamp())").fetchone() or (0,)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        (mark,) = connection.execute("select store.watermark()").fetchone() or (0,)
        if mark >= asked or time.monotonic() > deadline:
            return int(mark)
        time.sleep(0.002)


def history(
    connection: psycopg.Connection[Any],
    visibility: Visibility,
    *,
    type_name: str | None = None,
    rid: int | None = None,
    since: int | None = None,
    at: tuple[int, int] | None = None,
    before: int | None = None,
    ceiling: int | None = None,
    count: int = 20,
) -> HistoryPage:
    """One page of versions, newest first.

    ``since`` is the lowest commit number wanted, ``at`` a half-open interval of commit
    numbers in which a version was current at some time, ``before`` and ``ceiling`` come
    from the page before.
    """
    if ceiling is None:
        ceiling = _now(connection) if rid is not None else settled(connection)
    where = ["v.seq < %(ceiling)s", visibility.sql("v"), visibility.sql("r")]
    values: dict[str, Any] = {"ceiling": ceiling, "count": count + 1}
    if rid is not None:
        where.append("v.rid = %(rid)s")
        values["rid"] = rid
    elif type_name is not None:
        where.append("v.type = %(type)s")
        values["type"] = type_number(type_name)
    if since is not None:
        where.append("v.seq >= %(since)s")
        values["since"] = since
    if at is not None:
        values["at_lo"], values["at_hi"] = at
        where.append(
            "v.seq < %(at_hi)s and not exists (select from store.version w"
            " where w.rid = v.rid and w.version = v.version + 1 and w.seq <= %(at_lo)s)"
        )
    total = None
    if rid is not None:
        total = _count(connection, where, values)
    if before is not None:
        where.append("v.seq < %(before)s")
        values["before"] = before
    rows = connection.execute(
        f"select {EVENT} from store.version v join store.resource r on r.rid = v.rid"
        " where " + " and ".join(where) + " order by v.seq desc limit %(count)s",
        values,
    ).fetchall()
    events = [event_of(row) for row in rows[:count]]
    following = events[-1].stored.seq if len(rows) > count and events else None
    return HistoryPage(events, following, ceiling, total)


def _now(connection: psycopg.Connection[Any]) -> int:
    row = connection.execute(
        # one minute ahead: numbers inside a large transaction run ahead of the clock
        "select store.seq_of(clock_timestamp() + interval '1 minute')"
    ).fetchone()
    assert row is not None  # a select without from always answers
    return int(row[0])


def _count(connection: psycopg.Connection[Any], where: list[str], values: dict[str, Any]) -> int:
    row = connection.execute(
        "select count(*) from store.version v join store.resource r on r.rid = v.rid"
        " where " + " and ".join(where),
        values,
    ).fetchone()
    assert row is not None  # count always answers
    return int(row[0])
