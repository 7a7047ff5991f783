"""MB1, messages from citizens answered by the day that was promised."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from fellesjournal.access.conversing import ANSWER_MESSAGE
from fellesjournal.access.relations.derive import ANSWERING_UNIT, TASK_SYSTEM
from fellesjournal.care.conversations.resources import Outcome
from fellesjournal.care.conversations.tasks import asked_again, done
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection
from fellesjournal.leadership.figures.periods import month
from fellesjournal.leadership.figures.suppression import Rule
from fellesjournal.leadership.indicators.flattening import keep_up
from fellesjournal.leadership.indicators.mb1 import MB1
from fellesjournal.leadership.indicators.measuring import Group, Measured, measured
from tests.leadership.indicators.views import FLATTENER
from tests.staff import put, register

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_record")]

ASKED = datetime(2022, 5, 4, 8, 0, tzinfo=UTC)
DUE = datetime(2022, 5, 11, 22, 0, tzinfo=UTC)
LATER = datetime(2030, 1, 1, tzinfo=UTC)
NURSE = {"reference": "Practitioner/nurse"}


@pytest.fixture(autouse=True)
def unit() -> None:
    """Who owes answers."""
    put("Organization", "u", name="u")
    register("kari")


def question(name: str, *, asked: datetime = ASKED, answered: datetime | None = None,
             is_dated: bool = True, again: datetime | None = None) -> None:  # fmt: skip
    """A Task as care/conversations writes it, for what was asked and perhaps answered."""
    task = {
        "status": "requested", "intent": "order",
        "code": {"coding": [{"system": TASK_SYSTEM, "code": ANSWER_MESSAGE}]},
        "extension": [{"url": ANSWERING_UNIT, "valueReference": {"reference": "Organization/u"}}],
        "for": {"reference": "Patient/kari"}, "owner": {"reference": "Organization/u"},
        "restriction": {"period": {"start": asked.isoformat(), "end": DUE.isoformat()}},
    }  # fmt: skip
    if answered is not None:
        with clock.at(answered):
            task = done(task, Outcome.ANSWERED, "", NURSE)
    if not is_dated:
        del task["executionPeriod"]
    if again is not None:
        task = asked_again(task, "m2", again, again + timedelta(days=7))
    put("Task", name, **task)


def found(cut: datetime = LATER) -> Measured:
    """The figure of May 2022."""
    keep_up(FLATTENER, MB1.tables, seconds=60)
    row = connection().execute("select rid from store.resource where fhir_id = 'u'").fetchone()
    assert row is not None
    group = Group(1, "u", (row[0],))
    rule = Rule(denominator=0, count=0)
    return measured(connection(), MB1, month(2022, 5), [group], cut=cut, rule=rule)["u"]


def test_by_the_last_second_is_in_time_and_a_second_later_is_not() -> None:
    question("a", answered=DUE)
    question("b", answered=DUE + timedelta(seconds=1))
    figure = found().figure
    assert figure.numerator == 1
    assert figure.denominator == 2


def test_what_is_not_answered_counts_once_its_day_is_over_and_is_told_until_then() -> None:
    question("a", answered=ASKED + timedelta(hours=30))
    question("b")
    before, after = found(DUE - timedelta(seconds=1)), found(DUE)
    assert before.figure.value == 1
    assert before.figure.excluded == {"waiting": 1}
    assert after.figure.value == Fraction(1, 2)
    assert after.figure.excluded == {}
    assert {each.key: each.value for each in after.companions} == {
        "unanswered": Fraction(1, 2), "hours": 30,
    }  # fmt: skip


def test_a_new_question_takes_the_place_of_the_one_answered_before() -> None:
    question("a", answered=ASKED + timedelta(hours=1), again=ASKED + timedelta(days=2))
    assert found(ASKED + timedelta(days=3)).figure.excluded == {"waiting": 1}
    assert found().figure.value == 0


def test_an_answer_whose_time_is_not_recorded_is_left_out_and_counted() -> None:
    question("a", answered=ASKED, is_dated=False)
    figure = found().figure
    assert figure.denominator is None
    assert figure.excluded == {"undated": 1}


def test_an_answer_after_the_cut_is_not_known_yet() -> None:
    question("a", answered=ASKED + timedelta(days=2))
    assert found(ASKED + timedelta(days=1)).figure.excluded == {"waiting": 1}
