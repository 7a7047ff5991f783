"""Index rows of one resource."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fellesjournal.fhir.definitions.search import search_of
from fellesjournal.store.indexing import RANGE_BIT, Hasher, IndexRow, index_row

HASHER = Hasher(b"k" * 32)
FNR = "urn:oid:2.16.578.1.12.4.1.4.1"


def row_of(type_name: str, fhir_id: str = "x", **members: Any) -> IndexRow:
    return index_row(
        type_name, fhir_id, {"resourceType": type_name, "id": fhir_id, **members}, HASHER
    )


def slot(type_name: str, code: str) -> int:
    return search_of(type_name).parameters[code].places[0].slot


def test_every_example_gives_rows_that_fit_their_columns(shared_data: Path) -> None:
    for path in sorted((shared_data / "fhir-r4-examples").glob("*.json")):
        data = json.loads(path.read_text())
        row = index_row(data["resourceType"], data.get("id", "x"), data, HASHER)
        for token in [*row.tokens, *row.pairs, *(token for token, _, _ in row.terms)]:
            assert 0 <= token < 2**63
        for _, unit, lo, hi in row.numbers:
            assert -(2**63) <= unit < 2**63
            assert lo <= hi
        for _, lo, hi in row.dates:
            assert -(2**63) <= lo < hi < 2**63
        for rows in (row.tokens, row.references, row.strings, row.dates, row.numbers, row.terms):
            assert len(rows) == len(set(rows)), path.name


def test_tokens_depend_on_the_key_of_the_database() -> None:
    data = {"resourceType": "Patient", "id": "x", "gender": "male"}
    one = index_row("Patient", "x", data, HASHER)
    other = index_row("Patient", "x", data, Hasher(b"o" * 32))
    assert not set(one.tokens) & set(other.tokens)


def test_the_primary_patient_is_the_subject_or_the_patient_itself() -> None:
    assert row_of("Patient", "p").patient == ("Patient", "p")
    about = row_of("Observation", subject={"reference": "Patient/1"})
    assert about.patient == ("Patient", "1")
    assert row_of("Observation", subject={"reference": "Group/1"}).patient is None
    assert row_of("Organization").patient is None


def test_the_main_date_stands_in_the_entry_and_other_dates_beside_it() -> None:
    row = row_of(
        "Condition", onsetDateTime="2020", recordedDate="2021-01-01", abatementDateTime="2022"
    )
    assert row.date_lo == 1577836800_000000
    assert {number for number, _, _ in row.dates} == {
        slot("Condition", "recorded-date"),
        slot("Condition", "abatement-date"),
    }


def test_codes_are_paired_with_the_patient() -> None:
    row = row_of("Observation", code={"coding": [{"system": "urn:s", "code": "c"}]}, status="final")
    code = slot("Observation", "code")
    assert set(row.pairs) == set(HASHER.coded(code, "urn:s", "c")[:2])
    assert set(row.pairs) <= set(row.tokens)


def test_a_range_lies_apart_from_points() -> None:
    row = row_of("Observation", valueQuantity={"value": 5, "comparator": ">", "unit": "mg"})
    ((_, unit, lo, hi),) = row.numbers
    assert unit == RANGE_BIT
    assert lo < hi


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, [(FNR, "17058099999")]),
        ({"active": True}, [(FNR, "17058099999")]),
        ({"active": False}, []),
    ],
)
def test_a_national_number_is_unique_among_active_patients(
    members: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    identifiers = [
        {"system": FNR, "value": "17058099999"},
        {"system": FNR, "value": "1", "use": "old"},
        {"system": "urn:other", "value": "2"},
        {"system": FNR},
    ]
    assert row_of("Patient", identifier=identifiers, **members).unique == expected


def test_server_assigned_values_are_not_indexed_twice() -> None:
    row = row_of("Basic", meta={"lastUpdated": "2024-01-01T00:00:00Z", "versionId": "1"})
    assert row.dates == []
    assert row.tokens == []


def test_displays_and_canonicals_become_terms() -> None:
    row = row_of("Observation", code={"text": "Blodtrykk", "coding": [{"display": "Måling"}]})
    assert {norm for _, _, norm in row.terms} == {"blodtrykk", "maling"}
    assert {token for token, _, _ in row.terms} <= set(row.tokens)
