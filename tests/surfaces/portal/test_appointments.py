"""Appointments in HelsaMi: seen, booked, moved, called off, for oneself and for others."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fellesjournal.access import records
from fellesjournal.access.booked import BY_SERVICE
from fellesjournal.access.policy.booking import LIMITS
from fellesjournal.care.scheduling import actions
from fellesjournal.care.scheduling.queries import FreeTime
from fellesjournal.foundation import clock
from tests.care.scheduling.booking import NOW, body_of, gp, keep, times
from tests.staff import SYSTEM, employ, put
from tests.staff import register as put_patient
from tests.surfaces.portal.family import ASLAUG, OTHER, at_browser, child_of, power, switch

GP = [{"reference": "Practitioner/d"}]
NEW = "portal-appointment-new"


@pytest.fixture
def hers(db: None) -> Iterator[Client]:
    del db
    with clock.at(NOW):
        employ("d")
        keep()
        put_patient("b", "Practitioner/d")
        yield in_english(at_browser(ASLAUG, generalPractitioner=GP))


def in_english(client: Client) -> Client:
    """The same browser, asking for the language that the texts are written in."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def post(client: Client, name: str, *args: str, of: str = ASLAUG.id, **sent: Any) -> Any:
    return client.post(reverse(name, args=args), {"subject": f"Patient/{of}", **sent})


def text(client: Client, name: str, *args: str, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def later() -> list[FreeTime]:
    """Free times from the day after tomorrow on, as the GP sees them."""
    return [each for each in times(gp(), days=5) if (each.day - clock.today()).days >= 2]


def sent(time: FreeTime, **more: Any) -> dict[str, Any]:
    return {"schedule": "s", "start": time.key, **more}


def book(client: Client, time: FreeTime, **more: Any) -> str:
    answer = post(client, NEW, **sent(time, **more))
    assert answer.status_code == 302, answer.content.decode()
    return newest()


def newest() -> str:
    return records.search(SYSTEM, "Appointment", [("_sort", "-_lastUpdated")]).matches[0].id


def test_she_chooses_a_time_says_why_and_has_it(hers: Client) -> None:
    page = text(hers, NEW)
    assert "Monday 23 November" in page
    assert "09:40" in page
    assert "10:00" not in page, "the telephone hour is booked by staff"
    time = later()[0]
    confirm = text(hers, NEW, **sent(time))
    assert "Wednesday 25 November" in confirm
    assert re.search(r"For you, \w+", confirm)
    key = book(hers, time, reason="Vondt i kneet")
    listed = text(hers, "portal-appointments")
    assert "Vondt i kneet" in listed
    assert body_of("Appointment", key)["participant"][0]["status"] == "accepted"
    assert time.key not in text(hers, NEW, **{"from": str(time.day)})


def test_who_is_second_reads_so_and_sees_the_nearest(hers: Client) -> None:
    time = later()[1]
    actions.book(gp(), patient="Patient/b", time=time)
    answer = post(hers, NEW, **sent(time, reason="Hoste"))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert later()[0].key.replace(":", "%3A") in page
    assert "Hoste" in page
    assert "Patient/b" not in page


def test_inv_8_a_form_that_is_sent_twice_books_once(hers: Client) -> None:
    form = sent(later()[0], once=str(uuid.uuid4()))
    assert post(hers, NEW, **form).status_code == 302
    first = newest()
    answer = post(hers, NEW, **form)
    assert answer.status_code == 302
    assert "This was sent before." in hers.get(answer["Location"]).content.decode()
    assert newest() == first


def test_inv_8_a_late_copy_of_a_refused_form_does_not_book_the_time_when_it_is_free(
    hers: Client,
) -> None:
    taken, form = later()[0], sent(later()[0], once=str(uuid.uuid4()))
    other = actions.book(gp(), patient="Patient/b", time=taken)
    assert post(hers, NEW, **form).status_code == 409
    actions.cancel(
        gp(), patient="Patient/b", appointment=other.id, seen=other.version, code=BY_SERVICE
    )
    last = newest()
    assert post(hers, NEW, **form).status_code == 409
    assert newest() == last
    assert book(hers, taken) != last


def test_she_moves_in_one_act_and_keeps_the_old_until_then(hers: Client) -> None:
    key = book(hers, later()[0])
    target = later()[4]
    assert "at 08:00" in text(hers, "portal-appointment-move", key)
    text(hers, "portal-appointment-move", key, **sent(target))
    assert body_of("Appointment", key)["start"].endswith("08:00:00+01:00")
    answer = post(hers, "portal-appointment-move", key, **sent(target, version="1"))
    assert answer.status_code == 302
    assert body_of("Appointment", key)["start"] == target.starts.isoformat()


def test_calling_off_late_is_told_before_and_noted(hers: Client) -> None:
    key = book(hers, next(each for each in times(gp()) if each.clock_time == "09:00"))
    listed = text(hers, "portal-appointments")
    assert reverse("portal-appointment-cancel", args=[key]) in listed
    assert reverse("portal-appointment-move", args=[key]) not in listed
    assert hers.get(reverse("portal-appointment-move", args=[key])).status_code == 403
    assert "in less than 24 hours" in text(hers, "portal-appointment-cancel", key)
    assert post(hers, "portal-appointment-cancel", key, version="1").status_code == 302
    assert "cancelled late" in text(hers, "portal-appointments")


def test_what_a_colleague_changed_meanwhile_is_not_overwritten(hers: Client) -> None:
    key = book(hers, later()[0])
    actions.move(
        gp(), patient=f"Patient/{ASLAUG.id}", appointment=key, seen=1, time=later()[3],
        is_told=False,
    )  # fmt: skip
    stale = post(hers, "portal-appointment-cancel", key, version="1")
    assert stale.status_code == 412
    assert body_of("Appointment", key)["status"] == "booked"
    assert post(hers, "portal-appointment-known", key, version="2").status_code == 302
    assert body_of("Appointment", key)["participant"][0]["status"] == "accepted"


def test_inv_44_a_form_of_another_record_books_nothing(hers: Client) -> None:
    answer = post(hers, NEW, of="b", **sent(later()[0]))
    assert answer.status_code == 409
    assert text(hers, "portal-appointments").count("card__title") == 0


def test_anothers_appointment_is_not_there(hers: Client) -> None:
    made = actions.book(gp(), patient="Patient/b", time=later()[0])
    for name in ("portal-appointment-move", "portal-appointment-cancel"):
        assert hers.get(reverse(name, args=[made.id])).status_code == 404
        assert post(hers, name, made.id, version="1").status_code == 404
    assert post(hers, "portal-appointment-known", made.id, version="1").status_code == 404
    assert body_of("Appointment", made.id)["status"] == "booked"


def test_a_time_that_is_not_offered_is_not_booked(hers: Client) -> None:
    for start in ("2026-11-25T11:00:00Z", "2026-11-23T05:00:00Z", "soon", "2027-11-25T07:00:00Z"):
        answer = post(hers, NEW, schedule="s", start=start)
        assert answer.status_code == 200  # the times to choose from
        assert 'class="time"' in answer.content.decode()
    assert text(hers, "portal-appointments").count("card__title") == 0


def test_the_first_page_begins_with_the_next_appointment(hers: Client) -> None:
    assert "next appointment" not in text(hers, "portal")
    book(hers, later()[3])
    book(hers, later()[0])
    shown = text(hers, "portal")
    assert "Your next appointment" in shown
    assert shown.count("card__title") == 1
    assert "Wednesday 25 November at 08:00" in shown


def test_without_a_schedule_of_her_gp_she_is_told_to_call(db: None) -> None:
    del db
    with clock.at(NOW):
        client = in_english(at_browser(ASLAUG))
        assert "Call the GP" in text(client, NEW)
        assert "The GP does not offer times here." in text(client, "portal-appointments")


def test_a_parent_books_for_her_child_and_calls_off_on_its_behalf(hers: Client) -> None:
    child_of(ASLAUG, "child", generalPractitioner=GP)
    switch(hers, "child", ASLAUG.id)
    assert post(hers, NEW, of="child", **sent(later()[0])).status_code == 302
    key = newest()
    assert body_of("Appointment", key)["participant"][0]["actor"]["reference"] == "Patient/child"
    answer = post(hers, "portal-appointment-cancel", key, of="child", version="1")
    assert answer.status_code == 302
    assert body_of("Appointment", key)["cancelationReason"]["coding"][0]["code"] == "APVAI"


def test_a_power_without_contacts_books_nothing(hers: Client) -> None:
    helper = at_browser(OTHER)
    power(ASLAUG.id, OTHER, "medication")
    switch(helper, ASLAUG.id, OTHER.id)
    answer = post(helper, NEW, **sent(later()[0]))
    assert answer.status_code == 403
    power(ASLAUG.id, OTHER, "contacts", "person", key="wider")
    assert post(helper, NEW, **sent(later()[0])).status_code == 302


def test_times_too_far_ahead_are_not_shown_and_later_days_are_a_link_away(hers: Client) -> None:
    page = text(hers, NEW)
    assert 'href="?from=2026-11-27"' in page
    far = clock.today() + timedelta(days=95)
    assert 'class="time"' not in text(hers, NEW, **{"from": str(far)})


def test_what_her_representative_books_moves_and_calls_off_is_told_as_that(hers: Client) -> None:
    at_browser(OTHER)
    power(ASLAUG.id, OTHER)
    friend = in_english(at_browser(OTHER))
    switch(friend, ASLAUG.id, OTHER.id)
    key = book(friend, later()[0])
    assert "booked an appointment" in text(hers, "portal-lately")
    assert "called off an appointment" not in text(hers, "portal-lately")
    assert post(friend, "portal-appointment-cancel", key, version="1").status_code == 302
    told = text(hers, "portal-lately")
    assert "called off an appointment" in told
    assert "changed an appointment" not in told


def full(client: Client) -> None:
    """She books as many times as one may have."""
    for time in later()[: LIMITS.most.number]:
        book(client, time)


def test_that_she_can_book_no_more_is_told_before_she_begins_with_whom_to_call(
    hers: Client,
) -> None:
    put("Organization", "u", name="Kontoret", telecom=[{"system": "phone", "value": "73821000"}])
    put_patient(ASLAUG.id, "Practitioner/d", "Organization/u")
    assert reverse(NEW) in text(hers, "portal-appointments")
    full(hers)
    listed = text(hers, "portal-appointments")
    assert reverse(NEW) not in listed
    assert "You have booked 3 appointments with Dr d here already, and 3 is the limit." in listed
    assert 'Kontoret: <span class="telephone">73 82 10 00</span>' in listed
    assert "and 3 is the limit" in text(hers, NEW)


def test_who_acts_for_her_reads_whose_appointments_are_too_many(hers: Client) -> None:
    full(hers)
    friend = in_english(at_browser(OTHER))
    power(ASLAUG.id, OTHER)
    switch(friend, ASLAUG.id, OTHER.id)
    listed = text(friend, "portal-appointments")
    assert re.search(r"\w+ has booked 3 appointments with Dr d here already", listed)
    assert "You have booked" not in listed


def test_what_is_refused_at_the_last_press_says_the_one_reason_and_keeps_her_words(
    hers: Client,
) -> None:
    times = later()
    full(hers)
    answer = post(hers, NEW, **sent(times[5], reason="Vondt i kneet"))
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "and 3 is the limit" in page
    assert "Vondt i kneet" in page
    assert "hours until it begins" not in page


def test_each_refusal_to_move_says_its_own_reason(hers: Client) -> None:
    soon = book(hers, next(each for each in times(gp()) if each.clock_time == "09:00"))
    refused = hers.get(reverse("portal-appointment-move", args=[soon]))
    assert "less than 24 hours until it begins" in refused.content.decode()
    assert "is the limit" not in refused.content.decode()
    with clock.at(NOW + timedelta(hours=3)):
        again = in_english(at_browser(ASLAUG, generalPractitioner=GP))
        refused = again.get(reverse("portal-appointment-cancel", args=[soon]))
        assert "It has begun, or is over." in refused.content.decode()


def test_you_is_never_the_one_whose_appointment_it_is(hers: Client) -> None:
    key = book(hers, later()[0])
    friend = in_english(at_browser(OTHER))
    power(ASLAUG.id, OTHER)
    switch(friend, ASLAUG.id, OTHER.id)
    moving = text(friend, "portal-appointment-move", key)
    assert "You have Wednesday" not in moving
    assert re.search(r"\w+ has Wednesday 25 November at 08:00\.", moving)
    standing = body_of("Appointment", key)
    put("Appointment", key, **{**standing, "status": "noshow"})
    assert "you did not come" in text(hers, "portal-appointments")
    assert "you did not come" not in text(friend, "portal-appointments")
    assert "missed, without notice" in text(friend, "portal-appointments")
