"""The one write: versions, expectations, uniqueness, and nothing in between."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection as django_connection

from fellesjournal.fhir import bodies
from fellesjournal.fhir.definitions import type_number
from fellesjournal.fhir.issues import Conflict, FhirError, PreconditionFailed
from fellesjournal.foundation.database.connection import connection, transaction
from fellesjournal.store.check import check
from fellesjournal.store.commit import NEW, Change, Method
from fellesjournal.store.facts import hasher
from fellesjournal.store.visibility import EVERYTHING
from tests.owner import as_owner
from tests.store.writing import delete, put, rows, written

FNR = "urn:oid:2.16.578.1.12.4.1.4.1"


def findings() -> list[object]:
    database = connection()
    return [
        found
        for found in check(database, hasher(database), EVERYTHING)
        if not isinstance(found, int)
    ]


@pytest.mark.django_db
def test_a_first_version_is_one_and_the_next_is_two() -> None:
    (first,) = written(put("Patient", "a", gender="female"))
    (second,) = written(put("Patient", "a", gender="male"))

    assert (first.version, first.created) == (1, True)
    assert (second.version, second.created, second.stood) == (2, False, 1)
    assert second.seq > first.seq


@pytest.mark.django_db
def test_the_body_in_the_database_is_the_body_that_was_answered() -> None:
    (done,) = written(put("Patient", "a", gender="female", meta={"source": "http://x.test"}))

    ((stored,),) = rows("select body from store.version where rid = %s", done.rid)

    assert stored == done.body
    meta = bodies.parse(stored).data["meta"]
    assert meta["versionId"] == "1"
    assert meta["lastUpdated"] == bodies.last_updated(done.seq)
    assert meta["source"] == "http://x.test"


@pytest.mark.django_db
def test_the_stamp_of_the_database_is_the_stamp_of_the_code() -> None:
    for seq in (1 << 40, 890812298068643841, (1 << 62) + 12345, 999 << 12, (59_999_999 << 12) + 7):
        ((theirs,),) = rows("select store.stamp(7, %s)", seq)
        assert theirs == bodies.stamp(7, seq)


@pytest.mark.django_db
def test_a_deleted_resource_keeps_its_history_and_can_come_back() -> None:
    written(put("Patient", "a", gender="female"))
    (gone,) = written(delete("Patient", "a"))
    (back,) = written(put("Patient", "a", gender="male"))

    assert gone.version == 2
    assert gone.body is None
    assert (back.version, back.created) == (3, True)
    assert findings() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_record")
def test_an_expected_version_that_does_not_stand_refuses_the_whole_set() -> None:
    written(put("Patient", "a", gender="female"))

    with pytest.raises(PreconditionFailed, match="version 1 stands, not 7"):
        written(put("Patient", "b"), put("Patient", "a", expected=7, gender="male"))
    with pytest.raises(PreconditionFailed):
        written(put("Patient", "a", expected=NEW))

    assert rows("select count(*) from store.version") == [(1,)]
    assert rows("select count(*) from store.resource where version > 0") == [(1,)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_record")
def test_a_person_number_belongs_to_one_living_patient() -> None:
    number = [{"system": FNR, "value": "13887512345"}]
    written(put("Patient", "a", identifier=number))

    with pytest.raises(Conflict, match="already has this identifier") as refused:
        written(put("Patient", "b", identifier=number))
    assert "13887512345" not in str(refused.value)

    written(put("Patient", "a", identifier=number, active=False))
    written(put("Patient", "b", identifier=number))
    with pytest.raises(Conflict):
        written(put("Patient", "a", identifier=number, active=True))
    written(delete("Patient", "b"))
    written(put("Patient", "a", identifier=number, active=True))


@pytest.mark.django_db
def test_a_reference_may_be_stored_before_its_target() -> None:
    (observation,) = written(
        put(
            "Observation",
            "o",
            status="final",
            code={"text": "x"},
            subject={"reference": "Patient/later"},
        )
    )
    (patient,) = written(put("Patient", "later"))

    assert rows("select patient from store.entry where rid = %s", observation.rid) == [
        (patient.rid,)
    ]
    assert patient.created
    assert patient.version == 1
    assert findings() == []


@pytest.mark.django_db
def test_a_set_may_refer_to_itself_in_circles() -> None:
    written(
        put("Patient", "a", link=[{"type": "seealso", "other": {"reference": "Patient/b"}}]),
        put("Patient", "b", link=[{"type": "seealso", "other": {"reference": "Patient/a"}}]),
    )

    assert findings() == []


@pytest.mark.django_db
def test_a_version_never_comes_before_the_one_it_follows_even_if_the_clock_is_set_back() -> None:
    (first,) = written(put("Patient", "a"))
    ahead = first.seq + (3_600_000_000 << 12)
    with as_owner() as owner:
        for table in ("version", "entry", "resource"):
            owner.execute(f"update store.{table} set seq = %s where rid = %s", [ahead, first.rid])

    (second,) = written(put("Patient", "a", gender="male"))

    assert second.seq > ahead
    assert findings() == []


@pytest.mark.django_db
def test_only_the_version_that_stands_can_be_found() -> None:
    written(put("Patient", "a", gender="female"))
    written(put("Patient", "a", gender="male"))

    assert rows(
        "select count(*), count(*) filter (where died is null) from store.entry where type = %s",
        type_number("Patient"),
    ) == [(2, 1)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_record")
def test_parallel_updates_of_one_version_have_one_winner() -> None:
    """INV-46: conflicting edits are refused, none is lost."""
    written(put("Patient", "a"))
    barrier = threading.Barrier(8)

    def update(n: int) -> bool:
        try:
            barrier.wait()
            written(put("Patient", "a", expected=1, name=[{"family": f"N{n}"}]))
        except PreconditionFailed:
            return False
        finally:
            django_connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(update, range(8)))

    assert won.count(True) == 1
    assert rows("select version from store.resource") == [(2,)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_record")
def test_parallel_sets_over_the_same_new_resources_all_end() -> None:
    """Heads are made in a fixed order: sets that meet can't wait for each other for ever."""
    barrier = threading.Barrier(6)

    def write(n: int) -> bool:
        names = [f"p{(n * 7 + step) % 20}" for step in range(20)]
        changes = [
            put(
                "Basic", f"{n}-{name}", code={"text": "x"}, subject={"reference": f"Patient/{name}"}
            )
            for name in names
        ]
        try:
            barrier.wait()
            for _ in range(5):
                written(*changes)
        except FhirError:
            return False
        finally:
            django_connection.close()
        return True

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(write, range(6)))
    assert findings() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_record")
def test_nothing_of_a_transaction_that_is_rolled_back_remains() -> None:
    class Broken(Exception):
        pass

    def write_and_break() -> None:
        with transaction():
            written(put("Patient", "a", name=[{"family": "Nobody"}]))
            raise Broken

    with pytest.raises(Broken):
        write_and_break()

    for table in ("resource", "version", "entry", "entry_string"):
        assert rows(f"select count(*) from store.{table}") == [(0,)]


def _measured(fhir_id: str, **members: object) -> Change:
    return put(
        "Observation",
        fhir_id,
        expected=NEW,
        method=Method.POST,
        status="final",
        code={"coding": [{"system": "http://loinc.org", "code": "8310-5"}]},
        subject={"reference": "Patient/p"},
        effectiveDateTime="2024-05-01",
        **members,
    )


@pytest.mark.django_db
def test_one_new_resource_is_written_like_one_among_others() -> None:
    written(put("Patient", "p"))

    (alone,) = written(_measured("alone"))
    among, _ = written(_measured("among"), put("Patient", "q"))

    assert alone.created
    heads = (
        "select r.version, r.deleted, r.patient, r.seq = v.seq, v.version, v.patient, v.type, v.method"
        " from store.resource r join store.version v on v.rid = r.rid where r.rid = %s"
    )
    entries = (
        "select version, patient, type, date_lo, date_hi, died,"
        " array(select t from unnest(tokens) t order by 1) from store.entry where rid = %s"
    )
    for statement in (heads, entries):
        assert rows(statement, alone.rid) == rows(statement, among.rid) != []
    assert findings() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_record")
def test_one_new_resource_takes_the_place_that_references_to_it_made() -> None:
    written(put("Patient", "p"))
    written(_measured("first", encounter={"reference": "Encounter/e"}))
    members: dict[str, Any] = {"class": {"code": "AMB"}, "subject": {"reference": "Patient/p"}}
    visit = put("Encounter", "e", NEW, Method.PUT, status="finished", **members)

    (done,) = written(visit)

    assert rows("select rid, version from store.resource where fhir_id = 'e'") == [(done.rid, 1)]
    assert findings() == []
    with pytest.raises(PreconditionFailed, match="version 1 stands"):
        written(visit)
    assert findings() == []
