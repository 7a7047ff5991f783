"""A pathway is read by leaders, a measure goes to the queue; and a patient follows it at both levels."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Open
from tests.e2e.keyboard import Keyboard
from tests.e2e.looking import is_right
from tests.e2e.pages.pathways import Following, PathwayPage

TITLE = "Skrøpelige eldre (oppdiktet eksempel)"
COORDINATOR, GP, DOCTOR, NURSE = (
    "Tarald Vinjefossen", "Ragna Lyngbakk", "Iselin Gravråk", "Gunnhild Tverrelv",
)  # fmt: skip
ASLAUG = "cast-aslaug"
DESK = 1280
UNITS = {
    "Sykehusavdelingen": "Medisinsk avdeling, St. Olavs hospital",
    "Hjemmetjenesten": "Trondheim hjemmetjeneste",
    "Fastlegen": "Trondheim legesenter",
}
FIRST, SECOND = "Kartlegge behov ved innleggelse", "Sende det vi vet hjemmefra"


def test_drawings_gaps_and_a_measure_that_goes_to_the_queue(page: Page) -> None:
    # given: the demo's pathway, drawn as it is in two places and as it is to be
    pathway = PathwayPage(page).open_as(COORDINATOR, TITLE)
    for title in ("How it is in Trondheim", "How it is to be"):
        expect(pathway.drawing(title)).to_be_visible()
    expect(pathway.step(SECOND)).to_contain_text("Is not done today")
    is_right(page)

    # when: a measure needs the platform to change
    row = pathway.part("Measures").add_measure(
        "Ny melding i journalen", f"{SECOND}: Is not done today", within_platform=False
    )
    is_right(page)
    row.get_by_role("link", name="Hand to the usability queue").click()
    is_right(page)
    pathway.hand_over({
        "How many do it": "40", "Times a day, each": "3", "Seconds lost each time": "60",
        "Days of work": "20",
    })  # fmt: skip

    # then: it stands in the queue with what it is worth, and is not carried out
    expect(page.get_by_text("440 hours a year")).to_be_visible()
    is_right(page)
    page.get_by_role("link", name="Usability queue").click()
    expect(page.get_by_role("row").filter(has_text="Ny melding i journalen")).to_be_visible()
    is_right(page)
    page.go_back()
    for part in ("Introduction", "Followed", "Effect", "Guide"):
        page.goto("/leaders/pathways/")
        page.get_by_role("link", name=TITLE).click()
        pathway.part(part)
        is_right(page)


def test_a_step_is_drawn_by_keyboard_and_taken_back(page: Page) -> None:
    # given: how it is to be, opened to be drawn
    pathway = PathwayPage(page).open_as(COORDINATOR, TITLE).draw("How it is to be")
    before = pathway.drawn_steps()
    is_right(page)

    # when: a step is added with keys alone
    keys = Keyboard(page)
    keys.tab_to(page.get_by_role("link", name="Add a step"))
    keys.press("Enter")
    keys.tab_to(page.get_by_label("To what end"))
    keys.type("Avtale første besøk")
    is_right(page)
    keys.press("Enter")

    # then: the drawing beside the list has it, and it can be taken back
    added = page.get_by_role("link", name="Avtale første besøk", exact=True)
    expect(added).to_be_visible()
    assert pathway.drawn_steps() == before + 1
    keys.tab_to(page.get_by_role("button", name="Undo the last change"))
    keys.press("Enter")
    expect(added).to_have_count(0)
    assert pathway.drawn_steps() == before
    assert keys.faults == []


def test_a_patient_follows_it_and_each_unit_gets_its_step_in_its_turn(open_page: Open) -> None:
    # given: a GP whose patient is to follow the pathway
    gp = Following(open_page(DESK)).open_as(GP).of(ASLAUG)
    gp.begin(TITLE, UNITS)
    expect(gp.step(FIRST)).to_contain_text("To be done now")
    expect(gp.step(SECOND)).to_contain_text("Waits for those before it")
    is_right(gp.page)

    # when: the ward, which had no other reason to open her record, does its step
    ward = Following(open_page(DESK)).open_as(DOCTOR)
    link = ward.awaits(FIRST)
    is_right(ward.page)
    link.click()
    step = ward.step(FIRST)
    step.get_by_label("What came of it").fill("Samtale holdt")
    step.get_by_role("button", name="It is done").click()

    # then: the next one is home care's
    nurse = Following(open_page(DESK)).open_as(NURSE)
    expect(nurse.awaits(SECOND)).to_be_visible()

    # and: who treats her may stop it, with a reason
    gp.of(ASLAUG).stop("Pasienten ønsker det ikke")
    expect(gp.step(FIRST)).to_contain_text("Samtale holdt")
    expect(gp.step(SECOND)).to_contain_text("Left out")
    is_right(gp.page)
