"""What keeps people from HelsaMi: stated by who leads the municipality, read by who sees figures."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fellesjournal.config.cli.demo_rollout import fill_rollout
from fellesjournal.demo.cast import STAFF
from fellesjournal.fhir.issues import NotAllowed, NotFound
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection
from fellesjournal.leadership.rollout.adoption import Barrier
from fellesjournal.leadership.rollout.barriers import (
    Barriers,
    Hold,
    Statement,
    may_state,
    state,
    stated,
    summary,
)
from tests.papers import tables_of
from tests.signing_in import GP, municipality, staff_client
from tests.staff import SYSTEM, employ, put
from tests.surfaces.statements import counted

BY_ROLE = {member.role: member for member in STAFF}
HERE, THERE = "5001", "5025"
PAGE, OTHERS = (reverse("leaders-barriers", args=[number]) for number in (HERE, THERE))
SKILLS = {
    "barrier": "skills", "hold": "much", "ground": "A survey among those above 67", "on": "2022-09-14",
    "measure": "Help at the library", "owner": "Head of the library", "version": "0",
}  # fmt: skip
TODAY = clock.today()


def at_browser(role: str) -> Client:
    client = staff_client(BY_ROLE[role])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def lead(db: None) -> Client:
    del db
    client = at_browser("rollout-lead")
    municipality(HERE, "org-5001")
    municipality(THERE, "org-5025")
    return client


def read(client: Client, address: str = PAGE, **query: str) -> str:
    with counted() as asked:
        answer = client.get(address, query)
    assert answer.status_code == 200
    assert len(asked) <= 20
    return answer.content.decode()


def main(text: str) -> str:
    return text.partition("<main")[2].partition("</main>")[0]


def form_of(text: str) -> str:
    return main(text).partition("<form")[2].partition("</form>")[0]


def test_a_barrier_is_stated_shown_and_stated_anew_with_its_history(lead: Client) -> None:
    assert read(lead).count("Not assessed</span>") == 5
    assert lead.post(PAGE, SKILLS).status_code == 302
    page = read(lead)
    assert page.count("Not assessed</span>") == 4
    assert "Holds back much</span>" in page
    anew = {
        **SKILLS,
        "hold": "some",
        "ground": "Asked again",
        "measure": "",
        "owner": "",
        "version": "1",
    }
    assert lead.post(PAGE, anew).status_code == 302
    now, before = tables_of(read(lead))
    assert [row[:3] for row in now if row[0] == "Skills"] == [
        ["Skills", "Holds back some", "Asked again"]
    ]
    assert [row[1] for row in before[1:]] == ["Holds back some", "Holds back much"]
    assert before[2][2:5] == [
        "A survey among those above 67",
        "Help at the library",
        "Head of the library",
    ]


def test_the_form_begins_with_what_stands_of_the_barrier_that_is_asked_for(lead: Client) -> None:
    lead.post(PAGE, SKILLS)
    form = form_of(read(lead, barrier="skills"))
    assert "Help at the library" in form
    assert 'value="much" selected' in form
    for other in ("language", "nothing"):
        assert "Help at the library" not in form_of(read(lead, barrier=other))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"barrier": ""}, "Fill in “Barrier”."),
        ({"hold": ""}, "Fill in “How much it holds back”."),
        ({"barrier": "wealth"}, "wealth"),
        ({"hold": "very"}, "very"),
        ({"ground": " "}, "Fill in “On what ground”."),
        ({"owner": ""}, "Say who owns what is done."),
        ({"measure": ""}, "Say what is done about it."),
        ({"on": (TODAY + timedelta(days=1)).isoformat()}, "That day has not come yet."),
        ({"on": "1800-01-01"}, "That day is too long ago."),
        ({"on": "soon"}, ""),
        ({"ground": "x" * 501}, ""),
        ({"version": "x"}, ""),
    ],
)
def test_what_can_not_be_is_refused_at_its_field_and_nothing_is_saved(
    lead: Client, said: dict[str, str], told: str
) -> None:
    answer = lead.post(PAGE, {**SKILLS, **said})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert read(lead).count("Not assessed</span>") == 5


def test_of_two_who_state_at_once_the_second_is_told_and_nothing_is_lost(lead: Client) -> None:
    assert lead.post(PAGE, SKILLS).status_code == 302
    late = lead.post(PAGE, {**SKILLS, "barrier": "access"}, follow=True)
    assert "Somebody else has changed this meanwhile" in late.content.decode()
    assert read(lead).count("Not assessed</span>") == 4


def test_who_leads_in_one_municipality_states_nothing_of_another(lead: Client) -> None:
    assert "<form" not in main(read(lead, OTHERS))
    assert lead.post(OTHERS, SKILLS).status_code in {403, 404}
    assert stated(SYSTEM, THERE) is None
    assert lead.get(reverse("leaders-barriers", args=["9999"])).status_code == 404
    assert lead.get(reverse("leaders-barriers", args=["all"])).status_code == 404


def test_who_sees_figures_reads_and_others_do_not_know_of_it(lead: Client) -> None:
    lead.post(PAGE, SKILLS)
    leader = at_browser("unit-leader")
    page = main(read(leader))
    assert "Help at the library" in page
    assert "<form" not in page
    assert leader.post(PAGE, {**SKILLS, "version": "1"}).status_code in {403, 404}
    doctor = staff_client(GP)
    for answer in (doctor.get(PAGE), doctor.post(PAGE, {**SKILLS, "version": "1"})):
        assert answer.status_code == 404
    stands = stated(SYSTEM, HERE)
    assert stands is not None
    assert stands.version == 1


def test_she_leads_in_a_municipality_whose_unit_is_hers_or_below(lead: Client) -> None:
    del lead
    above = employ("above", "benefits-coordinator", unit="county")
    own = employ("own", "rollout-lead", unit="org-5006")
    below = employ("below", "rollout-lead", unit="home")
    leader = employ("leader", "unit-leader", unit="org-5006")
    municipality("5006", "org-5006", above="county")
    put(
        "Organization",
        "home",
        active=True,
        name="Home",
        partOf={"reference": "Organization/org-5006"},
    )
    assert [may_state(each.again(), "5006") for each in (above, own, below, leader)] == [
        True, True, False, False,
    ]  # fmt: skip
    said = Statement(Barrier.ACCESS, Hold.LITTLE, "x", TODAY)
    for who in (below, leader):
        with pytest.raises((NotAllowed, NotFound)):
            state(who.again(), "5006", said, seen=0)
    assert state(own.again(), "5006", said, seen=0).version == 1


def test_nothing_that_was_stated_can_be_deleted_or_changed(lead: Client) -> None:
    lead.post(PAGE, SKILLS)
    for statement in (
        "delete from leadership.document",
        "update leadership.document set reason = 'x'",
    ):
        with (
            pytest.raises(Exception, match=r"permission denied|append-only"),
            connection().transaction(),
        ):
            connection().execute(statement)


def test_the_page_of_the_map_sums_it_up(lead: Client) -> None:
    lead.post(PAGE, SKILLS)
    summary_page = read(lead, reverse("leaders-adoption"))
    rows = {row[0]: row[1:] for table in tables_of(summary_page) for row in table}
    assert rows["Skills"] == ["1", "0", "0", "65"]
    assert rows["Language"] == ["0", "0", "0", "66"]
    assert PAGE in summary_page


def test_a_summary_counts_every_municipality_once() -> None:
    said = Statement(Barrier.SKILLS, Hold.LITTLE, "x", TODAY)
    found = summary([Barriers().stating(said), Barriers()])
    assert found[Barrier.SKILLS][Hold.LITTLE] == 1
    for counts in found.values():
        assert sum(counts.values()) == 66


@pytest.mark.parametrize(
    ("measure", "owner", "ground"), [("x", "", "y"), ("", "x", "y"), ("", "", " ")]
)
def test_a_statement_without_ground_or_with_half_a_measure_is_none(
    measure: str, owner: str, ground: str
) -> None:
    with pytest.raises(ValueError, match=r"ground|measure"):
        Statement(Barrier.SKILLS, Hold.MUCH, ground, TODAY, measure, owner)


def test_the_demo_states_some_and_is_filled_once(lead: Client) -> None:
    for _ in range(2):
        fill_rollout()
        stands = stated(SYSTEM, HERE)
        assert stands is not None
        assert stands.version == 5
        assert stands.body.hold(Barrier.SKILLS) is Hold.MUCH
        assert stands.body.hold(Barrier.UNDERSTANDING_ADMINISTRATION) is Hold.NOT_ASSESSED
    assert "Oppdiktet" in read(lead)
