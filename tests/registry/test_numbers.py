"""The number rules, with worked numbers and properties."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fellesjournal.registry import numbers
from fellesjournal.registry.numbers import InvalidNumber, MonthShift, NumberKind

_NINE = st.from_regex(r"[0-9]{9}", fullmatch=True).filter(str.isascii)
_EIGHT = st.from_regex(r"[0-9]{8}", fullmatch=True).filter(str.isascii)


@given(_NINE, st.integers(0, 3))
def test_calculated_check_digits_hold(nine: str, remainder: int) -> None:
    number = numbers.with_check_digits(nine, remainder)
    assume(number is not None)
    assert number is not None
    assert numbers.check_digits_hold(number)
    assert numbers.check_digits_hold(number, numbers.CLASSIC_REMAINDERS) == (remainder == 0)


@given(_NINE, st.integers(0, 10), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed_by_the_classic_rule(
    nine: str, place: int, change: int
) -> None:
    number = numbers.with_check_digits(nine)
    assume(number is not None)
    assert number is not None
    wrong = str((int(number[place]) + change) % 10)
    altered = number[:place] + wrong + number[place + 1 :]
    assert not numbers.check_digits_hold(altered, numbers.CLASSIC_REMAINDERS)


@pytest.mark.parametrize(
    ("front", "kind", "shift"),
    [
        ("140344", NumberKind.FODSELSNUMMER, MonthShift.NONE),
        ("148344", NumberKind.FODSELSNUMMER, MonthShift.SYNTHETIC),
        ("144344", NumberKind.FODSELSNUMMER, MonthShift.HELP),
        ("146844", NumberKind.FODSELSNUMMER, MonthShift.NHN_TEST),
        ("540344", NumberKind.D_NUMBER, MonthShift.NONE),
        ("548344", NumberKind.D_NUMBER, MonthShift.SYNTHETIC),
        ("290200", NumberKind.FODSELSNUMMER, MonthShift.NONE),
    ],
)
def test_kind_and_month_shift_are_read_from_the_front(
    front: str, kind: NumberKind, shift: MonthShift
) -> None:
    number = numbers.parse_person_number(_some_number(front))
    assert (number.kind, number.shift) == (kind, shift)
    assert number.is_synthetic == (shift is MonthShift.SYNTHETIC)


def test_a_number_beginning_with_eight_or_nine_is_a_help_number() -> None:
    number = numbers.parse_person_number(_some_number("800000"))
    assert number.kind is NumberKind.HELP_NUMBER
    assert number.system == "urn:oid:2.16.578.1.12.4.1.4.3"


@pytest.mark.parametrize("front", ["320344", "141344", "290201", "310444", "000144"])
def test_a_front_that_is_no_date_is_refused(front: str) -> None:
    with pytest.raises(InvalidNumber) as refusal:
        numbers.parse_person_number(_some_number(front))
    assert refusal.value.code == "date"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1234567890", "length"),
        ("123456789012", "length"),
        ("1403443783x", "digits"),
        ("١٤٠٣٤٤٣٧٨٣٦", "digits"),
        ("14834447837", "check-digit"),
    ],
)
def test_a_malformed_number_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(InvalidNumber) as refusal:
        numbers.parse_person_number(text)
    assert refusal.value.code == code
    assert not numbers.is_person_number(text)


@given(st.text())
def test_no_text_whatever_upsets_the_checks(text: str) -> None:
    assert numbers.is_person_number(text) in {True, False}
    assert numbers.is_organisation_number(text) in {True, False}
    assert numbers.is_hpr_number(text) in {True, False}
    assert numbers.is_duf_number(text) in {True, False}


@given(_EIGHT, st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_in_an_organisation_number_is_noticed(
    eight: str, place: int, change: int
) -> None:
    number = numbers.organisation_number(eight)
    assume(number is not None)
    assert number is not None
    assert numbers.is_organisation_number(number)
    wrong = str((int(number[place]) + change) % 10)
    assert not numbers.is_organisation_number(number[:place] + wrong + number[place + 1 :])


def test_the_organisation_number_of_the_health_directorate_is_valid() -> None:
    # From the national base profiles' example Organization.
    assert numbers.is_organisation_number("915933149")


def test_numbers_of_other_registers_are_checked_by_length() -> None:
    assert numbers.is_hpr_number("9144889")
    assert not numbers.is_hpr_number("0144889")
    assert not numbers.is_hpr_number("1234567890")
    assert numbers.is_duf_number("201012345678")
    assert not numbers.is_duf_number("20101234567")


def _some_number(front: str) -> str:
    """A number with right check digits that begins with these six."""
    for individual in range(1000):
        number = numbers.with_check_digits(f"{front}{individual:03d}")
        if number is not None:
            return number
    raise AssertionError(front)
