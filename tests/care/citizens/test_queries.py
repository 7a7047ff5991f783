"""Finding a patient the way people ask."""

from __future__ import annotations

from datetime import date

import orjson
import pytest

from fellesjournal.access import records
from fellesjournal.access.patients import PersonQuestion
from fellesjournal.access.sessions import Session, system_session
from fellesjournal.access.writing import Operation, write
from fellesjournal.care.citizens.queries import find_people, people, person_of, read_question
from fellesjournal.fhir import bodies
from fellesjournal.fhir.issues import NotFound
from fellesjournal.fhir.temporal import interval

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("01819012345", PersonQuestion(number="01819012345")),
        ("018190 12345", PersonQuestion(number="018190 12345".replace(" ", ""))),
        ("999-30-1088", PersonQuestion(number="999-30-1088")),
        ("14.03.1948", PersonQuestion(born=interval("1948-03-14"))),
        ("1948-03-14", PersonQuestion(born=interval("1948-03-14"))),
        ("140348", PersonQuestion(born=interval("1948-03-14"))),
        ("140326", PersonQuestion(born=interval("2026-03-14"))),
        ("14031948", PersonQuestion(born=interval("1948-03-14"))),
        ("19480314", PersonQuestion(born=interval("1948-03-14"))),
        ("14/3-48", PersonQuestion(born=interval("1948-03-14"))),
        ("14 03 1948", PersonQuestion(born=interval("1948-03-14"))),
        ("14. mars 1948", PersonQuestion(born=interval("1948-03-14"))),
        ("Kari 14. Oktober 48", PersonQuestion(words=("Kari",), born=interval("1948-10-14"))),
        ("12 Aasen 48", PersonQuestion(number="48", words=("Aasen",))),
        ("31021948", PersonQuestion(number="31021948")),
        ("1948", PersonQuestion(born=interval("1948"))),
        ("Kari Nordmann", PersonQuestion(words=("Kari", "Nordmann"))),
        ("Nordmann, Kari 1948", PersonQuestion(words=("Nordmann", "Kari"), born=interval("1948"))),
        ("   ", PersonQuestion()),
    ],
)
def test_search_text_is_read_as_number_birth_date_or_name(
    text: str, question: PersonQuestion
) -> None:
    assert read_question(text, today=TODAY) == question


@pytest.fixture
def session() -> Session:
    return system_session("system:test", purpose="HOPERAT")


@pytest.fixture
def kari(db: None, session: Session) -> str:
    del db
    _put(session, "kari", "Kari", "Kvernbråten", "1948-03-14", "14834811111")
    _put(session, "kristin", "Kristin", "Aasen", "1950-07-01", "01875011111")
    _put(session, "oystein", "Øystein", "Kvernmo", "1948-03-14", "14834822222")
    return "kari"


def _put(session: Session, key: str, given: str, family: str, born: str, number: str) -> None:
    resource = {
        "resourceType": "Patient",
        "id": key,
        "identifier": [{"system": "urn:oid:2.16.578.1.12.4.1.4.1", "value": number}],
        "name": [{"family": family, "given": [given]}],
        "birthDate": born,
    }
    body = bodies.parse(orjson.dumps(resource))
    write(session, [Operation("update", "Patient", id=key, body=body)])


def _names(session: Session, text: str) -> list[str]:
    return [person.id for person in find_people(session, text, today=TODAY).people]


def test_person_is_found_by_number(kari: str, session: Session) -> None:
    assert _names(session, "148348 11111") == [kari]


def test_person_is_found_by_birth_date_and_by_year(kari: str, session: Session) -> None:
    assert set(_names(session, "14.03.1948")) == {kari, "oystein"}
    assert _names(session, "1950") == ["kristin"]


def test_person_is_found_by_the_beginning_of_the_name_in_any_order(
    kari: str, session: Session
) -> None:
    assert _names(session, "kvernbr kar") == [kari]


@pytest.mark.parametrize("text", ["kvernbr", "Kvernbråten", "marit kvern", "lyngst kvern", "moen"])
def test_every_word_of_every_part_of_a_name_is_searched_by_its_beginning(
    kari: str, session: Session, text: str
) -> None:
    middle = "http://hl7.no/fhir/StructureDefinition/no-basis-middlename"
    resource = {
        "resourceType": "Patient",
        "id": "marit",
        "name": [
            {
                "family": "Lyngstad-Moen",
                "given": ["Marit"],
                "extension": [{"url": middle, "valueString": "Kvernbråten"}],
            }
        ],
    }
    body = bodies.parse(orjson.dumps(resource))
    write(session, [Operation("update", "Patient", id="marit", body=body)])
    found = find_people(session, text, today=TODAY)
    assert "marit" in [each.id for each in found.people]
    assert not found.similar
    assert (kari in [each.id for each in found.people]) == (text.casefold().startswith("kvern"))


def test_the_name_search_of_the_standard_knows_no_middle_name(session: Session, db: None) -> None:
    del db
    resource = {
        "resourceType": "Patient",
        "id": "marit",
        "name": [{"family": "Lyngstad", "given": ["Marit Kvernbråten"]}],
    }
    body = bodies.parse(orjson.dumps(resource))
    write(session, [Operation("update", "Patient", id="marit", body=body)])
    assert not records.search(session, "Patient", [("name", "kvernbr")]).matches
    assert len(records.search(session, "Patient", [("name", "marit")]).matches) == 1


def test_name_is_found_without_norwegian_letters(kari: str, session: Session) -> None:
    del kari
    assert _names(session, "oystein") == ["oystein"]


@pytest.mark.parametrize("heard", ["Kvernbroten", "Kvernbraaten", "Kari Kvernbråtn"])
def test_misspelt_name_is_found_and_marked_as_similar(
    kari: str, session: Session, heard: str
) -> None:
    found = find_people(session, heard, today=TODAY)
    assert found.people[0].id == kari
    assert found.similar


def test_all_that_is_asked_must_fit(kari: str, session: Session) -> None:
    del kari
    assert _names(session, "Kari 1950") == []


def test_deleted_person_is_not_found(kari: str, session: Session) -> None:
    write(session, [Operation("delete", "Patient", id=kari)])
    assert _names(session, "Kari Kvernbråten") == []


def test_empty_question_finds_nobody(kari: str, session: Session) -> None:
    del kari
    assert _names(session, "  ") == []


def test_recent_patients_keep_their_order(kari: str, session: Session) -> None:
    found = people(session, ["oystein", "gone", kari])
    assert [person.id for person in found] == ["oystein", kari]


def test_unknown_person_is_not_found(db: None, session: Session) -> None:
    del db
    with pytest.raises(NotFound):
        person_of(session, "nobody")
