"""Addresses of the leaders' pages, below /leaders/."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from fellesjournal.surfaces.leaders import (
    adoption_views,
    assumption_views,
    audit_views,
    barrier_views,
    benefit_line_views,
    benefit_measure_views,
    benefit_page_views,
    benefit_views,
    committee_views,
    cost_views,
    cutover_views,
    decision_views,
    evaluation_views,
    finding_views,
    followed_views,
    front_views,
    guide_views,
    indicator_views,
    interaction_views,
    migration_views,
    network_views,
    pathway_drawing_views,
    pathway_editor_views,
    pathway_effect_views,
    pathway_views,
    pathway_work_views,
    plan_views,
    portal_use_views,
    projection_record_views,
    projection_source_views,
    projection_views,
    readiness_views,
    rehearsal_views,
    risk_views,
    rollout_views,
    run_views,
    schedule_example_views,
    schedule_views,
    selection_views,
    support_queue_views,
    support_views,
    ticket_views,
    training_keep_views,
    training_views,
    usability_views,
    worksheet_row_views,
    workshop_views,
)


class UnitOfPlan(StringConverter):
    """The id of an Organization, as FHIR writes ids."""

    regex = r"[A-Za-z0-9\-.]{1,64}"


register_converter(UnitOfPlan, "unit_of_plan")

urlpatterns = [
    path("", front_views.front, name="leaders"),
    path("indicators/", indicator_views.indicators, name="leaders-indicators"),
    path("indicators/<slug:indicator_id>/", indicator_views.indicator, name="leaders-indicator"),
    path(
        "indicators/<slug:indicator_id>/definition/",
        indicator_views.definition,
        name="leaders-indicator-definition",
    ),
    path("portal/", portal_use_views.portal_use, name="leaders-portal-use"),
    path("portal/<slug:number>/", portal_use_views.portal_place, name="leaders-portal-place"),
    path("portal/<slug:number>/barriers/", barrier_views.barriers, name="leaders-barriers"),
    path("audit/", audit_views.audit, name="leaders-audit"),
    path("schedules/", schedule_views.schedules, name="leaders-schedules"),
    path(
        "schedules/example/",
        schedule_example_views.schedule_example,
        name="leaders-schedule-example",
    ),
    path(
        "schedules/<fhir_id:unit_id>/cause/",
        schedule_views.schedule_cause,
        name="leaders-schedule-cause",
    ),
    path("interaction/", interaction_views.interaction, name="leaders-interaction"),
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
        pathway_drawing_views.read_in,
        name="leaders-pathway-read-in",
    ),
    path(
        "pathways/<slug:key>/drawings/<slug:part>/edit/",
        pathway_editor_views.editor,
        name="leaders-pathway-edit",
    ),
    path(
        "pathways/<slug:key>/drawings/<slug:part>/edit/<slug:thing>/",
        pathway_editor_views.edit,
        name="leaders-pathway-edit-thing",
    ),
    path(
        "pathways/<slug:key>/drawings/<slug:part>/copy/",
        pathway_editor_views.copy,
        name="leaders-pathway-copy",
    ),
    path(
        "pathways/<slug:key>/drawings/<slug:part>/bpmn/",
        pathway_drawing_views.bpmn_file,
        name="leaders-pathway-bpmn",
    ),
    path(
        "pathways/<slug:key>/publish/",
        pathway_drawing_views.publish,
        name="leaders-pathway-publish",
    ),
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
    path("pathways/<slug:key>/effect/", pathway_effect_views.effect, name="leaders-pathway-effect"),
    path(
        "pathways/<slug:key>/effect/<slug:indicator_id>/",
        evaluation_views.evaluation,
        name="leaders-pathway-evaluation",
    ),
    path("pathways/<slug:key>/followed/", followed_views.followed, name="leaders-pathway-followed"),
    path("pathways/<slug:key>/guide/", guide_views.read, name="leaders-pathway-guide"),
    path("pathways/<slug:key>/guide/start/", guide_views.start, name="leaders-pathway-guide-start"),
    path("committees/", committee_views.communities, name="leaders-committees"),
    path("committees/<slug:key>/", committee_views.community, name="leaders-community"),
    path(
        "committees/<slug:key>/meetings/new/",
        committee_views.new_meeting,
        name="leaders-meeting-new",
    ),
    path("meetings/<slug:key>/", committee_views.meeting, name="leaders-meeting"),
    path("findings/", finding_views.reviews, name="leaders-reviews"),
    path("findings/new/", finding_views.new_review, name="leaders-review-new"),
    path("findings/<slug:key>/", finding_views.review, name="leaders-review"),
    path(
        "findings/<slug:key>/<int:place>/<slug:act>/",
        finding_views.finding_act,
        name="leaders-finding-act",
    ),
    path("usability/", usability_views.queue, name="leaders-usability"),
    path("usability/new/", usability_views.new_issue, name="leaders-usability-new"),
    path("usability/<slug:key>/", usability_views.issue, name="leaders-usability-issue"),
    path("projections/", projection_views.projections, name="leaders-projections"),
    path(
        "projections/sources/", projection_source_views.sources, name="leaders-projection-sources"
    ),
    path(
        "projections/sources/look/", projection_source_views.look_at, name="leaders-projection-look"
    ),
    path(
        "projections/sources/keep/", projection_source_views.keep_it, name="leaders-projection-keep"
    ),
    path(
        "projections/recorded/",
        projection_record_views.recorded,
        name="leaders-projection-recorded",
    ),
    path(
        "projections/recorded/count/",
        projection_record_views.count_it,
        name="leaders-projection-count",
    ),
    path(
        "projections/recorded/<str:name>/",
        projection_record_views.recorded_one,
        name="leaders-projection-recorded-one",
    ),
    path("assumptions/", assumption_views.assumptions, name="leaders-assumptions"),
    path("assumptions/<slug:key>/", assumption_views.assumption, name="leaders-assumption"),
    path("rollout/", rollout_views.waves, name="leaders-rollout"),
    path("rollout/adoption/", adoption_views.adoption, name="leaders-adoption"),
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
    path("rollout/risks/<slug:actor>/", risk_views.risks, name="leaders-risks"),
    path("rollout/tests/<slug:actor>/", run_views.runs, name="leaders-runs"),
    path("rollout/cut-over/<slug:actor>/", cutover_views.cutover, name="leaders-cutover"),
    path(
        "rollout/cut-over/<slug:actor>/<slug:act>/",
        cutover_views.cutover_act,
        name="leaders-cutover-act",
    ),
    path("rollout/training/", training_views.overview, name="leaders-training"),
    path(
        "rollout/training/<slug:actor>/", training_views.organisation, name="leaders-training-one"
    ),
    path(
        "rollout/training/<slug:actor>/record/",
        training_keep_views.record,
        name="leaders-training-record",
    ),
    path(
        "rollout/training/<slug:actor>/courses/",
        training_keep_views.courses,
        name="leaders-training-courses",
    ),
    path(
        "rollout/training/<slug:actor>/leave/<fhir_id:role_id>/",
        training_views.waive,
        name="leaders-training-waive",
    ),
    path(
        "rollout/rehearsals/<slug:actor>/",
        rehearsal_views.rehearsals,
        name="leaders-rehearsals",
    ),
    path(
        "rollout/rehearsals/<slug:actor>/<slug:key>/",
        rehearsal_views.rehearsal,
        name="leaders-rehearsal",
    ),
    path(
        "rollout/rehearsals/<slug:actor>/<slug:key>/<slug:act>/",
        rehearsal_views.rehearsal_act,
        name="leaders-rehearsal-act",
    ),
    path("rollout/tickets/<slug:actor>/", ticket_views.tickets, name="leaders-tickets"),
    path("rollout/tickets/<slug:actor>/users/", ticket_views.users, name="leaders-tickets-users"),
    path("support/", support_views.reports, name="leaders-reports"),
    path("support/<int:report_number>/", support_views.report, name="leaders-report"),
    path(
        "support/<int:report_number>/queue/",
        support_queue_views.queue_report,
        name="leaders-report-queue",
    ),
    path(
        "support/<int:report_number>/<slug:act>/",
        support_views.report_act,
        name="leaders-report-act",
    ),
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
    path("benefits/plans/<unit_of_plan:unit>/", benefit_views.plan, name="leaders-benefit-plan"),
    path(
        "benefits/plans/<unit_of_plan:unit>/map/",
        benefit_page_views.benefit_map,
        name="leaders-benefit-map",
    ),
    path(
        "benefits/plans/<unit_of_plan:unit>/benefit/<slug:benefit>/",
        benefit_page_views.benefit,
        name="leaders-benefit",
    ),
    path(
        "benefits/plans/<unit_of_plan:unit>/indicator/<slug:indicator>/",
        benefit_line_views.line,
        name="leaders-benefit-line",
    ),
    path(
        "benefits/plans/<unit_of_plan:unit>/indicator/<slug:indicator>/measures/<int:place>/",
        benefit_measure_views.measure,
        name="leaders-benefit-measure",
    ),
    path(
        "benefits/plans/<unit_of_plan:unit>/indicator/<slug:indicator>/measures/<int:place>/"
        "<slug:act>/",
        benefit_measure_views.measure_act,
        name="leaders-benefit-measure-act",
    ),
    path(
        "benefits/plans/<unit_of_plan:unit>/indicator/<slug:indicator>/<slug:act>/",
        benefit_line_views.line_act,
        name="leaders-benefit-line-act",
    ),
    path(
        "benefits/plans/<unit_of_plan:unit>/<slug:act>/",
        benefit_views.plan_act,
        name="leaders-benefit-plan-act",
    ),
    path("costs/", cost_views.costs, name="leaders-costs"),
    path("costs/grant/", cost_views.grant_budget, name="leaders-grant"),
    path("costs/<slug:actor>/", cost_views.model, name="leaders-cost-model"),
]
