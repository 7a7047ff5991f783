"""HL7's own code systems with their hierarchy, and what its value sets are composed of."""

from __future__ import annotations

from typing import Any

from tools.compile_definitions.package import Package

from fellesjournal.fhir.definitions.terminology import code_system_row, value_set_row

# Content of another owner that the package repeats; HL7's licence does not cover it.
LEFT_OUT = frozenset({"http://dicom.nema.org/resources/ontology/DCM"})


def compile_terminology(package: Package) -> dict[str, Any]:
    """``{"code_systems": {url: row}, "value_sets": {url: row}}``, all of a package."""
    return {
        "code_systems": {
            system["url"]: code_system_row(system)
            for system in package.resources("CodeSystem")
            if "url" in system and system["url"] not in LEFT_OUT
        },
        "value_sets": {
            value_set["url"]: value_set_row(value_set)
            for value_set in package.resources("ValueSet")
            if "url" in value_set
        },
    }
