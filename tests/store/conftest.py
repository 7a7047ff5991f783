"""The store is asked here as the platform itself asks it: past the policy, which is tested above it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.backends.signals import connection_created
from pytest_django.plugin import DjangoDbBlocker

_DATABASE = {"db", "transactional_db", "empty_record"}


def _enter(connection: Any, **_: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select set_config('fj.kind', 'system', false)")


@pytest.fixture(autouse=True)
def entered(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Every connection a test of the store uses has entered as the system."""
    marked = request.node.get_closest_marker("django_db") is not None
    if not marked and not _DATABASE & set(request.fixturenames):
        yield
        return
    request.getfixturevalue("django_db_setup")
    with django_db_blocker.unblock():
        _enter(connection)
    connection_created.connect(_enter)
    yield
    connection_created.disconnect(_enter)
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("select set_config('fj.kind', '', false)")
