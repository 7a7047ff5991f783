"""Reports of problems as a Django app, so that their columns migrate with everything else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.db import connections
from django.db.models.signals import post_migrate


class SupportConfig(AppConfig):
    """Table `leadership.ticket`: the columns that lists and figures ask."""

    name = "fellesjournal.leadership.rollout.support"
    label = "leadership_support"

    def ready(self) -> None:
        """After each migration, state what the run-time role may do; that of access makes the role."""
        # Django sends the signal for apps with models only; contenttypes always has some
        post_migrate.connect(_state, sender=apps.get_app_config("contenttypes"))


def _state(using: str, **_: Any) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute(
            "select has_schema_privilege('leadership', 'create')"
            " and to_regclass('leadership.ticket') is not null"
        )
        # Django's flush sends the signal too, as whoever is connected
        if cursor.fetchone() == (True,):
            cursor.execute((Path(__file__).parent / "sql" / "grants.sql").read_text())
