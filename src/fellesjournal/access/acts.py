"""What people and jobs do to the record, told as one act.

An action of a package builds resources and carries them out here: all of them, their log line
and the events that tell of them commit together, or nothing does (INV-51).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any, TypeVar

import msgspec

from fellesjournal.access import records
from fellesjournal.access.once import DoneBefore, first_time, refused_in_act
from fellesjournal.access.sessions import Session
from fellesjournal.access.single import against_others
from fellesjournal.access.writing import Operation, Written, noting_refusal, write
from fellesjournal.fhir import bodies
from fellesjournal.fhir.issues import FhirError
from fellesjournal.foundation.database.connection import transaction
from fellesjournal.foundation.outbox.events import Event, publish
from fellesjournal.store.read import Stored

Resource = dict[str, Any]
_encode = msgspec.json.Encoder(decimal_format="number").encode
_decode = msgspec.json.Decoder(float_hook=Decimal).decode
Result = TypeVar("Result")
Tell = Callable[[Sequence[Stored]], Iterable[Event]]


def create(data: Resource, *, known_as: str | None = None, unless: str | None = None) -> Operation:
    """A new resource; it gets its id when it is written.

    ``known_as`` (``urn:uuid:...``) is how other resources of the same act refer to it.
    ``unless`` is a search query: with a match nothing is made, and the match is answered.
    """
    body = bodies.parse(_encode(data))
    return Operation(
        "create", str(data["resourceType"]), body=body, full_url=known_as, criteria=unless
    )


def change(data: Resource, *, seen: int) -> Operation:
    """A new version of a resource, as long as version ``seen`` of it still stands."""
    body = bodies.parse(_encode(data))
    return Operation(
        "update", str(data["resourceType"]), id=str(data["id"]), body=body, if_match=seen
    )


def put(data: Resource) -> Operation:
    """A resource under the id it names, whatever stands there; only the platform chooses ids."""
    body = bodies.parse(_encode(data))
    return Operation("update", str(data["resourceType"]), id=str(data["id"]), body=body)


def act(
    session: Session,
    operations: Sequence[Operation],
    tell: Tell | None = None,
    *,
    form: str = "",
) -> list[Stored]:
    """Carry out all operations, or none; what then stands, in their order.

    ``tell`` makes the events of the act out of what stands; they are published in the same
    transaction. Raises what ``writing.write`` raises; a version that stands no more is a
    PreconditionFailed (412), which pages show as "somebody else has changed this meanwhile".

    ``form`` is the key of the form that asks for it (``once`` in templates), for what names no
    version it changes and carries no number of its own: whoever gets no answer sends the form
    again, and raises DoneBefore when it had been carried out, RefusedBefore when it had not.
    """

    def write_and_tell() -> list[Stored]:
        stood = [_standing(each) for each in write(session, operations)]
        if tell is not None:
            publish(*tell(stood))
        return stood

    def carry_out() -> list[Stored] | FhirError:
        with transaction():
            if not form:
                return write_and_tell()
            first_time(session, form)
            try:
                with transaction():  # a savepoint: the key stays when what it is for does not
                    return write_and_tell()
            except FhirError as refusal:
                refused_in_act(session, form)
                return refusal

    with noting_refusal(session, operations):
        found = against_others(carry_out, is_guarded=True)
        if isinstance(found, FhirError):
            raise found
        return found


def meanwhile(action: Callable[[], Result]) -> Result:
    """Carry out an action that reads what stands and changes it, again when somebody else was
    first. For what is true of any version; a person's change of what she saw is not.
    """
    return against_others(action, is_guarded=False)


def read(session: Session, kind: str, fhir_id: str) -> tuple[Resource, int]:
    """One resource as it stands, to be changed, and its version. Raises NotFound, Gone."""
    stored = records.read(session, kind, fhir_id)
    return content(stored), stored.version


def content(stored: Stored) -> Resource:
    """What stands, to read from and to change. Numbers keep their digits: 1.0 is not 1.00."""
    found: Resource = _decode(stored.body or b"{}")
    return found


def _standing(written: Written) -> Stored:
    assert written.stored is not None  # acts create and change; they delete nothing
    return written.stored


__all__ = [
    "DoneBefore",
    "Operation",
    "Resource",
    "Stored",
    "Tell",
    "act",
    "change",
    "content",
    "create",
    "meanwhile",
    "put",
    "read",
]
