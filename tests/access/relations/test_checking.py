"""The check finds facts of the policy that are not what the bodies say."""

from __future__ import annotations

import pytest

from fellesjournal.access.relations.checking import check_facts
from tests.owner import as_owner
from tests.staff import SYSTEM, employ, put, register


@pytest.fixture
def record(db: None) -> None:
    del db
    put("Organization", "whole", name="Whole")
    employ("d")
    register("a", "Practitioner/d", "Organization/u")
    put("Organization", "u", name="Unit u", partOf={"reference": "Organization/whole"})
    put("Practitioner", "gone", active=False)
    put("CareTeam", "t", status="active", subject={"reference": "Patient/a"},
        participant=[{"member": {"reference": "Practitioner/d"}}])  # fmt: skip


@pytest.mark.usefixtures("record")
def test_what_was_derived_is_sound() -> None:
    assert list(check_facts(SYSTEM)) == []


@pytest.mark.usefixtures("record")
@pytest.mark.parametrize(
    "fault",
    [
        "delete from access.ground where kind = 1",
        "insert into access.ground select patient, holder, 3, starts, ends, source from access.ground",
        "update access.ground set ends = ends - 1",
        "update access.employment set code = 'nurse'",
        "delete from access.inactive",
        "insert into access.inactive select practitioner from access.employment",
        "delete from access.part_of",
        "delete from access.member",
        "update store.resource set labels = 2",
        "update store.entry set labels = 2",
        "update store.version set labels = 2",
    ],
)
def test_a_fault_is_found(fault: str) -> None:
    with as_owner() as owner:
        owner.execute(fault)
    assert list(check_facts(SYSTEM)) != []
