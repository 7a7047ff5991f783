"""Home follow-up as staff meet it: agreeing, the worklist, closing, and what the leader sees."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client

from fellesjournal.access import acts, citizens, jobs
from fellesjournal.access.acts import act, change
from fellesjournal.access.sessions import staff_session
from fellesjournal.care.remote_follow_up.actions import send_reading
from fellesjournal.care.remote_follow_up.agreeing import start_follow_up
from fellesjournal.care.remote_follow_up.finding import plans_of
from fellesjournal.care.remote_follow_up.jobs import find_missing
from fellesjournal.care.remote_follow_up.tasks import escalated
from fellesjournal.demo.cast_staff import STAFF
from fellesjournal.foundation import clock
from fellesjournal.foundation.outbox import worker
from tests.care.remote_follow_up.following import rows, terms
from tests.signing_in import ASLAUG, GP, put, register, staff_client
from tests.staff import SYSTEM

LEADER = next(member for member in STAFF if member.role == "unit-leader")
NURSE = next(member for member in STAFF if member.role == "home-care-nurse")
HERS = f"Patient/{ASLAUG.id}"
ALL = f"/patients/{ASLAUG.id}/follow-up/"


@pytest.fixture
def gp(db: None) -> Client:
    """A GP at work with Aslaug and Kari on the list."""
    del db
    client = staff_client(GP)
    on_list = [{"reference": f"Practitioner/{GP.id}"}]
    register(generalPractitioner=on_list)
    put("Patient", "kari", name=[{"family": "Prøve"}], generalPractitioner=on_list)
    client.cookies["language"] = "en"
    return client


def agree(gp: Client, **more: str) -> Any:
    fields = {
        "patient": ASLAUG.id, "blood-pressure-often": "1/1", "systolic-high": "140",
        "diastolic-high": "90", "owner": f"Practitioner/{GP.id}", "looked_at_within": "1",
        "ends": (clock.today() + timedelta(days=30)).isoformat(), **more,
    }  # fmt: skip
    return gp.post(f"{ALL}new/", fields)


def measure(high: int, low: int = 80, *, key: str = "k") -> None:
    send_reading(
        citizens.citizen(ASLAUG.id),
        measured={"systolic": Decimal(high), "diastolic": Decimal(low)},
        at=clock.now(),
        key=f"{key}-{high}",
    )
    worker.handle_all(jobs.call)


def waiting(client: Client) -> list[str]:
    page = client.get("/readings/").content.decode()
    return re.findall(r'<th scope="row"><a href="/patients/([^/]+)/follow-up/', page)


def close(gp: Client, **said: str) -> Any:
    page = gp.get(ALL).content.decode()
    tasks = re.findall(r'name="task" value="([^"]*)"', page)
    return gp.post(f"{ALL}done/", {"patient": ASLAUG.id, "task": tasks, **said})


def test_from_agreement_to_a_closed_row(gp: Client) -> None:
    assert "watched by nobody" in gp.get(ALL).content.decode()
    form = gp.get(f"{ALL}new/").content.decode()
    assert 'value="140"' not in form  # no limit is suggested
    assert agree(gp).status_code == 302
    page = gp.get(ALL).content.decode()
    assert "once a day" in page
    assert "at most 140 mmHg" in page
    measure(165)
    assert waiting(gp) == [ASLAUG.id]
    page = gp.get("/readings/").content.decode()
    assert "(1)" in page.partition("</title>")[0]
    assert "Nothing is waiting" not in page
    assert close(gp, outcome="contacted", words="Ringt").status_code == 302
    assert waiting(gp) == []
    assert rows() == []


def test_doing_nothing_needs_a_reason(gp: Client) -> None:
    agree(gp)
    measure(165)
    assert close(gp, outcome="no-action").status_code == 422
    assert close(gp).status_code == 422
    assert len(rows()) == 1
    assert close(gp, outcome="no-action", words="Målt etter trapp").status_code == 302
    assert rows() == []


def test_of_several_rows_only_those_ticked_are_closed_and_none_is_ticked_beforehand(
    gp: Client,
) -> None:
    agree(gp)
    measure(165)
    assert len(re.findall(r'name="task" [^>]* checked', gp.get(ALL).content.decode())) == 1
    measure(170)
    page = gp.get(ALL).content.decode()
    assert not re.search(r'name="task" [^>]* checked', page)
    (first, _second) = re.findall(r'name="task" value="([^"]*)"', page)
    fields = {"patient": ASLAUG.id, "outcome": "contacted"}
    assert gp.post(f"{ALL}done/", fields).status_code == 422
    assert len(rows()) == 2
    answer = gp.post(f"{ALL}done/", {**fields, "task": first})
    assert answer["Location"] == ALL
    assert len(rows()) == 1
    assert close(gp, outcome="contacted")["Location"] == "/readings/"
    assert f'closed: <a class="ds-link" href="{ALL}">' in gp.get("/readings/").content.decode()


def test_what_has_changed_since_the_page_was_opened_is_not_closed(gp: Client) -> None:
    agree(gp)
    measure(165)
    tasks = re.findall(r'name="task" value="([^"]*)"', gp.get(ALL).content.decode())
    assert close(gp, outcome="contacted").status_code == 302
    again = gp.post(f"{ALL}done/", {"patient": ASLAUG.id, "task": tasks, "outcome": "contacted"})
    assert again.status_code == 409


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("blood-pressure-often", "", "Choose how often"),
        ("systolic-high", "1400", "Write a number"),
        ("systolic-high", "399", "be a measurement"),
        ("systolic-low", "150", "not below the upper"),
        ("owner", "", "Fill in"),
        ("looked_at_within", "", "Fill in"),
        ("ends", "2001-01-01", "Choose a day from today"),
        ("ends", "x", "Enter a valid date"),
        ("owner", "Practitioner/somebody-else", "Select a valid choice"),
    ],
)
def test_terms_that_can_not_be_are_refused_at_their_field(
    gp: Client, field: str, value: str, words: str
) -> None:
    answer = agree(gp, **{field: value})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert plans_of(SYSTEM, HERS) == []


def test_a_follow_up_without_any_limit_is_refused(gp: Client) -> None:
    answer = agree(gp, **{"systolic-high": "", "diastolic-high": ""})
    assert answer.status_code == 422
    assert "watched by nobody" in answer.content.decode()


def test_terms_are_changed_and_ended(gp: Client) -> None:
    agree(gp)
    (plan,) = plans_of(SYSTEM, HERS)
    change = f"{ALL}{plan.id}/change/"
    assert 'value="140"' in gp.get(change).content.decode()
    fields = {
        "patient": ASLAUG.id, "version": str(plan.version), "blood-pressure-often": "3/7",
        "systolic-high": "150", "owner": f"Practitioner/{GP.id}", "looked_at_within": "2",
        "ends": (clock.today() + timedelta(days=30)).isoformat(),
    }  # fmt: skip
    assert gp.post(change, fields).status_code == 302
    assert gp.post(change, fields).status_code == 422  # a version that stands no more
    (after,) = plans_of(SYSTEM, HERS)
    assert (after.agreed[0].times, after.agreed[0].days) == (3, 7)
    end = {"patient": ASLAUG.id, "version": str(after.version)}
    assert gp.post(f"{ALL}{plan.id}/end/", end).status_code == 422
    assert gp.post(f"{ALL}{plan.id}/end/", {**end, "reason": "Ferdig"}).status_code == 302
    assert plans_of(SYSTEM, HERS)[0].status == "completed"


def test_inv_44_terms_from_another_patients_page_are_refused(gp: Client) -> None:
    assert agree(gp, patient="kari").status_code == 409
    assert plans_of(SYSTEM, HERS) == []
    assert plans_of(SYSTEM, "Patient/kari") == []


def test_a_row_of_another_patient_is_not_closed_from_this_page(gp: Client) -> None:
    agree(gp)
    measure(165)
    (work,) = rows()
    answer = gp.post(
        "/patients/kari/follow-up/done/",
        {"patient": "kari", "task": f"{work.id}:{work.version}", "outcome": "contacted"},
    )
    assert answer.status_code == 404
    assert len(rows()) == 1


def test_the_leader_sees_whom_a_late_row_is_about_and_no_number_and_gives_it_on(
    gp: Client,
) -> None:
    nurse, leader = staff_client(NURSE), staff_client(LEADER)
    put("EpisodeOfCare", "service", status="active", patient={"reference": HERS},
        managingOrganization={"reference": f"Organization/{NURSE.unit_id}"})  # fmt: skip
    leader.cookies["language"] = "en"
    agree(nurse, owner=f"Practitioner/{NURSE.id}")
    measure(165)
    page = leader.get("/readings/").content.decode()
    assert "No measurement awaits you" in page  # it is not late yet
    (work,) = rows()
    assert work.deadline is not None
    act(SYSTEM, [change(escalated(acts.read(SYSTEM, "Task", work.id)[0]), seen=work.version)])
    page = leader.get("/readings/").content.decode()
    assert ASLAUG.family in page
    assert "165" not in page
    assert "Blood pressure" not in page
    assert leader.get(ALL).status_code in {403, 404}
    (work,) = rows()
    give = f"/readings/{work.id}/give/"
    assert gp.post(give, {"version": str(work.version), "to": work.owner}).status_code == 404
    leader.post(give, {"version": "1", "to": f"Practitioner/{NURSE.id}"})  # not the version shown
    assert rows()[0].version == work.version
    answer = leader.post(give, {"version": str(work.version), "to": f"Practitioner/{NURSE.id}"})
    assert answer.status_code == 302
    assert rows()[0].version == work.version + 1


def test_the_pages_keep_to_their_budget_of_queries(
    gp: Client, django_assert_max_num_queries: Any
) -> None:
    agree(gp)
    for number in range(8):
        measure(150 + number, key=str(number))
    (plan,) = plans_of(SYSTEM, HERS)
    for address in ("/readings/", ALL, f"{ALL}new/", f"{ALL}{plan.id}/change/"):
        with django_assert_max_num_queries(20):
            assert gp.get(address).status_code == 200, address


def test_staff_without_a_ground_find_nothing(gp: Client) -> None:
    agree(gp)
    measure(165)
    del gp
    other = next(m for m in STAFF if m.role == "hospital-nurse")
    stranger = staff_client(other)
    assert stranger.get(ALL).status_code in {403, 404}
    assert waiting(stranger) == []


def test_what_did_not_come_is_a_row_with_its_day_and_is_closed_like_any_other(gp: Client) -> None:
    with clock.at(clock.now() - timedelta(days=3)):
        doctor = staff_session(practitioner=f"Practitioner/{GP.id}", role_id=GP.role_id,
                               role=GP.role, unit=f"Organization/{GP.unit_id}")  # fmt: skip
        start_follow_up(doctor, patient=HERS, terms=terms(owner=GP.id))
    find_missing(SYSTEM)
    assert "did not come" in gp.get("/readings/").content.decode()
    assert "did not come" in gp.get(ALL).content.decode()
    assert close(gp, outcome="contacted").status_code == 302
    assert rows() == []


def note(gp: Client, **measured: str) -> str:
    said = {"patient": ASLAUG.id, "do": "vitals", **measured}
    return unescape(
        gp.post(f"/patients/{ASLAUG.id}/note-down/", said, follow=True).content.decode()
    )


def test_the_receipt_of_what_staff_measured_says_when_it_is_outside_what_was_agreed(
    gp: Client,
) -> None:
    assert "Outside the agreed limit" not in note(gp, systolic="168", diastolic="80")
    agree(gp)
    receipt = note(gp, systolic="168", diastolic="90", pulse="88")  # a limit itself is within
    said = "Outside the agreed limit: Blood pressure, upper 168, at most 140. Nobody is alerted"
    assert said in receipt
    unit, _ = acts.read(SYSTEM, "Organization", GP.unit_id)
    phone = {"system": "phone", "value": "73000000"}
    put("Organization", GP.unit_id, **{
        key: value for key, value in (unit | {"telecom": [phone]}).items()
        if key not in {"id", "meta", "resourceType"}
    })  # fmt: skip
    assert ", 73000000, or who is on duty" in note(gp, systolic="168", diastolic="90")
    assert re.search(f"tell ({GP.name}|{GP.unit_name}), or who is on duty", receipt)
    worker.handle_all(jobs.call)
    assert waiting(gp) == []  # as it says: nobody is alerted
    assert "Outside the agreed limit" not in note(gp, systolic="138", diastolic="80")
    with clock.at(clock.now() + timedelta(days=31)):  # the follow-up is over
        assert "Outside the agreed limit" not in note(staff_client(GP), systolic="168")
