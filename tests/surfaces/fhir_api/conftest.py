"""A client at an API whose record is emptied after each module.

Requests commit, as they do in life: pytest-django's rolled-back transaction would hide
what a refused write leaves behind.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from fellesjournal.access.tokens import issue_token
from fellesjournal.foundation.database.connection import transaction
from tests.owner import as_owner
from tests.surfaces.fhir_api.client import Client


@pytest.fixture(scope="module")
def db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database for a module, instead of pytest-django's for a test.

    Under this name, or pytest-django would not make a test database for these tests.
    """
    del django_db_setup
    with django_db_blocker.unblock():
        yield
        _empty_record()


@pytest.fixture(scope="module")
def api(db: None) -> Client:
    """A client with system scope."""
    del db
    return Client(issue_token())


def _empty_record() -> None:
    tables = (
        "select string_agg(format('%I.%I', schemaname, tablename), ', ') from pg_tables"
        " where schemaname in ('store', 'access') and tablename <> 'fact'"
    )
    with as_owner() as database, transaction():
        database.execute("set local session_replication_role = replica")  # the log is append-only
        (names,) = database.execute(tables).fetchone() or ("",)
        database.execute(f"truncate {names}")
