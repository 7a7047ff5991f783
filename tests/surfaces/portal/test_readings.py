"""Own measurements in HelsaMi: what is saved, what is asked again, and what she is told."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from fellesjournal.care.remote_follow_up.agreeing import start_follow_up
from fellesjournal.care.remote_follow_up.finding import readings
from fellesjournal.foundation import clock
from fellesjournal.foundation.clock import NORWAY
from tests.care.remote_follow_up.following import handle, rows, terms
from tests.staff import SYSTEM, employ, put, staff
from tests.surfaces.portal.family import ASLAUG, OTHER, at_browser, child_of, switch

pytestmark = pytest.mark.django_db
HERS = f"Patient/{ASLAUG.id}"
ADDRESS = "/helsami/measurements/"


@pytest.fixture
def browser() -> Client:
    """Aslaug at her telephone; a GP has her on the list."""
    employ("gp", "gp", "office")
    put("Organization", "office", name="Legekontoret")
    found = at_browser(generalPractitioner=[{"reference": "Practitioner/gp"}])
    found.cookies["language"] = "en"
    return found


def follow() -> None:
    start_follow_up(staff("gp", "gp", "office"), patient=HERS, terms=terms())


def send(browser: Client, upper: str, lower: str, **more: str) -> Any:
    fields = {"subject": HERS, "key": uuid.uuid4().hex, "when": "now", "systolic": upper,
              "diastolic": lower, **more}  # fmt: skip
    return browser.post(ADDRESS, fields)


def told(browser: Client, answer: Any) -> str:
    assert answer.status_code == 302, answer.content.decode()
    return browser.get(answer["Location"]).content.decode()


def test_without_a_follow_up_she_is_told_that_nobody_watches(browser: Client) -> None:
    assert "Nobody watches these measurements" in browser.get(ADDRESS).content.decode()
    page = told(browser, send(browser, "180", "100"))
    assert "Nobody watches this measurement" in page
    assert "Saved in the record" in page
    assert "113" in page


def test_see_the_course_goes_to_the_heading_of_the_graphs(browser: Client) -> None:
    page = told(browser, send(browser, "120", "80"))
    assert f'href="{ADDRESS}#course"' in page
    assert 'id="course"' in browser.get(ADDRESS).content.decode()


def test_a_reading_outside_tells_at_once_who_looks_at_it_and_by_when(browser: Client) -> None:
    follow()
    page = told(browser, send(browser, "165", "85", pulse="72"))
    handle()
    (work,) = rows()
    assert "outside the limits agreed with you" in page
    assert "gp at Legekontoret" in page
    assert work.last_day is not None
    assert f"by {work.last_day.day} " in page or str(work.last_day.day) in page
    assert "above the agreed limit of 140" in page
    assert "113" in page
    found = readings(SYSTEM, HERS)
    assert {each.measure.key for each in found} == {"blood-pressure", "pulse"}


def test_a_reading_within_says_so(browser: Client) -> None:
    follow()
    page = told(browser, send(browser, "135", "85"))
    assert "within the limits agreed with you" in page
    assert "Nobody watches this" not in page


@pytest.mark.parametrize(
    ("upper", "lower", "words"),
    [
        ("90", "140", "Did you mean 140 over 90?"),
        ("14", "80", "Did you mean 140?"),
        ("1400", "80", "Did you mean 140?"),
        ("abc", "80", "Write a number."),
        ("140", "", "Write both pressures"),
        ("", "", "Write what you have measured."),
        ("230", "90", "230 is unusual"),
        ("120", "٣", "Write a number."),
        ("1e3", "80", "Write a number."),
    ],
)
def test_what_is_probably_a_slip_is_asked_about_and_not_saved(
    browser: Client, upper: str, lower: str, words: str
) -> None:
    answer = send(browser, upper, lower)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert readings(SYSTEM, HERS) == []


def test_an_unusual_number_written_twice_is_believed(browser: Client) -> None:
    follow()
    assert send(browser, "230", "90", **{"again-systolic": "203"}).status_code == 422
    page = told(browser, send(browser, "230", "90", **{"again-systolic": "230"}))
    assert "outside the limits" in page


def test_the_same_form_sent_twice_is_one_reading(browser: Client) -> None:
    key = uuid.uuid4().hex
    at = (clock.now() - timedelta(hours=2)).astimezone(NORWAY).strftime("%Y-%m-%dT%H:%M")
    for _ in range(2):
        assert send(browser, "150", "80", key=key, when="earlier", at=at).status_code == 302
    assert len(readings(SYSTEM, HERS)) == 1


@pytest.mark.parametrize(
    "at", ["", "tomorrow", "2999-01-01T10:00", "2001-01-01T10:00", "0001-01-01T00:00"]
)
def test_a_time_that_can_not_be_is_refused_at_its_field(browser: Client, at: str) -> None:
    assert send(browser, "150", "80", when="earlier", at=at).status_code == 422
    assert readings(SYSTEM, HERS) == []


def test_what_was_written_wrong_is_marked_and_no_longer_valid(browser: Client) -> None:
    follow()
    answer = send(browser, "165", "85")
    assert browser.post(f"{answer['Location']}wrong/", {"subject": HERS}).status_code == 302
    assert "marked as wrong" in browser.get(answer["Location"]).content.decode()
    (found,) = readings(SYSTEM, HERS)
    assert found.is_withdrawn


def test_inv_44_a_form_about_another_record_saves_nothing(browser: Client) -> None:
    assert send(browser, "150", "80", subject=f"Patient/{OTHER.id}").status_code == 409
    assert readings(SYSTEM, HERS) == []


def test_nobody_sees_anothers_measurement(browser: Client) -> None:
    address = send(browser, "150", "80")["Location"]
    stranger = at_browser(OTHER)
    assert stranger.get(address).status_code == 404
    assert stranger.post(f"{address}wrong/", {"subject": f"Patient/{OTHER.id}"}).status_code == 404
    assert not readings(SYSTEM, HERS)[0].is_withdrawn


def test_the_pages_keep_to_their_budget_of_queries(
    browser: Client, django_assert_max_num_queries: Any
) -> None:
    follow()
    for number in range(12):
        at = (clock.now() - timedelta(days=number + 1)).astimezone(NORWAY)
        address = send(browser, str(130 + number), "85", pulse="70", when="earlier",
                       at=at.strftime("%Y-%m-%dT%H:%M"))["Location"]  # fmt: skip
    for each in (ADDRESS, address):
        with django_assert_max_num_queries(20):
            page = browser.get(each).content.decode()
    assert re.search(r"<svg", browser.get(ADDRESS).content.decode())
    assert page


def test_a_mother_sends_for_her_child_in_her_own_name(browser: Client) -> None:
    child_of(ASLAUG, "lille")
    switch(browser, "lille", ASLAUG.id)
    answer = send(browser, "110", "70", subject="Patient/lille")
    assert answer.status_code == 302
    (found,) = readings(SYSTEM, "Patient/lille")
    assert (found.by, found.is_herself) == (HERS, False)
    assert readings(SYSTEM, HERS) == []
