"""A clinician signs in, finds a patient and sees the chart."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.pages.clinic import PatientsPage, work_as

GP = "Ragna Lyngbakk"
ASLAUG = "Aslaug Kvernbråten"
FOREIGN = "Marguerite Ann Quigley"


def _signed_in(page: Page) -> PatientsPage:
    return work_as(page, GP)


def test_misspelt_name_finds_the_patient_while_typing(page: Page) -> None:
    patients = _signed_in(page)
    patients.search("Aslak Kvernbroten")
    expect(page.get_by_role("heading", name="Lignende navn")).to_be_visible()
    expect(patients.people.first).to_contain_text(ASLAUG)


def test_search_works_without_scripts(browser_without_scripts: Page) -> None:
    patients = _signed_in(browser_without_scripts)
    patients.search("09.07.1958")
    browser_without_scripts.get_by_role("button", name="Søk").click()
    expect(patients.people.first).to_contain_text(FOREIGN)


def test_chart_of_a_demo_citizen_opens_from_the_search(page: Page) -> None:
    chart = _signed_in(page).search("Kvernbråten").open(ASLAUG)
    expect(chart.banner).to_contain_text("82 år")
    expect(chart.panel("Problemer").get_by_role("listitem").first).to_be_visible()
    expect(chart.panel("Laboratoriesvar").get_by_role("row").nth(1)).to_be_visible()
    expect(chart.timeline.get_by_role("listitem").first).to_be_visible()


def test_chart_of_a_patient_from_another_system_tells_all_that_came(page: Page) -> None:
    chart = _signed_in(page).search("999-12-3456").open(FOREIGN)
    expect(chart.banner).to_contain_text("Allergy to peanuts")
    expect(chart.panel("Kritisk informasjon")).to_contain_text("Anaphylaxis")
    expect(chart.panel("Problemer")).to_contain_text("Hypertension")
    expect(chart.panel("Legemidler i bruk")).to_contain_text("Lisinopril 10 MG Oral Tablet")
    vitals = chart.panel("Vitale målinger")
    expect(vitals).to_contain_text("137/82")
    expect(vitals.get_by_role("img", name="Blodtrykk: 3 verdier")).to_be_visible()
    expect(chart.panel("Laboratoriesvar")).to_contain_text("Negative")
    expect(chart.panel("Andre observasjoner")).to_contain_text("Never smoker")
    expect(chart.timeline).to_contain_text("HARBOUR MEDICAL CENTER")
    expect(chart.timeline).to_contain_text("Luis Ortega")


def test_filter_narrows_the_timeline_in_place_and_in_the_address(page: Page) -> None:
    chart = _signed_in(page).search("Quigley").open(FOREIGN)
    chart.filter("Vaksiner")
    expect(chart.timeline).not_to_contain_text("Encounter for check up")
    expect(chart.timeline).to_contain_text("Influenza")
    expect(page).to_have_url(re.compile("kind=vaccine"))
    page.reload()
    expect(chart.timeline).not_to_contain_text("Encounter for check up")


def test_trend_opens_with_every_value_and_goes_back(page: Page) -> None:
    chart = _signed_in(page).search("Quigley").open(FOREIGN)
    chart.panel("Laboratoriesvar").get_by_role("link", name="Hemoglobin A1c").click()
    expect(page.get_by_role("row")).to_have_count(4)
    expect(page.get_by_role("img", name="først 6,41, nå 5,9 %")).to_be_visible()
    expect(chart.banner).to_be_in_viewport()
    page.get_by_role("main").get_by_role("link", name="Oversikt").click()
    expect(chart.panel("Problemer")).to_be_visible()


def test_banner_stays_in_view_at_the_end_of_the_chart(page: Page) -> None:
    chart = _signed_in(page).search("Kvernbråten").open(ASLAUG)
    page.get_by_role("contentinfo").scroll_into_view_if_needed()
    assert page.evaluate("window.scrollY") > 100
    expect(chart.banner).to_be_in_viewport()
    expect(chart.banner).to_contain_text(ASLAUG)


def test_patient_is_found_and_opened_with_the_keyboard_alone(page: Page) -> None:
    _signed_in(page).search("Kvernbråten").open(ASLAUG)
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Finn pasient")).to_be_focused()
    page.keyboard.type("quigley")
    page.keyboard.press("Enter")
    found = page.get_by_role("link", name=FOREIGN)
    expect(found).to_be_visible()
    for _ in range(12):
        page.keyboard.press("Tab")
        if found.evaluate("element => element === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Pasient", exact=True)).to_contain_text(FOREIGN)


def test_signing_out_closes_the_record(page: Page) -> None:
    _signed_in(page).search("Kvernbråten").open(ASLAUG)
    address = page.url
    page.get_by_role("button", name="Logg ut").click()
    page.wait_for_url("**/sign-in/**")
    page.goto(address)
    expect(page.get_by_role("heading", name="Logg inn")).to_be_visible()
