"""Choosing a role that needs a course: told, stopped, and let in when care can't wait."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fellesjournal.access.courses.rules import Mode, Needed, Passed, Rule, keep
from fellesjournal.demo.cast import STAFF
from fellesjournal.foundation import clock
from tests.signing_in import employ, employ_at, sign_in, staff_client
from tests.staff import SYSTEM

pytestmark = pytest.mark.django_db

NURSE = next(member for member in STAFF if member.role == "home-care-nurse")
UNIT = f"Organization/{NURSE.unit_id}"
ROLE = reverse("role")


def ask(mode: Mode, *passed: Passed) -> None:
    needed = Needed(NURSE.role, "basic", "Basic course", "Room 2, Tuesdays", "Kari Opplærer")
    keep(SYSTEM, Rule("5001", UNIT, mode, clock.today(), (needed,), passed))


def in_english() -> Client:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def works(client: Client) -> bool:
    return client.get(reverse("patients")).status_code == 200


def test_who_is_warned_goes_to_work_and_reads_what_where_and_whom_to_ask() -> None:
    employ(NURSE)
    ask(Mode.WARN)
    client = in_english()
    sign_in(client, NURSE.id)
    page = client.get(reverse("patients")).content.decode()
    for said in ("Basic course", "Room 2, Tuesdays", "Kari Opplærer"):
        assert said in page, said
    assert "Basic course" not in client.get(reverse("patients")).content.decode()  # told once


def test_who_is_stopped_reads_why_on_the_page_of_roles_and_can_not_choose_it() -> None:
    employ(NURSE)
    ask(Mode.STOP)
    client = in_english()
    assert sign_in(client, NURSE.id)["Location"].startswith(ROLE)
    page = client.get(ROLE).content.decode()
    for said in ("Basic course", "Room 2, Tuesdays", "Kari Opplærer", "disabled", "for 12 hours"):
        assert said in page, said
    assert client.post(ROLE, {"role": NURSE.role_id}).status_code == 409
    assert not works(client)


def test_who_is_stopped_goes_in_at_once_with_a_reason() -> None:
    employ(NURSE)
    ask(Mode.STOP)
    client = in_english()
    sign_in(client, NURSE.id)
    assert client.post(ROLE, {"role": NURSE.role_id, "reason": " "}).status_code == 409
    sent = {"role": NURSE.role_id, "reason": "Alone at night"}
    assert client.post(ROLE, sent).status_code == 302
    assert works(client)
    again = in_english()  # as long as it holds no other reason is asked
    sign_in(again, NURSE.id)
    assert works(again)


def test_a_reason_opens_no_role_that_is_not_hers() -> None:
    employ(NURSE)
    ask(Mode.STOP)
    client = in_english()
    sign_in(client, NURSE.id)
    assert client.post(ROLE, {"role": "other", "reason": "Alone"}).status_code == 409


def test_of_two_roles_the_one_that_is_open_is_chosen() -> None:
    employ(NURSE)
    employ_at(NURSE, "carer-role", "carer", "Helsefagarbeider", NURSE.unit_id)
    ask(Mode.STOP)
    client = in_english()
    sign_in(client, NURSE.id)
    assert works(client)


def test_nobody_is_thrown_out_of_the_work_she_is_in() -> None:
    client = staff_client(NURSE)
    ask(Mode.STOP)
    assert works(client)


def test_who_has_passed_hears_nothing() -> None:
    employ(NURSE)
    ask(Mode.STOP, Passed(f"Practitioner/{NURSE.id}", NURSE.role, "basic", clock.today()))
    client = in_english()
    sign_in(client, NURSE.id)
    assert "Basic course" not in client.get(reverse("patients")).content.decode()
    assert "Basic course" not in client.get(ROLE).content.decode()
