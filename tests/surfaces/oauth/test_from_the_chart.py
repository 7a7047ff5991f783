"""The list of apps for a patient opens one where the person stands."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.test import Client as Browser

from tests.signing_in import put
from tests.surfaces.oauth.flow import ROOT, Dance, api, app


def test_app_opened_from_the_list_reads_the_patient_of_the_chart(browser: Browser) -> None:
    client, _ = app(name="Vekstkurver", launch_uri="https://app.test/launch")
    app(name="Uten oppstart")
    page = browser.get("/oauth/launch/kari/")
    assert "Vekstkurver" in page.content.decode()
    assert "Uten oppstart" not in page.content.decode()
    assert "form-action 'self' https://app.test" in page["Content-Security-Policy"]

    answer: Any = browser.post("/oauth/launch/kari/", {"app": client.client_id})
    assert answer.status_code == 303
    told = dict(parse_qsl(urlsplit(answer["Location"]).query))
    assert told["iss"] == f"{ROOT}/fhir"
    dance = Dance(client, browser, scope="launch patient/*.rs")
    tokens = dance.exchange(dance.code(launch=told["launch"])).json()
    assert tokens["patient"] == "kari"
    assert api(tokens["access_token"]).get("Patient/kari").status == 200


def test_no_app_is_opened_for_a_patient_who_may_not_be_seen(browser: Browser) -> None:
    put("Patient", "elsewhere", name=[{"family": "Annensteds"}])
    client, _ = app(launch_uri="https://app.test/launch")
    for unseen in ("elsewhere", "nobody"):
        assert browser.get(f"/oauth/launch/{unseen}/").status_code == 404
        answer: Any = browser.post(f"/oauth/launch/{unseen}/", {"app": client.client_id})
        assert answer.status_code == 404
    unknown: Any = browser.post("/oauth/launch/kari/", {"app": "unknown"})
    assert unknown.status_code == 200
