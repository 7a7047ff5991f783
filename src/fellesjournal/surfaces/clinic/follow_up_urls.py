"""Addresses of home follow-up."""

from __future__ import annotations

from django.urls import URLPattern, path

from fellesjournal.surfaces.clinic import follow_up_views

_ALL = "patients/<fhir_id:patient_id>/follow-up/"
_ONE = f"{_ALL}<fhir_id:plan_id>/"


def follow_up_urls() -> list[URLPattern]:
    """To be called when the converter ``fhir_id`` is registered."""
    return [
        path("readings/", follow_up_views.waiting, name="own-readings"),
        path("readings/<fhir_id:task_id>/give/", follow_up_views.give, name="own-reading-give"),
        path(_ALL, follow_up_views.follow_up, name="home-follow-up"),
        path(f"{_ALL}done/", follow_up_views.done, name="home-follow-up-done"),
        path(f"{_ALL}new/", follow_up_views.start, name="home-follow-up-new"),
        path(f"{_ONE}change/", follow_up_views.change, name="home-follow-up-change"),
        path(f"{_ONE}end/", follow_up_views.end, name="home-follow-up-end"),
    ]


__all__ = ["follow_up_urls"]
