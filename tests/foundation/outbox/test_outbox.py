"""Messages are kept with what they tell of, handled once, in order, and never given up."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection, transaction
from fellesjournal.foundation.outbox import wiring, worker
from fellesjournal.foundation.outbox.events import Event, publish
from fellesjournal.foundation.outbox.queries import waiting
from fellesjournal.foundation.outbox.wiring import Subscription, Timer

seen: list[tuple[str, str]] = []
failing: set[str] = set()


def note(payload: dict[str, str]) -> None:
    """Leave a mark in the database, then fail if told to."""
    connection().execute(
        "insert into django_session values (%s, '', now())", [f"mark-{payload['n']}"]
    )
    if payload["n"] in failing:
        raise ValueError("Kari Nordmann has the flu")
    seen.append(("first", payload["n"]))


def other(payload: dict[str, str]) -> None:
    """A second subscriber of the same event."""
    seen.append(("second", payload["n"]))


def call(
    function: Callable[..., None], name: str, purpose: str, arguments: tuple[Any, ...]
) -> None:
    """As access/jobs.py, without a session."""
    assert name
    assert purpose == "HOPERAT"
    function(*arguments)


@pytest.fixture(autouse=True)
def wired(monkeypatch: pytest.MonkeyPatch, empty_record: None) -> None:
    """Two subscribers of one event."""
    del empty_record
    connection().execute("delete from outbox.message")  # what others have left
    seen.clear()
    failing.clear()
    found = {
        "thing-done": [
            Subscription("thing-done", "note", note, "HOPERAT"),
            Subscription("thing-done", "other", other, "HOPERAT"),
        ]
    }
    monkeypatch.setattr("fellesjournal.foundation.outbox.events.subscriptions", lambda: found)
    monkeypatch.setattr(wiring, "subscriptions", lambda: found)


def tell(n: str, about: str = "Patient/1") -> None:
    """One act with its event."""
    with transaction():
        publish(Event("thing-done", about, {"n": n}))


def marks() -> list[str]:
    """What the first subscriber has left in the database."""
    rows = connection().execute("select session_key from django_session order by 1").fetchall()
    return [key for (key,) in rows]


def test_each_subscriber_gets_each_event_once_and_in_order() -> None:
    for n in "123":
        tell(n)
    assert worker.handle_all(call) == 6, waiting()
    assert [n for who, n in seen if who == "first"] == ["1", "2", "3"]
    assert [n for who, n in seen if who == "second"] == ["1", "2", "3"]
    assert not worker.handle_one(call)
    assert waiting() == []


def test_an_event_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        publish(Event("thing-done", "Patient/1", {}))


def test_an_act_that_is_undone_leaves_no_message() -> None:
    def act() -> None:
        with transaction():
            publish(Event("thing-done", "Patient/1", {"n": "1"}))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    assert not worker.handle_one(call)


def test_what_a_failing_reaction_wrote_is_undone_and_it_is_tried_again_later() -> None:
    failing.add("1")
    tell("1")
    worker.handle_all(call)
    assert marks() == []
    (late,) = waiting()
    assert (late.event, late.subscriber, late.count, late.failed) == ("thing-done", "note", 1, 1)
    failing.clear()
    assert not worker.handle_one(call)
    with clock.at(clock.now() + timedelta(seconds=2)):
        assert worker.handle_one(call)
    assert marks() == ["mark-1"]


def test_a_kept_failure_names_its_kind_and_never_its_words() -> None:
    failing.add("1")
    tell("1")
    worker.handle_all(call)
    assert "ValueError" in waiting()[0].failure
    assert "Kari" not in waiting()[0].failure


def test_a_message_that_fails_holds_back_those_of_its_key_and_no_others() -> None:
    failing.add("1")
    tell("1", "Patient/1")
    tell("2", "Patient/1")
    tell("3", "Patient/2")
    worker.handle_all(call)
    assert [n for who, n in seen if who == "first"] == ["3"]
    assert [n for who, n in seen if who == "second"] == ["1", "2", "3"]
    failing.clear()
    with clock.at(clock.now() + timedelta(minutes=1)):
        worker.handle_all(call)
    assert [n for who, n in seen if who == "first"] == ["3", "1", "2"]


def test_many_workers_handle_each_message_once() -> None:
    for n in range(40):
        tell(str(n), f"Patient/{n % 5}")

    def some() -> None:
        worker.handle_all(call)
        connections.close_all()

    threads = [threading.Thread(target=some) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    worker.handle_all(call)  # what was another's turn when each looked last
    first = [n for who, n in seen if who == "first"]
    assert sorted(first, key=int) == [str(n) for n in range(40)]
    for key in range(5):
        of_key = [int(n) for n in first if int(n) % 5 == key]
        assert of_key == sorted(of_key)


def test_a_message_nobody_reacts_to_any_more_waits_and_is_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tell("1")
    monkeypatch.setattr(wiring, "subscriptions", dict)
    worker.handle_all(call)
    assert {late.failure.split()[0] for late in waiting()} == {"NobodyReacts"}


def test_an_event_can_wait_for_its_time() -> None:
    later = clock.now() + timedelta(days=3)
    with transaction():
        publish(Event("thing-done", "Patient/1", {"n": "1"}), due=later)
    assert not worker.handle_one(call)
    with clock.at(later):
        assert worker.handle_all(call) == 2


def test_a_timer_starts_once_each_time_its_interval_has_passed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ticks: list[str] = []
    found = {"tick": Timer("tick", timedelta(hours=1), lambda: ticks.append("x"), "HOPERAT")}
    monkeypatch.setattr(worker, "timers", lambda: found)
    begun = clock.now()
    for minutes, so_far in ((0, 1), (30, 1), (61, 2), (62, 2), (600, 3)):
        with clock.at(begun + timedelta(minutes=minutes)):
            worker.start_due_timers(call)
        assert len(ticks) == so_far
