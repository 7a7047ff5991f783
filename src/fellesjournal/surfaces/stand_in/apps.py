"""The stand-in as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class StandInConfig(AppConfig):
    """Templates of the stand-in."""

    name = "fellesjournal.surfaces.stand_in"
    label = "stand_in"
