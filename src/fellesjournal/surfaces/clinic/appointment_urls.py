"""Addresses of the day list and of a patient's appointments."""

from __future__ import annotations

from django.urls import URLPattern, path

from fellesjournal.surfaces.clinic import appointment_views, day_views

_ALL = "patients/<fhir_id:patient_id>/appointments/"
_ONE = f"{_ALL}<fhir_id:appointment_id>/"


def appointment_urls() -> list[URLPattern]:
    """To be called when the converter ``fhir_id`` is registered."""
    return [
        path("day/", day_views.day, name="day-list"),
        path(_ALL, appointment_views.appointments, name="appointments"),
        path(_ONE, appointment_views.act, name="appointment-act"),
        path(f"{_ONE}cancel/", appointment_views.cancel, name="appointment-cancel"),
    ]


__all__ = ["appointment_urls"]
