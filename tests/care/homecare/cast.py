"""A citizen with home care, the unit that gives it, and those who work there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, time
from typing import Any

from fellesjournal.access.acts import content
from fellesjournal.access.sessions import Session
from fellesjournal.care.homecare import codes
from fellesjournal.care.homecare.making import make_days
from fellesjournal.care.homecare.planned import Item
from fellesjournal.care.homecare.plans import Rule, activity
from fellesjournal.care.homecare.reading_days import PLANNED_VISITS, everything, items, visits
from fellesjournal.care.homecare.visits import Visit
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import transaction
from fellesjournal.registry.units import UNIT_KIND_SYSTEM
from tests.staff import SYSTEM, employ, put

MORNING = datetime(2026, 3, 3, 5, 0, tzinfo=UTC)
"""A Tuesday, six o'clock in Norway."""
EVERY_DAY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PATIENT = "Patient/kari"
UNIT = "Organization/home"
CARE = Rule(text="Stell", weekdays=EVERY_DAY, begins=time(8), ends=time(10), minutes=20)
MEDICINES = Rule(
    text="Medisiner", weekdays=EVERY_DAY, begins=time(8), ends=time(10), minutes=5,
    gives_medicines=True,
)  # fmt: skip


class _Undo(Exception):
    """Ends an example: nothing of it stays."""


@contextmanager
def nothing_stays() -> Iterator[None]:
    """One example of a property: what it writes is undone at its end."""
    with suppress(_Undo), transaction():
        yield
        raise _Undo


def unit(name: str, kind: str, parent: str = "town") -> None:
    """A unit of the municipality."""
    put("Organization", "town", name="Town")
    put(
        "Organization", name, name=f"The {kind} of the town", active=True,
        type=[{"coding": [{"system": UNIT_KIND_SYSTEM, "code": kind}]}],
        partOf={"reference": f"Organization/{parent}"},
    )  # fmt: skip


def work_at_home_care() -> tuple[Session, Session, Session]:
    """A nurse, a carer and the leader of the unit."""
    unit("home", "home-care")
    found = (
        employ("nurse", "home-care-nurse", "home", active=True),
        employ("carer", "carer", "home", active=True),
        employ("leader", "unit-leader", "home", active=True),
    )
    unit("home", "home-care")  # employing somebody has renamed it
    return found


def citizen(name: str = "kari") -> None:
    """A citizen of the town."""
    put("Patient", name, name=[{"family": "Nesvoll", "given": ["Kari"]}], birthDate="1944-03-14")


def service(status: str = "active", name: str = "service", patient: str = PATIENT) -> None:
    """A service (9151) granted to the citizen by the unit."""
    put(
        "EpisodeOfCare", name, status=status,
        type=[{"coding": [{"system": codes.SERVICE_TYPE, "code": "15"}], "text": "Hjemmesykepleie"}],
        patient={"reference": patient}, managingOrganization={"reference": UNIT},
        period={"start": "2026-01-01"},
    )  # fmt: skip


def plan(*rules: Rule, name: str = "plan", patient: str = PATIENT, status: str = "active") -> None:
    """The plan of the unit."""
    put(
        "CarePlan", name, status=status, intent="plan",
        category=[{"coding": [{"system": codes.PLAN_TYPE, "code": PLANNED_VISITS}]}],
        subject={"reference": patient},
        activity=[
            activity(f"a{n}", rule, unit=UNIT, since=clock.today())
            for n, rule in enumerate(rules, 1)
        ],
    )  # fmt: skip


def prescription(
    name: str = "metoprolol",
    status: str = "active",
    prior: str = "",
    authored: str = "2026-01-05",
    **repeat: Any,
) -> None:
    """A medicine, every morning unless said otherwise; ``prior`` is what it takes the place of."""
    before = {"priorPrescription": {"reference": f"MedicationRequest/{prior}"}} if prior else {}
    put(
        "MedicationRequest", name, status=status, intent="order",
        medicationCodeableConcept={"text": name.capitalize()},
        subject={"reference": PATIENT}, authoredOn=authored,
        dosageInstruction=[
            {
                "text": "1 tablett om morgenen",
                "timing": {
                    "repeat": repeat
                    or {"frequency": 1, "period": 1, "periodUnit": "d", "when": ["MORN"]}
                },
                "doseAndRate": [{"doseQuantity": {"value": 1, "unit": "tablett"}}],
            }
        ],
        **before,
    )  # fmt: skip


def made() -> tuple[list[Visit], list[Item]]:
    """Make the days, and answer the visits and items of today."""
    make_days(SYSTEM, PATIENT)
    return standing()


def standing() -> tuple[list[Visit], list[Item]]:
    """The visits and items of today."""
    found = visits(SYSTEM, clock.today(), clock.today(), patient=PATIENT)
    return found, items(SYSTEM, [visit.id for visit in found])


def all_tasks() -> list[dict[str, Any]]:
    """Every Task about the citizen."""
    return [content(each) for each in everything(SYSTEM, "Task", [("patient", PATIENT)])]
