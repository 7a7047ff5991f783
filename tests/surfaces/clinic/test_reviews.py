"""The leader's page of emergency access, and what staff are asked about their own."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from fellesjournal.access.citizens import citizen
from fellesjournal.access.openings import break_glass
from fellesjournal.access.readlog.queries import lines, number_of
from fellesjournal.access.reports import report_reading
from fellesjournal.access.sessions import Session, staff_session
from fellesjournal.demo.cast_staff import STAFF, StaffMember
from tests.signing_in import employ, put, staff_client
from tests.staff import SYSTEM

pytestmark = pytest.mark.django_db

NURSE = next(member for member in STAFF if member.role == "home-care-nurse")
LEADER = next(member for member in STAFF if member.role == "unit-leader")
OFFICER = next(member for member in STAFF if member.role == "data-protection-officer")
WORDS = "Found unconscious at home"


def _session(member: StaffMember) -> Session:
    return staff_session(
        practitioner=f"Practitioner/{member.id}", role_id=member.role_id, role=member.role,
        unit=f"Organization/{member.unit_id}",
    )  # fmt: skip


@pytest.fixture
def task() -> str:
    """A glass broken by the nurse."""
    employ(NURSE)
    put("Patient", "kari", name=[{"family": "Nesvoll", "given": ["Kari"]}], birthDate="1944-03-14")
    put("Condition", "c", subject={"reference": "Patient/kari"}, code={"text": "Diabetes"})
    return break_glass(_session(NURSE), "kari", "danger", WORDS).task


@pytest.fixture
def leader() -> Client:
    return staff_client(LEADER)


def _page(client: Client, address: str = "/reviews/") -> str:
    return client.get(address).content.decode()


def test_leader_begins_with_what_awaits_her(leader: Client) -> None:
    assert leader.get("/")["Location"] == "/reviews/"


def test_page_tells_who_why_and_whose_record_and_nothing_of_the_record(
    task: str, leader: Client
) -> None:
    text = _page(leader)
    for shown in (NURSE.name, "Sykepleier", NURSE.unit_name, "Kari Nesvoll", "født 1944",
                  "Fare for liv", WORDS, "ingenting ennå", f"/reviews/{task}/"):  # fmt: skip
        assert shown in text, shown
    for kept in ("Diabetes", "1944-03-14", "14.03.1944", NURSE.hpr, NURSE.number):
        assert kept not in text


def test_count_is_that_of_the_list(task: str, leader: Client) -> None:
    for turn in range(2):
        put("Patient", f"p{turn}", name=[{"family": "Vik"}])
        break_glass(_session(NURSE), f"p{turn}", "danger", WORDS)
    for left in (3, 2):
        text = _page(leader)
        assert f"{left} venter på avgjørelse" in re.sub(r"\s+", " ", text)
        assert text.count('name="version"') == left
        leader.post(f"/reviews/{task}/", {"version": "1", "outcome": "justified"})


def test_decision_is_saved_and_shown_to_both(task: str, leader: Client) -> None:
    employ(OFFICER)
    said = {"version": "1", "outcome": "not-justified", "text": "Another unit had him"}
    assert leader.post(f"/reviews/{task}/", said).status_code == 302
    text = _page(leader)
    assert "Avgjørelsen din er notert." in text
    assert "Another unit had him" in text
    text = _page(staff_client(NURSE), "/reviews/mine/")
    assert "Another unit had him" in text
    assert LEADER.name in text
    assert "Ikke begrunnet" in text


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"outcome": ""}, "Velg en avgjørelse"),
        ({"outcome": "asked"}, "Skriv hvorfor"),
        ({"outcome": "not-justified"}, "Skriv hvorfor"),
    ],
)
def test_decision_that_lacks_something_is_asked_for_again(
    task: str, leader: Client, said: dict[str, str], told: str
) -> None:
    answer = leader.post(f"/reviews/{task}/", {"version": "1", **said})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert told in text
    assert 'id="error-summary"' in text
    assert "1 venter" in re.sub(r"\s+", " ", text)


def test_decision_on_an_old_page_is_not_saved(task: str, leader: Client) -> None:
    leader.post(f"/reviews/{task}/", {"version": "1", "outcome": "asked", "text": "Why?"})
    leader.post(f"/reviews/{task}/", {"version": "1", "outcome": "justified"})
    text = _page(leader)
    assert "Ingenting ble lagret" in text
    assert "Spurt, ikke svart" in text


def test_question_and_answer_go_back_and_forth(task: str, leader: Client) -> None:
    leader.post(f"/reviews/{task}/", {"version": "1", "outcome": "asked", "text": "Why then?"})
    nurse = staff_client(NURSE)
    assert "Why then?" in _page(nurse, "/reviews/mine/")
    assert nurse.post(f"/reviews/mine/{task}/", {"version": "2", "text": ""}).status_code == 200
    nurse.post(f"/reviews/mine/{task}/", {"version": "2", "text": "Nobody answered"})
    assert "Nobody answered" in _page(leader)


def test_pages_of_review_are_for_those_with_the_duty(task: str) -> None:
    nurse = staff_client(NURSE)
    assert nurse.get("/reviews/").status_code == 404
    said = {"version": "1", "outcome": "justified"}
    assert nurse.post(f"/reviews/{task}/", said).status_code == 404
    assert "ikke avgjort ennå" in _page(nurse, "/reviews/mine/")


def test_leader_can_not_open_the_record_she_reviews(task: str, leader: Client) -> None:
    del task
    assert leader.get("/patients/kari/").status_code == 404


def test_question_is_told_of_where_the_work_begins(task: str, leader: Client) -> None:
    nurse = staff_client(NURSE)
    assert "Lederen din har spurt" not in _page(nurse, "/patients/")
    leader.post(f"/reviews/{task}/", {"version": "1", "outcome": "asked", "text": "Why then?"})
    assert "Lederen din har spurt" in _page(nurse, "/patients/")


def test_unusual_reading_is_told_in_words_to_the_leader_of_the_unit(
    task: str, leader: Client
) -> None:
    del task
    text = _page(leader, "/reviews/reading/")
    assert NURSE.name in text
    assert "Åpnet uten et grunnlag som følger av helsehjelp" in text
    assert "Kari Nesvoll" in text
    assert LEADER.name not in text.split("<main")[1]
    for kept in (NURSE.hpr, NURSE.number, "Diabetes"):
        assert kept not in text


def test_unusual_reading_of_other_units_is_for_the_data_protection_officer(task: str) -> None:
    del task
    officer = next(member for member in STAFF if member.role == "data-protection-officer")
    assert NURSE.name in _page(staff_client(officer), "/reviews/reading/")
    elsewhere = next(member for member in STAFF if member.role == "administrator")
    assert staff_client(elsewhere).get("/reviews/reading/").status_code == 404


def test_days_that_are_too_many_are_refused_in_words(leader: Client) -> None:
    text = _page(leader, "/reviews/reading/?first=2026-01-01&last=2026-03-01")
    assert "Velg høyst 31 dager" in text


# --- what follows ---------------------------------------------------------------------------------


def test_without_an_officer_the_leader_is_told_that_nothing_was_saved(
    task: str, leader: Client
) -> None:
    said = {"version": "1", "outcome": "not-justified", "text": "Another unit had him"}
    assert leader.post(f"/reviews/{task}/", said).status_code == 302
    text = _page(leader)
    assert "Det er ikke registrert noe personvernombud" in text
    assert "1 venter på avgjørelse" in re.sub(r"\s+", " ", text)


def test_what_was_not_justified_is_followed_up_on_the_officers_page_with_words(
    task: str, leader: Client
) -> None:
    officer = staff_client(OFFICER)
    assert "0 lesinger å følge opp" in _page(officer)
    said = {"version": "1", "outcome": "not-justified", "text": "Another unit had him"}
    leader.post(f"/reviews/{task}/", said)
    text = _page(leader)
    assert "Pasienten har fått beskjed. Personvernombudet følger det opp." in text
    assert "å følge opp" not in text
    text = _page(officer)
    assert "1 lesing å følge opp" in text
    assert "Diabetes" not in text
    (address,) = re.findall(r"/reviews/follow-ups/[^/]+/", text)
    empty = officer.post(address, {"version": "1", "text": " "})
    assert empty.status_code == 200
    assert "Skriv hva som kom ut av det" in empty.content.decode()
    assert "1 lesing å følge opp" in empty.content.decode()
    assert officer.post(address, {"version": "1", "text": "Snakket med lederen"}).status_code == 302
    text = _page(officer)
    assert "0 lesinger å følge opp" in text
    assert "Snakket med lederen" in text


def test_reported_reading_is_decided_on_the_officers_page(task: str) -> None:
    del task
    officer = staff_client(OFFICER)
    database = SYSTEM.connection()
    lines_of_nurse = lines(
        database, patient=number_of(database, "Patient/kari"), person=f"Practitioner/{NURSE.id}"
    )
    report = report_reading(citizen("kari", "kari"), [lines_of_nurse[0].key], "Det var ikke meg")
    text = _page(officer)
    assert "1 lesing meldt av en innbygger" in text
    assert "Det var ikke meg" in text
    address = f"/reviews/reports/{report}/"
    assert address in text
    lacking = officer.post(address, {"version": "1", "outcome": "justified", "text": ""})
    assert "Skriv hvorfor" in lacking.content.decode()
    said = {"version": "1", "outcome": "not-justified", "text": "Feil person"}
    assert officer.post(address, said).status_code == 302
    text = _page(officer)
    assert "0 lesinger meldt av innbyggere" in text
    assert "1 lesing å følge opp" in text
    assert "Feil person" in text


def test_pages_of_following_up_are_for_the_officer_alone(task: str, leader: Client) -> None:
    for kind in ("reports", "follow-ups"):
        said = {"version": "1", "outcome": "justified", "text": "Why"}
        assert leader.post(f"/reviews/{kind}/{task}/", said).status_code == 404
    assert "meldt av innbyggere" not in _page(leader)
