"""Limits by cost, and locks that lock nobody else out."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from fellesjournal.access import limits
from fellesjournal.access.identity import failures
from fellesjournal.access.limits import Allowance
from fellesjournal.access.sessions import system_session
from fellesjournal.surfaces.fhir_api import costs
from fellesjournal.surfaces.fhir_api.costs import cost_of
from fellesjournal.surfaces.fhir_api.load import limits as request_limits
from fellesjournal.surfaces.fhir_api.request import Request
from tests.signing_in import GP, put, staff_client
from tests.surfaces.fhir_api.client import Client as Api
from tests.surfaces.oauth.flow import Dance, app

pytestmark = pytest.mark.django_db


class Clock:
    """Stands still until told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        """The time."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(limits, "time", made)
    return made


def test_an_allowance_is_used_up_and_comes_back(clock: Clock) -> None:
    allowance = Allowance(60)

    assert [allowance.spend("a") for _ in range(60)] == [0] * 60
    assert allowance.spend("a") == 2
    assert allowance.spend("b") == 0, "others have their own"
    clock.now += 2
    assert allowance.spend("a") == 0


def test_what_is_dearer_than_a_minute_needs_a_full_one(clock: Clock) -> None:
    allowance = Allowance(10)

    assert allowance.spend("a", 50) == 0
    assert allowance.spend("a", 1) > 0
    clock.now += 60
    assert allowance.spend("a", 50) == 0


def test_no_limit_is_no_limit(clock: Clock) -> None:
    assert {Allowance(0).spend("a", 10**9) for _ in range(10)} == {0}


def test_memory_of_who_asked_is_bounded(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_MOST_REMEMBERED", 10)
    allowance = Allowance(10)
    for number in range(1000):
        allowance.spend(str(number))

    assert len(allowance._levels) <= 10


@pytest.mark.parametrize(
    ("method", "path", "query", "least"),
    [
        ("GET", ("Patient", "1"), [], 1),
        ("GET", ("Patient",), [], 5),
        ("GET", ("Patient",), [("_count", "1000")], 25),
        ("GET", ("Patient", "1", "$everything"), [], 50),
        ("POST", ("Patient", "_search"), [], 5),
        ("POST", (), [], 53),
        ("GET", ("Patient",), [("_count", "-9")], 5),
    ],
)
def test_a_whole_record_costs_more_than_a_read(
    method: str, path: tuple[str, ...], query: list[tuple[str, str]], least: float
) -> None:
    environ = {"CONTENT_LENGTH": "1000000"}
    assert cost_of(Request(method, path, query, environ, "", request_limits())) == least


def test_an_app_that_asks_for_too_much_must_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = staff_client()
    put("Patient", "kari", generalPractitioner=[{"reference": f"Practitioner/{GP.id}"}])
    dance = Dance(app()[0], browser)
    token = dance.exchange(dance.code("kari")).json()["access_token"]
    monkeypatch.setattr(limits, "PERSON", Allowance(6))
    api = Api(token, host="testserver")

    assert api.get("Observation?patient=kari").status == 200
    answer = api.get("Observation?patient=kari")
    assert answer.status == 429
    assert int(answer.headers["retry-after"]) > 1
    assert answer.json["resourceType"] == "OperationOutcome"


def test_the_platform_itself_is_not_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PERSON", Allowance(1))
    session = system_session("system:load", purpose="HSYSADMIN")
    request = Request("GET", ("Patient",), [], {}, "", request_limits(), session=session)
    for _ in range(5):
        costs.charge(request)


@pytest.mark.usefixtures("clock")
def test_guessing_tokens_is_slowed_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ADDRESS", Allowance(3))
    environ = {"REMOTE_ADDR": "192.0.2.1"}

    answers = [Api("fj_guess").get("Patient", environ=environ).status for _ in range(5)]
    assert answers == [401, 401, 401, 429, 429]


@pytest.mark.usefixtures("clock")
def test_a_browser_that_asks_for_too_much_must_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = staff_client()
    other = staff_client()
    monkeypatch.setattr(limits, "BROWSER", Allowance(3))

    assert [browser.get("/sessions/").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert int(browser.get("/sessions/")["Retry-After"]) >= 1
    assert other.get("/sessions/").status_code == 200


@pytest.mark.usefixtures("clock")
def test_new_cookies_do_not_get_round_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BROWSER", Allowance(1))
    answers = []
    for number in range(220):
        browser = Client()
        browser.cookies["fellesjournal"] = f"made-up-{number}"
        answers.append(browser.get("/session/").status_code)

    assert answers[0] == 200
    assert answers[-1] == 429


@pytest.mark.usefixtures("clock")
def test_signing_in_over_and_over_must_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ADDRESS", Allowance(3))

    answers = [Client().get("/sign-in/staff/") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
    assert answers[-1]["Retry-After"]


def test_failing_at_the_token_endpoint_locks_the_address_and_nobody_else() -> None:
    client, _ = app()
    form = f"grant_type=authorization_code&code=x&client_id={client.client_id}"

    def attempt(address: str) -> Any:
        return Client().post(
            "/oauth/token", form, content_type="application/x-www-form-urlencoded",
            REMOTE_ADDR=address,
        )  # fmt: skip

    first = [attempt("192.0.2.1").status_code for _ in range(failures.MOST)]
    assert 429 not in first
    locked = attempt("192.0.2.1")
    assert locked.status_code == 429
    assert int(locked["Retry-After"]) > 0
    assert attempt("192.0.2.2").status_code != 429, "the client itself is not locked out"


def test_a_locked_sign_in_says_when_to_come_back() -> None:
    for _ in range(failures.MOST):
        failures.note("192.0.2.9", "state", key="only for tests")

    answer = Client().get("/sign-in/staff/", REMOTE_ADDR="192.0.2.9")
    assert answer.status_code == 429
    assert answer["Retry-After"] == "600"
    assert Client().get("/sign-in/staff/", REMOTE_ADDR="192.0.2.8").status_code == 302


def test_an_address_in_a_header_counts_behind_a_proxy_only() -> None:
    assert limits.address_of("203.0.113.7", "192.0.2.1") == "192.0.2.1"
