"""Messages from citizens: the queue of the unit, and one conversation with its answer."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from fellesjournal.access.policy.roles import role_of
from fellesjournal.access.sessions import Session
from fellesjournal.care.citizens.resources import Person
from fellesjournal.care.conversations import actions
from fellesjournal.care.conversations.actions import MessageRefused
from fellesjournal.care.conversations.queries import (
    conversation,
    conversations,
    queue,
    task_about,
)
from fellesjournal.care.conversations.staffing import colleagues, may_answer
from fellesjournal.fhir.issues import FhirError, NotAllowed, PreconditionFailed
from fellesjournal.surfaces.clinic.access_views import with_banner
from fellesjournal.surfaces.clinic.message_words import (
    OUTCOMES,
    REFUSED,
    answer_to,
    queue_rows,
    said,
    standing,
)
from fellesjournal.surfaces.clinic.of_patient import of_patient
from fellesjournal.surfaces.clinic.signed_in import access_session, signed_in, staff_only
from fellesjournal.surfaces.unseen import is_unseen


@require_GET
@staff_only
def unit_queue(request: HttpRequest) -> HttpResponse:
    """What awaits an answer at the unit: those of her who is at work first."""
    session = access_session(request)
    rows = queue_rows(queue(session))
    reads = _may_answer(session)
    return render(
        request,
        "clinic/message_queue.html",
        {
            "rows": rows,
            "mine": [row for row in rows if row.waiting.is_mine],
            "others": [row for row in rows if not row.waiting.is_mine],
            "reads": reads,
            "colleagues": [] if reads else colleagues(session, session.unit),
        },
    )


@require_GET
@of_patient
def of_person(request: HttpRequest, session: Session, person: Person) -> HttpResponse:
    """All conversations of a patient, whichever unit they are with."""
    found = conversations(session, f"Patient/{person.id}")
    return render(
        request,
        "clinic/conversations.html",
        {**with_banner(session, person), "conversations": [(e, standing(e, None)) for e in found]},
    )


@require_GET
@of_patient
def one(
    request: HttpRequest, session: Session, person: Person, conversation_id: str
) -> HttpResponse:
    """One conversation, and what may be done with it."""
    return _page(request, session, person, conversation_id)


@of_patient
@require_POST
def answer(
    request: HttpRequest, session: Session, person: Person, conversation_id: str
) -> HttpResponse:
    """Answer; when somebody was quicker the words stay in the field, below what is new."""

    def do() -> None:
        actions.answer(
            session,
            patient=f"Patient/{person.id}",
            task=request.POST.get("task", ""),
            seen=_seen(request),
            words=request.POST.get("words", ""),
            key=_key(request),
            by_name=_name(request),
        )

    return _done(
        request,
        session,
        person,
        conversation_id,
        do,
        gettext("The answer is sent."),
        stays=True,  # where she reads what was sent
    )


@of_patient
@require_POST
def take(
    request: HttpRequest, session: Session, person: Person, conversation_id: str
) -> HttpResponse:
    """She who is at work takes it: the citizen sees who handles it."""

    def do() -> None:
        actions.take(
            session,
            patient=f"Patient/{person.id}",
            task=request.POST.get("task", ""),
            seen=_seen(request),
            by_name=_name(request),
        )

    return _done(request, session, person, conversation_id, do, gettext("It is yours now."))


@of_patient
@require_POST
def hand_over(
    request: HttpRequest, session: Session, person: Person, conversation_id: str
) -> HttpResponse:
    """To a colleague, or back to the unit."""

    def do() -> None:
        actions.hand_over(
            session,
            patient=f"Patient/{person.id}",
            task=request.POST.get("task", ""),
            seen=_seen(request),
            to=request.POST.get("to", ""),
        )

    return _done(request, session, person, conversation_id, do, gettext("It is handed over."))


@of_patient
@require_POST
def end(
    request: HttpRequest, session: Session, person: Person, conversation_id: str
) -> HttpResponse:
    """Close it without a written answer, with what came of it."""

    def do() -> None:
        actions.end(
            session,
            patient=f"Patient/{person.id}",
            task=request.POST.get("task", ""),
            seen=_seen(request),
            outcome=request.POST.get("outcome", ""),
            words=request.POST.get("closing", ""),
            by_name=_name(request),
        )

    return _done(
        request, session, person, conversation_id, do, gettext("The conversation is closed.")
    )


def _done(
    request: HttpRequest,
    session: Session,
    person: Person,
    conversation_id: str,
    do: Callable[[], None],
    told: str,
    *,
    stays: bool = False,
) -> HttpResponse:
    """Do it, and be where the work goes on; refused, the page says why and keeps what was typed."""
    try:
        do()
    except MessageRefused as error:
        if not _may_answer(session):
            notes.warning(request, str(REFUSED[error.code]))
            return redirect("message-queue")
        return _page(request, session, person, conversation_id, refused=error.code, status=422)
    except PreconditionFailed:
        if not _may_answer(session):
            notes.warning(request, gettext("Somebody else has changed this meanwhile. Look again."))
            return redirect("message-queue")
        return _page(request, session, person, conversation_id, refused="changed", status=409)
    except NotAllowed:
        notes.warning(request, gettext("It is another unit's to answer, or not your role's."))
        return redirect("conversation", patient_id=person.id, conversation_id=conversation_id)
    except FhirError as error:
        if not is_unseen(error):
            raise
        return render(request, "clinic/not_found.html", status=404)
    notes.success(request, told)
    if stays:
        return redirect("conversation", patient_id=person.id, conversation_id=conversation_id)
    return redirect("message-queue")


def _page(
    request: HttpRequest,
    session: Session,
    person: Person,
    conversation_id: str,
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    try:
        found = conversation(session, f"Patient/{person.id}", conversation_id)
    except FhirError as error:
        if not is_unseen(error):
            raise
        return render(request, "clinic/not_found.html", status=404)
    task = task_about(session, conversation_id)
    is_ours = task is not None and task.unit == session.unit and _may_answer(session)
    return render(
        request,
        "clinic/conversation.html",
        {
            **with_banner(session, person),
            "conversation": found,
            "said": said(found),
            "answer_to": answer_to(found, person.name),
            "standing": standing(found, task),
            "task": task,
            "is_ours": is_ours,
            "is_mine": task is not None and task.owner == session.person,
            "colleagues": _others(session) if is_ours else [],
            "outcomes": OUTCOMES,
            "refused": REFUSED.get(refused, ""),
            "wrong": refused,
            "is_changed": refused == "changed",
            "words": request.POST.get("words", ""),
            "closing": request.POST.get("closing", ""),
            "outcome": request.POST.get("outcome", ""),
            "key": _key(request),
        },
        status=status,
    )


def _others(session: Session) -> list[tuple[str, str]]:
    found = colleagues(session, session.unit)
    return [(each.reference, each.name) for each in found if each.reference != session.person]


def _may_answer(session: Session) -> bool:
    role = role_of(session.role)
    return role is not None and may_answer(role)


def _seen(request: HttpRequest) -> int:
    given = request.POST.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 10 else 0


def _name(request: HttpRequest) -> str:
    who = signed_in(request)
    assert who is not None  # staff only
    return who.name


def _key(request: HttpRequest) -> str:
    """What identifies the form, so that it is sent once."""
    try:
        return str(uuid.UUID(request.POST.get("key", "")))
    except ValueError:
        return str(uuid.uuid4())


__all__ = ["answer", "end", "hand_over", "of_person", "one", "take", "unit_queue"]
