"""Addresses of home care and of applications for municipal services."""

from __future__ import annotations

from django.urls import URLPattern, path

from fellesjournal.surfaces.clinic import (
    application_views,
    homecare_day_views,
    homecare_plan_views,
    homecare_visit_views,
)


def homecare_urls() -> list[URLPattern]:
    """The addresses; a function, for their converter is registered in urls.py."""
    patient = "patients/<fhir_id:patient_id>/"
    return [
        path("homecare/", homecare_day_views.day, name="home-care-day"),
        path("homecare/shift/", homecare_day_views.shift_check, name="home-care-shift"),
        path("homecare/work/", homecare_day_views.work, name="home-care-work"),
        path("applications/", application_views.waiting, name="applications"),
        path(patient + "homecare/", homecare_plan_views.plan, name="home-care-plan"),
        path(
            patient + "homecare/visits/<fhir_id:visit_id>/",
            homecare_visit_views.visit,
            name="home-visit",
        ),
        path(
            patient + "homecare/work/<fhir_id:task_id>/",
            homecare_day_views.work_end,
            name="home-care-work-end",
        ),
        path(
            patient + "homecare/restart/<fhir_id:task_id>/",
            homecare_plan_views.restart,
            name="home-care-restart",
        ),
        path(
            patient + "applications/<fhir_id:application_id>/",
            application_views.case,
            name="application",
        ),
    ]


__all__ = ["homecare_urls"]
