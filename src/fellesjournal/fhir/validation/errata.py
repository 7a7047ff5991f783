"""Where HL7's own R4 examples break HL7's own definitions.

Clients rightly expect that the examples of the standard can be stored. In these places,
and only these, what breaks the definition is a warning instead of an error.
"""

from __future__ import annotations

from typing import Any, Final

TARGETS: Final[dict[str, frozenset[str]]] = {
    # DeviceMetric/example: a metric's parent is the component's definition.
    "DeviceMetric.parent": frozenset({"DeviceDefinition"}),
    # DeviceUseStatement/example: the implant is used because of the procedure.
    "DeviceUseStatement.reasonReference": frozenset({"Procedure"}),
    # MedicationRequest/medrx0301: dispensed by a practitioner, not an organisation.
    "MedicationRequest.dispenseRequest.performer": frozenset({"Practitioner"}),
    # Observation/clinical-gender: the encounter as the performer.
    "Observation.performer": frozenset({"Encounter"}),
}
"""Element -> resource types its references may lead to besides those of its definition."""


def may_be_absent(element: str, data: dict[str, Any]) -> bool:
    """Whether a required element may be missing from this object all the same."""
    # Questionnaire/qs1: help texts shown beside a question have no linkId.
    return element == "Questionnaire.item.linkId" and data.get("type") == "display"


EMPTY_NARRATIVE: Final = "should have text or an image (txt-2)"
"""Four examples have a generated narrative with blanks only (ActivityDefinition/
blood-tubes-supply and heart-valve-replacement, EventDefinition/example,
Questionnaire/zika-virus-exposure-assessment)."""
