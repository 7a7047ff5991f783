"""Words for alerts, hard stops and refusals about medicines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.access.sessions import Session
from fellesjournal.care.medication.alerts import Alert, AlertKind
from fellesjournal.care.medication.queries import MedicationList, list_of
from fellesjournal.care.medication.rendering import Line, line_of, render
from fellesjournal.care.medication.resources import Medicine
from fellesjournal.care.medication.safety import HardStop, StopKind
from fellesjournal.fhir.dosage import Period
from fellesjournal.fhir.dosage.wording import WORDS
from fellesjournal.surfaces.clinic.medicine_forms import language

_ALERTS: dict[AlertKind, str | Promise] = {
    AlertKind.ALLERGY: _("Allergy"),
    AlertKind.SAME_SUBSTANCE: _("The same medicine is already in use"),
    AlertKind.SAME_GROUP: _("A medicine of the same group is in use"),
}
NOT_AT_PHARMACY = _(
    "It stands in the shared list. No prescription is sent to a pharmacy from here."
)
"""Of what is prescribed or renewed: electronic prescriptions are not built (decision 19)."""
REFUSALS: dict[str, str | Promise] = {
    "no-reason": _("Write why, in a few words."),
    "no-dose": _("Write the dose, or fill in the fields."),
    "not-on-the-list": _("This medicine is not on the list any more."),
    "undecided": _("Decide every line before the list is confirmed."),
    "too-late": _("It is too late to undo: stop or change the medicine instead."),
    "nothing-to-undo": _("There is nothing to undo."),
}


@dataclass(frozen=True, slots=True)
class StopRow:
    """A hard stop in words."""

    id: str
    medicine: str
    title: str
    before: str
    after: str
    confirm: str


@dataclass(frozen=True, slots=True)
class AlertRow:
    """An alert in words. ``change`` is the id of the same medicine's line on the list, whose dose
    may be what is to be changed; "" when there is none.
    """

    id: str
    title: str
    what: str
    more: str
    grave: bool
    change: str = ""


def period_words(period: str) -> str:
    """A period of care.medication.safety in words: ``every 2 weeks``; several are joined."""
    if not period:
        return gettext("not known")
    forms = WORDS[language()].every
    said = []
    for each in period.split("+"):
        unit = each.lstrip("0123456789")
        number = each.removesuffix(unit)
        each_one, each_nth = forms[Period(unit)]
        said.append(each_nth.format(number) if number else each_one)
    return " + ".join(said)


def stop_row(stop: HardStop) -> StopRow:
    """A hard stop in words, with the sentence that is confirmed."""
    if stop.kind is StopKind.PERIOD:
        title = gettext("The dose changes from %(before)s to %(after)s") % {
            "before": period_words(stop.before),
            "after": period_words(stop.after),
        }
        confirm = gettext("Yes, from %(before)s to %(after)s is what I mean") % {
            "before": period_words(stop.before),
            "after": period_words(stop.after),
        }
    elif stop.kind is StopKind.PERIOD_UNKNOWN:
        title = gettext("It can't be told whether the dose changes between day and week")
        confirm = gettext("Yes, I have compared the two doses")
    else:
        title = gettext("This medicine is usually taken once a week, and this dose is not weekly")
        confirm = gettext("Yes, this dose is meant, and not a weekly one")
    return StopRow(stop.id, stop.medicine, title, stop.words_before, stop.words_after, confirm)


def alert_row(alert: Alert, now: MedicationList | None = None) -> AlertRow:
    """An alert in words; with the list, the line it is about can be changed instead."""
    line = now.of(alert.cause) if now and alert.kind is AlertKind.SAME_SUBSTANCE else None
    change = id_of(line.reference) if line else ""
    return AlertRow(alert.id, str(_ALERTS[alert.kind]), alert.what, alert.more, alert.grave, change)


def medicines_panel(session: Session, patient_id: str) -> dict[str, Any]:
    """What the overview shows of the medication list: the same lines as every page (INV-17)."""
    found = list_of(session, patient_id)
    return {
        "medicine_list": render(found, language()),
        "outside": lines(found.outside, language()),
        "reported": lines(found.reported, language()),
    }


def lines(medicines: tuple[Medicine, ...], language: str) -> list[Line]:
    """Medicines in words."""
    return [line_of(each, language) for each in medicines]


def id_of(reference: str) -> str:
    """The id in a reference."""
    return reference.partition("/")[2]


def by_id(found: MedicationList, fhir_id: str) -> Medicine | None:
    """The line of the list with this id."""
    return next((each for each in found.medicines if id_of(each.reference) == fhir_id), None)


__all__ = [
    "NOT_AT_PHARMACY", "REFUSALS", "AlertRow", "StopRow", "alert_row", "by_id", "id_of", "lines", "medicines_panel",
    "period_words", "stop_row",
]  # fmt: skip
