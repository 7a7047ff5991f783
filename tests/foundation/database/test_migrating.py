"""A database that this version did not make: told in one message, and left as it was."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from fellesjournal.foundation.database.embedded import EmbeddedPostgres
from tests.running import Platform


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A data folder with the schema of this version; nothing runs."""
    with Platform(tmp_path / "data", citizens=0, start=False) as made:
        first = made.command("token")
        assert first.returncode == 0, first.stderr
        yield made


def _as_owner(folder: Path, statement: str) -> list[tuple[Any, ...]]:
    server = EmbeddedPostgres(folder)
    server.start()
    try:
        with psycopg.connect(server.conninfo, autocommit=True) as database:
            done = database.execute(statement)
            return done.fetchall() if done.description else []
    finally:
        server.stop()


def _refusal(platform: Platform, *words: str) -> str:
    done = platform.command(*words)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert f"Error: the database in {platform.data} can't be brought" in done.stderr
    assert "FELLESJOURNAL_DATA" in done.stderr
    assert "Nothing was changed" in done.stderr
    return done.stderr


def test_folder_of_an_earlier_development_version_is_refused_with_what_to_do(
    platform: Platform,
) -> None:
    """All migrations are noted as done, and what they make today is not there."""
    _as_owner(platform.data, "alter table access.release rename to released")

    assert 'relation "access.release" does not exist' in _refusal(platform, "token")
    _refusal(platform, "run")


def test_migrations_before_the_one_that_fails_are_undone(platform: Platform) -> None:
    _as_owner(
        platform.data,
        "drop table django_session;"
        " delete from django_migrations where app in ('sessions', 'smart')",
    )

    assert "already exists" in _refusal(platform, "token")  # smart comes after sessions
    assert _as_owner(platform.data, "select to_regclass('django_session')") == [(None,)]


def test_message_about_a_database_by_url_holds_no_password(platform: Platform) -> None:
    _as_owner(platform.data, "alter table access.release rename to released")
    server = EmbeddedPostgres(platform.data)
    server.start()
    try:
        known = psycopg.conninfo.conninfo_to_dict(server.conninfo)
        url = (
            f"postgresql://{known['user']}:hemmelig@/{known['dbname']}"
            f"?host={known['host']}&port={known.get('port', '5432')}"
        )
        done = subprocess.run(
            [sys.executable, "-m", "fellesjournal", "token"],
            env=Platform.environment(platform.data, platform.port, citizens=0)
            | {"DATABASE_URL": url},
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
    finally:
        server.stop()

    assert done.returncode == 1
    assert done.stderr.startswith("Error: the database at DATABASE_URL")
    assert "hemmelig" not in done.stderr
    assert "Traceback" not in done.stderr
