"""The door as a Django app, so that the read log migrates with everything else."""

from __future__ import annotations

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Schema `access`: the log of every decision."""

    name = "fellesjournal.access"
    label = "access"
