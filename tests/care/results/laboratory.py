"""Reports as a laboratory writes them, for tests: one value each, told and handled."""

from __future__ import annotations

from typing import Any

from fellesjournal.access import jobs
from fellesjournal.foundation.outbox.queries import waiting
from fellesjournal.foundation.outbox.worker import handle_all
from tests.staff import put

NLK = "urn:oid:2.16.578.1.12.4.1.1.7280"
LABORATORY = [
    {
        "coding": [
            {
                "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                "code": "laboratory",
            }
        ]
    }
]


def value(
    number: float, *, key: str = "hb", patient: str = "kari", status: str = "final", **more: Any
) -> None:
    """A haemoglobin with its reference range."""
    put(
        "Observation",
        f"{patient}-{key}",
        status=status,
        category=LABORATORY,
        code={"coding": [{"system": NLK, "code": "NOR05172"}], "text": "B-Hemoglobin"},
        subject={"reference": f"Patient/{patient}"},
        **{
            "effectiveDateTime": "2026-05-04T08:00:00+02:00",
            "valueQuantity": {"value": number, "unit": "g/dL"},
            "referenceRange": [{"low": {"value": 11.7, "unit": "g/dL"}, "high": {"value": 15.3}}],
            **more,
        },
    )


def report(
    status: str = "final", *, patient: str = "kari", key: str = "r", request: str = "", **more: Any
) -> None:
    """A report of that value, or of those given as ``result``."""
    values = [{"reference": f"Observation/{patient}-hb"}] if status != "registered" else []
    put(
        "DiagnosticReport",
        key,
        status=status,
        category=[{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0074",
                               "code": "LAB"}]}],
        code={"text": "Blodprøver"},
        subject={"reference": f"Patient/{patient}"},
        effectiveDateTime="2026-05-04T08:00:00+02:00",
        issued="2026-05-04T10:00:00+02:00",
        performer=[{"reference": "Organization/lab", "display": "Laboratoriet"}],
        **{
            **({"result": values} if values else {}),
            **({"basedOn": [{"reference": f"ServiceRequest/{request}"}]} if request else {}),
            **more,
        },
    )  # fmt: skip


def handle() -> None:
    """Let everything that waits be handled; a reaction that fails fails the test."""
    handle_all(jobs.call)
    failed = [each for each in waiting() if each.failed]
    assert not failed, failed
