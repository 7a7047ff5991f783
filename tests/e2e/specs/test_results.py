"""A GP orders, the laboratory answers, she acknowledges by keyboard, the citizen reads it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.looking import is_right
from tests.e2e.pages.clinic import work_as
from tests.e2e.pages.helsami import HelsaMi
from tests.e2e.pages.language import in_english
from tests.e2e.pages.results import InboxPage, LaboratoryPage, ReportPage, TestResultsPage

GP = "Ragna Lyngbakk"
ASLAUG, ASLAUG_ID = "Aslaug Kvernbråten", "cast-aslaug"


@pytest.mark.thorough  # the golden journey plays it too
def test_from_requisition_to_the_citizens_telephone(page: Page, phone: Page) -> None:
    # given a GP at work in the record of a patient on her list
    work_as(page, GP)
    in_english(page)
    laboratory = LaboratoryPage(page, ASLAUG_ID).open()
    form = laboratory.begin()
    is_right(page)

    # when she orders a panel, and the laboratory answers
    form.choose("Infection").because("Hoste og feber i tre dager").send()
    expect(laboratory.requisitions.first).to_contain_text("P-CRP")
    laboratory.wait_until("answered")
    is_right(page)

    # then the result awaits her, and three strokes on the keyboard acknowledge it
    inbox = InboxPage(page).open()
    is_right(page)
    waiting = inbox.rows(ASLAUG).count()
    assert waiting >= 1
    inbox.rows(ASLAUG).first.focus()
    page.keyboard.press("Enter")
    report = ReportPage(page)
    expect(report.no_action).to_be_visible()
    expect(report.values().filter(has_text="P-CRP")).to_have_count(1)
    is_right(page)
    report.tab_to_the_key_action()
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile("^Acknowledged[.:]"))).to_be_visible()
    assert InboxPage(page).open().rows(ASLAUG).count() == waiting - 1

    # and the citizen reads it on her telephone
    HelsaMi(phone).sign_in_as(ASLAUG)
    results = TestResultsPage(phone).open()
    is_right(phone)
    results.newest.click()
    card = phone.get_by_role("listitem").filter(has_text="P-CRP")
    expect(card).to_contain_text("Reference range")
    is_right(phone)
    phone.get_by_role("link", name="See all").first.click()
    expect(phone.get_by_role("img")).to_be_visible()
    expect(phone.get_by_role("row").nth(1)).to_be_visible()
    is_right(phone)


def test_a_requisition_is_taken_back_with_a_reason(context: BrowserContext) -> None:
    page = context.new_page()  # its browser may write refusals into its console
    work_as(page, GP)
    in_english(page)
    laboratory = LaboratoryPage(page, ASLAUG_ID).open()
    laboratory.begin().choose("Thyroid").because("Trøtt").send()
    laboratory.requisitions.first.get_by_role("link").click()
    take_back = page.get_by_role("button", name="Take back the requisition for")
    take_back.click()
    expect(page.get_by_role("heading", name="Please correct this")).to_be_visible()
    is_right(page)
    page.get_by_label("Why it is taken back").fill("Allerede tatt på sykehuset")
    take_back.click()
    # unless the laboratory was quicker, which is then told
    expect(page.get_by_text("is taken back").or_(page.get_by_text("meanwhile"))).to_be_visible()
