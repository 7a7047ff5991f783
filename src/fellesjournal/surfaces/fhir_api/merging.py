"""``Patient/$merge`` and ``Patient/$unmerge``: two records of one person become one, and two again.

Input and output of ``$merge`` follow http://hl7.org/fhir/R5/patient-operation-merge.html as far
as they reach: ``source-patient`` and ``target-patient`` as references; the source goes out of
use. ``reason`` is ours, and so is ``$unmerge``, which takes the number that ``$merge`` gave.
"""

from __future__ import annotations

from typing import Any

import orjson

from fellesjournal.access import merging, records
from fellesjournal.access.attempts import with_retries
from fellesjournal.fhir.bodies import Body
from fellesjournal.fhir.issues import BadRequest, Issue
from fellesjournal.fhir.references import local
from fellesjournal.surfaces.fhir_api import parameters
from fellesjournal.surfaces.fhir_api.request import Request
from fellesjournal.surfaces.fhir_api.response import Response, outcome_bytes


def merge(request: Request) -> Response:
    """``POST /Patient/$merge``."""
    session = request.session
    assert session is not None  # routing lets no request without one come here
    body = request.body()
    source, target = _patient(body, "source-patient"), _patient(body, "target-patient")
    reason = _one(body, "reason", str)
    made = with_retries(lambda: merging.merge(session, source, target, reason), is_read=False)
    stands = records.read(session, "Patient", target)
    assert stands.body is not None  # a deleted one raises Gone
    told = f"{len(made.moved)} resources now belong to Patient/{target}"
    return _parameters(
        [
            _part("merge", "valueInteger", made.id),
            b'{"name":"outcome","resource":' + _told(told) + b"}",
            b'{"name":"result","resource":' + stands.body + b"}",
        ]
    )


def unmerge(request: Request) -> Response:
    """``POST /Patient/$unmerge``: what a person must look at comes as references."""
    session = request.session
    assert session is not None  # routing lets no request without one come here
    body = request.body()
    number, reason = _one(body, "merge", int), _one(body, "reason", str)
    undone = with_retries(lambda: merging.unmerge(session, number, reason), is_read=False)
    told = f"{len(undone.put_back)} resources belong to the source again"
    parts = [b'{"name":"outcome","resource":' + _told(told) + b"}"]
    for name, listed in (("unclear", undone.unclear), ("since", undone.since)):
        parts += [_part(name, "valueReference", {"reference": each}) for each in listed]
    return _parameters(parts)


def _patient(body: Body, name: str) -> str:
    """The id of the Patient that a parameter refers to."""
    value = _one(body, name, dict)
    found = local(str(value.get("reference")))
    if found is None or found.type != "Patient":
        raise BadRequest(f"{name} is a reference to a Patient", f"Parameters.parameter[{name}]")
    return found.id


def _one(body: Body, name: str, kind: type[Any]) -> Any:
    found = parameters.values(body, name)
    if len(found) != 1 or not isinstance(found[0], kind) or isinstance(found[0], bool):
        raise BadRequest(f"{name} is given once", f"Parameters.parameter[{name}]", code="required")
    return found[0]


def _told(text: str) -> bytes:
    return outcome_bytes([Issue("informational", text, severity="information")])


def _part(name: str, key: str, value: Any) -> bytes:
    return orjson.dumps({"name": name, key: value})


def _parameters(parts: list[bytes]) -> Response:
    return Response(200, b'{"resourceType":"Parameters","parameter":[' + b",".join(parts) + b"]}")


__all__ = ["merge", "unmerge"]
