"""What waits in the outbox, for operators: numbers, ages and kinds of failure, no content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection

STUCK_AFTER = 5
"""Assumption (configurable): so many tries in vain, within about a minute, are no passing trouble."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The messages of one event for one subscriber that are not handled yet. ``due`` of them
    could be handled now; ``tries`` is the most that one of them has had; ``next`` when the next
    of them is tried.
    """

    event: str
    subscriber: str
    count: int
    oldest: datetime
    failed: int
    failure: str
    due: int = 0
    tries: int = 0
    next: datetime | None = None

    @property
    def is_stuck(self) -> bool:
        """Whether it has been tried in vain so often that a person should look."""
        return self.tries >= STUCK_AFTER


def waiting() -> list[Waiting]:
    """What waits, the longest wait first. ``failed``: how many have been tried in vain;
    ``failure``: the last kind of it.
    """
    rows = connection().execute(
        "select event, subscriber, count(*), min(made), count(*) filter (where attempts > 0),"
        " coalesce(max(failure), ''), count(*) filter (where due <= %s), max(attempts), min(due)"
        " from outbox.message where done is null"
        " group by event, subscriber order by min(made)",
        [clock.now()],
    )
    return [Waiting(*row) for row in rows]


def retry(event: str, subscriber: str) -> int:
    """Let what was tried in vain be tried now; how many messages that are."""
    return connection().execute(
        "update outbox.message set due = %s where done is null and attempts > 0"
        " and event = %s and subscriber = %s",
        [clock.now(), event, subscriber],
    ).rowcount  # fmt: skip


__all__ = ["STUCK_AFTER", "Waiting", "retry", "waiting"]
