"""What the named staff have on their hands: whoever works has patients that she may see.

Access follows from what happens. The stories of the named citizens give most of the staff
their patients; these scenes give one to each of the others. Nobody has a ground for all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial

from fellesjournal.demo import home_visits, orders
from fellesjournal.demo.catalogue import diagnoses
from fellesjournal.demo.catalogue.diagnoses import Diagnosis
from fellesjournal.demo.contacts import contact, gp_visit, illness
from fellesjournal.demo.findings import vitals
from fellesjournal.demo.record import Record
from fellesjournal.demo.terms import HL7, Resource
from fellesjournal.demo.writing import note
from fellesjournal.registry.units import UnitKind

_PSYCHIATRY = {
    "system": HL7 + "v3-ActCode",
    "code": "PSY",
    "display": "psychiatry disorder information sensitivity",
}


def last_evening_out_of_hours(record: Record) -> None:
    """An ankle that Sindre Hellbakken looked at yesterday evening."""
    record.at(record.end, partial(_ankle, record))


def _ankle(record: Record, day: int) -> None:
    doctor = record.region.worker("staff-out-of-hours")
    at = contact(record, "out-of-hours", day, unit=doctor.unit, worker=doctor,
                 reason=diagnoses.ANKLE_SPRAIN, minutes=19 * 60 + 40)  # fmt: skip
    illness(record, diagnoses.ANKLE_SPRAIN, day, 21, at)
    vitals(record, at, "pulse")
    note(
        record, at, "Legevakt: forstuet ankel",
        history="Tråkket over på fotballtrening. Kan støtte på foten.",
        assessment="Forstuet ankel, ikke tegn til brudd.",
        plan="Kompresjon og ro noen dager. Fastlegen ved behov.",
    )  # fmt: skip


def waiting_for_physiotherapy(record: Record, days_ago: int, reason: Diagnosis) -> None:
    """A referral to the municipality's physiotherapists, not answered yet."""
    record.at(record.until - days_ago, partial(_to_physiotherapy, record, reason=reason))


def _to_physiotherapy(record: Record, day: int, *, reason: Diagnosis) -> None:
    at = gp_visit(record, day, reason)
    orders.refer(record, at, record.unit(UnitKind.PHYSIOTHERAPY), reason,
                 "Plager over tid, ønsker veiledet trening.", done=False,
                 kind=orders.PHYSIOTHERAPY)  # fmt: skip


def talk_at_school(record: Record) -> None:
    """An appointment with Tordis Myrhaugen in four days."""
    record.at(record.end, partial(_at_school, record))


def _at_school(record: Record, _day: int) -> None:
    nurse = record.region.worker("staff-public-health-nurse")
    orders.appointment(record, record.until + 4, nurse.unit, nurse, "Helsesamtale på skolen",
                       minutes=10 * 60, length=30)  # fmt: skip


def applied_for_more(record: Record, days_ago: int) -> None:
    """An application that awaits an assessment at the allocation office."""
    record.at(record.until - days_ago, partial(_apply, record))


def _apply(record: Record, day: int) -> None:
    at = gp_visit(record, day, None, "gp-phone")
    office = record.unit(UnitKind.ALLOCATION_OFFICE)
    sent = orders.request(record, at, orders.APPLICATION, office, None,
                          "Søker om avlastningsopphold to uker i vinter.", done=False)  # fmt: skip
    home_visits.handling(record, sent, office, at.day)


def waiting_for_the_ward(record: Record, days_ago: int, reason: Diagnosis) -> None:
    """A referral to the medical ward, not assessed yet."""
    record.at(record.until - days_ago, partial(_to_ward, record, reason=reason))


def _to_ward(record: Record, day: int, *, reason: Diagnosis) -> None:
    at = gp_visit(record, day, reason)
    orders.refer(record, at, record.ward("medical"), reason,
                 "Ønskes utredet i avdeling.", done=False)  # fmt: skip


def referred(
    record: Record, days_ago: int, reason: Diagnosis, clinic: str, *, state: str = "to-assess"
) -> None:
    """A referral to a clinic of the hospital: to be assessed, asked about, or waiting."""
    record.at(
        record.until - days_ago,
        partial(_to_clinic, record, reason=reason, clinic=clinic, state=state),
    )


def _to_clinic(record: Record, day: int, *, reason: Diagnosis, clinic: str, state: str) -> None:
    at = gp_visit(record, day, reason)
    orders.refer(record, at, record.ward(clinic), reason, "Plager over tid tross behandling.",
                 done=False, state=state, care_by=record.until + 60)  # fmt: skip


def keep_confidential(record: Record, diagnosis: Diagnosis) -> None:
    """Label all that came of a diagnosis: it is shown after an extra step only.

    Call it when the record has been lived.
    """
    about = list(_about(record, diagnosis))
    contacts = [f"Encounter/{r['id']}" for r in about if r["resourceType"] == "Encounter"]
    for resource in record.resources:
        text = json.dumps(resource, ensure_ascii=False)
        if resource in about or any(f'"{reference}"' in text for reference in contacts):
            # the meta is shared by many resources
            labels = [*resource["meta"]["security"], _PSYCHIATRY]
            resource["meta"] = resource["meta"] | {"security": labels}


def _about(record: Record, diagnosis: Diagnosis) -> Iterator[Resource]:
    for resource in record.resources:
        reasons = [resource.get("code"), *resource.get("reasonCode", ())]
        if any(reason and reason.get("text") == diagnosis.name for reason in reasons):
            yield resource
