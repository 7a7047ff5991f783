"""Writing a referral: a draft, sending it, and changing what was sent."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from fellesjournal.access.sessions import Session
from fellesjournal.care.chart.clinical import Problem
from fellesjournal.care.chart.queries import BANNER, Chart, chart_of
from fellesjournal.care.citizens.queries import person_of
from fellesjournal.care.citizens.resources import Person
from fellesjournal.care.problems.codes import icpc2
from fellesjournal.care.referrals.actions import (
    Missing,
    NotYours,
    change_referral,
    draft_referral,
    send_referral,
)
from fellesjournal.care.referrals.limits import LIMITS
from fellesjournal.care.referrals.queries import Whole, referral_of
from fellesjournal.care.referrals.receivers import (
    CannotReceive,
    LeavesEntity,
    Receiver,
    matching,
    receivers,
)
from fellesjournal.care.referrals.states import NotPossible, State
from fellesjournal.fhir.issues import FhirError, PreconditionFailed
from fellesjournal.foundation.ui.forms import form_key
from fellesjournal.surfaces.clinic.access_views import with_banner
from fellesjournal.surfaces.clinic.of_patient import another_patient, is_another
from fellesjournal.surfaces.clinic.referral_forms import ReferralForm, written
from fellesjournal.surfaces.clinic.referral_views import unseen
from fellesjournal.surfaces.clinic.referral_words import INABILITIES, receiver_words
from fellesjournal.surfaces.clinic.signed_in import access_session, staff_only

_ALTERNATIVES = 5
_ICPC2 = re.compile(r"[A-Z]\d\d")


@require_http_methods(["GET", "POST"])
@staff_only
def new(request: HttpRequest, patient_id: str) -> HttpResponse:
    """Begin a referral from the chart; save it as a draft, or sign and send it."""
    session = access_session(request)
    try:
        person = person_of(session, patient_id)
    except FhirError as error:
        return unseen(request, patient_id, error)
    return _write(request, session, person, None)


@require_http_methods(["GET", "POST"])
@staff_only
def edit(request: HttpRequest, patient_id: str, referral_id: str) -> HttpResponse:
    """Go on with a draft, or change what was sent."""
    session = access_session(request)
    try:
        person = person_of(session, patient_id)
        whole = referral_of(session, patient_id, referral_id)
    except FhirError as error:
        return unseen(request, patient_id, error)
    if not (whole.referral.state is State.DRAFT or whole.referral.state.is_open):
        return redirect("referral", patient_id=patient_id, referral_id=referral_id)
    return _write(request, session, person, whole)


def _write(
    request: HttpRequest, session: Session, person: Person, whole: Whole | None
) -> HttpResponse:
    if request.method == "POST" and is_another(request, person.id):
        return another_patient(request, person.id)
    offered = receivers(session)
    begins = {"patient": person.id} if whole is None else written(whole.referral, whole.work)
    record = chart_of(session, person.id, only=["Condition", *BANNER])
    if request.method != "POST":
        form = ReferralForm(initial=begins, offered=offered)
        return _page(request, session, person, record, whole, form)
    form = ReferralForm(_posted(request, _problems(record)), offered=offered)
    if "instead" in request.POST or not form.is_valid():
        return _page(request, session, person, record, whole, form)
    if form.is_unmatched and not _by_script(request):
        more = _like(form, offered)
        return _page(request, session, person, record, whole, form, more)
    try:
        return _save(request, session, person, whole, form)
    except Missing as error:
        form.add_error(error.field, gettext("This must be filled in before it is sent."))
    except LeavesEntity:
        form.add_error(
            "leaves_entity",
            gettext(
                "Your own organisation has units that can take this referral in. Confirm that it"
                " is to leave the organisation."
            ),
        )
    except CannotReceive as error:
        return _page(request, session, person, record, whole, form, _blocked(form, error))
    except NotYours:
        form.add_error(None, gettext("This is for another unit or another profession."))
    except (NotPossible, PreconditionFailed):
        if _by_script(request):
            return JsonResponse({}, status=409)
        messages.warning(request, _changed())
        return _page(request, session, person, record, whole, _anew(form, begins), {"status": 409})
    return _page(request, session, person, record, whole, form)


def _save(
    request: HttpRequest, session: Session, person: Person, whole: Whole | None, form: ReferralForm
) -> HttpResponse:
    """As a draft, as a change of what was sent, or signed and sent."""
    referral = None if whole is None else whole.referral
    if referral is not None and referral.state is not State.DRAFT:
        change_referral(session, referral_id=referral.id, seen=form.seen, content=form.content)
        messages.success(request, gettext("Changed. The office sees that it was changed."))
        return redirect("referral", patient_id=person.id, referral_id=referral.id)
    chosen = form.cleaned_data["receiver"]
    same = {
        "patient": f"Patient/{person.id}",
        "content": form.content,
        "receiver": chosen,
        "draft": "" if referral is None else referral.id,
        "seen": form.seen.request,
        "form": form_key(request),
    }
    if "send" not in request.POST:
        saved = draft_referral(session, **same)
        if _by_script(request):
            return _saved(session, person, saved)
        messages.success(request, gettext("The draft is saved. It has not been sent."))
        return redirect("referral-edit", patient_id=person.id, referral_id=saved)
    if not chosen:
        raise Missing("receiver")
    sent = send_referral(session, leaves_entity=form.cleaned_data["leaves_entity"], **same)
    messages.success(request, gettext("The referral is signed, and with the office that assesses."))
    return redirect("referral", patient_id=person.id, referral_id=sent)


def _by_script(request: HttpRequest) -> bool:
    """Whether the page's script saves while somebody types."""
    return request.headers.get("Accept") == "application/json"


def _saved(session: Session, person: Person, draft: str) -> HttpResponse:
    """For the script: where the draft is, and in which version."""
    whole = referral_of(session, person.id, draft)
    return JsonResponse(
        {
            "patient": person.id,
            "address": reverse("referral-edit", args=[person.id, draft]),
            "version": whole.referral.version,
            "time": f"{timezone.localtime():%H:%M}",
        }
    )


def _like(form: ReferralForm, offered: Sequence[Receiver]) -> dict[str, Any]:
    """Nobody is chosen by part of a name: it is said, and those it fits are buttons to choose."""
    typed = form.receiver_words
    fits = [each for each in matching(offered, typed) if each.inability is None]
    if fits:
        said = gettext("“%(name)s” is only part of a name: choose which is meant.")
    else:
        said = gettext("No receiver's name holds “%(name)s”. Nobody is chosen.")
    form.add_error("receiver", said % {"name": typed})
    return {
        "alternatives": [(each.reference, receiver_words(each)) for each in fits[:_ALTERNATIVES]]
    }


def _blocked(form: ReferralForm, error: CannotReceive) -> dict[str, Any]:
    why = INABILITIES[error.inability] if error.inability is not None else ""
    form.add_error(
        "receiver",
        gettext("This receiver can't take the referral in: %(why)s Choose another.") % {"why": why},
    )
    nearest = error.alternatives[:_ALTERNATIVES]
    return {"alternatives": [(each.reference, receiver_words(each)) for each in nearest]}


def _page(
    request: HttpRequest,
    session: Session,
    person: Person,
    record: Chart,
    whole: Whole | None,
    form: ReferralForm,
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    referral = None if whole is None else whole.referral
    known = {"alternatives": (), **(more or {})}
    status = known.pop("status", 422 if form.errors else 200)
    return render(
        request,
        "clinic/referral_write.html",
        {
            **with_banner(session, person, record),
            "form": form,
            "referral": referral,
            "is_draft": referral is None or referral.state is State.DRAFT,
            "may_send": session.role in LIMITS.referrers,
            "asks_to_leave": "leaves_entity" in form.errors,
            "problems": _problems(record),
            "icpc2_known": bool(icpc2()),
            **known,
        },
        status=status,
    )  # fmt: skip


def _problems(record: Chart) -> list[Problem]:
    """What the patient has, to choose from."""
    return [each for each in record.problems if each.active]


def _posted(request: HttpRequest, problems: Sequence[Problem]) -> dict[str, Any]:
    """What was sent, with another receiver chosen instead, and the code of a known problem."""
    said: dict[str, Any] = request.POST.dict()
    if instead := said.get("instead"):
        said["receiver"] = instead
    if not said.get("diagnosis_code"):
        known = {each.text: each.code for each in problems if _ICPC2.fullmatch(each.code)}
        said["diagnosis_code"] = known.get(said.get("diagnosis", ""), "")
    return said


def _anew(form: ReferralForm, begins: Mapping[str, Any]) -> ReferralForm:
    """What was typed, under the versions that stand now."""
    versions = {name: begins.get(name, 0) for name in ("request_version", "task_version")}
    form.data = {**form.data, **versions}
    return form


def _changed() -> str:
    return gettext(
        "Somebody has changed this referral meanwhile, and nothing of yours was saved. What you"
        " typed is still here: compare it with the referral, then save again."
    )


__all__ = ["edit", "new"]
