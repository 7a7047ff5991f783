"""The carer's day list, the shift check, and what the unit has on its hands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fellesjournal.access.sessions import Session
from fellesjournal.care.citizens.queries import people
from fellesjournal.care.citizens.resources import Person
from fellesjournal.care.homecare.applications import names_of
from fellesjournal.care.homecare.beginning import begun_within
from fellesjournal.care.homecare.codes import DEVIATION
from fellesjournal.care.homecare.deviations import Deviation
from fellesjournal.care.homecare.pauses import reviews
from fellesjournal.care.homecare.planned import Item, State
from fellesjournal.care.homecare.plans import may_plan
from fellesjournal.care.homecare.reading_days import items, visits
from fellesjournal.care.homecare.shifts import (
    Colleague,
    LeftOpen,
    Part,
    Shift,
    close_shift,
    colleagues,
    shift,
    shift_at,
)
from fellesjournal.care.homecare.tasks import (
    OwnDeviation,
    Work,
    finish_work,
    on_hands,
    unit_work,
)
from fellesjournal.care.homecare.visiting import is_late
from fellesjournal.care.homecare.visits import Visit
from fellesjournal.fhir.issues import BadRequest, FhirError
from fellesjournal.foundation import clock
from fellesjournal.foundation.clock import NORWAY
from fellesjournal.surfaces.clinic.homecare_words import KINDS, PARTS, RESTARTS, STAGES, facts_of
from fellesjournal.surfaces.clinic.of_patient import another_patient
from fellesjournal.surfaces.clinic.signed_in import access_session, staff_only

Thing = TypeVar("Thing", Item, Deviation)
_DOSES_NAMED = 3
_WORDS = "words-"
"""The name of a field of the shift check, before the id of the citizen it is about."""
"""A card that names more doses than this is no longer read at a glance: they stand on the visit."""
_CHANGED = frozenset({400, 403, 404, 409, 412})


@dataclass(frozen=True, slots=True)
class Row:
    """A visit in a list, with whom and how far it has come."""

    visit: Visit
    person: Person | None
    patient_id: str
    items: tuple[Item, ...]
    carer: str
    is_mine: bool
    messages: int = 0

    @property
    def live(self) -> tuple[Item, ...]:
        """What is to be done, or was: never what a decision cancelled, nor what was moved."""
        return tuple(item for item in self.items if item.state.is_live)

    @property
    def doses_counted(self) -> int:
        """How many doses there are when they are too many to be named on a card, else 0."""
        doses = sum(item.is_dose for item in self.live)
        return doses if doses > _DOSES_NAMED else 0

    @property
    def named(self) -> tuple[Item, ...]:
        """What a card names of :attr:`live`."""
        return tuple(i for i in self.live if not (i.is_dose and self.doses_counted))

    @property
    def done(self) -> int:
        """How many of those have ended."""
        return sum(item.state.is_end for item in self.live)

    @property
    def left(self) -> tuple[tuple[Item, str], ...]:
        """What nobody has said anything of yet, each with who has it by name ("": nobody)."""
        return tuple(
            (item, item.owner_name if item.owner.startswith("Practitioner/") else "")
            for item in self.live
            if not item.state.is_end
        )

    @property
    def is_paused(self) -> bool:
        """Whether all that is left in it is paused."""
        left = [item for item in self.items if not item.state.is_end]
        return bool(left) and all(item.state is State.PAUSED for item in left)

    @property
    def is_late(self) -> bool:
        """Whether a dose in it should have been given by now."""
        now = clock.now()
        return any(is_late(item, now) and item.state is State.OPEN for item in self.items)

    @property
    def status(self) -> str:
        """planned, in-progress, finished, cancelled, paused, or left (finished with open items)."""
        if self.visit.status == "planned" and self.is_paused:
            return "paused"
        if self.visit.status == "finished" and self.done < len(self.live):
            return "left"
        return self.visit.status


@require_GET
@staff_only
def day(request: HttpRequest) -> HttpResponse:
    """Today's visits of the unit in their order, or another day's."""
    session = access_session(request)
    chosen = _day(request.GET.get("day")) or clock.today()
    hands = on_hands(session)
    found = visits(session, chosen, chosen, unit=session.unit)
    every = _rows(session, found)
    rows = [
        replace(row, messages=hands.messages.get(row.visit.patient, 0))
        for row in every
        if row.visit.status != "cancelled"
    ]
    mine = request.GET.get("mine") == "1"
    shown = [row for row in rows if row.is_mine] if mine else rows
    return render(
        request,
        "clinic/homecare_day.html",
        {
            "day": chosen,
            "is_today": chosen == clock.today(),
            "since": _since(every, chosen),
            "is_ahead": chosen > clock.today(),
            "before": chosen - timedelta(days=1),
            "after": chosen + timedelta(days=1),
            "rows": shown,
            "all": len(rows),
            "own": sum(row.is_mine for row in rows),
            "mine": mine,
            "waiting": hands.waiting,
            "unanswered": hands.all_messages,
            "steps": hands.steps,
        },
    )


def _since(rows: Sequence[Row], day: date) -> datetime | None:
    """When the visits of a day were planned, when that was not ahead of it."""
    begins = datetime.combine(day, time(), NORWAY)
    own = (item for row in rows if row.visit.starts >= begins for item in row.items)
    return begun_within(own, begins)


def _rows(session: Session, found: Sequence[Visit]) -> list[Row]:
    listed: dict[str, list[Item]] = {}
    for item in items(session, [visit.id for visit in found]):
        listed.setdefault(item.visit, []).append(item)
    known = {each.id: each for each in people(session, [_id(v.patient) for v in found])}
    names = names_of(session, {visit.carer for visit in found})
    return [
        Row(
            visit,
            known.get(_id(visit.patient)),
            _id(visit.patient),
            tuple(listed.get(visit.id, ())),
            names.get(visit.carer, visit.carer_name),
            visit.carer == session.person,
        )
        for visit in found
    ]


@require_http_methods(["GET", "POST"])
@staff_only
def shift_check(request: HttpRequest) -> HttpResponse:
    """The end of a shift: what is open, and to whom it is handed over by name (INV-26)."""
    session = access_session(request)
    said = request.POST if request.method == "POST" else request.GET
    chosen, part = _shift(said.get("day"), said.get("part"))
    problem, standing, others = "", None, colleagues(session)
    if request.method == "POST":
        to = request.POST.get("to", "")
        named = {each.practitioner: each.name for each in others}
        try:
            close_shift(
                session, chosen, part, seen=request.POST.getlist("open"),
                to=to if to in named else "", to_name=named.get(to, ""),
                words=_handover_words(request),
            )  # fmt: skip
        except LeftOpen as error:
            problem, standing = _why_open(error), error.standing
        except FhirError as error:
            if error.status not in _CHANGED:
                raise
            problem = gettext("Somebody changed this meanwhile. Nothing was closed: look again.")
        else:
            messages.success(request, gettext("The shift is closed."))
            return redirect(f"{request.path}?day={chosen.isoformat()}&part={part}")
    found = standing or shift(session, chosen, part)
    return _shift_page(request, session, found, others, problem)


def _handover_words(request: HttpRequest) -> dict[str, str]:
    """What was written of each citizen, by reference."""
    return {
        f"Patient/{name.removeprefix(_WORDS)}": str(request.POST[name])
        for name in request.POST
        if name.startswith(_WORDS)
    }


def _why_open(error: LeftOpen) -> str:
    text = str(error)
    if "under way" in text:
        return gettext("A visit is under way. End it first; then close the shift.")
    if "something else" in text:
        return gettext("Something else is open than what you saw. Look at the list again.")
    return gettext("Choose who takes over what is open. The shift is not closed.")


def _shift_page(
    request: HttpRequest, session: Session, found: Shift, others: list[Colleague], problem: str
) -> HttpResponse:
    listed: tuple[Item | Deviation, ...] = (
        *found.open_items,
        *found.paused,
        *found.not_done,
        *found.deviations,
    )
    ids = [_id(each.patient) for each in listed]
    known = {each.id: each for each in people(session, ids)}

    def with_whom(rows: Sequence[Thing]) -> list[tuple[Thing, Person | None, str]]:
        return [(each, known.get(_id(each.patient)), _id(each.patient)) for each in rows]

    said = _handover_words(request)
    given = {each.id: each.carer_name for each in found.unmade}
    context = {
        "shift": found,
        "is_ahead": found.window.starts > clock.now(),
        "title": PARTS[found.part],
        "parts": [(str(code), words) for code, words in PARTS.items()],
        "open": [(*row, given.get(row[0].visit, "")) for row in with_whom(found.left)],
        "carried": [(*row, given.get(row[0].visit, "")) for row in with_whom(found.carried)],
        "paused": with_whom(found.paused),
        "not_done": with_whom(found.not_done),
        "deviations": with_whom(found.deviations),
        "happened": len(found.not_done) + len(found.deviations),
        "handed_to": sorted({item.owner_name for item in found.open_items if item.owner_name}),
        "under_way": _rows(session, found.under_way),
        "colleagues": [each for each in others if each.practitioner != session.person],
        "problem": problem,
        "to": request.POST.get("to", ""),
        "to_tell": [
            (key, known[key].name if key in known else "", said.get(f"Patient/{key}", ""))
            for key in dict.fromkeys(_id(item.patient) for item in found.open_items)
        ],
    }
    return render(request, "clinic/homecare_shift.html", context, status=409 if problem else 200)


@require_GET
@staff_only
def work(request: HttpRequest) -> HttpResponse:
    """What the unit must decide or look at: stays in hospital, deviations, services to plan."""
    return work_page(request)


def work_page(
    request: HttpRequest, *, problem: str = "", at: str = "", words: str = "", choice: str = ""
) -> HttpResponse:
    """The page of :func:`work`; with a problem at one of its forms, and what was typed there."""
    session = access_session(request)
    found = reviews(session)
    rows: list[Work] = unit_work(session)
    known = {each.id: each for each in people(session, [_id(each.patient) for each in found])}
    context = {
        "reviews": [
            (each, known.get(_id(each.patient)), _id(each.patient), STAGES[each.stage])
            for each in found
        ],
        "may_decide": may_plan(session),
        "restarts": [(str(code), words) for code, words in RESTARTS.items()],
        "work": [_with_words(each) for each in rows if not each.awaits_leader],
        "sent": [_with_words(each) for each in rows if each.awaits_leader],
        "problem": problem,
        "at": at,
        "words": words,
        "choice": choice,
    }
    return render(request, "clinic/homecare_work.html", context, status=409 if problem else 200)


def _with_words(each: Work) -> tuple[Work, str, str, list[str]]:
    told = facts_of(each.deviation) if each.deviation is not None else []
    return each, _id(each.patient), str(KINDS[each.kind]), told


@require_POST
@staff_only
def work_end(request: HttpRequest, patient_id: str, task_id: str) -> HttpResponse:
    """End a task of the unit in words."""
    if request.POST.get("patient") != patient_id:
        return another_patient(request, patient_id)
    session = access_session(request)
    words = request.POST.get("words", "")
    try:
        finish_work(
            session, patient=f"Patient/{patient_id}", task_id=task_id,
            seen=_number(request.POST.get("version")), words=words,
        )  # fmt: skip
    except BadRequest:
        problem = gettext("Write what came of it.")
    except OwnDeviation:
        problem = gettext("You reported this deviation: your leader closes it.")
    except FhirError as error:
        if error.status not in _CHANGED:
            raise
        problem = gettext("Somebody changed this meanwhile. Nothing was saved: look again.")
    else:
        is_deviation = request.POST.get("kind") == DEVIATION
        messages.success(
            request,
            gettext("The deviation is closed.") if is_deviation else gettext("The task is ended."),
        )
        return redirect("home-care-work")
    return work_page(request, problem=problem, at=task_id, words=words)


def _shift(day_text: str | None, part: str | None) -> tuple[date, Part]:
    now_day, now_part = shift_at(clock.now())
    found = next((each for each in Part if each == part), None)
    return _day(day_text) or now_day, found or now_part


def _day(text: str | None) -> date | None:
    try:
        return datetime.strptime(text or "", "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0


def _id(target: str) -> str:
    return target.rpartition("/")[2]


__all__ = ["day", "shift_check", "work", "work_end", "work_page"]
