"""The leaders' first page: what awaits her organisation, and every part under its theme."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from html import unescape

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session, staff_session
from fellesjournal.demo.cast import STAFF
from fellesjournal.foundation import clock
from fellesjournal.leadership.benefits.goals import GOALS
from fellesjournal.leadership.benefits.plan import (
    Benefit,
    BenefitType,
    Measure,
    MeasureStatus,
    Plan,
    Realisation,
)
from fellesjournal.leadership.benefits.resources import PLAN
from fellesjournal.leadership.decisions.action_plans import ActionItem, ActionPlan
from fellesjournal.leadership.decisions.findings import Finding, Review, ReviewStatus, Severity
from fellesjournal.leadership.decisions.structure import PLANS, REVIEWS
from fellesjournal.leadership.documents.actions import save
from fellesjournal.registry.units import UNIT_KIND_SYSTEM
from fellesjournal.surfaces.clinic.navigation import first_place
from fellesjournal.surfaces.leaders.doors import DOORS, THEMES, Theme
from fellesjournal.surfaces.leaders.front_waiting import Waits, in_order
from tests.signing_in import put, staff_client
from tests.surfaces.statements import counted

BY_ROLE = {member.role: member for member in STAFF}
LEADER, COORDINATOR = BY_ROLE["unit-leader"], BY_ROLE["benefits-coordinator"]
TRONDHEIM, ROROS = "Organization/org-5001", "Organization/org-5025"
FRONT = reverse("leaders")


@pytest.fixture
def leader(db: None) -> Client:
    """A leader whose unit is Trondheim's; Røros has a voice too."""
    del db
    client = staff_client(LEADER)
    staff_client(COORDINATOR)  # who saves what leaders are told
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    for key, name in (("org-5001", "Trondheim kommune"), ("org-5025", "Røros kommune")):
        coding = [{"system": UNIT_KIND_SYSTEM, "code": "municipality"}]
        put("Organization", key, name=name, active=True, type=[{"coding": coding}])
    put(
        "Organization", LEADER.unit_id, name=LEADER.unit_name, partOf={"reference": TRONDHEIM},
    )  # fmt: skip
    return client


def coordinator() -> Session:
    return staff_session(
        practitioner=f"Practitioner/{COORDINATOR.id}", role_id=COORDINATOR.role_id,
        role=COORDINATOR.role, unit=f"Organization/{COORDINATOR.unit_id}",
    )  # fmt: skip


def waiting(client: Client) -> list[str]:
    """What awaits her, in the order of the page."""
    page = client.get(FRONT).content.decode()
    part = re.search(r'aria-labelledby="waiting-title">(.*?)</section>', page, re.DOTALL)
    assert part is not None
    return [unescape(each) for each in re.findall(r'row__text"><a [^>]*>([^<]*)<', part[1])]


def review(*to: str) -> None:
    found = tuple(Finding(f"Not told to {each}", Severity.MAJOR, (each,)) for each in to)
    body = Review("Board of Health", "", date(2026, 3, 1), ReviewStatus.PUBLISHED, found)
    save(coordinator(), REVIEWS, key="r", body=body, reason="Read", seen=0)


def test_what_awaits_her_organisation_is_there_and_what_awaits_another_is_not(
    leader: Client,
) -> None:
    assert waiting(leader) == []
    review(TRONDHEIM, ROROS)
    assert waiting(leader) == [f"Not told to {TRONDHEIM}"]


def test_what_is_late_comes_first(leader: Client) -> None:
    review(TRONDHEIM)
    late = ActionItem("1", "Observer", deadline=clock.today() - timedelta(days=1))
    due = ActionItem("2", "Plan", deadline=clock.today())
    save(
        coordinator(), PLANS, key="p", body=ActionPlan("Arena", (late, due)), reason="Read", seen=0
    )
    assert waiting(leader) == ["Arena", f"Not told to {TRONDHEIM}"]
    page = leader.get(FRONT).content.decode()
    assert "1 action is late" in page
    assert 'data-color="warning">Major</span>' in page


def test_a_serious_finding_comes_before_what_has_a_day_and_a_minor_one_after_it() -> None:
    due = Waits("/", "case", "", date(2026, 1, 1))
    serious, minor = Waits("/", "serious", "", severity="Major"), Waits("/", "minor", "")
    late = Waits("/", "late", "", date(2027, 1, 1), is_late=True)
    found = in_order([minor, due, serious, late])
    assert [each.what for each in found] == ["late", "serious", "case", "minor"]


def test_a_measure_whose_day_is_past_awaits_her_organisation_until_it_is_done(
    leader: Client,
) -> None:
    yesterday = clock.today() - timedelta(days=1)
    measures = (
        Measure("Round at noon", "Ola", due=yesterday),
        Measure("Done", "Ola", due=yesterday, status=MeasureStatus.DONE),
        Measure("Stopped", "Ola", due=yesterday, status=MeasureStatus.STOPPED),
        Measure("Today", "Ola", due=clock.today()), Measure("No day", "Ola"),
    )  # fmt: skip
    assert [each.is_late(clock.today()) for each in measures] == [True, False, False, False, False]
    for unit in (TRONDHEIM, ROROS):
        plan = Plan(unit, benefits=(Benefit(
            "b", GOALS["municipal"][0], "Fewer errors", BenefitType.QUALITY, Realisation.NON_PRICED,
            "Liv", ("LE1",), measures,
        ),))  # fmt: skip
        save(coordinator(), PLAN, key=unit.partition("/")[2], body=plan, reason="x", seen=0)
    assert waiting(leader) == ["Round at noon"]
    assert "1 measure of the benefits plan is late" in leader.get(FRONT).content.decode()


def test_every_part_is_under_its_theme_once(leader: Client) -> None:
    page = leader.get(FRONT).content.decode()
    found = Counter(re.findall(r'<a class="door__title" href="([^"]+)"', page))
    assert {each.route: found[reverse(each.route)] for each in DOORS} == {
        each.route: int(each.duty is Duty.SEE_FIGURES) for each in DOORS
    }
    assert set(THEMES) == set(Theme) == {each.theme for each in DOORS}


def test_the_page_asks_the_database_little(leader: Client) -> None:
    review(TRONDHEIM)
    with counted() as seen:
        assert leader.get(FRONT).status_code == 200
    entering = "select access.enter_"  # once a page; inside the transaction of a test, each time
    assert len([each for each in seen.statements if not each.startswith(entering)]) <= 14


def test_who_leads_without_seeing_records_begins_here() -> None:
    assert first_place("benefits-coordinator") == first_place("rollout-lead") == "leaders"
    assert first_place("unit-leader") == "reviews"
    assert first_place("gp") == "day-list"


def test_a_plan_that_has_counted_nothing_is_worth_no_words_there(leader: Client) -> None:
    assert "What the plan is to give" not in leader.get(FRONT).content.decode()
