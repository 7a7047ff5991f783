"""Two folders shared with a message service: what lies in ``out`` it sends, what came lies in ``in``.

This is how many installations meet their service (ebXML or AMQP is spoken by the service, not by
us). A file is whole or not there: it is written beside, flushed, and renamed into place. What has
been handled goes to ``handled`` and is kept as evidence; operators decide for how long.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

_NAME = re.compile(r"[A-Za-z0-9._\-]{1,120}", re.ASCII)
LARGEST = 50 * 1024 * 1024
"""Bytes. A larger file is not read; it stays and is seen as waiting."""


@dataclass(frozen=True, slots=True)
class Lying:
    """How many files lie in a folder, and when the oldest of them came (seconds since 1970)."""

    count: int
    oldest: float | None


class Unreadable(Exception):
    """A file that is too large, or is gone."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """The folders below ``folder``; made when first used."""

    folder: Path

    def send(self, name: str, content: bytes) -> None:
        """Put a message into ``out``; on disk when this returns. The same name again replaces it,
        so that sending may be tried again. Raises ValueError for a name that is no file name.
        """
        self._put("out", name, content)

    def receive(self, name: str, content: bytes) -> None:
        """Put a message into ``in``, as the service does."""
        self._put("in", name, content)

    def waiting(self) -> list[str]:
        """The names in ``in``, in the order they came."""
        folder = self._folder("in")
        found = [
            entry
            for entry in os.scandir(folder)
            # a link would bring in whatever it leads to
            if entry.is_file(follow_symlinks=False) and _is_name(entry.name)
        ]
        return [entry.name for entry in sorted(found, key=lambda e: (e.stat().st_mtime_ns, e.name))]

    def read(self, name: str) -> bytes:
        """A message that came. Raises Unreadable."""
        path = self._folder("in") / name
        try:
            if path.stat().st_size > LARGEST:
                raise Unreadable(f"{name} is larger than {LARGEST} bytes")
            return path.read_bytes()
        except FileNotFoundError as error:
            raise Unreadable(f"{name} is gone") from error

    def handled(self, name: str) -> None:
        """Take a message out of ``in``; another worker may have done so already."""
        target = self._folder("handled") / name
        try:
            (self._folder("in") / name).replace(target)
        except FileNotFoundError:
            return
        _flush(target.parent)

    def lying(self, which: str) -> Lying:
        """What lies in one of the folders now."""
        found = [
            entry.stat(follow_symlinks=False).st_mtime
            for entry in os.scandir(self._folder(which))
            if entry.is_file(follow_symlinks=False) and not entry.name.startswith(".")
        ]
        return Lying(len(found), min(found, default=None))

    def _put(self, which: str, name: str, content: bytes) -> None:
        if not _is_name(name):
            raise ValueError(f"{name!r} is no name of a message")
        folder = self._folder(which)
        beside = folder / f".{name}.{os.getpid()}"
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(folder / name)
        _flush(folder)

    def _folder(self, which: str) -> Path:
        folder = self.folder / which
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder


def _is_name(name: str) -> bool:
    return _NAME.fullmatch(name) is not None and not name.startswith(".")


def _flush(folder: Path) -> None:
    """A rename is on disk when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


__all__ = ["LARGEST", "Lying", "Mailbox", "Unreadable"]
