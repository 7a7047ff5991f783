"""What staff of the demo have reported."""

from __future__ import annotations

import pytest

from fellesjournal.config.cli.demo_reports import fill_reports
from fellesjournal.demo import reports as told
from fellesjournal.demo.cast import STAFF
from fellesjournal.leadership.rollout.support import queries
from fellesjournal.surfaces.support.places import place
from tests.signing_in import employ
from tests.staff import SYSTEM

pytestmark = pytest.mark.django_db


def test_it_is_there_once_however_often_it_is_filled_in() -> None:
    for position in {"rollout-lead", *(each.position for each in told.REPORTS)}:
        employ(next(member for member in STAFF if member.role == position))
    fill_reports()
    fill_reports()
    found = queries.open_tickets(SYSTEM)
    assert found.total == sum(1 for each in told.REPORTS if not each.done)
    assert {each.ticket.said for each in found.rows} == {
        each.said for each in told.REPORTS if not each.done
    }


def test_its_pages_are_pages() -> None:
    for each in told.REPORTS:
        assert (place(each.page, "").page, place(each.page, "").module) == (each.page, each.module)
