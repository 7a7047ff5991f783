"""A closed finding opens again by the figure it watches: once, with the figure, and by nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from psycopg import sql

from fellesjournal.access.sessions import Session, system_session
from fellesjournal.config.recurring import reopen_findings
from fellesjournal.fhir.issues import PreconditionFailed
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection
from fellesjournal.foundation.outbox.wiring import timers
from fellesjournal.leadership.decisions import recurring
from fellesjournal.leadership.decisions.findings import (
    Act,
    By,
    Finding,
    Review,
    ReviewStatus,
    Severity,
    State,
    Watch,
    answered,
    closed,
)
from fellesjournal.leadership.decisions.recurring import again, reopen
from fellesjournal.leadership.decisions.structure import REVIEWS
from fellesjournal.leadership.documents.actions import save
from fellesjournal.leadership.documents.queries import standing, versions
from fellesjournal.leadership.figures.courses import Course
from fellesjournal.leadership.figures.periods import Period, month, month_of, previous
from fellesjournal.leadership.figures.result import Definition, Figure, Status
from fellesjournal.leadership.indicators.courses import course_of, definition_now
from fellesjournal.leadership.indicators.flattening import keep_up
from fellesjournal.leadership.indicators.handovers import UNIT_SYSTEM
from fellesjournal.leadership.indicators.le1 import LE1
from tests.signing_in import put

SYSTEM = system_session("system:test", purpose="HOPERAT")
UNIT = "Organization/org-5001"
LE1_NOW = Definition("LE1", "1", "hash")
AT_80 = Watch("LE1", By.LIMIT, Fraction(4, 5), "hash")
BY_CHART = Watch("LE1", By.SIGNAL)
CLOSED = date(2026, 1, 15)
JUNE = month(2026, 6)


def _figure(period: Period, value: str | None, status: Status = Status.FINAL) -> Figure:
    return Figure(
        LE1_NOW, UNIT, period, datetime(2026, 11, 1, tzinfo=UTC), status,
        value=None if value is None else Fraction(value),
    )  # fmt: skip


def _course(*values: str | None, last: Period = JUNE, up: bool = True) -> Course:
    periods = [last]
    while len(periods) < len(values):
        periods.insert(0, previous(periods[0]))
    pairs = zip(periods, values, strict=True)
    return Course(
        [_figure(p, v, Status.FINAL if v else Status.SUPPRESSED) for p, v in pairs], up_is_better=up
    )


def test_a_month_on_the_worse_side_of_the_limit_opens_it_and_one_at_the_limit_does_not() -> None:
    assert again(AT_80, CLOSED, _course("0.9", "0.8")) is None
    found = again(AT_80, CLOSED, _course("0.79", "0.5"))
    assert found is not None
    assert (found[0].value, found[1]) == (Fraction("0.79"), Fraction(4, 5))
    less_is_better = replace(AT_80, limit=Fraction(30))
    assert again(less_is_better, CLOSED, _course("31", up=False)) is not None
    assert again(less_is_better, CLOSED, _course("30", up=False)) is None


def test_months_that_began_before_it_was_closed_say_nothing() -> None:
    assert again(AT_80, CLOSED, _course("0.1", last=month(2026, 1))) is None
    assert again(AT_80, CLOSED, _course("0.1", last=month(2026, 2))) is not None


def test_what_is_held_back_or_not_over_opens_nothing() -> None:
    assert again(AT_80, CLOSED, _course(None, None)) is None
    unfinished = Course([_figure(month(2026, 6), "0.1", Status.PROVISIONAL)], up_is_better=True)
    assert again(AT_80, CLOSED, unfinished) is None


def test_a_limit_that_was_set_for_another_definition_opens_nothing() -> None:
    assert again(replace(AT_80, definition="other"), CLOSED, _course("0.1")) is None


def test_a_signal_is_outside_the_chart_of_the_months_before_on_the_worse_side() -> None:
    steady = ["0.90", "0.91", "0.90", "0.91", "0.90", "0.91"]
    assert again(BY_CHART, CLOSED, _course(*steady, "0.89")) is None
    assert again(BY_CHART, CLOSED, _course(*steady, "0.99")) is None  # better
    found = again(BY_CHART, CLOSED, _course(*steady, "0.80"))
    assert found is not None
    assert float(found[1]) == pytest.approx(0.905 - 2.66 * 0.01)
    assert again(BY_CHART, CLOSED, _course(*steady[1:], "0.80")) is None  # too few to judge by


def test_a_rule_is_a_limit_with_a_number_or_a_signal_without_one() -> None:
    with pytest.raises(ValueError, match="limit"):
        Watch("LE1", By.LIMIT)
    with pytest.raises(ValueError, match="limit"):
        Watch("LE1", By.SIGNAL, Fraction(1))


def _closed(at: datetime, watch: Watch | None) -> Finding:
    finding = Finding("Late medicines", Severity.MAJOR, (UNIT,), indicators=("LE1",))
    said = answered(finding, text="Plan", by="Practitioner/1", at=at)
    return closed(said, evidence=("Plan 7",), by="Practitioner/2", at=at, watch=watch)


def test_only_a_figure_that_is_linked_to_it_can_be_watched() -> None:
    with pytest.raises(ValueError, match="linked"):
        _closed(datetime(2026, 1, 15, tzinfo=UTC), replace(AT_80, indicator="H4"))


@pytest.fixture
def review(db: None) -> Callable[[Watch | None], None]:
    del db

    def write(watch: Watch | None) -> None:
        at = datetime(2026, 1, 15, tzinfo=UTC)
        body = Review("Board", "", None, ReviewStatus.PUBLISHED, (_closed(at, watch),))
        save(SYSTEM.again(), REVIEWS, key="r", body=body, seen=0, reason="test")

    return write


def _always(course: Course) -> Callable[[Session, str, str, int], Course]:
    return lambda _session, _indicator, _unit, _months: course


def _finding() -> Finding:
    return standing(SYSTEM.again(), REVIEWS, "r").body.findings[0]


def test_it_opens_once_with_the_figure_in_its_trail_and_again_only_after_it_is_closed_anew(
    review: Callable[[Watch | None], None],
) -> None:
    review(AT_80)
    bad = _always(_course("0.9", "0.7"))
    for _ in range(3):
        reopen(SYSTEM.again(), bad)
    assert len(versions(SYSTEM.again(), REVIEWS, "r")) == 2
    finding = _finding()
    assert finding.state is State.REOPENED
    figure = finding.trail[-1].figure
    assert finding.trail[-1].act is Act.RECUR
    assert figure is not None
    assert (figure.indicator, figure.unit, figure.value) == ("LE1", UNIT, Fraction("0.7"))
    assert (figure.beyond, figure.starts, figure.definition) == (
        Fraction(4, 5), date(2026, 6, 1), "hash",
    )  # fmt: skip
    said = answered(finding, text="More", by="Practitioner/1", at=clock.now())
    anew = closed(said, evidence=("e",), by="Practitioner/2", at=clock.now(), watch=AT_80)
    stands = standing(SYSTEM.again(), REVIEWS, "r")
    save(
        SYSTEM.again(), REVIEWS, key="r", body=stands.body.with_findings((anew,)),
        seen=stands.version, reason="test",
    )  # fmt: skip
    reopen(SYSTEM.again(), bad)  # the month was before it was closed anew
    assert _finding().state is State.CLOSED


def test_without_a_rule_nothing_opens_by_itself(review: Callable[[Watch | None], None]) -> None:
    review(None)
    reopen(SYSTEM.again(), _always(_course("0.1")))
    assert _finding().state is State.CLOSED


def test_who_saves_in_the_same_moment_wins_and_the_next_look_finds_the_same(
    review: Callable[[Watch | None], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    review(AT_80)

    def refuse(*_: Any, **__: Any) -> None:
        raise PreconditionFailed("somebody else")

    with monkeypatch.context() as patched:
        patched.setattr(recurring, "save", refuse)
        reopen(SYSTEM.again(), _always(_course("0.1")))
    assert _finding().state is State.CLOSED
    reopen(SYSTEM.again(), _always(_course("0.1")))
    assert _finding().state is State.REOPENED


def test_it_is_a_job_of_the_clock_with_a_purpose() -> None:
    timer = timers()["reopen-findings"]
    assert (timer.purpose, timer.every) == ("HOPERAT", timedelta(days=1))
    assert timer.job is reopen_findings


def _fill(columns: Sequence[tuple[str, str]], table: str, days: int, first: date) -> None:
    ((generation,),) = connection().execute(
        "select generation from figures.flattened where view = %s and stands", [table]
    ).fetchall()  # fmt: skip
    name = sql.Identifier("figures", f"{table}~{generation}")
    connection().execute(
        sql.SQL(
            f"insert into {{}} (fj_resource, fj_patient, {', '.join(each for each, _ in columns)})"
            f" select n, n, {', '.join(value for _, value in columns)}"
            " from (select n, %(first)s::date + n %% %(days)s as d, %(at)s::bigint as at, %(unit)s::bigint as u"
            " from generate_series(1, 100) n) x"
        ).format(name),
        {
            "first": first, "days": days, "at": clock.microseconds(datetime(first.year, first.month, 2, tzinfo=UTC)),
            "unit": _number(),
        },
    )  # fmt: skip


def _number() -> int:
    ((rid,),) = connection().execute(
        "select rid from store.resource where fhir_id = 'org-5001'"
    ).fetchall()  # fmt: skip
    return int(rid)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_record")
def test_the_published_figure_of_medication_on_time_opens_it(
    review: Callable[[Watch | None], None],
) -> None:
    session = SYSTEM.again()
    put("Organization", "org-5001", name="Trondheim kommune", active=True)
    keep_up(session, [*LE1.tables, UNIT_SYSTEM], seconds=60)
    first = previous(month_of(clock.today())).start
    moment = [("planned", "at"), ("planned_day", "d")]
    _fill([("dose", "n"), ("unit", "u"), ("visit", "n"), ("state", "'done'"), *moment],
          "planned_dose", 20, first)  # fmt: skip
    late = "at + (case when n <= 60 then 0 else 7200000000 end)"
    _fill([("administration", "n"), ("visit", "n"), ("status", "'completed'"), *moment,
           ("given", late), ("given_day", "d")], "dose_given", 20, first)  # fmt: skip
    _fill([("visit", "n"), ("patient", "n"), ("unit", "u"), ("status", "'finished'"),
           ("began", "at"), ("began_day", "d")], "home_visit", 20, first)  # fmt: skip
    course = course_of(session, "LE1", UNIT, 2)
    assert course is not None
    assert [each.value for each in course.figures] == [None, Fraction(3, 5)]
    assert course_of(session, "LE1", "Organization/nobody", 2) is None
    assert course_of(session, "nothing", UNIT, 2) is None
    review(Watch("LE1", By.LIMIT, Fraction(4, 5), definition_now(session, "LE1")))
    reopen_findings(session)
    figure = _finding().trail[-1].figure
    assert figure is not None
    assert (figure.value, figure.starts) == (Fraction(3, 5), first)
