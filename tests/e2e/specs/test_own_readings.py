"""A citizen measures her blood pressure at home; what is outside awaits her GP, who closes it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.looking import is_right
from tests.e2e.pages.clinic import work_as
from tests.e2e.pages.helsami import HelsaMi
from tests.e2e.pages.language import in_english
from tests.e2e.pages.readings import AtHomePage, FollowUpPage, OwnMeasurementsPage

GP = "Ragna Lyngbakk"
ASLAUG, ASLAUG_ID = "Aslaug Kvernbråten", "cast-aslaug"
_ROUNDS = 60


def _wait_for(page: Page, upper: str) -> None:
    """Look again until the worker has handled what was sent."""
    for _ in range(_ROUNDS):
        page.reload(wait_until="networkidle")
        if page.get_by_role("cell").filter(has_text=upper).count():
            return
    raise AssertionError(f"{upper} never came to the worklist")


@pytest.mark.thorough  # the golden journey plays it too
def test_a_pressure_outside_the_limit_goes_from_her_telephone_to_the_gp_and_is_closed(
    page: Page, phone: Page
) -> None:
    # given a citizen whose GP follows her blood pressure
    HelsaMi(phone).sign_in_as(ASLAUG)
    own = OwnMeasurementsPage(phone).open()
    expect(phone.get_by_text("follows your measurements")).to_be_visible()
    expect(phone.get_by_role("img", name="Upper pressure").first).to_be_visible()
    is_right(phone)

    # when she swaps two digits, and then writes what the display says
    own.write("95", "172").save()
    expect(phone.get_by_text("Did you mean 172 over 95?").first).to_be_visible()
    is_right(phone)
    own.write("224", "95", "71").save()
    expect(phone.get_by_text("224 is unusual").first).to_be_visible()
    is_right(phone)
    own.once_more("224").save()

    # then she is told at once who looks at it and by when, and whom to phone
    expect(phone.get_by_role("heading", name="The measurement is saved")).to_be_visible()
    expect(phone.get_by_text("outside the limits agreed with you")).to_be_visible()
    expect(phone.get_by_text("call 113")).to_be_visible()
    is_right(phone)

    # and it awaits her GP, who closes it
    work_as(page, GP)
    in_english(page)
    AtHomePage(page).open()
    _wait_for(page, "224/95")
    is_right(page)
    AtHomePage(page).rows(ASLAUG).first.click()
    follow_up = FollowUpPage(page, ASLAUG_ID)
    expect(page.get_by_role("heading", name="Home follow-up", exact=True)).to_be_visible()
    is_right(page)
    follow_up.close("Ringt. Måler igjen i kveld.")
    expect(AtHomePage(page).open().rows(ASLAUG)).to_have_count(0)
    is_right(page)


def test_a_follow_up_is_changed_by_keyboard_and_names_what_is_missing(page: Page) -> None:
    work_as(page, GP)
    in_english(page)
    FollowUpPage(page, ASLAUG_ID).open()
    page.get_by_role("link", name="Change", exact=True).click()
    upper = page.get_by_label("Upper pressure, at most (mmHg)")
    upper.fill("145")
    is_right(page)
    upper.press("Control+Enter")
    expect(page.get_by_text("The follow-up is changed.")).to_be_visible()
    expect(page.get_by_text("at most 145 mmHg").first).to_be_visible()


def test_without_a_follow_up_she_is_told_that_nobody_watches(phone: Page) -> None:
    HelsaMi(phone).sign_in_as("Karoline")
    own = OwnMeasurementsPage(phone).open()
    expect(phone.get_by_text("Nobody watches these measurements.")).to_be_visible()
    own.write("128", "78").save()
    expect(phone.get_by_text("Nobody watches this measurement.")).to_be_visible()
    phone.get_by_text("Did you write it wrong?").click()
    phone.get_by_role("button", name="Mark as wrong").click()
    expect(phone.get_by_text("marked as wrong").first).to_be_visible()
    is_right(phone)
