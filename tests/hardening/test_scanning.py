"""Uploads are shown to the scanner the operator named."""

from __future__ import annotations

import base64
import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.conf import settings

from fellesjournal.access import scanning
from fellesjournal.access.attempts import Unavailable
from fellesjournal.access.sessions import system_session
from fellesjournal.access.writing import Operation, write
from fellesjournal.fhir import bodies
from fellesjournal.fhir.issues import Unprocessable

pytestmark = pytest.mark.django_db

HARMLESS, HARMFUL = b"a photograph", b"EVIL bytes"


@pytest.fixture
def named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Names a scanner in the settings."""

    def name(scanner: str, *, required: bool = True) -> None:
        changed = replace(settings.ENVIRONMENT, scanner=scanner, scanner_required=required)
        monkeypatch.setattr(settings, "ENVIRONMENT", changed)

    return name


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A scanner that finds EVIL in what it reads."""
    made = tmp_path / "scan"
    made.write_text("#!/bin/sh\ngrep -q EVIL && exit 1\nexit 0\n")
    made.chmod(0o700)
    return made


def attachment(content: bytes) -> dict[str, str]:
    return {"contentType": "image/png", "data": base64.b64encode(content).decode()}


def resources(content: bytes) -> list[dict[str, Any]]:
    media = {"resourceType": "Media", "status": "completed", "content": attachment(content)}
    document = {
        "resourceType": "DocumentReference",
        "status": "current",
        "content": [{"attachment": attachment(HARMLESS)}, {"attachment": attachment(content)}],
    }
    photo = {"resourceType": "Practitioner", "photo": [attachment(content)]}
    return [{"resourceType": "Binary", **attachment(content)}, media, document, photo]


def store(resource: dict[str, Any]) -> None:
    session = system_session("system:test", purpose="HOPERAT")
    body = bodies.parse(orjson.dumps(resource))
    write(session, [Operation("create", resource["resourceType"], body=body)])


@pytest.mark.parametrize("index", range(4))
def test_a_harmful_file_is_refused_with_its_place(named: Any, program: Path, index: int) -> None:
    named(f"command:{program}")
    store(resources(HARMLESS)[index])

    with pytest.raises(Unprocessable) as refusal:
        store(resources(HARMFUL)[index])
    (issue,) = refusal.value.issues
    assert issue.code == "security"
    assert issue.expression[0].endswith(".data")


def test_a_file_without_a_content_type_does_not_slip_through(named: Any, program: Path) -> None:
    named(f"command:{program}")
    data = base64.b64encode(HARMFUL).decode()

    assert scanning.file_problems({"resourceType": "Media", "content": {"data": data}})


def test_a_scanner_that_is_away_stops_uploads_and_nothing_else(named: Any) -> None:
    named("command:/nothing/here")
    store({"resourceType": "Practitioner", "name": [{"family": "Uten fil"}]})

    with pytest.raises(Unavailable):
        store(resources(HARMLESS)[0])


def test_a_scanner_that_is_away_may_be_let_pass_by_setting(named: Any) -> None:
    named("command:/nothing/here", required=False)

    store(resources(HARMLESS)[0])


def test_a_scanner_that_fails_is_a_scanner_that_is_away(named: Any, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\nexit 2\n")
    broken.chmod(0o700)
    named(f"command:{broken}")

    with pytest.raises(Unavailable):
        store(resources(HARMLESS)[0])


def test_without_a_scanner_files_are_taken(named: Any) -> None:
    store(resources(HARMFUL)[0])


@pytest.fixture
def clamd(tmp_path: Path) -> Iterator[str]:
    """Something that speaks INSTREAM and finds EVIL."""
    place = str(tmp_path / "clamd")
    server = socket.socket(socket.AF_UNIX)
    server.bind(place)
    server.listen()

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                content = b""
                while size := struct.unpack("!L", stream.read(4))[0]:
                    content += stream.read(size)
                connection.sendall(
                    b"stream: Test.EVIL FOUND\0" if b"EVIL" in content else b"stream: OK\0"
                )

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield place
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join(5)


def test_clamd_is_spoken_to(clamd: str) -> None:
    large = b"x" * 200_000

    assert scanning.is_harmless(f"clamd:{clamd}", large)
    assert not scanning.is_harmless(f"clamd:{clamd}", large + HARMFUL)


def test_clamd_that_is_not_there_says_nothing(tmp_path: Path) -> None:
    with pytest.raises(scanning.ScannerSilent):
        scanning.is_harmless(f"clamd:{tmp_path / 'none'}", b"x")
