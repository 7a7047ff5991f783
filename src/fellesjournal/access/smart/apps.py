"""SMART as a Django app, so that its tables migrate with everything else."""

from __future__ import annotations

from django.apps import AppConfig


class SmartConfig(AppConfig):
    """Tables of schema `access` about apps and services."""

    name = "fellesjournal.access.smart"
    label = "smart"
