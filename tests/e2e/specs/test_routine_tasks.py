"""Routine tasks within their budgets (requirement 1): what a carer gives and does, what a GP answers for.

The other tasks of budgets.toml are counted where their stories are told.
"""

from __future__ import annotations

import re
import tomllib

from playwright.sync_api import Page, expect

from tests.e2e.interactions import BUDGETS, Interactions
from tests.e2e.pages.clinic import work_as
from tests.e2e.pages.conversations import QueuePage
from tests.e2e.pages.helsami import HelsaMi
from tests.e2e.pages.homecare import HomeCare, named
from tests.e2e.pages.language import in_english
from tests.e2e.pages.renewals import OwnMedicinesPage, RenewalsPage, RenewPage
from tests.e2e.pages.results import InboxPage, LaboratoryPage, ReportPage

GP, NURSE, CARER = "Ragna Lyngbakk", "Gunnhild Tverrelv", "Amir Nordlykkja"
MARIT, MARIT_ID = "Marit Kvernbråten Lyngstad", "cast-marit"
ASLAUG, ASLAUG_ID = "Aslaug Kvernbråten", "cast-aslaug"
AT_MOST = 5
"""Interactions of any routine act: ui.md's requirement 1."""


def test_no_routine_task_is_allowed_more_than_five_interactions() -> None:
    budgets = tomllib.loads(BUDGETS.read_text(encoding="utf-8"))["interactions"]
    assert {task: most for task, most in budgets.items() if most > AT_MOST} == {}


def test_dose_is_given_and_action_done_from_the_day_list(
    page: Page, planned: str, paracetamol: str
) -> None:
    carer = HomeCare(page).open_as(CARER)
    carer.wait_for(planned)
    steps = Interactions(page)
    steps.click(carer.card(planned).get_by_role("link"))
    steps.click(page.get_by_role("button", name="Start the visit"))
    opened = steps.count
    steps.click(page.get_by_role("button", name=named("Given", paracetamol)))
    expect(page.get_by_role("region", name="Medicines to give")).to_contain_text("Amir")
    steps.hold("give paracetamol")
    carer.give_rest("Kom senere")  # a dose of the morning may belong to this visit too
    steps.count = opened  # as if it were the only thing to do
    steps.click(page.get_by_role("button", name=named("Done", planned)))
    expect(page.get_by_role("region", name="What to do")).to_contain_text("Amir")
    steps.hold("finish visit action")
    page.get_by_role("button", name="End the visit").click()  # nobody else finds it under way
    expect(carer.card(planned)).to_contain_text(re.compile(r"(\d+) of \1 documented"))


def test_result_is_acknowledged_from_wherever_one_is(page: Page) -> None:
    work_as(page, GP)
    in_english(page)
    laboratory = LaboratoryPage(page, ASLAUG_ID).open()
    laboratory.begin().choose("Infection").because("Hoste").send()
    laboratory.wait_until("answered")
    page.goto(f"/patients/{ASLAUG_ID}/")
    steps = Interactions(page)
    steps.click(page.get_by_role("navigation", name="Pages").get_by_role("link", name="Results"))
    rows = InboxPage(page).rows(ASLAUG)
    steps.click(rows.first)
    steps.click(ReportPage(page).no_action)
    expect(page.get_by_text("Acknowledged").first).to_be_visible()
    steps.hold("acknowledge result")


def test_a_citizen_writes_to_her_gp_who_answers_from_wherever_she_is(
    page: Page, phone: Page
) -> None:
    HelsaMi(phone).sign_in_as(ASLAUG)
    in_english(phone)
    phone.goto("/helsami/")
    steps = Interactions(phone)
    steps.click(phone.get_by_role("link", name="Messages", exact=True))
    steps.click(phone.get_by_role("link", name="Write to your GP"))
    steps.write(phone.get_by_label("What is it about?"), "Vaksine")
    steps.write(phone.get_by_label("Your message"), "Når kan jeg komme?")
    steps.click(phone.get_by_role("button", name="Send the message"))
    expect(phone.get_by_text("Your message is sent.")).to_be_visible()
    steps.hold("send message")

    work_as(page, GP)
    in_english(page)
    queue = QueuePage(page)
    for _ in range(20):  # taken in by the worker, a moment after
        page.goto("/messages/")
        if queue.row("Vaksine").count():
            break
        page.wait_for_timeout(300)
    page.goto(f"/patients/{ASLAUG_ID}/")
    steps = Interactions(page)
    ways = page.get_by_role("navigation", name="Pages")
    steps.click(ways.get_by_role("link", name="Messages from patients"))
    steps.click(queue.row("Vaksine").get_by_role("link"))
    steps.write(page.get_by_role("textbox", name="Answer to"), "Mandag klokken ni.")
    steps.click(page.get_by_role("button", name="Send the answer"))
    expect(page.get_by_text("The answer is sent.")).to_be_visible()
    steps.hold("answer citizen")


def test_a_drug_is_renewed_from_wherever_the_gp_is(page: Page, phone: Page) -> None:
    work_as(page, GP)
    in_english(page)
    page.goto(f"/patients/{ASLAUG_ID}/medicines/renew")
    medicine = RenewPage(page).not_yet_today[-1]  # of what was renewed today, she would ask first
    HelsaMi(phone).sign_in_as(ASLAUG)
    in_english(phone)
    OwnMedicinesPage(phone).open().ask().choose(medicine).send()
    RenewalsPage(page).wait_for(ASLAUG, medicine)
    page.goto(f"/patients/{MARIT_ID}/")
    steps = Interactions(page)
    steps.click(RenewalsPage(page).way)
    steps.click(RenewalsPage(page).row(ASLAUG, medicine))
    steps.click(RenewPage(page).renew)
    expect(page.get_by_text("Renewed for")).to_be_visible()
    steps.hold("renew drug")
