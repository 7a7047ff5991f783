"""Referrals of the demo: each open one has who answers for it, and stands where its story says."""

from __future__ import annotations

from fellesjournal.care.referrals import codes
from fellesjournal.care.referrals.actions.case import is_referral
from fellesjournal.care.referrals.receivers import inability_of, is_outsider
from fellesjournal.care.referrals.resources import read_referral, read_work
from fellesjournal.care.referrals.states import State
from fellesjournal.fhir.reading import has_code
from tests.demo.conftest import Demo


def test_every_open_referral_has_one_open_task_that_says_the_same(demo: Demo) -> None:
    works = [read_work(each, 1) for each in demo.of("Task")]
    by_referral = {each.referral: each for each in works if each.code == codes.REFERRAL_TASK}
    found = [read_referral(each, 1) for each in demo.of("ServiceRequest") if is_referral(each)]
    open_ones = [each for each in found if each.state.is_open]
    assert {each.id for each in open_ones} == {
        key for key, work in by_referral.items() if work.is_open
    }
    for each in open_ones:
        work = by_referral[each.id]
        assert work.state is each.state
        assert work.deadline in {each.assess_by, each.care_by}
        assert work.owner in demo.by_reference
        assert each.receiver in demo.by_reference


def test_the_stories_have_referrals_to_assess_asked_about_and_waiting(demo: Demo) -> None:
    expected = {
        "cast-sunniva": State.TO_ASSESS,
        "cast-havard": State.ASKED,
        "cast-marit": State.WAITING,
    }
    for patient, state in expected.items():
        requests = [r for r in demo.records[patient] if r["resourceType"] == "ServiceRequest"]
        assert state in {read_referral(r, 1).state for r in requests if is_referral(r)}


def test_one_specialist_outside_reads_referrals_and_one_does_not(demo: Demo) -> None:
    able = {}
    intake = [s for s in demo.of("HealthcareService") if has_code(s["type"], ["referral-intake"])]
    for service in intake:
        unit = demo.by_reference[service["providedBy"]["reference"]]
        endpoints = [demo.by_reference[e["reference"]] for e in service.get("endpoint", ())]
        if is_outsider(unit):
            able[service["id"]] = inability_of(service, unit, unit, endpoints) is None
        else:
            assert inability_of(service, unit, unit, endpoints) is None
    assert sorted(able.values()) == [False, True]
