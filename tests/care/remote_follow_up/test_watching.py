"""A reading outside the limits has one row with an owner, however it comes; silence has one too."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest

from fellesjournal.access.acts import act, create
from fellesjournal.access.answering import Why
from fellesjournal.access.blocks.actions import make_block
from fellesjournal.access.blocks.derive import Block
from fellesjournal.care.remote_follow_up.actions import close_work, give_to, take_back
from fellesjournal.care.remote_follow_up.agreeing import (
    change_follow_up,
    end_follow_up,
    start_follow_up,
)
from fellesjournal.care.remote_follow_up.finding import plans_of, readings
from fellesjournal.care.remote_follow_up.jobs import find_missing, tend, watch
from fellesjournal.care.remote_follow_up.measures import MEASURES
from fellesjournal.care.remote_follow_up.plans import Agreed, Limit
from fellesjournal.care.remote_follow_up.queries import Course, course_of, worklist
from fellesjournal.care.remote_follow_up.readings import reading_resources
from fellesjournal.care.remote_follow_up.refusals import FollowUpRefused
from fellesjournal.care.remote_follow_up.tasks import Kind, Outcome, Standing
from fellesjournal.fhir.issues import Conflict, NotAllowed, NotFound
from fellesjournal.fhir.vital_signs import UCUM
from fellesjournal.foundation import clock
from tests.care.remote_follow_up.following import (
    KARI,
    follow,
    handle,
    herself,
    office,
    pressure,
    rows,
    send,
    terms,
)
from tests.staff import SYSTEM, employ, put, staff

pytestmark = pytest.mark.django_db


def test_a_reading_within_the_limits_is_stored_and_awaits_nobody() -> None:
    follow()
    send(140, 90)  # the limit itself is within
    (found,) = readings(herself(), KARI)
    assert found.numbers == {"systolic": Decimal(140), "diastolic": Decimal(90)}
    assert found.outside == {}
    assert found.by == KARI
    assert rows() == []


def test_a_reading_outside_has_one_row_owned_by_the_person_and_the_unit_agreed() -> None:
    plan = follow()
    send(165, 85)
    (work,) = rows()
    assert (work.kind, work.owner, work.unit) == (
        Kind.OUTSIDE,
        "Practitioner/gp",
        "Organization/office",
    )
    assert work.plan == f"CarePlan/{plan}"
    (found,) = readings(herself(), KARI)
    assert found.outside == {"systolic": "H"}
    assert found.limits["systolic"] == (None, Decimal(140))
    (mine,) = worklist(staff("gp", "gp", "office"))
    assert (mine.why, mine.reading) == (Why.OWN, readings(SYSTEM, KARI)[0])


def test_without_a_follow_up_a_reading_is_stored_and_nobody_watches() -> None:
    office()
    send(220, 120)
    (found,) = readings(herself(), KARI)
    assert (found.plan, found.outside) == ("", {})
    assert rows() == []


def test_the_narrowest_limit_of_several_units_counts() -> None:
    follow()
    employ("nurse", "home-care-nurse", "home")
    put("EpisodeOfCare", "service", status="active", patient={"reference": KARI},
        managingOrganization={"reference": "Organization/home"})  # fmt: skip
    wide = terms(pressure(180, 110), owner="nurse")
    start_follow_up(staff("nurse", "home-care-nurse", "home"), patient=KARI, terms=wide)
    send(165)
    (work,) = rows()
    assert work.unit == "Organization/office"


def test_a_reading_from_an_app_without_a_plan_in_it_is_watched_like_any_other() -> None:
    follow()
    measured = {"systolic": Decimal(170), "diastolic": Decimal(95)}
    for observation in reading_resources(
        measured, patient=KARI, performer=KARI, at=clock.now(), key="app", plans=()
    ):
        act(herself(), [create(observation)])
    handle()
    assert [each.kind for each in rows()] == [Kind.OUTSIDE]


def test_a_reading_that_can_not_be_compared_is_looked_at_and_never_taken_as_within() -> None:
    follow(Agreed(MEASURES["weight"], 1, 7, {"weight": Limit(high=Decimal(90))}))
    (body,) = reading_resources(
        {"weight": Decimal(80)}, patient=KARI, performer=KARI, at=clock.now(), key="lb", plans=()
    )
    pounds = {"value": 220, "unit": "lb", "system": UCUM, "code": "[lb_av]"}
    act(herself(), [create({**body, "valueQuantity": pounds})])
    handle()
    assert [each.measure for each in rows()] == ["weight"]


def test_limits_changed_after_she_was_told_do_not_take_back_what_she_was_told() -> None:
    plan = follow()
    send(150, settle=False)
    gp = staff("gp", "gp", "office")
    change_follow_up(gp, patient=KARI, plan=plan, seen=1, terms=terms(pressure(160)))
    handle()
    assert [each.kind for each in rows()] == [Kind.OUTSIDE]


def test_a_redelivered_message_and_a_second_look_make_no_second_row() -> None:
    follow()
    send(165)
    (found,) = readings(SYSTEM, KARI)
    for _ in range(3):
        watch(SYSTEM, {"resource": f"Observation/{found.id}", "version": "1"})
    assert len(rows()) == 1


def test_inv_30_a_reading_taken_back_opens_its_closed_row_again() -> None:
    follow()
    send(165)
    (work,) = rows()
    gp = staff("gp", "gp", "office")
    close_work(gp, patient=KARI, tasks=[(work.id, work.version)], outcome=Outcome.CONTACTED)
    assert rows() == []
    (found,) = readings(herself(), KARI)
    take_back(herself(), reading=found.id, seen=found.version)
    handle()
    (again,) = rows()
    assert (again.id, again.standing) == (work.id, Standing.WITHDRAWN)


def test_inv_29_what_nobody_closes_escalates_at_its_deadline_and_not_before() -> None:
    follow(within=2)
    send(165)
    (work,) = rows()
    assert work.deadline is not None
    with clock.at(work.deadline - timedelta(seconds=1)):
        handle()
        tend(SYSTEM)
        assert [each.is_escalated for each in rows()] == [False]
    with clock.at(work.deadline):
        handle()
        assert [each.is_escalated for each in rows()] == [True]
    assert worklist(employ("boss", "unit-leader", "office"))[0].why is Why.ESCALATED


def test_the_leader_of_the_unit_gives_a_row_to_somebody_at_work_and_nobody_else_does() -> None:
    follow()
    send(165)
    (work,) = rows()
    boss = employ("boss", "unit-leader", "office")
    anna = "Practitioner/anna"
    for who in (staff("gp", "gp", "office"), employ("other", "unit-leader", "elsewhere")):
        with pytest.raises((NotAllowed, NotFound)):
            give_to(who, task=work.id, seen=work.version, practitioner=anna)
    with pytest.raises(FollowUpRefused):
        give_to(boss, task=work.id, seen=work.version, practitioner="Practitioner/boss")
    give_to(boss, task=work.id, seen=work.version, practitioner=anna)
    assert rows()[0].owner == anna
    assert worklist(boss)[0].reading is None  # a leader sees whom, not what


def test_inv_28_who_is_away_is_stood_in_for_and_who_has_left_is_replaced() -> None:
    follow()
    send(165)
    start = clock.now()
    during = {
        "start": (start - timedelta(hours=1)).isoformat(),
        "end": (start + timedelta(days=9)).isoformat(),
    }
    employ("gp", "gp", "office", notAvailable=[{"description": "Borte", "during": during}])
    assert [each.why for each in worklist(staff("anna", "gp", "office"))] == [Why.AWAY]
    employ("gp", "gp", "office", period={"end": (start - timedelta(hours=1)).isoformat()})
    handle()
    assert rows()[0].owner == "Organization/office"


def test_silence_is_told_once_for_each_agreed_measurement_and_ends_when_it_comes() -> None:
    follow(pressure(days=1))
    now = clock.now()
    with clock.at(now + timedelta(days=1)):
        find_missing(SYSTEM)
        find_missing(SYSTEM)
        (work,) = rows()
        assert (work.kind, work.measure, work.owner) == (
            Kind.MISSING,
            "blood-pressure",
            "Practitioner/gp",
        )
    with clock.at(now + timedelta(days=3)):
        find_missing(SYSTEM)
        assert len(rows()) == 1
        send(120)
        assert rows() == []
        find_missing(SYSTEM)  # she is back on track
        assert rows() == []


@pytest.mark.parametrize("at", [time(0, 30), time(12), time(23, 30)], ids=str)
def test_what_is_measured_as_agreed_is_not_missing(at: time) -> None:
    now = datetime.combine(clock.today(), at, clock.NORWAY)
    with clock.at(now):
        follow(pressure(days=7, times=2))
    for day in (0, 3):
        with clock.at(now + timedelta(days=day)):
            send(120)
    with clock.at(now + timedelta(days=8)):
        find_missing(SYSTEM)
    assert rows() == []


def test_nothing_is_missing_or_watched_after_a_follow_up_has_ended() -> None:
    plan = follow()
    gp = staff("gp", "gp", "office")
    end_follow_up(gp, patient=KARI, plan=plan, seen=1, reason="Ferdig")
    with clock.at(clock.now() + timedelta(days=4)):
        find_missing(SYSTEM)
        send(190)
    assert rows() == []


def test_one_unit_follows_a_patient_once_at_a_time_and_again_when_the_first_is_over() -> None:
    plan = follow()
    gp = staff("gp", "gp", "office")
    with pytest.raises(Conflict):
        start_follow_up(gp, patient=KARI, terms=terms())
    with clock.at(clock.now() + timedelta(days=90)):
        again = start_follow_up(gp, patient=KARI, terms=terms())
    assert {each.id: each.status for each in plans_of(SYSTEM, KARI)} == {
        plan: "completed", again: "active",
    }  # fmt: skip


@pytest.mark.parametrize("role", ["carer", "medical-secretary", "unit-leader", "case-officer"])
def test_only_doctors_and_nurses_agree_a_follow_up(role: str) -> None:
    office()
    with pytest.raises(NotAllowed):
        start_follow_up(employ("who", role, "office"), patient=KARI, terms=terms())


def test_without_a_ground_nobody_agrees_a_follow_up_or_sees_one() -> None:
    follow()
    send(165)
    stranger = employ("stranger", "doctor", "elsewhere")
    own = terms(owner="stranger")
    with pytest.raises((NotAllowed, NotFound)):
        start_follow_up(stranger, patient=KARI, terms=own)
    assert worklist(stranger) == []
    assert course_of(stranger, KARI) == Course((), (), ())
    (work,) = rows()
    with pytest.raises(NotFound):
        close_work(
            stranger, patient=KARI, tasks=[(work.id, work.version)], outcome=Outcome.CONTACTED
        )


def test_inv_36_a_unit_that_she_has_blocked_sees_no_row_and_counts_none() -> None:
    follow()
    send(165)
    make_block(herself(), Block(holders=(("Organization", "office"),)), {})
    assert worklist(staff("gp", "gp", "office")) == []
    assert len(rows()) == 1  # it stands, and is found when the block ends
