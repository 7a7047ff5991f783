"""Codes, times, quantities and formatted text keep what was sent."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.national.refusals import NotXml
from fellesjournal.national.values import (
    Coded,
    Foreign,
    RichText,
    Timestamp,
    collapsed,
    number,
    volven,
)

XHTML = 'xmlns="http://www.w3.org/1999/xhtml"'


@pytest.mark.parametrize(
    ("sent", "instant"),
    [
        ("2018-01-29T10:00:00", datetime(2018, 1, 29, 9, tzinfo=UTC)),
        ("2018-07-29T10:00:00", datetime(2018, 7, 29, 8, tzinfo=UTC)),
        ("2018-07-29T10:00:00Z", datetime(2018, 7, 29, 10, tzinfo=UTC)),
        ("2018-07-29T10:00:00-02:00", datetime(2018, 7, 29, 12, tzinfo=UTC)),
        ("2026-10-25T02:30:00", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("2018-12-31T24:00:00Z", datetime(2019, 1, 1, tzinfo=UTC)),
        ("2018-01-29T10:00:00.1234567Z", datetime(2018, 1, 29, 10, 0, 0, 123456, tzinfo=UTC)),
    ],
)
def test_a_time_without_an_offset_is_norwegian_time(sent: str, instant: datetime) -> None:
    assert Timestamp(sent).instant() == instant


@pytest.mark.parametrize(
    "text",
    [
        *("", "2018", "2018-13", "2018-02-30", "2018-1-1", "2018-01-01T1:00:00", "10:00"),
        *("2018-01-01T25:00:00", "2018-01-01T24:00:01", "2018-01-01T10:00:00+15:00", "0000-01-01"),
        *(
            "2018-01-01 10:00:00",
            "٢٠١٨-01-01",
            "2018-01-01T10:00:00\n",
            "-2018-01-01",
            "12018-01-01",
        ),
    ],
)
def test_what_is_no_time_of_xml_schema_is_none_here(text: str) -> None:
    if text == "2018":
        assert Timestamp(text).shape == "gYear"
        return
    with pytest.raises(ValueError, match=r"not a time|out of range|day is out"):
        Timestamp(text)


def test_a_day_stays_a_day_and_has_no_instant() -> None:
    assert Timestamp("2018-01-31").day == date(2018, 1, 31)
    assert Timestamp("2018-01-31T23:30:00Z").day == date(2018, 1, 31)
    with pytest.raises(ValueError, match="no clock"):
        Timestamp("2018-01-31").instant()
    with pytest.raises(ValueError, match="no day"):
        _ = Timestamp("2018-01").day


@given(st.datetimes(timezones=st.just(timezone(timedelta(hours=2)))))
def test_an_aware_time_is_written_to_the_second_and_stays_the_same_instant(at: datetime) -> None:
    assert Timestamp.of(at).instant() == at.replace(microsecond=0).astimezone(UTC)


def test_a_time_without_zone_is_not_taken_for_an_instant() -> None:
    with pytest.raises(ValueError, match="without an offset"):
        Timestamp.of(datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point
    assert Timestamp.of(date(2026, 1, 1)) == Timestamp("2026-01-01")


@pytest.mark.parametrize("text", ["INF", "NaN", "1_000", "", "1,5", "0x1", "1e9999", "１"])
def test_what_is_no_finite_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="number"):
        number(text)


def test_digits_of_a_dose_are_kept() -> None:
    assert str(number("2.50")) == "2.50"
    assert number("1E+2") == Decimal(100)


def test_the_number_of_a_code_list_is_told_where_it_is_one() -> None:
    assert Coded("HER", volven(9051)).volven == 9051
    assert Coded("1", "2.16.840.1.113883.6.96").volven is None
    assert Coded("1").volven is None


def test_white_space_of_tokens_is_that_of_xml_only() -> None:
    assert collapsed("\t a \n b\r") == "a b"
    assert collapsed("a\u00a0b ") == "a\u00a0b"


def test_formatted_text_becomes_lines() -> None:
    table = f"<table {XHTML}><tr><td>CRP</td><td>79</td></tr><tr><td>SR</td><td>4</td></tr></table>"
    assert RichText.formatted(table).text == "CRP 79\nSR 4"
    assert RichText.formatted(f"<p {XHTML}>a\n  b</p><p {XHTML}>c<br/>d <b>e</b>f</p>").text == (
        "a b\nc\nd ef"
    )
    assert RichText("a\n b").text == "a\n b"


def test_equal_formatted_texts_are_equal_however_they_were_spelt() -> None:
    one = RichText.formatted(f"<p {XHTML} class='a' id='b'>x</p>")
    assert one == RichText.formatted(f'<p id="b" class="a" {XHTML}>x</p><!-- c -->')


@pytest.mark.parametrize("markup", ["<p>", "</x><x>", "<!DOCTYPE x><p/>", "&nbsp;", "a:b <a:b/>"])
def test_what_is_no_xml_is_no_formatted_text(markup: str) -> None:
    with pytest.raises(NotXml):
        RichText.formatted(markup)


def test_a_type_named_by_prefix_keeps_its_prefix() -> None:
    xml = (
        b'<a xmlns="urn:a"><v xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        b'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xs:string">x</v></a>'
    )
    assert 'xmlns:xs="http://www.w3.org/2001/XMLSchema"' in Foreign.of(xml).xml


def test_only_a_base64_container_holds_a_file() -> None:
    assert Foreign.base64(b"\x00\xff").file == b"\x00\xff"
    assert Foreign.of(b"<a/>").file is None
    assert Foreign.of(b"<a xmlns='urn:b'/>").name == ("urn:b", "a")
    with pytest.raises(ValueError, match="not base64"):
        _ = Foreign(Foreign.base64(b"abc").xml.replace("YWJj", "Y*Jj")).file
