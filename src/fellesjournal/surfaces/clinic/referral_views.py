"""Referrals: the office's worklist, one's own, a patient's, and each step of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from fellesjournal.access.sessions import Session
from fellesjournal.care.citizens.queries import people, person_of
from fellesjournal.care.citizens.resources import Person
from fellesjournal.care.referrals.actions import Missing, NotYours
from fellesjournal.care.referrals.codes import QUESTION_TASK
from fellesjournal.care.referrals.limits import LIMITS
from fellesjournal.care.referrals.queries import (
    Row,
    Whole,
    appointments_for,
    my_drafts,
    referral_of,
    referrals_of,
    sent_by_my_unit,
    worklist,
)
from fellesjournal.care.referrals.states import NotPossible, State, Step, possible
from fellesjournal.fhir.issues import FhirError, PreconditionFailed
from fellesjournal.surfaces.clinic.access_views import closed, with_banner
from fellesjournal.surfaces.clinic.of_patient import another_patient, is_another
from fellesjournal.surfaces.clinic.referral_forms import about
from fellesjournal.surfaces.clinic.referral_steps import OFFERS, is_referrer
from fellesjournal.surfaces.clinic.referral_words import STATES, URGENCIES, state_words
from fellesjournal.surfaces.clinic.signed_in import access_session, staff_only
from fellesjournal.surfaces.unseen import is_unseen

_TABS = ("to-assess", "waiting", "called-in")


@require_GET
@staff_only
def office(request: HttpRequest) -> HttpResponse:
    """The open referrals of her unit by deadline; what is asked of it, and broken deadlines."""
    session = access_session(request)
    found = worklist(session)
    lists = dict(zip(_TABS, (found.to_assess, found.waiting, found.called_in), strict=True))
    shown = request.GET.get("show", "")
    chosen = shown if shown in _TABS else "to-assess"
    names = _people(session, found.rows)
    return render(
        request,
        "clinic/referral_office.html",
        {
            "chosen": chosen,
            "counts": {name.replace("-", "_"): len(rows) for name, rows in lists.items()},
            "rows": _rows(lists[chosen], names, _to_call(session, lists[chosen])),
            "questions": _rows(found.questions, names),
            "helfo": _rows(found.helfo, names),
        },
    )


@require_GET
@staff_only
def sent(request: HttpRequest) -> HttpResponse:
    """What her unit has referred and where each stands: her own drafts first, then what is asked
    about it, then what is late. A referral stands in one of the lists.
    """
    session = access_session(request)
    rows = sent_by_my_unit(session)
    questions = worklist(session).questions
    drafts = my_drafts(session)
    asked = {row.work.referral for row in questions}
    still = [row for row in rows if row.work.is_open and row.work.referral not in asked]
    names = _people(session, [*rows, *questions])
    ids = [each.patient.removeprefix("Patient/") for each in drafts]
    drafted = {person.id: person for person in people(session, ids)}
    return render(
        request,
        "clinic/referrals_sent.html",
        {
            "drafts": [(each, drafted.get(key)) for each, key in zip(drafts, ids, strict=True)],
            "questions": _rows(questions, names),
            "open": _rows(sorted(still, key=lambda row: not row.work.is_late), names),
            "closed": _rows([row for row in rows if not row.work.is_open], names),
        },
    )


@require_GET
@staff_only
def of_patient(request: HttpRequest, patient_id: str) -> HttpResponse:
    """All referrals of one patient, and where each stands."""
    session = access_session(request)
    try:
        person = person_of(session, patient_id)
    except FhirError as error:
        return unseen(request, patient_id, error)
    return render(
        request,
        "clinic/referrals_patient.html",
        {
            **with_banner(session, person),
            "referrals": [
                (each, STATES[each.state])
                for each in referrals_of(session, patient_id, drafts=True)
            ],
            "may_refer": session.role in LIMITS.referrers,
        },
    )


def referrals_panel(session: Session, patient_id: str) -> dict[str, Any]:
    """For the overview of a record: the open referrals and where each stands."""
    found = referrals_of(session, patient_id, open_only=True)
    return {"referrals": [(each, STATES[each.state]) for each in found]}


@require_GET
@staff_only
def one(request: HttpRequest, patient_id: str, referral_id: str) -> HttpResponse:
    """One referral: what it says, where it stands, and what can be done by whoever looks."""
    session = access_session(request)
    try:
        person = person_of(session, patient_id)
        whole = referral_of(session, patient_id, referral_id)
    except FhirError as error:
        return unseen(request, patient_id, error)
    if whole.referral.state is State.DRAFT:
        return redirect("referral-edit", patient_id=patient_id, referral_id=referral_id)
    return _page(request, session, person, whole)


@staff_only
@require_POST
def step(request: HttpRequest, patient_id: str, referral_id: str, step: str) -> HttpResponse:
    """Take a step; when it can't be taken the page comes back with what was typed."""
    session = access_session(request)
    if step not in OFFERS:
        raise Http404
    if is_another(request, patient_id):
        return another_patient(request, patient_id)
    try:
        person = person_of(session, patient_id)
        whole = referral_of(session, patient_id, referral_id)
    except FhirError as error:
        return unseen(request, patient_id, error)
    form = OFFERS[step].form(request.POST, auto_id=f"{step}-%s")
    if not form.is_valid():
        return _page(request, session, person, whole, {step: form}, status=422)
    try:
        OFFERS[step].act(session, referral_id, form)
    except Missing as error:
        form.add_error(OFFERS[step].field_of(error.field), gettext("This must be filled in."))
        return _page(request, session, person, whole, {step: form}, status=422)
    except NotYours:
        return _refused(request, person, session, whole, {step: form}, _not_yours())
    except (NotPossible, PreconditionFailed):
        return _refused(request, person, session, whole, {step: form}, _changed())
    messages.success(request, str(OFFERS[step].done))
    if OFFERS[step].leaves:
        return redirect("referrals")
    return redirect("referral", patient_id=patient_id, referral_id=referral_id)


def _refused(
    request: HttpRequest,
    person: Person,
    session: Session,
    whole: Whole,
    forms: Mapping[str, Form],
    words: str,
) -> HttpResponse:
    messages.warning(request, words)
    return _page(request, session, person, whole, forms, status=409)


def _page(
    request: HttpRequest,
    session: Session,
    person: Person,
    whole: Whole,
    forms: Mapping[str, Form] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    bound = dict(forms or {})
    initial = about(whole.referral, whole.work)
    for form in bound.values():
        # what was typed stays, under the versions that stand now
        form.data = {**form.data.dict(), **initial}  # type: ignore[attr-defined]  # posted: a QueryDict
    return render(
        request,
        "clinic/referral.html",
        {
            **with_banner(session, person),
            "referral": whole.referral,
            "work": whole.work,
            "appointment": whole.appointment,
            "questions": whole.questions,
            "helfo": whole.helfo,
            "state": state_words(whole.referral.state, whole.work),
            "urgency": URGENCIES.get(whole.referral.content.urgency, ""),
            "may_change": Step.CHANGE in possible(whole.referral.state)
            and is_referrer(session, whole),
            "steps": _offered(session, whole, initial, bound),
            "bound": next(iter(bound.values()), None),
        },
        status=status,
    )


def _offered(
    session: Session, whole: Whole, initial: dict[str, Any], bound: Mapping[str, Form]
) -> list[dict[str, Any]]:
    """The steps that whoever looks may take now, each with its form, the likeliest first."""
    offered: list[dict[str, Any]] = []
    now = possible(whole.referral.state)
    for name, known in OFFERS.items():
        is_possible = known.step in now if known.step else whole.helfo is not None
        if not is_possible or not known.is_for(session, whole):
            continue
        begins = {**initial, **known.begins_with(whole)}
        form = bound.get(name) or known.form(initial=begins, auto_id=f"{name}-%s")
        offered.append({"name": name, "title": known.title, "button": known.button, "form": form,
                        "is_open": (not offered and not known.folded) or name in bound})  # fmt: skip
    return offered


def unseen(request: HttpRequest, patient_id: str, error: FhirError) -> HttpResponse:
    """The same answer for what is not there and what may not be seen (INV-33)."""
    if is_unseen(error):
        return closed(request, patient_id)
    return render(request, "clinic/not_found.html", status=error.status)


def _changed() -> str:
    return gettext(
        "Somebody has changed this referral meanwhile, and nothing of yours was saved. Below is"
        " how it stands now, with what you typed."
    )


def _not_yours() -> str:
    return gettext("This step is for another unit or another profession. Nothing was saved.")


def _people(session: Session, rows: Sequence[Row]) -> Mapping[str, Person]:
    ids = list(dict.fromkeys(row.work.patient.removeprefix("Patient/") for row in rows))
    return {f"Patient/{person.id}": person for person in people(session, ids)}


def _to_call(session: Session, rows: Sequence[Row]) -> frozenset[str]:
    """The referrals (by id) whose patients must be called: it is not known that they know."""
    booked = appointments_for(session, [row.referral for row in rows if row.referral])
    return frozenset(key for key, each in booked.items() if each.must_call)


def _state(row: Row) -> str:
    """Where it stands; of a question, where the referral it is about stands."""
    if row.work.code == QUESTION_TASK and row.referral is not None:
        return state_words(row.referral.state, None)
    return state_words(row.work.state, row.work)


def _rows(
    rows: Sequence[Row], names: Mapping[str, Person], to_call: frozenset[str] = frozenset()
) -> list[dict[str, Any]]:
    return [
        {
            "work": row.work,
            "referral": row.referral,
            "person": names.get(row.work.patient),
            "patient_id": row.work.patient.removeprefix("Patient/"),
            "state": _state(row),
            "urgency": URGENCIES.get(row.work.urgency, ""),
            "must_call": row.work.referral in to_call,
        }
        for row in rows
    ]


__all__ = ["of_patient", "office", "one", "referrals_panel", "sent", "step", "unseen"]
