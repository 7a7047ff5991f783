"""How home care gets into a home: where the key is, by which door. Shown beside the address only.

A CarePlan of its own kind, under the policy of care plans and of the unit that wrote it, and not
among what is planned. The words stand in an address, so that they are left out with the address
of who is protected, on every way out (access/redaction.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fellesjournal.access import acts
from fellesjournal.access.acts import Resource, act, change, create
from fellesjournal.access.sessions import Session
from fellesjournal.care.homecare import codes
from fellesjournal.care.homecare.codes import extension, number, reference
from fellesjournal.care.homecare.plans import may_plan
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import BadRequest, Conflict, NotAllowed, NotFound
from fellesjournal.foundation import clock

MOST_WORDS = 500


@dataclass(frozen=True, slots=True)
class WayIn:
    """How a unit gets in. ``words`` is "" when nothing is registered; ``id`` "" when never."""

    id: str = ""
    version: int = 0
    words: str = ""


def way_in_of(bodies: Iterable[tuple[Resource, int]], unit: str) -> WayIn:
    """What a unit has written, of the CarePlans of a record with their versions."""
    for body, version in bodies:
        if is_way_in(body) and reading.reference_target(body.get("author")) == unit:
            said = (extension(body, codes.WAY_IN_WORDS) or {}).get("valueAddress") or {}
            return WayIn(str(body["id"]), version, str(said.get("text", "")))
    return WayIn()


def is_way_in(body: Resource) -> bool:
    """Whether a CarePlan tells how to get in."""
    return body.get("status") == "active" and reading.has_code(body.get("category"), [codes.WAY_IN])


def write_way_in(session: Session, *, patient: str, words: str, way_id: str, seen: int) -> None:
    """Write how the unit of who asks gets in; "" takes it away. ``way_id`` "" and ``seen`` 0 when
    nothing was registered. Raises BadRequest, NotAllowed, NotFound, Conflict, PreconditionFailed.
    """
    said = words.strip()
    if len(said) > MOST_WORDS:
        raise BadRequest(f"at most {MOST_WORDS} characters")
    if not may_plan(session):
        raise NotAllowed("who plans for the unit writes how to get in", code="forbidden")
    if way_id:
        data, _ = acts.read(session, "CarePlan", way_id)
        own = reading.reference_target(data.get("author")) == session.unit and is_way_in(data)
        if reading.reference_target(data.get("subject")) != patient or not own:
            raise NotFound(f"CarePlan/{way_id} is not known")
        rest = {name: value for name, value in data.items() if name != "extension"}
        act(session, [change(_body(session, rest, said), seen=seen)])
        return
    key = f"way-in.{patient.rpartition('/')[2]}.{session.unit.rpartition('/')[2]}"
    made: Resource = {
        "resourceType": "CarePlan",
        "identifier": number(codes.WORK_NUMBER, key),
        "status": "active",
        "intent": "plan",
        "category": [{"coding": [{"system": codes.PLAN_TYPE, "code": codes.WAY_IN}]}],
        "subject": reference(patient),
        "created": clock.today().isoformat(),
        "author": reference(session.unit),
    }
    criteria = f"identifier={codes.WORK_NUMBER}|{key}&status=active"
    (stood,) = act(session, [create(_body(session, made, said), unless=criteria)])
    if way_in_of([(acts.content(stood), stood.version)], session.unit).words != said:
        raise Conflict("somebody wrote it meanwhile")


def _body(session: Session, rest: Resource, words: str) -> Resource:
    by = {"contributor": [reference(session.person)]}
    if not words:
        return rest | by
    return rest | by | {"extension": [{"url": codes.WAY_IN_WORDS, "valueAddress": {"text": words}}]}


__all__ = ["MOST_WORDS", "WayIn", "is_way_in", "way_in_of", "write_way_in"]
