"""Chart data in words and curves."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from fellesjournal.care.chart.clinical import Dose
from fellesjournal.care.chart.results import Trend, trends
from fellesjournal.care.citizens.resources import person
from fellesjournal.surfaces.clinic.presenting import age, dose, sex
from fellesjournal.surfaces.measurements import (
    printed,
    printed_reference,
    printed_unit,
    trend_row,
)

TODAY = date(2026, 11, 22)


def _trend(*values: str, **members: Any) -> Trend:
    (trend,) = trends(
        {
            "status": "final",
            "code": {"text": "B-Hemoglobin"},
            "effectiveDateTime": f"{2000 + position}-01-01",
            "valueQuantity": {"value": Decimal(value), "unit": "g/dL"},
            **members,
        }
        for position, value in enumerate(values)
    )
    return trend


@pytest.mark.parametrize(
    ("born", "nb"),
    [
        ("1944-03-14", "82 år"),
        ("2025-11-21", "12 måneder"),
        ("2026-09-22", "2 måneder"),
        ("2026-09-23", "60 dager"),
        ("2026-11-21", "1 dag"),
        ("2026-11", "0 måneder"),
    ],
)
def test_age_is_in_months_for_small_children_and_in_days_for_the_newborn(
    born: str, nb: str
) -> None:
    with translation.override("nb"):
        assert age(person({"birthDate": born}), TODAY) == nb


@pytest.mark.parametrize(
    ("born", "recorded", "nb"),
    [("2018-05-23", "male", "gutt"), ("1944-03-14", "female", "kvinne"), ("2018", "", "")],
)
def test_sex_is_told_in_the_word_for_the_age(born: str, recorded: str, nb: str) -> None:
    with translation.override("nb"):
        assert sex(person({"birthDate": born, "gender": recorded}), TODAY) == nb


@pytest.mark.parametrize(
    ("given", "nb"),
    [
        (Dose(text="1 tablett morgen"), "1 tablett morgen"),
        (Dose(amount="1 tablett", times="2", every="1", period="d"), "1 tablett, 2 × per dag"),
        (Dose(times="1", every="6", period="h"), "1 × hver 6. time"),
    ],
)
def test_dose_is_told_in_words(given: Dose, nb: str) -> None:
    with translation.override("nb"):
        assert dose(given) == nb


def test_no_is_an_answer_and_not_a_dash() -> None:
    with translation.override("nb"):
        shown = [printed(_trend("1", valueQuantity=None, valueBoolean=said).latest)
                 for said in (True, False)]  # fmt: skip
    assert shown == ["ja", "nei"]


def test_vital_sign_has_one_name_whoever_sent_it() -> None:
    code = {"coding": [{"system": "http://loinc.org", "code": "29463-7"}], "text": "Body Weight"}
    with translation.override("nb"):
        assert trend_row(_trend("80", code=code)).name == "Vekt"


def test_pair_from_an_instrument_is_read_in_whole_numbers() -> None:
    component = [
        {"code": {"coding": [{"code": code}]}, "valueQuantity": {"value": Decimal(value)}}
        for code, value in (("8480-6", "137.4996"), ("8462-4", "81.7"))
    ]
    trend = _trend("1", component=component, valueQuantity=None)
    with translation.override("nb"):
        assert printed(trend.latest) == "137/81,7"


def test_comparator_stands_before_the_number() -> None:
    quantity = {"value": 5, "comparator": "<", "unit": "mg/L"}
    assert printed(_trend("1", valueQuantity=quantity).latest) == "<5"


@pytest.mark.parametrize(
    ("limits", "shown"),
    [
        ({"low": {"value": 12}, "high": {"value": 16}}, "12–16"),
        ({"high": {"value": 5}}, "≤5"),
        ({"low": {"value": 60}}, "≥60"),
        ({"text": "see comment"}, "see comment"),
    ],
)
def test_reference_is_written_in_the_shortest_way(limits: dict[str, Any], shown: str) -> None:
    assert printed_reference(_trend("13", referenceRange=[limits]).latest) == shown


@pytest.mark.parametrize(
    ("unit", "shown"),
    [("mm[Hg]", "mmHg"), ("10*9/L", "10⁹/L"), ("10*-3 IU/L", "mIU/L"), ("mmol/L", "mmol/L")],
)
def test_unit_is_written_as_clinicians_write_it(unit: str, shown: str) -> None:
    assert printed_unit(unit) == shown


@pytest.mark.parametrize(
    ("kind", "words"), [("agreed-limit", "above the agreed limit"), ("normal", "high")]
)
def test_mark_says_which_limit_it_is_by(kind: str, words: str) -> None:
    limits = {"high": {"value": 140}, "type": {"coding": [{"code": kind}]}}
    (trend,) = trends([{"code": {"text": "BP"}, "valueQuantity": {"value": 152}, "referenceRange": [limits],
                        "interpretation": [{"coding": [{"code": "H"}]}]}])  # fmt: skip
    with translation.override("en"):
        assert trend_row(trend).flag_label == words


def test_small_curve_says_how_many_values_it_shows_and_since_when() -> None:
    trend = _trend(*(str(value) for value in range(40)))
    row = trend_row(trend)
    assert row.curve is not None
    assert len(row.curve.lines[0].dots) == 30
    assert row.since is not None
    assert row.since.text == "2010-01-01"
    with translation.override("en"):
        assert trend_row(trend).finding == "B-Hemoglobin: 30 values, first 10, now 39 g/dL"


def test_the_first_and_the_last_value_are_not_told_as_the_lowest_and_the_highest() -> None:
    with translation.override("en"):
        said = trend_row(_trend("2144", "1584", "7115", "2355")).finding
        rising = trend_row(_trend("12", "13")).finding
    assert said == ("B-Hemoglobin: 4 values, first 2144, now 2355 g/dL; lowest 1584, highest 7115")
    assert rising == "B-Hemoglobin: 2 values, first 12, now 13 g/dL"


def test_whole_curve_shows_every_value() -> None:
    row = trend_row(_trend(*(str(value) for value in range(40))), most=40)
    assert row.curve is not None
    assert len(row.curve.lines[0].dots) == 40


def test_single_value_has_no_curve_and_no_finding() -> None:
    row = trend_row(_trend("13"))
    assert row.curve is None
    assert row.finding == ""
