"""Which refusals a page answers as if nothing had ever been there (INV-33)."""

from __future__ import annotations

import pytest

from fellesjournal.fhir.issues import (
    BadRequest,
    Conflict,
    FhirError,
    Gone,
    NotAllowed,
    NotFound,
    PreconditionFailed,
)
from fellesjournal.surfaces.unseen import is_unseen


@pytest.mark.parametrize("refusal", [NotAllowed, NotFound, Gone])
def test_the_forbidden_the_absent_and_the_deleted_are_one(refusal: type[FhirError]) -> None:
    assert is_unseen(refusal("why"))


@pytest.mark.parametrize("refusal", [BadRequest, Conflict, PreconditionFailed])
def test_what_is_wrong_with_a_request_is_told(refusal: type[FhirError]) -> None:
    assert not is_unseen(refusal("why"))
