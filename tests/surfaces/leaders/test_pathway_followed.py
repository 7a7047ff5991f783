"""How patients' pathways went, on a page: counted against the pathway, and nobody among few is told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fellesjournal.access.writing import Operation, write
from fellesjournal.care.pathways import codes
from fellesjournal.config.cli.demo_pathways import fill_pathways
from fellesjournal.demo import pathways as told
from fellesjournal.demo.cast import STAFF
from fellesjournal.fhir import bodies
from fellesjournal.fhir.pathway_plans import URL
from fellesjournal.foundation import clock
from fellesjournal.leadership.pathways.conforming import counted as conforming
from fellesjournal.leadership.pathways.queries import drawing
from tests.leadership.indicators.views import flatten_all
from tests.signing_in import GP, staff_client
from tests.staff import SYSTEM, register
from tests.surfaces.statements import counted

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_record")]

BY_ROLE = {member.role: member for member in STAFF}
PAGE = reverse("leaders-pathway-followed", args=[told.KEY])
STEPS = 9


@pytest.fixture
def lead() -> Client:
    client = staff_client(BY_ROLE["rollout-lead"])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    register("kari")
    fill_pathways()
    return client


def follow(
    names: range, *, left_out: int = 0, late: int = 0, is_open: bool = False, version: str = "1"
) -> None:
    """Ways along the demo's pathway: each step an hour after the one before it."""
    sent: list[Operation] = []
    began = clock.now() - timedelta(days=60)
    for n in names:
        plan = {
            "resourceType": "CarePlan", "id": f"way-{n}", "status": "active", "intent": "plan",
            "subject": {"reference": "Patient/kari"},
        }  # fmt: skip
        sent.append(_put(plan))
        for step in range(1, STEPS + 1):
            hours = step + (100 if late and step >= late else 0)
            status = "cancelled" if step == left_out else "completed"
            if is_open and step == STEPS:
                status = "requested"
            sent.append(
                _put(_task(n, step, status, began, began + timedelta(hours=hours), version))
            )
    write(SYSTEM, sent)
    flatten_all()


def _task(
    n: int, step: int, status: str, began: datetime, ended: datetime, version: str
) -> dict[str, Any]:
    return {
        "resourceType": "Task", "id": f"way-{n}-{step}", "status": status, "intent": "plan",
        "instantiatesUri": f"{URL}{told.KEY}|{version}#step-{step}",
        "basedOn": [{"reference": f"CarePlan/way-{n}"}],
        "code": {"coding": [{"system": codes.TASK_CODE, "code": codes.STEP}], "text": "x"},
        "for": {"reference": "Patient/kari"},
        "authoredOn": began.isoformat(), "lastModified": ended.isoformat(),
    }  # fmt: skip


def _put(data: dict[str, Any]) -> Operation:
    body = bodies.parse(orjson.dumps(data))
    return Operation("update", data["resourceType"], id=data["id"], body=body)


def read(client: Client, **query: str) -> str:
    answer = client.get(PAGE, query)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def test_ways_are_counted_against_the_pathway_and_those_not_over_are_not(lead: Client) -> None:
    follow(range(10))
    follow(range(10, 20), left_out=6)
    follow(range(20, 30), is_open=True)
    follow(range(30, 40), version="2")
    page = read(lead)
    assert page.count("10 / 20") >= 2  # every step, and the one that was left out
    assert "30 /" not in page
    rows = read(lead, **{"as": "csv"}).splitlines()
    assert "every step done;" in rows[1]
    assert rows[1].endswith(";10;20;final")
    assert sum(row.startswith("step done") and row.endswith(";20;20;final") for row in rows) == 8
    with counted() as statements:
        read(lead)
    assert len(statements) <= 20
    assert list(statements.asked_again()) == []


def test_what_is_late_is_counted_by_the_deadline_of_its_handover(lead: Client) -> None:
    follow(range(10))
    follow(range(10, 20), late=4)
    rows = [row.split(";") for row in read(lead, **{"as": "csv"}).splitlines()]
    late = {row[2].partition(" / ")[2]: row[3:5] for row in rows if row[0] == "late"}
    assert late["Vurdere tilbud etter utskriving"] == ["10", "20"]  # within 1 h, it took 101
    assert late["Første besøk hjemme"] == ["0", "20"]


def test_few_are_held_back_and_one_more_does_not_tell_of_herself(lead: Client) -> None:
    follow(range(4))
    assert "4 /" not in read(lead)
    assert "held back: few" in read(lead)
    follow(range(4, 20))
    assert "20 / 20" in read(lead)
    follow(range(20, 21), left_out=6)
    for shown in (read(lead), read(lead, **{"as": "csv"})):
        assert not any(told in shown for told in ("21 /", "/ 21", ";21;"))  # not the time of day
        assert "20;20" in shown or "20 / 20" in shown
    assert "few are new" in read(lead)
    follow(range(21, 40), left_out=6)
    page = read(lead)
    assert "20 / 40" in page
    assert "few are new" not in page


def test_what_is_held_back_of_a_step_is_not_told_by_the_whole_nor_by_a_handover(
    lead: Client,
) -> None:
    follow(range(10), left_out=6)
    follow(range(10, 12), left_out=5)  # two: step 5 is held back
    follow(range(12, 30))
    rows = [row.split(";") for row in read(lead, **{"as": "csv"}).splitlines()][1:]
    assert rows[0][3:] == ["", "", "suppressed"]  # 18 of 30 were whole: 30 less 10 less those two
    assert ["20", "30", "final"] in [row[3:] for row in rows]
    assert {row[4] for row in rows} == {"30", ""}
    assert "it would tell another" in read(lead)


def test_nothing_new_is_told_while_nearly_the_same_are_counted(lead: Client) -> None:
    follow(range(18))
    follow(range(18, 22), left_out=6)  # four: held back
    assert "18 / 22" not in read(lead)
    follow(range(22, 24), left_out=6)  # six of 24 are no longer few, but 24 less 22 are
    assert "/ 24" not in read(lead)
    follow(range(24, 40))
    assert "34 / 40" in read(lead)


def test_before_it_is_counted_or_published_the_page_says_so_and_others_do_not_see_it(
    lead: Client,
) -> None:
    assert "Come back in a minute" in read(lead)
    said = {"title": "Ny", "group": "several_chronic", "places": "A; A; B"}
    key = lead.post(reverse("leaders-pathway-new"), said)["Location"].rstrip("/").rpartition("/")[2]
    other = lead.get(reverse("leaders-pathway-followed", args=[key])).content.decode()
    assert "follow it yet" in other
    assert staff_client(BY_ROLE["unit-leader"]).get(PAGE).status_code == 200
    assert staff_client(GP).get(PAGE).status_code == 404


def test_a_step_done_before_the_one_it_follows_is_out_of_order(lead: Client) -> None:
    del lead
    pathway = drawing(SYSTEM.again(), told.KEY, "to-be").body.pathway
    now = clock.now()
    ways = [{"step-1": now, "step-2": now - timedelta(hours=1)}, {"step-1": now}]
    found = conforming(pathway, ways)
    assert found["order 1"] == (1, 2)
    assert found["late 1"] == (0, 2)
    assert found["step step-2"] == (1, 2)
    assert found["whole"] == (0, 2)
    assert conforming(pathway, [])["whole"] == (0, 0)
