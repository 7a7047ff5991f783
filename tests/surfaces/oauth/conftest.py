"""A record with two patients on a GP's list, and her at a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client as Browser

from fellesjournal.access.smart import keys, tokens
from tests.signing_in import GP, put, staff_client
from tests.surfaces.fhir_api.client import observation

ON_LIST = [{"reference": f"Practitioner/{GP.id}"}]
VITAL = {
    "system": "http://terminology.hl7.org/CodeSystem/observation-category",
    "code": "vital-signs",
}
LAB = {**VITAL, "code": "laboratory"}


@pytest.fixture(autouse=True)
def fresh(db: None) -> Iterator[None]:
    """Nothing remembered from other tests."""
    del db
    tokens.forget()
    keys.forget()
    yield
    tokens.forget()
    keys.forget()


@pytest.fixture
def browser() -> Browser:
    """A GP at work, with Kari and Ola on her list: a weight and a laboratory result each."""
    opened = staff_client(GP)
    for name, given in (("kari", "Kari"), ("ola", "Ola")):
        put(
            "Patient",
            name,
            name=[{"given": [given], "family": "Prøve"}],
            generalPractitioner=ON_LIST,
        )
        for kind, category in (("weight", VITAL), ("lab", LAB)):
            members = observation(
                subject={"reference": f"Patient/{name}"}, category=[{"coding": [category]}]
            )
            members.pop("resourceType")
            put("Observation", f"{name}-{kind}", **members)
    return opened
