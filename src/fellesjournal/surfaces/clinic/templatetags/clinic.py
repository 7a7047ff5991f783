"""The clinic's words in templates."""

from __future__ import annotations

from django import template

from fellesjournal.access.policy.roles import role_of
from fellesjournal.access.policy.rules import Duty
from fellesjournal.surfaces.clinic.labels import label
from fellesjournal.surfaces.clinic.presenting import dose

register = template.Library()
register.filter("label", label)
register.filter("dose", dose)


@register.filter
def reviews_reading(role: str) -> bool:
    """Whether the role of this code reviews what staff have opened."""
    found = role_of(role)
    return found is not None and bool(found.duties & {Duty.REVIEW_UNIT, Duty.REVIEW_ALL})


@register.filter
def has_emergency_access(role: str) -> bool:
    """Whether the role of this code may break the glass."""
    found = role_of(role)
    return found is not None and found.may_break_glass
