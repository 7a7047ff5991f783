"""INV-1, INV-43: people and apps with a ground to the patient try to forge letters and arrivals."""

from __future__ import annotations

import base64
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from fellesjournal.access import acts
from fellesjournal.access.sessions import Session
from fellesjournal.access.writing import Operation, write
from fellesjournal.care.messages import actions, inside, queries
from fellesjournal.care.messages.letters import Letter
from fellesjournal.care.messages.states import State
from fellesjournal.fhir.issues import Conflict, FhirError, NotAllowed, NotFound
from fellesjournal.foundation import clock
from tests.care.messages.test_deliveries import send, work
from tests.staff import SYSTEM, employ

Json = dict[str, Any]


def attachment(data: Json) -> Json:
    found: Json = data["content"][0]["attachment"]
    return found


FORGED: dict[str, Callable[[Json], object]] = {
    "other words": lambda data: attachment(data).update(data=base64.b64encode(b"Nei").decode()),
    "another author": lambda data: data.update(author=[{"reference": "Practitioner/nurse"}]),
    "another patient": lambda data: data.update(subject={"reference": "Patient/bo"}),
    "a draft again": lambda data: data.update(docStatus="preliminary"),
    "no words": lambda data: data["content"].pop(),
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_inv_43_a_sent_letter_is_not_changed_nor_deleted(
    gp: Session, letter: Letter, forge: Callable[[Json], object]
) -> None:
    (made,) = send(gp, letter, "Patient/anna")
    key = made.document.partition("/")[2]
    standing, version = acts.read(SYSTEM, "DocumentReference", key)
    wanted = deepcopy(standing)
    forge(wanted)
    with pytest.raises(Conflict):
        acts.act(gp, [acts.change(wanted, seen=version)])
    with pytest.raises(Conflict):
        write(gp, [Operation("delete", "DocumentReference", id=key)])
    assert acts.read(SYSTEM, "DocumentReference", key) == (standing, version)


def test_a_sent_letter_may_be_said_to_be_superseded(gp: Session, letter: Letter) -> None:
    (made,) = send(gp, letter, "Patient/anna")
    data, version = acts.read(gp, "DocumentReference", made.document.partition("/")[2])
    acts.act(gp, [acts.change({**data, "status": "superseded"}, seen=version)])


def arrived(data: Json) -> None:
    data["status"] = "completed"
    data["businessStatus"]["coding"][0]["code"] = "accepted"


def proved(data: Json) -> None:
    arrived(data)
    kind = deepcopy(data["businessStatus"])
    data["output"] = [*data.get("output", ()), {"type": kind, "valueString": "2026 AppRec 1"}]


def other_work(data: Json) -> None:
    data["code"] = {"text": "noe annet"}


def to_another(data: Json) -> None:
    data["restriction"]["recipient"] = [{"reference": "Organization/office"}]


@pytest.mark.parametrize("forge", [arrived, proved, other_work, to_another])
@pytest.mark.parametrize("to", ["Organization/far", "Organization/ward", "Patient/anna"])
def test_inv_1_nobody_writes_by_hand_that_it_arrived(
    gp: Session, letter: Letter, forge: Callable[[Json], None], to: str
) -> None:
    (made,) = send(gp, letter, to)
    work()
    standing, version = acts.read(SYSTEM, "Task", made.id)
    wanted = deepcopy(standing)
    forge(wanted)
    with pytest.raises((Conflict, NotAllowed)):
        acts.act(gp, [acts.change(wanted, seen=version)])
    fresh = {k: v for k, v in wanted.items() if k not in {"id", "identifier", "meta"}}
    if forge is not other_work and wanted["status"] == "completed":
        with pytest.raises(NotAllowed):
            acts.act(gp, [acts.create(fresh)])
    assert acts.read(SYSTEM, "Task", made.id) == (standing, version)


def test_inv_1_reading_other_work_is_no_evidence(gp: Session, letter: Letter) -> None:
    (made,) = send(gp, letter, "Organization/far")
    actions.prove(SYSTEM, made.id, State.REJECTED, "AppRec 1")
    work()
    (task,) = queries.follow_ups(gp, "Organization/office")
    for each in (task["id"], made.id):
        with pytest.raises(NotFound):
            inside.acknowledge(gp, each)
    with pytest.raises(NotFound):
        actions.post(gp, task["id"])
    work()
    assert queries.delivery_by(SYSTEM, f"Task/{made.id}").state is State.REJECTED
    assert len(queries.follow_ups(gp, "Organization/office")) == 1


def test_inv_1_the_sender_does_not_read_what_came_to_another_unit(
    gp: Session, letter: Letter
) -> None:
    (made,) = send(gp, letter, "Organization/ward")
    work()
    ward = employ("nurse", "nurse", "ward")
    (task,) = queries.received(ward, "Organization/ward")
    with pytest.raises(NotFound):
        inside.acknowledge(gp, task["id"])
    data, version = acts.read(gp, "Task", task["id"])
    with pytest.raises(NotAllowed):
        acts.act(gp, [acts.change({**data, "status": "completed"}, seen=version)])
    fresh = {k: v for k, v in data.items() if k not in {"id", "identifier", "meta"}}
    with pytest.raises(NotAllowed):
        acts.act(gp, [acts.create({**fresh, "owner": {"reference": gp.unit}})])
    inside.acknowledge(ward, task["id"])
    work()
    assert queries.delivery_by(SYSTEM, f"Task/{made.id}").state is State.ACCEPTED


def test_what_another_unit_has_to_post_or_to_take_up_is_not_ours(
    gp: Session, letter: Letter
) -> None:
    (made,) = send(gp, letter, "Patient/anna")
    work()
    assert made.deadline is not None
    with clock.at(made.deadline):
        work()
    (paper,) = queries.to_print(gp, "Organization/office")
    stranger = employ("d2", "doctor", "ward")
    with pytest.raises(FhirError):
        actions.post(stranger, paper.id)
    actions.post(gp, paper.id)
    assert queries.delivery_by(SYSTEM, f"Task/{paper.id}").state is State.POSTED
