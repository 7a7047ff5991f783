"""Signing in as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class SigningInConfig(AppConfig):
    """Templates and static files of signing in."""

    name = "fellesjournal.surfaces.signing_in"
    label = "signing_in"
