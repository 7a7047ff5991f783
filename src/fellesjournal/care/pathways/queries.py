"""What pages show of followed pathways: which there are, what a patient follows, what awaits a unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from fellesjournal.access import records
from fellesjournal.access.acts import Resource, Stored, content
from fellesjournal.access.directory.systems import is_outsider, municipality_of
from fellesjournal.access.policy.areas import Area
from fellesjournal.access.policy.roles import role_of
from fellesjournal.access.sessions import Session
from fellesjournal.care.pathways import codes
from fellesjournal.fhir import reading
from fellesjournal.fhir.pathway_plans import WORKFLOW, PathwayPlan, read_plan
from fellesjournal.foundation import clock
from fellesjournal.registry.units import UNIT_KIND_SYSTEM

_MOST = "500"
OPEN = ("requested", "in-progress")
"""A step that somebody is to do now; a draft waits for those before it."""
NEEDED = Area.PLANS | Area.TASKS


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a plan. ``lane``: who acts; ``owner`` by reference and name; ``due`` None when not all
    hours on the way were said; ``ended_by`` and ``words`` of one that has ended.
    """

    id: str
    version: int
    number: int
    purpose: str
    action: str
    lane: str
    owner: str
    owner_name: str
    status: str
    due: datetime | None
    after: tuple[str, ...]
    documents: tuple[str, ...]
    ended_by: str
    words: str
    patient: str
    plan: str

    @property
    def is_open(self) -> bool:
        """Whether it is somebody's to do now."""
        return self.status in OPEN

    @property
    def has_ended(self) -> bool:
        """Whether it was done or left out."""
        return self.status not in (*OPEN, "draft")

    @property
    def is_late(self) -> bool:
        """Whether it should have been done."""
        return self.is_open and self.due is not None and self.due <= clock.now()


@dataclass(frozen=True, slots=True)
class Followed:
    """A pathway that a patient follows or has followed, steps in their order."""

    id: str
    version: int
    title: str
    status: str
    since: datetime | None
    author: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Awaiting:
    """A step that awaits a unit: for whom (name "" when that may not be seen) and when."""

    step: Step
    name: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that can own steps; ``is_near``: where the patient lives."""

    reference: str
    name: str
    is_near: bool


def may_follow(session: Session) -> bool:
    """Whether the role of who asks may write plans and tasks at all; the record asks again."""
    role = role_of(session.role) if session.kind == "staff" else None
    return role is not None and any(areas & NEEDED == NEEDED for areas in role.write.values())


def pathways(session: Session) -> list[PathwayPlan]:
    """The pathways that patients may follow, by title."""
    page = records.search(
        session, "PlanDefinition", [("status", "active"), ("type", WORKFLOW), ("_count", _MOST)]
    )
    found = [read_plan(content(each)) for each in page.matches]
    return sorted((each for each in found if each.steps), key=lambda each: each.title.casefold())


def pathway(session: Session, plan_id: str) -> PathwayPlan:
    """One of them. Raises NotFound."""
    return read_plan(content(records.read(session, "PlanDefinition", plan_id)))


def followed_by(session: Session, patient: str) -> list[Followed]:
    """What a patient (``Patient/1``) follows, then what she has followed, newest first."""
    query = [
        ("patient", patient), ("category", f"{codes.PLAN_TYPE}|{codes.PATHWAY}"),
        ("_revinclude", "Task:based-on"),
    ]  # fmt: skip
    both = everything(session, "CarePlan", query)
    plans = [each for each in both if each.type == "CarePlan"]
    tasks = [each for each in both if each.type == "Task"]
    steps = [read_step(content(each), each.version) for each in tasks]
    found = [_followed(each, steps) for each in plans]
    newest = sorted(found, key=lambda each: each.since or clock.now(), reverse=True)
    return sorted(newest, key=lambda each: each.status != "active")


def unit_steps(session: Session) -> list[Awaiting]:
    """The steps that are the unit's of who asks to do now, by deadline, those without one last."""
    query = [
        ("owner", session.unit), ("code", f"{codes.TASK_CODE}|{codes.STEP}"),
        ("status", ",".join(OPEN)), ("_include", "Task:patient"),
    ]  # fmt: skip
    found = everything(session, "Task", query)
    names = {
        each.reference: reading.name_text(content(each).get("name"))
        for each in found
        if each.type == "Patient"
    }
    rows = [read_step(content(each), each.version) for each in found if each.type == "Task"]
    return [
        Awaiting(row, names.get(row.patient, ""))
        for row in sorted(rows, key=lambda row: (row.due is None, row.due or clock.now(), row.id))
    ]


def units_for(session: Session, patient: Resource, levels: Iterable[str]) -> dict[str, list[Unit]]:
    """The units that can own steps of each level, those where the patient lives first, by name."""
    wanted = {
        level: codes.KINDS_OF_LEVEL[level] for level in levels if level in codes.KINDS_OF_LEVEL
    }
    kinds = sorted({kind.value for found in wanted.values() for kind in found})
    if not kinds:
        return {}
    asked = ",".join(f"{UNIT_KIND_SYSTEM}|{kind}" for kind in kinds)
    found = [
        content(each)
        for each in everything(session, "Organization", [("type", asked), ("active", "true")])
    ]
    here = municipality_of(patient)
    return {
        level: sorted(
            (
                Unit(
                    f"Organization/{each['id']}", reading.string(each.get("name")),
                    bool(here) and municipality_of(each) == here,
                )
                for each in found
                if reading.has_code(each.get("type"), [kind.value for kind in of])
                and not is_outsider(each)
            ),
            key=lambda unit: (not unit.is_near, unit.name.casefold()),
        )
        for level, of in wanted.items()
    }  # fmt: skip


def read_step(task: Resource, version: int) -> Step:
    """A step from the body of its Task."""
    owner = reading.reference_target(task.get("owner"))
    period = (task.get("restriction") or {}).get("period") or {}
    due = reading.moment(period.get("end"))
    inputs = list(reading.elements(task.get("input")))
    lane = next(reading.elements(task.get("performerType")), {})
    number = str(task.get("instantiatesUri", "")).rpartition("#step-")[2]
    based = next(reading.elements(task.get("basedOn")), {})
    return Step(
        id=str(task.get("id", "")),
        version=version,
        number=int(number) if number.isdecimal() else 0,
        purpose=reading.concept_text({"text": (task.get("code") or {}).get("text")}),
        action=reading.string(task.get("description")),
        lane=reading.concept_text(lane),
        owner=owner,
        owner_name=reading.reference_text(task.get("owner")),
        status=reading.string(task.get("status")),
        due=None if due is None else due.at,
        after=tuple(
            target
            for each in inputs
            if (target := reading.reference_target(each.get("valueReference")))
        ),
        documents=tuple(t for each in inputs if (t := reading.string(each.get("valueString")))),
        ended_by=_ended_by(task),
        words=reading.concept_text(task.get("statusReason")),
        patient=reading.reference_target(task.get("for")),
        plan=reading.reference_target(based),
    )


def _followed(found: Stored, steps: Sequence[Step]) -> Followed:
    data = content(found)
    since = reading.moment((data.get("period") or {}).get("start"))
    own = [each for each in steps if each.plan == f"CarePlan/{found.id}"]
    return Followed(
        found.id, found.version, reading.string(data.get("title")),
        reading.string(data.get("status")), None if since is None else since.at,
        reading.reference_text(data.get("author")),
        tuple(sorted(own, key=lambda each: (each.number, each.id))),
    )  # fmt: skip


def _ended_by(task: Resource) -> str:
    said = next(reading.elements(task.get("output")), {})
    return reading.reference_text(said.get("valueReference"))


def everything(session: Session, kind: str, query: Sequence[tuple[str, str]]) -> list[Stored]:
    """All matches of a search, and what it includes, page after page."""
    found: dict[str, Stored] = {}
    cursor: str | None = None
    while True:
        page = records.search(session, kind, [*query, ("_count", _MOST)], cursor=cursor)
        found |= {each.reference: each for each in (*page.matches, *page.included)}
        if page.next is None:
            return list(found.values())
        cursor = page.next


__all__ = [
    "OPEN", "Awaiting", "Followed", "Step", "Unit", "everything", "followed_by", "may_follow",
    "pathway", "pathways", "read_step", "unit_steps", "units_for",
]  # fmt: skip
