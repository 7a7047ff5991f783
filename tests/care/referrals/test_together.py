"""What must hold beyond one act: INV-51, INV-43, INV-12 when records are merged."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from fellesjournal.access import acts, records
from fellesjournal.access.merging import merge
from fellesjournal.care.referrals import codes
from fellesjournal.care.referrals.actions import (
    accept_referral,
    change_referral,
    reject_referral,
    send_referral,
)
from fellesjournal.care.referrals.actions.case import search_all
from fellesjournal.care.referrals.queries import worklist
from fellesjournal.care.referrals.resources import Content, read_referral
from fellesjournal.care.referrals.states import State
from fellesjournal.foundation.outbox.events import Event
from tests.care.referrals.world import (
    CARE_BY,
    KNEE,
    ORTHO,
    World,
    notices,
    seen,
    stands,
    tasks,
)
from tests.staff import SYSTEM, put

ARTICLES = ("ServiceRequest", "Task", "Communication")


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """The events that were published."""
    found: list[Event] = []
    monkeypatch.setattr(acts, "publish", lambda *events: found.extend(events))
    return found


def everything() -> dict[str, int]:
    """How many of each there are."""
    return {kind: len(search_all(SYSTEM, kind, [])) for kind in ARTICLES}


def test_inv_51_nothing_is_written_when_the_event_is_not(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_events: Event) -> None:
        raise RuntimeError("the outbox is gone")

    sent = world.sent()
    before, stood = everything(), seen(sent)
    monkeypatch.setattr(acts, "publish", lost)
    with pytest.raises(RuntimeError):
        send_referral(world.gp, patient="Patient/kari", content=KNEE, receiver=ORTHO)
    with pytest.raises(RuntimeError):
        reject_referral(world.doctor, referral_id=sent, seen=stood, reason="No")
    assert everything() == before
    assert seen(sent) == stood


def test_each_decision_is_told_with_the_notices_that_go_with_it(
    world: World, told: list[Event]
) -> None:
    sent = world.sent()
    accept_referral(world.doctor, referral_id=sent, seen=seen(sent), outcome="2", care_by=CARE_BY,
                    urgency="routine")  # fmt: skip
    assert [each.name for each in told] == ["referral-sent", "referral-accepted"]
    assert {each.about for each in told} == {"Patient/kari"}
    facts: dict[str, Any] = dict(told[1].facts)
    assert facts["referral"] == f"ServiceRequest/{sent}"
    assert facts["task"] == f"Task/{stands(sent).work.id}"
    ids = {each["recipient"][0]["reference"]: f"Communication/{each['id']}" for each in notices()}
    assert facts["to-patient"] == ids["Patient/kari"]
    assert facts["to-referrer"] == ids["Organization/gp-office"]


def test_events_carry_ids_and_nothing_clinical(world: World, told: list[Event]) -> None:
    sent = world.sent()
    reject_referral(world.doctor, referral_id=sent, seen=seen(sent), reason="Try exercise first")
    said = orjson.dumps([dict(each.facts) for each in told]).decode()
    for kept in ("knee", "Osteoarthritis", "exercise", "Nesvoll"):
        assert kept not in said


def test_inv_43_what_was_sent_stays_readable_after_a_change(world: World) -> None:
    sent = world.sent()
    changed = Content(what="Assessment of the hip", diagnosis="Hip pain")
    change_referral(world.gp, referral_id=sent, seen=seen(sent), content=changed)
    first = records.read_version(world.gp, "ServiceRequest", sent, 1)
    assert read_referral(orjson.loads(first.body or b"{}"), 1).content == KNEE
    assert stands(sent).referral.content == changed


def test_inv_12_a_waiting_patient_whose_records_are_merged_waits_on(world: World) -> None:
    sent = world.waiting()
    put("Patient", "kari-2", name=[{"family": "Nesvoll"}])
    merge(SYSTEM, "kari", "kari-2", "One person")
    world.again()
    (row,) = worklist(world.secretary).waiting
    assert (row.work.referral, row.work.patient) == (sent, "Patient/kari-2")
    assert stands(sent).referral.state is State.WAITING


def test_the_count_on_the_list_is_that_of_its_query(world: World) -> None:
    for _ in range(3):
        world.sent()
    world.waiting()
    found = worklist(world.secretary)
    query = [("owner", "Organization/office"), ("_total", "accurate"), ("_count", "1"),
             ("code", f"{codes.TASK_CODE}|{codes.REFERRAL_TASK}"),
             ("business-status", f"{codes.STATE}|to-assess,{codes.STATE}|asked")]  # fmt: skip
    assert records.search(world.secretary, "Task", query).total == len(found.to_assess) == 3
    assert len(found.waiting) == 1
    assert len(tasks(codes.REFERRAL_TASK)) == 4
