"""kill -9 anywhere in the golden journey, over a network that drops, doubles, delays and reorders
(INV-1, INV-8, INV-47, INV-51): nothing lost, nothing doubled, everything undelivered owned.

Several patients go through the journey at once, with the people around them signed in and filling
in forms. At random moments something dies. One round, two with ``--thorough``;
FELLESJOURNAL_KILL_ROUNDS asks for more.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections import Counter
from pathlib import Path

import pytest
from bench.instance import COMMAND, free_port, settings, start, wait_until_ready
from bench.journey.people import PATIENTS, Cast
from bench.journey.person import Fault, Gate, Ledger, Stage, Stopped
from bench.journey.play import journey
from bench.journey.weather import STORM

from tests.durability import evidence, record
from tests.durability.mail import BadMail
from tests.durability.victims import KINDS, kill
from tests.tries import is_thorough

ROUNDS = int(os.environ.get("FELLESJOURNAL_KILL_ROUNDS", "2" if is_thorough() else "1"))
SEED = int(os.environ.get("FELLESJOURNAL_KILL_SEED", "20261122"))
_CHECKED_EACH = 5
_DEEDS, _PATIENCE = 6, 180.0
"""So many deeds of the journeys stand before something dies, on a machine however slow (seconds)."""
_DEMO = {"FELLESJOURNAL_DEMO": "1", "FELLESJOURNAL_CITIZENS": "30", "FELLESJOURNAL_WORKERS": "2"}


def until_done(ledger: Ledger, many: int) -> None:
    """Wait until so many deeds have their answer, or no longer than patience lasts."""
    end = time.monotonic() + _PATIENCE
    while len(ledger.deeds) < many and time.monotonic() < end:
        time.sleep(0.1)


class Player(threading.Thread):
    """Plays the journey of one patient again and again."""

    def __init__(self, stage: Stage, patient: str) -> None:
        super().__init__(name=patient)
        self.stage, self.patient = stage, patient

    def run(self) -> None:
        """Until told to stop; what goes wrong is told."""
        cast = Cast(self.stage, self.patient, f"{SEED} {self.patient}")
        try:
            self._play(cast)
        finally:
            cast.hang_up()

    def _play(self, cast: Cast) -> None:
        turn = 0
        while True:
            turn += 1
            try:
                journey(cast, f"Reisen {self.patient} nr {turn}.")
                self.stage.ledger.count("journeys")
            except Stopped:
                return
            except Exception as error:  # noqa: BLE001 - a thread's failure is the test's
                if self.stage.gate.stopped:
                    return
                kind = "" if isinstance(error, Fault) else traceback.format_exc()
                self.stage.ledger.blame(f"{self.patient}, turn {turn}: {error} {kind}")
                return


@pytest.mark.slow
def test_inv_1_8_47_whatever_dies_nothing_is_lost_or_doubled_and_all_is_owned(
    tmp_path: Path,
) -> None:
    data, port, chance = tmp_path / "data", free_port(), random.Random(SEED)
    process = start(data, port, **_DEMO)
    since = record.newest(data)
    ledger = Ledger()
    stage = Stage(port, ledger, Gate(), STORM)
    mail = BadMail(data / "mailbox", random.Random(SEED), ledger.count)
    players = [Player(stage, patient) for patient in PATIENTS]
    mail.start()
    for player in players:
        player.start()
    killed: Counter[str] = Counter()
    try:
        for number in range(ROUNDS):
            until_done(ledger, _DEEDS * (number + 1))
            time.sleep(chance.random() * 5)
            kind = KINDS[(number + len(KINDS) - 1) % len(KINDS)]
            kill(process.pid, kind, chance)
            killed[kind] += 1
            process = on_its_feet(process, data, port)
            time.sleep(0.5 + chance.random())
            assert stage.gate.close(120), "somebody never got her answer"
            settle(data)
            look(data, since, ledger)
            if number % _CHECKED_EACH == 0 or number == ROUNDS - 1:
                commands_agree(data)
            stage.gate.open()
        done = Counter(each.kind for each in ledger.deeds)
        sys.stdout.write(f"\nkilled {dict(killed)}\nmet {dict(ledger.met)}\ndone {dict(done)}\n")
        assert len(ledger.deeds) >= _DEEDS * ROUNDS
    finally:
        stage.gate.stop()
        mail.stop()
        for player in players:
            player.join(60)
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def on_its_feet(process: subprocess.Popen[bytes], data: Path, port: int) -> subprocess.Popen[bytes]:
    """The platform answers again: by itself, or started anew as an operator's system would."""
    time.sleep(0.5)
    for _ in range(3):
        if process.poll() is not None:
            process = start(data, port, **_DEMO)
        try:
            wait_until_ready(port, process)
        except RuntimeError:
            continue
        return process
    raise AssertionError("the platform does not come back")


def settle(data: Path) -> None:
    """Wait until the messages between packages are handled; all that is due must be."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        record.hurry(data)
        time.sleep(0.3)
        if record.waiting(data) == 0:
            return
    # what waits is named by the rules


def look(data: Path, since: int, ledger: Ledger) -> None:
    """Nothing is wrong with the record, and nothing has been answered that should not be."""
    found = record.read(data, since)
    wrong = [each for rule in evidence.RULES for each in rule(found)]
    wrong += evidence.lost_or_doubled(found, list(ledger.deeds))
    if faults := ledger.faults + wrong:
        pytest.fail("\n".join(faults))


def commands_agree(data: Path) -> None:
    """Neither index nor log of the record has a fault."""
    for words in (("check",), ("audit", "verify")):
        checked = subprocess.run(
            [COMMAND, *words], env=settings(data), text=True, capture_output=True, check=False
        )
        assert checked.returncode == 0, checked.stdout + checked.stderr
