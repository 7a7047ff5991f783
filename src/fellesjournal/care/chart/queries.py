"""The chart of one patient, put together from the record in a fixed number of searches."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import msgspec

from fellesjournal.access import patients, records
from fellesjournal.access.sessions import Session
from fellesjournal.care.chart.clinical import (
    Alert,
    Allergies,
    Medicine,
    Problem,
    alerts,
    allergies,
    medicines,
    problems,
)
from fellesjournal.care.chart.results import Section, Trend, trends
from fellesjournal.care.chart.timeline import Event, events
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import NotFound
from fellesjournal.fhir.reading import Element

# How much of each type the chart reads, newest first. Years of home measurements fit.
_LIMITS = {
    "AllergyIntolerance": 100,
    "Flag": 50,
    "Condition": 500,
    "MedicationRequest": 500,
    "MedicationStatement": 200,
    "Observation": 2000,
    "CarePlan": 50,
    "Encounter": 600,
    "DocumentReference": 400,
    "Composition": 300,
    "DiagnosticReport": 400,
    "Procedure": 400,
    "Immunization": 200,
    "Appointment": 100,
}
BANNER = ("AllergyIntolerance", "Flag")
VITALS_READ = 60
"""Of the newest vital signs so many are read for what is new: what they have moved from is among them."""
_NAMED_TYPES = {"Organization", "Practitioner", "PractitionerRole", "Location", "Medication"}
_NAMES_READ = 200
# Where the chart shows whom or what a resource refers to.
_NAMING_MEMBERS = {
    "MedicationRequest": ("medicationReference", "requester"),
    "MedicationStatement": ("medicationReference", "informationSource"),
    "Encounter": ("serviceProvider", "participant"),
    "DocumentReference": ("author", "custodian"),
    "Composition": ("author", "custodian"),
    "DiagnosticReport": ("performer",),
    "Procedure": ("performer",),
    "Immunization": ("location",),
    "Appointment": ("participant",),
}

# Numbers keep the digits they were recorded with.
_decode = msgspec.json.Decoder(float_hook=Decimal).decode


@dataclass(frozen=True, slots=True)
class CarePlan:
    """A plan in force."""

    title: str
    since: reading.Moment | None
    activities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything the overview shows about a patient, apart from who it is.

    ``complete`` is False when the patient has more of something than the overview reads;
    the page then says so.
    """

    allergies: Allergies
    alerts: tuple[Alert, ...]
    problems: tuple[Problem, ...]
    medicines: tuple[Medicine, ...]
    care_plans: tuple[CarePlan, ...]
    trends: tuple[Trend, ...]
    events: tuple[Event, ...]
    complete: bool = True

    @property
    def vitals(self) -> tuple[Trend, ...]:
        """Vital signs."""
        return self._of(Section.VITALS)

    @property
    def labs(self) -> tuple[Trend, ...]:
        """Laboratory results, by when they were last taken."""
        return tuple(sorted(self._of(Section.LABS), key=_newest, reverse=True))

    @property
    def others(self) -> tuple[Trend, ...]:
        """Everything else observed: social history, scores, examinations."""
        return self._of(Section.OTHER)

    def _of(self, section: Section) -> tuple[Trend, ...]:
        return tuple(trend for trend in self.trends if trend.section is section)


def _newest(trend: Trend) -> str:
    return trend.latest.at.at.date().isoformat() if trend.latest.at else ""


@dataclass(frozen=True, slots=True)
class Document:
    """One document. ``text`` is None when it has none that can be shown here; ``format`` then
    says what it is.
    """

    title: str
    kind: str
    date: reading.Moment | None
    author: str
    custodian: str
    status: str
    language: str
    text: str | None
    format: str


def chart_of(session: Session, patient_id: str, *, only: Iterable[str] | None = None) -> Chart:
    """A patient's chart in two round trips; of the types ``only`` when given.

    An unknown patient has an empty chart: ask ``citizens.queries.person_of`` first.
    """
    wanted = set(_LIMITS if only is None else only)
    if "Observation" in wanted:
        wanted.add("DiagnosticReport")  # for what the laboratory has withdrawn
    limits = {name: limit for name, limit in _LIMITS.items() if name in wanted}
    found = patients.record_of(session, patient_id, limits)
    resources = {
        name: [_decode(stored.body) for stored in listed if stored.body]
        for name, listed in found.items()
    }
    complete = all(len(found[name]) < limit for name, limit in limits.items())
    named = [
        (stored.reference, _decode(stored.body))
        for stored in patients.read_known(session, _unnamed(resources))
        if stored.body
    ]
    resources["Medication"] = [body for key, body in named if key.startswith("Medication/")]
    names = {key: _name(body) for key, body in named}
    return assemble(resources, names=names, complete=complete)


def vital_signs_since(session: Session, patient_id: str, begun: datetime) -> tuple[Trend, ...]:
    """The vital signs measured at ``begun`` or after it, each with what was measured before it as far
    back as VITALS_READ goes.
    """
    asked = [
        ("patient", f"Patient/{patient_id}"),
        ("category", "vital-signs"),
        ("_sort", "-date"),
        ("_count", str(VITALS_READ)),
    ]
    page = records.search(session, "Observation", asked)
    found = trends(_decode(each.body) for each in page.matches if each.body)
    return tuple(
        each for each in found if each.latest.at is not None and each.latest.at.at >= begun
    )


def _unnamed(resources: Mapping[str, Sequence[Element]]) -> list[tuple[str, str]]:
    """What the resources refer to without saying its name, newest first, at most 200."""
    found: dict[tuple[str, str], None] = {}
    for type_name, members in _NAMING_MEMBERS.items():
        for resource in resources.get(type_name, ()):
            for member in members:
                for element in reading.elements(resource.get(member)):
                    # the reference itself, or what holds it: participant.individual
                    reference = element.get("actor") or element.get("individual") or element
                    if reading.reference_text(reference):
                        continue
                    target = reading.reference_target(reference).partition("/")
                    if target[0] in _NAMED_TYPES:
                        found[(target[0], target[2])] = None
    return list(found)[:_NAMES_READ]


def _name(resource: Element) -> str:
    """What a directory resource is called."""
    name = resource.get("name")
    return name if isinstance(name, str) else reading.name_text(name)


def document_of(session: Session, patient_id: str, document_id: str) -> Document:
    """A document of this patient. Raises NotFound, also when it is another patient's."""
    stored = records.read(session, "DocumentReference", document_id)
    resource = _decode(stored.body or b"{}")
    if reading.reference_target(resource.get("subject")) != f"Patient/{patient_id}":
        raise NotFound(f"DocumentReference/{document_id} is not known")
    attachments = [
        attachment
        for content in reading.elements(resource.get("content"))
        if isinstance(attachment := content.get("attachment"), Mapping)
    ]
    first: Element = attachments[0] if attachments else {}
    kind = reading.concept_text(resource.get("type"))
    return Document(
        title=reading.string(first.get("title"))
        or reading.string(resource.get("description"))
        or kind,
        kind=kind,
        date=reading.first_moment(resource, "date"),
        author=", ".join(
            filter(None, map(reading.reference_text, reading.elements(resource.get("author"))))
        ),
        custodian=reading.reference_text(resource.get("custodian")),
        status=reading.string(resource.get("docStatus")),
        language=reading.string(first.get("language")),
        text=next((text for a in attachments if (text := _plain_text(a)) is not None), None),
        format=reading.string(first.get("contentType")),
    )


def _plain_text(attachment: Element) -> str | None:
    if not reading.string(attachment.get("contentType")).startswith("text/plain"):
        return None
    try:
        return base64.b64decode(reading.string(attachment.get("data"))).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return None


def assemble(
    resources: Mapping[str, Sequence[Element]],
    *,
    names: Mapping[str, str] | None = None,
    complete: bool = True,
) -> Chart:
    """Read a patient's resources (by type) into a chart. Never fails on odd content.

    ``names`` gives displays of references, such as organisations, by ``Type/id``.
    """
    known = {f"Medication/{r.get('id')}": r for r in resources.get("Medication", ())}
    prescribed = [
        *resources.get("MedicationRequest", ()),
        *resources.get("MedicationStatement", ()),
    ]
    return Chart(
        allergies=allergies(resources.get("AllergyIntolerance", ())),
        alerts=alerts(resources.get("Flag", ())),
        problems=problems(resources.get("Condition", ())),
        medicines=medicines(prescribed, known),
        care_plans=_care_plans(resources.get("CarePlan", ())),
        trends=trends(_standing(resources)),
        events=events(resources, names or {}),
        complete=complete,
    )


def _standing(resources: Mapping[str, Sequence[Element]]) -> Iterator[Element]:
    """The observations but those of a report that was taken back: they are not valid, whatever
    they say of themselves (INV-30).
    """
    withdrawn = {
        reading.reference_target(result)
        for report in resources.get("DiagnosticReport", ())
        if report.get("status") in {"cancelled", "entered-in-error"}
        for result in reading.elements(report.get("result"))
    }
    for observation in resources.get("Observation", ()):
        if f"Observation/{observation.get('id')}" not in withdrawn:
            yield observation


_WAY_IN = "way-in"


def _care_plans(resources: Sequence[Element]) -> tuple[CarePlan, ...]:
    found = []
    for resource in resources:
        if resource.get("status") not in {"active", "on-hold"}:
            continue
        if reading.has_code(resource.get("category"), [_WAY_IN]):
            continue  # where home care keeps the key is no plan of care, and not for a chart
        categories = [reading.concept_text(c) for c in reading.elements(resource.get("category"))]
        found.append(
            CarePlan(
                title=reading.string(resource.get("title"))
                or next((text for text in categories if text), ""),
                since=reading.first_moment(resource, "period", "created"),
                activities=tuple(
                    text
                    for activity in reading.elements(resource.get("activity"))
                    if (text := _activity(activity))
                ),
            )
        )
    return tuple(found)


def _activity(activity: Element) -> str:
    detail = activity.get("detail")
    if not isinstance(detail, Mapping) or detail.get("status") in {"cancelled", "stopped"}:
        return ""
    return reading.concept_text(detail.get("code")) or reading.string(detail.get("description"))
