"""The network on pages, the demo's benefits, and the plan beside what has to be gained."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fellesjournal.config.cli.demo_benefits import fill_benefits
from fellesjournal.demo import benefits as told
from fellesjournal.demo.cast import STAFF
from fellesjournal.foundation import clock
from fellesjournal.leadership.benefits import queries
from fellesjournal.leadership.benefits.actions import planning
from fellesjournal.leadership.benefits.attainment import Measured
from fellesjournal.leadership.benefits.network import Told, compare
from fellesjournal.leadership.benefits.plan import Confounder, Phase
from fellesjournal.leadership.benefits.resources import ROW
from fellesjournal.leadership.documents.actions import save
from fellesjournal.surfaces.leaders.funnel_drawing import drawn_funnel
from tests.leadership.indicators.views import flatten_all
from tests.signing_in import GP, put, staff_client
from tests.staff import SYSTEM
from tests.surfaces.statements import counted

BY_ROLE = {member.role: member for member in STAFF}
COORDINATOR, LEADER = BY_ROLE["benefits-coordinator"], BY_ROLE["unit-leader"]
NETWORK = reverse("leaders-network")
PRACTICE = reverse("leaders-practice", args=[told.PRACTICE_KEY])


@pytest.fixture
def coordinator(db: None) -> Client:
    """The demo's coordinator, with all that the demo seeds."""
    del db
    client = staff_client(COORDINATOR)
    staff_client(LEADER)
    put(
        "Organization", LEADER.unit_id, name=LEADER.unit_name,
        partOf={"reference": f"Organization/{told.TRONDHEIM}"},
    )  # fmt: skip
    for unit, name in ((told.ROROS, "Røros kommune"), (told.MALVIK, "Malvik kommune")):
        put("Organization", unit, name=name)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    fill_benefits()
    return client


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_the_demo_has_plans_at_different_places_of_their_way(coordinator: Client) -> None:
    phases = {each.key: each.body.phase for each in queries.plans(SYSTEM)}
    assert phases == {
        told.TRONDHEIM: Phase.INDICATORS, told.ROROS: Phase.REALISE, told.MALVIK: Phase.REALISE,
    }  # fmt: skip
    before = {each.key: each.version for each in queries.plans(SYSTEM)}
    fill_benefits()  # a start that was interrupted goes on
    assert {each.key: each.version for each in queries.plans(SYSTEM.again())} == before
    page = read(coordinator, reverse("leaders-benefit-plan", args=[told.ROROS]))
    assert "89.1%" in page
    page = read(coordinator, reverse("leaders-selection"))
    assert "discuss: spread 2" in page
    places = [page.index(f">{each.indicator}<") for each in told.ITEMS]
    assert max(places) == places[-1], "what is not considered comes last"


def test_the_demo_says_that_its_baselines_are_invented(coordinator: Client) -> None:
    address = reverse("leaders-benefit-line", args=[told.ROROS, "LE1"])
    page = read(coordinator, address)
    assert told.INVENTED in page
    assert "/freeze/" not in page
    assert "/register/" not in page


def test_organisations_are_compared_with_the_funnel_and_their_age(coordinator: Client) -> None:
    page = read(coordinator, NETWORK)
    assert "Røros kommune" in page
    assert "352 / 395" in page
    assert "higher than chance gives" in page
    roros = queries.plan(SYSTEM, told.ROROS)
    assert roros is not None
    first = roros.body.lines[0].baseline
    assert first is not None
    months = (first.end.year - 2022) * 12 + first.end.month - 11 - 1  # live since 12.11.2022
    assert f">{months + 4}<" in page
    young = read(coordinator, f"{NETWORK}?indicator=LE1&months={months}")
    assert "268 / 389" in young
    assert "352 / 395" not in young


@pytest.mark.parametrize("query", [
    "?indicator=LE2", "?indicator=LE1&months=many", "?indicator=LE1&months=-1", "?months=3",
    "?indicator=LE1&months=0",
])  # fmt: skip
def test_what_can_not_be_compared_breaks_nothing(coordinator: Client, query: str) -> None:
    read(coordinator, NETWORK + query)


def test_a_practice_shows_what_became_of_those_who_copied_it(coordinator: Client) -> None:
    page = read(coordinator, PRACTICE)
    assert "Malvik kommune" in page
    assert "+2.6 percentage points" in page
    assert "not distinguishable from chance" in page
    assert "/benefits/plans/org-5031/" in page


def test_a_practice_is_copied_into_ones_own_plan_once(coordinator: Client) -> None:
    page = read(coordinator, PRACTICE)
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    said = {"version": version[1], "responsible": "Marthe Solgård"}
    assert coordinator.post(PRACTICE, {**said, "responsible": ""}).status_code == 422
    assert coordinator.post(PRACTICE, said).status_code == 302
    line = read(coordinator, reverse("leaders-benefit-line", args=[told.TRONDHEIM, "LE1"]))
    assert told.PLANS[0].measure in line
    assert 'name="responsible"' not in read(coordinator, PRACTICE)
    again = coordinator.post(PRACTICE, {**said, "version": str(int(version[1]) + 1)})
    assert again.status_code == 422


def test_a_practice_is_written_down_once_however_often_it_is_sent(coordinator: Client) -> None:
    said = {
        "indicator": "LE1", "title": "Two bags", "what": "One for each shift", "reason": "It helped",
        "once": "5b6b6e2e-2a8f-4f0e-9a7e-0d8a4c3f1b22",
    }  # fmt: skip
    for _ in range(2):
        assert coordinator.post(NETWORK, said).status_code == 302
    assert len(queries.practices(SYSTEM)) == 2
    assert coordinator.post(NETWORK, {**said, "what": ""}).status_code == 422


def test_a_leader_reads_the_network_and_writes_nothing(coordinator: Client) -> None:
    del coordinator
    leader = staff_client(LEADER)
    for address in (NETWORK, PRACTICE):
        page = leader.get(address).content.decode()
        assert 'name="responsible"' not in page
        assert 'name="what"' not in page
        assert leader.post(address, {"version": "1", "responsible": "x"}).status_code == 404
        assert staff_client(GP).get(address).status_code == 404


def test_the_plan_stands_beside_what_has_to_be_gained(coordinator: Client) -> None:
    roros = reverse("leaders-benefit-plan", args=[told.ROROS])
    page = read(coordinator, roros)
    assert "To break even on the costs" in page
    assert "The plan lacks" in page
    assert "No hours of a worksheet are counted" in page
    trondheim = read(coordinator, reverse("leaders-benefit-plan", args=[told.TRONDHEIM]))
    assert "1 row of worksheets is counted: 364.0 hours a year" in trondheim
    assert "Attained hours" in trondheim
    front = read(coordinator, reverse("leaders-benefits"))
    assert "Hours planned and attained" in front
    assert "364.0" in front
    assert "To break even" not in trondheim
    first = read(coordinator, reverse("leaders"))
    assert "1 row of worksheets is counted: 364.0 hours a year" in first
    assert reverse("leaders-benefit-plan", args=[told.TRONDHEIM]) in first
    costs = read(coordinator, reverse("leaders-cost-model", args=["5025"]))
    assert "No benefits plan states hours yet" in costs


def test_hours_that_the_plan_has_counted_are_taken_off_the_gap(coordinator: Client) -> None:
    before = read(coordinator, reverse("leaders-benefit-plan", args=[told.ROROS]))
    key = f"{told.WORKSHOP_KEY}/demo-3"
    counted_row = next(
        each for each in queries.row_documents(SYSTEM, told.WORKSHOP_KEY) if each.key == key
    )
    moved = replace(counted_row.body.row, claimed_by=f"plan:{told.ROROS}/{told.BENEFIT_KEY}")
    save(
        SYSTEM.again(), ROW, key=key, body=replace(counted_row.body, row=moved),
        seen=counted_row.version, reason="as if it was Røros'",
    )  # fmt: skip
    after = read(coordinator, reverse("leaders-benefit-plan", args=[told.ROROS]))
    assert _lacks(before) - _lacks(after) == pytest.approx(364, abs=1)
    costs = read(coordinator, reverse("leaders-cost-model", args=["5025"]))
    assert f"The benefits plan lacks {_lacks(after):,} hours." in costs


def _lacks(page: str) -> int:
    found = re.search(r"The plan lacks ([\d,]+) hours", page)
    assert found is not None
    return int(found[1].replace(",", ""))


def test_pages_of_the_network_ask_the_database_little(coordinator: Client) -> None:
    for address in (
        NETWORK, PRACTICE, reverse("leaders-benefit-plan", args=[told.ROROS]),
        reverse("leaders-benefit-plan", args=[told.TRONDHEIM]), reverse("leaders-benefits"),
        reverse("leaders-benefit-line", args=[told.ROROS, "LE1"]), reverse("leaders-selection"),
        reverse("leaders-workshop", args=[told.WORKSHOP_KEY]),
    ):  # fmt: skip
        with counted() as statements:
            assert coordinator.get(address).status_code == 200
        assert len(statements) <= 20, address
        assert statements.asked_again() == [], address


def test_the_funnel_is_drawn_inside_its_picture_whatever_is_compared() -> None:
    now = clock.now()
    for counts in ([(5, 5)], [(0, 5), (5, 5)], [(268, 389), (57831, 69016)], [(1, 400)] * 3):
        values = [
            Told(
                str(n),
                Measured(
                    "h", now.date(), now.date(), Fraction(part), Fraction(whole),
                    Fraction(part, whole), now, now, "p",
                ),
                n,
            )
            for n, (part, whole) in enumerate(counts)
        ]  # fmt: skip
        drawn = drawn_funnel(compare(values, "h"), ["x"] * len(values))
        assert drawn is not None
        assert len(drawn.marks) == len(values)
        for each in drawn.marks:
            assert drawn.left <= float(each.x) <= drawn.right
            assert 0 <= float(each.y) <= drawn.bottom
    assert drawn_funnel(compare([], "h"), []) is None


def test_what_else_moves_a_figure_stands_beside_it_and_not_beside_others(
    coordinator: Client,
) -> None:
    plan = queries.plan(SYSTEM, told.TRONDHEIM)
    assert plan is not None
    strike = Confounder(clock.today(), "A strike", "down", ("LE1",))
    planning.note_confounder(SYSTEM.again(), told.TRONDHEIM, strike, seen=plan.version)
    flatten_all()
    assert "A strike" in read(coordinator, reverse("leaders-indicator", args=["LE1"]))
    assert "A strike" not in read(coordinator, reverse("leaders-indicator", args=["H4"]))
    before = reverse("leaders-indicator", args=["LE1"]) + "?month=2020-01"
    assert "A strike" not in read(coordinator, before)
