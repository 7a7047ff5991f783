"""Addresses of requisitions and results."""

from __future__ import annotations

from django.urls import URLPattern, path

from fellesjournal.surfaces.clinic import order_views, result_views

_ALL = "patients/<fhir_id:patient_id>/laboratory/"
_ONE = f"{_ALL}<fhir_id:number>/"
_REPORT = "patients/<fhir_id:patient_id>/reports/<fhir_id:report_id>/"


def result_urls() -> list[URLPattern]:
    """To be called when the converter ``fhir_id`` is registered."""
    return [
        path("results/", result_views.results, name="results"),
        path(_REPORT, result_views.report, name="report"),
        path(f"{_REPORT}acknowledge/", result_views.take_note, name="report-acknowledge"),
        path(_ALL, order_views.laboratory, name="laboratory"),
        path(f"{_ALL}new/", order_views.new, name="requisition-new"),
        path(_ONE, order_views.requisition, name="requisition"),
        path(f"{_ONE}take-back/", order_views.take_back, name="requisition-take-back"),
        path(f"{_ONE}change/", order_views.change, name="requisition-change"),
    ]


__all__ = ["result_urls"]
