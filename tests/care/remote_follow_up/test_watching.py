"""A reading outside the limits has one row with an owner, however it comes; silence has one too."""

from __future__ import annotations

from decimal import Decimal

import pytest

from fellesjournal.care.remote_follow_up.finding import readings
from fellesjournal.care.remote_follow_up.queries import Why, worklist
from fellesjournal.care.remote_follow_up.tasks import Kind
from tests.care.remote_follow_up.following import KARI, follow, herself, office, rows, send
from tests.staff import SYSTEM, staff

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
