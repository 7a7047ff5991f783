"""Facts about this database that code needs at hand: the key of the token hashes."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

import psycopg

from fellesjournal.store.indexing import Hasher

_hashers: WeakKeyDictionary[psycopg.Connection[Any], Hasher] = WeakKeyDictionary()


def hasher(connection: psycopg.Connection[Any]) -> Hasher:
    """The token hasher of this database.

    Its key is secret and made with the schema: it keeps an outsider from constructing two
    identifiers that hash alike.
    """
    found = _hashers.get(connection)
    if found is None:
        row = connection.execute("select value from store.fact where name = 'token-key'").fetchone()
        assert row is not None  # made by the migration that made the table
        found = _hashers[connection] = _with_key(bytes.fromhex(row[0]))
    return found


@lru_cache(maxsize=8)
def _with_key(key: bytes) -> Hasher:
    return Hasher(key)
