"""HelsaMi as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Templates of HelsaMi."""

    name = "fellesjournal.surfaces.portal"
    label = "portal"
