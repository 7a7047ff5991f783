"""The guard against writing into the wrong record: INV-44.

Each form about a patient carries her id. When it differs from that of the address, the page was
left open while another record was opened, and nothing is written for either.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

FIELD = "patient"
"""The hidden field that says whom a form was shown for."""


def is_another(request: HttpRequest, patient_id: str) -> bool:
    """Whether the form that was sent was shown for somebody else, or does not say for whom."""
    return request.POST.get(FIELD) != patient_id


def another_patient(request: HttpRequest, patient_id: str) -> HttpResponse:
    """Nothing was saved: which record the form belongs to, and the way to the one that is open."""
    return render(request, "clinic/another_patient.html", {"patient_id": patient_id}, status=409)


__all__ = ["FIELD", "another_patient", "is_another"]
