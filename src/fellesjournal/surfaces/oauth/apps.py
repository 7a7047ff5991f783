"""The pages of apps and consent as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class OAuthConfig(AppConfig):
    """Templates of the consent pages."""

    name = "fellesjournal.surfaces.oauth"
    label = "oauth"
