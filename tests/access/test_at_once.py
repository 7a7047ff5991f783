"""Entering and reading in one statement: nothing is read on what the one before had entered with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from fellesjournal.access import records
from fellesjournal.access.openings import break_glass
from fellesjournal.access.policy.kinds import GroundKind
from fellesjournal.access.sessions import Ended, Session
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection, transaction
from tests.staff import employ, put, register, staff

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("empty_record"),
]
CODE = {"coding": [{"system": "http://loinc.org", "code": "8867-4"}]}
LINES = (
    "select w.person, l.outcome from access.log l join access.log_who w on w.number = l.who"
    " where w.role = 'doctor' order by l.id"
)


@pytest.fixture
def two() -> tuple[Session, Session]:
    """A doctor with a patient, and one without."""
    mine, other = employ("d"), employ("e", unit="w")
    register("a", "Practitioner/d")
    put("Observation", "oa", status="final", code=CODE, subject={"reference": "Patient/a"})
    return mine, other


def _reads(session: Session) -> bool:
    try:
        return records.read(session, "Observation", "oa").id == "oa"
    except NotFound:
        return False


def test_the_door_is_passed_before_anything_is_looked_at(two: tuple[Session, Session]) -> None:
    """By turns on one connection: whoever comes after somebody who may see is refused all the same."""
    mine, other = two
    for _ in range(12):  # past the executions after which PostgreSQL settles on a plan
        assert _reads(mine.again())
        assert not _reads(other.again())
        mine.again().connection()
        assert not _reads(other.again())
        other.again().connection()
        assert _reads(mine.again())


def test_each_reads_in_her_own_name(two: tuple[Session, Session]) -> None:
    mine, other = two
    _reads(mine.again())
    _reads(other.again())
    _reads(mine.again())
    assert connection().execute(LINES).fetchall() == [
        ("Practitioner/d", 0),
        ("Practitioner/e", 1),
        ("Practitioner/d", 0),
    ]


def test_who_is_not_let_in_reads_nothing_and_leaves_no_line(two: tuple[Session, Session]) -> None:
    mine, _ = two
    mine.again().connection()
    nobody = staff("d", unit="u", code="nurse")  # she was never one
    for _ in range(2):
        with pytest.raises(Ended):
            records.read(nobody, "Observation", "oa")
        with pytest.raises(Ended):
            records.read_version(nobody, "Observation", "oa", 1)
    assert connection().execute(LINES).fetchall() == []


def test_a_ground_that_ended_counts_at_the_next_reading(two: tuple[Session, Session]) -> None:
    """INV-38, though connection, statement and plan are the same."""
    mine, _ = two
    put(
        "PractitionerRole",
        "d-role",
        practitioner={"reference": "Practitioner/d"},
        organization={"reference": "Organization/u"},
        code=[{"coding": [{"system": "urn:x", "code": "y"}]}],
    )
    with pytest.raises(Ended):
        records.read(mine.again(), "Observation", "oa")


def test_time_passes_between_two_readings(two: tuple[Session, Session]) -> None:
    mine, _ = two
    later = datetime.now(UTC) + timedelta(days=1)
    register("a", "Practitioner/e")
    with clock.at(later):
        assert not _reads(mine.again())


def test_in_a_transaction_the_entrance_is_its_own(two: tuple[Session, Session]) -> None:
    mine, other = two
    with transaction():
        assert _reads(mine.again())
        assert not _reads(other.again())
    assert not _reads(other.again())


@pytest.fixture
def said(two: tuple[Session, Session], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the database is told from here on."""
    del two
    heard: list[str] = []
    kind = type(connection())
    execute = kind.execute

    def told(self: Any, query: str, *rest: Any, **more: Any) -> Any:
        heard.append(query)
        return execute(self, query, *rest, **more)

    monkeypatch.setattr(kind, "execute", told)
    return heard


def test_a_read_is_one_statement(two: tuple[Session, Session], said: list[str]) -> None:
    assert _reads(two[0].again())
    assert len(said) == 1


@pytest.mark.parametrize("patient", ["a", "Patient/a", "b", "never-heard-of"])
def test_a_search_enters_with_the_patient_it_names(
    two: tuple[Session, Session], said: list[str], patient: str
) -> None:
    """Whether she may be seen, may not, or is none: as many statements before the page is read."""
    register("b", "Practitioner/e")
    query = [("patient", patient)]
    records.search(two[0].again(), "Observation", query)  # a new connection asks for its key, once
    said.clear()
    page = records.search(two[0].again(), "Observation", query)
    is_mine = patient.endswith("a")
    assert [each.id for each in page.matches] == (["oa"] if is_mine else [])
    assert len(said) == 3  # enter and number, page, bodies with the line
    assert "enter_staff" in said[0]
    assert not any("enter_staff" in each for each in said[1:])


def test_who_is_not_let_in_searches_nothing(two: tuple[Session, Session]) -> None:
    two[0].again().connection()
    nobody = staff("d", unit="u", code="nurse")
    for query in ([("patient", "a")], [("code", "8867-4")]):
        with pytest.raises(Ended):
            records.search(nobody, "Observation", query)
    assert connection().execute(LINES).fetchall() == []


GROUNDS = "select kinds[1], sources[1] from access.grounds_for(%s::bigint[])"
PATIENT = "select rid from store.resource where fhir_id = 'a'"


@pytest.mark.parametrize("breaks", [False, True])
def test_the_ground_that_was_met_is_the_one_that_would_be_looked_up(
    two: tuple[Session, Session], *, breaks: bool
) -> None:
    """What the policy met on the way is what the log is told: the look-up is not done twice."""
    mine, _ = two
    put("Task", "t", status="requested", intent="order", **{"for": {"reference": "Patient/a"}},
        owner={"reference": "PractitionerRole/d-role"})  # fmt: skip
    if breaks:
        break_glass(mine.again(), "a", "danger", "Found unconscious at the bus stop")
    (patient,) = connection().execute(PATIENT).fetchone() or (0,)
    assert _reads(mine.again())
    met = connection().execute(GROUNDS, [[patient]]).fetchone()
    looked_up = connection().execute(GROUNDS, [[patient, 0]]).fetchone()
    assert met == looked_up
    assert met is not None
    assert (met[0] == GroundKind.BREAK_GLASS) == breaks
