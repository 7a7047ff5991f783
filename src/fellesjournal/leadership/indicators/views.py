"""The flat tables that indicators count in. Each is a view of one type of resource (SQL-on-FHIR v2):
keys, codes and times, never a name or a word.
"""

from __future__ import annotations

from fellesjournal.leadership.indicators.tables import Index, register, view_of

_OWN = "https://fellesjournal.example/fhir/"
_PLANNED_AT = f"extension('{_OWN}StructureDefinition/planned-at').value.ofType(dateTime)"


PLANNED_DOSE = register(
    view_of(
        "planned_dose", "Task", "code.coding.where(code = 'planned-dose').exists()",
        dose="getResourceKey()",
        unit="owner.getReferenceKey(Organization)",
        visit="encounter.getReferenceKey(Encounter)",
        state="businessStatus.coding.code.first()",
        planned=_PLANNED_AT,
        window_end="restriction.period.end",
    ),
    month="planned",
)  # fmt: skip
"""Each dose that home care was to give; ``state`` is a code of home-care-outcome."""

DOSE_GIVEN = register(
    view_of(
        "dose_given", "MedicationAdministration", "",
        administration="getResourceKey()",
        request="request.getReferenceKey(MedicationRequest)",
        visit="context.getReferenceKey(Encounter)",
        status="status",
        planned=_PLANNED_AT,
        given="effective.ofType(dateTime)",
        recorded="meta.lastUpdated",
        atc="medication.ofType(CodeableConcept).coding"
        ".where(system = 'http://www.whocc.no/atc').code.first()",
    ),
    month="given",
    found_by=(Index(("planned_day", "given_day")),),
)  # fmt: skip
"""Each administration, with the time its dose was planned for, and the ATC code of what was given."""

HOME_VISIT = register(
    view_of(
        "home_visit", "Encounter", "class.code = 'HH'",
        visit="getResourceKey()",
        patient="subject.getReferenceKey(Patient)",
        unit="serviceProvider.getReferenceKey(Organization)",
        status="status",
        began="period.start",
        ended="period.end",
    ),
    month="began",
    found_by=(Index(("began_day",)), Index(("visit",), ("unit",))),
)  # fmt: skip
"""Each visit at somebody's home; until it is begun, the times are those it is planned for."""

VISIT_CARER = register(
    {
        "resourceType": "ViewDefinition",
        "name": "visit_carer",
        "status": "active",
        "resource": "Encounter",
        "where": [{"path": "class.code = 'HH'"}],
        "select": [
            {"column": [{"name": "visit", "path": "getResourceKey()"},
                        {"name": "began", "path": "period.start"}]},
            {"forEach": "participant.individual",
             "column": [{"name": "carer", "path": "getReferenceKey(Practitioner)"}]},
        ],
    },
    month="began",
)  # fmt: skip
"""Who made each visit: a row for each of several."""

ANSWER_OWED = register(
    view_of(
        "answer_owed", "Task", "code.coding.where(code = 'message-answer').exists()",
        task="getResourceKey()",
        unit=f"extension('{_OWN}StructureDefinition/answering-unit').value.ofType(Reference)"
        ".getReferenceKey(Organization)",
        status="status",
        asked="restriction.period.start",
        due="restriction.period.end",
        ended="executionPeriod.end",
    ),
    month="asked",
)  # fmt: skip
"""The answer that a unit owes in each conversation with a citizen, to what she wrote last."""

__all__ = ["ANSWER_OWED", "DOSE_GIVEN", "HOME_VISIT", "PLANNED_DOSE", "VISIT_CARER"]
