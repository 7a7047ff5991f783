"""The medication list of a patient: read by all, changed by who prescribes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fellesjournal.access.sessions import Session
from fellesjournal.care.citizens.queries import person_of
from fellesjournal.care.citizens.resources import Person
from fellesjournal.care.medication.actions import may_prescribe, may_undo, stop, why_not
from fellesjournal.care.medication.queries import MedicationList, changes_of, list_of
from fellesjournal.care.medication.refusals import ListChanged, Refused
from fellesjournal.care.medication.rendering import line_of, told
from fellesjournal.care.medication.rendering import render as rendered
from fellesjournal.care.medication.renewals.actions import undo_renewal
from fellesjournal.fhir.issues import FhirError
from fellesjournal.foundation import clock
from fellesjournal.surfaces.clinic.access_views import closed, with_banner
from fellesjournal.surfaces.clinic.medicine_forms import StopForm, language
from fellesjournal.surfaces.clinic.medicine_news import marks, split_lately
from fellesjournal.surfaces.clinic.medicine_undo import forget_change
from fellesjournal.surfaces.clinic.medicine_wording import (
    REFUSALS,
    by_id,
    id_of,
    lines,
)
from fellesjournal.surfaces.clinic.of_patient import another_patient, is_another
from fellesjournal.surfaces.clinic.signed_in import access_session, signed_in, staff_only
from fellesjournal.surfaces.unseen import is_unseen


@require_GET
@staff_only
def medicines(request: HttpRequest, patient_id: str) -> HttpResponse:
    """The list as it stands, with its number, and how it came to be so."""
    session = access_session(request)
    person = patient(session, patient_id)
    if person is None:
        return closed(request, patient_id)
    found = list_of(session, patient_id)
    may = may_prescribe(session)
    shown = rendered(found, language())
    changes = told(changes_of(session, found), language()) if found.number else []
    changed = marks(changes, clock.today())
    lately, others = split_lately(changes, clock.today())
    return render(
        request,
        "clinic/medicines.html",
        {
            **with_banner(session, person),
            "list": shown,
            "rows": [
                (line, id_of(line.reference), changed.get(line.reference, ""))
                for line in shown.lines
            ],
            "reported": lines(found.reported, language()),
            "outside": lines(found.outside, language()),
            "lately": lately,
            "changes": others,
            "may_prescribe": may,
            "renewable": {id_of(e.reference) for e in found.medicines if why_not(e) is None},
            "may_undo": may_undo(session, found, found.by_reference),
        },
    )


@require_http_methods(["GET", "POST"])
@staff_only
def stopping(request: HttpRequest, patient_id: str, medicine_id: str) -> HttpResponse:
    """Stop a medicine, with the reason."""
    session = access_session(request)
    person = patient(session, patient_id)
    if person is None or not may_prescribe(session):
        return closed(request, patient_id)
    if request.method == "POST" and is_another(request, patient_id):
        return another_patient(request, patient_id)
    found = list_of(session, patient_id)
    line = by_id(found, medicine_id)
    if line is None:
        messages.info(request, str(REFUSALS["not-on-the-list"]))
        return redirect("medicines", patient_id=patient_id)
    initial = {"patient": patient_id, "seen": found.number, "medicine_seen": line.version}
    form = StopForm(request.POST) if request.method == "POST" else StopForm(initial=initial)
    context: dict[str, Any] = {"line": line_of(line, language()), "form": form}
    if form.is_valid():
        said = form.cleaned_data
        try:
            stop(
                session,
                patient=f"Patient/{patient_id}",
                medicine=line.reference,
                medicine_seen=said["medicine_seen"],
                code=said["code"],
                why=said["why"],
                seen=said["seen"],
                by_name=name_of(request),
            )
        except ListChanged as error:
            form.data = _with_numbers(request, found, line.version)
            context |= meanwhile(session, found, error.seen)
        except Refused as error:
            form.add_error("why", str(REFUSALS[error.code]))
        else:
            messages.success(request, gettext("Stopped: %(name)s") % {"name": line.name})
            return redirect("medicines", patient_id=patient_id)
    status = 200 if not form.is_bound else 409 if "meanwhile" in context else 422
    context |= with_banner(session, person)
    return render(request, "clinic/medicine_stop.html", context, status=status)


@staff_only
@require_POST
def undoing(request: HttpRequest, patient_id: str) -> HttpResponse:
    """Take back the last change, within ten seconds."""
    session = access_session(request)
    if patient(session, patient_id) is None:
        return closed(request, patient_id)
    if is_another(request, patient_id):
        return another_patient(request, patient_id)
    try:
        number = int(request.POST.get("seen", "0"))
        again = undo_renewal(
            session, patient=f"Patient/{patient_id}", number=number, by_name=name_of(request)
        )
    except Refused as error:
        messages.warning(request, str(REFUSALS[error.code]))
    except (ListChanged, ValueError):
        messages.warning(request, gettext("The list has been changed since: nothing was undone."))
    except FhirError as error:
        if not is_unseen(error) and error.status != 403:
            raise
        return closed(request, patient_id)
    else:
        forget_change(request)
        messages.success(request, gettext("Undone. The list is as it was, under a new number."))
        for request_id in again:
            messages.info(request, gettext("What the patient asked for waits for an answer again."))
            return redirect("renewal", patient_id=patient_id, request_id=request_id)
    return redirect("medicines", patient_id=patient_id)


def patient(session: Session, patient_id: str) -> Person | None:
    """Whose record it is; None when it may not be seen or is not there."""
    try:
        return person_of(session, patient_id)
    except FhirError as error:
        if is_unseen(error):
            return None
        raise


def name_of(request: HttpRequest) -> str:
    """Who is signed in, by name, for what she writes."""
    who = signed_in(request)
    return who.name if who else ""


def meanwhile(session: Session, now: MedicationList, seen: int) -> dict[str, Any]:
    """What the page says when somebody was first: who changed what since the number that was seen."""
    since = [each for each in changes_of(session, now) if each.number > seen]
    return {"meanwhile": told(since, language()), "list_now": now}


def _with_numbers(request: HttpRequest, now: MedicationList, version: int) -> QueryDict:
    """The form as filled in, now about the list as it stands."""
    data = request.POST.copy()
    data["seen"], data["medicine_seen"] = str(now.number), str(version)
    return data


__all__ = ["meanwhile", "medicines", "name_of", "patient", "stopping", "undoing"]
