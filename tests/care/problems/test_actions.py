"""Problems once, allergies in three states, measurements with their digits."""

from __future__ import annotations

from decimal import Decimal

import pytest

from fellesjournal.access import records
from fellesjournal.access.sessions import Session
from fellesjournal.care.chart.clinical import AllergyState
from fellesjournal.care.chart.queries import chart_of
from fellesjournal.care.problems.actions import (
    AllergiesListed,
    AlreadyNoted,
    end_problem,
    note_allergy,
    note_no_allergies,
    note_problem,
    note_vitals,
)
from fellesjournal.care.problems.codes import icpc2
from fellesjournal.care.problems.queries import active_problems
from fellesjournal.fhir.issues import BadRequest, Conflict, NotFound
from tests.staff import employ, register

ANNA = "Patient/anna"


@pytest.fixture
def gp(db: None) -> Session:
    """A GP with two patients."""
    del db
    session = employ("gp")
    register("anna", "Practitioner/gp")
    register("bo", "Practitioner/gp")
    return session


def test_a_problem_is_listed_once_and_ends_once(gp: Session) -> None:
    hypertension = icpc2()["K86"]
    problem = note_problem(gp, patient=ANNA, text="", diagnosis=hypertension, since="2019-03")
    with pytest.raises(AlreadyNoted):
        note_problem(gp, patient=ANNA, text="", diagnosis=hypertension)
    (standing,) = active_problems(gp, "anna")
    assert (standing.code, standing.id) == ("K86", problem)
    with pytest.raises(NotFound):
        end_problem(gp, patient="Patient/bo", problem=problem)
    end_problem(gp, patient=ANNA, problem=problem)
    with pytest.raises(Conflict):
        end_problem(gp, patient=ANNA, problem=problem)
    assert active_problems(gp, "anna") == []
    note_problem(gp, patient=ANNA, text="", diagnosis=hypertension)


def test_the_three_states_of_allergies_are_told_apart(gp: Session) -> None:
    def state() -> AllergyState:
        return chart_of(gp, "anna").allergies.state

    assert state() is AllergyState.NOT_ASKED
    note_no_allergies(gp, patient=ANNA)
    note_no_allergies(gp, patient=ANNA)
    assert state() is AllergyState.NONE_KNOWN
    note_allergy(gp, patient=ANNA, substance="Penicillin", reaction="Utslett", is_grave=True)
    assert state() is AllergyState.LISTED
    (listed,) = chart_of(gp, "anna").allergies.listed
    assert (listed.what, listed.grave, listed.reactions) == ("Penicillin", True, "Utslett")
    with pytest.raises(AllergiesListed):
        note_no_allergies(gp, patient=ANNA)
    with pytest.raises(AlreadyNoted):
        note_allergy(gp, patient=ANNA, substance="penicillin ", reaction="", is_grave=False)
    standing = records.search(gp, "AllergyIntolerance", [("patient", "anna")])
    assert sum(b'"inactive"' in (each.body or b"") for each in standing.matches) == 1


def test_measurements_keep_their_digits_and_pressures_stand_together(gp: Session) -> None:
    measured = {
        "systolic": Decimal(142),
        "diastolic": Decimal(78),
        "temperature": Decimal("37.0"),
    }
    assert note_vitals(gp, patient=ANNA, by_name="Ragna", measured=measured) == 2
    page = records.search(gp, "Observation", [("patient", "anna")])
    bodies = b" ".join(each.body or b"" for each in page.matches)
    assert b'"value":37.0' in bodies
    assert b'"value":142' in bodies
    assert [trend.latest.performer for trend in chart_of(gp, "anna").vitals] == ["Ragna"] * 2
    names = [trend.key for trend in chart_of(gp, "anna").vitals]
    assert len(names) == 2


@pytest.mark.parametrize(
    ("name", "value"), [("temperature", "370"), ("systolic", "1"), ("saturation", "101")]
)
def test_what_no_living_body_has_is_refused_whole(gp: Session, name: str, value: str) -> None:
    with pytest.raises(BadRequest):
        note_vitals(
            gp, patient=ANNA, by_name="Ragna", measured={"pulse": Decimal(70), name: Decimal(value)}
        )
    assert records.search(gp, "Observation", [("patient", "anna")]).matches == []


def test_nothing_measured_is_refused(gp: Session) -> None:
    with pytest.raises(BadRequest):
        note_vitals(gp, patient=ANNA, by_name="Ragna", measured={})


def test_inv_8_measurements_that_are_sent_again_are_stored_once(gp: Session) -> None:
    for _ in range(2):
        note_vitals(gp, patient=ANNA, by_name="Ragna", measured={"pulse": Decimal(70)}, form="one")
    assert len(records.search(gp, "Observation", [("patient", "anna")]).matches) == 1


def test_inv_8_a_problem_that_is_sent_again_is_noted_once(gp: Session) -> None:
    note_problem(gp, patient=ANNA, text="Vondt i kneet", diagnosis=None, form="one")
    with pytest.raises(AlreadyNoted):
        note_problem(gp, patient=ANNA, text="Vondt i kneet", diagnosis=None, form="one")
    assert len(active_problems(gp, "anna")) == 1
