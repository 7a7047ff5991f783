"""Settings from the environment."""

from __future__ import annotations

import inspect
import re
import stat
from pathlib import Path

import pytest

from fellesjournal.config.environment import (
    BadSetting,
    Environment,
    database_parameters,
    kept_secret_key,
    read_environment,
)


def test_without_variables_everything_has_its_documented_default() -> None:
    found = read_environment({})
    assert found == Environment(data=Path("var").absolute())
    assert (found.port, found.demo, found.database_url) == (8000, True, None)


def test_every_variable_is_read() -> None:
    found = read_environment(
        {
            "DATABASE_URL": "postgresql://a@b/c",
            "FELLESJOURNAL_DATA": "/srv/data",
            "FELLESJOURNAL_HOST": "::1",
            "FELLESJOURNAL_PORT": "81",
            "FELLESJOURNAL_WORKERS": "3",
            "FELLESJOURNAL_THREADS": "2",
            "FELLESJOURNAL_DEMO": "0",
            "FELLESJOURNAL_CITIZENS": "50",
            "FELLESJOURNAL_URL": "https://journal.example.no/",
            "FELLESJOURNAL_SECRET_KEY": "k",
            "FELLESJOURNAL_DEVELOPMENT": "1",
            "FELLESJOURNAL_IDLE_MINUTES": "10",
            "FELLESJOURNAL_SESSION_HOURS": "8",
        }
    )
    assert found == Environment(
        database_url="postgresql://a@b/c", data=Path("/srv/data"), host="::1", port=81,
        workers=3, threads=2, demo=False, citizens=50, idle_minutes=10, session_hours=8,
        url="https://journal.example.no/", secret_key="k", development=True,
    )  # fmt: skip
    assert found.base_url == "https://journal.example.no"


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://localhost:8000"),
        ("::1", "http://[::1]:8000"),
    ],
)
def test_address_shown_can_be_opened_in_a_browser(host: str, url: str) -> None:
    assert read_environment({"FELLESJOURNAL_HOST": host}).base_url == url


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FELLESJOURNAL_PORT", "http"),
        ("FELLESJOURNAL_PORT", "65536"),
        ("FELLESJOURNAL_PORT", "-1"),
        ("FELLESJOURNAL_WORKERS", "0"),
        ("FELLESJOURNAL_DEMO", "yes"),
    ],
)
def test_unusable_value_is_refused_with_the_name_of_the_variable(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=name):
        read_environment({name: value})


def _providers(folder: Path) -> dict[str, str]:
    for name in ("key", "secret"):
        (folder / name).write_text(f"the {name}\n")
    return {
        "FELLESJOURNAL_HELSEID_ISSUER": "https://helseid-sts.nhn.no",
        "FELLESJOURNAL_HELSEID_CLIENT_ID": "staff-client",
        "FELLESJOURNAL_HELSEID_KEY_FILE": str(folder / "key"),
        "FELLESJOURNAL_IDPORTEN_ISSUER": "https://idporten.no",
        "FELLESJOURNAL_IDPORTEN_CLIENT_ID": "citizen-client",
        "FELLESJOURNAL_IDPORTEN_SECRET_FILE": str(folder / "secret"),
    }


def test_identity_providers_are_read_and_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    found = read_environment(_providers(tmp_path))
    assert (found.helseid_issuer, found.helseid_client_id, found.helseid_key_file) == (
        "https://helseid-sts.nhn.no", "staff-client", tmp_path / "key",
    )  # fmt: skip
    assert found.idporten_secret == "the secret"
    assert not found.stand_in
    assert "the secret" not in repr(found)


@pytest.mark.parametrize(
    "change",
    [
        {"FELLESJOURNAL_HELSEID_ISSUER": "http://helseid-sts.nhn.no"},
        {"FELLESJOURNAL_HELSEID_CLIENT_ID": ""},
        {"FELLESJOURNAL_HELSEID_KEY_FILE": ""},
        {"FELLESJOURNAL_HELSEID_KEY_FILE": "/nowhere"},
        {"FELLESJOURNAL_IDPORTEN_SECRET_FILE": ""},
        {"FELLESJOURNAL_IDLE_MINUTES": "0"},
        {"FELLESJOURNAL_SESSION_HOURS": "25"},
    ],
)
def test_provider_that_is_set_up_in_part_is_refused_at_the_start(
    tmp_path: Path, change: dict[str, str]
) -> None:
    with pytest.raises(BadSetting, match="FELLESJOURNAL_"):
        read_environment(_providers(tmp_path) | change)


def test_database_address_is_taken_apart() -> None:
    found = database_parameters("postgresql://ann:p%40ss@db.example:6432/rec?sslmode=verify-full")
    assert found == {
        "NAME": "rec",
        "USER": "ann",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "6432",
        "OPTIONS": {"sslmode": "verify-full"},
    }


def test_database_address_may_name_a_socket_folder() -> None:
    found = database_parameters("postgresql:///rec?host=/run/postgresql&user=ann")
    assert (found["HOST"], found["USER"], found["NAME"]) == ("/run/postgresql", "ann", "rec")


@pytest.mark.parametrize("url", ["mysql://a/b", "postgresql://a:notaport/b", "rec"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(BadSetting):
        database_parameters(url)


def test_secret_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    first = kept_secret_key(tmp_path / "data")
    assert kept_secret_key(tmp_path / "data") == first
    assert len(first) > 50
    mode = (tmp_path / "data" / "secret-key").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    assert kept_secret_key(tmp_path / "other") != first


def test_each_variable_that_is_read_is_in_the_documented_table() -> None:
    read = set(re.findall(r'"([A-Z][A-Z_]+)"', inspect.getsource(read_environment)))
    documented = set(re.findall(r"^    ([A-Z][A-Z_]+) ", Environment.__doc__ or "", re.MULTILINE))
    assert len(read) >= len(Environment.__dataclass_fields__)
    assert documented == read
