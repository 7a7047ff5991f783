"""The plan of a home-care unit for a citizen: actions with weekdays, window and minutes.

norway.md section 12.1: need, goal, action (frequency, time window, duration). The plan is a
CarePlan whose activities carry a Timing; the visits follow from it by rules (planned.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from fellesjournal.access import acts
from fellesjournal.access.acts import Operation, Resource, act, change, content, create
from fellesjournal.access.policy.areas import NOTHING, Area
from fellesjournal.access.policy.kinds import GroundKind
from fellesjournal.access.policy.roles import role_of
from fellesjournal.access.sessions import Session
from fellesjournal.care.homecare import codes, events
from fellesjournal.care.homecare.codes import extension, number, reference
from fellesjournal.care.homecare.planned import active_actions
from fellesjournal.care.homecare.reading_days import PLANNED_VISITS, everything, plans, unit_of
from fellesjournal.care.homecare.timing import WEEKDAYS
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import BadRequest, Conflict, NotFound
from fellesjournal.fhir.vital_signs import LOINC, MEASURABLE
from fellesjournal.foundation import clock

MOST_MINUTES = 600
_MOST_WEEKS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One action of a plan. ``weekdays`` are codes (mon ... sun); every ``weeks`` weeks.

    ``begins`` and ``ends`` are the window, on the wall clock in Norway. ``measures``: what has to
    be measured before it is done, a code of vital_signs.MEASURABLE; "" for nothing.
    """

    text: str
    weekdays: tuple[str, ...]
    begins: time
    ends: time
    minutes: int
    weeks: int = 1
    gives_medicines: bool = False
    measures: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """An action as it stands in a plan. ``minutes_a_week`` on average."""

    id: str
    rule: Rule

    @property
    def minutes_a_week(self) -> float:
        """How long it takes in a week, on average."""
        return self.rule.minutes * len(self.rule.weekdays) / self.rule.weeks


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of a unit for a citizen. ``others``: activities that are only described."""

    id: str
    version: int
    unit: str
    title: str
    actions: tuple[Action, ...]
    others: tuple[str, ...]


def may_plan(session: Session) -> bool:
    """Whether the role of who asks plans and decides for a unit that gives a service."""
    role = role_of(session.role) if session.kind == "staff" else None
    return role is not None and Area.PLANS in role.write.get(GroundKind.HOME_CARE, NOTHING)


def plan_of(session: Session, patient: str, unit: str) -> Plan | None:
    """The active plan of a unit for a citizen; None when nothing is planned yet."""
    found = ((data, version) for data, version in plans(session, patient) if unit_of(data) == unit)
    one = next(found, None)
    return None if one is None else read_plan(*one)


def read_plan(data: Resource, version: int) -> Plan:
    """A plan from the body of its CarePlan."""
    planned = active_actions(data)
    others = [
        reading.concept_text(each["detail"].get("code")) or str(each["detail"].get("description", ""))
        for each in data.get("activity", ())
        if each not in planned and each.get("detail", {}).get("status") == "in-progress"
    ]  # fmt: skip
    return Plan(
        str(data["id"]),
        version,
        unit_of(data),
        str(data.get("title", "")),
        tuple(sorted(map(_action, planned), key=lambda each: (each.rule.begins, each.id))),
        tuple(others),
    )


def _action(activity: Resource) -> Action:
    detail = activity["detail"]
    repeat = detail["scheduledTiming"].get("repeat", {})
    ends = extension(repeat, codes.ENDS_AT) or {}
    return Action(
        str(activity["id"]),
        Rule(
            text=reading.concept_text(detail.get("code")),
            weekdays=tuple(repeat.get("dayOfWeek", WEEKDAYS)),
            begins=time.fromisoformat(repeat["timeOfDay"][0]),
            ends=time.fromisoformat(str(ends["valueTime"])),
            minutes=int(repeat.get("duration", 0)),
            weeks=int(repeat.get("period", 1)) if repeat.get("periodUnit") == "wk" else 1,
            gives_medicines=reading.has_code([detail.get("code")], [codes.GIVES_MEDICINES]),
            measures=measured_by(activity),
        ),
    )


def measured_by(activity: Resource) -> str:
    """What an activity has measured, as Rule says it; "" for one that only says so in words."""
    found = reading.codings(activity.get("detail", {}).get("code"))
    return next((code for system, code, _ in found if system == LOINC and code in MEASURABLE), "")


def activity(number_in_plan: str, rule: Rule, *, unit: str, since: date) -> Resource:
    """The activity of a CarePlan that says a rule. ``since`` anchors every second or third week."""
    coding = []
    if rule.gives_medicines:
        coding.append({"system": codes.ACTION_KIND, "code": codes.GIVES_MEDICINES})
    if rule.measures:
        coding.append({"system": LOINC, "code": rule.measures})
    return {
        "id": number_in_plan,
        "detail": {
            "kind": "Task",
            "code": {"text": rule.text} | ({"coding": coding} if coding else {}),
            "status": "in-progress",
            "scheduledTiming": {
                "repeat": {
                    "extension": [{"url": codes.ENDS_AT, "valueTime": rule.ends.isoformat()}],
                    "boundsPeriod": {"start": since.isoformat()},
                    "duration": rule.minutes,
                    "durationUnit": "min",
                    "frequency": len(rule.weekdays),
                    "period": rule.weeks,
                    "periodUnit": "wk",
                    "dayOfWeek": list(rule.weekdays),
                    "timeOfDay": [rule.begins.isoformat()],
                }
            },
            "performer": [reference(unit)],
        },
    }


def add_action(session: Session, *, patient: str, plan_id: str, seen: int, rule: Rule) -> None:
    """Add an action to the plan of the unit of who asks; the first one begins the plan.

    ``plan_id`` "" when there is no plan yet. Raises BadRequest, PreconditionFailed.
    """
    _check(rule)
    if not plan_id:
        _begin(session, patient, rule)
        return
    data = _own(session, patient, plan_id)
    added = activity(_next_number(data), rule, unit=session.unit, since=clock.today())
    _save(session, patient, data | {"activity": [*data.get("activity", ()), added]}, seen)


def change_action(
    session: Session, *, patient: str, plan_id: str, seen: int, action: str, rule: Rule
) -> None:
    """Replace an action: the old one ends, a new one with another number takes its place.

    What has come due by the old rule stays to be accounted for. Raises as :func:`add_action`,
    NotFound for an action that does not stand.
    """
    _check(rule)
    data = _own(session, patient, plan_id)
    ended = _ended(data, action)
    added = activity(_next_number(data), rule, unit=session.unit, since=clock.today())
    _save(session, patient, data | {"activity": [*ended, added]}, seen)


def end_action(session: Session, *, patient: str, plan_id: str, seen: int, action: str) -> None:
    """End an action; its visits ahead are cancelled by this decision. Raises NotFound."""
    data = _own(session, patient, plan_id)
    _save(session, patient, data | {"activity": _ended(data, action)}, seen)


def _check(rule: Rule) -> None:
    if not rule.text.strip():
        raise BadRequest("an action says what is to be done", code="required")
    if not rule.weekdays or any(day not in WEEKDAYS for day in rule.weekdays):
        raise BadRequest("an action has weekdays", code="required")
    if rule.begins == rule.ends:
        raise BadRequest("a time window is longer than nothing")
    if not 0 < rule.minutes <= MOST_MINUTES or not 0 < rule.weeks <= _MOST_WEEKS:
        raise BadRequest("minutes and weeks are positive, and not too many")


def _begin(session: Session, patient: str, rule: Rule) -> None:
    body: Resource = {
        "resourceType": "CarePlan",
        "identifier": number(codes.WORK_NUMBER, _plan_number(session, patient)),
        "status": "active",
        "intent": "plan",
        "category": [
            {
                "coding": [
                    {"system": codes.PLAN_TYPE, "code": codes.HOME_CARE_PLAN},
                    {"system": codes.PLAN_TYPE, "code": PLANNED_VISITS},
                ],
                "text": "Tiltaksplan",
            }
        ],
        "title": "Tiltaksplan i hjemmetjenesten",
        "subject": reference(patient),
        "period": {"start": clock.today().isoformat()},
        "author": reference(session.person),
        "activity": [activity("a1", rule, unit=session.unit, since=clock.today())],
    }
    criteria = f"identifier={codes.WORK_NUMBER}|{_plan_number(session, patient)}&status=active"
    done = _plan_tasks(session, patient)
    stood = act(
        session, [create(body, unless=criteria), *done], lambda _: [events.plan_changed(patient)]
    )
    if stood[0].version > 1 or len(content(stood[0])["activity"]) > 1:
        raise Conflict("a plan was begun meanwhile")


def _plan_number(session: Session, patient: str) -> str:
    return f"plan.{patient.rpartition('/')[2]}.{session.unit.rpartition('/')[2]}"


def _plan_tasks(session: Session, patient: str) -> list[Operation]:
    """The unit's tasks to plan a granted service, done by this."""
    asked = [
        ("owner", session.unit), ("patient", patient), ("status", "requested"),
        ("code", f"{codes.TASK_CODE}|{codes.PLAN_SERVICE}"),
    ]  # fmt: skip
    found = everything(session, "Task", asked)
    return [change(content(each) | {"status": "completed"}, seen=each.version) for each in found]


def _own(session: Session, patient: str, plan_id: str) -> Resource:
    data, _ = acts.read(session, "CarePlan", plan_id)
    is_own = unit_of(data) == session.unit and data.get("status") == "active"
    if reading.reference_target(data.get("subject")) != patient or not is_own:
        raise NotFound(f"CarePlan/{plan_id} is not known")
    return data


def _ended(data: Resource, action: str) -> list[Resource]:
    if all(each["id"] != action for each in active_actions(data)):
        raise NotFound("this action does not stand in the plan any more")
    return [
        each | {"detail": each["detail"] | {"status": "stopped"}}
        if each.get("id") == action
        else each
        for each in data.get("activity", ())
    ]


def _next_number(data: Resource) -> str:
    found = [re.fullmatch(r"a(\d+)", str(each.get("id", ""))) for each in data.get("activity", ())]
    return f"a{1 + max((int(each[1]) for each in found if each), default=0)}"


def _save(session: Session, patient: str, data: Resource, seen: int) -> None:
    done: Sequence[Operation] = _plan_tasks(session, patient)
    act(session, [change(data, seen=seen), *done], lambda _: [events.plan_changed(patient)])


__all__ = [
    "Action",
    "Plan",
    "Rule",
    "activity",
    "add_action",
    "change_action",
    "end_action",
    "may_plan",
    "measured_by",
    "plan_of",
    "read_plan",
]  # fmt: skip
