"""The CapabilityStatement (http://hl7.org/fhir/R4/capabilitystatement.html) and SMART's discovery.

What is stated here is generated from the definitions the platform runs by; a test walks
the statement and uses everything it claims.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import version as package_version
from typing import Any

import orjson

from fellesjournal.access.capabilities import shared_parameters, type_capabilities
from fellesjournal.access.smart import discovery
from fellesjournal.fhir.definitions import COMPARTMENTS, RESOURCE_TYPES
from fellesjournal.fhir.definitions.search import Parameter
from fellesjournal.fhir.issues import BadRequest, NotSupported
from fellesjournal.fhir.profiles import shipped_profiles
from fellesjournal.surfaces.fhir_api import subsets
from fellesjournal.surfaces.fhir_api.request import Limits, Request
from fellesjournal.surfaces.fhir_api.response import Response

# The day this interface changed last; part of the statement, so it is not a clock's.
PUBLISHED = "2026-11-22"
_TYPE_INTERACTIONS = (
    "read",
    "vread",
    "update",
    "patch",
    "delete",
    "history-instance",
    "history-type",
    "create",
    "search-type",
)
_SYSTEM_INTERACTIONS = ("transaction", "batch", "search-system", "history-system")
# Parameters of the standard's text that have no SearchParameter of their own.
_SPECIAL = (
    ("_filter", "An expression of http://hl7.org/fhir/R4/search_filter.html."),
    ("_has", "_has:Type:reference:parameter=value, also nested."),
    ("_list", "Members of a List, by its id."),
)
_TYPE = ("_type", "Several types, separated by commas.")
_ROOT = "http://base.invalid"
_BASE = f"{_ROOT}/fhir"
_OPERATIONS = "http://hl7.org/fhir/OperationDefinition/"
_OWN_OPERATIONS = "https://fellesjournal.example/fhir/OperationDefinition/"
_TYPE_OPERATIONS = ("validate", "meta", "meta-add", "meta-delete")

# Any: JSON as it is written here.
Json = dict[str, Any]


def capabilities(request: Request) -> Response:
    """``GET /metadata``. ``mode`` is full; this server is no terminology server."""
    request.only("mode", "_summary", "_elements")
    mode = request.value("mode")
    if mode not in {None, "", "full", "normative"}:
        if mode == "terminology":
            raise NotSupported("this is no terminology server; see mode=full")
        raise BadRequest(f"mode is full, normative or terminology, not {mode[:50]!r}")
    body = statement(request.base, request.limits)
    subset = subsets.subset_of(request)
    return Response(200, body if subset is None else subset("CapabilityStatement", body))


def statement(base: str, limits: Limits) -> bytes:
    """The CapabilityStatement of the service at an absolute base, as JSON."""
    root = base.removesuffix("/fhir")
    return _template(limits).replace(_ROOT.encode(), orjson.dumps(root)[1:-1])


@cache
def _template(limits: Limits) -> bytes:
    """The statement with a base to be replaced: anybody may ask, by any name of the host."""
    base = _BASE
    return orjson.dumps(
        {
            "resourceType": "CapabilityStatement",
            "id": "fellesjournal",
            "url": f"{base}/metadata",
            "version": package_version("fellesjournal"),
            "name": "Fellesjournal",
            "title": "Fellesjournal FHIR R4 API",
            "status": "active",
            "date": PUBLISHED,
            "publisher": "Fellesjournal",
            "description": "The shared patient record: read, search and write in FHIR R4.",
            "kind": "instance",
            "software": {"name": "Fellesjournal", "version": package_version("fellesjournal")},
            "implementation": {"description": "Fellesjournal FHIR R4 API", "url": base},
            "fhirVersion": "4.0.1",
            "format": ["application/fhir+json", "json"],
            "patchFormat": [
                "application/json-patch+json",
                "application/fhir+json",
                "application/merge-patch+json",
            ],
            "rest": [_rest(limits)],
        }
    )


def _rest(limits: Limits) -> Json:
    return {
        "mode": "server",
        "documentation": (
            "Searches answer pages with opaque next links; each page shows the record as it was"
            " when the search began. An unknown parameter is refused (400), unless"
            " with Prefer: handling=lenient."
            " Bodies are JSON. References between entries of a transaction resolve by fullUrl."
            f" Limits: {limits.body_bytes >> 20} MB in a body and {limits.bundle_entries} entries in a"
            f" Bundle (413), {limits.page} resources on a page."
        ),
        "security": discovery.security_statement(_ROOT),
        "resource": [_resource(name) for name in RESOURCE_TYPES],
        "interaction": [{"code": code} for code in _SYSTEM_INTERACTIONS],
        "searchParam": [
            *(_parameter(parameter) for parameter in shared_parameters()),
            *(_special(*each) for each in (*_SPECIAL, _TYPE)),
        ],
        "operation": [_operation("validate", "Resource-validate")],
        "compartment": [
            f"http://hl7.org/fhir/CompartmentDefinition/{name.lower()}" for name in COMPARTMENTS
        ],
    }


def _resource(name: str) -> Json:
    able = type_capabilities(name)
    resource: Json = {
        "type": name,
        "profile": f"http://hl7.org/fhir/StructureDefinition/{name}",
        "supportedProfile": list(shipped_profiles().profiles_of(name)),
        "interaction": [{"code": code} for code in _TYPE_INTERACTIONS],
        "versioning": "versioned-update",
        "readHistory": True,
        "updateCreate": True,
        "conditionalCreate": True,
        "conditionalRead": "full-support",
        "conditionalUpdate": True,
        "conditionalDelete": "single",
        "referencePolicy": ["literal", "logical", "local"],
        "searchInclude": ["*", *able.includes],
    }
    if not resource["supportedProfile"]:
        del resource["supportedProfile"]
    if able.reverse_includes:
        resource["searchRevInclude"] = list(able.reverse_includes)
    resource["searchParam"] = [
        *(_parameter(parameter) for parameter in (*shared_parameters(), *able.parameters)),
        # what nothing refers to, nothing can be found by
        *(_special(*each) for each in _SPECIAL if each[0] != "_has" or able.reverse_includes),
    ]
    resource["operation"] = [_operation(code, f"Resource-{code}") for code in _TYPE_OPERATIONS]
    if name == "Patient":
        resource["operation"] += [
            _operation("everything", "Patient-everything"),
            {"name": "merge", "definition": _OPERATIONS + "Patient-merge"},
            {"name": "unmerge", "definition": _OWN_OPERATIONS + "Patient-unmerge"},
        ]
    if name == "Measure":
        evaluate = _operation("evaluate-measure", "Measure-evaluate-measure")
        evaluate["documentation"] = (
            "Of an indicator of the catalogue: /Measure/LE1/$evaluate-measure, for whose role sees figures."
            " periodStart and periodEnd of a month, subject a unit, side from or to."
        )
        resource["operation"].append(evaluate)
    return resource


def _parameter(parameter: Parameter) -> Json:
    return {"name": parameter.code, "definition": parameter.url, "type": parameter.type}


def _special(name: str, documentation: str) -> Json:
    return {"name": name, "type": "special", "documentation": documentation}


def _operation(code: str, identity: str) -> Json:
    operation = {"name": code, "definition": _OPERATIONS + identity}
    if code != "validate":
        operation["documentation"] = "Of one resource: /Type/id/$" + code
    return operation


def well_known(name: str, base: str) -> Response | None:
    """``/.well-known/name`` of the service at an absolute base; None for an unknown name."""
    found = _WELL_KNOWN.get(name)
    if found is None:
        return None
    return Response(
        200, orjson.dumps(found(base.removesuffix("/fhir"))), content_type="application/json"
    )


_WELL_KNOWN = {
    "smart-configuration": discovery.smart_configuration,
    "openid-configuration": discovery.openid_configuration,
    "oauth-authorization-server": discovery.openid_configuration,
}
