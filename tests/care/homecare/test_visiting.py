"""What a carer says of a visit: INV-20, INV-23, and that each item ends once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import connections

from fellesjournal.access.acts import act, content, create
from fellesjournal.access.sessions import Session
from fellesjournal.care.homecare.deviations import Harm, Kind, Told, note_deviation
from fellesjournal.care.homecare.planned import Item, State
from fellesjournal.care.homecare.reading_days import everything
from fellesjournal.care.homecare.tasks import OwnDeviation, finish_work, on_hands, unit_work
from fellesjournal.care.homecare.visiting import (
    AlreadyAccounted,
    Dose,
    DosesLeft,
    NotThen,
    NotYet,
    OrderGone,
    action_done,
    end_visit,
    give_dose,
    give_doses,
    is_ahead,
    move_visit,
    not_done,
    start_visit,
)
from fellesjournal.care.homecare.visits import Visit
from fellesjournal.fhir.issues import BadRequest, Conflict, FhirError, NotFound
from fellesjournal.foundation import clock
from fellesjournal.foundation.clock import NORWAY
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

FELL = Told("Falt på badet", Kind.FALL, Harm.NONE)
AT_EIGHT = MORNING + timedelta(hours=2)


@pytest.fixture
def carer(db: None) -> Iterator[Session]:
    """A carer at eight o'clock, with one visit before her."""
    del db
    yield from _world()


def _world() -> Iterator[Session]:
    with clock.at(MORNING):
        _, found, _ = work_at_home_care()
        citizen()
        service()
        plan(CARE, MEDICINES)
        prescription()
        made()
    with clock.at(AT_EIGHT):
        yield found


def _visit() -> Visit:
    return standing()[0][0]


def _item(text: str) -> Item:
    return next(item for item in standing()[1] if item.text.startswith(text))


def _given() -> list[dict[str, object]]:
    found = everything(SYSTEM, "MedicationAdministration", [("patient", PATIENT)])
    return [content(each) for each in found]


def _give(session: Session, item: Item, **more: Any) -> None:
    order = everything(SYSTEM, "MedicationRequest", [("_id", item.source)])[0]
    give_dose(
        session, patient=PATIENT, item_id=item.id, seen=item.version, order_seen=order.version,
        **more,
    )  # fmt: skip


def test_a_visit_is_begun_and_ended_by_whoever_makes_it(carer: Session) -> None:
    start_visit(carer, patient=PATIENT, visit_id=_visit().id, seen=_visit().version)
    assert (_visit().status, _visit().carer) == ("in-progress", "Practitioner/carer")
    with clock.at(AT_EIGHT + timedelta(minutes=25)):
        end_visit(carer, patient=PATIENT, visit_id=_visit().id, seen=_visit().version)
    visit = _visit()
    assert visit.status == "finished"
    assert visit.ended - visit.began == timedelta(minutes=25)  # type: ignore[operator]  # it has ended
    assert visit.starts.hour == 8  # the window it was planned in is kept


def test_an_action_ends_done_or_not_done_with_a_reason_and_only_once(carer: Session) -> None:
    item = _item("Stell")
    with pytest.raises(BadRequest):
        not_done(carer, patient=PATIENT, item_id=item.id, seen=item.version, reason="  ")
    action_done(carer, patient=PATIENT, item_id=item.id, seen=item.version)
    assert _item("Stell").state is State.DONE
    with pytest.raises(AlreadyAccounted):
        not_done(carer, patient=PATIENT, item_id=item.id, seen=item.version, reason="Sov")
    other = _item("Medisiner")
    not_done(carer, patient=PATIENT, item_id=other.id, seen=other.version, reason="Sov")
    assert (_item("Medisiner").state, _item("Medisiner").reason) == (State.NOT_DONE, "Sov")


def test_before_its_day_a_visit_is_not_begun_and_nothing_in_it_ends(carer: Session) -> None:
    visit, item, dose = _visit(), _item("Stell"), _item("Metoprolol")
    with clock.at(MORNING - timedelta(hours=8)):  # ten in the evening before
        with pytest.raises(NotYet):
            start_visit(carer, patient=PATIENT, visit_id=visit.id, seen=visit.version)
        with pytest.raises(NotYet):
            action_done(carer, patient=PATIENT, item_id=item.id, seen=item.version)
        with pytest.raises(NotYet):
            not_done(carer, patient=PATIENT, item_id=dose.id, seen=dose.version, reason="Sov")
        with pytest.raises(NotYet):
            _give(carer, dose, why_then="Er her nå")
    assert _given() == []
    assert _visit().status == "planned"


def test_a_visit_just_after_midnight_may_be_begun_a_little_before_it() -> None:
    midnight = datetime(2026, 3, 4, tzinfo=NORWAY)
    assert is_ahead(midnight, midnight - timedelta(minutes=61))
    assert not is_ahead(midnight, midnight - timedelta(minutes=30))


def test_inv_24_giving_medicines_is_not_done_while_a_dose_of_the_visit_has_no_answer(
    carer: Session,
) -> None:
    item = _item("Medisiner")
    with pytest.raises(DosesLeft) as refused:
        action_done(carer, patient=PATIENT, item_id=item.id, seen=item.version)
    assert [dose.text for dose in refused.value.doses] == ["Metoprolol: 1 tablett"]
    assert _item("Medisiner").state is State.OPEN
    _give(carer, _item("Metoprolol"))
    action_done(carer, patient=PATIENT, item_id=item.id, seen=item.version)
    assert _item("Medisiner").state is State.DONE


def test_a_given_dose_is_an_administration_of_its_prescription(carer: Session) -> None:
    _give(carer, _item("Metoprolol"))
    (given,) = _given()
    assert given["status"] == "completed"
    assert given["request"] == {"reference": "MedicationRequest/metoprolol"}
    assert given["dosage"] == {
        "text": "Metoprolol: 1 tablett", "dose": {"value": 1, "unit": "tablett"},
    }  # fmt: skip


@pytest.mark.parametrize("was_given", [True, False])
def test_a_dose_that_was_given_is_not_due_again_when_the_prescription_is_renewed(
    carer: Session, *, was_given: bool
) -> None:
    """While its visit lasts: a dose of a morning that is over is not made anew in any case."""
    if was_given:
        _give(carer, _item("Metoprolol"))
    prescription(status="stopped")
    prescription("again", prior="metoprolol")
    made()
    _, items = standing()
    open_doses = [e for e in items if e.is_dose and e.source == "again" and not e.state.is_end]
    assert len(open_doses) == (0 if was_given else 1)


def test_a_late_dose_needs_a_word_on_why_and_is_marked(carer: Session) -> None:
    with clock.at(AT_EIGHT + timedelta(minutes=61)):
        with pytest.raises(BadRequest):
            _give(carer, _item("Metoprolol"))
        _give(carer, _item("Metoprolol"), why_then="Ventet på legen")
    assert _item("Metoprolol").late
    assert _given()[0]["note"] == [{"text": "Ventet på legen"}]


def _together(*names: str) -> list[Dose]:
    """The doses with these names, as they stand."""
    found = []
    for name in names:
        item = _item(name)
        order = everything(SYSTEM, "MedicationRequest", [("_id", item.source)])[0]
        found.append(Dose(item.id, item.version, order.version))
    return found


def test_several_late_doses_are_given_in_one_act_each_with_its_reason(carer: Session) -> None:
    prescription("ramipril")
    prescription("simvastatin")
    made()
    with clock.at(AT_EIGHT + timedelta(minutes=90)):
        doses = _together("Metoprolol", "Ramipril")
        for nothing in ([], doses):
            with pytest.raises(BadRequest):
                give_doses(carer, patient=PATIENT, doses=nothing)
        give_doses(carer, patient=PATIENT, doses=[*doses, doses[0]], why_then="Køen i trafikken")
    assert [each["note"] for each in _given()] == [[{"text": "Køen i trafikken"}]] * 2
    assert (_item("Metoprolol").state, _item("Ramipril").late) == (State.DONE, True)
    assert _item("Simvastatin").state is State.OPEN  # it was not ticked


def test_inv_23_of_several_doses_none_is_given_when_one_of_them_was_already(carer: Session) -> None:
    prescription("ramipril")
    made()
    with clock.at(AT_EIGHT + timedelta(minutes=90)):
        doses = _together("Ramipril", "Metoprolol")
        _give(carer, _item("Metoprolol"), why_then="Sent ute")
        with pytest.raises(AlreadyAccounted):
            give_doses(carer, patient=PATIENT, doses=doses, why_then="Sent ute")
        prescription("ramipril", status="stopped")
        with pytest.raises(Conflict):
            give_doses(carer, patient=PATIENT, doses=doses[:1], why_then="Sent ute")
    assert len(_given()) == 1
    assert _item("Ramipril").state is State.OPEN


def test_several_doses_given_before_are_written_down_at_that_time_without_a_reason_in_it(
    carer: Session,
) -> None:
    prescription("ramipril")
    made()
    then = AT_EIGHT + timedelta(minutes=10)
    with clock.at(AT_EIGHT + timedelta(minutes=90)):
        doses = _together("Ramipril", "Metoprolol")
        with pytest.raises(NotThen):
            give_doses(carer, patient=PATIENT, doses=doses, at=clock.now() + timedelta(minutes=1))
        give_doses(carer, patient=PATIENT, doses=doses, at=then)
    assert {each["effectiveDateTime"] for each in _given()} == {then.isoformat(timespec="seconds")}
    assert not _item("Ramipril").late


def test_a_dose_before_its_time_needs_a_word_on_why_as_well(carer: Session) -> None:
    with clock.at(AT_EIGHT - timedelta(minutes=61)):
        with pytest.raises(BadRequest):
            _give(carer, _item("Metoprolol"))
        _give(carer, _item("Metoprolol"), why_then="Skal reise bort")
    assert not _item("Metoprolol").late


def test_a_dose_within_the_open_window_of_its_visit_is_not_early(carer: Session) -> None:
    evening = replace(MEDICINES, begins=time(15), ends=time(19))
    plan(evening)
    prescription("ramipril", frequency=1, period=1, periodUnit="d", timeOfDay=["18:00:00"])
    made()
    with clock.at(_at(14, 59)), pytest.raises(BadRequest):
        _give(carer, _item("Ramipril"))
    with clock.at(_at(15, 30)):
        _give(carer, _item("Ramipril"))
    (given,) = _given()
    # the figure "on time" counts from these two, whatever the page asks for
    assert datetime.fromisoformat(str(given["effectiveDateTime"])) == _at(15, 30)
    assert datetime.fromisoformat(given["extension"][0]["valueDateTime"]) == _at(18)  # type: ignore[index]  # the time it was planned for
    assert not _item("Ramipril").late


def test_a_dose_planned_outside_the_window_of_its_visit_is_early_an_hour_before(
    carer: Session,
) -> None:
    plan(replace(MEDICINES, begins=time(15), ends=time(17)))
    prescription("ramipril", frequency=1, period=1, periodUnit="d", timeOfDay=["18:00:00"])
    made()
    with clock.at(_at(16, 59)), pytest.raises(BadRequest):
        _give(carer, _item("Ramipril"))
    with clock.at(_at(17, 1)):
        _give(carer, _item("Ramipril"))


def test_a_dose_within_the_window_is_late_an_hour_after_its_time_all_the_same(
    carer: Session,
) -> None:
    plan(replace(MEDICINES, begins=time(15), ends=time(19)))
    prescription("ramipril", frequency=1, period=1, periodUnit="d", timeOfDay=["16:00:00"])
    made()
    with clock.at(_at(17, 30)), pytest.raises(BadRequest):
        _give(carer, _item("Ramipril"))


def _at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 3, hour, minute, tzinfo=NORWAY)


def test_a_dose_that_was_not_given_is_told_with_its_reason(carer: Session) -> None:
    item = _item("Metoprolol")
    not_done(carer, patient=PATIENT, item_id=item.id, seen=item.version, reason="Kastet opp")
    (told,) = _given()
    assert (told["status"], told["statusReason"]) == ("not-done", [{"text": "Kastet opp"}])


def test_inv_20_a_dose_of_an_order_that_was_changed_is_refused(carer: Session) -> None:
    item = _item("Metoprolol")
    order = everything(SYSTEM, "MedicationRequest", [("_id", "metoprolol")])[0]
    prescription(status="stopped")
    with pytest.raises(OrderGone):
        give_dose(
            carer, patient=PATIENT, item_id=item.id, seen=item.version, order_seen=order.version
        )
    with pytest.raises(OrderGone):
        _give(carer, item)  # the stopped version was seen
    assert _given() == []


def test_inv_44_nothing_is_written_for_another_patient_than_the_page_s(carer: Session) -> None:
    citizen("other")
    item = _item("Stell")
    with pytest.raises(NotFound):
        action_done(carer, patient="Patient/other", item_id=item.id, seen=item.version)
    assert _item("Stell").state is State.OPEN


@pytest.mark.usefixtures("empty_record")
def test_inv_23_a_dose_given_on_two_devices_at_once_is_given_once() -> None:
    world = _world()
    next(world)
    item = _item("Metoprolol")
    refused: list[FhirError] = []
    together = threading.Barrier(2)

    def give(session: Session) -> None:
        with clock.at(AT_EIGHT):
            together.wait()
            try:
                _give(session, item)
            except FhirError as error:
                refused.append(error)
        connections.close_all()

    employed = [staff("carer", "carer", "home"), staff("nurse", "home-care-nurse", "home")]
    devices = [threading.Thread(target=give, args=[each]) for each in employed]
    for device in devices:
        device.start()
    for device in devices:
        device.join()
    assert len(_given()) == 1
    assert [error.status in {409, 412} for error in refused] == [True]


def test_inv_23_the_store_takes_one_administration_of_a_planned_dose(carer: Session) -> None:
    _give(carer, _item("Metoprolol"))
    (given,) = _given()
    with pytest.raises(Conflict):
        act(SYSTEM, [create({k: v for k, v in given.items() if k not in {"id", "meta"}})])


def test_a_moved_visit_ends_its_items_as_moved_and_they_stand_at_the_new_time(
    carer: Session,
) -> None:
    visit = _visit()
    move_visit(
        carer, patient=PATIENT, visit_id=visit.id, seen=visit.version, day=clock.today(),
        begins=time(13), ends=time(14), reason="Legetime",
    )  # fmt: skip
    found, items = made()
    assert [(v.starts.hour, v.status) for v in found] == [(8, "cancelled"), (13, "planned")]
    assert sorted((i.state, i.visit == found[1].id) for i in items) == [
        (State.MOVED, False)] * 3 + [(State.OPEN, True)] * 3  # fmt: skip
    dose = next(i for i in items if i.is_dose and i.state is State.OPEN)
    assert dose.at.hour == 13


def test_a_deviation_is_a_task_of_the_unit_that_its_leader_ends_in_words(carer: Session) -> None:
    note_deviation(carer, patient=PATIENT, visit_id=_visit().id, told=FELL, key="k")
    note_deviation(carer, patient=PATIENT, visit_id=_visit().id, told=FELL, key="k")
    leader = staff("leader", "unit-leader", "home")
    (work,) = unit_work(leader)
    assert (work.words, work.name, work.kind) == (
        "Falt på badet", "Kari Nesvoll", "home-care-deviation",
    )  # fmt: skip
    with pytest.raises(BadRequest):
        finish_work(leader, patient=PATIENT, task_id=work.id, seen=work.version, words="")
    finish_work(leader, patient=PATIENT, task_id=work.id, seen=work.version, words="Tilsyn")
    assert unit_work(leader) == []


def test_who_told_of_a_deviation_does_not_end_it_before_her_leader(carer: Session) -> None:
    note_deviation(carer, patient=PATIENT, visit_id=_visit().id, told=FELL, key="k")
    (work,) = unit_work(carer)
    assert work.awaits_leader
    with pytest.raises(OwnDeviation):
        finish_work(carer, patient=PATIENT, task_id=work.id, seen=work.version, words="Ordnet")
    (work,) = unit_work(staff("leader", "unit-leader", "home"))
    assert not work.awaits_leader


def test_a_leader_ends_a_deviation_that_she_has_told_of_herself(carer: Session) -> None:
    note_deviation(carer, patient=PATIENT, visit_id=_visit().id, told=FELL, key="k")
    leading = replace(carer, role="unit-leader")
    (work,) = unit_work(leading)
    assert not work.awaits_leader


@pytest.mark.parametrize("harm", [Harm.HURT, Harm.HEAD, Harm.UNKNOWN])
def test_a_fall_that_may_have_hurt_her_is_the_leaders_the_same_day(
    carer: Session, harm: Harm
) -> None:
    fell = Told("Falt på badet", Kind.FALL, harm, "Datteren")
    note_deviation(carer, patient=PATIENT, visit_id=_visit().id, told=fell, key="k")
    (work,) = unit_work(carer)
    assert work.deadline.astimezone(NORWAY).date() == AT_EIGHT.astimezone(NORWAY).date()
    assert work.deviation is not None
    assert (work.deviation.kind, work.deviation.harm, work.deviation.told) == (
        Kind.FALL, harm, "Datteren",
    )  # fmt: skip


@pytest.mark.parametrize(
    "told", [FELL, Told("Feil dose", Kind.MEDICINE, Harm.UNKNOWN), Told("x", Kind.OTHER, Harm.NONE)]
)
def test_other_deviations_wait_three_days_at_most(carer: Session, told: Told) -> None:
    note_deviation(carer, patient=PATIENT, visit_id=_visit().id, told=told, key="k")
    (work,) = unit_work(carer)
    assert work.deadline == AT_EIGHT + timedelta(days=3)


def test_her_own_deviation_is_work_for_the_leader_and_none_for_her(carer: Session) -> None:
    note_deviation(carer, patient=PATIENT, visit_id=_visit().id, told=FELL, key="k")
    assert on_hands(carer).waiting == 0
    assert on_hands(staff("leader", "unit-leader", "home")).waiting == 1


def test_a_dose_that_was_given_at_another_time_stands_with_that_time(carer: Session) -> None:
    item = _item("Metoprolol")
    then = item.at + timedelta(minutes=10)
    with clock.at(item.at + timedelta(hours=3)):  # now it would be late
        _give(carer, item, at=then)
    (told,) = _given()
    assert datetime.fromisoformat(str(told["effectiveDateTime"])) == then
    done = _item("Metoprolol")
    assert (done.state, done.ended) == (State.DONE, then)
    assert done.reason == ""  # it was on time: nobody asks why


def test_a_dose_that_was_given_late_has_a_word_whenever_that_is_said(carer: Session) -> None:
    item = _item("Metoprolol")
    then = item.at + timedelta(hours=2)
    with clock.at(item.at + timedelta(hours=3)):
        with pytest.raises(BadRequest):
            _give(carer, item, at=then)
        _give(carer, item, at=then, why_then="Kø i trafikken")
    assert _item("Metoprolol").ended == then


@pytest.mark.parametrize("away", [timedelta(hours=3, minutes=1), timedelta(hours=-25)])
def test_no_dose_was_given_at_a_time_that_has_not_come_or_a_day_before_its_own(
    carer: Session, away: timedelta
) -> None:
    item = _item("Metoprolol")
    with clock.at(item.at + timedelta(hours=3)), pytest.raises(NotThen):
        _give(carer, item, at=item.at + away, why_then="Kø i trafikken")
    assert _given() == []
    assert _item("Metoprolol").state is State.OPEN
