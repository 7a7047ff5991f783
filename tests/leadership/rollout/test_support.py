"""Reports of problems: whose they are, what may be done with them, and that none is nobody's."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from django.db import connection as django_connection

from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotAllowed, NotFound, PreconditionFailed, Unprocessable
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection, transaction
from fellesjournal.leadership.documents.actions import save
from fellesjournal.leadership.documents.queries import find, find_own, versions
from fellesjournal.leadership.rollout.resources import TICKETS, TicketLog
from fellesjournal.leadership.rollout.support import actions, figures, jobs, queries, rules
from fellesjournal.leadership.rollout.support.actions import Report
from fellesjournal.leadership.rollout.support.resources import SUPPORT_TICKETS
from fellesjournal.leadership.rollout.support.rules import Refused, Why
from fellesjournal.leadership.rollout.support.ticket import (
    GROUP,
    Place,
    State,
    SupportTicket,
    Words,
)
from fellesjournal.leadership.rollout.tickets import Category, Ticket, service
from tests.staff import SYSTEM, employ, staff

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SAID = Report(said="The list is empty", category=Category.DEFECT, severity=2, safety=False)
UNSAFE = replace(SAID, said="Two doses are shown", safety=True)
pytestmark = pytest.mark.django_db


@pytest.fixture
def nurse(db: None) -> Session:
    del db
    return employ("n", "nurse")


@pytest.fixture
def lead(db: None) -> Session:
    del db
    return employ("r", "rollout-lead", unit="office")


def reported(session: Session, made: Report = SAID, key: str = "k", at: datetime = NOON) -> int:
    with clock.at(at):
        return actions.report(session, made, key=key)


def stands(number: int) -> SupportTicket:
    return queries.ticket(SYSTEM, number).ticket


def weigh(session: Session, number: int, *, severity: int, safety: bool, seen: int) -> None:
    actions.weigh(
        session, number, category=Category.DEFECT, severity=severity, safety=safety,
        reason="A dose is missing", seen=seen,
    )  # fmt: skip


# --- whose it is --------------------------------------------------------------------------------


def test_anybody_on_the_staff_reports_and_reads_her_own_and_nobody_elses(nurse: Session) -> None:
    other = employ("o", "doctor")
    number, others = reported(nurse), reported(other, UNSAFE, "k2")
    assert [each.number for each in queries.own_tickets(nurse).rows] == [number]
    assert queries.own_ticket(nurse, number).ticket.said == "The list is empty"
    for ask in (
        lambda: queries.own_ticket(nurse, others),
        lambda: queries.own_ticket(nurse, 4711),
        lambda: queries.ticket(nurse, number),
        lambda: queries.open_tickets(nurse),
        lambda: queries.organisations(nurse),
        lambda: find(nurse, SUPPORT_TICKETS, "u/k2"),
    ):
        with pytest.raises(NotFound):
            ask()
    assert find_own(nurse, SUPPORT_TICKETS, "u/k2") is None
    assert find_own(other, SUPPORT_TICKETS, "u/k2") is not None


def test_a_leader_sees_counts_and_no_report_of_others(nurse: Session) -> None:
    number, leader = reported(nurse), employ("l", "unit-leader")
    assert figures.counted(leader, "u", NOON).reports == 1
    for ask in (lambda: queries.ticket(leader, number), lambda: queries.open_tickets(leader)):
        with pytest.raises(NotFound):
            ask()
    with pytest.raises(NotFound):
        figures.counted(nurse, "u", NOON)


def test_who_reports_changes_nothing_of_it_but_that_it_is_open_again(
    nurse: Session, lead: Session
) -> None:
    number = reported(nurse)
    filed = queries.own_ticket(nurse, number)
    now, words = filed.ticket, Words(nurse.person, NOON, "x")
    for forged in (
        replace(now, severity=1), replace(now, safety=True), replace(now, due=NOON),
        rules.taken(now, nurse.person), rules.answered(now, words), rules.closed(now, words),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            save(nurse, SUPPORT_TICKETS, key=filed.key, body=forged, seen=1, reason="x")
    several: list[Callable[[], None]] = [
        lambda: actions.take(nurse, number, seen=1),
        lambda: actions.close(nurse, number, done="x", seen=1),
        lambda: actions.answer(nurse, number, text="x", seen=1),
        lambda: weigh(nurse, number, severity=1, safety=True, seen=1),
    ]
    for act in several:
        with pytest.raises(NotFound):
            act()
    actions.close(lead, number, done="Mended", seen=1)
    closed = stands(number)
    again = rules.opened_again(closed, words, due=NOON)
    with pytest.raises(NotAllowed):  # with something else changed besides
        save(
            nurse,
            SUPPORT_TICKETS,
            key=filed.key,
            body=replace(again, severity=1),
            seen=2,
            reason="x",
        )
    assert stands(number) == closed
    actions.open_again(nurse, number, text="Still so", seen=2)
    assert stands(number).state is State.WAITING


def test_a_report_begins_with_nothing_done_and_owned_by_those_who_help(nurse: Session) -> None:
    began = stands(reported(nurse))
    for forged in (
        replace(began, owner=nurse.person), replace(began, first_response=NOON),
        replace(began, closed=NOON, done="x"), replace(began, escalated=NOON),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            save(nurse, SUPPORT_TICKETS, key="u/forged", body=forged, seen=0, reason="x")


def test_nobody_opens_again_what_another_has_reported(nurse: Session, lead: Session) -> None:
    number, other = reported(nurse), employ("o", "doctor")
    actions.close(lead, number, done="Mended", seen=1)
    with pytest.raises(NotFound):
        actions.open_again(other, number, text="Mine too", seen=2)
    again = rules.opened_again(stands(number), Words(other.person, NOON, "x"), due=NOON)
    with pytest.raises(NotFound):
        save(other, SUPPORT_TICKETS, key="u/k", body=again, seen=2, reason="x")


def test_kinds_that_nobody_may_begin_stay_closed(nurse: Session) -> None:
    with pytest.raises(NotFound):
        save(nurse, TICKETS, key="5025", body=TicketLog(1), seen=0, reason="x")
    with pytest.raises(NotFound):
        find_own(nurse, TICKETS, "5025")


class AppSession(Session):
    """The same person through an app."""

    @property
    def app(self) -> str:
        """An app of hers."""
        return "some-app"


def test_an_app_reports_nothing_and_reads_nothing(nurse: Session) -> None:
    reported(nurse)
    held = {each.name: getattr(nurse, each.name) for each in fields(nurse)}
    with pytest.raises(NotFound):
        reported(AppSession(**held), SAID, "app")
    with pytest.raises(NotFound):
        queries.own_tickets(AppSession(**held))


def test_one_form_sent_twice_is_one_report(nurse: Session) -> None:
    reported(nurse)
    with pytest.raises(PreconditionFailed):
        reported(nurse)
    assert queries.own_tickets(nurse).total == 1


@pytest.mark.parametrize("said", [
    "Patient 05057912345", "050579 12345 twice", "05 05 79 123 45", "05.05.79-12345",
    "x 1 05057912345", "050579\N{NO-BREAK SPACE}12345",
])  # fmt: skip
def test_what_looks_like_a_person_number_is_kept_nowhere(
    nurse: Session, lead: Session, said: str
) -> None:
    with pytest.raises(Unprocessable):
        reported(nurse, replace(SAID, said=said))
    number = reported(nurse)
    several: list[Callable[[], None]] = [
        lambda: actions.answer(lead, number, text=said, seen=1),
        lambda: actions.close(lead, number, done=said, seen=1),
    ]
    for act in several:
        with pytest.raises(Unprocessable):
            act()
    assert queries.own_tickets(nurse).total == 1


@pytest.mark.parametrize(
    "said", ["Call 912 34 567", "2026-11-23 10:15:00", "error 123456789012", "1 234 567 8"]
)
def test_other_numbers_may_be_written(said: str) -> None:
    assert not rules.looks_like_person_number(said)


@pytest.mark.parametrize("said", ["", "  ", "x" * 2001])
def test_a_report_says_something_and_not_too_much(nurse: Session, said: str) -> None:
    with pytest.raises(Unprocessable):
        reported(nurse, replace(SAID, said=said))


# --- nobody's work ------------------------------------------------------------------------------


def test_what_can_harm_a_patient_has_an_owner_and_a_day_from_the_first_second(
    nurse: Session,
) -> None:
    for severity in (1, 2, 3):
        ticket = stands(reported(nurse, replace(UNSAFE, severity=severity), str(severity)))
        assert ticket.owner == f"{GROUP}u"
        assert ticket.due <= NOON + timedelta(hours=24)
    assert stands(reported(nurse, key="harmless")).due > NOON + timedelta(hours=24)


def test_no_row_is_without_an_owner_and_nobody_writes_rows_but_by_a_version(
    nurse: Session,
) -> None:
    number = reported(nurse)
    for statement in (
        "update leadership.ticket set owner = 'Practitioner/x'", "delete from leadership.ticket",
    ):  # fmt: skip
        with pytest.raises(psycopg.Error), transaction():
            connection().execute(statement)
    with pytest.raises(ValueError, match="owns"):
        replace(stands(number), owner="")


def test_what_is_late_rises_once_however_often_it_is_told(nurse: Session) -> None:
    number = reported(nurse, UNSAFE)
    key = queries.ticket(SYSTEM, number).key
    with clock.at(NOON + timedelta(hours=23, minutes=59)):
        jobs.due(SYSTEM, {"key": key})
        jobs.tend(SYSTEM)
    assert stands(number).escalated is None
    with clock.at(NOON + timedelta(hours=24)):
        jobs.due(SYSTEM, {"key": key})
    with clock.at(NOON + timedelta(hours=25)):
        jobs.due(SYSTEM, {"key": key})
        jobs.tend(SYSTEM)
    assert stands(number).escalated == NOON + timedelta(hours=24)
    assert len(versions(SYSTEM, SUPPORT_TICKETS, key)) == 2


def test_the_clock_finds_what_no_event_told_of_and_leaves_the_closed_alone(
    nurse: Session, lead: Session
) -> None:
    late, done = reported(nurse, UNSAFE), reported(nurse, UNSAFE, "k2")
    actions.close(lead, done, done="Mended", seen=1)
    with clock.at(NOON + timedelta(days=2)):
        jobs.tend(SYSTEM)
        jobs.due(SYSTEM, {"key": queries.ticket(SYSTEM, done).key})
        jobs.due(SYSTEM, {"key": "u/none"})
    assert stands(late).escalated is not None
    assert stands(done).escalated is None


def test_its_deadline_is_told_in_the_transaction_of_the_report(nurse: Session) -> None:
    number = reported(nurse, UNSAFE)
    rows = connection().execute(
        "select due, payload->>'key' from outbox.message where event = 'ticket-due'"
    )
    assert rows.fetchall() == [(stands(number).due, "u/k")]


# --- working on it ------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_it_at_once_one_has_it(empty_record: None) -> None:
    del empty_record
    number = reported(employ("n", "nurse"))
    leads = [f"r{each}" for each in range(4)]
    for name in leads:
        employ(name, "rollout-lead", unit="office")

    def attempt(name: str) -> bool:
        try:
            actions.take(staff(name, "rollout-lead", "office"), number, seen=1)
        except (PreconditionFailed, Refused):
            return False
        finally:
            django_connection.close()
        return True

    with ThreadPoolExecutor(4) as threads:
        took = [name for name, done in zip(leads, threads.map(attempt, leads), strict=True) if done]
    assert [f"Practitioner/{name}" for name in took] == [stands(number).owner]


def test_it_is_taken_answered_closed_and_opened_again(nurse: Session, lead: Session) -> None:
    number = reported(nurse)
    with clock.at(NOON + timedelta(hours=1)):
        actions.take(lead, number, seen=1)
    with clock.at(NOON + timedelta(hours=2)):
        actions.answer(lead, number, text="We look at it", seen=2)
    with clock.at(NOON + timedelta(hours=3)):
        actions.close(lead, number, done="Mended", seen=3)
    ticket = stands(number)
    assert (ticket.first_response, ticket.closed) == (
        NOON + timedelta(hours=2), NOON + timedelta(hours=3),
    )  # fmt: skip
    assert queries.own_ticket(nurse, number).ticket.done == "Mended"
    several: list[Callable[[], None]] = [
        lambda: actions.take(lead, number, seen=4),
        lambda: actions.answer(lead, number, text="x", seen=4),
        lambda: actions.close(lead, number, done="x", seen=4),
        lambda: actions.give_back(lead, number, seen=4),
    ]
    for act in several:
        with pytest.raises(Refused):
            act()
    with clock.at(NOON + timedelta(days=9)):
        actions.open_again(nurse, number, text="Still so", seen=4)
    ticket = stands(number)
    assert (ticket.state, ticket.owner) == (State.WAITING, f"{GROUP}u")
    assert ticket.due > NOON + timedelta(days=9)
    assert ticket.first_response == NOON + timedelta(hours=2)


def test_what_somebody_has_is_not_taken_from_her_but_may_be_given_back(
    nurse: Session, lead: Session
) -> None:
    number, other = reported(nurse), employ("r2", "rollout-lead", unit="office")
    actions.take(lead, number, seen=1)
    with pytest.raises(Refused):
        actions.take(other, number, seen=2)
    actions.give_back(other, number, seen=2)
    actions.take(other, number, seen=3)
    assert stands(number).owner == "Practitioner/r2"


@pytest.mark.parametrize("left", [
    {"period": {"end": "2020-01-01"}}, {"active": False},
    {"notAvailable": [{"description": "away", "during": {"start": "2020-01-01"}}]},
])  # fmt: skip
def test_what_somebody_has_who_helps_no_more_is_the_others_again(
    nurse: Session, lead: Session, left: dict[str, object]
) -> None:
    employ("r2", "rollout-lead", unit="office")
    hers, others, done = (reported(nurse, key=str(n)) for n in range(3))
    actions.take(lead, hers, seen=1)
    actions.take(staff("r2", "rollout-lead", "office"), others, seen=1)
    actions.close(lead, done, done="Mended", seen=1)
    jobs.tend(SYSTEM)
    assert stands(hers).owner == "Practitioner/r"
    employ("r", "rollout-lead", unit="office", **left)
    jobs.staff_changed(SYSTEM, {})
    assert stands(hers).owner == f"{GROUP}u"
    assert stands(others).owner == "Practitioner/r2"
    assert stands(done).closed is not None


def test_a_duplicate_stands_behind_one_that_somebody_works_on(
    nurse: Session, lead: Session
) -> None:
    first, second, third, unsafe = (
        reported(nurse, made, str(n)) for n, made in enumerate((SAID, SAID, SAID, UNSAFE))
    )
    actions.close_as_duplicate(lead, second, of=first, seen=1)
    assert queries.done_elsewhere(nurse, second) is None
    refused = []
    for number, of in ((first, first), (third, second), (unsafe, first)):
        with pytest.raises(Refused) as why:
            actions.close_as_duplicate(lead, number, of=of, seen=1)
        refused.append(why.value.why)
    assert refused == [Why.ITSELF, Why.OTHER_DUPLICATE, Why.OTHER_HARMLESS]
    actions.close(lead, first, done="Mended", seen=1)
    with pytest.raises(Refused):
        actions.close_as_duplicate(lead, third, of=first, seen=1)
    with pytest.raises(NotFound):
        actions.close_as_duplicate(lead, third, of=4711, seen=1)
    done = queries.done_elsewhere(nurse, second)
    assert done is not None
    assert done[1] == "Mended"
    assert queries.done_elsewhere(employ("o", "doctor"), second) is None
    assert {each.number for each in queries.open_tickets(lead).rows} == {third, unsafe}
    assert figures.counted(lead, "u", NOON + timedelta(days=1)).reports == 3


def test_weighing_anew_never_puts_off_what_can_harm(nurse: Session, lead: Session) -> None:
    number = reported(nurse)
    with clock.at(NOON + timedelta(hours=5)):
        weigh(lead, number, severity=3, safety=True, seen=1)
        assert stands(number).due == NOON + timedelta(hours=24)  # since it was reported
        weigh(lead, number, severity=1, safety=True, seen=2)
        weigh(lead, number, severity=3, safety=True, seen=3)
    assert stands(number).due == NOON + timedelta(hours=8)


def test_what_stands_for_another_that_can_harm_does_not_become_harmless(
    nurse: Session, lead: Session
) -> None:
    first, second = reported(nurse, UNSAFE, "1"), reported(nurse, UNSAFE, "2")
    actions.close_as_duplicate(lead, second, of=first, seen=1)
    with pytest.raises(Refused) as refused:
        weigh(lead, first, severity=3, safety=False, seen=1)
    assert refused.value.why is Why.STANDS_FOR_HARM
    assert stands(first).safety
    weigh(lead, first, severity=1, safety=True, seen=1)


@pytest.mark.django_db(transaction=True)
def test_harm_is_not_lost_when_two_decide_of_the_same_at_once(empty_record: None) -> None:
    del empty_record
    nurse = employ("n", "nurse")
    for name in ("a", "b"):
        employ(name, "rollout-lead", unit="office")
    for turn in range(4):
        first, second = (reported(nurse, UNSAFE, f"{turn}-{n}") for n in range(2))

        def stand_for(first: int = first, second: int = second) -> None:
            lead = staff("a", "rollout-lead", "office")
            actions.close_as_duplicate(lead, second, of=first, seen=1)

        def make_harmless(first: int = first) -> None:
            lead = staff("b", "rollout-lead", "office")
            weigh(lead, first, severity=3, safety=False, seen=1)

        with ThreadPoolExecutor(2) as threads:
            done = [threads.submit(_closing, each) for each in (stand_for, make_harmless)]
        errors = [each.exception() for each in done]
        assert sum(error is None for error in errors) == 1, errors
        assert stands(first).safety or stands(second).closed is None


def _closing(act: Callable[[], None]) -> None:
    try:
        act()
    finally:
        django_connection.close()


def test_who_reported_it_reads_why_it_was_weighed_anew(nurse: Session, lead: Session) -> None:
    number = reported(nurse, UNSAFE)
    weigh(lead, number, severity=3, safety=False, seen=1)
    found = queries.own_ticket(nurse, number).ticket
    assert [each.text for each in found.answers] == ["A dose is missing"]
    assert found.state is State.WAITING
    assert found.due > NOON + timedelta(hours=24)


# --- lists and figures --------------------------------------------------------------------------


def test_the_list_is_by_deadline_late_first_and_its_count_is_its_question(
    nurse: Session, lead: Session
) -> None:
    slow, unsafe, quick = (
        reported(nurse, made, str(n))
        for n, made in enumerate((SAID, UNSAFE, replace(SAID, severity=1)))
    )
    elsewhere = reported(employ("e", "nurse", unit="v"), SAID, "e")
    assert [each.number for each in queries.open_tickets(lead).rows][:2] == [quick, unsafe]
    with clock.at(NOON + timedelta(days=4)):
        jobs.due(SYSTEM, {"key": queries.ticket(SYSTEM, slow).key})
    assert queries.open_tickets(lead).rows[0].number == slow
    with clock.at(NOON + timedelta(days=4)):
        jobs.due(SYSTEM, {"key": queries.ticket(SYSTEM, unsafe).key})
    assert [each.number for each in queries.open_tickets(lead).rows][:2] == [unsafe, slow]
    actions.take(lead, unsafe, seen=2)
    asked = {
        "all": queries.open_tickets(lead), "here": queries.open_tickets(lead, organisation="u"),
        "mine": queries.open_tickets(lead, owner=lead.person),
        "nobody": queries.open_tickets(lead, is_untaken=True),
    }  # fmt: skip
    found = {name: {each.number for each in listed.rows} for name, listed in asked.items()}
    assert found == {
        "all": {slow, unsafe, quick, elsewhere}, "here": {slow, unsafe, quick},
        "mine": {unsafe}, "nobody": {slow, quick, elsewhere},
    }  # fmt: skip
    assert {name: listed.total for name, listed in asked.items()} == {
        name: len(numbers) for name, numbers in found.items()
    }
    short = queries.open_tickets(lead, most=1)
    assert (len(short.rows), short.total) == (1, 4)
    assert queries.organisations(lead) == {"u": "Unit u", "v": "Unit v"}


def test_the_statement_counts_what_the_arithmetic_counts(nurse: Session, lead: Session) -> None:
    numbers = []
    for n in range(9):
        made = replace(UNSAFE if n % 3 == 0 else SAID, severity=1 + n % 3)
        number = reported(nurse, made, str(n), NOON + timedelta(hours=7 * n))
        numbers.append(number)
        if n % 2:
            with clock.at(NOON + timedelta(hours=9 * n)):
                actions.answer(lead, number, text="x", seen=1)
        if n in {1, 3, 6, 7}:
            with clock.at(NOON + timedelta(hours=11 * n)):
                actions.close(lead, number, done="x", seen=2 if n % 2 else 1)
    actions.close_as_duplicate(lead, numbers[8], of=numbers[0], seen=1)
    for hours in (0, 20, 40, 55, 90, 200):
        at = NOON + timedelta(hours=hours)
        tickets = [_plain(number) for number in numbers]
        expected, found = service(tickets, at), figures.counted(lead, "u", at)
        assert found.median_first_response == expected.median_first_response
        assert found.unanswered == expected.unanswered
        assert found.p90_to_close == expected.p90_to_close
        assert (found.open, found.oldest) == (
            len(expected.backlog),
            next(iter(expected.backlog), None),
        )
        assert found.unsafe == len(expected.unsafe)


def _plain(number: int) -> Ticket:
    ticket = stands(number)
    return Ticket(
        str(number), ticket.opened, ticket.severity, ticket.unit, ticket.place.module,
        ticket.category, ticket.safety, ticket.first_response, ticket.closed,
        str(ticket.duplicate_of or ""), len(ticket.reopened),
    )  # fmt: skip


def test_days_are_those_of_norway(nurse: Session, lead: Session) -> None:
    reported(nurse, key="a", at=datetime(2026, 11, 20, 22, 59, tzinfo=UTC))
    reported(nurse, key="b", at=datetime(2026, 11, 20, 23, 1, tzinfo=UTC))
    days = figures.by_day(lead, "u", date(2026, 11, 20))
    assert [(each.day, each.reports) for each in days] == [
        (date(2026, 11, 20), 1), (date(2026, 11, 21), 1),
    ]  # fmt: skip
    assert len(figures.by_day(lead, "u", date(2026, 11, 21))) == 1


def test_where_it_happened_is_kept_as_it_was_told(nurse: Session) -> None:
    place = Place("medicines", "clinic/medicine", "0.1.0", "0A1B2C3D")
    ticket = stands(reported(nurse, replace(SAID, place=place)))
    assert (ticket.place, ticket.unit, ticket.organisation_name) == (
        place, "Organization/u", "Unit u",
    )  # fmt: skip
