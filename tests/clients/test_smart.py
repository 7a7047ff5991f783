"""Apps and services from outside come in by SMART App Launch, over HTTP, and get what they may."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from fhirclient import client as fhirclient
from fhirclient.models import observation as fhir_observation
from fhirclient.models import patient as fhir_patient
from fhirpy import SyncFHIRClient
from joserfc.jwk import ECKey

from fellesjournal.access.sessions import staff_session
from fellesjournal.access.smart import clients, launches
from fellesjournal.config.wsgi import application
from tests.clients.conftest import Handler, Server
from tests.clients.platform import Person, example, register, served
from tests.signing_in import GP, put, staff_client
from tests.surfaces.fhir_api.conftest import db  # noqa: F401  # the same database fixture

VITAL = {
    "system": "http://terminology.hl7.org/CodeSystem/observation-category",
    "code": "vital-signs",
}


@pytest.fixture(scope="module")
def person(db: None) -> Iterator[Person]:  # noqa: F811 - the fixture imported above
    """A GP at her browser, with Nora and Emil on her list, and the platform that she uses."""
    del db
    browser = staff_client(GP)
    for name in ("nora", "emil"):
        put(
            "Patient", name, name=[{"given": [name.title()], "family": "Vekst"}],
            birthDate="2020-02-01", generalPractitioner=[{"reference": f"Practitioner/{GP.id}"}],
        )  # fmt: skip
        for number, (day, height) in enumerate([("2021-02-01", 75.5), ("2022-02-01", 87.0)]):
            put(
                "Observation", f"{name}-{number}", status="final",
                subject={"reference": f"Patient/{name}"}, category=[{"coding": [VITAL]}],
                code={"coding": [{"system": "http://loinc.org", "code": "8302-2"}]},
                effectiveDateTime=day, valueQuantity={"value": height, "unit": "cm"},
            )  # fmt: skip
    with served(application) as root:
        yield Person(browser, root)


# --- fhirclient ----------------------------------------------------------------------------------


def test_fhirclient_is_launched_by_itself_and_reads_as_the_user(person: Person) -> None:
    app = register(
        redirects=("https://app.test/back",),
        scope="openid fhirUser launch/patient offline_access patient/*.rs",
    )
    smart = fhirclient.FHIRClient(
        settings={
            "app_id": app.client_id,
            "api_base": f"{person.root}/fhir",
            "redirect_uri": "https://app.test/back",
            "scope": "openid fhirUser launch/patient offline_access patient/*.read",
        }
    )
    assert smart.prepare() is False
    back = person.decide(smart.authorize_url, patient="nora")
    smart.handle_callback(back)

    assert smart.ready
    assert smart.patient_id == "nora"
    assert smart.patient.birthDate.isostring == "2020-02-01"
    found = fhir_observation.Observation.where({}).perform_resources(smart.server)
    assert sorted(each.id for each in found) == ["nora-0", "nora-1"]
    before = smart.server.auth.access_token
    assert smart.reauthorize()
    assert smart.server.auth.access_token != before
    assert fhir_patient.Patient.read("nora", smart.server).name[0].given == ["Nora"]


# --- our own app ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def growth_chart(person: Person) -> Iterator[tuple[str, clients.Client]]:
    """The sample app, on a port of its own, registered."""
    module = example("growth-chart-app/app.py")
    server = Server(("127.0.0.1", 0), Handler)
    address = f"http://127.0.0.1:{server.server_port}"
    app = register(
        name="Growth chart",
        redirects=(f"{address}/back",),
        launch_uri=f"{address}/launch",
        scope=module.SCOPE,
    )
    made = module.GrowthChart(fhir=f"{person.root}/fhir", client_id=app.client_id, address=address)
    with served(made, server):
        yield address, app


def test_sample_app_opened_by_itself_shows_the_curves_of_the_chosen_child(
    person: Person, growth_chart: tuple[str, clients.Client]
) -> None:
    address, _ = growth_chart
    with httpx.Client() as browser:
        asked = browser.get(f"{address}/")
        page = browser.get(person.decide(asked.headers["Location"], patient="nora"))
        assert page.status_code == 303, page.text
        page = browser.get(page.headers["Location"])
    assert "Nora Vekst" in page.text
    assert "75.5 cm" in page.text
    assert "87 cm" in page.text
    assert "Emil" not in page.text


def test_sample_app_launched_from_the_chart_knows_the_child(
    person: Person, growth_chart: tuple[str, clients.Client]
) -> None:
    _, app = growth_chart
    session = staff_session(
        practitioner=f"Practitioner/{GP.id}",
        role_id=GP.role_id,
        role=GP.role,
        unit=f"Organization/{GP.unit_id}",
    )
    handle = launches.create_launch(session, app, "emil")
    with httpx.Client() as browser:
        asked = browser.get(launches.launch_address(app, handle, f"{person.root}/fhir"))
        page = browser.get(person.decide(asked.headers["Location"]), follow_redirects=True)
    assert "75.5 cm" in page.text
    assert "Emil Vekst" not in page.text, "the chart around it shows who it is"


def test_sample_app_takes_no_answer_to_a_question_it_did_not_ask(
    person: Person, growth_chart: tuple[str, clients.Client]
) -> None:
    address, _ = growth_chart
    with httpx.Client() as browser, httpx.Client() as other:
        asked = browser.get(f"{address}/")
        back = person.decide(asked.headers["Location"], patient="nora")
        assert other.get(back).status_code == 400
        assert browser.get(f"{address}/back?code=x&state=y").status_code == 400
        assert browser.get(f"{address}/launch?iss=https://evil.test/fhir").status_code == 400


# --- a backend service ---------------------------------------------------------------------------


def test_backend_service_counts_what_its_purpose_opens(person: Person, tmp_path: Path) -> None:
    module = example("backend-service/service.py")
    file = tmp_path / "key.json"
    public = module.make_keys(file)
    app = register(
        method=clients.KEY,
        grants=(clients.SERVICE_GRANT,),
        redirects=(),
        jwks=public,
        scope=module.SCOPE,
        purpose="HQUALIMP",
        purpose_text="Growth of children in the region",
    )
    key = ECKey.import_key(json.loads(file.read_text()))
    assert module.count(app.client_id, key, f"{person.root}/fhir") == 4

    token = module.token_for(app.client_id, key, f"{person.root}/fhir")
    fhir = SyncFHIRClient(f"{person.root}/fhir", authorization=f"Bearer {token}")
    found = fhir.resources("Observation").search(subject="Patient/nora").fetch_all()
    assert sorted(each["id"] for each in found) == ["nora-0", "nora-1"]
    with pytest.raises(Exception, match=r"scope|forbidden"):
        fhir.resources("Patient").fetch()
    clients.disable(app.client_id)
    with pytest.raises(httpx.HTTPStatusError):
        module.token_for(app.client_id, key, f"{person.root}/fhir")


# --- fhirpy with a person's token ----------------------------------------------------------------


def test_fhirpy_works_with_a_token_of_a_launch(person: Person) -> None:
    app = register(redirects=("https://app.test/back",), scope="launch/patient patient/*.rs")
    module = example("growth-chart-app/app.py")
    made = module.GrowthChart(
        fhir=f"{person.root}/fhir", client_id=app.client_id, address="https://app.test"
    )
    started: list[tuple[str, list[tuple[str, str]]]] = []
    made({"PATH_INFO": "/"}, lambda status, headers: started.append((status, headers)))
    headers = dict(started[0][1])
    back = person.decide(headers["Location"], patient="nora")
    name = headers["Set-Cookie"].split(";")[0]
    made(
        {"PATH_INFO": "/back", "QUERY_STRING": urlsplit(back).query, "HTTP_COOKIE": name},
        lambda status, headers: started.append((status, headers)),
    )
    assert dict(parse_qsl(urlsplit(back).query))["iss"] == person.root
    token = made.visits[name.partition("=")[2]].token["access_token"]
    fhir = SyncFHIRClient(f"{person.root}/fhir", authorization=f"Bearer {token}")
    found = fhir.resources("Observation").search(code="8302-2").fetch_all()
    assert sorted(each["id"] for each in found) == ["nora-0", "nora-1"]
    assert fhir.reference("Patient", "nora").to_resource()["birthDate"] == "2020-02-01"
