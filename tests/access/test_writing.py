"""Sets of operations: resolved, validated and written together or not at all."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection as django_connection
from django.db import transaction
from psycopg import errors

from fellesjournal.access.addresses import own_bases
from fellesjournal.access.export import check_record
from fellesjournal.access.readlog.acts import Act
from fellesjournal.access.records import read, search
from fellesjournal.access.sessions import system_session
from fellesjournal.access.writing import Operation, Written, write
from fellesjournal.fhir import bodies
from fellesjournal.fhir.issues import BadRequest, NotFound, PreconditionFailed, Unprocessable
from fellesjournal.foundation.database.connection import connection
from tests.owner import as_owner
from tests.staff import employ, register

SESSION = system_session("system:test", purpose="HSYSADMIN")
NUMBER = {"system": "urn:x", "value": "1"}


def body(**members: Any) -> bodies.Body:
    return bodies.parse(json.dumps(members).encode())


def create(
    type_name: str, url: str | None = None, criteria: str | None = None, **members: Any
) -> Operation:
    return Operation(
        "create",
        type_name,
        body=body(resourceType=type_name, **members),
        full_url=url,
        criteria=criteria,
    )


def update(type_name: str, fhir_id: str, **members: Any) -> Operation:
    return Operation(
        "update", type_name, id=fhir_id, body=body(resourceType=type_name, id=fhir_id, **members)
    )


def content(written: Written) -> dict[str, Any]:
    assert written.stored is not None
    assert written.stored.body is not None
    found: dict[str, Any] = json.loads(written.stored.body)
    return found


def count(table: str) -> int:
    row = SESSION.connection().execute(f"select count(*) from {table}").fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.django_db
def test_operations_may_refer_to_each_other_before_they_have_ids() -> None:
    patient, basic = write(
        SESSION,
        [
            create("Patient", "urn:uuid:p"),
            create("Basic", "urn:uuid:b", code={"text": "x"}, subject={"reference": "urn:uuid:p"}),
        ],
    )

    assert patient.stored is not None
    assert content(basic)["subject"]["reference"] == patient.stored.reference


@pytest.mark.django_db
def test_a_relative_reference_follows_an_entry_that_gets_a_new_id() -> None:
    patient, basic = write(
        SESSION,
        [
            create("Patient", "https://elsewhere.test/fhir/Patient/7"),
            create("Basic", code={"text": "x"}, subject={"reference": "Patient/7"}),
        ],
    )

    assert patient.stored is not None
    assert content(basic)["subject"]["reference"] == patient.stored.reference


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_record")
def test_all_errors_of_all_operations_come_at_once_and_nothing_is_written() -> None:
    with pytest.raises(Unprocessable) as refused:
        write(
            SESSION,
            [
                create("Patient"),
                Operation(
                    "create",
                    "Patient",
                    body=body(resourceType="Patient", gender="?"),
                    location="Bundle.entry[1].resource",
                ),
                Operation(
                    "create",
                    "Observation",
                    body=body(resourceType="Observation", status="final"),
                    location="Bundle.entry[2].resource",
                ),
            ],
        )

    places = {place for issue in refused.value.issues for place in issue.expression}
    assert {"Bundle.entry[1].resource.gender", "Bundle.entry[2].resource.code"} <= places
    assert count("store.version") == 0
    assert count("access.log") == 0


@pytest.mark.django_db
def test_a_conditional_create_finds_what_is_there() -> None:
    (first,) = write(
        SESSION, [create("Patient", criteria="identifier=urn:x|1", identifier=[NUMBER])]
    )
    (second,) = write(
        SESSION, [create("Patient", criteria="identifier=urn:x|1", identifier=[NUMBER])]
    )

    assert first.created
    assert not second.created
    assert not second.changed
    assert first.stored is not None
    assert second.stored is not None
    assert first.stored.id == second.stored.id


@pytest.mark.django_db
def test_a_set_refers_to_the_match_of_a_conditional_create() -> None:
    (first,) = write(SESSION, [create("Patient", identifier=[NUMBER])])
    _, basic = write(
        SESSION,
        [
            create("Patient", "urn:uuid:p", criteria="identifier=urn:x|1", identifier=[NUMBER]),
            create("Basic", code={"text": "x"}, subject={"reference": "urn:uuid:p"}),
        ],
    )

    assert first.stored is not None
    assert content(basic)["subject"]["reference"] == first.stored.reference


@pytest.mark.django_db
def test_criteria_that_match_several_are_refused() -> None:
    write(SESSION, [create("Patient", identifier=[NUMBER]), create("Patient", identifier=[NUMBER])])

    with pytest.raises(PreconditionFailed, match="several"):
        write(SESSION, [create("Patient", criteria="identifier=urn:x|1")])
    with pytest.raises(PreconditionFailed, match="several"):
        write(
            SESSION,
            [
                create(
                    "Basic", code={"text": "x"}, subject={"reference": "Patient?identifier=urn:x|1"}
                )
            ],
        )


@pytest.mark.django_db
def test_a_conditional_reference_becomes_the_one_match() -> None:
    (patient,) = write(SESSION, [create("Patient", identifier=[NUMBER])])
    (basic,) = write(
        SESSION,
        [create("Basic", code={"text": "x"}, subject={"reference": "Patient?identifier=urn:x|1"})],
    )

    assert patient.stored is not None
    assert content(basic)["subject"]["reference"] == patient.stored.reference


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_record")
def test_parallel_conditional_creates_give_one_resource() -> None:
    """INV-48."""
    barrier = threading.Barrier(16)

    def ask(_: int) -> str:
        try:
            barrier.wait()
            (done,) = write(
                SESSION, [create("Patient", criteria="identifier=urn:x|1", identifier=[NUMBER])]
            )
            assert done.stored is not None
            return done.stored.id
        finally:
            django_connection.close()

    with ThreadPoolExecutor(16) as pool:
        ids = set(pool.map(ask, range(16)))

    assert len(ids) == 1
    assert count("store.version") == 1


@pytest.mark.django_db
def test_one_resource_can_not_be_changed_twice_in_a_set() -> None:
    with pytest.raises(BadRequest, match="changed twice"):
        write(SESSION, [update("Patient", "a"), update("Patient", "a")])


@pytest.mark.django_db
def test_the_id_of_the_address_and_of_the_body_must_agree() -> None:
    with pytest.raises(BadRequest, match="is not the id in the address"):
        write(
            SESSION,
            [Operation("update", "Patient", id="a", body=body(resourceType="Patient", id="b"))],
        )
    with pytest.raises(Unprocessable, match="can't be written as Patient"):
        write(
            SESSION,
            [Operation("update", "Patient", id="a", body=body(resourceType="Basic", id="a"))],
        )


@pytest.mark.django_db
def test_deleting_nothing_changes_nothing() -> None:
    (done,) = write(SESSION, [Operation("delete", "Patient", id="never")])

    assert done == Written(None, created=False, changed=False)


@pytest.mark.django_db
def test_a_patch_is_of_the_version_that_stands() -> None:
    write(SESSION, [update("Patient", "a", gender="male")])

    def patch(raw: bytes, _: dict[str, Any]) -> bytes:
        return raw.replace(b'"male"', b'"female"')

    (done,) = write(SESSION, [Operation("patch", "Patient", id="a", patch=patch, if_match=1)])
    assert content(done)["gender"] == "female"
    with pytest.raises(PreconditionFailed):
        write(SESSION, [Operation("patch", "Patient", id="a", patch=patch, if_match=1)])
    with pytest.raises(NotFound):
        write(SESSION, [Operation("patch", "Patient", id="never", patch=patch)])


@pytest.mark.django_db
def test_each_act_leaves_a_line_that_says_who_and_why() -> None:
    doctor = employ("d")
    register("a", "Practitioner/d")
    gp = [{"reference": "Practitioner/d"}]
    write(doctor, [update("Patient", "a", generalPractitioner=gp)])
    read(doctor, "Patient", "a")

    found = connection().execute(
        "select person, role, unit, purpose, act, l.patients = array[r.rid], l.resources = array[r.rid]"
        " from access.log l join access.log_who w on w.number = l.who, store.resource r"
        " where r.fhir_id = 'a' and w.person = 'Practitioner/d' order by l.id"
    ).fetchall()  # fmt: skip
    who = ("Practitioner/d", "doctor", "Organization/u", "TREAT")
    assert found == [(*who, Act.PUT, True, True), (*who, Act.READ, True, True)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    ["update access.log set n = 0", "delete from access.log", "truncate access.log"],
)
def test_the_log_can_not_be_changed(change: str) -> None:
    write(SESSION, [update("Patient", "a")])
    with pytest.raises(errors.InsufficientPrivilege), transaction.atomic():
        connection().execute(change)
    with (
        as_owner() as owner,
        pytest.raises(errors.RaiseException, match="append-only"),
        transaction.atomic(),
    ):
        owner.execute(change)


@pytest.mark.django_db
@pytest.mark.parametrize("base", own_bases())
def test_an_absolute_reference_to_ourselves_is_a_reference_to_our_own(base: str) -> None:
    write(SESSION, [update("Patient", "a")])
    subject = {"reference": f"{base}/Patient/a"}
    (basic,) = write(SESSION, [create("Basic", code={"text": "x"}, subject=subject)])

    for asked in ("Patient/a", "a", f"{base}/Patient/a"):
        page = search(SESSION, "Basic", [("subject", asked)])
        assert [stored.id for stored in page.matches] == [basic.stored and basic.stored.id], asked
    assert content(basic)["subject"] == subject
    assert [found for found in check_record(SESSION) if not isinstance(found, int)] == []


@pytest.mark.django_db
def test_a_part_of_a_resource_can_not_overwrite_the_whole() -> None:
    tag = {
        "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
        "code": "SUBSETTED",
    }
    write(SESSION, [update("Patient", "a", gender="male", name=[{"family": "Whole"}])])

    with pytest.raises(Unprocessable, match="SUBSETTED"):
        write(SESSION, [update("Patient", "a", meta={"tag": [tag]}, gender="male")])
    assert read(SESSION, "Patient", "a").version == 1
