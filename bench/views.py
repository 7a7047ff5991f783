"""What flattening costs: a compiled view beside the same columns on the other FHIRPath engines.

``python -m bench.views`` prints microseconds per resource, parsing of its JSON apart.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import orjson

from fellesjournal.fhir.fhirpath import evaluate
from fellesjournal.fhir.validation.expressions.compiling import compile_expression
from fellesjournal.fhir.validation.expressions.scope import Scope
from fellesjournal.fhir.validation.expressions.values import Item
from fellesjournal.fhir.views import compile_view

ADMINISTRATION: dict[str, Any] = {
    "resourceType": "MedicationAdministration",
    "id": "a1",
    "meta": {"versionId": "1", "lastUpdated": "2026-01-01T08:00:00.000Z"},
    "status": "completed",
    "category": {"coding": [{"system": "urn:c", "code": "inpatient"}]},
    "medicationCodeableConcept": {
        "coding": [
            {"system": "http://www.whocc.no/atc", "code": "C03CA01", "display": "Furosemid"},
            {"system": "urn:fest", "code": "123"},
        ]
    },
    "subject": {"reference": "Patient/p1"},
    "context": {"reference": "Encounter/e1"},
    "effectivePeriod": {"start": "2026-01-01T08:00:00+01:00", "end": "2026-01-01T08:05:00+01:00"},
    "performer": [{"actor": {"reference": "Practitioner/s1"}}],
    "request": {"reference": "MedicationRequest/r1"},
    "dosage": {"dose": {"value": 40, "unit": "mg"}},
}
PATHS = {
    "administration": "getResourceKey()",
    "patient": "subject.getReferenceKey(Patient)",
    "request": "request.getReferenceKey(MedicationRequest)",
    "status": "status",
    "category": "category.coding.first().code",
    "atc": "medication.ofType(CodeableConcept).coding"
    ".where(system = 'http://www.whocc.no/atc').code.first()",
    "begun": "effective.ofType(Period).start",
    "ended": "effective.ofType(Period).end",
    "dose": "dosage.dose.value",
    "unit": "dosage.dose.unit",
    "by_hand": "performer.exists()",
}
VIEW = {
    "resource": "MedicationAdministration",
    "where": [{"path": "status = 'completed'"}],
    "select": [{"column": [{"name": name, "path": path} for name, path in PATHS.items()]}],
}


def main() -> None:
    """Print the comparison. Keys are left to the view: the other engines do not know them."""
    view = compile_view(VIEW)
    paths = [path for path in PATHS.values() if "Key(" not in path]
    runs = [compile_expression(path) for path in paths]
    focus = Item(ADMINISTRATION, "MedicationAdministration")
    raw = orjson.dumps(ADMINISTRATION)

    def on_the_engine() -> None:
        for run in runs:
            run([focus], Scope(focus, focus, [focus], [focus]))

    def on_the_library() -> None:
        for path in paths:
            evaluate(ADMINISTRATION, path)

    cost = _microseconds(lambda: view.rows(ADMINISTRATION), 20_000)
    print(f"compiled view, {len(PATHS)} columns: {cost:.1f} us, {1e6 / cost:,.0f} rows/s")
    print(f"parsing its JSON: {_microseconds(lambda: orjson.loads(raw), 20_000):.1f} us")
    print(
        f"the validator's engine, {len(paths)} columns: {_microseconds(on_the_engine, 5_000):.1f} us"
    )
    print(f"fhirpathpy, {len(paths)} columns: {_microseconds(on_the_library, 100):.1f} us")


def _microseconds(run: Callable[[], object], rounds: int) -> float:
    best = float("inf")
    for _ in range(5):
        started = time.perf_counter()
        for _ in range(rounds):
            run()
        best = min(best, time.perf_counter() - started)
    return best / rounds * 1e6


if __name__ == "__main__":
    main()
