"""Referrals as staff meet them on the pages: GP, secretary and doctor of the office."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from fellesjournal.access.directory.systems import OUTSIDER, PARTICIPATION
from fellesjournal.care.referrals import codes
from fellesjournal.care.referrals.states import State
from fellesjournal.demo.cast_staff import STAFF
from tests.care.referrals.world import service, stands, tasks
from tests.signing_in import GP, put, staff_client

pytestmark = pytest.mark.django_db

DOCTOR = next(member for member in STAFF if member.id == "staff-referral-doctor")
SECRETARY = next(member for member in STAFF if member.id == "staff-referral-secretary")
NEW = "/patients/kari/referrals/new/"
ORTHO = "HealthcareService/ortho"
SAID = {
    "patient": "kari",
    "request_version": "0",
    "task_version": "0",
    "receiver": ORTHO,
    "what": "Assessment of the knee",
    "diagnosis": "Osteoarthritis",
    "diagnosis_code": "L90",
    "history": "Pain for two years",
    "urgency": "routine",
}


@pytest.fixture
def at_work() -> dict[str, Client]:
    """GP, doctor and secretary in a browser each; Kari is on the GP's list."""
    found = {}
    for name, member in (("gp", GP), ("doctor", DOCTOR), ("secretary", SECRETARY)):
        found[name] = staff_client(member)
    put(
        "Patient", "kari", name=[{"family": "Nesvoll", "given": ["Kari"]}], birthDate="1944-03-14",
        generalPractitioner=[{"reference": f"Practitioner/{GP.id}"}],
    )  # fmt: skip
    put("Patient", "ola", name=[{"family": "Berg"}],
        generalPractitioner=[{"reference": f"Practitioner/{GP.id}"}])  # fmt: skip
    service("ortho", DOCTOR.unit_id, "Orthopaedic clinic")
    return found


def send(gp: Client, **more: str) -> str:
    """The GP signs and sends; the address of the referral."""
    answer = gp.post(NEW, {**SAID, "send": "1", **more})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def form_of(page: str, step: str) -> dict[str, str]:
    """The hidden fields of one step's form on a page."""
    found = re.search(rf'action="[^"]*/{step}/"(.*?)</form>', page, re.DOTALL)
    assert found is not None, step
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', found[1])
    return {name: value for name, value in hidden if name != "csrfmiddlewaretoken"}


def take(client: Client, address: str, step: str, **said: str) -> Any:
    """Fill in and send the form of a step."""
    hidden = form_of(client.get(address).content.decode(), step)
    return client.post(f"{address}{step}/", {**hidden, **said})


def the_id(address: str) -> str:
    return address.rstrip("/").rpartition("/")[2]


def test_gp_refers_and_the_office_finds_it_on_its_list(at_work: dict[str, Client]) -> None:
    address = send(at_work["gp"])
    page = at_work["secretary"].get("/referrals/").content.decode()
    assert "Kari Nesvoll" in page
    assert "Assessment of the knee" in page
    assert address in page
    assert "(1)" in page
    sent = at_work["gp"].get("/referrals/sent/").content.decode()
    assert "Orthopaedic clinic" in sent


def test_taking_a_referral_back_is_folded_and_what_the_office_does_next_is_open(
    at_work: dict[str, Client],
) -> None:
    address = send(at_work["gp"])
    hers = at_work["gp"].get(address).content.decode()
    assert re.findall(r'<details class="panel referral-step"([^>]*)>', hers) == [""]
    theirs = at_work["doctor"].get(address).content.decode()
    assert re.findall(r'<details class="panel referral-step"([^>]*)>', theirs)[0] == " open"


def test_a_draft_is_kept_and_sent_later(at_work: dict[str, Client]) -> None:
    gp = at_work["gp"]
    answer = gp.post(NEW, {**SAID, "what": "", "diagnosis": "", "receiver": "", "save": "1"})
    address = answer["Location"]
    assert address.endswith("/edit/")
    assert "/referrals/" in gp.get("/referrals/sent/").content.decode()
    again = gp.post(address, {**SAID, "request_version": "1", "send": "1"})
    assert again.status_code == 302
    assert len(tasks(codes.REFERRAL_TASK)) == 1


def test_what_is_typed_is_saved_while_it_is_typed(at_work: dict[str, Client]) -> None:
    """INV-50: the page's script saves a draft; who comes second is told, and writes over nothing."""
    gp, asked = at_work["gp"], {"Accept": "application/json"}
    first = gp.post(NEW, {**SAID, "save": "1"}, headers=asked).json()
    assert first["patient"] == "kari"
    assert "Pain for two years" in gp.get(first["address"]).content.decode()
    said = {**SAID, "history": "Three years", "request_version": str(first["version"]), "save": "1"}
    second = gp.post(first["address"], said, headers=asked).json()
    assert second["address"] == first["address"]
    assert second["version"] > first["version"]
    assert gp.post(first["address"], said, headers=asked).status_code == 409
    assert "Three years" in gp.get(first["address"]).content.decode()


def test_the_code_of_a_known_problem_is_filled_in(at_work: dict[str, Client]) -> None:
    put("Condition", "knee", subject={"reference": "Patient/kari"},
        clinicalStatus={"coding": [{"code": "active",
            "system": "http://terminology.hl7.org/CodeSystem/condition-clinical"}]},
        code={"coding": [{"system": codes.ICPC2, "code": "L90"}], "text": "Osteoarthritis"})  # fmt: skip
    address = send(at_work["gp"], diagnosis_code="")
    assert stands(the_id(address)).referral.content.diagnosis_code == "L90"


def test_a_form_of_another_patient_writes_nothing(at_work: dict[str, Client]) -> None:
    """INV-44: the id on the page differs from that of the address."""
    gp, doctor = at_work["gp"], at_work["doctor"]
    assert gp.post(NEW, {**SAID, "patient": "ola", "send": "1"}).status_code == 409
    assert tasks(codes.REFERRAL_TASK) == []
    address = send(gp)
    hidden = form_of(doctor.get(address).content.decode(), "reject")
    answer = doctor.post(f"{address}reject/", {**hidden, "patient": "ola", "reason": "No"})
    assert answer.status_code == 409
    assert stands(the_id(address)).referral.state is State.TO_ASSESS


def test_what_is_missing_is_said_at_its_field_and_nothing_is_lost(
    at_work: dict[str, Client],
) -> None:
    answer = at_work["gp"].post(NEW, {**SAID, "diagnosis": "", "send": "1"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_diagnosis-error"' in page
    assert "Pain for two years" in page
    assert tasks(codes.REFERRAL_TASK) == []


def test_a_receiver_who_cannot_receive_is_blocked_with_alternatives(
    at_work: dict[str, Client],
) -> None:
    """INV-4 on the page: an outsider without the message is not sent anything."""
    put("Organization", "outside", name="Outside",
        meta={"tag": [{"system": PARTICIPATION, "code": OUTSIDER}]})  # fmt: skip
    service("skin", "outside", "Skin clinic")
    answer = at_work["gp"].post(NEW, {**SAID, "receiver": "HealthcareService/skin", "send": "1"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'name="instead" value="{ORTHO}"' in page
    assert tasks(codes.REFERRAL_TASK) == []
    chosen = at_work["gp"].post(NEW, {**SAID, "receiver": "x", "instead": ORTHO}).content.decode()
    assert 'value="Orthopaedic clinic' in chosen.partition('name="receiver"')[2].partition(">")[0]
    assert "Pain for two years" in chosen


def test_part_of_a_name_chooses_nobody_and_those_it_fits_are_offered(
    at_work: dict[str, Client],
) -> None:
    """INV-6: what is typed never becomes a receiver that nobody pointed at."""
    gp = at_work["gp"]
    fits = gp.post(NEW, {**SAID, "receiver": "ortho", "send": "1"})
    assert fits.status_code == 422
    assert f'name="instead" value="{ORTHO}"' in fits.content.decode()
    nobody = gp.post(NEW, {**SAID, "receiver": "Surgical", "send": "1"})
    assert nobody.status_code == 422
    page = nobody.content.decode()
    assert "Ingen er valgt" in page
    assert 'name="instead"' not in page
    assert 'value="Surgical"' in page
    assert tasks(codes.REFERRAL_TASK) == []


def test_a_receiver_chosen_from_the_list_by_its_whole_name_gets_the_referral(
    at_work: dict[str, Client],
) -> None:
    page = at_work["gp"].get(NEW).content.decode()
    (name,) = re.findall(r'<option value="(Orthopaedic clinic[^"]*)">', page)
    address = send(at_work["gp"], receiver=name)
    assert stands(the_id(address)).referral.receiver == ORTHO


def test_a_draft_saved_while_a_name_is_half_typed_keeps_the_rest(
    at_work: dict[str, Client],
) -> None:
    gp, asked = at_work["gp"], {"Accept": "application/json"}
    first = gp.post(NEW, {**SAID, "receiver": "ortho", "save": "1"}, headers=asked)
    assert first.status_code == 200
    assert stands(the_id(first.json()["address"].removesuffix("edit/"))).referral.receiver == ""


def test_secretary_asks_and_books_but_does_not_assess(at_work: dict[str, Client]) -> None:
    address = send(at_work["gp"])
    page = at_work["secretary"].get(address).content.decode()
    assert f"{address}ask/" in page
    assert f"{address}accept/" not in page
    assert take(at_work["doctor"], address, "accept", outcome="2", urgency="routine",
                care_by="2999-01-01").status_code == 302  # fmt: skip
    page = at_work["secretary"].get(address).content.decode()
    assert f"{address}allocate/" in page
    booked = take(at_work["secretary"], address, "allocate", day="2998-01-01", at="10:30",
                  minutes="30")  # fmt: skip
    assert booked.status_code == 302
    assert stands(the_id(address)).referral.state is State.CALLED_IN
    assert "01.01.2998 10:30" in at_work["gp"].get(address).content.decode()
    ended = take(at_work["secretary"], address, "end", code="1")
    assert ended["Location"] == "/referrals/"
    assert stands(the_id(address)).referral.state is State.ENDED


def test_question_and_answer_go_between_office_and_gp(at_work: dict[str, Client]) -> None:
    address = send(at_work["gp"])
    take(at_work["secretary"], address, "ask", text="Any X-ray?")
    assert "Any X-ray?" in at_work["gp"].get("/referrals/sent/").content.decode()
    answer = take(at_work["gp"], address, "answer", text="Yes, in May")
    assert answer.status_code == 302
    assert "Yes, in May" in at_work["doctor"].get(address).content.decode()


def test_who_comes_second_keeps_what_was_typed(at_work: dict[str, Client]) -> None:
    """INV-46: nothing is overwritten, and nothing typed is lost."""
    address = send(at_work["gp"])
    hidden = form_of(at_work["doctor"].get(address).content.decode(), "ask")
    take(at_work["secretary"], address, "ask", text="Any X-ray?")
    answer = at_work["doctor"].post(f"{address}reject/", {**hidden, "reason": "Try exercise"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Try exercise" in page
    assert stands(the_id(address)).referral.state is State.ASKED
    again = form_of(page, "reject")
    assert at_work["doctor"].post(f"{address}reject/", {**again, "reason": "x"}).status_code == 302


def test_a_deadline_behind_is_said_at_its_field(at_work: dict[str, Client]) -> None:
    address = send(at_work["gp"])
    answer = take(at_work["doctor"], address, "accept", outcome="2", urgency="routine",
                  care_by="2020-01-01")  # fmt: skip
    assert answer.status_code == 422
    assert 'id="accept-care_by-error"' in answer.content.decode()


def test_the_record_tab_lists_the_referrals_of_the_patient(at_work: dict[str, Client]) -> None:
    address = send(at_work["gp"])
    page = at_work["gp"].get("/patients/kari/referrals/").content.decode()
    assert address in page
    assert NEW in page
    assert NEW not in at_work["secretary"].get("/patients/kari/referrals/").content.decode()


def test_the_overview_shows_open_referrals_with_their_state(at_work: dict[str, Client]) -> None:
    assert 'id="referrals-title"' not in at_work["gp"].get("/patients/kari/").content.decode()
    address = send(at_work["gp"])
    page = at_work["gp"].get("/patients/kari/").content.decode()
    assert 'id="referrals-title"' in page
    assert address in page
    take(at_work["gp"], address, "cancel", reason="Moved")
    assert address not in at_work["gp"].get("/patients/kari/").content.decode()


def test_the_worklist_takes_few_queries_however_long_it_is(
    at_work: dict[str, Client], django_assert_max_num_queries: Any
) -> None:
    for _ in range(4):
        send(at_work["gp"])
    with django_assert_max_num_queries(15):  # ui.md section 11
        page = at_work["secretary"].get("/referrals/").content.decode()
    assert "(4)" in page


def test_a_referral_of_another_patient_is_not_shown_under_this_one(
    at_work: dict[str, Client],
) -> None:
    address = send(at_work["gp"]).replace("/kari/", "/ola/")
    assert at_work["gp"].get(address).status_code == 404


def test_gp_changes_and_takes_back_what_was_sent(at_work: dict[str, Client]) -> None:
    address = send(at_work["gp"])
    said = {**SAID, "what": "Assessment of the hip", "request_version": "1", "task_version": "1"}
    assert at_work["gp"].post(f"{address}edit/", {**said, "change": "1"}).status_code == 302
    assert "Assessment of the hip" in at_work["doctor"].get(address).content.decode()
    assert take(at_work["gp"], address, "cancel", reason="Moved").status_code == 302
    assert stands(the_id(address)).referral.state is State.CANCELLED
    assert address not in at_work["doctor"].get("/referrals/").content.decode()


def test_what_is_asked_about_stands_once_and_what_is_late_comes_first(
    at_work: dict[str, Client],
) -> None:
    gp = at_work["gp"]
    asked, late, newest = (send(gp, what=what) for what in ("Asked", "Late", "Newest"))
    take(at_work["secretary"], asked, "ask", text="Any X-ray?")
    task = next(t for t in tasks(codes.REFERRAL_TASK) if the_id(late) in str(t["focus"]))
    members = {name: task[name] for name in task if name not in {"resourceType", "id", "meta"}}
    over = {"restriction": {"period": {"end": "2020-01-01"}}}
    put("Task", task["id"], **(members | over))
    page = gp.get("/referrals/sent/").content.decode()
    assert page.count(f'href="{asked}"') == 1
    assert 0 < page.index(asked) < page.index(late) < page.index(newest)
