"""Taking back an answer given in the wrong row: nothing is lost, and it is open again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connections

from fellesjournal.access.acts import act, change, content
from fellesjournal.access.sessions import Session
from fellesjournal.care.homecare.correcting import NothingToTakeBack, take_back
from fellesjournal.care.homecare.planned import Item, State
from fellesjournal.care.homecare.reading_days import everything
from fellesjournal.care.homecare.shifts import Part, close_shift, shift
from fellesjournal.care.homecare.tasks import (
    LEFT_OPEN_AFTER,
    escalate_left_open,
    finish_work,
    unit_work,
)
from fellesjournal.care.homecare.visiting import DosesLeft, action_done, give_dose, not_done
from fellesjournal.fhir.issues import BadRequest, Conflict, FhirError, NotFound
from fellesjournal.foundation import clock
from tests.care.homecare.cast import (
    CARE,
    MEDICINES,
    MORNING,
    PATIENT,
    citizen,
    made,
    plan,
    prescription,
    service,
    standing,
    work_at_home_care,
)
from tests.staff import SYSTEM, staff

AT_EIGHT = MORNING + timedelta(hours=2)


@pytest.fixture
def carer(db: None) -> Iterator[Session]:
    """A carer at eight o'clock, with one visit before her."""
    del db
    with clock.at(MORNING):
        found = _world()
    with clock.at(AT_EIGHT):
        yield found


def _world() -> Session:
    _, found, _ = work_at_home_care()
    citizen()
    service()
    plan(CARE, MEDICINES)
    prescription()
    made()
    return found


def _item(text: str) -> Item:
    return next(item for item in standing()[1] if item.text.startswith(text))


def _told() -> list[str]:
    """The states of the administrations of the citizen."""
    found = everything(SYSTEM, "MedicationAdministration", [("patient", PATIENT)])
    return sorted(str(content(each)["status"]) for each in found)


def _give(session: Session, item: Item | None = None) -> None:
    item = item or _item("Metoprolol")
    order = everything(SYSTEM, "MedicationRequest", [("_id", item.source)])[0]
    give_dose(
        session, patient=PATIENT, item_id=item.id, seen=item.version, order_seen=order.version
    )


def _take_back(session: Session, item: Item, reason: str = "Feil rad") -> None:
    take_back(session, patient=PATIENT, item_id=item.id, seen=item.version, reason=reason)


def test_an_action_ticked_in_the_wrong_row_is_open_again_and_keeps_what_was_said(
    carer: Session,
) -> None:
    item = _item("Stell")
    not_done(carer, patient=PATIENT, item_id=item.id, seen=item.version, reason="Sov")
    with clock.at(AT_EIGHT + timedelta(minutes=4)):
        _take_back(carer, _item("Stell"))
    again = _item("Stell")
    assert (again.state, again.reason, again.by, again.ended) == (State.OPEN, "", "", None)
    (kept,) = again.taken_back
    assert (kept.was_done, kept.words, kept.by) == (False, "Sov", "Practitioner/carer")
    assert (kept.ended, kept.at) == (AT_EIGHT, AT_EIGHT + timedelta(minutes=4))
    assert (kept.taken_by, kept.why) == ("Practitioner/carer", "Feil rad")
    action_done(carer, patient=PATIENT, item_id=again.id, seen=again.version)
    assert (_item("Stell").state, len(_item("Stell").taken_back)) == (State.DONE, 1)


def test_what_was_taken_back_stays_when_the_day_is_made_anew(carer: Session) -> None:
    _give(carer)
    _take_back(carer, _item("Metoprolol"))
    plan(CARE, replace(MEDICINES, ends=MEDICINES.ends.replace(minute=30)))
    made()
    assert _item("Metoprolol").ends.minute == 30
    assert [each.why for each in _item("Metoprolol").taken_back] == ["Feil rad"]


def test_inv_23_a_dose_taken_back_is_told_as_entered_in_error_and_may_be_given_once(
    carer: Session,
) -> None:
    _give(carer)
    _take_back(carer, _item("Metoprolol"))
    assert _told() == ["entered-in-error"]
    found = everything(SYSTEM, "MedicationAdministration", [("patient", PATIENT)])
    assert content(found[0])["note"][0]["text"] == "Feil rad"
    assert content(found[0])["effectiveDateTime"]  # what was written is kept
    _give(carer)
    assert _told() == ["completed", "entered-in-error"]
    _take_back(carer, _item("Metoprolol"), "Feil igjen")
    item = _item("Metoprolol")
    not_done(carer, patient=PATIENT, item_id=item.id, seen=item.version, reason="Kastet opp")
    assert _told() == ["entered-in-error", "entered-in-error", "not-done"]
    assert [each.why for each in _item("Metoprolol").taken_back] == ["Feil rad", "Feil igjen"]


def test_inv_24_with_a_dose_the_action_that_gives_the_medicines_is_open_again(
    carer: Session,
) -> None:
    _give(carer)
    item, other = _item("Medisiner"), _item("Stell")
    action_done(carer, patient=PATIENT, item_id=item.id, seen=item.version)
    action_done(carer, patient=PATIENT, item_id=other.id, seen=other.version)
    _take_back(carer, _item("Metoprolol"))
    assert _item("Medisiner").state is State.OPEN
    assert _item("Medisiner").taken_back[0].was_done
    assert _item("Stell").state is State.DONE
    item = _item("Medisiner")
    with pytest.raises(DosesLeft):
        action_done(carer, patient=PATIENT, item_id=item.id, seen=item.version)


def test_an_answer_is_not_taken_back_without_a_reason_nor_when_there_is_none(
    carer: Session,
) -> None:
    with pytest.raises(NothingToTakeBack):
        _take_back(carer, _item("Stell"))
    _give(carer)
    with pytest.raises(BadRequest):
        _take_back(carer, _item("Metoprolol"), "  ")
    assert _told() == ["completed"]


def test_a_colleague_at_the_unit_takes_back_and_nobody_elsewhere(carer: Session) -> None:
    _give(carer)
    item = _item("Metoprolol")
    with pytest.raises(NotFound):
        _take_back(replace(carer, unit="Organization/elsewhere"), item)
    citizen("other")
    with pytest.raises(NotFound):
        take_back(carer, patient="Patient/other", item_id=item.id, seen=item.version, reason="Feil")
    _take_back(staff("nurse", "home-care-nurse", "home"), item)
    assert _item("Metoprolol").taken_back[0].taken_by == "Practitioner/nurse"
    assert _item("Metoprolol").taken_back[0].by == "Practitioner/carer"


def test_inv_26_a_closed_shift_is_open_again_when_an_answer_of_it_is_taken_back(
    carer: Session,
) -> None:
    _give(carer)
    for name in ("Medisiner", "Stell"):
        item = _item(name)
        action_done(carer, patient=PATIENT, item_id=item.id, seen=item.version)
    close_shift(carer, clock.today(), Part.DAY, seen=[])
    assert shift(carer, clock.today(), Part.DAY).is_settled
    _take_back(carer, _item("Stell"))
    found = shift(carer, clock.today(), Part.DAY)
    assert not found.is_closed
    assert [item.text for item in found.open_items] == ["Stell"]


def test_what_is_taken_back_long_after_is_the_leaders_even_when_she_had_closed_its_visit(
    carer: Session,
) -> None:
    item = _item("Stell")
    action_done(carer, patient=PATIENT, item_id=item.id, seen=item.version)
    leader = staff("leader", "unit-leader", "home")
    with clock.at(AT_EIGHT + LEFT_OPEN_AFTER + timedelta(hours=3)):
        escalate_left_open(SYSTEM)  # the doses were left open
        (work,) = unit_work(leader)
        finish_work(leader, patient=PATIENT, task_id=work.id, seen=work.version, words="Snakket")
        _take_back(carer, _item("Stell"))
        escalate_left_open(SYSTEM)
        escalate_left_open(SYSTEM)
        assert [each.words for each in unit_work(leader)] == ["Stell"]


def test_what_a_decision_has_ended_meanwhile_is_not_offered_again(carer: Session) -> None:
    _give(carer)
    _take_back(carer, _item("Metoprolol"))
    prescription(status="stopped")
    made()
    assert _item("Metoprolol").state is State.CANCELLED
    assert _told() == ["entered-in-error"]


def _at_once(*acts: Callable[[], None]) -> list[FhirError]:
    """Do these at the same moment, each on a connection of its own; the refusals."""
    refused: list[FhirError] = []
    together = threading.Barrier(len(acts))

    def do(one: Callable[[], None]) -> None:
        with clock.at(AT_EIGHT):
            together.wait()
            try:
                one()
            except FhirError as error:
                refused.append(error)
        connections.close_all()

    threads = [threading.Thread(target=do, args=[each]) for each in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


@pytest.fixture
def at_work(empty_record: None) -> Iterator[Session]:
    """As ``carer``, for what happens on two connections at once."""
    del empty_record
    with clock.at(MORNING):
        found = _world()
    with clock.at(AT_EIGHT):
        yield found


@pytest.mark.parametrize("_round", range(3))
def test_two_who_take_back_at_once_take_back_once(at_work: Session, _round: int) -> None:
    _give(at_work)
    item, nurse = _item("Metoprolol"), staff("nurse", "home-care-nurse", "home")
    refused = _at_once(lambda: _take_back(at_work, item), lambda: _take_back(nurse, item))
    assert [error.status in {409, 412} for error in refused] == [True]
    assert len(_item("Metoprolol").taken_back) == 1
    assert _told() == ["entered-in-error"]


@pytest.mark.parametrize("_round", range(3))
def test_inv_23_taken_back_and_given_at_once_list_and_administrations_agree(
    at_work: Session, _round: int
) -> None:
    _give(at_work)
    item, nurse = _item("Metoprolol"), staff("nurse", "home-care-nurse", "home")

    def give_again() -> None:
        for _ in range(20):  # as somebody who looks again until it is open
            found = _item("Metoprolol")
            if found.state is State.OPEN:
                _give(nurse, found)
                return

    _at_once(lambda: _take_back(at_work, item), give_again)
    stands = [each for each in _told() if each != "entered-in-error"]
    if _item("Metoprolol").state is State.OPEN:
        assert stands == []
    else:
        assert stands == ["completed"]
    assert len(_told()) == len(stands) + len(_item("Metoprolol").taken_back)


@pytest.mark.parametrize("_round", range(3))
def test_inv_24_taken_back_while_somebody_ends_what_gives_the_medicines(
    at_work: Session, _round: int
) -> None:
    _give(at_work)
    item, giving = _item("Metoprolol"), _item("Medisiner")
    nurse = staff("nurse", "home-care-nurse", "home")
    _at_once(
        lambda: _take_back(at_work, item),
        lambda: action_done(nurse, patient=PATIENT, item_id=giving.id, seen=giving.version),
    )
    states = (_item("Metoprolol").state, _item("Medisiner").state)
    assert states != (State.OPEN, State.DONE), "green over a dose without an answer"


@pytest.mark.parametrize("_round", range(3))
def test_inv_26_taken_back_while_the_shift_is_closed_leaves_no_closed_shift_over_it(
    at_work: Session, _round: int
) -> None:
    _give(at_work)
    for name in ("Medisiner", "Stell"):
        item = _item(name)
        action_done(at_work, patient=PATIENT, item_id=item.id, seen=item.version)
    stell, nurse = _item("Stell"), staff("nurse", "home-care-nurse", "home")
    _at_once(
        lambda: _take_back(at_work, stell),
        lambda: close_shift(nurse, clock.today(), Part.DAY, seen=[]),
    )
    found = shift(at_work, clock.today(), Part.DAY)
    assert not (found.open_items and found.is_closed)


def test_a_dose_whose_administration_is_not_there_stays_as_it_was(carer: Session) -> None:
    _give(carer)
    (told,) = everything(SYSTEM, "MedicationAdministration", [("patient", PATIENT)])
    act(
        SYSTEM,
        [change({k: v for k, v in content(told).items() if k != "identifier"}, seen=told.version)],
    )
    with pytest.raises(Conflict):
        _take_back(carer, _item("Metoprolol"))
    assert _item("Metoprolol").state is State.DONE


def test_a_dose_taken_back_and_given_again_keeps_the_time_it_was_given_at(carer: Session) -> None:
    _give(carer)
    first = _item("Metoprolol").ended
    assert first is not None
    with clock.at(AT_EIGHT + timedelta(hours=2)):
        again = _item("Metoprolol")
        take_back(carer, patient=PATIENT, item_id=again.id, seen=again.version, reason="Feil rad")
        item = _item("Metoprolol")
        order = everything(SYSTEM, "MedicationRequest", [("_id", item.source)])[0]
        give_dose(
            carer, patient=PATIENT, item_id=item.id, seen=item.version, order_seen=order.version,
            at=first,
        )  # fmt: skip
    told = [
        content(each)
        for each in everything(SYSTEM, "MedicationAdministration", [("patient", PATIENT)])
        if content(each)["status"] == "completed"
    ]
    assert [datetime.fromisoformat(each["effectiveDateTime"]) for each in told] == [first]
