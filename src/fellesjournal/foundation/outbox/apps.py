"""The outbox as a Django app, so that its schema migrates with everything else."""

from __future__ import annotations

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Schema `outbox`: messages that wait, and when jobs of the clock are due."""

    name = "fellesjournal.foundation.outbox"
    label = "outbox"
