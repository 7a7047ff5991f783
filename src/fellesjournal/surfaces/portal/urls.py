"""Addresses of HelsaMi, below /helsami/."""

from __future__ import annotations

from django.urls import path

from fellesjournal.surfaces.portal import (
    appointment_views,
    block_views,
    lately_views,
    letter_views,
    medicine_views,
    message_views,
    note_views,
    own_views,
    reading_views,
    referral_views,
    result_views,
    seen_views,
    service_views,
    views,
)

urlpatterns = [
    path("", views.front, name="portal"),
    path("terms/", views.terms, name="portal-terms"),
    path("others/", views.others, name="portal-others"),
    path("others/switch/", views.switch, name="portal-switch"),
    path("others/powers/<str:consent_id>/end/", views.take_back, name="portal-power-end"),
    path("lately/", lately_views.lately, name="portal-lately"),
    path("seen/", seen_views.seen, name="portal-seen"),
    path("seen/csv/", seen_views.as_csv, name="portal-seen-csv"),
    path("seen/fhir/", seen_views.as_fhir, name="portal-seen-fhir"),
    path("seen/report/", seen_views.report, name="portal-seen-report"),
    path("seen/reported/<str:task_id>/", seen_views.reported, name="portal-seen-reported"),
    path("blocks/", block_views.blocks, name="portal-blocks"),
    path("blocks/new/", block_views.new, name="portal-block-new"),
    path("blocks/<str:consent_id>/end/", block_views.end, name="portal-block-end"),
    path("referrals/", referral_views.referrals, name="portal-referrals"),
    path("results/", result_views.results, name="portal-results"),
    path("results/course/", result_views.course, name="portal-result-course"),
    path("results/<str:report_id>/", result_views.result, name="portal-result"),
    path("measurements/", reading_views.readings, name="portal-readings"),
    path("measurements/<str:group_id>/", reading_views.reading, name="portal-reading"),
    path("measurements/<str:group_id>/wrong/", reading_views.wrong, name="portal-reading-wrong"),
    path("notes/", note_views.notes, name="portal-notes"),
    path("notes/<str:note_id>/", note_views.note, name="portal-note"),
    path("notes/<str:note_id>/correct/", own_views.correct, name="portal-correct"),
    path("own/", own_views.overview, name="portal-own"),
    path("own/change/", own_views.change, name="portal-own-change"),
    path("own/people/new/", own_views.contact, name="portal-own-contact-new"),
    path("own/people/<str:contact_id>/", own_views.contact, name="portal-own-contact"),
    path(
        "own/people/<str:contact_id>/away/", own_views.contact_away, name="portal-own-contact-away"
    ),
    path("medicines/", medicine_views.medicines, name="portal-medicines"),
    path("medicines/renew/", medicine_views.renew, name="portal-medicines-renew"),
    path("letters/", letter_views.letters, name="portal-letters"),
    path("letters/<str:document_id>/", letter_views.letter, name="portal-letter"),
    path("letters/<str:document_id>/pdf/", letter_views.file, name="portal-letter-file"),
    path("messages/", message_views.conversations, name="portal-messages"),
    path("messages/new/", message_views.new, name="portal-message-new"),
    path("messages/<str:conversation_id>/", message_views.one, name="portal-message"),
    path("services/", service_views.own, name="portal-services"),
    path("services/new/", service_views.new, name="portal-apply"),
    path("appointments/", appointment_views.appointments, name="portal-appointments"),
    path("appointments/new/", appointment_views.new, name="portal-appointment-new"),
    path(
        "appointments/<str:appointment_id>/move/",
        appointment_views.move,
        name="portal-appointment-move",
    ),
    path(
        "appointments/<str:appointment_id>/cancel/",
        appointment_views.cancel,
        name="portal-appointment-cancel",
    ),
    path(
        "appointments/<str:appointment_id>/known/",
        appointment_views.known,
        name="portal-appointment-known",
    ),
]
