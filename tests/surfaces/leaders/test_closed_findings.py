"""A closed finding stands beside the newest figure of what it watches, for those whose figure it is."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from fractions import Fraction

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fellesjournal.access.sessions import system_session
from fellesjournal.care.homecare import codes
from fellesjournal.demo.cast import STAFF
from fellesjournal.foundation import clock
from fellesjournal.leadership.decisions.findings import (
    By,
    Finding,
    Review,
    ReviewStatus,
    Severity,
    Watch,
    answered,
    closed,
)
from fellesjournal.leadership.decisions.structure import REVIEWS
from fellesjournal.leadership.documents.actions import save
from fellesjournal.leadership.figures.periods import month_of, previous
from fellesjournal.registry.units import UNIT_KIND_SYSTEM
from tests.leadership.indicators.views import flatten_all
from tests.signing_in import put, staff_client
from tests.staff import register
from tests.surfaces.statements import counted

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_record")]

LEADER = next(member for member in STAFF if member.role == "unit-leader")
TRONDHEIM = "Organization/org-5001"
SYSTEM = system_session("system:test", purpose="HOPERAT")
AT = datetime(2026, 1, 15, tzinfo=UTC)


def _finding() -> Finding:
    found = Finding("Late medicines", Severity.MAJOR, (TRONDHEIM,), indicators=("LE1", "H4"))
    said = answered(found, text="Plan", by="Practitioner/1", at=AT)
    watch = Watch("LE1", By.LIMIT, Fraction(2, 5), "hash")
    return closed(said, evidence=("Plan 7",), by="Practitioner/2", at=AT, watch=watch)


def _doses_of_last_month(*, on_time: int, late: int) -> None:
    """Planned for noon in the middle of the month before this one, in a visit of the leader's unit."""
    day = previous(month_of(clock.today())).start + timedelta(days=14)
    noon = datetime.combine(day, time(12), clock.NORWAY)
    register("kari")
    put(
        "Encounter", "visit", status="finished",
        **{"class": {"system": codes.ACT_CODE, "code": "HH"}},
        subject={"reference": "Patient/kari"},
        serviceProvider={"reference": f"Organization/{LEADER.unit_id}"},
        period={"start": noon.isoformat(), "end": (noon + timedelta(hours=3)).isoformat()},
    )  # fmt: skip
    for n in range(on_time + late):
        given = noon + timedelta(minutes=0 if n < on_time else 61)
        put(
            "MedicationAdministration", f"dose-{n}", status="completed",
            medicationCodeableConcept={"text": "x"}, subject={"reference": "Patient/kari"},
            context={"reference": "Encounter/visit"}, effectiveDateTime=given.isoformat(),
            extension=[{"url": codes.PLANNED_AT, "valueDateTime": noon.isoformat()}],
        )  # fmt: skip


@pytest.fixture
def leader() -> Client:
    """The leader of a unit of Trondheim, to whom a closed finding was addressed."""
    client = staff_client(LEADER)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    put("Organization", "org-5001", name="Trondheim kommune", active=True,
        type=[{"coding": [{"system": UNIT_KIND_SYSTEM, "code": "municipality"}]}])  # fmt: skip
    put("Organization", LEADER.unit_id, name=LEADER.unit_name, partOf={"reference": TRONDHEIM})
    body = Review("Board", "", None, ReviewStatus.PUBLISHED, (_finding(),))
    save(SYSTEM.again(), REVIEWS, key="r", body=body, seen=0, reason="test")
    return client


def _page(leader: Client) -> str:
    flatten_all()
    return leader.get(reverse("leaders-review", args=["r"])).content.decode()


def test_it_tells_the_last_whole_month_of_ones_own_organisation(leader: Client) -> None:
    _doses_of_last_month(on_time=6, late=6)
    page = _page(leader)
    month = previous(month_of(clock.today())).start
    assert f"LE1/?month={month:%Y-%m}" in page
    assert "<strong>50.0" in page
    assert "(6 / 12)" in page
    with counted() as statements:
        leader.get(reverse("leaders-review", args=["r"]))
    assert len(statements) <= 20


def test_few_are_held_back_there_too(leader: Client) -> None:
    _doses_of_last_month(on_time=10, late=2)
    page = _page(leader)
    assert "Trondheim kommune" in page
    assert "<strong>" not in page
    assert "/ 12" not in page


def test_the_figure_of_another_organisation_is_not_told(leader: Client) -> None:
    _doses_of_last_month(on_time=6, late=6)
    put("Organization", LEADER.unit_id, name=LEADER.unit_name)
    assert "<strong>50.0" not in _page(leader)
