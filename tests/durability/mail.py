"""The message service between the platform and other systems, when it is bad: what lies in the
mailbox is lost, doubled, held back, and brought in another order.
"""

from __future__ import annotations

import random
import threading
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

_LOST, _DOUBLED, _HELD = 0.15, 0.25, 0.4


class BadMail(threading.Thread):
    """Handles both ways, until stopped; who sends and who receives know nothing of it."""

    def __init__(
        self, mailbox: Path, chance: random.Random, happened: Callable[[str], None]
    ) -> None:
        super().__init__(name="mail")
        self.mailbox, self.chance, self.happened = mailbox, chance, happened
        self._stopping = threading.Event()
        self._held: list[tuple[str, str, bytes]] = []
        self._seen: set[tuple[str, int]] = set()

    def run(self) -> None:
        """Look into both folders, ten times a second."""
        while not self._stopping.wait(0.1):
            for way in ("out", "in"):
                for path in sorted((self.mailbox / way).glob("[!.]*.xml")):
                    with suppress(FileNotFoundError):  # taken by whom it was for
                        self._interfere(way, path)
            self.chance.shuffle(self._held)
            self._held, ripe = self._held[2:], self._held[:2]
            for way, name, content in ripe:
                self._bring(way, name, content)

    def stop(self) -> None:
        """No more."""
        self._stopping.set()
        self.join(5)

    def _interfere(self, way: str, path: Path) -> None:
        this = (path.name, path.stat().st_mtime_ns)
        if this in self._seen or path.name.startswith("again-"):  # one chance each
            return
        self._seen.add(this)
        content = path.read_bytes()
        turn = self.chance.random()
        if turn < _LOST:
            path.unlink()
            self.happened("mail lost")
        elif turn < _DOUBLED:
            self._held.append((way, path.name, content))
            self.happened("mail doubled")
        elif turn < _HELD:
            path.unlink()
            self._held.append((way, path.name, content))
            self.happened("mail held back")

    def _bring(self, way: str, name: str, content: bytes) -> None:
        folder = self.mailbox / way
        beside = folder / f".{uuid.uuid4()}"
        beside.write_bytes(content)
        beside.replace(folder / f"again-{uuid.uuid4()}-{name}"[-120:])


__all__ = ["BadMail"]
