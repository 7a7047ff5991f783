"""Addresses of reporting a problem."""

from __future__ import annotations

from django.urls import path

from fellesjournal.surfaces.support import views

urlpatterns = [
    path("report/", views.report, name="report-problem"),
    path("report/mine/", views.mine, name="my-reports"),
    path("report/mine/<int:report_number>/", views.one, name="my-report"),
]
