"""The operator's page of everything in flight: it counts what is there, and shows no patient."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fellesjournal.access import acts, records
from fellesjournal.access.reconciliation import reconcile
from fellesjournal.care.messages.outside.receiving import take_in, take_in_all
from fellesjournal.demo.cast import STAFF
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection, transaction
from fellesjournal.foundation.mailbox import Mailbox
from fellesjournal.foundation.outbox.events import Event, publish
from fellesjournal.foundation.outbox.queries import STUCK_AFTER, waiting
from tests.care.messages.outsider import letter_from_outside
from tests.care.messages.region import NUMBER, Region, deliveries, region, work
from tests.signing_in import GP, staff_client
from tests.staff import SYSTEM

OPERATOR = next(member for member in STAFF if member.role == "operator")


@pytest.fixture
def box(tmp_path: Path, settings: Any) -> Path:
    settings.MAILBOX = tmp_path / "mailbox"
    return tmp_path / "mailbox"


@pytest.fixture
def here(empty_record: None, box: Path) -> Region:
    """A referral handed over to the message service, and another that went in vain."""
    del empty_record
    made = region(box)
    made.refer()
    work()
    return made


def page(**query: str) -> Any:
    return staff_client(OPERATOR).get(reverse("admin-operation"), query)


def stuck() -> None:
    """A message of the outbox that has been tried in vain again and again."""
    with transaction():
        publish(Event("delivery-due", "Task/none", {"delivery": "Task/none"}))
        connection().execute(
            "update outbox.message set attempts = %s, failure = 'NotFound at read, line 1',"
            " due = due + interval '10 minutes' where done is null",
            [STUCK_AFTER],
        )


@pytest.mark.parametrize("address", ["admin-operation", "admin-operation-retry"])
def test_only_an_operator_finds_the_page(here: Region, address: str) -> None:
    del here
    browser = staff_client(GP)
    for answer in (browser.get(reverse(address)), browser.post(reverse(address))):
        assert answer.status_code in {404, 405}
    assert Client().get(reverse("admin-operation")).status_code == 302


def test_what_was_sent_is_what_arrived_failed_and_waits_and_equals_the_record(
    here: Region,
) -> None:
    with clock.at(clock.now() + timedelta(days=4)):
        work()  # the first has expired
        here.again()
        here.refer()
        work()
        found = reconcile(SYSTEM, days=7)
        all_of_them = deliveries()
        (line,) = found.lines
        assert (line.route, line.kind) == ("national", "referral")
        assert (line.sent, line.arrived, line.failed, line.waiting) == (2, 0, 1, 1)
        assert found.is_whole
        assert line.sent == len(all_of_them)
        assert line.failed == sum(each.has_failed for each in all_of_them)
        oldest = [each.sent for each in all_of_them if not each.has_failed]
        assert [line.oldest] == oldest
        owners = Counter(
            acts.content(each)["owner"]["reference"]
            for each in records.search(
                SYSTEM, "Task", [("code", "delivery-follow-up,document-received"),
                                 ("status", "requested")],
            ).matches
        )  # fmt: skip
        assert {each.unit: each.count for each in found.owned} == owners
        assert [each.name for each in found.owned] == ["Legesenteret"]


def test_what_still_waits_is_counted_however_old_it_is(here: Region) -> None:
    del here
    connection()
    with clock.at(clock.now() + timedelta(hours=30)):
        assert [line.waiting for line in reconcile(SYSTEM, days=1).lines] == [1]


def test_each_heading_counts_what_stands_below_it(here: Region) -> None:
    for number in ("m1", "m2"):
        take_in(SYSTEM, letter_from_outside(number))
    Mailbox(here.box).receive("x.xml", b"hei")
    take_in_all(SYSTEM)
    stuck()
    answer = page()
    assert answer.status_code == 200, answer.content.decode()
    context = answer.context
    assert context["sums"]["sent"] == sum(line.sent for line, *_ in context["lines"]) == 1
    assert context["received"] == 3
    assert {(each.kind, each.fate): each.count for each, *_ in context["came"]} == {
        ("DIALOG_HELSEFAGLIG", "rejected"): 2, ("unknown", "unanswerable"): 1,
    }  # fmt: skip
    assert context["in_jobs"] == sum(each.count for each in waiting())
    lying = {title: each.count for title, each, _ in context["folders"]}
    assert sorted(lying.values()) == [0, 1, 3]


def test_no_patient_and_nothing_clinical_stands_on_the_page(here: Region) -> None:
    del here
    stuck()
    text = page().content.decode()
    for told in ("Fiktiv", "Anna", NUMBER, "Kneartrose", "kneet", "Patient/anna"):
        assert told not in text


def test_an_operator_opens_no_record_by_it(here: Region) -> None:
    del here
    browser = staff_client(OPERATOR)
    browser.get(reverse("admin-operation"))
    assert browser.get(reverse("chart", kwargs={"patient_id": "anna"})).status_code in {403, 404}


def test_what_is_stuck_says_so_and_is_tried_again_on_request(here: Region) -> None:
    del here
    stuck()
    browser = staff_client(OPERATOR)
    text = browser.get(reverse("admin-operation")).content.decode()
    assert "NotFound at read, line 1" in text
    (job,) = [each for each in waiting() if each.failed]
    assert (job.is_stuck, job.due) == (True, 0)
    form = {"event": job.event, "subscriber": job.subscriber}
    answer = browser.post(reverse("admin-operation-retry"), form)
    assert answer.status_code == 302
    (job,) = [each for each in waiting() if each.failed]
    assert job.due == job.count
    other = browser.post(reverse("admin-operation-retry"), {"event": "x", "subscriber": "y"})
    assert other.status_code == 404


@pytest.mark.parametrize("days", ["1", "30", "0", "x", "-7", "99999999999999999999"])
def test_an_odd_period_is_the_usual_one(here: Region, days: str) -> None:
    del here
    answer = page(days=days)
    assert answer.status_code == 200
    assert answer.context["days"] == (int(days) if days in {"1", "30"} else 7)


def test_the_page_takes_few_statements(here: Region, django_assert_max_num_queries: Any) -> None:
    del here
    browser = staff_client(OPERATOR)
    browser.get(reverse("admin-operation"))
    with django_assert_max_num_queries(20):
        answer = browser.get(reverse("admin-operation"))
    assert not re.search(r"{{|{%", answer.content.decode())


@pytest.fixture
def fallen(empty_record: None) -> Iterator[int]:
    """An alert about a route that fell silent."""
    del empty_record
    connection().execute("delete from access.volume_alert")
    connection().execute(
        "insert into access.counted_day values ('2026-11-16', now()) on conflict do nothing"
    )
    (made,) = connection().execute(
        "insert into access.volume_alert"
        " (day, measure, route, kind, number, expected, raised, deadline) values"
        " ('2026-11-16', 'arrived', 'national', 'discharge-summary', 0, 12.5, now(), now())"
        " returning id"
    ).fetchone() or (0,)  # fmt: skip
    yield made
    connection().execute("delete from access.volume_alert")
    connection().execute("delete from access.counted_day")


def alert_page(browser: Client, alert_id: int, **form: str) -> Any:
    address = reverse("admin-operation-alert", kwargs={"alert_id": alert_id})
    return browser.post(address, form)


def test_a_fall_stands_first_until_an_operator_has_said_how_it_ended(fallen: int) -> None:
    browser = staff_client(OPERATOR)
    shown = browser.get(reverse("admin-operation"))
    assert [each.id for each, *_ in shown.context["alerts"]] == [fallen]
    assert "12" in shown.content.decode()
    assert alert_page(browser, fallen, take="1").status_code == 302
    (row,) = browser.get(reverse("admin-operation")).context["alerts"]
    assert row[-1] is True  # it is hers now
    alert_page(browser, fallen, outcome="mended", words="")
    assert browser.get(reverse("admin-operation")).context["alerts"]
    alert_page(browser, fallen, outcome="mended", words="Meldingstjenesten sto")
    assert browser.get(reverse("admin-operation")).context["alerts"] == []
    again = alert_page(browser, fallen, outcome="mended", words="igjen")
    assert again.status_code == 302
    assert alert_page(browser, 10**8, take="1").status_code == 404


def test_only_an_operator_takes_or_ends_an_alert(fallen: int) -> None:
    assert alert_page(staff_client(GP), fallen, take="1").status_code == 404
    assert alert_page(Client(), fallen, take="1").status_code == 401
    rows = connection().execute("select owner, outcome from access.volume_alert").fetchall()
    assert rows == [("", "")]
