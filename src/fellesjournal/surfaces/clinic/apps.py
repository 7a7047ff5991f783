"""The clinic's pages as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class ClinicConfig(AppConfig):
    """Templates and static files of the clinic."""

    name = "fellesjournal.surfaces.clinic"
    label = "clinic"
