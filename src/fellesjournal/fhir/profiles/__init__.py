"""Profiles: StructureDefinitions that restrict the types of R4, compiled and applied.

Base validation is in ``fellesjournal.fhir.validation``; a check against a profile looks
only at what the profile adds.
"""

from __future__ import annotations

from fellesjournal.fhir.profiles.condensing import NotAProfile, condense
from fellesjournal.fhir.profiles.registry import Profiles, shipped_profiles

__all__ = ["NotAProfile", "Profiles", "condense", "shipped_profiles"]
