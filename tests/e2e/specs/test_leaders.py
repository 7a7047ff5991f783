"""What is done at home moves what its leader sees, within a minute."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from fellesjournal.demo.cast import STAFF
from tests.e2e.due_now import give_elsewhere
from tests.e2e.looking import accessibility_faults
from tests.e2e.pages.homecare import HomeCare, named
from tests.e2e.pages.leaders import Leaders
from tests.running import Platform

LEADER, CARER = "Marthe Solgård", "Amir Nordlykkja"
UNIT = "hjemmetjeneste"
UNIT_ID = next(member.unit_id for member in STAFF if member.role == "unit-leader")
_MINUTE = 60


def test_a_dose_given_on_a_phone_moves_the_figure_of_the_leader_within_a_minute(
    page: Page, phone: Page, planned: str, paracetamol: str, platform: Platform, tmp_path: Path
) -> None:
    """The fifth since she looked: of fewer nothing moves, or the figure would tell of each."""
    on_time = Leaders(page).open_as(LEADER).indicator("Medication on time")
    shown = on_time.counted(UNIT)
    assert shown[1] > 0
    # what others have done since is shown first, with enough beside it to be told
    give_elsewhere(platform, tmp_path, 20, unit=UNIT_ID)
    on_time.wait_for_more_than(shown[1], UNIT, seconds=_MINUTE)
    before = on_time.counted(UNIT)

    give_elsewhere(platform, tmp_path, 4, unit=UNIT_ID)
    carer = HomeCare(phone).open_as(CARER)
    carer.wait_for(planned)
    carer.card(planned).get_by_role("link").click()
    phone.get_by_role("button", name="Start the visit").click()
    phone.get_by_role("button", name=named("Given", paracetamol)).click()
    expect(phone.get_by_role("region", name="Medicines to give")).to_contain_text("Amir")

    on_time.wait_for_more_than(before[1], UNIT, seconds=_MINUTE)
    after = on_time.counted(UNIT)
    assert after == (before[0] + 5, before[1] + 5)
    on_time.row(UNIT).get_by_text("Show").click()
    expect(on_time.row(UNIT)).to_contain_text("Definition")
    assert accessibility_faults(page) == []

    phone.get_by_role("button", name="End the visit").click()  # nobody else finds it under way
