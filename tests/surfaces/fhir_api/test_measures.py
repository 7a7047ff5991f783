"""Indicators as Measure and MeasureReport: valid FHIR, of the same figures as the pages, for the same people."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest

from fellesjournal.access.sessions import Session
from fellesjournal.access.smart import scopes
from fellesjournal.access.smart.sessions import SmartSession
from fellesjournal.care.messages.states import State
from fellesjournal.fhir.validation import validate
from fellesjournal.foundation import clock
from fellesjournal.leadership.figures.periods import month_of, previous
from fellesjournal.leadership.indicators.catalogue import CATALOGUE
from tests.leadership.indicators.records import load, person, sent, unit
from tests.leadership.indicators.views import flatten_all
from tests.staff import employ
from tests.surfaces.fhir_api.client import Answer, Client

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_record")]

Ask = Callable[..., Answer]
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def db() -> None:
    """Instead of the module's record of the other tests of the API: each of these has its own."""


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Sends a request as a session, when the figures have been brought up."""

    def asked(session: Session, address: str, method: str = "GET", body: Any = None) -> Answer:
        flatten_all()
        monkeypatch.setattr(
            sys.modules["fellesjournal.surfaces.fhir_api.application"],
            "_session",
            lambda _: session.again(),
        )
        content = "application/fhir+json" if body else None
        return Client("x").request(method, address, body, content_type=content)

    return asked


@pytest.fixture
def leader() -> Session:
    """The leader of a municipality with two units, which have sent 20 and 3 documents this month."""
    session = employ("l", "unit-leader", "top")
    at = clock.now() - 30 * MINUTE
    well = [(State.DELIVERED, at + MINUTE), (State.ACCEPTED, at + 2 * MINUTE)]
    load([unit("u1", parent="top"), unit("u2", parent="top"), unit("gp"), person("p0")])
    load(sent(f"a{n}", "p0", at, by="u1", to="gp", proofs=well) for n in range(20))
    load(sent(f"b{n}", "p0", at, by="u2", to="gp", proofs=well) for n in range(3))
    return session


def populations(group: dict[str, Any]) -> dict[str, int]:
    return {
        each["code"]["coding"][0]["code"]: each.get("count") for each in group.get("population", ())
    }


def absent(group: dict[str, Any]) -> str:
    said: str = group["measureScore"]["extension"][0].get("valueCode", "")
    return said


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_each_indicator_is_a_valid_measure(name: str, ask: Ask) -> None:
    found = ask(employ("l", "unit-leader", "top"), f"Measure/{name}")
    assert found.status == 200, found.body
    assert validate(found.json, warnings=False) == []
    assert found.json["scoring"]["coding"][0]["code"] in {"proportion", "continuous-variable"}
    assert found.json["improvementNotation"]["coding"][0]["code"] in {"increase", "decrease"}
    assert found.json["library"] == [
        f"https://fellesjournal.example/fhir/Library/{name}|{CATALOGUE[name].hash}"
    ]


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_each_report_is_valid_of_nothing_and_of_a_month_before(name: str, ask: Ask) -> None:
    session = employ("l", "unit-leader", "top")
    found = ask(session, f"Measure/{name}/$evaluate-measure")
    assert found.status == 200, found.body
    assert validate(found.json) == []
    assert found.json["type"] == "summary"
    assert found.json["group"][0]["measureScore"]["extension"][0]["valueCode"] == "not-applicable"
    before = previous(month_of(clock.today()))
    ends = before.end - timedelta(days=1)
    earlier = ask(session, f"Measure/{name}/$evaluate-measure?periodEnd={ends}")
    assert earlier.status == 200, earlier.body
    assert earlier.json["period"]["end"] == ends.isoformat()


def test_a_report_has_counts_score_interval_and_a_stratum_for_each_unit(
    leader: Session, ask: Ask
) -> None:
    at = clock.now() - 20 * MINUTE
    well = [(State.DELIVERED, at + MINUTE), (State.ACCEPTED, at + 2 * MINUTE)]
    load(sent(f"c{n}", "p0", at, by="u2", to="gp", proofs=well) for n in range(8))
    found = ask(leader, "Measure/SA6/$evaluate-measure?subject=Organization/u1")
    assert validate(found.json) == []
    (group, *_) = found.json["group"]
    assert populations(group) == {"numerator": 20, "denominator": 20}
    assert group["measureScore"]["value"] == 1
    interval = group["measureScore"]["extension"][0]["valueRange"]
    assert 0.8 < interval["low"]["value"] < 0.9
    assert [each["value"]["text"] for each in group["stratifier"][0]["stratum"]] == ["u1"]
    assert found.json["measure"] == "https://fellesjournal.example/fhir/Measure/SA6|1"


def test_what_is_held_back_has_no_count_and_no_score_and_is_masked(
    leader: Session, ask: Ask
) -> None:
    found = ask(leader, "Measure/SA6/$evaluate-measure")
    assert validate(found.json) == []
    strata = {
        each["value"]["coding"][0]["code"]: each
        for each in found.json["group"][0]["stratifier"][0]["stratum"]
    }
    for name in ("u2", "u1"):  # the few, and what would tell them with the sum
        assert "population" not in strata[name]
        assert absent(strata[name]) == "masked"
        assert "value" not in strata[name]["measureScore"]
    assert populations(strata["top"]) == {"numerator": 23, "denominator": 23}
    # by itself it is the same: another way to ask is no way round
    alone = ask(leader, "Measure/SA6/$evaluate-measure?subject=Organization/u1")
    assert absent(alone.json["group"][0]) == "masked"


def test_it_is_for_whose_role_sees_figures_and_of_her_own_units(leader: Session, ask: Ask) -> None:
    doctor = employ("d", "doctor", "u1")
    for address in ("Measure/SA6", "Measure/SA6/$evaluate-measure"):
        assert ask(doctor, address).status == 404
    assert ask(leader, "Measure/SA6/$evaluate-measure?subject=Organization/gp").status == 404
    assert ask(leader, "Measure/NONE/$evaluate-measure").status == 404
    assert ask(leader, "Measure/NONE").status == 404


def test_an_app_of_hers_needs_the_scope(leader: Session, ask: Ask) -> None:
    held = {field.name: getattr(leader, field.name) for field in fields(Session)}
    for scope, status in (
        ("user/Observation.rs", 403), ("user/Measure.r user/Organization.rs", 403),
        ("user/Measure.r user/MeasureReport.r user/Organization.rs", 200),
    ):  # fmt: skip
        read = scopes.access_of(scopes.parse(scope))
        app = SmartSession(**held, client_id="app", scopes=read, patient="")
        found = ask(app, "Measure/SA6/$evaluate-measure")
        assert found.status == status, (scope, found.body)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("periodStart=2022-05-02&periodEnd=2022-05-31", 422), ("periodEnd=2022-05-30", 422),
        ("periodEnd=2999-05-31", 422), ("periodEnd=soon", 400), ("side=both", 400),
        ("reportType=subject", 400), ("practitioner=x", 400), ("subject=Patient/1", 404),
        ("periodStart=2022-05-01&periodEnd=2022-05-31&side=to", 200),
    ],
)  # fmt: skip
def test_a_period_is_one_that_the_pages_have(
    query: str, status: int, leader: Session, ask: Ask
) -> None:
    found = ask(leader, f"Measure/SA6/$evaluate-measure?{query}")
    assert found.status == status, found.body


def test_parameters_may_be_posted(leader: Session, ask: Ask) -> None:
    said = [{"name": "side", "valueCode": "to"}, {"name": "reportType", "valueCode": "population"}]
    body = {"resourceType": "Parameters", "parameter": said}
    found = ask(leader, "Measure/SA6/$evaluate-measure", "POST", body)
    assert found.status == 200, found.body
    assert {"url": "https://fellesjournal.example/fhir/StructureDefinition/handover-side",
            "valueCode": "to"} in found.json["extension"]  # fmt: skip
