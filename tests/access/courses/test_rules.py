"""What somebody lacks for a role, and leave to work without it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fellesjournal.access.courses import waivers
from fellesjournal.access.courses.rules import Lack, Mode, Needed, Passed, Rule, keep, lacks
from fellesjournal.access.identity.people import KnownPerson, RoleAtUnit, roles_of
from fellesjournal.access.sessions import Session, staff_session
from fellesjournal.demo.cast import STAFF, StaffMember
from fellesjournal.fhir.issues import BadRequest, NotAllowed, NotFound
from fellesjournal.foundation import clock
from tests.signing_in import GP, employ, employ_at, put
from tests.staff import SYSTEM

pytestmark = pytest.mark.django_db

BY_ROLE = {member.role: member for member in STAFF}
NURSE, LEADER, LEAD = (
    BY_ROLE["home-care-nurse"], BY_ROLE["unit-leader"], BY_ROLE["rollout-lead"],
)  # fmt: skip
GUNNHILD = KnownPerson(f"Practitioner/{NURSE.id}", NURSE.name, NURSE.hpr)
TOWN = "Organization/org-5001"
COURSE = Needed(NURSE.role, "basic", "Basic course", "Room 2", "The head of training")


def rule(
    mode: Mode = Mode.STOP, *, go_live: date | None = None, passed: tuple[Passed, ...] = ()
) -> None:
    keep(SYSTEM, Rule("5001", TOWN, mode, go_live or clock.today(), (COURSE,), passed))


def passed(day: date, expires: date | None = None, *, role: str = NURSE.role) -> Passed:
    return Passed(GUNNHILD.reference, role, "basic", day, expires)


def lack() -> Lack | None:
    return lacks(
        SYSTEM, GUNNHILD.reference, [(NURSE.role_id, NURSE.role, f"Organization/{NURSE.unit_id}")]
    ).get(NURSE.role_id)


def at_work(member: StaffMember) -> Session:
    return staff_session(
        practitioner=f"Practitioner/{member.id}", role_id=member.role_id, role=member.role,
        unit=f"Organization/{member.unit_id}",
    )  # fmt: skip


def hire(*members: StaffMember) -> None:
    """Register staff, and that the nurse's unit belongs to the town."""
    for member in members:
        employ(member)
    put("Organization", "org-5001", name="Trondheim kommune")
    put("Organization", NURSE.unit_id, name=NURSE.unit_name, partOf={"reference": TOWN})


@pytest.fixture(autouse=True)
def town() -> None:
    hire(NURSE)


def test_nothing_is_asked_without_a_rule_or_before_go_live_or_when_it_is_off() -> None:
    assert lack() is None
    rule(go_live=clock.today() + timedelta(days=1))
    assert lack() is None
    rule(Mode.OFF)
    assert lack() is None


def test_a_rule_holds_for_all_units_below_and_says_what_where_and_whom_to_ask() -> None:
    rule()
    assert lack() == Lack(Mode.STOP, (COURSE,))
    (role,) = roles_of(GUNNHILD)
    assert not role.allowed
    assert role.is_stopped


def test_a_warning_lets_in() -> None:
    rule(Mode.WARN)
    (role,) = roles_of(GUNNHILD)
    assert role.allowed
    assert role.lack == Lack(Mode.WARN, (COURSE,))


@pytest.mark.parametrize(
    ("starts", "ends", "holds"),
    [(0, None, True), (-9, 1, True), (-9, 0, False), (1, None, False)],
)
def test_a_course_counts_from_the_day_it_was_passed_to_before_it_expires(
    starts: int,
    ends: int | None,
    holds: bool,  # noqa: FBT001 - a case of the table
) -> None:
    today = clock.today()
    end = None if ends is None else today + timedelta(days=ends)
    rule(passed=(passed(today + timedelta(days=starts), end),))
    assert (lack() is None) is holds


def test_a_course_passed_for_another_role_does_not_count() -> None:
    rule(passed=(passed(clock.today(), role="carer"),))
    assert lack() is not None


def test_leaders_and_administrators_are_never_stopped() -> None:
    hire(LEADER)
    needed = Needed(LEADER.role, "basic", "Basic course", "Room 2", "Somebody")
    keep(SYSTEM, Rule("5001", TOWN, Mode.STOP, clock.today(), (needed,)))
    (role,) = roles_of(KnownPerson(f"Practitioner/{LEADER.id}", LEADER.name, LEADER.hpr))
    assert role.allowed


def test_what_was_asked_before_is_replaced_also_when_the_organisation_is_another() -> None:
    rule()
    keep(SYSTEM, Rule("5001", "Organization/elsewhere", Mode.STOP, clock.today(), (COURSE,)))
    assert lack() is None


def test_only_the_platform_keeps_rules() -> None:
    hire(LEAD)
    with pytest.raises(NotAllowed):
        keep(at_work(LEAD), Rule("5001", TOWN, Mode.OFF, clock.today()))


def test_a_leader_s_leave_counts_at_once_and_ends_by_itself() -> None:
    hire(LEADER)
    rule()
    until = clock.now() + timedelta(days=3)
    waivers.waive(
        at_work(LEADER), NURSE.role_id, reason="New, always with a colleague", until=until
    )
    (role,) = roles_of(GUNNHILD)
    assert role.allowed
    assert role.lack == Lack(Mode.STOP, (COURSE,), until)
    with clock.at(until):
        assert not roles_of(GUNNHILD)[0].allowed


def test_leave_is_for_the_role_it_was_given_for() -> None:
    hire(LEADER)
    employ_at(NURSE, "other-role", NURSE.role, NURSE.title_nb, "org-5001")
    rule()
    until = clock.now() + timedelta(days=3)
    waivers.waive(at_work(LEADER), NURSE.role_id, reason="New", until=until)
    assert {each.id: each.allowed for each in roles_of(GUNNHILD)} == {
        NURSE.role_id: True, "other-role": False,
    }  # fmt: skip


def test_leave_is_given_by_the_leader_of_the_unit_or_the_rollout_lead_and_by_nobody_else() -> None:
    hire(LEADER, LEAD, GP)
    until = clock.now() + timedelta(days=1)
    waivers.waive(at_work(LEAD), NURSE.role_id, reason="Ill teacher", until=until)
    for member in (GP, NURSE):
        with pytest.raises(NotAllowed):
            waivers.waive(at_work(member), NURSE.role_id, reason="Why not", until=until)
    employ_at(LEADER, LEADER.role_id, LEADER.role, LEADER.title_nb, GP.unit_id)
    elsewhere = staff_session(
        practitioner=f"Practitioner/{LEADER.id}", role_id=LEADER.role_id, role=LEADER.role,
        unit=f"Organization/{GP.unit_id}",
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        waivers.waive(elsewhere, NURSE.role_id, reason="Why not", until=until)


@pytest.mark.parametrize(("reason", "days"), [(" ", 1), ("Ill teacher", 0), ("Ill teacher", 40)])
def test_leave_has_a_reason_and_an_end_not_too_far_ahead(reason: str, days: int) -> None:
    hire(LEAD)
    with pytest.raises(BadRequest):
        waivers.waive(
            at_work(LEAD), NURSE.role_id, reason=reason, until=clock.now() + timedelta(days=days)
        )
    with pytest.raises(NotFound):
        waivers.waive(at_work(LEAD), "none", reason="x", until=clock.now() + timedelta(days=1))


def test_care_that_can_t_wait_opens_for_a_shift_with_a_reason_and_the_leader_sees_it() -> None:
    rule()
    (role,) = roles_of(GUNNHILD)
    with pytest.raises(BadRequest):
        waivers.enter_in_emergency(GUNNHILD.reference, role, reason=" ")
    waivers.enter_in_emergency(GUNNHILD.reference, role, reason="Alone at night")
    now = clock.now()
    assert roles_of(GUNNHILD)[0].allowed
    (seen,) = waivers.since(SYSTEM, {role.unit}, now)
    assert (seen.kind, seen.reason) == (waivers.Kind.EMERGENCY, "Alone at night")
    with clock.at(now + waivers.EMERGENCY):
        assert not roles_of(GUNNHILD)[0].allowed


def test_somebody_with_an_hpr_number_to_show_is_not_let_in_by_a_reason() -> None:
    rule()
    (role,) = roles_of(KnownPerson(GUNNHILD.reference, GUNNHILD.name))
    assert isinstance(role, RoleAtUnit)
    assert not role.allowed
    assert not role.is_stopped
