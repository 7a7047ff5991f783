"""The component library as a Django app: its templates, static files and checks."""

from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import register


class UiConfig(AppConfig):
    """Registers the check that the front-end packages are fetched."""

    name = "fellesjournal.foundation.ui"
    label = "ui"

    def ready(self) -> None:
        """Called by Django once the apps are loaded."""
        from fellesjournal.foundation.ui.vendor import check_vendor_files  # noqa: PLC0415 - once apps are loaded

        register(check_vendor_files)
