"""The definitions of FHIR R4: types, elements, compartments, operations, terminology.

Compiled from HL7's package by ``tools/compile_definitions`` and read from the shipped
tables when first needed. Search parameters are in the modules named ``search*``.
"""

from __future__ import annotations

from fellesjournal.fhir.definitions.compartments import (
    COMPARTMENTS,
    compartment_parameters,
    compartment_types,
)
from fellesjournal.fhir.definitions.operations import (
    Operation,
    OperationParameter,
    operations,
)
from fellesjournal.fhir.definitions.structures import (
    RESOURCE_TYPES,
    Binding,
    Constraint,
    Element,
    TypeChoice,
    base_type,
    constraints,
    element_tree,
    elements_by_path,
    is_a,
    is_abstract,
    is_resource_type,
    mandatory_elements,
    primitive_regex,
    summary_elements,
    type_kind,
    type_name,
    type_names,
    type_number,
)
from fellesjournal.fhir.definitions.terminology import (
    CodeSystem,
    Expansion,
    Terminology,
    standard_terminology,
)

__all__ = [
    "COMPARTMENTS",
    "RESOURCE_TYPES",
    "Binding",
    "CodeSystem",
    "Constraint",
    "Element",
    "Expansion",
    "Operation",
    "OperationParameter",
    "Terminology",
    "TypeChoice",
    "base_type",
    "compartment_parameters",
    "compartment_types",
    "constraints",
    "element_tree",
    "elements_by_path",
    "is_a",
    "is_abstract",
    "is_resource_type",
    "mandatory_elements",
    "operations",
    "primitive_regex",
    "standard_terminology",
    "summary_elements",
    "type_kind",
    "type_name",
    "type_names",
    "type_number",
]
