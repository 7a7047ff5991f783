"""Addresses of referrals."""

from __future__ import annotations

from django.urls import path

from fellesjournal.surfaces.clinic import referral_views, referral_writing

_ALL = "patients/<str:patient_id>/referrals/"
_ONE = f"{_ALL}<str:referral_id>/"

referral_urls = [
    path("referrals/", referral_views.office, name="referrals"),
    path("referrals/sent/", referral_views.sent, name="referrals-sent"),
    path(_ALL, referral_views.of_patient, name="patient-referrals"),
    path(f"{_ALL}new/", referral_writing.new, name="referral-new"),
    path(_ONE, referral_views.one, name="referral"),
    path(f"{_ONE}edit/", referral_writing.edit, name="referral-edit"),
    path(f"{_ONE}<slug:step>/", referral_views.step, name="referral-step"),
]

__all__ = ["referral_urls"]
