"""Cases on pages: proposed, answered, decided or sent up, by who may; never changed afterwards."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from fellesjournal.access.sessions import Session, staff_session, system_session
from fellesjournal.demo.cast import STAFF, StaffMember
from fellesjournal.fhir.issues import NotAllowed, NotFound, PreconditionFailed
from fellesjournal.foundation import clock
from fellesjournal.leadership.decisions import actions
from fellesjournal.leadership.decisions.actors import actors, speaks_for
from fellesjournal.leadership.decisions.cases import (
    GovernanceCase,
    Outcome,
    Rules,
    Stance,
    Status,
)
from fellesjournal.leadership.decisions.deciding import proposed
from fellesjournal.leadership.decisions.levels import CaseType
from fellesjournal.leadership.decisions.queries import all_cases
from fellesjournal.leadership.decisions.refusals import Why
from fellesjournal.leadership.decisions.structure import (
    CASES,
    STRUCTURE,
    STRUCTURES,
    THE_ONE,
    Structure,
)
from fellesjournal.leadership.documents.actions import save
from fellesjournal.leadership.documents.queries import standing
from fellesjournal.registry.units import UNIT_KIND_SYSTEM
from tests.leadership.decisions.refusing import refused
from tests.signing_in import GP, put, staff_client
from tests.surfaces.statements import counted

BY_ROLE = {member.role: member for member in STAFF}
LEADER, COORDINATOR = BY_ROLE["unit-leader"], BY_ROLE["benefits-coordinator"]
TRONDHEIM, ROROS = "Organization/org-5001", "Organization/org-5025"
LIST = "leaders-cases"
RULES = Rules()


@pytest.fixture
def people(db: None) -> dict[str, Client]:
    """A leader whose unit is Trondheim's, and a coordinator of Trondheim; Røros decides too."""
    del db
    clients = {"leader": staff_client(LEADER), "coordinator": staff_client(COORDINATOR)}
    for key, name in (("org-5001", "Trondheim kommune"), ("org-5025", "Røros kommune")):
        coding = [{"system": UNIT_KIND_SYSTEM, "code": "municipality"}]
        put("Organization", key, name=name, active=True, type=[{"coding": coding}])
    put(
        "Organization", LEADER.unit_id, name=LEADER.unit_name,
        partOf={"reference": TRONDHEIM},
    )  # fmt: skip
    return clients


def _session(member: StaffMember) -> Session:
    return staff_session(
        practitioner=f"Practitioner/{member.id}", role_id=member.role_id, role=member.role,
        unit=f"Organization/{member.unit_id}",
    )  # fmt: skip


FORM = {
    "title": "One template for the first visit", "kind": "workflow", "proposal": "Use one template",
    "affected": [TRONDHEIM], "cost": "0", "evidence": "", "safety": "none", "supersedes": "",
}  # fmt: skip


def _propose(client: Client, **said: object) -> str:
    answer = client.post(reverse("leaders-case-new"), {**FORM, **said})
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"].rstrip("/").rpartition("/")[2]


def _version(client: Client, key: str) -> str:
    page = client.get(reverse("leaders-case", args=[key])).content.decode()
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None, "no form is open"
    return found[1]


def _act(client: Client, key: str, act: str, **said: str) -> int:
    form = {"version": said.get("version") or _version(client, key), **said}
    return client.post(reverse("leaders-case-act", args=[key, act]), form).status_code


def test_a_case_is_proposed_answered_and_decided(people: dict[str, Client]) -> None:
    key = _propose(people["coordinator"])
    mine = people["leader"].get(reverse(LIST)).content.decode()
    assert "One template for the first visit" in mine
    assert "Trondheim kommune" in mine
    assert _act(people["leader"], key, "position", stance="agree", reason="") == 302
    assert _act(people["coordinator"], key, "decide", outcome="adopted", text="We use it") == 302
    page = people["leader"].get(reverse("leaders-case", args=[key])).content.decode()
    assert "We use it" in page
    assert LEADER.name in page
    assert 'name="stance"' not in page
    for act in ("position", "decide", "rise"):
        said = {"stance": "object", "reason": "No", "outcome": "rejected", "text": "No"}
        assert _act(people["coordinator"], key, act, version="3", **said) == 422
    assert people["leader"].get(reverse(LIST)).status_code == 200


def test_an_objection_sends_a_case_up_and_not_to_its_decision(people: dict[str, Client]) -> None:
    key = _propose(people["coordinator"])
    assert _act(people["leader"], key, "position", stance="object", reason="") == 422
    assert _act(people["leader"], key, "position", stance="object", reason="An hour a day") == 302
    page = people["coordinator"].get(reverse("leaders-case", args=[key])).content.decode()
    assert "An hour a day" in page
    assert 'name="outcome"' not in page
    assert _act(people["coordinator"], key, "decide", outcome="adopted", text="So") == 422
    assert _act(people["coordinator"], key, "rise", reason="No consensus") == 302
    found = standing(_session(COORDINATOR), CASES, key).body
    assert (found.level, len(found.escalations)) == (2, 1)


def test_a_leader_neither_decides_nor_sends_up(people: dict[str, Client]) -> None:
    key = _propose(people["leader"])
    page = people["leader"].get(reverse("leaders-case", args=[key])).content.decode()
    assert 'name="outcome"' not in page
    said = {"outcome": "adopted", "text": "So", "reason": "So"}
    for act in ("decide", "rise"):
        assert _act(people["leader"], key, act, **said) == 404
    assert standing(_session(LEADER), CASES, key).version == 1


def test_nobody_speaks_for_another_organisation(people: dict[str, Client]) -> None:
    key = _propose(people["coordinator"], affected=[ROROS])
    assert (
        'name="stance"'
        not in people["leader"].get(reverse("leaders-case", args=[key])).content.decode()
    )
    assert _act(people["leader"], key, "position", version="1", stance="agree", reason="") == 422
    session = _session(LEADER)
    names = {each.reference: each.name for each in actors(session)}
    assert set(names) == {TRONDHEIM, ROROS}
    assert speaks_for(session, names) == TRONDHEIM
    assert speaks_for(session, {}) == ""
    with refused(Why.NOT_AFFECTED):  # she speaks for her own, whatever the case is about
        actions.take_position(session, key=key, seen=1, stance=Stance.AGREE, reason="")
    with pytest.raises(NotAllowed):
        actions.take_position(session, key=key, seen=1, stance=Stance.AGREE, reason="", actor=ROROS)
    assert standing(session, CASES, key).version == 1


def test_who_belongs_to_none_of_those_who_decide_takes_no_position(
    people: dict[str, Client],
) -> None:
    key = _propose(people["coordinator"])
    put("Organization", LEADER.unit_id, name=LEADER.unit_name)
    for actor in ("", TRONDHEIM):
        with pytest.raises(NotAllowed):
            actions.take_position(
                _session(LEADER), key=key, seen=1, stance=Stance.AGREE, reason="", actor=actor
            )
    assert _act(people["leader"], key, "position", version="1", stance="agree", reason="") == 404


def test_what_was_sent_twice_is_one_case(people: dict[str, Client]) -> None:
    once = {"once": "5b6b6e2e-2a8f-4f0e-9a7e-0d8a4c3f1b22"}
    assert _propose(people["coordinator"], **once) == _propose(people["coordinator"], **once)
    assert len(all_cases(_session(COORDINATOR), "", RULES).live) == 1


def test_a_position_on_what_has_changed_meanwhile_is_not_taken(people: dict[str, Client]) -> None:
    key = _propose(people["coordinator"])
    assert _act(people["leader"], key, "position", version="1", stance="agree", reason="") == 302
    assert _act(people["leader"], key, "position", version="1", stance="object", reason="x") == 302
    assert standing(_session(LEADER), CASES, key).version == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", ""), ("kind", "all"), ("affected", []), ("affected", ["Organization/x"]),
        ("cost", "-1"), ("cost", "1e99"), ("safety", "x"), ("title", "x" * 200),
    ],
)  # fmt: skip
def test_a_case_that_says_too_little_or_too_much_is_refused_at_its_field(
    people: dict[str, Client], name: str, value: object
) -> None:
    answer = people["coordinator"].post(reverse("leaders-case-new"), {**FORM, name: value})
    assert answer.status_code == 422
    assert f'id="id_{name}-error"' in answer.content.decode()


def test_a_case_or_an_act_that_is_none_is_no_page(people: dict[str, Client]) -> None:
    assert people["leader"].get(reverse("leaders-case", args=["none"])).status_code == 404
    key = _propose(people["leader"])
    assert _act(people["leader"], key, "edit", version="1") == 404
    assert staff_client(GP).get(reverse(LIST)).status_code == 404
    assert people["leader"].post(reverse("leaders-case", args=[key])).status_code == 405


def test_pages_of_cases_ask_the_database_little(people: dict[str, Client]) -> None:
    key = _propose(people["coordinator"])
    for address in (
        reverse(LIST),
        reverse("leaders-case", args=[key]),
        reverse("leaders-case-new"),
    ):
        with counted() as statements:
            assert people["leader"].get(address).status_code == 200
        assert len(statements) <= 20
        assert list(statements.asked_again()) == []


def _decided(session: Session, key: str, **said: str) -> GovernanceCase:
    case = proposed(
        STRUCTURE.levels, title=key, kind=CaseType.WORKFLOW, proposal="p", affected=(TRONDHEIM,),
        requested_by=TRONDHEIM, now=clock.now(), supersedes=said.get("supersedes", ""),
    )  # fmt: skip
    actions.propose(session, key=key, case=case)
    actions.take_position(session, key=key, seen=1, actor=TRONDHEIM, stance=Stance.AGREE, reason="")
    outcome = Outcome(said.get("outcome", "adopted"))
    return actions.decide(session, key=key, seen=2, outcome=outcome, text="So", rules=RULES).body


def test_a_decision_is_superseded_when_the_new_one_is_adopted_and_not_before(db: None) -> None:
    del db
    session = system_session("system:test", purpose="HOPERAT")
    _decided(session, "old")
    _decided(session, "no", supersedes="old", outcome="rejected")
    assert standing(session, CASES, "old").body.status is Status.DECIDED
    _decided(session, "new", supersedes="old")
    old = standing(session, CASES, "old").body
    assert (old.status, old.superseded_by) == (Status.SUPERSEDED, "new")
    assert old.decision is not None


def test_only_what_is_decided_is_superseded(people: dict[str, Client]) -> None:
    open_key = _propose(people["coordinator"])
    for instead in (open_key, "unknown"):
        answer = people["coordinator"].post(
            reverse("leaders-case-new"), {**FORM, "supersedes": instead}
        )
        assert answer.status_code in {404, 422}
    assert len(all_cases(_session(COORDINATOR), "", RULES).live) == 1


def test_what_was_seen_is_what_is_decided_on(db: None) -> None:
    del db
    session = system_session("system:test", purpose="HOPERAT")
    case = proposed(
        STRUCTURE.levels, title="t", kind=CaseType.WORKFLOW, proposal="p", affected=(TRONDHEIM,),
        requested_by=TRONDHEIM, now=clock.now(),
    )  # fmt: skip
    actions.propose(session, key="k", case=case)
    actions.take_position(session, key="k", seen=1, actor=TRONDHEIM, stance=Stance.AGREE, reason="")
    with pytest.raises(PreconditionFailed):
        actions.decide(session, key="k", seen=1, outcome=Outcome.ADOPTED, text="So", rules=RULES)
    with refused(Why.CONSENSUS):
        actions.escalate(session, key="k", seen=2, reason="x", rules=RULES)
    with pytest.raises(NotFound):
        actions.escalate(session, key="none", seen=1, reason="x", rules=RULES)


def test_late_cases_and_those_that_wait_for_us_come_first(db: None) -> None:
    del db
    session = system_session("system:test", purpose="HOPERAT")
    for days, key, affected in ((40, "late", ROROS), (1, "ours", TRONDHEIM), (2, "other", ROROS)):
        with clock.at(clock.now() - timedelta(days=days)):
            case = proposed(
                STRUCTURE.levels, title=key, kind=CaseType.ECONOMY, proposal="p",
                affected=(affected,), requested_by=TRONDHEIM, now=clock.now(), cost=Decimal(5),
            )  # fmt: skip
            actions.propose(session, key=key, case=case)
    found = all_cases(session, TRONDHEIM, RULES).live
    assert [(each.key, each.is_late, each.waits_for_us) for each in found] == [
        ("ours", False, True), ("late", True, False), ("other", False, False),
    ]  # fmt: skip


def test_the_chair_of_the_top_level_decides_with_the_dissent(people: dict[str, Client]) -> None:
    assert people
    coordinator, leader = _session(COORDINATOR), _session(LEADER)
    top = STRUCTURE.levels[2]
    chaired = (*STRUCTURE.levels[:2], type(top)(3, top.name, top.mandate, leader.person))
    save(coordinator, STRUCTURES, key=THE_ONE, body=Structure(chaired), seen=0, reason="agreed")
    case = proposed(
        chaired, title="t", kind=CaseType.ECONOMY, proposal="p", affected=(TRONDHEIM,),
        requested_by=TRONDHEIM, now=clock.now(), cost=Decimal(10_000_000),
    )  # fmt: skip
    actions.propose(coordinator, key="k", case=case)
    actions.take_position(leader, key="k", seen=1, stance=Stance.OBJECT, reason="Too dear")
    with refused(Why.NOT_CHAIR):
        actions.decide(
            coordinator, key="k", seen=2, outcome=Outcome.ADOPTED, text="So", rules=RULES
        )
    assert _act(people["leader"], "k", "decide", outcome="adopted", text="We do it") == 302
    found = standing(leader, CASES, "k").body
    assert found.decision is not None
    assert [each.reason for each in found.decision.dissent] == ["Too dear"]
