"""Addresses of the leaders' pages, below /leaders/."""

from __future__ import annotations

from django.urls import path

from fellesjournal.surfaces.leaders import assumption_views, front_views, indicator_views

urlpatterns = [
    path("", front_views.front, name="leaders"),
    path("indicators/", indicator_views.indicators, name="leaders-indicators"),
    path("indicators/<slug:indicator_id>/", indicator_views.indicator, name="leaders-indicator"),
    path(
        "indicators/<slug:indicator_id>/definition/",
        indicator_views.definition,
        name="leaders-indicator-definition",
    ),
    path("assumptions/", assumption_views.assumptions, name="leaders-assumptions"),
    path("assumptions/<slug:key>/", assumption_views.assumption, name="leaders-assumption"),
]
