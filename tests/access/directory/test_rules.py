"""What staff may change in the directory, on whatever path."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from fellesjournal.access.directory.authorised import PROFESSION_SYSTEM
from fellesjournal.access.policy.roles import STAFF_ROLE_SYSTEM
from fellesjournal.access.relations.rows import STANDS_IN_FOR
from fellesjournal.access.sessions import Session
from fellesjournal.access.writing import Operation, write
from fellesjournal.fhir import bodies
from fellesjournal.fhir.issues import NotAllowed, Unprocessable
from fellesjournal.registry.numbers import HPR_SYSTEM
from tests.staff import employ, put

pytestmark = pytest.mark.django_db

OTHERS = {"reference": "Organization/elsewhere"}


@pytest.fixture
def admin() -> Session:
    """An administrator at a unit with one below it and one beside it."""
    session = employ("admin", "administrator", "top")
    put("Organization", "below", name="Below", partOf={"reference": "Organization/top"})
    put("Organization", "elsewhere", name="Elsewhere")
    put("HealthcareService", "theirs", providedBy=OTHERS)
    put("Practitioner", "nina", name=[{"family": "Nina"}])
    put(
        "Practitioner", "doc", identifier=[{"system": HPR_SYSTEM, "value": "500000077"}],
        qualification=[{"code": {"coding": [{"system": PROFESSION_SYSTEM, "code": "LE"}]}}],
    )  # fmt: skip
    return session


def work(
    person: str = "nina", unit: str = "below", code: str = "case-officer", **more: Any
) -> dict[str, Any]:
    return {
        "resourceType": "PractitionerRole",
        "practitioner": {"reference": f"Practitioner/{person}"},
        "organization": {"reference": f"Organization/{unit}"},
        "code": [{"coding": [{"system": STAFF_ROLE_SYSTEM, "code": code}]}],
        **more,
    }


def create(session: Session, resource: dict[str, Any]) -> str:
    body = bodies.parse(orjson.dumps(resource))
    (written,) = write(session, [Operation("create", resource["resourceType"], body=body)])
    assert written.stored is not None
    return written.stored.id


def update(session: Session, fhir_id: str, resource: dict[str, Any]) -> None:
    body = bodies.parse(orjson.dumps({**resource, "id": fhir_id}))
    write(session, [Operation("update", resource["resourceType"], id=fhir_id, body=body)])


def delete(session: Session, type_name: str, fhir_id: str) -> None:
    write(session, [Operation("delete", type_name, id=fhir_id)])


def test_an_administrator_gives_a_role_below_her_unit(admin: Session) -> None:
    assert create(admin, work())
    assert create(admin, work("doc", code="gp"))


@pytest.mark.parametrize(
    "resource",
    [
        work("admin"),
        work(unit="elsewhere"),
        work(unit="nowhere"),
        work(code="gp"),
        work(code="unheard-of"),
        work(code="doctor"),
        {k: v for k, v in work().items() if k != "code"},
        {**work(), "practitioner": {"identifier": {"value": "1"}}},
        {"resourceType": "Organization", "name": "On top"},
        {"resourceType": "Organization", "name": "There", "partOf": OTHERS},
        {"resourceType": "HealthcareService", "providedBy": OTHERS},
    ],
    ids=[
        "to herself", "elsewhere", "nowhere", "without authorisation", "unknown",
        "without authorisation, by role", "no code", "to nobody known", "a unit of its own",
        "a unit elsewhere", "a service elsewhere",
    ],
)  # fmt: skip
def test_what_the_rules_of_the_directory_refuse(admin: Session, resource: dict[str, Any]) -> None:
    with pytest.raises(NotAllowed):
        create(admin, resource)


def test_a_role_elsewhere_is_neither_taken_over_nor_ended(admin: Session) -> None:
    theirs = work(unit="elsewhere")
    del theirs["resourceType"]
    put("PractitionerRole", "role-there", **theirs)

    with pytest.raises(NotAllowed):
        update(admin, "role-there", work())
    with pytest.raises(NotAllowed):
        delete(admin, "PractitionerRole", "role-there")


def test_a_second_code_does_not_slip_in_beside_the_first(admin: Session) -> None:
    resource = work()
    resource["code"] += [{"coding": [{"system": STAFF_ROLE_SYSTEM, "code": "gp"}]}]

    with pytest.raises(NotAllowed):
        create(admin, resource)


def test_a_service_of_others_is_not_moved_to_ones_own_unit(admin: Session) -> None:
    """Services hold grounds: whoever has the service has the patients."""
    with pytest.raises(NotAllowed):
        update(
            admin, "theirs",
            {"resourceType": "HealthcareService", "providedBy": {"reference": "Organization/top"}},
        )  # fmt: skip


def test_who_a_practitioner_is_is_not_changed_by_staff(admin: Session) -> None:
    """With the number of another she could sign in as that other."""
    with pytest.raises(NotAllowed):
        update(admin, "nina", {"resourceType": "Practitioner", "name": [{"family": "Else"}]})
    with pytest.raises(NotAllowed):
        delete(admin, "Practitioner", "nina")


def test_other_roles_do_not_write_the_directory() -> None:
    leader = employ("leader", "unit-leader", "top")
    put("Practitioner", "nina", name=[{"family": "Nina"}])

    with pytest.raises(NotAllowed, match="does not keep the directory"):
        create(leader, work(unit="top"))


def test_a_number_is_not_given_to_a_second_person(admin: Session) -> None:
    """Two with one number, and neither can sign in."""
    person = {"resourceType": "Practitioner", "name": [{"family": "New"}]}
    create(admin, person)
    taken = {"system": HPR_SYSTEM, "value": "500000077"}

    with pytest.raises(NotAllowed):
        create(admin, {**person, "identifier": [taken]})


def substitute(for_whom: str) -> dict[str, Any]:
    return work(extension=[{"url": STANDS_IN_FOR, "valueReference": {"reference": for_whom}}])


def test_a_substitute_stands_in_for_somebody_of_the_same_units_only(admin: Session) -> None:
    """She has the grounds of whom she stands in for."""
    for key, unit, person in (
        ("here", "below", "doc"), ("there", "elsewhere", "doc"), ("mine", "below", "admin"),
    ):  # fmt: skip
        role = work(person, unit=unit)
        del role["resourceType"]
        put("PractitionerRole", key, **role)

    create(admin, substitute("PractitionerRole/here"))
    others = ("PractitionerRole/there", "PractitionerRole/mine", "Organization/elsewhere")
    for other in (*others, "Practitioner/doc", "PractitionerRole/none"):
        with pytest.raises(NotAllowed):
            create(admin, substitute(other))


def test_a_role_is_at_a_unit_and_not_at_a_service(admin: Session) -> None:
    put("HealthcareService", "ours", providedBy={"reference": "Organization/top"})
    role = work()
    role["organization"] = {"reference": "HealthcareService/ours"}

    with pytest.raises((NotAllowed, Unprocessable)):
        create(admin, role)
