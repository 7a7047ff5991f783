"""Citizens let apps in to their own record, and to that of whom they may act for now."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from fellesjournal.demo import generate
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection
from tests.signing_in import ASLAUG, let_in, put, register
from tests.surfaces.fhir_api.client import observation
from tests.surfaces.oauth.flow import Dance, api, app
from tests.surfaces.portal.family import OTHER, at_browser, power

MOTHER, CHILD = "cast-sunniva", "cast-emrik"
_IDENTITY = ("resourceType", "id")


@pytest.fixture
def citizen() -> Browser:
    """Aslaug at her telephone, with a weight in her record and one in a stranger's."""
    register(birthDate=ASLAUG.born.isoformat() if ASLAUG.born else "")
    put("Patient", "stranger", name=[{"family": "Fremmed"}])
    for patient in (ASLAUG.id, "stranger"):
        members = observation(subject={"reference": f"Patient/{patient}"})
        members.pop("resourceType")
        put("Observation", f"weight-{patient}", **members)
    browser = Browser()
    let_in(browser, ASLAUG.id, "citizen")
    browser.post(reverse("portal-terms"), {"accept": "1"})
    return browser


def test_citizens_app_reads_her_own_record_and_no_other(citizen: Browser) -> None:
    client, _ = app()
    dance = Dance(client, citizen, scope="openid fhirUser launch/patient patient/*.rs")
    told = dance.exchange(dance.code(ASLAUG.id)).json()
    assert told["patient"] == ASLAUG.id
    there = api(told["access_token"])
    assert there.get(f"Patient/{ASLAUG.id}").status == 200
    assert there.get("Observation").ids == [f"weight-{ASLAUG.id}"]
    assert there.get("Observation/weight-stranger").status == 404
    assert there.get("Patient/stranger").status == 404


def test_citizen_can_not_choose_somebody_else(citizen: Browser) -> None:
    client, _ = app()
    address = Dance(client, citizen).begin()["Location"]
    page = citizen.get(address).content.decode()
    assert ASLAUG.given in page
    assert "Fremmed" not in page
    assert 'type="search"' not in page
    answer: Any = citizen.post(address, {"patient": "stranger"})
    assert answer.status_code == 200
    assert "Fremmed" not in citizen.post(address, {"q": "Fremmed"}).content.decode()


def test_citizens_app_is_never_promised_to_write(citizen: Browser) -> None:
    client, _ = app()
    dance = Dance(client, citizen, scope="launch/patient patient/*.cruds")
    told = dance.exchange(dance.code(ASLAUG.id)).json()
    assert told["scope"] == "launch/patient patient/*.rs"


def test_citizens_pages_speak_her_language_and_end_her_apps(citizen: Browser) -> None:
    client, _ = app(name="Vektappen")
    dance = Dance(client, citizen, scope="launch/patient offline_access patient/Observation.rs")
    told = dance.exchange(dance.code(ASLAUG.id)).json()
    page = citizen.get("/oauth/apps/").content.decode()
    assert "Vektappen" in page
    assert "HelsaMi" in page
    number = page.split('name="end" value="')[1].split('"')[0]
    citizen.post("/oauth/apps/", {"end": number})
    assert api(told["access_token"]).get("Observation").status == 401


def test_citizen_accepts_the_terms_first(citizen: Browser) -> None:
    put("Patient", "x", name=[{"family": "X"}])
    fresh = Browser()
    connection().execute("delete from access.terms_accepted")
    let_in(fresh, ASLAUG.id, "citizen")
    client, _ = app()
    assert Dance(client, fresh).begin()["Location"].startswith(reverse("portal-terms"))


def test_app_of_a_parent_loses_the_child_at_the_next_request_once_it_is_sixteen(
    db: None,
) -> None:
    del db
    people = {
        f"{each['resourceType']}/{each['id']}": each
        for each in generate(1, until=clock.today())
        if each["resourceType"] in {"Patient", "RelatedPerson"}
    }
    for each in people.values():
        put(
            each["resourceType"],
            each["id"],
            **{k: v for k, v in each.items() if k not in _IDENTITY},
        )
    mother = Browser()
    let_in(mother, MOTHER, "citizen")
    mother.post(reverse("portal-terms"), {"accept": "1"})
    client, _ = app()
    dance = Dance(client, mother, scope="launch/patient patient/*.rs")
    told = dance.exchange(dance.code(CHILD)).json()
    there = api(told["access_token"])
    assert there.get(f"Patient/{CHILD}").status == 200
    assert there.get(f"Patient/{MOTHER}").status == 404, "the app was opened for the child"

    child = {k: v for k, v in people[f"Patient/{CHILD}"].items() if k not in _IDENTITY}
    sixteen = clock.today().replace(year=clock.today().year - 16, day=1)
    put("Patient", CHILD, **{**child, "birthDate": sixteen.isoformat()})
    assert there.get(f"Patient/{CHILD}").status in {403, 404}


def test_an_app_of_who_acts_in_a_part_is_refused_the_others_and_not_told_that_they_are_empty(
    citizen: Browser,
) -> None:
    del citizen
    friend = at_browser(OTHER)
    power(ASLAUG.id, OTHER, "person", "health")
    client, _ = app()
    dance = Dance(client, friend, scope="openid fhirUser launch/patient patient/*.rs")
    there = api(dance.exchange(dance.code(ASLAUG.id)).json()["access_token"])
    assert there.get("Observation").ids == [f"weight-{ASLAUG.id}"]
    assert there.get("Condition").ids == []  # open, and there is none
    for closed in ("AllergyIntolerance", "MedicationRequest", "List", "Appointment"):
        assert there.get(closed).status == 403, closed
        assert there.get(f"{closed}?_id=x").status == 403, closed
    assert there.get(f"Patient/{ASLAUG.id}/AllergyIntolerance").status == 403
