"""A GP prescribes past an allergy and changes day to week, by keyboard; all see the same list."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.e2e.looking import is_right
from tests.e2e.pages.clinic import work_as
from tests.e2e.pages.helsami import HelsaMi
from tests.e2e.pages.medicines import MedicinesPage
from tests.running import Platform

GP = "Ragna Lyngbakk"
CARER = "Amir Nordlykkja"
ASLAUG = "Aslaug Kvernbråten"


@pytest.fixture
def desk(browser: Browser, platform: Platform) -> Iterator[Page]:
    """A desk. What is not answered is refused with 422, which the console notes; nothing else."""
    context = browser.new_context(
        base_url=platform.url, viewport={"width": 1280, "height": 900}, locale="nb-NO"
    )
    opened = context.new_page()
    problems: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and "status of 422" not in message.text:
            problems.append(message.text)

    opened.on("console", note)
    opened.on("pageerror", lambda error: problems.append(str(error)))
    yield opened
    context.close()
    assert problems == []


def _list_of(page: Page, name: str) -> MedicinesPage:
    work_as(page, name).search("Kvernbråten").open(ASLAUG)
    return MedicinesPage(page).open_from_the_record()


@pytest.mark.thorough  # the golden journey plays it too
def test_gp_prescribes_and_changes_by_keyboard_and_everybody_sees_it(
    desk: Page, phone: Page
) -> None:
    page = desk
    medicines = _list_of(page, GP)
    before, _ = medicines.shown()
    is_right(page)

    order = medicines.prescribe("fenoks", "Fenoksymetylpenicillin 650 mg tablett", "1x4")
    expect(order.alert).to_contain_text("Penicillin")
    is_right(page)
    order.go_on()  # without a reason: not carried out
    expect(page.get_by_text("Skriv hvorfor, med noen få ord, eller velg")).to_be_visible()
    page.get_by_role("textbox", name="Hvorfor det gis likevel").focus()
    page.keyboard.type("Tåler penicillin etter utredning")
    order.go_on()
    expect(medicines.line("Fenoksymetylpenicillin")).to_contain_text("1 tablett 4 ganger hver dag")
    assert int(medicines.shown()[0]) == int(before) + 1

    order = medicines.change("Furosemid").write("1 tablett mandag hver uke", "Lavt blodtrykk")
    expect(page.get_by_text("Dosen endres fra hver dag til hver uke")).to_be_visible()
    is_right(page)
    order.go_on()
    expect(page.get_by_text("Bekreft dette, eller endre dosen")).to_be_visible()
    page.get_by_role("checkbox", name="Ja, jeg mener fra hver dag til hver uke").focus()
    page.keyboard.press("Space")
    order.go_on()
    expect(medicines.line("Furosemid")).to_contain_text("1 tablett mandag hver uke")
    expect(medicines.line("Furosemid")).to_contain_text("ukentlig")
    is_right(page)
    now = medicines.shown()

    HelsaMi(phone).sign_in_as(ASLAUG)
    phone.get_by_role("link", name="Legemidler").click()
    hers = phone.get_by_role("region", name="Legemidler i bruk")
    expect(hers).to_contain_text("1 tablett mandag hver uke")
    expect(phone.get_by_role("main")).to_contain_text("Hvorfor: Lavt blodtrykk")
    assert (hers.get_attribute("data-list-number"), hers.get_attribute("data-fingerprint")) == now
    is_right(phone)

    phone.context.clear_cookies()
    assert _list_of(phone, CARER).shown() == now  # INV-17
    expect(phone.get_by_role("link", name="Forskriv", exact=True)).to_have_count(0)
    is_right(phone)


@pytest.mark.thorough
def test_the_pages_are_right_on_a_phone_too(phone: Page) -> None:
    medicines = _list_of(phone, GP)
    is_right(phone)
    phone.get_by_role("link", name="Samstem").click()
    expect(phone.get_by_role("heading", name="Samstem legemidlene")).to_be_visible()
    is_right(phone)
    phone.get_by_role("button", name="Vis listen det blir").click()
    expect(phone.get_by_text("Ta stilling: videreføre").first).to_be_visible()
    is_right(phone)
    phone.go_back()
    phone.go_back()
    medicines.change("Metoprolol")
    phone.get_by_text("Fyll ut felt i stedet").click()
    is_right(phone)
