"""What roles may see and do: nothing that is not granted, and each limit the issue names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.access.labels import PROTECTED_ADDRESS, SPECIAL, Label
from fellesjournal.access.policy.areas import ABOUT_PATIENTS, PATIENT_LESS, Area
from fellesjournal.access.policy.citizen import OPEN_SEE, SELF_SEE, SELF_WRITE
from fellesjournal.access.policy.kinds import MEANINGS, STAFF_KINDS, GroundKind
from fellesjournal.access.policy.roles import (
    POSITIONS,
    ROLES,
    STAFF_ROLE_SYSTEM,
    allowed_professions,
    masks,
    role_codes,
    role_of,
    write_masks,
)
from fellesjournal.access.policy.rules import Duty, Role
from fellesjournal.demo import terms
from fellesjournal.demo.cast_staff import STAFF
from fellesjournal.demo.staff import ROLES as DEMO_ROLES
from fellesjournal.fhir.definitions import standard_terminology

WITHOUT_CONTENT = (
    "rollout-lead", "benefits-coordinator", "operator", "administrator",
)  # fmt: skip
CONTENT = ABOUT_PATIENTS & ~(Area.PERSON | Area.TASKS | Area.MESSAGES | Area.PRIVACY | Area.LOG)
every_role = pytest.mark.parametrize("role", ROLES.values(), ids=list(ROLES))


def sees(role: Role) -> Area:
    found = Area(0)
    for areas in role.see.values():
        found |= areas
    return found


def test_all_roles_of_the_platform_are_there() -> None:
    assert set(ROLES) == {
        "doctor", "nurse", "carer", "physiotherapist", "public-health-nurse", "case-officer",
        "secretary", "unit-leader", "rollout-lead", "benefits-coordinator", "operator",
        "researcher", "data-protection-officer", "administrator",
    }  # fmt: skip


@pytest.mark.parametrize("code", DEMO_ROLES)
def test_every_position_of_the_demo_has_a_role_that_accepts_its_profession(code: str) -> None:
    role = role_of(code)

    assert role is not None
    position = DEMO_ROLES[code]
    assert allowed_professions(role, {position.profession} - {""})
    assert bool(position.profession) or not role.needs_hpr


def test_every_named_member_of_staff_can_work() -> None:
    assert [member.id for member in STAFF if role_of(member.role) is None] == []
    assert STAFF_ROLE_SYSTEM == terms.STAFF_ROLE


@pytest.mark.parametrize(
    ("position", "role"),
    [("gp", "doctor"), ("out-of-hours-doctor", "doctor"), ("midwife", "nurse"),
     ("nursing-home-nurse", "nurse"), ("carer", "carer"), ("case-officer", "case-officer")],
)  # fmt: skip
def test_positions_follow_the_rules_of_their_role(position: str, role: str) -> None:
    found = role_of(position)

    assert found is not None
    assert found.code == role


@given(st.text())
def test_an_unknown_code_has_no_role(code: str) -> None:
    assert (role_of(code) is not None) == (code in role_codes())


@pytest.mark.parametrize("code", ["", "Doctor", "doctor ", "GP", "system", "citizen", "LE"])
def test_a_code_that_only_looks_like_a_role_is_none(code: str) -> None:
    assert role_of(code) is None


def test_without_a_role_nothing_is_opened() -> None:
    assert set(masks(None)) == {0} == set(write_masks(None))


@every_role
def test_masks_have_the_areas_of_each_kind_at_its_number(role: Role) -> None:
    see, write = masks(role), write_masks(role)

    assert see[0] == write[0] == 0
    assert len(see) == len(write) == max(GroundKind) + 1
    assert {kind: see[kind] for kind in GroundKind if see[kind]} == {
        kind: int(areas) for kind, areas in role.see.items() if areas
    }
    assert {kind: write[kind] for kind in GroundKind if write[kind]} == {
        kind: int(areas) for kind, areas in role.write.items() if areas
    }


@every_role
def test_nobody_writes_what_she_may_not_see(role: Role) -> None:
    for kind in GroundKind:
        assert write_masks(role)[kind] & ~masks(role)[kind] == 0, kind.title
    assert not role.open_write & ~role.open_see


@every_role
def test_only_staff_grounds_open_anything_to_a_role(role: Role) -> None:
    assert set(role.see) | set(role.write) <= set(STAFF_KINDS)


@every_role
def test_a_ground_opens_only_what_is_about_patients(role: Role) -> None:
    assert not sees(role) & ~ABOUT_PATIENTS


@every_role
def test_without_a_patient_only_directory_definitions_and_schedules_are_open(role: Role) -> None:
    assert not (role.open_see | role.open_write) & ~PATIENT_LESS


@every_role
def test_breaking_the_glass_opens_something_exactly_to_those_who_may(role: Role) -> None:
    assert bool(role.see.get(GroundKind.BREAK_GLASS)) == role.may_break_glass


@every_role
def test_the_glass_opens_no_more_than_care_does(role: Role) -> None:
    care = Area(0)
    for kind, areas in role.see.items():
        if kind != GroundKind.BREAK_GLASS:
            care |= areas
    assert not role.see.get(GroundKind.BREAK_GLASS, Area(0)) & ~care


@every_role
def test_the_extra_step_is_for_special_categories_only(role: Role) -> None:
    assert not role.special & ~SPECIAL


@every_role
def test_everybody_signs_in_at_level_four(role: Role) -> None:
    assert role.security_level == 4


@every_role
def test_a_role_that_needs_hpr_names_the_professions_and_the_reverse(role: Role) -> None:
    assert role.needs_hpr == bool(role.professions)
    assert allowed_professions(role, role.professions)
    assert allowed_professions(role, []) == (not role.needs_hpr)


def test_an_authorisation_of_another_profession_does_not_do() -> None:
    assert not allowed_professions(ROLES["doctor"], {"SP", "FT"})
    assert allowed_professions(ROLES["doctor"], {"SP", "LE"})
    assert not allowed_professions(ROLES["physiotherapist"], {"LE"})


@every_role
def test_every_role_is_named_in_three_languages_and_explained(role: Role) -> None:
    assert set(role.titles) == {"en", "nb", "nn"}
    assert all(role.titles.values())
    assert role.reason


@every_role
def test_rules_cannot_be_changed_in_place(role: Role) -> None:
    with pytest.raises(TypeError):
        role.see[GroundKind.TASK] = ABOUT_PATIENTS  # type: ignore[index]  # the refusal is the test


@every_role
def test_no_role_of_staff_writes_consents_or_the_log(role: Role) -> None:
    for areas in role.write.values():
        assert not areas & (Area.PRIVACY | Area.LOG | Area.ORIGIN)


@every_role
def test_blocks_and_log_are_shown_to_the_data_protection_officer_alone(role: Role) -> None:
    shown = bool(sees(role) & (Area.PRIVACY | Area.LOG))

    assert shown == (role.code == "data-protection-officer")


@pytest.mark.parametrize("code", WITHOUT_CONTENT)
def test_who_runs_the_platform_opens_no_record(code: str) -> None:
    role = ROLES[code]

    assert sees(role) == Area(0)
    assert set(masks(role)) == {0}
    assert not role.may_break_glass
    assert role.special == Label(0)


def test_a_unit_leader_sees_no_clinical_detail() -> None:
    leader = ROLES["unit-leader"]

    assert sees(leader) == Area.PERSON | Area.TASKS
    assert not leader.may_break_glass
    assert leader.duties == {Duty.REVIEW_UNIT, Duty.SEE_FIGURES}


def test_the_data_protection_officer_sees_no_clinical_content() -> None:
    assert not sees(ROLES["data-protection-officer"]) & CONTENT


def test_a_researcher_sees_an_approved_cohort_only_and_nobodys_name() -> None:
    role = ROLES["researcher"]

    assert set(role.see) == {GroundKind.COHORT}
    named = Area.PERSON | Area.DOCUMENTS | Area.MESSAGES | Area.ATTACHMENTS | Area.HEREDITY
    assert not sees(role) & named
    assert role.special == Label(0)


def test_a_cohort_opens_nothing_to_those_who_treat() -> None:
    assert [r.code for r in ROLES.values() if r.see.get(GroundKind.COHORT)] == ["researcher"]


def test_a_laboratory_sees_what_it_needs_to_answer() -> None:
    areas = ROLES["doctor"].see[GroundKind.REQUISITION]

    assert not areas & (Area.DOCUMENTS | Area.PLANS | Area.FORMS)
    assert Area.REQUESTS | Area.HEALTH in areas


def test_a_secretary_sees_no_measurements_or_medicines() -> None:
    assert not sees(ROLES["secretary"]) & (Area.HEALTH | Area.MEDICATION | Area.PLANS)


def test_a_carer_sees_medicines_but_neither_referrals_nor_heredity() -> None:
    carer = sees(ROLES["carer"])

    assert Area.MEDICATION in carer
    assert not carer & (Area.REQUESTS | Area.HEREDITY | Area.FINANCE)


def test_those_who_visit_may_open_a_protected_address() -> None:
    assert PROTECTED_ADDRESS in ROLES["carer"].special
    assert Label.PSY not in ROLES["carer"].special


def test_positions_are_no_roles_themselves_and_lead_to_one() -> None:
    assert set(POSITIONS) & set(ROLES) == set()
    assert set(POSITIONS.values()) <= set(ROLES)


def test_the_citizen_sees_her_whole_record_and_adds_to_a_part() -> None:
    assert Area.LOG | Area.PRIVACY | Area.HEALTH | Area.FINANCE in SELF_SEE
    assert not SELF_SEE & ~ABOUT_PATIENTS
    assert not SELF_WRITE & ~SELF_SEE
    assert not SELF_WRITE & (Area.DOCUMENTS | Area.LOG)
    assert not OPEN_SEE & ~PATIENT_LESS


@pytest.mark.parametrize("kind", GroundKind)
def test_every_ground_is_named_and_has_a_purpose_of_the_standard(kind: GroundKind) -> None:
    reasons = standard_terminology().code_system(
        "http://terminology.hl7.org/CodeSystem/v3-ActReason"
    )

    assert reasons is not None
    assert kind.purpose in reasons.displays
    assert set(MEANINGS[kind].titles) == {"en", "nb", "nn"}
    assert kind.title == MEANINGS[kind].titles["en"]
    assert MEANINGS[kind].sentence


def test_the_numbers_of_grounds_stand_in_tables_and_never_change() -> None:
    assert {kind.name: kind.value for kind in GroundKind} == {
        "LIST_GP": 1, "ENCOUNTER": 2, "APPOINTMENT": 3, "REFERRAL": 4, "REQUISITION": 5,
        "HOME_CARE": 6, "CARE_TEAM": 7, "TASK": 8, "SUBSTITUTE": 9, "BREAK_GLASS": 10,
        "COHORT": 11, "SELF": 12, "REPRESENTATION": 13, "SYSTEM": 14,
    }  # fmt: skip
