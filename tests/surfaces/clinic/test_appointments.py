"""The GP's day list, and a patient's appointments in the clinic."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from fellesjournal.access import records
from fellesjournal.access.citizens import citizen
from fellesjournal.care.scheduling import actions
from fellesjournal.care.scheduling.queries import FreeTime, free_times, schedules_of
from fellesjournal.care.scheduling.resources import Appointment
from fellesjournal.foundation import clock
from tests.care.scheduling.booking import NOW, body_of, keep
from tests.signing_in import ASLAUG, GP, register, staff_client
from tests.staff import SYSTEM
from tests.staff import register as put_patient

ME = f"Practitioner/{GP.id}"
PATIENT = f"Patient/{ASLAUG.id}"


@pytest.fixture
def desk(db: None) -> Iterator[Client]:
    del db
    with clock.at(NOW):
        client = staff_client()
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        keep("s", GP.id)
        register(generalPractitioner=[{"reference": ME}], birthDate="1944-03-14")
        put_patient("b", ME, name=[{"family": "Bakken"}])
        yield client


def free(days: int = 1) -> list[FreeTime]:
    schedules = schedules_of(SYSTEM, [ME])
    return free_times(SYSTEM, schedules, clock.today(), days)


def booked(patient: str = PATIENT, n: int = 0, **more: Any) -> Appointment:
    return actions.book(SYSTEM, patient=patient, time=free()[n], **more)


def act(desk: Client, made: Appointment, do: str, **sent: Any) -> Any:
    patient = made.patient.removeprefix("Patient/")
    address = reverse("appointment-act", args=[sent.pop("at", patient), made.id])
    return desk.post(
        address,
        {"patient": patient, "version": made.version, "do": do, "from": "2026-11-23", **sent},
    )


def page(desk: Client, name: str, *args: str, **query: str) -> str:
    answer = desk.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_days_patients_stand_in_order_with_what_they_come_for(desk: Client) -> None:
    booked(n=2, reason="Hoste")
    booked("Patient/b", n=0)
    shown = page(desk, "day-list")
    assert (
        shown.index("08:00") < shown.index("Bakken") < shown.index("08:40") < shown.index("Hoste")
    )
    assert ASLAUG.family in shown
    assert "2 patients" in shown


def test_what_a_citizen_books_moves_and_calls_off_is_on_the_list_at_the_next_look(
    desk: Client,
) -> None:
    session = citizen(ASLAUG.id)
    later = [each for each in free(3) if (each.day - clock.today()).days == 2]
    made = actions.book(session, patient=PATIENT, time=later[0], reason="Kne")
    assert "Kne" in page(desk, "day-list", day=str(later[0].day))
    assert "The next with patients:" in page(desk, "day-list")
    actions.move(session.again(), patient=PATIENT, appointment=made.id, seen=1, time=later[3])
    assert "09:00" in page(desk, "day-list", day=str(later[0].day))
    actions.cancel(
        session.again(), patient=PATIENT, appointment=made.id, seen=2, code="AAI", reason="Frisk"
    )
    shown = page(desk, "day-list", day=str(later[0].day))
    assert "cancelled by the patient: Frisk" in shown
    assert "Nobody is booked this day" in shown


def test_start_opens_the_chart_with_a_contact_under_way_and_end_ends_it(desk: Client) -> None:
    made = booked()
    answer = act(desk, made, "start")
    assert answer["Location"] == reverse("chart", args=[ASLAUG.id])
    (encounter,) = records.search(SYSTEM, "Encounter", []).matches
    assert body_of("Encounter", encounter.id)["status"] == "in-progress"
    assert "in consultation" in page(desk, "day-list")
    assert act(desk, made, "end").status_code == 302
    assert body_of("Encounter", encounter.id)["status"] == "finished"
    assert "done" in page(desk, "day-list")


def test_arrived_and_did_not_come_are_one_click_each(desk: Client) -> None:
    made, other = booked(), booked("Patient/b", n=1)
    assert "Did not come" not in page(desk, "day-list"), "it has not begun"
    back = f"{reverse('day-list')}?day=2026-11-23#at-{made.id}"  # Tab goes on from the same row
    assert act(desk, made, "arrived")["Location"] == back
    with clock.at(NOW + timedelta(hours=1, minutes=45)):
        desk = staff_client()
        desk.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        assert page(desk, "day-list").count("Did not come") == 1
        assert act(desk, other, "missed").status_code == 302
        assert "Arrived after all" in page(desk, "day-list")
    assert body_of("Appointment", made.id)["status"] == "arrived"
    assert body_of("Appointment", other.id)["status"] == "noshow"


def test_inv_44_a_form_of_another_patients_page_does_nothing(desk: Client) -> None:
    made = booked()
    answer = act(desk, made, "arrived", at="b")
    assert answer.status_code == 409
    assert act(desk, made, "arrived", at="b", patient="b").status_code == 404
    assert body_of("Appointment", made.id)["status"] == "booked"


def test_inv_46_what_changed_meanwhile_is_shown_and_not_overwritten(desk: Client) -> None:
    made = booked()
    actions.mark_arrived(SYSTEM, patient=PATIENT, appointment=made.id, seen=1)
    answer = desk.post(
        reverse("appointment-cancel", args=[ASLAUG.id, made.id]),
        {"patient": ASLAUG.id, "version": "1", "code": "AAT", "reason": "Legen er syk"},
    )
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "Legen er syk" in shown
    assert "arrived" in shown
    assert body_of("Appointment", made.id)["status"] == "arrived"


def test_a_return_appointment_is_booked_in_the_calendar(desk: Client) -> None:
    day = str(clock.today() + timedelta(days=28))
    shown = page(desk, "appointments", ASLAUG.id, day=day)
    assert '<span class="visually-hidden">Dr staff-gp-trondheim, </span>08:20' in shown
    answer = desk.post(
        reverse("appointments", args=[ASLAUG.id]) + f"?day={day}",
        {"patient": ASLAUG.id, "time": f"s|{day}T07:20:00Z", "reason": "Kontroll", "told": "1"},
    )
    assert answer.status_code == 302
    again = page(desk, "appointments", ASLAUG.id, day=day)
    assert "Booked: Monday 21 December at 08:20, Dr staff-gp-trondheim." in again
    assert "Kontroll" in again
    assert f"08:20 {ASLAUG.given}" in again  # the cell is hers now


def test_what_is_written_is_kept_when_another_day_is_looked_at_and_nothing_is_booked(
    desk: Client,
) -> None:
    address = reverse("appointments", args=[ASLAUG.id])
    shown = page(desk, "appointments", ASLAUG.id)
    assert 'name="told" value="1" checked' in shown
    day = clock.today() + timedelta(days=28)
    assert f'formaction="?day={day}"' in shown
    sent = {"patient": ASLAUG.id, "show": "1", "reason": "Blodtrykk"}
    answer = desk.post(f"{address}?day={day}", sent)
    assert answer.status_code == 200
    after = answer.content.decode()
    assert 'value="Blodtrykk"' in after
    assert "21 December 2026" in after
    assert 'name="told" value="1" checked' not in after
    assert records.search(SYSTEM, "Appointment", []).matches == []


def test_who_is_not_told_is_on_the_call_list_until_somebody_has(desk: Client) -> None:
    made = booked(n=3, is_told=False)
    assert "Call: it is not known that they know" in page(desk, "day-list")
    act(desk, made, "told")
    assert "Call: it is not known" not in page(desk, "day-list")


def test_a_time_just_taken_is_told_with_the_nearest(desk: Client) -> None:
    booked("Patient/b", n=1)
    answer = desk.post(
        reverse("appointments", args=[ASLAUG.id]),
        {"patient": ASLAUG.id, "time": "s|2026-11-23T07:20:00Z"},
    )
    assert answer.status_code == 409
    assert "Free close to it: 08:00" in answer.content.decode()


def test_cancelling_needs_who_does_it(desk: Client) -> None:
    made = booked()
    address = reverse("appointment-cancel", args=[ASLAUG.id, made.id])
    sent = {"patient": ASLAUG.id, "version": "1", "reason": "x"}
    assert desk.post(address, sent).status_code == 422
    assert desk.post(address, {**sent, "code": "IM"}).status_code == 422
    assert desk.post(address, {**sent, "code": "AAT"}).status_code == 302
    assert body_of("Appointment", made.id)["cancelationReason"]["text"] == "x"


def test_a_full_day_takes_at_most_20_queries(
    desk: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(6):
        put_patient(f"p{n}", ME)
        booked(f"Patient/p{n}")
    page(desk, "day-list")
    with django_assert_max_num_queries(20):
        assert "6 patients" in page(desk, "day-list")
    with django_assert_max_num_queries(20):
        page(desk, "appointments", ASLAUG.id)
