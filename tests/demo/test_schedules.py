"""The demo's schedules: what is booked fits them, nothing twice, on whatever day it is made."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fellesjournal.access import booked
from fellesjournal.demo import generate, schedules
from fellesjournal.foundation.clock import NORWAY
from fellesjournal.registry.opening_rules import openings_on, read_rules, schedule_problems
from fellesjournal.store.claims import BOOKED_IN, claim_problems, claims_of, span_of

RAGNA = "staff-gp-trondheim-schedule"


def made(until: date, citizens: int = 150) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {"Schedule": [], "Appointment": []}
    for each in generate(citizens, until=until):
        if each["resourceType"] in found:
            found[each["resourceType"]].append(each)
    return found


@pytest.mark.parametrize("until", [date(2026, 11, 20), date(2026, 11, 22), date(2027, 3, 25)])
def test_what_is_booked_takes_an_opening_and_no_time_twice(until: date) -> None:
    region = made(until)
    rules = {f"Schedule/{each['id']}": read_rules(each) for each in region["Schedule"]}
    assert f"Schedule/{RAGNA}" in rules
    assert not [problem for each in region["Schedule"] for problem in schedule_problems(each)]
    claims = [claim for each in region["Appointment"] for claim in claims_of(each)]
    assert len(claims) == len(set(claims)) > 20
    for each in region["Appointment"]:
        assert claim_problems(each) == []
        schedule, span = booked.schedule_of(each), span_of(each)
        if schedule and span:
            day = openings_on(rules[schedule], span[0].astimezone(NORWAY).date())
            assert span in {(opening.start, opening.end) for opening in day}


def test_the_cast_has_a_day_a_late_cancellation_and_one_who_did_not_come() -> None:
    hers = [each for each in made(date(2026, 11, 20), 20)["Appointment"]
            if booked.schedule_of(each) == f"Schedule/{RAGNA}"]  # fmt: skip
    today = [each for each in hers if each["start"].startswith("2026-11-20")]
    assert [each["status"] for each in today] == ["booked"] * 5
    (late,) = [each for each in hers if each["status"] == "cancelled"]
    assert {"url": "late", "valueBoolean": True} in late["extension"][1]["extension"]
    assert late["cancelationReason"]["coding"][0]["code"] == "AAI"
    (missed,) = [each for each in hers if each["status"] == "noshow"]
    assert "cancelationReason" not in missed


def test_the_demo_says_what_the_platform_reads() -> None:
    assert schedules.BOOKED_IN == BOOKED_IN
    assert schedules.OUTCOME == booked.OUTCOME
