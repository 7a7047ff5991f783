"""What somebody gives herself while nothing but broken glass opens a record ends with the opening."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from fellesjournal.access import records
from fellesjournal.access.grounds import grounds
from fellesjournal.access.openings import Opening, break_glass
from fellesjournal.access.policy.kinds import GroundKind
from fellesjournal.access.relations.checking import check_facts
from fellesjournal.access.sessions import Session
from fellesjournal.access.writing import Operation, write
from fellesjournal.fhir import bodies
from fellesjournal.fhir.issues import NotAllowed, NotFound
from fellesjournal.foundation import clock
from tests.staff import SYSTEM, employ, put, register

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
WORDS = "Found unconscious at the bus stop"
PATIENT = {"reference": "Patient/closed"}
HERSELF = {"reference": "Practitioner/n"}
HER_ROLE = {"reference": "PractitionerRole/n-role"}
UNIT = {"reference": "Organization/u"}
ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"

Json = dict[str, Any]


def _task(owner: Json) -> Json:
    return {
        "resourceType": "Task", "status": "requested", "intent": "order",
        "for": PATIENT, "owner": owner,
    }  # fmt: skip


def _stay(**more: Any) -> Json:
    return {
        "resourceType": "Encounter", "status": "in-progress",
        "class": {"system": ACT, "code": "IMP"},
        "subject": PATIENT, "period": {"start": "2026-11-20T12:00:00Z"}, **more,
    }  # fmt: skip


# Each way to a ground that outlasts a moment, for herself or for all of her unit.
LASTING: dict[str, Json] = {
    "task of hers": _task(HERSELF),
    "task of her role": _task(HER_ROLE),
    "task of her unit": _task(UNIT),
    "stay with her": _stay(participant=[{"individual": HERSELF}]),
    "stay at her unit": _stay(serviceProvider=UNIT),
    "care team with her": {
        "resourceType": "CareTeam", "status": "active", "subject": PATIENT,
        "participant": [{"member": HERSELF}],
    },
    "referral to her unit": {
        "resourceType": "ServiceRequest", "status": "active", "intent": "order",
        "subject": PATIENT, "performer": [UNIT],
    },
}  # fmt: skip


@pytest.fixture
def nurse(db: None) -> Iterator[Session]:
    """At work, with a ground for nobody; ``closed`` is a patient of others."""
    del db
    with clock.at(NOW):
        found = employ("n", "nurse")
        register("closed", birthDate="1950-01-01")
        yield found


def _sees(session: Session, resource: str = "Patient/closed") -> bool:
    try:
        records.read(session.again(), *resource.split("/"))
    except NotFound:
        return False
    return True


def _counts(session: Session) -> int | None:
    """How many patients a search without bodies finds: the first wall alone."""
    return records.search(session.again(), "Patient", [("_summary", "count")]).total


def _body_leaves(session: Session) -> bool:
    """Whether the second wall lets a body of hers out, with no condition of the first."""
    row = session.again().connection().execute(
        "select count(*) from store.version v join store.resource r on r.rid = v.rid"
        " where r.fhir_id = 'closed'"
    ).fetchone()  # fmt: skip
    assert row is not None
    return bool(row[0])


def _write(session: Session, data: Json, fhir_id: str = "") -> str:
    body = bodies.parse(orjson.dumps(data | ({"id": fhir_id} if fhir_id else {})))
    name = str(data["resourceType"])
    operation = (
        Operation("update", name, id=fhir_id, body=body)
        if fhir_id
        else Operation("create", name, body=body)
    )
    (done,) = write(session.again(), [operation])
    assert done.stored is not None
    return done.stored.id


def _open(session: Session) -> Opening:
    return break_glass(session.again(), "closed", "danger", WORDS)


@pytest.mark.parametrize("data", LASTING.values(), ids=LASTING)
def test_it_opens_nothing_to_her_once_the_opening_has_ended(nurse: Session, data: Json) -> None:
    opening = _open(nurse)
    _write(nurse, LASTING["task of hers"])  # which lets her write more than broken glass does
    _write(nurse, data)
    with clock.at(opening.ends - timedelta(seconds=1)):
        assert _sees(nurse)
        assert _counts(nurse) == 1
    with clock.at(opening.ends):
        assert not _sees(nurse)
        assert _counts(nurse) == 0
        assert not _body_leaves(nurse)
        assert grounds(nurse.again(), "closed") == []
        with pytest.raises(NotAllowed):
            _write(nurse, _task(HERSELF))


@pytest.mark.parametrize("name", ["task of her unit", "stay at her unit", "referral to her unit"])
def test_it_holds_for_the_unit_she_hands_over_to(nurse: Session, name: str) -> None:
    colleague = employ("c", "nurse")
    opening = _open(nurse)
    _write(nurse, LASTING[name])
    with clock.at(opening.ends):
        assert _sees(colleague)
        assert _body_leaves(colleague)


def test_it_holds_for_her_too_once_a_colleague_has_taken_it_up(nurse: Session) -> None:
    colleague = employ("c", "nurse")
    opening = _open(nurse)
    fhir_id = _write(nurse, LASTING["stay at her unit"])
    with clock.at(opening.ends):
        _write(colleague, LASTING["stay at her unit"] | {"language": "nb"}, fhir_id)
        assert _sees(nurse)


def test_one_thing_she_gave_herself_is_no_ground_for_the_next(nurse: Session) -> None:
    """Writing it again, or something else on top of it, stands on the same broken glass."""
    opening = _open(nurse)
    task = _write(nurse, LASTING["task of hers"])
    _write(nurse, LASTING["task of hers"] | {"description": "again"}, task)
    _write(nurse, LASTING["stay at her unit"])
    with clock.at(opening.ends):
        assert not _sees(nurse)


def test_joining_a_team_that_has_a_ground_ends_for_her_as_well(nurse: Session) -> None:
    team = LASTING["care team with her"] | {"participant": [{"member": UNIT}]}
    put("CareTeam", "team", **{k: v for k, v in team.items() if k != "resourceType"})
    put("CarePlan", "plan", status="active", intent="plan", subject=PATIENT,
        careTeam=[{"reference": "CareTeam/team"}])  # fmt: skip
    put("CareTeam", "team", status="active", subject=PATIENT)
    opening = _open(nurse)
    _write(nurse, LASTING["task of hers"])  # broken glass alone lets nobody write plans
    _write(nurse, LASTING["care team with her"], "team")
    assert _sees(nurse)
    with clock.at(opening.ends):
        assert not _sees(nurse)


def test_what_the_platform_writes_of_it_later_changes_nothing(nurse: Session) -> None:
    opening = _open(nurse)
    task = _write(nurse, LASTING["task of hers"])
    with clock.at(opening.ends):
        put("Task", task, **{k: v for k, v in _task(HERSELF).items() if k != "resourceType"},
            description="a reminder")  # fmt: skip
        assert not _sees(nurse)


def test_a_second_opening_opens_what_she_began_until_it_ends(nurse: Session) -> None:
    first = _open(nurse)
    task = _write(nurse, LASTING["task of hers"])
    with clock.at(first.ends):
        second = _open(nurse)
        assert _sees(nurse, f"Task/{task}")
    with clock.at(second.ends):
        assert not _sees(nurse)


def test_who_has_another_ground_gives_lasting_ones_whatever_glass_is_broken(nurse: Session) -> None:
    register("closed", "Practitioner/n")
    opening = _open(nurse)
    task = _write(nurse, LASTING["task of hers"])
    register("closed")  # off the list again
    with clock.at(opening.ends):
        assert _sees(nurse, f"Task/{task}")


def test_the_reason_shown_beside_the_record_has_the_end_of_the_opening(nurse: Session) -> None:
    opening = _open(nurse)
    _write(nurse, LASTING["task of hers"])
    (given,) = [g for g in grounds(nurse.again(), "closed") if g.kind is GroundKind.TASK]
    assert given.ends == opening.ends


def test_the_check_of_facts_finds_nothing_wrong_with_it(nurse: Session) -> None:
    _open(nurse)
    for data in LASTING.values():  # a task first: with it she may write the rest
        _write(nurse, data)
    assert list(check_facts(SYSTEM.again())) == []
