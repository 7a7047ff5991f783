"""What kind of information a resource is: the areas that roles are granted or not.

Every resource type belongs to exactly one area, so that an area is a bit test on the type
number alone. Where a type can hold things of different weight (Observation, DocumentReference)
it counts as the weightiest. What is especially sensitive within an area has a label of its
own (access/labels.py).

The lists the platform keeps are medication lists, so that List goes with the medicines: who sees
these sees which of them hold, and who is kept from them is kept from the list (INV-17).

Only DIRECTORY, DEFINITIONS and SCHEDULES may be open to a role without a patient. A type that
may hold patients in no fixed place, several of them, or none (Group, List, Bundle, Binary,
Parameters, a Subscription's criteria ...) is in none of these: without a patient it is closed
to everybody but system sessions.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntFlag
from types import MappingProxyType

from fellesjournal.fhir.definitions import RESOURCE_TYPES, type_number


class Area(IntFlag):
    """One bit per kind of information. Stored in tables: bits are never reused or changed."""

    PERSON = 1 << 0
    CONTACTS = 1 << 1
    CRITICAL = 1 << 2
    HEALTH = 1 << 3
    HEREDITY = 1 << 4
    MEDICATION = 1 << 5
    DOCUMENTS = 1 << 6
    FORMS = 1 << 7
    PLANS = 1 << 8
    REQUESTS = 1 << 9
    TASKS = 1 << 10
    MESSAGES = 1 << 11
    ATTACHMENTS = 1 << 12
    COLLECTIONS = 1 << 13
    ORIGIN = 1 << 14
    FINANCE = 1 << 15
    PRIVACY = 1 << 16
    LOG = 1 << 17
    RESEARCH = 1 << 18
    STATISTICS = 1 << 19
    SCHEDULES = 1 << 20
    DIRECTORY = 1 << 21
    DEFINITIONS = 1 << 22
    SYSTEM = 1 << 23


NOTHING = Area(0)

AREA_SYSTEM = "https://fellesjournal.example/fhir/CodeSystem/information-area"
"""Our own code system for areas, in consents: the names in lower case."""

PATIENT_LESS = Area.DIRECTORY | Area.DEFINITIONS | Area.SCHEDULES
"""The only areas that may be open without a patient."""

ABOUT_PATIENTS = (
    Area.PERSON | Area.CONTACTS | Area.CRITICAL | Area.HEALTH | Area.HEREDITY | Area.MEDICATION
    | Area.DOCUMENTS | Area.FORMS | Area.PLANS | Area.REQUESTS | Area.TASKS | Area.MESSAGES
    | Area.ATTACHMENTS | Area.COLLECTIONS | Area.ORIGIN | Area.FINANCE | Area.PRIVACY | Area.LOG
    | Area.RESEARCH | Area.STATISTICS
)  # fmt: skip
"""Everything that is about somebody; also what a block without a category covers."""

CLINICAL = (
    Area.PERSON | Area.CONTACTS | Area.CRITICAL | Area.HEALTH | Area.MEDICATION | Area.DOCUMENTS
    | Area.FORMS | Area.PLANS | Area.REQUESTS | Area.TASKS | Area.MESSAGES | Area.ATTACHMENTS
    | Area.COLLECTIONS | Area.ORIGIN
)  # fmt: skip
"""The record as those see it who answer for all of the care. HEREDITY is granted apart, for
it is also about relatives."""

MEANINGS: Mapping[Area, str] = MappingProxyType(
    {
        Area.PERSON: "who the citizen is and who is near: names, numbers, address, telephone",
        Area.CONTACTS: "encounters, appointments, services over time; they may name a reason",
        Area.CRITICAL: "allergies and warnings that every helper must know",
        Area.HEALTH: "diagnoses, observations, results, procedures, vaccines, devices in use",
        Area.HEREDITY: "family history and genetic sequences; they are about relatives too",
        Area.MEDICATION: "what is prescribed, dispensed, given and taken, and the list of it",
        Area.DOCUMENTS: "notes, letters and other documents",
        Area.FORMS: "answered questionnaires and applications",
        Area.PLANS: "care plans, goals and the team around the citizen",
        Area.REQUESTS: "referrals, requisitions and orders",
        Area.TASKS: "work assigned to somebody about the citizen",
        Area.MESSAGES: "messages between the citizen, units and persons",
        Area.ATTACHMENTS: "raw files",
        Area.COLLECTIONS: "groups, bundles and other resources that gather resources",
        Area.ORIGIN: "who wrote what, on behalf of whom",
        Area.FINANCE: "accounts, invoices, claims and coverage",
        Area.PRIVACY: "consents and the citizen's own blocks",
        Area.LOG: "who has opened the record",
        Area.RESEARCH: "that the citizen takes part in a study",
        Area.STATISTICS: "reports of measures",
        Area.SCHEDULES: "when people and rooms can be booked",
        Area.DIRECTORY: "organisations, units, staff and places",
        Area.DEFINITIONS: "terminology, questionnaires, products and other agreed definitions",
        Area.SYSTEM: "what only the platform itself works with",
    }
)

_TYPES: Mapping[Area, str] = {
    Area.PERSON: "Patient Person RelatedPerson",
    Area.CONTACTS: "Appointment AppointmentResponse Encounter EpisodeOfCare",
    Area.CRITICAL: "AllergyIntolerance Flag",
    Area.HEALTH: """
        AdverseEvent BiologicallyDerivedProduct BodyStructure ClinicalImpression Condition
        DetectedIssue Device DeviceMetric DeviceUseStatement DiagnosticReport GuidanceResponse
        ImagingStudy Immunization ImmunizationEvaluation ImmunizationRecommendation Media
        NutritionOrder Observation Procedure RiskAssessment Specimen VisionPrescription""",
    Area.HEREDITY: "FamilyMemberHistory MolecularSequence",
    Area.MEDICATION: """
        List MedicationAdministration MedicationDispense MedicationRequest MedicationStatement""",
    Area.DOCUMENTS: "Composition DocumentManifest DocumentReference",
    Area.FORMS: "QuestionnaireResponse",
    Area.PLANS: "CarePlan CareTeam Goal RequestGroup",
    Area.REQUESTS: "DeviceRequest ServiceRequest SupplyDelivery SupplyRequest",
    Area.TASKS: "Task",
    Area.MESSAGES: "Communication CommunicationRequest MessageHeader",
    Area.ATTACHMENTS: "Binary",
    Area.COLLECTIONS: "Basic Bundle Group Linkage",
    Area.ORIGIN: "Provenance",
    Area.FINANCE: """
        Account ChargeItem Claim ClaimResponse Contract Coverage CoverageEligibilityRequest
        CoverageEligibilityResponse EnrollmentRequest EnrollmentResponse ExplanationOfBenefit
        Invoice PaymentNotice PaymentReconciliation""",
    Area.PRIVACY: "Consent",
    Area.LOG: "AuditEvent",
    # Not a definition: who leads an approved study sees its cohort.
    Area.RESEARCH: "ResearchStudy ResearchSubject",
    Area.STATISTICS: "MeasureReport",
    Area.SCHEDULES: "Schedule Slot",
    Area.DIRECTORY: """
        Endpoint HealthcareService Location Organization OrganizationAffiliation Practitioner
        PractitionerRole""",
    Area.DEFINITIONS: """
        ActivityDefinition CapabilityStatement CatalogEntry ChargeItemDefinition CodeSystem
        CompartmentDefinition ConceptMap DeviceDefinition EffectEvidenceSynthesis EventDefinition
        Evidence EvidenceVariable ExampleScenario GraphDefinition ImplementationGuide
        InsurancePlan Library Measure Medication MedicationKnowledge MedicinalProduct
        MedicinalProductAuthorization MedicinalProductContraindication
        MedicinalProductIndication MedicinalProductIngredient MedicinalProductInteraction
        MedicinalProductManufactured MedicinalProductPackaged MedicinalProductPharmaceutical
        MedicinalProductUndesirableEffect MessageDefinition NamingSystem ObservationDefinition
        OperationDefinition PlanDefinition Questionnaire ResearchDefinition
        ResearchElementDefinition RiskEvidenceSynthesis SearchParameter
        SpecimenDefinition StructureDefinition StructureMap Substance SubstanceNucleicAcid
        SubstancePolymer SubstanceProtein SubstanceReferenceInformation SubstanceSourceMaterial
        SubstanceSpecification TerminologyCapabilities TestScript ValueSet""",
    Area.SYSTEM: "OperationOutcome Parameters Subscription TestReport VerificationResult",
}

TYPES_OF: Mapping[Area, tuple[str, ...]] = MappingProxyType(
    {area: tuple(names.split()) for area, names in _TYPES.items()}
)
"""The resource types of each area, by name."""

AREA_OF: Mapping[str, Area] = MappingProxyType(
    {name: area for area, names in TYPES_OF.items() for name in names}
)
"""The one area of each resource type."""


def area_bits() -> list[int]:
    """The area of every resource type: element ``type_number(name)`` has the type's bit.

    Element 0 is 0, for no type has that number. PostgreSQL counts from 1, so that in SQL the
    element is ``bits[type + 1]``. A type without an area has 0, which no mask opens.
    """
    bits = [0] * (1 + max(map(type_number, RESOURCE_TYPES)))
    for name, area in AREA_OF.items():
        bits[type_number(name)] = int(area)
    return bits


def area_coding(area: Area) -> dict[str, str]:
    """The Coding of a single area. Raises ValueError for a set of several or none."""
    if area.name is None or area not in AREA_BY_CODE.values():
        raise ValueError(f"{area!r} is no single area")
    return {"system": AREA_SYSTEM, "code": area.name.lower()}


AREA_BY_CODE: Mapping[str, Area] = MappingProxyType(
    {area.name.lower(): area for area in Area if area.name}
)
"""The areas by their codes in AREA_SYSTEM."""


def names(areas: Area) -> list[str]:
    """The names of the single areas in a set, in order of their bits."""
    return [area.name for area in Area if area in areas and area.name]
