"""Prescribe and change: a medicine, a dose said back in full, and what must be answered first.

Nothing is carried out before the page has said the dose back: the form carries what it said,
and another dose is said back anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from fellesjournal.access.sessions import Session
from fellesjournal.care.citizens.resources import Person
from fellesjournal.care.medication.actions import (
    Answers,
    alerts_of_choice,
    change_medicine,
    check,
    may_prescribe,
    meet,
    prescribe,
)
from fellesjournal.care.medication.actions.prescribing import unanswered
from fellesjournal.care.medication.formulary import ITEMS, Item, search
from fellesjournal.care.medication.queries import MedicationList, list_of
from fellesjournal.care.medication.refusals import ListChanged, Refused, Unconfirmed
from fellesjournal.care.medication.rendering import line_of
from fellesjournal.care.medication.resources import Medicine, Order, item_of
from fellesjournal.care.medication.resources import Person as Prescriber
from fellesjournal.care.medication.stays import Stay, lasting_stay
from fellesjournal.fhir.dosage import (
    Dosage,
    Part,
    Period,
    Rhythm,
    Step,
    Weekday,
    short_form,
    text_of,
)
from fellesjournal.surfaces.clinic.access_views import closed, with_banner
from fellesjournal.surfaces.clinic.dose_facts import beside_dose
from fellesjournal.surfaces.clinic.medicine_forms import OrderForm, language
from fellesjournal.surfaces.clinic.medicine_views import meanwhile, name_of, patient
from fellesjournal.surfaces.clinic.medicine_wording import (
    NOT_AT_PHARMACY,
    REFUSALS,
    AlertRow,
    alert_row,
    by_id,
    stop_row,
)
from fellesjournal.surfaces.clinic.of_patient import another_patient, is_another
from fellesjournal.surfaces.clinic.signed_in import access_session, staff_only


@dataclass(frozen=True, slots=True)
class _Page:
    """What a page of an order is about. ``line`` is the one that is changed; None: a new one."""

    request: HttpRequest
    session: Session
    person: Person
    now: MedicationList
    item: Item | None
    line: Medicine | None = None
    stay: Stay | None = None

    @property
    def unit(self) -> str:
        if self.item is not None:
            return self.item.unit
        dosage = self.line.instruction.dosage if self.line else None
        return dosage.unit if dosage else ""

    def order(self, form: OrderForm) -> Order:
        """What the form asks for."""
        said = form.cleaned_data
        more = {
            "words": "" if form.dosage else said["dose"].strip(),
            "reason": said["reason"].strip(),
            "in_stay": said["in_stay"] and self.stay is not None,
            "encounter": self.stay.reference if self.stay else "",
        }
        if self.item is not None:
            return Order.of(self.item, form.dosage, **more)
        assert self.line is not None  # a page without a medicine is never asked
        return Order(self.line.name, self.line.atc, self.line.item, form.dosage, **more)


@require_http_methods(["GET", "POST"])
@staff_only
def prescribing(request: HttpRequest, patient_id: str) -> HttpResponse:
    """Find a medicine, write the dose, see it said back, confirm."""
    session = access_session(request)
    person = patient(session, patient_id)
    if person is None or not may_prescribe(session):
        return closed(request, patient_id)
    if request.method == "POST" and is_another(request, patient_id):
        return another_patient(request, patient_id)
    asked = request.POST if request.method == "POST" else request.GET
    item = ITEMS.get(asked.get("item", ""))
    if item is None:
        return _search(request, session, person)
    page = _Page(
        request,
        session,
        person,
        list_of(session, patient_id),
        item,
        stay=lasting_stay(session, patient_id),
    )
    return _ordered(page)


@require_http_methods(["GET", "POST"])
@staff_only
def changing(request: HttpRequest, patient_id: str, medicine_id: str) -> HttpResponse:
    """Another dose or strength of a medicine on the list, with the reason."""
    session = access_session(request)
    person = patient(session, patient_id)
    if person is None or not may_prescribe(session):
        return closed(request, patient_id)
    if request.method == "POST" and is_another(request, patient_id):
        return another_patient(request, patient_id)
    now = list_of(session, patient_id)
    line = by_id(now, medicine_id)
    if line is None:
        messages.info(request, str(REFUSALS["not-on-the-list"]))
        return redirect("medicines", patient_id=patient_id)
    item = item_of(line)
    chosen = ITEMS.get(request.POST.get("item", ""))
    if item is not None and chosen is not None and chosen.atc == item.atc:
        item = chosen
    stay = lasting_stay(session, patient_id)
    return _ordered(_Page(request, session, person, now, item, line, stay))


def _search(request: HttpRequest, session: Session, person: Person) -> HttpResponse:
    question = request.GET.get("q", "").strip()
    context = {"person": person, "question": question, "found": search(question)}
    if "HX-Request" in request.headers:
        return render(request, "clinic/medicine_found.html", context)
    context |= with_banner(session, person)
    return render(request, "clinic/medicine_search.html", context)


def _ordered(page: _Page) -> HttpResponse:
    if page.request.method == "GET":
        return _form(page, OrderForm(initial=_initial(page), unit=page.unit))
    form = OrderForm(page.request.POST, unit=page.unit)
    if page.line is not None:
        form.fields["why"].required = True
    if not form.is_valid():
        return _form(page, form, status=422)
    try:
        return _carried_out(page, form)
    except ListChanged as error:
        _now_about(form, page)
        return _form(page, form, status=409, **meanwhile(page.session, page.now, error.seen))
    except Refused as error:
        form.add_error("why" if error.code == "no-reason" else "dose", str(REFUSALS[error.code]))
        return _form(page, form, status=422)


def _carried_out(page: _Page, form: OrderForm) -> HttpResponse:
    """Raises ListChanged, Refused."""
    order, said = page.order(form), form.cleaned_data
    if said["seen"] != page.now.number:
        raise ListChanged(said["seen"], page.now.number)
    found = check(page.session, page.now, order, instead_of=page.line)
    back = _said_back(order)
    answers = _answers(page.request, said)
    if said["shown"] != back or unanswered(found, answers) is not None:
        if found.blocking:
            meet(
                page.session,
                page.now,
                found,
                Prescriber(page.session.person, name_of(page.request)),
            )
        asked_before = said["shown"] == back
        _set(form, shown=back)
        return _form(
            page,
            form,
            back=back,
            stops=[stop_row(each) for each in found.stops],
            to_answer=[alert_row(each, page.now) for each in found.blocking],
            notes=[
                alert_row(e) for e in (*found.answered, *(a for a in found.alerts if not a.blocks))
            ],
            unanswered=asked_before,
            first_to_answer=not found.stops,
            status=422 if asked_before else 200,
        )
    try:
        _act(page, order, said, answers)
    except Unconfirmed:  # something new has come up between the check and the act
        _set(form, shown="")
        return _form(page, form, status=409)
    text = gettext("Changed: %(name)s") if page.line else gettext("Prescribed: %(name)s")
    messages.success(page.request, f"{text % {'name': back}}. {NOT_AT_PHARMACY}")
    return redirect("medicines", patient_id=page.person.id)


def _act(page: _Page, order: Order, said: dict[str, Any], answers: Answers) -> None:
    common = {"patient": f"Patient/{page.person.id}", "order": order, "seen": said["seen"],
              "by_name": name_of(page.request), "answers": answers}  # fmt: skip
    if page.line is None:
        prescribe(page.session, **common)
    else:
        change_medicine(
            page.session,
            medicine=page.line.reference,
            medicine_seen=said["medicine_seen"] or 0,
            why=said["why"],
            **common,
        )


def _answers(request: HttpRequest, said: dict[str, Any]) -> Answers:
    """What the form confirms, and the one reason for all alerts that were on it."""
    shown = request.POST.getlist("alert")
    reason = said["override"].strip()
    return Answers(
        frozenset(request.POST.getlist("confirm")), {each: reason for each in shown if reason}
    )


def _said_back(order: Order) -> str:
    dose = text_of(order.dosage, language()) if order.dosage else f"«{order.words}»"
    return f"{order.name}: {dose}"


def _initial(page: _Page) -> dict[str, Any]:
    """Nothing is filled in for a new medicine: no dose is usual, and none is daily by itself."""
    known: dict[str, Any] = {
        "patient": page.person.id,
        "seen": page.now.number,
        "item": page.item.id if page.item else "",
    }
    if page.line is not None:
        dosage = page.line.instruction.dosage
        known |= {
            "medicine_seen": page.line.version,
            "reason": page.line.reason,
            "dose": (short_form(dosage) or text_of(dosage, language())) if dosage else "",
        }
    return known


def _known(page: _Page) -> list[AlertRow]:
    """What is known against the medicine when it is chosen, before its dose is written."""
    if page.item is not None:
        order = Order.of(page.item, None)
    else:
        assert page.line is not None  # a page without a medicine is never asked
        order = Order(page.line.name, page.line.atc, page.line.item, None)
    found = alerts_of_choice(page.session, page.now, order, instead_of=page.line)
    return [alert_row(each, page.now) for each in found]


def _example(unit: str) -> str:
    """How a weekly dose is written, in the language of the page."""
    monday = Part(Decimal(1), Rhythm(Period.WEEK, 1, (Weekday.MONDAY,)))
    return text_of(Dosage(unit, (Step((monday,)),)), language())


def _set(form: OrderForm, **values: str) -> None:
    data = QueryDict(mutable=True)
    data.update(form.data)
    for name, value in values.items():
        data[name] = value
    form.data = data


def _now_about(form: OrderForm, page: _Page) -> None:
    """The form as filled in, now about the list as it stands; it is said back anew."""
    version = str(page.line.version) if page.line else ""
    _set(form, seen=str(page.now.number), medicine_seen=version, shown="")


def _form(page: _Page, form: OrderForm, *, status: int = 200, **more: Any) -> HttpResponse:
    same = [each for each in ITEMS.values() if page.item and each.atc == page.item.atc]
    context = {
        **beside_dose(page.session, page.person, page.now),
        "known": [] if "back" in more else _known(page),
        "form": form,
        "item": page.item,
        "line": line_of(page.line, language()) if page.line else None,
        "stay": page.stay,
        "strengths": same if page.line and len(same) > 1 else [],
        # what is changed is called what it is until the change is made
        "name": page.line.name if page.line else page.item.label if page.item else "",
        "open_fields": any(
            form.errors.get(name) for name in ("morning", "rhythm", "needed", "most", "days")
        ),
        "weekly_only": bool(page.item and page.item.weekly_only),
        "example": _example(page.unit or "tablet"),
        **more,
    }
    return render(page.request, "clinic/medicine_order.html", context, status=status)


__all__ = ["changing", "prescribing"]
