"""A note is written, kept through whatever happens, signed by keyboard and added to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Route, expect

from tests.e2e.interactions import Interactions
from tests.e2e.looking import DESK_FIRST, accessibility_faults, is_right
from tests.e2e.pages.clinic import work_as
from tests.e2e.pages.helsami import HelsaMi
from tests.e2e.pages.language import in_english
from tests.e2e.pages.notes import DraftPage, NotesPage
from tests.running import Platform

GP = "Ragna Lyngbakk"
NURSE = "Gunnhild Tverrelv"
ASLAUG = "cast-aslaug"
OTHER = "cast-havard"


def _signed_in(page: Page, name: str = GP) -> Page:
    work_as(page, name)
    in_english(page)
    return page


@pytest.fixture
def colleague(browser: Browser, platform: Platform) -> Iterator[Page]:
    """Another browser, with the nurse of home care."""
    context = browser.new_context(base_url=platform.url, locale="nb-NO")
    yield _signed_in(context.new_page(), NURSE)
    context.close()


@pytest.fixture
def unwatched(context: BrowserContext) -> Page:
    """A page whose browser may write refusals into its console."""
    return context.new_page()


@pytest.fixture
def draft(page: Page) -> DraftPage:
    """A fresh draft about Aslaug."""
    return NotesPage(_signed_in(page)).open(ASLAUG).begin()


def test_typed_text_is_there_after_the_page_was_killed(draft: DraftPage) -> None:
    """INV-50: type, wait for "Saved", kill the page, reopen: the text is equal."""
    draft.type("Reason for contact", "Hoste i to uker.\n  Verst om natten. 37,8 °C & <frost>")
    address = draft.page.url
    context = draft.page.context
    draft.page.close(run_before_unload=False)
    again = context.new_page()
    again.goto(address)
    expect(DraftPage(again).field("Reason for contact")).to_have_value(
        "Hoste i to uker.\n  Verst om natten. 37,8 °C & <frost>"
    )


def test_what_was_typed_a_moment_ago_is_sent_when_the_page_is_left(draft: DraftPage) -> None:
    address = draft.page.url
    draft.field("Plan and measures").fill("Kontroll om en uke")
    draft.page.goto("/patients/")
    draft.page.wait_for_load_state("networkidle")
    draft.page.goto(address)
    expect(DraftPage(draft.page).field("Plan and measures")).to_have_value("Kontroll om en uke")


def test_text_is_kept_while_the_server_is_away_and_saved_when_it_is_back(
    browser: Browser, platform: Platform
) -> None:
    context = browser.new_context(base_url=platform.url, locale="nb-NO")
    page = _signed_in(context.new_page())
    draft = NotesPage(page).open(ASLAUG).begin()
    page.route("**/write/", lambda route: route.abort())
    draft.field("Findings").fill("Krepitasjoner")
    expect(draft.status).to_contain_text("Not saved. Trying again")
    page.unroute("**/write/")
    expect(draft.status).to_contain_text("Saved", timeout=10_000)
    page.reload()
    expect(DraftPage(page).field("Findings")).to_have_value("Krepitasjoner")
    context.close()


def test_draft_is_signed_and_added_to_by_keyboard_alone(page: Page) -> None:
    """Requirements 2 and 7: two steps by Ctrl+Enter, then only additions."""
    notes = NotesPage(_signed_in(page)).open(ASLAUG)
    notes.write.focus()
    page.keyboard.press("Enter")
    draft = DraftPage(page)
    expect(draft.field("Reason for contact")).to_be_focused()
    page.keyboard.type("Svimmel når hun reiser seg")
    page.keyboard.press("Tab")
    page.keyboard.type("BT 110/60 stående")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Sign note")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("About Aslaug Kvernbråten")
    expect(page.get_by_role("main")).to_contain_text("BT 110/60 stående")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("article")).to_contain_text("Signed by Ragna Lyngbakk")
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    expect(page.get_by_role("textbox", name="Findings")).to_have_count(0)

    page.get_by_role("group").filter(has_text="Add an addendum").locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("Det var liggende.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    note = page.get_by_role("article")
    expect(note).to_contain_text("Det var liggende.")
    expect(note).to_contain_text("BT 110/60 stående")
    expect(note.get_by_role("heading", name="Correction")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("This note was corrected later")


def test_note_is_written_and_signed_from_the_chart_within_its_budget(page: Page) -> None:
    """Requirement 1: counted from the open chart."""
    _signed_in(page).goto(f"/patients/{ASLAUG}/")
    steps = Interactions(page)
    steps.click(page.get_by_role("button", name="Write note"))
    steps.write(DraftPage(page).field("Reason for contact"), "Kontroll etter fall")
    steps.chord("Control+Enter")
    expect(page.get_by_role("heading", name="Sign note")).to_be_visible()
    steps.chord("Control+Enter")
    expect(page.get_by_role("article")).to_contain_text("Signed by")
    steps.hold("sign note")


def test_two_authors_write_at_once_and_no_word_is_lost(draft: DraftPage, colleague: Page) -> None:
    """INV-46: apart they are merged; in the same line both texts stand side by side."""
    draft.type("Reason for contact", "Fall på badet i natt")
    colleague.goto(draft.page.url)
    other = DraftPage(colleague)
    draft.type("Plan and measures", "Røntgen hofte")
    other.type("Findings", "Blåmerke venstre hofte")
    expect(other.field("Plan and measures")).to_have_value("Røntgen hofte")

    draft.field("Reason for contact").fill("Fall på badet i natt, slo hodet")
    expect(draft.status).to_contain_text("with what Gunnhild Tverrelv wrote")
    other.field("Reason for contact").fill("Fall på badet i natt, snublet i matta")
    expect(other.status).to_contain_text("both texts are kept")
    page = other.page
    expect(page.get_by_label("Reason for contact: in the note now")).to_have_value(
        "Fall på badet i natt, slo hodet"
    )
    own = page.get_by_label("Reason for contact: your text, not in the note yet")
    expect(own).to_have_value("Fall på badet i natt, snublet i matta")
    own.press("Control+End")
    page.keyboard.type(" i gangen")
    expect(other.status).to_contain_text("Saved")
    page.get_by_role("button", name="Keep both").click()
    both = "Fall på badet i natt, slo hodet\nFall på badet i natt, snublet i matta i gangen"
    expect(DraftPage(page).field("Reason for contact")).to_have_value(both)


def test_words_typed_after_a_colleague_signed_become_an_addendum(
    unwatched: Page, colleague: Page
) -> None:
    """INV-43, INV-50: the signed text stays, and what was typed meanwhile is not lost."""
    draft = NotesPage(_signed_in(unwatched)).open(ASLAUG).begin()
    draft.type("Findings", "Hevelse venstre ankel")
    colleague.goto(draft.page.url)
    other = DraftPage(colleague)
    unwatched.keyboard.press("Control+Enter")
    expect(unwatched.get_by_role("heading", name="Sign note")).to_be_visible()
    unwatched.keyboard.press("Control+Enter")
    expect(unwatched.get_by_role("article")).to_contain_text("Signed by")
    other.field("Plan and measures").fill("Høyt leie i natt")
    expect(other.status).to_contain_text("This note is signed")
    colleague.get_by_role("button", name="Save", exact=True).click()
    expect(colleague.get_by_role("textbox", name="Text")).to_have_value("Høyt leie i natt")
    colleague.get_by_role("button", name="Sign and add").click()
    note = colleague.get_by_role("article")
    expect(note).to_contain_text("Hevelse venstre ankel")
    expect(note).to_contain_text("Høyt leie i natt")
    expect(note).to_contain_text("Signed by Gunnhild Tverrelv")


def test_form_of_another_patient_is_refused_and_nothing_is_written(unwatched: Page) -> None:
    """INV-44: two tabs; what was typed about one is sent to the address of the other."""
    draft = NotesPage(_signed_in(unwatched)).open(ASLAUG).begin()
    draft.type("Assessment", "Gjelder Aslaug alene")
    page = draft.page
    tab = page.context.new_page()
    other = NotesPage(tab).open(OTHER).begin()
    page.evaluate(
        "address => { document.querySelector('[data-autosave]').action = address; }", tab.url
    )
    with page.expect_response("**/write/") as answered:
        page.get_by_role("button", name="Save", exact=True).click()
    assert answered.value.status == 409
    expect(page.get_by_role("heading", name="This was filled in about another")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Gjelder Aslaug alene")
    tab.reload()
    expect(DraftPage(tab).field("Assessment")).to_have_value("")
    assert other.version == "1"


def test_slow_answer_about_one_patient_never_fills_the_page_of_the_next(page: Page) -> None:
    """INV-21: the page shows whom it is open for, however late or about whom an answer comes."""
    draft = NotesPage(_signed_in(page)).open(ASLAUG).begin()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(f"**/{ASLAUG}/notes/*/write/", hold)
    draft.field("Plan and measures").fill("Plan for Aslaug")
    page.wait_for_timeout(1500)  # until the pause after typing is over
    assert held
    page.unroute(f"**/{ASLAUG}/notes/*/write/")
    notes = NotesPage(page).open(OTHER)
    for route in held:
        with suppress(Error):  # the browser may have let go of it with the page
            route.continue_()
    banner = page.get_by_role("region", name="Patient", exact=True)
    expect(banner).to_contain_text("Håvard")
    expect(page.get_by_role("main")).not_to_contain_text("Plan for Aslaug")
    other = notes.begin()
    expect(banner).to_contain_text("Håvard")
    strange = {"patient": ASLAUG, "note": "x", "version": 9, "time": "10:00", "authors": [],
               "sections": {"plan": "Plan for Aslaug"}, "beside": {}, "collided": []}  # fmt: skip
    page.route(f"**/{OTHER}/notes/*/write/", lambda route: route.fulfill(json=strange))
    with page.expect_response("**/write/"):
        other.field("Reason for contact").fill("Håvard")
    expect(other.field("Plan and measures")).to_have_value("")
    page.go_back()
    expect(banner).to_contain_text("Håvard")
    page.go_back()
    expect(banner).to_contain_text("Aslaug")


def test_session_that_ended_on_the_server_keeps_the_text(
    unwatched: Page, browser: Browser, platform: Platform
) -> None:
    """INV-50: the text waits on the page until she has signed in beside it, and is then saved."""
    page = _signed_in(unwatched)
    draft = NotesPage(page).open(ASLAUG).begin()
    elsewhere = browser.new_context(base_url=platform.url)
    other = elsewhere.new_page()
    work_as(other, GP)
    other.goto("/sessions/")
    other.get_by_role("button", name="Logg ut overalt").click()
    expect(other.get_by_role("heading", name="Logg inn")).to_be_visible()
    elsewhere.close()
    draft.field("Findings").fill("Stasebasiller")
    dialog = page.get_by_role("dialog", name="You have been signed out")
    expect(dialog).to_be_visible()
    expect(page.get_by_label("Findings", exact=True)).to_have_value("Stasebasiller")
    with page.expect_popup() as opened:
        dialog.get_by_role("link", name="Sign in again").click()
    opened.value.get_by_role("button", name=GP).click()
    expect(dialog).to_be_hidden()
    expect(draft.status).to_contain_text("Saved")
    page.reload()
    expect(DraftPage(page).field("Findings")).to_have_value("Stasebasiller")


def test_signing_out_and_in_again_in_another_window_loses_nothing(unwatched: Page) -> None:
    """INV-50: the form's token is renewed for the same person."""
    draft = NotesPage(_signed_in(unwatched)).open(ASLAUG).begin()
    tab = unwatched.context.new_page()
    tab.goto("/patients/")
    tab.get_by_role("button", name="Sign out").click()
    expect(tab.get_by_role("heading", name="Sign in")).to_be_visible()
    tab.get_by_role("link", name="Health").first.click()
    tab.get_by_role("button", name=GP).click()
    expect(tab.get_by_role("button", name="Sign out")).to_be_visible()
    draft.field("Findings").fill("Stasebasiller")
    expect(draft.status).to_contain_text("Saved")
    unwatched.reload()
    expect(DraftPage(unwatched).field("Findings")).to_have_value("Stasebasiller")


def test_note_about_a_fourteen_year_old_is_not_signed_without_a_choice(page: Page) -> None:
    draft = NotesPage(_signed_in(page)).open("cast-storm").begin()
    draft.type("Reason for contact", "Hodepine")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Sign note")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("link", name="Choose who may read the note")).to_be_visible()
    page.get_by_label("Yes, as usual").check()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("article")).to_contain_text("Signed by")


def test_note_is_signed_without_scripts(browser_without_scripts: Page) -> None:
    page = browser_without_scripts
    notes = NotesPage(_signed_in(page)).open(ASLAUG)
    notes.write.click()
    page.get_by_label("Plan and measures", exact=True).fill("Uten skript")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("version 2")
    page.get_by_role("button", name="Sign …").click()
    page.get_by_role("button", name="Sign Ctrl Enter").click()
    expect(page.get_by_role("article")).to_contain_text("Uten skript")


@pytest.mark.thorough
@pytest.mark.parametrize("width", DESK_FIRST, indirect=True, ids=["1280px", "360px"])
def test_pages_of_notes_have_no_accessibility_fault_and_fit(page: Page) -> None:
    draft = NotesPage(_signed_in(page)).open(ASLAUG).begin()
    is_right(page)
    draft.field("Reason for contact").fill("Hoste")
    page.get_by_role("button", name="Sign …").click()
    expect(page.get_by_role("heading", name="Sign note")).to_be_visible()
    is_right(page)
    page.get_by_role("button", name="Sign and lock").click()
    expect(page.get_by_role("article")).to_contain_text("locked")
    page.get_by_text("Add an addendum or a correction").click()
    is_right(page)
    NotesPage(page).open(ASLAUG)
    is_right(page)
    page.goto("/notes/")
    is_right(page)


@pytest.mark.parametrize("width", DESK_FIRST, indirect=True, ids=["1280px", "360px"])
def test_citizen_reads_a_note_on_her_phone_once_it_is_signed(
    page: Page, browser: Browser, platform: Platform, width: int
) -> None:
    context = browser.new_context(base_url=platform.url, locale="nb-NO")
    draft = NotesPage(_signed_in(context.new_page())).open(ASLAUG).begin()
    words = f"Sår på leggen, {width} px"
    draft.type("Findings", words)
    key = draft.page.url.rstrip("/").split("/")[-2]
    HelsaMi(page).sign_in_as("Aslaug Kvernbråten")
    page.goto("/helsami/notes/")
    expect(page.get_by_role("main")).not_to_contain_text(words)
    assert page.locator(f"a[href*='{key}']").count() == 0
    draft.page.keyboard.press("Control+Enter")
    expect(draft.page.get_by_role("heading", name="Sign note")).to_be_visible()
    draft.page.keyboard.press("Control+Enter")
    expect(draft.page.get_by_role("article")).to_contain_text("Signed by")
    context.close()
    page.goto("/helsami/notes/")
    for _ in range(2):
        is_right(page)
        if page.url.endswith("/notes/"):
            page.get_by_role("main").get_by_role("listitem").get_by_role("link").first.click()
            expect(page.get_by_role("article")).to_contain_text(words)
            expect(page.get_by_role("main")).to_contain_text("Ragna Lyngbakk")
            expect(page.get_by_role("main")).to_contain_text("Trondheim legesenter")


def test_words_find_the_diagnosis_of_a_note_and_of_a_referral_by_keyboard(
    draft: DraftPage,
) -> None:
    page = draft.page
    field = draft.field("Diagnosis")
    field.fill("K86 Hypertensjon\nhjertesv")
    found = page.get_by_role("list", name="Diagnoses that fit (ICPC-2)").get_by_role("button")
    expect(found.first).to_have_text("K77 Hjertesvikt")
    assert accessibility_faults(page) == []
    found.first.focus()
    page.keyboard.press("Enter")
    expect(field).to_have_value("K86 Hypertensjon\nK77 Hjertesvikt")
    expect(field).to_be_focused()
    expect(found).to_have_count(0)

    page.goto(f"/patients/{ASLAUG}/referrals/new/")
    field = page.get_by_role("combobox", name="Diagnosis or problem")
    code = page.get_by_role("textbox", name="ICPC-2 code, if you have one")
    field.press_sequentially("hjertesv")
    expect(found.first).to_have_text("K77 Hjertesvikt")
    found.first.press("Enter")
    expect(field).to_have_value("Hjertesvikt")
    expect(code).to_have_value("K77")
    assert accessibility_faults(page) == []
    field.press_sequentially(" og noe mer")  # another diagnosis takes no code along
    expect(code).to_have_value("")
