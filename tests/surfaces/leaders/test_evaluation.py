"""The evaluation of an indicator on its page: of the record's own published figures, and never stronger."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import orjson
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fellesjournal.access.writing import Operation, write
from fellesjournal.care.homecare import codes
from fellesjournal.config.cli.demo_pathways import fill_pathways
from fellesjournal.demo import pathways as told
from fellesjournal.demo.cast import STAFF
from fellesjournal.fhir import bodies
from fellesjournal.foundation import clock
from fellesjournal.leadership.figures.periods import month_of, previous
from fellesjournal.leadership.pathways import queries
from tests.leadership.indicators.views import flatten_all
from tests.signing_in import GP, staff_client
from tests.staff import SYSTEM, put, register
from tests.surfaces.statements import counted

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_record")]

BY_ROLE = {member.role: member for member in STAFF}
PAGE = reverse("leaders-pathway-evaluation", args=[told.KEY, "LE1"])
EFFECT = reverse("leaders-pathway-effect", args=[told.KEY])
MONTHS = 9
OF = 20


def _months() -> list[date]:
    """The first days of the months that are over, oldest first."""
    found = [previous(month_of(clock.today()))]
    while len(found) < MONTHS:
        found.insert(0, previous(found[0]))
    return [each.start for each in found]


def _doses(unit: str, on_time: list[int]) -> list[Operation]:
    """So many doses on time of ``OF`` in each month, at a unit."""
    found = []
    for first, good in zip(_months(), on_time, strict=True):
        for n in range(OF):
            at = datetime.combine(first, datetime.min.time(), clock.now().tzinfo)
            at += timedelta(days=n % 25, hours=11)
            planned = at - timedelta(minutes=0 if n < good else 90)
            name = f"{unit}-{first:%y%m}-{n}"
            body: dict[str, Any] = {
                "resourceType": "MedicationAdministration", "id": name, "status": "completed",
                "medicationCodeableConcept": {"text": "x"},
                "subject": {"reference": "Patient/kari"},
                "context": {"reference": f"Encounter/visit-{unit}"},
                "effectiveDateTime": at.isoformat(),
                "extension": [{"url": codes.PLANNED_AT, "valueDateTime": planned.isoformat()}],
            }  # fmt: skip
            sent = bodies.parse(orjson.dumps(body))
            found.append(Operation("update", "MedicationAdministration", id=name, body=sent))
    return found


@pytest.fixture
def lead() -> Client:
    """The rollout lead; two places and one beside them, of which the first began five months ago."""
    client = staff_client(BY_ROLE["rollout-lead"])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    register("kari")
    for unit in ("org-5001", "org-5025", "org-5031"):
        put("Organization", unit, name=f"Kommune {unit}")
        put(
            "Encounter", f"visit-{unit}", status="finished",
            **{"class": {"system": codes.ACT_CODE, "code": "HH"}},
            subject={"reference": "Patient/kari"},
            serviceProvider={"reference": f"Organization/{unit}"},
            period={"start": _months()[0].isoformat()},
        )  # fmt: skip
    fill_pathways()
    return client


def _count(*doses: list[Operation]) -> None:
    for each in doses:
        write(SYSTEM, each)
    flatten_all()


def _read(client: Client, **query: str) -> str:
    answer = client.get(PAGE, query)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def test_the_change_is_of_published_figures_and_claimed_no_stronger_than_found(
    lead: Client,
) -> None:
    _count(
        _doses("org-5001", [10, 10, 10, 10, 10, 15, 15, 15, 15]),
        _doses("org-5025", [10] * 9), _doses("org-5031", [10] * 9),
    )  # fmt: skip
    page = _read(lead)
    assert (
        "+25.0 percentage points" in page
    )  # before and after, and against those that have not begun
    assert "There are few places." in page
    assert page.count("plot__outside") == 4
    assert page.count('plot__begins"') == 1
    said = {"text": "Flere på tid", "version": str(_version()), "strength": "attributable"}
    for design, strength, status in (
        ("staggered", "attributable", 422), ("before-after", "plausible", 422),
        ("with-controls", "plausible", 302), ("nonsense", "observed", 422),
    ):  # fmt: skip
        sent = {**said, "design": design, "strength": strength, "version": str(_version())}
        assert lead.post(PAGE, sent).status_code == status, design
    [made] = queries.improvement(SYSTEM.again(), told.KEY).body.claims
    assert made.evidence.improved
    assert "50.0% before, 75.0% after" in made.found
    assert made.evidence.points_before == 3 + 1
    assert "50.0% before, 75.0% after" in lead.get(EFFECT).content.decode()
    with counted() as statements:
        _read(lead, months="36", place="1")
    assert len(statements) <= 20
    assert list(statements.asked_again()) == []


def test_what_is_held_back_is_on_no_page_and_in_no_file(lead: Client) -> None:
    # one of twenty late: nobody is to be told of her
    _count(
        _doses("org-5001", [10, 10, 10, 10, 19, 15, 15, 15, 15]), _doses("org-5025", [10] * 9),
    )  # fmt: skip
    for query in ({}, {"as": "csv"}):
        page = _read(lead, **query)
        assert "95.0" not in page
        assert "0.95" not in page
    assert "held back: few" in _read(lead)
    assert "plot__held" in _read(lead)
    file = _read(lead, **{"as": "csv"})
    assert ";suppressed;few" in file
    assert file.count("\n") == 1 + 3 * 24
    assert lead.get(PAGE, {"as": "xlsx"})["Content-Type"].endswith("sheet")


def test_whose_figures_are_followed_is_said_and_each_organisation_once(lead: Client) -> None:
    flatten_all()
    form = {"do": "watch", "place_0": "Organization/org-5001", "place_1": "", "others": []}
    wrongs: tuple[dict[str, object], ...] = (
        {"place_1": "Organization/org-5001"}, {"others": ["Organization/org-5001"]},
        {"place_0": "Organization/none"},
    )  # fmt: skip
    for wrong in wrongs:
        sent = {**form, "version": str(_version()), **wrong}
        assert lead.post(EFFECT, sent).status_code == 422
    sent = {**form, "version": str(_version()), "others": ["Organization/org-5025"], "worst": "on"}
    assert lead.post(EFFECT, sent).status_code == 302
    found = queries.improvement(SYSTEM.again(), told.KEY).body.watched
    assert found.places == {"Trondheim": "Organization/org-5001"}
    assert (found.others, found.worst) == (("Organization/org-5025",), True)
    assert "chosen for being worst" in _read(lead)


def test_before_anything_is_said_or_counted_the_page_says_so(lead: Client) -> None:
    assert "Come back in a minute" in _read(lead)
    said = {"title": "Ny", "group": "several_chronic", "places": "A; A; B"}
    key = lead.post(reverse("leaders-pathway-new"), said)["Location"].rstrip("/").rpartition("/")[2]
    other = reverse("leaders-pathway-evaluation", args=[key, "LE1"])
    assert "Nobody has said yet" in lead.get(other).content.decode()
    assert lead.post(other, {"text": "x"}).status_code == 404
    assert lead.get(reverse("leaders-pathway-evaluation", args=[key, "LE9"])).status_code == 404


def test_a_leader_reads_and_claims_nothing_and_others_do_not_see_it(lead: Client) -> None:
    del lead
    _count(_doses("org-5001", [10, 10, 10, 10, 10, 15, 15, 15, 15]))
    leader = staff_client(BY_ROLE["unit-leader"])
    page = _read(leader).split("<main")[1].split("</main>")[0]
    assert "<form" not in page
    sent = {
        "text": "x",
        "version": str(_version()),
        "design": "before-after",
        "strength": "observed",
    }
    assert leader.post(PAGE, sent).status_code == 404
    assert staff_client(GP).get(PAGE).status_code == 404
    for odd in ("x", "9" * 40, "-1", "٣"):
        _read(leader, place=odd, months=odd, side=odd)


def _version() -> int:
    return queries.improvement(SYSTEM.again(), told.KEY).version
