"""Trouble with the database is told, not hidden, and not a thousand times."""

from __future__ import annotations

import logging

import psycopg
import pytest

from fellesjournal.access import attempts
from fellesjournal.access.attempts import Unavailable, with_retries
from fellesjournal.fhir.issues import Conflict


def failing(error: Exception) -> None:
    raise error


def test_an_outage_is_logged_once_a_second_and_refused_each_time(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    monkeypatch.setattr(attempts._Told, "at", float("-inf"))
    with caplog.at_level(logging.WARNING):
        for step in range(30):
            now[0] = 100 + step * 0.1
            with pytest.raises(Unavailable):
                with_retries(lambda: failing(psycopg.OperationalError("gone")), is_read=False)

    assert len(caplog.records) == 3


def test_a_lost_race_runs_again_and_is_a_conflict_when_it_keeps_losing() -> None:
    tries = []

    def loses_twice() -> str:
        tries.append(1)
        if len(tries) < 3:
            raise psycopg.errors.DeadlockDetected
        return "done"

    assert with_retries(loses_twice, is_read=False) == "done"
    with pytest.raises(Conflict):
        with_retries(lambda: failing(psycopg.errors.SerializationFailure()), is_read=False)
