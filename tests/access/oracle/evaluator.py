"""Who may see what, said once more and as plainly as possible, to compare the platform with.

Written from docs/access.md: the tables of roles, areas, codes and days are read from that
page, the rules are loops over the raw JSON of all versions. Nothing of the platform's own
rules is used here, and nothing is quick.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fellesjournal.access.addresses import own_bases
from tests.access.oracle.population import NOW, Opening, Worker

Json = dict[str, Any]
PAGE = Path(__file__).parents[3] / "docs" / "access.md"
OSLO = ZoneInfo("Europe/Oslo")
LONG_AGO = datetime(1, 1, 2, tzinfo=UTC)
NEVER = datetime(9999, 1, 1, tzinfo=UTC)

# --- the page --------------------------------------------------------------------------------


def _tables(text: str) -> Iterator[list[list[str]]]:
    rows: list[list[str]] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
        elif rows:
            yield [rows[0], *rows[2:]]
            rows = []


@cache
def page() -> str:
    """The text of docs/access.md."""
    return PAGE.read_text(encoding="utf-8")


@cache
def areas() -> dict[str, str]:
    """The area of each resource type."""
    table = next(t for t in _tables(page()) if t[0][0] == "Area" and len(t[0]) == 4)
    return {name: row[0] for row in table[1:] for name in row[3].split(", ")}


@cache
def roles() -> dict[str, tuple[str, frozenset[str]]]:
    """By code or position: the role's title, and its areas without a patient."""
    table = next(t for t in _tables(page()) if t[0][0] == "Role" and "Code" in t[0][1])
    column = table[0].index("Without a patient: sees")
    return {
        code: (row[0], frozenset(row[column].split(", ")))
        for row in table[1:]
        for code in re.findall(r"`([^`]+)`", row[1])
    }


@cache
def opened(title: str) -> dict[str, frozenset[str]]:
    """What each ground opens to a role: by the ground's name, areas."""
    section = page().partition(f"\n#### {title}\n")[2].partition("\n#### ")[0].partition("\n## ")[0]
    table = next(_tables(section), None)
    if table is None:
        return {}
    return {
        ground: frozenset(row[0] for row in table[1:] if row[n])
        for n, ground in enumerate(table[0])
        if n
    }


@cache
def days(name: str) -> timedelta:
    """A setting of the table of durations."""
    table = next(t for t in _tables(page()) if t[0][0] == "Setting")
    return next(timedelta(days=int(row[1])) for row in table[1:] if row[0] == f"`{name}`")


@cache
def citizen_areas() -> frozenset[str]:
    """What a citizen sees of her own record."""
    section = page().partition("\n## The citizen\n")[2]
    return frozenset(next(_tables(section))[1][1].split(", "))


@cache
def shown_to(view: str) -> dict[str, str]:
    """Each visibility code, and whether this view shows it."""
    table = next(t for t in _tables(page()) if t[0][0] == "Code (9603)")
    column = table[0].index(view)
    return {row[0].strip("`"): row[column] for row in table[1:]}


# --- times and references --------------------------------------------------------------------


def begin(text: str | None) -> datetime:
    """When a date begins in Norway; long ago for none."""
    if text is None:
        return LONG_AGO
    if "T" in text:
        return datetime.fromisoformat(text)
    return datetime.combine(date.fromisoformat(text), datetime.min.time(), OSLO)


def end(text: str | None) -> datetime:
    """When a date is over; never for none."""
    if text is None:
        return NEVER
    if "T" in text:
        return datetime.fromisoformat(text)
    return begin((date.fromisoformat(text) + timedelta(days=1)).isoformat())


def within(
    period: Json | None, before: timedelta = timedelta(), after: timedelta = timedelta()
) -> bool:
    """Whether now is in a period, widened."""
    period = period or {}
    starts, ends = begin(period.get("start")), end(period.get("end"))
    if starts > LONG_AGO:
        starts -= before
    if ends < NEVER:
        ends += after
    return starts <= NOW < ends


def target(pointer: Json | None) -> str:
    """``Type/id`` of a reference to this server."""
    return str((pointer or {}).get("reference", "")).removeprefix(own_bases()[0] + "/")


_OWNER = {
    "Task": "for", "Coverage": "beneficiary", "ResearchSubject": "individual",
    **dict.fromkeys(("EpisodeOfCare", "Consent", "AllergyIntolerance", "FamilyMemberHistory",
                     "RelatedPerson"), "patient"),
}  # fmt: skip


def about(data: Json) -> list[str]:
    """The patients a resource is about, the one whose record it is in first."""
    kind = data["resourceType"]
    if kind == "Patient":
        return [f"Patient/{data['id']}"]
    if kind == "Appointment":
        pointers = [each.get("actor") for each in data.get("participant", ())]
    elif kind == "Group":
        pointers = [each.get("entity") for each in data.get("member", ())]
    elif kind == "Provenance":
        pointers = data.get("target", [])
    else:
        pointers = [data.get(_OWNER.get(kind, "subject")), *data.get("focus", ())]
    found = [target(each) for each in pointers]
    return list(dict.fromkeys(each for each in found if each.startswith("Patient/")))


# --- the record ------------------------------------------------------------------------------


@dataclass
class Truth:
    """All versions of everything: None for a delete."""

    versions: dict[str, list[Json | None]] = field(default_factory=dict)
    openings: list[Opening] = field(default_factory=list)
    unjudged: set[str] = field(default_factory=set)
    """Reviews of broken glass, which the platform writes itself."""

    def standing(self, kind: str = "") -> Iterator[Json]:
        """What stands, of one type or all."""
        for versions in self.versions.values():
            latest = versions[-1]
            if latest is not None and kind in {"", latest["resourceType"]}:
                yield latest


def seen_by(truth: Truth, asks: Staff | Citizen) -> dict[str, set[int]]:
    """For each resource (``Type/id``) the versions that may be seen; empty: none of it.

    A resource is seen if what stands is (of a deleted one: what stood before), and an older
    version if it might be seen itself as well.
    """
    found = {}
    for key, versions in truth.versions.items():
        bodies = [body or versions[n - 1] for n, body in enumerate(versions)]
        allowed = {n + 1 for n, body in enumerate(bodies) if asks.may_see(body, key)}
        found[key] = allowed if len(versions) in allowed else set()
    return found


@dataclass
class Staff:
    """A member of staff in her role."""

    truth: Truth
    worker: Worker

    def __post_init__(self) -> None:
        self.title, self.open_areas = roles()[self.worker.code]
        self.practitioner = f"Practitioner/{self.worker.name}"
        self.role = f"PractitionerRole/{self.worker.name}-role"
        unit = f"Organization/{self.worker.unit}"
        self.holders = {self.practitioner, self.role, unit}
        for data in self.truth.standing("PractitionerRole"):
            if f"PractitionerRole/{data['id']}" == self.role:
                self.holders |= {target(e["valueReference"]) for e in data.get("extension", ())}
        for data in self.truth.standing("HealthcareService"):
            if target(data.get("providedBy")) == unit:
                self.holders.add(f"HealthcareService/{data['id']}")
        self.actors = {self.practitioner, self.role, unit, "Organization/top"}
        teams = {
            f"CareTeam/{team['id']}"
            for team in self.truth.standing("CareTeam")
            if team.get("status") == "active"
            for part in team.get("participant", ())
            if target(part["member"]) in self.holders and within(part.get("period"))
        }
        self.holders |= teams
        self.grounds = list(self._grounds())
        self.blocks = list(self.truth.standing("Consent"))

    def may_see(self, data: Json | None, key: str) -> bool:
        """Whether she may see a version."""
        assert data is not None
        area = areas()[data["resourceType"]]
        patients = about(data)
        if not patients:
            return area in self.open_areas
        if not all(self._has_ground(each, area) for each in patients):
            return False
        return self._labels_open(data, patients[0]) and not any(
            self._is_blocked(key, area, each) and not self._broke_glass(each) for each in patients
        )

    def _has_ground(self, patient: str, area: str) -> bool:
        return any(
            who == patient and area in opened(self.title).get(ground, ())
            for who, ground in self.grounds
        )

    def _opened(self, patient: str, kind: int) -> Iterator[Opening]:
        for each in self.truth.openings:
            is_on = each.minutes_ago < 60
            is_hers = each.worker == self.worker.name and f"Patient/{each.patient}" == patient
            if is_hers and is_on and each.kind == kind:
                yield each

    def _broke_glass(self, patient: str) -> bool:
        return any(self._opened(patient, 1))

    def _labels_open(self, data: Json, patient: str) -> bool:
        wanted = set()
        for coding in data.get("meta", {}).get("security", ()):
            code = coding["code"]
            if code in _CATEGORIES:
                wanted.add(_CATEGORIES[code])
            if code == "NORS":
                wanted.add("NORS")
        if self._broke_glass(patient):
            wanted.discard("NORS")
        return wanted <= {name for each in self._opened(patient, 2) for name in each.labels}

    # grounds: pairs of patient and the ground's name on the page

    def _grounds(self) -> Iterator[tuple[str, str]]:
        for data in self.truth.standing():
            rule = getattr(self, "_of_" + data["resourceType"].lower(), None)
            patients = about(data)
            if rule is not None and patients:
                for ground, holder in rule(data):
                    if holder in self.holders:
                        yield patients[0], ground
        for patient in {f"Patient/{o.patient}" for o in self.truth.openings}:
            if self._broke_glass(patient):
                yield patient, "Break-the-glass"

    def _of_patient(self, data: Json) -> Iterator[tuple[str, str]]:
        for each in data.get("generalPractitioner", ()):
            yield "List GP", target(each)

    def _of_encounter(self, data: Json) -> Iterator[tuple[str, str]]:
        status, period = data["status"], data.get("period", {})
        if status not in {"planned", "in-progress", "finished"}:
            return
        before = days("encounter_before") if status == "planned" else timedelta()
        if "end" not in period:
            stays = status == "in-progress" and data["class"]["code"] == "IMP"
            if not stays and begin(period["start"]) + days("encounter_without_end") <= NOW:
                return
        if not within(period, before, days("encounter_after")):
            return
        yield "Encounter", target(data.get("serviceProvider"))
        for part in data.get("participant", ()):
            left = end(part.get("period", {}).get("end"))
            if left == NEVER or left + days("encounter_after") > NOW:
                yield "Encounter", target(part["individual"])

    def _of_appointment(self, data: Json) -> Iterator[tuple[str, str]]:
        if data["status"] not in {"booked", "noshow"}:
            return
        if within(data, days("appointment_before"), days("appointment_after")):
            for part in data["participant"]:
                if part["status"] != "declined":
                    yield "Appointment", target(part["actor"])

    def _of_servicerequest(self, data: Json) -> Iterator[tuple[str, str]]:
        if data["status"] != "active" or data["intent"] != "order":
            return
        if begin(data["authoredOn"]) <= NOW:
            ground = "Requisition" if "category" in data else "Referral"
            for each in (data["requester"], *data["performer"]):
                yield ground, target(each)

    def _of_episodeofcare(self, data: Json) -> Iterator[tuple[str, str]]:
        status, period = data["status"], data["period"]
        if status == "cancelled" or (status == "finished" and "end" not in period):
            return
        before = days("service_before") if status == "planned" else timedelta()
        if within(period, before, days("service_after")):
            for each in (data["managingOrganization"], data["careManager"], *data.get("team", ())):
                yield "Municipal service", target(each)

    def _of_careteam(self, data: Json) -> Iterator[tuple[str, str]]:
        if data["status"] == "active":
            for part in data["participant"]:
                if within(part.get("period")):
                    yield "Care team", target(part["member"])

    def _of_careplan(self, data: Json) -> Iterator[tuple[str, str]]:
        if data["status"] not in {"active", "on-hold"}:
            return
        for each in data.get("careTeam", ()):
            yield "Care team", target(each)
        for activity in data["activity"]:
            if activity["detail"]["status"] != "completed":
                yield "Care team", target(activity["detail"]["performer"][0])

    def _of_task(self, data: Json) -> Iterator[tuple[str, str]]:
        if data["status"] in {"requested", "in-progress"} and begin(data["authoredOn"]) <= NOW:
            yield "Assigned task", target(data["owner"])

    # blocks

    def _is_blocked(self, key: str, area: str, patient: str) -> bool:
        for consent in self.blocks:
            if target(consent["patient"]) != patient or consent["status"] != "active":
                continue
            for deny in consent["provision"]["provision"]:
                if self._shuts_out(deny) and self._covers(deny, key, area):
                    return True
        return False

    def _shuts_out(self, deny: Json) -> bool:
        if not within(deny.get("period")):
            return False
        if "actor" in deny:
            return any(target(actor["reference"]) in self.actors for actor in deny["actor"])
        excepted = [actor for inner in deny["provision"] for actor in inner["actor"]]
        return not any(target(actor["reference"]) in self.actors for actor in excepted)

    def _covers(self, deny: Json, key: str, area: str) -> bool:
        closed = {
            areas()[coding["code"]] if "resource-types" in coding["system"] else coding["code"]
            for coding in deny.get("class", ())
        }
        if closed and area not in closed:
            return False
        if "data" in deny and key != target(deny["data"][0]["reference"]):
            return False
        return "dataPeriod" not in deny or self._is_care_of(deny["dataPeriod"], key)

    def _is_care_of(self, period: Json, key: str) -> bool:
        """Of which time a resource is, is said by what stands; undated is of any time."""
        data = self.truth.versions[key][-1] or {}
        dated = data.get("effectiveDateTime") or data.get("onsetDateTime")
        if dated is None:
            return True
        return begin(dated) < end(period.get("end")) and end(dated) > begin(period.get("start"))


_CATEGORIES = {
    "PSY": "PSY", "SEX": "SEX", "SDV": "VIOLENCE", "child-protection": "CHILD", "R": "RESTRICTED",
}  # fmt: skip


@dataclass
class Citizen:
    """A citizen in her own record, or in her child's; ``allowed`` False: not at all."""

    truth: Truth
    person: str
    subject: str

    def __post_init__(self) -> None:
        born = self._patient(self.subject)["birthDate"]
        today = NOW.astimezone(OSLO).date()
        years = (
            today.year
            - int(born[:4])
            - ((today.month, today.day) < tuple(map(int, born[5:].split("-"))))
        )
        self.allowed, self.required = True, frozenset[str]()
        if self.person == self.subject:
            self.view = "Citizen" if years >= 16 else "Young person 12–16"
            return
        self.view = "Parents"
        at_home = (
            self._patient(self.person)["address"][0]["line"]
            == self._patient(self.subject)["address"][0]["line"]
        )
        self.allowed = years < 16 and at_home
        if years >= 12:
            # a reduced view: only what somebody has looked at and left to the parents
            self.required = frozenset({"N", "NORN_UNGDOM"})

    def _patient(self, fhir_id: str) -> Json:
        return next(p for p in self.truth.standing("Patient") if p["id"] == fhir_id)

    def may_see(self, data: Json | None, key: str) -> bool:
        """Whether she may see a version."""
        assert data is not None
        patients = about(data)
        area = areas()[data["resourceType"]]
        if not patients:
            return area in {"directory", "definitions"}
        if patients != [f"Patient/{self.subject}"] or area not in citizen_areas():
            return False
        if data["resourceType"] == "Composition" and data["status"] == "preliminary":
            return False  # nobody answers for a draft yet
        codings = [c for c in data.get("meta", {}).get("security", ()) if "9603" in c["system"]]
        looked_at = any(coding["code"] in self.required for coding in codings)
        if self.required and data["resourceType"] != "Patient" and not looked_at:
            return False
        return all(self._is_shown(coding, key) for coding in codings)

    def _is_shown(self, coding: Json, key: str) -> bool:
        said = shown_to(self.view)[coding["code"]]
        if said != "hidden until released":
            return said == "shown"
        # what stands says when; a label that was taken off or deleted releases no older version
        standing = (self.truth.versions[key][-1] or {}).get("meta", {}).get("security", ())
        for same in (each for each in standing if each["code"] == coding["code"]):
            details = same["extension"][0]["extension"]
            until = next(part["valueDateTime"] for part in details if part["url"] == "until")
            return end(until) <= NOW
        return False
