"""The tables that interaction between services is counted in: stays, notices, deliveries, referrals,
and who is on the platform. Each is a view of what those who work have written anyway.
"""

from __future__ import annotations

from typing import Final

from fellesjournal.leadership.indicators.tables import columns_of, register, view_of

_OWN: Final = "https://fellesjournal.example/fhir/"
_DEFINITION: Final = _OWN + "StructureDefinition/"
_HELSENORGE: Final = "http://helsenorge.no/fhir/StructureDefinition/"
_TASK: Final = _OWN + "CodeSystem/task-code"
_SUMMARY: Final = "type.coding.where(code = 'A03-2').exists()"

_PLACE: Final = (
    "address.first().district.extension.value.ofType(Coding).code.where(length() = 4).first().toInteger()",
    "integer",
)
"""The number of the municipality."""
_IN_HOSPITAL: Final = (
    "(class.code = 'IMP' or class.code = 'ACUTE' or class.code = 'NONAC')"
    " and type.coding.where(code = 'nursing-home').empty()"
)


STAY = register(
    view_of(
        "stay", "Encounter", _IN_HOSPITAL,
        stay="getResourceKey()",
        patient="subject.getReferenceKey(Patient)",
        unit="serviceProvider.getReferenceKey(Organization)",
        status="status",
        began="period.start",
        ended="period.end",
        acute="hospitalization.admitSource.coding.where(code = 'emd').exists()",
        destination="hospitalization.dischargeDisposition.coding.where(system ="
        " 'http://terminology.hl7.org/CodeSystem/discharge-disposition').code.first()",
        moved=(
            (f"extension('{_DEFINITION}ended-without-summary').extension('reason')"
            ".value.ofType(code).where($this = 'moved-within-hospital').exists()"),
            "boolean",
        ),
    ),
    month="ended",
)  # fmt: skip
"""Each stay at a ward, not those at nursing homes; ``destination`` a code of discharge-disposition."""

STAY_SAID = register(
    view_of(
        "stay_said", "Encounter", _IN_HOSPITAL,
        {
            "forEach": f"extension('{_DEFINITION}discharge-readiness')",
            **columns_of(
                event="extension('event').value.ofType(Coding).code.first()",
                said="extension('at').value.ofType(dateTime).first()",
                since="extension('from').value.ofType(dateTime).first()",
            ),
        },
        stay="getResourceKey()",
    ),
    month="said",
)  # fmt: skip
"""What was said of being ready for discharge: ``event`` 3 she is, 4 she is not (9121)."""

STAY_NOTICE = register(
    view_of(
        "stay_notice", "Communication", f"category.coding.where(system = '{_OWN}CodeSystem/plo-kind').exists()",
        notice="getResourceKey()",
        stay="encounter.getReferenceKey(Encounter)",
        patient="subject.getReferenceKey(Patient)",
        sender="sender.getReferenceKey(Organization)",
        receiver="recipient.first().getReferenceKey(Organization)",
        event="reasonCode.first().coding.code.first()",
        sent="sent",
        again="inResponseTo.exists()",
    ),
    month="sent",
)  # fmt: skip
"""Each notice of a stay to a municipal unit; ``again``: it says anew or takes back another."""

MUNICIPAL_SERVICE = register(
    view_of(
        "municipal_service", "EpisodeOfCare", "",
        service="getResourceKey()",
        patient="patient.getReferenceKey(Patient)",
        unit="managingOrganization.getReferenceKey(Organization)",
        status="status",
        starts="period.start",
        ends="period.end",
    ),
    month="starts",
)  # fmt: skip
"""Each municipal service that was granted."""

PERSON = register(
    view_of(
        "person", "Patient", "",
        patient="getResourceKey()",
        born="birthDate",
        gender="gender",
        died="deceased.ofType(dateTime)",
        dead="deceased.ofType(boolean)",
        place=_PLACE,
    ),
    month="born",
)  # fmt: skip
"""Age, sex, death and municipality; nothing of who it is."""

FRAILTY = register(
    view_of(
        "frailty", "Observation",
        "code.coding.where(system = 'http://snomed.info/sct' and code = '763264000').exists()",
        observation="getResourceKey()",
        patient="subject.getReferenceKey(Patient)",
        status="status",
        measured="effective.ofType(dateTime)",
        whole="value.ofType(integer)",
        score="value.ofType(Quantity).value",
    ),
    month="measured",
)  # fmt: skip
"""Each score of the Clinical Frailty Scale (SNOMED CT 763264000), written as a number or a quantity. That it
is by this scale that frailty is recorded is an assumption.
"""

PRIVACY = register(
    view_of(
        "privacy", "Consent", "scope.coding.where(code = 'patient-privacy').exists()",
        consent="getResourceKey()",
        patient="patient.getReferenceKey(Patient)",
        status="status",
        since="dateTime",
    ),
    month="since",
)  # fmt: skip
"""Each wish of a citizen that something in her record be closed."""

UNIT_SYSTEM = register(
    view_of(
        "unit_system", "Organization", "",
        unit="getResourceKey()",
        above="partOf.getReferenceKey(Organization)",
        outside="meta.tag.where(code = 'outsider').exists()",
        place=_PLACE,
        changed="meta.lastUpdated",
    ),
    month="changed",
)  # fmt: skip
"""Each unit, what it is part of, and whether it uses another record system."""

DELIVERY = register(
    view_of(
        "delivery", "Task", f"code.coding.where(system = '{_TASK}' and code = 'delivery').exists()",
        delivery="getResourceKey()",
        document="focus.getReferenceKey(DocumentReference)",
        patient="for.getReferenceKey(Patient)",
        sender="owner.getReferenceKey(Organization)",
        receiver="restriction.recipient.first().getReferenceKey(Organization)",
        kind=f"code.coding.where(system = '{_OWN}CodeSystem/delivered-kind').code.first()",
        state="businessStatus.coding.code.first()",
        priority="priority",
        sent="authoredOn",
    ),
    month="sent",
)  # fmt: skip
"""Each document on its way to one unit; ``receiver`` is empty for letters to citizens."""

DELIVERY_PROOF = register(
    view_of(
        "delivery_proof", "Task", f"code.coding.where(system = '{_TASK}' and code = 'delivery').exists()",
        {
            "forEach": "output",
            **columns_of(
                state="type.coding.code.first()",
                # the evidence is "<instant> <source>": of the source no word comes here
                came=("value.ofType(string).select($this.substring(0, $this.indexOf(' ')))", "dateTime"),
            ),
        },
        delivery="getResourceKey()",
        sent="authoredOn",
    ),
    month="sent",
)  # fmt: skip
"""Each piece of evidence of a delivery: which state, and when it came."""

DELIVERY_TAKEN_UP = register(
    view_of(
        "delivery_taken_up", "Task",
        f"code.coding.where(system = '{_TASK}' and code = 'delivery-follow-up').exists()",
        task="getResourceKey()",
        delivery="partOf.first().getReferenceKey(Task)",
        found="authoredOn",
    ),
    month="found",
)  # fmt: skip
"""When it was seen that a delivery had not arrived."""

SUMMARY = register(
    view_of(
        "summary", "Composition", _SUMMARY,
        summary="getResourceKey()",
        stay="encounter.getReferenceKey(Encounter)",
        status="status",
        dated="date",
    ),
    month="dated",
)  # fmt: skip
"""Each discharge summary."""

SUMMARY_DOCUMENT = register(
    view_of(
        "summary_document", "DocumentReference", _SUMMARY,
        document="getResourceKey()",
        stay="context.encounter.first().getReferenceKey(Encounter)",
        status="status",
        dated="date",
    ),
    month="dated",
)  # fmt: skip
"""Each discharge summary as it is sent."""

REFERRAL = register(
    view_of(
        "referral", "ServiceRequest",
        f"category.coding.where(system = '{_OWN}CodeSystem/order-type' and code = 'referral').exists()",
        referral="getResourceKey()",
        patient="subject.getReferenceKey(Patient)",
        sender=f"extension('{_DEFINITION}referring-unit').value.ofType(Reference)"
        ".getReferenceKey(Organization)",
        status="status",
        received=f"extension('{_HELSENORGE}no-mottatt-dato').value.ofType(dateTime)",
    ),
    month="received",
)  # fmt: skip
"""Each referral; ``received`` is empty until an office here has it."""

REFERRAL_WORK = register(
    view_of(
        "referral_work", "Task",
        f"code.coding.where(system = '{_TASK}' and (code = 'referral' or code = 'referral-question')).exists()",
        task="getResourceKey()",
        referral="focus.getReferenceKey(ServiceRequest)",
        kind=f"code.coding.where(system = '{_TASK}').code.first()",
        owner="owner.getReferenceKey(Organization)",
        asked="authoredOn",
    ),
    month="asked",
)  # fmt: skip
"""Who answers for a referral; ``kind`` referral-question: what was asked of who referred."""

REFERRAL_NOTICE = register(
    view_of(
        "referral_notice", "Communication",
        f"category.coding.where(system = '{_OWN}CodeSystem/notice' and code = 'referral-status').exists()",
        notice="getResourceKey()",
        referral="about.first().getReferenceKey(ServiceRequest)",
        receiver="recipient.first().getReferenceKey(Organization)",
        topic="topic.coding.code.first()",
        told="sent",
    ),
    month="told",
)  # fmt: skip
"""What a referral came to, told to who referred (``receiver``) or to the patient (empty)."""

__all__ = [
    "DELIVERY", "DELIVERY_PROOF", "DELIVERY_TAKEN_UP", "FRAILTY", "MUNICIPAL_SERVICE", "PERSON", "PRIVACY",
    "REFERRAL", "REFERRAL_NOTICE", "REFERRAL_WORK", "STAY", "STAY_NOTICE", "STAY_SAID", "SUMMARY",
    "SUMMARY_DOCUMENT", "UNIT_SYSTEM",
]  # fmt: skip
