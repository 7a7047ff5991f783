"""Action plans on pages: read in as they are, with what is to be looked at."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.config.cli.demo_decisions import fill_decisions
from fellesjournal.demo import decisions as told
from fellesjournal.demo.cast import STAFF
from fellesjournal.leadership.decisions.plan_reading import MOST_LINES, Unread, read_table
from tests.signing_in import staff_client
from tests.surfaces.statements import counted

BY_ROLE = {member.role: member for member in STAFF}
NEW = "leaders-action-plan-new"


@pytest.fixture
def coordinator(db: None) -> Client:
    del db
    return staff_client(BY_ROLE["benefits-coordinator"])


def test_a_table_is_read_in_with_all_it_says() -> None:
    items = read_table(told.PLAN).items
    assert [item.no for item in items] == ["1.1", "2.3", "2.4"]
    assert items[0].deadline == date(2023, 12, 31)
    assert [item.priority for item in items] == [1, None, 1]
    assert items[2].depends_on == ("1.1",)
    assert all(item.status is None and item.status_text for item in items)
    english = "no;Title;deadline;what else\n1;a;2024-01-31;x\n;;;\n2;b;;"
    assert [item.deadline for item in read_table(english).items] == [date(2024, 1, 31), None]


@pytest.mark.parametrize(
    ("table", "unread"),
    [
        ("", Unread(1, "", "")),
        ("title\na", Unread(1, "no", "")),
        ('no;title\n1;"' + "a" * 140_000, Unread(1, "", "")),
        ("no;title\n;a", Unread(2, "no", "")),
        ("no;title\n1;", Unread(2, "title", "")),
        ("no;title;deadline\n1;a;soon", Unread(2, "deadline", "soon")),
        ("no;title;deadline\n1;a;31.02.2024", Unread(2, "deadline", "31.02.2024")),
        ("no;title;priority\n1;a;5", Unread(2, "priority", "5")),
        ("no;title\n" + "1;a\n" * MOST_LINES, Unread(1, "", str(MOST_LINES + 1))),
    ],
)
def test_what_can_not_be_read_is_told_with_its_line(table: str, unread: Unread) -> None:
    assert unread in read_table(table).unread


@given(st.text(max_size=200))
def test_any_text_is_read_or_told_and_never_an_error(text: str) -> None:
    for table in (text, f"no;title;deadline;priority;depends on\n{text}"):
        found = read_table(table)
        assert found.items or found.unread or not text.strip() or table != text


def test_a_plan_is_read_in_and_its_faults_are_shown(coordinator: Client) -> None:
    said = {"name": "Arena Trøndelag", "table": told.PLAN, "reason": "From the meeting"}
    answer = coordinator.post(reverse(NEW), said)
    assert answer.status_code == 302
    page = coordinator.get(answer["Location"]).content.decode()
    assert page.count("plan__fault") >= 5  # three free texts, a reference, a priority
    assert ": 2.2" in page
    assert "observatør / kontakt tatt" in page
    assert 'data-color="danger"' in page  # what is late
    assert "Arena Trøndelag" in coordinator.get(reverse("leaders-action-plans")).content.decode()


def test_somebody_says_what_the_text_of_a_status_means(coordinator: Client) -> None:
    fill_decisions()
    address = reverse("leaders-action-plan", args=[told.PLAN_KEY])
    status = reverse("leaders-action-plan-status", args=[told.PLAN_KEY])
    said = {"version": "2", "no": "1.1", "status": "in_operation", "done_on": "2024-02-01"}
    assert coordinator.post(status, said).status_code == 302
    page = coordinator.get(address).content.decode()
    assert "observatør / kontakt tatt" in page  # what the text said is kept
    assert page.count("plan__answer") == 1  # only 2.4 is left to be asked about
    for wrong in ({"no": "9"}, {"status": "soon"}, {"done_on": "x"}, {"version": "2"},
                  {"version": "3", "status": "in_progress"}):  # fmt: skip
        assert coordinator.post(status, {**said, **wrong}).status_code == 302
    assert coordinator.get(address).content.decode().count("plan__answer") == 1
    assert staff_client(BY_ROLE["unit-leader"]).post(status, said).status_code == 404


def test_a_plan_with_a_line_that_can_not_be_read_is_not_kept(coordinator: Client) -> None:
    said = {"name": "P", "table": "no;title;priority\n1;a;1\n2;b;9", "reason": "x"}
    answer = coordinator.post(reverse(NEW), said)
    assert answer.status_code == 422
    assert "9" in answer.content.decode()
    assert "leaders/plans/" not in coordinator.get(reverse("leaders-action-plans")).content.decode().split(
        "<tbody>"
    )[-1].split("</tbody>", maxsplit=1)[0]  # fmt: skip
    assert coordinator.post(reverse(NEW), {}).status_code == 422


def test_a_leader_reads_plans_and_reads_none_in(db: None) -> None:
    del db
    leader = staff_client(BY_ROLE["unit-leader"])
    assert leader.get(reverse("leaders-action-plans")).status_code == 200
    assert leader.get(reverse(NEW)).status_code == 404
    assert leader.get(reverse("leaders-action-plan", args=["none"])).status_code == 404


def test_the_demo_has_cases_at_different_places_and_a_plan(coordinator: Client) -> None:
    fill_decisions()
    fill_decisions()  # a start that was interrupted goes on
    page = coordinator.get(reverse("leaders-cases")).content.decode()
    for each in told.CASES:
        assert each.title in page
    for address in (
        reverse("leaders-action-plan", args=[told.PLAN_KEY]),
        reverse("leaders-case", args=[told.CASES[1].key]),
    ):
        with counted() as statements:
            assert coordinator.get(address).status_code == 200
        assert len(statements) <= 20
        assert list(statements.asked_again()) == []
