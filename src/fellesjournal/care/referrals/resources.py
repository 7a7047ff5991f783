"""The resources of a referral: ServiceRequest (what is asked for, and where it stands) and Task
(who answers for it, and until when).

The citizen sees no Tasks, so that all she must know stands in the ServiceRequest as well: the
state, and the dates of Helsenorge's profile (norway.md section 8). Both change in one act.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from fellesjournal.care.referrals import codes
from fellesjournal.care.referrals.states import State
from fellesjournal.fhir import reading
from fellesjournal.fhir.reading import Element
from fellesjournal.foundation import clock

Resource = dict[str, Any]

_HELSENORGE = "http://helsenorge.no/fhir/StructureDefinition/"
SENIORITY = _HELSENORGE + "no-ansiennitets-dato"
RECEIVED = _HELSENORGE + "no-mottatt-dato"
ASSESSED = _HELSENORGE + "no-vurdert-dato"
ASSESS_BY = _HELSENORGE + "no-frist-for-vurdering"
CARE_BY = _HELSENORGE + "no-frist-for-helsehjelp"
STATUS_REASON = _HELSENORGE + "servicerequest-statusReason"
_OWN = "https://fellesjournal.example/fhir/StructureDefinition/"
STATE = _OWN + "referral-state"
REFERRING_UNIT = _OWN + "referring-unit"
CONTENT_AS_OF = _OWN + "referral-content-as-of"
_UUIDS = "urn:ietf:rfc:3986"

# http://hl7.org/fhir/R4/valueset-request-status.html and valueset-task-status.html
_REQUEST_STATUS = {
    State.DRAFT: "draft",
    State.REJECTED: "revoked",
    State.CANCELLED: "revoked",
    State.ENDED: "completed",
}
_TASK_STATUS = {
    State.TO_ASSESS: "requested",
    State.ASKED: "on-hold",
    State.WAITING: "accepted",
    State.CALLED_IN: "in-progress",
    State.REJECTED: "rejected",
    State.CANCELLED: "cancelled",
    State.ENDED: "completed",
    State.DRAFT: "draft",
}
# 9148, as far as a state has one.
_NATIONAL_STATUS = {State.CALLED_IN: "1", State.WAITING: "2", State.REJECTED: "4"}
OPEN_TASK = frozenset({"requested", "received", "accepted", "ready", "in-progress", "on-hold"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What the referrer writes. ``urgency`` is a request-priority (routine, urgent, asap);
    ``diagnosis_code`` ICPC-2, "" when there is only a text.
    """

    what: str
    diagnosis: str = ""
    diagnosis_code: str = ""
    history: str = ""
    urgency: str = "routine"


@dataclass(frozen=True, slots=True)
class Addition:
    """Something said later about a referral: an answer, or what was changed."""

    text: str
    by: str
    at: reading.Moment | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """A ServiceRequest as pages need it. References are ``Type/id``; days are days in Norway,
    a deadline counts to its end.
    """

    id: str
    version: int
    state: State
    patient: str
    content: Content
    additions: tuple[Addition, ...]
    receiver: str
    receiver_name: str
    requester: str
    requester_name: str
    referring_unit: str
    referring_unit_name: str
    sent: reading.Moment | None
    received: date | None
    assess_by: date | None
    assessed: date | None
    care_by: date | None
    reason: str

    @property
    def reference(self) -> str:
        """As ``ServiceRequest/x``."""
        return f"ServiceRequest/{self.id}"


# --- the request ----------------------------------------------------------------------------------


def new_request(patient: str, content: Content, *, key: str = "") -> Resource:
    """A draft ServiceRequest for a patient (``Patient/1``) that nobody has sent yet.

    ``key`` names it in messages (a UUID); it gets one when none is given.
    """
    request: Resource = {
        "resourceType": "ServiceRequest",
        "identifier": [{"system": _UUIDS, "value": f"urn:uuid:{key or uuid.uuid4()}"}],
        "status": "draft",
        "intent": "order",
        "category": [codes.concept(codes.ORDER_TYPE, codes.REFERRAL, "Henvisning")],
        "subject": {"reference": patient},
    }
    put_content(request, content)
    put_state(request, State.DRAFT)
    return request


def identifier_query(key: str) -> str:
    """The value of a search by ``identifier`` for the referral with this key."""
    return f"{_UUIDS}|urn:uuid:{key}"


def put_content(request: Resource, content: Content) -> None:
    """Let the request say this; what was said in addition stays."""
    request["priority"] = content.urgency
    request["code"] = {
        **codes.concept(codes.CONTENT_TYPE, codes.TO_BE_EXAMINED, "Utredning/behandling"),
        **({"text": content.what} if content.what else {}),
    }
    reason: Resource = {"text": content.diagnosis} if content.diagnosis else {}
    if content.diagnosis_code:
        reason["coding"] = [{"system": codes.ICPC2, "code": content.diagnosis_code}]
    _put(request, "reasonCode", [reason] if reason else [])
    additions = list(reading.elements(request.get("note")))[1:]
    _put(request, "note", [{"text": content.history or "–"}, *additions])


def add_to(request: Resource, text: str, *, by: str) -> None:
    """An answer or another addition; signed with a name and the time."""
    said = {"text": text, "authorString": by, "time": clock.now_text()}
    request.setdefault("note", [{"text": "–"}]).append(said)


def put_state(request: Resource, state: State, reason: str = "") -> None:
    """Where the request stands now; ``reason`` is why, in words."""
    request["status"] = _REQUEST_STATUS.get(state, "active")
    concept = dict(codes.concept(codes.STATE, state.value))
    national = _NATIONAL_STATUS.get(state)
    if national:
        display = codes.STATUSES[national]
        concept["coding"].append({"system": codes.STATUS, "code": national, "display": display})
    put_extension(request, STATE, valueCodeableConcept=concept)
    put_extension(request, STATUS_REASON, valueCodeableConcept={"text": reason} if reason else None)


def put_day(request: Resource, url: str, day: date | None) -> None:
    """One of the dates of the profile; None removes it."""
    put_extension(request, url, valueDateTime=None if day is None else day.isoformat())


def put_extension(resource: Resource, url: str, **value: object) -> None:
    """The one extension of this url; a value of None removes it."""
    others = [each for each in reading.elements(resource.get("extension")) if each["url"] != url]
    ((name, said),) = value.items()
    _put(resource, "extension", others if said is None else [*others, {"url": url, name: said}])


def read_referral(request: Element, version: int) -> Referral:
    """A ServiceRequest as a :class:`Referral`; one without our state is read by its status."""
    notes = list(reading.elements(request.get("note")))
    reason = next(reading.elements(request.get("reasonCode")), {})
    performer = next(reading.elements(request.get("performer")), {})
    unit = _extension(request, REFERRING_UNIT).get("valueReference")
    why = _extension(request, STATUS_REASON).get("valueCodeableConcept")
    history = reading.string(notes[0].get("text")) if notes else ""
    return Referral(
        id=reading.string(request.get("id")),
        version=version,
        state=state_of(request),
        patient=reading.reference_target(request.get("subject")),
        content=Content(
            what=reading.string((request.get("code") or {}).get("text")),
            diagnosis=reading.concept_text(reason),
            diagnosis_code=_code(reason, codes.ICPC2),
            history="" if history == "–" else history,
            urgency=reading.string(request.get("priority")) or "routine",
        ),
        additions=tuple(map(_addition, notes[1:])),
        receiver=reading.reference_target(performer),
        receiver_name=reading.reference_text(performer),
        requester=reading.reference_target(request.get("requester")),
        requester_name=reading.reference_text(request.get("requester")),
        referring_unit=reading.reference_target(unit),
        referring_unit_name=reading.reference_text(unit),
        sent=reading.first_moment(request, "authoredOn"),
        received=_day(request, RECEIVED),
        assess_by=_day(request, ASSESS_BY),
        assessed=_day(request, ASSESSED),
        care_by=_day(request, CARE_BY),
        reason=reading.concept_text(why),
    )


def state_of(request: Element) -> State:
    """The state a ServiceRequest says, else what its status comes to."""
    said = _extension(request, STATE).get("valueCodeableConcept")
    code = _code(said, codes.STATE)
    if code in set(State):
        return State(code)
    by_status = {"draft": State.DRAFT, "completed": State.ENDED}
    closed = {"revoked": State.CANCELLED, "entered-in-error": State.CANCELLED}
    return {**by_status, **closed}.get(reading.string(request.get("status")), State.TO_ASSESS)


# --- the task -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A Task about a referral: who owns it, until when. ``asks`` is what a question says;
    ``by_message``: it went to another system, and its owner follows what comes of it there.
    """

    id: str
    version: int
    code: str
    state: State
    referral: str
    patient: str
    owner: str
    owner_name: str
    requester: str
    requester_name: str
    deadline: date | None
    urgency: str
    is_open: bool
    asks: str = ""
    answer: str = ""
    changed: bool = False
    by_message: bool = False

    @property
    def is_late(self) -> bool:
        """Whether the day of its deadline is over."""
        return self.is_open and self.deadline is not None and clock.today() > self.deadline


def new_task(
    code: str,
    *,
    focus: str,
    patient: str,
    owner: Element,
    requester: Element | None,
    deadline: date,
) -> Resource:
    """An open Task about a referral (``focus`` may be a urn of the same act)."""
    task: Resource = {
        "resourceType": "Task",
        "status": "requested",
        "intent": "order",
        "code": codes.concept(codes.TASK_CODE, code),
        "focus": {"reference": focus},
        "for": {"reference": patient},
        "authoredOn": clock.now_text(),
        "lastModified": clock.now_text(),
        "owner": dict(owner),
        "restriction": {"period": {"end": deadline.isoformat()}},
    }
    if requester:
        task["requester"] = dict(requester)
    return task


def put_task_state(task: Resource, state: State, deadline: date | None = None) -> None:
    """Where the referral stands, for who owns it, and the next deadline."""
    task["status"] = _TASK_STATUS[state]
    task["businessStatus"] = codes.concept(codes.STATE, state.value)
    put_modified(task)
    if deadline is not None:
        task["restriction"] = {"period": {"end": deadline.isoformat()}}


def put_modified(task: Resource) -> None:
    """Now; never before it was authored (invariant inv-1 of Task), whatever two clocks say."""
    authored, now = reading.moment(task.get("authoredOn")), clock.now()
    task["lastModified"] = moment_text(now if authored is None else max(now, authored.at))


def put_output(task: Resource, system: str, code: str, **value: object) -> None:
    """A result of the work, typed by a code; it takes the place of an earlier one of that type."""
    kept = [e for e in reading.elements(task.get("output")) if _code(e.get("type"), system) != code]
    task["output"] = [*kept, {"type": codes.concept(system, code), **value}]


def put_input(task: Resource, code: str, text: str) -> None:
    """What the work begins from, typed by a code of ours."""
    task.setdefault("input", []).append(
        {"type": codes.concept(codes.TASK_CODE, code), "valueString": text}
    )


def read_work(task: Element, version: int) -> Work:
    """A Task about a referral as :class:`Work`."""
    state = _code(task.get("businessStatus"), codes.STATE)
    period = (task.get("restriction") or {}).get("period")
    ends = reading.moment((period or {}).get("end"))
    return Work(
        id=reading.string(task.get("id")),
        version=version,
        code=_code(task.get("code"), codes.TASK_CODE),
        state=State(state) if state in set(State) else State.TO_ASSESS,
        referral=reading.reference_target(task.get("focus")).removeprefix("ServiceRequest/"),
        patient=reading.reference_target(task.get("for")),
        owner=reading.reference_target(task.get("owner")),
        owner_name=reading.reference_text(task.get("owner")),
        requester=reading.reference_target(task.get("requester")),
        requester_name=reading.reference_text(task.get("requester")),
        deadline=None if ends is None else ends.at.date(),
        urgency=reading.string(task.get("priority")) or "routine",
        is_open=task.get("status") in OPEN_TASK,
        asks=_said(task, "input", codes.QUESTION_TASK),
        answer=_said(task, "output", codes.QUESTION_TASK),
        changed=bool(_said(task, "output", CHANGED)),
        by_message=bool(_said(task, "input", BY_MESSAGE)),
    )


CHANGED = "changed-by-referrer"
"""Output of the office's Task: what it is about was changed after it was sent."""
BY_MESSAGE = "sent-by-message"
"""Input of a Task: the receiver uses another system, and nothing is known of receipt yet."""


# --- parts ----------------------------------------------------------------------------------------


def named(reference: str, display: str = "") -> Element:
    """A Reference, with a name when there is one."""
    return {"reference": reference} | ({"display": display} if display else {})


def moment_text(moment: datetime) -> str:
    """An aware moment as an instant in Norwegian time."""
    return moment.astimezone(clock.NORWAY).isoformat(timespec="seconds")


def read_unit(request: Element) -> Element:
    """The reference of the referring unit; empty when it is not told."""
    found: Element = _extension(request, REFERRING_UNIT).get("valueReference") or {}
    return found


def content_as_of(request: Element) -> str:
    """When what the request says was written by the referrer, as an instant; "" if not told."""
    return reading.string(_extension(request, CONTENT_AS_OF).get("valueDateTime"))


def _addition(note: Element) -> Addition:
    return Addition(
        text=reading.string(note.get("text")),
        by=reading.string(note.get("authorString")),
        at=reading.moment(note.get("time")),
    )


def _extension(resource: Element, url: str) -> Element:
    found: Iterator[Element] = reading.elements(resource.get("extension"))
    return next((each for each in found if each.get("url") == url), {})


def _day(request: Element, url: str) -> date | None:
    moment = reading.moment(_extension(request, url).get("valueDateTime"))
    return None if moment is None else moment.at.date()


def _said(task: Element, where: str, code: str) -> str:
    for each in reading.elements(task.get(where)):
        if _code(each.get("type"), codes.TASK_CODE) == code:
            return reading.string(each.get("valueString"))
    return ""


def _code(concept: object, system: str) -> str:
    return next((code for found, code, _ in reading.codings(concept) if found == system), "")


def _put(resource: Resource, name: str, value: list[Any]) -> None:
    if value:
        resource[name] = value
    else:
        resource.pop(name, None)
