"""Observations of every shape become trends that say only what is known."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from fellesjournal.care.chart.results import Flag, Section, Trend, trends


def _observation(**members: Any) -> dict[str, Any]:
    return {
        "status": "final",
        "category": [{"coding": [{"code": "laboratory"}]}],
        "code": {"text": "B-Hemoglobin", "coding": [{"system": "s", "code": "hb"}]},
        "effectiveDateTime": "2024-03-01T08:00:00+01:00",
        **members,
    }


def _quantity(value: str, unit: str = "g/dL") -> dict[str, Any]:
    return {"value": Decimal(value), "unit": unit}


def _only(*observations: dict[str, Any]) -> Trend:
    (trend,) = trends(observations)
    return trend


def test_newest_value_comes_first_whatever_the_order_of_arrival() -> None:
    trend = _only(
        _observation(effectiveDateTime="2022", valueQuantity=_quantity("12.0")),
        _observation(effectiveDateTime="2024-05-01", valueQuantity=_quantity("13.10")),
        _observation(effectiveDateTime="2023-02", valueQuantity=_quantity("12.5")),
    )
    assert [value.numbers for value in trend.values] == [
        (Decimal("13.10"),),
        (Decimal("12.5"),),
        (Decimal("12.0"),),
    ]


@pytest.mark.parametrize("status", ["entered-in-error", "cancelled"])
def test_withdrawn_results_are_never_shown(status: str) -> None:
    assert trends([_observation(status=status, valueQuantity=_quantity("99"))]) == ()


def test_blood_pressure_reads_systolic_before_diastolic_in_any_order() -> None:
    component = [
        {"code": {"coding": [{"code": "8462-4"}]}, "valueQuantity": _quantity("76", "mmHg")},
        {"code": {"coding": [{"code": "8480-6"}]}, "valueQuantity": _quantity("128", "mmHg")},
    ]
    latest = _only(_observation(component=component)).latest
    assert latest.numbers == (Decimal(128), Decimal(76))
    assert latest.unit == "mmHg"


def test_components_of_different_kinds_are_told_in_words() -> None:
    component = [
        {"code": {"text": "Colour"}, "valueString": "yellow"},
        {"code": {"text": "pH"}, "valueQuantity": _quantity("6.5", "")},
    ]
    assert _only(_observation(component=component)).latest.text == "Colour: yellow; pH: 6.5"


@pytest.mark.parametrize(
    ("members", "shown"),
    [
        ({"valueString": "Negative"}, "Negative"),
        ({"valueCodeableConcept": {"text": "Former smoker"}}, "Former smoker"),
        ({"valueCodeableConcept": {"coding": [{"code": "LA1", "display": "Yes"}]}}, "Yes"),
        ({"valueRange": {"low": {"value": 1}, "high": {"value": 3}}}, "1–3"),
        ({"valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 64}}}, "1 / 64"),
        ({"dataAbsentReason": {"text": "Sample lost"}}, "Sample lost"),
    ],
)
def test_values_that_are_no_numbers_are_shown_in_words(members: dict[str, Any], shown: str) -> None:
    assert _only(_observation(**members)).latest.text == shown


def test_observation_with_nothing_to_show_makes_no_row() -> None:
    assert trends([_observation()]) == ()


def test_laboratory_word_on_a_result_outweighs_our_own_comparison() -> None:
    reference = [{"low": _quantity("11.7"), "high": _quantity("15.3")}]
    said_normal = _observation(
        valueQuantity=_quantity("16"),
        referenceRange=reference,
        interpretation=[{"coding": [{"code": "N"}]}],
    )
    unsaid = _observation(valueQuantity=_quantity("16"), referenceRange=reference)
    critical = _observation(
        valueQuantity=_quantity("5"), interpretation=[{"coding": [{"code": "LL"}]}]
    )
    assert _only(said_normal).latest.flag is Flag.NONE
    assert _only(unsaid).latest.flag is Flag.HIGH
    assert _only(critical).latest.flag is Flag.VERY_LOW


def test_limits_in_another_unit_are_not_compared_with() -> None:
    reference = [{"high": _quantity("150", "g/L")}]
    latest = _only(_observation(valueQuantity=_quantity("13"), referenceRange=reference)).latest
    assert latest.high is None
    assert latest.flag is Flag.NONE


def test_curve_holds_only_values_in_the_unit_of_the_newest() -> None:
    trend = _only(
        _observation(effectiveDateTime="2020", valueQuantity=_quantity("130", "g/L")),
        _observation(effectiveDateTime="2021", valueQuantity=_quantity("13")),
        _observation(effectiveDateTime="2022", valueString="haemolysed"),
        _observation(effectiveDateTime="2023", valueQuantity=_quantity("12")),
    )
    assert [value.numbers[0] for value in trend.plotted] == [Decimal(13), Decimal(12)]


def test_vital_sign_without_a_category_is_still_a_vital_sign() -> None:
    pulse = {
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "8867-4"}]},
        "valueQuantity": _quantity("70", "/min"),
    }
    assert _only(pulse).section is Section.VITALS


@pytest.mark.parametrize(
    "odd",
    [
        {"code": None},
        {"code": {"coding": "no list"}},
        {"category": "laboratory"},
        {"effectiveDateTime": "yesterday"},
        {"effectiveDateTime": 5},
        {"valueQuantity": {"value": "many"}},
        {"referenceRange": [None, {"low": 4}]},
        {"component": [{}]},
        {"interpretation": {"text": "high"}},
        {"performer": "me"},
    ],
)
def test_odd_content_never_breaks_the_chart(odd: dict[str, Any]) -> None:
    trends([{**_observation(valueQuantity=_quantity("13")), **odd}])


def test_a_value_the_patient_measured_is_told_from_one_by_staff() -> None:
    def found(target: str) -> bool:
        (trend,) = trends([{"code": {"text": "BP"}, "valueInteger": 1,
                            "performer": [{"reference": target}]}])  # fmt: skip
        return trend.latest.by_patient

    assert found("Patient/1")
    assert not found("Practitioner/1")


def test_a_mark_by_the_limit_agreed_with_the_patient_is_told_from_one_by_what_is_usual() -> None:
    def found(kind: str) -> tuple[Flag, bool]:
        high = {"coding": [{"code": "H"}]}
        part = {
            "code": {"coding": [{"system": "http://loinc.org", "code": "8480-6"}]},
            "valueQuantity": _quantity("152", "mmHg"),
            "referenceRange": [{"high": {"value": 140}, "type": {"coding": [{"code": kind}]}}],
            "interpretation": [high],
        }
        (trend,) = trends([{"code": {"text": "BP"}, "component": [part], "interpretation": [high]}])
        return trend.latest.flag, trend.latest.by_agreement

    assert found("agreed-limit") == (Flag.HIGH, True)
    assert found("normal") == (Flag.HIGH, False)
