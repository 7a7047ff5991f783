"""Appointments booked, moved, called off, missed and kept."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import connections

from fellesjournal.access import acts, booked, records
from fellesjournal.access.citizens import citizen
from fellesjournal.access.sessions import Session
from fellesjournal.care.scheduling import actions, queries
from fellesjournal.care.scheduling.actions import InvalidState, JustTaken
from fellesjournal.care.scheduling.resources import Appointment, read_appointment
from fellesjournal.fhir.issues import FhirError, NotFound, PreconditionFailed
from fellesjournal.foundation import clock
from fellesjournal.foundation.outbox import events as outbox
from fellesjournal.store.claims import claims_of
from tests.care.scheduling.booking import NOW, body_of, gp, keep, office, times, wall
from tests.staff import SYSTEM, put, register, staff

A = "Patient/a"


@pytest.fixture
def at_seven(db: None) -> Iterator[None]:
    del db
    with clock.at(NOW):
        office()
        yield


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, str]]]:
    heard: list[tuple[str, dict[str, str]]] = []

    def hear(*events: outbox.Event) -> None:
        heard.extend((event.name, dict(event.facts)) for event in events)

    monkeypatch.setattr("fellesjournal.access.acts.publish", hear)
    return heard


def test_a_booked_time_is_free_no_more_and_stands_on_the_day_list_at_once(
    at_seven: None, told: list[Any]
) -> None:
    first = times()[0]
    made = actions.book(citizen("a"), patient=A, time=first, reason=" Vondt i kneet ")
    assert wall(times())[0] == "08:20"
    (line,) = queries.day_list(gp(), "Practitioner/d", clock.today())
    assert (line.appointment.id, line.name, line.appointment.reason) == (
        made.id,
        "A",
        "Vondt i kneet",
    )
    assert [name for name, _ in told] == ["appointment-booked"]
    assert told[0][1] == {"patient": "Patient/a", "appointment": f"Appointment/{made.id}"}


def test_a_citizen_is_offered_what_is_hers_to_book_in_an_hour_or_later(at_seven: None) -> None:
    assert wall(times()) == ["08:00", "08:20", "08:40", "09:00", "09:20", "09:40"]
    with clock.at(NOW + timedelta(minutes=30)):  # 07:30
        assert wall(times())[0] == "08:40"
    staffs = wall(times(gp()))
    assert staffs[-1] == "10:40"
    with clock.at(NOW + timedelta(hours=1, minutes=10)):
        assert wall(times(gp()))[0] == "08:20"


def test_the_second_to_come_is_told_and_offered_the_nearest(at_seven: None) -> None:
    wanted = times()[2]
    actions.book(citizen("b"), patient="Patient/b", time=wanted)
    with pytest.raises(JustTaken) as refused:
        actions.book(citizen("a"), patient=A, time=wanted)
    assert wall(refused.value.nearest)[:3] == ["08:00", "08:20", "09:00"]
    assert refused.value.status == 409
    assert queries.my_appointments(citizen("a")) == []


def test_staff_can_not_double_book_a_schedule_with_another_length_either(at_seven: None) -> None:
    """The overlap counts, not the beginning."""
    free = times()
    actions.book(citizen("a"), patient=A, time=free[0])
    keep("s", opens="08:10")  # the rules change: 08:10-08:30 meets 08:00-08:20
    assert wall(times())[0] == "08:30"
    shifted = queries.opening_at(
        gp(), queries.schedules_of(gp(), ["Practitioner/d"]), "s", "2026-11-23T08:10:00+01:00"
    )
    assert shifted is not None
    with pytest.raises(JustTaken):
        actions.book(gp(), patient="Patient/b", time=shifted)


def test_moving_frees_the_old_time_and_takes_the_new_in_one_act(
    at_seven: None, told: list[Any]
) -> None:
    day_after = times(days=3)[6:]
    made = actions.book(citizen("a"), patient=A, time=day_after[7])
    moved = actions.move(
        citizen("a"), patient=A, appointment=made.id, seen=made.version, time=day_after[8]
    )
    assert moved.starts == day_after[8].starts
    free = [each.opening.start for each in times(days=3)]
    assert day_after[7].opening.start in free
    assert day_after[8].opening.start not in free
    assert [name for name, _ in told] == ["appointment-booked", "appointment-moved"]


def test_a_move_to_a_time_that_is_taken_leaves_everything_as_it_was(at_seven: None) -> None:
    free = times(days=3)[8:]
    hers = actions.book(citizen("a"), patient=A, time=free[0])
    actions.book(citizen("b"), patient="Patient/b", time=free[1])
    with pytest.raises(JustTaken):
        actions.move(citizen("a"), patient=A, appointment=hers.id, seen=1, time=free[1])
    (stands,) = queries.my_appointments(citizen("a"))
    assert (stands.version, stands.starts) == (1, free[0].starts)


def test_calling_off_frees_the_time_and_notes_code_words_and_lateness(
    at_seven: None, told: list[Any]
) -> None:
    free = times(days=3)
    late = actions.book(citizen("a"), patient=A, time=free[0])
    early = actions.book(citizen("a"), patient=A, time=free[-1])
    for made in (late, early):
        actions.cancel(
            citizen("a"), patient=A, appointment=made.id, seen=1, code="AAI", reason="Frisk igjen"
        )
    found = {each.id: each for each in queries.my_appointments(citizen("a"))}
    assert found[late.id].is_late
    assert not found[early.id].is_late
    assert (found[late.id].outcome, found[late.id].outcome_reason) == ("AAI", "Frisk igjen")
    assert len(times(days=3)) == len(free)
    assert [name for name, _ in told][2:] == ["appointment-cancelled"] * 2


def test_the_service_calls_off_with_its_own_code(at_seven: None) -> None:
    made = actions.book(citizen("a"), patient=A, time=times()[0])
    actions.cancel(gp(), patient=A, appointment=made.id, seen=1, code="AAT", reason="Legen er syk")
    assert body_of("Appointment", made.id)["cancelationReason"]["coding"][0]["code"] == "AAT"
    with pytest.raises(FhirError):
        actions.cancel(gp(), patient=A, appointment=made.id, seen=2, code="IM")
    with pytest.raises(InvalidState):
        actions.cancel(gp(), patient=A, appointment=made.id, seen=2, code="AAT")


def test_who_does_not_come_is_noted_after_the_time_and_can_still_arrive(
    at_seven: None, told: list[Any]
) -> None:
    made = actions.book(citizen("a"), patient=A, time=times()[0])
    with pytest.raises(InvalidState):
        actions.mark_missed(gp(), patient=A, appointment=made.id, seen=1)
    with clock.at(NOW + timedelta(hours=1, minutes=15)):
        missed = actions.mark_missed(gp(), patient=A, appointment=made.id, seen=1)
        assert (missed.status, missed.outcome) == ("noshow", "IM")
        assert claims_of(body_of("Appointment", made.id)) == []
        arrived = actions.mark_arrived(gp(), patient=A, appointment=made.id, seen=2)
        assert arrived.status == "arrived"
    assert [name for name, _ in told][1:] == ["appointment-missed"]


def test_tomorrows_patient_has_not_arrived_today(at_seven: None) -> None:
    tomorrow = next(each for each in times(days=2) if each.day > clock.today())
    made = actions.book(citizen("a"), patient=A, time=tomorrow)
    with pytest.raises(InvalidState):
        actions.mark_arrived(gp(), patient=A, appointment=made.id, seen=1)
    with pytest.raises(InvalidState):
        actions.start_consultation(gp(), patient=A, appointment=made.id, seen=1)


def test_a_consultation_begins_with_an_encounter_in_progress_and_ends(at_seven: None) -> None:
    made = actions.book(citizen("a"), patient=A, time=times()[0], reason="Hoste")
    kept, encounter = actions.start_consultation(gp(), patient=A, appointment=made.id, seen=1)
    assert kept.status == "fulfilled"
    begun = body_of("Encounter", encounter)
    assert begun["status"] == "in-progress"
    assert begun["subject"] == {"reference": "Patient/a"}
    assert begun["appointment"] == [{"reference": f"Appointment/{made.id}"}]
    assert begun["participant"][0]["individual"] == {"reference": "Practitioner/d"}
    with pytest.raises(PreconditionFailed):  # clicked twice
        actions.start_consultation(gp(), patient=A, appointment=made.id, seen=1)
    actions.end_consultation(gp(), patient=A, encounter=encounter, seen=0)
    assert body_of("Encounter", encounter)["status"] == "finished"
    with pytest.raises(InvalidState):
        actions.end_consultation(gp(), patient=A, encounter=encounter, seen=0)


def test_a_consultation_begins_from_an_appointment_without_labels(at_seven: None) -> None:
    """As those of other systems: its meta says no more than its version."""
    put(
        "Appointment", "bare", status="booked", start=clock.now().isoformat(),
        end=(clock.now() + timedelta(minutes=20)).isoformat(),
        participant=[
            {"actor": {"reference": A}, "status": "accepted"},
            {"actor": {"reference": "Practitioner/d"}, "status": "accepted"},
        ],
    )  # fmt: skip
    kept, encounter = actions.start_consultation(gp(), patient=A, appointment="bare", seen=1)
    assert kept.status == "fulfilled"
    assert body_of("Encounter", encounter)["status"] == "in-progress"


def test_inv_44_an_act_about_another_patient_than_the_appointments_is_refused(
    at_seven: None,
) -> None:
    made = actions.book(citizen("a"), patient=A, time=times()[0])
    for act in (actions.mark_arrived, actions.mark_missed, actions.confirm_notice):
        with pytest.raises(NotFound):
            act(gp(), patient="Patient/b", appointment=made.id, seen=1)
    with pytest.raises(NotFound):
        actions.cancel(gp(), patient="Patient/b", appointment=made.id, seen=1, code="AAT")
    with pytest.raises(NotFound):
        actions.start_consultation(gp(), patient="Patient/b", appointment=made.id, seen=1)


def test_inv_46_of_two_who_change_one_appointment_the_second_is_told(at_seven: None) -> None:
    made = actions.book(citizen("a"), patient=A, time=times()[0])
    actions.mark_arrived(gp(), patient=A, appointment=made.id, seen=made.version)
    with pytest.raises(PreconditionFailed):
        actions.cancel(citizen("a"), patient=A, appointment=made.id, seen=made.version, code="AAI")
    assert body_of("Appointment", made.id)["status"] == "arrived"


def test_inv_51_without_its_event_nothing_is_booked(
    at_seven: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*events: outbox.Event) -> None:
        raise RuntimeError("the outbox is full")

    monkeypatch.setattr("fellesjournal.access.acts.publish", broken)
    free = times()
    with pytest.raises(RuntimeError):
        actions.book(citizen("a"), patient=A, time=free[0])
    assert wall(times()) == wall(free)


def test_inv_10_who_has_not_been_told_is_called(at_seven: None) -> None:
    """INV-10: the call list is those without confirmed notice whose day is near, no more, no less."""
    free = times(gp(), days=8)
    near = [each for each in free if (each.day - clock.today()).days <= 5]
    far = [each for each in free if (each.day - clock.today()).days > 5]
    names = [f"p{n}" for n in range(6)]
    for name in names:
        register(name, "Practitioner/d")
    spots = [near[0], near[1], near[-1], far[0], near[2], near[3]]
    knows = [False, True, False, False, False, False]
    made = [
        actions.book(gp(), patient=f"Patient/{name}", time=spot, is_told=told_of)
        for name, spot, told_of in zip(names, spots, knows, strict=True)
    ]

    def called() -> set[str]:
        found = queries.call_list(gp(), "Practitioner/d", clock.today())
        return {line.appointment.patient for line in found}

    assert called() == {"Patient/p0", "Patient/p2", "Patient/p4", "Patient/p5"}
    actions.confirm_notice(gp(), patient="Patient/p0", appointment=made[0].id, seen=1)
    actions.cancel(gp(), patient="Patient/p4", appointment=made[4].id, seen=1, code="AAT")
    actions.confirm_notice(citizen("p5"), patient="Patient/p5", appointment=made[5].id, seen=1)
    actions.move(gp(), patient="Patient/p1", appointment=made[1].id, seen=1, time=near[5], is_told=False)  # fmt: skip
    assert called() == {"Patient/p1", "Patient/p2"}


def _at_once(number: int, act: Any) -> list[Any]:
    """So many threads at one moment; what each came to."""
    ready, results = threading.Barrier(number), []

    def run(n: int) -> None:
        try:
            ready.wait()
            with clock.at(NOW):
                results.append(act(n))
        except (FhirError, JustTaken) as error:
            results.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[n]) for n in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def _living() -> list[tuple[datetime, datetime]]:
    found = records.search(SYSTEM, "Appointment", [("_count", "500")]).matches
    read = [read_appointment(acts.content(each), each.id, each.version) for each in found]
    return sorted(
        (each.starts.astimezone(UTC), each.ends.astimezone(UTC))
        for each in read
        if each.is_living and each.starts and each.ends
    )


@pytest.mark.django_db(transaction=True)
def test_of_64_who_book_one_time_at_once_one_gets_it_and_63_are_told(empty_record: None) -> None:
    del empty_record
    names = [f"p{n}" for n in range(64)]
    with clock.at(NOW):
        office()
        for name in names:
            register(name, "Practitioner/d")
        wanted = times()[1]

    def book(n: int) -> Any:
        return actions.book(citizen(names[n]), patient=f"Patient/{names[n]}", time=wanted)

    results = _at_once(64, book)
    assert sum(isinstance(each, JustTaken) for each in results) == 63
    with clock.at(NOW):
        assert len(_living()) == 1


@pytest.mark.django_db(transaction=True)
def test_no_two_living_appointments_overlap_whoever_books_and_moves_at_once(
    empty_record: None,
) -> None:
    """64 book and move at once, with two lengths of opening: what stands never overlaps."""
    del empty_record
    names = [f"p{n}" for n in range(32)]
    with clock.at(NOW):
        office()
        for name in names:
            register(name, "Practitioner/d")
        free = times(gp())
        keep("s", opens="08:10", closes="10:10")
        shifted = times(gp())
        choices = [*free, *shifted]

    def act(n: int) -> Any:
        name, session = f"Patient/{names[n % 32]}", gp()
        made = actions.book(session, patient=name, time=choices[n * 7 % len(choices)])
        return actions.move(
            session.again(), patient=name, appointment=made.id, seen=1,
            time=choices[n * 5 % len(choices)],
        )  # fmt: skip

    results = _at_once(64, act)
    assert all(isinstance(each, JustTaken | Appointment) for each in results), results
    with clock.at(NOW):
        stands = _living()
    assert stands
    for each, following in pairwise(stands):
        assert each[1] <= following[0]


@pytest.mark.django_db(transaction=True)
def test_inv_46_of_64_who_change_one_appointment_at_once_one_does(empty_record: None) -> None:
    del empty_record
    with clock.at(NOW):
        office()
        made = actions.book(gp(), patient=A, time=times(gp(), days=2)[-1])

    def act(n: int) -> Any:
        reason = f"nr {n}"
        return actions.cancel(
            gp(), patient=A, appointment=made.id, seen=1, code="AAT", reason=reason
        )

    results = _at_once(64, act)
    assert sum(isinstance(each, Appointment) for each in results) == 1
    assert sum(isinstance(each, PreconditionFailed | InvalidState) for each in results) == 63


def test_taken_time_is_known_without_seeing_whose_it_is(at_seven: None) -> None:
    actions.book(citizen("b"), patient="Patient/b", time=times()[0])
    assert queries.my_appointments(citizen("a")) == []
    assert wall(times(citizen("a")))[0] == "08:20"
    register("b")  # on nobody's list any more, and the ground of the appointment aside
    stranger: Session = staff("d")
    assert wall(times(stranger))[0] == "08:20"


def test_lateness_follows_the_limit_to_the_minute() -> None:
    starts = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    body = {
        "start": starts.isoformat(),
        "end": (starts + timedelta(minutes=20)).isoformat(),
    }
    assert not booked.is_late(body, starts - timedelta(hours=24))
    assert booked.is_late(body, starts - timedelta(hours=23, minutes=59))
