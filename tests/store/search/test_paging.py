"""INV-54: paging gives each match once, as of the first page, whatever is written meanwhile."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from django.db import connection as django_connection

from fellesjournal.fhir.issues import BadRequest, Gone
from fellesjournal.store.search.pages import Cursor
from tests.owner import as_owner
from tests.store.search.cast import all_ids, code, find, ids
from tests.store.writing import delete, put, written

NOW = 4_000_000_000
TABLES = "resource, version, entry, entry_string, entry_date, entry_number, term, unique_identifier"


@pytest.fixture(autouse=True)
def emptied(request: pytest.FixtureRequest) -> Iterator[None]:
    """Django empties the tables of models only; what was committed here goes as well."""
    mark = request.node.get_closest_marker("django_db")
    real = mark is not None and mark.kwargs.get("transaction")
    if real:
        request.getfixturevalue("transactional_db")
        _empty()
    yield
    if real:
        _empty()


def _empty() -> None:
    names = ", ".join(f"store.{name}" for name in TABLES.split(", "))
    with as_owner() as owner:
        owner.execute(f"truncate {names}")


def thing(fhir_id: str, note: str, **members: Any) -> Any:
    return put("Basic", fhir_id, code=code("x"), author={"display": note}, **members)


def note(stored: Any) -> str:
    return str(orjson.loads(stored.body)["author"]["display"])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "sort", ["", "&_sort=created", "&_sort=-created,_id", "&_sort=_lastUpdated"]
)
def test_pages_show_the_state_of_the_first_page_while_others_write(sort: str) -> None:
    written(*(thing(f"b{n}", "first", created=f"20{n % 7 + 10}") for n in range(40)))
    page = find(f"Basic?code=x&_count=7{sort}")
    seen = [(stored.id, note(stored)) for stored in page.matches]
    chance = random.Random(4)
    while page.next is not None:
        victim = chance.randrange(40)
        written(thing(f"b{victim}", "later", created="2030"))
        written(delete("Basic", f"b{(victim + 5) % 40}"))
        written(thing(f"new{victim}", "new"))
        page = find(f"Basic?code=x&_count=7{sort}", cursor=page.next)
        seen += [(stored.id, note(stored)) for stored in page.matches]
    assert sorted(seen) == sorted((f"b{n}", "first") for n in range(40))


@pytest.mark.django_db(transaction=True)
def test_includes_and_totals_of_later_pages_are_of_the_first_pages_state() -> None:
    written(put("Patient", "p", name=[{"family": "Before"}]))
    written(
        *(
            put("Basic", f"b{n}", code=code("x"), subject={"reference": "Patient/p"})
            for n in range(4)
        )
    )
    first = find("Basic?_count=2&_total=accurate&_include=Basic:subject")
    written(put("Patient", "p", name=[{"family": "After"}]), put("Basic", "b9", code=code("x")))
    second = find("Basic?_count=2&_total=accurate&_include=Basic:subject", cursor=first.next)
    assert (first.total, second.total) == (4, 4)
    (stored,) = second.included
    assert stored.body is not None
    assert b"Before" in stored.body
    assert find("Basic?_summary=count").total == 5


@pytest.mark.django_db(transaction=True)
def test_chains_of_later_pages_are_of_the_first_pages_state() -> None:
    written(put("Patient", "p", name=[{"family": "Before"}]))
    written(
        *(
            put("Basic", f"b{n}", code=code("x"), subject={"reference": "Patient/p"})
            for n in range(4)
        )
    )
    first = find("Basic?subject:Patient.name=before&_count=2")
    written(put("Patient", "p", name=[{"family": "After"}]))
    second = find("Basic?subject:Patient.name=before&_count=2", cursor=first.next)
    assert len(first.matches) == len(second.matches) == 2
    assert ids("Basic?subject:Patient.name=before") == []


@pytest.mark.django_db(transaction=True)
def test_readers_paging_during_parallel_writes_see_each_resource_once() -> None:
    written(*(thing(f"b{n}", "0") for n in range(60)))
    stop = threading.Event()

    def write() -> None:
        turn = 0
        while not stop.is_set():
            turn += 1
            written(thing(f"b{turn % 60}", str(turn)))
        django_connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(10):
            found = all_ids("Basic?code=x&_count=9")
            assert sorted(found) == sorted(f"b{n}" for n in range(60))
    finally:
        stop.set()
        writer.join()


@pytest.mark.django_db
def test_thousands_with_one_value_are_each_seen_once() -> None:
    for part in range(4):
        written(*(thing(f"b{part}-{n}", "x", created="2020") for n in range(600)))
    for sort in ("created", "-created", "code", "author"):
        found = all_ids(f"Basic?_sort={sort}&_count=500")
        assert len(found) == len(set(found)) == 2400, sort


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["", "x", "AAAA", "W10", Cursor("1:1:", (), None, NOW).encode(), Cursor("1:1:", ("a",), None, NOW).encode(),
             Cursor("1:1:", (2**70,), None, NOW).encode(), Cursor("x", (1,), None, NOW).encode(), "å", "a" * 10000],
)  # fmt: skip
def test_a_made_up_page_link_is_refused(text: str) -> None:
    with pytest.raises(BadRequest):
        find("Basic", cursor=text)


@pytest.mark.django_db(transaction=True)
def test_sort_keys_no_database_can_hold_are_refused() -> None:
    for value in ("\x00", "\ud800"):
        made_up = Cursor("1:1:", (value, 1), None, NOW).encode()
        with pytest.raises(BadRequest):
            find("Basic?_sort=code", cursor=made_up)


@pytest.mark.django_db
def test_a_page_link_expires_before_what_it_shows_is_removed() -> None:
    old = Cursor("1:1:", (1,), None, int(time.time()) - 2 * 3600).encode()
    with pytest.raises(Gone):
        find("Basic", cursor=old)
