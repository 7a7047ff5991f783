"""Binary by its own content type (http://hl7.org/fhir/R4/binary.html#rest).

The standard lets a client that names no FHIR format have the content itself. Here only a
client that takes no JSON at all gets it, so that tools which send ``Accept: */*`` keep
getting resources. A body of another type than JSON becomes the data of a Binary.
"""

from __future__ import annotations

import base64
import binascii
import re

import orjson

from fellesjournal.fhir import bodies
from fellesjournal.fhir.bodies import Body
from fellesjournal.fhir.issues import BadRequest
from fellesjournal.surfaces.fhir_api.preferences import NotAcceptable, check_accept
from fellesjournal.surfaces.fhir_api.request import JSON_TYPES, Request, UnsupportedMediaType
from fellesjournal.surfaces.fhir_api.response import Response

_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,127}/[A-Za-z0-9!#$&^_.+-]{1,127}")
# Content of patients' documents must not act as a page of ours in a browser.
_HARMLESS = [
    ("Content-Security-Policy", "default-src 'none'; sandbox"),
    ("Content-Disposition", "attachment"),
]


def wants_content(request: Request) -> bool:
    """Whether a read of a Binary asks for what it holds rather than for the resource."""
    accept = request.header("ACCEPT")
    is_read = request.method in {"GET", "HEAD"} and len(request.path) in {2, 4}
    if not is_read or request.path[0] != "Binary" or not accept:
        return False
    if request.value("_format") is not None:
        return False
    try:
        check_accept(accept)
    except NotAcceptable:
        return True
    return False


def content(request: Request, response: Response) -> Response:
    """The content of a Binary that was read. Raises NotAcceptable when its type isn't asked for."""
    resource = orjson.loads(response.body)
    media_type = str(resource.get("contentType", ""))
    accepted = [
        part.partition(";")[0].strip().lower()
        for part in (request.header("ACCEPT") or "").split(",")
    ]
    plain = media_type.partition(";")[0].strip().lower()
    if plain not in accepted and f"{plain.partition('/')[0]}/*" not in accepted:
        raise NotAcceptable(f"this Binary is {plain[:100]!r}")
    if not _MEDIA_TYPE.fullmatch(plain):
        raise NotAcceptable("the content type of this Binary can't be sent")
    try:
        data = base64.b64decode(resource.get("data", ""))
    except (binascii.Error, ValueError):
        raise NotAcceptable("the data of this Binary can't be read") from None
    return Response(response.status, data, [*response.headers, *_HARMLESS], plain)


def body_of(request: Request, fhir_id: str | None) -> Body:
    """The Binary a request carries: as a resource, or as content of any other type."""
    if request.content_type in JSON_TYPES:
        return request.body()
    if not _MEDIA_TYPE.fullmatch(request.content_type):
        raise UnsupportedMediaType(f"Content-Type {request.content_type[:100]!r} names no type")
    raw = request.raw()
    if not raw:
        raise BadRequest("the request has no body", code="required")
    resource = {"resourceType": "Binary", "contentType": request.content_type}
    if fhir_id is not None:
        resource["id"] = fhir_id
    context = request.header("X_SECURITY_CONTEXT")
    made = {
        **resource,
        **({"securityContext": {"reference": context}} if context else {}),
        "data": base64.b64encode(raw).decode(),
    }
    return bodies.parse(orjson.dumps(made))
