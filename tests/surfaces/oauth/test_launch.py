"""An app is let in: by itself and from the chart, with what was agreed to and no more."""

from __future__ import annotations

from typing import Any

from django.test import Client as Browser

from tests.surfaces.fhir_api.client import Client as Api
from tests.surfaces.oauth.flow import ROOT, Dance, app


def json_of(answer: Any) -> Any:
    return answer.json()


def test_app_started_by_itself_reads_the_chosen_patient_and_no_other(browser: Browser) -> None:
    client, _ = app()
    dance = Dance(client, browser)

    back = dance.returned(dance.agree(dance.begin(), "kari"))
    assert (back["state"], back["iss"]) == (dance.state, ROOT)
    answer = dance.exchange(back["code"])
    told = json_of(answer)

    assert answer.status_code == 200, answer.content
    assert answer["Cache-Control"] == "no-store"
    assert told["token_type"] == "Bearer"
    assert told["scope"] == "launch/patient openid fhirUser patient/*.rs"
    assert told["patient"] == "kari"
    assert 0 < told["expires_in"] <= 900
    assert told["need_patient_banner"] is True
    api = Api(told["access_token"])
    assert api.get("Patient/kari").status == 200
    assert api.get("Observation").ids == ["kari-weight"]
    assert api.get("Patient/ola").status == 404
    assert api.get("Observation/ola-weight").status == 404
