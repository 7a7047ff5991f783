"""Renewals in HelsaMi's words: what may be asked for, why not, and how far it has come."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.care.medication.actions import Unrenewable
from fellesjournal.care.medication.queries import MedicationList
from fellesjournal.care.medication.rendering import Line, Rendered, line_of
from fellesjournal.care.medication.renewals.queries import Askable, News
from fellesjournal.care.medication.renewals.resources import Answer, Outcome, Request
from fellesjournal.care.medication.resources import Medicine
from fellesjournal.foundation import clock
from fellesjournal.foundation.clock import NORWAY
from fellesjournal.foundation.ui.templatetags.ui import on_day

# Assumption (configurable): so long an answer is told about what is not on the list any more.
_TOLD_FOR = timedelta(days=30)

WHY_NOT: Mapping[str, str | Promise] = {
    "asked": _("It is asked for already."),
    "not-by-gp": _("It was not prescribed at the GP's office. Write to the GP about it."),
    Unrenewable.NOT_PRESCRIBED: _("There is no prescription to renew. Write to the GP about it."),
    Unrenewable.NO_DOSE: _("No dose is written. Write to the GP about it."),
    Unrenewable.DOUBTFUL: _("The dose must be looked at first. Write to the GP about it."),
    Unrenewable.PAUSED: _("It is paused. Write to the GP about it."),
    Unrenewable.IN_STAY: _("It is given during the hospital stay only."),
    Unrenewable.ENDS: _("It is taken for a limited time. Write to the GP if more is needed."),
}
REFUSED: Mapping[str, str | Promise] = {
    "nothing-chosen": _("Choose at least one medicine."),
    "no-office": _("No GP's office that can be asked is registered. Phone the GP."),
    "asked": _("One of these is asked for already. Look below, and send what is left."),
    "not-on-the-list": _("One of these is not on the list any more. Look below."),
    "not-renewable": _("One of these can't be asked for. Look below why."),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A line of the list that may be asked for, or why not."""

    id: str
    line: Line
    is_chosen: bool
    why_not: str


@dataclass(frozen=True, slots=True)
class State:
    """How far a renewal of a line has come: in a word, with the day, and the words of who said no."""

    label: str
    text: str
    words: str
    color: str


def choices(shown: Rendered, may: Askable, chosen: Collection[str]) -> list[Choice]:
    """The lines of a list for who asks."""
    return [
        Choice(
            id=id_of(line.reference),
            line=line,
            is_chosen=line.reference in chosen and line.reference in may.lines,
            why_not=""
            if line.reference in may.lines
            else str(WHY_NOT.get(may.why_not.get(line.reference, ""), ""))
            or gettext("Phone the GP."),
        )
        for line in shown.lines
    ]


def states(now: MedicationList, requests: Sequence[Request], language: str) -> dict[str, State]:
    """What is to be told beside the lines of a list, by reference: of each its newest request.

    What was asked for before the dose was changed is told beside what holds now.
    """
    found: dict[str, State] = {}
    for request in requests:  # newest first
        for line in request.lines:
            answer = request.answer_to(line)
            on_list = now.stands_for(line)
            if on_list is None or (answer is not None and answer.outcome is Outcome.RENEWED):
                continue
            is_other = on_list.reference != line and answer is None
            state = _changed(on_list, request, language) if is_other else _state(request, answer)
            found.setdefault(on_list.reference, state)
    for medicine in now.medicines:
        answer = _renewed(medicine.prior, requests)
        if answer is not None:
            found.setdefault(medicine.reference, _told(answer))
    return found


def news(
    now: MedicationList, requests: Sequence[Request], language: str
) -> list[tuple[Line, State]]:
    """What was asked for and is not on the list any more without having been renewed; what was
    answered is told for some time.
    """
    since = clock.now() - _TOLD_FOR
    found = []
    for request in requests:
        for reference in request.lines:
            answer = request.answer_to(reference)
            line = now.others.get(reference)
            is_told = answer is None or (
                answer.outcome is not Outcome.RENEWED and answer.at > since
            )
            if now.stands_for(reference) is None and line is not None and is_told:
                found.append((line_of(line, language), _state(request, answer)))
    return found


def answered(news: Iterable[News]) -> list[str]:
    """What the first page says of each answer to a request for renewal: of what, and what came of it."""
    return [_answered(each) for each in news]


def _answered(news: News) -> str:
    if news.answer.outcome is Outcome.RENEWED:
        text = gettext("Renewal of %(medicines)s: renewed %(day)s by %(name)s")
    elif news.answer.outcome is Outcome.PRESCRIBED:
        text = gettext("Renewal of %(medicines)s: prescribed already, answered %(day)s by %(name)s")
    else:
        text = gettext("Renewal of %(medicines)s: not renewed, answered %(day)s by %(name)s")
    return text % {
        "medicines": get_text_list(list(news.medicines), gettext("and")) or gettext("medicines"),
        "day": on_day(news.answer.at.astimezone(NORWAY).date()),
        "name": news.answer.by_name or gettext("the GP's office"),
    }


def _renewed(prior: str, requests: Sequence[Request]) -> Answer | None:
    """The answer by which a line took the place of ``prior``, if she had asked for that."""
    answers = (each.answer_to(prior) for each in requests if prior)
    return next((e for e in answers if e is not None and e.outcome is Outcome.RENEWED), None)


def _state(request: Request, answer: Answer | None) -> State:
    if answer is not None:
        return _told(answer)
    text = gettext("%(day)s. Answer by %(last)s at the latest.") % {
        "day": on_day(request.sent.astimezone(NORWAY).date()),
        "last": on_day(request.last_day),
    }
    return State(gettext("Renewal asked for"), text, "", "info")


def _changed(line: Medicine, request: Request, language: str) -> State:
    """The dose was changed after a renewal was asked for, which awaits its answer."""
    said = {
        "asked": on_day(request.sent.astimezone(NORWAY).date()),
        "dose": line_of(line, language).dose,
        "last": on_day(request.last_day),
        "day": "" if line.since is None else on_day(line.since.at.astimezone(NORWAY).date()),
    }
    if line.since is None:
        words = gettext("%(asked)s. Changed, now: %(dose)s. Answer by %(last)s at the latest.")
    else:
        words = gettext(
            "%(asked)s. Changed %(day)s, now: %(dose)s. Answer by %(last)s at the latest."
        )
    return State(gettext("Renewal asked for"), words % said, "", "info")


def _told(answer: Answer) -> State:
    day = on_day(answer.at.astimezone(NORWAY).date())
    said = {"day": day, "name": answer.by_name}
    if answer.outcome is Outcome.RENEWED:
        return State(gettext("Renewed"), gettext("%(day)s by %(name)s.") % said, "", "success")
    if answer.outcome is Outcome.PRESCRIBED:
        text = gettext("%(day)s by %(name)s, with the dose that stands here.") % said
        return State(gettext("Prescribed already"), text, "", "success")
    text = gettext("%(name)s answered %(day)s:") % said
    return State(gettext("Not renewed"), text, answer.words, "warning")


def id_of(reference: str) -> str:
    """The id in a reference."""
    return reference.partition("/")[2]


__all__ = [
    "REFUSED",
    "WHY_NOT",
    "Choice",
    "State",
    "answered",
    "choices",
    "id_of",
    "news",
    "states",
]
