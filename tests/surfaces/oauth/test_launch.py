"""An app is let in: by itself and from the chart, with what was agreed to and no more."""

from __future__ import annotations

from django.test import Client as Browser

from tests.surfaces.oauth.flow import ROOT, Dance, api, app


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
