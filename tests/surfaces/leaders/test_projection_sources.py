"""The page on which population and activity are read in, and the projection that goes by them."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from fellesjournal.access.sessions import system_session
from fellesjournal.demo.cast import STAFF
from fellesjournal.leadership.documents.queries import all_standing
from fellesjournal.leadership.projections.regions import EVERYBODY
from fellesjournal.leadership.projections.resources import ORIGINS, ROWS, Table
from tests.leadership.projections.files import SMALL, Lines, activity, as_csv, population
from tests.signing_in import GP, staff_client
from tests.surfaces.statements import counted

BY_ROLE = {member.role: member for member in STAFF}
SYSTEM = system_session("system:test", purpose="HOPERAT")
ABOUT = {"source": "SSB 14288", "licence": "CC BY 4.0", "published": "2024-08-22"}


def _client(role: str) -> Client:
    client = staff_client(BY_ROLE[role])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def coordinator(db: None) -> Client:
    del db
    return _client("benefits-coordinator")


def _look(client: Client, table: Table, lines: Lines, **said: str) -> HttpResponse:
    file = SimpleUploadedFile(f"{table}.csv", as_csv(lines))
    data = {"table": table.value, "file": file, **ABOUT, **said}
    return client.post(reverse("leaders-projection-look"), data)  # type: ignore[return-value]  # Django's test answer


def _token(answer: HttpResponse) -> str:
    found = re.search(r'name="token" value="([^"]+)"', answer.content.decode())
    assert found
    return found[1]


def _keep(client: Client, token: str) -> str:
    answer = client.post(reverse("leaders-projection-keep"), {"token": token}, follow=True)
    return answer.content.decode()


def read_in(client: Client, table: Table, lines: Lines) -> None:
    assert "Projections go by it from now on" in _keep(client, _token(_look(client, table, lines)))


def _projection(client: Client, **said: str) -> str:
    answer = client.get(reverse("leaders-projections"), said)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_file_is_looked_at_first_and_kept_when_she_says_so(coordinator: Client) -> None:
    looked = _look(coordinator, Table.POPULATION, population(EVERYBODY, SMALL))
    assert looked.status_code == 200
    told = looked.content.decode()
    assert "60,000" in told
    assert "HHMH, LLML, MMMM" in told
    assert not all_standing(SYSTEM.again(), ROWS)
    assert not all_standing(SYSTEM.again(), ORIGINS)
    assert "Projections go by it from now on" in _keep(coordinator, _token(looked))
    page = coordinator.get(reverse("leaders-projection-sources")).content.decode()
    for word in (*ABOUT.values(), "version 1"):
        assert word in page or word == ABOUT["published"]
    assert "somebody has read in another file meanwhile" in _keep(coordinator, _token(looked))
    (origin,) = all_standing(SYSTEM.again(), ORIGINS)
    assert origin.body.checksum in page


def test_with_one_fault_nothing_is_kept_and_the_fault_is_told(coordinator: Client) -> None:
    lines = population()
    lines[4][5] = "many"
    answer = _look(coordinator, Table.POPULATION, lines)
    assert answer.status_code == 422
    told = answer.content.decode()
    assert "F (people)" in told
    assert "many" in told
    assert "Nothing was read in" in told
    assert _look(coordinator, Table.POPULATION, [["x"]]).status_code == 422
    assert _look(coordinator, Table.POPULATION, population(), source="").status_code == 422
    assert "Nothing was kept" in _keep(coordinator, "forged")
    assert all_standing(SYSTEM.again(), ROWS) == []


def test_the_projection_goes_by_what_was_read_in_and_says_so(coordinator: Client) -> None:
    assert "An example, not a forecast." in _projection(coordinator)
    read_in(coordinator, Table.POPULATION, population(EVERYBODY, SMALL))
    half = _projection(coordinator)
    assert "An example, not a forecast." in half
    assert "Population: SSB 14288" in half
    read_in(coordinator, Table.ACTIVITY, activity(EVERYBODY, SMALL))
    whole = _projection(coordinator)
    assert "An example, not a forecast." not in whole
    assert "Rates: SSB 14288" in whole
    assert "years 2018, 2019, 2022 together" in whole
    assert "of 3 alternatives" in whole
    asked = {"region": SMALL, "last_year": "2024"}
    assert "12 of 18 rates are those of the widest region" in _projection(coordinator, **asked)
    late = coordinator.get(reverse("leaders-projections"), {**asked, "last_year": "2040"})
    assert late.status_code == 422
    assert "A year from 2023 to 2024." in late.content.decode()
    assert "An example" in _projection(coordinator, region="5001", last_year="2040")


def test_a_leader_sees_where_numbers_come_from_and_reads_nothing_in(coordinator: Client) -> None:
    read_in(coordinator, Table.POPULATION, population())
    leader = _client("unit-leader")
    with counted() as statements:
        page = leader.get(reverse("leaders-projection-sources")).content.decode()
    assert len(statements) <= 20
    assert "SSB 14288" in page
    assert 'type="file"' not in page
    assert _look(leader, Table.POPULATION, population()).status_code == 404
    assert leader.post(reverse("leaders-projection-keep"), {"token": "x"}).status_code == 404
    assert staff_client(GP).get(reverse("leaders-projection-sources")).status_code == 404
