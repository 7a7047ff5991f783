"""Alerts: allergies and the same twice; few, ranked, with ids that stay the same."""

from __future__ import annotations

from typing import Any

import pytest

from fellesjournal.care.medication.alerts import MOST_SHOWN, AlertKind, InUse, alerts_for

ATC = "http://www.whocc.no/atc"


def allergy(key: str = "a", text: str = "", code: str = "", **more: Any) -> dict[str, Any]:
    concept: dict[str, Any] = {"text": text} if text else {}
    if code:
        concept["coding"] = [{"system": ATC, "code": code}]
    return {"resourceType": "AllergyIntolerance", "id": key, "code": concept, **more}


@pytest.mark.parametrize(
    ("atc", "name", "against"),
    [
        ("J01CE02", "Fenoksymetylpenicillin", allergy(text="Penicillin")),
        ("J01CA04", "Amoksicillin", allergy(code="J01CE02")),  # penicillins are one group
        ("J01CA04", "Amoksicillin", allergy(code="J01C")),
        ("M01AE01", "Ibuprofen", allergy(text="NSAID")),
        ("M01AE02", "Naproksen", allergy(code="M01AE01")),
        ("N02AA05", "Oksykodon", allergy(text="Oksykodon tabletter")),
        ("C08CA01", "Amlodipin", allergy(reaction=[{"substance": {"text": "amlodipin"}}])),
    ],
)
def test_an_allergy_to_it_is_an_alert(atc: str, name: str, against: dict[str, Any]) -> None:
    (found,) = alerts_for(atc, name, allergies=[against], in_use=[])
    assert (found.kind, found.blocks, found.cause) == (
        AlertKind.ALLERGY, True, "AllergyIntolerance/a",
    )  # fmt: skip


@pytest.mark.parametrize(
    "against",
    [
        allergy(text="Peanøtt"),
        allergy(text="Katt"),
        allergy(code="M01AE01"),
        allergy(text="Penicillin", verificationStatus={"coding": [{"code": "refuted"}]}),
        allergy(text="Penicillin", verificationStatus={"coding": [{"code": "entered-in-error"}]}),
        allergy(text="Penicillin", clinicalStatus={"coding": [{"code": "resolved"}]}),
        allergy(text="Ingen kjente allergier"),
    ],
)
def test_what_does_not_concern_it_is_none(against: dict[str, Any]) -> None:
    assert alerts_for("J01CE02", "Fenoksymetylpenicillin", allergies=[against], in_use=[]) == ()


def test_the_same_substance_blocks_and_the_same_group_does_not() -> None:
    in_use = [
        InUse("MedicationRequest/1", "Apiksaban 5 mg", "B01AF02", "1x2"),
        InUse("MedicationRequest/2", "Rivaroksaban 20 mg", "B01AF01", "1x1"),
        InUse("MedicationRequest/3", "Uten kode", "", ""),
    ]
    found = alerts_for("B01AF02", "Apiksaban", allergies=[], in_use=in_use)
    assert [(a.kind, a.blocks) for a in found] == [
        (AlertKind.SAME_SUBSTANCE, True), (AlertKind.SAME_GROUP, False),
    ]  # fmt: skip
    replaced = alerts_for(
        "B01AF02", "Apiksaban", allergies=[], in_use=in_use, replaces={"MedicationRequest/1"}
    )
    assert [a.kind for a in replaced] == [AlertKind.SAME_GROUP]


def test_alerts_are_few_and_ranked_and_no_allergy_is_cut() -> None:
    against = [allergy(str(n), "Penicillin") for n in range(5)]
    grave = allergy("grave", "Penicillin", criticality="high")
    twice = [InUse("MedicationRequest/1", "Penicillin", "J01CE02", "1x4")]
    found = alerts_for("J01CE02", "Penicillin", allergies=[*against, grave], in_use=twice)
    assert len(found) == 6
    assert found[0].cause == "AllergyIntolerance/grave"
    many = [InUse(f"MedicationRequest/{n}", "x", "B01AF01", "") for n in range(9)]
    assert len(alerts_for("B01AF02", "y", allergies=[], in_use=many)) == MOST_SHOWN


def test_an_alert_has_the_same_id_whenever_it_is_met() -> None:
    ids = {
        alert.id
        for dose in ("1x1", "1x2")
        for alert in alerts_for(
            "B01AF02", "Apiksaban", allergies=[],
            in_use=[InUse("MedicationRequest/1", "Apiksaban", "B01AF02", dose)],
        )
    }  # fmt: skip
    assert ids == {"same-substance:B01AF02:MedicationRequest/1"}
