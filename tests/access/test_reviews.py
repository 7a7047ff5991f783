"""Every broken glass comes before a leader, and before nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from fellesjournal.access import records
from fellesjournal.access.openings import Opening, break_glass
from fellesjournal.access.policy.areas import Area
from fellesjournal.access.policy.opening import RULES
from fellesjournal.access.policy.roles import role_codes
from fellesjournal.access.readlog.acts import Act
from fellesjournal.access.readlog.queries import lines, number_of
from fellesjournal.access.review_decisions import answer, decide
from fellesjournal.access.reviews import Outcome, own, reviews
from fellesjournal.access.sessions import Session, staff_session
from fellesjournal.fhir.issues import BadRequest, FhirError, NotAllowed, NotFound
from fellesjournal.foundation import clock
from tests.staff import SYSTEM, employ, put, register

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
WORDS = "Found unconscious at the bus stop"


@pytest.fixture
def nurse(db: None) -> Iterator[Session]:
    del db
    with clock.at(NOW):
        found = employ("n", "nurse")
        register("p", birthDate="1950-01-01", name=[{"family": "Vik", "given": ["Per"]}])
        yield found


@pytest.fixture
def opening(nurse: Session) -> Opening:
    return break_glass(nurse.again(), "p", "danger", WORDS)


@pytest.fixture
def leader(nurse: Session) -> Session:
    del nurse
    return employ("l", "unit-leader")


def test_leader_sees_who_when_why_and_what_kind_of_information(
    nurse: Session, opening: Opening, leader: Session
) -> None:
    put("Condition", "c", subject={"reference": "Patient/p"}, code={"text": "Diabetes"})
    records.read(nurse.again(), "Condition", "c")
    (review,) = reviews(leader.again())
    assert (review.patient, review.birth_year) == ("Per Vik", "1950")
    assert (review.by, review.role, review.unit) == ("n", "nurse", "Unit u")
    assert (review.reason_code, review.reason) == ("danger", WORDS)
    assert (review.starts, review.ends) == (opening.starts, opening.ends)
    assert Area.HEALTH in review.seen
    assert Area.MEDICATION not in review.seen
    assert review.is_open
    assert "Diabetes" not in repr(review)


def test_leader_has_no_way_into_the_record_itself(opening: Opening, leader: Session) -> None:
    for name, fhir_id in (("Patient", "p"), ("Task", opening.task)):
        with pytest.raises(NotFound):
            records.read(leader.again(), name, fhir_id)


def test_being_reviewed_leaves_a_line_too(opening: Opening, leader: Session) -> None:
    del opening
    reviews(leader.again())
    database = SYSTEM.connection()
    (line,) = lines(database, patient=number_of(database, "Patient/p"), person="Practitioner/l")
    assert (line.act, line.who.purpose) == (Act.REVIEW, "HOPERAT")


@pytest.mark.parametrize(
    "code", sorted(set(role_codes()) - {"unit-leader", "data-protection-officer"})
)
def test_nobody_else_reviews(opening: Opening, code: str) -> None:
    other = employ("other", code)
    with pytest.raises(NotAllowed):
        reviews(other.again())
    with pytest.raises(FhirError):
        decide(other.again(), opening.task, 1, Outcome.JUSTIFIED)


def test_leader_of_another_unit_sees_nothing_of_it(opening: Opening) -> None:
    other = employ("other", "unit-leader", unit="v")
    assert reviews(other.again()) == []
    with pytest.raises(NotFound):
        decide(other.again(), opening.task, 1, Outcome.JUSTIFIED)


def test_leader_of_what_the_unit_belongs_to_reviews_it(opening: Opening) -> None:
    above = employ("above", "unit-leader", unit="whole")
    assert reviews(above.again()) == []
    put("Organization", "u", name="Unit u", partOf={"reference": "Organization/whole"})
    assert [review.task for review in reviews(above.again())] == [opening.task]


def test_data_protection_officer_sees_all(opening: Opening) -> None:
    officer = employ("o", "data-protection-officer", unit="far")
    assert [review.task for review in reviews(officer.again())] == [opening.task]


def test_nobody_reviews_herself(opening: Opening) -> None:
    put("PractitionerRole", "n-leads", practitioner={"reference": "Practitioner/n"},
        organization={"reference": "Organization/u"},
        code=[{"coding": [{"system": "https://fellesjournal.example/fhir/CodeSystem/staff-role",
                           "code": "unit-leader"}]}])  # fmt: skip
    leads = staff_session(
        practitioner="Practitioner/n", role_id="n-leads", role="unit-leader", unit="Organization/u"
    )
    assert reviews(leads.again()) == []
    with pytest.raises(NotFound):
        decide(leads.again(), opening.task, 1, Outcome.JUSTIFIED)


def test_decision_ends_the_review_and_says_who_decided(opening: Opening, leader: Session) -> None:
    employ("o", "data-protection-officer", unit="far")
    decide(leader.again(), opening.task, 1, Outcome.NOT_JUSTIFIED, "He was known to another ward")
    (review,) = reviews(leader.again())
    assert (review.outcome, review.is_open) == (Outcome.NOT_JUSTIFIED, False)
    assert [(note.by, note.at, note.text) for note in review.notes] == [
        ("l", NOW, "He was known to another ward")
    ]
    with pytest.raises(BadRequest):
        decide(leader.again(), opening.task, 2, Outcome.JUSTIFIED)


def test_decision_is_logged_as_hers(opening: Opening, leader: Session) -> None:
    decide(leader.again(), opening.task, 1, Outcome.JUSTIFIED)
    database = SYSTEM.connection()
    found = lines(database, patient=number_of(database, "Patient/p"), person="Practitioner/l")
    assert [(line.act, line.type) for line in found] == [(Act.REVIEW, "Task")]


@pytest.mark.parametrize("outcome", [Outcome.NOT_JUSTIFIED, Outcome.ASKED])
def test_refusal_and_question_need_words(
    opening: Opening, leader: Session, outcome: Outcome
) -> None:
    with pytest.raises(BadRequest):
        decide(leader.again(), opening.task, 1, outcome, "  ")


def test_decision_on_what_was_changed_meanwhile_is_refused(
    opening: Opening, leader: Session
) -> None:
    decide(leader.again(), opening.task, 1, Outcome.ASKED, "Why not call the GP?")
    with pytest.raises(FhirError) as refused:
        decide(leader.again(), opening.task, 1, Outcome.JUSTIFIED)
    assert refused.value.status in {409, 412}


def test_question_goes_to_her_who_did_it_and_her_answer_goes_back(
    nurse: Session, opening: Opening, leader: Session
) -> None:
    with pytest.raises(NotFound):
        answer(nurse.again(), opening.task, 1, "Unasked")
    decide(leader.again(), opening.task, 1, Outcome.ASKED, "Why not call the GP?")
    (mine,) = own(nurse.again())
    assert mine.outcome is Outcome.ASKED
    colleague = employ("c", "nurse")
    assert own(colleague.again()) == []
    with pytest.raises(NotFound):
        answer(colleague.again(), opening.task, 2, "Not mine")
    answer(nurse.again(), opening.task, 2, "It was Sunday")
    (review,) = reviews(leader.again())
    assert review.outcome is None
    assert [note.text for note in review.notes] == ["Why not call the GP?", "It was Sunday"]


def test_review_that_is_not_decided_in_time_is_late(opening: Opening, leader: Session) -> None:
    del opening
    with clock.at(NOW + RULES.reviewed_within - timedelta(seconds=1)):
        assert not reviews(leader.again())[0].is_late
    with clock.at(NOW + RULES.reviewed_within):
        assert reviews(leader.again())[0].is_late


def test_open_reviews_come_first_and_the_oldest_first_of_them(
    nurse: Session, leader: Session
) -> None:
    tasks = []
    for hour in range(3):
        with clock.at(NOW + timedelta(hours=hour)):
            register(f"p{hour}")
            tasks.append(break_glass(nurse.again(), f"p{hour}", "danger", WORDS).task)
    decide(leader.again(), tasks[0], 1, Outcome.JUSTIFIED)
    assert [review.task for review in reviews(leader.again())] == [tasks[1], tasks[2], tasks[0]]
