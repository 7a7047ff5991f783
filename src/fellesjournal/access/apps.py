"""The door as a Django app, so that its tables migrate with everything else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.db import connections
from django.db.models.signals import post_migrate


class AccessConfig(AppConfig):
    """Schema `access`: what is decided by, and the log of every decision."""

    name = "fellesjournal.access"
    label = "access"

    def ready(self) -> None:
        """After each migration, state the areas, the functions and what the run-time role may do."""
        # Django sends the signal for apps with models only; contenttypes always has some
        post_migrate.connect(_state, sender=apps.get_app_config("contenttypes"))


def _state(using: str, **_: Any) -> None:
    from fellesjournal.access.policy.predicate import area_function  # noqa: PLC0415 - apps load first

    with connections[using].cursor() as cursor:
        cursor.execute("select has_schema_privilege('access', 'create')")
        if cursor.fetchone() != (True,):
            return  # Django's flush sends the signal too, as whoever is connected
        cursor.execute(area_function())
        for name in ("functions.sql", "grants.sql"):
            cursor.execute((Path(__file__).parent / "sql" / name).read_text())
