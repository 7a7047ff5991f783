"""A line for each message that came in by the mailbox, with what became of it: for operators, who
see that what was received is what was queued, rejected or kept apart (INV-5). No content.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection


@dataclass(frozen=True, slots=True)
class Came:
    """How many messages of one kind had one fate; ``again``: how often one of them came anew."""

    kind: str
    fate: str
    count: int
    again: int


def note(content: bytes, *, kind: str, fate: str) -> None:
    """A message was taken in. The same bytes again are the same message, with its last fate."""
    connection().execute(
        "insert into outbox.taken_in as t (digest, kind, fate, came) values (%s, %s, %s, %s)"
        " on conflict (digest) do update set fate = excluded.fate, times = t.times + 1",
        [hashlib.sha256(content).digest(), kind, fate, clock.now()],
    )


def came_since(since: datetime) -> list[Came]:
    """What came first since then, by kind and fate."""
    rows = connection().execute(
        "select kind, fate, count(*), sum(times) - count(*) from outbox.taken_in where came >= %s"
        " group by kind, fate order by kind, fate",
        [since],
    )
    return [Came(kind, fate, count, int(again)) for kind, fate, count, again in rows]


def came_between(begins: datetime, ends: datetime) -> list[tuple[str, int]]:
    """How many messages came first in a time, by kind, whatever became of them."""
    rows = connection().execute(
        "select kind, count(*) from outbox.taken_in where came >= %s and came < %s"
        " group by kind order by kind",
        [begins, ends],
    )
    return [(kind, number) for kind, number in rows]


def forget_before(when: datetime) -> int:
    """Remove lines of before then; answers how many."""
    return connection().execute("delete from outbox.taken_in where came < %s", [when]).rowcount


__all__ = ["Came", "came_between", "came_since", "forget_before", "note"]
