"""Planned visits and their items as FHIR resources: building them, and reading them back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from fellesjournal.access import acts
from fellesjournal.access.acts import Resource, Stored, content
from fellesjournal.access.sessions import Session
from fellesjournal.care.homecare import codes
from fellesjournal.care.homecare.codes import (
    coded,
    extension,
    first,
    number,
    reference,
    without_extension,
)
from fellesjournal.care.homecare.planned import Item, State, Wanted, WantedVisit
from fellesjournal.care.homecare.taken_back import taken_back_in
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import NotFound

_STATUS_OF = {
    State.OPEN: "requested",
    State.PAUSED: "on-hold",
    State.DONE: "completed",
    State.NOT_DONE: "failed",
    State.MOVED: "cancelled",
    State.CANCELLED: "cancelled",
}
LATE_AFTER = timedelta(hours=1)
"""norway.md section 14 (IM2/IU3/LE1): inside planned time is from an hour before to an hour after."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit as it stands: an Encounter. ``carer``: who is to make it, or made it.

    ``starts`` and ``ends`` are its planned window; ``began`` and ``ended`` what happened.
    """

    id: str
    version: int
    key: str
    plan: str
    patient: str
    unit: str
    status: str
    starts: datetime
    ends: datetime
    carer: str
    carer_name: str
    moved_from: str
    signed_off: bool
    signed_at: datetime | None
    began: datetime | None
    ended: datetime | None

    @property
    def measured_from(self) -> datetime:
        """From when a value is of this visit: its planned time, or its beginning where that is earlier.
        Who weighs before she presses "start" has weighed.
        """
        return self.starts if self.began is None else min(self.began, self.starts)

    @property
    def is_open(self) -> bool:
        """Whether it is still to be made, or under way."""
        return self.status in {"planned", "arrived", "in-progress"}


def visit_resource(
    wanted: WantedVisit, *, patient: str, unit: str, key: str = "", moved_from: str = ""
) -> Resource:
    """The Encounter of a planned visit."""
    said = [{"url": codes.PLAN_OF_VISIT, "valueReference": reference(f"CarePlan/{wanted.plan}")}]
    if moved_from:
        said.append({"url": codes.MOVED_FROM, "valueReference": reference(moved_from)})
    return {
        "resourceType": "Encounter",
        "extension": said,
        "identifier": number(codes.VISIT_NUMBER, key or wanted.key),
        "status": "planned",
        "class": {"system": codes.ACT_CODE, "code": codes.AT_HOME, "display": "home health"},
        "type": [coded(codes.ENCOUNTER_TYPE, codes.HOME_VISIT, "Hjemmebesøk av hjemmetjenesten")],
        "subject": reference(patient),
        "period": {"start": _text(wanted.window.starts), "end": _text(wanted.window.ends)},
        "serviceProvider": reference(unit),
    }


def item_resource(
    wanted: Wanted, *, patient: str, visit: str, unit: str, made: datetime, paused: bool
) -> Resource:
    """The Task of a planned item; ``visit`` is a reference to its Encounter."""
    task: Resource = {
        "resourceType": "Task",
        "identifier": number(codes.ITEM_NUMBER, wanted.key),
        "intent": "plan",
        "code": coded(
            codes.TASK_CODE, codes.PLANNED_DOSE if wanted.is_dose else codes.PLANNED_ACTION
        ),
        "groupIdentifier": {"system": codes.ITEM_NUMBER, "value": wanted.source},
        "focus": reference(wanted.focus),
        "for": reference(patient),
        "encounter": reference(visit),
        "authoredOn": _text(made),
        "owner": reference(unit),
    }
    task = with_state(task, State.PAUSED if paused else State.OPEN, "admitted" if paused else "")
    return with_facts(task, wanted)


def with_facts(task: Resource, wanted: Wanted) -> Resource:
    """The Task, saying what is wanted and when; what was taken back stays."""
    kept = without_extension(task, codes.PLANNED_AT).get("extension", ())
    return task | {
        "description": wanted.text or "-",
        "extension": [{"url": codes.PLANNED_AT, "valueDateTime": _text(wanted.at)}, *kept],
        "restriction": {"period": {"end": _text(wanted.ends)}},
    }


def with_state(task: Resource, state: State, reason: str = "", words: str = "") -> Resource:
    """The Task in a state. ``reason`` a code of codes.OUTCOME, ``words`` what somebody wrote."""
    rest = {name: value for name, value in task.items() if name != "statusReason"}
    changed = rest | {"status": _STATUS_OF[state], "businessStatus": coded(codes.OUTCOME, state)}
    if reason or words:
        why: Resource = {"coding": [{"system": codes.OUTCOME, "code": reason}]} if reason else {}
        changed["statusReason"] = why | ({"text": words} if words else {})
    return changed


def item_of(stored: Stored) -> Item:
    """A planned item from its Task."""
    return read_item(content(stored), stored.version)


def read_item(task: Resource, version: int) -> Item:
    """A planned item from the body of its Task."""
    said = reading.first_code(task.get("businessStatus"))
    owner = reading.reference_target(task.get("owner"))
    planned = extension(task, codes.PLANNED_AT) or {}
    ends = moment(task["restriction"]["period"]["end"])
    told = {reading.first_code(each.get("type")): each for each in task.get("output", ())}
    done = (task.get("executionPeriod") or {}).get("end")
    since = (task.get("meta") or {}).get("lastUpdated")
    return Item(
        id=str(task["id"]),
        version=version,
        key=str(task["identifier"][0]["value"]),
        source=str((task.get("groupIdentifier") or {}).get("value", "")),
        is_dose=reading.has_code([task["code"]], [codes.PLANNED_DOSE]),
        focus=reading.reference_target(task.get("focus")),
        text=str(task.get("description", "")),
        at=moment(planned.get("valueDateTime", task["restriction"]["period"]["end"])),
        ends=ends,
        state=State(said),
        visit=reading.reference_target(task.get("encounter")).rpartition("/")[2],
        patient=reading.reference_target(task.get("for")),
        owner=owner,
        owner_name=reading.reference_text(task.get("owner")),
        reason=reading.concept_text(task.get("statusReason")),
        late="late" in told,
        by=reading.reference_target(told.get("by", {}).get("valueReference")),
        ended=None if done is None else moment(done),
        handed_words=_last_note(task),
        changed=None if since is None else moment(since),
        taken_back=taken_back_in(task),
        made=moment(task["authoredOn"]) if "authoredOn" in task else None,
    )


def _last_note(task: Resource) -> str:
    notes = [str(each.get("text", "")) for each in reading.elements(task.get("note"))]
    return notes[-1] if notes and notes[-1] != codes.HANDED_OVER else ""


def is_item(resource: Resource) -> bool:
    """Whether a Task is a planned item."""
    return reading.has_code([resource.get("code")], [codes.PLANNED_ACTION, codes.PLANNED_DOSE])


def visit_of(stored: Stored) -> Visit:
    """A visit from its Encounter."""
    return read_visit(content(stored), stored.version)


def made_by(practitioner: str, name: str) -> list[Resource]:
    """Who makes a visit, as its Encounter says it (Practitioner/1)."""
    role = {
        "system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": "PPRF",
    }  # fmt: skip
    return [{"type": [{"coding": [role]}], "individual": reference(practitioner, name)}]


def read_visit(data: Resource, version: int) -> Visit:
    """A visit from the body of its Encounter."""
    plan = (extension(data, codes.PLAN_OF_VISIT) or {}).get("valueReference")
    moved = (extension(data, codes.MOVED_FROM) or {}).get("valueReference")
    who = first(data.get("participant")).get("individual")
    period = data["period"]
    window = next(
        (e["period"] for e in data.get("statusHistory", ()) if e["status"] == "planned"), period
    )
    signed = extension(data, codes.SIGNED_OFF)
    is_made = data["status"] in {"in-progress", "finished"}
    return Visit(
        id=str(data["id"]),
        version=version,
        key=str(first(data.get("identifier")).get("value", "")),
        plan=reading.reference_target(plan),
        patient=reading.reference_target(data.get("subject")),
        unit=reading.reference_target(data.get("serviceProvider")),
        status=str(data["status"]),
        starts=moment(window["start"]),
        ends=moment(window.get("end", window["start"])),
        carer=reading.reference_target(who),
        carer_name=reading.reference_text(who),
        moved_from=reading.reference_target(moved),
        signed_off=signed is not None,
        signed_at=_signed_at(signed),
        began=moment(period["start"]) if is_made else None,
        ended=moment(period["end"]) if data["status"] == "finished" else None,
    )


def read_visit_of(session: Session, patient: str, visit_id: str) -> tuple[Resource, Visit]:
    """A planned visit of a citizen (Patient/1), with its body. Raises NotFound."""
    data, version = acts.read(session, "Encounter", visit_id)
    visit = read_visit(data, version)
    if visit.patient != patient or not visit.key:
        raise NotFound(f"Encounter/{visit_id} is not known")
    return data, visit


def _signed_at(signed: Resource | None) -> datetime | None:
    said = extension(signed, "at") if signed is not None else None
    return moment(said["valueDateTime"]) if said is not None else None


def is_planned_visit(data: Resource) -> bool:
    """Whether an Encounter is a visit made from a plan."""
    return any(each.get("system") == codes.VISIT_NUMBER for each in data.get("identifier", ()))


def moment(text: object) -> datetime:
    """The beginning of a date or time that stands in the record. Raises ValueError."""
    found = reading.moment(text)
    if found is None:
        raise ValueError("no time")
    return found.at


def _text(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
