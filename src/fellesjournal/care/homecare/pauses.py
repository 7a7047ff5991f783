"""Admission pauses services, and nothing restarts or stays paused silently (INV-25).

norway.md section 7, PLO 1, 5 and 8. What is done follows from the stay as it stands (the
Encounter), not from the order in which it was told: each notice may come twice, late or early.
While services are paused, and until somebody has decided after it, a review Task of the unit
stands for each stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from fellesjournal.access import acts, patients
from fellesjournal.access.acts import Operation, Resource, act, change, content, create, meanwhile
from fellesjournal.access.sessions import Session
from fellesjournal.care.homecare import codes, events
from fellesjournal.care.homecare.codes import coded, extension, number, reference, without_extension
from fellesjournal.care.homecare.plans import may_plan
from fellesjournal.care.homecare.reading_days import Service, everything, services
from fellesjournal.care.homecare.visits import moment
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import BadRequest, Conflict, NotAllowed, NotFound
from fellesjournal.foundation import clock

# Assumption (configurable): the unit decides within a day after discharge.
DECIDED_WITHIN = timedelta(hours=24)
_UNDER_WAY = frozenset({"arrived", "triaged", "in-progress", "onleave"})
_STAY = frozenset({"IMP", "ACUTE", "NONAC", "OBSENC", "SS"})


class Stage(StrEnum):
    """Where a citizen is on her way back; Task.businessStatus of a review."""

    ADMITTED = "admitted"
    READY = "ready-for-discharge"
    DISCHARGED = "discharged"
    WITHDRAWN = "admission-withdrawn"
    DECIDED = "decided"


class Restart(StrEnum):
    """What a unit decides after a stay."""

    AS_BEFORE = "as-before"
    CHANGED = "with-a-changed-plan"
    STAYS_PAUSED = "stays-paused"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Review:
    """A stay of somebody with home care, until the unit has decided what follows."""

    id: str
    version: int
    patient: str
    stay: str
    stage: Stage
    deadline: datetime | None
    since: datetime
    words: str
    is_open: bool

    @property
    def awaits_decision(self) -> bool:
        """Whether the unit can decide now."""
        return self.stage in {Stage.DISCHARGED, Stage.WITHDRAWN} and self.is_open


def follow_stay(session: Session, patient: str, stay_id: str, *, ready: bool | None = None) -> None:
    """Pause services while a stay lasts; ask for a review when it is over or was withdrawn.

    ``ready``: whether the hospital has said that she is ready for discharge; None leaves it.
    """
    meanwhile(lambda: _follow(session, patient, stay_id, ready))


def _follow(session: Session, patient: str, stay_id: str, ready: bool | None) -> None:  # noqa: FBT001 - three-valued
    stay, _ = acts.read(session, "Encounter", stay_id)
    if (stay.get("class") or {}).get("code") not in _STAY:
        return
    if reading.reference_target(stay.get("subject")) != patient:
        return
    granted = services(session, patient)
    todo: list[Operation] = []
    for unit in sorted({each.unit for each in granted if each.unit}):
        own = [each for each in granted if each.unit == unit]
        todo += _for_unit(session, patient, stay, unit, own, ready)
    if todo:
        act(session, todo, lambda _: [events.plan_changed(patient)])


def _for_unit(
    session: Session,
    patient: str,
    stay: Resource,
    unit: str,
    granted: Sequence[Service],
    ready: bool | None,  # noqa: FBT001 - three-valued
) -> list[Operation]:
    stage = _stage(stay)
    if stage is None:
        return []
    key = f"restart.{stay['id']}.{unit.rpartition('/')[2]}"
    found = everything(session, "Task", [("identifier", f"{codes.WORK_NUMBER}|{key}")])
    standing = content(found[0]) if found else None
    if stage is Stage.ADMITTED:
        wanted = _wanted_stage(standing, ready)
        paused = [_paused(each, str(stay["id"])) for each in granted if each.status != "onhold"]
        return [*paused, *_review(patient, stay, unit, granted, key, wanted, standing, found)]
    if standing is None and stage is Stage.WITHDRAWN:
        return []  # withdrawn before it was told: nothing was paused
    return _review(patient, stay, unit, granted, key, stage, standing, found)


def _stage(stay: Resource) -> Stage | None:
    status = stay.get("status")
    if status in _UNDER_WAY:
        return Stage.ADMITTED
    if status == "finished":
        return Stage.DISCHARGED
    return Stage.WITHDRAWN if status in {"cancelled", "entered-in-error"} else None


def _wanted_stage(standing: Resource | None, ready: bool | None) -> Stage:  # noqa: FBT001 - three-valued
    if ready is not None:
        return Stage.READY if ready else Stage.ADMITTED
    stood = reading.first_code((standing or {}).get("businessStatus"))
    return Stage.READY if stood == Stage.READY else Stage.ADMITTED


def _paused(service: Service, stay_id: str) -> Operation:
    data = without_extension(service.data, codes.PAUSED_BY)
    by = {"url": codes.PAUSED_BY, "valueReference": reference(f"Encounter/{stay_id}")}
    said = [*data.get("extension", ()), by]
    return change(_with_status(data, "onhold") | {"extension": said}, seen=service.version)


def _with_status(data: Resource, status: str) -> Resource:
    """The service in another status, with the one before it in its history."""
    now = clock.now_text()
    history = list(data.get("statusHistory", ()))
    since = history[-1]["period"].get("end") if history else data.get("period", {}).get("start")
    period = {"start": since, "end": now} if since and since < now else {"end": now}
    before = {"status": data["status"], "period": period}
    return data | {"status": status, "statusHistory": [*history, before]}


def _review(
    patient: str,
    stay: Resource,
    unit: str,
    granted: Sequence[Service],
    key: str,
    stage: Stage,
    standing: Resource | None,
    found: Sequence[acts.Stored],
) -> list[Operation]:
    now = clock.now()
    waits = stage in {Stage.ADMITTED, Stage.READY}
    if standing is not None:
        stood = reading.first_code(standing.get("businessStatus"))
        if stood == stage or (stood == Stage.DECIDED and not waits):
            return []  # a discharge that was taken back opens what had been decided
        changed = standing | {"businessStatus": coded(codes.OUTCOME, stage)}
        changed |= {"status": "on-hold" if waits else "requested"}
        changed |= {"restriction": _until(now, stay)}
        return [change(changed, seen=found[0].version)]
    return [
        create(
            {
                "resourceType": "Task",
                "identifier": number(codes.WORK_NUMBER, key),
                "status": "on-hold" if waits else "requested",
                "intent": "order",
                "code": coded(codes.TASK_CODE, codes.RESTART_REVIEW),
                "businessStatus": coded(codes.OUTCOME, stage),
                "focus": reference(f"Encounter/{stay['id']}"),
                "for": reference(patient),
                "authoredOn": now.isoformat(timespec="seconds"),
                "owner": reference(unit),
                "restriction": _until(now, stay),
                "input": [
                    {
                        "type": coded(codes.OUTCOME, "service"),
                        "valueReference": reference(f"EpisodeOfCare/{each.id}", each.name),
                    }
                    for each in granted
                ],
            },
            unless=f"identifier={codes.WORK_NUMBER}|{key}",
        )
    ]


def _until(now: datetime, stay: Resource) -> Resource:
    ended = reading.moment((stay.get("period") or {}).get("end"))
    return {"period": {"end": ((ended.at if ended else now) + DECIDED_WITHIN).isoformat()}}


def open_stays(session: Session) -> list[tuple[str, str]]:
    """Every stay that lasts, as far as told: (Patient/1, id of the Encounter).

    Following them again pauses services that were granted meanwhile.
    """
    asked = [("status", "on-hold"), ("code", f"{codes.TASK_CODE}|{codes.RESTART_REVIEW}")]
    found = [
        _read_review(content(each), each.version) for each in everything(session, "Task", asked)
    ]
    return [(each.patient, each.stay.rpartition("/")[2]) for each in found]


def reviews(session: Session) -> list[Review]:
    """The stays that the unit of who asks follows or must decide after, by deadline."""
    found = everything(
        session, "Task",
        [
            ("owner", session.unit), ("status", "requested,on-hold"),
            ("code", f"{codes.TASK_CODE}|{codes.RESTART_REVIEW}"),
        ],
    )  # fmt: skip
    read = [_read_review(content(each), each.version) for each in found]
    return sorted(read, key=lambda each: (not each.awaits_decision, each.since, each.id))


def _read_review(task: Resource, version: int) -> Review:
    until = task.get("restriction", {}).get("period", {}).get("end")
    return Review(
        id=str(task["id"]),
        version=version,
        patient=reading.reference_target(task.get("for")),
        stay=reading.reference_target(task.get("focus")),
        stage=Stage(reading.first_code(task.get("businessStatus"))),
        deadline=None if until is None else moment(until),
        since=moment(task["authoredOn"]),
        words=reading.concept_text(task.get("statusReason")),
        is_open=task["status"] in {"requested", "on-hold"},
    )


def decide_restart(
    session: Session, *, patient: str, review_id: str, seen: int, restart: Restart, words: str
) -> None:
    """What follows after a stay. Services start again, or end, by this decision alone.

    "Stays paused" keeps the review open with the words, so that it is looked at again. Raises
    Conflict while a stay lasts (this one or another), BadRequest without words where needed,
    NotAllowed for who does not plan, or does not see every service.
    """
    task, version = acts.read(session, "Task", review_id)
    review = _read_review(task, version)
    if not may_plan(session) or not _sees_all(session, task):
        # who does not see the services would end the review and leave them paused
        raise NotAllowed("a nurse of the unit who sees the services decides")
    if review.patient != patient or reading.reference_target(task.get("owner")) != session.unit:
        raise NotFound(f"Task/{review_id} is not known")
    if not review.awaits_decision:
        raise Conflict("there is nothing to decide: she is in hospital, or it is decided")
    stays = patients.read_known(session, [("Encounter", review.stay.rpartition("/")[2])])
    if any(content(each).get("status") in _UNDER_WAY for each in stays):
        raise Conflict("she is in hospital again, though nobody has told yet")
    if restart is not Restart.AS_BEFORE and not words.strip():
        raise BadRequest("say why", code="required")
    said = {"text": words.strip()[:2000]} if words.strip() else {"text": str(restart)}
    if restart is Restart.STAYS_PAUSED:
        again = (clock.now() + DECIDED_WITHIN).isoformat()
        kept = task | {"statusReason": said, "restriction": {"period": {"end": again}}}
        act(session, [change(kept, seen=seen)])
        return
    if any(
        each.id != review.id and each.stage in {Stage.ADMITTED, Stage.READY}
        and each.patient == patient
        for each in reviews(session)
    ):  # fmt: skip
        raise Conflict("she has been admitted again")
    own = [each for each in services(session, patient) if each.unit == session.unit]
    changed = [_decided(each, restart) for each in own if _must_change(each, restart)]
    done = task | {
        "status": "completed",
        "businessStatus": coded(codes.OUTCOME, Stage.DECIDED),
        "statusReason": said,
        "output": [
            {"type": coded(codes.OUTCOME, "restart"), "valueCode": str(restart)},
            {"type": coded(codes.OUTCOME, "by"), "valueReference": reference(session.person)},
        ],
    }
    act(session, [*changed, change(done, seen=seen)], lambda _: [events.plan_changed(patient)])


def _sees_all(session: Session, task: Resource) -> bool:
    """Whether every service that the review names is seen by who asks."""
    named = [
        reading.reference_target(each.get("valueReference")).partition("/")
        for each in task.get("input", ())
    ]
    found = patients.read_known(session, [(kind, key) for kind, _, key in named])
    return {each.id for each in found} == {key for _, _, key in named}


def _must_change(service: Service, restart: Restart) -> bool:
    if restart is Restart.ENDED:
        return True
    return service.status == "onhold" and extension(service.data, codes.PAUSED_BY) is not None


def _decided(service: Service, restart: Restart) -> Operation:
    data = without_extension(service.data, codes.PAUSED_BY)
    if restart is Restart.ENDED:
        ended = data.get("period", {}) | {"end": clock.today().isoformat()}
        return change(_with_status(data, "finished") | {"period": ended}, seen=service.version)
    return change(_with_status(data, "active"), seen=service.version)


__all__ = [
    "Restart",
    "Review",
    "Stage",
    "decide_restart",
    "follow_stay",
    "open_stays",
    "reviews",
]
