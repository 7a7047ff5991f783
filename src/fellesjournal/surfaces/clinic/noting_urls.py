"""Addresses of noting down problems, allergies and vital signs."""

from __future__ import annotations

from django.urls import URLPattern, path

from fellesjournal.surfaces.clinic import noting_views


def noting_urls() -> list[URLPattern]:
    """To be called when the converter ``fhir_id`` is registered."""
    return [
        path("diagnoses/", noting_views.diagnoses, name="diagnoses"),
        path("patients/<fhir_id:patient_id>/note-down/", noting_views.note, name="note-down"),
        path(
            "patients/<fhir_id:patient_id>/problems/<fhir_id:problem_id>/end/",
            noting_views.end,
            name="problem-end",
        ),
    ]


__all__ = ["noting_urls"]
