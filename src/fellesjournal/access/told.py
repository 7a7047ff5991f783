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
from fellesjournal.foundation.outbox.wiring import written
from fellesjournal.store.commit import Change, Committed


def is_told(change: Change) -> bool:
    """Whether this change is an event, and so needs a transaction around it."""
    rule = written().get(change.type)
    if rule is None:
        return False
    return rule.deletes if change.body is None else rule.when(change.body.data)


def tell(changes: Sequence[Change], committed: Sequence[Committed]) -> None:
    """Publish what these changes are told as; inside their transaction."""
    events = [
        _event(change, done)
        for change, done in zip(changes, committed, strict=True)
        if is_told(change)
    ]
    if events:
        publish(*events)


def _event(change: Change, done: Committed) -> Event:
    about = patients_about(change.body.data) if change.body is not None else []
    facts = {"resource": f"{done.type}/{done.id}", "version": str(done.version)}
    return Event(written()[change.type].event, f"Patient/{about[0]}" if about else "", facts)


__all__ = ["is_told", "tell"]
