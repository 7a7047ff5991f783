"""Problems, allergies and medicines as they are read from any system."""

from __future__ import annotations

from typing import Any

import pytest

from fellesjournal.care.chart.clinical import (
    Allergies,
    AllergyState,
    Dose,
    alerts,
    allergies,
    medicines,
    problems,
)


def _concept(text: str, code: str = "", system: str = "http://snomed.info/sct") -> dict[str, Any]:
    return {"text": text, "coding": [{"system": system, "code": code}] if code else []}


def _status(code: str) -> dict[str, Any]:
    return {"coding": [{"code": code}]}


def test_no_allergy_resource_means_not_asked_not_none_known() -> None:
    assert allergies([]).state is AllergyState.NOT_ASKED


def test_the_code_for_no_known_allergy_means_asked_and_none() -> None:
    found = allergies([{"code": _concept("No known allergy", "716186003")}])
    assert found.state is AllergyState.NONE_KNOWN
    assert found.listed == ()


def test_a_listed_allergy_outweighs_an_older_statement_of_none() -> None:
    found = allergies(
        [{"code": _concept("No known allergy", "716186003")}, {"code": _concept("Penicillin")}]
    )
    assert found.state is AllergyState.LISTED
    assert [allergy.what for allergy in found.listed] == ["Penicillin"]


def test_refuted_and_mistaken_allergies_are_not_shown() -> None:
    refuted = {"code": _concept("Nuts"), "verificationStatus": _status("refuted")}
    mistaken = {"code": _concept("Milk"), "verificationStatus": _status("entered-in-error")}
    assert allergies([refuted, mistaken]).state is AllergyState.NOT_ASKED


def test_severe_reactions_come_first_and_carry_their_manifestations() -> None:
    mild = {"code": _concept("Birch"), "reaction": [{"manifestation": [_concept("Sneezing")]}]}
    severe = {
        "code": _concept("Penicillin"),
        "reaction": [{"manifestation": [_concept("Anaphylaxis")], "severity": "severe"}],
    }
    listed = allergies([mild, severe]).listed
    assert [(a.what, a.grave, a.reactions) for a in listed] == [
        ("Penicillin", True, "Anaphylaxis"),
        ("Birch", False, "Sneezing"),
    ]


def test_diagnosis_repeated_at_each_visit_is_one_problem_since_the_first() -> None:
    visits = [
        {"code": _concept("Diabetes", "44054006"), "onsetDateTime": year}
        for year in ("2021", "2019-03", "2023-01-01")
    ]
    (problem,) = problems(visits)
    assert problem.since is not None
    assert problem.since.text == "2019-03"


def test_ended_and_refuted_conditions_are_not_active() -> None:
    ended = {"code": _concept("Sinusitis", "1"), "clinicalStatus": _status("resolved")}
    abated = {"code": _concept("Fracture", "2"), "abatementDateTime": "2020-01-01"}
    refuted = {"code": _concept("Cancer", "3"), "verificationStatus": _status("refuted")}
    found = problems([ended, abated, refuted])
    assert {(p.text, p.active) for p in found} == {("Sinusitis", False), ("Fracture", False)}


def test_diagnosis_code_is_shown_only_for_systems_clinicians_know_by_heart() -> None:
    icpc = {"code": _concept("Diabetes", "T90", "http://hl7.org/fhir/sid/icpc-2")}
    snomed = {"code": _concept("Gout", "90560007")}
    assert {p.text: p.code for p in problems([icpc, snomed])} == {"Diabetes": "T90", "Gout": ""}


def _prescription(**members: Any) -> dict[str, Any]:
    return {
        "resourceType": "MedicationRequest",
        "status": "active",
        "medicationCodeableConcept": {"text": "Metotreksat 2,5 mg"},
        **members,
    }


def test_weekly_dose_is_marked_as_weekly() -> None:
    weekly = {"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "wk"}}}
    daily = {"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}}
    (marked,) = medicines([_prescription(dosageInstruction=[weekly])])
    (unmarked,) = medicines([_prescription(dosageInstruction=[daily])])
    assert marked.weekly
    assert not unmarked.weekly


def test_stopped_and_proposed_medicines_are_not_in_use() -> None:
    assert medicines([_prescription(status="stopped"), _prescription(intent="proposal")]) == ()


def test_of_a_prescribed_and_a_reported_entry_of_the_same_the_prescription_is_shown() -> None:
    reported = {
        "resourceType": "MedicationStatement",
        "status": "active",
        "medicationCodeableConcept": {"text": "METOTREKSAT 2,5 mg"},
    }
    (medicine,) = medicines([reported, _prescription()])
    assert medicine.source == "prescribed"


def test_medicine_in_a_contained_or_separate_resource_is_named() -> None:
    contained = {
        "resourceType": "MedicationRequest",
        "status": "active",
        "contained": [{"resourceType": "Medication", "id": "m", "code": {"text": "Ibuprofen"}}],
        "medicationReference": {"reference": "#m"},
    }
    separate = {
        "resourceType": "MedicationRequest",
        "status": "active",
        "medicationReference": {"reference": "Medication/7"},
    }
    known = {"Medication/7": {"code": {"text": "Warfarin"}}}
    assert [m.text for m in medicines([contained, separate], known)] == ["Ibuprofen", "Warfarin"]


def test_dose_without_text_is_told_from_its_structure() -> None:
    dose = {
        "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}},
        "doseAndRate": [{"doseQuantity": {"value": 1, "unit": "tablett"}}],
    }
    (medicine,) = medicines([_prescription(dosageInstruction=[dose])])
    assert medicine.doses == (Dose(amount="1 tablett", times="2", every="1", period="d"),)


@pytest.mark.parametrize(
    ("repeat", "weekly"),
    [
        ({"frequency": 1, "period": 1, "periodUnit": "wk"}, True),
        ({"frequency": 1, "period": 7, "periodUnit": "d"}, True),
        ({"frequency": 1, "period": 1, "periodUnit": "d"}, False),
        ({"frequency": 1, "period": 8, "periodUnit": "h"}, False),
    ],
)
def test_medicine_by_the_week_is_marked_however_the_week_is_written(
    repeat: dict[str, Any],
    weekly: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    (medicine,) = medicines([_prescription(dosageInstruction=[{"timing": {"repeat": repeat}}])])
    assert medicine.weekly is weekly


@pytest.mark.parametrize("code", ["no-allergy-info", "not-asked"])
def test_a_record_that_nobody_asked_is_no_allergy(code: str) -> None:
    found = allergies([{"code": {"coding": [{"code": code}], "text": "Ikke spurt om allergi"}}])
    assert found == Allergies(AllergyState.NOT_ASKED)


def test_no_known_drug_allergy_says_nothing_of_other_allergies() -> None:
    found = allergies([{"code": {"coding": [{"code": "409137002"}], "text": "No drug allergy"}}])
    assert found == Allergies(AllergyState.NOT_ASKED, partly=("No drug allergy",))


def test_the_tag_of_a_terminology_is_not_read_out() -> None:
    (problem,) = problems([{"code": {"text": "Anemia (disorder)"}}])
    assert problem.text == "Anemia"


def test_only_active_flags_warn() -> None:
    old = {"status": "inactive", "code": {"text": "MRSA"}}
    current = {"status": "active", "code": {"text": "Fall risk"}}
    assert [alert.text for alert in alerts([old, current])] == ["Fall risk"]
