"""What a contact is, in words."""

from __future__ import annotations

from django import template

from fellesjournal.care.chart.contacts import Contact
from fellesjournal.surfaces.oauth import wording

register = template.Library()


@register.filter
def class_word(contact: Contact) -> str:
    """Where or how the contact took place."""
    return wording.encounter_class(contact.class_code) or contact.class_text


@register.filter
def status_word(contact: Contact) -> str:
    """How far it has come."""
    return wording.encounter_status(contact.status)
