"""A reading that was not justified is told to the citizen and followed up; both, or neither."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from fellesjournal.access import records, unjustified
from fellesjournal.access.citizens import citizen
from fellesjournal.access.follow_ups import close, follow_ups
from fellesjournal.access.officers import NobodyToTell, officer
from fellesjournal.access.openings import Opening, break_glass
from fellesjournal.access.policy.opening import RULES
from fellesjournal.access.policy.roles import role_codes
from fellesjournal.access.readlog.acts import Act
from fellesjournal.access.readlog.queries import lines, number_of
from fellesjournal.access.relations.checking import check_facts
from fellesjournal.access.reported import decide_report, reported
from fellesjournal.access.reports import report_reading
from fellesjournal.access.review_decisions import decide
from fellesjournal.access.reviews import Outcome
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import BadRequest, NotAllowed, NotFound
from fellesjournal.foundation import clock
from tests.staff import SYSTEM, employ, put, register, staff

NOW = datetime.now(UTC)  # the log has the time of the database
DAY = NOW.astimezone(clock.NORWAY)
WORDS = "Found unconscious at the bus stop"
WHY = "He was known to another ward, with diabetes"
PHONE = [{"system": "phone", "value": "73 00 00 00"}]


@pytest.fixture
def nurse(db: None) -> Iterator[Session]:
    del db
    with clock.at(NOW):
        found = employ("n", "nurse")
        put("Organization", "trust", name="The trust", telecom=PHONE)
        _part_of("u", "trust")
        register("p", "Practitioner/gp", birthDate="1950-01-01", name=[{"family": "Vik"}])
        yield found


def _part_of(unit: str, whole: str) -> None:
    put("Organization", unit, name=f"Unit {unit}", partOf={"reference": f"Organization/{whole}"})


@pytest.fixture
def opening(nurse: Session) -> Opening:
    return break_glass(nurse.again(), "p", "danger", WORDS)


@pytest.fixture
def leader(nurse: Session) -> Session:
    del nurse
    found = employ("l", "unit-leader")
    _part_of("u", "trust")
    return found


@pytest.fixture
def dpo(nurse: Session) -> Session:
    """At the trust that the nurse's unit belongs to; another one is elsewhere."""
    del nurse
    employ("far", "data-protection-officer", unit="elsewhere")
    employ("o", "data-protection-officer", unit="trust")
    put("Organization", "trust", name="The trust", telecom=PHONE)
    return staff("o", "data-protection-officer", "trust")


def stored(kind: str, session: Session = SYSTEM) -> list[dict[str, Any]]:
    page = records.search(session.again(), kind, [("subject", "Patient/p")])
    return [orjson.loads(each.body or b"") for each in page.matches]


def follow_up_tasks() -> list[dict[str, Any]]:
    return [task for task in stored("Task") if "access-follow-up" in orjson.dumps(task).decode()]


def not_justified(leader: Session, opening: Opening) -> None:
    decide(leader.again(), opening.task, 1, Outcome.NOT_JUSTIFIED, WHY)


def texts_of(notice: dict[str, Any]) -> dict[str, str]:
    payload = notice["payload"][0]
    parts = [
        {part["url"]: part for part in each["extension"]}
        for each in payload["_contentString"]["extension"]
    ]
    told = {part["lang"]["valueCode"]: part["content"]["valueString"] for part in parts}
    return told | {notice["language"]: payload["contentString"]}


@pytest.mark.usefixtures("dpo")
def test_the_citizen_is_told_in_plain_words_what_was_found_by_whom_and_whom_to_ask(
    opening: Opening, leader: Session
) -> None:
    not_justified(leader, opening)
    (notice,) = stored("Communication", citizen("p", "p"))
    assert notice["recipient"] == [{"reference": "Patient/p"}]
    assert notice["sender"] == {"reference": "Organization/trust", "display": "Unit u, The trust"}
    assert texts_of(notice) == {
        "en": f"n (Unit u, The trust) opened the record by emergency access on {DAY.day} {DAY:%B %Y}."
        " Unit u, The trust has looked into it and found that it was not justified."
        " The data protection officer is to follow this up with The trust."
        " If you have questions, contact the data protection officer: The trust, 73 00 00 00.",
        "nb": f"n (Unit u, The trust) åpnet journalen med nødtilgang {DAY:%d.%m.%Y}."
        " Unit u, The trust har vurdert dette og kommet til at det ikke var begrunnet."
        " Personvernombudet skal følge det opp med The trust."
        " Har du spørsmål, kan du kontakte personvernombudet: The trust, 73 00 00 00.",
        "nn": f"n (Unit u, The trust) opna journalen med nødtilgang {DAY:%d.%m.%Y}."
        " Unit u, The trust har vurdert dette og kome til at det ikkje var grunngjeve."
        " Personvernombodet skal følgje det opp med The trust."
        " Har du spørsmål, kan du kontakte personvernombodet: The trust, 73 00 00 00.",
    }
    assert {"identifier": {"system": unjustified.OPENING_SYSTEM, "value": str(opening.number)}} in (
        notice["about"]
    )


@pytest.mark.usefixtures("dpo")
def test_nothing_that_staff_wrote_to_each_other_is_in_it(opening: Opening, leader: Session) -> None:
    not_justified(leader, opening)
    told = orjson.dumps(stored("Communication") + follow_up_tasks()).decode()
    assert WHY not in told
    assert WORDS not in told
    assert "diabetes" not in told


def test_nobody_at_work_sees_notice_or_follow_up_for_having_a_ground(
    nurse: Session, opening: Opening, leader: Session, dpo: Session
) -> None:
    """The nurse has one still, and so has whoever answers for the citizen's care."""
    doctor = employ("gp")
    not_justified(leader, opening)
    for session in (nurse, doctor, leader, dpo):
        assert stored("Communication", session) == []
        assert stored("Task", session) == []
        for kind, data in (
            ("Communication", stored("Communication")[0]),
            ("Task", follow_up_tasks()[0]),
        ):
            with pytest.raises(NotFound):
                records.read(session.again(), kind, data["id"])
            with pytest.raises(NotFound):
                records.history(session.again(), type_name=kind, fhir_id=data["id"])
    assert list(check_facts(SYSTEM)) == []


def test_follow_up_is_owned_by_the_officer_nearest_to_where_it_happened(
    opening: Opening, leader: Session, dpo: Session
) -> None:
    not_justified(leader, opening)
    (task,) = follow_up_tasks()
    assert task["owner"]["reference"] == "PractitionerRole/o-role"
    assert task["requester"]["reference"] == "Practitioner/l"
    assert task["partOf"] == [{"reference": f"Task/{opening.task}"}]
    (each,) = follow_ups(dpo.again())
    assert (each.source, each.unit, each.by, each.patient) == ("The trust", "Unit u", "n", "Vik")
    assert each.is_open
    with clock.at(NOW + RULES.followed_up_within - timedelta(seconds=1)):
        assert not follow_ups(dpo.again())[0].is_late
    with clock.at(NOW + RULES.followed_up_within):
        assert follow_ups(dpo.again())[0].is_late


def test_follow_up_opens_the_record_to_nobody(
    opening: Opening, leader: Session, dpo: Session
) -> None:
    not_justified(leader, opening)
    with pytest.raises(NotFound):
        records.read(dpo.again(), "Patient", "p")


@pytest.mark.parametrize("text", ["", "  \n"])
def test_follow_up_ends_with_words_about_what_came_of_it_or_not_at_all(
    opening: Opening, leader: Session, dpo: Session, text: str
) -> None:
    not_justified(leader, opening)
    (each,) = follow_ups(dpo.again())
    with pytest.raises(BadRequest):
        close(dpo.again(), each.task, each.version, text)
    assert follow_ups(dpo.again())[0].is_open
    close(dpo.again(), each.task, each.version, "Talked with the leader; access is changed")
    (ended,) = follow_ups(dpo.again())
    assert (ended.is_open, ended.outcome) == (False, "Talked with the leader; access is changed")
    with pytest.raises(BadRequest):
        close(dpo.again(), each.task, ended.version, "Again")
    database = SYSTEM.connection()
    found = lines(database, patient=number_of(database, "Patient/p"), person="Practitioner/o")
    assert {(line.act, line.who.purpose) for line in found} == {(Act.REVIEW, "HOPERAT")}


@pytest.mark.usefixtures("dpo")
@pytest.mark.parametrize("code", sorted(set(role_codes()) - {"data-protection-officer"}))
def test_nobody_else_follows_up_or_decides_on_reports(
    opening: Opening, leader: Session, code: str
) -> None:
    not_justified(leader, opening)
    other = employ("other", code)
    for act in (
        lambda: follow_ups(other.again()),
        lambda: close(other.again(), follow_up_tasks()[0]["id"], 1, "Done"),
        lambda: reported(other.again(), "en"),
        lambda: decide_report(other.again(), "x", 1, Outcome.JUSTIFIED, "Why"),
    ):
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.usefixtures("dpo")
@pytest.mark.parametrize("outcome", [Outcome.JUSTIFIED, Outcome.ASKED])
def test_what_was_justified_or_asked_about_tells_nobody(
    opening: Opening, leader: Session, outcome: Outcome
) -> None:
    decide(leader.again(), opening.task, 1, outcome, "Why?")
    assert stored("Communication") == []
    assert follow_up_tasks() == []


def test_without_anybody_to_follow_up_nothing_is_decided(opening: Opening, leader: Session) -> None:
    with pytest.raises(NobodyToTell):
        not_justified(leader, opening)
    assert stored("Communication") == []
    assert records.read(SYSTEM.again(), "Task", opening.task).version == 1


@pytest.mark.usefixtures("dpo")
@pytest.mark.parametrize("part", ["_notice", "_follow_up"])
def test_decision_notice_and_follow_up_stand_or_fall_together(
    opening: Opening, leader: Session, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> dict[str, Any]:
        raise RuntimeError("the power goes")

    monkeypatch.setattr(unjustified, part, fails)
    with pytest.raises(RuntimeError):
        not_justified(leader, opening)
    assert stored("Communication") == []
    assert follow_up_tasks() == []
    assert records.read(SYSTEM.again(), "Task", opening.task).version == 1


def test_who_is_not_active_takes_nothing_up_and_nobody_her_own_while_there_is_another(
    dpo: Session,
) -> None:
    def chosen(but: str = "") -> str:
        return officer(SYSTEM.again(), unit="Organization/u", but=but).reference

    del dpo
    assert chosen() == "PractitionerRole/o-role"
    assert chosen("Practitioner/o") == "PractitionerRole/far-role"
    put("Practitioner", "o", active=False)
    assert chosen() == "PractitionerRole/far-role"
    assert chosen("Practitioner/far") == "PractitionerRole/far-role"
    put("Practitioner", "far", active=False)
    with pytest.raises(NobodyToTell):
        chosen()


# --- reported by a citizen ------------------------------------------------------------------------


@pytest.fixture
def report(nurse: Session, dpo: Session) -> str:
    """The citizen reports that her GP has looked."""
    del nurse, dpo
    doctor = employ("gp")
    _part_of("u", "trust")
    records.read(doctor.again(), "Patient", "p")
    database = SYSTEM.connection()
    (line,) = lines(database, patient=number_of(database, "Patient/p"), person="Practitioner/gp")
    return report_reading(citizen("p", "p"), [line.key], "I was not there")


def test_report_is_shown_to_the_officer_and_not_to_whom_it_is_about(
    report: str, dpo: Session
) -> None:
    (shown,) = reported(dpo.again(), "en")
    assert (shown.task, shown.words, shown.patient) == (report, "I was not there", "Vik")
    assert shown.visits[0].sentence.startswith("gp (Unit u, The trust) looked at")
    with pytest.raises(NotFound):
        records.read(staff("gp"), "Task", report)
    other = employ("gp", "data-protection-officer", unit="trust")
    assert reported(other.again(), "en") == []
    with pytest.raises(NotFound):
        decide_report(other.again(), report, 1, Outcome.JUSTIFIED, "It was me")


def test_report_that_was_right_is_told_and_followed_up(report: str, dpo: Session) -> None:
    decide_report(dpo.again(), report, 1, Outcome.NOT_JUSTIFIED, WHY)
    (notice,) = stored("Communication", citizen("p", "p"))
    assert f"opened the record on {DAY.day} {DAY:%B %Y}" in texts_of(notice)["en"]
    assert "was not justified" in texts_of(notice)["en"]
    assert WHY not in orjson.dumps(notice).decode()
    (each,) = follow_ups(dpo.again())
    assert (each.by, each.source) == ("gp", "The trust")
    (shown,) = reported(dpo.again(), "en")
    assert (shown.is_open, shown.outcome, shown.decided) == (False, Outcome.NOT_JUSTIFIED, WHY)
    with pytest.raises(BadRequest):
        decide_report(dpo.again(), report, 2, Outcome.JUSTIFIED, "After all")


def test_report_that_was_not_is_answered_too_and_not_followed_up(report: str, dpo: Session) -> None:
    decide_report(dpo.again(), report, 1, Outcome.JUSTIFIED, "She was called by the ward")
    (notice,) = stored("Communication", citizen("p", "p"))
    assert "was justified" in texts_of(notice)["en"]
    assert follow_ups(dpo.again()) == []


@pytest.mark.parametrize("outcome", [Outcome.JUSTIFIED, Outcome.NOT_JUSTIFIED])
def test_report_is_decided_with_words(report: str, dpo: Session, outcome: Outcome) -> None:
    with pytest.raises(BadRequest):
        decide_report(dpo.again(), report, 1, outcome, " ")
    assert stored("Communication") == []
