"""Whether a resource would be taken, without writing it."""

from __future__ import annotations

from fellesjournal.fhir.bodies import Body
from fellesjournal.fhir.issues import Issue
from fellesjournal.fhir.validation import validate as validate_base


def validate(body: Body, profile: str | None) -> list[Issue]:
    """All errors and warnings; ``profile`` is the canonical of one more profile to apply."""
    issues = validate_base(body.data, warnings=True)
    if profile is not None:
        issues = [*issues, Issue("not-supported", f"the profile {profile[:300]} is not known here")]
    return issues
