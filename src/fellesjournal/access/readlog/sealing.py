"""Keeping the proof: seals over all chains, their anchor outside the database, months ahead.

A chain proves that no line inside it was changed. That its last lines, a whole chain or a month
are gone is proved by a seal, which names the head of every chain; and that the seals themselves
are the ones made at the time, by the anchor: a file that should be copied to where nobody who
can write to the database can write.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from fellesjournal.access.readlog.times import moment_of
from fellesjournal.foundation.database.connection import connection

ANCHOR = "audit-anchor.txt"
"""The name of the anchor in the data folder."""


@dataclass(frozen=True, slots=True)
class Seal:
    """One seal: its number, its time as a commit number, how many chains moved, its hash."""

    n: int
    id: int
    chains: int
    hash: bytes

    def line(self) -> str:
        """The line of the anchor: number, time in UTC, hash."""
        return f"{self.n} {moment_of(self.id).isoformat(timespec='seconds')} {self.hash.hex()}\n"


def keep_log(anchor: Path | None) -> Seal | None:
    """Make the tables of the months ahead and seal what was written since the last seal.

    To be called every minute, by anybody, any number of times: writers are not held up and
    two callers take turns. Answers the seal, None when nothing was written. With ``anchor``
    the seal is on disk there when this returns.
    """
    database = connection()
    database.execute("select access.log_make_months()")
    row = database.execute(
        "select n, id, cardinality(chains), hash from access.log_make_seal()"
    ).fetchone()
    if row is None:
        return None
    seal = Seal(*row)
    if anchor is not None:
        _append(anchor, seal.line())
    return seal


def _append(anchor: Path, line: str) -> None:
    # one write of a short line to a file opened for appending is whole or absent
    descriptor = os.open(anchor, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, line.encode("ascii"))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
