"""What part of a resource a read or a history asks for."""

from __future__ import annotations

from fellesjournal.fhir.subsets import Subset, subset
from fellesjournal.surfaces.fhir_api.request import Request


def subset_of(request: Request) -> Subset | None:
    """The cut of ``_summary`` and ``_elements``, None for whole resources. Raises BadRequest."""
    return subset(request.value("_summary"), request.value("_elements"))


__all__ = ["Subset", "subset", "subset_of"]
