"""Units on other systems, reached by national messages alone (INV-16): the stand-in of the demo
answers a referral from inside, and refers to the hospital itself; operators see all of it pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from fellesjournal.demo.cast import CITIZENS
from tests.e2e.looking import is_right
from tests.e2e.pages.clinic import arrive
from tests.e2e.pages.referrals import Clinic
from tests.running import Platform

GP, DOCTOR, OPERATOR = "Ragna Lyngbakk", "Sigbjørn Løkkvang", "Ylva Storøysund"
THEA = "cast-thea"
SKIN = "Lyngåsen hudklinikk"
PATIENCE = 40_000
"""Milliseconds: mailbox, stand-in and outbox each look every two seconds."""


@pytest.fixture
def another(browser: Browser, platform: Platform) -> Iterator[Page]:
    """A second browser."""
    context = browser.new_context(base_url=platform.url, locale="nb-NO")
    yield context.new_page()
    context.close()


def _until(page: Page, text: str, within: Locator | None = None) -> None:
    """Look again until the page says so: what it waits for comes from another system."""
    place = page.get_by_role("main") if within is None else within
    for _ in range(PATIENCE // 1000):
        if place.get_by_text(text).first.is_visible():
            return
        page.wait_for_timeout(1000)
        page.reload()
    expect(place.get_by_text(text).first).to_be_visible()


def test_a_referral_to_a_specialist_outside_is_received_assessed_and_answered(page: Page) -> None:
    what = "Vurdering av føflekk"
    gp = Clinic(page, GP)
    gp.refer(THEA).fill(to=SKIN, what=what, diagnosis="Føflekk").send()
    expect(page.get_by_text("The referral is signed")).to_be_visible()
    page.goto(f"/patients/{THEA}/letters/")
    _until(page, "Lyngåsen hudklinikk")
    _until(page, "received")
    page.goto("/referrals/sent/")
    row = page.get_by_role("row").filter(has_text=what)
    _until(page, "Accepted, on the waiting list", row)
    page.goto("/deliveries/")
    _until(page, "Status på henvisning")


def test_a_referral_from_outside_is_assessed_here_and_the_answer_goes_back(
    page: Page, another: Page, platform: Platform, number_of_thea: str
) -> None:
    written = platform.command(
        "outsider", "--write", "referral", "--patient", number_of_thea,
        "--from", "8200300/8120036", "--to", "8200000/8110002",
    )  # fmt: skip
    assert written.returncode == 0, written.stderr
    doctor = Clinic(page, DOCTOR)
    page.goto("/referrals/")
    _until(page, "Vurdering av kneet.")
    doctor.office().open("Vurdering av kneet.").reject("Prøv trening først.")
    expect(page.get_by_text("told why")).to_be_visible()
    mailbox = platform.data / "mailbox" / "outsider"
    for _ in range(PATIENCE // 1000):
        if any(map(_is_rejection, mailbox.glob("*.xml"))):
            break
        page.wait_for_timeout(1000)
    assert any(map(_is_rejection, mailbox.glob("*.xml")))

    arrive(another, "staff", OPERATOR)
    another.goto("/admin/operation/")
    expect(another.get_by_text("HENVISNING_NYTILSTAND")).to_be_visible()
    expect(another.get_by_role("main")).not_to_contain_text("Brandhaugen")
    is_right(another)


def _is_rejection(path: Path) -> bool:
    content = path.read_text(encoding="utf-8")
    return "DIALOG_STATUS_HENVISNING" in content and "Henvisningen er avvist" in content


@pytest.fixture
def number_of_thea() -> str:
    """The national number of the citizen, as the demo invents it."""
    return next(each.number for each in CITIZENS if each.id == THEA)
