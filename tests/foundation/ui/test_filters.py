"""How numbers, dates and person numbers are written."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import translation

from fellesjournal.fhir.reading import moment as read_moment
from fellesjournal.foundation.ui.templatetags import ui

_NBSP = "\xa0"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("1.0"), "1,0"),
        (Decimal("1.00"), "1,00"),
        (Decimal("51.81258324976619"), "51,8"),
        (Decimal("181.24991547944543"), "181"),
        (Decimal("3.9123"), "3,91"),
        (Decimal("0.004"), "0,004"),
        (Decimal(12345), f"12{_NBSP}345"),
        (58.0, "58"),
        (None, ""),
    ],
)
def test_number_keeps_recorded_digits_but_not_an_instruments_noise(
    value: Decimal | float | None, written: str
) -> None:
    with translation.override("nb"):
        assert ui.number(value) == written


@pytest.mark.parametrize(
    ("text", "nb", "en"),
    [
        ("2019", "2019", "2019"),
        ("2019-03", "03.2019", "Mar 2019"),
        ("2019-03-14", "14.03.2019", "14 Mar 2019"),
        ("2019-03-14T09:32:00Z", "14.03.2019 10:32", "14 Mar 2019 10:32"),
    ],
)
def test_moment_is_written_as_exactly_as_it_is_known(text: str, nb: str, en: str) -> None:
    for language, written in (("nb", nb), ("nn", nb), ("en", en)):
        with translation.override(language):
            assert ui.moment(read_moment(text)) == written


def test_day_leaves_the_time_out() -> None:
    with translation.override("nb"):
        assert ui.day(read_moment("2019-03-14T23:30:00Z")) == "15.03.2019"


def test_person_number_is_written_as_it_is_read_aloud() -> None:
    assert ui.person_number("01819012345") == "018190 12345"
    assert ui.person_number("999-30-1088") == "999-30-1088"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("90000002", "900 00 002"), ("+4790000002", "+47 900 00 002"), ("73821000", "73 82 10 00"),
        ("900 00 002", "900 00 002"), ("116117", "116117"), ("+46701234567", "+46701234567"),
        ("a@b.example", "a@b.example"), ("", ""),
    ],
)  # fmt: skip
def test_a_telephone_number_is_written_as_it_is_read_aloud(written: str, shown: str) -> None:
    assert ui.phone(written) == shown
