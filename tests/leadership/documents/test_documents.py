"""What leaders agree on stands in versions: none is lost, changed, or saved by whom it is not for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import psycopg
import pytest
from django.db import connection as django_connection
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import FhirError, NotAllowed, NotFound, PreconditionFailed
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection, transaction
from fellesjournal.foundation.outbox.wiring import Subscription
from fellesjournal.leadership.documents.actions import save
from fellesjournal.leadership.documents.queries import all_standing, find, standing, versions
from fellesjournal.leadership.documents.resources import Kind
from fellesjournal.leadership.documents.settings import Setting, Settings, set_value, values_on
from fellesjournal.leadership.figures.assumptions import COST_OF_HOUR
from tests.staff import SYSTEM, employ, register


@dataclass(frozen=True, slots=True)
class Plan:
    """A document of these tests."""

    title: str
    cost: Decimal = Decimal(0)
    share: Fraction | None = None
    due: date | None = None
    parts: tuple[Plan, ...] = ()


PLAN: Kind[Plan] = Kind("plan", Plan, saved_by=frozenset({Duty.REALISE_BENEFITS}))
WHOLE = Plan("b", Decimal("1.50"), Fraction(1, 3), date(2024, 2, 29), (Plan("c"),))


@pytest.fixture
def coordinator(db: None) -> Session:
    del db
    return employ("k", "benefits-coordinator")


@pytest.mark.django_db
def test_a_version_is_followed_by_another_and_stays(coordinator: Session) -> None:
    with clock.at(datetime(2026, 1, 1, tzinfo=UTC)):
        save(coordinator, PLAN, key="p", body=Plan("a"), seen=0, reason="first")
    save(coordinator, PLAN, key="p", body=WHOLE, seen=1, reason="more")
    assert standing(coordinator, PLAN, "p").body == WHOLE
    newest, oldest = versions(coordinator, PLAN, "p")
    assert (newest.version, oldest.version) == (2, 1)
    assert oldest.body == Plan("a")
    assert (oldest.author, oldest.role, oldest.reason) == (
        "Practitioner/k", "benefits-coordinator", "first",
    )  # fmt: skip
    assert oldest.at == datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.django_db
def test_inv_46_what_somebody_else_has_saved_is_not_overwritten(coordinator: Session) -> None:
    save(coordinator, PLAN, key="p", body=Plan("a"), seen=0, reason="x")
    for seen in (0, 2, -1):
        with pytest.raises(PreconditionFailed):
            save(coordinator, PLAN, key="p", body=Plan("b"), seen=seen, reason="x")
    assert standing(coordinator, PLAN, "p").body == Plan("a")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_is_told(empty_record: None) -> None:
    del empty_record
    coordinator = employ("k", "benefits-coordinator")

    def attempt(number: int) -> bool:
        try:
            save(coordinator.again(), PLAN, key="p", body=Plan(str(number)), seen=0, reason="x")
        except PreconditionFailed:
            return False
        finally:
            django_connection.close()
        return True

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(attempt, range(6))) == 1
    assert len(versions(coordinator, PLAN, "p")) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("statement", [
    "update leadership.document set reason = 'y'", "delete from leadership.document",
    "truncate leadership.document",
])  # fmt: skip
def test_nobody_changes_a_version_afterwards(coordinator: Session, statement: str) -> None:
    save(coordinator, PLAN, key="p", body=Plan("a"), seen=0, reason="x")
    with pytest.raises(psycopg.Error), transaction():
        connection().execute(statement)
    assert standing(coordinator, PLAN, "p").reason == "x"


@pytest.mark.django_db
def test_a_version_its_log_line_and_its_event_stand_or_fall_together(
    coordinator: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {"document-saved": [Subscription("document-saved", "x", print, "HOPERAT")]}
    monkeypatch.setattr("fellesjournal.foundation.outbox.events.subscriptions", lambda: found)
    before = _counts()
    save(coordinator, PLAN, key="p", body=Plan("a"), seen=0, reason="x")
    assert _counts() == tuple(each + 1 for each in before)
    monkeypatch.setattr("fellesjournal.leadership.documents.actions.publish", _broken)
    with pytest.raises(LookupError):
        save(coordinator, PLAN, key="q", body=Plan("a"), seen=0, reason="x")
    assert _counts() == tuple(each + 1 for each in before)


def _broken(*_: object) -> None:
    raise LookupError


def _counts() -> tuple[int, ...]:
    row = (
        connection()
        .execute(
            "select (select count(*) from leadership.document), (select count(*) from access.log),"
            " (select count(*) from outbox.message)"
        )
        .fetchone()
    )
    assert row is not None
    return row


@pytest.mark.django_db
def test_who_may_only_read_saves_nothing_and_others_learn_nothing(coordinator: Session) -> None:
    save(coordinator, PLAN, key="p", body=Plan("a"), seen=0, reason="x")
    leader = employ("l", "unit-leader")
    assert standing(leader, PLAN, "p").body.title == "a"
    with pytest.raises(NotAllowed):
        save(leader, PLAN, key="p", body=Plan("b"), seen=1, reason="x")
    for code in ("doctor", "administrator", "researcher"):
        other = employ("o", code)
        for ask in (
            lambda: standing(other, PLAN, "p"),  # noqa: B023 - called in this turn
            lambda: standing(other, PLAN, "none"),  # noqa: B023 - called in this turn
            lambda: all_standing(other, PLAN),  # noqa: B023 - called in this turn
            lambda: save(other, PLAN, key="p", body=Plan("b"), seen=1, reason="x"),  # noqa: B023 - called in this turn
        ):
            with pytest.raises(NotFound):
                ask()


@pytest.mark.django_db
def test_a_role_that_has_ended_reads_nothing(coordinator: Session) -> None:
    save(coordinator, PLAN, key="p", body=Plan("a"), seen=0, reason="x")
    employ("k", "benefits-coordinator", period={"end": "2020-01-01"})
    with pytest.raises(NotAllowed):
        find(coordinator.again(), PLAN, "p")


@pytest.mark.django_db
@pytest.mark.parametrize(("key", "reason"), [("p", " "), ("", "x"), ("k" * 201, "x")])
def test_a_version_needs_a_reason_and_a_key(coordinator: Session, key: str, reason: str) -> None:
    with pytest.raises(FhirError):
        save(coordinator, PLAN, key=key, body=Plan("a"), seen=0, reason=reason)


PLANS = st.recursive(
    st.builds(
        Plan, st.text(st.characters(codec="utf-8", exclude_characters="\0")),
        st.decimals(allow_nan=False, allow_infinity=False, places=3), st.none() | st.fractions(),
        st.none() | st.dates(),
    ),
    lambda inner: st.builds(
        lambda title, parts: Plan(title, parts=tuple(parts)), st.just("x"), st.lists(inner, max_size=3)
    ),
    max_leaves=5,
)  # fmt: skip


@given(PLANS)
def test_what_is_kept_is_what_was_saved_to_the_last_digit(plan: Plan) -> None:
    found = PLAN.decoded(PLAN.encoded(plan))
    assert found == plan
    assert str(found.cost) == str(plan.cost)


@pytest.mark.django_db
def test_an_assumption_is_what_it_was_set_to_from_its_day_on(coordinator: Session) -> None:
    register("nobody")
    first, later = date(2026, 1, 1), date(2026, 3, 1)
    set_value(coordinator, COST_OF_HOUR, Setting(Decimal(4), later), seen=0, reason="x")
    set_value(coordinator, COST_OF_HOUR, Setting(Decimal(3), first), seen=1, reason="x")
    days = [date(2025, 12, 31), first, date(2026, 2, 28), later]
    assert [values_on(SYSTEM, [COST_OF_HOUR], day)["cost-of-hour"] for day in days] == [
        COST_OF_HOUR.value, Decimal(3), Decimal(3), Decimal(4),
    ]  # fmt: skip


def test_of_two_values_from_one_day_the_one_set_later_holds() -> None:
    day = date(2026, 1, 1)
    found = Settings((Setting(Decimal(1), day), Setting(Decimal(2), day)))
    assert found.on(day, COST_OF_HOUR) == 2
