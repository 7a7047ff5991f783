"""Publishing: what has happened, told in the transaction in which it happens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson

from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection, in_transaction
from fellesjournal.foundation.outbox.wiring import subscriptions


@dataclass(frozen=True, slots=True)
class Event:
    """Something that has happened, named in the past tense: ``note-signed``.

    ``about`` is what it happened to, as ``Patient/1``: events about one thing reach each
    subscriber in their order. ``facts`` are ids and codes; nothing clinical, for queues are read
    by operators.
    """

    name: str
    about: str
    facts: Mapping[str, str]


def publish(*events: Event, due: datetime | None = None) -> None:
    """Leave messages for all who react to these events; not before ``due``, when given.

    Must be called inside the transaction of the act: raises RuntimeError outside of one, for the
    act could then stand without its messages (INV-51).
    """
    if not in_transaction():
        raise RuntimeError("an event is published in the transaction of what happened")
    rows = [
        (event.name, each.name, event.about, orjson.dumps(dict(event.facts)).decode())
        for event in events
        for each in subscriptions().get(event.name, ())
    ]
    if not rows:
        return
    made = clock.now()
    connection().execute(
        "insert into outbox.message (event, subscriber, key, payload, made, due)"
        " select *, %s::timestamptz, %s::timestamptz"
        " from unnest(%s::text[], %s::text[], %s::text[], %s::jsonb[])",
        [made, due or made, *(list(column) for column in zip(*rows, strict=True))],
    )


__all__ = ["Event", "publish"]
