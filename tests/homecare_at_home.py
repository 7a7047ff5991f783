"""A citizen at home with a service, a plan and a medicine, and what tests of home care's pages ask of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fellesjournal.care.homecare import codes
from fellesjournal.care.homecare.making import make_days
from fellesjournal.care.homecare.plans import Rule, activity
from fellesjournal.care.homecare.reading_days import PLANNED_VISITS, items, visits
from fellesjournal.demo.cast_staff import STAFF
from fellesjournal.foundation import clock
from fellesjournal.foundation.clock import NORWAY
from tests.signing_in import ASLAUG, put, register
from tests.staff import SYSTEM

CARER = next(member for member in STAFF if member.role == "carer")
NURSE = next(member for member in STAFF if member.role == "home-care-nurse")
LEADER = next(member for member in STAFF if member.role == "unit-leader")
OFFICER = next(member for member in STAFF if member.role == "case-officer")
PATIENT = f"Patient/{ASLAUG.id}"
UNIT = f"Organization/{CARER.unit_id}"
FELL = {"words": "Falt på badet", "kind": "fall", "harm": "none"}
EVERY_DAY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NEW_ACTION: dict[str, Any] = {
    "text": "Støttestrømper", "weekdays": list(EVERY_DAY), "begins": "08:00", "ends": "10:00",
    "minutes": "5", "weeks": "1",
}  # fmt: skip
TOWN = {
    "system": (
        "https://register.geonorge.no/subregister/sosi-kodelister/kartverket/kommunenummer-alle"
    ),
    "code": "5001",
}
ADDRESS = {
    "line": ["Granlivegen 12"],
    "city": "Trondheim",
    "_district": {
        "extension": [
            {
                "url": "http://hl7.no/fhir/StructureDefinition/no-basis-municipalitycode",
                "valueCoding": TOWN,
            }
        ]
    },
}


@pytest.fixture(autouse=True)
def at_eight() -> Iterator[None]:
    """A minute past eight in the morning, today: sessions are of today."""
    today = datetime.now(UTC).astimezone(NORWAY)
    with clock.at(today.replace(hour=8, minute=1, second=0, microsecond=0)):
        yield


@pytest.fixture
def home() -> None:
    """A citizen with a service, a plan and a medicine; her visit of today is made."""
    register(ASLAUG, address=[ADDRESS])
    put("Organization", CARER.unit_id, name=CARER.unit_name)
    put(
        "EpisodeOfCare", "service", status="active",
        type=[{"coding": [{"system": codes.SERVICE_TYPE, "code": "15"}], "text": "Hjemmesykepleie"}],
        patient={"reference": PATIENT}, managingOrganization={"reference": UNIT},
    )  # fmt: skip
    rules = (
        Rule(text="Stell", weekdays=EVERY_DAY, begins=_at(8), ends=_at(10), minutes=20),
        Rule(
            text="Medisiner", weekdays=EVERY_DAY, begins=_at(8), ends=_at(10), minutes=5,
            gives_medicines=True,
        ),
    )  # fmt: skip
    put(
        "CarePlan", "plan", status="active", intent="plan",
        category=[{"coding": [{"system": codes.PLAN_TYPE, "code": PLANNED_VISITS}]}],
        subject={"reference": PATIENT},
        activity=[
            activity(f"a{n}", rule, unit=UNIT, since=clock.today())
            for n, rule in enumerate(rules, 1)
        ],
    )  # fmt: skip
    put(
        "MedicationRequest", "dose", status="active", intent="order",
        medicationCodeableConcept={"text": "Metoprolol"}, subject={"reference": PATIENT},
        authoredOn="2026-01-05",
        dosageInstruction=[
            {
                "text": "1 tablett",
                "timing": {
                    "repeat": {"frequency": 1, "period": 1, "periodUnit": "d", "when": ["MORN"]}
                },
                "doseAndRate": [{"doseQuantity": {"value": 1, "unit": "tablett"}}],
            }
        ],
    )  # fmt: skip
    make_days(SYSTEM, PATIENT)


def _at(hour: int) -> Any:
    return datetime(2026, 1, 1, hour, tzinfo=UTC).time()


def visit_address() -> str:
    (found,) = visits(SYSTEM, clock.today(), clock.today(), patient=PATIENT)
    return reverse("home-visit", args=[ASLAUG.id, found.id])


def state_of(text: str) -> str:
    (found,) = visits(SYSTEM, clock.today(), clock.today(), patient=PATIENT)
    return next(i.state for i in items(SYSTEM, [found.id]) if i.text.startswith(text))


def form_of(page: str, button: str) -> dict[str, str]:
    """The hidden fields of the form with this button."""
    form = next(f for f in re.findall(r"<form.*?</form>", page, re.DOTALL) if button in f)
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    do = re.search(r'name="do" value="([^"]+)"', form)
    return {**dict(fields), **({"do": do[1]} if do else {})}


def page_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def stop_the_medicine() -> None:
    put(
        "MedicationRequest", "dose", status="stopped", intent="order",
        medicationCodeableConcept={"text": "Metoprolol"}, subject={"reference": PATIENT},
    )  # fmt: skip
    make_days(SYSTEM, PATIENT)
