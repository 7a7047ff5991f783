"""My letters: those I have not read first in sight, each as text and as a file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from fellesjournal.access.citizens import opens
from fellesjournal.access.policy.areas import Area
from fellesjournal.care.messages.actions import open_letter
from fellesjournal.care.messages.queries import letter_file, letters_of, new_letters
from fellesjournal.fhir.issues import FhirError
from fellesjournal.surfaces.portal.entering import in_helsami, open_session, page, part, refused


@require_GET
@in_helsami
@part(Area.DOCUMENTS)
def letters(request: HttpRequest) -> HttpResponse:
    """Every letter about her, newest first."""
    session = open_session(request)
    found = letters_of(session, session.subject.removeprefix("Patient/"))
    return page(
        request, "portal/letters.html", {"letters": found, "new": new_letters(session, found)}
    )


@require_GET
@in_helsami
@part(Area.DOCUMENTS)
def letter(request: HttpRequest, document_id: str) -> HttpResponse:
    """One letter; that it was opened is told to who sent it."""
    session = open_session(request)
    try:
        found = open_letter(session, document_id)
    except FhirError as error:
        return refused(request, error)
    may_ask = opens(session, Area.MESSAGES)
    return page(request, "portal/letter.html", {"letter": found, "may_ask": may_ask})


@require_GET
@in_helsami
@part(Area.DOCUMENTS)
def file(request: HttpRequest, document_id: str) -> HttpResponse:
    """The letter as PDF."""
    session = open_session(request)
    try:
        open_letter(session, document_id)
        found = letter_file(session, session.subject.removeprefix("Patient/"), document_id)
    except FhirError as error:
        return refused(request, error)
    response = HttpResponse(found, content_type="application/pdf")
    response["Cache-Control"] = "no-store"
    return response


__all__ = ["file", "letter", "letters"]
