"""What a page answers while the database is away: 503, and a form that can be sent again."""

from __future__ import annotations

import re
from collections.abc import Callable

import django.db
import psycopg
import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from fellesjournal.access.attempts import Unavailable


def _fails_by(error: Exception) -> Callable[[HttpRequest], HttpResponse]:
    def view(_request: HttpRequest, **_of: str) -> HttpResponse:
        raise error

    return view


urlpatterns = [
    path("django/", _fails_by(django.db.OperationalError("gone"))),
    path("closed/", _fails_by(django.db.InterfaceError("the connection is closed"))),
    path("psycopg/", _fails_by(psycopg.OperationalError("gone"))),
    path("store/", _fails_by(Unavailable("the database can't be reached"))),
    path("ours/", _fails_by(ValueError("a mistake"))),
]


class WithReports:
    """Addresses with the one where a problem is reported."""

    urlpatterns = (
        path("ours/<str:number>/", _fails_by(ValueError("a mistake")), name="ours"),
        path("report/", _fails_by(ValueError("never asked")), name="report-problem"),
    )
    handler500 = "fellesjournal.surfaces.failing.server_error"


handler500 = "fellesjournal.surfaces.failing.server_error"

_MIDDLEWARE = ["django.middleware.csrf.CsrfViewMiddleware"]


@pytest.fixture
def client() -> Client:
    """A browser that shows what a user sees."""
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("way", ["django", "closed", "psycopg", "store"])
@override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=_MIDDLEWARE)
def test_while_the_database_is_away_a_page_says_so(client: Client, way: str) -> None:
    answer = client.get(f"/{way}/")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert "kan ikke nås" in answer.content.decode()
    assert "<form" not in answer.content.decode()


@override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=_MIDDLEWARE)
def test_a_form_can_be_sent_again_as_it_was(client: Client) -> None:
    said = {"once": "k1", "words": 'Sa "ja" & <nei>', "panels": ["a", "b"]}
    answer = client.post("/store/?from=chart", said)
    assert answer.status_code == 503
    shown = answer.content.decode()
    assert 'action="/store/?from=chart"' in shown
    assert '<input type="hidden" name="once" value="k1">' in shown
    assert 'value="Sa &quot;ja&quot; &amp; &lt;nei&gt;"' in shown
    assert shown.count('name="panels"') == 2
    assert 'name="csrfmiddlewaretoken"' in shown


@override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=_MIDDLEWARE)
def test_a_mistake_of_ours_is_no_outage(client: Client) -> None:
    answer = client.get("/ours/")
    assert answer.status_code == 500
    assert "/report/" not in answer.content.decode()


@override_settings(ROOT_URLCONF=WithReports, MIDDLEWARE=_MIDDLEWARE)
def test_a_mistake_of_ours_has_a_number_that_stands_in_the_log_and_leads_to_the_form(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    answer = client.get("/ours/05057912345/")
    found = re.search(r'href="/report/\?reference=([0-9A-F]{8})"', answer.content.decode())
    assert found is not None
    (line,) = [each for each in caplog.records if each.name.endswith("failing")]
    assert line.getMessage() == f"error {found[1]}: ValueError at the page 'ours'"


@override_settings(ROOT_URLCONF=__name__)
def test_the_page_asks_the_database_for_nothing(client: Client) -> None:
    """With all that a page has around it: without the mark that lets a test reach the database,
    any statement fails.
    """
    cookie = f"{settings.SESSION_COOKIE_NAME}={'a' * 32}"
    answer = client.post("/store/", {"words": "x"}, headers={"cookie": cookie})
    assert answer.status_code == 503
