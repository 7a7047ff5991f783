"""Who can see what, and why: of one member of staff, and of one citizen."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods

from fellesjournal.access.directory import reports, roles
from fellesjournal.access.directory.rules import is_within
from fellesjournal.access.policy.areas import Area
from fellesjournal.access.policy.kinds import MEANINGS, GroundKind
from fellesjournal.access.policy.roles import role_of
from fellesjournal.access.policy.rules import Duty
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation import clock
from fellesjournal.surfaces.administration.forms import PersonNumberForm, role_title
from fellesjournal.surfaces.duties import duties_of, for_duty, not_there, session_of
from fellesjournal.surfaces.oauth.wording import area_title


@require_GET
@for_duty(Duty.MANAGE_ROLES, Duty.REVIEW_ALL)
def staff(request: HttpRequest, practitioner_id: str) -> HttpResponse:
    """One member of staff: her roles, and how many records each opens, by kind of ground."""
    session = session_of(request)
    person = roles.person(session, practitioner_id)
    held = roles.of_person(session, person.reference)
    if Duty.REVIEW_ALL not in duties_of(request):
        # an administrator answers for her own units only
        held = [each for each in held if is_within(session.connection(), each.unit)]
        if not held:
            return not_there(request)
    today = clock.today()
    shown = []
    for each in held:
        counts = reports.counts_of(session, each.id) if each.holds(today) else []
        role = role_of(each.code)
        rows = [
            (ground_title(count.kind), count.patients, _areas(role.see.get(count.kind)))
            for count in counts
            if role is not None
        ]
        shown.append((each, role_title(each.code, each.title), each.holds(today), rows))
    return render(request, "administration/staff.html", {"person": person, "held": shown})


@require_http_methods(["GET", "POST"])
@for_duty(Duty.REVIEW_ALL)
def patient(request: HttpRequest) -> HttpResponse:
    """One citizen: everybody with a ground now. For the data protection officer."""
    form = PersonNumberForm(request.POST if request.method == "POST" else None)
    found = None
    if request.method == "POST" and form.is_valid():
        try:
            found = reports.reach_of(session_of(request), form.cleaned_data["number"])
        except NotFound:
            form.add_error("number", gettext("No citizen has this number."))
    rows = [(ground_title(each.kind), each) for each in found.grounds] if found else []
    return render(
        request, "administration/patient.html", {"form": form, "found": found, "rows": rows}
    )


def ground_title(kind: GroundKind) -> str:
    """What a ground is called in the language of the page."""
    titles = MEANINGS[kind].titles
    return titles.get(get_language() or "nb", titles["en"])


def _areas(areas: Area | None) -> list[str]:
    return [str(area_title(area)) for area in Area if areas and area & areas]
