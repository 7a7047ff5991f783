"""Home care is told at each step, once, and nobody who gives her nothing is told anything."""

from __future__ import annotations

from fellesjournal.access import acts, jobs, records
from fellesjournal.care.stays import codes, events
from fellesjournal.care.stays.actions import mark_ready, take_back, withdraw_ready
from fellesjournal.care.stays.jobs import tell_admitted
from fellesjournal.care.stays.resources import Stay
from fellesjournal.config.wiring import SUBSCRIPTIONS
from fellesjournal.foundation.database.connection import transaction
from fellesjournal.foundation.outbox.events import publish
from fellesjournal.foundation.outbox.queries import waiting
from fellesjournal.foundation.outbox.worker import handle_all
from tests.care.stays.world import World, grant_home_care
from tests.staff import SYSTEM


def work() -> None:
    """Let all reactions happen that are due."""
    handle_all(jobs.call)
    assert [late for late in waiting() if late.failed] == []


def told(patient: str) -> list[tuple[str, str, str]]:
    """Kind, event of 9121 and recipient of each notice about a patient, in their order."""
    query = [("patient", f"Patient/{patient}"), ("category", f"{codes.PLO_KIND}|")]
    found = [acts.content(each) for each in records.search(SYSTEM, "Communication", query).matches]
    found.sort(key=lambda each: int(each["id"]) if each["id"].isdecimal() else each["sent"])
    return [
        (
            each["category"][0]["coding"][0]["code"],
            each["reasonCode"][0]["coding"][0]["code"],
            each["recipient"][0]["reference"],
        )
        for each in found
    ]


def ready_and_not(ward: World, stay: Stay) -> None:
    ready = mark_ready(ward.doctor, patient="anna", stay_id=stay.id).ready
    assert ready is not None
    withdraw_ready(ward.doctor, patient="anna", stay_id=stay.id, notice=ready.notice)


def test_each_step_is_told_to_the_unit_that_gives_her_services(ward: World) -> None:
    grant_home_care()
    stay = ward.admit()
    work()
    ready_and_not(ward, stay)
    work()
    mark_ready(ward.doctor, patient="anna", stay_id=stay.id)
    ward.discharge(ward.now(stay))
    work()
    assert sorted(told("anna")) == sorted(
        (kind, event, "Organization/home-care")
        for kind, event in (
            ("LOG_INNLAGT", "1"),
            ("LOG_UTSKRIVNINGSKLAR", "3"),
            ("LOG_AVMELDING", "4"),
            ("LOG_UTSKRIVNINGSKLAR", "3"),
            ("LOG_UTSKREVET", "2"),
        )
    )


def test_nobody_is_told_of_somebody_without_services(ward: World) -> None:
    ward.discharge(ward.admit())
    work()
    assert told("anna") == []


def test_notice_that_is_told_twice_is_one(ward: World) -> None:
    grant_home_care()
    stay = ward.admit()
    work()
    with transaction():
        publish(events.of_stay(events.ADMITTED, stay.patient, stay.reference))
    work()
    tell_admitted(SYSTEM, {"patient": stay.patient, "encounter": stay.reference})
    assert len(told("anna")) == 1


def test_inv_25_steps_of_a_stay_reach_each_who_reacts_in_their_order() -> None:
    """Messages are ordered by subscriber and patient: other names would part them."""
    steps = {events.ADMITTED, events.READY, events.NOT_READY, events.DISCHARGED, events.TAKEN_BACK}
    names: dict[str, set[str]] = {}
    for each in SUBSCRIPTIONS:
        if each.event in steps and (
            "homecare" in each.react.__module__ or "stays" in each.react.__module__
        ):
            names.setdefault(each.react.__module__, set()).add(each.name)
    assert [len(found) for found in names.values()] == [1, 1]


def test_inv_25_admission_that_was_a_mistake_leaves_a_review_and_no_silent_restart(
    ward: World,
) -> None:
    grant_home_care()
    stay = ward.admit()
    work()
    service, _ = acts.read(SYSTEM, "EpisodeOfCare", "anna-service")
    assert service["status"] == "onhold"
    take_back(
        ward.nurse, patient="anna", stay_id=stay.id, seen=stay.version,
        words="Skulle vært en annen pasient.",
    )  # fmt: skip
    work()
    asked = [
        ("focus", stay.reference),
        ("status", "requested"),
        ("owner", "Organization/home-care"),
    ]
    assert len(records.search(SYSTEM, "Task", asked).matches) == 1
