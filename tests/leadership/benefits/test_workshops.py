"""Worksheets that many write: nothing is lost, nothing is counted twice, no more is freed than there is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection as django_connection

from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotAllowed, NotFound, PreconditionFailed
from fellesjournal.leadership.benefits import queries
from fellesjournal.leadership.benefits.actions import planning
from fellesjournal.leadership.benefits.actions import workshops as actions
from fellesjournal.leadership.benefits.plan import Benefit, BenefitType, Phase, Plan, Realisation
from fellesjournal.leadership.benefits.refusals import Refused, Why
from fellesjournal.leadership.benefits.resources import PLAN, ROW
from fellesjournal.leadership.benefits.sheets import read, written
from fellesjournal.leadership.benefits.worksheet import Row, ThreePoint, workshop_total
from fellesjournal.leadership.benefits.workshops import Area, Workshop
from fellesjournal.leadership.documents.actions import save
from fellesjournal.leadership.documents.queries import versions
from tests.staff import SYSTEM, employ, put

pytestmark = pytest.mark.django_db

KEY = "w"


def row(key: str = "r1", now: int = 15, after: int = 5, **more: Any) -> Row:
    """Thirty times a week: ten minutes less is 260 hours a year."""
    exact = ThreePoint(Fraction(after), Fraction(after), Fraction(after))
    said = {
        "minutes_now": Fraction(now),
        "minutes_after": exact,
        "occurrences": Fraction(30),
        **more,
    }
    return Row(key, "Ring round", "home care", "nurse", **said)


@pytest.fixture
def coordinator(db: None) -> Session:
    del db
    return held()


def held(**more: Any) -> Session:
    """A coordinator at unit u who holds a workshop."""
    coordinator = employ("k", "benefits-coordinator", "u")
    areas = (Area("home care", 6, Fraction(1000)), Area("ward"))
    workshop = Workshop("Organization/u", "Medicines", date(2026, 5, 1), areas)
    actions.hold(coordinator, KEY, replace(workshop, **more), seen=0, reason="held")
    return coordinator


def test_rows_are_saved_one_by_one_and_stay_in_versions(coordinator: Session) -> None:
    actions.keep_row(coordinator, KEY, row(), seen=0)
    actions.keep_row(coordinator, KEY, row("r2", 5, 8), seen=0)
    actions.keep_row(coordinator, KEY, row(now=20), seen=1)
    assert [each.row.minutes_now for each in queries.rows(coordinator, KEY)] == [20, 5]
    assert [each.version for each in versions(coordinator, ROW, f"{KEY}/r1")] == [2, 1]
    assert workshop_total(each.row for each in queries.rows(coordinator, KEY)) == 390 - 78


@pytest.mark.django_db(transaction=True)
def test_many_who_write_at_the_same_time_lose_nothing(empty_record: None) -> None:
    del empty_record
    held()
    people = [employ(f"l{n}", "unit-leader", "u") for n in range(6)]

    def attempt(n: int) -> bool:
        """Her own row, and then a change of the one that all want to change."""
        try:
            session = people[n].again()
            actions.keep_row(session, KEY, row(f"r{n}", 5, 5), seen=0)
            mine = row("common", 5, 5, comment=f"by {n}")
            actions.keep_row(session.again(), KEY, mine, seen=0)
        except PreconditionFailed:
            return False
        finally:
            django_connection.close()
        return True

    with ThreadPoolExecutor(6) as threads:
        done = list(threads.map(attempt, range(6)))
    found = {each.row.id: each.row for each in queries.rows(people[0].again(), KEY)}
    assert set(found) == {"common", *(f"r{n}" for n in range(6))}
    assert sum(done) == 1
    assert found["common"].comment == f"by {done.index(True)}"
    assert len(versions(people[0].again(), ROW, f"{KEY}/common")) == 1


def test_who_has_not_seen_the_row_as_it_stands_does_not_overwrite_it(coordinator: Session) -> None:
    actions.keep_row(coordinator, KEY, row(), seen=0)
    actions.keep_row(coordinator, KEY, row(now=20), seen=1)
    for seen in (0, 1):
        with pytest.raises(PreconditionFailed):
            actions.keep_row(coordinator, KEY, row(now=16), seen=seen)
    assert queries.rows(coordinator, KEY)[0].row.minutes_now == 20


def test_a_service_does_not_free_more_hours_than_it_has(coordinator: Session) -> None:
    for n in range(3):
        actions.keep_row(coordinator, KEY, row(f"r{n}"), seen=0)  # 780 of 1000
    with pytest.raises(Refused) as refused:
        actions.keep_row(coordinator, KEY, row("r4"), seen=0)
    assert refused.value.why is Why.STAFFED
    actions.keep_row(coordinator, KEY, row("r5", 5, 8), seen=0)
    elsewhere = row("r6", claimed_by="another project")
    actions.keep_row(coordinator, KEY, elsewhere, seen=0)
    unsaid = replace(row("r7", now=900), service_area="ward")
    actions.keep_row(coordinator, KEY, unsaid, seen=0)


def test_what_is_taken_away_stays_on_record_and_counts_no_longer(coordinator: Session) -> None:
    actions.keep_row(coordinator, KEY, row(), seen=0)
    actions.remove_row(coordinator, KEY, "r1", seen=1, reason="Written twice")
    assert queries.rows(coordinator, KEY) == []
    (found,) = queries.row_documents(coordinator, KEY)
    assert (found.body.is_removed, found.reason) == (True, "Written twice")


def plan(session: Session, become: Realisation = Realisation.REALLOCATED_CAPACITY) -> None:
    """A plan of unit u with one benefit."""
    benefit = Benefit("b", "Logistikk", "Less ringing", BenefitType.EFFICIENCY, become, "p", ())
    body = Plan("Organization/u", phase=Phase.INDICATORS, benefits=(benefit,))
    save(session, PLAN, key="u", body=body, seen=0, reason="begun")


def test_hours_are_counted_once_whoever_asks(coordinator: Session) -> None:
    plan(coordinator)
    actions.keep_row(coordinator, KEY, row(), seen=0)
    actions.claim(coordinator, "u", "b", KEY, "r1", seen=1)
    (found,) = queries.claimed_rows(coordinator, "u")
    assert found.row.hours == 260
    put("Organization", "below", name="Below", partOf={"reference": "Organization/u"})
    other = Plan(
        "Organization/below", phase=Phase.INDICATORS,
        benefits=(Benefit("c", "Logistikk", "x", BenefitType.QUALITY, Realisation.NON_PRICED, "", ()),),
    )  # fmt: skip
    save(coordinator, PLAN, key="below", body=other, seen=0, reason="begun")
    for unit, benefit in (("u", "b"), ("below", "c")):
        with pytest.raises(Refused) as refused:
            actions.claim(coordinator.again(), unit, benefit, KEY, "r1", seen=2)
        assert refused.value.why is Why.CLAIMED
    with pytest.raises(Refused):
        actions.remove_row(coordinator.again(), KEY, "r1", seen=2, reason="x")
    for claimed_by in ("", "plan:below/c"):
        with pytest.raises(Refused):
            actions.keep_row(coordinator.again(), KEY, row(claimed_by=claimed_by), seen=2)
    with pytest.raises(Refused):
        actions.keep_row(coordinator.again(), KEY, row("r2", claimed_by="plan:u/b"), seen=0)


def test_what_others_have_counted_before_is_not_counted_again(coordinator: Session) -> None:
    plan(coordinator)
    actions.keep_row(coordinator, KEY, row(claimed_by="another project"), seen=0)
    with pytest.raises(Refused) as refused:
        actions.claim(coordinator, "u", "b", KEY, "r1", seen=1)
    assert refused.value.why is Why.CLAIMED
    assert workshop_total(each.row for each in queries.rows(coordinator, KEY)) == 0


def test_minutes_here_and_there_are_capacity_and_no_budget(coordinator: Session) -> None:
    plan(coordinator, Realisation.BUDGET)
    actions.keep_row(coordinator, KEY, row(), seen=0)
    with pytest.raises(Refused) as refused:
        actions.claim(coordinator, "u", "b", KEY, "r1", seen=1)
    assert refused.value.why is Why.CAPACITY
    whole = row("r2", now=45, occurrences=Fraction(1))
    actions.keep_row(coordinator, KEY, whole, seen=0)
    actions.claim(coordinator, "u", "b", KEY, "r2", seen=1)


def test_no_plan_counts_before_it_has_benefits_and_owners(coordinator: Session) -> None:
    actions.keep_row(coordinator, KEY, row(), seen=0)
    for _ in range(2):
        with pytest.raises(Refused):
            actions.claim(coordinator.again(), "u", "b", KEY, "r1", seen=1)
        roles = planning.Roles(
            "a", "", owner_is_director=True, coordinator="b", coordinator_title="",
            coordinator_leads_implementation=False,
        )  # fmt: skip
        if queries.plan(coordinator.again(), "u") is None:
            planning.fill_roles(coordinator.again(), "u", roles, seen=0, reason="x")


def sent(session: Session) -> list[tuple[Row, int]]:
    """The worksheet as it goes out and comes in."""
    rows = [(each.body.row, each.version) for each in queries.row_documents(session, KEY)]
    found, faults = read(written(rows))
    assert faults == []
    return found


def test_a_file_adds_and_changes_and_leaves_what_it_lacks(coordinator: Session) -> None:
    actions.keep_row(coordinator, KEY, row(), seen=0)
    actions.keep_row(coordinator, KEY, row("r2"), seen=0)
    (first, seen), _ = sent(coordinator)
    changed = (replace(first, comment="from the file"), seen)
    came = actions.read_in(coordinator, KEY, [changed, (row("r3", 5, 8), 0)])
    assert came == actions.ReadIn(new=1, changed=1, same=0)
    assert {each.row.id for each in queries.rows(coordinator, KEY)} == {"r1", "r2", "r3"}
    again = actions.read_in(coordinator, KEY, sent(coordinator))
    assert again == actions.ReadIn(new=0, changed=0, same=3)


def test_a_file_that_is_older_than_a_row_overwrites_nothing(coordinator: Session) -> None:
    actions.keep_row(coordinator, KEY, row(), seen=0)
    actions.keep_row(coordinator, KEY, row("r2"), seen=0)
    old = sent(coordinator)
    actions.keep_row(coordinator, KEY, row(now=20), seen=1)
    mine = [(replace(each, comment="mine"), seen) for each, seen in old]
    assert actions.read_in(coordinator, KEY, mine) == [actions.Clash("r1", Why.CHANGED)]
    assert [each.row.comment for each in queries.rows(coordinator, KEY)] == ["", ""]


def test_a_file_neither_claims_nor_lets_go(coordinator: Session) -> None:
    plan(coordinator)
    actions.keep_row(coordinator, KEY, row(), seen=0)
    actions.claim(coordinator, "u", "b", KEY, "r1", seen=1)
    ((claimed, seen),) = sent(coordinator)
    let_go = replace(claimed, claimed_by="")
    taken = row("r2", claimed_by="plan:u/b")
    found = actions.read_in(coordinator, KEY, [(let_go, seen), (taken, 0)])
    assert found == [actions.Clash("r1", Why.CLAIMED), actions.Clash("r2", Why.CLAIMED)]


def test_a_file_frees_no_more_than_there_is(coordinator: Session) -> None:
    rows = [(row(f"r{n}"), 0) for n in range(4)]
    with pytest.raises(Refused):
        actions.read_in(coordinator, KEY, rows)
    assert queries.rows(coordinator, KEY) == []


def test_who_works_below_takes_part_and_who_works_elsewhere_does_not(coordinator: Session) -> None:
    put("Organization", "u", name="Unit u")
    below = employ("l", "unit-leader", "ward")
    put("Organization", "ward", name="Ward", partOf={"reference": "Organization/u"})
    actions.keep_row(below.again(), KEY, row(), seen=0)
    elsewhere = employ("e", "unit-leader", "other")
    with pytest.raises(NotAllowed):
        actions.keep_row(elsewhere, KEY, row("r2"), seen=0)
    with pytest.raises(NotAllowed):
        actions.read_in(elsewhere.again(), KEY, [(row("r2"), 0)])
    with pytest.raises(NotAllowed):
        actions.remove_row(elsewhere.again(), KEY, "r1", seen=1, reason="x")
    with pytest.raises(NotFound):
        actions.keep_row(employ("d", "doctor", "u"), KEY, row("r3"), seen=0)
    with pytest.raises(NotFound):
        actions.keep_row(coordinator.again(), "none", row("r3"), seen=0)
    workshop = Workshop("Organization/u", "x", date(2026, 1, 1))
    with pytest.raises(NotAllowed):
        actions.hold(below.again(), "w2", workshop, seen=0, reason="x")
    assert len(queries.rows(SYSTEM, KEY)) == 1
