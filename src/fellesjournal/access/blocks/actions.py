"""Making, seeing and ending the citizen's blocks (pasientjournalloven § 17; derive.py).

A block is a Consent in her own record, written through the one door with the session of the
citizen, or of who represents her and has leave for that area. It counts at the next request
of staff.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import orjson

from fellesjournal.access import patients, records
from fellesjournal.access.blocks.derive import Block, blocks_of, consent_of
from fellesjournal.access.blocks.provisions import Holder
from fellesjournal.access.policy.areas import Area
from fellesjournal.access.sessions import Session
from fellesjournal.access.single import write_single
from fellesjournal.access.writing import Operation
from fellesjournal.fhir import bodies, reading
from fellesjournal.fhir.issues import Conflict, NotFound
from fellesjournal.foundation import clock

HOLDER_TYPES = ("Practitioner", "PractitionerRole", "Organization")
"""Whom a block can name: a person, a person in one role at a unit, a unit or organisation."""

_PAGE = "100"


@dataclass(frozen=True, slots=True)
class Standing:
    """A Consent that blocks something now or later. ``decided`` is its dateTime as written;
    ``by`` the reference of who decided. It may hold several blocks.
    """

    consent: str
    blocks: tuple[Block, ...]
    decided: str
    by: str


def may_block(session: Session) -> bool:
    """Whether the session opens the blocks of the record it has open."""
    return session.mandate is not None and session.mandate.may_change(Area.PRIVACY)


def blocks_in_record(session: Session) -> list[Standing]:
    """The blocks of the record the session has open that hold now or later, newest first."""
    query = [
        ("patient", session.subject), ("status", "active"), ("_sort", "-date"), ("_count", _PAGE),
    ]  # fmt: skip
    now = clock.now()
    found: list[Standing] = []
    page = records.search(session, "Consent", query)
    while True:
        for stored in page.matches:
            consent = orjson.loads(stored.body or b"{}")
            lasting = [b for b in blocks_of(consent) if b.ends is None or b.ends > now]
            if lasting:
                by = reading.reference_target(
                    next(reading.elements(consent.get("performer")), None)
                )
                decided = consent.get("dateTime", "")
                found.append(Standing(stored.id, tuple(lasting), decided, by))
        if page.next is None:
            return found
        page = records.search(session, "Consent", page.used, cursor=page.next)


def make_block(session: Session, block: Block, names: Mapping[Holder, str]) -> str:
    """Block as the citizen chose; answers the id of the Consent.

    ``names`` are what holders are called, never numbers. Raises ValueError for a block that
    blocks nobody, nothing or at no time; NotFound for a holder or a document that is not
    there for her; NotAllowed when blocks are not hers to make.
    """
    if not may_block(session):
        raise NotFound("blocks are not open to this session")
    _check_holders(session, block.holders)
    if block.resource is not None:
        records.read(session, *block.resource)
    consent = consent_of(
        block, session.subject, by=session.person, at=clock.now(), names=dict(names)
    )
    body = bodies.parse(orjson.dumps(consent))
    written = write_single(session, Operation("create", "Consent", body=body))
    assert written.stored is not None  # a create stores
    return written.stored.id


def end_block(session: Session, consent_id: str) -> None:
    """End all that a Consent blocks, from the next request of staff on.

    Raises NotFound for what is no block of this record, NotAllowed, Conflict when it has
    ended or was changed meanwhile.
    """
    stored = records.read(session, "Consent", consent_id)
    consent = orjson.loads(stored.body or b"{}")
    if consent.get("patient", {}).get("reference") != session.subject:
        raise NotFound("no such block")
    if consent.get("status") == "active" and not blocks_of(consent):
        raise NotFound("no such block")  # another decision than a block is not ended here
    if consent.get("status") != "active":
        raise Conflict("it has already ended")
    consent["status"] = "inactive"
    body = bodies.parse(orjson.dumps(consent))
    write_single(
        session,
        Operation("update", "Consent", id=consent_id, body=body, if_match=stored.version),
    )


def _check_holders(session: Session, holders: Iterable[Holder]) -> None:
    wanted = set(holders)
    if any(kind not in HOLDER_TYPES for kind, _ in wanted):
        raise NotFound("a block names staff, units and organisations")
    found = {(stored.type, stored.id) for stored in patients.read_known(session, wanted)}
    if wanted - found:
        raise NotFound("nobody of this name is in the directory")


__all__ = [
    "HOLDER_TYPES",
    "Standing",
    "blocks_in_record",
    "end_block",
    "make_block",
    "may_block",
]
