"""Addresses of the out-of-hours clinic: the board, and the contacts of a patient."""

from __future__ import annotations

from django.urls import URLPattern, path

from fellesjournal.surfaces.clinic import triage_new_views, triage_views

_ALL = "patients/<fhir_id:patient_id>/out-of-hours/"
_ONE = f"{_ALL}<fhir_id:contact_id>/"


def triage_urls() -> list[URLPattern]:
    """To be called when the converter ``fhir_id`` is registered."""
    return [
        path("out-of-hours/", triage_views.board, name="triage-board"),
        path(f"{_ALL}new/", triage_new_views.new, name="triage-new"),
        path(_ONE, triage_views.contact, name="triage-contact"),
        path(f"{_ONE}arrived/", triage_views.arrived, name="triage-arrived"),
        path(f"{_ONE}urgency/", triage_views.urgency, name="triage-urgency"),
        path(f"{_ONE}take/", triage_views.take, name="triage-take"),
        path(f"{_ONE}back/", triage_views.back, name="triage-back"),
        path(f"{_ONE}end/", triage_views.end, name="triage-end"),
    ]


__all__ = ["triage_urls"]
