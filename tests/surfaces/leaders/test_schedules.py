"""Schedules on screen: a leader's unit from what was booked there, and a published dashboard."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fellesjournal.demo.cast import STAFF
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation import clock
from fellesjournal.leadership.figures.periods import month
from fellesjournal.leadership.indicators.schedule import reading
from tests.care.scheduling.booking import keep
from tests.leadership.indicators.views import flatten_all
from tests.papers import Paper, tables_of
from tests.signing_in import GP, put, staff_client
from tests.staff import employ, register
from tests.surfaces.statements import counted

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_record")]

LEADER = next(member for member in STAFF if member.role == "unit-leader")
LEAD = next(member for member in STAFF if member.role == "rollout-lead")
PAGE, EXAMPLE, CAUSE = "leaders-schedules", "leaders-schedule-example", "leaders-schedule-cause"


@pytest.fixture
def leader() -> Client:
    """The leader of a unit where one doctor has a schedule from 8 to 11 each day."""
    client = staff_client(LEADER)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    put("Practitioner", "d", name=[{"family": "D"}])
    put("PractitionerRole", "d-role", active=True, practitioner={"reference": "Practitioner/d"},
        organization={"reference": f"Organization/{LEADER.unit_id}"})  # fmt: skip
    register("kari")
    keep()
    return client


def appointment(
    name: str, status: str, days_ago: int = 1, hour: int = 8, *, in_schedule: bool = True
) -> None:
    day = clock.today() - timedelta(days=days_ago)
    start = datetime(day.year, day.month, day.day, hour, tzinfo=clock.NORWAY).astimezone(UTC)
    booked_in = {
        "url": "https://fellesjournal.example/fhir/StructureDefinition/booked-in",
        "valueReference": {"reference": "Schedule/s"},
    }
    put(
        "Appointment", name, status=status, start=start.isoformat(),
        end=(start + timedelta(minutes=20)).isoformat(), minutesDuration=20,
        **({"extension": [booked_in]} if in_schedule else {}),
        participant=[
            {"actor": {"reference": "Patient/kari"}, "status": "accepted"},
            {"actor": {"reference": "Practitioner/d"}, "status": "accepted"},
        ],
    )  # fmt: skip


def text(client: Client, name: str = PAGE, **query: str) -> str:
    flatten_all()
    answer = client.get(reverse(name), query)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def test_what_was_kept_at_the_unit_is_counted_in_its_month(leader: Client) -> None:
    yesterday = clock.today() - timedelta(days=1)
    for n in range(7):
        appointment(f"k{n}", "fulfilled", in_schedule=n > 0, hour=8 + n)
    page = text(leader, month=f"{yesterday:%Y-%m}")
    assert "Completed appointments" in page
    file = text(leader, month=f"{yesterday:%Y-%m}", **{"as": "csv"})
    assert f"{yesterday:%Y-%m}" in file
    of_month = [line for line in file.splitlines() if f"{yesterday:%Y-%m}" in line]
    row = next(line for line in of_month if ";completed;" in line)
    assert ";7.0;" in row


def test_a_few_who_did_not_come_are_held_back_on_the_page_and_in_the_file(leader: Client) -> None:
    yesterday = clock.today() - timedelta(days=1)
    for n in range(3):
        appointment(f"m{n}", "noshow", hour=8 + n)
    assert "held back: few" in text(leader, month=f"{yesterday:%Y-%m}")
    file = text(leader, month=f"{yesterday:%Y-%m}", **{"as": "csv"})
    rows = [line for line in file.splitlines() if ";no_show_time;" in line]
    assert any("suppressed" in line for line in rows)
    assert not any(";60.0;" in line for line in rows)


def test_the_paper_says_row_for_row_what_the_page_says_and_holds_back_the_same(
    leader: Client,
) -> None:
    yesterday = clock.today() - timedelta(days=1)
    for n in range(3):
        appointment(f"m{n}", "noshow", hour=8 + n)
    of = f"{yesterday:%Y-%m}"
    by_month = tables_of(text(leader, month=of))[0]
    made = Paper(leader.get(reverse(PAGE), {"month": of, "as": "pdf"}).content)
    assert len(by_month) > 8
    for row in by_month:
        assert made.says("".join(row)), row
    assert made.says("held back: few")
    assert made.is_across
    assert made.is_for_all


def test_the_waits_of_one_clinician_are_for_her_nearest_leader(leader: Client) -> None:
    assert "Dr d" in text(leader)


def test_the_waits_of_few_clinicians_elsewhere_are_not_shown_one_by_one(leader: Client) -> None:
    put(
        "Organization",
        "below",
        name="Below",
        partOf={"reference": f"Organization/{LEADER.unit_id}"},
    )
    put("PractitionerRole", "d-role", active=True, practitioner={"reference": "Practitioner/d"},
        organization={"reference": "Organization/below"})  # fmt: skip
    page = text(leader, unit="below")
    assert "Dr d" not in page
    assert "One by one only at five clinicians" in page


def test_a_flagged_figure_has_its_cause_stated_and_who_was_first_is_kept(leader: Client) -> None:
    appointment("k", "fulfilled", days_ago=62)
    then = clock.today() - timedelta(days=62)
    before = f"{then:%Y-%m}"
    assert "No cause stated." in text(leader, month=before)
    sent = {
        "flagged": f"{then:%Y-%m}-01|schedule_utilisation|denominator-not-curated",
        "said": "The doctor was on leave.", "version": "0",
    }  # fmt: skip
    address = reverse(CAUSE, args=[LEADER.unit_id])
    assert leader.post(address, sent).status_code == 302
    assert "The doctor was on leave." in text(leader, month=before)
    assert "The doctor was on leave." in text(leader, month=before, **{"as": "csv"})
    leader.post(address, {**sent, "said": "Another."})
    page = text(leader, month=before)
    assert "Somebody else has changed this meanwhile" in page
    assert "Another." not in page
    leader.post(address, {**sent, "said": " ", "version": "1"})
    assert "Say why" in text(leader, month=before)


@pytest.mark.parametrize(
    "flagged", ["", "2026-05-01", "soon|completed|outlier", "2026-05-01|x|outlier"]
)
def test_a_cause_of_no_figure_or_of_another_unit_is_refused(leader: Client, flagged: str) -> None:
    sent = {"flagged": flagged, "said": "Why.", "version": "0"}
    assert leader.post(reverse(CAUSE, args=[LEADER.unit_id]), sent).status_code == 404
    sent["flagged"] = "2026-05-01|completed|outlier"
    assert leader.post(reverse(CAUSE, args=["another"]), sent).status_code == 404
    put("Organization", "elsewhere", name="Elsewhere")
    assert leader.post(reverse(CAUSE, args=["elsewhere"]), sent).status_code == 404
    lead = staff_client(LEAD)
    assert lead.post(reverse(CAUSE, args=[LEAD.unit_id]), sent).status_code == 404


def test_only_leaders_have_schedules_counted(leader: Client) -> None:
    del leader
    doctor = employ("e")
    with pytest.raises(NotFound):
        reading.diaries(doctor, "Organization/u", month(2026, 11))


def test_a_unit_that_is_not_hers_is_not_there_and_odd_months_give_this_one(leader: Client) -> None:
    assert leader.get(reverse(PAGE), {"unit": "another"}).status_code == 404
    for asked in ("2999-01", "soon", "1890-01"):
        assert "By month" in text(leader, month=asked)


def test_the_published_dashboard_stands_with_its_verdicts(leader: Client) -> None:
    page = text(leader, EXAMPLE)
    assert "47 d 05 t 15 min" in page
    assert "40.7%" in page
    assert "-61.1%" in page
    assert "denominator not curated" in page


def test_the_pages_ask_the_database_little_and_are_for_leaders(leader: Client) -> None:
    appointment("k", "fulfilled")
    text(leader)
    for name in (PAGE, EXAMPLE):
        with counted() as statements:
            leader.get(reverse(name))
        assert len(statements) <= 20, name
    assert staff_client(GP).get(reverse(PAGE)).status_code == 404
    other = staff_client(LEAD)
    other.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "seen by the leaders of units" in text(other)
