"""INV-25: admission pauses, discharge asks for a review, and nothing restarts or stays paused silently."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fellesjournal.access import jobs
from fellesjournal.access.sessions import Session
from fellesjournal.care.homecare.jobs import (
    make_all_days,
    note_not_ready,
    note_ready,
    pause_or_review,
)
from fellesjournal.care.homecare.pauses import (
    Restart,
    Review,
    Stage,
    decide_restart,
    reviews,
)
from fellesjournal.care.homecare.planned import State
from fellesjournal.care.homecare.reading_days import services
from fellesjournal.fhir.issues import BadRequest, Conflict, NotAllowed
from fellesjournal.foundation import clock
from fellesjournal.foundation.outbox import worker
from tests.care.homecare.cast import (
    CARE,
    MORNING,
    PATIENT,
    citizen,
    made,
    nothing_stays,
    plan,
    service,
    standing,
    work_at_home_care,
)
from tests.staff import SYSTEM, put, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def nurse() -> Iterator[Session]:
    with clock.at(MORNING):
        yield _world()


def _world() -> Session:
    found, _, _ = work_at_home_care()
    citizen()
    service()
    service(name="alarm")
    plan(CARE)
    made()
    return found


def stay(status: str, name: str = "stay") -> None:
    """A stay in hospital."""
    ended = {"end": clock.now().isoformat()} if status == "finished" else {}
    put(
        "Encounter", name, status=status,
        **{"class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"}},
        subject={"reference": PATIENT}, period={"start": "2026-03-01T10:00:00+01:00", **ended},
    )  # fmt: skip


def tell(name: str = "stay") -> None:
    """The hospital tells of a stay: admitted or discharged, as it stands."""
    pause_or_review(SYSTEM, {"patient": PATIENT, "encounter": f"Encounter/{name}"})
    worker.handle_all(jobs.call)


def _paused() -> list[bool]:
    return [each.status == "onhold" for each in services(SYSTEM, PATIENT)]


def _decide(nurse: Session, restart: Restart, words: str = "", of: int = 0) -> None:
    review = [each for each in reviews(nurse) if each.awaits_decision][of]
    decide_restart(
        nurse, patient=PATIENT, review_id=review.id, seen=review.version, restart=restart,
        words=words,
    )  # fmt: skip
    worker.handle_all(jobs.call)


def test_inv_25_admission_pauses_services_and_visits_and_lists_them(nurse: Session) -> None:
    stay("in-progress")
    tell()
    assert _paused() == [True, True]
    assert {item.state for item in standing()[1]} == {State.PAUSED}
    assert [each.stage for each in reviews(nurse)] == [Stage.ADMITTED]


def test_inv_25_discharge_restarts_nothing_before_the_unit_has_decided(nurse: Session) -> None:
    stay("in-progress")
    tell()
    stay("finished")
    tell()
    assert _paused() == [True, True]
    (review,) = reviews(nurse)
    assert (review.stage, review.awaits_decision) == (Stage.DISCHARGED, True)
    _decide(nurse, Restart.AS_BEFORE)
    assert _paused() == [False, False]
    assert {item.state for item in standing()[1]} == {State.OPEN}
    assert reviews(nurse) == []


def test_inv_25_a_withdrawn_admission_restarts_nothing_silently_either(nurse: Session) -> None:
    stay("in-progress")
    tell()
    stay("cancelled")
    tell()
    assert _paused() == [True, True]
    assert [each.stage for each in reviews(nurse)] == [Stage.WITHDRAWN]


def test_inv_25_a_discharge_that_is_taken_back_pauses_and_lists_again(nurse: Session) -> None:
    stay("finished")
    tell()
    _decide(nurse, Restart.AS_BEFORE)
    stay("in-progress")
    tell()
    assert _paused() == [True, True]
    assert [each.stage for each in reviews(nurse)] == [Stage.ADMITTED]


def test_staying_paused_needs_a_word_and_keeps_the_review(nurse: Session) -> None:
    stay("finished")
    tell()
    with pytest.raises(BadRequest):
        _decide(nurse, Restart.STAYS_PAUSED)
    _decide(nurse, Restart.STAYS_PAUSED, "Hos datteren til fredag")
    (review,) = reviews(nurse)
    assert review.words == "Hos datteren til fredag"
    assert review.deadline is not None
    assert review.deadline >= clock.now() + timedelta(hours=23)


def test_ready_for_discharge_and_its_withdrawal_are_seen_on_the_list(nurse: Session) -> None:
    stay("in-progress")
    tell()
    payload = {"patient": PATIENT, "encounter": "Encounter/stay"}
    note_ready(SYSTEM, payload)
    assert [each.stage for each in reviews(nurse)] == [Stage.READY]
    tell()  # the admission is told once more
    assert [each.stage for each in reviews(nurse)] == [Stage.READY]
    note_not_ready(SYSTEM, payload)
    assert [each.stage for each in reviews(nurse)] == [Stage.ADMITTED]


def test_a_service_granted_during_a_stay_is_paused_as_well(nurse: Session) -> None:
    del nurse
    stay("in-progress")
    tell()
    service(name="meals")
    make_all_days(SYSTEM)
    assert _paused() == [True, True, True]


def test_nobody_decides_while_she_is_in_hospital(nurse: Session) -> None:
    stay("finished")
    tell()
    (review,) = reviews(nurse)
    stay("in-progress", "again")
    tell("again")
    with pytest.raises(Conflict):
        decide_restart(
            nurse, patient=PATIENT, review_id=review.id, seen=review.version,
            restart=Restart.AS_BEFORE, words="",
        )  # fmt: skip
    assert _paused() == [True, True]


NOTICES = st.lists(
    st.sampled_from(
        ["admit", "finish", "withdraw", "reopen", "ready", "not-ready", "tell", "tell-twice",
         "restart", "stay-paused", "admit-again", "finish-again", "later"]
    ),
    max_size=14,
)  # fmt: skip


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(notices=NOTICES)
def test_inv_25_over_any_sequence_of_notices_nothing_is_silent(notices: list[str]) -> None:
    with nothing_stays(), clock.at(MORNING):
        _play(_world(), notices)


def _play(nurse: Session, notices: list[str]) -> None:
    """Play notices; after each, ask what INV-25 asks."""
    now, truth, told, decided = MORNING, {"stay": "", "again": ""}, set[str](), False
    for notice in notices:
        name = "again" if notice.endswith("again") else "stay"
        before = _paused()
        decided = False
        with clock.at(now):
            if notice == "later":
                now += timedelta(hours=5)
            elif notice in {"restart", "stay-paused"}:
                decided = _try_to_decide(nurse, notice)
            elif notice in {"ready", "not-ready"} and truth["stay"]:
                how = note_ready if notice == "ready" else note_not_ready
                how(SYSTEM, {"patient": PATIENT, "encounter": "Encounter/stay"})
                told.add("stay")
            elif notice in {"tell", "tell-twice"}:
                for each in (each for each in truth if truth[each]):
                    tell(each)
                    told.add(each)
            elif notice in _BECOMES:
                truth[name] = _BECOMES[notice]
                stay(truth[name], name)
                if notice == "reopen":
                    told.discard(name)  # what stands now has not been told yet
                else:
                    tell(name)
                    told.add(name)
            _ask(nurse, truth, told, before, notice, decided=decided)


_BECOMES = {
    "admit": "in-progress", "finish": "finished", "withdraw": "cancelled",
    "reopen": "in-progress", "admit-again": "in-progress", "finish-again": "finished",
}  # fmt: skip


def _try_to_decide(nurse: Session, notice: str) -> bool:
    restart = Restart.AS_BEFORE if notice == "restart" else Restart.STAYS_PAUSED
    try:
        _decide(nurse, restart, "Avtalt med henne")
    except (Conflict, IndexError):
        return False
    return restart is Restart.AS_BEFORE


def _ask(
    nurse: Session, truth: dict[str, str], told: set[str], before: list[bool], notice: str,
    *, decided: bool,
) -> None:  # fmt: skip
    make_all_days(SYSTEM)
    paused, listed = _paused(), reviews(nurse)
    in_hospital = [name for name in told if truth[name] == "in-progress"]
    if any(paused):
        assert listed, "paused, and on nobody's list"
    if in_hospital:
        assert all(paused), f"in hospital, and not paused after {notice}"
    if any(before) and not any(paused):
        assert decided, f"restarted by {notice}, by nobody's decision"
    for each in listed:
        assert _is_owned(each)


def _is_owned(review: Review) -> bool:
    return review.deadline is not None and review.is_open


def test_inv_25_who_does_not_see_the_services_can_not_end_the_review(nurse: Session) -> None:
    """The leader sees the task and no service: ending it would leave them paused for ever."""
    stay("finished")
    tell()
    for session in (staff("leader", "unit-leader", "home"), staff("carer", "carer", "home")):
        with pytest.raises(NotAllowed):
            _decide(session, Restart.AS_BEFORE)
    assert len(reviews(nurse)) == 1


def test_a_stay_that_goes_on_again_is_seen_before_it_is_told(nurse: Session) -> None:
    stay("in-progress")
    tell()
    stay("finished")
    tell()
    stay("in-progress")
    with pytest.raises(Conflict):
        _decide(nurse, Restart.AS_BEFORE)
    assert _paused() == [True, True]
