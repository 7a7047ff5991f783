"""The named people: they are there, and each has the story the one sentence promises."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC, date, datetime
from typing import Any

from fellesjournal.access.labels import Label, labels_of
from fellesjournal.access.policy.roles import role_of
from fellesjournal.access.relations.derive import grounds_of
from fellesjournal.demo.cast import CITIZENS, STAFF
from fellesjournal.demo.moments import age_on
from fellesjournal.registry import numbers
from tests.demo.conftest import UNTIL, Demo


def _texts(demo: Demo, key: str, kind: str) -> list[str]:
    return [r["code"]["text"] for r in demo.records[key] if r["resourceType"] == kind]


def _some(demo: Demo, key: str, kind: str) -> list[dict[str, Any]]:
    return [r for r in demo.records[key] if r["resourceType"] == kind]


def test_every_named_citizen_is_there_with_name_and_number(demo: Demo) -> None:
    for citizen in CITIZENS:
        patient = demo.patients[citizen.id]
        assert patient["identifier"][0]["value"] == citizen.number
        assert patient["name"][0]["family"] == citizen.family
        assert " ".join(patient["name"][0]["given"]) == citizen.given


def test_every_named_member_of_staff_has_a_role_at_the_unit(demo: Demo) -> None:
    for member in STAFF:
        role = demo.by_reference[f"PractitionerRole/{member.role_id}"]
        assert role["practitioner"]["reference"] == f"Practitioner/{member.id}"
        assert role["organization"]["reference"] == f"Organization/{member.unit_id}"
        assert demo.by_reference[f"Organization/{member.unit_id}"]["name"] == member.unit_name
        assert role["code"][0]["coding"][0]["code"] == member.role


def test_no_two_named_people_share_id_or_number() -> None:
    assert len({person.id for person in (*CITIZENS, *STAFF)}) == len(CITIZENS) + len(STAFF)
    assert len({citizen.number for citizen in CITIZENS}) == len(CITIZENS)


def test_aslaug_has_heart_failure_diabetes_home_care_and_an_appointment(demo: Demo) -> None:
    problems = _texts(demo, "cast-aslaug", "Condition")
    assert {"Hjertesvikt", "Diabetes type 2", "Atrieflimmer"} <= set(problems)
    episodes = _some(demo, "cast-aslaug", "EpisodeOfCare")
    services = {e["type"][0]["coding"][0]["code"] for e in episodes}
    assert services == {"15", "6", "27"}
    assert "Alvorlig penicillinallergi (anafylaksi)" in _texts(demo, "cast-aslaug", "Flag")
    booked = [a for a in _some(demo, "cast-aslaug", "Appointment") if a["status"] == "booked"]
    assert any("hjerte og diabetes" in a["description"] for a in booked)
    assert demo.patients["cast-aslaug"]["generalPractitioner"][0]["reference"] == (
        "Practitioner/staff-gp-trondheim"
    )


def test_marit_is_aslaugs_next_of_kin(demo: Demo) -> None:
    relative = _some(demo, "cast-aslaug", "RelatedPerson")[0]
    marit = next(citizen for citizen in CITIZENS if citizen.id == "cast-marit")
    assert relative["identifier"][0]["value"] == marit.number
    assert "N" in [c["code"] for part in relative["relationship"] for c in part["coding"]]


def test_emrik_has_asthma_a_peanut_allergy_and_two_parents(demo: Demo) -> None:
    assert "Astma" in _texts(demo, "cast-emrik", "Condition")
    assert "Peanøtt" in _texts(demo, "cast-emrik", "AllergyIntolerance")
    parents = _some(demo, "cast-emrik", "RelatedPerson")
    relations = {r["relationship"][0]["coding"][0]["code"] for r in parents}
    assert {"mor", "far"} <= relations


def test_thea_is_pregnant_and_has_not_given_birth(demo: Demo) -> None:
    pregnancy = next(
        c for c in _some(demo, "cast-thea", "Condition") if c["code"]["text"] == "Svangerskap"
    )
    assert pregnancy["clinicalStatus"]["coding"][0]["code"] == "active"
    assert "Normal fødsel" not in _texts(demo, "cast-thea", "Condition")


def test_torvald_lives_in_the_nursing_home_without_capacity_to_consent(demo: Demo) -> None:
    stays = [e for e in _some(demo, "cast-torvald", "Encounter") if e["status"] == "in-progress"]
    assert [e["type"][0]["text"] for e in stays] == ["Sykehjemsopphold"]
    assert any("samtykkekompetanse" in text for text in _texts(demo, "cast-torvald", "Flag"))


def test_the_newborn_has_only_a_help_number(demo: Demo) -> None:
    identifiers = demo.patients["cast-newborn"]["identifier"]
    assert [identifier["system"] for identifier in identifiers] == [numbers.FHN_SYSTEM]


def test_zbigniew_has_a_d_number_and_an_operated_hand(demo: Demo) -> None:
    assert demo.patients["cast-zbigniew"]["identifier"][0]["system"] == numbers.DNR_SYSTEM
    assert _some(demo, "cast-zbigniew", "Procedure")


def test_ingebrigt_takes_many_medicines_and_meets_the_gp_often(demo: Demo) -> None:
    active = [
        m for m in _some(demo, "cast-ingebrigt", "MedicationRequest") if m["status"] == "active"
    ]
    assert len(active) >= 10
    assert len(_some(demo, "cast-ingebrigt", "Encounter")) > 60


def test_oddmund_sends_his_saturation_himself(demo: Demo) -> None:
    own = [
        o
        for o in _some(demo, "cast-oddmund", "Observation")
        if o["performer"][0]["reference"] == "Patient/cast-oddmund"
    ]
    assert len(own) > 40


def test_laejsas_municipality_keeps_both_names(demo: Demo) -> None:
    patient = demo.patients["cast-laejsa"]
    assert patient["address"][0]["district"] == "Røros – Rosse"
    assert patient["communication"][0]["language"]["coding"][0]["code"] == "sma"


def test_jesper_and_karoline_and_bergljot_have_what_their_stories_say(demo: Demo) -> None:
    assert "Diabetes type 1" in _texts(demo, "cast-jesper", "Condition")
    assert "Angstlidelse" in _texts(demo, "cast-karoline", "Condition")
    assert "Tykktarmskreft" in _texts(demo, "cast-bergljot", "Condition")
    assert "deceasedDateTime" in demo.patients["cast-bergljot"]


def test_the_vollseter_children_are_on_each_side_of_the_ages_that_change_access(demo: Demo) -> None:
    born = {
        key: date.fromisoformat(demo.patients[f"cast-{key}"]["birthDate"])
        for key in ("emrik", "ylva", "storm", "oda")
    }
    ages = {key: age_on(day.toordinal(), UNTIL.toordinal()) for key, day in born.items()}

    assert ages == {"emrik": 8, "ylva": 11, "storm": 14, "oda": 17}
    assert age_on(born["ylva"].toordinal(), UNTIL.toordinal() + 7) == 12


def test_marit_has_a_power_of_attorney_with_an_end_and_havard_is_a_guardian(demo: Demo) -> None:
    for key, code, has_end in (("cast-aslaug", "FU", True), ("cast-torvald", "VE", False)):
        (power,) = _some(demo, key, "Consent")
        actor = demo.by_reference[power["provision"]["actor"][0]["reference"]["reference"]]
        assert power["category"][0]["coding"][0]["code"] == code
        assert code in [c["code"] for part in actor["relationship"] for c in part["coding"]]
        assert ("end" in power["provision"]["period"]) is has_end
        assert power["provision"]["class"]


def test_each_named_member_of_the_staff_who_treats_has_a_patient_by_a_ground_and_never_all(
    demo: Demo,
) -> None:
    """Seen through the rules that the platform runs, as if the demo's day were now."""
    now = datetime(UNTIL.year, UNTIL.month, UNTIL.day, 12, tzinfo=UTC)
    holders: dict[str, set[str]] = defaultdict(set)
    teams: dict[str, set[str]] = defaultdict(set)
    for key, resources in demo.records.items():
        for resource in (demo.patients[key], *resources):
            for part in (
                resource.get("participant", ()) if resource["resourceType"] == "CareTeam" else ()
            ):
                teams[part["member"]["reference"]].add(f"CareTeam/{resource['id']}")
            for ground in grounds_of(resource):
                if (ground.starts is None or ground.starts <= now) and (
                    ground.ends is None or ground.ends > now
                ):
                    holders["/".join(ground.holder)].add(key)
    named = {citizen.id for citizen in CITIZENS}
    for member in STAFF:
        role = role_of(member.role)
        assert role is not None
        if role.duties:
            continue
        mine = {f"Practitioner/{member.id}", f"PractitionerRole/{member.role_id}",
                f"Organization/{member.unit_id}"}  # fmt: skip
        mine |= {team for holder in mine for team in teams[holder]}
        seen = set().union(*(holders[holder] for holder in mine))
        assert seen & named, member.name
        assert named - seen, member.name


def test_sunnivas_depression_is_shown_after_an_extra_step_only(demo: Demo) -> None:
    told = [
        resource
        for resource in demo.records["cast-sunniva"]
        if "Depresjon" in json.dumps(resource, ensure_ascii=False)
    ]
    assert len(told) > 2
    assert all(labels_of(resource) & Label.PSY for resource in told)
    assert not all(labels_of(r) & Label.PSY for r in demo.records["cast-sunniva"])
