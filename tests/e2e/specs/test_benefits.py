"""A coordinator goes from the selection list to a plan, freezes a baseline and fills in a worksheet."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.looking import is_right
from tests.e2e.pages.benefits import BenefitsPage

COORDINATOR, TRONDHEIM = "Tarald Vinjefossen", "Trondheim"
FACES = "Carer continuity"
NUMBERS = {
    "Minutes now": "15", "Minutes after, at least": "5", "Minutes after, most likely": "5",
    "Minutes after, at most": "5", "How often": "30", "Weeks a year": "52",
}  # fmt: skip


def test_from_selection_to_plan_baseline_and_worksheet(page: Page) -> None:
    # given: the demo's plan of Trondheim is at its indicators
    benefits = BenefitsPage(page).open_as(COORDINATOR)
    is_right(page)

    # when: another indicator is scored and picked
    item = benefits.item(FACES)
    is_right(page)
    item.get_by_label("How big is the benefit?").select_option("5")
    item.get_by_label("How difficult is it?").select_option("2")
    item.get_by_label("How well does it fit the strategy?").select_option("5")
    item.get_by_role("button", name="Score").click()
    expect(item.get_by_text("none beats it")).to_be_visible()
    item.get_by_role("button", name="Pick for our plan").click()
    expect(item.get_by_text("Picked for our plan.")).to_be_visible()

    # and: it gets a benefit, and the plan goes on to measurement
    plan = benefits.open().plan(TRONDHEIM)
    plan.add_benefit("Fewer faces at home", f"H4: {FACES}")
    expect(plan.lines.get_by_role("link", name=FACES)).to_be_visible()
    plan.go_on("The indicators are picked")
    expect(plan.phase).to_contain_text("Plan measurement")
    expect(page.get_by_text(f"{FACES}: No baseline is frozen.")).to_be_visible()
    is_right(page)

    # and: a baseline is frozen from the record
    line = plan.line("Medication on time")
    line.freeze("The last whole month before the rounds")
    expect(line.baseline.get_by_text(re.compile(r"\d+\.\d% \(\d+ / \d+\)"))).to_be_visible()
    expect(line.baseline.get_by_text("the record")).to_be_visible()
    is_right(page)

    # then: the workshop's hours are counted in the plan, once
    sheet = benefits.open().worksheet("Legemidler i hjemmetjenesten")
    sheet.add("Ask the ward", "Hjemmetjeneste", NUMBERS)
    row = sheet.rows.get_by_role("row").filter(has_text="Ask the ward")
    expect(row).to_contain_text("260.0")
    sheet.count_in("Ask the ward", "Fewer faces at home")
    expect(row).to_contain_text("counted: Fewer faces at home")
    is_right(page)
    benefits.open().plan(TRONDHEIM)
    expect(page.get_by_text("2 rows of worksheets are counted: 624.0 hours")).to_be_visible()
