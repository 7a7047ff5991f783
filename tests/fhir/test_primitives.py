"""Primitive values are taken or refused as the standard's text and expressions say."""

from __future__ import annotations

import re
from time import perf_counter

import pytest

from fellesjournal.fhir import definitions
from fellesjournal.fhir.primitives import CHECKS

TAKEN: dict[str, list[object]] = {
    "boolean": [True, False],
    "integer": [0, -2147483648, 2147483647],
    "unsignedInt": [0, 2147483647],
    "positiveInt": [1, 2147483647],
    "decimal": [0, 1, -1.5, 1e22, 0.1],
    "string": ["a", " a ", "æøå 中文 😀", "a\tb\nc\r\nd", "x" * 1048576],
    "markdown": ["# a\n\n* b"],
    "code": ["a", "a b", "a-b.c", "å"],
    "id": ["1", "A-b.9", "x" * 64],
    "uri": ["http://example.org/a?b#c", "urn:oid:1.2.3", "#a", "urn:uuid:x"],
    "url": ["mailto:a@b.no", "../x"],
    "canonical": ["http://example.org/a|1.0#b"],
    "oid": ["urn:oid:2.16.578.1.12.4.1.4.1", "urn:oid:0.0"],
    "uuid": ["urn:uuid:c757873d-ec9a-4326-a141-556f43239520"],
    "date": ["2024", "2024-02", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"],
    "dateTime": [
        "2024",
        "2024-02-29T23:59:59Z",
        "2016-12-31T23:59:60Z",
        "2024-02-29T00:00:00.123456789+14:00",
        "2024-02-29T00:00:00-00:00",
    ],
    "instant": ["2024-02-29T10:00:00.1Z", "2024-06-30T10:00:00+02:00"],
    "time": ["00:00:00", "23:59:60", "12:00:00.5"],
    "base64Binary": ["Zm9v", "Zm9vYg==", "Zm9v\nYmFy", "A" * 4000],
}
REFUSED: dict[str, list[object]] = {
    "boolean": ["true", 0, None],
    "integer": [True, 1.0, "1", 2147483648],
    "unsignedInt": [-1, False],
    "positiveInt": [0],
    "decimal": ["1", True, None],
    "string": ["", "a\x00", "\x1f", "x" * 1048577, 1],
    "code": ["", " a", "a ", "a  b", "a\n\nb"],
    "id": ["", "x" * 65, "a_b", "æ", "a\n"],
    "uri": ["", "a b", "a\n"],
    "oid": ["urn:oid:3.1", "urn:oid:1", "urn:oid:1.01", "1.2"],
    "uuid": ["urn:uuid:C757873D-EC9A-4326-A141-556F43239520", "urn:uuid:1"],
    "date": [
        "2023-02-29",
        "1900-02-29",
        "2024-04-31",
        "2024-00-01",
        "24-01-01",
        "0000",
        "2024-1-1",
    ],
    "dateTime": [
        "2023-02-29T00:00:00Z",
        "2024-01-01T24:00:00Z",
        "2024-01-01T10:00Z",
        "2024-01-01T10:00:00",
        "2024-01T10:00:00Z",
        "2024-01-01T10:00:00+14:01",
        "2024-01-01T10:00:00.Z",
        "２０２４",
    ],
    "instant": ["2024-01-01", "2024-01-01T10:00:00"],
    "time": ["24:00:00", "1:00:00", "10:00"],
    "base64Binary": ["", " ", "Zm9", "Zm9v=", "Zm9v!"],
}


@pytest.mark.parametrize(("type_name", "value"), [(t, v) for t, vs in TAKEN.items() for v in vs])
def test_valid_values_are_taken(type_name: str, value: object) -> None:
    assert CHECKS[type_name](value)


@pytest.mark.parametrize(("type_name", "value"), [(t, v) for t, vs in REFUSED.items() for v in vs])
def test_invalid_values_are_refused(type_name: str, value: object) -> None:
    assert not CHECKS[type_name](value)


def test_every_primitive_type_has_a_check() -> None:
    primitive = {
        name for name in definitions.type_names() if definitions.type_kind(name) == "primitive-type"
    }
    assert set(CHECKS) == primitive


def test_taken_texts_match_the_expression_of_the_standard() -> None:
    for type_name, values in TAKEN.items():
        expression = definitions.primitive_regex(type_name)
        for value in values:
            if expression and isinstance(value, str) and len(value) < 100:
                assert re.fullmatch(expression, value), (type_name, value)


def test_no_text_takes_long_to_refuse() -> None:
    hostile = [" " * 50_000 + "!", "a " * 50_000 + " ", "A" * 100_001, "1." * 50_000]
    started = perf_counter()
    for check in CHECKS.values():
        for text in hostile:
            check(text)
    assert perf_counter() - started < 2
