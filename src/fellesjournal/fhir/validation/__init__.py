"""Whether a resource is what FHIR R4 says it must be.

Base validation, run on every write: structure, cardinality, primitive formats, required
bindings, references, contained resources, narratives and the standard's own invariants of
severity error. Profiles are applied by ``fellesjournal.fhir.profiles``.
"""

from __future__ import annotations

from typing import Any

from fellesjournal.fhir.issues import Issue
from fellesjournal.fhir.validation.compiling import object_type
from fellesjournal.fhir.validation.resources import check_resource, has_known_type
from fellesjournal.fhir.validation.walk import Path, Walk

__all__ = ["validate"]


def validate(data: Any, *, nested: bool = True, warnings: bool = False) -> list[Issue]:
    """Everything wrong with a resource (parsed JSON); an empty list when it is valid.

    With ``warnings`` also what is only advised against (dom-6 and such). Each issue has
    severity ``error`` or ``warning`` and a FHIRPath location with JSON names, such as
    ``Observation.component[1].valueQuantity.value``; above 1,000 the last one tells how
    many more there are. With ``nested`` False the resources inside a Bundle's entries and
    Parameters are left out, for a caller that validates them one by one.

    Raises nothing, whatever the JSON is. A reference may be conditional
    (``Patient?identifier=...``); resolving it is the store's work.
    """
    walk = Walk(nested=nested, wants_warnings=warnings)
    type_name = data.get("resourceType") if isinstance(data, dict) else None
    path: Path = (None, type_name if isinstance(type_name, str) else "Resource", None)
    if has_known_type(data, path, walk):
        check_resource(data, object_type, path, walk)
    if walk.omitted:
        walk.issues.append(
            Issue("incomplete", f"{walk.omitted} more problems are not listed", (path[1],))
        )
    return walk.issues
