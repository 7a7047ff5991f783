"""Fixtures that every test may use.

A test that touches the database asks for pytest-django's ``db`` (rolled back afterwards) or
``transactional_db`` (emptied afterwards; needed where several connections take part). The
PostgreSQL server starts with the first such test.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections
from django.test import TransactionTestCase
from hypothesis import settings
from pytest_django.plugin import DjangoDbBlocker
from xdist.remote import Producer

from fellesjournal.foundation.database.connection import APP_ROLE
from fellesjournal.foundation.database.embedded import EmbeddedPostgres
from tests.owner import as_owner
from tests.running import need_not_last
from tests.sharing_out import FEW, OneBrowser
from tests.tries import tries, try_often

PROJECT = Path(__file__).resolve().parents[1]

_server: EmbeddedPostgres | None = None


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with third-party data; tests that need it are skipped where it is absent."""
    folder = Path(os.environ.get("FELLESJOURNAL_SHARED_DATA", PROJECT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"third-party data not found in {folder}")
    return folder


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--thorough``: also what asks the same again in other windows, languages and rounds."""
    parser.addoption("--thorough", action="store_true", help="run tests marked thorough too")


def pytest_configure(config: pytest.Config) -> None:
    """How many examples a property is tried with that does not say so itself."""
    if config.getoption("thorough"):
        try_often()
    settings.register_profile("tries", parent=settings.default, max_examples=tries(40))
    settings.load_profile("tries")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What drives a browser comes first, in one go: its platform is started once in each process, and
    none is left alone with a long file at the end.
    """
    items.sort(key=lambda item: not item.path.is_relative_to(PROJECT / "tests" / "e2e"))
    if not config.getoption("thorough"):
        left = [item for item in items if item.get_closest_marker("thorough")]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if not item.get_closest_marker("thorough")]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OneBrowser | None:
    """With few processes one of them drives the browser."""
    return OneBrowser(config, log) if config.getoption("numprocesses") <= FEW else None


def pytest_sessionstart(session: pytest.Session) -> None:
    """With parallel processes their controller owns the server, before they start."""
    if getattr(session.config.option, "numprocesses", None) and not _is_worker():
        _start_server()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server and remove the throw-away folder."""
    del config
    if _is_worker():
        return
    if _server is not None:
        _server.stop()
        shutil.rmtree(_server.socket_directory, ignore_errors=True)
    shutil.rmtree(os.environ["FELLESJOURNAL_TEST_DATA"], ignore_errors=True)


def _is_worker() -> bool:
    return "PYTEST_XDIST_WORKER" in os.environ


def _start_server() -> None:
    global _server  # noqa: PLW0603 - one per test run, stopped by a hook that gets no fixture
    if _server is None and "DATABASE_URL" not in os.environ:
        _server = EmbeddedPostgres(Path(os.environ["FELLESJOURNAL_TEST_DATA"]))
        _server.start()
        need_not_last(_server)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> None:
    """pytest-django asks for this before it makes the test database: the server must be up."""
    del django_db_modify_db_settings_parallel_suffix
    if not _is_worker():
        _start_server()


@pytest.fixture(scope="session", autouse=True)
def _only_rows_of_ours() -> Iterator[None]:
    """Django's flush makes its content types anew after each test with several connections, which is
    most of what such a test takes. Its only table that a test writes to is that of sessions.
    """
    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", _forget_sessions)
    yield
    patch.undo()


def _forget_sessions(case: TransactionTestCase) -> None:
    del case
    connections["default"].cursor().execute("delete from django_session")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The databases are made by their owner; the tests then act as the run-time role."""
    del django_db_setup
    opened = connections["default"]
    with django_db_blocker.unblock():
        with opened.cursor() as cursor:
            # only Django's own flush, between tests, empties tables
            cursor.execute(f"grant truncate on all tables in schema public to {APP_ROLE}")
        opened.close()
    opened.settings_dict["OPTIONS"]["assume_role"] = APP_ROLE
    yield
    with django_db_blocker.unblock():
        opened.close()
    del opened.settings_dict["OPTIONS"]["assume_role"]  # who made them removes them


_RECORD = (
    "store.resource", "store.version", "store.entry", "store.entry_string", "store.entry_date",
    "store.entry_number", "store.unique_identifier", "store.term", "store.feed_position",
    "access.log", "access.once", "access.employment", "access.inactive", "access.part_of",
    "access.member", "access.ground", "access.block", "access.release", "access.also_about",
    "access.opening", "access.course_rule", "access.course_needed", "access.course_passed",
    "access.course_waiver", "outbox.message", "outbox.timer", "outbox.taken_in",
    "leadership.document", "leadership.ticket", "figures.flattened", "figures.refused",
    "figures.touched", "figures.portal_user", "figures.portal_active", "figures.portal_represented",
    "figures.portal_counted", "figures.portal_function", "figures.portal_function_counted",
    "figures.published",
)  # fmt: skip
"""What acts of a test leave, in tables that are not models."""


@pytest.fixture
def empty_record(transactional_db: None) -> Iterator[None]:
    """A record that several connections may write; emptied afterwards.

    Rows are deleted: to truncate so many tables takes twenty times as long as most tests.
    """
    del transactional_db
    yield
    with as_owner() as database, database.transaction():
        database.execute("set local session_replication_role = replica")  # the log is append-only
        for view, generation in database.execute(
            "select view, generation from figures.flattened"
        ).fetchall():
            database.execute(f'drop view if exists figures."{view}"'.encode())
            database.execute(f'drop table figures."{view}~{generation}"'.encode())
        database.execute(";".join(f"delete from {table}" for table in _RECORD).encode())
