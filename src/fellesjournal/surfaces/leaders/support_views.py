"""Reports of problems, for who helps: what is open by deadline, and what is done about each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound, PreconditionFailed
from fellesjournal.foundation import clock
from fellesjournal.foundation.ui.forms import PlainForm
from fellesjournal.leadership.rollout.support import actions, queries
from fellesjournal.leadership.rollout.support.queries import Filed
from fellesjournal.leadership.rollout.support.rules import Refused, may_be_queued
from fellesjournal.leadership.rollout.support.ticket import GROUP, State
from fellesjournal.leadership.rollout.tickets import Category
from fellesjournal.surfaces import support_words as words
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders.pages import leading, page
from fellesjournal.surfaces.leaders.support_forms import (
    AnswerForm,
    DoneForm,
    DuplicateForm,
    StepForm,
    WeighForm,
)

_WHOSE = ("all", "mine", "nobody")


@require_GET
@for_duty(Duty.ROLL_OUT)
def reports(request: HttpRequest) -> HttpResponse:
    """What is open: what is late first, then by deadline; of one organisation, hers, or nobody's."""
    session = leading(request)
    known = queries.organisations(session)
    organisation = request.GET.get("organisation", "")
    whose = request.GET.get("whose", "all")
    if (organisation and organisation not in known) or whose not in _WHOSE:
        raise NotFound("there is no such page")
    found = queries.open_tickets(
        session,
        organisation=organisation or None,
        owner=session.person if whose == "mine" else None,
        is_untaken=whose == "nobody",
    )
    names = queries.names_of(session, {each.ticket.owner for each in found.rows})
    context = {
        "rows": [_shown(each, names) for each in found.rows],
        "total": found.total,
        "organisations": sorted(known.items(), key=lambda each: each[1].casefold()),
        "organisation": organisation,
        "whose": whose,
    }
    return page(request, "leaders/support.html", context)


@require_GET
@for_duty(Duty.ROLL_OUT)
def report(request: HttpRequest, report_number: int) -> HttpResponse:
    """One report, and what can be done about it."""
    return _report(request, leading(request), report_number)


def _report(
    request: HttpRequest,
    session: Session,
    number: int,
    tried: Mapping[str, PlainForm] | None = None,
) -> HttpResponse:
    filed = queries.ticket(session, number)
    ticket = filed.ticket
    people = {ticket.owner, filed.reporter, *(each.by for each in ticket.answers)}
    names = queries.names_of(session, people)
    seen = {"version": filed.version}
    weighed = {
        **seen, "category": ticket.category.value, "severity": str(ticket.severity),
        "safety": ticket.safety,
    }  # fmt: skip
    context = {
        **_shown(filed, names),
        "reporter": "" if ticket.is_citizen else names.get(filed.reporter, ""),
        "answers": [(each, names.get(each.by, "")) for each in ticket.answers],
        "may_be_queued": may_be_queued(ticket),
        "is_mine": ticket.owner == session.person,
        "step": StepForm(initial=seen, prefix="step"),
        "answer": AnswerForm(initial=seen, prefix="answer"),
        "close": DoneForm(initial=seen, prefix="close"),
        "duplicate": DuplicateForm(initial=seen, prefix="duplicate"),
        "weigh": WeighForm(initial=weighed, prefix="weigh"),
        "tried": "".join(tried or ()),
        **(tried or {}),
    }
    return page(request, "leaders/support_ticket.html", context, status=422 if tried else 200)


@require_POST
@for_duty(Duty.ROLL_OUT)
def report_act(request: HttpRequest, report_number: int, act: str) -> HttpResponse:
    """Do something about a report, as long as nobody else has meanwhile."""
    session, number = leading(request), report_number
    if act not in _ACTS:
        raise NotFound("there is no such page")
    shape, do = _ACTS[act]
    name = "step" if shape is StepForm else act
    form = shape(request.POST, prefix=name)
    if not form.is_valid():
        return _report(request, session, number, {name: form})
    try:
        do(session, number, form.cleaned_data)
    except Refused as refused:
        messages.warning(request, str(words.REFUSALS[refused.why]))
    except PreconditionFailed:
        messages.warning(
            request,
            gettext("Somebody else has changed this meanwhile. Look at it, then save again."),
        )
    except NotFound:
        if act != "duplicate":
            raise
        form.add_error("of", gettext("There is no report with this number."))
        return _report(request, session, number, {name: form})
    else:
        messages.success(request, gettext("Saved."))
    return redirect("leaders-report", number)


Done = Callable[[Session, int, Mapping[str, Any]], None]
_ACTS: Mapping[str, tuple[type[StepForm], Done]] = {
    "take": (StepForm, lambda s, n, said: actions.take(s, n, seen=said["version"])),
    "give-back": (StepForm, lambda s, n, said: actions.give_back(s, n, seen=said["version"])),
    "answer": (
        AnswerForm,
        lambda s, n, said: actions.answer(s, n, text=said["text"], seen=said["version"]),
    ),
    "close": (
        DoneForm, lambda s, n, said: actions.close(s, n, done=said["text"], seen=said["version"])
    ),
    "duplicate": (
        DuplicateForm,
        lambda s, n, said: actions.close_as_duplicate(s, n, of=said["of"], seen=said["version"]),
    ),
    "weigh": (
        WeighForm,
        lambda s, n, said: actions.weigh(
            s, n, category=Category(said["category"]), severity=int(said["severity"]),
            safety=said["safety"], reason=said["reason"], seen=said["version"],
        ),
    ),
}  # fmt: skip


def _shown(filed: Filed, names: Mapping[str, str]) -> dict[str, Any]:
    ticket = filed.ticket
    return {
        "number": filed.number,
        "ticket": ticket,
        "first_line": ticket.said.splitlines()[0],
        "where": ticket.organisation_name or gettext("HelsaMi"),
        "category": words.CATEGORIES[ticket.category],
        "severity": words.SEVERITIES[ticket.severity],
        "state": words.STATES[ticket.state],
        "owner": _owner(ticket.owner, ticket.organisation_name, names),
        "is_taken": ticket.state is State.TAKEN,
        "is_late": ticket.is_late(clock.now()),
    }


def _owner(owner: str, organisation: str, names: Mapping[str, str]) -> str:
    if not owner.startswith(GROUP):
        return names.get(owner, owner)
    return gettext("Those who help %(organisation)s") % {
        "organisation": organisation or gettext("HelsaMi")
    }


__all__ = ["report", "report_act", "reports"]
