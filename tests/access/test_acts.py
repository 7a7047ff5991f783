"""An act: its resources, their log line and its events stand or fall together (INV-51)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import pytest

from fellesjournal.access.acts import DoneBefore, act, change, create, read
from fellesjournal.access.once import RefusedBefore, refuse_form
from fellesjournal.fhir.issues import PreconditionFailed, Unprocessable
from fellesjournal.foundation.database.connection import connection
from fellesjournal.foundation.outbox.events import Event
from fellesjournal.foundation.outbox.wiring import Subscription
from fellesjournal.store.read import Stored
from tests.staff import SYSTEM, employ, put, register

PROBLEM = {
    "resourceType": "Condition",
    "subject": {"reference": "Patient/a"},
    "code": {"text": "K86 Hypertensjon"},
}


@pytest.fixture(autouse=True)
def wired(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody reacts, so that messages are left."""
    del db
    found = {"problem-noted": [Subscription("problem-noted", "x", print, "HOPERAT")]}
    monkeypatch.setattr("fellesjournal.foundation.outbox.events.subscriptions", lambda: found)
    put("Patient", "a")


def _noted(stood: Sequence[Stored]) -> Iterator[Event]:
    for each in stood:
        yield Event("problem-noted", "Patient/a", {"problem": each.id})


def _counts() -> tuple[int, int, int]:
    row = (
        connection()
        .execute(
            "select (select count(*) from store.version), (select count(*) from access.log),"
            " (select count(*) from outbox.message)"
        )
        .fetchone()
    )
    assert row is not None
    return row


def test_an_act_leaves_version_log_line_and_message() -> None:
    versions, lines, messages = _counts()
    (stood,) = act(SYSTEM, [create(PROBLEM)], _noted)
    assert _counts() == (versions + 1, lines + 1, messages + 1)
    payload = (
        connection()
        .execute("select payload ->> 'problem' from outbox.message where event = 'problem-noted'")
        .fetchone()
    )
    assert payload == (stood.id,)


def test_a_refused_act_leaves_nothing() -> None:
    before = _counts()
    with pytest.raises(Unprocessable):
        act(SYSTEM, [create(PROBLEM), create({**PROBLEM, "onsetDateTime": "soon"})], _noted)
    assert _counts() == before


def test_events_that_can_not_be_told_undo_the_act() -> None:
    before = _counts()

    def tell(_stood: object) -> list[Event]:
        raise LookupError

    with pytest.raises(LookupError):
        act(SYSTEM, [create(PROBLEM)], tell)
    assert _counts() == before


def test_an_act_on_what_stands_no_more_is_refused() -> None:
    (made,) = act(SYSTEM, [create(PROBLEM)])
    data, seen = read(SYSTEM, "Condition", made.id)
    act(SYSTEM, [change({**data, "note": [{"text": "first"}]}, seen=seen)])
    with pytest.raises(PreconditionFailed):
        act(SYSTEM, [change({**data, "note": [{"text": "second"}]}, seen=seen)])
    assert read(SYSTEM, "Condition", made.id)[0]["note"] == [{"text": "first"}]


def test_a_change_leaves_the_digits_of_what_it_does_not_touch() -> None:
    put("Observation", "o", status="final", code={"text": "x"}, subject={"reference": "Patient/a"})
    data, seen = read(SYSTEM, "Observation", "o")
    data["valueQuantity"] = {"value": Decimal("1.00"), "unit": "mg"}
    act(SYSTEM, [change(data, seen=seen)])
    data, seen = read(SYSTEM, "Observation", "o")
    (stood,) = act(SYSTEM, [change({**data, "note": [{"text": "seen"}]}, seen=seen)])
    assert stood.body is not None
    assert b'"value":1.00' in stood.body


def test_inv_8_a_form_that_is_sent_again_does_nothing_again() -> None:
    act(SYSTEM, [create(PROBLEM)], _noted, form="one")
    before = _counts()
    with pytest.raises(DoneBefore):
        act(SYSTEM, [create(PROBLEM)], _noted, form="one")
    assert _counts() == before
    act(SYSTEM, [create(PROBLEM)], _noted, form="another")


def test_inv_8_a_late_copy_of_a_refused_form_is_not_carried_out() -> None:
    with pytest.raises(Unprocessable):
        act(SYSTEM, [create({**PROBLEM, "nonsense": 1})], form="one")
    before = _counts()
    with pytest.raises(RefusedBefore):
        act(SYSTEM, [create(PROBLEM)], _noted, form="one")
    assert _counts() == before


def test_a_form_that_a_page_refused_is_not_carried_out_by_a_late_copy() -> None:
    refuse_form(SYSTEM, "one")
    refuse_form(SYSTEM, "one")  # its copy is refused as well
    with pytest.raises(RefusedBefore):
        act(SYSTEM, [create(PROBLEM)], form="one")


def test_a_form_that_was_carried_out_stays_so_when_a_copy_is_refused() -> None:
    act(SYSTEM, [create(PROBLEM)], form="one")
    with pytest.raises(DoneBefore):
        refuse_form(SYSTEM, "one")
    with pytest.raises(DoneBefore):
        act(SYSTEM, [create(PROBLEM)], form="one")


def test_nobody_uses_up_the_form_of_another() -> None:
    gp, other = employ("gp"), employ("other")
    register("kari", "Practitioner/gp", "Practitioner/other")
    hers = {**PROBLEM, "subject": {"reference": "Patient/kari"}}
    act(gp, [create(hers)], form="one")
    (stood,) = act(other, [create(hers)], form="one")
    assert stood.version == 1
