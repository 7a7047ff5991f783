"""An action by which something is measured: it is done when the value is written down."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from fellesjournal.access.acts import act
from fellesjournal.access.resolving import Operation
from fellesjournal.care.homecare.making import make_days
from fellesjournal.care.homecare.plans import measured_by
from fellesjournal.fhir.vital_signs import observations
from fellesjournal.foundation import clock
from tests.homecare_at_home import (
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
from tests.signing_in import ASLAUG, put, staff_client
from tests.staff import SYSTEM

__all__ = ["at_eight", "home"]  # fixtures

pytestmark = pytest.mark.django_db

WEIGHT, PRESSURE = "29463-7", "85354-9"


def plan_to_measure(code: str) -> None:
    """An action of the same window that measures, written in the plan by a nurse."""
    client, address = staff_client(NURSE), reverse("home-care-plan", args=[ASLAUG.id])
    fields = form_of(page_of(client, address), 'value="save"')
    said = fields | NEW_ACTION | {"text": "Måle", "measures": code, "do": "save"}
    assert client.post(address, said).status_code == 302
    make_days(SYSTEM, PATIENT)


def measured(number: str, minutes_ago: int, *, status: str = "final", **values: int) -> None:
    numbers: dict[str, Any] = {**values}  # whole numbers, which JSON has
    (body,) = observations(
        numbers, patient=PATIENT, at=clock.now() - timedelta(minutes=minutes_ago),
        performer=PATIENT,
    )  # fmt: skip
    rest = {name: value for name, value in body.items() if name not in {"resourceType", "id"}}
    put("Observation", number, **rest | {"status": status})


def row_of(page: str) -> str:
    """The row of the visit that says what is to be measured."""
    rows: list[str] = re.findall(r'<li class="todo__item".*?</li>', page, re.DOTALL)
    return next(row for row in rows if "Måle" in row)


@pytest.mark.usefixtures("home")
def test_the_plan_says_what_is_measured_and_keeps_it_when_the_action_is_changed() -> None:
    plan_to_measure(WEIGHT)
    client, address = staff_client(NURSE), reverse("home-care-plan", args=[ASLAUG.id])
    page = page_of(client, address)
    assert re.search(r"Måle\s*<span[^>]*>(måles|is measured): (vekt|Vekt|Weight)</span>", page)
    change = re.search(r'href="(\?change=[^"#]+)#action-title">[^<]*<span[^>]*>: Måle<', page)
    assert change is not None
    form = page_of(client, f"{address}{change[1]}")
    assert re.search(rf'<option value="{WEIGHT}" selected>', form)


@pytest.mark.usefixtures("home")
def test_done_waits_for_the_value_and_not_done_does_not() -> None:
    plan_to_measure(WEIGHT)
    client, address = staff_client(CARER), visit_address()
    measured("before", 60, weight=80)
    page = page_of(client, address)
    row = row_of(page)
    assert reverse("note-down", args=[ASLAUG.id]) in row
    assert 'value="done"' not in row  # nothing to press that the record would not bear out
    fields = form_of(row, 'value="not-done"')
    answer = client.post(address, fields | {"do": "done"})
    assert answer.status_code == 409
    assert re.search("er ikke skrevet|is not written down", answer.content.decode())
    assert state_of("Måle") == "open"
    client.post(address, fields | {"words": "Ville ikke veies"})
    assert state_of("Måle") == "not-done"


@pytest.mark.usefixtures("home")
def test_a_value_of_this_visit_stands_in_the_row_and_it_can_be_done() -> None:
    plan_to_measure(WEIGHT)
    client, address = staff_client(CARER), visit_address()
    measured("before", 60 * 24, weight=80)
    measured("now", 0, weight=83)
    row = row_of(page_of(client, address))
    assert re.search(r"(Vekt|Weight) 83 kg</strong>, \+3", row)
    client.post(address, form_of(row, 'value="done"'))
    assert state_of("Måle") == "done"
    assert "83 kg" in row_of(page_of(client, address))


@pytest.mark.usefixtures("home")
def test_who_weighs_before_she_presses_start_has_weighed() -> None:
    plan_to_measure(WEIGHT)
    client, address = staff_client(CARER), visit_address()
    measured("early", 0, weight=83)
    with clock.at(clock.now() + timedelta(minutes=5)):
        client.post(address, form_of(page_of(client, address), 'value="start"'))
        client.post(address, form_of(row_of(page_of(client, address)), 'value="done"'))
    assert state_of("Måle") == "done"


@pytest.mark.usefixtures("home")
def test_an_action_of_a_plan_that_is_gone_can_be_done() -> None:
    client, address = staff_client(CARER), visit_address()
    fields = form_of(page_of(client, address), 'value="given"')
    client.post(address, fields)
    fields = form_of(page_of(client, address), 'value="done"')
    act(SYSTEM.again(), [Operation("delete", "CarePlan", "plan")])
    client.post(address, fields | {"do": "done"})
    assert {state_of(each) for each in ("Stell", "Medisiner")} == {"open", "done"}


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("status", ["entered-in-error", "cancelled"])
def test_a_value_taken_back_is_none(status: str) -> None:
    plan_to_measure(WEIGHT)
    client, address = staff_client(CARER), visit_address()
    measured("now", 0, status=status, weight=83)
    fields = form_of(row_of(page_of(client, address)), 'value="not-done"')
    assert client.post(address, fields | {"do": "done"}).status_code == 409
    assert state_of("Måle") == "open"


@pytest.mark.usefixtures("home")
def test_a_blood_pressure_is_one_thing_and_another_value_does_not_stand_for_it() -> None:
    plan_to_measure(PRESSURE)
    client, address = staff_client(CARER), visit_address()
    measured("weight", 0, weight=83)
    fields = form_of(row_of(page_of(client, address)), 'value="not-done"')
    assert client.post(address, fields | {"do": "done"}).status_code == 409
    measured("pressure", 0, systolic=148, diastolic=82)
    row = row_of(page_of(client, address))
    assert "148/82 mmHg" in row
    client.post(address, form_of(row, 'value="done"'))
    assert state_of("Måle") == "done"


@pytest.mark.parametrize("system", ["http://snomed.info/sct", ""])
def test_a_code_of_another_system_measures_nothing(system: str) -> None:
    coding = [{"system": system, "code": WEIGHT}]
    assert measured_by({"detail": {"code": {"coding": coding}}}) == ""
