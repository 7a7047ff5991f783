"""A home visit on a phone: begin it, say of each item what became of it, end it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from fellesjournal.access.acts import Resource, Stored, content, read
from fellesjournal.access.policy.areas import NOTHING, Area
from fellesjournal.access.policy.kinds import GroundKind
from fellesjournal.access.policy.roles import role_of
from fellesjournal.access.sessions import Session
from fellesjournal.care.chart.queries import vital_signs_since
from fellesjournal.care.chart.results import Trend
from fellesjournal.care.citizens.resources import Person
from fellesjournal.care.homecare import visiting
from fellesjournal.care.homecare.applications import names_of
from fellesjournal.care.homecare.correcting import NothingToTakeBack, take_back
from fellesjournal.care.homecare.deviations import (
    Deviation,
    Harm,
    Kind,
    Told,
    deviations_in,
    note_deviation,
)
from fellesjournal.care.homecare.deviations import NotYet as HasNotHappened
from fellesjournal.care.homecare.measuring import NotMeasured, measured_by_source, rules_by_code
from fellesjournal.care.homecare.planned import Item, State
from fellesjournal.care.homecare.reading_days import items_in, planning_of, tasks_at
from fellesjournal.care.homecare.renewed import lives_on
from fellesjournal.care.homecare.shifts import colleagues
from fellesjournal.care.homecare.since import (
    LOOKED_THROUGH,
    Earlier,
    earlier_visits,
    never_made,
    since,
)
from fellesjournal.care.homecare.visits import LATE_AFTER, Visit, read_visit
from fellesjournal.care.homecare.way_in import way_in_of
from fellesjournal.care.remote_follow_up.queries import Awaiting, awaiting
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import BadRequest, FhirError, NotFound
from fellesjournal.fhir.vital_signs import LOINC
from fellesjournal.foundation import clock
from fellesjournal.foundation.clock import NORWAY
from fellesjournal.surfaces.clinic.access_views import with_banner
from fellesjournal.surfaces.clinic.homecare_words import (
    DEVIATIONS,
    HARMS,
    REASONS,
    blood_thinner,
    facts_of,
    measure_name,
)
from fellesjournal.surfaces.clinic.last_measured import moved
from fellesjournal.surfaces.clinic.medicine_forms import language
from fellesjournal.surfaces.clinic.medicine_news import changed_since
from fellesjournal.surfaces.clinic.navigation import may_note_down
from fellesjournal.surfaces.clinic.of_patient import of_patient
from fellesjournal.surfaces.clinic.phone import remember_visit
from fellesjournal.surfaces.clinic.since_last import Measured, measured_before, since_last
from fellesjournal.surfaces.measurements import printed, printed_unit
from fellesjournal.surfaces.unseen import is_unseen

_CHANGED = frozenset({409, 412})
_FIRST_YEAR = 1900
_CANCELLED = "cancelled"
"""In the address while she has the list of what was cancelled open (keep_open.js)."""
_TOGETHER = "given-together"
"""In the form by which several doses are given late, or were given before, for one reason."""
Act = Callable[[Session, str, str, HttpRequest], None]


@require_http_methods(["GET", "POST"])
@of_patient
def visit(request: HttpRequest, session: Session, person: Person, visit_id: str) -> HttpResponse:
    """One visit; a POST says in ``do`` what happened."""
    try:
        if request.method == "POST":
            return _do(request, session, person, visit_id)
        return _page(request, session, person, visit_id)
    except FhirError as error:
        if not is_unseen(error):
            raise
        return render(request, "clinic/not_found.html", status=404)


def _do(request: HttpRequest, session: Session, person: Person, visit_id: str) -> HttpResponse:
    act = _ACTS.get(request.POST.get("do", ""))
    if act is None:
        return _page(request, session, person, visit_id)
    if not _is_theirs(session, read_visit(*read(session, "Encounter", visit_id))):
        return render(request, "clinic/not_found.html", status=404)
    try:
        act(session, f"Patient/{person.id}", visit_id, request)
    except HasNotHappened:
        problem = gettext(
            "It can't have happened at a time that has not come. Nothing was sent: look at the day and"
            " the time."
        )
        return _page(request, session, person, visit_id, problem, 422)
    except visiting.NotThen:
        problem = gettext(
            "A dose can't have been given at a time that has not come, or a day from its own."
            " Nothing was recorded: look at the day and the time."
        )
        return _page(request, session, person, visit_id, problem, 422)
    except BadRequest:
        return _page(request, session, person, visit_id, _missing(request), 422, lacks_why=True)
    except visiting.OrderGone:
        problem = gettext(
            "The prescription was changed after the page was opened. Nothing was recorded:"
            " read what stands now."
        )
        return _page(request, session, person, visit_id, problem, 409)
    except visiting.DosesLeft as error:
        doses = ", ".join(f"{dose.text} {dose.at.astimezone(NORWAY):%H:%M}" for dose in error.doses)
        problem = gettext(
            "Say first of each dose whether it was given. These have no answer: %(doses)s."
        ) % {"doses": doses}
        return _page(request, session, person, visit_id, problem, 409)
    except NotMeasured as error:
        problem = gettext(
            "%(what)s is not written down yet at this visit. Write it down first, or say why it was"
            " not measured."
        ) % {"what": measure_name(error.code)}
        return _page(request, session, person, visit_id, problem, 409)
    except NothingToTakeBack:
        problem = gettext("There is no answer here to take back. See below what stands now.")
        return _page(request, session, person, visit_id, problem, 409)
    except visiting.NotYet:
        problem = gettext("This is planned for another day. Nothing was recorded.")
        return _page(request, session, person, visit_id, problem, 409)
    except FhirError as error:
        if error.status not in _CHANGED:
            raise
        problem = gettext(
            "Somebody else was here meanwhile. Nothing of yours was recorded: see below what"
            " stands now."
        )
        return _page(request, session, person, visit_id, problem, 409)
    if request.POST.get("do") in {"end", "move"}:
        return redirect("home-care-day")
    there = reverse("home-visit", args=[person.id, visit_id])
    if _CANCELLED in request.GET:
        there = f"{there}?{_CANCELLED}=1"
    if request.POST.get("do") == "deviation":
        return redirect(
            f"{there}#deviations-title"
        )  # where it now stands, with when and who has it
    if request.POST.get("do") == _TOGETHER:
        return redirect(f"{there}#doses-title")
    # to the item, where Tab and the thumb go on
    return redirect(f"{there}#item-{_item(request)}" if _item(request) else there)


def _is_theirs(session: Session, found: Visit) -> bool:
    """Whether somebody works by the plan at the unit whose visit it is."""
    role = role_of(session.role)
    gives = role is not None and Area.MEDICATION in role.write.get(GroundKind.HOME_CARE, NOTHING)
    return found.unit == session.unit and gives


def _missing(request: HttpRequest) -> str:
    if request.POST.get("do") == "given":
        return gettext("The dose is outside its time: write a word on why.")
    if request.POST.get("do") == _TOGETHER and not _ticked(request):
        return gettext("Tick the doses that were given.")
    if request.POST.get("do") == _TOGETHER:
        return gettext("The doses are outside their time: write a word on why.")
    if request.POST.get("do") == "move":
        return gettext("Choose a time that lies ahead, and write why.")
    if request.POST.get("do") == "assign":
        return gettext("Choose who makes the visit.")
    if request.POST.get("do") == "take-back":
        return gettext("Write why it is taken back. Nothing was changed.")
    if request.POST.get("do") == "deviation":
        return " ".join(_lacks(request).values())
    return gettext("Write why, in your own words.")


def _lacks(request: HttpRequest) -> dict[str, str]:
    """What is not answered of a deviation, by field, in words."""
    said = request.POST
    lacks = {
        "kind": "" if said.get("kind") in set(Kind) else gettext("Choose what kind it was."),
        "harm": "" if said.get("harm") in set(Harm) else gettext("Say whether anybody was hurt."),
        "words": "" if said.get("words", "").strip() else gettext("Write what happened."),
    }
    return {field: words for field, words in lacks.items() if words}


def _start(session: Session, patient: str, visit_id: str, request: HttpRequest) -> None:
    visiting.start_visit(session, patient=patient, visit_id=visit_id, seen=_seen(request))


def _end(session: Session, patient: str, visit_id: str, request: HttpRequest) -> None:
    visiting.end_visit(session, patient=patient, visit_id=visit_id, seen=_seen(request))


def _done(session: Session, patient: str, _visit: str, request: HttpRequest) -> None:
    visiting.action_done(session, patient=patient, item_id=_item(request), seen=_seen(request))


def _not_done(session: Session, patient: str, _visit: str, request: HttpRequest) -> None:
    visiting.not_done(
        session, patient=patient, item_id=_item(request), seen=_seen(request),
        reason=request.POST.get("words", ""),
    )  # fmt: skip


def _given(session: Session, patient: str, _visit: str, request: HttpRequest) -> None:
    visiting.give_dose(
        session, patient=patient, item_id=_item(request), seen=_seen(request),
        order_seen=_number(request.POST.get("order")), why_then=request.POST.get("words", ""),
        at=_then(request.POST.get("at", "")),
    )  # fmt: skip


def _together(session: Session, patient: str, _visit: str, request: HttpRequest) -> None:
    visiting.give_doses(
        session, patient=patient, doses=_ticked(request), why_then=request.POST.get("words", ""),
        at=_then(request.POST.get("at", "")),
    )  # fmt: skip


def _ticked(request: HttpRequest) -> list[visiting.Dose]:
    """The doses ticked in the form, each with the versions that stood there."""
    parts = [each.split(":") for each in request.POST.getlist("dose")]
    return [
        visiting.Dose(each[0], _number(each[1]), _number(each[2]))
        for each in parts
        if len(each) == 3 and each[0]
    ]


def _then(text: str) -> datetime | None:
    """A day and a time on the clock in Norway, as a form says it; None for "" (now)."""
    if not text:
        return None
    try:
        said = datetime.fromisoformat(text)
    except ValueError:
        raise visiting.NotThen("no day and time") from None
    if said.year < _FIRST_YEAR:  # no instant there can be reckoned with
        raise visiting.NotThen("no day of our time")
    return said.replace(tzinfo=NORWAY) if said.tzinfo is None else said


def _take_back(session: Session, patient: str, _visit: str, request: HttpRequest) -> None:
    take_back(
        session, patient=patient, item_id=_item(request), seen=_seen(request),
        reason=request.POST.get("words", ""),
    )  # fmt: skip


def _deviation(session: Session, patient: str, visit_id: str, request: HttpRequest) -> None:
    said = request.POST
    kind = next((each for each in Kind if each == said.get("kind")), None)
    harm = next((each for each in Harm if each == said.get("harm")), None)
    if kind is None or harm is None:
        raise BadRequest("what kind it was, and whether she was hurt", code="required")
    note_deviation(
        session, patient=patient, visit_id=visit_id,
        told=Told(said.get("words", ""), kind, harm, said.get("told", ""), _happened(said)),
        key=said.get("key", "")[:64] or str(uuid.uuid4()),
    )  # fmt: skip


def _happened(said: Mapping[str, str]) -> datetime | None:
    try:
        return _then(said.get("happened", ""))
    except visiting.NotThen:
        raise HasNotHappened("no day and time") from None


def _move(session: Session, patient: str, visit_id: str, request: HttpRequest) -> None:
    try:
        day = datetime.strptime(request.POST.get("day", ""), "%Y-%m-%d").date()  # noqa: DTZ007 - a day
        begins = time.fromisoformat(request.POST.get("begins", ""))
        ends = time.fromisoformat(request.POST.get("ends", ""))
    except ValueError:
        raise BadRequest("a day and two times") from None
    visiting.move_visit(
        session, patient=patient, visit_id=visit_id, seen=_seen(request), day=day, begins=begins,
        ends=ends, reason=request.POST.get("words", ""),
    )  # fmt: skip


def _assign(session: Session, patient: str, visit_id: str, request: HttpRequest) -> None:
    named = {each.practitioner: each.name for each in colleagues(session)}
    to = request.POST.get("to", "")
    if to not in named:
        raise BadRequest("a visit is given to somebody at the unit")
    visiting.assign_visit(
        session, patient=patient, visit_id=visit_id, seen=_seen(request), practitioner=to,
        name=named[to],
    )  # fmt: skip
    messages.success(request, gettext("The visit is given to %(name)s.") % {"name": named[to]})


_ACTS: dict[str, Act] = {
    "start": _start, "end": _end, "done": _done, "not-done": _not_done, "given": _given, _TOGETHER: _together,
    "take-back": _take_back, "deviation": _deviation, "assign": _assign, "move": _move,
}  # fmt: skip


def _page(
    request: HttpRequest, session: Session, person: Person, visit_id: str,
    problem: str = "", status: int = 200, *, lacks_why: bool = False,
) -> HttpResponse:  # fmt: skip
    data, version = read(session, "Encounter", visit_id)
    found = read_visit(data, version)
    if found.patient != f"Patient/{person.id}" or not found.key:
        raise NotFound(f"Encounter/{visit_id} is not known")
    remember_visit(request, person.id, visit_id)
    planning = planning_of(session, found.patient, contacts=LOOKED_THROUGH)
    earlier = earlier_visits(planning.visits, found, clock.now())
    all_tasks = tasks_at(session, [visit_id, *earlier.ids])
    tasks = [each for each in all_tasks if _visit_of(each) == visit_id]
    listed = items_in(tasks)
    live = [item for item in listed if item.state.is_live]
    made = earlier.made
    names = names_of(session, {found.carer, *_who(listed), *({made.carer} if made else ())})
    here = found.measured_from
    to_measure = measured_by_source(plan for plan, _ in planning.plans)
    after = min(here, made.began or made.starts) if made else here
    asks = made or any(item.source in to_measure for item in live)
    # who gives the visit away, or corrects a form, has read what happened since: a page has so many reads
    wants_colleagues = "assign" in request.GET or request.POST.get("do") == "assign"
    has_read = wants_colleagues or bool(problem)
    followed = [] if has_read else _awaiting(session, found.patient)
    measured = vital_signs_since(session, person.id, after) if asks else ()
    measures = _to_measure(to_measure, measured, here)
    news = changed_since(session, person.id, _news_from(earlier), language())
    orders = {str(order["id"]): seen for order, seen in planning.prescriptions}
    may_act = _is_theirs(session, found)
    is_ahead = visiting.is_ahead(found.starts, clock.now())
    failed = _item(request) if problem else ""
    banner = with_banner(session, person)
    thinner = blood_thinner(banner["alerts"])
    renewed = {item.id for item in listed if lives_on(item, listed, planning.prior)}
    ended = [
        _shown(found, i, orders, names)
        for i in listed
        # a renewed dose stands among those to give; of this one only what somebody said of it
        if not i.state.is_live and (i.id not in renewed or i.taken_back or i.id == failed)
    ]
    doses = [_shown(found, i, orders, names) for i in live if i.is_dose]
    # what was said and taken back, and what she pressed just now, is not folded away
    plain = [row for row in ended if row["taken_back"] or row["item"].id == failed]
    return render(
        request,
        "clinic/homecare_visit.html",
        {
            **banner,
            "visit": found,
            "carer": names.get(found.carer, found.carer_name),
            "actions": [
                _shown(found, i, orders, names) | {"measure": measures.get(i.source)}
                for i in live
                if not i.is_dose
            ],
            "doses": doses,
            "late_doses": [row for row in doses if row["late_now"]],
            "ticked": [each.item_id for each in _ticked(request)] if problem else [],
            "ended_plain": plain,
            "not_live": [row for row in ended if row not in plain],
            "keeps_cancelled": _CANCELLED in request.GET,
            "cancelled_meanwhile": [
                row
                for row in ended
                if row["item"].id not in renewed and _is_cancelled_since(found, row["item"])
            ],
            "since": None
            if has_read
            else since_last(
                since(earlier, all_tasks),
                _since_then(measured, made, found, (plan for plan, _ in planning.plans)),
                names,
                followed,
                never_made(planning, earlier, found),
            ),
            "medicine_news": news,
            "news_of_today": all(each.at >= _midnight() for each in news),
            "may_note_down": may_note_down(session.role),
            "unreadable": planning.of_day(clock.today()).unreadable,
            "colleagues": colleagues(session) if wants_colleagues else [],
            "may_act": may_act,
            "way_in": way_in_of(planning.other_plans, session.unit) if may_act else None,
            "is_ahead": is_ahead,
            # what may be said of its items: nothing before its day
            "may_say": may_act and not is_ahead,
            "day_word": _day_word(found),
            "deviations": [_told(each, thinner) for each in deviations_in(tasks)],
            "blood_thinner": thinner,
            "kinds": [(str(code), words) for code, words in DEVIATIONS.items()],
            "harms": [(str(code), words) for code, words in HARMS.items()],
            "kind": request.POST.get("kind", "") if problem else "",
            "harm": request.POST.get("harm", "") if problem else "",
            "told": request.POST.get("told", "") if problem else "",
            "happened": request.POST.get("happened", "") if problem else "",
            "lacks": _lacks(request) if request.POST.get("do") == "deviation" else {},
            "same_why": _why_off(found, live),
            "left": sum(not item.state.is_end for item in listed),
            "today": clock.today(),
            "key": str(uuid.uuid4()),
            "problem": problem,
            "failed": failed,
            "at_item": failed in {item.id for item in listed},
            "did": request.POST.get("do", "") if problem else "",
            "words": request.POST.get("words", "") if problem else "",
            "then": request.POST.get("at", "") if problem else "",
            "lacks_why": lacks_why,
            "now": f"{clock.now().astimezone(NORWAY):%Y-%m-%dT%H:%M}",
        },
        status=status,
    )


def _awaiting(session: Session, patient: str) -> list[Awaiting]:
    """What of her own measurements nobody has looked at, for those who see what is agreed with her."""
    role = role_of(session.role)
    sees = role is not None and any(Area.PLANS in areas for areas in role.see.values())
    return awaiting(session, patient) if sees else []


def _since_then(
    measured: Sequence[Trend], made: Visit | None, found: Visit, plans: Iterable[Resource]
) -> Measured:
    if made is None:
        return Measured()
    after = made.began or made.starts
    return Measured(measured_before(measured, after, found), rules_by_code(plans))


def _to_measure(
    by_source: Mapping[str, str], measured: Sequence[Trend], since: datetime
) -> dict[str, dict[str, str]]:
    """What is to be measured by an action, by its source: its ``code`` and ``name``, the ``value`` that stands of
    the visit ("" before), and how far it has ``moved``.
    """
    at_hand = {each.key: each for each in measured if each.latest.at and each.latest.at.at >= since}
    found = {}
    for source, code in by_source.items():
        trend = at_hand.get(f"{LOINC}|{code}")
        found[source] = {
            "code": code,
            "name": measure_name(code),
            "value": f"{printed(trend.latest)} {printed_unit(trend.latest.unit)}" if trend else "",
            "moved": moved(trend) if trend else "",
        }
    return found


def _visit_of(task: Stored) -> str:
    return reading.reference_target(content(task).get("encounter")).rpartition("/")[2]


def _news_from(earlier: Earlier) -> datetime:
    """From when changed medicines are told of: the beginning of the day, or of the last visit made."""
    if earlier.made is None:
        return _midnight()
    return min(_midnight(), earlier.made.began or earlier.made.starts)


def _midnight() -> datetime:
    return datetime.combine(clock.today(), time(), NORWAY)


def _told(deviation: Deviation, thinner: str) -> dict[str, Any]:
    """A deviation for the page. ``call``: the warning for which to call, of an open one by which
    she hit her head.
    """
    hit = deviation.harm is Harm.HEAD and deviation.is_open
    return {"it": deviation, "facts": facts_of(deviation), "call": thinner if hit else ""}


def _is_cancelled_since(visit: Visit, item: Item) -> bool:
    """Whether a decision cancelled it while the visit was under way: who is there may have begun."""
    if visit.status != "in-progress" or visit.began is None or item.changed is None:
        return False
    return item.state is State.CANCELLED and item.changed >= visit.began


def _who(listed: Sequence[Item]) -> Iterator[str]:
    """Who has said what became of items, and who took that back."""
    for item in listed:
        yield item.by
        for taken in item.taken_back:
            yield from (taken.by, taken.taken_by)


def _day_word(found: Visit) -> str:
    """Today, tomorrow, yesterday; "" for other days."""
    days = (found.starts.astimezone(NORWAY).date() - clock.today()).days
    return {0: gettext("today"), 1: gettext("tomorrow"), -1: gettext("yesterday")}.get(days, "")


def _shown(
    visit: Visit, item: Item, orders: dict[str, int], names: dict[str, str]
) -> dict[str, Any]:
    return {
        "item": item,
        "order": orders.get(item.source, 0),
        "early_now": item.state is State.OPEN and visiting.is_early(item, visit, clock.now()),
        "late_now": item.state is State.OPEN and visiting.is_late(item, clock.now()),
        "off": _off(visit, item) if item.state is State.DONE and item.is_dose else "",
        "by": names.get(item.by, ""),
        "why": REASONS.get(item.reason, item.reason),
        "taken_back": [
            {"was": each, "by": names.get(each.by, ""), "taken_by": names.get(each.taken_by, "")}
            for each in item.taken_back
        ],
    }


def _off(visit: Visit, item: Item) -> str:
    """How far outside its time a dose was given, in words; "" inside it."""
    if item.ended is None or abs(item.ended - item.at) <= LATE_AFTER:
        return ""
    if item.ended < item.at and not visiting.is_early(item, visit, item.ended):
        return ""  # within the window of its visit: not asked for, so not told
    minutes = int(abs(item.ended - item.at).total_seconds()) // 60
    said = {"hours": minutes // 60, "minutes": minutes % 60}
    if item.ended > item.at:
        return gettext("%(hours)s h %(minutes)s min late") % said
    return gettext("%(hours)s h %(minutes)s min early") % said


def _why_off(visit: Visit, live: Sequence[Item]) -> str:
    """What was written last on why a dose of this visit was given outside its time; "" for nothing.
    It is offered at the next one, to be read and sent by who gives it.
    """
    off = [
        item
        for item in live
        if item.is_dose and item.state is State.DONE and item.reason and _off(visit, item)
    ]
    return max(off, key=lambda item: (item.ended, item.id)).reason if off else ""


def _item(request: HttpRequest) -> str:
    return request.POST.get("item", "")


def _seen(request: HttpRequest) -> int:
    return _number(request.POST.get("version"))


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0


__all__ = ["visit"]
