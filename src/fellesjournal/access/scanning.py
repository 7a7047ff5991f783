"""Files in what is written are shown to a scanner first, when the operator has named one.

FELLESJOURNAL_SCANNER is ``command:/program``, which gets a file on its standard input and exits
with 0 for harmless and 1 for harmful (as clamdscan does), or ``clamd:/socket`` or
``clamd:host:port``, which is spoken to by clamd's INSTREAM. Looked at is every attachment of
every type (Binary, the Attachments of DocumentReference, Media and all others); what a ``url``
points to is not here to be looked at.
"""

from __future__ import annotations

import base64
import binascii
import socket
import struct
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from django.conf import settings

from fellesjournal.access.attempts import Unavailable
from fellesjournal.fhir.issues import Issue

_SECONDS = 30.0
_CHUNK = 1 << 16
_LONGEST_REPLY = 4096


class ScannerSilent(Exception):
    """The scanner can't be reached, or says nothing that is known."""


def file_problems(data: Mapping[str, Any]) -> list[Issue]:
    """What the scanner says against the files in a resource.

    Raises Unavailable (503) when it can't be asked and the setting demands that it is.
    """
    scanner: str | None = settings.ENVIRONMENT.scanner
    if scanner is None:
        return []
    problems = []
    for place, content in _files(data, str(data.get("resourceType", ""))):
        try:
            harmless = is_harmless(scanner, content)
        except ScannerSilent as error:
            if settings.ENVIRONMENT.scanner_required:
                raise Unavailable("files can't be checked now; send it again later") from error
            continue
        if not harmless:
            why = "the scanner of this installation refuses this file"
            problems.append(Issue("security", why, (place,)))
    return problems


def is_harmless(scanner: str, content: bytes) -> bool:
    """Ask the scanner. Raises ScannerSilent."""
    kind, _, place = scanner.partition(":")
    try:
        return _by_command(place, content) if kind == "command" else _by_clamd(place, content)
    except (OSError, subprocess.SubprocessError) as error:
        raise ScannerSilent(type(error).__name__) from error


def _files(value: Any, place: str) -> Iterator[tuple[str, bytes]]:
    if isinstance(value, Mapping):
        data = value.get("data")
        # every ``data`` is base64 but that of SampledData, which alone has an origin
        if isinstance(data, str) and "origin" not in value:
            with suppress(binascii.Error, ValueError):  # validation names it
                yield f"{place}.data", base64.b64decode(data)
        for name, member in value.items():
            yield from _files(member, f"{place}.{name}")
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from _files(member, f"{place}[{index}]")


def _by_command(program: str, content: bytes) -> bool:
    done = subprocess.run(
        [program], input=content, capture_output=True, timeout=_SECONDS, check=False
    )
    if done.returncode not in {0, 1}:
        raise ScannerSilent(f"exit code {done.returncode}")
    return done.returncode == 0


def _by_clamd(place: str, content: bytes) -> bool:
    with _connected(place) as connection:
        connection.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), _CHUNK):
            part = content[start : start + _CHUNK]
            connection.sendall(struct.pack("!L", len(part)) + part)
        connection.sendall(struct.pack("!L", 0))
        reply = b""
        while not reply.endswith(b"\0") and len(reply) < _LONGEST_REPLY:
            more = connection.recv(_LONGEST_REPLY)
            if not more:
                break
            reply += more
    verdict = reply.rstrip(b"\0\n")
    if verdict.endswith(b" FOUND"):
        return False
    if verdict.endswith(b": OK"):
        return True
    raise ScannerSilent("no verdict")


def _connected(place: str) -> socket.socket:
    if place.startswith("/"):
        opened = socket.socket(socket.AF_UNIX)
        opened.settimeout(_SECONDS)
        try:
            opened.connect(place)
        except OSError:
            opened.close()
            raise
        return opened
    host, _, port = place.rpartition(":")
    if not port.isdigit():
        raise ScannerSilent("no port")
    return socket.create_connection((host, int(port)), timeout=_SECONDS)


__all__ = ["ScannerSilent", "file_problems", "is_harmless"]
