"""The network between a person and the platform, when it is bad: requests that never arrive,
answers that are lost, requests that arrive twice, and copies that arrive late, after others.
"""

from __future__ import annotations

import http.client
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from bench.browsing import Browser, Lost, Page, Sent

_MOST_KEPT = 3


@dataclass(frozen=True, slots=True)
class Weather:
    """How often, of all forms that are sent, each thing happens."""

    drop: float = 0.0
    lose: float = 0.0
    double: float = 0.0
    late: float = 0.0


FINE = Weather()
STORM = Weather(drop=0.08, lose=0.12, double=0.12, late=0.08)


@dataclass(slots=True)
class Network:
    """Sends the forms of one browser through the weather. ``happened`` counts what came of it."""

    browser: Browser
    weather: Weather
    chance: random.Random
    happened: Callable[[str], None] = lambda _what: None
    kept: list[Sent] = field(default_factory=list)

    def send(self, sent: Sent) -> Page:
        """As ``Browser.send``. Raises Lost, and then it may have arrived or not."""
        self._deliver_late()
        if self._is("drop", self.weather.drop):
            raise Lost("dropped on its way there")
        if self._is("late", self.weather.late):
            self.kept = [*self.kept, sent][-_MOST_KEPT:]
        if self._is("lose", self.weather.lose):
            self._beside(sent, hear=self.chance.random() < 0.5)
            raise Lost("the answer was dropped on its way back")
        if self._is("double", self.weather.double):
            return self._twice(sent)
        return self.browser.send(sent)

    def _is(self, what: str, share: float) -> bool:
        found = self.chance.random() < share
        if found:
            self.happened(what)
        return found

    def _deliver_late(self) -> None:
        """A copy of what was sent earlier arrives now, after what came later."""
        if self.kept and self.chance.random() < 0.3:
            self._beside(self.kept.pop(self.chance.randrange(len(self.kept))), hear=True)

    def _beside(self, sent: Sent, *, hear: bool) -> None:
        """Send on a connection of its own, and read the answer or hang up before it comes."""
        connection = self._begin(sent)
        if hear:
            _hear(connection)
        elif connection is not None:
            connection.close()

    def _twice(self, sent: Sent) -> Page:
        """Two copies arrive at once; the answer to one of them is seen."""
        other = self._begin(sent)
        try:
            return self.browser.send(sent)
        finally:
            _hear(other)

    def _begin(self, sent: Sent) -> http.client.HTTPConnection | None:
        connection = http.client.HTTPConnection("127.0.0.1", self.browser.port, timeout=30)
        try:
            connection.request(sent.method, sent.path, sent.body, self.browser.headers(sent))
        except (OSError, http.client.HTTPException):
            connection.close()
            return None
        return connection


def _hear(connection: http.client.HTTPConnection | None) -> None:
    """Wait for an answer that nobody looks at."""
    if connection is not None:
        with suppress(OSError, http.client.HTTPException):
            connection.getresponse().read()
        connection.close()


__all__ = ["FINE", "STORM", "Network", "Weather"]
