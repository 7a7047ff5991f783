"""Addresses of the leaders' pages, below /leaders/."""

from __future__ import annotations

from django.urls import path

from fellesjournal.surfaces.leaders import (
    assumption_views,
    benefit_line_views,
    benefit_page_views,
    benefit_views,
    cost_views,
    decision_views,
    front_views,
    indicator_views,
    migration_views,
    network_views,
    plan_views,
    projection_views,
    readiness_views,
    rollout_views,
    run_views,
    selection_views,
    ticket_views,
    worksheet_row_views,
    workshop_views,
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
    path("plans/", plan_views.plans, name="leaders-action-plans"),
    path("plans/new/", plan_views.new_plan, name="leaders-action-plan-new"),
    path("plans/<slug:key>/", plan_views.plan, name="leaders-action-plan"),
    path("plans/<slug:key>/status/", plan_views.plan_status, name="leaders-action-plan-status"),
    path("projections/", projection_views.projections, name="leaders-projections"),
    path("assumptions/", assumption_views.assumptions, name="leaders-assumptions"),
    path("assumptions/<slug:key>/", assumption_views.assumption, name="leaders-assumption"),
    path("rollout/", rollout_views.waves, name="leaders-rollout"),
    path("rollout/organisations/", rollout_views.organisations, name="leaders-organisations"),
    path("rollout/organisations/<slug:actor>/", rollout_views.plan, name="leaders-plan"),
    path("rollout/readiness/", readiness_views.overview, name="leaders-readiness"),
    path("rollout/readiness/<slug:actor>/", readiness_views.heat_map, name="leaders-heat-map"),
    path(
        "rollout/readiness/<slug:actor>/<int:gate>/<slug:criterion>/",
        readiness_views.check,
        name="leaders-check",
    ),
    path("rollout/migration/<slug:actor>/", migration_views.migration, name="leaders-migration"),
    path("rollout/tests/<slug:actor>/", run_views.runs, name="leaders-runs"),
    path("rollout/tickets/<slug:actor>/", ticket_views.tickets, name="leaders-tickets"),
    path("benefits/", benefit_views.front, name="leaders-benefits"),
    path("benefits/list/", selection_views.selection, name="leaders-selection"),
    path("benefits/list/<slug:item>/", selection_views.item, name="leaders-selection-item"),
    path(
        "benefits/list/<slug:item>/<slug:act>/",
        selection_views.item_act,
        name="leaders-selection-act",
    ),
    path("benefits/network/", network_views.network, name="leaders-network"),
    path("benefits/network/<slug:key>/", network_views.practice, name="leaders-practice"),
    path("benefits/workshops/", workshop_views.workshops, name="leaders-workshops"),
    path("benefits/workshops/new/", workshop_views.new_workshop, name="leaders-workshop-new"),
    path("benefits/workshops/<slug:key>/", workshop_views.workshop, name="leaders-workshop"),
    path(
        "benefits/workshops/<slug:key>/read/", workshop_views.read_in, name="leaders-worksheet-read"
    ),
    path(
        "benefits/workshops/<slug:key>/rows/<slug:row>/",
        worksheet_row_views.row,
        name="leaders-worksheet-row",
    ),
    path(
        "benefits/workshops/<slug:key>/rows/<slug:row>/<slug:act>/",
        worksheet_row_views.row_act,
        name="leaders-worksheet-act",
    ),
    path("benefits/plans/<str:unit>/", benefit_views.plan, name="leaders-benefit-plan"),
    path(
        "benefits/plans/<str:unit>/map/",
        benefit_page_views.benefit_map,
        name="leaders-benefit-map",
    ),
    path(
        "benefits/plans/<str:unit>/benefit/<slug:benefit>/",
        benefit_page_views.benefit,
        name="leaders-benefit",
    ),
    path(
        "benefits/plans/<str:unit>/indicator/<slug:indicator>/",
        benefit_line_views.line,
        name="leaders-benefit-line",
    ),
    path(
        "benefits/plans/<str:unit>/indicator/<slug:indicator>/<slug:act>/",
        benefit_line_views.line_act,
        name="leaders-benefit-line-act",
    ),
    path(
        "benefits/plans/<str:unit>/<slug:act>/",
        benefit_views.plan_act,
        name="leaders-benefit-plan-act",
    ),
    path("costs/", cost_views.costs, name="leaders-costs"),
    path("costs/grant/", cost_views.grant_budget, name="leaders-grant"),
    path("costs/<slug:actor>/", cost_views.model, name="leaders-cost-model"),
]
