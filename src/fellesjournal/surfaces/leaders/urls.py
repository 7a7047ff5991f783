"""Addresses of the leaders' pages, below /leaders/."""

from __future__ import annotations

from django.urls import path

from fellesjournal.surfaces.leaders import (
    assumption_views,
    decision_views,
    front_views,
    indicator_views,
    plan_views,
    projection_views,
)

urlpatterns = [
    path("", front_views.front, name="leaders"),
    path("indicators/", indicator_views.indicators, name="leaders-indicators"),
    path("indicators/<slug:indicator_id>/", indicator_views.indicator, name="leaders-indicator"),
    path(
        "indicators/<slug:indicator_id>/definition/",
        indicator_views.definition,
        name="leaders-indicator-definition",
    ),
    path("decisions/", decision_views.cases, name="leaders-cases"),
    path("decisions/new/", decision_views.new_case, name="leaders-case-new"),
    path("decisions/<slug:key>/", decision_views.case, name="leaders-case"),
    path("decisions/<slug:key>/<slug:act>/", decision_views.case_act, name="leaders-case-act"),
    path("plans/", plan_views.plans, name="leaders-plans"),
    path("plans/new/", plan_views.new_plan, name="leaders-plan-new"),
    path("plans/<slug:key>/", plan_views.plan, name="leaders-plan"),
    path("plans/<slug:key>/status/", plan_views.plan_status, name="leaders-plan-status"),
    path("projections/", projection_views.projections, name="leaders-projections"),
    path("assumptions/", assumption_views.assumptions, name="leaders-assumptions"),
    path("assumptions/<slug:key>/", assumption_views.assumption, name="leaders-assumption"),
]
