"""Home follow-up for staff: what awaits them, one patient's course, and what is agreed with her."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fellesjournal.access.policy.areas import Area
from fellesjournal.access.policy.roles import role_of
from fellesjournal.access.sessions import Session
from fellesjournal.access.staffing import ANSWERING_ROLES
from fellesjournal.care.citizens.resources import Person
from fellesjournal.care.remote_follow_up.actions import close_work, give_to
from fellesjournal.care.remote_follow_up.agreeing import (
    change_follow_up,
    end_follow_up,
    owners,
    start_follow_up,
)
from fellesjournal.care.remote_follow_up.plans import Plan
from fellesjournal.care.remote_follow_up.queries import Course, Row, course_of, due_now, worklist
from fellesjournal.care.remote_follow_up.refusals import FollowUpRefused
from fellesjournal.care.remote_follow_up.tasks import Kind, Outcome, Work
from fellesjournal.fhir.issues import Conflict, FhirError, NotAllowed, PreconditionFailed
from fellesjournal.surfaces.clinic.access_views import with_banner
from fellesjournal.surfaces.clinic.follow_up_forms import DoneForm, EndForm, TermsForm, terms_of
from fellesjournal.surfaces.clinic.follow_up_words import REFUSED, STANDING, WHY
from fellesjournal.surfaces.clinic.of_patient import of_patient
from fellesjournal.surfaces.clinic.signed_in import access_session, signed_in, staff_only
from fellesjournal.surfaces.own_readings import (
    agreed_line,
    agreed_lines,
    courses,
    measure_name,
    shown,
)
from fellesjournal.surfaces.unseen import is_unseen

_NEWEST = 40


@require_GET
@staff_only
def waiting(request: HttpRequest) -> HttpResponse:
    """Readings outside the limits, and those that did not come: hers first."""
    session = access_session(request)
    rows = worklist(session)
    is_leader = session.role not in ANSWERING_ROLES
    return render(
        request,
        "clinic/own_readings.html",
        {
            "mine": [_row(each) for each in rows if each.is_mine],
            "others": [_row(each) for each in rows if not each.is_mine],
            "is_leader": is_leader,
            "colleagues": owners(session) if is_leader and rows else [],
        },
    )


def _row(each: Row) -> dict[str, Any]:
    return {
        "row": each,
        "work": each.work,
        "reading": shown(each.reading) if each.reading else None,
        "what": measure_name(each.work.measure),
        "is_missing": each.work.kind is Kind.MISSING,
        "standing": STANDING[each.work.standing],
        "why": WHY[each.why],
    }


@require_POST
@staff_only
def give(request: HttpRequest, task_id: str) -> HttpResponse:
    """The leader gives a row to somebody at work."""
    said = request.POST
    try:
        give_to(
            access_session(request),
            task=task_id,
            seen=_version(said.get("version")),
            practitioner=said.get("to", ""),
        )
    except FollowUpRefused as error:
        messages.warning(request, str(REFUSED[error.code]))
    except PreconditionFailed:
        messages.warning(request, gettext("Somebody else has changed this meanwhile."))
    except FhirError as error:
        if not is_unseen(error):
            raise
        return render(request, "clinic/not_found.html", status=404)
    else:
        messages.success(request, gettext("Given on."))
    return redirect("own-readings")


@require_GET
@of_patient
def follow_up(request: HttpRequest, session: Session, person: Person) -> HttpResponse:
    """What is agreed, what waits, and the course; for those who see plans, which leaders don't."""
    role = role_of(session.role)
    if role is None or not any(Area.PLANS in areas for areas in role.see.values()):
        return render(request, "clinic/not_found.html", status=404)
    return _page(request, session, person)


@require_POST
@of_patient
def done(request: HttpRequest, session: Session, person: Person) -> HttpResponse:
    """Say what is done about the rows that are ticked; back to the patient while more wait."""
    form = DoneForm(request.POST)
    if not form.is_valid():
        return _page(request, session, person, done=form)
    who = signed_in(request)
    assert who is not None  # staff only
    tasks = [each.partition(":") for each in request.POST.getlist("task")]
    try:
        close_work(
            session,
            patient=f"Patient/{person.id}",
            tasks=[(task, _version(version)) for task, _colon, version in tasks],
            outcome=Outcome(form.cleaned_data["outcome"]),
            words=form.cleaned_data["words"],
            by_name=who.name,
        )
    except FollowUpRefused as error:
        form.add_error(None, str(REFUSED[error.code]))
        return _page(request, session, person, done=form)
    except PreconditionFailed:
        form.add_error(
            None,
            gettext("Nothing was closed: something has changed since the page was opened."),
        )
        return _page(request, session, person, done=form, status=409)
    except FhirError as error:
        return _refused(request, error)
    messages.success(request, _closed(person, len(tasks)))
    if course_of(session, f"Patient/{person.id}").work:
        return redirect("home-follow-up", patient_id=person.id)
    return redirect("own-readings")


def _closed(person: Person, count: int) -> SafeString:
    """The receipt, with the way back to the patient."""
    words = ngettext(
        "%(n)s measurement closed:", "%(n)s measurements closed:", count
    ) % {"n": count}  # fmt: skip
    address = reverse("home-follow-up", args=[person.id])
    return format_html('{} <a class="ds-link" href="{}">{}</a>', words, address, person.name)


@require_http_methods(["GET", "POST"])
@of_patient
def start(request: HttpRequest, session: Session, person: Person) -> HttpResponse:
    """Agree a follow-up."""
    form = TermsForm(owners(session), request.POST if request.method == "POST" else None)
    who = signed_in(request)
    assert who is not None  # staff only
    if request.method == "POST" and form.is_valid():
        try:
            start_follow_up(
                session, patient=f"Patient/{person.id}", terms=form.terms, by_name=who.name
            )
        except FollowUpRefused as error:
            _add(form, error)
        except Conflict:
            form.add_error(None, gettext("Your unit follows this patient already."))
        except FhirError as error:
            return _refused(request, error)
        else:
            messages.success(request, gettext("The follow-up has begun."))
            return redirect("home-follow-up", patient_id=person.id)
    return _terms_page(request, session, person, form, None)


@require_http_methods(["GET", "POST"])
@of_patient
def change(request: HttpRequest, session: Session, person: Person, plan_id: str) -> HttpResponse:
    """Agree otherwise."""
    plan = _own(session, person, plan_id)
    if plan is None:
        return render(request, "clinic/not_found.html", status=404)
    sent = request.POST if request.method == "POST" else None
    form = TermsForm(owners(session), sent, initial=terms_of(plan))
    if request.method == "POST" and form.is_valid():
        try:
            change_follow_up(
                session,
                patient=f"Patient/{person.id}",
                plan=plan_id,
                seen=_version(request.POST.get("version")),
                terms=form.terms,
            )
        except FollowUpRefused as error:
            _add(form, error)
        except (Conflict, PreconditionFailed):
            form.add_error(None, gettext("Somebody else has changed this meanwhile."))
        except FhirError as error:
            return _refused(request, error)
        else:
            messages.success(request, gettext("The follow-up is changed."))
            return redirect("home-follow-up", patient_id=person.id)
    return _terms_page(request, session, person, form, plan)


@require_POST
@of_patient
def end(request: HttpRequest, session: Session, person: Person, plan_id: str) -> HttpResponse:
    """End a follow-up; the citizen sees at once that nobody watches any more."""
    form = EndForm(request.POST)
    if not form.is_valid():
        return _page(request, session, person, ending=form)
    try:
        end_follow_up(
            session,
            patient=f"Patient/{person.id}",
            plan=plan_id,
            seen=_version(request.POST.get("version")),
            reason=form.cleaned_data["reason"],
        )
    except (Conflict, PreconditionFailed):
        form.add_error(None, gettext("Somebody else has changed this meanwhile."))
        return _page(request, session, person, ending=form, status=409)
    except FhirError as error:
        return _refused(request, error)
    messages.success(request, gettext("The follow-up has ended."))
    return redirect("home-follow-up", patient_id=person.id)


def _own(session: Session, person: Person, plan_id: str) -> Plan | None:
    found = course_of(session, f"Patient/{person.id}").plans
    return next((each for each in found if each.id == plan_id and each.unit == session.unit), None)


def _page(
    request: HttpRequest,
    session: Session,
    person: Person,
    *,
    done: DoneForm | None = None,
    ending: EndForm | None = None,
    status: int = 0,
) -> HttpResponse:
    course = course_of(session, f"Patient/{person.id}")
    today = course.ongoing
    bound = done or ending
    return render(
        request,
        "clinic/home_follow_up.html",
        {
            **with_banner(session, person),
            "plans": [_plan(session, each) for each in today],
            "over": [each for each in course.plans if each not in today],
            "may_start": _may(session) and all(each.unit != session.unit for each in today),
            "due": [(agreed_line(each.agreed), each) for each in due_now(course)],
            "work": _work(course, request.POST.getlist("task")),
            "may_close": _may(session),
            "done": done or DoneForm(),
            "ending": ending or EndForm(),
            "bound": bound,
            "courses": courses(course),
            "newest": [shown(each) for each in course.readings[:_NEWEST]],
        },
        status=status or (422 if bound else 200),
    )


def _plan(session: Session, plan: Plan) -> dict[str, Any]:
    is_own = plan.unit == session.unit and _may(session)
    return {"plan": plan, "lines": agreed_lines(plan), "is_own": is_own}


def _work(course: Course, ticked: list[str]) -> list[dict[str, Any]]:
    """What waits, oldest first; a single row is ticked, of several those that were: what nobody
    has looked at is not closed along with the rest.
    """
    by_id = {f"Observation/{each.id}": each for each in course.readings}
    return [
        {
            "work": each,
            "reading": shown(by_id[each.focus]) if each.focus in by_id else None,
            "is_missing": each.kind is Kind.MISSING,
            "what": measure_name(each.measure),
            "standing": STANDING[each.standing],
            "is_chosen": len(course.work) == 1 or f"{each.id}:{each.version}" in ticked,
        }
        for each in sorted(course.work, key=_oldest)
    ]


def _oldest(each: Work) -> tuple[float, str]:
    return each.since.timestamp() if each.since else 0.0, each.id


def _terms_page(
    request: HttpRequest, session: Session, person: Person, form: TermsForm, plan: Plan | None
) -> HttpResponse:
    if not _may(session):
        messages.warning(request, gettext("Your role does not follow patients at home."))
        return redirect("home-follow-up", patient_id=person.id)
    return render(
        request,
        "clinic/home_follow_up_terms.html",
        {**with_banner(session, person), "form": form, "plan": plan},
        status=422 if form.errors else 200,
    )


def _may(session: Session) -> bool:
    return session.role in ANSWERING_ROLES


def _add(form: Form, error: FollowUpRefused) -> None:
    form.add_error(error.field if error.field in form.fields else None, str(REFUSED[error.code]))


def _refused(request: HttpRequest, error: FhirError) -> HttpResponse:
    if isinstance(error, NotAllowed) or is_unseen(error):
        return render(request, "clinic/not_found.html", status=404)
    raise error


def _version(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else 0


__all__ = ["change", "done", "end", "follow_up", "give", "start", "waiting"]
