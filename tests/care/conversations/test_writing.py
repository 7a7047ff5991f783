"""A citizen writes to those who follow her; what she writes awaits a unit, always."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from fellesjournal.access import citizens
from fellesjournal.access.sessions import Session
from fellesjournal.care.conversations import actions, jobs
from fellesjournal.care.conversations.actions import MessageRefused
from fellesjournal.care.conversations.queries import addressees, own_conversations, queue, unread
from fellesjournal.fhir.issues import NotAllowed
from fellesjournal.foundation import clock
from tests.care.conversations.cast import (
    HOME,
    NOON,
    OFFICE,
    answer,
    citizen,
    handle,
    hers,
    home_care,
    row,
    task,
    unit,
    workplace,
    write,
)
from tests.staff import SYSTEM, put, staff

pytestmark = pytest.mark.django_db

Cast = dict[str, Session]


@pytest.fixture
def at() -> Cast:
    """Those at work."""
    return workplace()


@pytest.fixture
def kari(at: Cast) -> Session:
    """A citizen of 82 on the list of the GP."""
    del at
    return citizen()


def _names(session: Session) -> list[str]:
    return [each.name for each in addressees(session)]


def test_she_may_write_to_her_gp_first_and_to_home_care_while_it_is_granted(kari: Session) -> None:
    assert _names(kari) == ["Office"]
    home_care()
    assert _names(kari) == ["Office", "Home"]
    put("EpisodeOfCare", "service", status="cancelled", patient={"reference": "Patient/kari"})
    assert _names(kari) == ["Office"]


def test_a_ward_can_be_written_to_during_a_stay_and_for_a_while_after_it(kari: Session) -> None:
    stay = {
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"},
        "subject": {"reference": "Patient/kari"},
        "serviceProvider": {"reference": "Organization/ward"},
    }
    with clock.at(NOON):
        put("Encounter", "stay", status="in-progress", period={"start": "2026-05-01"}, **stay)
        assert _names(kari.again()) == ["Office", "Ward"]
        put(
            "Encounter", "stay", status="finished",
            period={"start": "2026-05-01", "end": "2026-05-04"}, **stay,
        )  # fmt: skip
        assert _names(kari.again()) == ["Office", "Ward"]
    with clock.at(datetime(2026, 6, 20, tzinfo=UTC)):
        assert _names(kari.again()) == ["Office"]


def test_an_out_of_hours_clinic_is_phoned_not_written_to(kari: Session) -> None:
    unit("night", "out-of-hours")
    put(
        "Encounter", "night", status="finished", period={"start": clock.now().isoformat()},
        **{"class": {"code": "AMB"}},
        subject={"reference": "Patient/kari"}, serviceProvider={"reference": "Organization/night"},
    )  # fmt: skip
    assert _names(kari) == ["Office"]


def test_who_works_at_two_units_makes_only_her_list_office_one_to_write_to(kari: Session) -> None:
    put(
        "PractitionerRole", "gp-night", practitioner={"reference": "Practitioner/gp"},
        organization={"reference": "Organization/ward"},
        code=[{"coding": [{"system": "https://fellesjournal.example/fhir/CodeSystem/staff-role",
                           "code": "out-of-hours-doctor"}]}],
    )  # fmt: skip
    put("Patient", "kari", birthDate="1944-03-14",
        generalPractitioner=[{"reference": "Practitioner/gp"}])  # fmt: skip
    assert _names(kari.again()) == ["Office"]


def test_what_she_writes_awaits_the_unit_with_a_deadline_and_its_count_is_the_queue(
    at: Cast, kari: Session
) -> None:
    with clock.at(NOON):
        write(kari)
        found = row(at["gp"])
        assert (found.patient_name, found.title, found.is_mine) == ("Kari Nesvoll", "Resept", False)
        assert found.task.unit == found.task.owner == OFFICE
        # five working days after Monday 4 May: the end of Monday 11 May in Norway
        assert found.task.deadline == datetime(2026, 5, 11, 22, tzinfo=UTC)
        assert hers(kari).answer_by == found.task.deadline
        assert [each.task.id for each in queue(at["secretary"])] == [found.task.id]
        assert queue(at["nurse"]) == queue(at["stranger"]) == []


def test_the_answer_is_unread_until_she_opens_it_and_leaves_the_queue(
    at: Cast, kari: Session
) -> None:
    written = write(kari)
    assert unread(kari) == []
    answer(at["gp"], written)
    assert queue(at["gp"]) == []
    (waiting,) = unread(kari)
    assert waiting.last.words == "Den er fornyet."
    assert (waiting.last.sender_name, waiting.last.unit_name) == ("Gp", "Office")
    actions.note_opened(kari, waiting)
    handle()
    assert unread(kari) == []


def test_what_was_answered_meanwhile_is_unread_still(at: Cast, kari: Session) -> None:
    written = write(kari)
    answer(at["gp"], written)
    seen = hers(kari)
    answer(at["secretary"], written, "Og timen er satt opp.", key="b")
    actions.note_opened(kari, seen)
    handle()
    assert [each.words for each in hers(kari).unread(kari.person)] == ["Og timen er satt opp."]


def test_she_writes_more_and_the_one_task_asks_again(at: Cast, kari: Session) -> None:
    written = write(kari)
    answer(at["gp"], written)
    actions.write_more(
        kari, conversation_id=written, words="Takk. Og en ting til?", key="k2", by_name="Kari"
    )
    handle()
    found = row(at["gp"])
    assert found.is_mine  # who answered before has it again
    assert len(found.task.messages) == 2
    assert task(at["gp"], written).id == found.task.id


def test_writing_twice_does_not_put_off_the_deadline(at: Cast, kari: Session) -> None:
    with clock.at(NOON):
        written = write(kari)
        first = row(at["gp"]).task.deadline
    with clock.at(datetime(2026, 5, 6, 10, tzinfo=UTC)):
        actions.write_more(
            kari.again(), conversation_id=written, words="Hallo?", key="k2", by_name="Kari"
        )
        handle()
        assert row(at["gp"].again()).task.deadline == first
        assert hers(kari.again()).answer_by == first


def test_the_same_form_sent_twice_is_one_message(at: Cast, kari: Session) -> None:
    assert write(kari) == write(kari)
    assert len(own_conversations(kari)) == 1
    assert len(hers(kari).messages) == 1
    assert len(queue(at["gp"])) == 1


def test_a_message_told_of_again_has_one_task(at: Cast, kari: Session) -> None:
    written = write(kari)
    for _ in range(3):
        jobs.written(SYSTEM, {"resource": f"Communication/{written}"})
    handle()
    assert len(row(at["gp"]).task.messages) == 1


def test_a_message_that_nobody_told_of_is_found_by_the_clock(at: Cast, kari: Session) -> None:
    actions.begin(kari, unit=OFFICE, title="Resept", words="Hei", key="k", by_name="Kari")
    assert queue(at["gp"]) == []
    jobs.tend(SYSTEM)
    assert len(queue(at["gp"])) == 1


@pytest.mark.parametrize(
    ("title", "words", "unit_", "code"),
    [
        ("", "Hei", OFFICE, "no-title"),
        ("Resept", "  ", OFFICE, "no-words"),
        ("Resept", "x" * 4001, OFFICE, "too-long"),
        ("x" * 121, "Hei", OFFICE, "too-long"),
        ("Resept", "Hei", HOME, "no-unit"),
        ("Resept", "Hei", "Organization/none", "no-unit"),
    ],
)
def test_what_can_not_be_sent_is_refused_with_a_reason(
    kari: Session, title: str, words: str, unit_: str, code: str
) -> None:
    with pytest.raises(MessageRefused) as refused:
        actions.begin(kari, unit=unit_, title=title, words=words, key="k", by_name="Kari")
    assert refused.value.code == code
    assert own_conversations(kari) == []


def test_in_a_closed_conversation_nothing_more_is_written(at: Cast, kari: Session) -> None:
    written = write(kari)
    found = task(at["gp"], written)
    actions.end(
        at["gp"], patient=found.patient, task=found.id, seen=found.version, outcome="phoned",
        words="", by_name="Gp",
    )  # fmt: skip
    handle()
    closed = hers(kari)
    assert (closed.is_closed, closed.outcome) == (True, "phoned")
    with pytest.raises(MessageRefused):
        actions.write_more(kari, conversation_id=written, words="Hei", key="k2", by_name="Kari")


def test_what_she_writes_as_it_is_being_closed_opens_it_again(at: Cast, kari: Session) -> None:
    written = write(kari)
    actions.write_more(kari, conversation_id=written, words="Og?", key="k2", by_name="Kari")
    found = task(at["gp"], written)
    # the colleague's page is from before, and the message is not on the Task yet
    with pytest.raises(Exception, match="written more"):
        actions.end(
            at["gp"], patient=found.patient, task=found.id, seen=found.version, outcome="phoned",
            words="", by_name="Gp",
        )  # fmt: skip
    handle()
    assert not hers(kari).is_closed
    assert len(row(at["gp"]).task.messages) == 2


def test_nobody_else_reads_her_messages(at: Cast, kari: Session) -> None:
    written = write(kari)
    citizen("ola")
    assert own_conversations(citizens.citizen("ola")) == []
    with pytest.raises(NotAllowed):
        citizens.citizen("ola", "kari")
    with pytest.raises(Exception, match="not known"):
        actions.take(
            staff("stranger", "hospital-doctor", "ward"), patient="Patient/kari",
            task=task(at["gp"], written).id, seen=1, by_name="X",
        )  # fmt: skip
