"""Ordering laboratory analyses: one act, a number, changes and withdrawals with a reason."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import pytest

from fellesjournal.access import records
from fellesjournal.access.sessions import Session
from fellesjournal.care.orders.actions import (
    OrderRefused,
    cancel_requisition,
    change_requisition,
    send_requisition,
)
from fellesjournal.care.orders.catalogue import Analysis, analyses
from fellesjournal.care.orders.queries import Status, requisition_of, requisitions_of
from fellesjournal.care.orders.resources import Person, Urgency, Wanted
from fellesjournal.fhir.issues import NotAllowed, NotFound, PreconditionFailed
from fellesjournal.foundation.database.connection import connection
from tests.staff import employ, put, register

GP = Person("Practitioner/gp", "Ragna Lyngbakk")
UNIT = Person("Organization/u", "Legesenteret")
LAB = Person("Organization/lab", "Laboratoriet")
HB, CRP, ACR = (analyses()[code] for code in ("NOR05172", "NPU19748", "NOR15260"))


@pytest.fixture
def gp(db: None) -> Session:
    """A GP with a patient on her list, and a laboratory."""
    del db
    session = employ("gp", "gp")
    put("Organization", "lab", name="Laboratoriet")
    register("kari", "Practitioner/gp")
    register("ola")
    return session


def wanted(*chosen: Analysis, patient: str = "Patient/kari", taken: bool = False) -> Wanted:
    return Wanted(
        patient=patient,
        analyses=tuple(chosen),
        urgency=Urgency.ROUTINE,
        information="Sliten",
        laboratory=LAB,
        taken=datetime(2026, 5, 4, 8, tzinfo=UTC) if taken else None,
    )


def send(session: Session, *chosen: Analysis, taken: bool = False) -> str:
    return send_requisition(session, wanted=wanted(*chosen, taken=taken), by=GP, unit=UNIT)


def test_one_act_writes_a_request_for_each_analysis_and_a_sample_of_each_material(
    gp: Session,
) -> None:
    number = send(gp, HB, CRP, ACR, taken=True)
    (found,) = requisitions_of(gp, "kari")
    assert found.number == number
    assert {each.name for each in found.analyses} == {HB.name, CRP.name, ACR.name}
    assert (found.status, found.laboratory, found.requester) == (
        Status.SENT,
        "Laboratoriet",
        "Ragna Lyngbakk",
    )
    assert found.has_sample
    samples = records.search(gp, "Specimen", [("subject", "Patient/kari")]).matches
    assert len(samples) == len({"B", "P", "U"})


def test_an_order_is_one_act_with_one_line_in_the_log(gp: Session) -> None:
    def lines() -> int:
        row = connection().execute("select count(*) from access.log").fetchone()
        assert row is not None
        return int(row[0])

    before = lines()
    send(gp, HB, CRP, ACR, taken=True)
    assert lines() == before + 1


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (wanted(), "nothing-ordered"),
        (Wanted("Patient/kari", (HB,), Urgency.ROUTINE, " ", LAB), "no-information"),
    ],
)
def test_an_order_of_nothing_or_without_a_reason_is_refused(
    gp: Session, order: Wanted, code: str
) -> None:
    with pytest.raises(OrderRefused) as refused:
        send_requisition(gp, wanted=order, by=GP, unit=UNIT)
    assert refused.value.code == code
    assert requisitions_of(gp, "kari") == ()


def test_nobody_orders_for_a_patient_out_of_her_reach(gp: Session) -> None:
    with pytest.raises(NotAllowed):
        send_requisition(gp, wanted=wanted(HB, patient="Patient/ola"), by=GP, unit=UNIT)


def test_a_requisition_is_taken_back_with_its_reason_on_every_analysis(gp: Session) -> None:
    number = send(gp, HB, CRP)
    shown = requisition_of(gp, "kari", number)
    cancel_requisition(
        gp, patient="Patient/kari", number=number, reason="Feil pasient", by=GP, seen=shown.seen
    )
    after = requisition_of(gp, "kari", number)
    assert after.status is Status.CANCELLED
    assert after.reasons == ("Feil pasient",)


def test_taking_back_without_a_reason_is_refused(gp: Session) -> None:
    number = send(gp, HB)
    seen = requisition_of(gp, "kari", number).seen
    with pytest.raises(OrderRefused, match="no-reason"):
        cancel_requisition(gp, patient="Patient/kari", number=number, reason="  ", by=GP, seen=seen)
    assert requisition_of(gp, "kari", number).is_open


def test_a_requisition_that_somebody_changed_meanwhile_is_not_taken_back(gp: Session) -> None:
    number = send(gp, HB)
    seen = requisition_of(gp, "kari", number).seen
    change(gp, number, HB, CRP)
    with pytest.raises(PreconditionFailed):
        cancel_requisition(
            gp, patient="Patient/kari", number=number, reason="Dobbelt", by=GP, seen=seen
        )


def change(gp: Session, number: str, *chosen: Analysis) -> None:
    change_requisition(
        gp,
        patient="Patient/kari",
        number=number,
        analyses=chosen,
        urgency=Urgency.ASAP,
        information="Sliten og blek",
        reason="Glemte CRP",
        by=GP,
        seen=requisition_of(gp, "kari", number).seen,
    )


def test_a_change_adds_takes_back_and_keeps_the_number(gp: Session) -> None:
    number = send(gp, HB, ACR)
    change(gp, number, HB, CRP)
    after = requisition_of(gp, "kari", number)
    states = {each.code: each.status for each in after.analyses}
    assert states == {
        HB.nlk: Status.SENT,
        CRP.nlk: Status.SENT,
        ACR.nlk: Status.CANCELLED,
    }
    assert after.reasons == ("Glemte CRP",)


def test_another_patients_number_is_not_known(gp: Session) -> None:
    number = send(gp, HB)
    with pytest.raises(NotFound):
        cancel_requisition(gp, patient="Patient/ola", number=number, reason="x", by=GP, seen={})


def test_inv_8_a_requisition_that_is_sent_again_is_one(gp: Session) -> None:
    ask = partial(send_requisition, gp, by=GP, unit=UNIT)
    first = ask(wanted=wanted(HB, taken=True), form="one")
    assert ask(wanted=wanted(HB, taken=True), form="one") == first
    assert ask(wanted=wanted(HB), form="two") != first
    assert len(requisitions_of(gp, "kari")) == 2
    samples = records.search(gp, "Specimen", [("subject", "Patient/kari")]).matches
    assert len(samples) == 1
