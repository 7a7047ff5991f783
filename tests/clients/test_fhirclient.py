"""SMART's ``fhirclient`` (https://pypi.org/project/fhirclient/) does its work against the API."""

from __future__ import annotations

import pytest
from fhirclient import client
from fhirclient.models import bundle, fhirdate, humanname, observation, patient
from fhirclient.server import FHIRNotFoundException

from tests.clients.conftest import Live


@pytest.fixture
def smart(live: Live) -> client.FHIRClient:
    """A client with a token."""
    made = client.FHIRClient(settings={"app_id": "test", "api_base": live.base})
    assert not made.prepare()  # it finds out that a token is needed
    made.server.auth.access_token = live.token
    assert made.ready
    return made


def test_it_reads_the_capabilities(smart: client.FHIRClient) -> None:
    statement = smart.server.capabilityStatement
    assert statement.fhirVersion == "4.0.1"
    assert statement.rest[0].resource[0].searchParam


def test_it_creates_reads_updates_and_deletes(smart: client.FHIRClient) -> None:
    one = patient.Patient({"gender": "female"})
    one.name = [humanname.HumanName({"family": "Klient", "given": ["Fie"]})]
    one.birthDate = fhirdate.FHIRDate("1980-02-29")
    identity = one.create(smart.server)["id"]

    read = patient.Patient.read(identity, smart.server)
    assert read.name[0].family == "Klient"
    assert read.birthDate.isostring == "1980-02-29"
    read.gender = "other"
    read.update(smart.server)
    again = patient.Patient.read(identity, smart.server)
    assert (again.gender, again.meta.versionId) == ("other", "2")
    again.delete(smart.server)
    with pytest.raises(Exception, match="410"):
        patient.Patient.read(identity, smart.server)
    with pytest.raises(FHIRNotFoundException):
        patient.Patient.read("client-nobody", smart.server)


def test_it_searches_and_follows_pages(smart: client.FHIRClient) -> None:
    for number in range(5):
        patient.Patient(
            {"name": [{"family": "Sideklient"}], "birthDate": f"199{number}-01-01"}
        ).create(smart.server)
    search = patient.Patient.where({"family": "Sideklient", "_count": "2"})
    found = list(search.perform_resources_iter(smart.server))
    assert len({each.id for each in found}) == 5
    assert search.perform(smart.server).total is None or search.perform(smart.server).total == 5


def test_it_sends_a_transaction(smart: client.FHIRClient) -> None:
    sent = bundle.Bundle(
        {
            "type": "transaction",
            "entry": [
                {
                    "fullUrl": "urn:uuid:c2a2a2a6-7a2d-4f2a-9a55-6ad2d2f8d5b1",
                    "resource": {"resourceType": "Patient", "gender": "male"},
                    "request": {"method": "POST", "url": "Patient"},
                },
                {
                    "resource": {
                        "resourceType": "Observation",
                        "status": "final",
                        "code": {"text": "weight"},
                        "subject": {"reference": "urn:uuid:c2a2a2a6-7a2d-4f2a-9a55-6ad2d2f8d5b1"},
                        "valueQuantity": {"value": 70.5, "unit": "kg"},
                    },
                    "request": {"method": "POST", "url": "Observation"},
                },
            ],
        }
    )
    answered = bundle.Bundle(smart.server.post_json("", sent.as_json()).json())
    assert [entry.response.status[:3] for entry in answered.entry] == ["201", "201"]
    location = answered.entry[1].response.location
    written = observation.Observation.read(location.split("/")[-3], smart.server)
    assert written.valueQuantity.value == 70.5
    assert written.subject.resolved(patient.Patient).gender == "male"
