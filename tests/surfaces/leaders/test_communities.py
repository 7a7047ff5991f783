"""Committees and meetings, the queue of usability and findings, on pages."""

from __future__ import annotations

import re
from datetime import timedelta
from fractions import Fraction

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fellesjournal.access.sessions import Session, staff_session, system_session
from fellesjournal.config.cli.demo_decisions import fill_decisions, fill_follow_up
from fellesjournal.demo import decisions as told
from fellesjournal.demo.cast import STAFF, StaffMember
from fellesjournal.fhir.issues import NotAllowed, Unprocessable
from fellesjournal.foundation import clock
from fellesjournal.leadership.decisions import keeping, queries
from fellesjournal.leadership.decisions.committees import COMMUNITIES, Taking
from fellesjournal.leadership.decisions.findings import Act, By, Finding, Review, Severity, State
from fellesjournal.leadership.decisions.recurring import reopen
from fellesjournal.leadership.decisions.refusals import Why
from fellesjournal.leadership.decisions.structure import ISSUES, MEETINGS, REVIEWS
from fellesjournal.leadership.documents.queries import all_standing, standing
from fellesjournal.leadership.figures.courses import Course
from fellesjournal.leadership.figures.periods import month_of
from fellesjournal.leadership.figures.result import Definition, Figure, Status
from fellesjournal.leadership.indicators.courses import definition_now
from fellesjournal.registry.units import UNIT_KIND_SYSTEM
from tests.leadership.decisions.refusing import refused
from tests.signing_in import GP, put, staff_client
from tests.surfaces.statements import counted

BY_ROLE = {member.role: member for member in STAFF}
LEADER, COORDINATOR = BY_ROLE["unit-leader"], BY_ROLE["benefits-coordinator"]
LEAD = BY_ROLE["rollout-lead"]
TRONDHEIM = "Organization/org-5001"
SYSTEM = system_session("system:test", purpose="HOPERAT")
NORTH = "nordre-trondelag-st-olav"
NEXT = month_of(month_of(clock.today()).end)


@pytest.fixture
def people(db: None) -> dict[str, Client]:
    """A leader whose unit is Trondheim's, a coordinator and a rollout lead, and the demo's matters."""
    del db
    clients = {
        "leader": staff_client(LEADER), "coordinator": staff_client(COORDINATOR),
        "lead": staff_client(LEAD),
    }  # fmt: skip
    coding = [{"system": UNIT_KIND_SYSTEM, "code": "municipality"}]
    put("Organization", "org-5001", name="Trondheim kommune", active=True,
        type=[{"coding": coding}])  # fmt: skip
    put("Organization", LEADER.unit_id, name=LEADER.unit_name, partOf={"reference": TRONDHEIM})
    fill_decisions()
    fill_follow_up()
    for client in clients.values():
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return clients


def as_(member: StaffMember) -> Session:
    return staff_session(
        practitioner=f"Practitioner/{member.id}", role_id=member.role_id, role=member.role,
        unit=f"Organization/{member.unit_id}",
    )  # fmt: skip


def shown(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    page: str = answer.content.decode().split("<main")[1].split("</main>")[0]
    return page


# --- communities and meetings -----------------------------------------------------------------


def test_v_meet_psu_and_asu_hold_eight_distinct_meetings(people: dict[str, Client]) -> None:
    page = shown(people["leader"], "leaders-community", NORTH)
    assert re.search(r"\b8 distinct meetings", page)
    found = shown(people["leader"], "leaders-committees")
    for each in COMMUNITIES.values():
        assert each.name in found


def test_a_level_without_users_or_gps_is_told_until_they_take_part(
    people: dict[str, Client],
) -> None:
    client = people["coordinator"]
    level = [body for body in COMMUNITIES["more-og-romsdal"].bodies if body.level == 1]
    assert [body.name for body in level] == ["Partnership meeting"]
    before = shown(client, "leaders-community", "more-og-romsdal").count("<li>")
    said = {
        "version": "0", "body": "Partnership meeting", "meetings": "1",
        "taking_part": ["users", "gps", "municipalities"], "reason": "Vedtatt",
    }  # fmt: skip
    address = reverse("leaders-community", args=["more-og-romsdal"])
    assert client.post(address, said).status_code == 302
    assert shown(client, "leaders-community", "more-og-romsdal").count("<li>") == before - 2
    [now] = [c for c in queries.communities(SYSTEM.again()) if c.key == "more-og-romsdal"]
    everybody = {Taking.MUNICIPALITIES, Taking.USERS, Taking.GPS}
    assert (now.version, set(now.body.bodies[0].taking_part)) == (1, everybody)
    assert client.post(address, {**said, "meetings": "5"}).status_code == 302  # not what she saw
    [now] = [c for c in queries.communities(SYSTEM.again()) if c.key == "more-og-romsdal"]
    assert (now.version, now.body.bodies[0].meetings) == (1, 1)
    for wrong in ({"meetings": "-1"}, {"reason": ""}, {"taking_part": ["all"]}):
        assert client.post(address, {**said, **wrong}).status_code == 422
    assert client.post(address, {**said, "body": "None"}).status_code == 404
    assert people["leader"].post(address, said).status_code == 404
    assert client.get(reverse("leaders-community", args=["none"])).status_code == 404


def test_a_meeting_is_called_with_an_agenda_and_gets_minutes_when_it_has_been(
    people: dict[str, Client],
) -> None:
    client = people["coordinator"]
    address = reverse("leaders-meeting-new", args=[NORTH])
    assert client.get(address).status_code == 200
    said = {
        "bodies": ["PSU", "ASU"], "day": clock.today().isoformat(), "agenda": "Økonomi\n\nSaker",
        "cases": [told.CASES[0].key], "once": "5b6b6e2e-2a8f-4f0e-9a7e-0d8a4c3f1b22",
    }  # fmt: skip
    first, again = (client.post(address, said) for _ in range(2))
    assert first["Location"] == again["Location"]
    key = first["Location"].rstrip("/").rpartition("/")[2]
    found = standing(SYSTEM.again(), MEETINGS, key).body
    assert [each.title for each in found.agenda] == ["Økonomi", "Saker", told.CASES[0].title]
    assert reverse("leaders-case", args=[told.CASES[0].key]) in shown(
        client, "leaders-meeting", key
    )
    minutes = {"version": "1", "minutes": "Vi ble enige."}
    meeting = reverse("leaders-meeting", args=[key])
    assert people["leader"].post(meeting, minutes).status_code == 404
    assert client.post(meeting, minutes).status_code == 302
    assert "Vi ble enige." in shown(people["leader"], "leaders-meeting", key)
    wrongs: tuple[dict[str, object], ...] = (
        {"bodies": []}, {"day": "x"}, {"agenda": "", "cases": []}, {"cases": ["none"]},
        {"agenda": "a\n" * 41},
    )  # fmt: skip
    for wrong in wrongs:
        assert client.post(address, {**said, **wrong}).status_code == 422


def test_nobody_writes_what_was_said_before_it_was_said(people: dict[str, Client]) -> None:
    ahead = reverse("leaders-meeting", args=[told.MEETING_KEY])
    said = {"version": "1", "minutes": "Vi ble enige."}
    assert people["coordinator"].post(ahead, said).status_code == 404
    with pytest.raises(Unprocessable):
        keeping.write_minutes(SYSTEM.again(), told.MEETING_KEY, minutes="x", seen=1)
    later = clock.now() + timedelta(days=told.MEETING[2] + 1)
    with clock.at(later):
        keeping.write_minutes(SYSTEM.again(), told.MEETING_KEY, minutes="x", seen=1)


# --- the queue of usability -------------------------------------------------------------------


def test_what_may_harm_comes_first_then_what_gives_back_most(people: dict[str, Client]) -> None:
    page = shown(people["leader"], "leaders-usability")
    first, second = (page.index(each.workflow) for each in told.ISSUES[:2])
    assert first < second
    assert "220" in page  # V-USE: 2200 h by 10 days
    assert page.index(told.ISSUES[2].workflow) > second  # it is closed
    assert len(queries.usability_queue(SYSTEM.again()).open) == 2


def test_it_is_closed_by_a_measurement_that_is_better_and_by_nothing_else(
    people: dict[str, Client],
) -> None:
    address = reverse("leaders-usability-issue", args=["demo-signer"])
    said = {"version": "1", "means": "timing", "before": "15", "after": "15"}
    for wrong in ({}, {"after": "20"}, {"means": "score", "after": "3"}, {"after": ""}):
        assert people["coordinator"].post(address, {**said, **wrong}).status_code == 422
    assert people["leader"].post(address, {**said, "after": "5"}).status_code == 404
    assert not standing(SYSTEM.again(), ISSUES, "demo-signer").body.closed
    assert people["coordinator"].post(address, {**said, "after": "6"}).status_code == 302
    closed = standing(SYSTEM.again(), ISSUES, "demo-signer").body
    assert closed.closed
    assert closed.measured is not None
    assert "1" in shown(people["leader"], "leaders-usability-issue", "demo-signer")
    assert people["coordinator"].post(address, {**said, "after": "6"}).status_code == 404
    with refused(Why.STATE):  # what was measured then stands
        keeping.close_issue(SYSTEM.again(), "demo-signer", measured=closed.measured, seen=2)
    with refused(Why.MEASURE_MISSING):
        keeping.close_issue(SYSTEM.again(), "demo-dose", measured=None, seen=1)


def test_something_is_put_in_the_queue_once(people: dict[str, Client]) -> None:
    address = reverse("leaders-usability-new")
    said = {
        "workflow": "Skrive ut plan", "users": "10", "uses_per_day": "2.5", "days": "220",
        "seconds_lost": "30", "safety": "1", "source": "ticket", "fix": "training",
        "effort_days": "2", "reach": "local", "duplicate_group": "",
        "once": "5b6b6e2e-2a8f-4f0e-9a7e-0d8a4c3f1b22",
    }  # fmt: skip
    for _ in range(2):
        assert people["lead"].post(address, said).status_code == 302
    assert len(queries.usability_queue(SYSTEM.again()).open) == 3
    for wrong in ({"users": "-1"}, {"effort_days": "0"}, {"safety": "5"}, {"uses_per_day": "NaN"},
                  {"workflow": ""}, {"users": "1e9"}, {"reach": "all"}):  # fmt: skip
        assert people["lead"].post(address, {**said, **wrong}).status_code == 422
    assert people["leader"].post(address, said).status_code == 404


# --- findings ---------------------------------------------------------------------------------


def _act(client: Client, act: str, key: str = told.REVIEW_KEY, **said: str) -> int:
    version = str(standing(SYSTEM.again(), REVIEWS, key).version)
    address = reverse("leaders-finding-act", args=[key, 1, act])
    return client.post(address, {"version": version, **said}).status_code


def _finding() -> Finding:
    return standing(SYSTEM.again(), REVIEWS, told.REVIEW_KEY).body.findings[0]


def test_a_finding_is_answered_closed_by_another_and_opens_again(people: dict[str, Client]) -> None:
    assert told.FINDING[0] in shown(people["leader"], "leaders-reviews")
    assert _act(people["leader"], "answer", text="") == 422
    assert _act(people["leader"], "answer", text="Vi avtaler det") == 302
    assert told.FINDING[0] not in shown(people["leader"], "leaders-reviews")
    assert _act(people["leader"], "close", evidence="Plan 7", text="") == 422  # she answered
    assert _act(people["coordinator"], "close", evidence=" \n", text="") == 422
    assert _finding().state is State.ANSWERED
    assert _act(people["coordinator"], "close", evidence="Plan 7\nTall", text="Sett") == 302
    assert _finding().trail[-1].evidence == ("Plan 7", "Tall")
    assert _act(people["lead"], "recur", indicator="H4") == 422  # not linked
    assert _finding().state is State.CLOSED
    assert _act(people["lead"], "recur", indicator="LE1") == 302
    assert _finding().state is State.REOPENED
    assert told.FINDING[0] in shown(people["leader"], "leaders-reviews")
    assert [each.act for each in _finding().trail] == [Act.ANSWER, Act.CLOSE, Act.RECUR]


def test_a_finding_is_closed_with_the_figure_that_opens_it_and_then_awaits_an_answer_again(
    people: dict[str, Client],
) -> None:
    leader, coordinator = people["leader"], people["coordinator"]
    assert "to be answered" in shown(leader, "leaders")
    assert _act(leader, "answer", text="Vi avtaler det") == 302
    assert "to be answered" not in shown(leader, "leaders")
    said = {"evidence": "Plan 7", "text": ""}
    assert _act(coordinator, "close", watch="LE1:limit", limit="", **said) == 422
    assert _act(coordinator, "close", watch="H4:signal", **said) == 422  # not linked
    assert _act(coordinator, "close", watch="LE1:limit", limit="80", **said) == 302
    watch = _finding().watch
    assert watch is not None
    assert (watch.indicator, watch.by, watch.limit) == ("LE1", By.LIMIT, Fraction(4, 5))
    assert watch.definition == definition_now(SYSTEM.again(), "LE1")
    assert "Opens again when a whole month is below 80.0" in shown(
        coordinator, "leaders-review", told.REVIEW_KEY
    )
    bad = Figure(
        Definition("LE1", "1", watch.definition), TRONDHEIM, NEXT, clock.now(), Status.FINAL,
        value=Fraction(1, 2),
    )  # fmt: skip
    reopen(SYSTEM.again(), lambda *_: Course([bad], up_is_better=True))
    assert _finding().state is State.REOPENED
    assert "to be answered" in shown(leader, "leaders")
    for client in (leader, coordinator):
        page = shown(client, "leaders-review", told.REVIEW_KEY)
        assert "<strong>50.0" in page
        assert watch.definition in page
    put(
        "Organization", LEADER.unit_id, name=LEADER.unit_name
    )  # of no organisation: no figure is hers
    assert "<strong>50.0" not in shown(leader, "leaders-review", told.REVIEW_KEY)


def test_those_it_is_addressed_to_answer_and_nobody_for_them(people: dict[str, Client]) -> None:
    put("Organization", LEADER.unit_id, name=LEADER.unit_name)
    assert _act(people["leader"], "answer", text="Vi avtaler det") == 404
    assert "<form" not in shown(people["leader"], "leaders-review", told.REVIEW_KEY)
    with pytest.raises(NotAllowed):
        keeping.answer_finding(as_(LEADER), told.REVIEW_KEY, 1, text="x", seen=2)
    assert _finding().state is State.OPEN
    version = standing(SYSTEM.again(), REVIEWS, told.REVIEW_KEY).version
    keeping.answer_finding(SYSTEM.again(), told.REVIEW_KEY, 1, text="x", seen=version)
    with pytest.raises(NotAllowed):
        keeping.close_finding(
            as_(LEADER), told.REVIEW_KEY, 1, evidence=("e",), text="", seen=version + 1
        )
    with pytest.raises(NotAllowed):
        keeping.recur(as_(LEADER), told.REVIEW_KEY, 1, indicator="LE1", seen=version + 1)


def test_a_leader_writes_down_no_review_and_no_finding(people: dict[str, Client]) -> None:
    address = reverse("leaders-review", args=[told.REVIEW_KEY])
    said = {"version": "2", "text": "x", "severity": "minor", "addressed_to": [TRONDHEIM]}
    assert people["leader"].post(address, said).status_code == 404
    with pytest.raises(NotAllowed):
        keeping.add_review(as_(LEADER), key="k", review=Review("b", "", None, None))
    with pytest.raises(NotAllowed):
        keeping.add_finding(
            as_(LEADER), told.REVIEW_KEY, Finding("x", Severity.MINOR, (TRONDHEIM,)), seen=2
        )
    assert people["coordinator"].post(address, said).status_code == 302
    assert len(standing(SYSTEM.again(), REVIEWS, told.REVIEW_KEY).body.findings) == 2
    wrongs: tuple[dict[str, object], ...] = (
        {"text": ""}, {"severity": "x"}, {"addressed_to": []}, {"addressed_to": ["x"]},
    )  # fmt: skip
    for wrong in wrongs:
        assert people["coordinator"].post(address, {**said, **wrong}).status_code == 422


def test_what_is_only_announced_has_found_nothing(people: dict[str, Client]) -> None:
    announced = reverse("leaders-review", args=["arena-5"])
    said = {"version": "1", "text": "x", "severity": "minor", "addressed_to": [TRONDHEIM]}
    assert people["coordinator"].post(announced, said).status_code == 404
    with pytest.raises(Unprocessable):
        keeping.add_finding(
            SYSTEM.again(), "arena-5", Finding("x", Severity.MINOR, (TRONDHEIM,)), seen=1
        )


def test_a_review_is_written_down_once(people: dict[str, Client]) -> None:
    before = len(all_standing(SYSTEM.again(), REVIEWS))
    said = {
        "body": "Arbeidstilsynet", "title": "", "day": "", "status": "ongoing",
        "once": "5b6b6e2e-2a8f-4f0e-9a7e-0d8a4c3f1b22",
    }  # fmt: skip
    for _ in range(2):
        assert people["lead"].post(reverse("leaders-review-new"), said).status_code == 302
    assert len(all_standing(SYSTEM.again(), REVIEWS)) == before + 1
    assert people["lead"].post(reverse("leaders-review-new"), {}).status_code == 422


def test_these_pages_ask_the_database_little_and_are_nobody_else_s(
    people: dict[str, Client],
) -> None:
    fill_follow_up()  # a start that was interrupted goes on
    stranger = staff_client(GP)
    for name, args in (
        ("leaders-committees", ()), ("leaders-community", (NORTH,)),
        ("leaders-meeting", (told.MEETING_KEY,)), ("leaders-meeting-new", (NORTH,)),
        ("leaders-usability", ()), ("leaders-usability-issue", ("demo-dose",)),
        ("leaders-reviews", ()), ("leaders-review", (told.REVIEW_KEY,)),
    ):  # fmt: skip
        with counted() as statements:
            assert people["coordinator"].get(reverse(name, args=args)).status_code == 200
        assert len(statements) <= 20, name
        assert list(statements.asked_again()) == []
        assert stranger.get(reverse(name, args=args)).status_code == 404
    for place, act in ((9, "answer"), (1, "edit")):
        address = reverse("leaders-finding-act", args=[told.REVIEW_KEY, place, act])
        assert people["leader"].post(address, {"version": "2"}).status_code == 404
