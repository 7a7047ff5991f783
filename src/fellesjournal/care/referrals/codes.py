"""The code systems of referrals: national ones by number, our own where none fits."""

from __future__ import annotations

from collections.abc import Mapping

from fellesjournal.fhir.reading import Element

_VOLVEN = "urn:oid:2.16.578.1.12.4.1.1."
_OWN = "https://fellesjournal.example/fhir/CodeSystem/"

CONTENT_TYPE = _VOLVEN + "8455"
OUTCOME = _VOLVEN + "8485"
STATUS = _VOLVEN + "9148"
WAITING_END = _VOLVEN + "8445"
POSTPONEMENT = _VOLVEN + "8446"
ICPC2 = "http://hl7.org/fhir/sid/icpc-2"
HER_ID = "urn:oid:2.16.578.1.12.4.1.2"

ORDER_TYPE = _OWN + "order-type"
REFERRAL = "referral"
TASK_CODE = _OWN + "task-code"
REFERRAL_TASK = "referral"
"""The one Task of a referral, from sending until it is closed."""
QUESTION_TASK = "referral-question"
"""What the office asks the referrer, until it is answered."""
HELFO_TASK = "referral-helfo"
"""The deadline is broken: Helfo is to be told at once (L10)."""
STATE = _OWN + "referral-state"
NOTICE = _OWN + "notice"
STATUS_NOTICE = "referral-status"
"""What a referral has come to, told to the patient and to the referrer."""
SERVICE_KIND = _OWN + "service-kind"
RECEIVES_REFERRALS = "referral-intake"
"""A HealthcareService of this type takes referrals in."""
REFERRAL_MESSAGE = "HENVISNING_NYTILSTAND"
REFERRAL_MESSAGE_VERSION = "2.0"

TO_BE_EXAMINED = "10"
"""8455: examination and treatment (seen in the national examples)."""

# 8485 as far as the national examples show it; the rest of the list is added when it is at hand.
OUTCOMES: Mapping[str, str] = {"2": "Behandling (eventuelt også inkludert videre utredning)"}
STATUSES: Mapping[str, str] = {
    "1": "Innkalles til helsehjelp",
    "2": "Rett til helsehjelp, tidspunkt kommer",
    "3": "Henvisningen er videresendt",
    "4": "Henvisningen er avvist",
    "11": "Råd til henviser",
}
WAITING_ENDS: Mapping[str, str] = {
    "1": "Helsehjelp er påbegynt",
    "2": "Pasienten ønsker ikke helsehjelp",
    "3": "Pasienten er henvist til et annet sykehus/institusjon (unntatt fritt behandlingsvalg)",
    "4": "Pasienten har valgt annet sykehus/institusjon",
    "5": "Pasienten mottar helsehjelp ved annet sykehus/institusjon rekvirert av HELFO",
    "7": "Pasienten er henvist til avtalespesialist",
    "9": "Annen årsak til ventetid slutt/helsehjelp uaktuelt",
}
POSTPONEMENTS: Mapping[str, str] = {
    "1": "Institusjonen/sykehuset har bestemt utsettelsen av kapasitetsgrunner",
    "21": "Pasienten har ikke møtt opp",
    "22": "Pasienten har selv bestemt utsettelsen av velferdsgrunner",
    "3": "Medisinske årsaker hos pasienten til utsettelsen",
    "4": "Oppstart av helsehjelp er utsatt grunnet manglende kapasitet ved påfølgende behandlingssted",
}


def concept(system: str, code: str, display: str = "") -> Element:
    """A CodeableConcept with one coding."""
    coding = {"system": system, "code": code}
    return {"coding": [coding | {"display": display}] if display else [coding]}
