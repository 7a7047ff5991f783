"""A citizen asks for renewals on her telephone; her GP renews one, says no to another, and she reads it."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.looking import is_right
from tests.e2e.pages.clinic import work_as
from tests.e2e.pages.helsami import HelsaMi
from tests.e2e.pages.language import in_english
from tests.e2e.pages.renewals import OwnMedicinesPage, RenewalsPage, RenewPage

GP, ASLAUG, ASLAUG_ID = "Ragna Lyngbakk", "Aslaug Kvernbråten", "cast-aslaug"


def test_a_citizen_asks_the_gp_renews_one_and_declines_another_and_she_is_told(
    page: Page, phone: Page
) -> None:
    # given a citizen at her telephone
    HelsaMi(phone).sign_in_as(ASLAUG)
    in_english(phone)
    medicines = OwnMedicinesPage(phone).open()
    is_right(phone)

    # when she asks for two of her medicines
    asking = medicines.ask()
    is_right(phone)
    asking.send()  # nothing is chosen yet
    expect(phone.get_by_role("link", name="Choose at least one medicine.")).to_be_visible()
    is_right(phone)
    first, second = asking.tick(2)
    asking.send()
    expect(phone.get_by_text("Your request is sent to the GP's office: ")).to_be_visible()
    expect(medicines.line(first)).to_contain_text("Renewal asked for")
    is_right(phone)

    # then it awaits her GP, who renews the first
    work_as(page, GP)
    in_english(page)
    named = second.split()[0]  # others may have asked for her too
    queue = RenewalsPage(page).wait_for(ASLAUG, named)
    is_right(page)
    queue.row(ASLAUG, named).click()
    one = RenewPage(page)
    expect(one.lines).to_have_count(2)
    is_right(page)
    one.lines.nth(1).uncheck()
    one.renew.click()
    expect(page.get_by_text("Renewed for")).to_be_visible()

    # and says no to the second, with a reason
    expect(one.lines).to_have_count(1)
    one.decline("Ta en blodprøve først, så ser vi på dosen.")
    expect(page.get_by_text("Not renewed for")).to_be_visible()
    expect(queue.row(ASLAUG, named)).to_have_count(0)

    # and she reads both
    medicines.open()
    expect(medicines.line(first)).to_contain_text(f"by {GP}")
    expect(medicines.line(first)).to_contain_text("Renewed")
    expect(medicines.line(second)).to_contain_text("Ta en blodprøve først")
    is_right(phone)


def test_a_gp_renews_by_keyboard_from_anywhere_in_the_record_without_a_request(page: Page) -> None:
    work_as(page, GP)
    in_english(page)
    page.goto(f"/patients/{ASLAUG_ID}/")
    page.keyboard.press("Control+k")
    page.keyboard.type("Renew")
    page.keyboard.press("Enter")
    one = RenewPage(page)
    is_right(page)
    one.lines.last.check()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Renewed for")).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()


def test_control_enter_declines_where_the_refusal_is_written_and_renews_nothing(
    page: Page, phone: Page
) -> None:
    # given a request for one medicine
    HelsaMi(phone).sign_in_as(ASLAUG)
    in_english(phone)
    asking = OwnMedicinesPage(phone).open().ask()
    asking.tick(1)
    asking.send()
    work_as(page, GP)
    in_english(page)
    RenewalsPage(page).wait_for(ASLAUG).row(ASLAUG).click()
    one = RenewPage(page)
    expect(one.renew).to_have_attribute("aria-keyshortcuts", "Control+Enter")

    # when "Do not renew" is open, the key renews from nowhere
    page.get_by_text("Do not renew", exact=True).first.click()
    expect(one.renew).not_to_have_attribute("aria-keyshortcuts", "Control+Enter")
    expect(one.renew.locator("kbd")).to_have_count(0)
    page.keyboard.press("Control+Enter")
    one.lines.first.focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#problem")).to_have_count(0)  # nothing was sent

    # and in the field of the reason the key is that of the refusal, which says so
    page.get_by_role("textbox", name="Why not?").fill("Ta en blodprøve først.")
    no = page.get_by_role("button", name="Do not renew")
    expect(no.locator("kbd")).to_have_text("Ctrl Enter")
    is_right(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Not renewed for")).to_be_visible()
    expect(page.get_by_text(re.compile("^Renewed for"))).to_have_count(0)
