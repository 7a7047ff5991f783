"""Arrays arrive in the database as they were packed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.foundation.database.connection import connection
from fellesjournal.store import arrays


def arrived(packed: arrays.Array) -> Any:
    database = connection()
    arrays.teach(database)
    row = database.execute("select %b", [packed]).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("pack", "values"),
    [
        (arrays.small_ints, [1, -1, 32767, -32768]),
        (arrays.ints, [0, -1, 2**31 - 1, -(2**31)]),
        (arrays.ints, [None, 5, None]),
        (arrays.big_ints, [0, -1, 2**63 - 1, -(2**63), 258]),
        (arrays.big_ints, [2**40, None]),
        (arrays.floats, [0.0, -1.5, 1e300, float("inf")]),
        (arrays.texts, ["", "å", "a\nb"]),
        (arrays.byte_strings, [b"", None, b"\x00\xff"]),
        (arrays.big_ints, []),
    ],
)
def test_values_keep_their_value(pack: Any, values: list[Any]) -> None:
    assert arrived(pack(values)) == values


@pytest.mark.django_db
def test_runs_are_numbers_as_often_as_they_say() -> None:
    assert arrived(arrays.repeated([(7, 3), (1, 1), (300, 2)])) == [7, 7, 7, 1, 300, 300]
    assert arrived(arrays.repeated([])) == []


@given(st.lists(st.tuples(st.integers(1, 2**31 - 1), st.integers(1, 4)), min_size=1))
def test_runs_are_packed_like_the_numbers_written_out(runs: list[tuple[int, int]]) -> None:
    written_out = [number for number, times in runs for _ in range(times)]
    assert arrays.repeated(runs) == arrays.ints(written_out)


@pytest.mark.parametrize("value", [2**15, -(2**15) - 1])
def test_a_number_too_large_for_its_type_is_refused(value: int) -> None:
    with pytest.raises(OverflowError):
        arrays.small_ints([value])
