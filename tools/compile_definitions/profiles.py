"""Profiles in compact form: HL7's own of R4, and the packages of HL7 Norway."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from tools.compile_definitions.package import Package, Resource

from fellesjournal.fhir.definitions.terminology import code_system_row, value_set_row
from fellesjournal.fhir.profiles.condensing import condense

NORWEGIAN_PACKAGES: Final = {
    "no-basis": "hl7.fhir.no.basis 2.2.3-test, github.com/HL7Norway/basisprofiler-r4-fsh",
    "vitalsigns": "hl7.fhir.no.domain.vitalsigns.r4 0.9.0, github.com/HL7Norway/no-domain",
    "nilar-lab": "diagnostic.report.nilar 1.5.0, github.com/HL7Norway/NILAR",
    "auditevent": "hl7.fhir.no.domain.auditevent 0.9.8, github.com/HL7Norway/AuditEvent",
}
"""Folder -> package and origin; all CC0-1.0."""


# Invariants that can't be met as they are written; each would refuse every resource.
LEFT_OUT_RULES: Final = frozenset(
    {
        # Asks for the extension under http://example.org, where no one has it; the profile's
        # own example breaks it.
        "shortnotice-inv-1",
    }
)


def compile_core_profiles(package: Package) -> dict[str, Any]:
    """``{"profiles": {url: row}}``: the profiles and extensions that are part of R4."""
    return {"profiles": _rows(package.resources("StructureDefinition"))}


def compile_norwegian(folder: Path) -> dict[str, Any]:
    """Profiles, code systems and value sets of the packages in the subfolders."""
    packages = [Package(folder / name) for name in NORWEGIAN_PACKAGES]
    return {
        "packages": NORWEGIAN_PACKAGES,
        "profiles": _rows(
            definition
            for package in packages
            for definition in package.resources("StructureDefinition")
        ),
        "code_systems": {
            system["url"]: code_system_row(system)
            for package in packages
            for system in package.resources("CodeSystem")
        },
        "value_sets": {
            value_set["url"]: value_set_row(value_set)
            for package in packages
            for value_set in package.resources("ValueSet")
        },
    }


def _rows(structure_definitions: Iterable[Resource]) -> dict[str, Any]:
    return {
        row["url"]: _without_broken_rules(row)
        for definition in structure_definitions
        if _is_profile(definition)
        for row in [condense(definition)]
    }


def _is_profile(definition: Resource) -> bool:
    return definition.get("derivation") == "constraint" and not definition["id"].startswith(
        "example"
    )


def _without_broken_rules(row: dict[str, Any]) -> dict[str, Any]:
    for facts in row["elements"].values():
        if "rules" in facts:
            facts["rules"] = [rule for rule in facts["rules"] if rule[0] not in LEFT_OUT_RULES]
    return row
