"""Who waits at an out-of-hours clinic leaves by a recorded outcome, on every path (INV-12); and who
takes in a patient whose record is closed writes the contact, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from fellesjournal.access import acts
from fellesjournal.access.acts import act, change
from fellesjournal.access.emergency_contacts import begin
from fellesjournal.access.sessions import Session
from fellesjournal.access.waiting import OUTCOME, NoOutcome
from fellesjournal.access.writing import Operation, write
from fellesjournal.care.citizens.queries import person_of
from fellesjournal.care.triage.codes import Urgency, Way
from fellesjournal.care.triage.resources import Person, ended, moment_text, new_contact
from fellesjournal.fhir.issues import BadRequest, Conflict, NotAllowed, NotFound
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection
from tests.care.triage.world import World, encounter, now, world
from tests.staff import employ, register, staff

Resource = dict[str, Any]
ME = Person("Practitioner/sindre", "")


@pytest.fixture
def clinic(empty_record: None) -> World:
    del empty_record
    return world()


def _closed(data: Resource, **said: Any) -> Resource:
    given: dict[str, Any] = {"outcome": "left", "words": "", "by": ME, "at": clock.now()}
    return ended(data, **(given | said))


def _dated(data: Resource, at: datetime) -> Resource:
    said = next(each for each in data["extension"] if each["url"] == OUTCOME)
    said["extension"][-1]["valueDateTime"] = moment_text(at)
    return data


@pytest.mark.parametrize(
    "gone",
    [
        lambda data: {**data, "status": "finished"},
        lambda data: {**data, "status": "cancelled"},
        lambda data: {**data, "status": "unknown"},
        lambda data: {**data, "status": "entered-in-error"},
        lambda data: {**data, "class": {**data["class"], "code": "AMB"}},
        lambda data: {**data, "subject": {"reference": "Patient/bo"}},
        lambda data: {**data, "serviceProvider": {"reference": "Organization/office"}},
        lambda data: {**data, "period": {"start": "2031-01-01"}},
        lambda data: {**data, "extension": _closed(data)["extension"]},
        lambda data: _closed(data, outcome="vanished"),
        lambda data: _closed(data, outcome="advice", words="kort"),
        lambda data: {**_closed(data), "status": "entered-in-error"},
        lambda data: _closed(data, by=Person("Practitioner/tone", "")),
        lambda data: _dated(_closed(data), clock.now() + timedelta(hours=3)),
    ],
    ids=["finished", "cancelled", "unknown", "in error", "class", "patient", "unit", "beginning",
         "an outcome and open", "no such outcome", "no words", "left in error", "for another",
         "another time"],
)  # fmt: skip
def test_inv_12_who_waits_goes_away_by_no_write_without_an_outcome(
    clinic: World, gone: Callable[[Resource], Resource]
) -> None:
    clinic.take_in("bo")
    contact = clinic.take_in("anna")
    data, version = encounter(contact)
    with pytest.raises((NoOutcome, NotAllowed)):
        act(clinic.doctor.again(), [change(gone(data), seen=version)])
    assert now(contact).version == version


def test_inv_12_who_waits_is_deleted_by_nobody(clinic: World) -> None:
    contact = clinic.take_in()
    with pytest.raises(NoOutcome):
        write(clinic.doctor.again(), [Operation("delete", "Encounter", id=contact.id)])
    assert now(contact).is_open


def test_contact_that_ends_with_an_outcome_is_over_and_stays_as_it_was_said(clinic: World) -> None:
    contact = clinic.take_in()
    data, version = encounter(contact)
    act(clinic.doctor.again(), [change(_closed(data), seen=version)])
    over, version = encounter(contact)
    for wanted in (
        {**over, "status": "in-progress"},
        {name: value for name, value in over.items() if name != "extension"},
        {**over, "subject": {"reference": "Patient/bo"}},
    ):
        with pytest.raises(Conflict):
            act(clinic.doctor.again(), [change(wanted, seen=version)])
    noted = {**over, "reasonCode": [{"text": "Magesmerter"}]}
    act(clinic.doctor.again(), [change(noted, seen=version)])


def test_emergency_contacts_of_other_places_end_as_they_always_did(clinic: World) -> None:
    register("dina", "Practitioner/ragna")
    data = _contact(clinic.gp, "dina", "office")
    (stood,) = act(clinic.gp, [acts.create(data)])
    over = {**acts.content(stood), "status": "finished"}
    act(clinic.gp, [change(over, seen=stood.version)])
    assert OUTCOME not in str(over)


def _contact(session: Session, patient: str = "anna", unit: str = "legevakt") -> Resource:
    return new_contact(
        number="1", patient=f"Patient/{patient}", unit=Person(f"Organization/{unit}", ""),
        by=Person(session.person, ""), way=Way.HERE, urgency=Urgency.GREEN, reason="Hoste",
        at=clock.now(),
    )  # fmt: skip


UNLESS = "identifier=none"


@pytest.mark.parametrize(
    "other",
    [
        lambda data: {**data, "serviceProvider": {"reference": "Organization/office"}},
        lambda data: {**data, "status": "finished"},
        lambda data: {**data, "class": {**data["class"], "code": "IMP"}},
        lambda data: {**data, "period": {"start": "2026-01-01"}},
        lambda data: {**data, "participant": [*data["participant"], _part("Practitioner/tone")]},
        lambda data: {**data, "participant": [_part("Practitioner/tone")]},
        lambda data: {**data, "partOf": {"reference": "Encounter/1"}},
        lambda data: {**data, "diagnosis": [{"condition": {"reference": "Condition/1"}}]},
    ],
    ids=["unit", "over", "class", "dated back", "one more", "another", "part of", "more"],
)
def test_closed_record_is_given_nothing_but_a_contact_here_and_now_by_oneself(
    clinic: World, other: Callable[[Resource], Resource]
) -> None:
    with pytest.raises(BadRequest):
        begin(clinic.nurse, other(_contact(clinic.nurse)), unless=UNLESS)
    with pytest.raises(NotFound):
        person_of(clinic.nurse.again(), "anna")


def _part(who: str) -> Resource:
    return {"individual": {"reference": who}}


def test_nobody_but_doctors_and_nurses_of_an_out_of_hours_clinic_begins_a_contact(
    clinic: World,
) -> None:
    employ("gunnhild", "nurse", "home-care")
    employ("fysio", "physiotherapist", "legevakt-2")
    for session, unit in (
        (clinic.gp, "office"),
        (staff("gunnhild", "nurse", "home-care"), "home-care"),
        (staff("fysio", "physiotherapist", "legevakt-2"), "legevakt-2"),
    ):
        with pytest.raises(NotAllowed):
            begin(session, _contact(session, unit=unit), unless=UNLESS)
    with pytest.raises(NotFound):
        begin(clinic.nurse, _contact(clinic.nurse, "nobody"), unless=UNLESS)


def test_nurse_has_a_line_of_her_own_in_the_log_beside_that_of_the_platform(
    clinic: World,
) -> None:
    begin(clinic.nurse, _contact(clinic.nurse), unless=UNLESS)
    rows = connection().execute(
        "select w.person from access.log l join access.log_who w on w.number = l.who"
        " where l.act = 11 order by l.id desc limit 2"
    ).fetchall()  # fmt: skip
    assert {person for (person,) in rows} == {"Practitioner/solveig", "system:emergency-contact"}


def test_inv_12_ground_of_a_contact_lasts_as_long_as_somebody_waits(clinic: World) -> None:
    contact = clinic.take_in(way=Way.COMES_IN)
    for days in (31, 400):
        with clock.at(clock.now() + timedelta(days=days)):
            assert person_of(clinic.doctor.again(), "anna").id == "anna"
    clinic.end(contact)
    with clock.at(clock.now() + timedelta(days=29)):
        assert person_of(clinic.doctor.again(), "anna").id == "anna"
    with clock.at(clock.now() + timedelta(days=31)), pytest.raises(NotFound):
        person_of(clinic.doctor.again(), "anna")
