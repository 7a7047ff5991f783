"""What changed in the medicines, as a visit tells it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from fellesjournal.care.medication.actions import change_medicine, prescribe
from fellesjournal.care.medication.queries import list_of
from fellesjournal.foundation import clock
from fellesjournal.surfaces.clinic.medicine_news import LATELY
from tests.care.medication.medicines import PARACETAMOL, order
from tests.homecare_at_home import (
    ADDRESS,
    CARER,
    PATIENT,
    at_eight,
    home,
    page_of,
    visit_address,
)
from tests.signing_in import ASLAUG, let_in, register, staff_client
from tests.staff import SYSTEM, employ

__all__ = ["at_eight", "home"]  # fixtures

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("home")
def test_a_visit_tells_what_was_changed_in_the_medicines_today_and_by_whom() -> None:
    doctor = employ("gp")
    register(ASLAUG, address=[ADDRESS], generalPractitioner=[{"reference": "Practitioner/gp"}])
    client, address = staff_client(CARER), visit_address()

    def told() -> str:
        found = re.search(r'id="medicine-news".*?</div>', page_of(client, address), re.DOTALL)
        return found[0] if found else ""

    with clock.at(clock.now() - timedelta(days=1)):
        prescribe(doctor, patient=PATIENT, order=order(), seen=0, by_name="Fastlege")
        prescribe(doctor, patient=PATIENT, order=order(PARACETAMOL, "1x3"), seen=1, by_name="F")
    assert told() == ""
    line = next(e for e in list_of(SYSTEM, ASLAUG.id).medicines if e.name.startswith("Amlo"))
    change_medicine(
        doctor, patient=PATIENT, medicine=line.reference, medicine_seen=line.version, why="Trykk",
        order=order(text="1+0+1"), seen=list_of(SYSTEM, ASLAUG.id).number, by_name="Fastlege",
    )  # fmt: skip
    assert "Amlodipin" in told()
    assert "Fastlege" in told()
    assert "Paracet" not in told()
    listed = page_of(client, reverse("medicines", args=[ASLAUG.id]))
    heads = re.findall(r'<h2 class="medicine__name".*?</h2>', listed, re.DOTALL)
    assert ["Amlodipin" in head for head in heads if 'data-color="info"' in head] == [True]


def _plain(text: str) -> str:
    """What is read of a piece of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", text)).strip()


@pytest.mark.usefixtures("home")
def test_inv_17_a_changed_strength_is_told_as_such_with_the_reason_wherever_changes_are() -> None:
    doctor = employ("gp")
    register(ASLAUG, address=[ADDRESS], generalPractitioner=[{"reference": "Practitioner/gp"}])
    client, medicines = staff_client(CARER), reverse("medicines", args=[ASLAUG.id])
    with clock.at(clock.now() - timedelta(days=1)):
        prescribe(doctor, patient=PATIENT, order=order("fj-4"), seen=0, by_name="Fastlege")
        first = page_of(client, medicines)
    assert re.search(r'id="no-changes">[^<]*\d{4}\.', first)
    assert 'id="lately-title"' not in first
    (line,) = (e for e in list_of(SYSTEM, ASLAUG.id).medicines if e.item == "fj-4")
    change_medicine(
        doctor, patient=PATIENT, medicine=line.reference, medicine_seen=line.version,
        why="Høyt trykk", order=order("fj-5"), seen=1, by_name="Fastlege",
    )  # fmt: skip
    visit = re.search(r'id="medicine-news".*?</ul>', page_of(client, visit_address()), re.DOTALL)
    listed = page_of(client, medicines)
    lately = re.search(r'id="lately-title".*?</ol>', listed, re.DOTALL)
    let_in(herself := Client(), ASLAUG.id, "citizen")
    herself.post(reverse("portal-terms"), {"accept": "1"})
    portal = herself.get(reverse("portal-medicines")).content.decode()
    own = re.search(r'id="changed".*?</ul>', portal, re.DOTALL)
    news = (
        page_of(client, visit_address()).partition('id="medicine-news"')[2].partition("</div>")[0]
    )
    assert re.search("dosett|pill organiser", news)
    for shown in (visit, lately, own):
        assert shown is not None
        assert "Kandesartan: 8 mg → 16 mg, 1 tablett morgen" in _plain(shown[0])
        assert re.findall(r"<del>(.*?)</del>", shown[0]) == ["8 mg"]
        assert "Høyt trykk" in shown[0]
    assert listed.index('id="lately-title"') < listed.index('data-fingerprint="')
    assert 'id="no-changes"' not in listed
    with clock.at(clock.now() + LATELY + timedelta(days=1)):
        later = page_of(staff_client(CARER), medicines)
    assert 'id="lately-title"' not in later
    assert "8 mg</del>" in later
