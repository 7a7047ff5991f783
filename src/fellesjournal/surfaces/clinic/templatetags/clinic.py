"""The clinic's words in templates."""

from __future__ import annotations

from django import template

from fellesjournal.surfaces.clinic.labels import label
from fellesjournal.surfaces.clinic.presenting import dose

register = template.Library()
register.filter("label", label)
register.filter("dose", dose)
