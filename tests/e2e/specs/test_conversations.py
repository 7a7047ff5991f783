"""A citizen writes on her telephone, a unit answers, and her daughter writes for her."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.looking import is_right
from tests.e2e.pages.clinic import work_as
from tests.e2e.pages.conversations import FirstPage, MessagesPage, QueuePage
from tests.e2e.pages.helsami import HelsaMi
from tests.e2e.pages.language import in_english
from tests.running import Platform

GP, SECRETARY, NURSE = "Ragna Lyngbakk", "Jorid Ekremsbakk", "Gunnhild Tverrelv"
ASLAUG, DAUGHTER = "Aslaug Kvernbråten", "Marit Kvernbråten Lyngstad"
OFFICE, HOME = "Trondheim legesenter", "Trondheim hjemmetjeneste"


@pytest.fixture
def at_work(browser: Browser, platform: Platform) -> Iterator[Page]:
    """A desk."""
    context = browser.new_context(base_url=platform.url, locale="nb-NO")
    yield context.new_page()
    context.close()


def _sign_in(page: Page, name: str) -> None:
    work_as(page, name)
    in_english(page)


def test_a_citizen_asks_her_gp_the_secretary_takes_it_and_the_doctor_answers(
    page: Page, phone: Page, at_work: Page
) -> None:
    # given a citizen at her telephone
    HelsaMi(phone).sign_in_as(ASLAUG)
    in_english(phone)
    listed = MessagesPage(phone).open()
    is_right(phone)

    # when she writes to her GP's office
    form = listed.begin()
    expect(phone.get_by_text("116 117")).to_be_visible()
    is_right(phone)
    asked = form.to(OFFICE).say("Resepten", "Kan du fornye den jeg tar for blodtrykket?").send()
    expect(asked.said).to_have_count(1)
    expect(phone.get_by_text("at the latest")).to_be_visible()
    is_right(phone)

    # then it awaits the office; the secretary takes it and hands it to the doctor
    _sign_in(at_work, SECRETARY)
    queue = QueuePage(at_work).open()
    expect(queue.row("Resepten")).to_contain_text(ASLAUG)
    is_right(at_work)
    queue.read("Resepten").take()
    expect(queue.row("Resepten")).to_contain_text(SECRETARY)
    queue.read("Resepten")
    at_work.get_by_text("Hand over", exact=True).first.click()
    at_work.get_by_label("Who is to answer").select_option(label=GP)
    is_right(at_work)
    at_work.get_by_role("button", name="Hand over").click()
    handled = phone.get_by_text(f"{GP} handles it")
    for _ in range(20):  # told by the worker, a moment after
        phone.reload()
        if handled.is_visible():
            break
        phone.wait_for_timeout(300)
    expect(handled).to_be_visible()

    # and the doctor answers
    _sign_in(page, GP)
    inbox = QueuePage(page).open()
    inbox.read("Resepten").answer("Den er fornyet, og ligger klar på apoteket.")
    expect(page.get_by_text("The answer is sent.")).to_be_visible()
    expect(inbox.row("Resepten")).to_have_count(0)
    is_right(page)

    # and it is the first thing on the citizen's first page, until she has read it
    first = FirstPage(phone).open().answer_in(asked)
    expect(first).to_contain_text(f"Read the answer from {OFFICE}")
    is_right(phone)
    first.click()
    expect(phone.get_by_text("ligger klar på apoteket")).to_be_visible()
    is_right(phone)
    expect(FirstPage(phone).open().answer_in(asked)).to_have_count(0)


@pytest.mark.thorough  # the golden journey plays it too
def test_her_daughter_writes_to_home_care_for_her_and_says_so(phone: Page, at_work: Page) -> None:
    HelsaMi(phone).sign_in_as(DAUGHTER).others().open_record_of(ASLAUG)
    in_english(phone)
    form = MessagesPage(phone).open().begin()
    expect(phone.get_by_text("You write for")).to_contain_text(DAUGHTER)
    is_right(phone)
    asked = form.to(HOME).say("Nøkkelboksen", "Koden er byttet.").send()
    expect(phone.get_by_text(f"for {ASLAUG}")).to_be_visible()
    is_right(phone)

    _sign_in(at_work, NURSE)
    reading = QueuePage(at_work).open().read("Nøkkelboksen")
    expect(at_work.get_by_text("on behalf of the patient")).to_be_visible()
    expect(at_work.get_by_text(DAUGHTER, exact=True)).to_be_visible()
    is_right(at_work)
    reading.answer("Takk, det er notert.")

    first = FirstPage(phone).open().answer_in(asked)
    expect(first).to_contain_text(f"Read the answer from {HOME}")
    first.click()
    expect(phone.get_by_text("Takk, det er notert.")).to_be_visible()


def test_what_she_registers_about_herself_is_there_for_those_who_treat_her(
    phone: Page, at_work: Page
) -> None:
    HelsaMi(phone).sign_in_as(ASLAUG)
    in_english(phone)
    phone.get_by_role("link", name="My information").click()
    is_right(phone)
    phone.get_by_role("link", name=re.compile("Change.*How you are reached")).click()
    phone.get_by_label("Telephone").fill("ring meg")
    phone.get_by_role("button", name="Save").click()
    expect(phone.get_by_role("heading", name="Please correct this")).to_be_visible()
    is_right(phone)
    phone.get_by_label("Telephone").fill("900 12 345")
    phone.get_by_role("button", name="Save").click()
    expect(phone.get_by_text("900 12 345", exact=True)).to_be_visible()
    phone.get_by_role("link", name="Add somebody").click()
    phone.get_by_label("Name").fill("Oddny Nabolag")
    phone.get_by_label("What is this person to you?").select_option(label="Neighbour")
    phone.get_by_label("Telephone").fill("900 54 321")
    is_right(phone)
    phone.get_by_role("button", name="Save").click()
    expect(phone.get_by_text("Oddny Nabolag", exact=True)).to_be_visible()
    is_right(phone)
    _sign_in(at_work, GP)
    at_work.goto("/patients/cast-aslaug/contact/")
    expect(at_work.get_by_text("900 12 345", exact=True)).to_be_visible()
    expect(at_work.get_by_text("Oddny Nabolag")).to_be_visible()
    is_right(at_work)
