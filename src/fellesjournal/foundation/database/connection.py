"""The one way to a database connection: the connection of this thread.

Pages, the FHIR API and the command line share Django's default connection, so that a
request never holds two (INV-49) and raw SQL of the store sees the ORM's transaction.
"""

from __future__ import annotations

import select
from contextlib import AbstractContextManager
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db import transaction as django_transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.pq import TransactionStatus

APP_ROLE = "fellesjournal_app"
"""The database role of everything that serves: it owns nothing and passes no policy by."""

OWNER = "owner"
"""Django's name for the connection that owns the schema; only migrations use it."""


def connection() -> psycopg.Connection[tuple[Any, ...]]:
    """This thread's open connection, in autocommit unless inside :func:`transaction`.

    Statements with parameters are bound by the server and prepared after their second use.
    A connection that the server has closed meanwhile is replaced, unless a transaction is
    open: that one is lost and must fail. Raises ``django.db.OperationalError`` when the
    database can't be reached.
    """
    own = connections[DEFAULT_DB_ALIAS]  # looked up once: asked for several times a request
    _drop_dead(own)
    own.ensure_connection()
    opened: psycopg.Connection[tuple[Any, ...]] = own.connection
    return opened


def drop_dead_connection() -> None:
    """Forget this thread's connection if the server has closed it; an open transaction stays."""
    _drop_dead(connections[DEFAULT_DB_ALIAS])


def transaction(*, durable: bool = False) -> AbstractContextManager[None]:
    """All or nothing for the block; nested blocks are savepoints.

    ``durable`` refuses to be nested: leaving the block then means that the data is on disk.
    """
    block: AbstractContextManager[None] = django_transaction.atomic(durable=durable)
    return block


def in_transaction() -> bool:
    """Whether this thread is inside :func:`transaction`."""
    inside: bool = connections[DEFAULT_DB_ALIAS].in_atomic_block
    return inside


def _drop_dead(own: BaseDatabaseWrapper) -> None:
    opened = own.connection
    if opened is not None and not own.in_atomic_block and _is_dead(opened):
        own.close()


def _is_dead(opened: psycopg.Connection[tuple[Any, ...]]) -> bool:
    """Whether the server hung up. Costs a microsecond: no round trip.

    An idle connection gets bytes when the server says goodbye; the only other cause, a
    server setting changed at run time, is worth a new connection too.
    """
    if opened.closed or opened.broken:
        return True
    if opened.pgconn.transaction_status != TransactionStatus.IDLE:
        return False
    poll = select.poll()
    poll.register(opened.pgconn.socket, select.POLLIN)
    return bool(poll.poll(0))
