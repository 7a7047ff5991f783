"""Reporting a problem as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class SupportConfig(AppConfig):
    """Templates of the pages where problems are reported."""

    name = "fellesjournal.surfaces.support"
    label = "support"
