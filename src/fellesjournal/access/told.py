"""What the write path itself tells of: resources whose every version is an event, whoever wrote
it, a person, an app over the API or a job.

``config/wiring.py`` names the types (WRITTEN). The event is published in the transaction of the
write, so that resource, log line and message stand or fall together (INV-51). Loading files
tells of nothing (``writing.write``, ``tells``): a history that is brought in is no news.
"""

from __future__ import annotations

from collections.abc import Sequence

from fellesjournal.access.relations.rows import patients_about
from fellesjournal.foundation.outbox.events import Event, publish
from fellesjournal.foundation.outbox.wiring import WrittenRule, written
from fellesjournal.store.commit import Change, Committed


def is_told(change: Change) -> bool:
    """Whether this change is an event, and so needs a transaction around it."""
    return any(_holds(rule, change) for rule in written().get(change.type, ()))


def _holds(rule: WrittenRule, change: Change) -> bool:
    return rule.deletes if change.body is None else rule.when(change.body.data)


def tell(changes: Sequence[Change], committed: Sequence[Committed]) -> None:
    """Publish what these changes are told as; inside their transaction."""
    events = [
        _event(rule, change, done)
        for change, done in zip(changes, committed, strict=True)
        for rule in written().get(change.type, ())
        if _holds(rule, change)
    ]
    if events:
        publish(*events)


def _event(rule: WrittenRule, change: Change, done: Committed) -> Event:
    about = patients_about(change.body.data) if change.body is not None else []
    facts = {"resource": f"{done.type}/{done.id}", "version": str(done.version)}
    return Event(rule.event, f"Patient/{about[0]}" if about else "", facts)


__all__ = ["is_told", "tell"]
