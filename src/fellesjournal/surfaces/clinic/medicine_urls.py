"""Addresses of the medication list."""

from __future__ import annotations

from django.urls import URLPattern, path

from fellesjournal.surfaces.clinic import (
    medicine_views,
    order_medicine_views,
    reconcile_views,
    renewal_views,
)

_ALL = "patients/<fhir_id:patient_id>/medicines/"
_ONE = f"{_ALL}<fhir_id:medicine_id>/"
_REQUEST = "patients/<fhir_id:patient_id>/renewals/<fhir_id:request_id>/"


def medicine_urls() -> list[URLPattern]:
    """To be called when the converter ``fhir_id`` is registered."""
    return [
        path(_ALL, medicine_views.medicines, name="medicines"),
        path(f"{_ALL}new/", order_medicine_views.prescribing, name="medicine-new"),
        path(f"{_ALL}undo/", medicine_views.undoing, name="medicine-undo"),
        path(f"{_ALL}reconcile/", reconcile_views.reconciling, name="medicines-reconcile"),
        path(f"{_ALL}renew/", renewal_views.renewing, name="medicines-renew"),
        path("renewals/", renewal_views.renewals, name="renewals"),
        path(_REQUEST, renewal_views.one, name="renewal"),
        path(f"{_REQUEST}close/", renewal_views.closing, name="renewal-close"),
        path(f"{_REQUEST}decline/", renewal_views.declining, name="renewal-decline"),
        path(f"{_ONE}change/", order_medicine_views.changing, name="medicine-change"),
        path(f"{_ONE}stop/", medicine_views.stopping, name="medicine-stop"),
    ]


__all__ = ["medicine_urls"]
