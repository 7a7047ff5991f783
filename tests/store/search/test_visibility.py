"""INV-33, INV-34: what a session may not see leaves no trace in any part of a search."""

from __future__ import annotations

import pytest

from fellesjournal.fhir.definitions import type_number
from fellesjournal.store.visibility import EVERYTHING, NOTHING, Visibility
from tests.store.search.cast import clinic, find
from tests.store.writing import delete, rows, written

pytestmark = pytest.mark.django_db

QUERIES = [
    "Observation?",
    "Observation?_total=accurate&_count=1",
    "Observation?_summary=count",
    "Patient?name=sørensen",
    "Observation?subject:Patient.name=sørensen",
    "Observation?patient.gender=male",
    "Observation?patient=ola",
    "Observation?patient=ola&code=718-7",
    "Patient?_has:Observation:patient:code=718-7",
    "Organization?_has:Patient:organization:birthdate=lt1960",
    "Organization?_revinclude=Patient:organization",
    "Organization?_revinclude=*",
    "Observation?_include=Observation:subject",
    "Observation?_include:iterate=*",
    "Observation?derived-from.code=718-7",
    "Observation?_has:Observation:derived-from:_id=undated",
    "Observation?_sort=-date",
    "Observation?_sort=patient",
    "Observation?value-quantity=gt100",
    "Observation?code:text=x",
    "Patient?gender:not=female",
    "Patient?_filter=family sw s",
    "Observation?_id=hb,glu1",
    "?_lastUpdated=gt2000",
    "Observation?patient.organization.name=lege",
    "Practitioner?_has:Observation:performer:patient.name=ola",
    "Patient?_list=any",
    "Patient?organization._has:Patient:organization:gender=male",
]


def without_ola() -> Visibility:
    """Everything but Ola and what is about him."""
    ((rid,),) = rows(
        "select rid from store.resource where type = %s and fhir_id = 'ola'", type_number("Patient")
    )
    return Visibility("{row}.patient <> " + str(rid) + " and {row}.rid <> " + str(rid))


def shown(query: str, visibility: Visibility) -> object:
    page = find(query, visibility=visibility)
    return (
        [s.reference for s in page.matches],
        [s.reference for s in page.included],
        page.total,
        page.next is None,
    )


@pytest.mark.parametrize("query", QUERIES)
def test_an_answer_is_the_same_whether_what_is_hidden_exists_or_not(query: str) -> None:
    clinic()
    with_it = shown(query, without_ola())
    assert "ola" not in str(with_it)
    written(delete("Observation", "hb"), delete("Observation", "undated"), delete("Patient", "ola"))
    assert shown(query, EVERYTHING) == with_it


@pytest.mark.parametrize("query", QUERIES)
def test_whoever_may_see_nothing_finds_nothing(query: str) -> None:
    clinic()
    page = find(query, visibility=NOTHING)
    assert (page.entries, page.total or 0, page.next) == ([], 0, None)
