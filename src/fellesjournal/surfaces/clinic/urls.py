"""Addresses of the clinic's pages."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from fellesjournal.surfaces.clinic import (
    access_views,
    delivery_views,
    letter_views,
    report_views,
    review_views,
    views,
    waiting_views,
)
from fellesjournal.surfaces.clinic.appointment_urls import appointment_urls
from fellesjournal.surfaces.clinic.follow_up_urls import follow_up_urls
from fellesjournal.surfaces.clinic.homecare_urls import homecare_urls
from fellesjournal.surfaces.clinic.medicine_urls import medicine_urls
from fellesjournal.surfaces.clinic.message_urls import message_urls
from fellesjournal.surfaces.clinic.note_urls import note_urls
from fellesjournal.surfaces.clinic.noting_urls import noting_urls
from fellesjournal.surfaces.clinic.pathway_urls import pathway_urls
from fellesjournal.surfaces.clinic.referral_urls import referral_urls
from fellesjournal.surfaces.clinic.result_urls import result_urls
from fellesjournal.surfaces.clinic.stay_urls import stay_urls
from fellesjournal.surfaces.clinic.triage_urls import triage_urls


class FhirId(StringConverter):
    """A resource id as FHIR allows it."""

    regex = r"[A-Za-z0-9.\-]{1,64}"


register_converter(FhirId, "fhir_id")

urlpatterns = [
    *appointment_urls(),
    *follow_up_urls(),
    *homecare_urls(),
    *medicine_urls(),
    *message_urls(),
    *note_urls(),
    *noting_urls(),
    *pathway_urls(),
    *result_urls(),
    *stay_urls(),
    *triage_urls(),
    path("", views.start, name="start"),
    path("waiting/", waiting_views.waiting, name="waiting"),
    path("shortcuts/", views.shortcuts, name="shortcuts"),
    path("patients/", views.patient_search, name="patients"),
    path("patients/<fhir_id:patient_id>/", views.chart, name="chart"),
    path("patients/<fhir_id:patient_id>/access/", access_views.why, name="why"),
    path("patients/<fhir_id:patient_id>/access/step/", access_views.step, name="extra-step"),
    path(
        "patients/<fhir_id:patient_id>/access/emergency/",
        access_views.emergency,
        name="emergency",
    ),
    path("reviews/", review_views.to_review, name="reviews"),
    path("patient-names/", views.patients_by_name, name="patients-by-name"),
    path("reviews/reading/", review_views.reading, name="unusual-reading"),
    path("reviews/mine/", review_views.mine, name="own-openings"),
    path("reviews/mine/<fhir_id:task_id>/", review_views.reply, name="own-answer"),
    path("reviews/reports/<fhir_id:task_id>/", review_views.report_decision, name="report-decide"),
    path("reviews/follow-ups/<fhir_id:task_id>/", review_views.followed_up, name="follow-up-end"),
    path("reviews/<fhir_id:task_id>/", review_views.decision, name="review-decide"),
    path("patients/<fhir_id:patient_id>/results/", views.trend, name="trend"),
    path(
        "patients/<fhir_id:patient_id>/documents/<fhir_id:document_id>/",
        views.document,
        name="document",
    ),
    path("patients/<fhir_id:patient_id>/letters/", letter_views.letters, name="letters"),
    path("patients/<fhir_id:patient_id>/letters/new/", letter_views.write, name="letter-new"),
    path("patients/<fhir_id:patient_id>/letters/report/", report_views.write, name="report-new"),
    path(
        "patients/<fhir_id:patient_id>/letters/<fhir_id:document_id>/pdf/",
        letter_views.file,
        name="letter-file",
    ),
    *referral_urls,
    path("deliveries/", delivery_views.deliveries, name="deliveries"),
    path("deliveries/<fhir_id:task_id>/posted/", delivery_views.posted, name="delivery-posted"),
    path("deliveries/<fhir_id:task_id>/read/", delivery_views.read, name="delivery-read"),
    path("deliveries/<fhir_id:task_id>/end/", delivery_views.end, name="delivery-end"),
]
