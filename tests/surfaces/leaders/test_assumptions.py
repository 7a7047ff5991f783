"""The leaders' first page and the register of assumptions."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from fellesjournal.demo.cast import STAFF
from tests.signing_in import GP, staff_client
from tests.surfaces.statements import counted

BY_ROLE = {member.role: member for member in STAFF}
LIST, ONE = "leaders-assumptions", "leaders-assumption"


@pytest.fixture
def coordinator(db: None) -> Client:
    del db
    return staff_client(BY_ROLE["benefits-coordinator"])


def _set(client: Client, **said: str) -> int:
    form = {"value": "4", "valid_from": "2026-01-01", "reason": "Small units", "version": "0"}
    return client.post(reverse(ONE, args=["outlier-limit"]), {**form, **said}).status_code


def test_a_value_is_set_with_who_when_and_why(coordinator: Client) -> None:
    assert _set(coordinator) == 302
    page = coordinator.get(reverse(ONE, args=["outlier-limit"])).content.decode()
    assert "Small units" in page
    assert BY_ROLE["benefits-coordinator"].name in page
    assert _set(coordinator, reason="") == 422
    assert _set(coordinator, value="much") == 422


def test_a_leader_sees_and_does_not_set(db: None) -> None:
    del db
    leader = staff_client(BY_ROLE["unit-leader"])
    page = leader.get(reverse(ONE, args=["outlier-limit"])).content.decode()
    assert 'name="reason"' not in page
    assert _set(leader) == 404
    assert leader.get(reverse("leaders")).status_code == 200


def test_somebody_else_s_value_is_not_overwritten(coordinator: Client) -> None:
    assert _set(coordinator) == 302
    assert _set(coordinator, value="5") == 302
    page = coordinator.get(reverse(LIST)).content.decode()
    assert '<td data-label="Verdi">4' in page or ">4 " in page


def test_who_has_no_such_duty_finds_no_page(db: None) -> None:
    del db
    other = staff_client(GP)
    for address in (reverse("leaders"), reverse(LIST), reverse(ONE, args=["outlier-limit"])):
        assert other.get(address).status_code == 404
    assert Client().get(reverse("leaders")).status_code == 302


def test_an_assumption_that_is_none_is_no_page(coordinator: Client) -> None:
    assert coordinator.get(reverse(ONE, args=["nothing"])).status_code == 404


def test_the_pages_ask_the_database_little(coordinator: Client) -> None:
    with counted() as statements:
        coordinator.get(reverse(LIST))
    assert len(statements) <= 20
