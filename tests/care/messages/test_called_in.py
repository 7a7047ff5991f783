"""INV-10: who is called in is on the office's list to call until it is known that she knows."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from fellesjournal.care.messages.actions import post, prove
from fellesjournal.care.messages.states import Route, State
from fellesjournal.care.referrals.actions import Seen, accept_referral, allocate_appointment
from fellesjournal.care.referrals.actions.case import load
from fellesjournal.care.referrals.queries import appointments_for
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection
from tests.care.messages.region import Region, deliveries, region, work
from tests.staff import SYSTEM, employ, staff


@pytest.fixture
def here(empty_record: None, box: Path) -> Region:
    del empty_record
    made = region(box)
    employ("kaare", unit="office")
    return made


def called_in(here: Region, days: int) -> str:
    """Anna, referred from inside, has an appointment in so many days."""
    sent = here.refer("HealthcareService/ortho")
    accept_referral(staff("kaare", unit="office"), referral_id=sent, seen=seen(sent), outcome="2",
                    care_by=clock.today() + timedelta(days=60), urgency="routine")  # fmt: skip
    allocate_appointment(staff("kaare", unit="office"), referral_id=sent, seen=seen(sent),
                         start=clock.now() + timedelta(days=days), minutes=30)  # fmt: skip
    work()
    return sent


def seen(referral: str) -> Seen:
    case = load(SYSTEM, referral)
    return Seen(case.version, case.task_version)


def must_call(referral: str) -> bool:
    return appointments_for(SYSTEM, [load(SYSTEM, referral).referral])[referral].must_call


def reads_helsami() -> None:
    connection().execute(
        "insert into access.terms_accepted values ('Patient/anna', '1', now())"
        " on conflict do nothing"
    )


def test_she_is_to_be_called_until_she_has_opened_the_letter(here: Region) -> None:
    reads_helsami()
    referral = called_in(here, 3)
    assert must_call(referral)
    (letter,) = [each for each in deliveries() if each.recipient.route is Route.HELSAMI][-1:]
    for each in deliveries():
        if each.recipient.route is Route.HELSAMI:
            assert each.state is State.DELIVERED
            prove(SYSTEM, each.id, State.OPENED, "Patient/anna")
    work()
    assert not must_call(referral)
    assert letter.patient == "Patient/anna"


def test_a_letter_in_the_post_tells_nobody_that_she_knows(here: Region) -> None:
    referral = called_in(here, 3)
    for each in deliveries():
        if each.recipient.route is Route.PAPER:
            post(staff("kaare", unit="office"), each.id)
    work()
    assert must_call(referral)


def test_what_is_far_ahead_is_left_to_the_letter(here: Region) -> None:
    assert not must_call(called_in(here, 30))
