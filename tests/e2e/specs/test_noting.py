"""A clinician notes vital signs, a problem and an allergy by keyboard, within the budget."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.interactions import Interactions
from tests.e2e.looking import DESK_FIRST, is_right
from tests.e2e.pages.clinic import work_as
from tests.e2e.pages.ways import to_part

GP, KARI = "Ragna Lyngbakk", "Aslaug Kvernbråten"


@pytest.fixture(params=DESK_FIRST, ids=lambda width: f"{width}px")
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


def test_vital_signs_take_four_interactions_and_no_mouse(page: Page) -> None:
    work_as(page, GP).search("Kvernbråten").open(KARI)
    to_part(page, "Registrer")
    is_right(page)
    page.wait_for_load_state()
    steps = Interactions(page)
    page.get_by_label("Blodtrykk, øvre").focus()
    for words in ("138", "82", "71"):
        steps.write(page.locator(":focus"), words)
        page.keyboard.press("Tab")  # from field to field: no interaction
    steps.chord("Control+Enter")
    expect(page.get_by_text("Lagret: blodtrykk 138/82, puls 71.")).to_be_visible()
    steps.hold("vital signs")
    is_right(page)


def test_a_problem_is_found_by_its_first_letters(page: Page) -> None:
    work_as(page, GP).search("Kvernbråten").open(KARI)
    page.goto(page.url + "note-down/")
    page.wait_for_load_state()
    problem = page.get_by_label("Problem: ICPC-2-kode eller ord")
    problem.fill("D21")
    expect(page.locator("#diagnoses option").first).to_have_attribute("value", "D21 Svelgebesvær")
    problem.fill("D21 Svelgebesvær")
    page.get_by_role("button", name="Noter problemet").click()
    expect(page.get_by_text("Notert: Svelgebesvær.")).to_be_visible()
    page.get_by_role("button", name="Svelgebesvær").click()
    expect(page.get_by_text("Notert som over.")).to_be_visible()
    is_right(page)
