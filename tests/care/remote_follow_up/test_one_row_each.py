"""However readings arrive, sent again, back-dated, taken back or from an app, and whatever is closed
meanwhile: each that lies outside and that nobody has looked at has exactly one open row, with an
owner. The model here is written apart from the code.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fellesjournal.care.remote_follow_up.actions import close_work, send_reading, take_back
from fellesjournal.care.remote_follow_up.finding import readings
from fellesjournal.care.remote_follow_up.jobs import watch
from fellesjournal.care.remote_follow_up.queries import worklist
from fellesjournal.care.remote_follow_up.tasks import Kind, Outcome
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection, transaction
from fellesjournal.foundation.outbox.queries import waiting
from tests.care.remote_follow_up.following import KARI, follow, handle, herself, rows
from tests.staff import SYSTEM, staff

UPPER = 140


class _Undone(Exception):
    """Ends an example: nothing of it stays."""


@dataclass
class World:
    """What was sent, as the test knows it: by key, the upper pressure; what awaits somebody."""

    sent: dict[tuple[str, int, int], str] = field(default_factory=dict)
    awaited: set[str] = field(default_factory=set)

    def send(self, key: str, upper: int, days_ago: int) -> None:
        """The same form with the same numbers and time is the same reading."""
        said = (key, upper, days_ago)
        group = send_reading(
            herself(),
            measured={"systolic": Decimal(upper), "diastolic": Decimal(80)},
            at=_NOON - timedelta(days=days_ago),
            key=key,
        )
        if said not in self.sent:
            self.sent[said] = group
            if upper > UPPER:
                self.awaited.add(group)
        assert self.sent[said] == group

    def take_back(self, which: int) -> None:
        """Opens its row again when it has or had one."""
        found = [
            each for each in readings(SYSTEM, KARI) if not each.is_withdrawn
        ]  # fmt: skip
        if not found:
            return
        one = found[which % len(found)]
        take_back(herself(), reading=one.id, seen=one.version)
        if one.numbers["systolic"] > UPPER:
            self.awaited.add(one.group)

    def close(self, which: int) -> None:
        """The GP looks at a row."""
        found = [each for each in rows() if each.kind is Kind.OUTSIDE]
        if not found:
            return
        one = found[which % len(found)]
        group = next(each.group for each in readings(SYSTEM, KARI) if one.focus.endswith(each.id))
        gp = staff("gp", "gp", "office")
        close_work(gp, patient=KARI, tasks=[(one.id, one.version)], outcome=Outcome.CONTACTED)
        self.awaited.discard(group)

    def deliver_again(self, which: int) -> None:
        """A message that was handled comes once more."""
        found = readings(SYSTEM, KARI)
        if found:
            one = found[which % len(found)]
            watch(SYSTEM, {"resource": f"Observation/{one.id}", "version": "1"})


_NOON = clock.now()
ACTS = ("send", "send-again", "take-back", "close", "deliver-again", "settle")


def _does(world: World, act: str, number: int, upper: int) -> None:
    match act:
        case "send":
            world.send(f"k{number}", upper, number)
        case "send-again" if world.sent:
            key, same, days = sorted(world.sent)[number % len(world.sent)]
            world.send(key, same, days)
        case "take-back":
            handle()
            world.take_back(number)
        case "close":
            handle()
            world.close(number)
        case "deliver-again":
            handle()
            world.deliver_again(number)
        case "settle":
            handle()


@pytest.mark.django_db
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    acts=st.lists(
        st.tuples(st.sampled_from(ACTS), st.integers(0, 6), st.integers(UPPER - 3, UPPER + 3)),
        min_size=2,
        max_size=14,
    )
)
def test_inv_28_every_reading_outside_has_exactly_one_open_row_however_it_came(
    db: None, acts: list[tuple[str, int, int]]
) -> None:
    del db
    with suppress(_Undone), transaction():
        follow()
        world = World()
        for act, number, upper in acts:
            _does(world, act, number, upper)
        handle()
        _one_row_each(world)
        raise _Undone


def _one_row_each(world: World) -> None:
    by_id = {f"Observation/{each.id}": each.group for each in readings(SYSTEM, KARI)}
    opened = [by_id[each.focus] for each in rows() if each.kind is Kind.OUTSIDE]
    assert sorted(opened) == sorted(world.awaited)
    assert all(each.owner and each.unit for each in rows())
    shown = worklist(staff("gp", "gp", "office"))
    assert len(shown) == len(opened)
    assert all(each.is_mine for each in shown)


@pytest.mark.django_db(transaction=True)
def test_inv_51_the_same_form_sent_eight_times_at_once_is_one_reading_and_one_row(
    empty_record: None,
) -> None:
    del empty_record
    connection().execute("delete from outbox.message")
    follow()
    at, failed = clock.now(), []

    def send() -> None:
        try:
            send_reading(
                herself(),
                measured={"systolic": Decimal(170), "diastolic": Decimal(80)},
                at=at,
                key="one",
            )
        except Exception as error:  # noqa: BLE001 - told to the thread that asserts
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failed == []
    handle()
    assert len(readings(SYSTEM, KARI)) == 1
    assert [each.kind for each in rows()] == [Kind.OUTSIDE]


@pytest.mark.django_db
def test_inv_51_a_reaction_that_dies_halfway_leaves_nothing_and_is_done_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The worker is killed after the row is written and before the message is marked done."""
    follow()
    send_reading(
        herself(), measured={"systolic": Decimal(170), "diastolic": Decimal(80)},
        at=clock.now(), key="x",
    )  # fmt: skip
    jobs = "fellesjournal.care.remote_follow_up.jobs"
    with monkeypatch.context() as broken:
        broken.setattr(f"{jobs}._arrived", _dies)
        with suppress(AssertionError):
            handle()
        assert rows() == []
        assert any(each.failed for each in waiting())
    with clock.at(clock.now() + timedelta(hours=1)):
        handle()
    assert len(rows()) == 1


def _dies(*_given: object) -> None:
    raise RuntimeError("killed")
