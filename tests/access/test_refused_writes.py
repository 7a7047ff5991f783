"""What is refused leaves a line too, though the act itself is undone (INV-32)."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from fellesjournal.access.acts import act, change
from fellesjournal.access.sessions import Session
from fellesjournal.access.single import write_single
from fellesjournal.access.writing import Operation
from fellesjournal.fhir import bodies
from fellesjournal.fhir.definitions import type_number
from fellesjournal.fhir.issues import FhirError
from fellesjournal.foundation.database.connection import connection
from tests.staff import employ, put, register

CONDITION: dict[str, Any] = {"subject": {"reference": "Patient/a"}, "code": {"text": "x"}}


@pytest.fixture
def gp(empty_record: None) -> Session:
    """A GP with one patient; another patient is not hers."""
    del empty_record
    session = employ("d")
    register("a", "Practitioner/d")
    register("b")
    put("Condition", "c", **CONDITION)
    put("Condition", "far", **{**CONDITION, "subject": {"reference": "Patient/b"}})
    return session


def _refused() -> list[tuple[str, list[int]]]:
    rows = (
        connection()
        .execute(
            "select case l.act when 11 then 'post' when 12 then 'put' when 13 then 'patch'"
            " when 14 then 'delete' end, l.resources from access.log l join access.log_who w"
            " on w.number = l.who where l.outcome = 1 or (l.act = 11 and l.resources = '{}')"
            " and w.person = 'Practitioner/d' order by l.id"
        )
        .fetchall()
    )
    return [(str(name), list(resources)) for name, resources in rows]


def _number(fhir_id: str) -> int:
    row = (
        connection()
        .execute(
            "select rid from store.resource where fhir_id = %s and type = %s",
            [fhir_id, type_number("Condition")],
        )
        .fetchone()
    )
    return 0 if row is None else int(row[0])


def _fails(raw: bytes, data: dict[str, Any]) -> bytes:
    del raw, data
    raise FhirError("the test of the patch failed")


def _body(**elements: Any) -> bodies.Body:
    return bodies.parse(orjson.dumps({"resourceType": "Condition", **elements}))


ATTEMPTS: dict[str, tuple[Operation, str]] = {
    "a patch whose test fails": (Operation("patch", "Condition", id="c", patch=_fails), "patch"),
    "a change of what may not be seen": (
        Operation("update", "Condition", id="far", body=_body(id="far", **CONDITION)),
        "put",
    ),
    "an invalid change": (
        Operation("update", "Condition", id="c", body=_body(id="c", code={"text": "x"})),
        "put",
    ),
    "a new one for another's patient": (
        Operation(
            "create",
            "Condition",
            body=_body(code={"text": "x"}, subject={"reference": "Patient/b"}),
        ),
        "post",
    ),
}


@pytest.mark.parametrize("name", ATTEMPTS)
def test_each_refused_write_leaves_one_line_that_names_what_it_was_about(
    gp: Session, name: str
) -> None:
    operation, told = ATTEMPTS[name]
    before = _refused()
    with pytest.raises(FhirError):
        write_single(gp, operation)
    (line,) = _refused()[len(before) :]
    wanted = [] if operation.id is None else [_number(operation.id)]
    assert line == (told, wanted)


def test_what_is_refused_inside_an_act_is_noted_once(gp: Session) -> None:
    before = _refused()
    with pytest.raises(FhirError):
        act(gp, [change({"resourceType": "Condition", "id": "far", **CONDITION}, seen=1)])
    assert len(_refused()) == len(before) + 1


def test_what_is_done_leaves_no_line_of_refusal(gp: Session) -> None:
    before = _refused()
    write_single(gp, Operation("create", "Condition", body=_body(**CONDITION)))
    assert _refused() == before
