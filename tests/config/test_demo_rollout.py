"""The rollout of the demo."""

from __future__ import annotations

import pytest

from fellesjournal.config.cli.demo_rollout import fill_rollout
from fellesjournal.demo import rollout as told
from fellesjournal.demo.cast import STAFF
from fellesjournal.leadership.rollout import queries
from tests.signing_in import staff_client
from tests.staff import SYSTEM

pytestmark = pytest.mark.django_db


def test_it_is_there_once_however_often_it_is_filled_in() -> None:
    staff_client(next(each for each in STAFF if each.role == "rollout-lead"))
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
