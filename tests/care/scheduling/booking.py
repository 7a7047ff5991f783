"""A GP with a schedule and patients on her list, and a clock that stands."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fellesjournal.access import acts
from fellesjournal.access.citizens import citizen
from fellesjournal.access.sessions import Session
from fellesjournal.care.scheduling.queries import FreeTime, bookable, free_times, schedules_of
from fellesjournal.foundation import clock
from fellesjournal.registry.opening_rules import WEEKDAYS, rule_extension
from tests.staff import SYSTEM, employ, put, register, staff

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)  # a Monday, 07:00 in Norway
VISIT = {
    "coding": [
        {"system": "urn:oid:2.16.578.1.12.4.1.1.7617", "code": "Ordinær", "display": "Ordinær time"}
    ]
}
PHONE = {
    "coding": [
        {
            "system": "urn:oid:2.16.578.1.12.4.1.1.8432",
            "code": "7",
            "display": "Telefonkonsultasjon",
        }
    ]
}


def keep(fhir_id: str = "s", gp: str = "d", *, opens: str = "08:00", closes: str = "10:00") -> None:
    """A Schedule of a GP: visits that citizens book, and an hour after them that staff book."""
    put(
        "Schedule", fhir_id,
        active=True,
        actor=[{"reference": f"Practitioner/{gp}", "display": f"Dr {gp}"}],
        extension=[
            rule_extension(weekdays=WEEKDAYS, opens=opens, closes=closes, minutes=20, kind=VISIT,
                           for_citizens=True, on_holidays=True),
            rule_extension(weekdays=WEEKDAYS, opens=closes, closes="11:00", minutes=20, kind=PHONE,
                           for_citizens=False, on_holidays=True),
        ],
    )  # fmt: skip


def office() -> None:
    """A GP ``d`` with a schedule ``s``, and the patients ``a`` and ``b`` on her list."""
    employ("d")
    for patient in "ab":
        register(patient, "Practitioner/d", name=[{"family": patient.upper()}])
    keep()


def gp() -> Session:
    """The GP, in a new request."""
    return staff("d")


def times(session: Session | None = None, days: int = 1) -> list[FreeTime]:
    """What is free today for a citizen (``a`` when none is given) or the GP."""
    who = session or citizen("a")
    schedules = bookable(who) if who.kind == "citizen" else schedules_of(who, ["Practitioner/d"])
    return free_times(who, schedules, clock.today(), days)


def wall(found: list[FreeTime]) -> list[str]:
    """The clock times."""
    return [f"{each.starts:%H:%M}" for each in found]


def body_of(kind: str, fhir_id: str) -> dict[str, Any]:
    """What stands, as the platform sees it."""
    return acts.read(SYSTEM, kind, fhir_id)[0]
