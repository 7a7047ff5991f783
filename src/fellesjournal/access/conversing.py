"""Conversations between a citizen and the units that have a ground for her: whom she may write to,
and that what was said stays as it was said.

A conversation is a Communication that others are ``partOf``; each says who it is from. A citizen
begins one with a unit that has a ground to open her record, or asks a unit to correct what it has
written; staff answer in one that was begun with their unit, is open, and whose Task they complete
in the same transaction, as the version they have seen: so nobody answers past a colleague, and
what is answered is nobody's work any more. Nobody but the platform changes what stands (it notes
who has read it and who handles it). A name beside a reference is the registered one. Held on every
path: pages, API and Bundles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fellesjournal.access.naming import check_names
from fellesjournal.access.policy.areas import AREA_OF, Area
from fellesjournal.access.policy.kinds import GroundKind
from fellesjournal.access.policy.roles import role_of
from fellesjournal.access.policy.rules import Role
from fellesjournal.access.relations.derive import ANSWERING_UNIT, TASK_SYSTEM
from fellesjournal.access.sessions import Session
from fellesjournal.access.standing import seen
from fellesjournal.fhir import reading
from fellesjournal.fhir.definitions import type_number
from fellesjournal.fhir.issues import NotAllowed
from fellesjournal.store.commit import NEW, Change, Method

CATEGORY_SYSTEM = "https://fellesjournal.example/fhir/CodeSystem/communication-category"
"""Our own code system of what a Communication is."""
CONVERSATION = "conversation"
"""A message between a citizen and a unit."""
CORRECTION = "correction-request"
"""Beside it: she asks for a correction of what it is ``about``."""

ANSWER_MESSAGE = "message-answer"
"""The code of the Task that a conversation is answered by."""

GROUNDS = (
    GroundKind.LIST_GP, GroundKind.ENCOUNTER, GroundKind.APPOINTMENT, GroundKind.REFERRAL,
    GroundKind.HOME_CARE,
)  # fmt: skip
"""On which grounds a unit can be written to. Not a requisition: a laboratory meets no patients. Not
a task or a team alone: neither says that the unit follows her."""


@dataclass(frozen=True, slots=True)
class Follows:
    """A unit (``Organization/1``) that has a ground for the citizen, and on which grounds."""

    unit: str
    grounds: tuple[GroundKind, ...]


# Units with a ground of their own, or of somebody who works there. Who works at several units has
# none of them meant for certain, but that a list GP is meant as one; a unit that the citizen has
# closed her messages to is left out: nobody there could read what she writes.
_FOLLOWING = """
with held as (
    select g.holder, g.kind, h.type from access.ground g join store.resource h on h.rid = g.holder
     where g.patient = current_setting('fj.subject')::bigint and g.kind = any (%(kinds)s)
       and g.starts <= current_setting('fj.now')::bigint
       and g.ends > current_setting('fj.now')::bigint),
works as (
    select e.source, e.practitioner, e.unit, e.code,
           count(*) over (partition by e.practitioner) as posts,
           count(*) filter (where e.code = 'gp') over (partition by e.practitioner) as lists
      from access.employment e
     where e.starts <= current_setting('fj.now')::bigint
       and e.ends > current_setting('fj.now')::bigint
       and e.practitioner in (
            select holder from held
            union select x.practitioner from access.employment x join held on held.holder = x.source)
       and not exists (select from access.inactive i where i.source = e.practitioner)),
units as (
    select holder as unit, kind from held where type = %(organization)s
    union select p.parent, h.kind from held h join access.part_of p on p.source = h.holder
           where h.type = %(service)s
    union select w.unit, h.kind from held h join works w on w.source = h.holder
    union select w.unit, h.kind from held h join works w on w.practitioner = h.holder
           where w.posts = 1 or (h.kind = %(list_gp)s and w.lists = 1 and w.code = 'gp'))
select r.fhir_id, array_agg(distinct u.kind order by u.kind)
  from units u join store.resource r on r.rid = u.unit
 where r.type = %(organization)s and not r.deleted and r.version > 0
   and not exists (
       select from access.block b
        where b.patient = current_setting('fj.subject')::bigint
          and b.starts <= current_setting('fj.now')::bigint
          and b.ends > current_setting('fj.now')::bigint
          and b.resource = 0 and b.care_lo is null and (b.areas & %(area)s) <> 0
          and (b.holders && (
                with recursive above(place) as (
                    select u.unit union select p.parent from above a
                      join access.part_of p on p.source = a.place)
                select array_agg(place) from above)) <> b.all_but)
 group by r.fhir_id order by r.fhir_id
"""


def following(session: Session) -> list[Follows]:
    """The units that follow the citizen whose record is open, and can read what she writes them."""
    rows = session.connection().execute(
        _FOLLOWING,
        {
            "kinds": [int(kind) for kind in GROUNDS],
            "organization": type_number("Organization"),
            "service": type_number("HealthcareService"),
            "list_gp": int(GroundKind.LIST_GP),
            "area": int(Area.MESSAGES),
        },
    )  # fmt: skip
    return [
        Follows(f"Organization/{fhir_id}", tuple(GroundKind(kind) for kind in kinds))
        for fhir_id, kinds in rows
    ]


def is_conversation(data: Mapping[str, Any]) -> bool:
    """Whether this is a message of a conversation."""
    return data.get("resourceType") == "Communication" and _has(data, CONVERSATION)


def is_from_citizen(data: Mapping[str, Any]) -> bool:
    """Whether this is a message that a citizen, or somebody for her, has written to a unit."""
    sender = reading.reference_target(data.get("sender"))
    return is_conversation(data) and sender.startswith("Patient/")


def unit_of(data: Mapping[str, Any]) -> str:
    """The unit that answers in the conversation that a Communication begins."""
    for each in reading.elements(data.get("extension")):
        if each.get("url") == ANSWERING_UNIT:
            return reading.reference_target(each.get("valueReference"))
    return _recipient(data)


def author_of(data: Mapping[str, Any]) -> str:
    """The unit (``Organization/1``) that a document or a note says it was written by; ""."""
    found = [data.get("custodian"), data.get("serviceProvider")]
    for name in ("author", "performer"):
        found += list(reading.elements(data.get(name)))
    targets = (reading.reference_target(each) for each in found)
    return next((each for each in targets if each.startswith("Organization/")), "")


def may_answer(role: Role) -> bool:
    """Whether a role may write messages to patients."""
    return any(Area.MESSAGES in areas for areas in role.write.values())


def check(session: Session, changes: Sequence[Change]) -> None:
    """Before a commit, inside its transaction. Raises NotAllowed."""
    for change in changes:
        if change.type == "Task":
            _check_work(session, change)
        elif change.type != "Communication":
            continue
        elif change.method is not Method.POST:
            _check_kept(session, change)
        elif change.body is not None and is_conversation(change.body.data):
            check_names(session, _named(change.body.data))
            _check_said(session, change.body.data, changes)


def _check_work(session: Session, change: Change) -> None:
    """Who answers a citizen is shown to her by name."""
    data = None if change.body is None else change.body.data
    if data is None or not _is_answering(data):
        return
    stood = None if change.method is Method.POST else seen(session, f"Task/{change.id}")
    check_names(session, _named(data), stood=[] if stood is None else _named(stood))


def _is_answering(task: Mapping[str, Any]) -> bool:
    found = {(system, code) for system, code, _ in reading.codings(task.get("code"))}
    return (TASK_SYSTEM, ANSWER_MESSAGE) in found


def _named(data: Mapping[str, Any]) -> Iterator[object]:
    """The references beside which a message or its Task says a name."""
    for name in ("sender", "subject", "owner", "requester", "for"):
        yield data.get(name)
    for name in ("recipient", "about"):
        yield from reading.elements(data.get(name))
    for name in ("extension", "output"):
        for each in reading.elements(data.get(name)):
            yield each.get("valueReference")


def _check_kept(session: Session, change: Change) -> None:
    stood = seen(session, f"Communication/{change.id}")
    becomes = change.body is not None and is_conversation(change.body.data)
    if becomes or (stood is not None and is_conversation(stood)):
        raise NotAllowed("a message that was sent stays as it was", code="forbidden")


def _check_said(session: Session, data: Mapping[str, Any], changes: Sequence[Change]) -> None:
    if reading.reference_target(data.get("sender")) != session.person:
        raise NotAllowed("nobody writes a message for another", code="forbidden")
    parents = [reading.reference_target(each) for each in reading.elements(data.get("partOf"))]
    if parents:
        _check_part(session, data, parents, changes)
    elif session.kind != "citizen":
        raise NotAllowed("a conversation is begun by the citizen", code="forbidden")
    elif not _may_begin(session, data):
        raise NotAllowed("this unit can't be written to", code="forbidden")


def _check_part(
    session: Session, data: Mapping[str, Any], parents: list[str], changes: Sequence[Change]
) -> None:
    first = seen(session, parents[0]) if len(parents) == 1 else None
    about = reading.reference_target(data.get("subject"))
    if (
        first is None
        or not is_conversation(first)
        or first.get("partOf")
        or reading.reference_target(first.get("subject")) != about
    ):
        raise NotAllowed("it is part of no conversation with her", code="forbidden")
    if session.kind == "staff":
        _check_answer(session, first, parents[0], changes)


def _check_answer(
    session: Session, first: Mapping[str, Any], conversation: str, changes: Sequence[Change]
) -> None:
    """As on the page: an answer of the unit, by a role that answers, in a conversation that is
    open, and that ends the work of answering it as the writer has seen it.
    """
    role = role_of(session.role)
    if unit_of(first) != session.unit:
        raise NotAllowed("the conversation is with another unit", code="forbidden")
    if role is None or not may_answer(role):
        raise NotAllowed("this role does not answer messages", code="forbidden")
    if first.get("status") == "completed":
        raise NotAllowed("the conversation is closed", code="forbidden")
    if not any(_completes(change, conversation) for change in changes):
        raise NotAllowed(
            "an answer completes the Task of its conversation in the same transaction, and says"
            " which version of it was seen (If-Match)",
            code="forbidden",
        )


def _completes(change: Change, conversation: str) -> bool:
    data = None if change.body is None or change.type != "Task" else change.body.data
    return (
        data is not None
        and change.expected not in {None, NEW}
        and _is_answering(data)
        and data.get("status") == "completed"
        and reading.reference_target(data.get("focus")) == conversation
    )


def _may_begin(session: Session, data: Mapping[str, Any]) -> bool:
    unit = _recipient(data)
    # the platform alone says later that another unit answers, who handles it, who has read it
    if not unit or unit_of(data) != unit:
        return False
    if not _has(data, CORRECTION):
        return any(each.unit == unit for each in following(session))
    about = [reading.reference_target(each) for each in reading.elements(data.get("about"))]
    # what a citizen may write herself says nothing of who has written it
    if any(AREA_OF.get(each.partition("/")[0]) != Area.DOCUMENTS for each in about):
        return False
    meant = seen(session, about[0]) if len(about) == 1 else None
    return meant is not None and author_of(meant) == unit


def _recipient(data: Mapping[str, Any]) -> str:
    """The one unit it goes to; "" for none or several."""
    listed = [reading.reference_target(each) for each in reading.elements(data.get("recipient"))]
    return listed[0] if len(listed) == 1 and listed[0].startswith("Organization/") else ""


def _has(data: Mapping[str, Any], code: str) -> bool:
    return any(
        (system, found) == (CATEGORY_SYSTEM, code)
        for concept in reading.elements(data.get("category"))
        for system, found, _ in reading.codings(concept)
    )


__all__ = [
    "ANSWER_MESSAGE", "CATEGORY_SYSTEM", "CONVERSATION", "CORRECTION", "GROUNDS", "Follows",
    "author_of", "check", "following", "is_conversation", "is_from_citizen", "may_answer",
    "unit_of",
]  # fmt: skip
