"""Past a closed door: never without reason, end, review and the line that the citizen sees."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import Error as DatabaseError

from fellesjournal.access import records
from fellesjournal.access.labels import ACT_CODE, BLOCKED_FOR_STAFF, Label
from fellesjournal.access.openings import Opening, break_glass, extra_step, running
from fellesjournal.access.policy.kinds import GroundKind
from fellesjournal.access.policy.opening import BREAK_GLASS_REASONS, RULES
from fellesjournal.access.policy.roles import role_codes, role_of
from fellesjournal.access.readlog.acts import Act
from fellesjournal.access.readlog.queries import lines, number_of
from fellesjournal.access.sessions import Session, staff_session
from fellesjournal.access.writing import Operation, write
from fellesjournal.fhir import bodies
from fellesjournal.fhir.issues import BadRequest, Conflict, FhirError, NotAllowed, NotFound
from fellesjournal.foundation import clock
from tests.staff import SYSTEM, employ, put, register, staff

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
WORDS = "Found unconscious at the bus stop"
CODE = {"coding": [{"system": "http://loinc.org", "code": "8867-4"}]}


@pytest.fixture
def nurse(db: None) -> Iterator[Session]:
    """At work, with a ground for nobody; ``closed`` has one observation and a block of NORS."""
    del db
    with clock.at(NOW):
        found = employ("n", "nurse")
        register("closed", birthDate="1950-01-01")
        _observe("plain")
        _observe("psy", security=[{"system": ACT_CODE, "code": "PSY"}])
        yield found


def _observe(fhir_id: str, patient: str = "closed", **meta: Any) -> None:
    put("Observation", fhir_id, status="final", code=CODE,
        subject={"reference": f"Patient/{patient}"}, **({"meta": meta} if meta else {}))  # fmt: skip


def _sees(session: Session, resource: str) -> bool:
    try:
        records.read(session.again(), *resource.split("/"))
    except NotFound:
        return False
    return True


def _review(opening: Opening) -> dict[str, Any]:
    body = records.read(SYSTEM.again(), "Task", opening.task).body
    assert body is not None
    return bodies.parse(body).data


def test_a_broken_glass_opens_the_record_until_its_time_is_up(nurse: Session) -> None:
    assert not _sees(nurse, "Observation/plain")
    opening = break_glass(nurse.again(), "closed", "danger", WORDS)
    assert opening.ends == NOW + timedelta(minutes=60)
    with clock.at(opening.ends - timedelta(seconds=1)):
        assert _sees(nurse, "Observation/plain")
        assert [found.number for found in running(nurse.again(), "closed")] == [opening.number]
    with clock.at(opening.ends):
        assert not _sees(nurse, "Observation/plain")
        assert running(nurse.again(), "closed") == []


def test_a_broken_glass_leaves_a_review_for_the_unit(nurse: Session) -> None:
    opening = break_glass(nurse.again(), "closed", "danger", WORDS)
    task = _review(opening)
    assert task["for"] == {"reference": "Patient/closed"}
    assert task["owner"] == {"reference": "Organization/u"}
    assert task["requester"] == {"reference": "PractitionerRole/n-role"}
    assert task["reasonCode"]["text"] == WORDS
    assert task["restriction"]["period"]["end"] == "2026-11-27T13:00:00+01:00"


def test_a_broken_glass_leaves_a_line_that_says_so(nurse: Session) -> None:
    opening = break_glass(nurse.again(), "closed", "danger", WORDS)
    assert _sees(nurse, "Observation/plain")
    patient = number_of(SYSTEM.connection(), "Patient/closed")
    read, opened = lines(SYSTEM.connection(), patient=patient, person="Practitioner/n", limit=2)
    assert (opened.act, opened.decision, opened.who.purpose) == (Act.OPEN, opening.number, "BTG")
    for line in (read, opened):
        assert line.grounds[patient or 0] == (GroundKind.BREAK_GLASS, -opening.number)


def test_a_broken_glass_passes_what_the_citizen_has_blocked(nurse: Session) -> None:
    register("closed", "Practitioner/n")
    assert _sees(nurse, "Observation/plain")
    put("Consent", "block", status="active",
        scope={"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope",
                           "code": "patient-privacy"}]},
        category=[{"coding": [{"system": "http://loinc.org", "code": "59284-0"}]}],
        patient={"reference": "Patient/closed"},
        policyRule={"text": "block"},
        provision={"type": "deny",
                   "provision": [{"type": "deny", "actor": [{"role": {"text": "who"}, "reference":
                                  {"reference": "Practitioner/n"}}]}]})  # fmt: skip
    assert not _sees(nurse, "Observation/plain")
    opening = break_glass(nurse.again(), "closed", "danger", WORDS)
    assert _sees(nurse, "Observation/plain")
    # the list alone would not have shown it: the log says what did
    patient = number_of(SYSTEM.connection(), "Patient/closed") or 0
    (line,) = lines(SYSTEM.connection(), patient=patient, person="Practitioner/n", limit=1)
    assert line.grounds[patient] == (GroundKind.BREAK_GLASS, -opening.number)


def test_the_review_opens_nothing_to_the_unit_and_is_not_seen_by_who_broke_the_glass(
    nurse: Session,
) -> None:
    colleague = employ("c", "nurse")
    opening = break_glass(nurse.again(), "closed", "danger", WORDS)
    assert not _sees(colleague, "Patient/closed")
    assert _sees(nurse, "Patient/closed")
    for session in (nurse, colleague):
        assert not _sees(session, f"Task/{opening.task}")
        done = bodies.parse(orjson.dumps(_review(opening) | {"status": "completed"}))
        with pytest.raises(NotFound):
            write(session.again(), [Operation("update", "Task", id=opening.task, body=done)])


def test_a_broken_glass_is_of_one_role_at_one_unit(nurse: Session) -> None:
    put("Organization", "v", name="Unit v")
    put("PractitionerRole", "n-other", practitioner={"reference": "Practitioner/n"},
        organization={"reference": "Organization/v"},
        code=[{"coding": [{"system": "https://fellesjournal.example/fhir/CodeSystem/staff-role",
                           "code": "nurse"}]}])  # fmt: skip
    other = staff_session(
        practitioner="Practitioner/n", role_id="n-other", role="nurse", unit="Organization/v"
    )
    break_glass(nurse.again(), "closed", "danger", WORDS)
    assert not _sees(other, "Patient/closed")


def test_special_categories_need_the_step_under_a_broken_glass_too(nurse: Session) -> None:
    break_glass(nurse.again(), "closed", "danger", WORDS)
    assert not _sees(nurse, "Observation/psy")
    extra_step(nurse.again(), "closed", Label.PSY, "needed-now")
    assert _sees(nurse, "Observation/psy")
    with clock.at(NOW + RULES.step_lasts):
        assert not _sees(nurse, "Observation/psy")


def test_steps_one_after_the_other_open_what_carries_both_labels(nurse: Session) -> None:
    register("closed", "Practitioner/n")
    _observe(
        "both", security=[{"system": ACT_CODE, "code": "PSY"}, {"system": ACT_CODE, "code": "SEX"}]
    )
    extra_step(nurse.again(), "closed", Label.PSY, "needed-now")
    assert not _sees(nurse, "Observation/both")
    extra_step(nurse.again(), "closed", Label.SEX, "needed-now")
    assert _sees(nurse, "Observation/both")


def test_the_step_needs_a_ground_and_is_no_way_past_a_block(nurse: Session) -> None:
    with pytest.raises(NotFound):
        extra_step(nurse.again(), "closed", Label.PSY, "needed-now")
    register("closed", "Practitioner/n")
    for label in (BLOCKED_FOR_STAFF, Label.REVIEW, Label.PSY | Label.NORS, Label(0)):
        with pytest.raises(NotAllowed):
            extra_step(nurse.again(), "closed", label, "needed-now")


@pytest.mark.parametrize("code", role_codes())
def test_only_roles_that_may_break_the_glass_do(db: None, code: str) -> None:
    del db
    session = employ("x", code)
    register("closed")
    role = role_of(code)
    assert role is not None
    if role.may_break_glass:
        assert break_glass(session, "closed", "danger", WORDS).task
        return
    with pytest.raises(NotAllowed):
        break_glass(session, "closed", "danger", WORDS)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    code=st.sampled_from(["", "none", *BREAK_GLASS_REASONS]),
    words=st.sampled_from(["", "   ", "short", "x" * 2000, WORDS]),
    minutes=st.sampled_from([None, -5, 0, 1, 60, 24 * 60, 10**6]),
    patient=st.sampled_from(["closed", "nobody"]),
)
def test_blocked_data_is_never_seen_without_reason_time_box_task_and_line(
    nurse: Session, code: str, words: str, minutes: int | None, patient: str
) -> None:
    """INV-37: whatever is asked for, either all four stand and the data is seen, or nothing does."""
    until = None if minutes is None else NOW + timedelta(minutes=minutes)
    with transaction.atomic():
        before = _facts()
        try:
            opening = break_glass(nurse.again(), patient, code, words, until)
        except FhirError:
            assert _facts() == before
            assert not _sees(nurse, "Observation/plain")
        else:
            assert opening.reason_code in BREAK_GLASS_REASONS
            assert RULES.least_words <= len(opening.reason.strip()) <= RULES.most_words
            assert NOW < opening.ends <= NOW + RULES.longest
            assert _review(opening)["status"] == "requested"
            assert _facts() == tuple(count + 1 for count in before)
            assert _sees(nurse, "Observation/plain")
            with clock.at(opening.ends):
                assert not _sees(nurse, "Observation/plain")
        transaction.set_rollback(True)


def _facts() -> tuple[int, ...]:
    """How many openings, grounds by one, tasks and lines of openings there are."""
    row = SYSTEM.connection().execute(
        "select (select count(*) from access.opening), (select count(*) from access.ground where kind = 10),"
        " (select count(*) from store.resource where version > 0 and (labels & (1 << 23)) <> 0),"
        " (select count(*) from access.log where act = 21)"
    ).fetchone()  # fmt: skip
    assert row is not None
    return tuple(row)


_CALL = (
    "select access.open_up(r.rid, %s::smallint, %s::integer, %s, %s, %s::bigint, %s::bigint,"
    " 'Practitioner/n', 'nurse', 'Organization/u', '', 'BTG', 21::smallint, 1::smallint, 1)"
    " from store.resource r where r.fhir_id = 'closed'"
)
_UNTIL = clock.microseconds(NOW + timedelta(minutes=60))


@pytest.mark.parametrize(
    ("kind", "labels", "code", "words", "until"),
    [
        (1, 0, "danger", WORDS, _UNTIL),  # no task
        (2, int(BLOCKED_FOR_STAFF), "needed-now", WORDS, _UNTIL),  # a block passed by a step
        (2, 2, "", WORDS, _UNTIL),
        (2, 2, "needed-now", "  ", _UNTIL),
        (2, 2, "needed-now", WORDS, clock.microseconds(NOW + timedelta(days=2))),
        (2, 2, "needed-now", WORDS, clock.microseconds(NOW)),
        (0, 0, "danger", WORDS, _UNTIL),
    ],
)
def test_the_database_itself_refuses_an_opening_that_lacks_something(
    nurse: Session, kind: int, labels: int, code: str, words: str, until: int
) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        nurse.again().connection().execute(_CALL, [kind, labels, code, words, until, None])


def test_a_review_serves_for_one_opening_only(nurse: Session) -> None:
    opening = break_glass(nurse.again(), "closed", "danger", WORDS)
    row = SYSTEM.connection().execute(
        "select task from access.opening where id = %s", [opening.number]
    ).fetchone()  # fmt: skip
    assert row is not None
    with pytest.raises(DatabaseError), transaction.atomic():
        nurse.again().connection().execute(_CALL, [1, 0, "danger", WORDS, _UNTIL, row[0]])


def test_the_database_takes_no_other_task_for_a_review(nurse: Session) -> None:
    """Neither an ordinary task of hers, nor the review of another patient's opening."""
    register("another")
    elsewhere = break_glass(nurse.again(), "another", "danger", WORDS).task
    put("Task", "plain", status="requested", intent="order",
        **{"for": {"reference": "Patient/closed"}})  # fmt: skip
    for task in ("plain", elsewhere):
        row = SYSTEM.connection().execute(
            "select rid from store.resource where fhir_id = %s", [task]
        ).fetchone()  # fmt: skip
        assert row is not None
        with pytest.raises(DatabaseError), transaction.atomic():
            nurse.again().connection().execute(_CALL, [1, 0, "danger", WORDS, _UNTIL, row[0]])


def test_a_time_that_is_too_long_is_refused(nurse: Session) -> None:
    with pytest.raises(BadRequest):
        break_glass(
            nurse, "closed", "danger", WORDS, NOW + RULES.longest + timedelta(microseconds=1)
        )


def test_a_role_that_ended_opens_nothing(nurse: Session) -> None:
    put("PractitionerRole", "n-role", active=False,
        practitioner={"reference": "Practitioner/n"}, organization={"reference": "Organization/u"})  # fmt: skip
    with pytest.raises(NotAllowed):
        break_glass(staff("n", "nurse"), "closed", "danger", WORDS)


def test_a_late_copy_of_the_form_opens_nothing_again(nurse: Session) -> None:
    """INV-8: a network may deliver twice, and long after the opening has ended."""
    opening = break_glass(nurse.again(), "closed", "danger", WORDS, form="one")
    with clock.at(opening.ends):
        with pytest.raises(Conflict):
            break_glass(nurse.again(), "closed", "danger", WORDS, form="one")
        assert not _sees(nurse, "Patient/closed")
        break_glass(nurse.again(), "closed", "danger", WORDS, form="another")
        assert _sees(nurse, "Patient/closed")
