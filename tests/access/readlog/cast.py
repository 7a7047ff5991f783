"""Lines and names that are made up, for tests that need no database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from fellesjournal.access.policy.kinds import GroundKind
from fellesjournal.access.readlog.acts import Act, Outcome
from fellesjournal.access.readlog.queries import Line, Names, Who
from fellesjournal.access.readlog.times import number_at
from fellesjournal.registry.numbers import ENH_SYSTEM, FNR_SYSTEM, HPR_SYSTEM

KARI, OLA, NOTE, OTHER_NOTE, CODES = 7, 8, 70, 80, 90
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
DOCTOR = Who("Practitioner/d", "doctor", "Organization/u", "Organization/h", "TREAT")
STAFF_NUMBER, KARI_NUMBER = "13116900216", "17054026641"


def a_line(
    *,
    who: Who = DOCTOR,
    act: Act = Act.READ,
    at: datetime = NOON,
    minutes: float = 0,
    patients: tuple[int, ...] = (KARI,),
    resources: tuple[int, ...] = (NOTE,),
    kind: int | None = GroundKind.ENCOUNTER,
    outcome: Outcome = Outcome.DONE,
    type_name: str | None = "Composition",
    areas: int = 0,
    chain: int = 1,
    decision: int = 0,
) -> Line:
    """One line; what is not given is of no matter."""
    return Line(
        id=number_at(at + timedelta(minutes=minutes)), chain=chain, who=who, act=act, type=type_name,
        outcome=outcome, areas=areas, decision=decision, patients=patients,
        grounds=dict.fromkeys(patients, (kind, 5 if kind else None)), resources=resources,
    )  # fmt: skip


def person(number: str | None = None, *, name: str = "Doe", **more: Any) -> dict[str, Any]:
    """A Patient or Practitioner with a person number."""
    numbers = [{"system": FNR_SYSTEM, "value": number}] if number else []
    return {"name": [{"family": name, "given": ["Kari"]}], "identifier": numbers, **more}


NAMES = Names(
    {
        "Practitioner/d": {
            "resourceType": "Practitioner",
            "name": [{"family": "Dahl", "given": ["Dina"]}],
            "identifier": [
                {"system": FNR_SYSTEM, "value": STAFF_NUMBER},
                {"system": HPR_SYSTEM, "value": "9144897"},
            ],
            "qualification": [
                {"code": {"coding": [{"system": "urn:oid:2.16.578.1.12.4.1.1.9060", "code": "LE"}]}}
            ],
        },
        "Organization/u": {"resourceType": "Organization", "name": "Medical ward"},
        "Organization/h": {
            "resourceType": "Organization",
            "name": "The hospital",
            "identifier": [{"system": ENH_SYSTEM, "value": "974589095"}],
        },
        "Patient/kari": {"resourceType": "Patient", **person(KARI_NUMBER)},
    },
    {
        KARI: ("Patient/kari", KARI),
        OLA: ("Patient/ola", OLA),
        NOTE: ("Composition/n", KARI),
        OTHER_NOTE: ("Composition/o", OLA),
        CODES: ("CodeSystem/c", 0),
    },
    {"growth": "Growth chart"},
)
