"""kill -9 under load: bytes that left have their line, and the log is sound (INV-32, INV-47).

One round, two with ``--thorough``; FELLESJOURNAL_KILL_ROUNDS asks for more.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from bench.instance import COMMAND, command, free_port, settings, start, wait_until_ready

from fellesjournal.access.readlog.acts import Act, Outcome
from fellesjournal.access.readlog.sealing import ANCHOR
from fellesjournal.foundation.database.embedded import EmbeddedPostgres
from tests.durability.ledger import Api, patient
from tests.durability.test_kill import kill
from tests.tries import is_thorough

ROUNDS = int(os.environ.get("FELLESJOURNAL_KILL_ROUNDS", "2" if is_thorough() else "1"))
PATIENTS = [f"p{number}" for number in range(20)]


class Reader(threading.Thread):
    """Reads at random until told to stop and counts what it was answered."""

    def __init__(self, port: int, token: str, seed: int, stop: threading.Event) -> None:
        super().__init__()
        self.port, self.token, self.stop = port, token, stop
        self.choice = random.Random(seed)
        self.answered: Counter[tuple[Act, str]] = Counter()

    def run(self) -> None:
        """Go on through every interruption."""
        with closing(Api(self.port, self.token)) as api:
            while not self.stop.is_set():
                fhir_id = self.choice.choice(PATIENTS)
                try:
                    self.read_or_search(api, fhir_id)
                except OSError:
                    self.stop.wait(0.05)

    def read_or_search(self, api: Api, fhir_id: str) -> None:
        """One request about a patient."""
        if self.choice.random() < 0.5:
            status, _, _ = api.ask("GET", f"/Patient/{fhir_id}")
            act = Act.READ
        else:
            status, _, body = api.ask("GET", f"/Patient?_id={fhir_id}")
            assert status != 200 or len(body["entry"]) == 1
            act = Act.SEARCH
        if status == 200:
            self.answered[act, fhir_id] += 1


@pytest.mark.slow
def test_no_line_is_lost_for_bytes_that_left_and_the_log_is_sound(tmp_path: Path) -> None:
    data, port = tmp_path / "data", free_port()
    choice = random.Random(20261123)
    process = start(data, port)
    answered: Counter[tuple[Act, str]] = Counter()
    try:
        token = command(data, "token").stdout.strip().splitlines()[-1]
        with closing(Api(port, token)) as api:
            for fhir_id in PATIENTS:
                assert api.ask("PUT", f"/Patient/{fhir_id}", patient(fhir_id, "x"))[0] == 201
        for number in range(ROUNDS):
            kind = ["database", "everything", "server", "connection"][number % 4]
            stop = threading.Event()
            readers = [Reader(port, token, number * 10 + n, stop) for n in range(4)]
            for reader in readers:
                reader.start()
            time.sleep(0.7 + choice.random() * 2)
            kill(process.pid, kind)
            if kind == "everything":
                process.wait(30)
                process = start(data, port)
            else:
                wait_until_ready(port, process)
            time.sleep(0.3)
            stop.set()
            for reader in readers:
                reader.join(60)
                answered += reader.answered
            logged = lines(data)
            assert {key: n for key, n in answered.items() if logged[key] < n} == {}
            verified = audit(data)
            assert verified.returncode == 0, verified.stdout + verified.stderr
        assert sum(answered.values()) > 20 * ROUNDS
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)

    verified = audit(data, "--anchor", str(data / ANCHOR))
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert " 0 findings" in verified.stdout
    assert " 0 seals" not in verified.stdout
    tampered_with(data)


def lines(data: Path) -> Counter[tuple[Act, str]]:
    """How many lines of each act name each patient."""
    with connected(EmbeddedPostgres(data).conninfo) as database:
        rows = database.execute(
            "select l.act, r.fhir_id, count(*) from access.log l, unnest(l.resources) u(rid)"
            " join store.resource r on r.rid = u.rid where l.outcome = %s group by 1, 2",
            [Outcome.DONE],
        ).fetchall()
    return Counter({(Act(act), fhir_id): number for act, fhir_id, number in rows})


def connected(conninfo: str) -> psycopg.Connection[tuple[Any, ...]]:
    """A connection, once the server has read its log again after the kill."""
    deadline = time.monotonic() + 30
    while True:
        try:
            return psycopg.connect(conninfo)
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def audit(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """``fellesjournal audit verify``."""
    return subprocess.run(
        [COMMAND, "audit", "verify", *arguments],
        env=settings(data), text=True, capture_output=True, check=False,
    )  # fmt: skip


def tampered_with(data: Path) -> None:
    """The command tells of a row that the owner of the database removed, and of new seals."""
    with EmbeddedPostgres(data) as server, psycopg.connect(server.conninfo) as database:
        database.execute("set session_replication_role = replica")
        gone: Any = database.execute(
            "delete from access.log where (chain, n) in (select chain, min(n) + 1 from access.log group by chain"
            " having count(*) > 3 limit 1) returning chain, n, to_char(store.seq_time(id), 'YYYY-MM')"
        ).fetchone()
        database.execute(
            "delete from access.log_seal where n = (select max(n) from access.log_seal)"
        )
    verified = audit(data)
    assert verified.returncode == 1
    assert f"missing row: month {gone[2]}, chain {gone[0]}, number {gone[1]}" in verified.stdout
    assert "anchor disagrees" in verified.stdout
