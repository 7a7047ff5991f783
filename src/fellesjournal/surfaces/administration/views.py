"""The first page, units, and the roles at them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from fellesjournal.access.directory import roles, units
from fellesjournal.access.directory.roles import Authorisation, BadGrant
from fellesjournal.access.policy.rules import Duty
from fellesjournal.fhir.issues import Conflict, FhirError, PreconditionFailed
from fellesjournal.foundation import clock
from fellesjournal.surfaces.administration.forms import EndForm, RoleForm, UnitForm, role_title
from fellesjournal.surfaces.duties import (
    FRESH_MINUTES,
    duties_of,
    for_duty,
    session_of,
)
from fellesjournal.surfaces.signing_in.signed_in import requires_step_up


def problem_text(code: str) -> str:
    """What is wrong with a role that was to be given, in the language of the page."""
    texts = {
        "no-number": gettext(
            "Write an HPR number (7 to 9 digits) or a national identity number (11 digits)."
        ),
        "unknown": gettext("Nobody in the directory has this number."),
        "ambiguous": gettext("The number belongs to more than one person in the directory."),
        "herself": gettext("Nobody gives herself a role: ask another administrator."),
        "unknown-role": gettext("There is no such role."),
        "not-authorised": gettext(
            "This role needs an authorisation (HPR) that the person does not have."
        ),
        "held-already": gettext("The person has this role here in that period already."),
        "before-start": gettext("The role would be over before it begins."),
        "too-long": gettext("A role is given for a year at most, and then looked at anew."),
    }
    return texts[code]


@require_GET
@for_duty(*Duty)
def front(request: HttpRequest) -> HttpResponse:
    """What one may do here, by the duties of today's role."""
    duties = {duty.name.lower(): True for duty in duties_of(request)}
    return render(request, "administration/front.html", {"duties": duties})


@require_GET
@for_duty(Duty.MANAGE_ROLES, Duty.MANAGE_UNITS)
def unit_tree(request: HttpRequest) -> HttpResponse:
    """One's own unit and all below it."""
    return render(request, "administration/units.html", {"units": units.tree(session_of(request))})


@require_GET
@for_duty(Duty.MANAGE_ROLES, Duty.MANAGE_UNITS)
def unit(request: HttpRequest, unit_id: str) -> HttpResponse:
    """One unit: who works there, in which role, since and until when."""
    session = session_of(request)
    found = units.unit(session, unit_id)
    today = clock.today()
    rows = [
        (each, role_title(each.code, each.title), _state(each))
        for each in roles.of_unit(session, found.reference)
    ]
    return render(
        request, "administration/unit.html", {"unit": found, "rows": rows, "today": today}
    )


@require_http_methods(["GET", "POST"])
@for_duty(Duty.MANAGE_UNITS)
@requires_step_up(FRESH_MINUTES)
def unit_new(request: HttpRequest, unit_id: str) -> HttpResponse:
    """Register a unit below this one."""
    session = session_of(request)
    parent = units.unit(session, unit_id)
    form = UnitForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = units.register_unit(
                session, parent=parent.reference, name=given["name"], kind=given["kind"],
                number=given["number"],
            )  # fmt: skip
        except Conflict:
            form.add_error("number", gettext("Another unit has this number."))
        else:
            return _done(request, made, gettext("The unit is registered."))
    return render(request, "administration/unit_new.html", {"form": form, "unit": parent})


@require_http_methods(["GET", "POST"])
@for_duty(Duty.MANAGE_ROLES)
@requires_step_up(FRESH_MINUTES)
def role_new(request: HttpRequest, unit_id: str) -> HttpResponse:
    """Give somebody a role at this unit."""
    session = session_of(request)
    found = units.unit(session, unit_id)
    form = RoleForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            roles.give(
                session, person=roles.person_with(session, given["number"]), unit=found,
                code=given["code"], starts=given["starts"], ends=given["ends"],
            )  # fmt: skip
        except BadGrant as refusal:
            form.add_error(refusal.field, problem_text(refusal.code))
        else:
            return _done(request, unit_id, gettext("The role is given."))
    return render(request, "administration/role_new.html", {"form": form, "unit": found})


@require_http_methods(["GET", "POST"])
@for_duty(Duty.MANAGE_ROLES)
@requires_step_up(FRESH_MINUTES)
def role_end(request: HttpRequest, role_id: str) -> HttpResponse:
    """End a role, now or on a day."""
    session = session_of(request)
    held = roles.authorisation(session, role_id)
    place = units.unit(session, held.unit.partition("/")[2])
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            roles.end(session, held, last_day=form.cleaned_data["last"])
        except (Conflict, PreconditionFailed):
            form.add_error(None, gettext("Somebody changed this role meanwhile. Look again."))
        except FhirError as refusal:
            if refusal.status != 403:
                raise
            form.add_error(None, gettext("Nobody ends or changes a role of her own."))
        else:
            return _done(request, place.id, gettext("The role ends."))
    context = {
        "form": form, "unit": place, "held": held, "title": role_title(held.code, held.title),
    }  # fmt: skip
    return render(request, "administration/role_end.html", context)


@require_GET
@for_duty(Duty.MANAGE_ROLES)
def review(request: HttpRequest) -> HttpResponse:
    """Roles that end soon, and roles that never end."""
    session = session_of(request)
    places = units.tree(session)
    names = {place.reference: place.name for place in places}
    soon, endless = roles.to_review(session, places)
    lists = [
        [
            (each, role_title(each.code, each.title), names.get(each.unit, each.unit))
            for each in part
        ]
        for part in (soon, endless)
    ]
    return render(
        request,
        "administration/review.html",
        {"soon": lists[0], "endless": lists[1], "days": roles.SOON.days},
    )


def _done(request: HttpRequest, unit_id: str, said: str) -> HttpResponse:
    """Back to the unit it was about, where it is said."""
    messages.success(request, said)
    return redirect("admin-unit", unit_id=unit_id)


def _state(held: Authorisation) -> str:
    today = clock.today()
    if held.is_over(today):
        return "over"
    return "now" if held.holds(today) else "later"
