"""Whatever is asked through an app, the log says through which (INV-32)."""

from __future__ import annotations

import orjson
import pytest
from django.test import Client as Browser
from django.urls import reverse

from fellesjournal.access.readlog.queries import Line, lines
from fellesjournal.access.smart.clients import Client
from fellesjournal.foundation.database.connection import connection
from tests.signing_in import ASLAUG, GP, let_in, register
from tests.surfaces.fhir_api.client import Client as Api
from tests.surfaces.fhir_api.client import bundle, entry, observation
from tests.surfaces.oauth.conftest import ON_LIST
from tests.surfaces.oauth.flow import Dance, api, app


def newest() -> Line:
    return lines(connection(), limit=1)[0]


def through(client: Client, browser: Browser, patient: str) -> Api:
    """The API as the app uses it after the person has agreed."""
    dance = Dance(client, browser, scope="openid fhirUser launch/patient patient/*.cruds")
    return api(dance.exchange(dance.code(patient)).json()["access_token"])


@pytest.fixture
def citizen(browser: Browser) -> Browser:
    """Aslaug at her phone; she is on the list of the GP at the other browser."""
    del browser
    register(birthDate=f"{ASLAUG.born:%Y-%m-%d}", generalPractitioner=ON_LIST)
    opened = Browser()
    let_in(opened, ASLAUG.id, "citizen")
    opened.post(reverse("portal-terms"), {"accept": "1"})
    return opened


def test_each_way_into_the_record_names_the_app(browser: Browser) -> None:
    client, _ = app()
    there = through(client, browser, "kari")
    for address in (
        "Patient/kari", "Patient/kari/_history/1", "Patient/kari/_history", "Observation",
        "Patient/kari/$everything", "Patient/ola",
    ):  # fmt: skip
        there.get(address)
        assert (newest().who.app, newest().who.person) == (
            client.client_id,
            f"Practitioner/{GP.id}",
        )
    browser.get(reverse("chart", args=["kari"]))
    assert newest().who.app == ""
    there.post("Observation", observation(subject={"reference": "Patient/kari"}))
    assert newest().who.app == client.client_id
    browser.get(reverse("chart", args=["kari"]))
    there.post("", bundle("batch", entry("GET", "Patient/kari")))
    assert newest().who.app == client.client_id


def test_the_citizen_is_told_through_which_app_in_the_words_of_its_registration(
    browser: Browser, citizen: Browser
) -> None:
    client, _ = app(name="Vekst <b>")
    assert through(client, browser, ASLAUG.id).get(f"Patient/{ASLAUG.id}").status == 200
    assert "gjennom appen Vekst &lt;b&gt;" in citizen.get(reverse("portal-seen")).content.decode()
    assert "gjennom appen Vekst <b>" in citizen.get(reverse("portal-seen-csv")).content.decode()
    told = orjson.loads(citizen.get(reverse("portal-seen-fhir")).content)
    agents = [agent for each in told["entry"] for agent in each["resource"]["agent"]]
    named = {agent["altId"]: agent["name"] for agent in agents if "altId" in agent}
    assert named == {client.client_id: "Vekst <b>"}
