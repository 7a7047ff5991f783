"""The tables that medication lists are compared in: what is prescribed, in which dose, and that a list is kept.

A number of the list holds what was in force when it was made, and a changed dose is a prescription of its own:
which prescriptions were in force at a moment is therefore the number that stood then.
"""

from __future__ import annotations

from typing import Final

from fellesjournal.leadership.indicators.tables import columns_of, register, view_of

_ATC: Final = "http://www.whocc.no/atc"
_FORMULARY: Final = "https://fellesjournal.example/fhir/CodeSystem/demo-formulary"
_CONCEPT: Final = "medication.ofType(CodeableConcept).coding"


_LASTING: Final = (
    "intent = 'order' and (status = 'active' or status = 'on-hold' or status = 'stopped'"
    " or status = 'completed' or status = 'cancelled')"
    " and category.coding.where(code = 'inpatient').empty()"
)

PRESCRIBED = register(
    view_of(
        "prescribed", "MedicationRequest", _LASTING,
        prescription="getResourceKey()",
        patient="subject.getReferenceKey(Patient)",
        status="status",
        atc=f"{_CONCEPT}.where(system = '{_ATC}').code.first()",
        item=f"{_CONCEPT}.where(system = '{_FORMULARY}').code.first()",
        written="authoredOn",
        gone="dispenseRequest.validityPeriod.end",
        changed="meta.lastUpdated",
        signed="requester.exists()",
        left_signed="status = 'completed' or statusReason.exists()",
    ),
    month="written",
)  # fmt: skip
"""Each prescription that is not of a stay alone; ``item``, of the formulary, says strength and form.
``signed``: by whom; ``left_signed``: why it was stopped, or that it ran as long as it was prescribed for.
"""

PRESCRIBED_DOSE = register(
    view_of(
        "prescribed_dose", "MedicationRequest", _LASTING,
        {
            "forEach": "dosageInstruction",
            **columns_of(
                needed="asNeeded.exists()",
                times="timing.repeat.frequency",
                every="timing.repeat.period",
                period="timing.repeat.periodUnit",
                unit="doseAndRate.first().dose.ofType(Quantity).code",
                dose="doseAndRate.first().dose.ofType(Quantity).value",
            ),
        },
        prescription="getResourceKey()",
        written="authoredOn",
    ),
    month="written",
)  # fmt: skip
"""Each part of a dose: so much, so many ``times`` in each ``every`` of ``period`` (h, d or wk)."""

REPORTED_MEDICINE = register(
    view_of(
        "reported_medicine", "MedicationStatement", "status = 'active' or status = 'intended' or status = 'on-hold'",
        statement="getResourceKey()",
        patient="subject.getReferenceKey(Patient)",
        asserted="dateAsserted",
    ),
    month="asserted",
)  # fmt: skip
"""Each medicine that is only told of: when it was begun or left is not known well enough to compare."""

MEDICATION_LIST = register(
    view_of(
        "medication_list", "List", "status = 'current' and code.coding.where(code = 'medications').exists()",
        list="getResourceKey()",
        patient="subject.getReferenceKey(Patient)",
        dated="date",
    ),
    month="dated",
)  # fmt: skip
"""Each medication list that is kept."""

OF_MEDICINES: Final = (PRESCRIBED, PRESCRIBED_DOSE, REPORTED_MEDICINE, MEDICATION_LIST)

__all__ = [
    "MEDICATION_LIST", "OF_MEDICINES", "PRESCRIBED", "PRESCRIBED_DOSE", "REPORTED_MEDICINE",
]  # fmt: skip
