"""INV-7: history is replayed with a silenced route; somebody is alerted within one night."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

import pytest

from fellesjournal.access.sessions import system_session
from fellesjournal.access.volumes import alerts
from fellesjournal.access.volumes.alerts import close, open_alerts, take
from fellesjournal.access.volumes.nightly import count_nights
from fellesjournal.care.messages.kinds import Kind
from fellesjournal.care.messages.resources import (
    Proof,
    Recipient,
    delivery_resource,
    with_proof,
)
from fellesjournal.care.messages.states import Route, State
from fellesjournal.fhir.issues import BadRequest, Conflict, NotFound
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection
from fellesjournal.foundation.outbox import ledger
from tests.staff import SYSTEM, put

PLATFORM = system_session("system:count-volumes", purpose="HOPERAT")
FIRST = date(2026, 8, 3)  # a Monday without a holiday in the weeks after it
Found = tuple[date, str, str, str, int, float]


@pytest.fixture
def empty(empty_record: None) -> Iterator[None]:
    """Nothing counted, nothing come."""
    del empty_record
    wipe()
    yield
    wipe()


def wipe() -> None:
    for table in ("access.volume_alert", "access.volume", "access.counted_day", "outbox.taken_in"):
        connection().execute(f"delete from {table}")


def at(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=clock.NORWAY)


def sent(number: int, route: Route, *, arrives: bool = True, kind: Kind = Kind.LETTER) -> None:
    """Deliveries that are queued now, and have arrived or wait."""
    now = clock.now()
    for _ in range(number):
        task = delivery_resource(
            number=str(uuid.uuid4()), document="DocumentReference/d", patient="Patient/anna",
            recipient=Recipient("Organization/far", "Far", route), unit="Organization/office",
            author="Practitioner/gp", at=now, deadline=now + timedelta(days=3), urgent=False,
            kind=kind,
        )  # fmt: skip
        if arrives:
            proved = with_proof(task, Proof(State.ACCEPTED, now.isoformat(), "r"))
            assert proved is not None
            task = proved
        put("Task", f"t-{uuid.uuid4()}", **{k: v for k, v in task.items() if k != "resourceType"})


def replay(days: int, each_day: Callable[[date], None], first: date = FIRST) -> None:
    """Days one after another, each counted in its night."""
    for turn in range(days):
        day = first + timedelta(days=turn)
        with clock.at(at(day)):
            each_day(day)
        with clock.at(at(day + timedelta(days=1), 3)):
            count_nights(PLATFORM)


def told() -> list[Found]:
    return [
        (each.day, each.measure, each.route, each.kind, each.number, each.expected)
        for each in open_alerts(SYSTEM)
    ]


def usual(day: date) -> None:
    """Six messages and six papers on Mondays, as they arrive; one of each on other days."""
    number = 6 if day.weekday() == 0 else 1
    sent(number, Route.NATIONAL)
    sent(number, Route.PAPER)


def weeks(number: int, silent: Callable[[date], None]) -> date:
    """Mondays alone, as usual, and then a silent one; answers which."""
    for week in range(number):
        replay(1, usual, FIRST + timedelta(weeks=week))
        skip_to(FIRST + timedelta(weeks=week + 1))
    last = FIRST + timedelta(weeks=number)
    replay(1, silent, last)
    return last


def skip_to(day: date) -> None:
    """The days between are counted, with nothing in them."""
    with clock.at(at(day, 3)):
        count_nights(PLATFORM)


def test_a_route_from_which_nothing_leaves_is_told_of_within_one_night(empty: None) -> None:
    del empty
    silenced = weeks(4, lambda _: sent(6, Route.PAPER))
    assert told() == [
        (silenced, "arrived", "national", "letter", 0, 6.0),
        (silenced, "sent", "national", "letter", 0, 6.0),
    ]


def test_a_route_on_which_nothing_arrives_is_told_of_within_one_night(empty: None) -> None:
    """What is sent looks as ever: nobody would see it in the number of letters."""
    del empty

    def silent(_: date) -> None:
        sent(6, Route.PAPER)
        sent(6, Route.NATIONAL, arrives=False)

    silenced = weeks(4, silent)
    assert told() == [(silenced, "arrived", "national", "letter", 0, 6.0)]


def test_other_systems_that_fall_silent_are_told_of(empty: None) -> None:
    del empty

    def came(_: date) -> None:
        for _turn in range(6):
            ledger.note(uuid.uuid4().bytes, kind="EPIKRISE", fate="queued")

    for week in range(4):
        replay(1, came, FIRST + timedelta(weeks=week))
        skip_to(FIRST + timedelta(weeks=week + 1))
    silenced = FIRST + timedelta(weeks=4)
    replay(1, lambda _: None, silenced)
    assert told() == [(silenced, "received", "national", "EPIKRISE", 0, 6.0)]


def test_where_nothing_is_expected_nothing_alerts(empty: None) -> None:
    """Quiet days, a route that is seldom used, and a new installation."""
    del empty
    replay(3, usual)  # two other kinds of day, and too little history
    assert told() == []
    silenced = weeks(4, usual)
    assert told() == []
    replay(6, lambda _: None, silenced + timedelta(days=1))  # Tuesday to Sunday: one or none before
    assert told() == []


def test_a_route_that_stays_silent_goes_on_alerting_until_the_number_is_said_to_be_right(
    empty: None,
) -> None:
    del empty
    silenced = weeks(4, lambda _: sent(6, Route.PAPER))
    for week in range(1, 5):
        skip_to(silenced + timedelta(weeks=week))
        replay(1, lambda _: sent(6, Route.PAPER), silenced + timedelta(weeks=week))
    assert {day for day, *_ in told()} == {silenced + timedelta(weeks=week) for week in range(5)}
    for each in open_alerts(SYSTEM):
        close(SYSTEM, each.id, outcome="as-expected", words="Ingen mottar meldinger lenger")
    skip_to(silenced + timedelta(weeks=5))
    replay(1, lambda _: sent(6, Route.PAPER), silenced + timedelta(weeks=5))
    assert told() == []


def test_a_day_is_counted_once_however_often_the_job_runs(empty: None) -> None:
    del empty
    silenced = weeks(4, lambda _: None)
    before = told()
    with clock.at(at(silenced + timedelta(days=1), 5)):
        sent(9, Route.NATIONAL)
        count_nights(PLATFORM)
    assert told() == before != []


def test_nights_on_which_nothing_ran_are_made_up_for(empty: None) -> None:
    del empty
    replay(1, usual)
    with clock.at(at(FIRST + timedelta(days=2))):
        sent(4, Route.NATIONAL)
    with clock.at(at(FIRST + timedelta(days=5), 1)):  # before two: the fourth day is not over
        count_nights(PLATFORM)
    rows = connection().execute("select day from access.counted_day order by day").fetchall()
    assert [day for (day,) in rows] == [FIRST + timedelta(days=turn) for turn in range(4)]
    (number,) = connection().execute(
        "select number from access.volume where day = %s and measure = 'sent'",
        [FIRST + timedelta(days=2)],
    ).fetchone() or (0,)
    assert number == 4


def test_an_alert_is_open_until_somebody_says_how_it_ended(empty: None) -> None:
    del empty
    silenced = weeks(4, lambda _: sent(6, Route.PAPER))
    one, other = open_alerts(SYSTEM)
    assert one.owner == ""
    with clock.at(one.raised + timedelta(hours=25)):
        assert one.is_late
    take(SYSTEM, one.id)
    assert open_alerts(SYSTEM)[0].owner == SYSTEM.person
    for outcome, words in (("", "x"), ("mended", " "), ("never", "x")):
        with pytest.raises(BadRequest):
            close(SYSTEM, one.id, outcome=outcome, words=words)
    close(SYSTEM, one.id, outcome="mended", words="Meldingstjenesten sto")
    assert [each.id for each in open_alerts(SYSTEM)] == [other.id]
    with pytest.raises(Conflict):
        close(SYSTEM, one.id, outcome="mended", words="igjen")
    with pytest.raises(NotFound):
        take(SYSTEM, 10**9)
    assert silenced == one.day
    assert set(alerts.OUTCOMES) == {"mended", "as-expected", "handed-over"}
