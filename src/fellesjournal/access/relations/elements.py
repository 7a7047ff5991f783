"""Reading the elements that grounds are made of: periods, codes and references.

Whatever has another shape than the standard gives is read as absent. See derive.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fellesjournal.access.moments import end_of, start_of
from fellesjournal.fhir.references import local

# Any: resources and elements are JSON of every shape.
Json = Mapping[str, Any]
Holder = tuple[str, str]

HOLDER_TYPES = frozenset(
    {"Practitioner", "PractitionerRole", "Organization", "HealthcareService", "CareTeam"}
)
"""Who can hold a ground of care. A CareTeam stands for its members, wherever it is named; a
study (COHORT) is held by the ResearchStudy, and counts for those approved for it."""


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open, None for open."""

    starts: datetime | None = None
    ends: datetime | None = None

    def within(self, other: Span) -> Span:
        """What both cover."""
        return Span(
            max((m for m in (self.starts, other.starts) if m), default=None),
            min((m for m in (self.ends, other.ends) if m), default=None),
        )


def period_of(element: Json) -> Span:
    """The `period` of an element. Raises ValueError when it can't be read."""
    value = element.get("period")
    if not isinstance(value, dict):
        return Span()
    end = value.get("end")
    return Span(start_in(value.get("start")), end_of(end) if isinstance(end, str) else None)


def start_in(text: object) -> datetime | None:
    """When a date begins; None for no text. Raises ValueError for text that is no date."""
    return start_of(text) if isinstance(text, str) else None


def elements(data: Json, name: str) -> list[dict[str, Any]]:
    """The objects in a repeating element; [] when it is absent or of another shape."""
    listed = data.get(name)
    return [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []


def text_of(data: Json, name: str) -> str:
    """A code or other text of an element; empty when it has none."""
    value = data.get(name)
    return value if isinstance(value, str) else ""


def class_of(data: Json) -> str:
    """The code of the `class` of an Encounter; empty when it has none."""
    coding = data.get("class")
    return text_of(coding, "code") if isinstance(coding, dict) else ""


def holder_of(reference: object) -> Holder | None:
    """Whom a Reference names, if that can hold a ground; None for anything else."""
    found = local_target(reference)
    return found if found is not None and found[0] in HOLDER_TYPES else None


def local_target(reference: object) -> Holder | None:
    """Type and id of a Reference to a resource of this server; None for any other."""
    if not isinstance(reference, dict):
        return None
    text = reference.get("reference")
    if not isinstance(text, str):
        return None
    target = local(text)
    return None if target is None or target.base else (target.type, target.id)
