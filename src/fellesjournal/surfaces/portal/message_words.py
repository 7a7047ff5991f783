"""Messages in HelsaMi's words: why one may write to a unit, how soon it answers, how things stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.access.policy.kinds import GroundKind
from fellesjournal.care.conversations.queries import Addressee
from fellesjournal.care.conversations.resources import Conversation, Message, Outcome
from fellesjournal.care.scheduling.wording import clock_time
from fellesjournal.surfaces.portal.appointment_words import day_of

_A_MOMENT = timedelta(microseconds=1)

WHY: Mapping[GroundKind, str | Promise] = {
    GroundKind.LIST_GP: _("GP"),
    GroundKind.HOME_CARE: _("gives municipal services"),
    GroundKind.ENCOUNTER: _("has treated lately"),
    GroundKind.APPOINTMENT: _("has an appointment"),
    GroundKind.REFERRAL: _("has a referral or an application"),
}
"""What tells most first: that alone is shown."""
OUTCOMES: Mapping[str, str | Promise] = {
    Outcome.PHONED: _("You were phoned about it."),
    Outcome.APPOINTMENT: _("An appointment was made about it."),
    Outcome.CORRECTED: _("It has been corrected."),
    Outcome.DONE: _("It has been done."),
    Outcome.OTHER: _("Closed by those you wrote to."),
}
_OF_ANOTHER: Mapping[str, str | Promise] = {
    Outcome.PHONED: _("Somebody phoned about it."),
    Outcome.OTHER: _("Closed by those it was written to."),
}
"""The outcomes that speak of "you", for who acts for another."""
REFUSED: Mapping[str, str | Promise] = {
    "no-unit": _("Choose whom you write to."),
    "no-title": _("Write in a few words what it is about."),
    "no-words": _("Write your message."),
    "too-long": _("It is too long. Shorten it, or send it as two messages."),
    "closed": _(
        "This conversation was closed meanwhile. Your text is kept below: begin a new one."
    ),
    "no-about": _("It does not say who wrote this. Phone those who treated you."),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A unit that can be written to, in words."""

    unit: str
    name: str
    about: str
    answers: str
    telephone: str


@dataclass(frozen=True, slots=True)
class Row:
    """A conversation in the list. ``is_new``: an answer that she who looks has not read."""

    id: str
    title: str
    unit: str
    state: str
    when: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Said:
    """One message as the page shows it. ``by`` is the name, ``how`` for whom or from where."""

    id: str
    words: str
    by: str
    how: str
    when: str
    is_own_side: bool
    is_new: bool


def choice(found: Addressee) -> Choice:
    """An addressee in words."""
    why = next((str(text) for kind, text in WHY.items() if kind in found.grounds), "")
    days = found.promise.working_days
    return Choice(
        unit=found.unit,
        name=found.name,
        about=" · ".join(filter(None, [why, found.place])),
        answers=ngettext(
            "Answers within %(n)s working day", "Answers within %(n)s working days", days
        )
        % {"n": days},
        telephone=found.telephone,
    )


def rows(found: Iterable[Conversation], person: str) -> list[Row]:
    """Conversations in their order, as this person (``Patient/1``) sees them."""
    return [_row(each, person) for each in found]


def _row(each: Conversation, person: str) -> Row:
    return Row(
        id=each.id,
        title=each.title,
        unit=each.unit_name,
        state=state(each, person),
        when=day_of(each.last.sent),
        is_new=bool(each.unread(person)),
    )


def outcome(found: Conversation, person: str) -> str:
    """What came of a closed conversation; "you" is said to herself alone."""
    of_another = found.patient != person and _OF_ANOTHER.get(found.outcome)
    return str(of_another or OUTCOMES.get(found.outcome, ""))


def state(each: Conversation, person: str) -> str:
    """How a conversation stands, in one phrase."""
    if each.unread(person):
        return gettext("New answer")
    if each.is_closed:
        return gettext("Closed")
    due = each.answer_by
    if each.awaits_answer and due is not None:
        return gettext("Answer expected by %(day)s") % {"day": last_day(each)}
    return gettext("Sent") if each.awaits_answer else gettext("Answered")


def last_day(each: Conversation) -> str:
    """The last day an answer was promised for; a deadline at midnight is its end."""
    due = each.answer_by
    return "" if due is None else day_of(due - _A_MOMENT)


def said(found: Conversation, person: str, name: str) -> list[Said]:
    """The messages of a conversation. ``name`` is whose record it is."""
    new = {each.id for each in found.unread(person)}
    return [_said(each, found, person, name, is_new=each.id in new) for each in found.messages]


def _said(each: Message, found: Conversation, person: str, name: str, *, is_new: bool) -> Said:
    how = each.unit_name
    if each.is_from_citizen:
        is_for_another = each.sender != found.patient
        how = gettext("for %(name)s") % {"name": name} if is_for_another else ""
    by = each.sender_name or (name if each.sender == found.patient else "")
    if each.sender == person:
        by = gettext("You")
    return Said(
        id=each.id,
        words=each.words,
        by=by,
        how=how,
        when=_moment(each),
        is_own_side=each.is_from_citizen,
        is_new=is_new,
    )


def _moment(each: Message) -> str:
    return gettext("%(day)s at %(time)s") % {
        "day": day_of(each.sent), "time": clock_time(each.sent),
    }  # fmt: skip


__all__ = [
    "OUTCOMES", "REFUSED", "WHY", "Choice", "Row", "Said", "choice", "last_day", "outcome", "rows", "said",
    "state",
]  # fmt: skip
