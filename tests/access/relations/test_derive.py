"""Grounds follow from what happens, begin and end with it, and from nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.access.policy.kinds import STAFF_KINDS, GroundKind
from fellesjournal.access.relations.derive import GROUNDING_TYPES, Ground, grounds_of
from fellesjournal.access.relations.durations import DURATIONS, Days, Durations
from fellesjournal.access.relations.elements import HOLDER_TYPES
from fellesjournal.demo import generate

Json = dict[str, Any]
GP, NURSE = ("Practitioner", "gp"), ("Practitioner", "nurse")
ROLE, UNIT = ("PractitionerRole", "nurse-role"), ("Organization", "unit")
TEAM = ("CareTeam", "team")
NOON = datetime(2026, 5, 4, 10, tzinfo=UTC)  # twelve o'clock in Norway
DAY = timedelta(days=1)


def ref(holder: tuple[str, str]) -> Json:
    return {"reference": "/".join(holder)}


def holders(data: Json) -> list[tuple[str, str]]:
    return [ground.holder for ground in grounds_of(data)]


def span(data: Json) -> tuple[datetime | None, datetime | None]:
    """When the grounds of a resource hold, which must be the same for all of them."""
    (only,) = {(ground.starts, ground.ends) for ground in grounds_of(data)}
    return only


def patient(**more: Any) -> Json:
    return {"resourceType": "Patient", "generalPractitioner": [ref(GP)], **more}


def encounter(status: str, kind: str = "AMB", **more: Any) -> Json:
    return {
        "resourceType": "Encounter",
        "status": status,
        "class": {"code": kind},
        "participant": [{"individual": ref(NURSE)}],
        "serviceProvider": ref(UNIT),
        **more,
    }


def period(start: str | None = None, end: str | None = None) -> Json:
    said = {"start": start, "end": end}
    return {"period": {key: value for key, value in said.items() if value}}


FROM_NOON = period("2026-05-04T12:00:00+02:00")
NOON_TO_ONE = period("2026-05-04T12:00:00+02:00", "2026-05-04T13:00:00+02:00")


def appointment(status: str = "booked", **more: Any) -> Json:
    return {
        "resourceType": "Appointment",
        "status": status,
        "start": "2026-05-04T12:00:00+02:00",
        "end": "2026-05-04T12:20:00+02:00",
        "participant": [
            {"actor": {"reference": "Patient/1"}, "status": "accepted"},
            {"actor": ref(NURSE), "status": "accepted"},
        ],
        **more,
    }


def request(**more: Any) -> Json:
    return {
        "resourceType": "ServiceRequest",
        "status": "active",
        "intent": "order",
        "authoredOn": "2026-05-04T12:00:00+02:00",
        "requester": ref(GP),
        "performer": [ref(UNIT)],
        **more,
    }


def service(status: str = "active", **more: Any) -> Json:
    return {
        "resourceType": "EpisodeOfCare",
        "status": status,
        "managingOrganization": ref(UNIT),
        "careManager": ref(NURSE),
        "team": [ref(TEAM)],
        **more,
    }


def team(**more: Any) -> Json:
    return {
        "resourceType": "CareTeam",
        "status": "active",
        "participant": [
            {"member": ref(NURSE), "onBehalfOf": {"reference": "Organization/other"}},
            {"member": {"reference": "RelatedPerson/1"}},
        ],
        "managingOrganization": [ref(UNIT)],
        **more,
    }


def plan(**more: Any) -> Json:
    return {
        "resourceType": "CarePlan",
        "status": "active",
        "intent": "plan",
        "author": ref(GP),
        "contributor": [ref(GP)],
        "careTeam": [ref(TEAM)],
        "activity": [{"detail": {"status": "in-progress", "performer": [ref(UNIT)]}}],
        **more,
    }


def task(status: str = "requested", **more: Any) -> Json:
    return {"resourceType": "Task", "status": status, "owner": ref(NURSE), "requester": ref(GP),
            **more}  # fmt: skip


def subject(status: str = "on-study", **more: Any) -> Json:
    return {"resourceType": "ResearchSubject", "status": status,
            "study": {"reference": "ResearchStudy/s"}, **more}  # fmt: skip


EXAMPLES: dict[str, Json] = {
    "Patient": patient(),
    "Encounter": encounter("in-progress", **FROM_NOON),
    "Appointment": appointment(),
    "ServiceRequest": request(),
    "EpisodeOfCare": service(),
    "CareTeam": team(),
    "CarePlan": plan(),
    "Task": task(),
    "ResearchSubject": subject(),
}


# The list GP


def test_the_list_gp_has_a_ground_without_end() -> None:
    assert grounds_of(patient()) == [Ground(GroundKind.LIST_GP, GP, None, None)]


def test_a_role_or_an_office_can_be_the_list_gp() -> None:
    assert holders(patient(generalPractitioner=[ref(ROLE), ref(UNIT)])) == [ROLE, UNIT]


def test_the_list_gp_keeps_her_ground_for_a_time_after_death() -> None:
    dead = patient(deceasedDateTime="2026-05-04T12:00:00+02:00", active=False)

    assert span(dead) == (None, NOON + 365 * DAY)


def test_a_record_replaced_by_another_has_no_list_gp() -> None:
    replaced = patient(link=[{"type": "replaced-by", "other": {"reference": "Patient/2"}}])

    assert grounds_of(replaced) == []
    assert grounds_of(patient(link=[{"type": "replaces"}])) != []
    assert grounds_of(patient(active=False)) == []


# Encounters


def test_an_encounter_gives_grounds_to_who_takes_part_and_to_the_unit() -> None:
    grounds = grounds_of(encounter("finished", **NOON_TO_ONE))

    assert [ground.holder for ground in grounds] == [NURSE, UNIT]
    assert {ground.kind for ground in grounds} == {GroundKind.ENCOUNTER}


def test_a_finished_encounter_holds_for_a_month_after_its_end() -> None:
    done = encounter("finished", **NOON_TO_ONE)

    assert span(done) == (NOON, NOON + timedelta(hours=1) + 30 * DAY)


def test_a_planned_encounter_is_prepared_for_two_weeks() -> None:
    assert span(encounter("planned", **NOON_TO_ONE))[0] == NOON - 14 * DAY


def test_a_planned_encounter_without_a_time_gives_none() -> None:
    assert grounds_of(encounter("planned")) == []
    assert grounds_of(encounter("planned", **period(end="2026-05-04"))) == []


@pytest.mark.parametrize("kind", ["IMP", "ACUTE", "NONAC", "OBSENC", "SS"])
def test_a_stay_lasts_until_it_is_ended(kind: str) -> None:
    assert span(encounter("in-progress", kind, **FROM_NOON)) == (NOON, None)
    assert span(encounter("onleave", kind)) == (None, None)


def test_a_cancelled_encounter_gives_none() -> None:
    assert grounds_of(encounter("cancelled", **NOON_TO_ONE)) == []
    assert grounds_of(encounter("entered-in-error", "IMP", **NOON_TO_ONE)) == []


def test_an_outpatient_encounter_that_nobody_ends_is_over_after_a_month() -> None:
    assert span(encounter("in-progress", **FROM_NOON)) == (NOON, NOON + 30 * DAY)


def test_a_finished_stay_without_an_end_does_not_last() -> None:
    assert span(encounter("finished", "IMP", **FROM_NOON)) == (NOON, NOON + 30 * DAY)
    assert grounds_of(encounter("finished", "IMP")) == []


def test_who_leaves_an_encounter_loses_her_ground_before_the_unit() -> None:
    stay = encounter(
        "in-progress",
        "IMP",
        participant=[{"individual": ref(NURSE), **NOON_TO_ONE}, {"individual": ref(ROLE)}],
        **FROM_NOON,
    )

    assert {ground.holder: ground.ends for ground in grounds_of(stay)} == {
        NURSE: NOON + timedelta(hours=1) + 30 * DAY,
        ROLE: None,
        UNIT: None,
    }


# Appointments


@pytest.mark.parametrize("status", ["booked", "arrived", "checked-in", "fulfilled", "noshow"])
def test_an_appointment_holds_some_days_before_and_after(status: str) -> None:
    booked = appointment(status)

    assert span(booked) == (NOON - 14 * DAY, NOON + timedelta(minutes=20) + 14 * DAY)
    assert grounds_of(booked)[0].kind is GroundKind.APPOINTMENT


@pytest.mark.parametrize("status", ["proposed", "waitlist", "cancelled", "entered-in-error"])
def test_an_appointment_that_is_not_booked_gives_none(status: str) -> None:
    assert grounds_of(appointment(status)) == []


def test_who_declines_an_appointment_has_no_ground() -> None:
    people = [
        {"actor": ref(NURSE), "status": "declined"},
        {"actor": {"reference": "HealthcareService/s"}, "status": "needs-action"},
    ]

    assert holders(appointment(participant=people)) == [("HealthcareService", "s")]


def test_an_appointment_without_a_start_gives_none() -> None:
    timeless = appointment()
    del timeless["start"]

    assert grounds_of(timeless) == []


# Referrals and requisitions


def test_a_referral_opens_to_who_is_asked_and_who_asks() -> None:
    grounds = grounds_of(request())

    assert grounds == [
        Ground(GroundKind.REFERRAL, UNIT, NOON, None),
        Ground(GroundKind.REFERRAL, GP, NOON, None),
    ]


@pytest.mark.parametrize(
    "more",
    [
        {"category": [{"coding": [{"system": "http://snomed.info/sct", "code": "108252007"}]}]},
        {"category": [{"coding": [{"system": "http://snomed.info/sct", "code": "363679005"}]}]},
        {"code": {"coding": [{"system": "urn:oid:2.16.578.1.12.4.1.1.7280", "code": "NPU1"}]}},
        {
            "category": [
                {
                    "coding": [
                        {
                            "system": "https://fellesjournal.example/fhir/CodeSystem/order-type",
                            "code": "laboratory-requisition",
                        }
                    ]
                }
            ]
        },
    ],
)
def test_laboratory_work_and_imaging_are_requisitions(more: Json) -> None:
    assert {ground.kind for ground in grounds_of(request(**more))} == {GroundKind.REQUISITION}


@pytest.mark.parametrize(
    "more",
    [
        {"status": "draft"},
        {"status": "completed"},
        {"status": "revoked"},
        {"status": "entered-in-error"},
        {"status": "unknown"},
        {"intent": "plan"},
        {"intent": "option"},
        {"doNotPerform": True},
    ],
)
def test_what_asks_nobody_to_act_gives_none(more: Json) -> None:
    assert grounds_of(request(**more)) == []


def test_a_referral_never_ends_by_time_alone() -> None:
    old = request(authoredOn="1999-01-01", occurrencePeriod={"end": "1999-02-01"})

    assert {ground.ends for ground in grounds_of(old)} == {None}
    assert len(grounds_of(request(status="on-hold"))) == 2


# Services, teams, plans


def test_a_granted_service_opens_to_unit_manager_and_team() -> None:
    granted = service(**period("2026-05-04"))

    assert holders(granted) == [UNIT, NURSE, TEAM]
    assert span(granted) == (datetime(2026, 5, 3, 22, tzinfo=UTC), None)


def test_a_day_ends_at_midnight_in_norway() -> None:
    ended = service("finished", **period("2026-01-01", "2026-05-04"))

    assert span(ended)[1] == datetime(2026, 5, 4, 22, tzinfo=UTC) + 30 * DAY


def test_a_planned_service_is_prepared_for_and_a_waiting_one_is_seen() -> None:
    begins = datetime(2026, 5, 3, 22, tzinfo=UTC)

    assert span(service("planned", **period("2026-05-04"))) == (begins - 14 * DAY, None)
    assert span(service("waitlist")) == (None, None)


def test_a_service_that_is_over_nobody_knows_since_when_gives_none() -> None:
    assert grounds_of(service("finished", **period("2026-05-04"))) == []
    assert grounds_of(service("cancelled")) == []


def test_a_team_opens_to_its_members_and_its_unit_not_to_the_units_of_members() -> None:
    assert holders(team()) == [NURSE, UNIT]


def test_a_team_without_status_is_taken_for_active() -> None:
    quiet = team()
    del quiet["status"]

    assert holders(quiet) == [NURSE, UNIT]


def test_a_member_is_in_the_team_only_while_both_last() -> None:
    members = [{"member": ref(NURSE), **period("2026-01-01", "2026-03-31")}]
    data = team(participant=members, **period("2026-02-01", "2026-12-31"))
    first = next(ground for ground in grounds_of(data) if ground.holder == NURSE)

    assert (first.starts, first.ends) == (
        datetime(2026, 1, 31, 23, tzinfo=UTC),
        datetime(2026, 3, 31, 22, tzinfo=UTC),
    )


def test_a_member_who_left_before_the_team_began_has_no_ground() -> None:
    members = [{"member": ref(NURSE), **period(end="2026-01-01")}]

    assert holders(team(participant=members, **period("2026-02-01"))) == [UNIT]


@pytest.mark.parametrize("status", ["proposed", "suspended", "inactive", "entered-in-error"])
def test_a_team_that_is_not_active_gives_none(status: str) -> None:
    assert grounds_of(team(status=status)) == []


def test_a_plan_opens_to_its_team_and_to_who_carries_it_out_not_to_its_author() -> None:
    assert holders(plan()) == [TEAM, UNIT]
    assert {ground.kind for ground in grounds_of(plan())} == {GroundKind.CARE_TEAM}


def test_an_activity_that_is_over_gives_none() -> None:
    over = [{"detail": {"status": "completed", "performer": [ref(UNIT)]}}, {"reference": {}}]

    assert holders(plan(activity=over)) == [TEAM]


@pytest.mark.parametrize("status", ["draft", "revoked", "completed", "entered-in-error", "unknown"])
def test_a_plan_that_is_not_active_gives_none(status: str) -> None:
    assert grounds_of(plan(status=status)) == []


# Tasks and studies


@pytest.mark.parametrize(
    "status", ["requested", "received", "accepted", "ready", "in-progress", "on-hold"]
)
def test_an_open_task_opens_to_its_owner_alone(status: str) -> None:
    assigned = task(status, authoredOn="2026-05-04T12:00:00+02:00")

    assert grounds_of(assigned) == [Ground(GroundKind.TASK, NURSE, NOON, None)]


@pytest.mark.parametrize(
    "status", ["draft", "rejected", "cancelled", "failed", "completed", "entered-in-error"]
)
def test_a_task_that_is_not_open_gives_none(status: str) -> None:
    assert grounds_of(task(status)) == []


@pytest.mark.parametrize(
    "status", ["on-study", "on-study-intervention", "on-study-observation", "follow-up"]
)
def test_a_participant_opens_to_the_study(status: str) -> None:
    (ground,) = grounds_of(subject(status, **period("2026-01-01", "2026-12-31")))

    assert (ground.kind, ground.holder) == (GroundKind.COHORT, ("ResearchStudy", "s"))
    assert ground.ends == datetime(2026, 12, 31, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    "status", ["candidate", "eligible", "screening", "withdrawn", "off-study", "ineligible"]
)
def test_who_does_not_take_part_opens_to_nobody(status: str) -> None:
    assert grounds_of(subject(status)) == []


def test_only_a_study_of_the_platform_holds_a_cohort() -> None:
    assert grounds_of(subject(study=ref(NURSE))) == []
    assert grounds_of(subject(study={"reference": "http://elsewhere.test/ResearchStudy/s"})) == []


# All of them


def test_there_is_an_example_of_each_type_that_gives_grounds() -> None:
    assert set(EXAMPLES) == GROUNDING_TYPES
    assert [name for name, data in EXAMPLES.items() if not grounds_of(data)] == []


@pytest.mark.parametrize("name", ["Observation", "Condition", "Consent", "Practitioner", "", "X"])
def test_other_types_give_none(name: str) -> None:
    everything = {key: value for data in EXAMPLES.values() for key, value in data.items()}

    assert grounds_of({**everything, "resourceType": name}) == []


@pytest.mark.parametrize("name", sorted(GROUNDING_TYPES - {"Patient"}))
def test_entered_in_error_gives_none(name: str) -> None:
    assert grounds_of({**EXAMPLES[name], "status": "entered-in-error"}) == []
    assert grounds_of({**EXAMPLES[name], "status": "a new one"}) == []


NO_HOLDER: list[Any] = [
    None,
    {},
    {"display": "Ragna"},
    {"reference": "#contained"},
    {"reference": "urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7"},
    {"reference": "Practitioner?identifier=1"},
    {"reference": "http://elsewhere.test/fhir/Practitioner/nurse"},
    {"reference": "Patient/1"},
    {"reference": "Location/1"},
    {"reference": 5},
    "Practitioner/nurse",
    {"identifier": {"value": "1"}, "type": "Practitioner"},
]


@pytest.mark.parametrize("reference", NO_HOLDER, ids=str)
def test_a_reference_that_leads_to_nobody_here_gives_none(reference: Any) -> None:
    assert grounds_of(task(owner=reference)) == []
    assert grounds_of(patient(generalPractitioner=[reference])) == []


def test_a_reference_to_a_version_leads_to_the_person() -> None:
    assert holders(task(owner={"reference": "Practitioner/nurse/_history/3"})) == [NURSE]


@pytest.mark.parametrize(
    "data",
    [
        encounter("finished", **period("sometime", "2026-05-04")),
        encounter("in-progress", "IMP", **period("2026-05-04", "2026-13")),
        appointment(start="soon"),
        appointment(end="later"),
        request(authoredOn="yesterday"),
        service(**period("2026-05-04", "2026-02-30")),
        team(**period(end="x")),
        plan(**period(end="x")),
        task(authoredOn="x"),
        subject(**period(end="x")),
        patient(deceasedDateTime="x"),
    ],
)
def test_a_time_that_cannot_be_read_gives_none(data: Json) -> None:
    assert grounds_of(data) == []


def test_the_same_ground_is_given_once() -> None:
    doubled = patient(generalPractitioner=[ref(GP), ref(GP)])

    assert len(grounds_of(doubled)) == 1


def test_durations_are_settings() -> None:
    strict = Durations(encounter_after=Days(0, "a test"), appointment_before=Days(1, "a test"))
    done = encounter("finished", **NOON_TO_ONE)

    assert {g.ends for g in grounds_of(done, strict)} == {NOON + timedelta(hours=1)}
    assert {g.starts for g in grounds_of(appointment(), strict)} == {NOON - DAY}


def test_every_duration_says_where_it_comes_from() -> None:
    assert len(DURATIONS.rows()) == 8
    assert [name for name, row in DURATIONS.rows() if row.days < 0 or len(row.source) < 20] == []


JSON = st.recursive(
    st.none() | st.booleans() | st.text(max_size=5) | st.sampled_from(["2026", "Practitioner/1"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["reference", "period", "start", "end", "member", "actor", "individual",
                         "detail", "performer", "coding", "code", "system", "status"]),
        inner, max_size=4),
    max_leaves=8,
)  # fmt: skip


@given(st.sampled_from(sorted(EXAMPLES)), st.data())
def test_strange_shapes_give_fewer_grounds_never_a_crash(name: str, data: st.DataObject) -> None:
    example = dict(EXAMPLES[name])
    for key in data.draw(st.sets(st.sampled_from(sorted(example)))):
        if key != "resourceType":
            example[key] = data.draw(JSON)

    for ground in grounds_of(example):
        assert ground.kind in STAFF_KINDS
        assert ground.holder[0] in HOLDER_TYPES | {"ResearchStudy"}
        assert ground.starts is None or ground.ends is None or ground.starts < ground.ends


@given(st.sampled_from(sorted(EXAMPLES)))
def test_the_same_resource_gives_the_same_grounds(name: str) -> None:
    copy = json.loads(json.dumps(EXAMPLES[name]))

    assert grounds_of(copy) == grounds_of(EXAMPLES[name])
    assert copy == EXAMPLES[name]


# What the demo writes, and what comes from elsewhere


@pytest.fixture(scope="module")
def region() -> list[Json]:
    return list(generate(60, seed=7))


def of(region: list[Json], *kinds: str) -> Iterator[Json]:
    return (data for data in region if data["resourceType"] in kinds)


def test_every_citizen_of_the_demo_has_a_list_gp(region: list[Json]) -> None:
    patients = list(of(region, "Patient"))

    assert len(patients) == 60
    assert [data["id"] for data in patients if not grounds_of(data)] == []


def test_every_contact_of_the_demo_opens_to_its_worker_and_unit(region: list[Json]) -> None:
    wrong = [
        data["id"]
        for data in of(region, "Encounter")
        # in a ward a doctor and a nurse answer for a patient
        if [kind for kind, _ in holders(data)]
        not in (["Practitioner", "Organization"], ["Practitioner", "Practitioner", "Organization"])
    ]

    assert wrong == []


def test_every_holder_of_the_demo_is_in_its_directory(region: list[Json]) -> None:
    known = {(data["resourceType"], data["id"]) for data in region}
    unknown = {holder for data in region for holder in holders(data)} - known

    assert unknown == set()


def test_the_demo_gives_grounds_of_each_kind_of_care(region: list[Json]) -> None:
    kinds = {ground.kind for data in region for ground in grounds_of(data)}

    assert kinds >= {
        GroundKind.LIST_GP,
        GroundKind.ENCOUNTER,
        GroundKind.APPOINTMENT,
        GroundKind.HOME_CARE,
        GroundKind.CARE_TEAM,
    }


def test_encounters_from_elsewhere_end_with_their_month(shared_data: Path) -> None:
    for file in sorted((shared_data / "synthea").glob("*.json"))[:6]:
        text = file.read_text().replace("urn:uuid:", "Practitioner/")
        resources = [entry["resource"] for entry in json.loads(text)["entry"]]
        encounters = [data for data in resources if data["resourceType"] == "Encounter"]
        assert encounters
        for data in encounters:
            ends = datetime.fromisoformat(data["period"]["end"]) + 30 * DAY
            assert {ground.ends for ground in grounds_of(data)} == {ends}


def test_the_official_examples_are_read(shared_data: Path) -> None:
    found = {
        data["resourceType"]
        for file in (shared_data / "fhir-r4-examples").glob("*.json")
        if grounds_of(data := json.loads(file.read_bytes()))
    }

    assert found >= {"Encounter", "Appointment", "ServiceRequest", "EpisodeOfCare", "CareTeam"}
