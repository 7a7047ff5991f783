"""Keeping the search index what the shipped definitions and this server's address make of it.

Changes nothing in the record and shows nothing of it: the platform's own work.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import OperationalError
from psycopg import errors

from fellesjournal.access.addresses import own_bases
from fellesjournal.access.attempts import sqlstate
from fellesjournal.access.sessions import system_session
from fellesjournal.foundation.database.connection import transaction
from fellesjournal.foundation.database.turns import in_turn
from fellesjournal.store import index_state
from fellesjournal.store.facts import hasher
from fellesjournal.store.index_state import Rebuild, Signature, signature
from fellesjournal.store.reindex import Step, count, reindex_batch

_ATTEMPTS = 8
_SELF = system_session("system:index", purpose="HSYSADMIN")
_RACES = frozenset({"40001", "40P01"})


@dataclass(frozen=True, slots=True)
class Progress:
    """``done`` of ``total`` entries; ``changed`` of them said something else before."""

    done: int
    total: int
    changed: int


def note_new_record(database: psycopg.Connection[Any]) -> None:
    """An empty record whose index nobody has noted yet is made with what this program has."""
    if index_state.made_with(database) is None and _is_empty(database):
        index_state.note_made_with(database, signature(own_bases()))


def settle(*, with_address: bool = True) -> str | None:
    """Begin a rebuild if the index needs one; answers why, or None when it needs none.

    ``with_address``: also when this server has another address than the index was made
    with; only for who speaks for the server, not for a command run beside it.
    """
    database = _SELF.connection()
    made = index_state.made_with(database)
    target = signature(own_bases() if with_address or made is None else made.bases)
    if made != target and _is_empty(database):
        index_state.note_made_with(database, target)
        return None
    under_way = index_state.rebuild_of(database)
    if under_way is not None and _leads_to(under_way, target, with_address=with_address):
        return "a rebuild of the search index is not complete"
    if under_way is None and made == target:
        return None
    before = made if under_way is None else None  # begun for another aim: nothing is certain
    index_state.note_rebuild(database, Rebuild(target, before))
    if made is not None and made.definitions == target.definitions:
        return "this server has a new address"
    return "the search index was made with other definitions"


def _leads_to(under_way: Rebuild, target: Signature, *, with_address: bool) -> bool:
    if with_address:
        return under_way.target == target
    return under_way.target.definitions == target.definitions


def begin_anew() -> None:
    """Have every row looked at, though nothing asks for it; one under way goes on instead."""
    database = _SELF.connection()
    if index_state.rebuild_of(database) is None:
        target = signature(own_bases())
        index_state.note_rebuild(database, Rebuild(target, target))


def has_other_address() -> bool:
    """Whether this process counts other addresses as its own than the index does."""
    made = index_state.made_with(_SELF.connection())
    return made is not None and made.bases != signature(own_bases()).bases


def rebuild() -> Iterator[Progress]:
    """Carry out the rebuild that is noted, if any; progress after each batch.

    One at a time: a second process waits, then finds it done. May be left at any time.
    """
    with in_turn("reindex"):
        database = _SELF.connection()
        now = index_state.rebuild_of(database)
        done = changed = 0
        total = count(database, now.position) if now is not None else 0
        while now is not None:
            step = _step(now)
            now = step.rebuild
            done, changed = done + step.passed, changed + step.changed
            yield Progress(done, max(total, done), changed)


def _step(now: Rebuild) -> Step:
    """One batch, again when it lost a race against commits."""
    for attempt in range(_ATTEMPTS):
        try:
            with transaction():
                return reindex_batch(_SELF.connection(), hasher(_SELF.connection()), now)
        except (errors.DeadlockDetected, errors.SerializationFailure, OperationalError) as error:
            if attempt == _ATTEMPTS - 1 or sqlstate(error) not in _RACES:
                raise
        time.sleep(random.uniform(0.01, 0.05) * 2**attempt)  # noqa: S311 - jitter, no secret
    raise AssertionError("the loop above returns or raises")


def _is_empty(database: psycopg.Connection[Any]) -> bool:
    row = database.execute(
        "select exists (select from store.resource where version > 0)"
    ).fetchone()
    assert row is not None  # exists always answers
    return not row[0]
