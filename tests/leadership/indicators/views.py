"""Views of these tests, and resources made at random for them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from fellesjournal.access.sessions import system_session
from fellesjournal.leadership.indicators import jobs
from fellesjournal.leadership.indicators.flattening import keep_up
from fellesjournal.leadership.indicators.tables import Table, registered

assert jobs.SECONDS_AT_A_TIME  # what imports it has all indicators' tables registered
FLATTENER = system_session("system:flatten-views", purpose="HOPERAT")

BLOOD_PRESSURES: dict[str, Any] = {
    "resourceType": "ViewDefinition",
    "name": "measured",
    "resource": "Observation",
    "where": [{"path": "status != 'entered-in-error'"}],
    "select": [
        {
            "column": [
                {"name": "observation", "path": "getResourceKey()"},
                {"name": "subject", "path": "subject.getReferenceKey(Patient)"},
                {"name": "status", "path": "status"},
                {"name": "measured", "path": "effective.ofType(dateTime)"},
            ]
        },
        {
            "forEachOrNull": "component",
            "column": [
                {"name": "code", "path": "code.coding.first().code"},
                {"name": "amount", "path": "value.ofType(Quantity).value"},
            ],
        },
    ],
}
MEASURED = Table("measured", BLOOD_PRESSURES, "measured")

PATIENTS: dict[str, Any] = {
    "name": "people",
    "resource": "Patient",
    "select": [
        {
            "column": [
                {"name": "patient", "path": "getResourceKey()"},
                {"name": "gender", "path": "gender"},
                {"name": "born", "path": "birthDate"},
                {"name": "dead", "path": "deceased.exists()"},
            ]
        }
    ],
}
PEOPLE = Table("people", PATIENTS, "born")

_AMOUNTS = st.sampled_from([80, 120.5, 0, -3.25, 99.999999]) | st.integers(-1000, 1000)
_COMPONENTS = st.lists(
    st.fixed_dictionaries(
        {"code": st.sampled_from(["8480-6", "8462-4"])}, optional={"amount": _AMOUNTS}
    ),
    max_size=3,
)
_WHEN = st.sampled_from(
    ["2026-01-31T23:30:00Z", "2026-01-31T22:30:00+01:00", "2026-02-01", "2025-12-31T23:59:59Z",
     "2026", "2026-03-29T02:30:00+02:00", "2026-02-28T12:00:00.123+01:00"]
)  # fmt: skip


@st.composite
def observations(draw: st.DrawFn, subjects: tuple[str, ...] = ("p1", "p2")) -> dict[str, Any]:
    """An Observation as it is written, without its id."""
    made: dict[str, Any] = {
        "status": draw(st.sampled_from(["final", "amended", "entered-in-error"])),
        "code": {"text": "blood pressure"},
        "subject": {"reference": f"Patient/{draw(st.sampled_from(subjects))}"},
    }
    if draw(st.booleans()):
        made["effectiveDateTime"] = draw(_WHEN)
    components = [
        {
            "code": {"coding": [{"system": "http://loinc.org", "code": each["code"]}]},
            **({"valueQuantity": {"value": each["amount"]}} if "amount" in each else {}),
        }
        for each in draw(_COMPONENTS)
    ]
    return {**made, **({"component": components} if components else {})}


def flatten_all() -> None:
    """Bring every table up to what is committed, however slow the machine: the job of the clock stops
    when its second is over.
    """
    while not keep_up(FLATTENER, registered(), seconds=60):
        pass


__all__ = [
    "BLOOD_PRESSURES",
    "FLATTENER",
    "MEASURED",
    "PATIENTS",
    "PEOPLE",
    "flatten_all",
    "observations",
]
