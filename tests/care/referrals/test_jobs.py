"""What the clock and other packages start: INV-12, INV-13, INV-14 and lost appointments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fellesjournal.access import jobs as access_jobs
from fellesjournal.care.referrals import codes
from fellesjournal.care.referrals.actions import (
    NotYours,
    accept_referral,
    allocate_appointment,
    ask_referrer,
    cancel_referral,
    close_helfo_step,
    end_wait,
    reject_referral,
)
from fellesjournal.care.referrals.actions.case import search_all
from fellesjournal.care.referrals.jobs import (
    find_breaches,
    keep_owned,
    on_appointment_lost,
    on_appointment_moved,
)
from fellesjournal.care.referrals.queries import referral_of, worklist
from fellesjournal.care.referrals.resources import OPEN_TASK, read_referral, read_work
from fellesjournal.care.referrals.states import TRANSITIONS, NotPossible, State, Step
from fellesjournal.config.wiring import TIMERS
from fellesjournal.fhir.issues import FhirError
from fellesjournal.foundation import clock
from fellesjournal.foundation.outbox import worker
from tests.care.referrals.world import (
    ASSESS_BY,
    CARE_BY,
    KNEE,
    World,
    at,
    later,
    notices,
    read,
    seen,
    stands,
    tasks,
    told,
)
from tests.staff import SYSTEM, put

# one world for all examples: each example makes referrals of its own
ONE_WORLD = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
MINE = [timer for timer in TIMERS if "referral" in timer.name]


def run_timers() -> None:
    """Every job of the clock of this package, and all reactions that follow."""
    for timer in MINE:
        access_jobs.call(timer.job, timer.name, timer.purpose, ())
    worker.handle_all(access_jobs.call)


# --- INV-12: nobody leaves by time ----------------------------------------------------------------


@ONE_WORLD
@given(days=st.lists(st.integers(min_value=0, max_value=4000), min_size=1, max_size=4))
def test_inv_12_no_clock_takes_a_waiting_patient_off_the_list(
    world: World, days: list[int]
) -> None:
    waiting = world.waiting()
    called = world.waiting()
    allocate_appointment(
        world.secretary, referral_id=called, seen=seen(called), start=later(40), minutes=30
    )
    for day in sorted(days):
        with at(day):
            run_timers()
            world.again()
            listed = worklist(world.secretary)
            assert waiting in {row.work.referral for row in listed.waiting}
            assert called in {row.work.referral for row in listed.called_in}


def test_inv_12_only_an_act_of_somebody_ends_the_waiting() -> None:
    """The table has no step that the clock could take."""
    leaving = {
        step for (state, step), to in TRANSITIONS.items() if state.is_waiting and not to.is_open
    }
    assert leaving == {Step.END, Step.CANCEL}
    assert not any(state.is_open for state in TRANSITIONS_FROM_CLOSED)


TRANSITIONS_FROM_CLOSED = {
    to
    for (state, _), to in TRANSITIONS.items()
    if state in {State.REJECTED, State.CANCELLED, State.ENDED}
}


def test_an_appointment_that_is_called_off_or_missed_leads_back_to_the_list(world: World) -> None:
    for event in ("appointment-cancelled", "appointment-missed"):
        sent = world.waiting()
        allocate_appointment(
            world.secretary, referral_id=sent, seen=seen(sent), start=later(40), minutes=30
        )
        whole = referral_of(world.secretary, "kari", sent)
        assert whole.appointment is not None
        before = len(notices())
        payload = {"patient": "Patient/kari", "appointment": f"Appointment/{whole.appointment.id}"}
        on_appointment_lost(SYSTEM, payload)
        on_appointment_lost(SYSTEM, payload)
        case = stands(sent)
        assert (case.referral.state, case.work.deadline) == (State.WAITING, CARE_BY), event
        assert len(notices()) == before + 2, event


def test_an_appointment_that_is_moved_moves_the_deadline(world: World) -> None:
    sent = world.waiting()
    allocate_appointment(
        world.secretary, referral_id=sent, seen=seen(sent), start=later(40), minutes=30
    )
    whole = referral_of(world.secretary, "kari", sent)
    assert whole.appointment is not None
    data = read("Appointment", whole.appointment.id)
    data |= {"start": later(50).isoformat(), "end": (later(50) + timedelta(hours=1)).isoformat()}
    put("Appointment", data.pop("id"), **{k: v for k, v in data.items() if k != "resourceType"})
    on_appointment_moved(SYSTEM, {"appointment": f"Appointment/{whole.appointment.id}"})
    assert stands(sent).work.deadline == later(50).date()


def test_an_appointment_for_something_else_changes_nothing(world: World) -> None:
    sent = world.waiting()
    on_appointment_lost(SYSTEM, {"appointment": "Appointment/unknown"})
    assert stands(sent).referral.state is State.WAITING


# --- INV-14: ten working days ---------------------------------------------------------------------


def test_inv_14_a_breach_starts_an_owned_helfo_step_and_both_are_told(world: World) -> None:
    sent = world.sent()
    with clock.at(later(17)):  # 9 April, the tenth working day after Easter
        run_timers()
        assert tasks(codes.HELFO_TASK) == []
    with clock.at(later(18)):
        run_timers()
        run_timers()
        (step,) = tasks(codes.HELFO_TASK)
        assert step["owner"]["reference"] == "Organization/office"
        assert step["restriction"]["period"]["end"] == "2026-04-13"  # the next working day
        assert told() == ["Organization/gp-office", "Patient/kari"]
        assert stands(sent).referral.state is State.TO_ASSESS
        world.again()
        assert [row.work.referral for row in worklist(world.secretary).helfo] == [sent]


def test_inv_14_the_step_ends_by_somebody_who_says_what_came_of_it(world: World) -> None:
    sent = world.sent()
    with clock.at(later(20)):
        run_timers()
        world.again()
        (row,) = worklist(world.secretary).helfo
        with pytest.raises(NotYours):
            close_helfo_step(
                world.gp, referral_id=sent, task_id=row.work.id, seen=row.work.version, text="x"
            )
        close_helfo_step(
            world.secretary, referral_id=sent, task_id=row.work.id, seen=row.work.version,
            text="Telephoned Helfo",
        )  # fmt: skip
        run_timers()
        assert [each["status"] for each in tasks(codes.HELFO_TASK)] == ["completed"]
        assert worklist(world.secretary).helfo == ()


@ONE_WORLD
@given(
    sent_on=st.dates(min_value=date(2026, 1, 1), max_value=date(2028, 12, 31)),
    past=st.integers(min_value=-3, max_value=10),
    done=st.sets(st.sampled_from(["asked", "decided"])),
)
def test_inv_14_a_step_begins_exactly_when_the_tenth_working_day_is_over(
    world: World, sent_on: date, past: int, done: set[str]
) -> None:
    begins = clock.now() + (sent_on - clock.today())
    with clock.at(begins):
        sent = world.sent()
        if "asked" in done:
            ask_referrer(world.doctor, referral_id=sent, seen=seen(sent), text="Any X-ray?")
        if "decided" in done:
            reject_referral(world.doctor, referral_id=sent, seen=seen(sent), reason="No")
        deadline = stands(sent).referral.assess_by
    assert deadline is not None
    with clock.at(begins + (deadline - sent_on) + timedelta(days=past)):
        run_timers()
        late = past > 0 and "decided" not in done
        steps = [t for t in tasks(codes.HELFO_TASK) if t["focus"]["reference"].endswith(sent)]
        assert len(steps) == int(late)
        overdue = [
            each["recipient"][0]["reference"]
            for each in notices()
            if each["topic"]["coding"][0]["code"] == "referral-overdue"
            and each["about"][0]["reference"].endswith(sent)
        ]
        assert sorted(overdue) == (["Organization/gp-office", "Patient/kari"] if late else [])


# --- INV-13: every open referral is owned ---------------------------------------------------------

Edit = Callable[[World, str], None]


def _accept(world: World, sent: str) -> None:
    accept_referral(world.doctor, referral_id=sent, seen=seen(sent), outcome="2",
                    care_by=date(2040, 1, 1), urgency="routine")  # fmt: skip


def _allocate(world: World, sent: str) -> None:
    start = clock.now() + timedelta(days=9)
    allocate_appointment(
        world.secretary, referral_id=sent, seen=seen(sent), start=start, minutes=20
    )


EDITS: dict[str, Edit] = {
    "accept": _accept,
    "ask": lambda w, s: ask_referrer(w.doctor, referral_id=s, seen=seen(s), text="?"),
    "reject": lambda w, s: reject_referral(w.doctor, referral_id=s, seen=seen(s), reason="No"),
    "cancel": lambda w, s: cancel_referral(w.gp, referral_id=s, seen=seen(s), reason="No"),
    "allocate": _allocate,
    "end": lambda w, s: end_wait(w.secretary, referral_id=s, seen=seen(s), code="1"),
    "doctor leaves": lambda _w, _s: put(
        "Practitioner", "iselin", active=False, name=[{"family": "iselin"}]
    ),
    "secretary leaves": lambda _w, _s: put(
        "PractitionerRole", "jorid-role", active=False,
        practitioner={"reference": "Practitioner/jorid"},
        organization={"reference": "Organization/office"},
    ),
    "office closes": lambda _w, _s: put(
        "Organization", "office", name="Office", active=False,
        partOf={"reference": "Organization/hospital"},
    ),
    "hospital closes": lambda _w, _s: put(
        "Organization", "hospital", name="Hospital", active=False,
        partOf={"reference": "Organization/trust"},
    ),
    "time passes": lambda _w, _s: None,
}  # fmt: skip


@ONE_WORLD
@given(edits=st.lists(st.sampled_from(sorted(EDITS)), max_size=8))
def test_inv_13_every_open_referral_is_owned_by_an_open_unit_until_a_day(
    world: World, edits: list[str]
) -> None:
    """Whatever is done, whoever leaves, whichever unit closes: open referrals are those on
    worklists, each with status, owner and next deadline, and request and task say the same.
    """
    _open_everything()
    world.again()
    sent = [world.sent(), world.sent(KNEE)]
    for turn, name in enumerate(edits):
        with clock.at(clock.now() + timedelta(days=3 * turn)):
            world.again()
            try:
                EDITS[name](world, sent[turn % 2])
            except (NotPossible, NotYours, FhirError):
                continue  # refused: nothing was done
            finally:
                run_timers()
    works = {
        work.referral: work
        for data, version in search_all(SYSTEM, "Task", [])
        if (work := read_work(data, version)).code == codes.REFERRAL_TASK
        and data["status"] in OPEN_TASK
    }
    requests = [
        read_referral(data, version) for data, version in search_all(SYSTEM, "ServiceRequest", [])
    ]
    assert set(works) == {each.id for each in requests if each.state.is_open}
    for each in requests:
        if not each.state.is_open:
            continue
        work = works[each.id]
        assert work.state is each.state
        assert work.deadline is not None
        assert read("Organization", work.owner.partition("/")[2]).get("active") is not False


def _open_everything() -> None:
    """Everybody back at work, as the world began."""
    World()


def test_inv_13_the_unit_above_finds_what_a_closed_unit_owned(world: World) -> None:
    sent = world.sent()
    EDITS["office closes"](world, sent)
    keep_owned(SYSTEM)
    keep_owned(SYSTEM)
    case = stands(sent)
    assert case.work.owner == "Organization/hospital"
    assert case.work.owner_name == "Hospital"
    asked = [each["reference"] for each in case.request["performer"]]
    assert asked == ["HealthcareService/ortho", "Organization/hospital"]


def test_inv_13_a_referral_that_came_without_work_is_on_the_list_of_the_unit_asked(
    world: World,
) -> None:
    for turn, asked in enumerate(("HealthcareService/ortho", "Organization/office")):
        put(
            "ServiceRequest", f"bare-{turn}", status="active", intent="order",
            category=[codes.concept(codes.ORDER_TYPE, codes.REFERRAL)],
            subject={"reference": "Patient/kari"}, authoredOn="2026-03-20T10:00:00+01:00",
            performer=[{"reference": asked}],
        )  # fmt: skip
    run_timers()
    run_timers()
    world.again()
    rows = worklist(world.secretary).to_assess
    assert {row.work.referral for row in rows} == {"bare-0", "bare-1"}
    assert {row.work.deadline for row in rows} == {date(2026, 4, 8)}
    assert len(tasks(codes.REFERRAL_TASK)) == 2
    reject_referral(world.doctor, referral_id="bare-0", seen=seen("bare-0"), reason="No")
    run_timers()
    assert stands("bare-0").referral.state is State.REJECTED


def test_a_breach_of_what_was_decided_meanwhile_is_none(world: World) -> None:
    sent = world.waiting()
    with clock.at(later(60)):
        find_breaches(SYSTEM)
    assert tasks(codes.HELFO_TASK) == []
    assert stands(sent).referral.assess_by == ASSESS_BY
