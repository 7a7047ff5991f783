"""Stays, notices, deliveries and referrals as the platform writes them, for figures of interaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from fellesjournal.access.labels import LABEL_DETAILS
from fellesjournal.access.sessions import system_session
from fellesjournal.access.writing import Operation, write
from fellesjournal.care.conversations.resources import Outcome
from fellesjournal.care.conversations.tasks import asked_again, done, new_task
from fellesjournal.care.medication.formulary import ATC, FORMULARY
from fellesjournal.care.medication.resources import Person as Doctor
from fellesjournal.care.medication.resources import list_resource
from fellesjournal.care.messages.kinds import Kind
from fellesjournal.care.messages.resources import (
    Proof,
    Recipient,
    delivery_resource,
    expired,
    follow_up_resource,
    with_proof,
)
from fellesjournal.care.messages.resources import delivery as read_delivery
from fellesjournal.care.messages.states import Route, State
from fellesjournal.care.referrals import codes as referral_codes
from fellesjournal.care.referrals.resources import RECEIVED, REFERRING_UNIT
from fellesjournal.care.stays import codes
from fellesjournal.care.stays.readiness import Said, as_extension
from fellesjournal.care.stays.resources import Person, Placing, ended, moment_text, new_stay
from fellesjournal.fhir import bodies
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection
from fellesjournal.leadership.figures.periods import Period, month
from fellesjournal.leadership.figures.suppression import Rule
from fellesjournal.leadership.indicators.asking import Group, Side
from fellesjournal.leadership.indicators.definition import Indicator
from fellesjournal.leadership.indicators.flattening import keep_up
from fellesjournal.leadership.indicators.measuring import Measured, measured
from tests.leadership.indicators.views import FLATTENER

Resource = dict[str, Any]
EVERYTHING = Rule(denominator=0, count=0)
LATER = datetime(2030, 1, 1, tzinfo=UTC)
NOON = datetime(2022, 5, 4, 10, 0, tzinfo=UTC)  # 12:00 in Norway, a Wednesday
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_LOADER = system_session("system:test-loader", purpose="HSYSADMIN")
_BATCH = 400


def load(resources: Iterable[Resource]) -> None:
    """Write many resources, some hundred in an act."""
    listed = list(resources)
    for start in range(0, len(listed), _BATCH):
        write(
            _LOADER,
            [
                Operation(
                    "update",
                    each["resourceType"],
                    id=each["id"],
                    body=bodies.parse(orjson.dumps(each)),
                )
                for each in listed[start : start + _BATCH]
            ],
        )


def unit(name: str, *, parent: str = "", outside: bool = False) -> Resource:
    """A unit; ``outside``: it uses another system."""
    made: Resource = {"resourceType": "Organization", "id": name, "active": True, "name": name}
    if parent:
        made["partOf"] = {"reference": f"Organization/{parent}"}
    if outside:
        made["meta"] = {"tag": [{"system": "urn:x", "code": "outsider"}]}
    return made


def person(name: str, **elements: Any) -> Resource:
    """A citizen of eighty, unless it is said."""
    return {
        "resourceType": "Patient",
        "id": name,
        "gender": "female",
        "birthDate": "1942-01-01",
        **elements,
    }


def lives(place: str) -> Resource:
    """An address in a municipality."""
    code = {"system": "urn:oid:2.16.578.1.12.4.1.1.3402", "code": place}
    url = "http://hl7.no/fhir/StructureDefinition/no-basis-municipalitycode"
    extension = {"extension": [{"url": url, "valueCoding": code}]}
    return {"address": [{"district": "x", "_district": extension}]}


def stay(
    name: str, patient: str, began: datetime, hours: float = 48, *, ward: str = "ward", to: str = "home",
    is_acute: bool = True, said: Sequence[Said] = (), **elements: Any,
) -> Resource:  # fmt: skip
    """A stay that is over."""
    made = new_stay(
        number=name, patient=f"Patient/{patient}", unit=Person(f"Organization/{ward}", ward),
        placing=Placing(), reason="x", is_acute=is_acute, referral="", at=began,
    )  # fmt: skip
    over = ended(made, at=began + timedelta(hours=hours), to=to)
    extensions = [as_extension(each) for each in said]
    return {**over, "id": name, **({"extension": extensions} if said else {}), **elements}


def ready(notice: str, at: datetime) -> Said:
    """Said to be ready now."""
    return Said(notice, at, "Practitioner/d", "d", at)


def service(
    name: str, patient: str, unit_: str = "home", *, starts: str = "2022-01-01"
) -> Resource:
    """A municipal service that goes on."""
    return {
        "resourceType": "EpisodeOfCare", "id": name, "status": "active",
        "patient": {"reference": f"Patient/{patient}"},
        "managingOrganization": {"reference": f"Organization/{unit_}"}, "period": {"start": starts},
    }  # fmt: skip


def notice(
    name: str,
    stay_: str,
    patient: str,
    event: str,
    sent: datetime,
    *,
    to: str = "home",
    by: str = "ward",
) -> Resource:
    """What a ward tells a municipal unit."""
    return {
        "resourceType": "Communication", "id": name, "status": "completed",
        "category": [codes.concept(codes.PLO_KIND, codes.PLO_KINDS[event])],
        "reasonCode": [codes.concept(codes.PLO_EVENT, event)],
        "subject": {"reference": f"Patient/{patient}"}, "encounter": {"reference": f"Encounter/{stay_}"},
        "sent": moment_text(sent), "sender": {"reference": f"Organization/{by}"},
        "recipient": [{"reference": f"Organization/{to}"}],
    }  # fmt: skip


def sent(
    name: str, patient: str, at: datetime, *, by: str = "ward", to: str = "home", document: str = "",
    kind: Kind = Kind.LETTER, urgent: bool = False, proofs: Sequence[tuple[State, datetime]] = (),
) -> Resource:  # fmt: skip
    """A delivery inside the platform, with its evidence."""
    task = delivery_resource(
        number=name, document=f"DocumentReference/{document or name}", patient=f"Patient/{patient}",
        recipient=Recipient(f"Organization/{to}", to, Route.INSIDE), unit=f"Organization/{by}",
        author="Practitioner/d", at=at, deadline=at + DAY, urgent=urgent, kind=kind,
    )  # fmt: skip
    for state, when in proofs:
        task = with_proof(task, Proof(state, when.isoformat(), f"Task/{state}")) or task
    return {**task, "id": name}


def taken_up(name: str, delivered: Resource, at: datetime) -> Resource:
    """The work on a delivery that did not arrive."""
    failed = read_delivery(expired({**delivered}), 1)
    return {**follow_up_resource(failed, at=at, deadline=at + DAY), "id": name}


def document(name: str, patient: str, stay_: str) -> Resource:
    """A discharge summary as it is sent."""
    return {
        "resourceType": "DocumentReference", "id": name, "status": "current", "docStatus": "final",
        "type": {"coding": [{"system": "urn:oid:2.16.578.1.12.4.1.1.9602", "code": "A03-2"}]},
        "subject": {"reference": f"Patient/{patient}"},
        "content": [{"attachment": {"contentType": "text/plain", "data": "eA=="}}],
        "context": {"encounter": [{"reference": f"Encounter/{stay_}"}]},
    }  # fmt: skip


def medication_list(name: str, patient: str) -> Resource:
    """A list that is kept."""
    return {
        **list_resource(f"Patient/{patient}", name, [], Doctor("Practitioner/d", "d"), "x"), "id": name,
    }  # fmt: skip


HIDDEN: Resource = {"meta": {"security": [{
    "system": "urn:oid:2.16.578.1.12.4.1.1.9603", "code": "NORN_ALL",
    "extension": [{"url": LABEL_DETAILS, "extension": [
        {"url": "author", "valueReference": {"reference": "Practitioner/d"}}, {"url": "reason", "valueString": "x"},
        {"url": "time", "valueDateTime": "2022-01-01T10:00:00Z"},
    ]}],
}]}}  # fmt: skip
"""Not shown to the citizen."""


def visited(name: str, patient: str, unit_: str, began: datetime, *, kind: str = "AMB") -> Resource:
    """A visit to a unit that is over."""
    return {
        "resourceType": "Encounter", "id": name, "status": "finished", "subject": {"reference": f"Patient/{patient}"},
        "class": {"system": codes.ACT_CODE, "code": kind},
        "serviceProvider": {"reference": f"Organization/{unit_}"},
        "period": {"start": began.isoformat(), "end": began.isoformat()},
    }  # fmt: skip


def plan(
    name: str, patient: str, written: datetime, *by: str, role: str = "Koordinator", **elements: Any
) -> list[Resource]:
    """A plan by those that are named (Type/id), with its team; one of it has a role."""
    subject = {"reference": f"Patient/{patient}"}
    member = {"role": [{"text": role}], "member": {"reference": "Practitioner/d"}}
    team = {"resourceType": "CareTeam", "id": f"t{name}", "status": "active", "subject": subject,
            "participant": [member]}  # fmt: skip
    made: Resource = {
        "resourceType": "CarePlan", "id": name, "status": "active", "intent": "plan", "subject": subject,
        "created": written.isoformat(), "careTeam": [{"reference": f"CareTeam/t{name}"}],
        "author": {"reference": by[0]},
    }  # fmt: skip
    if by[1:]:
        made["contributor"] = [{"reference": each} for each in by[1:]]
    return [team, {**made, **elements}]


def works(name: str, person_: str, unit_: str) -> Resource:
    """An employment."""
    return {
        "resourceType": "PractitionerRole", "id": name, "practitioner": {"reference": f"Practitioner/{person_}"},
        "organization": {"reference": f"Organization/{unit_}"},
    }  # fmt: skip


def prescribed(
    name: str, patient: str, atc: str, at: datetime, *, item: str = "1", dose: float = 1, every: int = 1,
    period: str = "d", gone: datetime | None = None, status: str = "stopped", why: str = "x", by: str = "d",
    **elements: Any,
) -> Resource:  # fmt: skip
    """A prescription, perhaps ``gone`` with a reason; without ``by`` nobody has signed it."""
    made: Resource = {
        "resourceType": "MedicationRequest", "id": name, "status": "active", "intent": "order",
        "medicationCodeableConcept": {"coding": [{"system": ATC, "code": atc}, {"system": FORMULARY, "code": item}]},
        "subject": {"reference": f"Patient/{patient}"}, "authoredOn": at.isoformat(),
        "dosageInstruction": [{
            "timing": {"repeat": {"frequency": 1, "period": every, "periodUnit": period}},
            "doseAndRate": [{"doseQuantity": {"value": dose, "code": "tablet", "system": "urn:x"}}],
        }],
    }  # fmt: skip
    if by:
        made["requester"] = {"reference": f"Practitioner/{by}"}
    if gone is not None:
        made |= {"status": status, "dispenseRequest": {"validityPeriod": {"end": gone.isoformat()}}}
        if why:
            made["statusReason"] = {"text": why}
    return {**made, **elements}


def referral(
    name: str,
    patient: str,
    received: str,
    *,
    by: str = "gp",
    to: str = "office",
    status: str = "active",
) -> list[Resource]:
    """A referral that an office has, with its task."""
    return [
        {
            "resourceType": "ServiceRequest", "id": name, "status": status, "intent": "order",
            "category": [referral_codes.concept(referral_codes.ORDER_TYPE, referral_codes.REFERRAL)],
            "subject": {"reference": f"Patient/{patient}"},
            "extension": [
                {"url": RECEIVED, "valueDateTime": received},
                {"url": REFERRING_UNIT, "valueReference": {"reference": f"Organization/{by}"}},
            ],
        },
        _referral_task(f"t-{name}", name, patient, referral_codes.REFERRAL_TASK, received, to),
    ]  # fmt: skip


def question(name: str, of: str, patient: str, on: str, *, to: str = "gp") -> Resource:
    """What an office asks who referred."""
    return _referral_task(name, of, patient, referral_codes.QUESTION_TASK, on, to)


def _referral_task(name: str, of: str, patient: str, code: str, on: str, owner: str) -> Resource:
    return {
        "resourceType": "Task", "id": name, "status": "requested", "intent": "order",
        "code": referral_codes.concept(referral_codes.TASK_CODE, code),
        "focus": {"reference": f"ServiceRequest/{of}"}, "for": {"reference": f"Patient/{patient}"},
        "authoredOn": f"{on}T10:00:00+02:00", "owner": {"reference": f"Organization/{owner}"},
    }  # fmt: skip


def question_asked(
    name: str, patient: str, unit_: str, asked: datetime, due: datetime, *, took: timedelta | None,
    is_dated: bool = True, is_again: bool = False,
) -> Resource:  # fmt: skip
    """The Task by which a unit owes an answer to a citizen, answered after some time or not at all; ``is_again``:
    she has written more a day after the answer.
    """
    unit_ref = {"reference": f"Organization/{unit_}"}
    with clock.at(asked):
        task = new_task(conversation=name, patient=f"Patient/{patient}", unit=unit_ref, message=name, since=asked,
                        deadline=due)  # fmt: skip
    if took is not None:
        with clock.at(asked + took):
            task = done(task, Outcome.ANSWERED, "", {"reference": "Practitioner/d"})
        if is_again:
            with clock.at(asked + took + DAY):
                task = asked_again(task, f"{name}m", asked + took + DAY, due + took + DAY)
        elif not is_dated:
            del task["executionPeriod"]
    return {**task, "id": name}


def outcome(
    name: str, of: str, patient: str, told: datetime, topic: str, *, to: str = "gp"
) -> Resource:
    """What who referred is told of it."""
    return {
        "resourceType": "Communication", "id": name, "status": "in-progress",
        "category": [referral_codes.concept(referral_codes.NOTICE, referral_codes.STATUS_NOTICE)],
        "topic": referral_codes.concept(referral_codes.NOTICE, topic),
        "subject": {"reference": f"Patient/{patient}"}, "about": [{"reference": f"ServiceRequest/{of}"}],
        "recipient": [{"reference": f"Organization/{to}"}], "sent": told.isoformat(),
    }  # fmt: skip


def closed(name: str, patient: str) -> Resource:
    """A wish that something in the record be closed."""
    system = "http://terminology.hl7.org/CodeSystem/"
    return {
        "resourceType": "Consent", "id": name, "status": "active",
        "scope": {"coding": [{"system": system + "consentscope", "code": "patient-privacy"}]},
        "category": [{"coding": [{"system": system + "v3-ActCode", "code": "IDSCL"}]}],
        "patient": {"reference": f"Patient/{patient}"}, "dateTime": "2022-01-01T10:00:00+01:00",
        "policyRule": {"text": "x"},
        "provision": {"provision": [{"type": "deny", "actor": [{
            "role": {"coding": [{"system": system + "v3-RoleCode", "code": "PRCP"}]},
            "reference": {"reference": "Organization/other"},
        }]}]},
    }  # fmt: skip


def figure(
    indicator: Indicator, name: str = "ward", *, period: Period | None = None, cut: datetime = LATER,
    side: Side = Side.FROM, rule: Rule = EVERYTHING,
) -> Measured:  # fmt: skip
    """The figure of one unit, of May 2022 unless it is said."""
    keep_up(FLATTENER, indicator.tables, seconds=60)
    row = connection().execute(
        "select rid from store.resource where fhir_id = %s and type = (select type from store.resource"
        " where fhir_id = %s limit 1)", [name, name],
    ).fetchone()  # fmt: skip
    assert row is not None
    groups = [Group(1, name, (row[0],))]
    return measured(
        connection(), indicator, period or month(2022, 5), groups, cut=cut, rule=rule, side=side
    )[name]


def counts(found: Measured) -> tuple[int | None, int | None]:
    """Numerator and denominator."""
    figure_ = found.figure
    return (
        None if figure_.numerator is None else int(figure_.numerator),
        None if figure_.denominator is None else int(figure_.denominator),
    )


def beside(found: Measured, key: str) -> tuple[int | None, int | None]:
    """Numerator and denominator of a companion."""
    return next((each.numerator, each.denominator) for each in found.companions if each.key == key)
