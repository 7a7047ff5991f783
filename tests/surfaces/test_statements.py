"""ui.md section 11: no page asks the database more than twenty things, on records with much in them.

The demo's staff and citizens go to each page that a link leads to, from their first page on, and to
some of each kind: the stories are the records with the most content. Statements are counted at the
driver; a counter of the ORM alone does not see the store's. The record is committed, for inside a
transaction each read would enter the session anew.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlsplit

import orjson
import pytest
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from fellesjournal.access.writing import Operation, write
from fellesjournal.care.homecare import jobs as homecare
from fellesjournal.demo import generate
from fellesjournal.fhir import bodies
from fellesjournal.foundation import clock
from tests.signing_in import sign_in
from tests.staff import SYSTEM
from tests.surfaces.statements import counted

MOST = 20  # ui.md section 11
OVER = {"helsami/": 25}
"""Known to be over it, and by how much (docs/usability.md): the first page after signing in also
looks up whose records she is offered, some statements for each of them. It may only fall.
"""
_EACH = 3
"""So many pages of each address and person: other patients, other letters."""
_AT_ONCE = 400
_PAGES = 75
"""Kinds of pages that links lead to on the first day of the demo; 85 when this was written."""
_LINK = re.compile(r'(?:href|action)="(/[^"#]*)')
_NOT_PAGES = ("/static/", "/sign-", "/session", "/role/", "/language/", "/oauth/", "/fhir", "/ui/")
PEOPLE = (
    "staff-gp-trondheim", "staff-hospital-doctor", "staff-ward-nurse", "staff-home-care-nurse",
    "staff-carer", "staff-case-officer", "staff-secretary", "staff-unit-leader",
    "staff-referral-secretary", "staff-data-protection-officer", "staff-administrator",
)  # fmt: skip
CITIZENS = ("cast-aslaug", "cast-ingebrigt", "cast-marit")


@pytest.fixture
def region(empty_record: None) -> None:
    """The demo's cast with their stories, and their home visits of these days."""
    del empty_record
    operations = [
        Operation("update", each["resourceType"], id=each["id"], body=bodies.parse(orjson.dumps(each)))
        for each in generate(1, until=clock.today())
    ]  # fmt: skip
    for start in range(0, len(operations), _AT_ONCE):
        write(SYSTEM, operations[start : start + _AT_ONCE], tells=False)
    homecare.make_all_days(SYSTEM)


def _pages(client: Client, start: str) -> Iterator[tuple[str, str, int]]:
    """(route, address, how many statements) of all pages that links lead to."""
    waiting, known = deque([start]), {start}
    seen: Counter[str] = Counter()
    while waiting:
        page = waiting.popleft()
        try:
            route = resolve(urlsplit(page).path).route
        except Resolver404:
            continue
        if seen[route] >= _EACH:
            continue
        seen[route] += 1
        with counted() as found:
            answer = client.get(page)
        if answer.status_code != 200 or "text/html" not in answer["Content-Type"]:
            if answer.status_code == 302:
                waiting.append(answer["Location"])
            continue
        yield route, page, len(found)
        for link in map(unescape, _LINK.findall(answer.content.decode())):
            if link not in known and not link.startswith(_NOT_PAGES):
                known.add(link)
                waiting.append(link)


@pytest.mark.django_db(transaction=True)
def test_no_page_asks_the_database_more_than_twenty_things(region: None) -> None:
    del region
    most: dict[str, tuple[int, str, str]] = {}
    at_work = [(each, "staff", "/") for each in PEOPLE]
    for person, kind, start in [*at_work, *((each, "citizen", "/helsami/") for each in CITIZENS)]:
        client = Client()
        assert sign_in(client, person, kind).status_code == 302, person
        if kind == "citizen":
            client.post(reverse("portal-terms"), {"accept": "1"})
        for route, page, count in _pages(client, start):
            if count > most.get(route, (0, "", ""))[0]:
                most[route] = (count, person, page)
    over = {route: found for route, found in most.items() if found[0] > OVER.get(route, MOST)}
    assert over == {}
    assert len(most) >= _PAGES, "the walk has lost pages: what leads to them?"
