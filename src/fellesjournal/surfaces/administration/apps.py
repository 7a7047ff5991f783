"""The pages of administration as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    """Templates of administration."""

    name = "fellesjournal.surfaces.administration"
    label = "administration"
