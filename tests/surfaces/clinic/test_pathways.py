"""A pathway that a patient follows, on screen: a plan and tasks at both levels, each unit's in its turn."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fellesjournal.access import acts, records
from fellesjournal.access.jobs import call
from fellesjournal.access.sessions import Session, staff_session
from fellesjournal.care.pathways import actions, codes, queries
from fellesjournal.care.pathways.refusals import PathwayRefused, Why
from fellesjournal.config.cli.demo_pathways import fill_pathways
from fellesjournal.demo import pathways as told
from fellesjournal.demo.cast import CITIZENS, STAFF, StaffMember
from fellesjournal.fhir.issues import FhirError, NotFound
from fellesjournal.foundation import clock
from fellesjournal.foundation.outbox.queries import waiting
from fellesjournal.foundation.outbox.worker import handle_all
from fellesjournal.registry.units import UNIT_KIND_SYSTEM
from tests.signing_in import ASLAUG, GP, employ, let_in, put, register
from tests.staff import SYSTEM
from tests.surfaces.statements import counted

BY_ROLE = {member.role: member for member in STAFF}
HOME, WARD, DOCTOR = (
    BY_ROLE["home-care-nurse"],
    BY_ROLE["hospital-nurse"],
    BY_ROLE["hospital-doctor"],
)
OTHER = CITIZENS[1]
PLAN = f"pathway-{told.KEY}"
PATIENT = f"Patient/{ASLAUG.id}"
KINDS = ((HOME, "home-care"), (WARD, "ward"), (GP, "gp-office"))


@pytest.fixture
def gp(db: None) -> Client:
    """Aslaug's GP at work; home care and the ward know nothing of her."""
    del db
    for member in (GP, WARD, BY_ROLE["rollout-lead"], BY_ROLE["unit-leader"], HOME):
        employ(member)
    for member, kind in KINDS:
        put("Organization", member.unit_id, name=member.unit_name, active=True,
            type=[{"coding": [{"system": UNIT_KIND_SYSTEM, "code": kind}]}])  # fmt: skip
    register(generalPractitioner=[{"reference": f"Practitioner/{GP.id}"}])
    fill_pathways()
    handle_all(call)
    return at_work(GP)


def at_work(member: StaffMember) -> Client:
    client = Client()
    let_in(client, member.id, "staff")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def as_(member: StaffMember) -> Session:
    return staff_session(
        practitioner=f"Practitioner/{member.id}", role_id=member.role_id, role=member.role,
        unit=f"Organization/{member.unit_id}",
    )  # fmt: skip


def chosen(**more: Any) -> dict[str, Any]:
    """Ward, home care and GP, in the order in which they first act."""
    return {
        "patient": ASLAUG.id, "version": "1", "once": str(uuid4()),
        "lane_0": f"Organization/{WARD.unit_id}", "lane_1": f"Organization/{HOME.unit_id}",
        "lane_2": f"Organization/{GP.unit_id}", **more,
    }  # fmt: skip


def follow(client: Client, **more: Any) -> int:
    address = reverse("pathway-follow", args=[ASLAUG.id, PLAN])
    return client.post(address, chosen(**more)).status_code


def tasks() -> list[queries.Step]:
    return list(queries.followed_by(SYSTEM.again(), PATIENT)[0].steps)


def told_of(event: str) -> int:
    return sum(each.count for each in waiting() if each.event == event)


def page(client: Client) -> str:
    answer = client.get(reverse("patient-pathways", args=[ASLAUG.id]))
    assert answer.status_code == 200
    return answer.content.decode().split("<main")[1]


def end(client: Client, step: queries.Step, **said: str) -> int:
    form = {"patient": ASLAUG.id, "version": str(step.version), "do": "done", "words": "", **said}
    answer = client.post(reverse("pathway-step-end", args=[ASLAUG.id, step.id]), form)
    return answer.status_code


def test_applying_writes_a_plan_and_tasks_at_both_levels(gp: Client) -> None:
    assert told.TITLE in page(gp)
    assert gp.get(reverse("pathway-follow", args=[ASLAUG.id, PLAN])).status_code == 200
    assert follow(gp) == 302
    steps = tasks()
    assert len(steps) == len(told.DRAWINGS[2].steps)
    owners = {step.owner for step in steps}
    assert owners == {*(f"Organization/{member.unit_id}" for member, _ in KINDS), PATIENT}
    assert [step.status for step in steps] == ["requested", *["draft"] * (len(steps) - 1)]
    shown = page(gp)
    for step in steps:
        assert step.purpose in shown
    assert 'id="begin"' not in shown  # she follows it


def test_what_is_begun_and_ended_is_told_in_the_outbox_once(gp: Client) -> None:
    once = str(uuid4())
    assert [follow(gp, once=once) for _ in range(2)] == [302, 302]
    assert follow(gp) == 422  # refused: nothing is told of it
    assert told_of("pathway-applied") == 1
    handle_all(call)
    assert end(at_work(WARD), tasks()[0]) == 302
    assert told_of("pathway-step-ended") == 1


def test_however_often_it_is_sent_it_is_done_once(gp: Client) -> None:
    once = str(uuid4())
    assert [follow(gp, once=once) for _ in range(3)] == [302] * 3
    assert follow(gp) == 422  # another form, while she follows it
    found = queries.everything(SYSTEM.again(), "CarePlan", [("patient", PATIENT)])
    assert len(found) == 1
    assert len(tasks()) == len(told.DRAWINGS[2].steps)
    plans = queries.everything(
        SYSTEM.again(), "Task", [("code", f"{codes.TASK_CODE}|{codes.STEP}")]
    )
    assert len(plans) == len(tasks())


def test_each_unit_gets_its_step_and_the_record_in_its_turn_and_not_before(gp: Client) -> None:
    ward, home = at_work(WARD), at_work(HOME)
    assert follow(gp) == 302
    handle_all(call)
    assert [each.step.purpose for each in queries.unit_steps(as_(WARD))] == [tasks()[0].purpose]
    assert queries.unit_steps(as_(HOME)) == []
    with pytest.raises(NotFound):
        records.read(as_(HOME), "Patient", ASLAUG.id)
    listed = ward.get(reverse("pathway-steps")).content.decode()
    assert tasks()[0].purpose in listed
    assert ASLAUG.family in listed
    assert end(ward, tasks()[0]) == 302
    handle_all(call)
    day = home.get(reverse("home-care-day")).content.decode()
    assert "2 steps of pathways await the unit" in day
    mine = {each.step.purpose for each in queries.unit_steps(as_(HOME))}
    assert mine == {"Sende det vi vet hjemmefra", "Se sykehusets plan dag for dag"}
    assert "Sende det vi vet hjemmefra" in home.get(reverse("pathway-steps")).content.decode()
    assert page(home).count('value="left-out"') == 2
    assert queries.unit_steps(as_(WARD)) == []


def test_a_unit_ends_its_own_steps_and_no_others(gp: Client) -> None:
    assert follow(gp) == 302
    assert page(gp).count('value="left-out"') == 0
    assert end(gp, tasks()[0]) == 404  # the ward's
    assert end(gp, tasks()[5]) == 409  # her own, whose turn it is not
    assert {step.status for step in tasks()[1:]} == {"draft"}
    assert tasks()[0].status == "requested"
    ward = at_work(WARD)
    assert end(ward, tasks()[0], patient="cast-other") == 409
    assert end(ward, tasks()[0], version="9") == 409
    assert end(ward, tasks()[0], do="left-out") == 409  # no reason
    assert end(ward, tasks()[0], do="left-out", words="Reiser hjem i dag") == 302
    assert tasks()[0].ended_by == WARD.name
    assert (tasks()[0].status, tasks()[0].words) == ("cancelled", "Reiser hjem i dag")
    handle_all(call)
    assert tasks()[1].status == "requested"


def test_when_every_step_has_ended_the_plan_is_complete_and_may_be_followed_again(
    gp: Client,
) -> None:
    assert follow(gp) == 302
    for _ in range(len(tasks())):
        for step in tasks():
            if step.is_open:
                owner = next((m for m, _ in KINDS if step.owner.endswith(m.unit_id)), GP)
                actions.end_step(
                    as_(owner), patient=PATIENT, step_id=step.id, seen=step.version, done=True,
                    words="",
                    by_name="",
                )  # fmt: skip
        handle_all(call)
    assert {step.status for step in tasks()} == {"completed"}
    assert queries.followed_by(SYSTEM.again(), PATIENT)[0].status == "completed"
    assert follow(gp) == 302


def test_a_pathway_is_stopped_with_a_reason_and_nothing_is_left_open(gp: Client) -> None:
    assert follow(gp) == 302
    plan = queries.followed_by(SYSTEM.again(), PATIENT)[0]
    address = reverse("pathway-stop", args=[ASLAUG.id, plan.id])
    said = {"patient": ASLAUG.id, "version": str(plan.version), "words": ""}
    assert gp.post(address, said).status_code == 409
    assert gp.post(address, {**said, "words": "Flyttet"}).status_code == 302
    assert {step.status for step in tasks()} == {"cancelled"}
    assert queries.unit_steps(as_(WARD)) == []
    assert gp.post(address, {**said, "words": "Flyttet"}).status_code == 409
    assert follow(gp) == 302


@pytest.mark.parametrize(
    "wrong",
    [
        {"lane_0": ""}, {"lane_0": f"Organization/{HOME.unit_id}"}, {"lane_1": "Organization/none"},
        {"version": "0"}, {"version": ""},
    ],
)  # fmt: skip
def test_nothing_is_made_without_a_unit_of_its_level_for_each_who_acts(
    gp: Client, wrong: dict[str, str]
) -> None:
    assert follow(gp, **wrong) == 422
    assert queries.everything(SYSTEM.again(), "CarePlan", [("patient", PATIENT)]) == []


def test_the_action_itself_trusts_no_owner_it_is_given(gp: Client) -> None:
    del gp
    patient, _ = acts.read(as_(GP), "Patient", ASLAUG.id)
    plan = queries.pathway(as_(GP), PLAN)
    everybody_s = dict.fromkeys(plan.lanes, f"Organization/{HOME.unit_id}")
    with pytest.raises(PathwayRefused) as found:
        actions.follow(
            as_(GP), patient=patient, plan_id=PLAN, version="1", owners=everybody_s,
            form=str(uuid4()), by_name="",
        )  # fmt: skip
    assert found.value.why is Why.NO_OWNER
    assert set(found.value.about) == {told.WARD, told.GP}


def test_who_does_not_know_the_patient_begins_nothing(gp: Client) -> None:
    del gp
    stranger = at_work(WARD)
    assert follow(stranger) == 404
    assert queries.everything(SYSTEM.again(), "CarePlan", [("patient", PATIENT)]) == []
    patient, _ = acts.read(SYSTEM.again(), "Patient", ASLAUG.id)
    with pytest.raises(FhirError):
        actions.follow(
            as_(WARD), patient=patient, plan_id=PLAN, version="1", form=str(uuid4()), by_name="",
            owners={told.WARD: f"Organization/{WARD.unit_id}", told.GP: f"Organization/{GP.unit_id}",
                    told.HOME: f"Organization/{HOME.unit_id}"},
        )  # fmt: skip
    assert queries.everything(SYSTEM.again(), "CarePlan", [("patient", PATIENT)]) == []


def test_a_pathway_that_is_not_there_is_no_page(gp: Client) -> None:
    for plan in ("none", "pathway-none"):
        address = reverse("pathway-follow", args=[ASLAUG.id, plan])
        assert gp.get(address).status_code == 404
        assert gp.post(address, chosen()).status_code == 404


def test_what_a_closed_unit_was_to_do_becomes_the_unit_s_above_it(gp: Client) -> None:
    assert follow(gp) == 302
    handle_all(call)
    put("Organization", "trust", name="Helseforetaket", active=True)
    put("Organization", WARD.unit_id, name=WARD.unit_name, active=False,
        partOf={"reference": "Organization/trust"})  # fmt: skip
    handle_all(call)
    assert tasks()[0].owner == "Organization/trust"
    assert tasks()[0].owner_name == "Helseforetaket"


def test_what_is_late_is_told_to_the_unit_and_its_leader_who_opens_no_record(gp: Client) -> None:
    leader = BY_ROLE["unit-leader"]  # of home care
    assert follow(gp) == 302
    assert end(at_work(WARD), tasks()[0]) == 302
    handle_all(call)
    client = at_work(leader)
    listed = client.get(reverse("pathway-steps")).content.decode()
    assert "Sende det vi vet hjemmefra" in listed
    assert reverse("patient-pathways", args=[ASLAUG.id]) not in listed
    assert "are late" not in listed
    assert client.get(reverse("patient-pathways", args=[ASLAUG.id])).status_code == 404
    with clock.at(clock.now() + timedelta(days=5)):
        assert all(each.step.is_late for each in queries.unit_steps(as_(leader)))
        assert [each.step.is_late for each in queries.unit_steps(as_(HOME))] == [True, True]


def test_a_step_or_a_plan_of_one_patient_is_not_ended_on_the_page_of_another(gp: Client) -> None:
    register(OTHER, generalPractitioner=[{"reference": f"Practitioner/{GP.id}"}])
    address = reverse("pathway-follow", args=[OTHER.id, PLAN])
    assert follow(gp) == gp.post(address, chosen(patient=OTHER.id)).status_code == 302
    ward = at_work(WARD)
    assert len(queries.unit_steps(as_(WARD))) == 2
    said = {"patient": OTHER.id, "version": "1", "do": "done", "words": "x"}
    step, plan = tasks()[0], queries.followed_by(SYSTEM.again(), PATIENT)[0]
    for name, key in (("pathway-step-end", step.id), ("pathway-stop", plan.id)):
        assert ward.post(reverse(name, args=[OTHER.id, key]), said).status_code == 404
    assert tasks()[0].status == "requested"
    assert queries.followed_by(SYSTEM.again(), PATIENT)[0].status == "active"


def test_the_list_holds_as_many_rows_as_it_and_the_bar_say(gp: Client) -> None:
    assert follow(gp) == 302
    ward = at_work(WARD)
    shown = ward.get(reverse("pathway-steps")).content.decode()
    assert ward.get(reverse("waiting")).json()[reverse("pathway-steps")]["n"] == 1
    [count] = re.findall(r'panel__count">(\d+)<', shown)
    assert int(count) == shown.split("<tbody>")[1].count("<tr>") == 1


def test_pages_of_followed_pathways_ask_the_database_little(gp: Client) -> None:
    assert follow(gp) == 302
    for address in (
        reverse("patient-pathways", args=[ASLAUG.id]), reverse("pathway-steps"),
        reverse("pathway-follow", args=[ASLAUG.id, PLAN]),
    ):  # fmt: skip
        with counted() as statements:
            assert gp.get(address).status_code == 200
        assert len(statements) <= 20, "\n".join(s[:150] for s in statements.statements)
