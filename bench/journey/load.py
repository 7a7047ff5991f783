"""Fifty people at once on the pages of the journey, and what each page costs by itself.

Times are what a browser waits for one answer. The players run on the same machine, and their own
work is part of what its processors do.
"""

from __future__ import annotations

import os
import random
import re
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from bench.browsing import Took
from bench.instance import Instance
from bench.journey.person import Fault, Gate, Ledger, Person, Stage, Stopped
from bench.journey.roles import ROLES, Role
from bench.journey.weather import FINE
from fellesjournal.foundation.database.embedded import EmbeddedPostgres

THINK_SECONDS = (2.0, 8.0)
"""Between two pages, evenly spread: five seconds in the mean."""
WARM_SECONDS, LOAD_SECONDS, RUSH_SECONDS = 30.0, 90.0, 30.0
BUDGET_MS, BUDGET_STATEMENTS = 400, 20
_REPEATS = 12
_STATEMENT = re.compile(rb"\[(\d+)\] LOG:  (?:statement|execute [^:]*): (.*)")
_AN_ID = re.compile(r"cast-|staff-|.*\d")


@dataclass(slots=True)
class Told:
    """What the browsers noted, page by page: method and address without ids."""

    milliseconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    is_counting: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, took: Took) -> None:
        """One request. A conflict (409) is an answer, not an error."""
        if not self.is_counting:
            return
        page = page_of(took)
        with self.lock:
            self.milliseconds[page].append(took.milliseconds)
            if took.status >= 400 and took.status != 409:
                self.errors[page].append(f"{took.status} {took.path}")


def page_of(took: Took) -> str:
    """Its method and address without ids: ``GET /patients/…/notes/``."""
    parts = took.path.partition("?")[0].split("/")
    return f"{took.method:4} " + "/".join("…" if _AN_ID.match(part) else part for part in parts)


class User(threading.Thread):
    """One of the fifty: goes through the round of her role until told to stop."""

    def __init__(self, stage: Stage, role: Role, number: int, patients: Sequence[str]) -> None:
        super().__init__(name=f"{role.name} {number}")
        self.role, self.patients = role, patients
        who = role.people[number % len(role.people)]
        self.person = Person(stage, role.kind, who, self.name)

    def run(self) -> None:
        """Begins anywhere in the round, so that not all do the same at once."""
        turn = self.person.chance.randrange(len(self.role.round))
        try:
            while True:
                self.role.round[turn % len(self.role.round)](self.person, self.patients)
                turn += 1
        except Stopped:
            pass
        except Fault as fault:
            self.person.stage.ledger.blame(str(fault))
        finally:
            self.person.browser.hang_up()


def under_load(instance: Instance, patients: Sequence[str]) -> None:
    """Print the table, with thinking and without."""
    told, ledger = play(instance, patients, THINK_SECONDS, LOAD_SECONDS)
    costs = alone(instance, patients)
    low, high = THINK_SECONDS
    title = f"50 users, {low:.0f} to {high:.0f} s of thought before each page"
    show(title, told, ledger, LOAD_SECONDS, costs)
    told, ledger = play(instance, patients, (0.0, 0.0), RUSH_SECONDS)
    show("50 users without a thought", told, ledger, RUSH_SECONDS, None)


def play(
    instance: Instance, patients: Sequence[str], thinking: tuple[float, float], seconds: float
) -> tuple[Told, Ledger]:
    """Let all play for so long; what happens while they sign in is not counted."""
    told, gate, ledger = Told(), Gate(), Ledger()

    def think(chance: random.Random) -> None:
        deadline = time.monotonic() + chance.uniform(*thinking)
        while time.monotonic() < deadline and not gate.stopped:
            time.sleep(min(0.2, max(0.0, deadline - time.monotonic())))

    stage = Stage(instance.port, ledger, gate, FINE, told.note, think)
    users = [User(stage, role, number, patients) for role in ROLES for number in range(role.users)]
    for user in users:
        user.start()
    time.sleep(WARM_SECONDS)
    told.is_counting = True
    time.sleep(seconds)
    told.is_counting = False
    gate.stop()
    for user in users:
        user.join()
    return told, ledger


def show(
    title: str,
    told: Told,
    ledger: Ledger,
    seconds: float,
    costs: dict[str, tuple[float, float]] | None,
) -> None:
    """The table of one run."""
    everything = sorted(each for listed in told.milliseconds.values() for each in listed)
    errors = [each for listed in told.errors.values() for each in listed] + ledger.faults
    load = os.getloadavg()[0]
    print(
        f"\n{title}: {len(everything) / seconds:.1f} pages/s, p50 {_share(everything, 0.5):.0f} ms,"
        f" p95 {_share(everything, 0.95):.0f} ms, p99 {_share(everything, 0.99):.0f} ms,"
        f" {len(errors)} errors; load average {load:.1f} on {os.cpu_count()} cores"
    )
    print(f"{'page':46}{'count':>7}{'errors':>8}{'p50':>8}{'p95':>8}{'p99':>8}{'SQL':>7}{'CPU':>9}")
    for page, listed in sorted(told.milliseconds.items(), key=lambda each: -_p95(each[1])):
        times = sorted(listed)
        cost = (costs or {}).get(page)
        alone = f"{cost[0]:7.1f}{cost[1]:6.0f} ms" if cost else ""
        over = _p95(times) > BUDGET_MS or bool(cost and cost[0] > BUDGET_STATEMENTS)
        print(
            f"{page:46}{len(times):7}{len(told.errors[page]):8}{_share(times, 0.5):8.0f}"
            f"{_p95(times):8.0f}{_share(times, 0.99):8.0f}{alone}{'  over' if over else ''}"
        )
    for each in errors[:10]:
        print(f"  {each}")


def _p95(times: Sequence[float]) -> float:
    return _share(sorted(times), 0.95)


def _share(times: Sequence[float], share: float) -> float:
    return times[min(len(times) - 1, int(share * len(times)))] if times else float("nan")


def alone(instance: Instance, patients: Sequence[str]) -> dict[str, tuple[float, float]]:
    """SQL statements and milliseconds of processor time of each page that is opened by itself:
    server and database, less what they use while nobody asks.
    """
    log = _Log(instance.data)
    stage = Stage(instance.port, Ledger(), Gate(), FINE)
    pages: dict[str, list[tuple[float, float]]] = defaultdict(list)
    with log.all_statements():
        idle = _idle(instance)
        for role in ROLES:
            for who in role.people[:2]:
                person = Person(stage, role.kind, who, f"alone {who}")
                for address in _addresses(person, role, patients):
                    person.open(address)
                    before, statements, started = instance.tree.cpu(), log.mark(), time.monotonic()
                    for _ in range(_REPEATS):
                        person.open(address)
                    used = instance.tree.cpu() - before - idle * (time.monotonic() - started)
                    page = page_of(Took("GET", address, 200, 0.0))
                    count = log.since(statements) / _REPEATS
                    pages[page].append((count, max(used, 0.0) / _REPEATS * 1000))
                person.browser.hang_up()
    return {
        page: (max(count for count, _ in each), sum(cpu for _, cpu in each) / len(each))
        for page, each in pages.items()
    }


def _idle(instance: Instance) -> float:
    """Processor seconds a second while nobody asks for anything."""
    before = instance.tree.cpu()
    time.sleep(4)
    return (instance.tree.cpu() - before) / 4


def _addresses(person: Person, role: Role, patients: Sequence[str]) -> list[str]:
    """The pages that this role's round shows, found by going through it once."""
    found: dict[str, str] = {}

    def note(took: Took) -> None:
        if took.method == "GET" and took.status == 200:
            found.setdefault(page_of(took), took.path)

    person.browser.note = note
    for step in role.round:
        step(person, patients)
    person.browser.note = lambda _took: None
    return [path for path in found.values() if not path.startswith(("/sign-in", "/stand-in"))]


class _Log:
    """Counts statements in PostgreSQL's own log; those that poll for messages are no page's."""

    def __init__(self, data: Path) -> None:
        self.conninfo = EmbeddedPostgres(data).conninfo
        self.file = data / "postgres.log"
        self.pollers: set[bytes] = set()

    @contextmanager
    def all_statements(self) -> Iterator[None]:
        """Every statement is logged, without its values, for the block."""
        self._set("alter system set log_statement = 'all'")
        try:
            yield
        finally:
            self._set("alter system reset log_statement")

    def mark(self) -> int:
        """Where the log ends now."""
        time.sleep(0.1)
        return self.file.stat().st_size

    def since(self, mark: int) -> int:
        """How many statements pages have made since then."""
        time.sleep(0.1)
        with self.file.open("rb") as lines:
            lines.seek(mark)
            made = [found.groups() for line in lines if (found := _STATEMENT.search(line))]
        self.pollers |= {pid for pid, words in made if b"outbox." in words}
        return sum(pid not in self.pollers for pid, _ in made)

    def _set(self, command: str) -> None:
        with psycopg.connect(self.conninfo, autocommit=True) as database:
            database.execute(command.encode())
            database.execute("select pg_reload_conf()")
        time.sleep(0.5)


__all__ = ["under_load"]
