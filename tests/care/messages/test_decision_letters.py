"""What is decided reaches the citizen as a letter with a delivery, not as a page alone (INV-9)."""

from __future__ import annotations

from pathlib import Path

import pytest

from fellesjournal.access import records
from fellesjournal.access.acts import content
from fellesjournal.care.messages import queries
from fellesjournal.care.messages.kinds import Kind
from fellesjournal.care.messages.states import Route, State
from fellesjournal.care.messages.telling import tell_of_decision
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection
from tests.care.messages.region import NUMBER, Region, deliveries, patient, region, work
from tests.staff import SYSTEM, employ, put

APPEAL = "Du kan klage innen tre uker til Bindal kommune."


@pytest.fixture
def here(empty_record: None, box: Path) -> Region:
    del empty_record
    made = region(box)
    employ("olav", unit="allocation")
    put("ServiceRequest", "application", status="completed", intent="order",
        subject={"reference": "Patient/anna"},
        performer=[{"reference": "Organization/allocation"}])  # fmt: skip
    return made


def decided(*, granted: bool = True) -> dict[str, str]:
    more = {} if granted else {"doNotPerform": True}
    put(
        "ServiceRequest", "decision", status="active", intent="order", **more,
        subject={"reference": "Patient/anna"},
        requester={"reference": "Practitioner/olav"},
        code={"coding": [{"system": "urn:oid:2.16.578.1.12.4.1.1.9151", "code": "15",
                          "display": "Helsetjenester i hjemmet"}]},
        reasonCode=[{"text": "Trenger hjelp til sårstell."}],
        patientInstruction=APPEAL,
        occurrencePeriod={"start": "2026-12-01"},
        performer=[{"reference": "Organization/home", "display": "Hjemmetjenesten"}],
        quantityRatio={"numerator": {"value": 3.5}, "denominator": {"value": 1}},
    )  # fmt: skip
    return {
        "patient": "Patient/anna", "application": "ServiceRequest/application",
        "decision": "ServiceRequest/decision",
    }  # fmt: skip


def reads_helsami() -> None:
    connection().execute(
        "insert into access.terms_accepted values ('Patient/anna', '1', now())"
        " on conflict do nothing"
    )


def the_text() -> str:
    (stored,) = records.search(SYSTEM, "DocumentReference", []).matches
    return queries.letter_by(SYSTEM, "anna", content(stored)["id"]).text


def test_a_decision_is_a_letter_with_reasons_and_appeal(here: Region) -> None:
    for _ in range(2):
        tell_of_decision(SYSTEM, decided())
        work()
    del here
    (made,) = deliveries()
    assert (made.kind, made.recipient.route, made.owner) == (
        Kind.DECISION, Route.PAPER, "Organization/allocation",
    )  # fmt: skip
    text = the_text()
    for words in (
        "Vedtak: Helsetjenester i hjemmet", "«Helsetjenester i hjemmet» er innvilget.",
        "Omfang: 3,5 timer i uka.", "Fra 01.12.2026.", "Tjenesten gis av Hjemmetjenesten.",
        "Trenger hjelp til sårstell.", APPEAL, f"Anna Fiktiv, {NUMBER}", "olav",
    ):  # fmt: skip
        assert words in text


def test_a_refusal_is_a_letter_as_well(here: Region) -> None:
    del here
    tell_of_decision(SYSTEM, decided(granted=False))
    assert "Søknaden om «Helsetjenester i hjemmet» er avslått." in the_text()
    assert "innvilget" not in the_text()


def test_she_is_written_to_in_her_language(here: Region) -> None:
    del here
    patient("anna", NUMBER, communication=[
        {"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": "nn-NO"}]}}
    ])  # fmt: skip
    tell_of_decision(SYSTEM, decided())
    assert "Tenesta blir gitt av Hjemmetjenesten." in the_text()


def test_inv_9_a_decision_unopened_in_helsami_goes_on_paper(here: Region) -> None:
    del here
    reads_helsami()
    tell_of_decision(SYSTEM, decided())
    work()
    (made,) = deliveries()
    assert (made.recipient.route, made.state) == (Route.HELSAMI, State.DELIVERED)
    assert made.deadline is not None
    with clock.at(made.deadline):
        work()
        ways = {each.recipient.route: each for each in deliveries()}
    assert ways[Route.HELSAMI].state is State.EXPIRED
    assert ways[Route.PAPER].state is State.QUEUED
    assert ways[Route.PAPER].kind is Kind.DECISION
    assert len(queries.to_print(SYSTEM, "Organization/allocation")) == 1
