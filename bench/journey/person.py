"""Somebody at a screen, who does not give up: looks again, and sends the same form once more
when nobody knows whether it was received.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.browsing import Browser, Form, Lost, Page, Sent, Took
from bench.journey.weather import Network, Weather

Look = Callable[[], Sent | None]
"""Opens the page and fills in the form; None when the page shows that it is done already."""
_AWAY = frozenset({502, 503, 504})
_MOST_TRIES = 40
_PAUSE_SECONDS = 0.15
_PATIENCE_SECONDS = 240.0


class Fault(AssertionError):
    """The platform did something it must not do."""


class Stopped(Exception):
    """Whoever plays is told to go home."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What the platform said is done: of what kind, with which words in it, about whom."""

    kind: str
    marker: str
    patient: str


@dataclass(slots=True)
class Ledger:
    """What all players were told is done, and what they met on the way."""

    deeds: list[Deed] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, deed: Deed) -> None:
        """Acknowledged."""
        with self.lock:
            self.deeds.append(deed)

    def count(self, what: str) -> None:
        """Something happened."""
        with self.lock:
            self.met[what] += 1

    def blame(self, what: str) -> None:
        """The platform was at fault."""
        with self.lock:
            self.faults.append(what)


class Gate:
    """Where players wait while the record is looked at. ``close`` returns when all wait."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._open = True
        self.stopped = False
        self.playing = 0

    def enter(self) -> None:
        """Begin an act; waits while the gate is closed. Raises Stopped."""
        with self._condition:
            self._condition.wait_for(lambda: self._open or self.stopped)
            if self.stopped:
                raise Stopped
            self.playing += 1

    def leave(self) -> None:
        """The act is over."""
        with self._condition:
            self.playing -= 1
            self._condition.notify_all()

    def close(self, seconds: float) -> bool:
        """Let nobody begin, and wait until nobody is in the middle of an act."""
        with self._condition:
            self._open = False
            return self._condition.wait_for(lambda: self.playing == 0, seconds)

    def open(self) -> None:
        """Go on."""
        with self._condition:
            self._open = True
            self._condition.notify_all()

    def stop(self) -> None:
        """Everybody goes home."""
        with self._condition:
            self.stopped = True
            self._condition.notify_all()


@dataclass(frozen=True, slots=True)
class Stage:
    """What all players share."""

    port: int
    ledger: Ledger
    gate: Gate
    weather: Weather
    note: Callable[[Took], None] = lambda _took: None
    think: Callable[[random.Random], None] = lambda _chance: None


class Person:
    """One person of the demo, signed in. ``kind`` is ``staff`` or ``citizen``."""

    def __init__(self, stage: Stage, kind: str, who: str, seed: str) -> None:
        self.stage, self.kind, self.who = stage, kind, who
        self.chance = random.Random(seed)
        self.browser = Browser(stage.port, stage.note)
        self.network = Network(self.browser, stage.weather, self.chance, stage.ledger.count)

    def open(self, path: str) -> Page:
        """Look at a page, for as long as it takes to get one; signs in again when need be.

        Raises Fault for a 500, Stopped.
        """
        self.stage.think(self.chance)
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if self.stage.gate.stopped:
                raise Stopped
            try:
                page = self.browser.open(path)
                if page.path.startswith(("/sign-in", "/stand-in")):
                    self._sign_in()
                    continue
                if page.path.startswith("/helsami/terms"):
                    self.browser.press(page.form("terms"), ("accept", "1"))
                    continue
            except (Lost, LookupError):
                self.stage.ledger.count("page lost")
                time.sleep(_PAUSE_SECONDS)
                continue
            if page.status in _AWAY:
                time.sleep(_PAUSE_SECONDS)
                continue
            if page.status == 500:
                self._blame_if_500(page)
                continue
            return page
        raise Fault(f"no answer from {path}")

    def act(self, look: Look) -> Page | None:
        """Do something until the platform says that it is done: the page that says so, or None
        when it showed that it stood before the form was sent (again). ``look`` may open pages
        and send what comes before (a preview) by ``self.show``.

        Raises Fault when it is refused for good, Stopped.
        """
        self.stage.gate.enter()
        try:
            return self._persist(look)
        finally:
            self.stage.gate.leave()

    def show(self, sent: Sent) -> Page:
        """Send a form that shows something before the last step. Raises Lost."""
        page = self.network.send(sent)
        if page.status in _AWAY:
            raise Lost("the platform is away")
        self._blame_if_500(page)
        return page

    def _persist(self, look: Look) -> Page | None:
        refusals: list[str] = []
        unanswered: Sent | None = None
        while len(refusals) < _MOST_TRIES:
            try:
                filled = look()
                if filled is None:
                    return None
                # Who finds that nothing has come of a form goes back to it: another one, filled
                # in anew, would be another wish.
                sent = unanswered or filled
                unanswered = sent
                page = self._send_perhaps_again(sent)
            except Lost:
                continue
            except LookupError as error:  # the form is not there (any more)
                refusals.append(str(error))
                time.sleep(_PAUSE_SECONDS)
                continue
            if page.is_done and not page.path.startswith("/sign-in"):
                return page
            unanswered = None
            refusals.append(f"{page.status} {page.path}")
            self.stage.ledger.count(f"answered {page.status}")
        raise Fault(f"{self.who}: never done: {refusals[-3:]}")

    def _send_perhaps_again(self, sent: Sent) -> Page:
        """Send; after a lost answer mostly the same form again, else look first (Lost)."""
        self.stage.think(self.chance)
        while True:
            if self.stage.gate.stopped:
                raise Stopped
            try:
                page = self.network.send(sent)
            except Lost:
                self.stage.ledger.count("answer lost")
                time.sleep(_PAUSE_SECONDS)
                if self.chance.random() < 0.3:
                    raise
                continue
            if page.status in _AWAY:
                self.stage.ledger.count("refused: away")
                time.sleep(_PAUSE_SECONDS)
                continue
            self._blame_if_500(page)
            return page

    def _blame_if_500(self, page: Page) -> None:
        if page.status == 500:
            self.stage.ledger.blame(f"500 for {self.who}: {page.asked.method} {page.asked.path}")
            time.sleep(_PAUSE_SECONDS)

    def _sign_in(self) -> None:
        """Through the stand-in, as whoever this is."""
        self.browser.cookies.clear()
        page = self.browser.open(f"/sign-in/{self.kind}/")
        self.browser.press(page.form(having="person"), ("person", self.who))


def fill(form: Form, do: tuple[str, str] | None = None, **said: str | list[str]) -> Sent:
    """What is sent when a form is filled in so. Names with a hyphen are given with ``__``."""
    return form.filled(do, {name.replace("__", "-"): value for name, value in said.items()})


__all__ = ["Deed", "Fault", "Gate", "Ledger", "Look", "Person", "Stage", "Stopped", "fill"]
