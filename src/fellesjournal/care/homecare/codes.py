"""The code systems of municipal services, and the codes of our own that home care uses."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from fellesjournal.access.acts import Resource
from fellesjournal.fhir import reading

_VOLVEN = "urn:oid:2.16.578.1.12.4.1.1."
_OWN = "https://fellesjournal.example/fhir/CodeSystem/"
_NAMING = "https://fellesjournal.example/fhir/NamingSystem/"
_EXTENSION = "https://fellesjournal.example/fhir/StructureDefinition/"

SERVICE_TYPE = _VOLVEN + "9151"
FUNCTION = _VOLVEN + "9111"
FUNCTION_SCORE = _OWN + "function-score"
ORDER_TYPE = _OWN + "order-type"
APPLICATION = "service-application"
DECISION = "service-decision"
PLAN_TYPE = _OWN + "plan-type"
HOME_CARE_PLAN = "homecare"
WAY_IN = "way-in"
ENCOUNTER_TYPE = _OWN + "encounter-type"
HOME_VISIT = "home-care"
ACTION_KIND = _OWN + "home-care-action"
GIVES_MEDICINES = "gives-medicines"
ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
AT_HOME = "HH"
"""The class of an Encounter at the patient's home (ActCode)."""

TASK_CODE = _OWN + "task-code"
HANDLE_APPLICATION = "service-application"
PLAN_SERVICE = "plan-service"
PLANNED_ACTION = "planned-action"
PLANNED_DOSE = "planned-dose"
DEVIATION = "home-care-deviation"
RESTART_REVIEW = "restart-review"
LEFT_OPEN = "left-open-in-home-care"

OUTCOME = _OWN + "home-care-outcome"
"""Task.businessStatus of planned items and reviews: see planned.py and pauses.py."""

VISIT_NUMBER = _NAMING + "planned-visit"
ITEM_NUMBER = _NAMING + "planned-item"
DOSE_NUMBER = _NAMING + "planned-dose"
"""One planned dose has at most one administration (INV-23): unique in the store."""
DOSE_TAKEN_BACK = _NAMING + "planned-dose-taken-back"
"""The number of an administration that was entered in error: its dose may be given yet."""
WORK_NUMBER = _NAMING + "home-care-work"
"""Reviews and plan tasks, by what they are about: one each, however often it is told."""

ENDS_AT = _EXTENSION + "time-window-end"
"""On Timing.repeat: the time of day at which the window ends that ``timeOfDay`` begins."""
PLANNED_AT = _EXTENSION + "planned-at"
PLAN_OF_VISIT = _EXTENSION + "planned-by"
MOVED_FROM = _EXTENSION + "moved-from"
SIGNED_OFF = _EXTENSION + "shift-signed-off"
TAKEN_BACK = _EXTENSION + "answer-taken-back"
"""On the Task of an item: an answer that was given in the wrong row (taken_back.py)."""
PAUSED_BY = _EXTENSION + "paused-by"
HANDED_OVER = "Overlevert"
"""The note of an item that was handed over without a word."""
WAY_IN_WORDS = _EXTENSION + "way-in"
"""How to get in, as the text of an address: left out with the address of who is protected."""
WEEKLY_HOURS = _EXTENSION + "weekly-hours"

# The names of 9151 as HL7 Norway's OKT guide gives them (CodeSystem IplosCs, draft).
SERVICES: Mapping[str, str] = MappingProxyType(
    {
        "1": "Praktisk bistand - daglige gjøremål",
        "2": "Praktisk bistand - opplæring - daglige gjøremål",
        "3": "Praktisk bistand - brukerstyrt - personlig assistanse",
        "4": "Dagaktivitetstilbud",
        "5": "Matombringing",
        "6": "Trygghetsalarm",
        "7": "Avlastning utenfor institusjon",
        "8": "Avlastning i institusjon",
        "9": "Støttekontakt",
        "11": "Omsorgsstønad",
        "15": "Helsetjenester i hjemmet",
        "17": "Dagopphold i institusjon",
        "18": "Tidsbegrenset opphold - utredning/behandling",
        "19": "Tidsbegrenset opphold - habilitering/rehabilitering",
        "20": "Tidsbegrenset opphold - annet",
        "21": "Langtidsopphold i institusjon",
        "22": "Nattopphold i institusjon",
        "26": "Lokaliseringsteknologi (GPS)",
        "27": "Elektronisk medisineringsstøtte",
        "28": "Digitalt tilsyn",
        "29": "Bolig som kommunen disponerer for helse- og omsorgsformål",
    }
)
"""What can be applied for and granted. Left out: coercion (14, 23, 24) and acute beds (25),
which nobody applies for."""

# 9111 as the national PLO example messages name them.
FUNCTIONS: Mapping[str, str] = MappingProxyType(
    {
        "1": "Sosial deltakelse",
        "2": "Skaffe seg varer og tjenester",
        "3": "Beslutninger i dagliglivet",
        "4": "Ivareta egen helse",
        "5": "Bevege seg innendørs",
        "6": "Alminnelig husarbeid",
        "7": "Personlig hygiene",
        "8": "På- og avkledning",
        "9": "Lage mat",
        "10": "Spise",
        "11": "Toalett",
        "12": "Bevege seg utendørs",
        "13": "Syn",
        "14": "Hørsel",
        "15": "Hukommelse",
        "16": "Kommunikasjon",
        "17": "Styre atferd",
    }
)

SCORES = ("1", "2", "3", "4", "5", "9")
"""norway.md section 12.1: 1-2 no personal assistance, 3 medium need, 4 large, 5 full, 9 not relevant."""


def coded(system: str, code: str, text: str = "") -> Resource:
    """A CodeableConcept of one code."""
    coding = {"system": system, "code": code}
    return {"coding": [coding | {"display": text}], "text": text} if text else {"coding": [coding]}


def reference(target: str, name: str = "") -> Resource:
    """A Reference such as Patient/1."""
    return {"reference": target, "display": name} if name else {"reference": target}


def number(system: str, value: str) -> list[Resource]:
    """The one identifier of a resource that is made at most once."""
    return [{"system": system, "value": value}]


def first(values: object) -> Resource:
    """The first object of a list in a resource; empty without one."""
    return dict(next(reading.elements(values), {}))


def extension(resource: Resource, url: str) -> Resource | None:
    """The first extension of this address; None without one."""
    found = (each for each in resource.get("extension", ()) if each.get("url") == url)
    return next(found, None)


def without_extension(resource: Resource, url: str) -> Resource:
    """The resource without extensions of this address."""
    kept = [each for each in resource.get("extension", ()) if each.get("url") != url]
    rest = {name: value for name, value in resource.items() if name != "extension"}
    return rest | {"extension": kept} if kept else rest
