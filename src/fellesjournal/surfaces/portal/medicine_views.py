"""Medicines in HelsaMi: what she takes now, what has been changed, and why."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from fellesjournal.access.policy.areas import Area
from fellesjournal.care.medication.queries import changes_of, list_of
from fellesjournal.care.medication.rendering import line_of, render, told
from fellesjournal.fhir.dosage import LANGUAGES
from fellesjournal.surfaces.portal.entering import in_helsami, open_session, page, part


@require_GET
@in_helsami
@part(Area.MEDICATION)
def medicines(request: HttpRequest) -> HttpResponse:
    """The same list as those who treat her see, with its number."""
    session = open_session(request)
    language = next((e for e in LANGUAGES if (get_language() or "").startswith(e)), "nb")
    found = list_of(session, session.subject.removeprefix("Patient/"))
    changes = told(changes_of(session, found), language) if found.number else []
    return page(
        request,
        "portal/medicines.html",
        {
            "list": render(found, language),
            "changes": [each for each in changes if not _is_first(each.change.number)],
            "reported": [line_of(each, language) for each in found.reported],
        },
    )


def _is_first(number: int) -> bool:
    """The first number of a list has all as new: that is no change to tell of."""
    return number == 1


__all__ = ["medicines"]
