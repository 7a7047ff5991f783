"""Residents made at random, who begin to use HelsaMi about both nights on which clocks change, and move, die and
turn an age: each series is what plain loops over sign-ins and Patients give.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from fellesjournal.access.readlog.times import moment_of, number_at
from fellesjournal.access.sessions import system_session
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection
from fellesjournal.leadership.figures.suppression import Rule
from fellesjournal.leadership.indicators.flattening import keep_up
from fellesjournal.leadership.indicators.he1.counting import count
from fellesjournal.leadership.indicators.he1.reading import counts, weeks_until
from fellesjournal.leadership.indicators.he1.series import Counts, ages, places
from fellesjournal.leadership.indicators.he1.views import RESIDENT
from fellesjournal.leadership.indicators.memory import Memory
from tests.leadership.indicators.brute_portal import AGES, ALL, WEEK, Rows, Use, by_week, monday
from tests.leadership.indicators.records import DAY, HOUR, lives, load
from tests.leadership.indicators.regions import MINUTE, NIGHTS, Resource, given_out
from tests.leadership.indicators.views import FLATTENER
from tests.owner import as_owner
from tests.staff import SYSTEM

COUNTER = system_session("system:count-portal-use", purpose="HOPERAT")
EVERYTHING = Rule(denominator=0, count=0)
LOOKS = (
    datetime(2022, 10, 30, 22, 59, tzinfo=UTC),  # a minute before the week of that night ends
    datetime(2022, 11, 9, 12, tzinfo=UTC), datetime(2023, 3, 26, 22, 1, tzinfo=UTC),
    datetime(2023, 4, 6, 12, tzinfo=UTC),
)  # fmt: skip
"""When the counts are kept up."""
TOWNS = ("5001", "5025", "5061", "")


class Residents:
    """Some who live about, and what they do."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.people = {f"p{n}": self.person(f"p{n}") for n in range(70)}

    def some(self, *choices: Any) -> Any:
        """One of these."""
        return self.random.choice(choices)

    def person(self, name: str) -> Resource:
        """Somebody about an age at which a group begins."""
        last = LOOKS[-1].date()
        born = (
            last.replace(year=last.year - self.some(*AGES[1:], 3, 30, 50, 95))
            + self.some(-1, 0, 1, 90) * DAY
        )
        made: Resource = {
            "resourceType": "Patient", "id": name, "birthDate": self.some(*[born.isoformat()] * 9, f"{born:%Y-%m}"),
        }  # fmt: skip
        return made | self.home(self.some(*TOWNS))

    def home(self, place: str) -> Resource:
        """Where somebody lives, with a cabin before it."""
        if not place:
            return {}
        cabin, home = (
            {**lives(of)["address"][0], "use": use}
            for of, use in (("5025", "temp"), (place, "home"))
        )
        return {"address": self.some([home], [cabin, home])}

    def changed(self) -> Iterator[Resource]:
        """Some who have moved, died, or have another record."""
        for name in self.random.sample(sorted(self.people), 12):
            more = self.some(
                *[self.home(place) for place in TOWNS], {"deceasedDateTime": LOOKS[0].isoformat()},
                {"deceasedBoolean": True}, {"active": False}, {"deceasedBoolean": False},
            )  # fmt: skip
            kept = {
                key: value
                for key, value in self.people[name].items()
                if not key.startswith("deceased")
            }
            self.people[name] = {**kept, **more}
            yield self.people[name]

    def between(self, start: datetime, end: datetime) -> datetime:
        """A moment, mostly about a Monday or a night on which clocks change, to the minute."""
        about = [night + hours * HOUR for night in NIGHTS for hours in (0, 21, 22)]
        near = [each for each in about if start < each < end] or [start + (end - start) / 2]
        found: datetime = (
            self.some(*near) + self.random.randint(-90, 90) * self.some(1, 1, 30) * MINUTE
        )
        return min(max(found, start), end - MINUTE)

    def act(self, start: datetime, end: datetime) -> Rows:
        """Sign-ins, terms and records opened in some time."""
        found = Rows([], [], [])
        for _ in range(45):
            who, when = f"Patient/{self.some(*self.people, 'gone')}", self.between(start, end)
            if self.some(1, 1, 0):
                found.terms.append((who, min(when + self.some(0, 1, 90) * MINUTE, end - MINUTE)))
            found.sign_ins.append((who, when))
        for _ in range(30):
            whose, who = self.random.sample(sorted(self.people), 2)
            self_too = self.some(who, whose, whose)
            found.opened.append((
                self.some(f"Patient/{who}", f"Patient/{who}", f"Practitioner/{who}"),
                self.some("parent", "representative", "citizen"), f"Patient/{self_too}", self.between(start, end),
            ))  # fmt: skip
        return found


def write_down(rows: Rows) -> None:
    """The rows as the platform has them; a sign-in of staff besides."""
    insert = (
        "insert into access.web_session (id, kind, person, name, provider, subject, security_level,"
        " authenticated_at, started, seen, ends) values (%s, %s, %s, '', 'idporten', %s, '4', %s, %s, %s, %s)"
    )
    for who, when in rows.sign_ins:
        for kind in ("citizen", "staff")[: 1 + (when.minute % 5 == 0)]:
            person = who if kind == "citizen" else who.replace("Patient", "Practitioner")
            connection().execute(
                insert, [uuid4(), kind, person, who, when, when, when, when + HOUR]
            )
    for who, when in rows.terms:
        connection().execute(
            "insert into access.terms_accepted values (%s, %s, %s)",
            [who, f"{when} {uuid4()}"[:60], when],
        )
    numbers = dict(connection().execute(
        "select 'Patient/' || fhir_id, rid from store.resource r where fhir_id ~ '^p[0-9]+$'"
        " and type = (select type from store.resource where fhir_id = 'p0' and not deleted limit 1)"
    ).fetchall())  # fmt: skip
    with as_owner() as database:
        for n, (who, role, whose, when) in enumerate(rows.opened):
            number = uuid4()
            database.execute(
                "insert into access.log_who values (%s, %s, %s, '', '', 'PATRQT', '')",
                [number, who, role],
            )
            database.execute(
                "insert into access.log values (%s, %s, %s, 0, 9, 0, 1, 0, %s, %s, '{}', '{}', '{}', '')",
                [
                    number_at(when) + n,
                    int(when.timestamp()),
                    number,
                    int(n % 9 == 0),
                    [numbers[whose]],
                ],
            )


def read_back() -> Rows:
    """All rows there are."""
    ask = connection().execute
    opened = ask(
        "select w.person, w.role, 'Patient/' || r.fhir_id, l.id"
        " from access.log l join access.log_who w on w.number = l.who cross join unnest(l.patients) p"
        " join store.resource r on r.rid = p where l.outcome = 0 and l.chain = 9"
    ).fetchall()
    return Rows(
        ask("select person, at from access.terms_accepted").fetchall(),
        ask("select person, started from access.web_session where kind = 'citizen'").fetchall(),
        [(who, role, whose, moment_of(number)) for who, role, whose, number in opened],
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_record")
@pytest.mark.parametrize("seed", [20221030, 20230326, pytest.param(7, marks=pytest.mark.thorough)])
def test_the_use_of_helsami_is_what_plain_loops_give(seed: int) -> None:
    with as_owner() as database:
        database.execute("truncate access.web_session, access.terms_accepted")
    made, since = Residents(seed), LOOKS[0] - 3 * WEEK
    load(made.people.values())
    use = Use(LOOKS[-1].date())
    for now in LOOKS:
        write_down(made.act(since, now))
        keep_up(FLATTENER, [RESIDENT], seconds=60)
        use.today = now.astimezone(clock.NORWAY).date()
        weeks = weeks_until(monday(now), 28)
        with clock.at(now):
            assert count(COUNTER)
            found = counts(SYSTEM, weeks)
        use.look(given_out({"Patient"}), read_back(), now)
        _same(found, use, weeks)
        load(made.changed())
        since = now
    assert use.gross(ALL, weeks[-1]) > 40
    assert min(use.represented(ALL, monday(night)) for night in NIGHTS) > 1


def _same(found: Counts, use: Use, weeks: list[date]) -> None:
    shown = places(found, weeks, Memory(), EVERYTHING)
    told = by_week(use, [each.number for each in shown], weeks)
    assert {each.number for each in shown} >= {ALL, *TOWNS}
    grown = [each for each in AGES if each >= 16]
    for each in shown:
        for week in each.weeks:
            have = {
                "gross": week.gross.value, "living": week.living.value, "active": week.active,
                "represented": week.represented,
            }  # fmt: skip
            assert have == told[each.number, week.start], (each.number, week.start)
        users, of = use.living(each.number, weeks[-1], grown), use.residents(each.number, grown)
        assert (each.rate.users, each.rate.residents) == (users, of), each.number
        for one in ages(found, each.number, weeks[-1], AGES, Memory(), EVERYTHING):
            mine, all_of = (
                use.living(each.number, weeks[-1], [one.age]),
                use.residents(each.number, [one.age]),
            )
            assert (one.rate.users, one.rate.residents) == (mine, all_of), (each.number, one.age)
            if of and all_of:
                assert one.gap is not None
                assert float(one.gap) == pytest.approx(mine / all_of - users / of), (
                    each.number,
                    one.age,
                )


def test_a_week_begins_on_monday_here_and_not_in_greenwich() -> None:
    for night, hours in zip(NIGHTS, (22, 21), strict=True):
        begins = night + hours * HOUR
        assert monday(begins) - monday(begins - timedelta(seconds=1)) == WEEK
