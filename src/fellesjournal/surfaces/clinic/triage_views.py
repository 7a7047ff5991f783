"""The waiting room of the out-of-hours clinic, and one contact: triaged, taken, ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from fellesjournal.access.list_gp import gp_offices
from fellesjournal.access.sessions import Session
from fellesjournal.care.citizens.queries import people
from fellesjournal.care.citizens.resources import Person
from fellesjournal.care.triage import actions, queries
from fellesjournal.care.triage.codes import Urgency
from fellesjournal.care.triage.queries import Waiting
from fellesjournal.care.triage.refusals import ContactRefused
from fellesjournal.care.triage.resources import Contact, Triage
from fellesjournal.fhir.issues import FhirError, PreconditionFailed
from fellesjournal.foundation import clock
from fellesjournal.surfaces.clinic.access_views import with_banner
from fellesjournal.surfaces.clinic.of_patient import of_patient
from fellesjournal.surfaces.clinic.signed_in import access_session, staff_only
from fellesjournal.surfaces.clinic.triage_forms import OutcomeForm, StepForm, TakeForm, UrgencyForm
from fellesjournal.surfaces.clinic.triage_words import LEVELS, OUTCOMES, REFUSALS, WAYS
from fellesjournal.surfaces.unseen import is_unseen


@dataclass(frozen=True, slots=True)
class Level:
    """An urgency as it is shown: the code for its colour, a letter, a word."""

    code: str
    letter: str | Promise
    word: str | Promise


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody on the board. ``person`` is None when the record is closed to who looks."""

    waiting: Waiting
    person: Person | None
    level: Level
    way: str | Promise

    @property
    def contact(self) -> Contact:
        """The contact."""
        return self.waiting.contact

    @property
    def patient_id(self) -> str:
        """The id in the address."""
        return self.contact.patient.partition("/")[2]


@require_GET
@staff_only
def board(request: HttpRequest) -> HttpResponse:
    """Everybody at my clinic whose contact nobody has ended, as many as the heading says."""
    session = access_session(request)
    found = queries.board(session)
    rows = [*found.waiting, *found.taken]
    known = {each.contact.patient for each in rows if not each.contact.is_closed}
    ids = sorted(each.partition("/")[2] for each in known)
    names = {f"Patient/{person.id}": person for person in people(session, ids)}
    context = {
        "waiting": [_row(each, names) for each in found.waiting],
        "taken": [_row(each, names) for each in found.taken],
        "board": found,
        "now": clock.now(),
        "levels": [(_level(each), found.scale.limit(each)) for each in found.scale.levels],
    }
    return render(request, "clinic/triage_board.html", context)


def _row(waiting: Waiting, names: dict[str, Person]) -> Row:
    contact = waiting.contact
    return Row(waiting, names.get(contact.patient), _level(contact.urgency), WAYS[contact.way])


def _level(urgency: Urgency) -> Level:
    return Level(urgency.value or "unset", *LEVELS[urgency])


@require_GET
@of_patient
def contact(
    request: HttpRequest, session: Session, person: Person, contact_id: str
) -> HttpResponse:
    """One contact: how urgent, who answers, what each triage found, and what can be done."""
    try:
        found = queries.contact_by(session, person.id, contact_id)
    except FhirError as error:
        return _not_possible(request, session, person, error)
    return _show(request, session, person, found)


def _show(
    request: HttpRequest, session: Session, person: Person, found: Contact, *, status: int = 200,
    **bound: Any,
) -> HttpResponse:  # fmt: skip
    """The page of a contact; ``bound`` is a form that was filled in and refused."""
    scale = queries.scale_at(session, found.unit.reference)
    waiting = queries.waiting(session, found, scale)
    given = {"patient": person.id, "version": found.version, "urgency": found.urgency.value}
    is_mine = found.is_taken and found.owner.reference == session.person
    context = {
        "contact": found,
        "waiting": waiting,
        "level": _level(found.urgency),
        "way": WAYS[found.way],
        "outcome": OUTCOMES.get(found.outcome, ""),
        "is_ours": found.unit.reference == session.unit,
        "is_mine": is_mine,
        "has_gp": bool(gp_offices(session, found.patient)),
        "triages": [_told(each) for each in queries.triages_of(session, found)],
        "urgency_form": UrgencyForm(scale, initial=given, auto_id="urgency_%s"),
        "outcome_form": OutcomeForm(
            initial={"patient": person.id, "version": found.version}, auto_id="outcome_%s"
        ),
        **bound,
        "bound": next(iter(bound.values()), None),
    }
    return render(
        request,
        "clinic/triage_contact.html",
        {**with_banner(session, person), **context},
        status=status,
    )


def _told(triage: Triage) -> tuple[Triage, Level]:
    return triage, _level(triage.urgency)


@require_POST
@of_patient
def arrived(
    request: HttpRequest, session: Session, person: Person, contact_id: str
) -> HttpResponse:
    """She who was expected is here."""

    def do() -> str:
        actions.arrive(session, patient=person.id, contact_id=contact_id)
        return gettext("Marked as here. Triage again.")

    return _do(request, session, person, contact_id, StepForm(request.POST), do)


@require_POST
@of_patient
def urgency(
    request: HttpRequest, session: Session, person: Person, contact_id: str
) -> HttpResponse:
    """How urgent it is now."""
    scale = queries.scale_at(session, session.unit)
    form = UrgencyForm(scale, request.POST, auto_id="urgency_%s")

    def do() -> str:
        said = form.cleaned_data
        actions.set_urgency(
            session, patient=person.id, contact_id=contact_id, seen=said["version"],
            urgency=Urgency(said["urgency"]), words=said["words"],
        )  # fmt: skip
        return gettext("The urgency is set, with your name and the time.")

    return _do(request, session, person, contact_id, form, do, "urgency_form", then="triage-board")


@require_POST
@of_patient
def take(request: HttpRequest, session: Session, person: Person, contact_id: str) -> HttpResponse:
    """She is mine now; or a colleague's, who was first."""
    form = TakeForm(request.POST)

    def do() -> str:
        actions.take(
            session, patient=person.id, contact_id=contact_id,
            instead_of=form.cleaned_data["instead_of"],
        )  # fmt: skip
        return gettext("You have taken the patient.")

    return _do(request, session, person, contact_id, form, do)


@require_POST
@of_patient
def back(request: HttpRequest, session: Session, person: Person, contact_id: str) -> HttpResponse:
    """Nobody sees to her any more: she waits again."""

    def do() -> str:
        actions.hand_back(session, patient=person.id, contact_id=contact_id)
        return gettext("The patient waits again, and the clinic answers.")

    return _do(request, session, person, contact_id, StepForm(request.POST), do)


@require_POST
@of_patient
def end(request: HttpRequest, session: Session, person: Person, contact_id: str) -> HttpResponse:
    """How it ended; then she leaves the board."""
    form = OutcomeForm(request.POST, auto_id="outcome_%s")

    def do() -> str:
        said = form.cleaned_data
        over = actions.end(
            session, patient=person.id, contact_id=contact_id, seen=said["version"],
            outcome=said["outcome"], words=said["words"],
        )  # fmt: skip
        if over.status == "entered-in-error":
            return gettext("The contact is taken back. The history of the record keeps it.")
        if gp_offices(session, over.patient):
            return gettext("The contact is ended. The GP is told.")
        return gettext("The contact is ended. The patient has no GP here: nobody was told.")

    return _do(request, session, person, contact_id, form, do, "outcome_form", then="triage-board")


def _do(
    request: HttpRequest,
    session: Session,
    person: Person,
    contact_id: str,
    form: Any,
    act: Callable[[], str],
    name: str = "",
    then: str = "",
) -> HttpResponse:
    """Carry out a step of a contact; refused, the page again with what was typed."""
    bound = {name: form} if name else {}
    try:
        if not form.is_valid():
            found = queries.contact_by(session, person.id, contact_id)
            return _show(request, session, person, found, status=422, **bound)
        messages.success(request, act())
    except ContactRefused as refused:
        messages.warning(request, str(REFUSALS[refused.why]) % {"name": refused.who})
        found = queries.contact_by(session, person.id, contact_id)
        return _show(request, session, person, found, status=409)
    except PreconditionFailed:
        messages.warning(request, gettext("Somebody else has changed this meanwhile. Look again."))
        found = queries.contact_by(session, person.id, contact_id)
        return _show(request, session, person, found, status=409, **_anew(bound, found))
    except FhirError as error:
        return _not_possible(request, session, person, error)
    if then:
        return redirect(then)
    return redirect("triage-contact", patient_id=person.id, contact_id=contact_id)


def _anew(bound: dict[str, Any], found: Contact) -> dict[str, Any]:
    """What was typed, on the version that now stands: to be looked at, and sent again."""
    for form in bound.values():
        form.data = form.data.copy()
        form.data["version"] = str(found.version)
    return bound


def _not_possible(
    request: HttpRequest, session: Session, person: Person, error: FhirError
) -> HttpResponse:
    """A contact that is not there, or that this role may not write."""
    unseen = is_unseen(error)
    return render(
        request,
        "clinic/triage_not_possible.html",
        {**with_banner(session, person), "is_unseen": unseen},
        status=404 if unseen else error.status,
    )


__all__ = ["arrived", "back", "board", "contact", "end", "take", "urgency"]
