"""An app is registered, opened for a patient, agreed to, used, and ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.clients.conftest import Handler, Server
from tests.clients.platform import example, served
from tests.e2e.looking import PHONE_FIRST, is_right
from tests.e2e.pages.clinic import arrive, work_as
from tests.running import Platform

GP = "Ragna Lyngbakk"
ADMINISTRATOR = "Solfrid Grindhaugen"


@dataclass(frozen=True)
class SampleApp:
    """The growth chart at its address, registered at the platform by its administrator."""

    address: str
    client_id: str


@pytest.fixture(scope="module")
def sample_app(browser: Browser, platform: Platform) -> Iterator[SampleApp]:
    module = example("growth-chart-app/app.py")
    server = Server(("127.0.0.1", 0), Handler)
    address = f"http://127.0.0.1:{server.server_port}"
    context = browser.new_context(
        base_url=platform.url, locale="nb-NO", viewport={"width": 360, "height": 800}
    )
    page = context.new_page()
    arrive(page, "staff", ADMINISTRATOR)
    expect(page.get_by_text(ADMINISTRATOR).first).to_be_visible()
    page.goto("/admin/clients/new/")
    is_right(page)
    page.get_by_role("button", name="Registrer").click()
    expect(page.get_by_role("heading", name="Dette må rettes")).to_be_visible()
    is_right(page)
    page.get_by_label("Navn slik folk ser det").fill("Vekstkurver")
    page.get_by_label("Adresser å vende tilbake til").fill(f"{address}/back")
    page.get_by_label("Adresse for å åpne den fra journalen").fill(f"{address}/launch")
    page.get_by_label("Tilgangsområder (scopes)").fill(f"{module.SCOPE} launch/encounter")
    page.get_by_role("button", name="Registrer").click()
    expect(page.get_by_role("heading", name="Vekstkurver")).to_be_visible()
    is_right(page)
    client_id = page.locator("dd code").first.inner_text()
    page.goto("/admin/clients/")
    is_right(page)
    page.goto("/admin/clients/invitation/")
    is_right(page)
    context.close()
    made = module.GrowthChart(fhir=f"{platform.url}/fhir", client_id=client_id, address=address)
    with served(made, server):
        yield SampleApp(address, client_id)


@pytest.mark.parametrize("width", PHONE_FIRST, indirect=True, ids=lambda width: f"{width}px")
def test_app_opened_by_itself_is_agreed_to_in_plain_words_and_ended(
    page: Page, sample_app: SampleApp
) -> None:
    work_as(page, GP)
    page.goto(f"{sample_app.address}/")
    expect(
        page.get_by_role("heading", name="Hvilken pasient skal Vekstkurver åpnes for?")
    ).to_be_visible()
    is_right(page)
    page.get_by_role("searchbox").fill("Kvernbråten")
    page.get_by_role("button", name="Søk").click()
    is_right(page)
    page.get_by_role("button", name="Aslaug Kvernbråten").click()
    expect(page.get_by_role("heading", name="Gi Vekstkurver tilgang?")).to_be_visible()
    expect(page.get_by_text("ber om å bruke opplysninger om Aslaug Kvernbråten")).to_be_visible()
    expect(page.get_by_text("bare vitale målinger")).to_be_visible()
    expect(page.get_by_text("Observation")).to_have_count(0)
    is_right(page)
    page.get_by_role("button", name="Gi tilgang").click()
    expect(page.get_by_role("heading", name="Weight")).to_be_visible()
    expect(page.get_by_text("Kvernbråten")).to_be_visible()
    assert "kg" in page.get_by_role("table").last.inner_text()

    page.goto("/oauth/apps/")
    is_right(page)
    ends = page.get_by_role("button", name="Avslutt tilgangen til Vekstkurver")
    before = ends.count()
    ends.first.click()
    expect(page.get_by_text("Tilgangen er avsluttet.")).to_be_visible()
    expect(ends).to_have_count(before - 1)


@pytest.mark.parametrize("width", PHONE_FIRST, indirect=True, ids=lambda width: f"{width}px")
def test_contact_is_chosen_by_keyboard_after_the_patient(
    page: Page, platform: Platform, sample_app: SampleApp
) -> None:
    work_as(page, GP)
    asked = {
        "response_type": "code",
        "client_id": sample_app.client_id,
        "redirect_uri": f"{sample_app.address}/back",
        "scope": "launch/patient launch/encounter patient/Patient.r",
        "state": "kept",
        "aud": f"{platform.url}/fhir",
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",  # RFC 7636, appendix B
        "code_challenge_method": "S256",
    }
    page.goto(f"/oauth/authorize?{urlencode(asked)}")
    page.get_by_role("searchbox").fill("Kvernbråten")
    page.get_by_role("button", name="Søk").click()
    page.get_by_role("button", name="Aslaug Kvernbråten").click()
    expect(
        page.get_by_role("heading", name="Hvilken kontakt skal Vekstkurver åpnes for?")
    ).to_be_visible()
    is_right(page)
    page.get_by_role("link", name="Eldre kontakter").click()
    choices = page.get_by_role("main").get_by_role("listitem").get_by_role("button")
    expect(choices.first).to_contain_text("avsluttet")
    day = choices.first.inner_text()[:10]
    choices.first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Gi Vekstkurver tilgang?")).to_be_visible()
    expect(page.get_by_role("definition").first).to_contain_text(day)
    is_right(page)


def test_app_is_opened_from_the_chart(page: Page, sample_app: SampleApp) -> None:
    work_as(page, GP)
    page.goto("/oauth/launch/cast-aslaug/")
    is_right(page)
    page.get_by_role("button", name="Vekstkurver").click()
    expect(page.get_by_role("heading", name="Gi Vekstkurver tilgang?")).to_be_visible()
    page.get_by_role("button", name="Nei").click()
    expect(page.get_by_role("heading", name="No access")).to_be_visible()
    assert page.url.startswith(sample_app.address)


def test_whole_consent_works_without_scripts(
    browser_without_scripts: Page, sample_app: SampleApp
) -> None:
    page = browser_without_scripts
    work_as(page, GP)
    page.goto(f"{sample_app.address}/")
    page.get_by_role("searchbox").fill("Kvernbråten")
    page.get_by_role("button", name="Søk").click()
    page.get_by_role("button", name="Aslaug Kvernbråten").click()
    page.get_by_role("button", name="Gi tilgang").click()
    expect(page.get_by_role("heading", name="Weight")).to_be_visible()
