"""Who calls or comes to the out-of-hours clinic, how urgent it is, who sees to her, how it ended."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection as django_connection

from fellesjournal.access.blocks.actions import make_block
from fellesjournal.access.blocks.derive import Block
from fellesjournal.access.citizens import citizen
from fellesjournal.access.openings import break_glass
from fellesjournal.care.citizens.queries import person_of
from fellesjournal.care.triage import actions, queries
from fellesjournal.care.triage.codes import Urgency, Way
from fellesjournal.care.triage.refusals import ContactRefused, Why
from fellesjournal.fhir.issues import NotAllowed, NotFound, PreconditionFailed
from fellesjournal.foundation import clock
from tests.care.triage.world import ADVICE, World, clinic_unit, encounter, names, now
from tests.staff import employ, put, staff


def test_who_comes_stands_on_the_board_by_urgency_then_by_time(clinic: World) -> None:
    start = clock.now()
    for minutes, patient, urgency in (
        (0, "anna", Urgency.GREEN), (2, "bo", Urgency.YELLOW), (4, "cecilie", Urgency.YELLOW),
    ):  # fmt: skip
        with clock.at(start + timedelta(minutes=minutes)):
            clinic.take_in(patient, urgency=urgency)
    with clock.at(start + timedelta(minutes=30)):
        board = queries.board(clinic.doctor)
        assert names(board.waiting) == ["bo", "cecilie", "anna"]
        assert [each.minutes for each in board.waiting] == [28, 26, 30]
        assert {each.owner for each in board.waiting} == {"solveig"}
        assert board.count == 3


def test_who_has_not_been_triaged_stands_before_all_but_red(clinic: World) -> None:
    clinic.take_in("anna", urgency=Urgency.UNSET)
    clinic.take_in("bo", urgency=Urgency.ORANGE)
    clinic.take_in("cecilie", urgency=Urgency.RED)
    board = queries.board(clinic.nurse)
    assert names(board.waiting) == ["cecilie", "anna", "bo"]


def test_contact_opens_the_closed_record_to_the_clinic_and_to_nobody_else(clinic: World) -> None:
    employ("ward-doctor", "doctor", "ward")
    for session in (clinic.nurse, clinic.doctor):
        with pytest.raises(NotFound):
            person_of(session, "anna")
    clinic.take_in("anna")
    for session in (clinic.nurse, clinic.doctor):
        assert person_of(session.again(), "anna").id == "anna"
    with pytest.raises(NotFound):
        person_of(staff("ward-doctor", "doctor", "ward"), "anna")
    with pytest.raises(NotFound):
        person_of(clinic.nurse.again(), "bo")


def test_contact_is_an_emergency_encounter_whose_history_tells_each_step(clinic: World) -> None:
    contact = clinic.take_in(way=Way.COMES_IN)
    actions.arrive(clinic.nurse, patient="anna", contact_id=contact.id)
    clinic.triage(contact, Urgency.ORANGE, "Blek og klam")
    clinic.take(contact)
    clinic.end(contact)
    data, _ = encounter(contact)
    assert data["class"]["code"] == "EMER"
    assert data["priority"]["coding"][0]["code"] == "orange"
    assert [each["status"] for each in data["statusHistory"]] == [
        "planned", "arrived", "triaged", "in-progress", "finished",
    ]  # fmt: skip
    assert all(each["period"].get("end") for each in data["statusHistory"])
    found = queries.triages_of(clinic.doctor.again(), now(contact))
    assert [(each.urgency, each.by, each.words) for each in found] == [
        (Urgency.ORANGE, "solveig", "Blek og klam"),
        (Urgency.YELLOW, "solveig", ""),
    ]


def test_inv_8_form_sent_twice_takes_her_in_once(clinic: World) -> None:
    first = clinic.take_in(number="5d3f5b7c")
    assert clinic.take_in(number="5d3f5b7c").id == first.id
    with pytest.raises(ContactRefused) as refused:
        clinic.take_in(number="another")
    assert (refused.value.why, refused.value.contact) == (Why.ALREADY_WAITS, first.id)
    clinic.end(first)
    assert clinic.take_in(number="5d3f5b7c").id == first.id
    assert queries.board(clinic.nurse).count == 0


def test_who_is_expected_has_waited_since_the_call_until_she_comes(clinic: World) -> None:
    start = clock.now()
    with clock.at(start):
        contact = clinic.take_in(way=Way.HOME_VISIT)
    with clock.at(start + timedelta(minutes=20)):
        (row,) = queries.board(clinic.nurse).waiting
        assert (row.minutes, row.contact.is_expected) == (20, True)
        came = actions.arrive(clinic.nurse, patient="anna", contact_id=contact.id)
        assert came.is_here
        with pytest.raises(ContactRefused):
            actions.arrive(clinic.nurse, patient="anna", contact_id=contact.id)
    with clock.at(start + timedelta(minutes=25)):
        assert queries.board(clinic.nurse).waiting[0].minutes == 5


def test_who_waits_longer_than_the_limit_of_her_urgency_is_marked(clinic: World) -> None:
    start = clock.now()
    with clock.at(start):
        clinic.take_in("anna", urgency=Urgency.YELLOW)
        clinic.take_in("bo", urgency=Urgency.GREEN)
    with clock.at(start + timedelta(minutes=61)):
        board = queries.board(clinic.nurse)
        assert [each.is_over for each in board.waiting] == [True, False]
        assert board.over == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_doctors_who_take_the_same_patient_one_gets_her_and_the_other_is_told(
    clinic: World,
) -> None:
    contact = clinic.take_in()
    ready, outcomes = threading.Barrier(2), []

    def run(name: str) -> None:
        ready.wait()
        try:
            taken = clinic.take(contact, staff(name, "doctor", "legevakt"))
            outcomes.append(("has her", taken.owner.name))
        except ContactRefused as refused:
            outcomes.append((str(refused.why), refused.who))
        finally:
            django_connection.close()

    both = [threading.Thread(target=run, args=[name]) for name in ("sindre", "tone")]
    for each in both:
        each.start()
    for each in both:
        each.join()
    (_, winner), (_, told) = sorted(outcomes)
    assert sorted(what for what, _ in outcomes) == ["has her", "taken"]
    assert winner == told == now(contact).owner.name


def test_who_is_taken_can_be_taken_over_by_name_and_handed_back(clinic: World) -> None:
    contact = clinic.take(clinic.take_in())
    assert clinic.take(contact).version == contact.version
    taken = clinic.take(contact, clinic.other, instead_of="Practitioner/sindre")
    assert taken.owner.name == "tone"
    board = queries.board(clinic.nurse)
    assert (names(board.waiting), names(board.taken), board.count) == ([], ["anna"], 1)
    back = actions.hand_back(clinic.nurse, patient="anna", contact_id=contact.id)
    assert (back.status, back.owner.name) == ("triaged", "Legevakta")
    (row,) = queries.board(clinic.nurse).waiting
    assert (row.owner, row.is_units) == ("Legevakta", True)
    with pytest.raises(ContactRefused):
        actions.hand_back(clinic.nurse, patient="anna", contact_id=contact.id)


def test_who_answers_and_goes_leaves_the_waiting_to_the_unit(clinic: World) -> None:
    clinic.take_in()
    assert queries.board(clinic.doctor).waiting[0].owner == "solveig"
    employ("solveig", "nurse", "elsewhere")
    put(
        "PractitionerRole", "solveig-role", active=False,
        practitioner={"reference": "Practitioner/solveig"},
        organization={"reference": "Organization/legevakt"},
    )  # fmt: skip
    (row,) = queries.board(clinic.doctor).waiting
    assert (row.owner, row.is_units) == ("Legevakta", True)


def test_she_leaves_the_board_by_an_outcome_with_who_said_it(clinic: World) -> None:
    contact = clinic.take_in()
    with pytest.raises(ContactRefused) as refused:
        clinic.end(contact, "advice", "Ok")
    assert refused.value.why is Why.NO_WORDS
    over = clinic.end(contact)
    assert (over.outcome, over.words, over.outcome_by) == ("advice", ADVICE, "sindre")
    assert queries.board(clinic.nurse).count == 0
    with pytest.raises(ContactRefused) as refused:
        clinic.take(contact)
    assert refused.value.why is Why.OVER


def test_who_left_without_being_seen_is_ended_by_somebody_too(clinic: World) -> None:
    over = clinic.end(clinic.take_in(), "left", "")
    assert (over.status, over.outcome, over.outcome_by) == ("finished", "left", "sindre")


def test_mistake_is_entered_in_error_and_told_in_words(clinic: World) -> None:
    over = clinic.end(clinic.take_in(), "registered-by-mistake", "Feil pasient valgt i listen.")
    assert over.status == "entered-in-error"
    assert queries.board(clinic.nurse).count == 0


def test_stale_page_neither_ends_nor_triages(clinic: World) -> None:
    contact = clinic.take_in()
    clinic.triage(contact, Urgency.RED)
    with pytest.raises(PreconditionFailed):
        actions.end(
            clinic.doctor, patient="anna", contact_id=contact.id, seen=contact.version,
            outcome="left",
        )  # fmt: skip
    with pytest.raises(PreconditionFailed):
        actions.set_urgency(
            clinic.nurse, patient="anna", contact_id=contact.id, seen=contact.version,
            urgency=Urgency.GREEN,
        )  # fmt: skip
    assert now(contact).urgency is Urgency.RED


def test_level_that_the_clinic_does_not_use_is_refused(clinic: World) -> None:
    with pytest.raises(ContactRefused) as refused:
        clinic.take_in(urgency=Urgency.BLUE)
    assert refused.value.why is Why.NO_SUCH_LEVEL
    with pytest.raises(ContactRefused):
        clinic.take_in(reason="  ")


def test_other_units_and_other_roles_take_no_calls_and_do_nothing_here(clinic: World) -> None:
    contact = clinic.take_in("anna")
    employ("jorid", "secretary", "legevakt")
    clinic_unit()
    for session in (clinic.gp, staff("jorid", "secretary", "legevakt")):
        with pytest.raises((NotAllowed, NotFound)):
            actions.register(
                session, patient="bo", number="x", way=Way.HERE, reason="Hoste",
            )  # fmt: skip
    with pytest.raises(ContactRefused) as refused:
        clinic.take(contact, clinic.gp)
    assert refused.value.why is Why.NOT_HERE
    with pytest.raises(NotFound):
        actions.take(clinic.doctor, patient="bo", contact_id=contact.id)


def test_inv_12_who_has_closed_her_record_to_the_clinic_waits_on_the_board_unnamed(
    clinic: World,
) -> None:
    make_block(citizen("anna"), Block(holders=(("Organization", "legevakt"),)), {})
    clinic.take_in("anna", urgency=Urgency.RED, reason="Brystsmerter")
    clinic.take_in("bo")
    board = queries.board(clinic.doctor.again())
    first, second = board.waiting
    assert (first.contact.is_closed, first.contact.urgency) == (True, Urgency.RED)
    assert (first.contact.patient, first.contact.id, first.contact.reason) == ("", "", "")
    assert (second.contact.is_closed, board.count) == (False, 2)
    with pytest.raises(NotFound):
        person_of(clinic.doctor.again(), "anna")


def test_inv_12_contact_taken_in_under_emergency_access_stays_on_her_own_board(
    clinic: World,
) -> None:
    start = clock.now()
    with clock.at(start):
        break_glass(clinic.nurse, "anna", "urgent-care", "Pasienten ringer og er svimmel")
        clinic.take_in("anna")
    with clock.at(start + timedelta(hours=5)):
        (row,) = queries.board(clinic.nurse.again()).waiting
        assert (row.contact.is_closed, row.contact.patient) == (False, "Patient/anna")
