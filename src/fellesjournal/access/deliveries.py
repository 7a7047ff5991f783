"""What was sent stays as it was sent, and nobody writes by hand that it has arrived (INV-1, INV-43).

Held for staff and apps on every path: pages, API and Bundles.

- A document that is final (DocumentReference.docStatus) keeps all but its ``status`` and labels,
  and is not deleted: what was wrong in it is said in another that replaces it.
- A delivery (a Task, see care/messages) begins as queued, without evidence. Of what comes after,
  only that it was put into the post is for people to say, each in her own name; everything else
  is told by receipts, which the platform's own jobs write down.
- Work of reading what came is given by the platform, and ended by who works where it lies.

Asked in the transaction of the write, of the version that the commit has just replaced. The
platform itself (its jobs, a file that is loaded, two records that become one) is not held to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fellesjournal.access.relations.derive import TASK_SYSTEM
from fellesjournal.access.sessions import Session
from fellesjournal.access.standing import before
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import Conflict, NotAllowed
from fellesjournal.store.commit import Change, Committed

DELIVERY = "delivery"
RECEIVED = "document-received"
FINAL = frozenset({"final", "amended"})

_MOVES = frozenset({"status", "businessStatus", "output", "meta"})
_ENDS = frozenset({"status", "output", "meta"})

Json = Mapping[str, Any]


def check(session: Session, changes: Sequence[Change], committed: Sequence[Committed]) -> None:
    """After a commit, inside its transaction. Raises Conflict or NotAllowed."""
    if session.is_unbounded:
        return
    for change, done in zip(changes, committed, strict=True):
        if change.type not in {"DocumentReference", "Task"}:
            continue
        wanted = None if change.body is None else change.body.data
        stood = before(session, done)
        rule = _check_document if change.type == "DocumentReference" else _check_task
        rule(session, f"{change.type}/{done.id}", stood, wanted)


def _check_document(session: Session, name: str, stood: Json | None, wanted: Json | None) -> None:
    del session
    if stood is None or stood.get("docStatus") not in FINAL:
        return
    if wanted is None:
        raise _kept(f"{name} is final and can't be deleted")
    changed = _changed(stood, wanted) - {"status", "meta"}
    if changed:
        raise _kept(f"{name} is final: {', '.join(sorted(changed))} can't be changed")


def _check_task(session: Session, name: str, stood: Json | None, wanted: Json | None) -> None:
    if _is(stood, DELIVERY):
        _check_delivery(session, name, stood or {}, wanted)
    elif _is(stood, RECEIVED):
        _check_received(session, name, stood or {}, wanted)
    elif _is(wanted, RECEIVED):
        raise NotAllowed(f"{name}: the platform gives the work of what came", code="forbidden")
    elif _is(wanted, DELIVERY) and not _is_queued(wanted or {}):
        raise NotAllowed(f"{name}: a delivery begins without evidence", code="forbidden")


def _check_delivery(session: Session, name: str, stood: Json, wanted: Json | None) -> None:
    if wanted is None:
        raise _kept(f"{name} is a delivery and can't be deleted")
    changed = _changed(stood, wanted)
    if changed <= {"meta"}:
        return
    before = list(reading.elements(stood.get("output")))
    after = list(reading.elements(wanted.get("output")))
    said = after[len(before) :]
    if changed - _MOVES or after[: len(before)] != before or len(said) != 1:
        raise _kept(f"{name}: where a delivery stands follows from its evidence")
    by = reading.string(said[0].get("valueString")).partition(" ")[2]
    is_post = reading.has_code(said[0].get("type"), ["posted"]) and any(
        reading.has_code(each, ["paper"]) for each in reading.elements(stood.get("performerType"))
    )
    if not is_post or by != session.person:
        raise NotAllowed(f"{name}: this evidence is not hers to give", code="forbidden")


def _check_received(session: Session, name: str, stood: Json, wanted: Json | None) -> None:
    if wanted is None or _changed(stood, wanted) - _ENDS:
        raise _kept(f"{name}: what came is read, not changed")
    if reading.reference_target(stood.get("owner")) != session.unit:
        raise NotAllowed(f"{name}: it came to another unit", code="forbidden")


def _is_queued(task: Json) -> bool:
    return (
        task.get("status") == "requested"
        and not task.get("output")
        and reading.has_code(task.get("businessStatus"), ["queued"])
    )


def _is(task: Json | None, code: str) -> bool:
    return task is not None and (TASK_SYSTEM, code) in {
        (system, each) for system, each, _ in reading.codings(task.get("code"))
    }


def _changed(stood: Json, wanted: Json) -> set[str]:
    return {each for each in stood.keys() | wanted.keys() if stood.get(each) != wanted.get(each)}


def _kept(why: str) -> Conflict:
    return Conflict(why, code="business-rule")


__all__ = ["DELIVERY", "FINAL", "RECEIVED", "check"]
