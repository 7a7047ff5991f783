"""Test results in HelsaMi: values with their reference, the course, and what is not shown."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fellesjournal.access import citizens, records
from fellesjournal.access.labels import LABEL_DETAILS, VISIBILITY
from fellesjournal.access.relations.derive import ANSWERING_UNIT
from fellesjournal.care.results.queries import results_of
from fellesjournal.foundation import clock
from tests.care.conversations.cast import workplace
from tests.care.results.laboratory import handle, report, value
from tests.signing_in import register
from tests.staff import put
from tests.surfaces.portal.family import ASLAUG, OTHER, at_browser

pytestmark = pytest.mark.django_db
HB = "urn:oid:2.16.578.1.12.4.1.1.7280%7CNOR05172"
NOON = datetime(2026, 5, 4, 10, tzinfo=UTC)


def answered(number: float = 9.12, status: str = "final", **more: Any) -> None:
    value(number, patient=ASLAUG.id)
    report(status, patient=ASLAUG.id, **more)
    handle()


def shown(browser: Client, address: str) -> str:
    browser.cookies["language"] = "en"
    return browser.get(f"/helsami/results/{address}").content.decode()


def test_a_value_stands_with_its_reference_and_what_it_means_in_words() -> None:
    browser = at_browser()
    answered()
    page = shown(browser, "r/")
    assert "9.12" in page
    assert "below the reference range" in page
    assert "11.7" in page
    assert "Hemoglobin (Blod)" in page


def test_a_value_without_a_sourced_explanation_has_none() -> None:
    browser = at_browser()
    put("Observation", f"{ASLAUG.id}-hb", status="final", code={"text": "P-Noe helt annet"},
        subject={"reference": f"Patient/{ASLAUG.id}"},
        valueQuantity={"value": 5.0, "unit": "mmol/L"})  # fmt: skip
    report(patient=ASLAUG.id)
    page = shown(browser, "r/")
    assert "P-Noe helt annet" in page
    assert "Norsk laboratoriekodeverk" not in page


@pytest.mark.parametrize(
    ("status", "words"),
    [("preliminary", "preliminary"), ("corrected", "corrected"), ("appended", "added to")],
)
def test_what_is_not_simply_final_is_marked(status: str, words: str) -> None:
    browser = at_browser()
    answered(status=status)
    assert words in shown(browser, "")
    assert words in shown(browser, "r/")


def test_inv_30_a_withdrawn_result_is_there_without_its_values() -> None:
    browser = at_browser()
    answered()
    report("cancelled", patient=ASLAUG.id)  # its values still call themselves final
    assert "withdrawn" in shown(browser, "r/")
    for address in ("", "r/", f"course/?of={HB}"):
        assert "9.12" not in shown(browser, address)


def test_the_course_is_a_curve_and_a_table_of_the_same_values() -> None:
    browser = at_browser()
    answered()
    put("Observation", "older", status="final", code={
        "coding": [{"system": "urn:oid:2.16.578.1.12.4.1.1.7280", "code": "NOR05172"}],
        "text": "B-Hemoglobin"}, subject={"reference": f"Patient/{ASLAUG.id}"},
        effectiveDateTime="2025-01-01", valueQuantity={"value": 13.4, "unit": "g/dL"})  # fmt: skip
    put("DiagnosticReport", "older", status="final", code={"text": "Eldre"},
        category=[{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0074",
                               "code": "LAB"}]}],
        subject={"reference": f"Patient/{ASLAUG.id}"},
        result=[{"reference": "Observation/older"}])  # fmt: skip
    page = shown(browser, f"course/?of={HB}")
    assert "<svg" in page
    table = page.partition("<tbody>")[2]
    assert -1 < table.index("9.12") < table.index("13.4")
    assert shown(browser, "r/").count("course/?of=") == 1


def test_nobody_reads_another_citizens_result() -> None:
    answered()
    browser = at_browser(OTHER)
    missing = browser.get("/helsami/results/nothing-at-all/")
    hidden = browser.get("/helsami/results/r/")
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert "9.12" not in shown(browser, "r/")


def delayed(until: datetime) -> dict[str, Any]:
    """NORU until a moment, with what such a label must say."""
    parts = [
        {"url": "author", "valueReference": {"reference": "Practitioner/gp"}},
        {"url": "reason", "valueString": "Skal forklares i en samtale"},
        {"url": "time", "valueDateTime": NOON.isoformat()},
        {"url": "until", "valueDateTime": until.isoformat()},
    ]
    extension = [{"url": LABEL_DETAILS, "extension": parts}]
    return {"meta": {"security": [
        {"system": VISIBILITY, "code": "NORU", "extension": extension}]}}  # fmt: skip


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(hours=st.integers(1, 400), at=st.integers(-10, 500))
def test_inv_31_a_delayed_result_leaves_no_trace_until_its_time_and_is_then_released(
    db: None, hours: int, at: int
) -> None:
    del db
    at_browser()
    until = NOON + timedelta(hours=hours)
    value(9.12, patient=ASLAUG.id)
    report(patient=ASLAUG.id, key="late", **delayed(until))
    moment = NOON + timedelta(hours=at)
    with clock.at(moment):
        seen = results_of(citizens.citizen(ASLAUG.id), ASLAUG.id)
    assert [each.id for each in seen] == (["late"] if moment >= until else [])


def test_inv_31_the_values_of_a_delayed_report_are_delayed_with_it() -> None:
    """Also where they are read without their report: over the API, by an app of hers."""
    at_browser()
    until = NOON + timedelta(days=3)
    with clock.at(NOON):
        value(9.12, patient=ASLAUG.id)
        report(patient=ASLAUG.id, key="late", **delayed(until))
        handle()
    query = [("subject", f"Patient/{ASLAUG.id}")]
    for moment, count in ((NOON, 0), (until + timedelta(seconds=1), 1)):
        with clock.at(moment):
            herself = citizens.citizen(ASLAUG.id)
            assert len(records.search(herself, "Observation", query).matches) == count


def _ordered() -> None:
    put("Organization", "office", name="Havn legesenter")
    put("Practitioner", "gp", name=[{"given": ["Nils"], "family": "Berg"}])
    put(
        "ServiceRequest", "order", status="active", intent="order",
        subject={"reference": f"Patient/{ASLAUG.id}"}, requester={"reference": "Practitioner/gp"},
        extension=[{"url": ANSWERING_UNIT, "valueReference": {"reference": "Organization/office"}}],
    )  # fmt: skip


def test_who_ordered_a_result_stands_there_with_a_way_to_ask() -> None:
    browser = at_browser()
    register(ASLAUG, generalPractitioner=[{"reference": "Organization/office"}])
    _ordered()
    answered(request="order")
    page = shown(browser, "r/")
    assert "Ordered by Nils Berg, Havn legesenter." in page
    assert "No comment from a doctor stands" in page
    assert "/helsami/messages/new/?result=r" in page
    asking = browser.get("/helsami/messages/new/?result=r").content.decode()
    assert 'value="About the test result Blodprøver, ' in asking
    other = browser.get("/helsami/messages/new/?result=nothing").content.decode()
    assert "About the test result" not in other


@pytest.mark.parametrize(
    ("before", "said"),
    [(9.12, "The same as on"), (8.5, "Higher than on"), (10.0, "Lower than on")],
)
def test_a_value_is_held_against_the_one_before_it_as_numbers_alone(
    before: float, said: str
) -> None:
    browser = at_browser()
    value(before, patient=ASLAUG.id, key="hb0", effectiveDateTime="2026-03-04T08:00:00+01:00")
    report(patient=ASLAUG.id, key="r0", result=[{"reference": f"Observation/{ASLAUG.id}-hb0"}])
    answered()
    assert said in shown(browser, "r/")
    assert "than on" not in shown(browser, "r0/")
    assert "The same as" not in shown(browser, "r0/")


def test_values_in_two_units_are_not_held_against_each_other() -> None:
    browser = at_browser()
    value(
        91.2, patient=ASLAUG.id, key="hb0", effectiveDateTime="2026-03-04T08:00:00+01:00",
        valueQuantity={"value": 91.2, "unit": "g/L"},
    )  # fmt: skip
    report(patient=ASLAUG.id, key="r0", result=[{"reference": f"Observation/{ASLAUG.id}-hb0"}])
    answered()
    assert "than on" not in shown(browser, "r/")


def test_a_common_analysis_has_its_plain_name_first_and_the_laboratorys_beside() -> None:
    browser = at_browser()
    answered()
    heading = 'Haemoglobin, “blood percentage” <span class="result-lab">(B-Hemoglobin)</span>'
    for address in ("r/", f"course/?of={HB}"):
        assert heading in shown(browser, address)
    assert "Haemoglobin, “blood percentage” (Blodprøver), " in shown(browser, "")


def test_an_analysis_without_a_plain_name_stands_as_the_laboratory_wrote_it() -> None:
    browser = at_browser()
    answered()
    put("Observation", f"{ASLAUG.id}-hb", status="final",
        code={"coding": [{"system": "http://lab.example", "code": "NOR05172"}], "text": "Hb (egen)"},
        subject={"reference": f"Patient/{ASLAUG.id}"},
        valueQuantity={"value": 5.0, "unit": "g/dL"})  # fmt: skip
    page = shown(browser, "r/")
    assert '<h2 class="card__title">Hb (egen)</h2>' in page


def test_a_question_about_a_result_goes_to_the_gp_when_nobody_else_can_be_asked() -> None:
    workplace()
    browser = at_browser(generalPractitioner=[
        {"reference": "Practitioner/gp"}, {"reference": "Organization/office"}])  # fmt: skip
    answered()
    asking = browser.get("/helsami/messages/new/?result=r").content.decode()
    chosen = re.findall(r'value="(Organization/[^"]+)"[^>]* checked', asking)
    assert chosen == ["Organization/office"]
