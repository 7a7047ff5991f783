"""INV-43: what is signed stays, whoever writes and by whichever way; additions alone are taken."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import orjson
import psycopg
import pytest

from fellesjournal.access import acts, records
from fellesjournal.access.sessions import Session
from fellesjournal.access.signed import ADDED_AT, ADDITION_SYSTEM, LOCKED
from fellesjournal.access.single import write_single
from fellesjournal.access.writing import Operation, write
from fellesjournal.fhir import bodies
from fellesjournal.fhir.issues import Conflict, NotAllowed
from fellesjournal.foundation.database.connection import connection
from tests.staff import SYSTEM, employ, put, register, staff

pytestmark = pytest.mark.django_db

Json = dict[str, Any]
SIGNED_AT = "2026-05-04T10:00:00+02:00"


def _text(words: str) -> Json:
    div = f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{words}</p></div>'
    return {"status": "additional", "div": div}


NOTE: Json = {
    "language": "nb",
    "status": "final",
    "type": {"text": "Journalnotat"},
    "subject": {"reference": "Patient/kari"},
    "date": SIGNED_AT,
    "author": [{"reference": "Practitioner/gp", "display": "gp"}],
    "title": "Konsultasjon",
    "custodian": {"reference": "Organization/u"},
    "attester": [
        {"mode": "legal", "time": SIGNED_AT, "party": {"reference": "Practitioner/gp"}},
    ],
    "section": [{"title": "Funn", "text": _text("Krepitasjoner")}],
}


@pytest.fixture
def gp() -> Session:
    """A GP, her colleague and her patient with a signed note."""
    session = employ("gp")
    employ("other")
    register("kari", "Practitioner/gp", "Practitioner/other")
    register("ola", "Practitioner/gp")
    put("Composition", "n", **NOTE)
    return session


def _stands() -> tuple[Json, int]:
    return acts.read(SYSTEM, "Composition", "n")


def _put(session: Session, data: Json) -> None:
    body = bodies.parse(orjson.dumps(data))
    write_single(session, Operation("update", "Composition", id="n", body=body))


def _addition(session: Session, words: str = "Ringt.", **changes: Any) -> Json:
    return {
        "extension": [{"url": ADDED_AT, "valueDateTime": "2026-05-05T10:00:00+02:00"}],
        "title": "Tillegg",
        "code": {"coding": [{"system": ADDITION_SYSTEM, "code": "addendum"}]},
        "author": [{"reference": session.person}],
        "text": _text(words),
    } | changes


def _with(data: Json, section: Json, party: str = "Practitioner/gp") -> Json:
    attester = {"mode": "legal", "time": "2026-05-05T10:00:00+02:00", "party": {"reference": party}}
    return {
        **data,
        "status": "amended",
        "section": [*data["section"], section],
        "attester": [*data["attester"], attester],
    }


def _changed(member: str, value: Any) -> Callable[[Json], Json]:
    return lambda data: {**data, member: value}


ATTACKS: dict[str, Callable[[Json], Json]] = {
    "other words": _changed("section", [{"title": "Funn", "text": _text("Normale lunger")}]),
    "words left out": lambda data: {k: v for k, v in data.items() if k != "section"},
    "a section before": lambda data: {
        **data,
        "status": "amended",
        "section": [{"title": "Plan", "text": _text("x")}, *data["section"]],
    },
    "a plain section after": lambda data: {
        **data,
        "status": "amended",
        "section": [*data["section"], {"title": "Plan", "text": _text("x")}],
    },
    "a draft again": _changed("status", "preliminary"),
    "entered in error": _changed("status", "entered-in-error"),
    "amended by nothing": _changed("status", "amended"),
    "another title": _changed("title", "Annet"),
    "another day": _changed("date", "2025-01-01T10:00:00+01:00"),
    "another author": _changed("author", [{"reference": "Practitioner/other"}]),
    "without signature": lambda data: {k: v for k, v in data.items() if k != "attester"},
    "a narrative": _changed("text", _text("Normale lunger")),
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
@pytest.mark.parametrize("who", ["author", "colleague", "platform"])
def test_inv_43_signed_note_is_not_changed_by_anybody(
    gp: Session, who: str, attack: Callable[[Json], Json]
) -> None:
    session = {"author": gp, "colleague": staff("other"), "platform": SYSTEM}[who]
    before = _stands()
    with pytest.raises(Conflict):
        _put(session, attack(copy.deepcopy(before[0])))
    assert _stands() == before


@pytest.mark.parametrize("who", ["author", "platform"])
def test_inv_43_signed_note_is_neither_deleted_nor_patched(gp: Session, who: str) -> None:
    session = gp if who == "author" else SYSTEM
    before = _stands()
    with pytest.raises(Conflict):
        write_single(session, Operation("delete", "Composition", id="n"))

    def patch(raw: bytes, _data: Json) -> bytes:
        return raw.replace(b"Krepitasjoner", b"Normale lunger")

    with pytest.raises(Conflict):
        write_single(session, Operation("patch", "Composition", id="n", patch=patch))
    other = bodies.parse(orjson.dumps({"resourceType": "Flag", "status": "active",
                                       "code": {"text": "x"}, "subject": {"reference": "Patient/kari"}}))  # fmt: skip
    changed = bodies.parse(orjson.dumps(_changed("title", "Annet")(before[0])))
    with pytest.raises(Conflict):
        write(session, [Operation("create", "Flag", body=other),
                        Operation("update", "Composition", id="n", body=changed)])  # fmt: skip
    assert _stands() == before
    assert records.search(SYSTEM, "Flag", []).matches == []


def test_inv_43_versions_are_out_of_reach_of_the_running_program(gp: Session) -> None:
    del gp
    for statement in (
        "update store.version set body = null",
        "delete from store.version",
        "update store.resource set version = 1",
        "delete from store.resource",
    ):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            connection().transaction(),
        ):
            connection().execute(statement)


def test_the_same_again_is_taken_and_labels_are_an_authors_to_change(gp: Session) -> None:
    data, _ = _stands()
    _put(SYSTEM, data)
    label = {"system": "urn:oid:2.16.578.1.12.4.1.1.9603", "code": "N"}
    labelled = {**data, "meta": {**data.get("meta", {}), "security": [label]}}
    with pytest.raises(Conflict):
        _put(staff("other"), labelled)
    _put(gp, labelled)


def test_platform_alone_says_of_which_patient_a_signed_note_is(gp: Session) -> None:
    """Two records of one person become one; the words stay as they were signed."""
    data, _ = _stands()
    moved = {**data, "subject": {"reference": "Patient/ola"}}
    with pytest.raises(Conflict):
        _put(gp, moved)
    with pytest.raises(Conflict):
        _put(SYSTEM, {**moved, "title": "Annet"})
    _put(SYSTEM, moved)
    assert _stands()[0]["section"] == data["section"]


def test_addition_is_taken_from_whoever_treats_and_signs_it(gp: Session) -> None:
    other = staff("other")
    _put(other, _with(_stands()[0], _addition(other), "Practitioner/other"))
    _put(gp, _with(_stands()[0], _addition(gp, "Og mer.")))
    data, _ = _stands()
    assert data["status"] == "amended"
    assert [each["title"] for each in data["section"]] == ["Funn", "Tillegg", "Tillegg"]


def test_addition_needs_its_time_its_author_and_her_own_signature(gp: Session) -> None:
    data, _ = _stands()
    other = staff("other")
    for section in (
        _addition(gp, extension=[{"url": "http://example.test/when", "valueDateTime": "2026"}]),
        _addition(gp, author=[{"reference": "Practitioner/other"}]),
        _addition(gp, code={"text": "Tillegg"}),
    ):
        with pytest.raises(Conflict):
            _put(gp, _with(data, section))
    with pytest.raises(NotAllowed):
        _put(other, _with(data, _addition(other), "Practitioner/gp"))


def test_locked_note_takes_additions_from_who_signed_it_alone(gp: Session) -> None:
    locked = {**NOTE, "extension": [{"url": LOCKED, "valueBoolean": True}]}
    put("Composition", "l", **locked)
    other = staff("other")
    data, _ = acts.read(SYSTEM, "Composition", "l")

    def save(session: Session) -> None:
        body = _with(data, _addition(session), session.person)
        parsed = bodies.parse(orjson.dumps(body))
        write_single(session, Operation("update", "Composition", id="l", body=parsed))

    with pytest.raises(Conflict):
        save(other)
    save(gp)


def test_nobody_signs_for_another(gp: Session) -> None:
    draft = {k: v for k, v in NOTE.items() if k != "attester"} | {"status": "preliminary"}
    put("Composition", "d", **draft)
    other = staff("other")
    for session, wanted in (
        (other, NOTE),
        (gp, {k: v for k, v in NOTE.items() if k != "attester"}),
    ):
        body = bodies.parse(orjson.dumps({"resourceType": "Composition", "id": "d", **wanted}))
        with pytest.raises(NotAllowed):
            write_single(session, Operation("update", "Composition", id="d", body=body))


def test_inv_50_draft_stays_with_its_patient_and_its_author(gp: Session) -> None:
    draft = {k: v for k, v in NOTE.items() if k != "attester"} | {"status": "preliminary"}
    put("Composition", "d", **draft)
    for change in (
        {"subject": {"reference": "Patient/ola"}},
        {"author": [{"reference": "Practitioner/other"}]},
    ):
        body = bodies.parse(
            orjson.dumps({"resourceType": "Composition", "id": "d", **draft, **change})
        )
        with pytest.raises(Conflict):
            write_single(gp, Operation("update", "Composition", id="d", body=body))
