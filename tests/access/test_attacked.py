"""A nurse with a ground to one patient: other units' times, other people's names."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from fellesjournal.access import acts, records
from fellesjournal.fhir.issues import NotAllowed
from fellesjournal.foundation import clock
from fellesjournal.store.claims import BOOKED_IN
from tests.access.test_signed import NOTE
from tests.staff import SYSTEM, employ, put, register

pytestmark = pytest.mark.django_db

Json = dict[str, Any]


def _booking(schedule: str, hours: int = 11) -> Json:
    start = clock.now() + timedelta(days=1)
    return {
        "resourceType": "Appointment",
        "status": "booked",
        "start": start.isoformat(),
        "end": (start + timedelta(hours=hours)).isoformat(),
        "extension": [{"url": BOOKED_IN, "valueReference": {"reference": schedule}}],
        "participant": [{"actor": {"reference": "Patient/kari"}, "status": "accepted"}],
    }


def test_nobody_takes_the_time_of_another_units_schedule() -> None:
    nurse = employ("nurse", "nurse")
    employ("far", "doctor", "elsewhere")
    register("kari", "Practitioner/nurse")
    put("Schedule", "own", active=True, actor=[{"reference": "Practitioner/nurse"}])
    put("Schedule", "far", active=True, actor=[{"reference": "Practitioner/far"}])
    with pytest.raises(NotAllowed):
        acts.act(nurse, [acts.create(_booking("Schedule/far"))])
    (made,) = acts.act(nurse, [acts.create(_booking("Schedule/own", 1))])
    with pytest.raises(NotAllowed):
        acts.act(
            nurse,
            [acts.change({**_booking("Schedule/far"), "id": made.id}, seen=made.version)],
        )


def test_who_called_a_patient_in_elsewhere_is_called_off_all_the_same() -> None:
    nurse = employ("nurse", "nurse")
    employ("far", "doctor", "elsewhere")
    register("kari", "Practitioner/nurse")
    put("Schedule", "far", active=True, actor=[{"reference": "Practitioner/far"}])
    put("Appointment", "a", **{k: v for k, v in _booking("Schedule/far").items() if k != "resourceType"})  # fmt: skip
    data, version = acts.read(nurse, "Appointment", "a")
    acts.act(nurse, [acts.change({**data, "status": "cancelled"}, seen=version)])


def test_inv_43_a_signed_note_is_not_made_in_another_name() -> None:
    nurse = employ("nurse", "nurse")
    employ("gp")
    register("kari", "Practitioner/gp", "Practitioner/nurse")
    unsigned = {"resourceType": "Composition", **{k: v for k, v in NOTE.items() if k != "attester"}}
    with pytest.raises(NotAllowed):
        acts.act(nurse, [acts.create(unsigned)])
    assert records.search(SYSTEM, "Composition", []).matches == []
    acts.act(nurse, [acts.create({**unsigned, "author": [{"reference": nurse.person}]})])
