"""INV-12, 28: whatever citizen, staff and clock do, what she has written and nobody has answered
awaits a unit with an owner and a deadline, and what is answered awaits nobody. The model is apart
from the code.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fellesjournal.access.sessions import Session
from fellesjournal.care.conversations import actions
from fellesjournal.care.conversations.actions import MessageRefused
from fellesjournal.care.conversations.queries import own_conversations, queue, task_about
from fellesjournal.fhir.issues import FhirError, PreconditionFailed
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import transaction
from tests.care.conversations.cast import (
    HOME,
    OFFICE,
    PATIENT,
    citizen,
    handle,
    hers,
    home_care,
    task,
    unit,
    workplace,
    write,
)
from tests.staff import SYSTEM, employ, put
from tests.tries import tries

START = datetime(2026, 5, 4, 8, tzinfo=UTC)
STEPS = ("write", "more", "take", "answer", "close", "leave", "return", "shut", "end", "wait")


class _Undone(Exception):
    """Ends an example: nothing of it stays."""


@contextmanager
def _nothing_stays() -> Iterator[None]:
    with suppress(_Undone), transaction():
        yield
        raise _Undone


@dataclass
class World:
    """What awaits an answer, as the test knows it: conversations by id."""

    now: datetime = START
    waiting: set[str] = field(default_factory=set)
    written: list[str] = field(default_factory=list)


def _step(step: str, at: dict[str, Session], kari: Session, world: World) -> None:
    someone = {name: session.again() for name, session in at.items()}
    newest = world.written[-1] if world.written else ""
    if step == "write":
        unit_ = HOME if len(world.written) % 2 else OFFICE
        with suppress(MessageRefused):  # the unit follows her no more
            world.written.append(write(kari.again(), unit=unit_, key=str(uuid.uuid4())))
            world.waiting.add(world.written[-1])
    elif step == "more" and newest:
        with suppress(MessageRefused):
            actions.write_more(
                kari.again(), conversation_id=newest, words="Mer", key=str(uuid.uuid4()),
                by_name="Kari",
            )  # fmt: skip
            world.waiting.add(newest)
    elif step in {"take", "answer", "close"} and newest:
        for name in ("secretary", "nurse"):
            with suppress(FhirError):
                _do(step, someone[name], newest, world)
    elif step == "leave":
        put("PractitionerRole", "secretary-role", active=False)
    elif step == "return":
        employ("secretary", "secretary", "office")
        unit("office", "gp-office")
    elif step == "shut":
        unit("home", "home-care", active=False)
    elif step == "end":
        put("EpisodeOfCare", "service", status="cancelled", patient={"reference": PATIENT})
    elif step == "wait":
        world.now += timedelta(days=8)


def _do(step: str, session: Session, conversation: str, world: World) -> None:
    found = task_about(session, conversation)
    if found is None:
        return
    asked = {"patient": PATIENT, "task": found.id, "seen": found.version}
    if step == "take":
        actions.take(session, **asked, by_name="X")  # type: ignore[arg-type]  # of several types
        return
    with suppress(MessageRefused):  # closed already
        if step == "answer":
            actions.answer(session, **asked, words="Svar", key=str(uuid.uuid4()), by_name="X")  # type: ignore[arg-type]  # as above
        else:
            actions.end(session, **asked, outcome="done", words="", by_name="X")  # type: ignore[arg-type]  # as above
        world.waiting.discard(conversation)


@pytest.mark.django_db
@settings(
    max_examples=tries(12),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(st.sampled_from(STEPS), min_size=2, max_size=9))
def test_what_she_has_written_is_never_nobodys(steps: list[str], db: None) -> None:
    del db
    with _nothing_stays():
        at, kari, world = workplace(), citizen(), World()
        home_care()
        for step in ["write", *steps]:
            with clock.at(world.now):
                _step(step, at, kari, world)
                handle()
                open_tasks = {}
                for conversation in world.written:
                    found = task_about(SYSTEM, conversation)
                    assert found is not None
                    if found.is_open:
                        open_tasks[conversation] = found
                assert set(open_tasks) == world.waiting, step
                for each in open_tasks.values():
                    assert each.owner
                    assert each.unit
                    assert each.deadline is not None
                    assert not each.is_late or each.has_risen
                shown = {each.id for each in own_conversations(kari.again()) if each.awaits_answer}
                assert shown == world.waiting, step


def test_inv_46_of_two_who_answer_in_the_same_moment_one_stands_and_one_is_told(
    empty_record: None,
) -> None:
    del empty_record
    at, kari = workplace(), citizen()
    written = write(kari)
    found = task(at["gp"], written)
    together = Barrier(2)

    def reply(name: str) -> str:
        try:
            together.wait(10)
            actions.answer(
                at[name].again(), patient=PATIENT, task=found.id, seen=found.version,
                words=name, key=str(uuid.uuid4()), by_name=name,
            )  # fmt: skip
        except PreconditionFailed:
            return "told"
        finally:
            connections.close_all()
        return "stands"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(reply, ("gp", "secretary"))) == ["stands", "told"]
    handle()
    assert len(hers(kari.again()).messages) == 2
    assert queue(at["gp"].again()) == []
