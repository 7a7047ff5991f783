"""The plan of visits and how to get in."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from fellesjournal.access import acts, jobs
from fellesjournal.access.sessions import Session
from fellesjournal.care.chart.queries import chart_of
from fellesjournal.care.homecare.reading_days import everything
from fellesjournal.foundation.outbox import worker
from tests.homecare_at_home import (
    ADDRESS,
    CARER,
    NEW_ACTION,
    NURSE,
    PATIENT,
    at_eight,
    form_of,
    home,
    page_of,
    state_of,
    visit_address,
)
from tests.signing_in import ASLAUG, register, staff_client
from tests.staff import SYSTEM, employ

__all__ = ["at_eight", "home"]  # fixtures

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("home")
def test_the_nurse_changes_the_plan_and_the_visits_follow() -> None:
    client, address = staff_client(NURSE), reverse("home-care-plan", args=[ASLAUG.id])
    fields = form_of(page_of(client, address), 'value="save"') | NEW_ACTION
    answer = client.post(address, fields)
    assert answer.status_code == 302, answer.content.decode()
    worker.handle_all(jobs.call)
    assert state_of("Støttestrømper") == "open"
    stale = client.post(address, fields)
    assert stale.status_code == 409
    assert "Støttestrømper" in stale.content.decode()


@pytest.mark.usefixtures("home")
def test_how_to_get_in_stands_beside_the_address_of_the_visit_and_is_written_in_the_plan() -> None:
    client, nurse = staff_client(CARER), staff_client(NURSE)
    client.cookies["language"] = nurse.cookies["language"] = "en"
    plan = reverse("home-care-plan", args=[ASLAUG.id])
    assert "Key: not registered" in page_of(client, visit_address())
    first = form_of(page_of(nurse, plan), 'value="way-in"')
    words = "Nøkkelboks til høyre for <døra>, kode hos vakta"
    assert nurse.post(plan, first | {"words": words}).status_code == 302
    shown = "Nøkkelboks til høyre for &lt;døra&gt;, kode hos vakta"
    told = re.search(r'id="way-in">(.*?)</p>', page_of(client, visit_address()), re.DOTALL)
    assert told is not None
    assert shown in told[1]
    assert shown in page_of(client, plan)
    late = nurse.post(plan, first | {"words": "Under matta"})  # from a page of before
    assert late.status_code == 409
    assert "Under matta</textarea>" in late.content.decode()
    form = form_of(page_of(nurse, plan), 'value="way-in"')
    assert client.post(plan, form | {"words": "Under matta"}).status_code == 404
    assert nurse.post(plan, form | {"words": "x" * 501}).status_code == 422
    assert shown in page_of(client, visit_address())
    assert nurse.post(plan, form | {"words": " "}).status_code == 302
    assert "Key: not registered" in page_of(client, visit_address())


def _plans_read_by(session: Session) -> str:
    return str(list(map(acts.content, everything(session, "CarePlan", [("patient", PATIENT)]))))


@pytest.mark.usefixtures("home")
def test_inv_40_how_to_get_in_to_a_protected_address_leaves_by_no_way() -> None:
    client, nurse = staff_client(CARER), staff_client(NURSE)
    plan = reverse("home-care-plan", args=[ASLAUG.id])
    form = form_of(page_of(nurse, plan), 'value="way-in"')
    nurse.post(plan, form | {"words": "Nøkkel i skuret bak nr. 12"})
    doctor = employ("gp")
    doctors = [{"reference": "Practitioner/gp"}]
    register(ASLAUG, address=[ADDRESS], generalPractitioner=doctors)
    for reader in (doctor, SYSTEM):  # those who see plans see it while nothing is protected
        assert "skuret" in _plans_read_by(reader)
    assert [len(each.activities) for each in chart_of(SYSTEM, ASLAUG.id).care_plans] == [2]
    label = {"system": "http://ehelse.no/fhir/CodeSystem/gd-address-confidentiality",
             "code": "fortrolig"}  # fmt: skip
    register(ASLAUG, address=[ADDRESS], generalPractitioner=doctors, meta={"security": [label]})
    assert "skuret" not in _plans_read_by(doctor)
    for browser in (client, nurse):
        for address in (visit_address(), plan):
            text = page_of(browser, address)
            assert "skuret" not in text
            assert 'id="way-in' not in text
    again = form | {"words": "Et annet sted", "way": "", "version": "0"}
    assert nurse.post(plan, again).status_code == 404
    # and the plan itself can be changed yet
    action = form_of(page_of(nurse, plan), 'value="save"') | NEW_ACTION
    assert nurse.post(plan, action).status_code == 302


@pytest.mark.usefixtures("home")
def test_a_carer_sees_the_plan_and_can_not_change_it() -> None:
    client, address = staff_client(CARER), reverse("home-care-plan", args=[ASLAUG.id])
    text = page_of(client, address)
    assert "Stell" in text
    assert 'value="save"' not in text
