"""Administration: who may open it, and giving and ending roles through its pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fellesjournal.access import records
from fellesjournal.access.directory.authorised import PROFESSION_SYSTEM
from fellesjournal.access.sessions import system_session
from fellesjournal.demo.cast import STAFF
from fellesjournal.fhir import bodies
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection
from fellesjournal.registry.numbers import FNR_SYSTEM, HPR_SYSTEM
from fellesjournal.surfaces.administration.views import problem_text
from tests.signing_in import ASLAUG, CASE_OFFICER, GP, employ, put, register, staff_client

pytestmark = pytest.mark.django_db

ADMINISTRATOR = next(member for member in STAFF if member.role == "administrator")
OFFICER = next(member for member in STAFF if member.role == "data-protection-officer")
OPERATOR = next(member for member in STAFF if member.role == "operator")
HOME_CARE = "unit-5001-home-care"
NURSE_HPR = "500000077"
PAGES = {
    "administration": {},
    "admin-units": {},
    "admin-unit": {"unit_id": HOME_CARE},
    "admin-unit-new": {"unit_id": HOME_CARE},
    "admin-role-new": {"unit_id": HOME_CARE},
    "admin-role-end": {"role_id": "role-of-nina"},
    "admin-review": {},
    "admin-staff": {"practitioner_id": "nina"},
    "admin-patient": {},
}


@pytest.fixture
def units() -> None:
    """A municipality with home care, where a nurse works, and a hospital beside it."""
    put("Organization", "org-5001", name="Trondheim kommune")
    put(
        "Organization", HOME_CARE, name="Hjemmetjenesten",
        partOf={"reference": "Organization/org-5001"},
    )  # fmt: skip
    put("Organization", "elsewhere", name="Et annet sted")
    put(
        "Practitioner", "nina",
        identifier=[{"system": HPR_SYSTEM, "value": NURSE_HPR}],
        name=[{"family": "Prøve", "given": ["Nina"]}],
        qualification=[{"code": {"coding": [{"system": PROFESSION_SYSTEM, "code": "SP"}]}}],
    )  # fmt: skip
    role("role-of-nina", "nurse")


def role(key: str, code: str, unit: str = HOME_CARE, person: str = "nina", **more: Any) -> None:
    put(
        "PractitionerRole", key, active=True,
        practitioner={"reference": f"Practitioner/{person}"},
        organization={"reference": f"Organization/{unit}"},
        code=[{"coding": [{"system": "https://fellesjournal.example/fhir/CodeSystem/staff-role", "code": code}]}],
        **more,
    )  # fmt: skip


@pytest.fixture
def browser(units: None) -> Client:
    """The administrator, at work."""
    return staff_client(ADMINISTRATOR)


def give(browser: Client, unit: str = HOME_CARE, **changed: Any) -> Any:
    today = clock.today()
    form = {
        "number": NURSE_HPR, "code": "nurse", "starts": today.isoformat(),
        "ends": (today + timedelta(days=90)).isoformat(), **changed,
    }  # fmt: skip
    return browser.post(reverse("admin-role-new", kwargs={"unit_id": unit}), form)


def roles_of_nina() -> list[dict[str, Any]]:
    session = system_session("system:test", purpose="HOPERAT")
    page = records.search(session, "PractitionerRole", [("practitioner", "Practitioner/nina")])
    return [bodies.parse(stored.body or b"").data for stored in page.matches]


def may_enter(key: str, code: str = "nurse") -> bool:
    row = connection().execute(
        "select count(*) from access.employment e join store.resource r on r.rid = e.source"
        " where r.fhir_id = %s and e.code = %s and e.starts <= %s and e.ends > %s",
        [key, code, clock.microseconds(clock.now()), clock.microseconds(clock.now())],
    ).fetchone()  # fmt: skip
    return row is not None and row[0] == 1


@pytest.mark.parametrize("page", PAGES)
def test_nobody_gets_in_without_signing_in(units: None, page: str) -> None:
    answer = Client().get(reverse(page, kwargs=PAGES[page]))

    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("page", [page for page in PAGES if page != "administration"])
@pytest.mark.parametrize("member", [GP, OPERATOR], ids=["gp", "operator"])
def test_a_role_without_the_duty_finds_no_such_page(units: None, page: str, member: Any) -> None:
    answer = staff_client(member).get(reverse(page, kwargs=PAGES[page]))

    assert answer.status_code == 404


@pytest.mark.parametrize("page", [page for page in PAGES if page != "admin-patient"])
def test_the_administrator_opens_each_page(browser: Client, page: str) -> None:
    answer = browser.get(reverse(page, kwargs=PAGES[page]))

    assert answer.status_code == 200, answer.content.decode()


def test_a_role_that_is_held_there_already_is_not_given_twice(browser: Client) -> None:
    assert give(browser).status_code == 302
    answer = give(browser)
    assert "har allerede denne rollen her" in answer.content.decode()
    assert len(roles_of_nina()) == 2, "the one that never ends, and the one given"
    later = clock.today() + timedelta(days=100)
    ends = (later + timedelta(days=5)).isoformat()
    assert give(browser, starts=later.isoformat(), ends=ends).status_code == 302


def test_only_the_data_protection_officer_sees_who_can_see_a_citizen(browser: Client) -> None:
    employ(GP)
    register(ASLAUG, generalPractitioner=[{"reference": f"Practitioner/{GP.id}"}])
    address = reverse("admin-patient")

    assert browser.post(address, {"number": ASLAUG.number}).status_code == 404
    answer = staff_client(OFFICER).post(address, {"number": ASLAUG.number})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert GP.family in text
    assert ASLAUG.number not in text.replace(f'value="{ASLAUG.number}"', "")


def test_the_question_who_can_see_a_citizen_is_in_her_log(units: None) -> None:
    register(ASLAUG)
    staff_client(OFFICER).post(reverse("admin-patient"), {"number": ASLAUG.number})

    row = connection().execute(
        "select count(*) from access.log l join access.log_who w on w.number = l.who"
        " join store.resource r on l.patients @> array[r.rid]"
        " where r.fhir_id = %s and w.person = %s",
        [ASLAUG.id, f"Practitioner/{OFFICER.id}"],
    ).fetchone()  # fmt: skip
    assert row is not None
    assert row[0] == 1


def test_units_are_listed_below_ones_own_and_no_others(browser: Client) -> None:
    text = browser.get(reverse("admin-units")).content.decode()

    assert "Hjemmetjenesten" in text
    assert "Et annet sted" not in text
    other = reverse("admin-unit", kwargs={"unit_id": "elsewhere"})
    assert browser.get(other).status_code == 404


def test_a_role_is_given_for_a_period_and_counts_at_once(browser: Client) -> None:
    answer = give(browser)

    assert answer.status_code == 302, answer.content.decode()
    made = next(found for found in roles_of_nina() if found["id"] != "role-of-nina")
    assert made["period"]["end"] == (clock.today() + timedelta(days=90)).isoformat()
    assert may_enter(made["id"])


def test_somebody_without_an_hpr_number_is_found_by_her_own_number(browser: Client) -> None:
    put(
        "Practitioner", CASE_OFFICER.id, name=[{"family": "Prøve"}],
        identifier=[{"system": FNR_SYSTEM, "value": CASE_OFFICER.number}],
    )  # fmt: skip

    answer = give(browser, number=CASE_OFFICER.number, code="case-officer")
    assert answer.status_code == 302, answer.content.decode()


def test_giving_a_role_is_a_line_of_the_administrator_in_the_log(browser: Client) -> None:
    give(browser)

    row = connection().execute(
        "select w.purpose from access.log l join access.log_who w on w.number = l.who"
        " where w.person = %s and l.act = 11",
        [f"Practitioner/{ADMINISTRATOR.id}"],
    ).fetchone()  # fmt: skip
    assert row == ("HSYSADMIN",)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"code": "doctor"}, "code"),
        ({"number": "500000999"}, "number"),
        ({"number": "nina"}, "number"),
        ({"code": "sorcerer"}, "code"),
        ({"ends": ""}, "ends"),
        ({"ends": "2020-01-01"}, "ends"),
        ({"ends": "2099-01-01"}, "ends"),
    ],
)
def test_a_role_that_may_not_be_given_is_refused_at_its_field(
    browser: Client, changed: dict[str, str], field: str
) -> None:
    answer = give(browser, **changed)

    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {field}
    assert len(roles_of_nina()) == 1


def test_nobody_gives_a_role_outside_her_own_units(browser: Client) -> None:
    assert give(browser, unit="elsewhere").status_code == 404
    assert len(roles_of_nina()) == 1


def test_nobody_gives_herself_a_role(browser: Client) -> None:
    answer = give(browser, number=ADMINISTRATOR.number, code="case-officer")

    assert answer.context["form"].errors["number"] == [problem_text("herself")]


def test_nobody_changes_her_own_role(browser: Client) -> None:
    answer = browser.post(
        reverse("admin-role-end", kwargs={"role_id": ADMINISTRATOR.role_id}),
        {"last": (clock.today() + timedelta(days=300)).isoformat()},
    )

    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()


def test_a_role_ends_at_once(browser: Client) -> None:
    assert may_enter("role-of-nina")

    browser.post(reverse("admin-role-end", kwargs={"role_id": "role-of-nina"}))

    assert not may_enter("role-of-nina")
    assert roles_of_nina()[0]["active"] is False


def test_a_role_ends_on_the_day_that_is_chosen(browser: Client) -> None:
    last = clock.today() + timedelta(days=10)
    browser.post(
        reverse("admin-role-end", kwargs={"role_id": "role-of-nina"}), {"last": last.isoformat()}
    )

    assert may_enter("role-of-nina")
    with clock.at(clock.now() + timedelta(days=11)):
        assert not may_enter("role-of-nina")


def test_the_review_list_has_what_ends_soon_and_what_never_ends(browser: Client) -> None:
    today = clock.today()
    for key, days in (("soon", 29), ("far", 31), ("over", -1)):
        end = (today + timedelta(days=days)).isoformat()
        role(key, "carer", period={"end": end})

    answer = browser.get(reverse("admin-review"))

    assert [held.id for held, _, _ in answer.context["soon"]] == ["soon"]
    endless = {held.id for held, _, _ in answer.context["endless"]}
    assert endless == {"role-of-nina", ADMINISTRATOR.role_id}


def test_a_report_counts_the_records_a_role_opens_by_ground(browser: Client) -> None:
    for key in ("one", "two"):
        put("Patient", key, generalPractitioner=[{"reference": f"Organization/{HOME_CARE}"}])

    answer = browser.get(reverse("admin-staff", kwargs={"practitioner_id": "nina"}))

    ((_, _, counts_now, rows),) = answer.context["held"]
    assert counts_now
    assert [number for _, number, _ in rows] == [2]


def test_no_page_shows_the_person_number_of_staff(browser: Client) -> None:
    """INV-40."""
    employ(next(member for member in STAFF if not member.hpr and member is not ADMINISTRATOR))
    for page, words in PAGES.items():
        text = browser.get(reverse(page, kwargs=words)).content.decode()
        assert not any(member.number in text for member in STAFF), page


def test_a_unit_is_registered_below_another(browser: Client) -> None:
    address = reverse("admin-unit-new", kwargs={"unit_id": HOME_CARE})
    answer = browser.post(address, {"name": "Sone nord", "kind": "home-care", "number": ""})

    assert answer.status_code == 302
    assert "Sone nord" in browser.get(reverse("admin-units")).content.decode()


def test_a_unit_needs_a_sound_organisation_number_or_none(browser: Client) -> None:
    address = reverse("admin-unit-new", kwargs={"unit_id": HOME_CARE})
    answer = browser.post(address, {"name": "Sone", "kind": "home-care", "number": "123456789"})

    assert answer.context["form"].errors.keys() == {"number"}


def test_giving_a_role_asks_for_a_fresh_proof_of_who_she_is(browser: Client) -> None:
    with clock.at(clock.now() + timedelta(minutes=29)):
        browser.get(reverse("admin-units"))  # at work all the time
    with clock.at(clock.now() + timedelta(minutes=31)):
        answer = give(browser)

    assert answer.status_code == 401
    assert len(roles_of_nina()) == 1
