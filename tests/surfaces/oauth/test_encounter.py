"""An app started by itself asks for an encounter: the person chooses it after the patient."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from fellesjournal.access.smart import discovery, launches
from tests.signing_in import ASLAUG, let_in, put, register
from tests.surfaces.oauth.conftest import ON_LIST
from tests.surfaces.oauth.flow import ROOT, Dance, api, app
from tests.surfaces.oauth.test_launch import gp_session

SCOPE = "launch/patient launch/encounter patient/Encounter.rs"
ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"


def visit(key: str, patient: str, day: str, **more: Any) -> None:
    put(
        "Encounter", key,
        **{
            "status": "finished",
            "class": {"system": ACT, "code": "AMB"},
            "type": [{"text": f"Besøk {key}"}],
            "subject": {"reference": f"Patient/{patient}"},
            "period": {"start": f"{day}T08:30:00Z"},
            "serviceProvider": {"reference": "Organization/office", "display": "Legekontoret"},
            **more,
        },
    )  # fmt: skip


@pytest.fixture
def visits(browser: Browser) -> Browser:
    """Kari was there twice and Ola once; a visit of Kari's was written in error."""
    visit("first", "kari", "2025-03-01")
    visit("second", "kari", "2025-04-02", status="in-progress")
    visit("mistake", "kari", "2025-04-03", status="entered-in-error")
    visit("olas", "ola", "2025-05-04")
    put("Patient", "elsewhere", name=[{"family": "Annensteds"}])
    visit("unseen", "elsewhere", "2025-06-05")
    return browser


def begun(browser: Browser, scope: str = SCOPE, patient: str = "kari") -> tuple[Dance, str]:
    """An app that has a patient; answers the address the browser is sent to next."""
    client, _ = app(scope=f"launch {SCOPE} openid offline_access")
    dance = Dance(client, browser, scope=scope)
    answer: Any = browser.post(dance.begin()["Location"], {"patient": patient})
    return dance, str(answer["Location"])


def test_encounter_is_chosen_after_the_patient_and_told_with_the_token(visits: Browser) -> None:
    dance, address = begun(visits)
    page = visits.get(address).content.decode()
    assert page.index("Besøk second") < page.index("Besøk first")
    for shown in ("Legekontoret", "01.03.2025 09:30", "avsluttet", "pågår", "Kari Prøve"):
        assert shown in page, shown
    for hidden in ("Besøk mistake", "Besøk olas", "Besøk unseen"):
        assert hidden not in page, hidden

    consent: Any = visits.post(address, {"encounter": "first"})
    assert "Besøk first, Legekontoret" in visits.get(consent["Location"]).content.decode()
    answer = dance.agree(consent)
    told = dance.exchange(dance.returned(answer)["code"]).json()
    assert (told["patient"], told["encounter"]) == ("kari", "first")
    assert told["scope"] == SCOPE
    assert api(told["access_token"]).get("Encounter/first").status == 200


def test_asking_for_the_encounter_alone_asks_for_the_patient_first(visits: Browser) -> None:
    dance, address = begun(visits, "launch/encounter openid")
    assert "/encounter/" in address
    answer = dance.agree(visits.post(address, {"encounter": "second"}))
    told = dance.exchange(dance.returned(answer)["code"]).json()
    assert (told["patient"], told["encounter"]) == ("kari", "second")


@pytest.mark.parametrize("key", ["olas", "unseen", "mistake", "nobodys", "../first"])
def test_encounter_of_another_patient_or_unseen_can_not_be_chosen(
    visits: Browser, key: str
) -> None:
    _, address = begun(visits)
    answer: Any = visits.post(address, {"encounter": key})
    assert answer.status_code == 400
    assert "Location" not in answer
    assert "Den kontakten kan ikke velges" in answer.content.decode()
    consent: Any = visits.get(address.replace("/encounter/", "/consent/"))
    assert consent["Location"] == address, "nothing was chosen"


def test_encounter_of_the_patient_chosen_before_is_forgotten_with_the_patient(
    visits: Browser,
) -> None:
    _, address = begun(visits)
    visits.post(address, {"encounter": "first"})
    other: Any = visits.post(address.replace("/encounter/", "/patient/"), {"patient": "ola"})
    assert other["Location"] == address


def test_encounter_that_is_taken_out_meanwhile_is_not_given_on(visits: Browser) -> None:
    dance, address = begun(visits)
    consent: Any = visits.post(address, {"encounter": "first"})
    visit("first", "kari", "2025-03-01", status="entered-in-error")
    back = dance.returned(visits.post(consent["Location"], {"agree": "1"}))
    assert back["error"] == "access_denied"


def test_without_any_encounter_the_person_goes_on_without_and_the_app_is_told(
    browser: Browser,
) -> None:
    dance, address = begun(browser)
    page = browser.get(address).content.decode()
    assert "Det finnes ingen kontakter du kan se" in page
    assert 'name="encounter"' not in page
    answer = dance.agree(browser.post(address, {"without": "1"}))
    told = dance.exchange(dance.returned(answer)["code"]).json()
    assert told["patient"] == "kari"
    assert "encounter" not in told
    assert told["scope"] == "launch/patient patient/Encounter.rs"


def test_going_on_without_is_for_those_who_have_none(visits: Browser) -> None:
    _, address = begun(visits)
    assert visits.post(address, {"without": "1"}).status_code == 200


def test_choosing_is_cancelled(visits: Browser) -> None:
    dance, address = begun(visits)
    back = dance.returned(visits.post(address, {"cancel": "1"}))
    assert back["error"] == "access_denied"
    assert visits.get(address).status_code == 400


def test_long_list_is_shown_a_page_at_a_time(browser: Browser) -> None:
    for number in range(1, 24):
        visit(f"v{number}", "kari", f"2025-03-{number:02}")
    _, address = begun(browser)
    page = browser.get(address).content.decode()
    assert page.count('name="encounter"') == 20
    older = page.split('href="?after=')[1].split('"')[0]
    page = browser.get(f"{address}?after={older}").content.decode()
    assert page.count('name="encounter"') == 3
    assert "Eldre kontakter" not in page
    assert browser.get(f"{address}?after=invented").content.decode().count('name="encounter"') == 20


def test_asking_without_a_page_is_an_error_when_the_encounter_is_missing(visits: Browser) -> None:
    client, _ = app(launch_uri="https://app.test/launch", scope=f"launch {SCOPE}")
    handle = launches.create_launch(gp_session(), client, "kari")
    dance = Dance(client, visits, scope="launch launch/encounter patient/Encounter.rs")
    back = dance.returned(dance.begin(launch=handle, prompt="none"))
    assert back["error"] == "interaction_required"


def test_app_from_the_chart_without_encounter_lets_it_be_chosen(visits: Browser) -> None:
    client, _ = app(launch_uri="https://app.test/launch", scope=f"launch {SCOPE}")
    handle = launches.create_launch(gp_session(), client, "kari")
    dance = Dance(client, visits, scope="launch launch/encounter patient/Encounter.rs")
    assert "/encounter/" in dance.begin(launch=handle)["Location"]


def test_encounter_of_a_launch_that_may_not_be_seen_is_refused(visits: Browser) -> None:
    client, _ = app(launch_uri="https://app.test/launch", scope=f"launch {SCOPE}")
    handle = launches.create_launch(gp_session(), client, "kari", "olas")
    dance = Dance(client, visits, scope="launch patient/Encounter.rs")
    answer: Any = visits.get(dance.begin(launch=handle)["Location"])
    assert dance.returned(answer)["error"] == "access_denied"


def test_citizen_chooses_among_her_own_contacts() -> None:
    register(birthDate=ASLAUG.born.isoformat() if ASLAUG.born else "")
    put("Patient", "stranger", name=[{"family": "Fremmed"}], generalPractitioner=ON_LIST)
    visit("mine", ASLAUG.id, "2025-03-01")
    visit("theirs", "stranger", "2025-03-02")
    browser = Browser()
    let_in(browser, ASLAUG.id, "citizen")
    browser.post(reverse("portal-terms"), {"accept": "1"})
    dance, address = begun(browser, patient=ASLAUG.id)
    page = browser.get(address).content.decode()
    assert "Besøk mine" in page
    assert "Besøk theirs" not in page
    assert browser.post(address, {"encounter": "theirs"}).status_code == 400
    answer = dance.agree(browser.post(address, {"encounter": "mine"}))
    told = dance.exchange(dance.returned(answer)["code"]).json()
    assert told["encounter"] == "mine"


def test_configuration_says_that_the_encounter_can_be_chosen() -> None:
    told = discovery.smart_configuration(ROOT)
    assert "context-standalone-encounter" in told["capabilities"]
    assert "launch/encounter" in told["scopes_supported"]
