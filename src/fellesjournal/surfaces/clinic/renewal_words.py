"""The words for renewals, as staff read them, and the rows of their pages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fellesjournal.access.answering import Why
from fellesjournal.care.medication.actions import Unrenewable
from fellesjournal.care.medication.queries import MedicationList
from fellesjournal.care.medication.rendering import Line, line_of
from fellesjournal.care.medication.renewals.queries import Waiting, renewable, renewed_today
from fellesjournal.care.medication.renewals.resources import Answer, Outcome, Request
from fellesjournal.care.medication.renewals.tasks import RenewalTask
from fellesjournal.care.medication.resources import Medicine
from fellesjournal.surfaces.clinic.medicine_wording import id_of

WHY_NOT: dict[str, str | Promise] = {
    Unrenewable.NOT_PRESCRIBED: _("It stands on the list without a prescription: prescribe it."),
    Unrenewable.NO_DOSE: _("No dose is written: change it."),
    Unrenewable.DOUBTFUL: _("The dose says two different things: change it."),
    Unrenewable.PAUSED: _("It is paused."),
    Unrenewable.IN_STAY: _("It holds during the stay only."),
    Unrenewable.ENDS: _("A course with an end, or a dose in steps: prescribe it anew."),
}
OUTCOMES: dict[Outcome, str | Promise] = {
    Outcome.RENEWED: _("Renewed"),
    Outcome.DECLINED: _("Not renewed"),
    Outcome.PRESCRIBED: _("Prescribed already"),
}
REFUSED: dict[str, str | Promise] = {
    "nothing-chosen": _("Choose what is to be renewed."),
    "not-prescribed-since": _("Nothing of this was prescribed after it was asked for."),
    "not-on-the-list": _("This medicine is not on the list any more."),
    "not-renewable": _("This can't be renewed as it stands: change it, or prescribe it anew."),
    "no-reason": _("Write why, in a few words: the patient reads it."),
    "too-long": _("It is too long: at most 1000 characters."),
}
ANSWERS_FOR: dict[Why, str | Promise] = {
    Why.OWN: _("You"),
    Why.SUBSTITUTE: _("You stand in for"),
    Why.AWAY: _("Away, without a substitute:"),
    Why.UNIT: _("The unit's"),
    Why.ESCALATED: _("Past its deadline:"),
    Why.NOT: "",
}


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A request in the work list, in words."""

    waiting: Waiting
    task: RenewalTask
    days: int
    hours: int
    why: str
    owner: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line on the page of a renewal. ``value`` is what is ticked; "" when it can't be, with
    ``why_not`` or what was ``answered``. ``asked``: the patient waits for it. ``was``: the dose she
    asked for, when another holds now. ``today``: by whom (a reference) it was renewed today already.
    """

    id: str
    line: Line
    value: str
    is_chosen: bool
    why_not: str
    outcome: str
    answered: Answer | None
    asked: bool
    was: str = ""
    today: str = ""


def queue_rows(found: Iterable[Waiting]) -> list[QueueRow]:
    """Rows in their order."""
    return [
        QueueRow(
            waiting=each,
            task=each.task,
            days=each.task.age.days,
            hours=int(each.task.age.total_seconds() // 3600),
            why=str(ANSWERS_FOR[each.why]),
            owner="" if each.why is Why.OWN else each.task.owner_name,
        )
        for each in found
    ]


def rows_of_list(
    now: MedicationList, language: str, chosen: Collection[str], asked: Collection[str]
) -> list[Row]:
    """Each line of the list; those that can be renewed are ticked if ``chosen`` (references)."""
    return [
        _row(now, line, language, chosen, str(WHY_NOT[reason]) if reason else "", asked)
        for line, reason in renewable(now)
    ]


def rows_of_request(
    now: MedicationList, request: Request, language: str, chosen: Collection[str]
) -> list[Row]:
    """The lines that were asked for, each with what can be done or was said of it."""
    reasons = {line.reference: reason for line, reason in renewable(now)}
    found = []
    for reference in request.lines:
        answer = request.answer_to(reference)
        line = now.stands_for(reference) or now.others.get(reference)
        if line is None:
            continue  # hers who asks to see is narrower than hers who asked: nothing is told of it
        why_not = ""
        if answer is None and line.reference not in reasons:
            why_not = str(_("Not on the list any more."))
        elif reason := reasons.get(line.reference):
            why_not = str(WHY_NOT[reason])
        asked = {line.reference} if reference in request.open_lines else set()
        row = _row(now, line, language, chosen, why_not, asked, answer)
        before = now.others.get(reference)
        if line.reference != reference and before is not None:
            row = replace(row, was=line_of(before, language).dose)
        found.append(row)
    return found


def _row(
    now: MedicationList,
    line: Medicine,
    language: str,
    chosen: Collection[str],
    why_not: str,
    asked: Collection[str],
    answer: Answer | None = None,
) -> Row:
    may = not why_not and answer is None
    return Row(
        id=id_of(line.reference),
        line=line_of(line, language),
        value=f"{id_of(line.reference)}:{line.version}" if may else "",
        is_chosen=may and line.reference in chosen,
        why_not="" if answer else why_not,
        outcome=str(OUTCOMES[answer.outcome]) if answer else "",
        answered=answer,
        asked=line.reference in asked,
        today=line.prescriber if renewed_today(now, line) else "",
    )


def chosen_in(values: Sequence[str]) -> dict[str, int]:
    """What is ticked on a page: references with the versions that stood there. Others: left out."""
    found = {}
    for value in values:
        fhir_id, _colon, version = value.partition(":")
        if fhir_id and version.isascii() and version.isdecimal() and len(version) < 10:
            found[f"MedicationRequest/{fhir_id}"] = int(version)
    return found


__all__ = [
    "OUTCOMES", "REFUSED", "WHY_NOT", "QueueRow", "Row", "chosen_in", "queue_rows", "rows_of_list",
    "rows_of_request",
]  # fmt: skip
