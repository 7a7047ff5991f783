"""Reading the provisions of a privacy Consent: nested rules, each with what it inherits.

See derive.py for what is made of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fellesjournal.fhir.references import local

# Any: JSON of every shape.
Json = Mapping[str, Any]
Holder = tuple[str, str]

HL7 = "http://terminology.hl7.org/CodeSystem/"
SCOPE = HL7 + "consentscope"
ACT_CODE = HL7 + "v3-ActCode"


@dataclass(frozen=True, slots=True)
class Rule:
    """One provision with what it inherits from those above it."""

    data: Json
    place: str
    type: str
    inherited: Json

    def said(self, name: str) -> Any:
        """An element of the provision, or the nearest one above that has it."""
        return self.data.get(name, self.inherited.get(name))

    def listed(self, name: str) -> list[dict[str, Any]]:
        """The same for an element that repeats."""
        return elements({**self.inherited, **self.data}, name)


def is_privacy(consent: Json) -> bool:
    """Whether this is a Consent about privacy that stands."""
    return (
        consent.get("resourceType") == "Consent"
        and consent.get("status") == "active"
        and "patient-privacy" in codes_of(consent.get("scope"), SCOPE)
    )


def rules(consent: Json) -> Iterator[Rule]:
    """Every provision, outer before inner."""
    root = consent.get("provision")
    root = root if isinstance(root, dict) else {}
    place = "Consent.provision"
    if not {"OPTOUT", "OPTOUTE"} & codes_of(consent.get("policyRule"), ACT_CODE):
        yield from _unfold(root, place, "permit", {})
    elif root.get("type") == "permit":
        # Everything is denied; what the root permits is the exception.
        yield from _unfold({"provision": [root]}, place, "deny", {})
    else:
        yield from _unfold(root, place, "deny", {})


def _unfold(data: Json, place: str, default: str, inherited: Json) -> Iterator[Rule]:
    kind = data.get("type", default)
    kind = kind if isinstance(kind, str) else default
    yield Rule(data, place, kind, inherited)
    handed_down = {**inherited, **data}
    # An inner provision that does not say which is the exception to the outer one.
    opposite = "permit" if kind == "deny" else "deny"
    for turn, inner in enumerate(elements(data, "provision")):
        yield from _unfold(inner, f"{place}.provision[{turn}]", opposite, handed_down)


def codes_of(concept: object, system: str) -> set[str]:
    """The codes of one system in a CodeableConcept."""
    if not isinstance(concept, dict):
        return set()
    return {
        coding["code"]
        for coding in elements(concept, "coding")
        if coding.get("system") == system and isinstance(coding.get("code"), str)
    }


def elements(data: Json, name: str) -> list[dict[str, Any]]:
    """The objects in a repeating element; [] when it is absent or of another shape."""
    listed = data.get(name)
    return [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []


def local_target(reference: object) -> Holder | None:
    """Type and id of a Reference to a resource of this server; None for any other."""
    text = reference.get("reference") if isinstance(reference, dict) else None
    target = local(text) if isinstance(text, str) else None
    return None if target is None or target.base else (target.type, target.id)
