"""HE1 as a Django app, so that its tables migrate with everything else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.db import connections
from django.db.models.signals import post_migrate


class PortalUseConfig(AppConfig):
    """Tables of schema `figures` about the use of HelsaMi."""

    name = "fellesjournal.leadership.indicators.he1"
    label = "leadership_he1"

    def ready(self) -> None:
        """After each migration, state what the run-time role may do; that of access makes the role."""
        # Django sends the signal for apps with models only; contenttypes always has some
        post_migrate.connect(_state, sender=apps.get_app_config("contenttypes"))


def _state(using: str, **_: Any) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute("select has_schema_privilege('figures', 'create')")
        # Django's flush sends the signal too, as whoever is connected
        if cursor.fetchone() == (True,):
            cursor.execute((Path(__file__).parent / "sql" / "grants.sql").read_text())
