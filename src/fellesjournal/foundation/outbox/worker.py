"""Handling: messages are taken one by one, and jobs of the clock started when due."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
from django.db import Error, connections

from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection, transaction
from fellesjournal.foundation.outbox.wiring import Call, Subscription, subscription, timers

_IDLE_SECONDS = 0.1
_LONGEST_PAUSE = timedelta(minutes=15)
_KEPT = timedelta(days=30)

# The first that is due, unless one of its key waits before it. Whoever else looks at the same
# moment skips it; the lock falls with the process that held it.
_TAKE = (
    "select m.id, m.event, m.subscriber, m.payload::text, m.attempts from outbox.message m"
    " where m.done is null and m.due <= %s and (m.key = '' or not exists ("
    "select from outbox.message b where b.done is null and b.subscriber = m.subscriber"
    " and b.key = m.key and b.id < m.id)) order by m.due, m.id limit 1 for update skip locked"
)


class NobodyReacts(Exception):
    """A message for a subscriber that this version of the program has no more."""


def handle_one(call: Call) -> bool:
    """Handle the next message that is due; False when there is none.

    What fails is undone whole, and tried again after a pause that doubles up to 15 minutes, for
    as long as it takes: nothing is given up, and `waiting` tells what is late.
    """
    taken: tuple[Any, ...] | None = None
    try:
        with transaction():
            taken = connection().execute(_TAKE, [clock.now()]).fetchone()
            if taken is None:
                return False
            number, event, name, payload, _ = taken
            found = _who_reacts(event, name)
            call(found.react, found.name, found.purpose, (orjson.loads(payload),))
            connection().execute(
                "update outbox.message set done = %s, failure = '' where id = %s",
                [clock.now(), number],
            )
    except Exception as error:  # whatever it was, the message waits on
        if taken is None:
            raise
        _put_off(taken[0], taken[4], error)
    return True


def handle_all(call: Call, *, most: int = 100_000) -> int:
    """Handle what is due until nothing is; how many that were. For tests and for start-up."""
    done = 0
    while done < most and handle_one(call):
        done += 1
    return done


def start_due_timers(call: Call) -> None:
    """Start each job of the clock that is due, and put it down for its next time."""
    for timer in timers().values():
        with transaction():
            is_due = connection().execute(
                "insert into outbox.timer as t values (%s, %s) on conflict (name) do update"
                " set next = excluded.next where t.next <= %s returning true",
                [timer.name, clock.now() + timer.every, clock.now()],
            ).fetchone()  # fmt: skip
        if is_due is not None:
            call(timer.job, timer.name, timer.purpose, ())


def forget_handled() -> int:
    """Remove messages handled 30 days ago or earlier; answers how many."""
    return (
        connection()
        .execute("delete from outbox.message where done < %s", [clock.now() - _KEPT])
        .rowcount
    )


def work(call: Call, stopping: threading.Event, complain: Callable[[str], None]) -> None:
    """Handle messages until told to stop; a database that is away is waited for."""
    while not stopping.is_set():
        try:
            if not handle_one(call):
                stopping.wait(_IDLE_SECONDS)
        except Error as error:
            complain(f"messages wait: {type(error).__name__}")
            connections.close_all()
            stopping.wait(1.0)
    connections.close_all()


def keep_time(call: Call, stopping: threading.Event, complain: Callable[[str], None]) -> None:
    """Start the jobs of the clock until told to stop."""
    while not stopping.wait(1.0):
        try:
            start_due_timers(call)
        except Exception as error:  # noqa: BLE001 - one job's failure must not stop the others
            complain(f"a job of the clock failed: {_what(error)}")
            connections.close_all()
    connections.close_all()


def _who_reacts(event: str, name: str) -> Subscription:
    found = subscription(event, name)
    if found is None:
        raise NobodyReacts(f"{event} for {name}")
    return found


def _put_off(number: int, attempts: int, error: Exception) -> None:
    pause = min(timedelta(seconds=2 ** min(attempts, 12)), _LONGEST_PAUSE)
    with transaction():
        connection().execute(
            "update outbox.message set attempts = attempts + 1, failure = %s, due = %s where id = %s",
            [_what(error), clock.now() + pause, number],
        )


def _what(error: Exception) -> str:
    """The kind of a failure and where it was. Not its words: they may name a patient."""
    places = traceback.extract_tb(error.__traceback__)
    last = f" at {places[-1].name}, line {places[-1].lineno}" if places else ""
    return f"{type(error).__name__}{last}"


__all__ = [
    "NobodyReacts",
    "forget_handled",
    "handle_all",
    "handle_one",
    "keep_time",
    "start_due_timers",
    "work",
]
