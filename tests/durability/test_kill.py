"""kill -9 of application and database at random moments under mixed load (INV-47).

One round, two with ``--thorough``; FELLESJOURNAL_KILL_ROUNDS asks for more.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest
from bench.instance import COMMAND, command, free_port, settings, start, wait_until_ready
from bench.processes import Tree, command_line, descendants

from tests.durability.ledger import Api, Client, Ledger
from tests.tries import is_thorough

EARLIER = 300  # so many of the writes of earlier rounds are looked at again in each
ROUNDS = int(os.environ.get("FELLESJOURNAL_KILL_ROUNDS", "2" if is_thorough() else "1"))


def victims(root: int, kind: str) -> list[int]:
    """The processes that die in a round."""
    everything = descendants(root)
    postgres = [pid for pid in everything if "postgres" in command_line(pid)]
    if kind == "server":
        return Tree(root).workers()
    if kind == "database":
        return postgres[:1]  # the postmaster, which its children do not survive
    if kind == "connection":
        return postgres[-1:]
    return everything


def kill(root: int, kind: str) -> None:
    """SIGKILL, all at once."""
    for pid in victims(root, kind):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@pytest.mark.slow
def test_every_acknowledged_write_survives_and_nothing_is_partial(tmp_path: Path) -> None:
    data, port = tmp_path / "data", free_port()
    choice = random.Random(20261122)
    process = start(data, port)
    ledger = Ledger()
    try:
        token = command(data, "token").stdout.strip().splitlines()[-1]
        for number in range(ROUNDS):
            kind = ["server", "database", "connection", "everything"][(number + 3) % 4]
            stop = threading.Event()
            clients = [Client(port, token, ledger, number * 10 + n, stop) for n in range(4)]
            for client in clients:
                client.start()
            time.sleep(0.5 + choice.random() * 2)
            kill(process.pid, kind)
            if kind == "everything":
                process.wait(30)
                process = start(data, port)
            else:
                wait_until_ready(port, process)
                time.sleep(0.3)
            stop.set()
            for client in clients:
                client.join(60)
            with closing(Api(port, token)) as api:
                verify(api, ledger)
            checked = subprocess.run(
                [COMMAND, "check"], env=settings(data), text=True, capture_output=True, check=False
            )
            assert checked.returncode == 0, checked.stdout + checked.stderr
        assert len(ledger.verified) > 10 * ROUNDS
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def verify(api: Api, ledger: Ledger) -> None:
    """Each acknowledged version is there, each set is whole or absent, each identifier once.

    All of this round, and a sample of what earlier rounds found.
    """
    assert ledger.refused == []
    earlier = random.Random(len(ledger.verified)).sample(
        sorted(ledger.verified), min(len(ledger.verified), EARLIER)
    )
    asked = ledger.acknowledged | {key: ledger.verified[key] for key in earlier}
    for (type_name, fhir_id, version), marker in asked.items():
        status, body = api.ask_patiently("GET", f"/{type_name}/{fhir_id}/_history/{version}")
        if marker is None:
            assert status == 410, (type_name, fhir_id, version, status)
            continue
        assert status == 200, (type_name, fhir_id, version, status)
        said = body["name"][0]["family"] if type_name == "Patient" else body["code"]["text"]
        assert said == marker
    for members in ledger.sets:
        there = {
            api.ask_patiently("GET", f"/{type_name}/{fhir_id}")[0] for type_name, fhir_id in members
        }
        assert len(there) == 1, f"a transaction is there in part: {members}"
    for value in ledger.identifiers:
        status, found = api.ask_patiently("GET", f"/Patient?identifier=urn:test:once|{value}")
        assert status == 200
        assert len(found.get("entry", [])) <= 1
    ledger.verified |= ledger.acknowledged
    ledger.acknowledged.clear()
    ledger.sets.clear()
    ledger.identifiers.clear()
