"""A letter from the GP: shown as received, never called sent before it is, opened by the citizen."""

from __future__ import annotations

import time

from playwright.sync_api import Page, expect

from tests.e2e.looking import accessibility_faults, is_right
from tests.e2e.pages.clinic import work_as
from tests.e2e.pages.helsami import HelsaMi
from tests.e2e.pages.letters import LettersPage
from tests.e2e.pages.ways import to_place

GP, ASLAUG = "Ragna Lyngbakk", "Aslaug Kvernbråten"


def _until(page: Page, word: str, title: str) -> None:
    """The chip follows the evidence, which comes by itself within seconds."""
    chip = LettersPage(page).letter(title).get_by_text(word, exact=True)
    deadline = time.monotonic() + 20
    while not chip.first.is_visible() and time.monotonic() < deadline:
        page.reload()
    expect(chip.first).to_be_visible()


def test_letter_reaches_the_citizen_and_its_delivery_is_known_at_each_step(
    page: Page, phone: Page, width: int
) -> None:
    title = f"Svar etter kontroll {width}"
    helsami = HelsaMi(phone).sign_in_as(ASLAUG)
    work_as(page, GP).search("Kvernbråten").open(ASLAUG)
    letters = LettersPage(page).open()
    letters.write(title, "Prøvene dine er fine.\n\nHilsen fastlegen")
    is_right(page)
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Se PDF-en").click()
    opened.value.close()
    letters.send()
    assert "sendt" not in letters.letter(title).inner_text().casefold()
    is_right(page)
    _until(page, "levert", title)
    helsami.page.get_by_role("link", name="Brev", exact=True).click()
    is_right(phone)
    phone.get_by_role("link", name=title).click()
    expect(phone.get_by_text("Prøvene dine er fine.")).to_be_visible()
    is_right(phone)
    _until(page, "lest", title)
    to_place(page, "Brev inn og ut")
    expect(page.get_by_role("heading", name="Brev inn og ut", exact=True)).to_be_visible()
    is_right(page)


def test_palette_finds_pages_by_keyboard(page: Page) -> None:
    work_as(page, GP).search("Kvernbråten").open(ASLAUG)
    page.wait_for_load_state()
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Gå til")
    expect(palette).to_be_visible()
    assert accessibility_faults(page) == []
    page.keyboard.type("brev")
    page.keyboard.press("Enter")  # what one can begin for the patient comes first
    expect(page.get_by_role("heading", name="Brev om")).to_be_visible()
    page.keyboard.press("Control+k")
    page.keyboard.type("Kvernbråten")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=ASLAUG)).to_be_visible()


def test_palette_shows_all_of_a_name_with_birth_date_and_age_by_keyboard(page: Page) -> None:
    work_as(page, GP)
    page.wait_for_load_state()
    page.keyboard.press("Control+k")
    page.keyboard.type("kvernbråt")
    people = page.get_by_role("dialog", name="Gå til").get_by_role("list", name="Pasienter")
    expect(people.get_by_role("link", name="Marit Kvernbråten Lyngstad")).to_be_visible()
    expect(people.get_by_role("link", name=ASLAUG)).to_contain_text("født 14.03.1944 · 82 år")
    assert accessibility_faults(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Pasient", exact=True)).to_contain_text("Kvernbråten")
