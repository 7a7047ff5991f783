"""``fhirpy`` (https://pypi.org/project/fhirpy/) does its work against the API."""

from __future__ import annotations

import pytest
from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import MultipleResourcesFound, OperationOutcome, ResourceNotFound

from tests.clients.conftest import Live


@pytest.fixture
def fhir(live: Live) -> SyncFHIRClient:
    """A client with a token."""
    return SyncFHIRClient(live.base, authorization=f"Bearer {live.token}")


def test_it_saves_refreshes_patches_and_deletes(fhir: SyncFHIRClient) -> None:
    one = fhir.resource("Patient", name=[{"family": "Pytt", "given": ["A"]}], gender="female")
    one.save()
    assert one.id
    one["gender"] = "male"
    one.save()
    assert one["meta"]["versionId"] == "2"
    one.patch(birthDate="1999-09-09")
    one.refresh()
    assert (one["meta"]["versionId"], one["gender"], one["birthDate"]) == (
        "3",
        "male",
        "1999-09-09",
    )
    assert fhir.reference("Patient", one.id).to_resource()["gender"] == "male"
    one.delete()  # type: ignore[no-untyped-call]  # fhirpy has no types here
    with pytest.raises((ResourceNotFound, OperationOutcome)):
        fhir.reference("Patient", one.id).to_resource()
    with pytest.raises(OperationOutcome):
        fhir.resource("Patient", gender="neither").save()


def test_it_searches_sorts_counts_and_fetches_all_pages(fhir: SyncFHIRClient) -> None:
    for number in range(7):
        fhir.resource("Patient", name=[{"family": "Mange"}], birthDate=f"198{number}-01-01").save()
    found = fhir.resources("Patient").search(family="Mange").sort("-birthdate").limit(3).fetch_all()
    assert [each["birthDate"][:4] for each in found] == [f"198{n}" for n in reversed(range(7))]
    assert fhir.resources("Patient").search(family="Mange").count() == 7
    assert len(fhir.resources("Patient").search(birthdate__ge="1985", family="Mange").fetch()) == 2
    assert fhir.resources("Patient").search(family="Ingen").first() is None
    with pytest.raises(MultipleResourcesFound):
        fhir.resources("Patient").search(family="Mange").get()


def test_it_gets_or_creates_by_condition(fhir: SyncFHIRClient) -> None:
    wanted = fhir.resource("Patient", identifier=[{"system": "urn:py", "value": "1"}])
    first, created = fhir.resources("Patient").search(identifier="urn:py|1").get_or_create(wanted)
    again, created_again = (
        fhir.resources("Patient").search(identifier="urn:py|1").get_or_create(wanted)
    )
    assert (bool(created), bool(created_again)) == (True, False)
    assert first.id == again.id


def test_it_includes_and_reverse_includes(fhir: SyncFHIRClient) -> None:
    one = fhir.resource("Patient", name=[{"family": "Med"}])
    one.save()
    fhir.resource(
        "Observation", status="final", code={"text": "x"}, subject=one.to_reference()
    ).save()
    found = (
        fhir.resources("Patient")
        .search(family="Med")
        .revinclude("Observation", "subject")
        .fetch_raw()
    )
    assert sorted(entry["resource"]["resourceType"] for entry in found["entry"]) == [
        "Observation",
        "Patient",
    ]


def test_it_validates_and_executes_operations(fhir: SyncFHIRClient) -> None:
    assert fhir.resource("Patient", gender="female").is_valid()
    assert not fhir.resource("Patient", gender="neither").is_valid()
    one = fhir.resource("Patient")
    one.save()
    whole = one.execute("$everything", method="get")
    assert whole["type"] == "searchset"
