"""The rollout of the demo."""

from __future__ import annotations

import pytest

from fellesjournal.config.cli.demo_rollout import fill_rollout
from fellesjournal.demo import rollout as told
from fellesjournal.demo import training
from fellesjournal.demo.cast import STAFF
from fellesjournal.foundation import clock
from fellesjournal.leadership.rollout import (
    cutover_actions,
    queries,
    rehearsal_actions,
    training_queries,
)
from fellesjournal.leadership.rollout.assumptions import ASSUMED
from fellesjournal.leadership.rollout.cutover import TaskState
from fellesjournal.leadership.rollout.programme import contradictions
from fellesjournal.leadership.rollout.training_book import Enforcement
from tests.signing_in import employ, municipality, put, staff_client
from tests.staff import SYSTEM

pytestmark = pytest.mark.django_db


def test_it_is_there_once_however_often_it_is_filled_in() -> None:
    staff_client(next(each for each in STAFF if each.role == "rollout-lead"))
    municipality(told.LED, "org-5001")  # whose barriers she states
    fill_rollout()
    fill_rollout()
    readiness = queries.readiness(SYSTEM, told.ON_ITS_WAY)
    assert len(readiness.body.checks) == len(told.CHECKS)
    assert len(readiness.body.runs) == len(told.RUNS)
    assert readiness.version == len(told.CHECKS) + len(told.RUNS)
    assert len(queries.migration(SYSTEM, told.ON_ITS_WAY).body.jobs) == len(told.JOBS)
    concerns = queries.concerns(SYSTEM, told.ON_ITS_WAY).body
    assert (len(concerns.risks), len(concerns.stakeholders)) == (2, 3)
    log = queries.tickets(SYSTEM, told.WENT_LIVE).body
    assert log is not None
    assert tuple(day.tickets for day in log.days) == told.TICKETS


def test_a_wave_is_to_come_in_which_one_keeps_all_rules_and_one_does_not_pass() -> None:
    staff_client(next(each for each in STAFF if each.role == "rollout-lead"))
    municipality(told.LED, "org-5001")
    fill_rollout()
    fill_rollout()
    programme, today = queries.programme(SYSTEM), clock.today()
    assert programme.version == 1
    found = {each.subject for each in contradictions(programme.body, today, assumed=ASSUMED)}
    names = {
        actor: programme.body.actor(actor).name
        for actor in (told.ON_TIME, told.STARTED_LATE, told.BEHIND)
    }
    assert names[told.ON_TIME] not in found
    assert {names[told.STARTED_LATE], names[told.BEHIND]} <= found
    come = {
        actor: [
            gate.passes
            for gate in queries.gates(programme.body, actor, queries.readiness(SYSTEM, actor).body)
            if gate.due <= today
        ]
        for actor in names
    }
    assert come == {told.ON_TIME: [True], told.STARTED_LATE: [False], told.BEHIND: [False]}


def test_training_and_rehearsals_are_there_once_and_name_people_of_the_register() -> None:
    lead, nurse, midwife = (
        next(each for each in STAFF if each.role == role)
        for role in ("rollout-lead", "home-care-nurse", "midwife")
    )
    staff_client(lead)
    municipality(told.LED, "org-5001")
    for each in (nurse, midwife):
        employ(each)
        put(
            "Organization",
            each.unit_id,
            name=each.unit_name,
            partOf={"reference": "Organization/org-5001"},
        )
    fill_rollout()
    fill_rollout()
    book = training_queries.book(SYSTEM, training.LIVE)
    assert book.courses.enforcement is Enforcement.WARN  # nobody of the demo is locked out
    passed = {each.person for each in book.passes.passed}
    assert f"Practitioner/{nurse.id}" in passed
    assert f"Practitioner/{training.WITHOUT}" not in passed
    assert len(set(book.roster.shifts)) == len(book.roster.shifts) > 0
    played = rehearsal_actions.standing(SYSTEM, training.ON_ITS_WAY).body.rehearsals
    assert [each.passes for each in played] == [True, False]
    cutover = cutover_actions.standing(SYSTEM, training.ON_ITS_WAY).body
    assert cutover is not None
    assert cutover.is_past_return
    assert {each.state for each in cutover.tasks} == {TaskState.DONE}
    assert cutover.decisions[-1].open == ("transfer-balances",)
