"""What may not be seen and what is not there are answered alike (INV-33)."""

from __future__ import annotations

from fellesjournal.fhir.issues import FhirError

_ALIKE = frozenset({403, 404, 410})


def is_unseen(error: FhirError) -> bool:
    """Whether a page answers this refusal as if the thing had never been there."""
    return error.status in _ALIKE
