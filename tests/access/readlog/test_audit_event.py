"""Lines as AuditEvents: what the profile asks for, and what must never be in one."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from fellesjournal.access.policy.kinds import GroundKind
from fellesjournal.access.readlog.acts import Act, Outcome
from fellesjournal.access.readlog.audit_event import (
    PROFILE,
    audit_event,
    audit_events,
    event_id,
    line_and_patient,
)
from fellesjournal.access.readlog.queries import Line, Names, Who
from fellesjournal.fhir.profiles import shipped_profiles
from fellesjournal.fhir.validation import validate
from tests.access.readlog.cast import (
    CODES,
    DOCTOR,
    KARI,
    KARI_NUMBER,
    NAMES,
    NOTE,
    OLA,
    OTHER_NOTE,
    STAFF_NUMBER,
    a_line,
)

SYSTEM_JOB = Who("system:export", "system", "", "", "HOPERAT")
CITIZEN = Who("Patient/kari", "citizen", "", "", "PATRQT")


def event(line: Line, patient: int = KARI, **more: Any) -> dict[str, Any]:
    return audit_event(line, patient, NAMES, site="journal.example", **more)


def errors(resource: dict[str, Any]) -> list[str]:
    known = shipped_profiles()
    issues = [
        *validate(resource),
        *known.validate_claimed(resource),
        *known.validate_extensions(resource),
    ]
    for part in resource.get("contained", ()):
        issues += known.validate_profile(part, part["meta"]["profile"][0])
    return [
        str(issue)
        for issue in issues
        if issue.severity in {"error", "fatal"} or issue.code == "not-found"
    ]


@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize("for_citizen", [False, True])
def test_a_line_of_staff_is_valid_by_the_norwegian_profile(act: Act, *, for_citizen: bool) -> None:
    made = event(a_line(act=act), for_citizen=for_citizen)
    assert made["meta"]["profile"] == [PROFILE]
    assert errors(made) == []


def test_the_profile_is_really_applied() -> None:
    made = event(a_line())
    del made["extension"][0]
    assert errors(made) != []


@pytest.mark.parametrize("who", [SYSTEM_JOB, CITIZEN])
def test_what_was_not_done_by_staff_is_a_valid_audit_event(who: Who) -> None:
    assert errors(event(a_line(who=who, kind=None))) == []


def test_what_is_about_nobody_is_a_valid_audit_event() -> None:
    made = event(a_line(patients=(), resources=(CODES,)), 0)
    assert errors(made) == []
    assert made["entity"][0]["what"] == {"reference": "CodeSystem/c"}


def test_names_that_are_gone_still_make_a_valid_event() -> None:
    assert errors(audit_event(a_line(), KARI, Names(), site="x")) == []


def test_the_citizens_event_has_the_name_and_no_number_of_staff() -> None:
    for_staff, for_citizen = (json.dumps(event(a_line(), for_citizen=c)) for c in (False, True))
    assert STAFF_NUMBER in for_staff
    assert "9144897" in for_staff
    assert STAFF_NUMBER not in for_citizen
    assert "9144897" not in for_citizen
    for said in (for_staff, for_citizen):
        assert "Kari Dahl" not in said
        assert "Dina Dahl" in said
        assert "Medical ward" in said
        assert KARI_NUMBER in said, "her own number is hers to see"


def test_an_event_shows_what_was_hers_and_nobody_elses() -> None:
    line = a_line(act=Act.SEARCH, patients=(KARI, OLA), resources=(NOTE, OTHER_NOTE, OLA, CODES))
    (hers,) = audit_events([line], NAMES, site="x", patient=KARI, for_citizen=True)
    assert [one["what"]["reference"] for one in hers["entity"]] == ["Composition/n"]
    assert "ola" not in json.dumps(hers)
    both = audit_events([line], NAMES, site="x")
    assert [one["id"] for one in both] == [event_id(line, KARI), event_id(line, OLA)]


def test_breaking_the_glass_is_the_purpose_and_chosen_by_the_user() -> None:
    made = event(a_line(kind=GroundKind.BREAK_GLASS, decision=42))
    relation = {part["url"]: part for part in made["extension"][1]["extension"]}
    assert made["purposeOfEvent"][0]["coding"][0]["code"] == "BTG"
    assert relation["decision-ref-user-selected"]["valueBoolean"] is True
    assert relation["decision-ref-id"]["valueString"] == "42"


@pytest.mark.parametrize("who", [DOCTOR, CITIZEN, SYSTEM_JOB])
def test_the_app_it_came_through_is_an_agent_of_its_own(who: Who) -> None:
    made = event(a_line(who=replace(who, app="growth")))
    assert errors(made) == []
    person, application = made["agent"]
    assert person["requestor"] is True
    assert "type" not in person
    assert application["requestor"] is False
    assert application["type"]["coding"][0]["code"] == "110150"
    assert (application["altId"], application["name"]) == ("growth", "Growth chart")
    assert application["who"]["identifier"]["value"] == "growth"
    assert len(event(a_line(who=who))["agent"]) == 1


def test_an_app_that_is_registered_no_more_has_its_id() -> None:
    made = event(a_line(who=replace(DOCTOR, app="gone")))
    assert errors(made) == []
    assert made["agent"][1]["name"] == "gone"


def test_a_refused_read_is_a_failure_that_tells_no_content() -> None:
    made = event(a_line(outcome=Outcome.REFUSED, patients=(0,), resources=(0,)), 0)
    assert made["outcome"] == "4"
    assert "entity" not in made


def test_the_id_of_an_event_names_its_line_and_patient() -> None:
    line = a_line(chain=4711)
    assert line_and_patient(event_id(line, KARI)) == (line.key, KARI)
    for other in ("", "x", "1", "1.2.x", "1.2.99999999999999999999"):
        assert line_and_patient(other) is None
