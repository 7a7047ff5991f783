"""Cases of the joint decision structure: those that wait for us, a new one, one with its trail."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotAllowed, NotFound, PreconditionFailed
from fellesjournal.foundation import clock
from fellesjournal.foundation.ui.forms import form_key
from fellesjournal.leadership.decisions import actions, deciding
from fellesjournal.leadership.decisions.actors import actors, speaks_for
from fellesjournal.leadership.decisions.cases import (
    Act,
    GovernanceCase,
    Outcome,
    Rules,
    SafetyClass,
    Stance,
    may_follow,
)
from fellesjournal.leadership.decisions.levels import CaseType, faults, level_of
from fellesjournal.leadership.decisions.queries import all_cases, listed, rules_today
from fellesjournal.leadership.decisions.refusals import Refused
from fellesjournal.leadership.decisions.structure import CASES, LEADING, Structure, structure_of
from fellesjournal.leadership.documents.queries import names_of, standing, versions
from fellesjournal.leadership.documents.resources import Document
from fellesjournal.surfaces.duties import duties_of, for_duty
from fellesjournal.surfaces.leaders import decision_words as words
from fellesjournal.surfaces.leaders.decision_forms import (
    ActedForm,
    CaseForm,
    DecisionForm,
    PositionForm,
    RiseForm,
    VersionForm,
)
from fellesjournal.surfaces.leaders.pages import leading, page

_FORMS: dict[str, type[VersionForm]] = {
    "position": PositionForm, "rise": RiseForm, "decide": DecisionForm, "act": ActedForm,
}  # fmt: skip


@require_GET
@for_duty(Duty.SEE_FIGURES)
def cases(request: HttpRequest) -> HttpResponse:
    """Cases that wait for her organisation first, then all others that are open, then the ended."""
    session = leading(request)
    names = _names(session)
    actor = speaks_for(session, names)
    structure = structure_of(session)
    found = all_cases(session, actor, rules_today(session))
    context = {
        "actor": names.get(actor, ""),
        "live": [
            (each, _level(structure.levels, each.case), words.TYPES[each.case.kind])
            for each in found.live
        ],
        "ended": [
            (each, words.STATUSES[each.body.status], _outcome(each.body)) for each in found.ended
        ],
        "faults": [(words.LEVEL_FAULTS[fault], name) for fault, name in faults(structure.levels)],
    }
    return page(request, "leaders/cases.html", context)


@require_http_methods(["GET", "POST"])
@for_duty(Duty.SEE_FIGURES)
def new_case(request: HttpRequest) -> HttpResponse:
    """A new case; it is told at which level it starts."""
    session = leading(request)
    names = _names(session)
    first = {"supersedes": request.GET.get("instead", "")}
    form = CaseForm(request.POST or None, initial=first, actors=list(names.items()))
    if request.method == "GET" or not form.is_valid():
        status = 200 if request.method == "GET" else 422
        return page(request, "leaders/case_new.html", {"form": form}, status=status)
    said = form.cleaned_data
    key = form_key(request)
    try:
        case = deciding.proposed(
            structure_of(session).levels, title=said["title"], kind=CaseType(said["kind"]),
            proposal=said["proposal"], affected=tuple(said["affected"]),
            requested_by=session.unit, now=clock.now(), cost=said["cost"],
            evidence=said["evidence"], safety=SafetyClass(said["safety"]),
            supersedes=said["supersedes"],
        )  # fmt: skip
        actions.propose(session, key=key, case=case)
    except Refused as refused:
        form.add_error("kind", str(words.REFUSALS[refused.why]))
        return page(request, "leaders/case_new.html", {"form": form}, status=422)
    except NotAllowed:
        form.add_error(None, gettext("Only what is decided can be superseded."))
        return page(request, "leaders/case_new.html", {"form": form}, status=422)
    except PreconditionFailed:
        messages.info(request, gettext("This was sent before."))
    else:
        messages.success(request, gettext("The case is proposed."))
    return redirect("leaders-case", key=key)


@require_GET
@for_duty(Duty.SEE_FIGURES)
def case(request: HttpRequest, key: str) -> HttpResponse:
    """One case: what is proposed, who says what, what may be done with it, and how it came here."""
    return _case_page(request, key)


@require_POST
@for_duty(Duty.SEE_FIGURES)
def case_act(request: HttpRequest, key: str, act: str) -> HttpResponse:
    """A position, a way up, a decision, or what was done first."""
    if act not in _FORMS:
        raise NotFound("there is no such page")
    form = _FORMS[act](request.POST)
    if not form.is_valid():
        return _case_page(request, key, {act: form}, status=422)
    session = leading(request)
    try:
        _do(session, key, act, form.cleaned_data)
    except Refused as refused:
        form.add_error(None, str(words.REFUSALS[refused.why]))
        return _case_page(request, key, {act: form}, status=422)
    except PreconditionFailed:
        messages.warning(
            request,
            gettext("Somebody else has changed this meanwhile. Look at it, then save again."),
        )
    else:
        messages.success(request, gettext("Saved."))
    return redirect("leaders-case", key=key)


def _do(session: Session, key: str, act: str, said: dict[str, Any]) -> None:
    seen = said["version"]
    if act == "position":
        actions.take_position(
            session, key=key, seen=seen, stance=Stance(said["stance"]), reason=said["reason"],
        )  # fmt: skip
    elif act == "rise":
        actions.escalate(
            session, key=key, seen=seen, reason=said["reason"], rules=rules_today(session)
        )
    elif act == "decide":
        actions.decide(
            session, key=key, seen=seen, outcome=Outcome(said["outcome"]), text=said["text"],
            rules=rules_today(session),
        )  # fmt: skip
    else:
        actions.act_first(session, key=key, seen=seen, text=said["text"])


def _case_page(
    request: HttpRequest,
    key: str,
    forms: dict[str, VersionForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    session = leading(request)
    stands = standing(session, CASES, key)
    names = _names(session)
    actor = speaks_for(session, names)
    rules, structure = rules_today(session), structure_of(session)
    before = versions(session, CASES, key)
    people = names_of(session, before)
    level = level_of(structure.levels, stands.body.level)
    shown = {
        "found": listed(stands, actor, rules),
        "case": stands.body,
        "level": words.level_name(level.name),
        "is_top": level.order == structure.levels[-1].order,
        "kind": words.TYPES[stands.body.kind],
        "safety": words.SAFETY[stands.body.safety],
        "status": words.STATUSES[stands.body.status],
        "outcome": _outcome(stands.body),
        "positions": _positions(stands.body, names, people),
        "quorum": rules.has_quorum(stands.body, clock.now()),
        "consensus": rules.has_consensus(stands.body, clock.now()),
        "dissent": [] if stands.body.decision is None else stands.body.decision.dissent,
        "trail": [
            (each, people.get(each.author, ""), words.REASONS.get(each.reason, each.reason))
            for each in before
        ],
        "may_supersede": Act.SUPERSEDE in may_follow(stands.body),
        "forms": _open_forms(request, structure, stands, actor, rules) | (forms or {}),
    }
    return page(request, "leaders/case.html", shown, status=status)


def _open_forms(
    request: HttpRequest,
    structure: Structure,
    stands: Document[GovernanceCase],
    actor: str,
    rules: Rules,
) -> dict[str, VersionForm]:
    """A form for each thing that she may do now; the action asks again."""
    acts, case = may_follow(stands.body), stands.body
    levels = structure.levels
    level = level_of(levels, case.level)
    leads = not duties_of(request).isdisjoint(LEADING)
    now = clock.now()
    may = {
        "position": Act.TAKE_POSITION in acts and actor in case.affected,
        "rise": leads and Act.ESCALATE in acts and level is not levels[-1]
        and rules.lacks_consensus(case, now),
        "decide": Act.DECIDE in acts and rules.has_quorum(case, now)
        and ((leads and rules.has_consensus(case, now)) or leading(request).person == level.chair),
        "act": leads and Act.ACT_FIRST in acts and case.safety is SafetyClass.URGENT,
    }  # fmt: skip
    first = {"version": stands.version}
    return {name: _FORMS[name](initial=first, auto_id=f"{name}_%s") for name in may if may[name]}


def _positions(
    case: GovernanceCase, names: dict[str, str], people: Any
) -> list[tuple[str, Any, str, str]]:
    """Each who is affected, with the last word: organisation, position or None, its name, person."""
    said = {each.actor: each for each in case.standing_positions}
    return [
        (
            names.get(actor, actor), position,
            "" if position is None else str(words.STANCES[position.stance]),
            "" if position is None else people.get(position.by, ""),
        )
        for actor in case.affected
        for position in (said.get(actor),)
    ]  # fmt: skip


def _names(session: Session) -> dict[str, str]:
    return {each.reference: each.name for each in actors(session)}


def _level(levels: Any, case: GovernanceCase) -> str:
    return words.level_name(level_of(levels, case.level).name)


def _outcome(case: GovernanceCase) -> str:
    return "" if case.decision is None else str(words.OUTCOMES[case.decision.outcome])


__all__ = ["case", "case_act", "cases", "new_case"]
