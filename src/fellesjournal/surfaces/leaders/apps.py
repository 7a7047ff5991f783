"""The leaders' pages as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class LeadersConfig(AppConfig):
    """Templates of the leaders' pages."""

    name = "fellesjournal.surfaces.leaders"
    label = "leaders"
