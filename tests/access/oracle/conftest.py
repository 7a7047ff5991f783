"""One population, written once; somebody at the API for each who may ask.

What is written is committed, for histories follow the order of commits, and emptied at the
end. A test that changes the record does so through the world, which knows what stands.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django.plugin import DjangoDbBlocker

from fellesjournal.access.sessions import Session
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import transaction
from tests.access.oracle.population import NOW, generate
from tests.access.oracle.world import SESSIONS, World
from tests.owner import as_owner

SEEDS = [1, *range(2, 2 + int(os.environ.get("FELLESJOURNAL_ORACLE_MORE", "0")))]
"""Set FELLESJOURNAL_ORACLE_MORE to a number of further populations for a longer run."""


@pytest.fixture(scope="package")
def db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database for a module, for all of them, instead of pytest-django's for a test."""
    del django_db_setup
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="package", params=SEEDS)
def world(db: None, request: pytest.FixtureRequest) -> Iterator[World]:
    """The record of one population; the clock stands still."""
    del db
    api: Any = sys.modules["fellesjournal.surfaces.fhir_api.application"]
    with clock.at(NOW), pytest.MonkeyPatch.context() as patch:
        patch.setattr(api, "_session", _session)
        yield World(generate(request.param))
    SESSIONS.clear()
    _empty_record()


def _session(environ: dict[str, Any]) -> Session:
    """Who asks; instead of real tokens, which citizens do not have."""
    return SESSIONS[environ["HTTP_AUTHORIZATION"].removeprefix("Bearer ")].again()


def _empty_record() -> None:
    tables = (
        "select string_agg(format('%I.%I', schemaname, tablename), ', ') from pg_tables"
        " where schemaname in ('store', 'access') and tablename <> 'fact'"
    )
    with as_owner() as database, transaction():
        database.execute("set local session_replication_role = replica")  # the log is append-only
        (names,) = database.execute(tables).fetchone() or ("",)
        database.execute(f"truncate {names}")
