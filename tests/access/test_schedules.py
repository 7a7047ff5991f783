"""Schedules are written by their own unit."""

from __future__ import annotations

from typing import Any

import pytest

from fellesjournal.access import acts
from fellesjournal.access.writing import Operation, write
from fellesjournal.fhir.issues import NotAllowed
from tests.care.scheduling.booking import body_of, keep
from tests.staff import employ, put

pytestmark = pytest.mark.django_db


def named(*actors: str, key: str = "s") -> dict[str, Any]:
    found = body_of("Schedule", key)
    return {**found, "actor": [{"reference": actor} for actor in actors]}


def change(data: dict[str, Any], key: str = "s") -> Operation:
    return Operation("update", "Schedule", id=key, body=acts.create(data).body)


def test_the_office_keeps_the_schedules_of_those_who_work_there() -> None:
    desk = employ("jorid", "secretary")
    employ("d")
    keep()
    put("HealthcareService", "h", providedBy={"reference": "Organization/u"})
    put("Location", "room", managingOrganization={"reference": "Organization/u"})
    for actors in (("Practitioner/d",), ("PractitionerRole/d-role", "Location/room"),
                   ("HealthcareService/h",)):  # fmt: skip
        write(desk.again(), [change(named(*actors))])
    made = {name: value for name, value in named("Practitioner/d").items() if name != "id"}
    write(desk.again(), [acts.create(made)])


def test_another_offices_schedule_is_not_changed_taken_over_or_deleted() -> None:
    desk = employ("jorid", "secretary")
    employ("d")
    employ("other", unit="elsewhere")
    keep("theirs", "other")
    keep("ours", "d")
    put("Location", "room", managingOrganization={"reference": "Organization/elsewhere"})
    theirs = body_of("Schedule", "theirs")
    attempts = [
        change(theirs, "theirs"),
        change(named("Practitioner/d", key="theirs"), "theirs"),
        change(named("Practitioner/other", key="ours"), "ours"),
        change(named("Practitioner/d", "Location/room", key="ours"), "ours"),
        change(named("Practitioner/nobody", key="ours"), "ours"),
        acts.create({name: value for name, value in theirs.items() if name != "id"}),
        Operation("delete", "Schedule", id="theirs"),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            write(desk.again(), [attempt])
    assert body_of("Schedule", "theirs") == theirs


def test_who_treats_sees_schedules_and_writes_none() -> None:
    doctor = employ("d")
    keep()
    with pytest.raises(NotAllowed):
        write(doctor.again(), [change(named("Practitioner/d"))])
