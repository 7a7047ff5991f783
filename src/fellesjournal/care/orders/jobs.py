"""What follows for a requisition when it is answered, or the answer is taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from fellesjournal.access import patients, records
from fellesjournal.access.acts import act, change
from fellesjournal.access.sessions import Session
from fellesjournal.fhir import reading

_ANSWERS = frozenset({"final", "amended", "corrected", "appended"})


def settle(session: Session, payload: Mapping[str, str]) -> None:
    """Let each request that a report answers be completed as long as a valid report does, and
    active otherwise; what was taken back stays so. The grounds to see the patient end with it.
    """
    report = _known(session, [payload["report"]])
    requests = [
        target
        for each in report
        for pointer in reading.elements(each[0].get("basedOn"))
        if (target := reading.reference_target(pointer)).startswith("ServiceRequest/")
    ]
    operations = []
    for request, version in _known(session, requests):
        wanted = (
            "completed" if _is_answered(session, f"ServiceRequest/{request['id']}") else "active"
        )
        if request.get("status") in {"active", "completed"} and request["status"] != wanted:
            operations.append(change({**request, "status": wanted}, seen=version))
    if operations:
        act(session, operations)


def _is_answered(session: Session, request: str) -> bool:
    page = records.search(session, "DiagnosticReport", [("based-on", request)])
    return any(orjson.loads(each.body or b"{}").get("status") in _ANSWERS for each in page.matches)


def _known(session: Session, references: list[str]) -> list[tuple[dict[str, Any], int]]:
    pairs = [(kind, key) for kind, _, key in (each.partition("/") for each in references)]
    return [
        (orjson.loads(stored.body), stored.version)
        for stored in patients.read_known(session, pairs)
        if stored.body
    ]


__all__ = ["settle"]
