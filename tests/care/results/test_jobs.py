"""A result that arrives, by whatever way, is somebody's until it is acknowledged (INV-28 to 30)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from fellesjournal.access.answering import Why
from fellesjournal.access.once import write_once
from fellesjournal.access.relations.rows import STANDS_IN_FOR
from fellesjournal.access.sessions import Session
from fellesjournal.access.writing import Operation, write
from fellesjournal.care.results.actions import AcknowledgementRefused, acknowledge
from fellesjournal.care.results.jobs import attend, tend
from fellesjournal.care.results.news import Standing
from fellesjournal.care.results.queries import Waiting, inbox, result_of
from fellesjournal.care.results.resources import Outcome
from fellesjournal.fhir import bodies
from fellesjournal.fhir.issues import NotAllowed, NotFound, PreconditionFailed
from fellesjournal.foundation import clock
from tests.care.results.laboratory import handle, report, value
from tests.staff import SYSTEM, employ, put, register, staff

NOON = datetime(2026, 5, 4, 10, tzinfo=UTC)  # a Monday


@pytest.fixture
def gp(db: None) -> Session:
    """A GP with Kari on her list, a colleague at the same office, and a laboratory."""
    del db
    session = employ("gp", "gp")
    employ("colleague", "gp")
    put("Organization", "lab", name="Laboratoriet")
    register("kari", "Practitioner/gp", name=[{"given": ["Kari"], "family": "Prøve"}])
    return session


def arrives(number: float = 13.0, status: str = "final", key: str = "r", **more: str) -> None:
    value(number)
    report(status, key=key, **more)
    handle()


def mine(session: Session) -> list[Waiting]:
    return [each for each in inbox(session.again()) if each.is_mine]


def take_note(session: Session, row: Waiting, words: str = "") -> None:
    acknowledge(
        session,
        patient=row.task.patient,
        task=row.task.id,
        seen=row.task.version,
        outcome=Outcome.ACTION if words else Outcome.NO_ACTION,
        words=words,
        by_name="Gp",
    )


def test_a_report_that_arrives_is_the_list_gps_when_nobody_asked_for_it(gp: Session) -> None:
    arrives()
    (row,) = mine(gp)
    assert (row.patient_name, row.title, row.why) == ("Kari Prøve", "Blodprøver", Why.OWN)
    assert not row.task.is_abnormal


def test_a_report_is_hers_who_asked_for_it(gp: Session) -> None:
    asked = employ("asker", "hospital-doctor", unit="ward")
    put(
        "ServiceRequest",
        "q",
        status="active",
        intent="order",
        category=[
            {
                "coding": [
                    {
                        "system": "https://fellesjournal.example/fhir/CodeSystem/order-type",
                        "code": "laboratory-requisition",
                    }
                ]
            }
        ],
        subject={"reference": "Patient/kari"},
        requester={"reference": "Practitioner/asker"},
        performer=[{"reference": "Organization/lab"}],
    )
    arrives(request="q")
    assert len(mine(asked)) == 1
    assert mine(gp) == []


def test_one_report_has_one_task_however_often_it_is_told(gp: Session) -> None:
    arrives()
    for _ in range(3):
        attend(SYSTEM, "DiagnosticReport/r")
    assert len(inbox(gp)) == 1


def test_a_report_without_answers_awaits_nobody(gp: Session) -> None:
    report("registered")
    handle()
    assert inbox(gp) == []


def test_an_abnormal_result_comes_first_and_is_due_sooner(gp: Session) -> None:
    with clock.at(NOON):
        value(13.0)
        report(key="normal")
        handle()
        put("Observation", "kari-low", status="final", code={"text": "B-Hb"},
            subject={"reference": "Patient/kari"},
            interpretation=[{"coding": [{"code": "LL"}]}])  # fmt: skip
        put("DiagnosticReport", "low", status="final", code={"text": "Akutt"},
            subject={"reference": "Patient/kari"},
            result=[{"reference": "Observation/kari-low"}])  # fmt: skip
        handle()
        first, second = mine(gp)
    assert (first.task.report, second.task.report) == ("low", "normal")
    assert first.task.deadline == datetime(2026, 5, 5, 22, tzinfo=UTC)
    assert second.task.deadline == datetime(2026, 5, 11, 22, tzinfo=UTC)


def test_acknowledging_says_who_and_what_and_empties_the_inbox(gp: Session) -> None:
    arrives()
    take_note(gp, mine(gp)[0], "Ringer pasienten")
    assert inbox(gp) == []
    task = result_of(gp, "kari", "r").task
    assert task is not None
    assert (task.outcome, task.words, task.by) == ("action", "Ringer pasienten", "Gp")


def test_inv_29_an_action_without_words_is_refused(gp: Session) -> None:
    arrives()
    row = mine(gp)[0]
    with pytest.raises(AcknowledgementRefused):
        acknowledge(gp, patient="Patient/kari", task=row.task.id, seen=row.task.version,
                    outcome=Outcome.ACTION, words=" ")  # fmt: skip
    assert len(mine(gp)) == 1


def test_inv_44_a_result_is_not_acknowledged_from_another_patients_page(gp: Session) -> None:
    arrives()
    row = mine(gp)[0]
    with pytest.raises(NotFound):
        acknowledge(gp, patient="Patient/ola", task=row.task.id, seen=row.task.version,
                    outcome=Outcome.NO_ACTION)  # fmt: skip


def test_a_role_that_does_not_treat_acknowledges_nothing(gp: Session) -> None:
    arrives()
    row = mine(gp)[0]
    secretary = employ("sec", "secretary")
    with pytest.raises(NotAllowed):
        take_note(secretary, row)


def test_inv_30_a_correction_opens_an_acknowledged_result_again(gp: Session) -> None:
    arrives()
    take_note(gp, mine(gp)[0])
    value(9.1, status="corrected")
    report("corrected")
    handle()
    (row,) = mine(gp)
    assert row.task.standing is Standing.CORRECTED
    assert row.task.is_abnormal
    assert result_of(gp, "kari", "r").is_corrected


def test_a_final_report_after_a_preliminary_one_nobody_has_seen_is_new(gp: Session) -> None:
    arrives(status="preliminary")
    arrives(12.9)
    (row,) = mine(gp)
    assert (row.task.standing, row.task.report_status) == (Standing.NEW, "final")
    take_note(gp, row)
    arrives(12.8)
    assert [each.task.standing for each in mine(gp)] == [Standing.ADDED]


def test_inv_30_a_value_corrected_by_itself_opens_its_report_again(gp: Session) -> None:
    arrives()
    take_note(gp, mine(gp)[0])
    value(9.1, status="corrected")
    handle()
    assert len(mine(gp)) == 1


def test_inv_30_a_page_from_before_the_correction_acknowledges_nothing(gp: Session) -> None:
    arrives()
    stale = mine(gp)[0]
    value(9.1, status="corrected")
    report("corrected")
    handle()
    with pytest.raises(PreconditionFailed):
        take_note(gp, stale)


def test_inv_30_acknowledging_before_the_correction_is_told_does_not_hide_it(gp: Session) -> None:
    arrives()
    row = mine(gp)[0]
    value(9.1, status="corrected")
    report("corrected")  # committed; nothing has reacted yet
    take_note(gp, row)
    handle()
    assert len(mine(gp)) == 1


def test_inv_30_a_withdrawn_result_has_no_values_and_must_be_noted(gp: Session) -> None:
    arrives()
    take_note(gp, mine(gp)[0])
    report("cancelled")
    handle()
    (row,) = mine(gp)
    assert row.task.standing is Standing.WITHDRAWN
    shown = result_of(gp, "kari", "r")
    assert shown.observations == ()
    assert shown.withdrawn == ("B-Hemoglobin",)


def test_a_version_that_says_nothing_new_opens_nothing(gp: Session) -> None:
    arrives()
    take_note(gp, mine(gp)[0])
    report("final")
    handle()
    assert inbox(gp) == []


# --- who answers -------------------------------------------------------------------------------


def away(name: str, start: datetime, end: datetime, code: str = "gp", unit: str = "u") -> None:
    during = {"start": start.isoformat(), "end": end.isoformat()}
    employ(name, code, unit, notAvailable=[{"description": "Ferie", "during": during}])


def test_inv_28_an_absence_makes_it_the_substitutes_at_once(gp: Session) -> None:
    arrives()
    away("gp", clock.now() - timedelta(hours=1), clock.now() + timedelta(days=7))
    substitute = employ(
        "sub", "gp",
        extension=[{"url": STANDS_IN_FOR, "valueReference": {"reference": "Practitioner/gp"}}],
    )  # fmt: skip
    (row,) = mine(substitute)
    assert row.why is Why.SUBSTITUTE
    assert mine(staff("colleague", "gp")) == []
    take_note(substitute, row)


def test_inv_28_without_a_substitute_all_of_the_unit_answer_while_she_is_away(
    gp: Session,
) -> None:
    arrives()
    colleague = staff("colleague", "gp")
    assert [each.why for each in inbox(colleague)] == [Why.NOT]
    away("gp", clock.now() - timedelta(hours=1), clock.now() + timedelta(days=7))
    (row,) = mine(colleague)
    assert row.why is Why.AWAY
    take_note(colleague, row)
    assert inbox(gp) == []


def test_inv_28_when_she_has_left_it_is_the_units(gp: Session) -> None:
    del gp
    arrives()
    employ("gp", "gp", period={"end": "2020-01-01"})
    handle()
    (row,) = mine(staff("colleague", "gp"))
    assert (row.task.owner, row.why) == ("Organization/u", Why.UNIT)


def test_inv_28_a_unit_that_closes_hands_on_to_the_one_above(gp: Session) -> None:
    del gp
    arrives()
    chief = employ("chief", "hospital-doctor", unit="top")
    put("Organization", "u", name="Unit u", active=False, partOf={"reference": "Organization/top"})
    for name in ("gp", "colleague"):
        employ(name, "gp", period={"end": "2020-01-01"})
    put("Organization", "u", name="Unit u", active=False, partOf={"reference": "Organization/top"})
    handle()
    (row,) = mine(chief)
    assert row.task.unit == "Organization/top"


def test_inv_29_an_abnormal_result_past_its_deadline_is_everybodys_at_the_unit(
    gp: Session,
) -> None:
    with clock.at(NOON):
        arrives(9.0)
        handle()
        colleague = staff("colleague", "gp")
        assert mine(colleague) == []
    with clock.at(NOON + timedelta(days=2)):
        handle()
        (row,) = mine(staff("colleague", "gp"))
        assert row.why is Why.ESCALATED
        assert row.is_late
        assert len(mine(gp)) == 1


def test_inv_29_a_normal_result_does_not_escalate(gp: Session) -> None:
    del gp
    with clock.at(NOON):
        arrives(13.0)
    with clock.at(NOON + timedelta(days=20)):
        handle()
        assert mine(staff("colleague", "gp")) == []


def test_inv_28_who_is_not_active_any_more_answers_for_nothing(gp: Session) -> None:
    del gp
    arrives()
    put("Practitioner", "gp", active=False, name=[{"family": "Gp"}])
    handle()
    (row,) = mine(staff("colleague", "gp"))
    assert row.task.owner == "Organization/u"


def test_inv_28_roles_loaded_from_files_tell_nothing_and_are_found_by_the_daily_look(
    gp: Session,
) -> None:
    del gp
    arrives()
    role = {
        "resourceType": "PractitionerRole", "id": "gp-role", "active": False,
        "practitioner": {"reference": "Practitioner/gp"},
        "organization": {"reference": "Organization/u"},
    }  # fmt: skip
    body = bodies.parse(orjson.dumps(role))
    write_once(SYSTEM, "file", [Operation("update", "PractitionerRole", id="gp-role", body=body)])
    handle()
    assert [each.task.owner for each in inbox(staff("colleague", "gp"))] == ["Practitioner/gp"]
    tend(SYSTEM)
    assert [each.task.owner for each in inbox(staff("colleague", "gp"))] == ["Organization/u"]


def test_inv_28_a_role_that_is_deleted_leaves_her_results_to_the_unit(gp: Session) -> None:
    del gp
    arrives()
    write(SYSTEM, [Operation("delete", "PractitionerRole", id="gp-role")])
    assert [each.why for each in mine(staff("colleague", "gp"))] == [Why.AWAY]
    handle()
    assert [each.why for each in mine(staff("colleague", "gp"))] == [Why.UNIT]
