"""The clinic's words in templates."""

from __future__ import annotations

from django import template

from fellesjournal.surfaces.clinic.labels import label

register = template.Library()
register.filter("label", label)
