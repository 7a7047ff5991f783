"""Addresses of administration, below /admin/; those of client programs are surfaces/oauth's."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from fellesjournal.surfaces.administration import operation_views, report_views, views


class DirectoryId(StringConverter):
    """The id of a unit, a role or a member of staff, as FHIR allows it."""

    regex = r"[A-Za-z0-9.\-]{1,64}"


register_converter(DirectoryId, "directory_id")

urlpatterns = [
    path("", views.front, name="administration"),
    path("units/", views.unit_tree, name="admin-units"),
    path("units/<directory_id:unit_id>/", views.unit, name="admin-unit"),
    path("units/<directory_id:unit_id>/new/", views.unit_new, name="admin-unit-new"),
    path("units/<directory_id:unit_id>/roles/new/", views.role_new, name="admin-role-new"),
    path("roles/review/", views.review, name="admin-review"),
    path("roles/<directory_id:role_id>/end/", views.role_end, name="admin-role-end"),
    path("staff/<directory_id:practitioner_id>/", report_views.staff, name="admin-staff"),
    path("operation/", operation_views.operation, name="admin-operation"),
    path("operation/retry/", operation_views.retry, name="admin-operation-retry"),
    path("operation/alerts/<int:alert_id>/", operation_views.alert, name="admin-operation-alert"),
    path("who-can-see/", report_views.patient, name="admin-patient"),
]
