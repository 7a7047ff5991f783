"""The clinic's words in templates."""

from __future__ import annotations

from django import template
from django.template import Context

from fellesjournal.access.policy.roles import role_of
from fellesjournal.access.policy.rules import Duty
from fellesjournal.care.citizens.resources import Person
from fellesjournal.surfaces.clinic.labels import label
from fellesjournal.surfaces.clinic.navigation import Link, acts, in_bar, record, workspace
from fellesjournal.surfaces.clinic.phone import Bar, bar
from fellesjournal.surfaces.clinic.presenting import dose
from fellesjournal.surfaces.clinic.signed_in import draft_of

register = template.Library()
register.filter("label", label)
register.filter("dose", dose)


@register.simple_tag(takes_context=True)
def workspace_links(context: Context) -> list[Link]:
    """Where somebody can go in her role; nowhere before she has one."""
    who = context.get("signed_in")
    return [] if who is None or not who.is_staff else workspace(who.role, _here(context))


@register.simple_tag(takes_context=True)
def workspace_bar(context: Context) -> tuple[list[Link], list[Link]]:
    """The places of the bar: those that stand there, and those under "More"."""
    who = context.get("signed_in")
    return ([], []) if who is None or not who.is_staff else in_bar(who.role, _here(context))


@register.simple_tag(takes_context=True)
def record_links(context: Context) -> list[Link]:
    """The parts of the record that is open; none when none is."""
    who, person = context.get("signed_in"), context.get("person")
    if who is None or not who.is_staff or not isinstance(person, Person):
        return []
    return record(who.role, person.id, _here(context))


@register.simple_tag(takes_context=True)
def phone_bar(context: Context) -> Bar | None:
    """The bar at the foot of a phone; None before somebody has a role."""
    who, person = context.get("signed_in"), context.get("person")
    if who is None or not who.is_staff:
        return None
    patient_id = person.id if isinstance(person, Person) else ""
    return bar(context["request"], who.role, _here(context), patient_id)


@register.simple_tag(takes_context=True)
def record_acts(context: Context) -> list[Link]:
    """What can be begun for the patient whose record is open; nothing when none is."""
    who, person = context.get("signed_in"), context.get("person")
    if who is None or not who.is_staff or not isinstance(person, Person):
        return []
    return acts(who.role, person.id)


@register.simple_tag(takes_context=True)
def note_being_written(context: Context) -> str:
    """The id of the note one is writing about the patient whose record is open; "" on its own
    pages, and when there is none.
    """
    who, person = context.get("signed_in"), context.get("person")
    if who is None or not who.is_staff or not isinstance(person, Person):
        return ""
    return "" if _here(context).startswith("note") else draft_of(context["request"], person.id)


def _here(context: Context) -> str:
    match = context["request"].resolver_match
    return "" if match is None else str(match.view_name)


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
