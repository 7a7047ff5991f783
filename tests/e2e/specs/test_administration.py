"""Administration in the browser: every page fits, and a role is given and ended."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages.clinic import SignInPage, accessibility_faults
from tests.morning import MORNING
from tests.running import PROJECT

ADMINISTRATOR, OFFICER = "Solfrid Grindhaugen", "Halvard Brattstigen"
HOME_CARE = "/admin/units/unit-5001-home-care/"
PAGES = (
    "/admin/", "/admin/units/", HOME_CARE, f"{HOME_CARE}new/", f"{HOME_CARE}roles/new/",
    "/admin/roles/review/", "/admin/roles/staff-carer-role/end/", "/admin/staff/staff-carer/",
)  # fmt: skip


@pytest.fixture(params=[1280, 360], ids=lambda width: f"{width}px")
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


def test_pages_of_the_administrator_have_no_accessibility_fault_and_fit(
    page: Page, width: int
) -> None:
    SignInPage(page).open().sign_in_as(ADMINISTRATOR)
    for address in PAGES:
        page.goto(address)
        assert accessibility_faults(page, str(PROJECT)) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_the_data_protection_officer_sees_who_can_see_a_citizen(page: Page, width: int) -> None:
    SignInPage(page).open().choose("Helsepersonell", OFFICER)
    page.get_by_role("link", name="Administrasjon").click()
    page.get_by_role("link", name="Hvem kan se en innbygger").click()
    page.get_by_label("Fødselsnummeret til innbyggeren").fill("123")
    page.get_by_role("button", name="Vis").click()
    expect(page.locator("ds-error-summary")).to_be_visible()
    assert accessibility_faults(page, str(PROJECT)) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_role_is_given_and_ended(page: Page) -> None:
    SignInPage(page).open().sign_in_as(ADMINISTRATOR)
    page.get_by_role("link", name="Administrasjon").click()
    page.get_by_role("link", name="Enheter og roller").click()
    page.get_by_role("link", name="Trondheim hjemmetjeneste").click()
    page.get_by_role("link", name="Gi en rolle her").click()
    page.get_by_label("HPR-nummer").fill("500000010")
    page.get_by_label("Rolle").select_option("physiotherapist")
    page.get_by_label("Til og med").fill(
        (datetime.now(MORNING).date() + timedelta(days=20)).isoformat()
    )
    page.get_by_role("button", name="Gi rollen").click()
    expect(page.locator("ds-error-summary")).to_contain_text("autorisasjon")
    page.get_by_label("Rolle").select_option("nurse")
    page.get_by_role("button", name="Gi rollen").click()

    expect(page.get_by_text("Rollen er gitt.")).to_be_visible()
    # at an earlier width she was given one already, and it is over
    rows = page.get_by_role("row").filter(has_text="Eldbjørg Fagerslett")
    row = rows.filter(has_text="gjelder")
    expect(row).to_have_count(1)
    row.get_by_role("link", name="Avslutt").click()
    page.get_by_role("button", name="Avslutt rollen").click()
    expect(rows.filter(has_text="over").first).to_be_visible()
    expect(row).to_have_count(0)
