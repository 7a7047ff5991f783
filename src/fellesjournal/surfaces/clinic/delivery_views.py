"""What my unit has on its way, what it must print, what did not arrive, and what came to it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from fellesjournal.care.messages.actions import close_follow_up, post
from fellesjournal.care.messages.inside import acknowledge
from fellesjournal.care.messages.queries import desk_of
from fellesjournal.fhir.issues import FhirError
from fellesjournal.surfaces.clinic.letter_forms import FollowUpEnd
from fellesjournal.surfaces.clinic.signed_in import access_session, staff_only
from fellesjournal.surfaces.unseen import is_unseen


@require_GET
@staff_only
def deliveries(request: HttpRequest) -> HttpResponse:
    """The desk of my unit: each heading says how many, and all of them stand below it."""
    return _desk(request)


@require_POST
@staff_only
def posted(request: HttpRequest, task_id: str) -> HttpResponse:
    """I have put this into the post."""
    try:
        post(access_session(request), task_id)
    except FhirError as error:
        return _refused(request, error)
    messages.success(request, gettext("Noted as posted, with your name."))
    return redirect("deliveries")


@require_POST
@staff_only
def read(request: HttpRequest, task_id: str) -> HttpResponse:
    """I have read what came to us: the sender is told."""
    try:
        acknowledge(access_session(request), task_id)
    except FhirError as error:
        return _refused(request, error)
    messages.success(request, gettext("Noted as read. The sender is told."))
    return redirect("deliveries")


@require_POST
@staff_only
def end(request: HttpRequest, task_id: str) -> HttpResponse:
    """What did not arrive has been taken care of, and how."""
    form = FollowUpEnd(request.POST, prefix=task_id)
    if not form.is_valid():
        return _desk(request, wrong=(task_id, form))
    try:
        close_follow_up(
            access_session(request),
            task_id,
            outcome=form.cleaned_data["outcome"],
            words=form.cleaned_data["words"],
        )
    except FhirError as error:
        return _refused(request, error)
    messages.success(request, gettext("Ended, with your name and how."))
    return redirect("deliveries")


def _desk(request: HttpRequest, wrong: tuple[str, FollowUpEnd] | None = None) -> HttpResponse:
    session = access_session(request)
    desk = desk_of(session, session.unit)
    ends = [
        (item, wrong[1] if wrong and wrong[0] == item.task else FollowUpEnd(prefix=item.task))
        for item in desk.follow_ups
    ]
    return render(
        request,
        "clinic/deliveries.html",
        {"desk": desk, "ends": ends, "bound": wrong[1] if wrong else None},
        status=422 if wrong else 200,
    )


def _refused(request: HttpRequest, error: FhirError) -> HttpResponse:
    if is_unseen(error):
        return render(request, "clinic/not_found.html", status=404)
    messages.warning(request, gettext("Somebody else has changed this meanwhile. Look again."))
    return redirect("deliveries")


__all__ = ["deliveries", "end", "posted", "read"]
