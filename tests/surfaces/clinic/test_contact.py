"""The page that says whom to call: the patient, those close to her, and her list GP."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from fellesjournal.care.citizens.gp import ListGp, list_gp
from tests.signing_in import ASLAUG, GP, put, register, staff_client
from tests.staff import SYSTEM

pytestmark = pytest.mark.django_db


def _page(client: Client) -> str:
    client.cookies["language"] = "en"
    answer = client.get(reverse("contact", args=[ASLAUG.id]))
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def _gp_panel(page: str) -> str:
    return page.split('id="gp"')[1].split("</section>", maxsplit=1)[0]


def test_the_list_gp_stands_with_the_telephone_of_the_office() -> None:
    register(ASLAUG, generalPractitioner=[{"reference": f"Practitioner/{GP.id}"}])
    client = staff_client(GP)
    old = {"system": "phone", "value": "73000001", "use": "old"}
    put(
        "Organization", GP.unit_id, name="Sentrum legekontor",
        telecom=[old, {"system": "phone", "value": "73821000"}],
    )  # fmt: skip
    said = _gp_panel(_page(client))
    assert GP.name in said
    assert "Sentrum legekontor" in said
    assert '<a class="ds-link" href="tel:73821000">73 82 10 00</a>' in said
    assert "73 00 00 01" not in said


def test_an_office_without_a_telephone_and_a_patient_without_a_gp_are_said_so() -> None:
    register(ASLAUG, generalPractitioner=[{"reference": f"Practitioner/{GP.id}"}])
    client = staff_client(GP)
    put("Organization", GP.unit_id, name="Sentrum legekontor")
    assert "no telephone registered" in _gp_panel(_page(client))


def test_who_is_on_nobodys_list_has_no_gp_and_no_office() -> None:
    register(ASLAUG, generalPractitioner=[{"reference": "Organization/never"}])
    assert list_gp(SYSTEM, f"Patient/{ASLAUG.id}", ["Organization/never"]) == ListGp((), ())
