"""Signing in through a provider, the whole way: staff and citizens."""

from __future__ import annotations

import logging
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from fellesjournal.access.identity import failures
from fellesjournal.access.identity.flow import JOURNEY_SECONDS
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection
from tests.signing_in import (
    ASLAUG,
    CASE_OFFICER,
    GP,
    choose,
    employ,
    employ_at,
    go_to_provider,
    put,
    register,
    sign_in,
    staff_client,
)

pytestmark = pytest.mark.django_db


def _reasons() -> list[str]:
    rows = connection().execute("select reason from access.sign_in_failure order by id")
    return [reason for (reason,) in rows]


# --- who gets in ------------------------------------------------------------------------------


def test_staff_sign_in_with_helseid_and_work_in_their_only_role() -> None:
    client = staff_client()
    page = client.get(reverse("patients"))
    assert page.status_code == 200
    assert "Ragna Lyngbakk" in page.content.decode()
    assert "Fastlege, Trondheim legesenter" in page.content.decode()


def test_citizen_signs_in_with_idporten_and_is_greeted_after_the_terms() -> None:
    register()
    client = Client()
    answer = sign_in(client, ASLAUG.id, "citizen")
    assert answer["Location"] == reverse("portal")
    terms = client.get(reverse("portal"), follow=True)
    assert terms.redirect_chain[-1][0].startswith(reverse("portal-terms"))
    client.post(reverse("portal-terms"), {"accept": "1"})
    assert "Hei, Aslaug" in client.get(reverse("portal")).content.decode()


def test_staff_without_an_hpr_number_are_known_by_their_person_number() -> None:
    client = staff_client(CASE_OFFICER)
    assert "Randulf Stokkanmo" in client.get(reverse("role")).content.decode()


def test_stranger_is_refused_in_plain_words_and_has_no_session() -> None:
    client = Client()
    answer = sign_in(client)
    assert answer.status_code == 403
    assert "Du er ikke registrert her" in answer.content.decode()
    assert client.get(reverse("patients")).status_code == 302
    assert _reasons() == ["unknown-person"]


def test_person_number_stays_out_of_session_page_and_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    register()
    client = Client()
    with caplog.at_level(logging.DEBUG):
        sign_in(client, ASLAUG.id, "citizen")
    rows = connection().execute("select * from access.web_session").fetchall()
    assert ASLAUG.number not in f"{rows}{client.session.items()}{caplog.text}"
    assert ASLAUG.number not in client.get(reverse("portal-terms")).content.decode()


def test_look_up_of_who_signs_in_is_logged_as_the_platforms_own() -> None:
    staff_client()
    query = (
        "select count(*) from access.log l join access.log_who w on w.number = l.who"
        " where w.person = 'system:sign-in'"
    )
    row = connection().execute(query).fetchone()
    assert row is not None
    assert row[0] >= 2  # the practitioner, her roles


# --- the way ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("/patients/kari/?kind=x", "/patients/kari/?kind=x"),
        ("//evil.example/", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/helsami/", "/"),
    ],
)
def test_signing_in_leads_back_to_the_page_asked_for_but_never_elsewhere(
    after: str, expected: str
) -> None:
    employ()
    assert sign_in(Client(), next=after)["Location"] == expected


def test_step_without_javascript_is_a_link_and_a_form() -> None:
    page = Client().get(reverse("sign-in"), {"next": "/patients/?a=1&b=2"}).content.decode()
    assert "/sign-in/staff/?next=/patients/%3Fa%3D1%26b%3D2" in page


def test_sign_in_begins_under_a_new_session_key() -> None:
    employ()
    client = Client()
    back = choose(client, go_to_provider(client), GP.id)
    before = client.cookies["fellesjournal"].value
    client.get(back)
    assert client.cookies["fellesjournal"].value != before
    fixed = Client()
    fixed.cookies["fellesjournal"] = before
    assert fixed.get(reverse("patients")).status_code == 302


def test_signing_in_again_brings_a_new_session_key_too() -> None:
    client = staff_client()
    before = client.cookies["fellesjournal"].value
    sign_in(client)
    assert client.cookies["fellesjournal"].value != before
    old = Client()
    old.cookies["fellesjournal"] = before
    assert old.get(reverse("patients")).status_code == 302


def test_journey_is_spent_by_its_first_answer_even_a_refused_one() -> None:
    employ()
    client = Client()
    back = urlsplit(choose(client, go_to_provider(client), GP.id))
    query = dict(parse_qsl(back.query))
    assert client.get(back.path, query | {"code": "guessed"}).status_code == 403
    assert client.get(back.path, query).status_code == 403
    assert _reasons() == ["code", "state"]


def test_session_of_somebody_who_only_looked_in_is_not_kept_for_a_shift() -> None:
    employ()
    client = Client()
    back = choose(client, go_to_provider(client), GP.id)
    assert client.session.get_expiry_age() == JOURNEY_SECONDS
    client.get(back)
    assert client.session.get_expiry_age() > JOURNEY_SECONDS
    assert client.session.get_expire_at_browser_close()


def test_cookie_of_the_session_is_kept_from_scripts_and_other_sites() -> None:
    employ()
    client = Client()
    sign_in(client)
    cookie = client.cookies["fellesjournal"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_answer_is_of_no_use_in_another_browser() -> None:
    employ()
    back = choose(*_begun())
    thief = Client()
    assert thief.get(back).status_code == 403
    assert _reasons() == ["state"]


def _begun() -> tuple[Client, str, str]:
    client = Client()
    return client, go_to_provider(client), GP.id


def test_answer_serves_once() -> None:
    employ()
    client = Client()
    back = choose(client, go_to_provider(client), GP.id)
    assert client.get(back).status_code == 302
    sessions = "select array_agg(id) from access.web_session"
    before = connection().execute(sessions).fetchone()
    again = client.get(back)
    assert again["Location"] == "/"  # she is in; nothing was done anew
    assert connection().execute(sessions).fetchone() == before


def test_answer_with_a_code_of_another_sign_in_is_refused() -> None:
    employ()
    client = Client()
    first = choose(client, go_to_provider(client), GP.id)
    second = choose(client, go_to_provider(client), GP.id)
    query = dict(parse_qsl(urlsplit(second).query))
    query["code"] = dict(parse_qsl(urlsplit(first).query))["code"]
    assert client.get(urlsplit(second).path, query).status_code == 403
    assert _reasons() == ["code"]


def test_either_of_two_sign_ins_begun_side_by_side_may_end() -> None:
    employ()
    for which in (0, 1):
        client = Client()
        begun = [go_to_provider(client), go_to_provider(client)]
        assert client.get(choose(client, begun[which], GP.id))["Location"] == "/"
        assert client.get("/patients/").status_code == 200


def test_whoever_cancels_is_told_so_and_is_no_suspect() -> None:
    client = Client()
    parts = urlsplit(go_to_provider(client))
    back = client.post(f"{parts.path}?{parts.query}", {"cancel": "1"})["Location"]
    assert "Du avbrøt" in client.get(back).content.decode()
    assert _reasons() == []


def test_address_with_too_many_failures_must_wait_and_may_then_go_on() -> None:
    employ()
    client = Client()
    for _ in range(failures.MOST):
        answer = client.get("/sign-in/back/helseid/", {"state": "x", "code": "y"})
        assert answer.status_code == 403
    assert client.get("/sign-in/back/helseid/", {"state": "x"}).status_code == 429
    assert client.get("/sign-in/staff/").status_code == 429
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert elsewhere.get("/sign-in/staff/").status_code == 302
    with clock.at(clock.now() + failures.WINDOW + timedelta(seconds=1)):
        assert client.get("/sign-in/staff/").status_code == 302


# --- the role of today ------------------------------------------------------------------------


def _with_two_roles() -> Client:
    employ()
    put("Organization", "oh", name="Trondheim legevakt")
    employ_at(GP, "second", "out-of-hours-doctor", "Legevaktslege", "oh")
    client = Client()
    assert sign_in(client, next="/patients/")["Location"] == "/role/?next=/patients/"
    return client


def test_staff_with_two_roles_choose_one_before_anything_else() -> None:
    client = _with_two_roles()
    assert client.get("/patients/")["Location"] == "/role/?next=%2Fpatients%2F"
    page = client.get("/role/").content.decode()
    assert "Legevaktslege" in page
    answer = client.post("/role/", {"role": "second", "next": "/patients/"})
    assert answer["Location"] == "/patients/"
    assert "Legevaktslege, Trondheim legevakt" in client.get("/patients/").content.decode()


def test_page_asked_for_survives_the_choice_of_a_role() -> None:
    employ(active=False)
    answer = sign_in(Client(), next="/patients/?a=1&b=2")
    assert answer["Location"] == "/role/?next=/patients/%3Fa%3D1%26b%3D2"


def test_role_is_switched_without_a_new_sign_in() -> None:
    client = _with_two_roles()
    client.post("/role/", {"role": "second"})
    client.post("/role/", {"role": GP.role_id})
    assert "Fastlege, Trondheim legesenter" in client.get("/patients/").content.decode()


def test_role_of_somebody_else_can_not_be_chosen() -> None:
    client = _with_two_roles()
    employ(CASE_OFFICER)
    answer = client.post("/role/", {"role": CASE_OFFICER.role_id})
    assert answer.status_code == 409
    assert client.get("/patients/").status_code == 302


def test_role_that_needs_an_hpr_number_can_not_be_chosen_without_one() -> None:
    employ(CASE_OFFICER)
    employ_at(CASE_OFFICER, "doctor", "gp", "Fastlege", CASE_OFFICER.unit_id)
    client = Client()
    sign_in(client, CASE_OFFICER.id)
    page = client.get("/role/").content.decode()
    assert "Krever HPR-nummer" in page
    assert client.post("/role/", {"role": "doctor"}).status_code == 409


def test_role_that_is_taken_away_is_gone_at_the_next_request() -> None:
    client = staff_client()
    assert client.get("/patients/").status_code == 200
    employ(active=False)
    assert client.get("/patients/")["Location"] == "/role/?next=%2Fpatients%2F"
    script = client.post("/patients/", {"q": "x"}, headers={"HX-Request": "true"})
    assert script.status_code == 302  # no role at all now: to the choice
    assert "Ingen rolle valgt" in client.get("/role/").content.decode()


def test_script_whose_role_has_just_ended_is_led_to_the_choice() -> None:
    client = staff_client()
    employ(active=False)
    script = client.post("/patients/", {"q": "x"}, headers={"HX-Request": "true"})
    assert (script.status_code, script["HX-Redirect"]) == (403, "/role/?next=%2Fpatients%2F")


def test_staff_without_a_role_today_are_told_whom_to_ask() -> None:
    employ(active=False)
    client = Client()
    sign_in(client)
    assert "Du har ingen rolle i dag" in client.get("/role/").content.decode()
    assert client.get("/patients/").status_code == 302


def test_role_is_kept_when_the_same_person_signs_in_again() -> None:
    client = _with_two_roles()
    client.post("/role/", {"role": "second"})
    assert sign_in(client, next="/patients/")["Location"] == "/patients/"
    assert "Legevaktslege" in client.get("/patients/").content.decode()
