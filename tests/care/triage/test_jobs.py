"""Who has waited too long is told of by the clock, once for each urgency, and stays where she is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fellesjournal.care.triage import actions, codes, queries
from fellesjournal.care.triage.codes import Urgency
from fellesjournal.care.triage.jobs import find_long_waits
from fellesjournal.foundation import clock
from tests.care.triage.world import World, clinic_unit, encounter, names, now
from tests.staff import SYSTEM


def test_who_waits_past_her_limit_is_told_of_once_and_stays_on_the_board(clinic: World) -> None:
    start = clock.now()
    with clock.at(start):
        contact = clinic.take_in(urgency=Urgency.YELLOW)
    for minutes, times in ((59, 0), (61, 1), (90, 1)):
        with clock.at(start + timedelta(minutes=minutes)):
            find_long_waits(SYSTEM)
            assert _told() == times
            assert names(queries.board(clinic.nurse).waiting) == ["anna"]
    raised = now(contact).raised
    assert raised is not None
    assert abs(raised - start - timedelta(minutes=61)) < timedelta(seconds=2)


def test_who_is_triaged_anew_is_told_of_anew_by_the_limit_of_that_urgency(clinic: World) -> None:
    start = clock.now()
    with clock.at(start):
        contact = clinic.take_in(urgency=Urgency.YELLOW)
    with clock.at(start + timedelta(minutes=61)):
        find_long_waits(SYSTEM)
        clinic.triage(contact, Urgency.GREEN)
        find_long_waits(SYSTEM)
        assert (_told(), now(contact).raised) == (1, None)
    with clock.at(start + timedelta(minutes=121)):
        find_long_waits(SYSTEM)
        assert _told() == 2


def test_who_is_seen_to_waits_no_longer(clinic: World) -> None:
    start = clock.now()
    with clock.at(start):
        contact = clinic.take(clinic.take_in(urgency=Urgency.ORANGE))
    with clock.at(start + timedelta(hours=3)):
        find_long_waits(SYSTEM)
        assert _told() == 0
        actions.hand_back(clinic.doctor, patient="anna", contact_id=contact.id)
        find_long_waits(SYSTEM)
        assert _told() == 1


def test_each_clinic_has_limits_and_a_scale_of_its_own(clinic: World) -> None:
    clinic_unit("three-levels", yellow=5)
    start = clock.now()
    with clock.at(start):
        clinic.take_in(urgency=Urgency.YELLOW)
    with clock.at(start + timedelta(minutes=6)):
        find_long_waits(SYSTEM)
        assert _told() == 1
    assert queries.board(clinic.nurse).scale.levels == (Urgency.RED, Urgency.YELLOW, Urgency.GREEN)


def test_what_is_told_of_a_wait_names_no_reason(clinic: World) -> None:
    start = clock.now()
    with clock.at(start):
        contact = clinic.take_in(urgency=Urgency.RED, reason="Brystsmerter")
    with clock.at(start + timedelta(minutes=2)):
        find_long_waits(SYSTEM)
    (said,) = (e for e in encounter(contact)[0]["extension"] if e["url"].endswith("wait-raised"))
    assert {each["url"] for each in said["extension"]} == {"urgency", "minutes", "at"}


def _told(patient: str = "anna") -> int:
    """How often it has been told that she waits too long."""
    contact = queries.open_contact(replace(SYSTEM, unit="Organization/legevakt"), patient)
    assert contact is not None
    listed = encounter(contact)[0].get("extension", ())
    return sum(each["url"] == codes.RAISED for each in listed)
