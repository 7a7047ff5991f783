"""A log of its own for each test, and writers that are database processes of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection as django_connection

from fellesjournal.foundation.database.connection import APP_ROLE, connection
from tests.owner import as_owner

Writer = Callable[[], "psycopg.Connection[Any]"]

_EMPTY = "truncate access.log, access.log_who, access.log_chain, access.log_seal"


@contextmanager
def tampering() -> Iterator[psycopg.Connection[Any]]:
    """The connection of somebody who may do anything to the database, triggers or not."""
    with as_owner() as database:
        database.execute("set session_replication_role = replica")
        try:
            yield database
        finally:
            database.execute("reset session_replication_role")


@pytest.fixture
def empty_log(transactional_db: None) -> Iterator[None]:
    """A log without a line, in a process that has not written yet."""
    del transactional_db
    with tampering() as database:
        database.execute(_EMPTY)
    django_connection.close()
    yield
    with tampering() as database:
        database.execute(_EMPTY)
    django_connection.close()


@pytest.fixture
def another(empty_log: None) -> Iterator[Writer]:
    """Opens a connection of its own, as the run-time role; closed after the test."""
    del empty_log
    with ExitStack() as opened:

        def open_one() -> psycopg.Connection[Any]:
            info = connection().info
            made = psycopg.connect(info.dsn, password=info.password or None, autocommit=True)
            opened.callback(made.close)
            made.execute(f"set role {APP_ROLE}")
            return made

        yield open_one


def write_line(
    database: psycopg.Connection[Any],
    *,
    patients: list[int] | None = None,
    resources: list[int] | None = None,
    person: str = "Practitioner/1",
    unit: str = "Organization/u",
    act: int = 1,
) -> int:
    """One line, as the run-time role writes it; answers its id."""
    row = database.execute(
        "select access.log_line(%s, 'doctor', %s, 'Organization/o', 'TREAT', '', %s::smallint, 1::smallint,"
        " 1, %s::bigint[], %s::bigint[])",
        [person, unit, act, patients or [7], resources or [8]],
    ).fetchone()
    assert row is not None
    return int(row[0])
