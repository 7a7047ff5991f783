"""Conversations as people read them: whom she may write to, hers, and a unit's queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fellesjournal.access import patients, records
from fellesjournal.access.acts import Resource, content
from fellesjournal.access.answering import of_unit
from fellesjournal.access.answers import Stored
from fellesjournal.access.conversing import CATEGORY_SYSTEM, CONVERSATION, following
from fellesjournal.access.policy.kinds import GroundKind
from fellesjournal.access.sessions import Session
from fellesjournal.care.conversations.promises import Promise, promise
from fellesjournal.care.conversations.resources import Conversation, conversations_of
from fellesjournal.care.conversations.tasks import CODE, OPEN, AnswerTask, task_of
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import NotFound
from fellesjournal.fhir.reading import Element
from fellesjournal.registry.units import UNIT_KIND_SYSTEM

_CATEGORY = f"{CATEGORY_SYSTEM}|{CONVERSATION}"
_MOST = "500"


@dataclass(frozen=True, slots=True)
class Addressee:
    """A unit that a citizen may write to. ``kind`` is a code of UnitKind, ``place`` what it belongs
    to, ``grounds`` why it follows her.
    """

    unit: str
    name: str
    place: str
    kind: str
    telephone: str
    grounds: tuple[GroundKind, ...]
    promise: Promise


@dataclass(frozen=True, slots=True)
class Waiting:
    """One row of the queue. ``title`` is "" for who does not see messages (a leader)."""

    task: AnswerTask
    patient_id: str
    patient_name: str
    born: str
    title: str
    is_correction: bool
    is_mine: bool


def addressees(session: Session) -> list[Addressee]:
    """The units a citizen may write to in the record that is open: the GP first, then by name."""
    follow = {each.unit: each.grounds for each in following(session)}
    units = _units(session, list(follow))
    above = _units(
        session, [reading.reference_target(each.get("partOf")) for each in units.values()]
    )
    found = []
    for reference, unit in units.items():
        kind = unit_kind(unit)
        promised = promise(kind)
        if promised is None or unit.get("active") is False:
            continue
        parent = above.get(reading.reference_target(unit.get("partOf")), {})
        found.append(
            Addressee(
                unit=reference,
                name=reading.string(unit.get("name")),
                place=reading.string(parent.get("name")),
                kind=kind,
                telephone=_telephone(unit),
                grounds=follow[reference],
                promise=promised,
            )
        )
    is_gp = GroundKind.LIST_GP
    return sorted(found, key=lambda each: (is_gp not in each.grounds, each.name.casefold()))


def unit_kind(unit: Resource) -> str:
    """What kind of unit an Organization is: a code of UnitKind, or ""."""
    codes = (
        code
        for concept in reading.elements(unit.get("type"))
        for system, code, _ in reading.codings(concept)
        if system == UNIT_KIND_SYSTEM
    )
    return next(codes, "")


def conversations(session: Session, patient: str) -> list[Conversation]:
    """The conversations of a patient (``Patient/1``), the one with the newest message first."""
    bodies = [
        content(each)
        for each in everything(
            session, "Communication", [("subject", patient), ("category", _CATEGORY)]
        )
    ]
    return conversations_of(bodies)


def own_conversations(session: Session) -> list[Conversation]:
    """Those of the record a citizen has open; none where messages are not open to her."""
    return conversations(session, session.subject)


def conversation(session: Session, patient: str, conversation_id: str) -> Conversation:
    """One conversation of this patient, with all its messages. Raises NotFound."""
    first = records.read(session, "Communication", conversation_id)
    parts = everything(
        session,
        "Communication",
        [("part-of", f"Communication/{conversation_id}"), ("category", _CATEGORY)],
    )
    found = conversations_of([content(first), *map(content, parts)])
    one = next((each for each in found if each.id == conversation_id), None)
    if one is None or one.patient != patient or not one.unit:
        raise NotFound(f"Communication/{conversation_id} is not known")
    return one


def own_messages(session: Session, *also: str) -> list[Element]:
    """All messages of the record a citizen has open, and what has one of these categories
    (system|code) besides: in one search, for the first page of HelsaMi.
    """
    asked = [("subject", session.subject), ("category", ",".join([_CATEGORY, *also]))]
    return [content(each) for each in everything(session, "Communication", asked)]


def unread(session: Session, messages: Sequence[Element] | None = None) -> list[Conversation]:
    """The conversations of the open record with an answer that she who asks has not read, the
    oldest first; of ``messages``, if these have been read.
    """
    found = conversations_of(own_messages(session) if messages is None else messages)
    new = [each for each in found if each.unread(session.person)]
    return sorted(new, key=lambda each: each.unread(session.person)[0].sent)


def queue(session: Session) -> list[Waiting]:
    """What awaits an answer at the unit of who asks, or from her by name: her own and the late
    first, then by deadline. One row for each open Task: their count is its length.
    """
    found: dict[str, Waiting] = {}
    for which in (of_unit(session.unit), ("owner", session.person)):
        rows = everything(
            session,
            "Task",
            [
                ("code", CODE),
                ("status", ",".join(OPEN)),
                which,
                ("_include", "Task:focus"),
                ("_include", "Task:patient"),
            ],
        )
        beside = {each.reference: content(each) for each in rows if each.type != "Task"}
        for each in rows:
            if each.type == "Task":
                task = task_of(content(each), each.version)
                found[task.id] = _waiting(session, task, beside)
    return sorted(found.values(), key=_order)


def task_about(session: Session, conversation_id: str) -> AnswerTask | None:
    """The Task of a conversation; None when the platform has not made it yet, or it is not hers to
    see.
    """
    asked = [("focus", f"Communication/{conversation_id}"), ("code", CODE)]
    found = everything(session, "Task", asked)
    return next((task_of(content(each), each.version) for each in found), None)


def _waiting(session: Session, task: AnswerTask, beside: Mapping[str, Resource]) -> Waiting:
    patient = beside.get(task.patient, {})
    first = beside.get(f"Communication/{task.conversation}")
    read = conversations_of([first]) if first is not None else []
    return Waiting(
        task=task,
        patient_id=task.patient.removeprefix("Patient/"),
        patient_name=reading.name_text(patient.get("name")),
        born=reading.string(patient.get("birthDate")),
        title=read[0].title if read else "",
        is_correction=bool(read and read[0].about),
        is_mine=task.owner == session.person,
    )


def _order(each: Waiting) -> tuple[bool, float, str]:
    deadline = each.task.deadline
    return not each.is_mine, deadline.timestamp() if deadline else 0.0, each.task.id


def everything(session: Session, kind: str, query: Sequence[tuple[str, str]]) -> list[Stored]:
    """All matches of a search, and what it includes, page after page."""
    found: dict[tuple[str, str], Stored] = {}
    cursor: str | None = None
    while True:
        page = records.search(session, kind, [*query, ("_count", _MOST)], cursor=cursor)
        found |= {(each.type, each.id): each for each in (*page.matches, *page.included)}
        if page.next is None:
            return list(found.values())
        cursor = page.next


def _units(session: Session, references: Sequence[str]) -> dict[str, Resource]:
    pairs = [
        (kind, fhir_id)
        for kind, _, fhir_id in (each.partition("/") for each in references)
        if kind == "Organization" and fhir_id
    ]
    return {each.reference: content(each) for each in patients.read_known(session, pairs)}


def telephone_of(session: Session, unit: str) -> str:
    """Where a unit (Organization/1) answers the telephone; "" when that is not registered."""
    return _telephone(_units(session, [unit]).get(unit, {}))


def _telephone(unit: Resource) -> str:
    phones = (
        reading.string(each.get("value"))
        for each in reading.elements(unit.get("telecom"))
        if each.get("system") == "phone"
    )
    return next(phones, "")


__all__ = [
    "Addressee",
    "Waiting",
    "addressees",
    "conversation",
    "conversations",
    "everything",
    "own_conversations",
    "queue",
    "task_about",
    "telephone_of",
    "unit_kind",
    "unread",
]  # fmt: skip
