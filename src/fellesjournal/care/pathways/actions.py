"""What clinicians do with pathways: let a patient follow one, end a step, end the whole."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from fellesjournal.access import acts
from fellesjournal.access.acts import Operation, Resource, Stored, act, change, content, create
from fellesjournal.access.sessions import Session
from fellesjournal.care.pathways import codes, events, queries
from fellesjournal.care.pathways.making import applied, followed
from fellesjournal.care.pathways.refusals import PathwayRefused, Why
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import NotFound
from fellesjournal.fhir.pathway_plans import PathwayPlan
from fellesjournal.foundation import clock
from fellesjournal.foundation.outbox.events import Event

_LONGEST = 2000


def follow(
    session: Session,
    *,
    patient: Resource,
    plan_id: str,
    version: str,
    owners: Mapping[str, str],
    form: str,
    by_name: str,
) -> str:
    """Let a patient follow a pathway: a CarePlan and a Task for each step, as one act that is done
    once however often ``form`` is sent, and told in the outbox. Answers the plan (``CarePlan/1``).

    ``owners`` are units (``Organization/1``) by lane, ``by_name`` is what she who asks is called.
    Raises PathwayRefused when the patient follows it already, when a lane has no unit of its level
    at work, and when another version of the pathway stands than ``version``; DoneBefore, NotFound,
    NotAllowed.
    """
    plan = queries.pathway(session, plan_id)
    if plan.version != version:
        raise PathwayRefused(Why.CHANGED)
    who = f"Patient/{patient['id']}"
    seed = uuid.uuid4()
    made = applied(
        plan, patient=who, owners=_owners(session, plan, patient, owners),
        author=_by(session, by_name), start=clock.now().replace(microsecond=0), seed=seed,
    )  # fmt: skip
    value = followed(who, plan)
    criteria = f"identifier={codes.FOLLOWED}|{value}&status=active"
    operations = [_new(made[0], unless=criteria), *map(_new, made[1:])]

    def tell(stood: Sequence[Stored]) -> list[Event]:
        numbers = reading.elements(content(stood[0]).get("identifier"))
        if not any(each.get("value") == str(seed) for each in numbers):
            raise PathwayRefused(Why.FOLLOWED)  # undoes the act: what stood stays the only one
        return [events.applied(who, stood[0].reference)]

    return act(session, operations, tell, form=form)[0].reference


def end_step(
    session: Session,
    *,
    patient: str,
    step_id: str,
    seen: int,
    done: bool,
    words: str,
    by_name: str,
) -> None:
    """A step was done, or is left out for a reason; the platform opens those that follow.

    The unit that owns it ends it; one of the patient herself, who treats her. Raises NotFound for
    any other, PathwayRefused for one that is not open and when no reason is given, Conflict.
    """
    task, _ = acts.read(session, "Task", step_id)
    step = queries.read_step(task, seen)
    is_ours = step.owner in {session.unit, patient}
    is_step = reading.has_code(task.get("code"), [codes.STEP])
    if step.patient != patient or not is_ours or not is_step:
        raise NotFound(f"Task/{step_id} is not known")
    if not step.is_open:
        raise PathwayRefused(Why.ENDED)
    said = words.strip()[:_LONGEST]
    if not done and not said:
        raise PathwayRefused(Why.NO_REASON)
    after = ended(task, "completed" if done else "cancelled", _by(session, by_name), said)
    act(
        session, [change(after, seen=seen)],
        lambda _: [events.step_ended(patient, step.plan, f"Task/{step_id}")],
    )  # fmt: skip


def stop(
    session: Session, *, patient: str, plan_id: str, seen: int, words: str, by_name: str
) -> None:
    """She follows the pathway no more: what is not done is cancelled with the reason.

    Raises NotFound, PathwayRefused without a reason and for one that has ended, Conflict.
    """
    data, _ = acts.read(session, "CarePlan", plan_id)
    is_hers = reading.reference_target(data.get("subject")) == patient
    if not is_hers or not reading.has_code(data.get("category"), [codes.PATHWAY]):
        raise NotFound(f"CarePlan/{plan_id} is not known")
    if data.get("status") != "active":
        raise PathwayRefused(Why.ENDED)
    if not words.strip():
        raise PathwayRefused(Why.NO_REASON)
    said = words.strip()[:_LONGEST]
    now = clock.now().replace(microsecond=0).isoformat()
    note = {"text": said, "time": now, "authorReference": _by(session, by_name)}
    over = data | {
        "status": "revoked",
        "period": {**data.get("period", {}), "end": now},
        "note": [*data.get("note", ()), note],
    }
    left = [
        change(ended(content(each), "cancelled", _by(session, by_name), said), seen=each.version)
        for each in steps_of(session, f"CarePlan/{plan_id}")
        if content(each).get("status") in (*queries.OPEN, "draft")
    ]
    act(session, [change(over, seen=seen), *left])


def steps_of(session: Session, plan: str) -> list[Stored]:
    """The Tasks of a plan (``CarePlan/1``)."""
    return queries.everything(session, "Task", [("based-on", plan)])


def ended(task: Resource, status: str, by: Resource, words: str) -> Resource:
    """A Task that has ended, with who ended it and what was said."""
    who = {
        "type": {"coding": [{"system": codes.LINK, "code": codes.BY}]},
        "valueReference": by,
    }
    reason = {"statusReason": {"text": words}} if words else {}
    now = clock.now().replace(microsecond=0).isoformat()
    return task | {"status": status, "lastModified": now, "output": [who]} | reason


def _by(session: Session, name: str) -> Resource:
    return {"reference": session.person, **({"display": name} if name else {})}


def _new(resource: Resource, unless: str | None = None) -> Operation:
    body = {name: value for name, value in resource.items() if name != "id"}
    return create(body, known_as=f"urn:uuid:{resource['id']}", unless=unless)


def _owners(
    session: Session, plan: PathwayPlan, patient: Resource, owners: Mapping[str, str]
) -> dict[str, Resource]:
    """Each lane's unit as a Reference. One that is not at work at the lane's level owns nothing."""
    able = queries.units_for(session, patient, set(plan.lanes.values()))
    found: dict[str, Resource] = {}
    for lane, level in plan.lanes.items():
        names = {each.reference: each.name for each in able.get(level, ())}
        if (unit := owners.get(lane, "")) in names:
            found[lane] = {"reference": unit, "display": names[unit]}
    return found


__all__ = ["end_step", "ended", "follow", "steps_of", "stop"]
