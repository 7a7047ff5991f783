"""UCUM units reduced to base units."""

from __future__ import annotations

import pytest

from fellesjournal.fhir.definitions.tables import load_table
from fellesjournal.fhir.quantities import UCUM, Amount, amount_of_range, ucum_unit, work_out


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((5.4, "g"), (5400, "mg")),
        ((98.6, "[degF]"), (37.0, "Cel")),
        ((7.5, "mmol/L"), (7500, "umol/L")),
        ((60, "/min"), (1, "/s")),
        ((80, "{beats}/min"), (80, "/min")),
        ((120, "mm[Hg]"), (12, "cm[Hg]")),
        ((50, "%"), (0.5, "1")),
        ((4.5, "10*9/L"), (4500, "/uL")),
        ((1, "m[IU]/L"), (0.001, "[iU]/L")),
        ((0.1, "m"), (10, "cm")),
    ],
)
def test_equal_amounts_have_one_canonical_form(
    one: tuple[float, str], other: tuple[float, str]
) -> None:
    assert canonical(*one) == canonical(*other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((1, "[IU]/L"), (1, "/L")),
        ((1, "mol"), (1, "[IU]")),
        ((1, "{score}"), (1, "{INR}")),
        ((1, "g"), (1, "m")),
    ],
)
def test_what_measures_different_things_is_never_equal(
    one: tuple[float, str], other: tuple[float, str]
) -> None:
    assert canonical(*one) != canonical(*other)


def canonical(value: float, code: str) -> object:
    found = Amount(value, value, UCUM, code, None).canonical()
    assert found is not None
    return found


@pytest.mark.parametrize(
    "code", ["[pH]", "banana", "", "(mg", "B[SPL]", "mg//", "x" * 1000, "1" * 70, "{"]
)
def test_what_has_no_linear_scale_is_compared_as_written(code: str) -> None:
    assert ucum_unit(code) is None
    assert Amount(1, 1, UCUM, code, None).canonical() is None


def test_the_shipped_factors_are_those_of_the_unit_library() -> None:
    units = load_table("units")["units"]
    for code in ("mg", "mmol/L", "Cel", "kg/m2", "[in_i]", "mL/min/{1.73_m2}"):
        assert work_out(code) == tuple(units[code])


def test_a_range_with_one_limit_is_open_at_the_other() -> None:
    size = amount_of_range({"low": {"value": 3, "unit": "a"}})
    assert size is not None
    assert (size.lo, size.hi, size.unit) == (3, float("inf"), "a")
    assert amount_of_range({}) is None
