"""Administration in the browser: who can see a citizen, and a role given and ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from playwright.sync_api import Page, expect

from tests.e2e.looking import is_right
from tests.e2e.pages.clinic import arrive, work_as
from tests.morning import MORNING

ADMINISTRATOR, OFFICER = "Solfrid Grindhaugen", "Halvard Brattstigen"


def test_the_data_protection_officer_sees_who_can_see_a_citizen(page: Page) -> None:
    arrive(page, "staff", OFFICER)
    page.get_by_role("link", name="Administrasjon").click()
    page.get_by_role("link", name="Hvem kan se en innbygger").click()
    page.get_by_label("Fødselsnummeret til innbyggeren").fill("123")
    page.get_by_role("button", name="Vis").click()
    expect(page.locator("ds-error-summary")).to_be_visible()
    is_right(page)


def test_a_role_is_given_and_ended(page: Page) -> None:
    work_as(page, ADMINISTRATOR)
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
    rows = page.get_by_role("row").filter(has_text="Eldbjørg Fagerslett")
    row = rows.filter(has_text="gjelder")
    expect(row).to_have_count(1)
    row.get_by_role("link", name="Avslutt").click()
    page.get_by_role("button", name="Avslutt rollen").click()
    expect(rows.filter(has_text="over").first).to_be_visible()
    expect(row).to_have_count(0)
