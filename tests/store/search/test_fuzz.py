"""INV-52, INV-58: whatever is asked, the answer is a page or a refusal."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fellesjournal.fhir.definitions import RESOURCE_TYPES
from fellesjournal.fhir.definitions.search import search_of
from fellesjournal.fhir.issues import FhirError
from fellesjournal.foundation.database.connection import connection
from fellesjournal.store.search import search, search_ids
from fellesjournal.store.visibility import EVERYTHING

RESULT = [
    "_sort", "_count", "_include", "_revinclude", "_include:iterate", "_elements", "_summary",
    "_total", "_type", "_filter", "_list", "_has:Observation:patient:code", "_id", "_lastUpdated",
]  # fmt: skip
MODIFIERS = [
    "", ":missing", ":exact", ":contains", ":not", ":text", ":in", ":not-in", ":above", ":below",
    ":identifier", ":of-type", ":Patient", ":nonsense", ".name", ".subject.subject.subject.code",
]  # fmt: skip
PIECES = st.sampled_from(
    ["", "a", "1", "2020", "-01", "T10:00", "+01:00", "gt", "ne", "ap", "|", "||", "$", ",", "\\", "%",
     "_", "'", '"', "(", ")", " and ", " eq ", "true", "http://x/y", "Patient/1", "1e400", "-0", "mg",
     "http://unitsofmeasure.org", "\x00", "\ud800", "é", "*", ":", "Observation", "Patient:organization",
     "9" * 70, "e", ".", "/", "#", "{", "~"]
)  # fmt: skip
VALUES = st.lists(PIECES, max_size=6).map("".join) | st.text(max_size=20)


@st.composite
def searches(draw: st.DrawFn) -> tuple[str | None, list[tuple[str, str]]]:
    """A type and a query of parameters that mostly exist."""
    type_name = draw(st.sampled_from([*RESOURCE_TYPES, None]))
    known = sorted(search_of(type_name or "Resource").parameters)
    names = st.sampled_from(known + RESULT) | st.text(max_size=8)
    pairs = draw(
        st.lists(
            st.tuples(st.tuples(names, st.sampled_from(MODIFIERS)).map("".join), VALUES), max_size=3
        )
    )
    return type_name, pairs


@pytest.mark.django_db
@settings(
    max_examples=600,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(searches(), st.booleans())
def test_any_query_is_answered_or_refused(
    asked: tuple[str | None, list[tuple[str, str]]],
    lenient: bool,  # noqa: FBT001 - hypothesis passes it by name
) -> None:
    type_name, query = asked
    with suppress(FhirError):
        page = search(connection(), query, type_name, EVERYTHING, lenient=lenient)
        assert page.matches == []
    if type_name is not None:
        with suppress(FhirError):
            text = "&".join(f"{name}={value}" for name, value in query)
            assert search_ids(connection(), type_name, text, EVERYTHING, limit=2) == []
