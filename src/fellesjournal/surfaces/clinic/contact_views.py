"""How a patient is reached and spoken with, and whom to turn to about her."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fellesjournal.care.citizens.gp import list_gp
from fellesjournal.care.citizens.own import registered
from fellesjournal.fhir.issues import FhirError
from fellesjournal.surfaces.clinic.access_views import closed, with_banner
from fellesjournal.surfaces.clinic.signed_in import access_session, staff_only
from fellesjournal.surfaces.registered_words import LANGUAGE_NAMES, relation
from fellesjournal.surfaces.unseen import is_unseen


@require_GET
@staff_only
def contact(request: HttpRequest, patient_id: str) -> HttpResponse:
    """Telephone, language, interpreter, how letters come, the next of kin, and the list GP."""
    session = access_session(request)
    try:  # not through of_patient: what is registered says who she is, and is read once
        found = registered(session, f"Patient/{patient_id}")
    except FhirError as error:
        if not is_unseen(error):
            raise
        return closed(request, patient_id)
    return render(
        request,
        "clinic/contact.html",
        {
            **with_banner(session, found.person),
            "registered": found,
            "gp": list_gp(session, f"Patient/{patient_id}", found.gps),
            "language_name": LANGUAGE_NAMES.get(found.language, found.person.language),
            "contacts": [(each, relation(each)) for each in found.contacts],
        },
    )


__all__ = ["contact"]
