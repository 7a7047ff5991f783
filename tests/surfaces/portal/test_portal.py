"""HelsaMi's first pages."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from fellesjournal.foundation.database.connection import connection
from fellesjournal.surfaces.portal import entering
from fellesjournal.surfaces.portal.urls import urlpatterns
from tests.signing_in import ASLAUG, let_in, register

pytestmark = pytest.mark.django_db


@pytest.fixture
def citizen() -> Client:
    """Aslaug, who has signed in for the first time."""
    register()
    client = Client()
    let_in(client, ASLAUG.id, "citizen")
    return client


@pytest.mark.parametrize("route", urlpatterns, ids=lambda route: str(route.name))
def test_no_page_is_for_strangers(route: URLPattern) -> None:
    named = dict.fromkeys(route.pattern.converters, "x")
    address = reverse(str(route.name), kwargs=named)
    stranger = Client()
    answer = stranger.get(address)
    if answer.status_code == 405:
        assert stranger.post(address).status_code == 401
    else:
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("sign-in"))


def test_terms_come_first_and_lead_on_once_accepted(citizen: Client) -> None:
    answer = citizen.get("/helsami/?x=1")
    assert answer["Location"] == "/helsami/terms/?next=%2Fhelsami%2F%3Fx%3D1"
    accepted = citizen.post("/helsami/terms/", {"accept": "1", "next": "/helsami/?x=1"})
    assert accepted["Location"] == "/helsami/?x=1"
    assert citizen.get("/helsami/").status_code == 200


def test_terms_are_accepted_by_a_decision_not_by_a_visit(citizen: Client) -> None:
    page = citizen.post("/helsami/terms/", {}).content.decode()
    assert "Du må godta vilkårene" in page
    assert citizen.get("/helsami/").status_code == 302


def test_terms_are_asked_for_once_and_again_when_they_change(
    citizen: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    citizen.post("/helsami/terms/", {"accept": "1"})
    again = Client()
    let_in(again, ASLAUG.id, "citizen")
    assert again.get("/helsami/").status_code == 200
    rows = connection().execute("select person, version from access.terms_accepted").fetchall()
    assert rows == [(f"Patient/{ASLAUG.id}", "1")]
    monkeypatch.setattr(entering, "TERMS_VERSION", "2")
    assert again.get("/helsami/").status_code == 302


def test_terms_lead_nowhere_else(citizen: Client) -> None:
    accepted = citizen.post("/helsami/terms/", {"accept": "1", "next": "//evil.example/"})
    assert accepted["Location"] == "/helsami/"


@pytest.mark.parametrize(("language", "greeting"), [("nn", "Hei, Aslaug"), ("en", "Hello, Aslaug")])
def test_front_page_speaks_three_languages(citizen: Client, language: str, greeting: str) -> None:
    citizen.post("/helsami/terms/", {"accept": "1"})
    citizen.cookies["language"] = language
    assert greeting in citizen.get("/helsami/").content.decode()
