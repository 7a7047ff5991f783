"""The search index made again: what it repairs, that it goes on after a kill, who may ask meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator

import pytest
from django.conf import settings

from fellesjournal.access import addresses, index
from fellesjournal.access.export import check_record
from fellesjournal.access.sessions import system_session
from fellesjournal.foundation.database.connection import connection, transaction
from fellesjournal.store import index_state, reindex
from fellesjournal.store.facts import hasher
from fellesjournal.store.index_state import IndexIncomplete, Rebuild, Signature, signature
from fellesjournal.store.search import search
from fellesjournal.store.visibility import EVERYTHING
from tests.store.writing import put, rows, written

SESSION = system_session("system:test", purpose="HSYSADMIN")
BASES = ("http://localhost:8000/fhir",)
OTHER = Signature("0" * 32, BASES)


@pytest.fixture(autouse=True)
def _facts_as_they_were(db: None) -> Iterator[None]:
    del db
    addresses.own_bases.cache_clear()
    index_state.forget()
    index_state.note_made_with(connection(), signature(addresses.own_bases()))
    yield
    addresses.own_bases.cache_clear()
    index_state.forget()


def note_other_definitions() -> None:
    made = Signature(OTHER.definitions, signature(addresses.own_bases()).bases)
    index_state.note_made_with(connection(), made)


def found(query: str, type_name: str = "Patient") -> list[str]:
    pairs = [tuple(pair.split("=", 1)) for pair in query.split("&")]
    page = search(connection(), [(pair[0], pair[1]) for pair in pairs], type_name, EVERYTHING)
    return sorted(stored.id for stored in page.matches)


def some_patients(count: int = 5) -> None:
    written(
        *(
            put(
                "Patient",
                f"p{n}",
                name=[{"family": "Ås"}],
                birthDate="1990-01-01",
                identifier=[{"system": "urn:oid:2.16.578.1.12.4.1.4.1", "value": f"1{n}"}],
            )
            for n in range(count)
        ),
        put(
            "Observation",
            "o",
            status="final",
            code={"coding": [{"system": "http://loinc.org", "code": "29463-7"}]},
            subject={"reference": "Patient/p1"},
            valueQuantity={"value": 7, "system": "http://unitsofmeasure.org", "code": "kg"},
        ),
    )


def damage() -> None:
    """As if rows had been made with other definitions."""
    database = connection()
    database.execute("update store.entry set tokens = '{1}', date_lo = 0, patient = 0")
    database.execute("update store.entry_string set norm = 'x'")
    database.execute("delete from store.entry_number")
    database.execute("delete from store.unique_identifier")


def everything() -> list[list[tuple[object, ...]]]:
    return [
        rows(
            "select seq, patient, date_lo, date_hi,"
            " (select array_agg(t order by t) from unnest(tokens) t) from store.entry order by seq"
        ),
        rows("select seq, slot, norm, raw from store.entry_string order by 1, 2, 3, 4"),
        rows("select seq, slot, lo, hi from store.entry_date order by 1, 2, 3, 4"),
        rows("select seq, slot, unit, lo, hi from store.entry_number order by 1, 2, 3, 4, 5"),
        rows("select rid, type, system, value from store.unique_identifier order by 1, 3, 4"),
        rows("select rid, patient from store.resource order by 1"),
    ]


def test_a_rebuild_makes_the_rows_that_a_commit_makes() -> None:
    some_patients()
    before = everything()
    damage()
    note_other_definitions()

    assert index.settle() == "the search index was made with other definitions"
    last = list(index.rebuild())[-1]

    assert last.changed == last.done == 6
    assert everything() == before
    assert list(check_record(SESSION)) == [6]
    assert index_state.problem(connection()) is None


def test_rows_that_are_right_stay_untouched() -> None:
    some_patients()
    before = rows("select ctid, xmin::text from store.entry order by seq")
    index.begin_anew()

    assert list(index.rebuild())[-1].changed == 0
    assert rows("select ctid, xmin::text from store.entry order by seq") == before


def test_nothing_is_searched_while_the_index_is_unfit_and_reads_go_on() -> None:
    some_patients()
    note_other_definitions()
    with pytest.raises(IndexIncomplete, match="has to be rebuilt"):
        found("name=ås")

    index.settle()
    with pytest.raises(IndexIncomplete, match="being rebuilt"):
        found("name=ås")
    (finding, *_) = check_record(SESSION)
    assert "reindex" in str(finding)

    list(index.rebuild())
    assert found("name=ås") == ["p0", "p1", "p2", "p3", "p4"]


def test_a_sound_index_answers_while_every_row_is_looked_at() -> None:
    some_patients()
    index.begin_anew()

    assert index_state.rebuild_of(connection()) is not None
    assert len(found("name=ås")) == 5


def test_a_rebuild_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    some_patients()
    before = everything()
    damage()
    note_other_definitions()
    monkeypatch.setattr(reindex, "BATCH", 2)
    index.settle()
    first = next(index.rebuild())
    assert (first.done, first.total) == (2, 6)

    assert index.settle() == "a rebuild of the search index is not complete"
    progress = list(index.rebuild())

    assert progress[0].total == 4
    assert progress[-1].changed == 4
    assert everything() == before


def test_a_batch_is_cut_by_its_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    some_patients()
    monkeypatch.setattr(reindex, "BATCH_BYTES", 1)
    index.begin_anew()

    assert [progress.done for progress in index.rebuild()] == [1, 2, 3, 4, 5, 6, 6]


def test_a_new_address_changes_what_counts_as_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    some_patients(2)
    written(
        put(
            "Observation",
            "absolute",
            status="final",
            code={"text": "x"},
            subject={"reference": "https://journal.example/fhir/Patient/p1"},
        )
    )
    monkeypatch.setattr(settings, "PUBLIC_URL", "https://journal.example")
    addresses.own_bases.cache_clear()
    assert found("subject=Patient/p1", "Observation") == ["o"]

    assert index.settle() == "this server has a new address"
    last = list(index.rebuild())[-1]

    assert (last.done, last.changed) == (4, 1)
    assert found("subject=Patient/p1", "Observation") == ["absolute", "o"]


def test_a_command_beside_the_platform_leaves_its_address_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    some_patients(1)
    monkeypatch.setattr(settings, "PUBLIC_URL", "https://journal.example")
    addresses.own_bases.cache_clear()

    assert index.settle(with_address=False) is None
    assert index.has_other_address()


def test_an_empty_record_needs_no_rebuild() -> None:
    note_other_definitions()

    assert index.settle() is None
    assert index_state.problem(connection()) is None


def test_the_digest_knows_a_change_of_the_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = index_state.definitions_digest()
    index_state.definitions_digest.cache_clear()
    assert index_state.definitions_digest() == before

    monkeypatch.setattr("fellesjournal.store.tokens._SEPARATOR", "\x1e")
    index_state.definitions_digest.cache_clear()
    try:
        assert index_state.definitions_digest() != before
    finally:
        index_state.definitions_digest.cache_clear()


def test_what_is_written_during_a_rebuild_keeps_its_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    some_patients()
    damage()
    note_other_definitions()
    monkeypatch.setattr(reindex, "BATCH", 2)
    index.settle()
    steps = index.rebuild()
    next(steps)
    written(put("Patient", "p0", name=[{"family": "Ny"}]), put("Patient", "p4", active=True))
    written(put("Patient", "late", name=[{"family": "Sen"}]))
    list(steps)

    assert found("name=ny") == ["p0"]
    assert found("name=sen") == ["late"]
    assert found("name=ås") == ["p1", "p2", "p3"]
    assert list(check_record(SESSION)) == [7]


def test_a_step_is_all_or_nothing() -> None:
    some_patients()
    damage()
    damaged = everything()
    target = signature(addresses.own_bases())

    def stopped_halfway() -> None:
        with transaction():
            reindex.reindex_batch(connection(), hasher(connection()), Rebuild(target, None))
            raise InterruptedError

    with pytest.raises(InterruptedError):
        stopped_halfway()
    assert everything() == damaged
    assert index_state.rebuild_of(connection()) is None


def test_a_rebuild_that_does_not_see_a_body_is_never_called_complete() -> None:
    some_patients()
    note_other_definitions()
    index.settle()
    # as row security would, for who may not see it
    connection().execute(
        "update store.entry set version = 2 where seq = (select max(seq) from store.entry)"
    )

    with pytest.raises(reindex.UnseenBody):
        list(index.rebuild())
    assert index_state.problem(connection()) == "the search index is being rebuilt"


_KILLED = """
    import os, signal, django
    django.setup()
    from fellesjournal.access import index
    from fellesjournal.store import reindex
    from django.db import connection
    connection.settings_dict["NAME"] = {name!r}
    reindex.BATCH = 2
    steps = index.rebuild()
    next(steps), next(steps)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.usefixtures("empty_record")
def test_a_killed_rebuild_is_finished_by_another_process() -> None:
    some_patients()
    before = everything()
    damage()
    note_other_definitions()
    index.settle()
    name = connection().info.dbname
    killed = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(_KILLED.format(name=name))],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    state = index_state.rebuild_of(connection())
    assert state is not None
    assert state.position > 0

    progress = list(index.rebuild())

    assert (progress[0].total, progress[-1].changed) == (2, 2)
    assert everything() == before
