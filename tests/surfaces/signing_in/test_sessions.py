"""Sessions: their limits, their ends, and going on after one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection
from fellesjournal.surfaces.signing_in.entering import device_of
from fellesjournal.surfaces.signing_in.signed_in import (
    SignedIn,
    access_session,
    requires_step_up,
    sign_in_needed,
    signed_in,
    staff_only,
)
from tests.signing_in import (
    ASLAUG,
    CASE_OFFICER,
    GP,
    choose,
    employ,
    go_to_provider,
    register,
    sign_in,
    staff_client,
)

pytestmark = pytest.mark.django_db


def _is_in(client: Client) -> bool:
    return client.get(reverse("patients")).status_code == 200


def _ended() -> list[str]:
    rows = connection().execute("select ended_why from access.web_session where ended is not null")
    return [why for (why,) in rows]


# --- limits -----------------------------------------------------------------------------------


def test_session_ends_when_nothing_happens_and_stays_while_something_does() -> None:
    client = staff_client()
    start = clock.now()
    with clock.at(start + settings.IDLE_LIMIT - timedelta(seconds=1)):
        assert _is_in(client)
    with clock.at(start + 2 * settings.IDLE_LIMIT - timedelta(seconds=2)):
        assert _is_in(client)
    with clock.at(start + 3 * settings.IDLE_LIMIT):
        assert not _is_in(client)


def test_session_ends_at_its_absolute_limit_however_busy() -> None:
    client = staff_client()
    moment = clock.now()
    end = moment + settings.SESSION_LIMIT
    while moment < end - settings.IDLE_LIMIT:
        moment += settings.IDLE_LIMIT - timedelta(seconds=1)
        with clock.at(moment):
            assert _is_in(client)
    with clock.at(end):
        assert not _is_in(client)


def test_use_of_a_session_is_written_now_and_then_only(
    django_assert_max_num_queries: Any,
) -> None:
    client = staff_client()
    before = connection().execute("select xmin from access.web_session").fetchone()
    assert _is_in(client)
    assert connection().execute("select xmin from access.web_session").fetchone() == before


# --- ends -------------------------------------------------------------------------------------


def test_sign_out_ends_the_session_here_clears_the_browser_and_goes_on_to_the_provider() -> None:
    client = staff_client()
    cookie = client.cookies["fellesjournal"].value
    answer = client.post(reverse("sign-out"))
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    page = answer.content.decode()
    assert "/stand-in/helseid/logout?client_id=fellesjournal" in page
    assert "id_token_hint=" in page
    assert 'class="messages"' not in page
    assert "Du er logget ut" in client.get(reverse("sign-in")).content.decode()
    assert not _is_in(client)
    copied = Client()
    copied.cookies["fellesjournal"] = cookie
    assert not _is_in(copied)
    assert _ended() == ["signed-out"]


def test_sign_out_asks_for_a_post_of_our_own_page() -> None:
    client = staff_client()
    assert client.get(reverse("sign-out")).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post(reverse("sign-out")).status_code == 403
    assert _is_in(client)


def test_provider_leads_back_to_the_sign_in_page_and_nowhere_else() -> None:
    address = "/stand-in/helseid/logout"
    query = {"client_id": "fellesjournal", "post_logout_redirect_uri": "http://testserver/sign-in/"}
    assert Client().get(address, query)["Location"] == "http://testserver/sign-in/"
    query["post_logout_redirect_uri"] = "https://evil.example/"
    assert Client().get(address, query).status_code == 400


def test_sessions_page_lists_every_place_and_ends_one_elsewhere() -> None:
    here, there = staff_client(), Client(HTTP_USER_AGENT="Mozilla (iPhone) Safari/605")
    sign_in(there)
    page = here.get(reverse("sessions")).content.decode()
    assert "Safari, iPhone" in page
    other = there.session["web-session"]
    assert here.post(reverse("session-end", kwargs={"session_id": other})).status_code == 302
    assert not _is_in(there)
    assert _is_in(here)


def test_session_of_somebody_else_can_not_be_ended() -> None:
    here, other = staff_client(), staff_client(CASE_OFFICER)
    theirs = other.session["web-session"]
    here.post(reverse("session-end", kwargs={"session_id": theirs}))
    assert _ended() == []


def test_sign_out_everywhere_takes_effect_at_the_next_request() -> None:
    here, there, other = staff_client(), Client(), staff_client(CASE_OFFICER)
    sign_in(there)
    here.post(reverse("sessions-end"))
    assert not _is_in(here)
    assert not _is_in(there)
    assert other.get(reverse("role")).status_code == 200


def test_signing_in_as_another_ends_the_first_and_leaves_nothing_of_it() -> None:
    client = staff_client()
    client.post(reverse("patients"), {"q": "Kvernbråten"})
    register()
    sign_in(client, ASLAUG.id, "citizen")
    assert "patient-question" not in client.session
    assert _ended() == ["other-person"]


def test_provider_ends_a_session_in_the_front_channel() -> None:
    client = staff_client()
    row = connection().execute("select sid from access.web_session").fetchone()
    assert row is not None
    address = reverse("front-channel-logout", kwargs={"name": "helseid"})
    issuer = "http://testserver/stand-in/helseid"
    for query in ({"iss": "https://evil.example", "sid": row[0]}, {"iss": issuer, "sid": "x"}):
        assert Client().get(address, query).status_code == 204
        assert _is_in(client)
    Client().get(address, {"iss": issuer, "sid": row[0]})
    assert not _is_in(client)
    assert _ended() == ["provider"]


# --- the wrong kind ---------------------------------------------------------------------------


def test_citizen_is_kept_out_of_the_clinic_and_staff_out_of_helsami() -> None:
    register()
    citizen = Client()
    sign_in(citizen, ASLAUG.id, "citizen")
    assert citizen.get(reverse("patients")).status_code == 403
    assert citizen.get(reverse("chart", kwargs={"patient_id": ASLAUG.id})).status_code == 403
    assert citizen.get(reverse("role")).status_code == 403
    assert staff_client().get(reverse("portal")).status_code == 403


def test_no_session_of_the_record_exists_for_nobody(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.session = Client().session
    with pytest.raises(LookupError):
        access_session(request)


def test_every_page_asks_who_is_there_once(client: Client) -> None:
    signed = staff_client()
    seen: list[SignedIn | None] = []

    @staff_only
    def view(request: HttpRequest) -> HttpResponse:
        seen.extend([signed_in(request), signed_in(request)])
        assert access_session(request) is access_session(request)
        return HttpResponse()

    request = RequestFactory().get("/")
    request.session = signed.session
    assert view(request).status_code == 200
    assert seen[0] is seen[1]
    assert seen[0] is not None
    assert (seen[0].person, seen[0].role_id, seen[0].unit) == (
        f"Practitioner/{GP.id}", GP.role_id, f"Organization/{GP.unit_id}",
    )  # fmt: skip


# --- going on after an end --------------------------------------------------------------------


def test_script_is_told_to_sign_in_again_instead_of_getting_a_sign_in_page() -> None:
    answer = Client().post(reverse("patients"), {"q": "x"}, headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert (answer["X-Sign-In"], answer["HX-Reswap"]) == ("again", "none")
    assert answer.content == b""


def test_form_posted_too_late_is_kept_and_can_be_sent_after_signing_in_again() -> None:
    client = staff_client()
    late = clock.now() + settings.IDLE_LIMIT + timedelta(minutes=1)
    with clock.at(late):
        answer = client.post(reverse("patients"), {"q": "Kvern<b>"})
        page = answer.content.decode()
        assert answer.status_code == 401
        assert '<input type="hidden" name="q" value="Kvern&lt;b&gt;">' in page
        assert "window=1" in page
        done = sign_in(client, window="1")
        assert done["Location"] == reverse("sign-in-done")
        assert client.post(reverse("patients"), {"q": "Kvern<b>"}).status_code == 302


def test_form_left_open_is_good_after_the_same_person_has_signed_in_again() -> None:
    employ()
    client = Client(enforce_csrf_checks=True)
    _strict_sign_in(client, GP.id)
    token = _token(client)
    _strict_sign_in(client, GP.id)
    sent = {"q": "x", "csrfmiddlewaretoken": token}
    assert client.post(reverse("patients"), sent).status_code == 302


def test_form_left_open_is_not_good_for_another_person() -> None:
    employ()
    employ(CASE_OFFICER)
    client = Client(enforce_csrf_checks=True)
    _strict_sign_in(client, GP.id)
    token = _token(client)
    _strict_sign_in(client, CASE_OFFICER.id)
    sent = {"q": "x", "csrfmiddlewaretoken": token}
    assert client.post(reverse("patients"), sent).status_code == 403


def _token(client: Client) -> str:
    page = client.get(reverse("role")).content.decode()
    return page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]


def _strict_sign_in(client: Client, person: str) -> None:
    parts = urlsplit(go_to_provider(client))
    address = f"{parts.path}?{parts.query}"
    page = client.get(address).content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    back = client.post(address, {"person": person, "csrfmiddlewaretoken": token})
    assert client.get(back["Location"]).status_code == 302


def test_guard_learns_who_is_signed_in_without_a_name() -> None:
    client = staff_client()
    mark = client.get(reverse("session")).json()["mark"]
    assert len(mark) == 16
    assert f'data-mark="{mark}"' in client.get(reverse("patients")).content.decode()
    assert Client().get(reverse("session")).json() == {"mark": ""}


# --- step-up ----------------------------------------------------------------------------------


@staff_only
@requires_step_up(minutes=15)
def _delicate(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


def _asked(client: Client, method: str = "get", **more: Any) -> HttpResponse:
    request = getattr(RequestFactory(), method)("/delicate/?x=1", **more)
    request.session = client.session
    return _delicate(request)


def test_act_that_needs_a_fresh_proof_asks_for_one_after_a_while() -> None:
    client = staff_client()
    assert _asked(client).status_code == 200
    with clock.at(clock.now() + timedelta(minutes=16)):
        answer = _asked(client)
        assert answer["Location"] == "/sign-in/staff/?next=%2Fdelicate%2F%3Fx%3D1&step_up=1"
        script = _asked(client, headers={"HX-Request": "true"})
        assert (script.status_code, script["X-Sign-In"]) == (401, "step-up")
        assert sign_in(client, step_up="1", next="/delicate/?x=1")["Location"] == "/delicate/?x=1"
        assert _asked(client).status_code == 200


def test_step_up_by_somebody_else_is_refused_and_changes_nothing() -> None:
    client = staff_client()
    employ(CASE_OFFICER)
    back = choose(client, go_to_provider(client, step_up="1"), CASE_OFFICER.id)
    answer = client.get(back)
    assert answer.status_code == 403
    assert "andre er logget inn i denne" in answer.content.decode()
    assert _is_in(client)


# --- devices ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/140.0 Safari/537 Edg/140",
            "Edge, Windows",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140) Gecko Firefox/140.0", "Firefox, Linux"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/140 Mobile Safari/537", "Chrome, Android"),
        ("curl/8", ""),
    ],
)
def test_device_is_named_in_words(agent: str, device: str) -> None:
    assert device_of(agent) == device


def test_unsafe_request_by_nobody_keeps_every_value_of_a_field(rf: RequestFactory) -> None:
    request = rf.post("/x/", {"a": ["1", "2"], "csrfmiddlewaretoken": "t"})
    request.session = Client().session
    page = sign_in_needed(request, kind="staff").content.decode()
    assert page.count('name="a"') == 2
    assert 'value="t"' not in page
