"""Settings of an installation in production, and where secrets may come from."""

from __future__ import annotations

import ast
import dataclasses
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from fellesjournal.config import environment
from fellesjournal.config.environment import BadSetting, Environment, read_environment

SOURCE = Path(environment.__file__).resolve().parents[1]
SECRET_FIELDS = ("secret_key", "database_url", "database_owner_url", "idporten_secret")
SECRET_NAMES = re.compile(r"(secret|password|passwd|token|api_?key|private_?key)$", re.IGNORECASE)


@pytest.fixture
def production(tmp_path: Path) -> dict[str, str]:
    """The variables of an installation behind a proxy."""
    key = tmp_path / "key"
    key.write_text("k" * 64 + "0123456789abcdefghij")
    return {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "fellesjournal.config.settings",
        "FELLESJOURNAL_DATA": str(tmp_path),
        "FELLESJOURNAL_DEMO": "0",
        "FELLESJOURNAL_URL": "https://journal.example.no",
        "FELLESJOURNAL_SECRET_KEY_FILE": str(key),
    }


def run(code: str, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], env=variables, capture_output=True, text=True, check=False,
        timeout=60,
    )  # fmt: skip


def test_djangos_deployment_check_finds_nothing(production: dict[str, str]) -> None:
    code = (
        "import django; django.setup();"
        "from django.core.management import call_command;"
        "call_command('check', '--deploy', '--fail-level', 'WARNING')"
    )
    done = run(code, production)

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout + done.stderr


def test_cookies_with_https_belong_to_this_host_alone(production: dict[str, str]) -> None:
    code = (
        "from fellesjournal.config import settings as s;"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE,"
        " s.CSRF_COOKIE_SECURE, s.LANGUAGE_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY,"
        " s.CSRF_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE, getattr(s, 'SESSION_COOKIE_DOMAIN', None),"
        " 'stand_in' in str(s.INSTALLED_APPS), s.DEBUG, s.SECURE_SSL_REDIRECT)"
    )
    told = run(code, production).stdout.split()

    assert told == [
        "__Host-fellesjournal", "__Host-csrf", "True", "True", "True", "True", "True", "Lax",
        "None", "False", "False", "True",
    ]  # fmt: skip


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_no_installation_in_production_answers_to_any_name(
    production: dict[str, str], host: str
) -> None:
    del production["FELLESJOURNAL_URL"]
    told = run(
        "from fellesjournal.config import settings as s; print(s.ALLOWED_HOSTS)",
        production | {"FELLESJOURNAL_HOST": host},
    )

    assert told.returncode == 0, told.stderr
    assert "'*'" not in told.stdout
    assert "testserver" not in told.stdout


@pytest.mark.parametrize("name", SECRET_FIELDS)
def test_a_secret_has_no_default_and_is_not_printed(name: str) -> None:
    (field,) = [field for field in dataclasses.fields(Environment) if field.name == name]

    assert field.default is None
    assert not field.repr


@pytest.mark.parametrize(
    ("variable", "field"),
    [
        ("FELLESJOURNAL_SECRET_KEY", "secret_key"),
        ("DATABASE_URL", "database_url"),
        ("DATABASE_OWNER_URL", "database_owner_url"),
        ("FELLESJOURNAL_IDPORTEN_SECRET", "idporten_secret"),
    ],
)
def test_a_secret_may_come_from_a_file(tmp_path: Path, variable: str, field: str) -> None:
    file = tmp_path / "secret"
    file.write_text("postgresql://a:hush@b/c\n")

    found = read_environment({f"{variable}_FILE": str(file)})
    assert getattr(found, field) == "postgresql://a:hush@b/c"
    assert "hush" not in repr(found)
    with pytest.raises(BadSetting):
        read_environment({f"{variable}_FILE": str(file), variable: "x"})
    with pytest.raises(BadSetting):
        read_environment({f"{variable}_FILE": str(tmp_path / "none")})
    file.write_text("")
    with pytest.raises(BadSetting):
        read_environment({f"{variable}_FILE": str(file)})


def test_no_secret_stands_in_the_code() -> None:
    """A name that ends in secret, password, token or key is never given a text of its own."""
    found = []
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            targets: list[ast.expr] = []
            if isinstance(node, ast.Assign):
                targets = node.targets
            elif isinstance(node, ast.AnnAssign):
                targets = [node.target]
            value = getattr(node, "value", None)
            if not isinstance(value, ast.Constant) or not isinstance(value.value, str | bytes):
                continue
            names = [ast.unparse(target).rpartition(".")[2] for target in targets]
            if len(value.value) >= 12 and any(SECRET_NAMES.search(name) for name in names):
                found.append(f"{file.name}: {names} = {value.value!r}")

    # the name of a method of OAuth
    assert [line for line in found if "client_secret_basic" not in line] == []


@pytest.mark.parametrize("scanner", ["clamav", "clamd:", "command:", "command:/nothing/here"])
def test_a_scanner_that_can_not_be_meant_is_refused(scanner: str) -> None:
    with pytest.raises(BadSetting):
        read_environment({"FELLESJOURNAL_SCANNER": scanner})
