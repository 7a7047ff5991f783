"""Addresses of the ward and of stays."""

from __future__ import annotations

from django.urls import URLPattern, path

from fellesjournal.surfaces.clinic import discharge_views, stay_views

_ALL = "patients/<fhir_id:patient_id>/stays/"
_ONE = f"{_ALL}<fhir_id:stay_id>/"


def stay_urls() -> list[URLPattern]:
    """To be called when the converter ``fhir_id`` is registered."""
    return [
        path("ward/", stay_views.ward, name="ward"),
        path(_ALL, stay_views.stays, name="stays"),
        path(f"{_ALL}new/", stay_views.admit, name="admit"),
        path(_ONE, stay_views.stay, name="stay"),
        path(f"{_ONE}ready/", stay_views.ready, name="stay-ready"),
        path(f"{_ONE}not-ready/", stay_views.not_ready, name="stay-not-ready"),
        path(f"{_ONE}place/", stay_views.place, name="stay-place"),
        path(f"{_ONE}mistake/", stay_views.mistake, name="stay-mistake"),
        path(f"{_ONE}discharge/", discharge_views.discharge, name="discharge"),
        path(f"{_ONE}discharge/without/", discharge_views.without, name="discharge-without"),
    ]


__all__ = ["stay_urls"]
