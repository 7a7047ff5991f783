"""Search, feature by feature, on a small clinic."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from fellesjournal.fhir.issues import BadRequest, TooLarge
from fellesjournal.foundation.database.connection import connection
from fellesjournal.store.search import search_ids, search_patients
from fellesjournal.store.visibility import EVERYTHING, NOTHING, Visibility
from tests.store.search.cast import all_ids, clinic, code, find, ids, observation, patient, quantity
from tests.store.writing import delete, put, written

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        # chains
        ("Observation?subject:Patient.name=nord", {"glu1", "glu2", "bp"}),
        ("Observation?patient.gender=male", {"hb", "undated"}),
        (
            "Observation?subject.organization.name=legesenteret",
            {"glu1", "glu2", "bp", "hb", "undated"},
        ),
        ("Observation?patient.general-practitioner.name:exact=Ås", {"glu1", "glu2", "bp"}),
        ("Observation?patient.general-practitioner:missing=true", {"hb", "undated"}),
        ("Observation?performer:Practitioner.family=as", {"glu1"}),
        ("Observation?derived-from.code=718-7", {"undated"}),
        ("Observation?patient._id=ola", {"hb", "undated"}),
        ("Observation?patient._has:Observation:patient:code=85354-9", {"glu1", "glu2", "bp"}),
        # _has
        ("Patient?_has:Observation:patient:code=718-7", {"ola"}),
        ("Patient?_has:Observation:patient:code=718-7&gender=female", set()),
        (
            "Practitioner?_has:Patient:general-practitioner:_has:Observation:subject:code=15074-8",
            {"lege"},
        ),
        ("Practitioner?_has:Observation:performer:patient.name=kari", {"lege"}),
        ("Organization?_has:Patient:organization:birthdate=lt1960", {"legesenter"}),
        ("Observation?_has:Observation:derived-from:_id=undated", {"hb"}),
        # composites
        ("Observation?code-value-quantity=15074-8$gt7", {"glu2"}),
        (
            "Observation?code-value-quantity=http://loinc.org|15074-8$6.3|http://unitsofmeasure.org|mmol/L",
            {"glu1"},
        ),
        ("Observation?component-code-value-quantity=8480-6$gt140", {"bp"}),
        ("Observation?component-code-value-quantity=8462-4$gt140", set()),
        ("Observation?combo-code-value-quantity=8462-4$90||mm[Hg],15074-8$9.1", {"bp", "glu2"}),
        # quantities
        ("Observation?value-quantity=0.0063|http://unitsofmeasure.org|mol/L", {"glu1"}),
        ("Observation?value-quantity=14|http://unitsofmeasure.org|g/dL", {"hb"}),
        ("Observation?value-quantity=gt0.1|http://unitsofmeasure.org|kg/L", {"hb"}),
        ("Observation?value-quantity=ap135||g/L", {"hb"}),
        ("Observation?value-quantity=ne6.3", {"glu2", "hb"}),
        ("Observation?value-quantity=6", {"glu1"}),
        ("Observation?value-quantity=6.0", set()),
        ("Observation?value-quantity=1.4e2||g/L", {"hb"}),
        # strings, tokens, dates
        ("Patient?name=sorensen", {"ola"}),
        ("Patient?family:contains=orens", {"ola"}),
        ("Patient?family:exact=sørensen", set()),
        ("Patient?phonetic=Soerensen", {"ola"}),
        ("Patient?gender:not=male", {"kari"}),
        ("Patient?gender=http://hl7.org/fhir/administrative-gender|male", {"ola"}),
        ("Patient?gender=http://elsewhere|male", set()),
        ("Patient?birthdate=1950-02", set()),
        ("Patient?birthdate=sa1950", {"kari"}),
        ("Patient?birthdate=le1950-12-31", {"ola"}),
        ("Patient?birthdate=lt1950-06-01", {"ola"}),
        ("Patient?organization=Organization/legesenter,Organization/other", {"kari", "ola"}),
        ("Patient?organization:Organization=legesenter", {"kari", "ola"}),
        ("Patient?general-practitioner:missing=false", {"kari"}),
        (
            "Observation?status:in=http://hl7.org/fhir/ValueSet/observation-status",
            {"glu1", "glu2", "hb", "undated", "bp"},
        ),
        ("Observation?_id=glu1,hb,nothing", {"glu1", "hb"}),
        ("Observation?_id:not=glu1,hb", {"glu2", "undated", "bp"}),
        ("Observation?_lastUpdated=gt2020-01-01", {"glu1", "glu2", "hb", "undated", "bp"}),
        ("Observation?_lastUpdated=lt2020-01-01", set()),
        ("Observation?date=2024-02", {"hb"}),
        ("Observation?date=ge2024-02-01&date=lt2024-03", {"hb"}),
        ("Observation?date:missing=true", {"undated"}),
        # _filter
        ("Patient?_filter=family eq nordmann", {"kari"}),
        ("Patient?_filter=not (gender eq male) and birthdate ge 1980", {"kari"}),
        ('Patient?_filter=given co "l" or gender eq female', {"ola", "kari"}),
        ("Patient?_filter=family ew mann", {"kari"}),
        ("Patient?_filter=general-practitioner pr true", {"kari"}),
        ("Observation?_filter=patient.family sw nor and date gt 2024-02-01", {"glu2"}),
    ],
)
def test_a_query_finds_exactly(query: str, expected: set[str]) -> None:
    clinic()
    assert set(all_ids(query)) == expected


@pytest.mark.parametrize(
    "query",
    [
        "Patient?foo=1",
        "Patient?name:bad=1",
        "Patient?birthdate=1980-13",
        "Patient?birthdate=xx1980",
        "Patient?name=",
        "Patient?birthdate=1980,",
        "Patient?gender:missing=maybe",
        "Patient?name.family=x",
        "Patient?organization.foo=x",
        "Patient?organization:Patient=1",
        "Patient?_has:Observation:patient=1",
        "Patient?_has:Observation:code:code=1",
        "Patient?_has:Nothing:patient:code=1",
        "Patient?_sort=foo",
        "Patient?_sort=",
        "Patient?_count=-1",
        "Patient?_count=x",
        "Patient?_total=some",
        "Patient?_summary=yes",
        "Patient?_include=Patient",
        "Patient?_include=Patient:name",
        "Patient?_include:bad=Patient:organization",
        "Patient?_revinclude=Observation:code",
        "Patient?_text=x",
        "Patient?_content=x",
        "Patient?_query=x",
        "Patient?_contained=true",
        "Patient?_filter=name",
        "Patient?_filter=(name eq x",
        "Patient?_filter=name eq x or",
        "Patient?_filter=foo eq 1",
        "Patient?identifier=|",
        "Patient?identifier=a|b|c",
        "Patient?identifier:of-type=a|b|c|d",
        "Observation?value-quantity=x",
        "Observation?value-quantity=1|2",
        "Observation?value-quantity=1e999",
        "Observation?value-quantity=NaN",
        "Observation?code-value-quantity=a",
        "Observation?code:in=http://nowhere/ValueSet",
        "Observation?code:below=718-7",
        "Observation?code:below=http://x|y",
        "Patient?_type=Observation",
        "Location?near=x",
        "Location?near=91|0",
        "Patient?_list=$current-allergies",
        "Patient?name=\x00",
        "Patient?_id=",
        "Patient?gender:exact=male",
        "Patient?birthdate:contains=1",
        "?name=x",
        "?_type=Nothing",
        "Observation?patient.patient.patient.name=x",
        "Patient?name:exact:contains=x",
    ],
)
def test_what_is_not_understood_is_refused_and_named(query: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        find(query)
    (issue,) = refusal.value.issues
    assert issue.expression, query
    assert issue.diagnostics


def test_lenient_handling_leaves_out_and_says_so() -> None:
    clinic()
    page = find("Patient?gender=male&foo=1&birthdate=x&name:bad=y", lenient=True)
    assert [stored.id for stored in page.matches] == ["ola"]
    assert page.used == [("gender", "male")]
    assert [issue.expression for issue in page.issues] == [("foo",), ("birthdate",), ("name:bad",)]
    assert {issue.severity for issue in page.issues} == {"warning"}


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(BadRequest) as refusal:
        find("Patient?foo=1&birthdate=x")
    assert len(refusal.value.issues) == 2


def test_escaped_separators_are_part_of_the_value() -> None:
    written(
        put("Patient", "odd", identifier=[{"system": "urn:x", "value": "a,b|c$d\\e"}]),
        put("Patient", "plain", identifier=[{"system": "urn:x", "value": "a"}]),
    )
    assert ids("Patient?identifier=urn:x|a\\,b\\|c\\$d\\\\e") == ["odd"]
    assert ids("Patient?identifier=a") == ["plain"]


def test_a_token_without_system_is_found_by_an_empty_system_only() -> None:
    written(
        put("Observation", "with", status="final", code=code("x", "urn:s")),
        put("Observation", "without", status="final", code=code("x", None)),
    )
    assert set(ids("Observation?code=x")) == {"with", "without"}
    assert ids("Observation?code=|x") == ["without"]
    assert ids("Observation?code=urn:s|") == ["with"]


def test_text_of_codes_is_found_by_its_beginning_without_case_and_accents() -> None:
    written(
        put("Observation", "display", status="final", code=code("1", display="Måling av puls")),
        put("Observation", "text", status="final", code={"text": "MALING"}),
        put("Observation", "other", status="final", code={"text": "En måling"}),
    )
    assert set(ids("Observation?code:text=måling")) == {"display", "text"}


def test_identifiers_are_found_by_type_and_in_logical_references() -> None:
    number = {"system": "urn:n", "value": "7", "type": code("MR", "urn:t")}
    written(
        put("Patient", "one", identifier=[number]),
        put("Patient", "other", identifier=[{"system": "urn:n", "value": "7"}]),
        put(
            "Observation",
            "logical",
            status="final",
            code=code("x"),
            subject={"identifier": {"system": "urn:n", "value": "7"}},
        ),
    )
    assert ids("Patient?identifier:of-type=urn:t|MR|7") == ["one"]
    for value in ("urn:n|7", "7", "urn:n|"):
        assert ids(f"Observation?subject:identifier={value}") == ["logical"]
    assert ids("Observation?subject:identifier=|7") == []
    assert ids("Observation?subject:missing=true") == []


def test_value_sets_and_hierarchies_that_are_stored_decide() -> None:
    written(
        put(
            "CodeSystem",
            "cs",
            url="urn:cs",
            status="active",
            content="complete",
            concept=[
                {"code": "animal", "concept": [{"code": "dog", "concept": [{"code": "puppy"}]}]},
                {"code": "stone"},
            ],
        ),
        put(
            "ValueSet",
            "inner",
            url="urn:inner",
            status="active",
            compose={
                "include": [
                    {
                        "system": "urn:cs",
                        "filter": [{"property": "concept", "op": "is-a", "value": "dog"}],
                    }
                ]
            },
        ),
        put(
            "ValueSet",
            "outer",
            url="urn:outer",
            status="active",
            compose={
                "include": [{"valueSet": ["urn:inner"]}],
                "exclude": [{"system": "urn:cs", "concept": [{"code": "puppy"}]}],
            },
        ),
        *(
            put("Observation", name, status="final", code=code(name, "urn:cs"))
            for name in ("animal", "dog", "puppy", "stone")
        ),
    )
    assert set(ids("Observation?code:in=urn:inner")) == {"dog", "puppy"}
    assert set(ids("Observation?code:in=ValueSet/outer")) == {"dog"}
    assert set(ids("Observation?code:not-in=urn:inner")) == {"animal", "stone"}
    assert set(ids("Observation?code:below=urn:cs|dog")) == {"dog", "puppy"}
    assert set(ids("Observation?code:above=urn:cs|dog")) == {"dog", "animal"}


def test_uris_are_found_below_and_above() -> None:
    for name, url in (("a", "http://x/y"), ("b", "http://x/y/z"), ("c", "http://x/other")):
        written(put("ValueSet", name, url=url, status="active"))
    assert ids("ValueSet?url=http://x/y") == ["a"]
    assert set(ids("ValueSet?url:below=http://x/y")) == {"a", "b"}
    assert set(ids("ValueSet?url:above=http://x/y/z/deep")) == {"a", "b"}


def test_places_are_found_near_a_point() -> None:
    written(
        put("Location", "trondheim", position={"latitude": 63.43, "longitude": 10.39}),
        put("Location", "molde", position={"latitude": 62.74, "longitude": 7.16}),
    )
    assert ids("Location?near=63.4|10.4|10|km") == ["trondheim"]
    assert set(ids("Location?near=63.4|10.4|300|km")) == {"trondheim", "molde"}
    assert ids("Location?near=63.4|10.4|100|m") == []


def test_members_of_a_list_are_found() -> None:
    clinic()
    written(
        put(
            "List",
            "mine",
            status="current",
            mode="working",
            entry=[{"item": {"reference": "Patient/ola"}}],
        )
    )
    assert ids("Patient?_list=mine") == ["ola"]


def test_tags_profiles_and_sources_are_found_for_every_type() -> None:
    meta = {
        "profile": ["http://p/one|2.0"],
        "source": "urn:system:a",
        "tag": [{"system": "urn:t", "code": "x"}],
        "security": [{"code": "R"}],
    }
    written(put("Patient", "tagged", meta=meta), put("Patient", "plain"))
    for query in (
        "_tag=urn:t|x",
        "_tag=x",
        "_profile=http://p/one",
        "_profile=http://p/one|2.0",
        "_profile:below=http://p/",
        "_source=urn:system:a",
        "_security=R",
    ):
        assert ids(f"Patient?{query}") == ["tagged"], query
        assert ids(f"?{query}") == ["tagged"], query
    assert ids("Patient?_tag:not=x") == ["plain"]


def test_several_types_are_searched_by_what_they_share() -> None:
    clinic()
    found = find("?_type=Patient,Practitioner&_sort=_id")
    assert [stored.reference for stored in found.matches] == [
        "Patient/kari",
        "Practitioner/lege",
        "Patient/ola",
    ]
    assert set(ids("?_type=Patient,Practitioner&name=as")) == {"lege"}
    assert len(ids("")) == 9


def test_a_compartment_holds_what_refers_to_its_subject() -> None:
    clinic()
    assert set(ids("Observation?", compartment=("Patient", "ola"))) == {"hb", "undated"}
    assert set(ids("", compartment=("Patient", "ola"))) == {"ola", "hb", "undated"}
    assert ids("Observation?code=718-7&date=2024-02", compartment=("Patient", "ola")) == ["hb"]
    assert ids("", compartment=("Patient", "nobody")) == []
    assert "glu1" in ids("Observation?", compartment=("Practitioner", "lege"))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Observation?_sort=date", ["bp", "glu1", "hb", "glu2", "undated"]),
        ("Observation?_sort=-date", ["glu2", "hb", "glu1", "bp", "undated"]),
        ("Observation?_sort=code,-date", ["glu2", "glu1", "hb", "undated", "bp"]),
        (
            "Observation?_sort=-value-quantity",
            ["hb", "glu2", "glu1", "bp", "undated"],
        ),  # ties: newest first
        ("Observation?_sort=_id", ["bp", "glu1", "glu2", "hb", "undated"]),
        ("Observation?_sort=_lastUpdated", ["glu1", "glu2", "hb", "undated", "bp"]),
        ("Observation?_sort=-_lastUpdated", ["bp", "undated", "hb", "glu2", "glu1"]),
        ("Observation?_sort=patient,-_id", ["glu2", "glu1", "bp", "undated", "hb"]),
        ("Patient?_sort=family", ["kari", "ola"]),
        ("Patient?_sort=-family", ["ola", "kari"]),
        ("Patient?_sort=general-practitioner", ["kari", "ola"]),
        ("Patient?_sort=-birthdate", ["kari", "ola"]),
    ],
)
def test_order_is_as_asked_for_and_what_lacks_a_value_comes_last(
    query: str, expected: list[str]
) -> None:
    clinic()
    first = ids(query)
    assert first == expected
    # page by page the order is the same
    assert all_ids(query + "&_count=2") == first
    assert all_ids(query + "&_count=1") == first


def test_what_is_referred_to_comes_along_once() -> None:
    clinic()
    page = find(
        "Observation?code=15074-8&_include=Observation:subject&_include=Observation:performer"
    )
    assert {stored.id for stored in page.matches} == {"glu1", "glu2"}
    assert sorted(stored.reference for stored in page.included) == [
        "Patient/kari",
        "Practitioner/lege",
    ]
    assert {mode for _, mode in page.entries} == {"match", "include"}


@pytest.mark.parametrize(
    ("includes", "expected"),
    [
        ("_include=Observation:subject&_include=Patient:organization", {"Patient/kari"}),
        (
            "_include=Observation:subject&_include:iterate=Patient:organization",
            {"Patient/kari", "Organization/legesenter"},
        ),
        ("_include=Observation:*", {"Patient/kari", "Practitioner/lege"}),
        ("_include=*", {"Patient/kari", "Practitioner/lege"}),
        ("_include:iterate=*", {"Patient/kari", "Practitioner/lege", "Organization/legesenter"}),
        ("_include=Observation:subject:Group", set()),
        ("_include=Observation:patient", {"Patient/kari"}),
        (
            "_include=Observation:subject&_revinclude:iterate=Observation:subject",
            {"Patient/kari", "Observation/glu2", "Observation/bp"},
        ),
    ],
)
def test_includes_follow_the_references_asked_for(includes: str, expected: set[str]) -> None:
    clinic()
    page = find(f"Observation?_id=glu1&{includes}")
    assert {stored.reference for stored in page.included} == expected


def test_what_refers_to_a_match_comes_along() -> None:
    clinic()
    page = find("Patient?_id=ola&_revinclude=Observation:patient")
    assert {stored.id for stored in page.included} == {"hb", "undated"}
    page = find("Patient?_id=ola&_revinclude=*")
    assert {stored.id for stored in page.included} == {"hb", "undated"}
    page = find("Observation?_id=hb&_revinclude=Observation:derived-from")
    assert {stored.id for stored in page.included} == {"undated"}


def test_canonical_references_are_included_by_url() -> None:
    written(
        put("Questionnaire", "q", url="http://q/one", status="active"),
        put("QuestionnaireResponse", "r", status="completed", questionnaire="http://q/one|1"),
    )
    page = find("QuestionnaireResponse?_include=QuestionnaireResponse:questionnaire")
    assert [stored.id for stored in page.included] == ["q"]
    assert ids("QuestionnaireResponse?questionnaire=http://q/one") == ["r"]


def test_more_than_five_hundred_included_are_all_there() -> None:
    patient("many", "A", "B")
    written(
        *(
            put(
                "Observation",
                f"o{n}",
                status="final",
                code=code("x"),
                subject={"reference": "Patient/many"},
            )
            for n in range(701)
        )
    )
    assert len(find("Patient?_revinclude=Observation:subject").included) == 701


def test_too_many_included_are_refused_not_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    clinic()
    monkeypatch.setattr("fellesjournal.store.search.includes.MOST_INCLUDED", 2)
    with pytest.raises(TooLarge):
        find("Patient?_id=kari&_revinclude=Observation:subject")


def test_a_total_is_exact_or_absent() -> None:
    clinic()
    assert find("Observation?_count=2").total is None
    assert find("Observation?_count=2&_total=none").total is None
    assert find("Observation?_total=none").total is None
    page = find("Observation?_count=2&_total=accurate")
    assert page.total == 5
    assert page.next is not None
    assert find("Observation?_count=2&_total=accurate", cursor=page.next).total == 5
    assert find("Observation").total == 5
    for query in ("Observation?_summary=count&code=718-7", "Observation?_count=0&code=718-7"):
        page = find(query)
        assert (page.total, page.matches, page.next) == (2, [], None)


def body_of(query: str) -> dict[str, Any]:
    (stored,) = find(query).matches
    assert stored.body is not None
    data: dict[str, Any] = orjson.loads(stored.body)
    return data


def test_parts_are_tagged_as_parts() -> None:
    written(
        put(
            "Patient",
            "p",
            meta={"tag": [{"code": "mine"}]},
            text={"status": "empty", "div": "<div xmlns='http://www.w3.org/1999/xhtml'/>"},
            name=[{"family": "A"}],
            _birthDate={"id": "x"},
            birthDate="1980",
            photo=[{"title": "t"}],
        )
    )
    part = body_of("Patient?_elements=birthDate")
    assert set(part) == {"resourceType", "id", "meta", "birthDate", "_birthDate"}
    assert [tag["code"] for tag in part["meta"]["tag"]] == ["mine", "SUBSETTED"]
    summary = body_of("Patient?_summary=true")
    assert "photo" not in summary
    assert "text" not in summary
    assert "name" in summary
    assert set(body_of("Patient?_summary=text")) == {"resourceType", "id", "meta", "text"}
    assert "text" not in body_of("Patient?_summary=data")
    assert "tag" in body_of("Patient?_summary=false")["meta"]
    assert [t["code"] for t in body_of("Patient?_summary=false")["meta"]["tag"]] == ["mine"]


def test_elements_of_a_choice_are_named_without_the_type() -> None:
    observation("o", "p", "x", valueQuantity=quantity(1.0, "g"), note=[{"text": "n"}])
    assert set(body_of("Observation?_elements=value")) == {
        "resourceType",
        "id",
        "meta",
        "status",
        "code",
        "valueQuantity",
    }


def test_deleted_and_replaced_versions_are_not_found() -> None:
    patient("p", "Før", "A")
    patient("p", "Etter", "A")
    assert ids("Patient?name=før") == []
    assert ids("Patient?name=etter") == ["p"]
    written(delete("Patient", "p"))
    assert ids("Patient?name=etter") == []
    assert ids("Observation?subject=Patient/p") == []


def test_conditional_operations_find_ids() -> None:
    written(put("Patient", "a", identifier=[{"system": "urn:x", "value": "1"}]))
    database = connection()
    assert search_ids(database, "Patient", "identifier=urn%3Ax%7C1", EVERYTHING, limit=2) == ["a"]
    assert search_ids(database, "Patient", "identifier=urn:x|2", EVERYTHING, limit=2) == []
    for criteria in ("_count=1", "", "foo=1", "identifier=1&_sort=_id"):
        with pytest.raises(BadRequest):
            search_ids(database, "Patient", criteria, EVERYTHING, limit=2)


def test_the_patients_behind_what_is_found_come_once_each_and_without_what_is_about_nobody() -> (
    None
):
    patient("p", "En", "A")
    patient("q", "To", "A")
    for key, subject in (("1", "p"), ("2", "p"), ("3", "q")):
        written(
            put("Encounter", key, subject={"reference": f"Patient/{subject}"}, status="finished")
        )
    written(put("Encounter", "4", status="finished"))
    database = connection()
    rows = database.execute(
        "select fhir_id, rid from store.resource where fhir_id in ('p', 'q')"
    ).fetchall()
    number = dict(rows)

    def patients(criteria: str, visibility: Visibility = EVERYTHING, limit: int = 9) -> set[int]:
        found = search_patients(
            database, "Encounter", criteria, visibility, limit=limit,
            numbers={("Patient", "p"): number["p"]},
        )  # fmt: skip
        assert len(set(found)) == len(found)
        return set(found)

    assert patients("status=finished") == set(number.values())
    assert patients("subject=Patient/p") == {number["p"]}
    assert patients("subject=Patient/q") == {number["q"]}
    assert patients("status=finished", NOTHING) == set()
    with pytest.raises(BadRequest):
        patients("_sort=_id")
