"""A record with two patients, a clinician at a browser, and an API that takes tokens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client as Browser

from fellesjournal.access.smart import keys, tokens
from fellesjournal.access.tokens import issue_token
from tests.surfaces.fhir_api.client import Client as Api
from tests.surfaces.fhir_api.client import observation, patient
from tests.surfaces.oauth.flow import HOST, new_browser

CLINICIAN = "staff-gp-trondheim"


@pytest.fixture(autouse=True)
def record(db: None, settings: object) -> Iterator[None]:
    """Kari and Ola with one observation each; nothing remembered from other tests."""
    del db
    settings.ALLOWED_HOSTS = [HOST]  # type: ignore[attr-defined]
    tokens.forget()
    keys.forget()
    system = Api(issue_token())
    for name, given in (("kari", "Kari"), ("ola", "Ola")):
        answer = system.put(
            f"Patient/{name}", patient(id=name, name=[{"given": [given], "family": "Prøve"}])
        )
        assert answer.status == 201, answer.body
        answer = system.put(
            f"Observation/{name}-weight",
            observation(id=f"{name}-weight", subject={"reference": f"Patient/{name}"}),
        )
        assert answer.status == 201, answer.body
    yield
    tokens.forget()
    keys.forget()


@pytest.fixture
def browser() -> Browser:
    """The browser of a clinician at work."""
    opened = new_browser()
    answer = opened.post("/sign-in/", {"staff": CLINICIAN})
    assert answer.status_code == 302
    return opened
