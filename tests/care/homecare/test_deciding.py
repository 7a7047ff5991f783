"""From application to decision, and what follows from it, for access too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from fellesjournal.access import jobs
from fellesjournal.access.acts import content, read
from fellesjournal.access.citizens import citizen as citizen_session
from fellesjournal.access.sessions import Session
from fellesjournal.care.homecare import codes
from fellesjournal.care.homecare.applications import (
    Status,
    application,
    apply,
    own_applications,
    take_in,
    waiting_applications,
)
from fellesjournal.care.homecare.deciding import Grant, assess, assessments, decide
from fellesjournal.care.homecare.reading_days import everything, services
from fellesjournal.care.homecare.tasks import unit_work
from fellesjournal.fhir.issues import BadRequest, Conflict, NotFound
from fellesjournal.foundation import clock
from fellesjournal.foundation.outbox import worker
from fellesjournal.foundation.outbox.wiring import Subscription, subscriptions
from tests.care.homecare.cast import MORNING, PATIENT, UNIT, citizen, unit, work_at_home_care
from tests.staff import SYSTEM, employ, staff

pytestmark = pytest.mark.django_db

GRANT = Grant(
    service="15", granted=True, unit=UNIT, unit_name="Home care", hours=Decimal("3.5"),
    starts=MORNING.date(), ends=None, reason="Trenger bistand",
)  # fmt: skip
SCORES = dict.fromkeys(codes.FUNCTIONS, "3")


@pytest.fixture
def officer() -> Iterator[Session]:
    """A case officer at the allocation office of the town."""
    with clock.at(MORNING):
        work_at_home_care()
        found = employ("officer", "case-officer", "office", active=True)
        unit("office", "allocation-office")
        citizen()
        yield found


def _applied(words: str = "Hjelp til medisiner", key: str = "form-1") -> str:
    session = citizen_session("kari")
    made = apply(session, office="Organization/office", services=["15", "6"], words=words, key=key)
    worker.handle_all(jobs.call)
    return made


def _decide(officer: Session, made: str, grant: Grant = GRANT) -> str:
    seen = application(officer, PATIENT, made).version
    return decide(
        officer, patient=PATIENT, application_id=made, seen=seen, grant=grant, appeal="Tre uker"
    )


def _all(kind: str) -> list[dict[str, object]]:
    return [content(each) for each in everything(SYSTEM, kind, [("patient", PATIENT)])]


def test_an_application_is_on_the_offices_list_and_the_count_is_that_of_the_query(
    officer: Session,
) -> None:
    _applied()
    _applied(key="form-2", words="Mat")
    rows = waiting_applications(officer)
    assert [row.name for row in rows] == ["Kari Nesvoll"] * 2
    assert len(_all("Task")) == 2
    assert rows[0].application.services[0][0] == "15"
    assert not rows[0].is_late
    with clock.at(MORNING + timedelta(days=29)):
        assert rows[0].is_late


def test_a_form_sent_twice_is_one_application_with_one_task(officer: Session) -> None:
    assert _applied() == _applied()
    take_in(SYSTEM, _applied())
    assert len(waiting_applications(officer)) == 1


@pytest.mark.parametrize(("chosen", "words"), [([], "Hjelp"), (["15"], "  "), (["14"], "Hjelp")])
def test_an_application_says_what_is_wanted_and_why(
    officer: Session, chosen: list[str], words: str
) -> None:
    del officer
    with pytest.raises(BadRequest):
        apply(
            citizen_session("kari"), office="Organization/office", services=chosen, words=words,
            key="k",
        )  # fmt: skip


def test_all_17_functions_are_scored(officer: Session) -> None:
    made = _applied()
    with pytest.raises(BadRequest):
        assess(officer, patient=PATIENT, application_id=made, scores={**SCORES, "7": "6"})
    assert assessments(officer, PATIENT) == []
    assess(officer, patient=PATIENT, application_id=made, scores=SCORES)
    (found,) = assessments(officer, PATIENT)
    assert dict(found.scores) == SCORES
    assert own_applications(citizen_session("kari"))[0].status is Status.ASSESSED


def test_a_decision_gives_the_unit_its_ground_and_its_task_and_the_citizen_her_answer(
    officer: Session,
) -> None:
    nurse = staff("nurse", "home-care-nurse", "home")
    made = _applied()
    with pytest.raises(NotFound):
        read(nurse, "Patient", "kari")  # no ground yet
    _decide(officer, made)
    (granted,) = services(nurse, PATIENT)
    assert (granted.kind, granted.unit, granted.status) == ("15", UNIT, "active")
    assert [each.kind for each in unit_work(nurse)] == [codes.PLAN_SERVICE]
    assert waiting_applications(officer) == []
    (told,) = own_applications(citizen_session("kari"))
    assert told.status is Status.DECIDED
    (decision,) = told.decisions
    assert (decision.hours, decision.reason, decision.appeal) == (
        "3,5", "Trenger bistand", "Tre uker",
    )  # fmt: skip


def test_a_refusal_grants_nothing_and_has_reason_and_appeal(officer: Session) -> None:
    made = _applied()
    _decide(officer, made, replace(GRANT, granted=False, hours=None, unit=""))
    assert services(SYSTEM, PATIENT) == []
    (decision,) = own_applications(citizen_session("kari"))[0].decisions
    assert (decision.granted, decision.appeal) == (False, "Tre uker")


def test_an_application_is_decided_once(officer: Session) -> None:
    made = _applied()
    seen = application(officer, PATIENT, made).version
    _decide(officer, made)
    with pytest.raises((Conflict, NotFound)):
        decide(officer, patient=PATIENT, application_id=made, seen=seen, grant=GRANT, appeal="-")
    assert len(services(SYSTEM, PATIENT)) == 1


def test_several_decisions_may_answer_one_application(officer: Session) -> None:
    made = _applied()
    _decide(officer, made, replace(GRANT, is_last=False))
    assert len(waiting_applications(officer)) == 1
    _decide(officer, made, replace(GRANT, service="6", hours=Decimal(1)))
    assert waiting_applications(officer) == []
    assert sorted(each.kind for each in services(SYSTEM, PATIENT)) == ["15", "6"]


@pytest.mark.parametrize(
    "grant",
    [
        replace(GRANT, reason=" "),
        replace(GRANT, hours=None),
        replace(GRANT, hours=Decimal(169)),
        replace(GRANT, unit=""),
        replace(GRANT, service="14"),
        replace(GRANT, ends=MORNING.date() - timedelta(days=1)),
    ],
)
def test_a_decision_without_what_it_needs_is_refused(officer: Session, grant: Grant) -> None:
    made = _applied()
    with pytest.raises(BadRequest):
        _decide(officer, made, grant)
    assert services(SYSTEM, PATIENT) == []


def test_inv_51_a_decision_that_can_not_be_told_of_is_not_made(
    officer: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = _applied()
    told: list[dict[str, str]] = []
    wired = dict(subscriptions()) | {
        "decision-made": [Subscription("decision-made", "x", lambda _s, p: told.append(p), "TREAT")]
    }
    monkeypatch.setattr("fellesjournal.foundation.outbox.events.subscriptions", lambda: wired)
    before = (len(_all("ServiceRequest")), len(_all("EpisodeOfCare")), len(_all("Task")))

    def lost(*_args: object, **_named: object) -> None:
        raise LookupError

    monkeypatch.setattr("fellesjournal.access.acts.publish", lost)
    with pytest.raises(LookupError):
        _decide(officer, made)
    assert before == (len(_all("ServiceRequest")), len(_all("EpisodeOfCare")), len(_all("Task")))


def test_inv_8_an_assessment_that_is_sent_again_is_one(officer: Session) -> None:
    made = _applied()
    for _ in range(2):
        assess(officer, patient=PATIENT, application_id=made, scores=SCORES, form="one")
    assert len(everything(officer, "Observation", [("patient", PATIENT)])) == len(SCORES)
