"""What waits in the outbox, for operators: numbers, ages and kinds of failure, no content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fellesjournal.foundation.database.connection import connection


@dataclass(frozen=True, slots=True)
class Waiting:
    """The messages of one event for one subscriber that are not handled yet."""

    event: str
    subscriber: str
    count: int
    oldest: datetime
    failed: int
    failure: str


def waiting() -> list[Waiting]:
    """What waits, the longest wait first. ``failed``: how many have been tried in vain;
    ``failure``: the last kind of it.
    """
    rows = connection().execute(
        "select event, subscriber, count(*), min(made), count(*) filter (where attempts > 0),"
        " coalesce(max(failure), '') from outbox.message where done is null"
        " group by event, subscriber order by min(made)"
    )
    return [Waiting(*row) for row in rows]


__all__ = ["Waiting", "waiting"]
