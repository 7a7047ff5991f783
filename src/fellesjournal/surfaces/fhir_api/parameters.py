"""Operations get their input as a Parameters resource, a bare resource, or a query.

http://hl7.org/fhir/R4/operations.html#executing
"""

from __future__ import annotations

from typing import Any

import msgspec

from fellesjournal.fhir.bodies import Body
from fellesjournal.fhir.issues import BadRequest
from fellesjournal.surfaces.fhir_api.request import Request

# Any: JSON, of whatever shape a client sends.
Json = Any


class _RawParameter(msgspec.Struct):
    resource: msgspec.Raw = msgspec.Raw(b"")


class _RawParameters(msgspec.Struct):
    parameter: list[_RawParameter] | None = None


_raw_parameters = msgspec.json.Decoder(_RawParameters).decode


def parameter_list(body: Body) -> list[dict[str, Json]]:
    """The parameters of a Parameters resource. Raises BadRequest when it is none."""
    if body.data.get("resourceType") != "Parameters":
        raise BadRequest(
            f"this operation takes Parameters, not a {body.data.get('resourceType')!r}"
        )
    listed = body.data.get("parameter", [])
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise BadRequest(
            "parameters are objects in an array", "Parameters.parameter", code="structure"
        )
    return listed


def resource_parameter(body: Body, name: str) -> Body | None:
    """The resource under a name, its bytes as they were sent."""
    for entry, raw in zip(
        parameter_list(body), _raw_parameters(body.raw).parameter or [], strict=True
    ):
        resource = entry.get("resource")
        if entry.get("name") == name and isinstance(resource, dict) and raw.resource:
            return Body(bytes(raw.resource), resource)
    return None


def values(body: Body, name: str) -> list[Json]:
    """The value[x] of each parameter with a name."""
    return [
        value
        for entry in parameter_list(body)
        if entry.get("name") == name
        for key, value in entry.items()
        if key.startswith("value")
    ]


def as_query(request: Request) -> list[tuple[str, str]]:
    """Input of a read-only operation as pairs, from the query and from a Parameters body."""
    pairs = list(request.query)
    if request.method != "POST" or not request.raw():
        return pairs
    if request.content_type == "application/x-www-form-urlencoded":
        raise BadRequest("operations take Parameters as a body")
    for entry in parameter_list(request.body()):
        name = entry.get("name")
        found = [value for key, value in entry.items() if key.startswith("value")]
        if not isinstance(name, str) or len(found) != 1 or isinstance(found[0], dict | list):
            raise BadRequest(
                "each parameter has a name and one simple value", "Parameters.parameter"
            )
        pairs.append((name, found[0] if isinstance(found[0], str) else str(found[0]).lower()))
    return pairs
