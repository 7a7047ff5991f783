"""The store as a Django app, so that its schema migrates with everything else."""

from __future__ import annotations

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Schema `store`: resources, their versions and the search index."""

    name = "fellesjournal.store"
    label = "store"
