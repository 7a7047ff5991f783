"""Addresses of pathways that patients follow."""

from __future__ import annotations

from django.urls import URLPattern, path

from fellesjournal.surfaces.clinic import pathway_views

_ALL = "patients/<fhir_id:patient_id>/pathways/"


def pathway_urls() -> list[URLPattern]:
    """To be called when the converter ``fhir_id`` is registered."""
    return [
        path("pathways/", pathway_views.waiting, name="pathway-steps"),
        path(_ALL, pathway_views.pathways, name="patient-pathways"),
        path(f"{_ALL}follow/<fhir_id:plan_id>/", pathway_views.follow, name="pathway-follow"),
        path(f"{_ALL}steps/<fhir_id:task_id>/", pathway_views.step_end, name="pathway-step-end"),
        path(f"{_ALL}<fhir_id:plan_id>/stop/", pathway_views.stop, name="pathway-stop"),
    ]


__all__ = ["pathway_urls"]
