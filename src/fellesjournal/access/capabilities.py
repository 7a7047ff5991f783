"""What the record can do, told from the definitions that it runs by: none is listed by hand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from fellesjournal.fhir.definitions import RESOURCE_TYPES
from fellesjournal.fhir.definitions.search import Parameter, search_of


@dataclass(frozen=True, slots=True)
class TypeCapabilities:
    """Search of one type: own parameters (those of all types left out), includes both ways."""

    type: str
    parameters: tuple[Parameter, ...]
    includes: tuple[str, ...]
    reverse_includes: tuple[str, ...]


@cache
def shared_parameters() -> tuple[Parameter, ...]:
    """The search parameters of every type (``_id``, ``_lastUpdated`` ...), by name."""
    found = search_of("Resource").parameters
    return tuple(found[code] for code in sorted(found))


@cache
def type_capabilities(type_name: str) -> TypeCapabilities:
    """What can be searched for and included. Raises KeyError for an unknown type."""
    shared = {parameter.code for parameter in shared_parameters()}
    own = search_of(type_name).parameters
    return TypeCapabilities(
        type_name,
        tuple(own[code] for code in sorted(own) if code not in shared),
        tuple(f"{type_name}:{code}" for code in sorted(own) if _leads_somewhere(own[code])),
        _reverse_includes().get(type_name, ()),
    )


@cache
def _reverse_includes() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for source in RESOURCE_TYPES:
        for code, parameter in sorted(search_of(source).parameters.items()):
            if _leads_somewhere(parameter):
                for target in parameter.targets:
                    found.setdefault(target, []).append(f"{source}:{code}")
    return {target: tuple(sources) for target, sources in found.items()}


def _leads_somewhere(parameter: Parameter) -> bool:
    return parameter.type == "reference" and bool(parameter.targets)
