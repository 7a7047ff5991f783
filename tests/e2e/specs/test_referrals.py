"""A referral from the GP to the hospital's office and back to the citizen, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.interactions import Interactions
from tests.e2e.looking import is_right
from tests.e2e.pages.referrals import Clinic, MyReferrals, ReferralPage
from tests.morning import MORNING
from tests.running import Platform

GP, SECRETARY, DOCTOR = "Ragna Lyngbakk", "Anne-Grethe Bjørnsvik", "Sigbjørn Løkkvang"
CITIZEN, HER_ID = "Thea Brandhaugen", "cast-thea"
ORTHO = "Ortopedisk og kirurgisk poliklinikk, St. Olavs hospital"
OUTSIDE = "Ortopedisk poliklinikk, Sentrum"


@pytest.fixture
def width() -> int:
    return 1280


@pytest.fixture
def browsers(browser: Browser, platform: Platform) -> Iterator[list[Page]]:
    """Three more people, each in a browser of her own; the last holds a telephone."""
    opened = [
        browser.new_context(
            base_url=platform.url, locale="nb-NO", viewport={"width": wide, "height": 800}
        )
        for wide in (1280, 1280, 360)
    ]
    yield [context.new_page() for context in opened]
    for context in opened:
        context.close()


def _day(days: int) -> str:
    return (datetime.now(MORNING).date() + timedelta(days=days)).isoformat()


def test_a_referral_goes_from_gp_to_office_to_appointment_and_the_citizen_follows_it(
    page: Page, browsers: list[Page]
) -> None:
    what = "Vurdering av kneet, hele veien"
    gp, secretary = Clinic(page, GP), Clinic(browsers[0], SECRETARY)
    form = gp.refer(HER_ID)
    is_right(page)
    form.fill(to=ORTHO, what=what, diagnosis="Kneartrose").send()
    expect(page.get_by_text("The referral is signed")).to_be_visible()
    is_right(page)
    citizen = MyReferrals(browsers[2], CITIZEN)
    expect(citizen.card(what)).to_contain_text("is to assess it by")
    is_right(browsers[2])

    office = secretary.office()
    is_right(browsers[0])
    office.open(what).ask("Er det tatt røntgen?")
    expect(browsers[0].get_by_text("The question is with the referrer")).to_be_visible()
    expect(citizen.card(what)).to_contain_text("have to do anything")
    expect(gp.own()).to_contain_text("Er det tatt røntgen?")
    is_right(page)
    page.get_by_role("row").filter(has_text="Er det tatt røntgen?").filter(
        has_text=what
    ).get_by_role("link").first.click()
    ReferralPage(page).answer("Ja, i mai.")
    expect(page.get_by_text("The answer is with the office")).to_be_visible()

    office = Clinic(browsers[1], DOCTOR).office()
    steps = Interactions(browsers[1])
    steps.click(office.row(what).get_by_role("link").first)
    expect(browsers[1].get_by_text("Ja, i mai.")).to_be_visible()
    is_right(browsers[1])
    steps.write(browsers[1].get_by_label("Care is to begin by"), _day(90))
    steps.click(browsers[1].get_by_role("button", name="Accept"))
    steps.hold("assess referral")
    expect(browsers[1].get_by_text("the patient is on the waiting list")).to_be_visible()
    expect(citizen.card(what)).to_contain_text("you are on the waiting list")

    office = secretary.office()
    office.tab("Waiting list").click()
    is_right(browsers[0])
    office.open(what).book(_day(30), "10:30")
    expect(browsers[0].get_by_text("The patient has an appointment.")).to_be_visible()
    expect(citizen.card(what)).to_contain_text("You have an appointment")
    expect(citizen.card(what)).to_contain_text("10:30")
    is_right(browsers[2])
    expect(gp.own()).to_contain_text("Has an appointment")


def test_a_rejection_tells_the_citizen_why(page: Page, browsers: list[Page]) -> None:
    what = "Vurdering av hofta, avvist"
    Clinic(page, GP).refer(HER_ID).fill(to=ORTHO, what=what, diagnosis="Hofteplager").send()
    expect(page.get_by_text("The referral is signed")).to_be_visible()
    Clinic(browsers[1], DOCTOR).office().open(what).reject("Prøv trening først.")
    expect(browsers[1].get_by_text("told why")).to_be_visible()
    expect(browsers[1].get_by_role("row").filter(has_text=what)).to_have_count(0)
    MyReferrals(browsers[2], CITIZEN)
    browsers[2].get_by_text("Closed referrals").click()
    card = browsers[2].get_by_role("listitem").filter(has_text=what)
    expect(card).to_contain_text("Prøv trening først.")


def test_a_receiver_with_a_like_name_elsewhere_never_comes_first_and_is_blocked(
    browsers: list[Page],
) -> None:
    """INV-4 and INV-6 in the browser: the look-alike is last, and can't be sent anything."""
    page = browsers[0]  # whose console may tell of the refusal
    form = Clinic(page, GP).refer(HER_ID)
    names = [name for name in form.receivers if name.startswith("Ortopedisk")]
    assert names[0].startswith(ORTHO)
    assert names[-1].startswith(OUTSIDE)
    to = page.get_by_label("To", exact=True)
    to.press_sequentially("Finnesikke")
    expect(page.get_by_text("No receiver has this in its name.")).to_be_visible()
    to.fill("kirurgisk")
    expect(page.get_by_text("fit: choose one from the list.")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Please correct this")).to_be_visible()
    is_right(page)
    form.fill(to=OUTSIDE, what="Vurdering av skulder", diagnosis="Skuldersmerter").send()
    expect(page.get_by_role("heading", name="Please correct this")).to_be_visible()
    expect(page.get_by_label("What you ask for")).to_have_value("Vurdering av skulder")
    is_right(page)
    page.get_by_role("group", name="These can take it in").get_by_role("button").first.click()
    form.send()
    expect(page.get_by_text("The referral is signed")).to_be_visible()


def test_a_draft_is_kept_until_it_is_sent_or_thrown_away(page: Page) -> None:
    clinic = Clinic(page, GP)
    clinic.refer(HER_ID).fill(to=ORTHO, what="Bare en kladd", diagnosis="Ukjent")
    expect(page.get_by_role("status").filter(has_text="Draft saved")).to_be_visible()
    page.reload()
    expect(page.get_by_label("What you ask for")).to_have_value("Bare en kladd")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("The draft is saved. It has not been sent.")).to_be_visible()
    is_right(page)
    clinic.own().get_by_role("link", name="Bare en kladd").click()
    expect(page.get_by_label("What you ask for")).to_have_value("Bare en kladd")
    page.get_by_role("button", name="Throw the draft away").click()
    expect(clinic.own()).not_to_contain_text("Bare en kladd")


def test_gp_refers_without_a_mouse_and_without_scripts(browser_without_scripts: Page) -> None:
    page = browser_without_scripts
    what = "Uten skript"
    Clinic(page, GP).refer(HER_ID).fill(to=ORTHO, what=what, diagnosis="Kneartrose")
    page.get_by_label("Diagnosis or problem").press("Enter")
    expect(page.get_by_text("The referral is signed")).to_be_visible()
