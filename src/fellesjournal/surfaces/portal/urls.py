"""Addresses of HelsaMi, below /helsami/."""

from __future__ import annotations

from django.urls import path

from fellesjournal.surfaces.portal import views

urlpatterns = [
    path("", views.front, name="portal"),
    path("terms/", views.terms, name="portal-terms"),
]
