"""Addresses of the leaders' pages, below /leaders/."""

from __future__ import annotations

from django.urls import path

from fellesjournal.surfaces.leaders import (
    assumption_views,
    cost_views,
    decision_views,
    front_views,
    indicator_views,
    migration_views,
    pathway_views,
    pathway_work_views,
    plan_views,
    projection_views,
    readiness_views,
    rollout_views,
    run_views,
    ticket_views,
    usability_views,
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
    path("pathways/", pathway_views.pathways, name="leaders-pathways"),
    path("pathways/new/", pathway_views.new_pathway, name="leaders-pathway-new"),
    path("pathways/<slug:key>/", pathway_views.pathway, name="leaders-pathway"),
    path(
        "pathways/<slug:key>/drawings/<slug:part>/read-in/",
        pathway_views.read_in,
        name="leaders-pathway-read-in",
    ),
    path(
        "pathways/<slug:key>/drawings/<slug:part>/bpmn/",
        pathway_views.bpmn_file,
        name="leaders-pathway-bpmn",
    ),
    path("pathways/<slug:key>/publish/", pathway_views.publish, name="leaders-pathway-publish"),
    path(
        "pathways/<slug:key>/measures/",
        pathway_work_views.measures,
        name="leaders-pathway-measures",
    ),
    path(
        "pathways/<slug:key>/measures/<int:place>/export/",
        usability_views.export,
        name="leaders-pathway-export",
    ),
    path(
        "pathways/<slug:key>/measures/<int:place>/<slug:act>/",
        pathway_work_views.measure_act,
        name="leaders-pathway-measure-act",
    ),
    path(
        "pathways/<slug:key>/introduction/",
        pathway_work_views.introduction,
        name="leaders-pathway-introduction",
    ),
    path("pathways/<slug:key>/effect/", pathway_work_views.effect, name="leaders-pathway-effect"),
    path("usability/", usability_views.queue, name="leaders-usability"),
    path("usability/new/", usability_views.new_issue, name="leaders-usability-new"),
    path("usability/<slug:key>/", usability_views.issue, name="leaders-usability-issue"),
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
    path("costs/", cost_views.costs, name="leaders-costs"),
    path("costs/grant/", cost_views.grant_budget, name="leaders-grant"),
    path("costs/<slug:actor>/", cost_views.model, name="leaders-cost-model"),
]
