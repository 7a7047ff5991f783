"""What a view gives, and how a fault in one is named."""

from __future__ import annotations

from typing import Any

import pytest

from fellesjournal.fhir.views import ViewError, compile_view

PATIENT: dict[str, Any] = {
    "resourceType": "Patient",
    "id": "p1",
    "active": True,
    "name": [{"family": "Ås", "given": ["Kari", "B"]}, {"family": "Moen"}],
    "generalPractitioner": [
        {"reference": "Practitioner/g1/_history/2"},
        {"reference": "https://journal.example/fhir/Practitioner/g2"},
        {"reference": "https://other.example/fhir/Practitioner/g3"},
        {"reference": "Organization/o1"},
        {"reference": "#c"},
        {"display": "somebody"},
    ],
}
ANSWERS: dict[str, Any] = {
    "resourceType": "QuestionnaireResponse",
    "id": "q1",
    "item": [
        {
            "linkId": "1",
            "answer": [
                {"valueString": "a", "item": [{"linkId": "1.1", "item": [{"linkId": "1.1.1"}]}]}
            ],
        },
        {"linkId": "2"},
    ],
}


def _column(name: str, path: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "path": path, **more}


def _view(*columns: dict[str, Any], resource: str = "Patient", **more: Any) -> dict[str, Any]:
    return {"resource": resource, "select": [{"column": list(columns)}], **more}


def test_the_key_of_a_resource_is_the_key_of_what_refers_to_it() -> None:
    view = compile_view(_view(_column("patient", "getResourceKey()")))
    assert view.rows(PATIENT) == [("Patient/p1",)]
    assert view.columns[0].is_key


@pytest.mark.parametrize(
    "path",
    [
        "generalPractitioner.getReferenceKey(Practitioner)",
        "generalPractitioner.getReferenceKey(FHIR.Practitioner)",
        "generalPractitioner.skip(0).getReferenceKey(Practitioner)",  # only the engine skips
    ],
)
def test_keys_are_of_the_type_asked_for_and_of_this_server(path: str) -> None:
    view = compile_view(
        _view(_column("gp", path, collection=True)),
        own_bases=("https://journal.example/fhir",),
    )
    assert view.rows(PATIENT) == [(["Practitioner/g1", "Practitioner/g2"],)]
    assert view.columns[0].is_key


def test_a_key_without_type_is_of_any() -> None:
    view = compile_view(
        _view(_column("gp", "generalPractitioner.getReferenceKey()", collection=True))
    )
    assert view.rows(PATIENT) == [(["Practitioner/g1", "Organization/o1"],)]


def test_a_resource_is_reached_from_inside() -> None:
    view = compile_view(
        {
            "resource": "Patient",
            "select": [
                {
                    "forEach": "name",
                    "column": [
                        _column("id", "%resource.id"),
                        _column("patient", "%resource.getResourceKey()"),
                        _column("family", "family"),
                    ],
                }
            ],
        }
    )
    assert view.rows(PATIENT) == [("p1", "Patient/p1", "Ås"), ("p1", "Patient/p1", "Moen")]
    assert [column.is_key for column in view.columns] == [False, True, False]


def test_repeat_follows_its_paths_to_any_depth_parents_first() -> None:
    view = compile_view(
        {
            "resource": "QuestionnaireResponse",
            "select": [
                {"repeat": ["item", "answer.item"], "column": [_column("link", "linkId")]},
            ],
        }
    )
    assert view.rows(ANSWERS) == [("1",), ("1.1",), ("1.1.1",), ("2",)]


def test_a_view_knows_the_types_of_its_columns_where_the_standard_says_them() -> None:
    view = compile_view(
        _view(
            _column("born", "birthDate"),
            _column("alive", "deceased.exists().not()"),
            _column("said", "name.select(family).first()"),
            _column("told", "gender", type="string"),
        )
    )
    assert [column.type for column in view.columns] == ["date", "boolean", None, "string"]


@pytest.mark.parametrize("path", ["name.given.join(', ')", "name.given.skip(0).join(', ')"])
def test_texts_are_joined_and_no_texts_to_an_empty_one(path: str) -> None:
    # FHIRPath itself joins nothing to nothing; the shared tests of SQL-on-FHIR ask for this
    view = compile_view(_view(_column("given", path)))
    assert view.rows(PATIENT) == [("Kari, B",)]
    assert view.rows({"resourceType": "Patient"}) == [("",)]


@pytest.mark.parametrize("wrong", [{"name": "Kari"}, {"maritalStatus": ["x"]}, {"name": [1]}])
def test_a_broken_resource_does_not_fit_and_breaks_nothing_else(wrong: dict[str, Any]) -> None:
    view = compile_view(
        _view(_column("a", "name.family.first()"), _column("b", "maritalStatus.text"))
    )
    with pytest.raises(ViewError, match="not valid"):
        view.rows({"resourceType": "Patient", **wrong})


def test_another_type_of_resource_has_no_rows() -> None:
    assert compile_view(_view(_column("id", "id"))).rows(ANSWERS) == []


def test_equal_definitions_have_equal_digests_whatever_the_order_of_their_keys() -> None:
    view = _view(_column("id", "id"))
    turned = dict(reversed(view.items()))
    assert compile_view(view).digest == compile_view(turned).digest
    assert compile_view(view).digest != compile_view(_view(_column("id", "gender"))).digest


def test_several_values_where_one_is_asked_for_name_the_column_and_no_value() -> None:
    view = compile_view(_view(_column("family", "name.family")))
    with pytest.raises(ViewError, match=r"select\[0\]\.column\[0\]\.path") as refused:
        view.rows(PATIENT)
    assert "Ås" not in str(refused.value)


@pytest.mark.parametrize(
    ("view", "place", "wrong"),
    [
        ([], "", "JSON object"),
        ({"select": []}, "resource", "is missing"),
        ({"resource": "Patent"}, "resource", "no resource type"),
        ({"resource": "Patient"}, "select", "at least one"),
        ({"resource": "Patient", "select": {}}, "select", "a list"),
        ({"resource": "Patient", "select": ["x"]}, "select[0]", "an object"),
        ({"resource": "Patient", "select": [{}]}, "select[0]", "one of column"),
        (_view(_column("a b", "id")), "select[0].column[0].name", "a letter first"),
        (_view(_column("a", "id"), _column("A", "id")), "select", "two columns 'A'"),
        (_view({"name": "a"}), "select[0].column[0].path", "is missing"),
        (_view(_column("a", "id", collection="yes")), "select[0].column[0].collection", "true or"),
        (_view(_column("a", "id", type="Pat")), "select[0].column[0].type", "no primitive"),
        (_view(_column("a", "id", type=1)), "select[0].column[0].type", "the name of a"),
        (_view(_column("a", "(")), "select[0].column[0].path", "no FHIRPath"),
        (_view(_column("a", "fullname")), "select[0].column[0].path", "no element 'fullname'"),
        (_view(_column("a", "%b")), "select[0].column[0].path", "no constant %b"),
        (_view(_column("a", "foo()")), "select[0].column[0].path", "can't do foo()"),
        (
            _view(_column("a", "link.other.resolve().id")),
            "select[0].column[0].path",
            "another resource",
        ),
        (_view(_column("a", "id"), where=[{"path": "gender"}]), "where[0].path", "no boolean"),
        (_view(_column("a", "id"), where=[{}]), "where[0].path", "is missing"),
        (_view(_column("a", "id"), constant=[{"name": "x"}]), "constant[0]", "exactly one"),
        (
            _view(_column("a", "id"), constant=[{"name": "x", "valuePeriod": {}}]),
            "constant[0]",
            "primitive",
        ),
        (
            _view(_column("a", "id"), constant=[{"name": "x", "valueCode": "a"}] * 2),
            "constant[1].name",
            "twice",
        ),
        (
            {"resource": "Patient", "select": [{"forEach": "name", "repeat": ["contact"]}]},
            "select[0]",
            "exclude each other",
        ),
        (
            {"resource": "Patient", "select": [{"repeat": "name", "column": []}]},
            "select[0].repeat",
            "a list",
        ),
        (
            {
                "resource": "Patient",
                "select": [
                    {
                        "unionAll": [
                            {"column": [_column("a", "id")]},
                            {"column": [_column("b", "id")]},
                        ]
                    }
                ],
            },
            "select[0].unionAll[1]",
            "are the same",
        ),
    ],
)
def test_a_fault_is_named_with_its_place(view: Any, place: str, wrong: str) -> None:
    with pytest.raises(ViewError) as refused:
        compile_view(view)
    assert refused.value.place == place
    assert wrong in refused.value.message
