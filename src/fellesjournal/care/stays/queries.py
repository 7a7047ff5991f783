"""Reading stays: the ward, one stay, a patient's, and what stands about its summary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fellesjournal.access import acts, patients, records
from fellesjournal.access.acts import Resource, Stored
from fellesjournal.access.discharges import DOCUMENT_TYPE, SUMMARY_OWED, SUMMARY_TYPE
from fellesjournal.access.policy.roles import STAFF_ROLE_SYSTEM, role_of
from fellesjournal.access.relations.derive import BEGUN
from fellesjournal.access.sessions import Session
from fellesjournal.care.stays import codes
from fellesjournal.care.stays.resources import Person, Stay, stay_of
from fellesjournal.care.stays.summaries import Summary, summary_of
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation import clock

_PAGE = "200"
_INPATIENT = f"{codes.ACT_CODE}|IMP"
_LASTING = ",".join(sorted(BEGUN))
_OPEN_TASK = "requested,received,accepted,ready,in-progress,on-hold"
_OPEN_SERVICE = "planned,waitlist,active,onhold"


@dataclass(frozen=True, slots=True)
class Due:
    """The open tasks about a patient that a ward or its people own: how many, the first deadline."""

    count: int
    first: datetime | None

    @property
    def is_late(self) -> bool:
        """Whether the first deadline has passed."""
        return self.first is not None and self.first < clock.now()


@dataclass(frozen=True, slots=True)
class Owed:
    """A summary that is still to be written after a stay."""

    stay: str
    patient: str
    owner: str
    deadline: datetime | None

    @property
    def is_late(self) -> bool:
        """Whether it should have been sent (L11)."""
        return self.deadline is not None and self.deadline < clock.now()


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works at a unit; ``role`` is a code of policy/roles.py."""

    reference: str
    name: str
    role: str


def ward(session: Session) -> tuple[Stay, ...]:
    """All who are in the unit of who asks, by bed; a page's count is the length of this."""
    query = [
        ("service-provider", session.unit),
        ("class", _INPATIENT),
        ("status", _LASTING),
        ("_sort", "date"),
    ]
    return tuple(sorted(_stays(_all(session, "Encounter", query)), key=_by_bed))


def _by_bed(stay: Stay) -> tuple[bool, str, float]:
    since = 0.0 if stay.since is None else stay.since.at.timestamp()
    return not stay.placing.bed, stay.placing.bed, since


def stay_by(session: Session, patient_id: str, stay_id: str) -> Stay:
    """One stay of this patient. Raises NotFound, also for another's, and for what is none."""
    stored = records.read(session, "Encounter", stay_id)
    found = stay_of(acts.content(stored), stored.version)
    encounter = acts.content(stored)
    if found.patient != f"Patient/{patient_id}" or not _is_inpatient(encounter):
        raise NotFound(f"Encounter/{stay_id} is not known")
    return found


def _is_inpatient(encounter: Resource) -> bool:
    return bool((encounter.get("class") or {}).get("code") == "IMP")


def stays_of(session: Session, patient_id: str) -> tuple[Stay, ...]:
    """The stays of a patient that the session may see, newest first."""
    query = [
        ("patient", f"Patient/{patient_id}"),
        ("class", _INPATIENT),
        ("status:not", "entered-in-error,cancelled"),
        ("_sort", "-date"),
    ]
    return tuple(_stays(_all(session, "Encounter", query)))


def open_stay(session: Session, patient_id: str) -> Stay | None:
    """The stay that goes on: at the unit of who asks, else anywhere; None when there is none."""
    going = [each for each in stays_of(session, patient_id) if each.is_going_on]
    here = [each for each in going if each.unit.reference == session.unit]
    return next(iter(here or going), None)


def tasks_due(session: Session, stays: Sequence[Stay]) -> Mapping[str, Due]:
    """What is due for those in the ward, by patient (``Patient/1``): open tasks that the ward, or
    one of those who answer for a patient, owns.
    """
    if not stays:
        return {}
    owners = {session.unit, session.person}
    owners |= {each.placing.doctor.reference for each in stays}
    owners |= {each.placing.nurse.reference for each in stays}
    query = [
        ("patient", ",".join(sorted({each.patient for each in stays}))),
        ("owner", ",".join(sorted(filter(None, owners)))),
        ("status", _OPEN_TASK),
    ]
    ends: dict[str, list[datetime | None]] = {}
    for stored in _all(session, "Task", query):
        task = acts.content(stored)
        patient = reading.reference_target(task.get("for"))
        ends.setdefault(patient, []).append(_deadline(task))
    return {
        patient: Due(len(listed), min((each for each in listed if each), default=None))
        for patient, listed in ends.items()
    }


def summaries_owed(session: Session) -> tuple[Owed, ...]:
    """The summaries that the unit of who asks still owes, the nearest deadline first (L11)."""
    found = _all(
        session,
        "Task",
        [("code", f"{codes.TASK_CODE}|{SUMMARY_OWED}"), ("status", _OPEN_TASK)],
    )
    units = [(_owed(acts.content(each)), _unit_of(acts.content(each))) for each in found]
    mine = [owed for owed, unit in units if unit == session.unit]
    return tuple(sorted(mine, key=lambda each: (each.deadline or clock.now(), each.stay)))


def _unit_of(task: Resource) -> str:
    answering = (
        reading.reference_target(each.get("valueReference"))
        for each in reading.elements(task.get("extension"))
    )
    return next(answering, "") or reading.reference_target(task.get("owner"))


def _owed(task: Resource) -> Owed:
    return Owed(
        stay=reading.reference_target(task.get("focus")).partition("/")[2],
        patient=reading.reference_target(task.get("for")),
        owner=reading.reference_text(task.get("owner")),
        deadline=_deadline(task),
    )


def owed_of(session: Session, stay: Stay) -> tuple[Resource, int] | None:
    """The Task that owes the summary of a stay, and its version; None when none does."""
    query = [
        ("focus", stay.reference),
        ("code", f"{codes.TASK_CODE}|{SUMMARY_OWED}"),
        ("status", _OPEN_TASK),
    ]
    found = _all(session, "Task", query)
    return (acts.content(found[0]), found[0].version) if found else None


def summary_of_stay(session: Session, stay: Stay) -> Summary | None:
    """The summary of a stay: the signed one, else the draft; None before it is begun."""
    query = [
        ("encounter", stay.reference),
        ("patient", stay.patient),
        ("type", f"{DOCUMENT_TYPE}|{SUMMARY_TYPE}"),
        ("status", "preliminary,final,amended"),
    ]
    found = [
        summary_of(acts.content(each), each.version) for each in _all(session, "Composition", query)
    ]
    found.sort(key=lambda each: (each.is_draft, each.id))
    return found[0] if found else None


def services_of(session: Session, patient_id: str) -> tuple[Person, ...]:
    """The units that give a patient a service over time (granted EpisodeOfCare), each once."""
    query = [("patient", f"Patient/{patient_id}"), ("status", _OPEN_SERVICE)]
    found = [
        reading.reference_target(acts.content(each).get("managingOrganization"))
        for each in _all(session, "EpisodeOfCare", query)
    ]
    units = [each for each in dict.fromkeys(found) if each.startswith("Organization/")]
    names = _names(session, units)
    return tuple(Person(each, names.get(each, "")) for each in units)


def colleagues(session: Session) -> tuple[Colleague, ...]:
    """Doctors and nurses who work at the unit of who asks today, by name."""
    roles = [
        acts.content(each)
        for each in _all(session, "PractitionerRole", [("organization", session.unit)])
    ]
    listed = [
        (reading.reference_target(role.get("practitioner")), code)
        for role in roles
        if role.get("active") is not False and _is_now(role)
        for code in [_role_code(role)]
        if code in {"doctor", "nurse"}
    ]
    names = _names(session, [who for who, _ in listed])
    found = {Colleague(who, names[who], code) for who, code in listed if names.get(who)}
    return tuple(sorted(found, key=lambda each: (each.name, each.reference, each.role)))


def _role_code(role: Resource) -> str:
    for concept in reading.elements(role.get("code")):
        for system, code, _ in reading.codings(concept):
            policy = role_of(code) if system == STAFF_ROLE_SYSTEM else None
            if policy is not None:
                return policy.code
    return ""


def _is_now(role: Resource) -> bool:
    period = role.get("period") or {}
    starts, ends = reading.moment(period.get("start")), reading.moment(period.get("end"))
    today = clock.today()
    return (starts is None or starts.at.date() <= today) and (
        ends is None or today <= ends.at.date()
    )


def _names(session: Session, references: Iterable[str]) -> dict[str, str]:
    pairs = [(kind, key) for kind, _, key in (each.partition("/") for each in references) if key]
    names = {}
    for stored in patients.read_known(session, pairs):
        name = acts.content(stored).get("name")
        names[stored.reference] = name if isinstance(name, str) else reading.name_text(name)
    return names


def _stays(found: Iterable[Stored]) -> list[Stay]:
    return [stay_of(acts.content(each), each.version) for each in found]


def _deadline(task: Resource) -> datetime | None:
    end = reading.moment((task.get("restriction") or {}).get("period", {}).get("end"))
    return None if end is None else end.at


def _all(session: Session, kind: str, query: Sequence[tuple[str, str]]) -> list[Stored]:
    """All matches of a search, page by page: none is left out of a count."""
    found: list[Stored] = []
    cursor: str | None = None
    while True:
        page = records.search(session, kind, [*query, ("_count", _PAGE)], cursor=cursor)
        found += page.matches
        if page.next is None:
            return found
        cursor = page.next


__all__ = [
    "Colleague", "Due", "Owed", "colleagues", "open_stay", "owed_of", "services_of", "stay_by",
    "stays_of", "summaries_owed", "summary_of_stay", "tasks_due", "ward",
]  # fmt: skip
