"""Identity as a Django app, so that its tables migrate with everything else."""

from __future__ import annotations

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Tables of schema `access` about signing in."""

    name = "fellesjournal.access.identity"
    label = "identity"
