"""The ward, and the stays of one patient: admitted, placed, ready for discharge or not."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fellesjournal.access.sessions import Session
from fellesjournal.care.citizens.queries import people
from fellesjournal.care.citizens.resources import Person
from fellesjournal.care.referrals.actions.case import NotYours
from fellesjournal.care.referrals.queries import Row as ReferralRow
from fellesjournal.care.referrals.queries import referrals_of, worklist
from fellesjournal.care.referrals.resources import Referral
from fellesjournal.care.referrals.states import NotPossible, State
from fellesjournal.care.stays import queries
from fellesjournal.care.stays.actions import (
    change_ready,
    mark_ready,
    take_back,
    withdraw_ready,
)
from fellesjournal.care.stays.actions import (
    place as place_patient,
)
from fellesjournal.care.stays.queries import Colleague, Due
from fellesjournal.care.stays.refusals import StayRefused
from fellesjournal.care.stays.resources import Stay
from fellesjournal.fhir.issues import FhirError, PreconditionFailed
from fellesjournal.foundation.ui.forms import form_key
from fellesjournal.surfaces.clinic.access_views import with_banner
from fellesjournal.surfaces.clinic.admitting import admit_to_ward
from fellesjournal.surfaces.clinic.navigation import IN_HOSPITAL
from fellesjournal.surfaces.clinic.of_patient import of_patient
from fellesjournal.surfaces.clinic.signed_in import access_session, signed_in, staff_only
from fellesjournal.surfaces.clinic.stay_forms import (
    AdmitForm,
    NotReadyForm,
    PlacingForm,
    ReadyForm,
    TakeBackForm,
    now_here,
    placing_initial,
)
from fellesjournal.surfaces.clinic.stay_words import ENDED_WITHOUT, REFUSALS
from fellesjournal.surfaces.unseen import is_unseen

_EXPECTED = (State.WAITING, State.CALLED_IN)


@dataclass(frozen=True, slots=True)
class Row:
    """A patient in the ward. ``person`` is None when the record is closed to who looks."""

    stay: Stay
    person: Person | None
    due: Due | None

    @property
    def patient_id(self) -> str:
        """The id in the address."""
        return self.stay.patient.partition("/")[2]


@require_GET
@staff_only
def ward(request: HttpRequest) -> HttpResponse:
    """The board of my ward: each who is in, as many as the heading says; then who is expected."""
    session = access_session(request)
    stays = queries.ward(session)
    owed = queries.summaries_owed(session)
    expected = _expected(session, stays)
    named = {each.patient for each in stays} | {each.patient for each in owed}
    named |= {row.work.patient for row in expected}
    ids = {each.partition("/")[2] for each in named}
    names = {f"Patient/{person.id}": person for person in people(session, sorted(ids))}
    due = queries.tasks_due(session, stays)
    return render(
        request,
        "clinic/ward.html",
        {
            "rows": [Row(each, names.get(each.patient), due.get(each.patient)) for each in stays],
            "ready": sum(each.ready is not None for each in stays),
            "expected": [(row, names.get(row.work.patient)) for row in expected],
            "owed": [(each, names.get(each.patient)) for each in owed],
        },
    )


def _expected(session: Session, stays: tuple[Stay, ...]) -> list[ReferralRow]:
    """Who is accepted and waits for this unit, and is not in."""
    here = {each.patient for each in stays}
    return [row for row in worklist(session).of(*_EXPECTED) if row.work.patient not in here]


@require_http_methods(["GET", "POST"])
@of_patient
def admit(request: HttpRequest, session: Session, person: Person) -> HttpResponse:
    """Admit a patient to my ward: planned by an accepted referral, or acute."""
    there = queries.open_stay(session, person.id)
    if there is not None and there.unit.reference == session.unit:
        return redirect("stay", patient_id=person.id, stay_id=there.id)
    colleagues, planned = queries.colleagues(session), _planned(session, person.id)
    if request.method != "POST":
        initial = _admission(session, person, planned, colleagues, request.GET.get("referral", ""))
        form = AdmitForm(colleagues, planned, initial=initial)
        return _admit(request, session, person, form, there)
    form = AdmitForm(colleagues, planned, request.POST)
    if not form.is_valid():
        return _admit(request, session, person, form, there, status=422)
    said = form.cleaned_data
    # a form with the present minute means now
    at = None if abs(said["came"] - now_here()) < timedelta(minutes=1) else said["came"]
    try:
        stay = admit_to_ward(
            session,
            patient=person.id,
            number=str(said["number"]),
            placing=form.placing,
            reason=said["reason"],
            referral=form.referral,
            at=at,
        )
    except StayRefused as refused:
        messages.warning(request, str(REFUSALS[refused.why]))
        there = queries.open_stay(session, person.id)
        return _admit(request, session, person, form, there, status=409)
    except (NotPossible, NotYours, PreconditionFailed):
        messages.warning(request, gettext("Somebody else has changed this meanwhile. Look again."))
        there = queries.open_stay(session, person.id)
        return _admit(request, session, person, form, there, status=409)
    except FhirError as error:
        return not_possible(request, session, person, error)
    messages.success(request, gettext("%(name)s is admitted.") % {"name": person.name})
    return redirect("stay", patient_id=person.id, stay_id=stay.id)


def _admission(
    session: Session,
    person: Person,
    planned: list[Referral],
    colleagues: tuple[queries.Colleague, ...],
    asked: str,
) -> dict[str, Any]:
    chosen = next((each for each in planned if each.id == asked), None)
    me = next((each for each in colleagues if each.reference == session.person), None)
    return {
        "patient": person.id,
        "number": str(uuid.uuid4()),
        "how": chosen.id if chosen else ("acute" if not planned else planned[0].id),
        "reason": (chosen.content.diagnosis or chosen.content.what) if chosen else "",
        "came": now_here(),
        **({me.role: me.reference} if me is not None else {}),
    }


def _planned(session: Session, patient_id: str) -> list[Referral]:
    """The accepted referrals of a patient that are this unit's to act on."""
    ids = {
        row.work.referral
        for row in worklist(session).of(*_EXPECTED)
        if row.work.patient == f"Patient/{patient_id}"
    }
    return [each for each in referrals_of(session, patient_id) if each.id in ids]


def _admit(
    request: HttpRequest,
    session: Session,
    person: Person,
    form: AdmitForm,
    there: Stay | None,
    status: int = 200,
) -> HttpResponse:
    return render(
        request,
        "clinic/admit.html",
        {
            **with_banner(session, person),
            "form": form,
            "elsewhere": there,
        },
        status=status,
    )


def _position(request: HttpRequest) -> str:
    """What she who is signed in works as today."""
    who = signed_in(request)
    return who.role if who else ""


@require_GET
@of_patient
def stays(request: HttpRequest, session: Session, person: Person) -> HttpResponse:
    """The stays of a patient; the one that goes on first."""
    found = queries.stays_of(session, person.id)
    context = {
        "here": [each for each in found if each.is_going_on],
        "past": [(each, ENDED_WITHOUT.get(each.ended_without)) for each in found
                 if not each.is_going_on],
        "may_admit": _position(request) in IN_HOSPITAL
        and all(each.unit.reference != session.unit for each in found if each.is_going_on),
    }  # fmt: skip
    return render(request, "clinic/stays.html", {**with_banner(session, person), **context})


@require_GET
@of_patient
def stay(request: HttpRequest, session: Session, person: Person, stay_id: str) -> HttpResponse:
    """One stay: where she lies, who answers, whether she is ready, and what can be done."""
    try:
        found = queries.stay_by(session, person.id, stay_id)
    except FhirError as error:
        return not_possible(request, session, person, error)
    return show_stay(request, session, person, found)


def show_stay(
    request: HttpRequest,
    session: Session,
    person: Person,
    found: Stay,
    *,
    status: int = 200,
    colleagues: Sequence[Colleague] | None = None,
    **bound: Any,
) -> HttpResponse:
    """The page of a stay; ``bound`` are forms that were filled in and refused, ``colleagues`` those
    of the unit where they have been read.
    """
    is_ours = found.unit.reference == session.unit
    given = {"patient": person.id, "version": found.version}
    notice = found.ready.notice if found.ready else ""
    context = {
        "stay": found,
        "is_ours": is_ours,
        "may_discharge": is_ours and session.role == "doctor",
        "summary": queries.summary_of_stay(session, found),
        "owed": queries.owed_of(session, found) is not None,
        "exception": ENDED_WITHOUT.get(found.ended_without, ""),
        "ready_form": ReadyForm(
            initial={**given, "notice": notice, "since": now_here()}, auto_id="ready_%s"
        ),
        "not_ready_form": NotReadyForm(initial={**given, "notice": notice}, auto_id="not_ready_%s"),
        "take_back_form": TakeBackForm(initial=given, auto_id="mistake_%s"),
    }
    if is_ours and found.is_going_on and "placing_form" not in bound:
        context["placing_form"] = PlacingForm(
            queries.colleagues(session) if colleagues is None else colleagues,
            initial=placing_initial(found),
            auto_id="placing_%s",
        )
    context |= bound
    context["bound"] = next(iter(bound.values()), None)
    return render(
        request, "clinic/stay.html", {**with_banner(session, person), **context}, status=status
    )


@require_POST
@of_patient
def ready(request: HttpRequest, session: Session, person: Person, stay_id: str) -> HttpResponse:
    """Ready for discharge; with a notice, another time of it."""
    form = ReadyForm(request.POST, auto_id="ready_%s")

    def do() -> str:
        said = form.cleaned_data
        at = None if said["since"] == now_here() else said["since"]
        if said["notice"]:
            change_ready(
                session, patient=person.id, stay_id=stay_id, notice=said["notice"],
                since=said["since"],
            )  # fmt: skip
            return gettext("The time is changed.")
        mark_ready(session, patient=person.id, stay_id=stay_id, since=at, form=form_key(request))
        return gettext("Marked as ready for discharge, with your name.")

    return _do(request, session, person, stay_id, form, do, "ready_form")


@require_POST
@of_patient
def not_ready(request: HttpRequest, session: Session, person: Person, stay_id: str) -> HttpResponse:
    """Not ready after all."""
    form = NotReadyForm(request.POST, auto_id="not_ready_%s")

    def do() -> str:
        said = form.cleaned_data
        withdraw_ready(
            session, patient=person.id, stay_id=stay_id, notice=said["notice"],
            words=said["words"],
        )  # fmt: skip
        return gettext("Withdrawn, with your name.")

    return _do(request, session, person, stay_id, form, do, "not_ready_form")


@require_POST
@of_patient
def place(request: HttpRequest, session: Session, person: Person, stay_id: str) -> HttpResponse:
    """Another bed, doctor or nurse."""
    colleagues = queries.colleagues(session)
    form = PlacingForm(colleagues, request.POST, auto_id="placing_%s")

    def do() -> str:
        place_patient(
            session, patient=person.id, stay_id=stay_id, seen=form.cleaned_data["version"],
            placing=form.placing,
        )  # fmt: skip
        return gettext("Saved.")

    return _do(request, session, person, stay_id, form, do, "placing_form", colleagues=colleagues)


@require_POST
@of_patient
def mistake(request: HttpRequest, session: Session, person: Person, stay_id: str) -> HttpResponse:
    """This stay was registered by mistake."""
    form = TakeBackForm(request.POST, auto_id="mistake_%s")

    def do() -> str:
        said = form.cleaned_data
        take_back(
            session, patient=person.id, stay_id=stay_id, seen=said["version"], words=said["words"]
        )
        return gettext("The stay is taken back. The history of the record keeps it.")

    return _do(request, session, person, stay_id, form, do, "take_back_form", then="ward")


def _do(
    request: HttpRequest,
    session: Session,
    person: Person,
    stay_id: str,
    form: Any,
    act: Callable[[], str],
    name: str,
    then: str = "stay",
    colleagues: Sequence[Colleague] | None = None,
) -> HttpResponse:
    """Carry out a step of a stay; refused, the page again with what was typed."""
    try:
        if not form.is_valid():
            found = queries.stay_by(session, person.id, stay_id)
            return show_stay(request, session, person, found, status=422, **{name: form})
        messages.success(request, act())
    except StayRefused as refused:
        messages.warning(request, str(REFUSALS[refused.why]))
        found = queries.stay_by(session, person.id, stay_id)
        return show_stay(request, session, person, found, status=409, colleagues=colleagues)
    except PreconditionFailed:
        messages.warning(request, gettext("Somebody else has changed this meanwhile. Look again."))
        found = queries.stay_by(session, person.id, stay_id)
        return show_stay(request, session, person, found, status=409, colleagues=colleagues)
    except FhirError as error:
        return not_possible(request, session, person, error)
    return redirect("ward") if then == "ward" else redirect(
        "stay", patient_id=person.id, stay_id=stay_id
    )  # fmt: skip


def not_possible(
    request: HttpRequest, session: Session, person: Person, error: FhirError
) -> HttpResponse:
    """A stay that is not there, or that this role may not write."""
    unseen = is_unseen(error)
    return render(
        request,
        "clinic/stay_not_possible.html",
        {**with_banner(session, person), "is_unseen": unseen},
        status=404 if unseen else error.status,
    )


__all__ = [
    "admit", "mistake", "not_possible", "not_ready", "place", "ready", "show_stay", "stay", "stays",
    "ward",
]  # fmt: skip
