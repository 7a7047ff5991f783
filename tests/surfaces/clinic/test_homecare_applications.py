"""From an application in HelsaMi to a decision."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from fellesjournal.access import jobs
from fellesjournal.care.homecare import codes
from fellesjournal.foundation.outbox import worker
from fellesjournal.registry.units import UNIT_KIND_SYSTEM
from tests.homecare_at_home import (
    ADDRESS,
    CARER,
    NURSE,
    OFFICER,
    UNIT,
    at_eight,
    form_of,
    home,
    page_of,
)
from tests.signing_in import ASLAUG, let_in, put, register, staff_client

__all__ = ["at_eight", "home"]  # fixtures

pytestmark = pytest.mark.django_db


def test_from_application_in_helsami_to_decision_and_status() -> None:
    register(ASLAUG, address=[ADDRESS])
    officer = staff_client(OFFICER)
    put(
        "Organization", OFFICER.unit_id, name=OFFICER.unit_name, active=True,
        type=[{"coding": [{"system": UNIT_KIND_SYSTEM, "code": "allocation-office"}]}],
        partOf={"reference": "Organization/town"}, address=[ADDRESS],
    )  # fmt: skip
    put(
        "Organization", CARER.unit_id, name=CARER.unit_name, active=True,
        type=[{"coding": [{"system": UNIT_KIND_SYSTEM, "code": "home-care"}]}],
        partOf={"reference": "Organization/town"},
    )  # fmt: skip
    citizen = Client()
    let_in(citizen, ASLAUG.id, "citizen")
    citizen.post(reverse("portal-terms"), {"accept": "1"})
    apply_at = reverse("portal-apply")
    fields = form_of(page_of(citizen, apply_at), "subject")
    assert citizen.post(apply_at, fields | {"service": "15"}).status_code == 422
    told = fields | {"service": ["15", "6"], "words": "Trenger hjelp til medisiner"}
    assert citizen.post(apply_at, told).status_code == 302
    assert citizen.post(apply_at, told).status_code == 302  # sent twice is one application
    worker.handle_all(jobs.call)

    text = page_of(officer, reverse("applications"))
    assert text.count(ASLAUG.name) == 1
    case = re.search(r'href="([^"]*/applications/[^"]+)"', text)
    assert case is not None
    page = page_of(officer, case[1])
    assert "Trenger hjelp til medisiner" in page
    scores = {f"function-{code}": "3" for code in codes.FUNCTIONS}
    assess = form_of(page, 'value="assess"')
    assert officer.post(case[1], assess).status_code == 422
    assert officer.post(case[1], assess | scores).status_code == 302
    decision = form_of(page_of(officer, case[1]), 'value="decide"') | {
        "outcome": "granted", "service": "15", "hours": "3,5", "starts": "2026-01-02",
        "unit": UNIT, "reason": "Trenger bistand til medisiner",
    }  # fmt: skip
    assert officer.post(case[1], decision).status_code == 302, page
    assert ASLAUG.name not in page_of(officer, reverse("applications"))

    status = page_of(citizen, reverse("portal-services"))
    for shown in ("Helsetjenester i hjemmet", "3,5", "Trenger bistand til medisiner"):
        assert shown in status
    nurse = staff_client(NURSE)  # the ground follows from the granted service
    assert "Helsetjenester i hjemmet" in page_of(nurse, reverse("home-care-work"))
    assert 'value="save"' in page_of(nurse, reverse("home-care-plan", args=[ASLAUG.id]))
