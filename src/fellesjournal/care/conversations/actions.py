"""What people do in conversations: a citizen writes and reads, a unit takes, answers and ends."""

from __future__ import annotations

from fellesjournal.access import acts, conversing, records
from fellesjournal.access.acts import Operation, Resource, act, change, content, create
from fellesjournal.access.policy.roles import role_of
from fellesjournal.access.representation.rules import Code
from fellesjournal.access.sessions import Session
from fellesjournal.care.conversations import events
from fellesjournal.care.conversations.promises import OTHERWISE, Promise, answer_by, promise
from fellesjournal.care.conversations.queries import addressees, conversation, unit_kind
from fellesjournal.care.conversations.resources import (
    KEYS,
    MOST_TITLE,
    MOST_WORDS,
    Conversation,
    Outcome,
    answer_message,
    first_message,
    further_message,
    pointer,
)
from fellesjournal.care.conversations.staffing import colleagues, may_answer
from fellesjournal.care.conversations.tasks import AnswerTask, done, owned, task_of, touched
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import NotAllowed, NotFound, PreconditionFailed
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import transaction
from fellesjournal.foundation.outbox.events import publish

# Those who act for a child as its parents do: what they write is labelled as shown to them.
_AS_PARENT = frozenset({Code.PARENT, Code.GUARDIAN})


class MessageRefused(ValueError):
    """It can't be sent or done so; ``code`` says why: no-words, too-long, no-title, no-unit,
    no-about, no-outcome, closed, not-a-colleague.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def begin(session: Session, *, unit: str, title: str, words: str, key: str, by_name: str) -> str:
    """A citizen, or somebody acting for her, writes to a unit; answers the id of the conversation.

    ``key`` identifies the form: sent twice, it is one message. Raises MessageRefused, NotAllowed.
    """
    chosen = next((each for each in addressees(session) if each.unit == unit), None)
    if chosen is None:
        raise MessageRefused("no-unit")
    now = clock.now()
    body = first_message(
        key=key,
        patient=session.subject,
        sender=pointer(session.person, by_name),
        unit=pointer(unit, chosen.name),
        title=_title(title),
        words=_words(words),
        at=now,
        answer_by=answer_by(chosen.promise, now),
        shown_to_parents=session.role in _AS_PARENT,
    )
    (stood,) = act(session, [_once(body, key)])
    return stood.id


def ask_for_correction(
    session: Session, *, about: str, words: str, title: str, key: str, by_name: str
) -> str:
    """She asks the unit that wrote something (``about``, ``Type/id``) to correct it.

    Raises MessageRefused, ``no-about`` when nobody says to have written it; NotFound.
    """
    kind, _, fhir_id = about.partition("/")
    meant = content(records.read(session, kind, fhir_id))
    unit = conversing.author_of(meant)
    if not unit:
        raise MessageRefused("no-about")
    known = content(records.read(session, "Organization", unit.partition("/")[2]))
    now = clock.now()
    promised = promise(unit_kind(known), correction=True) or OTHERWISE
    body = first_message(
        key=key,
        patient=session.subject,
        sender=pointer(session.person, by_name),
        unit=pointer(unit, reading.string(known.get("name"))),
        title=_title(title),
        words=_words(words),
        at=now,
        answer_by=answer_by(promised, now),
        about=about,
        shown_to_parents=session.role in _AS_PARENT,
    )
    (stood,) = act(session, [_once(body, key)])
    return stood.id


def write_more(
    session: Session, *, conversation_id: str, words: str, key: str, by_name: str
) -> None:
    """She writes more in a conversation that is not closed. Raises MessageRefused, NotFound."""
    found = conversation(session, session.subject, conversation_id)
    if found.is_closed:
        raise MessageRefused("closed")
    now = clock.now()
    body = further_message(
        found,
        key=key,
        sender=pointer(session.person, by_name),
        words=_words(words),
        at=now,
        answer_by=answer_by(_promise_of(session, found), now),
    )
    act(session, [_once(body, key)])


def note_opened(session: Session, found: Conversation) -> None:
    """She has a conversation before her: which answers she had not read is told."""
    new = found.unread(session.person)
    if new:
        with transaction():
            publish(events.read_event(session.subject, [each.id for each in new], session.person))


def take(session: Session, *, patient: str, task: str, seen: int, by_name: str) -> None:
    """Take a conversation of one's unit. Raises NotFound, NotAllowed, PreconditionFailed."""
    data, read = _of_unit(session, patient, task, seen)
    _check_open(read)
    mine = owned(data, pointer(session.person, by_name), pointer(read.unit, read.unit_name))
    _carry_out(session, patient, read, [change(mine, seen=seen)])


def hand_over(session: Session, *, patient: str, task: str, seen: int, to: str) -> None:
    """Give it to a colleague at the unit (``Practitioner/1``), or back to the unit ("").

    Also a leader's to do. Raises MessageRefused, NotFound, NotAllowed, PreconditionFailed.
    """
    data, read = _of_unit(session, patient, task, seen, leading=True)
    _check_open(read)
    unit = pointer(read.unit, read.unit_name)
    owner = unit
    if to:
        one = next((each for each in colleagues(session, read.unit) if each.reference == to), None)
        if one is None:
            raise MessageRefused("not-a-colleague")
        owner = pointer(one.reference, one.name)
    _carry_out(session, patient, read, [change(owned(data, owner, unit), seen=seen)])


def answer(
    session: Session, *, patient: str, task: str, seen: int, words: str, key: str, by_name: str
) -> None:
    """Answer the citizen. ``seen`` is the Task's version on the page: when a colleague has answered
    or she has written more since, nothing is sent (PreconditionFailed) and the page tells what is
    new. The same form (``key``) sent again is one answer.

    Raises MessageRefused, NotFound, NotAllowed, PreconditionFailed.
    """
    said = _words(words)
    if _is_sent(session, patient, key):
        return
    data, read = _of_unit(session, patient, task, seen)
    found = conversation(session, patient, read.conversation)
    if found.is_closed:
        raise MessageRefused("closed")
    if not set(_asked(found)) <= set(read.messages):
        # written this moment, and not on the Task yet: the page did not show it
        raise PreconditionFailed("she has written more")
    by = pointer(session.person, by_name)
    body = answer_message(
        found,
        key=key,
        sender=by,
        unit=pointer(read.unit, read.unit_name),
        words=said,
        at=clock.now(),
    )
    after = done(data, Outcome.ANSWERED, "", by) if read.is_open else touched(data)
    _carry_out(session, patient, read, [_once(body, key), change(after, seen=seen)], answered=True)


def end(
    session: Session,
    *,
    patient: str,
    task: str,
    seen: int,
    outcome: str,
    words: str,
    by_name: str,
) -> None:
    """Close a conversation with what came of it, which the citizen is told. Words are needed for
    ``other``, and while something of hers is not answered.

    Raises MessageRefused, NotFound, NotAllowed, PreconditionFailed.
    """
    if outcome not in set(Outcome) - {Outcome.ANSWERED}:
        raise MessageRefused("no-outcome")
    said = words.strip()
    if outcome == Outcome.OTHER and not said:
        raise MessageRefused("no-words")
    if len(said) > MOST_WORDS:
        raise MessageRefused("too-long")
    data, read = _of_unit(session, patient, task, seen)
    found = conversation(session, patient, read.conversation)
    if found.is_closed:
        raise PreconditionFailed("it is closed")
    if not set(_asked(found)) <= set(read.messages):
        raise PreconditionFailed("she has written more")
    ended = done(data, Outcome(outcome), said, pointer(session.person, by_name))
    _carry_out(session, patient, read, [change(ended, seen=seen)], answered=True)


def _carry_out(
    session: Session,
    patient: str,
    task: AnswerTask,
    operations: list[Operation],
    *,
    answered: bool = False,
) -> None:
    told = [events.handled_event(patient, task.id)]
    if answered:
        told.append(events.answered_event(patient, task.conversation))
    act(session, operations, lambda _stood: told)


def _of_unit(
    session: Session, patient: str, task_id: str, seen: int, *, leading: bool = False
) -> tuple[Resource, AnswerTask]:
    data, version = acts.read(session, "Task", task_id)
    read = task_of(data, version)
    if read.patient != patient or not read.conversation:
        raise NotFound(f"Task/{task_id} is not known")
    role = role_of(session.role)
    if role is None or not (may_answer(role) or (leading and read.owner == session.person)):
        raise NotAllowed("this role does not answer messages", code="forbidden")
    if session.unit != read.unit and session.person != read.owner:
        raise NotAllowed("it is another unit's to answer", code="forbidden")
    if version != seen:
        raise PreconditionFailed("somebody has changed it")
    return data, read


def _check_open(read: AnswerTask) -> None:
    if not read.is_open:
        raise PreconditionFailed("it has been answered")


def _asked(found: Conversation) -> list[str]:
    return [each.id for each in found.messages if each.is_from_citizen]


def _promise_of(session: Session, found: Conversation) -> Promise:
    unit = content(records.read(session, "Organization", found.unit.partition("/")[2]))
    return promise(unit_kind(unit), correction=bool(found.about)) or OTHERWISE


def _is_sent(session: Session, patient: str, key: str) -> bool:
    page = records.search(
        session, "Communication", [("subject", patient), ("identifier", f"{KEYS}|{key}")]
    )
    return bool(page.matches)


def _once(body: Resource, key: str) -> Operation:
    about = reading.reference_target(body["subject"])  # another patient's message is not this one
    return create(body, unless=f"identifier={KEYS}|{key}&subject={about}")


def _title(text: str) -> str:
    title = " ".join(text.split())
    if not title:
        raise MessageRefused("no-title")
    if len(title) > MOST_TITLE:
        raise MessageRefused("too-long")
    return title


def _words(text: str) -> str:
    words = text.strip()
    if not words:
        raise MessageRefused("no-words")
    if len(words) > MOST_WORDS:
        raise MessageRefused("too-long")
    return words


__all__ = [
    "MessageRefused", "answer", "ask_for_correction", "begin", "end", "hand_over", "note_opened",
    "take", "write_more",
]  # fmt: skip
