"""$validate (http://hl7.org/fhir/R4/resource-operation-validate.html)."""

from __future__ import annotations

from fellesjournal.access import records
from fellesjournal.access.conformance import validate_against as validate
from fellesjournal.fhir import bodies, primitives
from fellesjournal.fhir.bodies import Body
from fellesjournal.fhir.definitions import is_resource_type
from fellesjournal.fhir.issues import BadRequest, Issue, NotFound
from fellesjournal.surfaces.fhir_api import parameters
from fellesjournal.surfaces.fhir_api.request import Request
from fellesjournal.surfaces.fhir_api.response import Response, of_issues

_MODES = frozenset({"create", "update", "delete", "profile"})


def validate_any(request: Request) -> Response:
    """``POST /$validate``: a resource of any type."""
    return _validate(request, None, None)


def validate_type(request: Request) -> Response:
    """``POST /Type/$validate``."""
    return _validate(request, request.path[0], None)


def validate_instance(request: Request) -> Response:
    """``/Type/id/$validate``: the resource sent, or the one that stands."""
    type_name, fhir_id, _ = request.path
    if not primitives.is_id(fhir_id):
        raise NotFound(f"{type_name}/{fhir_id[:100]} is not known")
    return _validate(request, type_name, fhir_id)


def _validate(request: Request, type_name: str | None, fhir_id: str | None) -> Response:
    request.only("mode", "profile")
    mode, profile = request.value("mode"), request.value("profile")
    resource = None
    if request.method == "POST" and request.raw():
        body = request.body()
        resource = body
        if body.data.get("resourceType") == "Parameters" and _is_input(body, type_name):
            resource = parameters.resource_parameter(body, "resource")
            mode = _text(body, "mode") or mode
            profile = _text(body, "profile") or profile
    if mode is not None and mode not in _MODES:
        raise BadRequest(f"mode is create, update, delete or profile, not {mode[:50]!r}")
    if mode == "delete":
        return _deletable(request, type_name, fhir_id)
    if resource is None:
        if type_name is None or fhir_id is None:
            raise BadRequest("there is no resource to validate", code="required")
        resource = _standing(request, type_name, fhir_id)
    issues = [*_placed(resource, type_name, fhir_id, mode), *validate(resource, profile)]
    return of_issues(200, issues)


def _is_input(body: Body, type_name: str | None) -> bool:
    """Parameters may be the input of the operation, or the very resource to validate."""
    if type_name != "Parameters":
        return True
    names = [entry.get("name") for entry in parameters.parameter_list(body)]
    return any(name in names for name in ("resource", "mode", "profile"))


def _text(body: Body, name: str) -> str | None:
    found = [value for value in parameters.values(body, name) if isinstance(value, str)]
    return found[0] if found else None


def _standing(request: Request, type_name: str, fhir_id: str) -> Body:
    assert request.session is not None  # routing lets no request without one come here
    stored = records.read(request.session, type_name, fhir_id)
    assert stored.body is not None  # a deleted one raises Gone
    return bodies.parse(stored.body)


def _deletable(request: Request, type_name: str | None, fhir_id: str | None) -> Response:
    """A delete is never refused for the content; what isn't there can't be deleted."""
    if type_name is None or fhir_id is None:
        raise BadRequest("mode delete is about one resource: /Type/id/$validate")
    _standing(request, type_name, fhir_id)
    return of_issues(200, [])


def _placed(
    resource: Body, type_name: str | None, fhir_id: str | None, mode: str | None
) -> list[Issue]:
    """What is wrong with the resource at this address, whatever it contains."""
    said = resource.data.get("resourceType")
    issues = []
    if type_name is not None and said != type_name and is_resource_type(said):
        issues.append(Issue("invalid", f"a {said} can't stand under {type_name}", (f"{said}",)))
    if mode == "update" and fhir_id is not None and resource.data.get("id") != fhir_id:
        issues.append(
            Issue("invalid", f"the id in the resource is not {fhir_id!r}", (f"{said}.id",))
        )
    return issues
