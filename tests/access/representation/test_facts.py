"""Representation as the record stands: each change counts at the next question (INV-38)."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
import pytest

from fellesjournal.access import citizens
from fellesjournal.access.policy.areas import Area
from fellesjournal.access.representation import ages, facts
from fellesjournal.access.representation.rules import Band, Code, Refusal, Representation
from fellesjournal.access.sessions import system_session
from fellesjournal.access.writing import Operation, write
from fellesjournal.demo import generate
from fellesjournal.fhir import bodies
from fellesjournal.fhir.issues import NotAllowed
from tests.surfaces.statements import counted

UNTIL = date(2026, 11, 20)
NOW = ages.midnight(UNTIL) + timedelta(hours=12)
SESSION = system_session("system:test", purpose="HSYSADMIN")
NEEDED = {"Patient", "RelatedPerson", "Consent"}

Json = dict[str, Any]


@pytest.fixture(scope="module")
def cast() -> dict[str, Json]:
    found = {
        f"{resource['resourceType']}/{resource['id']}": resource
        for resource in generate(1, until=UNTIL)
        if resource["resourceType"] in NEEDED
    }
    return {key: orjson.loads(orjson.dumps(resource)) for key, resource in found.items()}


@pytest.fixture
def record(db: None, cast: dict[str, Json]) -> dict[str, Json]:
    """The cast's people in the record; the dict is a copy a test may change and put again."""
    resources = copy.deepcopy(cast)
    put(*resources.values())
    return resources


def put(*resources: Json) -> None:
    write(
        SESSION,
        [
            Operation(
                "update", each["resourceType"], id=each["id"], body=bodies.parse(orjson.dumps(each))
            )
            for each in resources
        ],
    )


def rid(fhir_id: str) -> int:
    row = (
        SESSION.connection()
        .execute(
            "select r.rid from store.resource r join store.entry e on e.rid = r.rid and e.died is null"
            " where r.fhir_id = %s and r.version > 0 and e.patient = r.rid",
            [fhir_id],
        )
        .fetchone()
    )
    assert row is not None
    return int(row[0])


def between(who: str, whom: str, now: datetime = NOW) -> Representation | Refusal:
    return facts.representation_between(SESSION.connection(), rid(who), rid(whom), now)


def acts_for(who: str, now: datetime = NOW) -> dict[str, Band]:
    names = {rid(each): each for each in CITIZENS}
    found = facts.representations_of(SESSION.connection(), who, now)
    return {names[each.subject]: each.band for each in found}


CITIZENS = (
    "cast-aslaug", "cast-marit", "cast-emrik", "cast-ylva", "cast-storm", "cast-oda",
    "cast-sunniva", "cast-havard", "cast-torvald", "cast-karoline", "cast-jesper",
)  # fmt: skip


@pytest.mark.usefixtures("record")
def test_the_cast_acts_for_whom_the_stories_say() -> None:
    children = {"cast-emrik": Band.FULL, "cast-ylva": Band.FULL, "cast-storm": Band.REDUCED}
    assert acts_for("cast-sunniva") == children
    assert acts_for("cast-havard") == {**children, "cast-torvald": Band.FULL}
    assert acts_for("cast-marit") == {"cast-aslaug": Band.FULL}
    for nobody in ("cast-aslaug", "cast-emrik", "cast-karoline", "cast-jesper", "no-such-citizen"):
        assert facts.representations_of(SESSION.connection(), nobody, NOW) == []


@pytest.mark.usefixtures("record")
def test_both_directions_agree() -> None:
    for whom in CITIZENS:
        for found in facts.representatives_of(SESSION.connection(), whom, NOW):
            (who,) = [each for each in CITIZENS if rid(each) == found.representative]
            assert whom in acts_for(who)
            assert between(who, whom) == found
    assert {
        each.code for each in facts.representatives_of(SESSION.connection(), "cast-emrik", NOW)
    } == {Code.PARENT}


@pytest.mark.usefixtures("record")
def test_a_power_of_attorney_opens_its_parts_and_not_the_citizens_own_say() -> None:
    answer = between("cast-marit", "cast-aslaug")

    assert isinstance(answer, Representation)
    assert answer.areas & Area.MEDICATION
    assert answer.areas & Area.LOG
    assert not answer.areas & (Area.PRIVACY | Area.FINANCE | Area.HEREDITY)
    assert answer.reasons == ("Consent/cast-aslaug-power1",)
    assert answer.until is not None
    assert isinstance(
        between("cast-marit", "cast-aslaug", answer.until - timedelta(microseconds=1)),
        Representation,
    )
    assert between("cast-marit", "cast-aslaug", answer.until) is Refusal.NOT_IN_FORCE


@pytest.mark.usefixtures("record")
@pytest.mark.parametrize(("years", "after"), [(12, Band.REDUCED), (16, None), (18, None)])
def test_the_birthday_counts_at_midnight_in_norway(years: int, after: Band | None) -> None:
    at = ages.turns(date(2014, 11, 27), years)

    before = acts_for("cast-sunniva", at - timedelta(microseconds=1)).get("cast-ylva")
    assert before is {12: Band.FULL, 16: Band.REDUCED, 18: None}[years]
    assert acts_for("cast-sunniva", at).get("cast-ylva") is after


def _moved(*who: str) -> Callable[[dict[str, Json]], list[Json]]:
    def change(record: dict[str, Json]) -> list[Json]:
        for each in who:
            record[f"Patient/{each}"]["address"][0]["line"] = ["Et annet sted 1"]
        return [record[f"Patient/{each}"] for each in who]

    return change


def _protected(who: str) -> Callable[[dict[str, Json]], list[Json]]:
    def change(record: dict[str, Json]) -> list[Json]:
        record[f"Patient/{who}"]["meta"]["security"] = [
            {
                "system": "http://ehelse.no/fhir/CodeSystem/gd-address-confidentiality",
                "code": "fortrolig",
            }
        ]
        return [record[f"Patient/{who}"]]

    return change


def _parental(code: str, *names: str) -> Callable[[dict[str, Json]], list[Json]]:
    def change(record: dict[str, Json]) -> list[Json]:
        found = [record[f"RelatedPerson/cast-emrik-rel{name}"] for name in names]
        for each in found:
            each["relationship"][1]["coding"][0] = {
                **each["relationship"][1]["coding"][0],
                "code": code,
            }
        return found

    return change


def _with(key: str, **members: Any) -> Callable[[dict[str, Json]], list[Json]]:
    def change(record: dict[str, Json]) -> list[Json]:
        record[key].update(members)
        return [record[key]]

    return change


@pytest.mark.parametrize(
    ("change", "mother", "father"),
    [
        (_moved("cast-havard"), Band.FULL, Band.FULL),
        (_moved("cast-havard", "cast-sunniva"), None, None),
        (_moved("cast-emrik"), None, None),
        (_protected("cast-emrik"), None, None),
        (_protected("cast-havard"), Band.FULL, None),
        (_parental("mor", "1", "2"), Band.FULL, None),
        (_parental("far", "1", "2"), None, Band.FULL),
        (_parental("ukjent", "1"), None, Band.FULL),
        (_parental("andre", "1", "2"), None, None),
        (_with("RelatedPerson/cast-emrik-rel1", active=False), None, Band.FULL),
        (_with("RelatedPerson/cast-emrik-rel1", period={"end": "2026-11-19"}), None, Band.FULL),
        (_with("RelatedPerson/cast-emrik-rel1", birthDate="1988-10-12"), None, Band.FULL),
        (
            _with("RelatedPerson/cast-emrik-rel1", identifier=[{"system": "urn:x", "value": "1"}]),
            None,
            Band.FULL,
        ),
        (_with("Patient/cast-sunniva", deceasedBoolean=True), None, Band.FULL),
        (_with("Patient/cast-sunniva", active=False), None, Band.FULL),
        (_with("Patient/cast-emrik", deceasedBoolean=True), None, None),
        (_with("Patient/cast-emrik", birthDate="2018"), None, None),
    ],
)
def test_a_change_in_the_register_counts_at_the_next_question(
    record: dict[str, Json],
    change: Callable[[dict[str, Json]], list[Json]],
    mother: Band | None,
    father: Band | None,
) -> None:
    assert acts_for("cast-sunniva")["cast-emrik"] is Band.FULL
    assert acts_for("cast-havard")["cast-emrik"] is Band.FULL

    put(*change(record))

    answers = [between(who, "cast-emrik") for who in ("cast-sunniva", "cast-havard")]
    bands = [each.band if isinstance(each, Representation) else None for each in answers]
    assert bands == [mother, father]


def test_a_deleted_relation_is_none(record: dict[str, Json]) -> None:
    write(SESSION, [Operation("delete", "RelatedPerson", id="cast-emrik-rel1")])

    assert between("cast-sunniva", "cast-emrik") is Refusal.NO_RELATION
    assert isinstance(between("cast-havard", "cast-emrik"), Representation)


def test_a_power_that_is_taken_back_is_over(record: dict[str, Json]) -> None:
    put({**record["Consent/cast-aslaug-power1"], "status": "inactive"})

    assert between("cast-marit", "cast-aslaug") is Refusal.NO_RELATION


def test_a_number_of_two_people_identifies_neither(record: dict[str, Json]) -> None:
    related = record["RelatedPerson/cast-emrik-rel1"]
    other = record["Patient/cast-jesper"]["identifier"][0]
    put({**related, "identifier": [*related["identifier"], other]})

    assert between("cast-sunniva", "cast-emrik") is Refusal.NO_RELATION
    assert between("cast-jesper", "cast-emrik") is Refusal.NO_RELATION


def test_next_of_kin_act_after_the_list_doctor_has_confirmed(record: dict[str, Json]) -> None:
    torvald = record["Patient/cast-torvald"]
    kin = {
        **copy.deepcopy(record["RelatedPerson/cast-torvald-rel1"]),
        "id": "kin",
        "identifier": record["Patient/cast-jesper"]["identifier"],
        "relationship": [
            {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0131", "code": "N"}]}
        ],
    }
    power = {
        **copy.deepcopy(record["Consent/cast-torvald-power1"]),
        "id": "td",
        "category": [{"coding": [{"system": "urn:oid:2.16.578.1.12.4.1.1.7611", "code": "TD"}]}],
    }
    power["provision"]["actor"][0]["reference"] = {"reference": "RelatedPerson/kin"}
    put(kin, power)
    assert between("cast-jesper", "cast-torvald") is Refusal.NOT_CONFIRMED

    verified = [{"verified": True, "verificationDate": "2026-10-01"}]
    put({**power, "verification": verified, "performer": [{"reference": "Practitioner/other"}]})
    assert between("cast-jesper", "cast-torvald") is Refusal.NOT_CONFIRMED

    put({**power, "verification": verified, "performer": torvald["generalPractitioner"]})
    answer = between("cast-jesper", "cast-torvald")
    assert isinstance(answer, Representation)
    assert answer.code is Code.ASSIGNED


def test_a_power_given_to_a_citizen_by_reference_works_both_ways(record: dict[str, Json]) -> None:
    power = copy.deepcopy(record["Consent/cast-aslaug-power1"])
    power["id"] = "direct"
    power["provision"]["actor"][0]["reference"] = {"reference": "Patient/cast-jesper"}
    put(power)

    assert acts_for("cast-jesper") == {"cast-aslaug": Band.FULL}


def test_another_citizens_related_person_can_not_be_named_in_a_power(
    record: dict[str, Json],
) -> None:
    crossed = copy.deepcopy(record["Consent/cast-aslaug-power1"])
    crossed["id"] = "crossed"
    crossed["provision"]["actor"][0]["reference"] = {"reference": "RelatedPerson/cast-emrik-rel2"}
    put(crossed)

    assert between("cast-havard", "cast-aslaug") is Refusal.NO_RELATION
    both = facts.facts_of_each(SESSION.connection(), [rid("cast-aslaug"), rid("cast-emrik")], NOW)
    (power,) = [
        each for each in both[rid("cast-aslaug")].relations if each.source == "Consent/crossed"
    ]
    assert power.representative is None, "read beside the record it was taken from"


@pytest.mark.usefixtures("record")
def test_the_facts_of_many_are_those_of_each_and_read_in_two_statements() -> None:
    database, now = SESSION.connection(), NOW.astimezone(UTC)
    everybody = [rid(each) for each in CITIZENS]
    no_patient = 0

    with counted() as statements:
        found = facts.facts_of_each(database, [*everybody, no_patient], now)

    assert len(statements) == 2
    assert len(found[rid("cast-emrik")].relations) == 2
    assert found == {each: facts.facts_of(database, each, now) for each in everybody}


@pytest.mark.usefixtures("record")
def test_whom_one_acts_for_costs_the_same_however_many_they_are() -> None:
    asked = {}
    database = SESSION.connection()
    for who in ("cast-marit", "cast-havard"):
        with counted() as statements:
            found = facts.representations_both_ways(database, who, NOW)
        asked[who] = len(statements)
        assert found == (
            facts.representations_of(database, who, NOW),
            facts.representatives_of(database, who, NOW),
        )

    assert asked["cast-marit"] == asked["cast-havard"] == 5


@pytest.mark.usefixtures("record")
def test_every_record_she_may_open_is_what_she_is_given_one_by_one() -> None:
    for who in CITIZENS:
        sessions = citizens.every_record(who)
        opened = [each.subject.removeprefix("Patient/") for each in sessions]
        assert opened[0] == who
        assert [each.mandate for each in sessions] == [
            citizens.citizen(who, subject).mandate for subject in opened
        ]
        others = [leave.subject for leave in citizens.whom(who)]
        assert [each.mandate.subject for each in sessions[1:] if each.mandate] == others
    with pytest.raises(NotAllowed):
        citizens.every_record("no-such-citizen")
