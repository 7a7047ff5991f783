"""Addresses of the leaders' pages, below /leaders/."""

from __future__ import annotations

from django.urls import path

from fellesjournal.surfaces.leaders import assumption_views, front_views, projection_views

urlpatterns = [
    path("", front_views.front, name="leaders"),
    path("projections/", projection_views.projections, name="leaders-projections"),
    path("assumptions/", assumption_views.assumptions, name="leaders-assumptions"),
    path("assumptions/<slug:key>/", assumption_views.assumption, name="leaders-assumption"),
]
