"""Apps that citizens let in read appointments; booking goes through HelsaMi's own pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse

from fellesjournal.access import booked
from fellesjournal.care.scheduling import actions
from fellesjournal.foundation import clock
from tests.care.scheduling.booking import body_of, gp, keep, times
from tests.signing_in import ASLAUG, let_in, register
from tests.staff import employ
from tests.staff import register as put_patient
from tests.surfaces.oauth.flow import Dance, api, app


@pytest.mark.django_db
def test_an_app_of_a_citizen_changes_no_appointment_of_hers_or_anybodys() -> None:
    employ("d")
    keep()
    for key in (ASLAUG.id, "stranger"):
        if key == ASLAUG.id:
            register(generalPractitioner=[{"reference": "Practitioner/d"}])
        else:
            put_patient(key, "Practitioner/d")
    free = [each for each in times(gp(), days=4) if each.day > clock.today() + timedelta(days=1)]
    made = [
        actions.book(gp(), patient=f"Patient/{key}", time=free[n])
        for n, key in enumerate((ASLAUG.id, "stranger"))
    ]
    browser = Browser()
    let_in(browser, ASLAUG.id, "citizen")
    browser.post(reverse("portal-terms"), {"accept": "1"})
    client, _ = app()
    dance = Dance(client, browser, scope="launch/patient patient/*.cruds")
    there = api(dance.exchange(dance.code(ASLAUG.id)).json()["access_token"])
    assert there.get("Appointment").ids == [made[0].id]
    for mine in made:
        standing = body_of("Appointment", mine.id)
        off = booked.cancelled(standing, code="AAI", reason="", now=clock.now())
        assert there.put(f"Appointment/{mine.id}", off, If_Match='W/"1"').status in {403, 404}
        assert there.delete(f"Appointment/{mine.id}").status in {403, 404}
        assert body_of("Appointment", mine.id) == standing
    again = booked.booked(
        patient=f"Patient/{ASLAUG.id}", schedule=free[2].schedule.data, opening=free[2].opening,
        reason="", now=clock.now(), is_told=True,
    )  # fmt: skip
    assert there.post("Appointment", again).status == 403
