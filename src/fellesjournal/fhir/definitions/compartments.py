"""Which resources belong to whom: the compartments of http://hl7.org/fhir/R4/compartmentdefinition.html."""

from __future__ import annotations

from functools import cache

from fellesjournal.fhir.definitions.tables import load_table

COMPARTMENTS = ("Patient", "Encounter", "RelatedPerson", "Practitioner", "Device")


@cache
def compartment_parameters(compartment: str, resource_type: str) -> tuple[str, ...]:
    """Search parameters by which a resource of this type is in the compartment.

    Empty when the type is never in it. The subject itself (Patient in the Patient
    compartment) is always a member, besides these. Raises KeyError for an unknown
    compartment.
    """
    return tuple(load_table("compartments")["compartments"][compartment].get(resource_type, ()))


@cache
def compartment_types(compartment: str) -> tuple[str, ...]:
    """The resource types that can be in the compartment, by name."""
    return tuple(load_table("compartments")["compartments"][compartment])
