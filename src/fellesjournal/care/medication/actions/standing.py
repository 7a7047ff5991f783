"""What the actions share: who may, what stands, and the one write that makes the next number."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from fellesjournal.access import acts
from fellesjournal.access.acts import Stored, act, change, create
from fellesjournal.access.renewing import PRESCRIBERS
from fellesjournal.access.sessions import Session
from fellesjournal.access.writing import Operation
from fellesjournal.care.medication.events import list_changed
from fellesjournal.care.medication.queries import MedicationList, list_of
from fellesjournal.care.medication.refusals import ListChanged
from fellesjournal.care.medication.resources import (
    LIST_CODE,
    LIST_SYSTEM,
    Person,
    Resource,
    entry,
    list_resource,
    made_as,
    next_list,
    references_in,
)
from fellesjournal.fhir.issues import NotAllowed, PreconditionFailed
from fellesjournal.foundation.outbox.events import Event

PRESCRIBING_ROLES = PRESCRIBERS
"""Who changes the list."""
DERIVED = "Laget av reseptene som sto i journalen."
"""The note of a list made from an older record; said before what the act itself says."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody has said outright: ids of confirmed stops, and reasons by id of alert."""

    confirmed: frozenset[str] = frozenset()
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Done:
    """What stands after an act: the number of the list, and what has come and gone."""

    number: int
    added: tuple[str, ...]
    removed: tuple[str, ...]


def may_prescribe(session: Session) -> bool:
    """Whether this role changes what is prescribed."""
    return session.kind == "staff" and session.role in PRESCRIBING_ROLES


def standing(session: Session, patient: str, seen: int) -> MedicationList:
    """The list that is to be changed. ``patient`` is Patient/1; ``seen`` the number on the page.

    Raises NotAllowed for who does not prescribe, ListChanged when another number stands.
    """
    if not may_prescribe(session):
        raise NotAllowed("this role does not prescribe", code="forbidden")
    found = list_of(session, patient.removeprefix("Patient/"))
    if found.number != seen:
        raise ListChanged(seen, found.number)
    return found


@dataclass(slots=True)
class Changes:
    """What an act does to the list: resources to write, and lines that come, go or are marked."""

    operations: list[Operation] = field(default_factory=list)
    added: dict[str, str] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    name: str = field(default_factory=lambda: str(uuid.uuid4()))
    """Of the first list, when this act makes it: so that it is told from one made meanwhile."""

    def add(self, resource: Resource, flag: str) -> str:
        """A new prescription on the list; answers how the same act refers to it."""
        name = f"urn:uuid:{uuid.uuid4()}"
        self.operations.append(create(resource, known_as=name))
        self.added[name] = flag
        return name

    def remove(self, reference: str, resource: Resource, version: int) -> None:
        """What goes from the list, as it then stands, if this version of it does."""
        self.operations.append(change(resource, seen=version))
        self.removed.append(reference)


def carry_out(
    session: Session,
    now: MedicationList,
    changes: Changes,
    by: Person,
    note: str,
    *,
    encounter: str = "",
    more: Sequence[Operation] = (),
) -> Done:
    """The one write: resources, the next number of the list and the event stand together.

    Raises ListChanged when somebody else was first, whether with a change or with the first
    list; nothing is written then. Raises what ``acts.act`` raises.
    """
    listed = _list_operation(session, now, changes, by, note, encounter)
    made: list[Done] = []

    def tell(stood: Sequence[Stored]) -> Iterable[Event]:
        done = _done(now, changes, stood)
        made[:] = [done]
        stored = stood[0]
        return [
            list_changed(
                now.patient, stored.reference, done.number, added=done.added, removed=done.removed
            )
        ]

    try:
        act(session, [listed, *changes.operations, *more], tell)
    except PreconditionFailed as error:
        stands = list_of(session, now.patient.removeprefix("Patient/")).number
        raise ListChanged(now.number, stands) from error
    return made[0]


def _list_operation(
    session: Session,
    now: MedicationList,
    changes: Changes,
    by: Person,
    note: str,
    encounter: str,
) -> Operation:
    came = [entry(name, flag) for name, flag in changes.added.items()]
    if not now.id:
        stay = [m.reference for m in now.medicines if m.reference not in changes.removed]
        entries = [*(entry(each) for each in stay), *came]
        text = f"{DERIVED} {note}" if now.medicines else note
        data = list_resource(now.patient, changes.name, entries, by, text, encounter=encounter)
        # Under a lock: who comes second finds this list instead of making another.
        unless = f"subject={now.patient}&code={LIST_SYSTEM}|{LIST_CODE}&status=current"
        return create(data, unless=unless)
    data, version = acts.read(session, "List", now.id)
    if version != now.number:
        raise ListChanged(now.number, version)
    # Entries this session can't see stay: the list is everybody's (INV-36).
    stay = [each for each in references_in(data) if each not in changes.removed]
    entries = [*(entry(each) for each in stay), *came]
    return change(next_list(data, entries, by, note, encounter=encounter), seen=version)


def _done(now: MedicationList, changes: Changes, stood: Sequence[Stored]) -> Done:
    """Raises PreconditionFailed, which undoes the act, when the first list was made by another."""
    stored = stood[0]
    if not now.id and made_as(acts.content(stored)) != changes.name:
        raise PreconditionFailed("somebody else has just made the first list", code="conflict")
    own = [s.reference for s in stood[1:] if s.type == "MedicationRequest" and s.version == 1]
    back = [name for name in changes.added if not name.startswith("urn:")]
    return Done(stored.version, (*own, *back), tuple(changes.removed))


__all__ = [
    "PRESCRIBING_ROLES",
    "Answers",
    "Changes",
    "Done",
    "carry_out",
    "may_prescribe",
    "standing",
]
