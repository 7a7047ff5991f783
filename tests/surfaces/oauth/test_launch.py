"""An app is let in: by itself and from the chart, with what was agreed to and no more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client as Browser
from django.urls import reverse

from fellesjournal.access.sessions import Session, staff_session
from fellesjournal.access.smart import launches
from fellesjournal.access.smart.clients import Client
from fellesjournal.foundation import clock
from tests.signing_in import CASE_OFFICER, GP, put, staff_client
from tests.staff import employ as employ_doctor
from tests.staff import staff
from tests.surfaces.fhir_api.client import bundle, entry, observation
from tests.surfaces.oauth import conftest
from tests.surfaces.oauth.conftest import ON_LIST
from tests.surfaces.oauth.flow import ROOT, Dance, api, app

LAB = "http://terminology.hl7.org/CodeSystem/observation-category|laboratory"


def test_app_started_by_itself_reads_the_chosen_patient_and_no_other(browser: Browser) -> None:
    client, _ = app()
    dance = Dance(client, browser)

    back = dance.returned(dance.agree(dance.begin(), "kari"))
    assert (back["state"], back["iss"]) == (dance.state, ROOT)
    answer = dance.exchange(back["code"])
    told = answer.json()

    assert answer.status_code == 200, answer.content
    assert answer["Cache-Control"] == "no-store"
    assert told["token_type"] == "Bearer"
    assert told["scope"] == "launch/patient openid fhirUser patient/*.rs"
    assert told["patient"] == "kari"
    assert 0 < told["expires_in"] <= 900
    assert told["need_patient_banner"] is True
    there = api(told["access_token"])
    assert there.get("Patient/kari").status == 200
    assert sorted(there.get("Observation").ids) == ["kari-lab", "kari-weight"]
    assert there.get("Patient/ola").status == 404
    assert there.get("Observation/ola-weight").status == 404
    assert there.put("Patient/kari", {"resourceType": "Patient", "id": "kari"}).status == 403


def test_app_of_a_user_reads_whom_the_user_may_see_and_nobody_else(browser: Browser) -> None:
    put("Patient", "elsewhere", name=[{"family": "Annensteds"}])
    client, _ = app()
    dance = Dance(client, browser, scope="user/Patient.rs")
    told = dance.exchange(dance.code()).json()

    assert "patient" not in told
    there = api(told["access_token"])
    assert sorted(there.get("Patient").ids) == ["kari", "ola"]
    assert there.get("Patient/elsewhere").status == 404
    assert there.get("Observation").status == 403
    assert there.get("Observation/kari-lab").status == 403


def test_letters_of_a_scope_are_kept_apart(browser: Browser) -> None:
    client, _ = app()
    dance = Dance(client, browser, scope="user/Observation.r")
    there = api(dance.exchange(dance.code()).json()["access_token"])
    assert there.get("Observation/kari-lab").status == 200
    assert there.get("Observation").status == 403
    assert there.get("Patient/kari/Observation").status == 403
    assert there.request("POST", "Observation/_search", b"").status == 403

    dance = Dance(client, browser, scope="user/Observation.s")
    there = api(dance.exchange(dance.code()).json()["access_token"])
    assert there.get("Observation/kari-lab").status == 403
    assert "kari-lab" in there.get("Observation").ids


def test_restricted_scope_opens_what_its_search_finds_by_every_way(browser: Browser) -> None:
    client, _ = app()
    dance = Dance(client, browser, scope=f"launch/patient patient/Observation.rs?category={LAB}")
    told = dance.exchange(dance.code("kari")).json()

    assert told["scope"] == f"launch/patient patient/Observation.rs?category={LAB}"
    there = api(told["access_token"])
    assert there.get("Observation").ids == ["kari-lab"]
    assert there.get("Observation?_id=kari-weight").ids == []
    assert there.get("Observation/kari-lab").status == 200
    assert there.get("Observation/kari-weight").status == 404
    assert there.get("Observation/kari-weight/_history/1").status == 404
    assert there.get("Observation/kari-lab/_history/1").status == 200
    assert there.get("Observation/ola-lab").status == 404


def test_includes_and_everything_stay_within_the_scope(browser: Browser) -> None:
    client, _ = app()
    dance = Dance(client, browser, scope="launch/patient patient/Observation.rs")
    there = api(dance.exchange(dance.code("kari")).json()["access_token"])
    assert sorted(there.get("Observation?_include=Observation:subject").ids) == [
        "kari-lab",
        "kari-weight",
    ]
    assert "kari" not in there.get("?_type=Patient,Observation").ids
    assert there.get("Patient/kari").status == 403


def test_registered_scope_is_the_most_a_client_gets(browser: Browser) -> None:
    client, _ = app(scope="launch/patient patient/Patient.rs")
    dance = Dance(client, browser, scope="openid launch/patient patient/*.cruds user/*.cruds")
    told = dance.exchange(dance.code("kari")).json()
    assert told["scope"] == "launch/patient patient/Patient.rs"


def test_version_1_scopes_are_understood_and_told_back_in_version_2(browser: Browser) -> None:
    client, _ = app()
    dance = Dance(client, browser, scope="launch/patient patient/Observation.read")
    told = dance.exchange(dance.code("kari")).json()
    assert told["scope"] == "launch/patient patient/Observation.rs"


def test_nothing_that_may_be_asked_for_is_an_error_for_the_app(browser: Browser) -> None:
    client, _ = app(scope="patient/Patient.rs")
    dance = Dance(client, browser, scope="user/Observation.rs system/*.rs hello")
    assert dance.returned(dance.begin())["error"] == "invalid_scope"


def test_unticked_lines_are_not_granted(browser: Browser) -> None:
    client, _ = app()
    dance = Dance(client, browser, scope="launch/patient patient/Observation.rs patient/Patient.rs")
    chosen: Any = browser.post(dance.begin()["Location"], {"patient": "kari"})
    page = browser.get(chosen["Location"]).content.decode()
    assert page.count('name="allow"') == 2
    line = page.split('name="allow" value="')[1].split('"')[0]
    back = browser.post(chosen["Location"], {"agree": "1", "allow": line})
    told = dance.exchange(dance.returned(back)["code"]).json()
    assert len(told["scope"].split()) == 2


@pytest.mark.parametrize("fields", [{"refuse": "1"}, {"agree": "1"}])
def test_person_who_allows_nothing_sends_the_app_away_empty(
    browser: Browser, fields: dict[str, str]
) -> None:
    client, _ = app()
    dance = Dance(client, browser)
    chosen: Any = browser.post(dance.begin()["Location"], {"patient": "kari"})
    back = dance.returned(browser.post(chosen["Location"], fields))
    assert back["error"] == "access_denied"
    assert back["state"] == dance.state
    assert "code" not in back


def test_patient_who_may_not_be_seen_can_not_be_chosen(browser: Browser) -> None:
    put("Patient", "elsewhere", name=[{"family": "Annensteds"}])
    client, _ = app()
    dance = Dance(client, browser)
    address = dance.begin()["Location"]
    for unseen in ("elsewhere", "nobody", "../kari"):
        answer = browser.post(address, {"patient": unseen})
        assert answer.status_code == 200
        assert "Annensteds" not in answer.content.decode()
    assert 'name="patient"' not in browser.post(address, {"q": "Annensteds"}).content.decode()
    assert "Kari Prøve" in browser.post(address, {"q": "Prøve"}).content.decode()


def test_what_was_remembered_is_not_asked_again_for_this_app_patient_and_scope(
    browser: Browser,
) -> None:
    client, _ = app()
    scope = "launch/patient offline_access patient/Observation.rs"
    dance = Dance(client, browser, scope=scope)
    dance.returned(dance.agree(dance.begin(), "kari", remember="1"))

    again: Any = browser.post(dance.begin()["Location"], {"patient": "kari"})
    assert "code" in dance.returned(again)
    other: Any = browser.post(dance.begin()["Location"], {"patient": "ola"})
    assert "/consent/" in other["Location"]
    more = Dance(client, browser, scope=scope + " patient/Patient.rs")
    asked: Any = browser.post(more.begin()["Location"], {"patient": "kari"})
    assert "/consent/" in asked["Location"]
    wanted: Any = browser.post(dance.begin(prompt="consent")["Location"], {"patient": "kari"})
    assert "/consent/" in wanted["Location"]


def test_program_on_the_own_machine_is_agreed_to_each_time(browser: Browser) -> None:
    home = "http://127.0.0.1:5000/back"
    client, _ = app(redirects=(home,))
    dance = Dance(client, browser, scope="offline_access user/Patient.rs", redirect=home)
    dance.returned(dance.agree(dance.begin(), remember="1"))
    assert "/consent/" in dance.begin()["Location"]


def test_app_that_may_not_show_a_page_is_told_why_it_would_have_to(browser: Browser) -> None:
    client, _ = app()
    dance = Dance(client, browser, scope="user/Patient.rs")
    assert Dance(client, Browser()).begin(prompt="none")["Location"].count("login_required") == 1
    assert dance.returned(dance.begin(prompt="none"))["error"] == "consent_required"
    chosen = Dance(client, browser)
    assert chosen.returned(chosen.begin(prompt="none"))["error"] == "interaction_required"
    dance.returned(dance.agree(dance.begin(), remember="1"))
    assert "code" in dance.returned(dance.begin(prompt="none"))


def test_request_may_come_as_a_form(browser: Browser) -> None:
    client, _ = app()
    dance = Dance(client, browser, scope="user/Patient.rs")
    answer: Any = Browser(enforce_csrf_checks=True).post("/oauth/authorize", dance.asked())
    assert answer.status_code == 303
    followed: Any = browser.get(answer["Location"])
    assert "/consent/" in followed["Location"]


def test_apps_with_access_are_listed_and_ended(browser: Browser) -> None:
    client, _ = app(name="Blodtrykksappen")
    dance = Dance(client, browser, scope="offline_access launch/patient patient/Observation.rs")
    told = dance.exchange(dance.code("kari")).json()
    page = browser.get("/oauth/apps/").content.decode()
    assert "Blodtrykksappen" in page
    assert "Kari Prøve" in page

    number = page.split('name="end" value="')[1].split('"')[0]
    answer = browser.post("/oauth/apps/", {"end": number}, follow=True)
    assert "Blodtrykksappen" not in answer.content.decode()
    assert api(told["access_token"]).get("Patient/kari").status == 401
    assert dance.refresh(told["refresh_token"]).json()["error"] == "invalid_grant"


def test_nobody_ends_the_access_that_another_person_gave(browser: Browser) -> None:
    client, _ = app()
    dance = Dance(client, browser, scope="offline_access user/Patient.rs")
    told = dance.exchange(dance.code()).json()
    page = browser.get("/oauth/apps/").content.decode()
    number = page.split('name="end" value="')[1].split('"')[0]

    other = staff_client(CASE_OFFICER)
    assert client.name not in other.get("/oauth/apps/").content.decode()
    other.post("/oauth/apps/", {"end": number})
    assert api(told["access_token"]).get("Patient").status == 200


def test_app_writes_what_its_letters_say_for_the_patient_of_its_launch(browser: Browser) -> None:
    client, _ = app()
    scope = f"launch/patient patient/Observation.rs patient/Observation.cu?category={LAB}"
    dance = Dance(client, browser, scope=scope)
    there = api(dance.exchange(dance.code("kari")).json()["access_token"])

    def measured(patient: str) -> Any:
        return observation(
            subject={"reference": f"Patient/{patient}"}, category=[{"coding": [conftest.LAB]}]
        )

    made = there.post("Observation", measured("kari"))
    assert made.status == 201, made.body
    assert there.post("Observation", measured("ola")).status in {403, 404}
    vital = {**measured("kari"), "category": [{"coding": [conftest.VITAL]}]}
    assert there.post("Observation", vital).status == 403
    assert there.post("Condition", {"resourceType": "Condition"}).status == 403
    lab = there.get("Observation/kari-lab").json
    assert there.put("Observation/kari-lab", {**lab, "status": "amended"}).status == 200
    weight = {**lab, "id": "kari-weight"}
    assert there.get("Observation/kari-weight").status == 200
    assert there.put("Observation/kari-weight", weight).status == 403
    assert there.delete("Observation/kari-lab").status == 403
    # a change may not leave what the scope reaches
    assert (
        there.put(
            "Observation/kari-lab", {**lab, "category": [{"coding": [conftest.VITAL]}]}
        ).status
        == 403
    )
    assert there.get("Observation/kari-lab").json["meta"]["versionId"] == "2"
    batch = bundle(
        "batch",
        entry("DELETE", "Observation/kari-lab"),
        entry("POST", "Observation", measured("kari")),
        entry("GET", "Patient/kari"),
    )
    statuses = [each["response"]["status"][:3] for each in there.post("", batch).json["entry"]]
    assert statuses == ["403", "201", "403"]


# --- from the chart ----------------------------------------------------------------------------


def launch(client: Client, person: str = GP.id, encounter: str = "", intent: str = "") -> str:
    session = staff(person) if person != GP.id else gp_session()
    return launches.create_launch(session, client, "kari", encounter, intent=intent)


def gp_session() -> Session:
    return staff_session(
        practitioner=f"Practitioner/{GP.id}",
        role_id=GP.role_id,
        role=GP.role,
        unit=f"Organization/{GP.unit_id}",
    )


def test_app_launched_from_the_chart_knows_patient_encounter_and_intent(browser: Browser) -> None:
    client, _ = app(launch_uri="https://app.test/launch?tenant=1", scope="launch patient/*.rs")
    subject = {"reference": "Patient/kari"}
    put("Encounter", "visit-1", status="finished", subject=subject, **{"class": {"code": "AMB"}})
    handle = launch(client, encounter="visit-1", intent="reconcile-medications")
    address = launches.launch_address(client, handle, f"{ROOT}/fhir")
    assert dict(parse_qsl(urlsplit(address).query)) == {
        "tenant": "1",
        "iss": f"{ROOT}/fhir",
        "launch": handle,
    }
    dance = Dance(client, browser, scope="launch patient/*.rs")
    told = dance.exchange(dance.code(launch=handle)).json()
    assert (told["patient"], told["encounter"]) == ("kari", "visit-1")
    assert told["intent"] == "reconcile-medications"
    assert told["need_patient_banner"] is False
    assert told["tenant"] == GP.unit_id
    assert browser.get(urlsplit(told["smart_style_url"]).path).json()["color_text"].startswith("#")


def test_launch_handle_is_for_one_person_one_app_one_time_and_five_minutes(
    browser: Browser,
) -> None:
    client, _ = app(launch_uri="https://app.test/launch")
    other, _ = app(launch_uri="https://app.test/launch")
    employ_doctor("stranger")

    def outcome(handle: str) -> str:
        return str(
            Dance(client, browser, scope="launch patient/*.rs").begin(launch=handle)["Location"]
        )

    used = launch(client)
    assert "/consent/" in outcome(used)
    for handle in (used, launch(other), launch(client, "stranger"), "invented"):
        assert "error=invalid_request" in outcome(handle), handle
    late = launch(client)
    with clock.at(datetime.now(UTC) + timedelta(minutes=6)):
        assert "error=invalid_request" in outcome(late)


def test_patient_who_was_launched_but_may_not_be_seen_any_more_is_refused(browser: Browser) -> None:
    client, _ = app()
    handle = launch(client)
    put("Patient", "kari", name=[{"family": "Prøve"}])  # left the list
    dance = Dance(client, browser, scope="launch patient/*.rs")
    answer: Any = browser.get(dance.begin(launch=handle)["Location"])
    assert dance.returned(answer)["error"] == "access_denied"


def test_token_loses_the_patient_when_its_user_does(browser: Browser) -> None:
    client, _ = app()
    dance = Dance(client, browser)
    there = api(dance.exchange(dance.code("kari")).json()["access_token"])
    assert there.get("Patient/kari").status == 200
    put("Patient", "kari", name=[{"family": "Prøve"}])
    assert there.get("Patient/kari").status == 404
    put("Patient", "kari", name=[{"family": "Prøve"}], generalPractitioner=ON_LIST)
    assert there.get("Patient/kari").status == 200
    put("PractitionerRole", GP.role_id, active=False)
    assert there.get("Patient/kari").status in {401, 403}


def test_token_sleeps_while_its_user_is_not_active(browser: Browser) -> None:
    client, _ = app()
    dance = Dance(client, browser)
    there = api(dance.exchange(dance.code("kari")).json()["access_token"])
    assert there.get("Patient/kari").status == 200
    put("Practitioner", GP.id, active=False)
    assert there.get("Patient/kari").status in {401, 403}
    assert browser.get(reverse("patients")).status_code == 302  # to choose among no roles
    put("Practitioner", GP.id, active=True)
    assert there.get("Patient/kari").status == 200
