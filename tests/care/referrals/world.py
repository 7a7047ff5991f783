"""A GP office, a hospital with a referral office, and a citizen on the GP's list."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import orjson

from fellesjournal.access import acts
from fellesjournal.access.relations.derive import TASK_SYSTEM
from fellesjournal.access.sessions import Session
from fellesjournal.care.referrals import codes
from fellesjournal.care.referrals.actions import Seen, accept_referral, send_referral
from fellesjournal.care.referrals.actions.case import Case, load, search_all
from fellesjournal.care.referrals.resources import Content
from fellesjournal.foundation import clock
from fellesjournal.foundation.clock import NORWAY
from tests.staff import SYSTEM, employ, put, register, staff

assert TASK_SYSTEM == codes.TASK_CODE

# Monday; Easter 2026 begins on Thursday 2 April.
MONDAY = datetime(2026, 3, 23, 9, 0, tzinfo=NORWAY)
ASSESS_BY = date(2026, 4, 9)
CARE_BY = date(2026, 6, 30)
KNEE = Content(
    what="Assessment of the knee",
    diagnosis="Osteoarthritis of the knee",
    diagnosis_code="L90",
    history="Pain for two years. Walks 200 metres.",
)
ORTHO = "HealthcareService/ortho"


def service(fhir_id: str, unit: str, name: str = "", **more: Any) -> None:
    """A service that takes referrals in, provided by a unit."""
    kind = codes.concept(codes.SERVICE_KIND, codes.RECEIVES_REFERRALS)
    put(
        "HealthcareService",
        fhir_id,
        **{
            "active": True,
            "name": name or f"Service {fhir_id}",
            "providedBy": {"reference": f"Organization/{unit}"},
            "type": [kind],
            **more,
        },
    )


class World:
    """Everybody in it. ``gp`` and ``doctor`` are sessions of doctors, ``secretary`` of the office."""

    def __init__(self) -> None:
        put("Organization", "trust", name="The trust")
        put("Organization", "hospital", name="Hospital", partOf={"reference": "Organization/trust"})
        self.gp = employ("ragna", unit="gp-office")
        self.doctor = employ("iselin", unit="office")
        self.secretary = employ("jorid", "secretary", unit="office")
        put("Organization", "office", name="Office", partOf={"reference": "Organization/hospital"})
        service("ortho", "office", "Orthopaedic clinic")
        register("kari", "Practitioner/ragna", name=[{"family": "Nesvoll"}])

    def again(self) -> None:
        """Everybody in a new request: what has changed meanwhile counts."""
        self.gp = staff("ragna", unit="gp-office")
        self.doctor = staff("iselin", unit="office")
        self.secretary = staff("jorid", "secretary", unit="office")

    def sent(self, content: Content = KNEE) -> str:
        """A referral that the office has received."""
        sent = send_referral(self.gp, patient="Patient/kari", content=content, receiver=ORTHO)
        self.again()
        return sent

    def waiting(self) -> str:
        """A referral whose patient waits until CARE_BY."""
        sent = self.sent()
        accept_referral(
            self.doctor,
            referral_id=sent,
            seen=seen(sent),
            outcome="2",
            care_by=CARE_BY,
            urgency="routine",
        )
        self.again()
        return sent


def stands(referral_id: str) -> Case:
    """A referral with its work, as the platform sees it."""
    return load(SYSTEM, referral_id)


def seen(referral_id: str) -> Seen:
    """The versions that stand."""
    case = stands(referral_id)
    return Seen(case.version, case.task_version)


def tasks(code: str, **more: str) -> list[dict[str, Any]]:
    """All Tasks with a code of ours, as the platform sees them."""
    query = [("code", f"{codes.TASK_CODE}|{code}"), *more.items()]
    return [dict(data) for data, _ in search_all(SYSTEM, "Task", query)]


def notices() -> list[dict[str, Any]]:
    """All notices about referrals."""
    query = [("category", f"{codes.NOTICE}|{codes.STATUS_NOTICE}")]
    return [dict(data) for data, _ in search_all(SYSTEM, "Communication", query)]


def told() -> list[str]:
    """To whom notices went, sorted."""
    return sorted(each["recipient"][0]["reference"] for each in notices())


def later(days: int) -> datetime:
    """So many days after the world's Monday."""
    return MONDAY + timedelta(days=days)


def read(kind: str, fhir_id: str, session: Session = SYSTEM) -> dict[str, Any]:
    """A resource as it stands."""
    found: dict[str, Any] = orjson.loads(orjson.dumps(acts.read(session, kind, fhir_id)[0]))
    return found


def at(days: int) -> Any:
    """The clock, so many days after the world's Monday."""
    return clock.at(later(days))
