"""A hospital, a GP's office and a citizen inside; a GP, a specialist and a municipality outside."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from fellesjournal.access import acts, jobs, records
from fellesjournal.access.directory.systems import MESSAGE_TYPE, OUTSIDER, PARTICIPATION
from fellesjournal.access.sessions import Session
from fellesjournal.care.messages.resources import DELIVERY, TASK_SYSTEM, Delivery, delivery
from fellesjournal.care.referrals import codes as referral_codes
from fellesjournal.care.referrals.actions import send_referral
from fellesjournal.care.referrals.resources import Content
from fellesjournal.care.stays.actions import admit
from fellesjournal.care.stays.resources import Person, Placing, Stay
from fellesjournal.foundation.database.connection import connection
from fellesjournal.foundation.outbox.queries import waiting
from fellesjournal.foundation.outbox.worker import handle_all
from fellesjournal.national.envelope import Address as Addressed
from fellesjournal.national.envelope import Party, two_levels
from fellesjournal.registry.numbers import FNR_SYSTEM, HER_SYSTEM, HPR_SYSTEM
from tests.staff import SYSTEM, employ, put, staff

NUMBER = "01819012345"
FAR_GP, SKIN, VILLAGE = "Organization/far", "Organization/skin", "Organization/village-care"
KNEE = Content(
    what="Vurdering av kneet",
    diagnosis="Kneartrose",
    diagnosis_code="L90",
    history="Vondt i to år.\n\nGår 200 meter.",
)
_TAG = {"tag": [{"system": PARTICIPATION, "code": OUTSIDER}]}
_PLO = [
    ("LOG_INNLAGT", "1.6"), ("LOG_UTSKRIVNINGSKLAR", "1.6"), ("LOG_AVMELDING", "1.6"),
    ("LOG_UTSKREVET", "1.6"), ("LOG_DOD", "1.6"), ("DIALOG_HELSEFAGLIG", "1.1"),
]  # fmt: skip
_GP = [
    ("EPIKRISE", "1.2"), ("DIALOG_HELSEFAGLIG", "1.1"), ("DIALOG_FORESPORSEL", "1.1"),
    ("DIALOG_STATUS_HENVISNING", "1.1"),
]  # fmt: skip


@dataclass
class Region:
    """Sessions of those inside. What is theirs is read anew by ``again``."""

    gp: Session
    doctor: Session
    nurse: Session
    box: Path

    def again(self) -> None:
        """A new request of everybody: what has changed meanwhile counts."""
        self.gp = staff("ragna", unit="gp-office")
        self.doctor = staff("iselin", unit="ward")
        self.nurse = staff("benedikte", "nurse", unit="ward")

    def refer(self, to: str = "HealthcareService/skin", content: Content = KNEE) -> str:
        """The GP inside refers Anna."""
        sent = send_referral(
            self.gp, patient="Patient/anna", content=content, receiver=to, leaves_entity=True
        )
        self.again()
        return sent

    def admit(self, patient: str = "anna") -> Stay:
        """A patient comes to the ward."""
        return admit(
            self.nurse, patient=patient, number=str(uuid.uuid4()),
            placing=Placing("1", Person("Practitioner/iselin", ""), Person("", "")),
            reason="Tung pust", is_acute=True,
        )  # fmt: skip

    def out(self, kind: str = "") -> list[bytes]:
        """What lies in the mailbox to be sent, those that hold ``kind``; answers left out."""
        folder = self.box / "out"
        files = [path.read_bytes() for path in sorted(folder.iterdir())] if folder.exists() else []
        return [each for each in files if kind.encode() in each and b"AppRec" not in each[:400]]


def region(box: Path) -> Region:
    """Everybody in it; nobody reads HelsaMi yet, whatever a test before this one did."""
    connection().execute("delete from access.terms_accepted")
    made = Region(
        gp=employ("ragna", unit="gp-office"),
        doctor=employ("iselin", unit="ward"),
        nurse=employ("benedikte", "nurse", unit="ward"),
        box=box,
    )
    unit("trust", "7000", name="Sykehuset HF")
    unit("ward", "7010", name="Medisinsk avdeling", above="trust")
    unit("office", "7020", name="Henvisningskontoret", above="trust")
    employ("jorid", "secretary", "office")
    unit("office", "7020", name="Henvisningskontoret", above="trust")
    service("ortho", "office", "7021", name="Ortopedisk poliklinikk", takes_referrals=True)
    unit("gp-office", "8000", name="Legesenteret")
    service("gp-service", "gp-office", "8001", name="Fastlegene")
    unit("far", "9000", name="Fjordgløtt legekontor", **_outside())
    service("far-service", "far", "9001", name="Fastlegene på Fjordgløtt")
    endpoint("far", _GP)
    unit("skin", "9100", name="Hudklinikken", **_outside())
    endpoint("skin", [("HENVISNING_NYTILSTAND", "2.0"), ("DIALOG_HELSEFAGLIG", "1.1")])
    service("skin", "skin", "9101", name="Hudklinikken", takes_referrals=True,
            endpoint=[{"reference": "Endpoint/skin"}])  # fmt: skip
    unit("village", "9200", name="Bindal kommune", address=[_in("1811")], **_outside())
    unit("village-care", "9201", name="Bindal hjemmetjeneste", above="village", **_outside())
    endpoint("village-care", _PLO)
    put("Practitioner", "ragna", name=[{"family": "Ås", "given": ["Ragna"]}],
        identifier=[{"system": HPR_SYSTEM, "value": "9144900"}])  # fmt: skip
    patient("anna", NUMBER)
    put("ServiceRequest", "to-ward", status="active", intent="order",
        subject={"reference": "Patient/anna"}, performer=[{"reference": "Organization/ward"}])  # fmt: skip
    return made


def patient(fhir_id: str, number: str, **more: Any) -> None:
    """A citizen on the list of the GP inside."""
    put(
        "Patient", fhir_id,
        **{
            "name": [{"family": "Fiktiv", "given": [fhir_id.title()]}],
            "identifier": [{"system": FNR_SYSTEM, "value": number}],
            "generalPractitioner": [{"reference": "Practitioner/ragna"}],
            **more,
        },
    )  # fmt: skip


def lives_in(municipality: str) -> list[dict[str, Any]]:
    """An address there."""
    return [_in(municipality)]


def unit(fhir_id: str, number: str, *, above: str = "", **more: Any) -> None:
    """A unit with a HER-id."""
    part = {"partOf": {"reference": f"Organization/{above}"}} if above else {}
    put("Organization", fhir_id, identifier=[{"system": HER_SYSTEM, "value": number}],
        active=True, **part, **more)  # fmt: skip


def service(
    fhir_id: str, unit_id: str, number: str, *, takes_referrals: bool = False, **more: Any
) -> None:
    """A service of a unit, with a HER-id of its own."""
    kind = referral_codes.concept(
        referral_codes.SERVICE_KIND, referral_codes.RECEIVES_REFERRALS if takes_referrals else "gp"
    )
    put("HealthcareService", fhir_id, active=True, type=[kind],
        providedBy={"reference": f"Organization/{unit_id}"},
        identifier=[{"system": HER_SYSTEM, "value": number}], **more)  # fmt: skip


def endpoint(unit_id: str, kinds: list[tuple[str, str]], status: str = "active") -> None:
    """What a unit on another system reads."""
    put(
        "Endpoint", unit_id, status=status, address="urn:none",
        connectionType={"code": "ebxml"},
        managingOrganization={"reference": f"Organization/{unit_id}"},
        payloadType=[
            {"coding": [{"system": MESSAGE_TYPE, "code": kind, "version": version}]}
            for kind, version in kinds
        ],
    )  # fmt: skip


def party(entity: str, lower: str) -> Party:
    """Somebody as messages name her."""
    return two_levels("enhet", "tjeneste", Addressed(entity, lower))


def work() -> None:
    """All that waits is handled, and none of it in vain."""
    handle_all(jobs.call)
    assert [each for each in waiting() if each.failed] == []


def deliveries(**query: str) -> list[Delivery]:
    """All deliveries, as the platform sees them, the first queued first."""
    found = records.search(
        SYSTEM, "Task",
        [("code", f"{TASK_SYSTEM}|{DELIVERY}"), ("_sort", "authored-on"),
         ("_count", "500"), *query.items()],
    )  # fmt: skip
    return [delivery(acts.content(each), each.version) for each in found.matches]


def count(kind: str) -> int:
    """How many resources of a type there are."""
    return len(records.search(SYSTEM, kind, [("_count", "500")]).matches)


def _outside() -> dict[str, Any]:
    return {"meta": dict(_TAG)}


def _in(municipality: str) -> dict[str, Any]:
    coding = {"system": "urn:oid:2.16.578.1.12.4.1.1.3402", "code": municipality}
    extension = {
        "url": "http://hl7.no/fhir/StructureDefinition/no-basis-municipalitycode",
        "valueCoding": coding,
    }
    return {"district": "Bindal", "_district": {"extension": [extension]}}


TODAY = date(2026, 11, 22)
