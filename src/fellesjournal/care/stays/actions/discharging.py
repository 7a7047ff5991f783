"""The discharge: summary, deliveries, the end of the stay and the news of it in one act.

Packages of care don't know each other, and a letter is made by another one. Whoever composes the
discharge (a page) hands over the operations that make the letter and its deliveries, ready-made,
and :func:`discharge` carries them out in the same act as its own: one transaction, in which the
guard of the record (access/discharges.py) looks at all of it. Nothing is nested and nothing can
be left half done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fellesjournal.access import acts
from fellesjournal.access.acts import Operation, Stored, act, change, create
from fellesjournal.access.discharges import (
    DOCUMENT_TYPE,
    LATER,
    LEAST_WORDS,
    REASONS,
    SUMMARY_OWED,
    SUMMARY_TYPE,
)
from fellesjournal.access.relations.derive import ANSWERING_UNIT
from fellesjournal.access.sessions import Session
from fellesjournal.care.stays import codes, events
from fellesjournal.care.stays.actions.standing import load, load_lasting, named
from fellesjournal.care.stays.queries import owed_of, summary_of_stay
from fellesjournal.care.stays.refusals import StayRefused, Why
from fellesjournal.care.stays.resources import (
    Person,
    Resource,
    Stay,
    ended,
    exception,
    moment_text,
    stay_of,
    with_extension,
)
from fellesjournal.care.stays.summaries import (
    PARTS,
    Summary,
    is_summary,
    new_summary,
    signed,
    summary_of,
    written,
)
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation import clock
from fellesjournal.foundation.outbox.events import Event

SUMMARY_WITHIN = timedelta(days=7)
"""L11. Assumption (configurable): how long after a stay its summary may take."""
DOCTOR = "doctor"

Tell = Callable[[Sequence[Stored]], Iterable[Event]]


@dataclass(frozen=True, slots=True)
class Leaving:
    """How a stay ends: ``to`` is a code of DESTINATIONS; ``at`` is aware, None for now."""

    to: str = "home"
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sending:
    """What another package has made ready: operations of the letter and its deliveries, and the
    events of what then stands, in the order of the operations.
    """

    operations: Sequence[Operation]
    tell: Tell = field(default=lambda _: ())


def save_summary(
    session: Session,
    *,
    patient: str,
    stay_id: str,
    texts: Mapping[str, str],
    seen: int,
    language: str = "nb",
) -> Summary:
    """Write the draft of the summary of a stay; ``seen`` is its version, 0 for a new one.

    Raises StayRefused (NOT_YOURS, SIGNED, CHANGED when somebody else has written meanwhile).
    """
    _, stay = load(session, patient, stay_id)
    found = summary_of_stay(session, stay)
    (me,) = named(session, session.person)
    now = clock.now()
    texts = {each.key: texts.get(each.key, "") for each in PARTS}
    if found is None:
        made = new_summary(stay, texts, language=language, author=me, at=now)
        query = (
            f"encounter={stay.reference}&type={DOCUMENT_TYPE}%7C{SUMMARY_TYPE}&status=preliminary"
        )
        (stood,) = act(session, [create(made, unless=query)])
        return summary_of(acts.content(stood), stood.version)
    if not found.is_draft:
        raise StayRefused(Why.SIGNED)
    if found.version != seen:
        raise StayRefused(Why.CHANGED)
    data, version = acts.read(session, "Composition", found.id)
    (stood,) = act(session, [change(written(data, texts, author=me, at=now), seen=version)])
    return summary_of(acts.content(stood), stood.version)


def discharge(
    session: Session,
    *,
    patient: str,
    stay_id: str,
    seen: int,
    summary_id: str,
    summary_seen: int,
    leaving: Leaving,
    sending: Sending,
    without_gp: str = "",
) -> Stay:
    """Sign the summary, send it and end the stay: all of it, or nothing.

    ``without_gp`` is why it goes to others and not to a GP, when the patient has none. Raises
    StayRefused (NOT_A_DOCTOR, OVER, NOT_YOURS, MISSING parts, NOT_THEN, CHANGED);
    ``discharges.NoSummary`` when what is sent does not reach the GP (INV-42); PreconditionFailed.
    """
    encounter, stay = load_lasting(session, patient, stay_id)
    (me,) = named(session, session.person)
    signing = _signing(session, stay, summary_id, summary_seen, me)
    if without_gp:
        encounter = _excepted(encounter, "no-list-gp", without_gp, me)
    over = change(ended(encounter, at=_end(stay, leaving), to=leaving.to), seen=seen)
    operations = [signing, *sending.operations, over]

    def tell(stood: Sequence[Stored]) -> Iterator[Event]:
        yield from sending.tell(stood[1:-1])
        yield _discharged(stay, leaving, summary=stood[0].reference)

    stood = act(session, operations, tell)
    return stay_of(acts.content(stood[-1]), stood[-1].version)


def discharge_without(
    session: Session,
    *,
    patient: str,
    stay_id: str,
    seen: int,
    leaving: Leaving,
    reason: str,
    words: str,
) -> Stay:
    """End a stay whose summary is not sent now, with a coded reason and words (INV-42).

    "summary-later" leaves a Task to write it, of the doctor who answers for the patient and of
    the ward, due SUMMARY_WITHIN after the end. Raises StayRefused (NO_REASON, NOT_A_DOCTOR,
    OVER, NOT_YOURS, NOT_THEN), PreconditionFailed.
    """
    encounter, stay = load_lasting(session, patient, stay_id)
    _must_be_doctor(session)
    if reason not in REASONS or len(words.strip()) < LEAST_WORDS:
        raise StayRefused(Why.NO_REASON)
    (me,) = named(session, session.person)
    at = _end(stay, leaving)
    excepted = _excepted(encounter, reason, words, me)
    operations = [change(ended(excepted, at=at, to=leaving.to), seen=seen)]
    if reason == LATER:
        operations.append(create(_owed(stay, at, me)))
    stood = act(session, operations, lambda _: [_discharged(stay, leaving)])
    return stay_of(acts.content(stood[0]), stood[0].version)


def send_owed(
    session: Session,
    *,
    patient: str,
    stay_id: str,
    summary_id: str,
    summary_seen: int,
    sending: Sending,
) -> None:
    """Sign and send the summary of a stay that is over; the task that owed it is done.

    Raises StayRefused (NOT_A_DOCTOR, NOT_YOURS, MISSING parts, CHANGED), NotFound when none is
    owed, PreconditionFailed.
    """
    _, stay = load(session, patient, stay_id)
    (me,) = named(session, session.person)
    signing = _signing(session, stay, summary_id, summary_seen, me)
    owed = owed_of(session, stay)
    if owed is None:
        raise NotFound("no summary is owed for this stay")
    task, version = owed
    task = {**task, "status": "completed", "lastModified": moment_text(clock.now())}
    operations = [signing, *sending.operations, change(task, seen=version)]
    act(session, operations, lambda stood: sending.tell(stood[1:-1]))


def _signing(session: Session, stay: Stay, summary_id: str, seen: int, me: Person) -> Operation:
    _must_be_doctor(session)
    data, version = acts.read(session, "Composition", summary_id)
    found = summary_of(data, version)
    if not is_summary(data) or found.stay != stay.reference:
        raise NotFound(f"Composition/{summary_id} is not known")
    if not found.is_draft:
        raise StayRefused(Why.SIGNED)
    if version != seen:
        raise StayRefused(Why.CHANGED)
    if found.missing:
        raise StayRefused(Why.MISSING, *found.missing)
    return change(signed(data, by=me, at=clock.now()), seen=version)


def _must_be_doctor(session: Session) -> None:
    """Assumption (configurable, this is the place): a doctor discharges, and signs the summary."""
    if session.kind != "system" and session.role != DOCTOR:
        raise StayRefused(Why.NOT_A_DOCTOR)


def _end(stay: Stay, leaving: Leaving) -> datetime:
    if leaving.to not in codes.DESTINATIONS:
        raise StayRefused(Why.MISSING, "to")
    now = clock.now()
    at = now if leaving.at is None else leaving.at
    if at > now or (stay.since is not None and at < stay.since.at):
        raise StayRefused(Why.NOT_THEN)
    return at


def _excepted(encounter: Resource, reason: str, words: str, me: Person) -> Resource:
    if len(words.strip()) < LEAST_WORDS:
        raise StayRefused(Why.NO_REASON)
    return with_extension(encounter, exception(reason, words.strip(), me, clock.now()))


def _owed(stay: Stay, at: datetime, me: Person) -> Resource:
    owner = stay.placing.doctor if stay.placing.doctor.reference else stay.unit
    return {
        "resourceType": "Task",
        "status": "requested",
        "intent": "order",
        "code": codes.concept(codes.TASK_CODE, SUMMARY_OWED, "Skrive epikrise"),
        "focus": {"reference": stay.reference},
        "for": {"reference": stay.patient},
        "authoredOn": moment_text(clock.now()),
        "requester": me.as_json(),
        "owner": owner.as_json(),
        "restriction": {"period": {"end": moment_text(at + SUMMARY_WITHIN)}},
        "extension": [{"url": ANSWERING_UNIT, "valueReference": stay.unit.as_json()}],
    }


def _discharged(stay: Stay, leaving: Leaving, **facts: str) -> Event:
    return events.of_stay(events.DISCHARGED, stay.patient, stay.reference, to=leaving.to, **facts)


__all__ = [
    "SUMMARY_WITHIN", "Leaving", "Sending", "discharge", "discharge_without", "save_summary",
    "send_owed",
]  # fmt: skip
