"""Text and codes made comparable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.fhir.text import comparable_code, comparable_contact, normalised, phonetic_key


@pytest.mark.parametrize(
    ("one", "other"),
    [("Åse", "ase"), ("Sørensen", "SORENSEN"), ("Kjærsti", "kjaersti"), ("  a \t b ", "A B"),
     ("é", "e\u0301"), ("Straße", "strasse"), ("ŁÓDŹ", "lodz"), ("Ánne", "anne")],
)  # fmt: skip
def test_case_accents_and_spaces_do_not_count(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Kristoffer", "Christopher"), ("Hansen", "Hanssen"), ("Åse", "Aase"), ("Solveig", "Solvei"),
     ("Katrine", "Cathrine"), ("Viktor", "Wiktor")],
)  # fmt: skip
def test_names_that_sound_alike_have_one_key(one: str, other: str) -> None:
    assert phonetic_key(one) == phonetic_key(other)


def test_names_that_sound_different_have_different_keys() -> None:
    assert (
        len({phonetic_key(name) for name in ("Hansen", "Olsen", "Kari", "Berg", "Nordmann")}) == 5
    )


def test_case_counts_only_where_the_code_system_says_so() -> None:
    assert comparable_code("http://unitsofmeasure.org", "Mg") != comparable_code(
        "http://unitsofmeasure.org", "mg"
    )
    assert comparable_code("http://hl7.org/fhir/sid/icd-10", "E11") == "E11"
    assert comparable_code("urn:oid:2.16.578.1.12.4.1.1.7110", "e11") == comparable_code(
        "urn:oid:2.16.578.1.12.4.1.1.7110", "E11"
    )


def test_punctuation_of_telephone_numbers_does_not_count() -> None:
    assert comparable_contact("+47 (22) 33-44 55") == comparable_contact("+4722334455")
    assert comparable_contact("Kari@Example.NO") == "kari@example.no"
