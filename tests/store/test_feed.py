"""The order that readers can trust: no version ever appears behind one already seen."""

from __future__ import annotations

import random
import threading
import time

import pytest
from django.db import connection as django_connection

from fellesjournal.foundation.database.connection import connection, transaction
from fellesjournal.store import feed
from fellesjournal.store.history import history, settled
from fellesjournal.store.visibility import EVERYTHING, NOTHING
from tests.store.writing import delete, put, rows, written


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_record")
def test_a_consumer_misses_nothing_of_writers_that_commit_out_of_order() -> None:
    """INV-51, and the promise of monotone commit order."""
    stop = threading.Event()

    def write(n: int) -> None:
        choice = random.Random(n)
        for step in range(30):
            with transaction():
                written(put("Patient", f"{n}-{step}"))
                time.sleep(choice.random() * 0.01)  # a slow transaction, overtaken by others
        django_connection.close()

    seen: list[str] = []

    def consume() -> None:
        position = 0
        while True:
            ending = stop.is_set()
            for event in feed.changes_after(connection(), position, EVERYTHING):
                seen.append(event.stored.id)
                position = event.stored.seq
            if ending:
                break
        django_connection.close()

    consumer = threading.Thread(target=consume)
    writers = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in (consumer, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    consumer.join()

    assert len(seen) == len(set(seen)) == 120


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_record")
def test_the_feed_stops_before_a_transaction_that_is_still_open() -> None:
    opened, finish = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction():
            written(put("Patient", "slow"))
            opened.set()
            finish.wait(10)
        django_connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    opened.wait(10)
    written(put("Patient", "quick"))

    assert list(feed.changes_after(connection(), 0, EVERYTHING)) == []

    finish.set()
    thread.join()
    ids = [event.stored.id for event in feed.changes_after(connection(), 0, EVERYTHING)]
    assert ids == ["slow", "quick"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_record")
def test_a_consumer_keeps_its_position_only_with_its_own_work() -> None:
    written(put("Patient", "a"))
    with transaction():
        assert feed.position_of(connection(), "letters") == 0
        feed.advance(connection(), "letters", 42)
    with transaction():
        assert feed.position_of(connection(), "letters") == 42


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_record")
def test_history_is_newest_first_and_pages_without_gap_or_repeat() -> None:
    for n in range(7):
        written(put("Patient", "a", name=[{"family": f"N{n}"}]))
    written(delete("Patient", "a"))
    ((rid,),) = rows("select rid from store.resource")

    found, before, ceiling = [], None, None
    while True:
        page = history(connection(), EVERYTHING, rid=rid, before=before, ceiling=ceiling, count=3)
        found += [event.stored.version for event in page.events]
        before, ceiling = page.before, page.ceiling
        if before is None:
            break

    assert found == [8, 7, 6, 5, 4, 3, 2, 1]
    assert page.total == 8


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_record")
def test_history_of_all_holds_ones_own_latest_write() -> None:
    for n in range(5):
        (done,) = written(put("Patient", f"p{n}"))
        newest = history(connection(), EVERYTHING, count=1).events[0]
        assert (newest.stored.id, newest.stored.seq) == (f"p{n}", done.seq)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_record")
def test_history_pages_show_the_record_as_it_was_at_the_first_page() -> None:
    for n in range(4):
        written(put("Patient", f"p{n}"))
    first = history(connection(), EVERYTHING, type_name="Patient", count=2)
    written(put("Patient", "p0", gender="male"))
    second = history(
        connection(),
        EVERYTHING,
        type_name="Patient",
        before=first.before,
        ceiling=first.ceiling,
        count=5,
    )

    assert [event.stored.id for event in first.events + second.events] == ["p3", "p2", "p1", "p0"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_record")
def test_who_may_see_nothing_sees_no_history() -> None:
    written(put("Patient", "a"))

    assert history(connection(), NOTHING, type_name="Patient").events == []
    assert list(feed.changes_after(connection(), 0, NOTHING)) == []


@pytest.mark.django_db
def test_at_finds_the_versions_that_stood_in_a_period() -> None:
    marks = []
    for n in range(3):
        (done,) = written(put("Patient", "a", name=[{"family": f"N{n}"}]))
        marks.append(done.seq)
    ((rid,),) = rows("select rid from store.resource where version > 0")

    page = history(connection(), EVERYTHING, rid=rid, at=(marks[0], marks[1]))
    assert [event.stored.version for event in page.events] == [1]
    page = history(connection(), EVERYTHING, rid=rid, at=(marks[1], marks[1] + 1))
    assert [event.stored.version for event in page.events] == [2]


@pytest.mark.django_db
def test_the_watermark_never_passes_the_clock() -> None:
    ((ahead,),) = rows("select store.seq_of(clock_timestamp() + interval '1 second')")
    assert settled(connection()) < ahead


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_record")
def test_the_latest_of_a_type_are_what_stood_at_the_position_however_often_they_changed() -> None:
    written(put("Patient", "a"), put("Patient", "gone"), put("Observation", "o"))
    written(put("Patient", "a", gender="male"))
    written(delete("Patient", "gone"))
    first = feed.latest_after(connection(), "Patient", 0, EVERYTHING)
    assert [(each.id, each.version, each.body is None) for each in first.versions] == [
        ("a", 2, False),
        ("gone", 2, True),
    ]
    assert first.at_end
    assert feed.latest_after(connection(), "Patient", first.position, EVERYTHING).versions == []

    written(put("Patient", "a", gender="female"), put("Patient", "b"))
    next_ones = feed.latest_after(connection(), "Patient", first.position, EVERYTHING, limit=1)
    assert [each.id for each in next_ones.versions] == ["a"]
    assert not next_ones.at_end
    (last,) = feed.latest_after(connection(), "Patient", next_ones.position, EVERYTHING).versions
    assert last.id == "b"
    assert feed.latest_after(connection(), "Patient", 0, NOTHING).versions == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_record")
def test_a_version_is_the_latest_until_the_next_one_is_in_the_feed() -> None:
    written(put("Patient", "a"))
    opened, finish = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction():
            written(put("Patient", "slow"))
            opened.set()
            finish.wait(10)
        django_connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    opened.wait(10)
    written(put("Patient", "a", gender="male"))  # committed, but behind one that is not
    before = feed.latest_after(connection(), "Patient", 0, EVERYTHING)
    finish.set()
    thread.join()
    after = feed.latest_after(connection(), "Patient", before.position, EVERYTHING)

    assert [(each.id, each.version) for each in before.versions] == [("a", 1)]
    assert [(each.id, each.version) for each in after.versions] == [("slow", 1), ("a", 2)]
