"""From path to interaction, by dictionaries only (http://hl7.org/fhir/R4/http.html#summary)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fellesjournal.fhir.definitions import COMPARTMENTS, compartment_types, is_resource_type
from fellesjournal.fhir.issues import FhirError, NotFound
from fellesjournal.surfaces.fhir_api import (
    everything,
    exchanges,
    histories,
    measures,
    merging,
    meta,
    metadata,
    reading,
    scoped,
    searching,
    validating,
    writing,
)
from fellesjournal.surfaces.fhir_api.request import Request
from fellesjournal.surfaces.fhir_api.response import Response

Handler = Callable[[Request], Response]
Methods = Mapping[str, Handler]


class MethodNotAllowed(FhirError):
    """The address exists, the verb does not (405). ``allowed`` goes into the Allow header."""

    status = 405
    code = "not-supported"

    def __init__(self, method: str, allowed: tuple[str, ...]) -> None:
        super().__init__(f"{method[:20]} is not possible here, only {', '.join(allowed)}")
        self.allowed = allowed


class UnknownType(NotFound):
    """The first segment is no resource type (404)."""

    code = "not-supported"


_SYSTEM: Methods = {"GET": searching.search_system, "POST": exchanges.process}
_TYPE: Methods = {
    "GET": searching.search_type,
    "POST": writing.create,
    "PUT": writing.conditional_update,
    "PATCH": writing.conditional_patch,
    "DELETE": writing.conditional_delete,
}
_INSTANCE: Methods = {
    "GET": reading.read,
    "PUT": writing.update,
    "PATCH": writing.patch,
    "DELETE": writing.delete,
}
_VERSION: Methods = {"GET": reading.read_version}
_COMPARTMENT: Methods = {"GET": searching.search_compartment}
_COMPARTMENT_FORM: Methods = {"POST": searching.search_compartment}

# The segments that may stand where a type or an id is expected.
_SYSTEM_WORDS: Mapping[str, Methods] = {
    "metadata": {"GET": metadata.capabilities},
    "_history": {"GET": histories.of_system},
    "_search": {"POST": searching.search_system},
    "$validate": {"POST": validating.validate_any},
}
_TYPE_WORDS: Mapping[str, Methods] = {
    "_history": {"GET": histories.of_type},
    "_search": {"POST": searching.search_type},
    "$validate": {"POST": validating.validate_type},
}
_INSTANCE_WORDS: Mapping[str, Methods] = {
    "_history": {"GET": histories.of_instance},
    "$validate": {"GET": validating.validate_instance, "POST": validating.validate_instance},
    "$meta": {"GET": meta.of_instance, "POST": meta.of_instance},
    "$meta-add": {"POST": meta.add},
    "$meta-delete": {"POST": meta.delete},
}
_OPERATIONS_OF: Mapping[tuple[str, str], Methods] = {
    ("Patient", "$everything"): {"GET": everything.of_patient, "POST": everything.of_patient},
    ("Measure", "$evaluate-measure"): {"GET": measures.evaluate, "POST": measures.evaluate},
}
_OPERATIONS_ON: Mapping[tuple[str, str], Methods] = {
    ("Patient", "$merge"): {"POST": merging.merge},
    ("Patient", "$unmerge"): {"POST": merging.unmerge},
}


def resolve(path: tuple[str, ...]) -> Methods:
    """The verbs of an address. Raises NotFound and UnknownType."""
    depth = len(path)
    if depth == 2 and is_resource_type(path[0]):
        on_type = _OPERATIONS_ON.get((path[0], path[1]))
        return _TYPE_WORDS.get(path[1]) or on_type or _instance(path)
    if depth == 0:
        return _SYSTEM
    if not is_resource_type(path[0]):
        if depth == 1 and path[0] in _SYSTEM_WORDS:
            return _SYSTEM_WORDS[path[0]]
        raise _unknown(path[0])
    if depth == 1:
        return _TYPE
    if depth == 3:
        return _below_instance(path)
    if depth == 4:
        return _fourth(path)
    raise _nothing(path)


def handler_of(request: Request) -> Handler:
    """What answers a request. Raises NotFound, UnknownType, MethodNotAllowed and NotAllowed."""
    methods = resolve(request.path)
    method = request.method
    found = methods.get("GET" if method == "HEAD" else method)
    if found is None:
        raise MethodNotAllowed(method, verbs(methods))
    scoped.check(request)
    return found


def verbs(methods: Methods) -> tuple[str, ...]:
    """The verbs for an Allow header."""
    return (*methods, *(["HEAD"] if "GET" in methods else []), "OPTIONS")


def _instance(path: tuple[str, ...]) -> Methods:
    if path[1].startswith(("$", "_")):
        raise _operation_unknown(path[1]) if path[1].startswith("$") else _nothing(path)
    return _INSTANCE


def _below_instance(path: tuple[str, ...]) -> Methods:
    type_name, _, word = path
    found = _INSTANCE_WORDS.get(word) or _OPERATIONS_OF.get((type_name, word))
    if found is not None:
        return found
    if word.startswith("$"):
        raise _operation_unknown(word)
    if type_name in COMPARTMENTS and (word == "*" or is_resource_type(word)):
        if word == "*" or word in compartment_types(type_name) or word == type_name:
            return _COMPARTMENT
        raise UnknownType(f"{word} is never in the compartment of a {type_name}")
    if is_resource_type(word):
        raise UnknownType(f"R4 defines no compartment for {type_name}")
    raise _nothing(path)


def _fourth(path: tuple[str, ...]) -> Methods:
    if path[2] == "_history":
        return _VERSION
    if path[3] == "_search" and _below_instance(path[:3]) is _COMPARTMENT:
        return _COMPARTMENT_FORM
    raise _nothing(path)


def _unknown(name: str) -> NotFound:
    if name.startswith("$"):
        return _operation_unknown(name)
    return UnknownType(f"{name[:100]!r} is not a resource type of FHIR R4")


def _operation_unknown(name: str) -> NotFound:
    return UnknownType(f"the operation {name[:100]!r} is not offered here; see metadata")


def _nothing(path: tuple[str, ...]) -> NotFound:
    return NotFound(f"nothing is at /{'/'.join(path)[:200]}")
