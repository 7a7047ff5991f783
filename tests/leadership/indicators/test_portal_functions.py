"""Use of HelsaMi by function: counted as a count by hand over the log, told where it tells no few."""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from fellesjournal.access.portal_functions import Function, functions_used
from fellesjournal.access.readlog.acts import Act, Outcome
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.definitions import type_number
from fellesjournal.fhir.issues import NotAllowed, NotFound
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection
from fellesjournal.leadership.figures.suppression import RULE, Cell
from fellesjournal.leadership.indicators.dialect import check
from fellesjournal.leadership.indicators.flattening import keep_up
from fellesjournal.leadership.indicators.he1.counting import count, monday
from fellesjournal.leadership.indicators.he1.counting_functions import count_functions
from fellesjournal.leadership.indicators.he1.definition import FUNCTIONS
from fellesjournal.leadership.indicators.he1.functions import SIGNED_IN, function_shares
from fellesjournal.leadership.indicators.he1.reading import counts, looked_at, weeks_until
from fellesjournal.leadership.indicators.he1.reading_functions import functions_in
from fellesjournal.leadership.indicators.he1.series import ALL
from fellesjournal.leadership.indicators.he1.views import RESIDENT
from fellesjournal.leadership.indicators.memory import Memory
from tests.leadership.indicators.test_he1 import (
    COUNTER,
    ROROS,
    TRONDHEIM,
    person,
    rid,
    signed_in,
    with_no_sign_ins,
)
from tests.leadership.indicators.views import FLATTENER
from tests.staff import SYSTEM, employ, put

RECORD = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("_record")]
BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
THIS = date(2026, 11, 16)


@pytest.fixture
def _record(empty_record: None) -> None:
    del empty_record
    with_no_sign_ins()


def line(
    who: str, act: Act, kind: str | None, *touched: int, role: str = "citizen", app: str = "",
    outcome: Outcome = Outcome.DONE, patient: int = 0,
) -> None:  # fmt: skip
    """A line of the log."""
    connection().execute(
        "select access.log_line(%s, %s, '', '', 'PATRQT', %s, %s::smallint, %s::smallint, 0, %s, %s, 0, %s::smallint)",
        [
            f"Patient/{who}", role, app, int(act), 0 if kind is None else type_number(kind),
            [patient or rid(who)], list(touched), int(outcome),
        ],
    )  # fmt: skip


def used(since: datetime = BEGINNING) -> set[tuple[int, Function]]:
    until = clock.now() + timedelta(minutes=1)
    return {(use.person, use.function) for use in functions_used(COUNTER, since, until)}


def thing(kind: str, name: str, **elements: Any) -> int:
    put(kind, name, **elements)
    return rid(name)


@pytest.fixture
def things(_record: None) -> dict[str, int]:
    """A resource of each type that a rule looks at."""
    person("kari")
    person("ola", ROROS)
    hers = {"subject": {"reference": "Patient/kari"}}
    text = {"text": "x"}
    return {
        "Observation": thing("Observation", "o", status="final", code=text, **hers),
        "List": thing("List", "l", status="current", mode="working", **hers),
        "Encounter": thing("Encounter", "e", status="finished", **{"class": {"code": "AMB"}}, **hers),
        "DocumentReference": thing(
            "DocumentReference", "d", status="current",
            content=[{"attachment": {"contentType": "text/plain", "data": "eA=="}}], **hers,
        ),
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("act", "kind", "touches", "function"),
    [
        (Act.READ, "Appointment", "", Function.APPOINTMENTS),
        (Act.POST, "Appointment", "", Function.APPOINTMENTS),
        (Act.SEARCH, "Appointment", "", None),  # the first page does so too
        (Act.READ, "Communication", "", Function.MESSAGES),
        (Act.SEARCH, "Communication", "", None),
        (Act.POST, "Communication", "", None),  # so is a wish to renew a medicine
        (Act.SEARCH, "DiagnosticReport", "Observation", Function.TEST_RESULTS),
        (Act.SEARCH, "DiagnosticReport", "", None),  # to choose what to close
        (Act.READ, "Composition", "", Function.VISIT_SUMMARIES),
        (Act.READ, "DocumentReference", "DocumentReference", Function.LETTERS),
        (Act.SEARCH, "DocumentReference", "DocumentReference", None),
        (Act.CHART, None, "List", Function.MEDICINES),
        (Act.CHART, None, "Encounter", None),  # the visits of home care
        (Act.HISTORY, "List", "", Function.MEDICINES),
        (Act.POST, "ServiceRequest", "", Function.APPLICATIONS),
        (Act.SEARCH, "ServiceRequest", "", None),
        (Act.SEARCH, "RelatedPerson", "", Function.OWN_DATA),
        (Act.PUT, "Patient", "", Function.OWN_DATA),
        (Act.READ, "Patient", "", None),  # so does the form of an application
        (Act.SEARCH, "AuditEvent", "", None),
    ],
)
def test_a_line_tells_a_function_or_none(
    things: dict[str, int], act: Act, kind: str | None, touches: str, function: Function | None
) -> None:
    line("kari", act, kind, *([things[touches]] if touches else []))
    assert used() == ({(rid("kari"), function)} if function else set())


@pytest.mark.django_db(transaction=True)
def test_a_document_that_was_first_looked_for_as_a_note_is_no_letter(
    things: dict[str, int],
) -> None:
    line("kari", Act.READ, "Composition", 0, outcome=Outcome.REFUSED)
    line("kari", Act.READ, "DocumentReference", things["DocumentReference"])
    line("kari", Act.READ, "DocumentReference", things["DocumentReference"])  # to correct it
    assert used() == {(rid("kari"), Function.VISIT_SUMMARIES)}


@pytest.mark.django_db(transaction=True)
def test_what_was_refused_done_by_an_app_or_by_staff_counts_nowhere(
    things: dict[str, int],
) -> None:
    line("kari", Act.HISTORY, "List", things["List"], outcome=Outcome.REFUSED)
    line("kari", Act.HISTORY, "List", things["List"], app="an-app")
    line("kari", Act.HISTORY, "List", things["List"], role="gp")
    assert {function for _, function in used()} <= {Function.REPRESENTING}
    assert used() == set()


@pytest.mark.django_db(transaction=True)
def test_who_opens_the_record_of_another_represents_and_nothing_else(
    things: dict[str, int],
) -> None:
    line("ola", Act.CHART, None, things["List"], role="parent", patient=rid("kari"))
    line("ola", Act.READ, "Patient", role="parent", patient=rid("ola"))  # her own, meanwhile
    assert used() == {(rid("ola"), Function.REPRESENTING)}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_record")
def test_nobody_but_the_platform_asks_and_only_who_sees_figures_reads() -> None:
    doctor = employ("d")
    with pytest.raises(NotAllowed, match="signed in"):
        functions_used(doctor, BEGINNING, clock.now())
    with pytest.raises(NotFound):
        functions_in(doctor, (), THIS, clock.now())


RULES_BY_HAND = {
    ("Appointment", Act.READ): Function.APPOINTMENTS, ("Communication", Act.READ): Function.MESSAGES,
    ("Composition", Act.READ): Function.VISIT_SUMMARIES, ("List", Act.HISTORY): Function.MEDICINES,
    ("ServiceRequest", Act.POST): Function.APPLICATIONS, ("RelatedPerson", Act.SEARCH): Function.OWN_DATA,
}  # fmt: skip
OTHERS = [("Appointment", Act.SEARCH), ("Patient", Act.READ), ("Communication", Act.POST)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_record")
def test_the_counts_are_those_of_a_count_by_hand_over_the_log_however_often_it_runs() -> None:
    chance = random.Random(7)
    where = {}
    now = clock.now()
    for n in range(40):
        where[f"p{n}"] = chance.choice([TRONDHEIM, ROROS])
        person(f"p{n}", where[f"p{n}"])
        if n % 8:  # the others use it without having signed in this week
            signed_in(f"p{n}", now - timedelta(minutes=5))
    keep_up(FLATTENER, [RESIDENT], seconds=60)
    by_hand: dict[tuple[str, str], set[str]] = defaultdict(set)
    for name, place in where.items():
        if int(name[1:]) % 8:
            by_hand[place, SIGNED_IN].add(name)
    lines = [
        (f"p{chance.randrange(40)}", *chance.choice([*RULES_BY_HAND, *OTHERS])) for _ in range(300)
    ]
    for n, (name, kind, act) in enumerate(lines):
        line(name, act, kind)
        function = RULES_BY_HAND.get((kind, act))
        if function and int(name[1:]) % 8:
            by_hand[where[name], function].add(name)
        if n % 100 == 50:
            count(COUNTER)
    for _ in range(2):
        count(COUNTER)
        week = monday(clock.now())
        rows = connection().execute(FUNCTIONS, {"last": week}).fetchall()
        found = {(place, function): users for place, function, users in rows}
        assert found == {key: len(names) for key, names in by_hand.items()}
    shown = _page(week)
    for place in (TRONDHEIM, ROROS):
        every = len(by_hand[place, SIGNED_IN])
        for each in shown[place]:
            users = len(by_hand[place, each.function])
            told = (None, None) if RULE.is_small(Cell(users, every)) else (users, every)
            assert (each.users, each.signed_in) == told, each


def _page(week: date, session: Session = SYSTEM) -> Any:
    weeks = weeks_until(week, 2)
    found, _ = looked_at(session, counts(session, weeks), weeks)
    return functions_in(session, found, week, clock.now() - timedelta(minutes=1))


@pytest.mark.django_db(transaction=True)
def test_a_run_that_stops_is_made_good_and_each_week_has_its_own(things: dict[str, int]) -> None:
    line("kari", Act.HISTORY, "List", things["List"])
    until = clock.now() + timedelta(minutes=1)
    rows = "select week, function, patient from figures.portal_function"
    runs = 1
    while not count_functions(COUNTER, until, seconds=0):  # a week in each run
        runs += 1
        assert connection().execute(rows).fetchall() == [] or runs > 50
    assert runs > 50
    told = [(monday(clock.now()), str(Function.MEDICINES), rid("kari"))]
    assert connection().execute(rows).fetchall() == told
    later = until + timedelta(days=8)
    assert count_functions(COUNTER, later)
    assert connection().execute(rows).fetchall() == told
    assert count_functions(COUNTER, until + timedelta(days=380))  # kept as long as sessions are
    assert connection().execute(rows).fetchall() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_record")
def test_nothing_is_shown_of_a_week_that_is_not_counted_yet() -> None:
    person("kari")
    keep_up(FLATTENER, [RESIDENT], seconds=60)
    now = clock.now()
    assert not count_functions(COUNTER, now, seconds=0)
    weeks = weeks_until(monday(now), 2)
    found, _ = looked_at(SYSTEM, counts(SYSTEM, weeks), weeks)
    assert functions_in(SYSTEM, found, weeks[-1], now) is None
    assert count_functions(COUNTER, now)
    assert functions_in(SYSTEM, found, weeks[-1], now) is not None


def test_the_statement_is_written_in_the_dialect() -> None:
    check(FUNCTIONS)


def _letters(
    counted: dict[tuple[str, str], int], told: dict[str, int | None], memory: Memory
) -> Any:
    found = function_shares(counted, told, THIS, memory)
    at = list(Function).index(Function.LETTERS)
    return {place: shares[at] for place, shares in found.items()}


def _counted(letters: int, signed: int, place: str = TRONDHEIM) -> dict[tuple[str, str], int]:
    return {(place, SIGNED_IN): signed, (place, Function.LETTERS): letters}


def test_a_share_stands_where_it_tells_no_few() -> None:
    for letters, signed, is_told in ((8, 20, True), (0, 20, True), (20, 20, True), (3, 20, False),
                                     (17, 20, False), (0, 4, False)):  # fmt: skip
        found = _letters(_counted(letters, signed), {TRONDHEIM: signed}, Memory())[TRONDHEIM]
        assert (found.users is not None) is is_told, (letters, signed)


def test_beside_a_number_that_is_held_back_or_stands_as_before_there_is_no_new_share() -> None:
    for told in (None, 18):
        assert _letters(_counted(8, 20), {TRONDHEIM: told}, Memory())[TRONDHEIM].users is None
    memory = Memory()
    _letters(_counted(8, 20), {TRONDHEIM: 20}, memory)
    later = _letters(_counted(14, 23), {TRONDHEIM: 20}, memory.after())[TRONDHEIM]
    assert (later.users, later.signed_in, later.is_carried) == (8, 20, True)


def test_a_share_moves_when_users_and_others_have_moved_by_five() -> None:
    memory = Memory()
    _letters(_counted(8, 20), {TRONDHEIM: 20}, memory)
    for letters, signed, is_new in ((9, 25, False), (8, 26, True), (13, 26, False), (14, 31, True)):
        found = _letters(_counted(letters, signed), {TRONDHEIM: signed}, memory.after())[TRONDHEIM]
        assert found.is_carried is not is_new, (letters, signed)


def test_all_places_are_the_sum_of_what_is_told_of_each() -> None:
    counted = {**_counted(8, 20), **_counted(3, 40, ROROS)}
    found = _letters(counted, {TRONDHEIM: 20, ROROS: 40}, Memory())
    assert found[ROROS].users is None
    assert (found[ALL].users, found[ALL].signed_in, found[ALL].is_carried) == (8, 20, True)


def test_no_two_looks_leave_only_one_way_it_can_have_been_for_a_few() -> None:
    """Every history of a small place over two looks: what is seen never leaves one small count or step."""
    seen: dict[object, set[tuple[int, int, int, int]]] = defaultdict(set)
    sizes = range(15)
    for signed, later in itertools.combinations_with_replacement(sizes, 2):
        for users, then in itertools.product(range(signed + 1), range(later + 1)):
            if then < users or then - users > later:
                continue
            memory, looks = Memory(), []
            told: int | None = None
            for now, of in ((users, signed), (then, later)):
                # as HE1 shows who signed in: few are held back, a step of a few is not told
                moves = told is None or abs(of - told) >= RULE.count
                told = of if moves and not 0 < of < RULE.count else told
                share = _letters(_counted(now, of), {TRONDHEIM: told}, memory)[TRONDHEIM]
                looks.append((told, share.users, share.signed_in))
                memory = memory.after()
            seen[tuple(looks)].add((users, signed, then, later))
    assert len(seen) > 100
    for output, ways in seen.items():
        for small in (
            {users for users, _, _, _ in ways},
            {then for _, _, then, _ in ways},
            {signed - users for users, signed, _, _ in ways},
            {then - users for users, _, then, _ in ways},
        ):
            assert len(small) > 1 or not 0 < next(iter(small)) < RULE.count, (output, ways)
