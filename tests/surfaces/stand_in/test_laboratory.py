"""The stand-in laboratory answers through the API alone, with no more than it needs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from fellesjournal.access.sessions import Session
from fellesjournal.access.smart import keys, tokens
from fellesjournal.access.smart.clients import client_of
from fellesjournal.care.orders.actions import cancel_requisition, send_requisition
from fellesjournal.care.orders.catalogue import analyses
from fellesjournal.care.orders.queries import Status, requisition_of
from fellesjournal.care.orders.resources import Person, Urgency, Wanted
from fellesjournal.care.results.actions import acknowledge
from fellesjournal.care.results.news import Standing
from fellesjournal.care.results.queries import inbox, result_of
from fellesjournal.care.results.resources import Outcome
from fellesjournal.config.wsgi import application
from fellesjournal.surfaces.stand_in import laboratory
from fellesjournal.surfaces.stand_in.laboratory_client import (
    client_id,
    laboratory_key,
    let_in,
    shut_out,
)
from tests.care.results.laboratory import handle
from tests.staff import employ, put, register

GP = Person("Practitioner/gp", "Ragna Lyngbakk")
UNIT = Person("Organization/u", "Legesenteret")
LAB = Person("Organization/lab", "Laboratoriet")
HB, CRP, TSH = (analyses()[code] for code in ("NOR05172", "NPU19748", "NPU27547"))


@pytest.fixture
def service(db: None, tmp_path: Path) -> Iterator[laboratory.Service]:
    """The laboratory, registered, and talking to the platform in this process."""
    del db
    tokens.forget()
    keys.forget()
    let_in(tmp_path)
    transport = httpx.WSGITransport(app=application)
    http = httpx.Client(transport=transport, base_url="http://testserver")
    # as Django's own test client does: the test's transaction is on this connection
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield laboratory.Service(
        "http://testserver/fhir", client_id(tmp_path), laboratory_key(tmp_path), http=http
    )
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    tokens.forget()
    keys.forget()


@pytest.fixture
def gp(db: None) -> Session:
    """A GP with Kari on her list, and a laboratory."""
    del db
    session = employ("gp", "gp")
    put("Organization", "lab", name="Laboratoriet")
    register("kari", "Practitioner/gp", name=[{"family": "Prøve"}])
    return session


def order(gp: Session) -> str:
    wanted = Wanted("Patient/kari", (HB, CRP, TSH), Urgency.ROUTINE, "Sliten", LAB)
    return send_requisition(gp, wanted=wanted, by=GP, unit=UNIT)


def answered(gp: Session, service: laboratory.Service) -> str:
    number = order(gp)
    for _ in range(3):
        laboratory.work(service)
        handle()
    return number


def test_a_requisition_is_received_answered_in_part_and_then_in_full(
    gp: Session, service: laboratory.Service
) -> None:
    number = order(gp)
    states = [requisition_of(gp, "kari", number).status]
    for _ in range(3):
        assert laboratory.work(service) == 1
        handle()
        states.append(requisition_of(gp, "kari", number).status)
    assert states == [Status.SENT, Status.RECEIVED, Status.PARTIAL, Status.ANSWERED]
    assert laboratory.work(service) == 0
    (row,) = inbox(gp)
    shown = result_of(gp, "kari", row.task.report)
    assert {each["code"]["text"] for each in shown.observations} == {HB.name, CRP.name, TSH.name}
    assert shown.laboratory == "Laboratoriet"


def test_the_same_patient_and_day_have_the_same_values(
    gp: Session, service: laboratory.Service
) -> None:
    first, second = answered(gp, service), answered(gp, service)
    reports = [laboratory.report_of(service, number)["id"] for number in (first, second)]
    one, other = (
        {each["code"]["text"]: each["valueQuantity"]["value"] for each in shown.observations}
        for shown in (result_of(gp, "kari", each) for each in reports)
    )
    assert one == other


def test_a_correction_an_addition_and_a_withdrawal_open_the_result_again(
    gp: Session, service: laboratory.Service
) -> None:
    number = answered(gp, service)
    standing = []
    for change in (
        laboratory.correct,
        lambda s, n: laboratory.add(s, n, "Prøven var lett hemolysert."),
        laboratory.cancel,
    ):
        (row,) = inbox(gp)
        acknowledge(gp, patient="Patient/kari", task=row.task.id, seen=row.task.version,
                    outcome=Outcome.NO_ACTION)  # fmt: skip
        change(service, number)
        handle()
        (row,) = inbox(gp)
        standing.append(row.task.standing)
    assert standing == [Standing.CORRECTED, Standing.ADDED, Standing.WITHDRAWN]
    assert result_of(gp, "kari", row.task.report).observations == ()
    assert requisition_of(gp, "kari", number).status is Status.SENT


def test_a_requisition_taken_back_is_cancelled_and_not_answered(
    gp: Session, service: laboratory.Service
) -> None:
    number = order(gp)
    laboratory.work(service)
    cancel_requisition(gp, patient="Patient/kari", number=number, reason="Feil", by=GP,
                       seen=requisition_of(gp, "kari", number).seen)  # fmt: skip
    assert laboratory.work(service) == 1
    handle()
    assert laboratory.report_of(service, number)["status"] == "cancelled"
    assert laboratory.work(service) == 0
    assert inbox(gp) == []


def test_its_scopes_open_laboratory_work_alone(gp: Session, service: laboratory.Service) -> None:
    del gp
    put("ServiceRequest", "referral", status="active", intent="order",
        subject={"reference": "Patient/kari"},
        category=[{"coding": [{"system": laboratory.ORDER_TYPE, "code": "referral"}]}])  # fmt: skip
    assert service.get("ServiceRequest").get("entry", []) == []
    for closed in ("Patient/kari", "Condition", "Task", "ServiceRequest/referral"):
        with pytest.raises(httpx.HTTPStatusError):
            service.get(closed)
    blood_pressure = {
        "resourceType": "Observation", "identifier": [{"system": "x", "value": "y"}],
        "status": "final", "code": {"text": "BT"}, "subject": {"reference": "Patient/kari"},
    }  # fmt: skip
    with pytest.raises(httpx.HTTPStatusError):
        service.transact([laboratory._post(blood_pressure)])


def test_outside_of_a_demo_no_stand_in_is_let_in(
    service: laboratory.Service, tmp_path: Path
) -> None:
    assert client_of(client_id(tmp_path)) is not None
    shut_out()
    assert client_of(client_id(tmp_path)) is None
    with pytest.raises(httpx.HTTPStatusError):
        service.get("ServiceRequest")
