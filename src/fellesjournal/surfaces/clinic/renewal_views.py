"""Renewals: what awaits the office, a patient's request, and renewing from her list without one.

A renewal names the number of the list and the version of each line that stood on the page, so that
the same form sent again, or a colleague's, changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fellesjournal.access.sessions import Session
from fellesjournal.care.citizens.resources import Person
from fellesjournal.care.medication.actions import (
    Answers,
    check_renewal,
    may_prescribe,
    meet,
)
from fellesjournal.care.medication.queries import MedicationList, list_of
from fellesjournal.care.medication.refusals import ListChanged, Refused, Unconfirmed
from fellesjournal.care.medication.rendering import line_of
from fellesjournal.care.medication.renewals.actions import close_prescribed, decline, renew_lines
from fellesjournal.care.medication.renewals.queries import (
    open_lines,
    prescribed_already,
    queue,
    request_of,
    requests_of,
    task_about,
)
from fellesjournal.care.medication.renewals.resources import MOST_WORDS, Request
from fellesjournal.care.medication.renewals.tasks import RenewalTask
from fellesjournal.care.medication.resources import Person as Prescriber
from fellesjournal.fhir.issues import FhirError, PreconditionFailed
from fellesjournal.foundation.ui.forms import PlainForm
from fellesjournal.surfaces.clinic.access_views import closed
from fellesjournal.surfaces.clinic.dose_facts import beside_dose
from fellesjournal.surfaces.clinic.medicine_forms import language
from fellesjournal.surfaces.clinic.medicine_undo import (
    LatestChange,
    latest_change,
    remember_change,
)
from fellesjournal.surfaces.clinic.medicine_views import meanwhile, name_of
from fellesjournal.surfaces.clinic.medicine_wording import NOT_AT_PHARMACY, alert_row, stop_row
from fellesjournal.surfaces.clinic.of_patient import of_patient
from fellesjournal.surfaces.clinic.renewal_words import (
    REFUSED,
    chosen_in,
    queue_rows,
    rows_of_list,
    rows_of_request,
)
from fellesjournal.surfaces.clinic.signed_in import access_session, staff_only
from fellesjournal.surfaces.unseen import is_unseen


class RenewalForm(PlainForm):
    """The reason past alerts; the rest of the form is read by hand."""

    override = forms.CharField(label=_("Why it is given all the same"), required=False)


@dataclass(frozen=True, slots=True)
class _Page:
    """What a page of a renewal is about; ``request`` and ``task`` when the patient has asked."""

    http: HttpRequest
    session: Session
    person: Person
    request: Request | None = None
    task: RenewalTask | None = None

    @property
    def request_open(self) -> bool:
        """Whether something of the request awaits an answer."""
        return self.request is not None and bool(self.request.open_lines)

    @property
    def patient(self) -> str:
        return f"Patient/{self.person.id}"


@require_GET
@staff_only
def renewals(request: HttpRequest) -> HttpResponse:
    """What awaits her who is at work, and what awaits others at her unit."""
    rows = queue_rows(queue(access_session(request)))
    return render(
        request,
        "clinic/renewals.html",
        {
            "rows": rows,
            "undone_by": latest_change(request),
            "mine": [row for row in rows if row.waiting.is_mine],
            "others": [row for row in rows if not row.waiting.is_mine],
        },
    )


@require_http_methods(["GET", "POST"])
@of_patient
def renewing(request: HttpRequest, session: Session, person: Person) -> HttpResponse:
    """Renew lines of the list; one may be named in the address, and is ticked then."""
    if not may_prescribe(session):
        return closed(request, person.id)
    page = _Page(request, session, person)
    return _renewed(page) if request.method == "POST" else _shown(page)


@require_http_methods(["GET", "POST"])
@of_patient
def one(request: HttpRequest, session: Session, person: Person, request_id: str) -> HttpResponse:
    """A patient's request: what is asked for, ticked, to renew; or a reason why not."""
    try:
        page = _about(request, session, person, request_id)
    except FhirError as error:
        return _unseen(request, error)
    return _renewed(page) if request.method == "POST" else _shown(page)


@of_patient
@require_POST
def declining(
    request: HttpRequest, session: Session, person: Person, request_id: str
) -> HttpResponse:
    """Say no to what is left of a request; the patient reads the reason."""
    try:
        page = _about(request, session, person, request_id)
        decline(
            session,
            patient=page.patient,
            request=request_id,
            task_seen=_number(request, "task_seen"),
            words=request.POST.get("words", ""),
            by_name=name_of(request),
        )
    except Refused as error:
        problem = str(REFUSED[error.code])
        return _shown(page, status=422, decline_problem=problem)
    except PreconditionFailed:
        return _shown(page, status=409, is_changed=True)
    except FhirError as error:
        return _unseen(request, error)
    messages.success(
        request,
        gettext("Not renewed for %(name)s, who is told why: %(what)s")
        % {"name": person.name, "what": _names(page)},
    )
    return redirect("renewals")


@of_patient
@require_POST
def closing(
    request: HttpRequest, session: Session, person: Person, request_id: str
) -> HttpResponse:
    """What was changed after it was asked for is prescribed already: the request is answered so."""
    try:
        page = _about(request, session, person, request_id)
        close_prescribed(
            session,
            patient=page.patient,
            request=request_id,
            task_seen=_number(request, "task_seen"),
            by_name=name_of(request),
        )
    except Refused as error:
        return _shown(page, status=422, problem=str(REFUSED[error.code]))
    except PreconditionFailed:
        return _shown(page, status=409, is_changed=True)
    except FhirError as error:
        return _unseen(request, error)
    messages.success(
        request,
        gettext("Nothing is prescribed anew. %(name)s is told that it was prescribed already.")
        % {"name": person.name},
    )
    if _again(page).request_open:
        return redirect("renewal", patient_id=person.id, request_id=request_id)
    return redirect("renewals")


def _about(request: HttpRequest, session: Session, person: Person, request_id: str) -> _Page:
    """Raises NotFound."""
    found = request_of(session, f"Patient/{person.id}", request_id)
    return _Page(request, session, person, found, task_about(session, request_id))


def _names(page: _Page) -> str:
    """The medicines of what a request still asks for, as this session sees them."""
    now = list_of(page.session, page.person.id)
    asked = page.request.open_lines if page.request is not None else ()
    lines = (now.stands_for(each) or now.others.get(each) for each in asked)
    return ", ".join(line.name for line in lines if line is not None)


def _unseen(request: HttpRequest, error: FhirError) -> HttpResponse:
    if not is_unseen(error) and error.status != 403:
        raise error
    return render(request, "clinic/not_found.html", status=404)


def _renewed(page: _Page) -> HttpResponse:
    said = page.http.POST
    chosen = chosen_in(said.getlist("line"))
    reason = said.get("override", "").strip()
    shown = said.getlist("alert")
    answers = Answers(
        frozenset(said.getlist("confirm")), {each: reason for each in shown if reason}
    )
    try:
        renew_lines(
            page.session,
            patient=page.patient,
            lines=chosen,
            seen=_number(page.http, "seen"),
            by_name=name_of(page.http),
            answers=answers,
            task=page.task.id if page.task else "",
            task_seen=_number(page.http, "task_seen"),
        )
    except Unconfirmed:
        return _to_confirm(page, chosen, asked_before=bool(shown or "stopped" in said))
    except Refused as error:
        return _shown(page, status=422, problem=str(REFUSED[error.code]))
    except ListChanged as error:
        now = list_of(page.session, page.person.id)
        more = meanwhile(page.session, now, error.seen) if error.seen != now.number else {}
        return _shown(_again(page), status=409, is_changed=not more, **more)
    except PreconditionFailed:
        return _shown(_again(page), status=409, is_changed=True)
    except FhirError as error:
        return _unseen(page.http, error)
    return _told(page, chosen)


def _again(page: _Page) -> _Page:
    """The page as it stands now."""
    if page.request is None:
        return page
    return _about(page.http, page.session, page.person, page.request.id)


def _told(page: _Page, chosen: Mapping[str, int]) -> HttpResponse:
    """The receipt: each medicine with its dose, as it stands on the list now."""
    now = list_of(page.session, page.person.id)
    renewed = [line_of(e, language()) for e in now.medicines if e.prior in chosen]
    told = "; ".join(f"{each.name}: {each.dose}" for each in renewed)
    messages.success(
        page.http,
        gettext("Renewed for %(name)s: %(what)s") % {"name": page.person.name, "what": told}
        + f". {NOT_AT_PHARMACY}",
    )
    if page.request is None:
        return redirect("medicines", patient_id=page.person.id)
    remember_change(page.http, page.person.id, now.number)
    if _again(page).request_open:
        return redirect("renewal", patient_id=page.person.id, request_id=page.request.id)
    return redirect("renewals")


def _to_confirm(page: _Page, chosen: Mapping[str, int], *, asked_before: bool) -> HttpResponse:
    """What must be answered first, all of it; that it was shown is recorded (INV-22)."""
    now = list_of(page.session, page.person.id)
    by = Prescriber(page.session.person, name_of(page.http))
    found = check_renewal(page.session, now, chosen)
    for findings in found:
        if findings.blocking:
            meet(page.session, now, findings, by)
    return _shown(
        page,
        status=422 if asked_before else 200,
        stops=[stop_row(stop) for findings in found for stop in findings.stops],
        to_answer=[alert_row(alert) for findings in found for alert in findings.blocking],
        unanswered=asked_before,
    )


def _shown(page: _Page, *, status: int = 200, **more: Any) -> HttpResponse:
    now = list_of(page.session, page.person.id)
    chosen = _chosen(page, now)
    if page.request is None:
        waiting = open_lines(requests_of(page.session, page.patient))
        asked = {e.reference for e in now.medicines if not waiting.isdisjoint(now.before(e))}
        rows = rows_of_list(now, language(), chosen, asked)
    else:
        rows = rows_of_request(now, page.request, language(), chosen)
    may = may_prescribe(page.session)
    context = {
        **beside_dose(page.session, page.person, now),
        "rows": rows,
        "by_self": page.session.person,
        "may_undo": latest_change(page.http) == LatestChange(page.person.id, now.number),
        "seen": now.number,
        "asked": page.request,
        "task": page.task,
        "may_renew": may and any(row.value for row in rows),
        "may_decline": may and page.task is not None and page.task.is_open and page.request_open,
        "already": sorted(prescribed_already(now, page.request).values(), key=lambda e: e.name)
        if page.request is not None
        else [],
        "on_behalf": page.request is not None and page.request.sender != page.patient,
        "confirmed": page.http.POST.getlist("confirm"),
        "form": RenewalForm(page.http.POST or None),
        "words": page.http.POST.get("words", ""),
        "most": MOST_WORDS,
        **more,
    }
    return render(page.http, "clinic/medicine_renew.html", context, status=status)


def _chosen(page: _Page, now: MedicationList) -> set[str]:
    """What is ticked: what was, else all that is asked for, else the line of the address."""
    if page.http.method == "POST" and "line" in page.http.POST:
        return set(chosen_in(page.http.POST.getlist("line")))
    if page.request is not None:
        lines = (now.stands_for(each) for each in page.request.open_lines)
        already = {line.reference for line in prescribed_already(now, page.request).values()}
        return {line.reference for line in lines if line is not None} - already
    named = f"MedicationRequest/{page.http.GET.get('line', '')}"
    return {named} if now.of(named) else set()


def _number(request: HttpRequest, name: str) -> int:
    given = request.POST.get(name, "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else 0


__all__ = ["closing", "declining", "one", "renewals", "renewing"]
