"""Medicines and the list of them as FHIR: MedicationRequest, MedicationStatement, List.

The List's versions are the numbers of the medication list. Its entries hold references and no
names: what a reader may not see of the entries is not told by the list. A changed dose is a new
MedicationRequest that names the one before, so that what a number of the list held stays what
it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fellesjournal.care.medication.formulary import ATC, FORMULARY, ITEMS, Item
from fellesjournal.fhir import reading
from fellesjournal.fhir.dosage import Dosage, Instruction, elements_of, instruction_of
from fellesjournal.fhir.reading import Element, Moment
from fellesjournal.foundation import clock

Resource = dict[str, Any]

LIST_SYSTEM = "http://terminology.hl7.org/CodeSystem/list-example-use-codes"
LIST_CODE = "medications"
LIST_NAME = "https://fellesjournal.example/fhir/NamingSystem/medication-list"
STOP_SYSTEM = "urn:oid:2.16.578.1.12.4.1.1.7500"
STOP_REASONS: Mapping[str, str] = {"2": "Seponering", "4": "Annen"}
"""7500, discontinuation reason. UNVERIFIED: these two are what national examples hold; the
list itself is not among what we hold."""
OWN_REASON = "https://fellesjournal.example/fhir/CodeSystem/medication-change"
CHANGED, UNDONE, RECONCILED, PRESCRIBED = "changed", "undone", "reconciled", "prescribed"
RENEWED = "renewed"
ON_REQUEST = "renewed-on-request"
"""Renewed because she asked: she has been told, and it is not undone."""
CATEGORY = "http://terminology.hl7.org/CodeSystem/medicationrequest-category"
COURSE = "http://terminology.hl7.org/CodeSystem/medicationrequest-course-of-therapy"
NORMAL_VISIBILITY = {"system": "urn:oid:2.16.578.1.12.4.1.1.9603", "code": "N"}
IN_USE = frozenset({"active", "on-hold", "intended"})
_INPATIENT = "inpatient"


@dataclass(frozen=True, slots=True)
class Person:
    """Who does something, by reference and name as it was then."""

    reference: str
    name: str

    @property
    def pointer(self) -> Resource:
        """As a FHIR Reference."""
        said = {"reference": self.reference, "display": self.name}
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be taken: of which medicine, how, for what.

    ``words`` is the dose when it could not be read as a structure; ``dosage`` is then None.
    ``encounter`` (Encounter/1) is where it is decided; ``in_stay``: only as long as it lasts.
    """

    name: str
    atc: str
    item: str
    dosage: Dosage | None
    words: str = ""
    reason: str = ""
    encounter: str = ""
    in_stay: bool = False

    @classmethod
    def of(cls, item: Item, dosage: Dosage | None, **more: Any) -> Order:
        """An order of a medicine of the formulary."""
        return cls(item.label, item.atc, item.id, dosage, **more)


@dataclass(frozen=True, slots=True)
class Medicine:
    """One medicine of a patient, as pages and letters read it. ``reference`` is Type/id.

    ``prescriber`` is who signed it (Practitioner/1). ``prior`` is the prescription it took the place
    of; ``ended`` and ``why`` tell of one that
    is not in use any more.
    """

    reference: str
    version: int
    name: str
    atc: str
    item: str
    instruction: Instruction
    status: str
    since: Moment | None
    by: str
    reason: str
    in_stay: bool
    is_reported: bool
    prior: str
    ended: Moment | None
    why: str
    why_code: str
    prescriber: str = ""

    @property
    def is_paused(self) -> bool:
        """Whether it is on the list, and not to be taken for now."""
        return self.status == "on-hold"

    @property
    def is_in_use(self) -> bool:
        """Whether it is neither stopped nor mistaken."""
        return self.status in IN_USE

    @property
    def weekly(self) -> bool:
        """Whether it is taken by the week: marked wherever it is shown."""
        dosage = self.instruction.dosage
        return dosage is not None and dosage.is_weekly


# --- writing ----------------------------------------------------------------------------------------


def medication_request(
    patient: str, order: Order, by: Person, *, starts: date, prior: str = ""
) -> Resource:
    """A prescription in force from a day."""
    made: Resource = {
        "resourceType": "MedicationRequest",
        "meta": {"security": [NORMAL_VISIBILITY]},
        "status": "active",
        "intent": "order",
        "category": [_category(in_stay=order.in_stay)],
        "medicationCodeableConcept": _concept(order),
        "subject": {"reference": patient},
        "authoredOn": clock.now().isoformat(timespec="seconds"),
        "requester": by.pointer,
        "dosageInstruction": _dosage(order, starts),
        "dispenseRequest": {"validityPeriod": {"start": starts.isoformat()}},
    }
    if order.encounter:
        made["encounter"] = {"reference": order.encounter}
    if order.reason:
        made["reasonCode"] = [{"text": order.reason}]
    if _ends(order.dosage):
        made["courseOfTherapyType"] = {"coding": [{"system": COURSE, "code": "acute"}]}
    if prior.startswith("MedicationRequest/"):
        made["priorPrescription"] = {"reference": prior}
    return made


# What a renewed prescription takes over word by word: what is taken, how and for what.
_KEPT = (
    "contained", "category", "medicationCodeableConcept", "medicationReference", "dosageInstruction",
    "reasonCode", "reasonReference", "courseOfTherapyType", "substitution", "note",
)  # fmt: skip
_KEPT_OF_DISPENSE = ("quantity", "numberOfRepeatsAllowed", "expectedSupplyDuration")


def renewed_request(data: Resource, by: Person, *, starts: date) -> Resource:
    """The same prescription anew from a day: its dose and its labels are not touched."""
    dispense = data.get("dispenseRequest") or {}
    security = (data.get("meta") or {}).get("security") or [NORMAL_VISIBILITY]
    return {
        "resourceType": "MedicationRequest",
        "meta": {"security": security},
        "status": "active",
        "intent": "order",
        **{name: data[name] for name in _KEPT if name in data},
        "subject": data["subject"],
        "authoredOn": clock.now().isoformat(timespec="seconds"),
        "requester": by.pointer,
        "dispenseRequest": {
            **{name: dispense[name] for name in _KEPT_OF_DISPENSE if name in dispense},
            "validityPeriod": {"start": starts.isoformat()},
        },
        "priorPrescription": {"reference": f"MedicationRequest/{data['id']}"},
    }


def _category(*, in_stay: bool) -> Resource:
    return {"coding": [{"system": CATEGORY, "code": _INPATIENT if in_stay else "community"}]}


def _concept(order: Order) -> Resource:
    codings = [{"system": ATC, "code": order.atc}] if order.atc else []
    if order.item:
        codings.append({"system": FORMULARY, "code": order.item})
    return {"text": order.name} | ({"coding": codings} if codings else {})


def _dosage(order: Order, starts: date) -> list[Resource]:
    if order.dosage is None:
        return [{"text": order.words}]
    return elements_of(order.dosage, starts=starts)


def _ends(dosage: Dosage | None) -> bool:
    last = dosage.steps[-1] if dosage else None
    return last is not None and (last.days is not None or last.until is not None)


def ended(data: Resource, code: Resource, why: str) -> Resource:
    """A prescription or statement stopped today, with the reason in a code and in words."""
    reason: Resource = {"coding": [code], "text": why}
    made = {**data, "status": "stopped"}
    if data["resourceType"] == "MedicationStatement":
        return {**made, "statusReason": [reason]}
    dispense = dict(data.get("dispenseRequest") or {})
    period = dispense.get("validityPeriod") or {}
    # one that was to start on a later day was never in force
    dispense["validityPeriod"] = period | {"end": max(clock.now_text(), period.get("start", ""))}
    return {**made, "statusReason": reason, "dispenseRequest": dispense}


def taken_up_again(data: Resource) -> Resource:
    """A stopped prescription in force as it was: the undoing of a stop."""
    made = {name: value for name, value in data.items() if name != "statusReason"}
    made["status"] = "active"
    dispense = dict(data.get("dispenseRequest") or {})
    if period := dispense.get("validityPeriod"):
        dispense["validityPeriod"] = {k: v for k, v in period.items() if k != "end"}
        made["dispenseRequest"] = dispense
    return made


def stop_coding(code: str) -> Resource:
    """A coding of 7500. Raises KeyError for a code we do not know."""
    return {"system": STOP_SYSTEM, "code": code, "display": STOP_REASONS[code]}


def own_coding(code: str) -> Resource:
    """A coding of our own: why a line of the list is another than before."""
    return {"system": OWN_REASON, "code": code}


def list_resource(
    patient: str,
    name: str,
    entries: Iterable[Resource],
    by: Person,
    note: str,
    *,
    encounter: str = "",
) -> Resource:
    """The first version of a patient's list. ``name`` is an identifier nobody else uses."""
    made: Resource = {
        "resourceType": "List",
        "meta": {"security": [NORMAL_VISIBILITY]},
        "identifier": [{"system": LIST_NAME, "value": name}],
        "status": "current",
        "mode": "working",
        "title": "Legemidler i bruk",
        "code": {"coding": [{"system": LIST_SYSTEM, "code": LIST_CODE}]},
        "subject": {"reference": patient},
    }
    return next_list(made, entries, by, note, encounter=encounter)


def next_list(
    data: Resource, entries: Iterable[Resource], by: Person, note: str, *, encounter: str = ""
) -> Resource:
    """The next version of a list: its entries, who made it, when and why."""
    now = clock.now().isoformat(timespec="milliseconds")
    made = {**data, "date": now, "source": by.pointer}
    made["note"] = [{"authorReference": by.pointer, "time": now, "text": note}]
    made.pop("encounter", None)
    made.pop("entry", None)
    if encounter:
        made["encounter"] = {"reference": encounter}
    if listed := list(entries):
        made["entry"] = listed
    return made


def entry(reference: str, flag: str = "") -> Resource:
    """A line of the list: what it refers to, and what this version did to it."""
    made: Resource = {"item": {"reference": reference}}
    if flag:
        made["flag"] = {"coding": [own_coding(flag)]}
        made["date"] = clock.now().isoformat(timespec="seconds")
    return made


# --- reading ----------------------------------------------------------------------------------------


def references_in(data: Element) -> list[str]:
    """What a List's entries refer to, as Type/id, in order."""
    return [
        target
        for each in reading.elements(data.get("entry"))
        if (target := reading.reference_target(each.get("item")))
    ]


def flags_in(data: Element) -> set[str]:
    """What a List's version says it did to its entries."""
    flags = (reading.first_code(each.get("flag")) for each in reading.elements(data.get("entry")))
    return set(filter(None, flags))


def made_as(data: Element) -> str:
    """The identifier a list was made with."""
    named = reading.elements(data.get("identifier"))
    return next((reading.string(n.get("value")) for n in named if n.get("system") == LIST_NAME), "")


def is_medication_list(data: Element) -> bool:
    """Whether a List is a patient's medication list in force."""
    return data.get("status") == "current" and reading.has_code(data.get("code"), [LIST_CODE])


def medicine_of(
    data: Element, version: int, known: Mapping[str, Element] | None = None
) -> Medicine:
    """A medicine as read from its resource. ``known`` are Medications by reference. Never fails
    on odd content.
    """
    kind = reading.string(data.get("resourceType"))
    prescribed = kind == "MedicationRequest"
    concept, name = _medication(data, known or {})
    dispense = data.get("dispenseRequest")
    period = dispense.get("validityPeriod") if isinstance(dispense, dict) else None
    status = reading.string(data.get("status"))
    why = next(iter(reading.elements(data.get("statusReason"))), {})
    return Medicine(
        reference=f"{kind}/{data.get('id')}",
        version=version,
        name=name,
        atc=_code(concept, ATC),
        item=_code(concept, FORMULARY),
        instruction=instruction_of(data.get("dosageInstruction" if prescribed else "dosage")),
        status=status,
        since=reading.first_moment(
            data, "authoredOn", "effectivePeriod", "effectiveDateTime", "dateAsserted"
        ),
        by=reading.reference_text(data.get("requester") or data.get("informationSource")),
        reason=", ".join(
            filter(None, map(reading.concept_text, reading.elements(data.get("reasonCode"))))
        ),
        in_stay=reading.has_code(data.get("category"), [_INPATIENT]),
        is_reported=_is_reported(data),
        prior=reading.reference_target(data.get("priorPrescription")),
        ended=reading.moment(period.get("end"))
        if isinstance(period, dict) and status not in IN_USE
        else None,
        why=reading.concept_text(why),
        why_code=reading.first_code(why),
        prescriber=reading.reference_target(data.get("requester")),
    )


def _medication(data: Element, known: Mapping[str, Element]) -> tuple[object, str]:
    """The concept of the medicine and what it is called."""
    concept = data.get("medicationCodeableConcept")
    if name := reading.concept_text(concept):
        return concept, name
    reference = data.get("medicationReference")
    target = reading.reference_target(reference)
    inside = {f"#{each.get('id')}": each for each in reading.elements(data.get("contained"))}
    found = inside.get(target) or known.get(target)
    concept = found.get("code") if found else None
    return concept, reading.concept_text(concept) or reading.reference_text(reference)


def _code(concept: object, system: str) -> str:
    return next((code for s, code, _ in reading.codings(concept) if s == system), "")


def _is_reported(data: Element) -> bool:
    """Whether only the patient, or somebody near her, has said so: not yet confirmed by staff."""
    if data.get("resourceType") != "MedicationStatement":
        return False
    source = reading.reference_target(data.get("informationSource"))
    return not source or source.startswith(("Patient/", "RelatedPerson/"))


def item_of(medicine: Medicine) -> Item | None:
    """The medicine of the formulary, when it is one; of older prescriptions by name."""
    if medicine.item in ITEMS:
        return ITEMS[medicine.item]
    return next((item for item in ITEMS.values() if item.label == medicine.name), None)


__all__ = [
    "CHANGED", "IN_USE", "LIST_CODE", "LIST_SYSTEM", "ON_REQUEST", "PRESCRIBED", "RECONCILED",
    "RENEWED", "STOP_REASONS", "UNDONE", "Medicine", "Order", "Person", "Resource", "ended",
    "entry", "flags_in", "is_medication_list", "item_of", "list_resource", "made_as",
    "medication_request", "medicine_of", "next_list", "own_coding", "references_in",
    "renewed_request", "stop_coding", "taken_up_again",
]  # fmt: skip
