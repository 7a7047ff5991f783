"""How a patient is reached and spoken with, and whom to turn to about her."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fellesjournal.access.sessions import Session
from fellesjournal.care.citizens.own import registered
from fellesjournal.care.citizens.resources import Person
from fellesjournal.surfaces.clinic.access_views import with_banner
from fellesjournal.surfaces.clinic.of_patient import of_patient
from fellesjournal.surfaces.registered_words import LANGUAGE_NAMES, relation


@require_GET
@of_patient
def contact(request: HttpRequest, session: Session, person: Person) -> HttpResponse:
    """Telephone, language, interpreter, how letters come, and the next of kin."""
    found = registered(session, f"Patient/{person.id}")
    return render(
        request,
        "clinic/contact.html",
        {
            **with_banner(session, person),
            "registered": found,
            "language_name": LANGUAGE_NAMES.get(found.language, found.person.language),
            "contacts": [(each, relation(each)) for each in found.contacts],
        },
    )


__all__ = ["contact"]
