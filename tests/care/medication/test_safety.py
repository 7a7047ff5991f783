"""INV-19: a change of period is a hard stop; what is taken by the week is never daily by itself."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fellesjournal.care.medication.formulary import ITEMS, is_weekly_only, search
from fellesjournal.care.medication.safety import StopKind, hard_stops, period_of
from fellesjournal.fhir.dosage import Dosage, Instruction, instruction_of
from tests.care.medication.medicines import dose
from tests.fhir.dosage.doses import dosages


def said(dosage: Dosage) -> Instruction:
    return Instruction(dosage, "")


@settings(max_examples=300, deadline=None)
@given(dosages, dosages, st.booleans())
def test_inv_19_every_change_of_period_is_a_stop_and_no_other(
    before: Dosage, after: Dosage, is_weekly: object
) -> None:
    stops = hard_stops(after, "", before=said(before), weekly_only=bool(is_weekly))
    kinds = {each.kind for each in stops}
    assert (StopKind.PERIOD in kinds) == (period_of(before) != period_of(after))
    assert (StopKind.NOT_WEEKLY in kinds) == (bool(is_weekly) and period_of(after) != "wk")


@settings(max_examples=300, deadline=None)
@given(dosages)
def test_inv_19_a_weekly_medicine_passes_only_by_the_week(dosage: Dosage) -> None:
    stops = hard_stops(dosage, "", before=None, weekly_only=True)
    every_day = any(
        step.as_needed or any(p.rhythm.period == "d" and p.rhythm.every % 7 for p in step.parts)
        for step in dosage.steps
    )
    if every_day:
        assert stops


@settings(max_examples=200, deadline=None)
@given(dosages, dosages, dosages)
def test_a_confirmation_holds_for_these_two_doses_only(
    before: Dosage, after: Dosage, other: Dosage
) -> None:
    assume(other != after)
    first = hard_stops(after, "", before=said(before), weekly_only=True)
    second = hard_stops(other, "", before=said(before), weekly_only=True)
    assert {each.id for each in first}.isdisjoint({each.id for each in second})


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        ("1+0+0", "1 tablett mandag hver uke", {StopKind.PERIOD}),
        ("1 tablett mandag hver uke", "1x1", {StopKind.PERIOD}),
        ("1 tablett mandag hver uke", "1 inntil x2", {StopKind.PERIOD}),
        ("1 tablett én gang hver 7. dag", "1 tablett mandag hver uke", set()),
        ("1+0+0", "2+0+1", set()),
        ("1+0+0", "1 tablett morgen hver 2. dag", {StopKind.PERIOD}),
        ("1 tablett mandag hver uke", "1 tablett mandag hver 2. uke", {StopKind.PERIOD}),
        ("1 tablett mandag hver uke", "1 tablett mandag og torsdag hver uke", set()),
        ("1 tablett én gang hver måned", "1 tablett én gang hver uke", {StopKind.PERIOD}),
    ],
)
def test_these_changes_are_stops(before: str, after: str, kinds: set[StopKind]) -> None:
    found = hard_stops(dose(after), "", before=said(dose(before)), weekly_only=False)
    assert {each.kind for each in found} == kinds


def test_words_that_are_not_understood_are_a_stop_beside_another_dose() -> None:
    words = instruction_of([{"text": "som før"}])
    assert [e.kind for e in hard_stops(dose("1x1"), "", before=words, weekly_only=False)] == [
        StopKind.PERIOD_UNKNOWN
    ]
    assert [e.kind for e in hard_stops(None, "annet", before=words, weekly_only=False)] == [
        StopKind.PERIOD_UNKNOWN
    ]
    assert hard_stops(None, "som før", before=words, weekly_only=False) == ()


def test_the_weekly_medicines_of_the_formulary_are_these() -> None:
    assert {item.label for item in ITEMS.values() if item.weekly_only} == {
        "Alendronsyre 70 mg tablett",
        "Metotreksat 2,5 mg tablett",
        "Semaglutid 0,5 mg injeksjonsvæske",
    }
    assert not is_weekly_only("M05BA04", "Alendronsyre 10 mg tablett")


def test_a_medicine_is_found_by_name_strength_and_code() -> None:
    assert [item.label for item in search("amlo 10")] == ["Amlodipin 10 mg tablett"]
    assert {item.name for item in search("J01C")} >= {"Amoksicillin", "Fenoksymetylpenicillin"}
    assert search("a") == []
    assert search("finnes ikke") == []
    assert len({item.label for item in ITEMS.values()}) == len(ITEMS)
