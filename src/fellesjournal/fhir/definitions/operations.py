"""The operations that the standard defines (http://hl7.org/fhir/R4/operationslist.html)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from fellesjournal.fhir.definitions.tables import load_table


@dataclass(frozen=True, slots=True)
class OperationParameter:
    """A parameter: ``use`` is in or out, ``max`` None for no limit, ``type`` None for parts."""

    name: str
    use: str
    min: int
    max: int | None
    type: str | None


@dataclass(frozen=True, slots=True)
class Operation:
    """``url`` is the canonical a CapabilityStatement names; ``code`` the name after ``$``."""

    url: str
    code: str
    affects_state: bool
    resources: tuple[str, ...]
    on_system: bool
    on_type: bool
    on_instance: bool
    parameters: tuple[OperationParameter, ...]


@cache
def operations() -> dict[str, Operation]:
    """Every operation by id, such as ``Patient-everything``."""
    return {
        identity: Operation(
            url=f"http://hl7.org/fhir/OperationDefinition/{identity}",
            code=code,
            affects_state=bool(affects),
            resources=tuple(resources),
            on_system="s" in levels,
            on_type="t" in levels,
            on_instance="i" in levels,
            parameters=tuple(
                OperationParameter(name, use, minimum, maximum or None, type_)
                for name, use, minimum, maximum, type_ in parameters
            ),
        )
        for identity, (code, affects, resources, levels, parameters) in load_table("operations")[
            "operations"
        ].items()
    }
