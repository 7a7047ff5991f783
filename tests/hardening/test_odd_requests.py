"""Requests no browser sends: they are refused, and nothing breaks."""

from __future__ import annotations

from collections.abc import Iterator
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from pytest_django.plugin import DjangoDbBlocker

from tests.signing_in import staff_client
from tests.undone import undone

pytestmark = pytest.mark.django_db

ODD = [
    "\x00",
    "\U0001f600" * 3,
    "'\"><script>alert(1)</script>",
    "9" * 400,
    "../../x",
    "{{7*7}}",
    "%s",
]
FIELDS = ("next", "q", "state", "iss", "sid", "client_id", "redirect_uri", "response_type", "scope",
          "kind", "all", "of", "setting", "code", "window", "step_up", "person", "role")  # fmt: skip
IDS = {
    "unit_id": "u", "role_id": "r", "practitioner_id": "p", "patient_id": "p", "document_id": "d",
    "kind": "staff", "name": "helseid", "key": "k", "client_id": "c",
    "session_id": "00000000-0000-4000-8000-000000000000",
}  # fmt: skip


def addresses() -> list[str]:
    """Every page that needs no words of its own in its address, or only ids."""
    found = []

    def walk(resolver: URLResolver) -> None:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLResolver):
                walk(pattern)
            elif pattern.name:
                words = pattern.pattern.converters
                if set(words) <= set(IDS):
                    found.append(reverse(pattern.name, kwargs={w: IDS[w] for w in words}))

    walk(get_resolver())
    return sorted(set(found))


@pytest.fixture(scope="module")
def signed_in(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[SimpleCookie]:
    """What the browser of somebody signed in has kept."""
    del django_db_setup
    with undone(django_db_blocker):
        yield staff_client().cookies


@pytest.mark.parametrize("address", addresses())
def test_no_page_breaks_on_odd_words(address: str, signed_in: SimpleCookie) -> None:
    inside = Client()
    inside.cookies.update(signed_in)
    # who is not signed in is mostly led away before any word is looked at
    for browser, words in ((Client(), ODD[:2]), (inside, ODD)):
        browser.raise_request_exception = False
        for word in words:
            for answer in (
                browser.get(address, dict.fromkeys(FIELDS, word)),
                browser.post(address, dict.fromkeys(FIELDS, word)),
            ):
                seen: Any = answer
                assert seen.status_code not in {500, 504}, (address, word)
                assert b"<script>alert" not in seen.content


@pytest.mark.parametrize(
    "query", ["client_id=%ED%A0%80", "client_id=%FF", 'a="b', "a=ø", "%", "&&=&"]
)
def test_an_authorization_request_that_is_no_query_is_refused(query: str) -> None:
    browser = Client(raise_request_exception=False)

    assert browser.get(f"/oauth/authorize?{query}").status_code == 400


@pytest.mark.parametrize("name", ["grant_type", "token_type_hint", "client_id", "code", "token"])
@pytest.mark.parametrize("page", ["token", "introspect", "revoke"])
def test_no_protocol_endpoint_breaks_on_odd_words(page: str, name: str) -> None:
    browser = Client(raise_request_exception=False)
    form = {"grant_type": "authorization_code", "token": "x", "client_id": "x"}
    for word in ODD:
        answer = browser.post(
            f"/oauth/{page}", urlencode({**form, name: word}),
            content_type="application/x-www-form-urlencoded",
        )  # fmt: skip
        assert answer.status_code < 500, word
