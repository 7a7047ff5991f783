"""Reconciliation: the list before the stay, what the stay did to it, and each line decided."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from fellesjournal.access.sessions import Session
from fellesjournal.care.citizens.resources import Person
from fellesjournal.care.medication.actions import Answers, may_prescribe, reconcile
from fellesjournal.care.medication.formulary import ITEMS
from fellesjournal.care.medication.refusals import ListChanged, Refused, Unconfirmed
from fellesjournal.care.medication.rendering import line_of
from fellesjournal.care.medication.resources import STOP_REASONS
from fellesjournal.care.medication.stays import Across, Row, across
from fellesjournal.surfaces.clinic.access_views import closed, with_banner
from fellesjournal.surfaces.clinic.medicine_forms import STOP_WORDS, language
from fellesjournal.surfaces.clinic.medicine_views import meanwhile, name_of, patient
from fellesjournal.surfaces.clinic.medicine_wording import (
    REFUSALS,
    alert_row,
    id_of,
    stop_row,
)
from fellesjournal.surfaces.clinic.of_patient import another_patient, is_another
from fellesjournal.surfaces.clinic.reconcile_forms import (
    NEW_LINES,
    Filled,
    FilledNew,
    Proposal,
    proposal_of,
)
from fellesjournal.surfaces.clinic.signed_in import access_session, staff_only


@require_http_methods(["GET", "POST"])
@staff_only
def reconciling(request: HttpRequest, patient_id: str) -> HttpResponse:
    """Decide each line; see the list it makes; confirm. ``?encounter=`` chooses the stay."""
    session = access_session(request)
    person = patient(session, patient_id)
    if person is None or not may_prescribe(session):
        return closed(request, patient_id)
    if request.method == "POST" and is_another(request, patient_id):
        return another_patient(request, patient_id)
    asked = request.POST if request.method == "POST" else request.GET
    chosen = asked.get("encounter", "").removeprefix("Encounter/")
    found = across(session, patient_id, f"Encounter/{chosen}" if chosen else "")
    if request.method == "GET":
        return _page(request, session, person, found, None)
    proposal = proposal_of(request.POST, found.now)
    if request.POST.get("seen") != str(found.now.number):
        seen = int(request.POST.get("seen", "0")) if request.POST.get("seen", "").isdecimal() else 0
        told = meanwhile(session, found.now, seen)
        return _page(request, session, person, found, proposal, status=409, **told)
    if not proposal.is_valid:
        return _page(request, session, person, found, proposal, status=422)
    if request.POST.get("shown") != proposal.fingerprint:
        return _page(request, session, person, found, proposal, is_shown=True)
    return _carried_out(request, session, person, found, proposal)


def _carried_out(
    request: HttpRequest, session: Session, person: Person, found: Across, proposal: Proposal
) -> HttpResponse:
    reason = request.POST.get("override", "").strip()
    answers = Answers(
        frozenset(request.POST.getlist("confirm")),
        {each: reason for each in request.POST.getlist("alert") if reason},
    )
    try:
        done = reconcile(
            session,
            patient=f"Patient/{person.id}",
            decided=proposal.decided,
            new=proposal.orders,
            encounter=found.stay.reference if found.stay else "",
            seen=found.now.number,
            by_name=name_of(request),
            answers=answers,
        )
    except Unconfirmed as error:
        return _page(
            request, session, person, found, proposal, status=422, is_shown=True,
            stops=[stop_row(each) for each in error.stops],
            to_answer=[alert_row(each) for each in error.alerts],
        )  # fmt: skip
    except ListChanged as error:
        told = meanwhile(session, across(session, person.id).now, error.seen)
        return _page(request, session, person, found, proposal, status=409, **told)
    except Refused as error:
        messages.warning(request, str(REFUSALS[error.code]))
        return _page(request, session, person, found, proposal, status=422)
    text = gettext("The list is reconciled. It has number %(number)s.")
    messages.success(request, text % {"number": done.number})
    return redirect("medicines", patient_id=person.id)


def _page(
    request: HttpRequest,
    session: Session,
    person: Person,
    found: Across,
    proposal: Proposal | None,
    *,
    status: int = 200,
    is_shown: bool = False,
    **more: Any,
) -> HttpResponse:
    filled = proposal.lines if proposal else {}
    new = proposal.new if proposal else [FilledNew() for _ in range(NEW_LINES)]
    context = {
        **with_banner(session, person),
        "across": found,
        "rows": [_row(row, filled) for row in found.rows],
        "new": list(enumerate(new)),
        "items": ITEMS.values(),
        "codes": [(code, STOP_WORDS.get(code, name)) for code, name in STOP_REASONS.items()],
        "proposal": proposal,
        "shown": proposal.fingerprint if proposal and is_shown else "",
        **more,
    }
    return render(request, "clinic/medicines_reconcile.html", context, status=status)


def _row(row: Row, filled: dict[str, Filled]) -> dict[str, Any]:
    now = row.now
    return {
        "state": row.state,
        "before": line_of(row.before, language()) if row.before else None,
        "now": line_of(now, language()) if now else None,
        "why": row.before.why if row.before else "",
        "id": id_of(now.reference) if now else "",
        "version": now.version if now else 0,
        "filled": filled.get(now.reference, Filled()) if now else Filled(),
    }


__all__ = ["reconciling"]
