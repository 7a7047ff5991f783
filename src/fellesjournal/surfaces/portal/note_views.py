"""Visit summaries and notes: what those who treated her wrote and signed, as 9603 lets her see."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from fellesjournal.access.citizens import opens
from fellesjournal.access.policy.areas import Area
from fellesjournal.care.notes.queries import signed_note, signed_notes
from fellesjournal.care.notes.resources import ADDENDUM, CORRECTION
from fellesjournal.fhir.issues import FhirError
from fellesjournal.surfaces.portal.entering import in_helsami, open_session, page, part, refused

# A citizen's words for the parts of a note; others keep the titles they were written with.
_HEADINGS: Mapping[str, Promise] = {
    "reason": _("Why you were seen"),
    "findings": _("What was found"),
    "assessment": _("Assessment"),
    "diagnosis": _("Diagnosis"),
    "plan": _("What happens next"),
    ADDENDUM: _("Added later"),
    CORRECTION: _("Corrected later"),
}


@require_GET
@in_helsami
@part(Area.DOCUMENTS)
def notes(request: HttpRequest) -> HttpResponse:
    """Every signed note she may see, newest first."""
    return page(request, "portal/notes.html", {"notes": signed_notes(open_session(request))})


@require_GET
@in_helsami
@part(Area.DOCUMENTS)
def note(request: HttpRequest, note_id: str) -> HttpResponse:
    """One note, with what was added to it later."""
    session = open_session(request)
    try:
        found = signed_note(session, note_id)
    except FhirError as error:
        return refused(request, error)
    context = {
        "note": found,
        "may_ask": opens(session, Area.MESSAGES),
        "sections": [(_HEADINGS.get(each.key, each.title), each.text) for each in found.sections],
        "additions": [(each, _HEADINGS.get(each.kind, each.kind)) for each in found.additions],
    }
    return page(request, "portal/note.html", context)


__all__ = ["note", "notes"]
