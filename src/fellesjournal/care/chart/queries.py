"""The chart of one patient, put together from the record in a fixed number of searches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
from fellesjournal.fhir.reading import Element


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
        trends=trends(resources.get("Observation", ())),
        events=events(resources, names or {}),
        complete=complete,
    )


def _care_plans(resources: Sequence[Element]) -> tuple[CarePlan, ...]:
    found = []
    for resource in resources:
        if resource.get("status") not in {"active", "on-hold"}:
            continue
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
