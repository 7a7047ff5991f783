"""The bar at the foot of a phone: what is in it by role and record, and that nothing gets lost."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from fellesjournal.access.policy.roles import role_of
from fellesjournal.demo.cast_staff import STAFF, StaffMember
from fellesjournal.surfaces.clinic.navigation import record, workspace
from tests.homecare_at_home import CARER, at_eight, home, visit_address
from tests.signing_in import ASLAUG, put, staff_client

pytestmark = pytest.mark.django_db
__all__ = ["at_eight", "home"]  # fixtures of home care

HELP = "/report/"
"""Where a problem is reported from any page."""
WITH_PAGES = [each for each in STAFF if role_of(each.role) and workspace(each.role, "")]
"""Those whose work is in the clinic's pages; the others begin elsewhere and have no strips."""


def _bar(client: Client, address: str) -> str:
    text = client.get(address).content.decode()
    found = re.search(r'<nav class="phone-bar".*?</nav>', text, re.DOTALL)
    assert found is not None
    return found[0]


def _keys(bar: str) -> list[str]:
    """Where its places lead, without what stands under "More"."""
    return re.findall(r'<li><a href="([^"]+)"', bar.partition("<details")[0])


@pytest.mark.usefixtures("home")
def test_home_care_has_the_day_the_shift_what_to_decide_and_messages_at_hand() -> None:
    bar = _bar(staff_client(CARER), reverse("home-care-day"))
    names = ("home-care-day", "home-care-shift", "home-care-work", "message-queue")
    assert _keys(bar) == [reverse(name) for name in names]
    assert re.search(rf'<a href="{reverse("home-care-day")}" aria-current="page"', bar)


@pytest.mark.usefixtures("home")
def test_from_the_medicines_of_a_patient_the_bar_leads_back_to_her_visit() -> None:
    client, visit = staff_client(CARER), visit_address()
    medicines = reverse("medicines", args=[ASLAUG.id])
    plan = reverse("home-care-plan", args=[ASLAUG.id])
    assert _keys(_bar(client, medicines))[1] == plan  # no visit of hers has been opened
    client.get(visit)
    day, queue = reverse("home-care-day"), reverse("message-queue")
    assert _keys(_bar(client, medicines)) == [day, visit, medicines, queue]
    assert _keys(_bar(client, visit)) == [day, visit, medicines, queue]


@pytest.mark.usefixtures("home")
def test_the_visit_of_one_patient_is_not_in_the_bar_of_another_s_record() -> None:
    client, visit = staff_client(CARER), visit_address()
    client.get(visit)
    put("Patient", "other", name=[{"family": "Annen", "given": ["Ola"]}])
    answer = client.get(reverse("home-care-plan", args=["other"]))
    assert visit not in answer.content.decode()


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("member", WITH_PAGES, ids=lambda each: each.role)
def test_every_page_of_the_strips_is_in_the_bar_or_under_more_once(member: StaffMember) -> None:
    client, role = staff_client(member), member.role
    strips = [link.href for link in workspace(role, "")]
    bar = _bar(client, strips[0])
    led = [each for each in re.findall(r'<a href="([^"]+)"', bar) if each != HELP]
    assert sorted(led) == sorted(strips)
    assert 1 <= len(_keys(bar)) <= 4


@pytest.mark.usefixtures("home")
def test_in_a_record_every_part_of_it_is_in_the_bar_or_under_more() -> None:
    client = staff_client(CARER)
    bar = _bar(client, reverse("home-care-plan", args=[ASLAUG.id]))
    wanted = {link.href for link in (*record("carer", ASLAUG.id, ""), *workspace("carer", ""))}
    assert set(re.findall(r'<a href="([^"]+)"', bar)) == wanted | {HELP}
