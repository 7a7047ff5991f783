"""INV-4 and INV-6: who can receive, asked before anything is signed, and who is offered first."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fellesjournal.access.directory.systems import MESSAGE_TYPE, PARTICIPATION
from fellesjournal.access.directory.systems import OUTSIDER as OUTSIDER_CODE
from fellesjournal.care.referrals import codes
from fellesjournal.care.referrals.actions import (
    NotYours,
    end_wait,
    receive_status,
    reject_referral,
    send_referral,
)
from fellesjournal.care.referrals.jobs import find_breaches
from fellesjournal.care.referrals.queries import worklist
from fellesjournal.care.referrals.receivers import (
    CannotReceive,
    Inability,
    LeavesEntity,
    Nearness,
    inability_of,
    receiver_for,
    receivers,
)
from fellesjournal.care.referrals.states import State
from fellesjournal.foundation import clock
from tests.care.referrals.world import (
    CARE_BY,
    KNEE,
    MONDAY,
    ORTHO,
    World,
    later,
    seen,
    service,
    stands,
    tasks,
)
from tests.staff import SYSTEM, employ, put, register

OUTSIDER = {"tag": [{"system": PARTICIPATION, "code": OUTSIDER_CODE}]}
HER = [{"system": codes.HER_ID, "value": "8000001"}]
MUNICIPALITY = (
    "https://register.geonorge.no/subregister/sosi-kodelister/kartverket/kommunenummer-alle"
)


FAULTS = (
    "service closed", "unit closed", "no own address", "no entity address", "endpoint off",
    "other version", "other message", "not begun", "over", "no endpoint",
)  # fmt: skip


def endpoint(**more: Any) -> dict[str, Any]:
    """An address that reads referrals."""
    message = {"system": MESSAGE_TYPE, "code": codes.REFERRAL_MESSAGE}
    return {
        "status": "active",
        "connectionType": {"system": "urn:x", "code": "ebxml"},
        "payloadType": [{"coding": [message | {"version": codes.REFERRAL_MESSAGE_VERSION}]}],
        "address": "urn:x",
        **more,
    }


def at_municipality(number: str) -> list[dict[str, Any]]:
    """An address in a municipality."""
    coding = {"system": MUNICIPALITY, "code": number}
    extension = [{"url": "http://x.example/municipalitycode", "valueCoding": coding}]
    return [{"district": "x", "_district": {"extension": extension}}]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    faults=st.one_of(st.sets(st.sampled_from(FAULTS), max_size=1), st.sets(st.sampled_from(FAULTS))),
    outside=st.booleans(),
)  # fmt: skip
def test_inv_4_nothing_is_signed_to_one_who_cannot_receive(
    world: World,
    faults: set[str],
    outside: bool,  # noqa: FBT001 - drawn by hypothesis
) -> None:
    """Random capabilities: sent exactly when able; otherwise blocked, with alternatives."""
    now = clock.now()
    message = {"system": MESSAGE_TYPE, "code": codes.REFERRAL_MESSAGE,
               "version": codes.REFERRAL_MESSAGE_VERSION}  # fmt: skip
    said = endpoint(
        status="off" if "endpoint off" in faults else "active",
        payloadType=[{"coding": [
            message
            | ({"version": "1.1"} if "other version" in faults else {})
            | ({"code": "EPIKRISE"} if "other message" in faults else {})
        ]}],
        period={
            **({"start": (now + timedelta(days=1)).isoformat()} if "not begun" in faults else {}),
            **({"end": (now - timedelta(days=1)).isoformat()} if faults >= {"over"}
               and "not begun" not in faults else {}),
        } or {"start": "2020-01-01"},
    )  # fmt: skip
    put("Endpoint", "e", **said)
    own: dict[str, Any] = {} if "no own address" in faults else {"identifier": HER}
    named: dict[str, Any] = (
        {} if "no endpoint" in faults else {"endpoint": [{"reference": "Endpoint/e"}]}
    )
    service("other", "other", active="service closed" not in faults, **own, **named)
    entity = {} if "no entity address" in faults else {"identifier": HER}
    kind = {"meta": OUTSIDER} if outside else {}
    put("Organization", "other", name="Other", active="unit closed" not in faults, **entity, **kind)
    closed = bool(faults & {"service closed", "unit closed"})
    able = not closed and (not outside or not faults)
    before = len(tasks(codes.REFERRAL_TASK))
    if able:
        sent = send_referral(
            world.gp, patient="Patient/kari", content=KNEE, receiver="HealthcareService/other"
        )
        owner = "Organization/gp-office" if outside else "Organization/other"
        assert stands(sent).work.owner == owner
    else:
        with pytest.raises(CannotReceive) as refused:
            send_referral(
                world.gp, patient="Patient/kari", content=KNEE, receiver="HealthcareService/other"
            )
        assert [each.reference for each in refused.value.alternatives] == [ORTHO]
        assert refused.value.inability is not None
    assert len(tasks(codes.REFERRAL_TASK)) == before + able


def test_a_receiver_that_is_not_there_is_refused_with_alternatives(world: World) -> None:
    with pytest.raises(CannotReceive) as refused:
        receiver_for(world.gp, "HealthcareService/none")
    assert [each.reference for each in refused.value.alternatives] == [ORTHO]


def test_capability_is_what_stands_now_not_when_the_page_was_opened(world: World) -> None:
    assert receiver_for(world.gp, ORTHO).inability is None
    service("ortho", "office", active=False)
    with pytest.raises(CannotReceive):
        send_referral(world.gp, patient="Patient/kari", content=KNEE, receiver=ORTHO)


def test_a_service_whose_unit_is_unknown_cannot_receive() -> None:
    assert inability_of({"active": True}, {}, {}, []) is Inability.CLOSED


def test_inv_6_the_own_organisation_comes_first_and_then_the_nearest(world: World) -> None:
    """Look-alike names in other places never come first, whatever the alphabet says."""
    places = {
        "gp-office": "5001",
        "near": "5001",
        "region": "5025",
        "county": "5035",
        "far": "1508",
    }
    for unit, number in places.items():
        put("Organization", unit, name=f"Unit {unit}", address=at_municipality(number))
        service(f"s-{unit}", unit, name=f"{'A' * len(unit)} orthopaedic clinic")
    found = receivers(world.gp, "orthopaedic")
    assert [each.nearness for each in found] == sorted(each.nearness for each in found)
    assert found[0].unit == "Organization/gp-office"
    by_unit = {each.unit: each.nearness for each in found}
    assert by_unit["Organization/near"] is Nearness.SAME_MUNICIPALITY
    assert by_unit["Organization/county"] is Nearness.SAME_COUNTY
    assert by_unit["Organization/far"] is Nearness.ELSEWHERE


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(names=st.lists(st.text("ab ", min_size=1, max_size=6), min_size=2, max_size=4, unique=True))
def test_inv_6_no_name_puts_another_entity_before_the_own(world: World, names: list[str]) -> None:
    for turn, name in enumerate(names):
        put("Organization", f"other-{turn}", name="Other")
        service(f"like-{turn}", f"other-{turn}", name=f"{name}x")
    service("own", "gp-office", name="zzz")
    assert receivers(world.gp)[0].is_own_entity


def test_inv_6_an_internal_referral_leaves_the_organisation_only_when_that_is_meant(
    world: World,
) -> None:
    put("Organization", "elsewhere", name="Elsewhere")
    service("like", "elsewhere", "Orthopaedic clinic")
    put("Organization", "ward", name="Ward", partOf={"reference": "Organization/hospital"})
    doctor = employ("anders", unit="ward")
    put("Organization", "ward", name="Ward", partOf={"reference": "Organization/hospital"})
    register("per", "Organization/ward")
    send = partial(send_referral, doctor, patient="Patient/per", content=KNEE)
    with pytest.raises(LeavesEntity):
        send(receiver="HealthcareService/like")
    assert tasks(codes.REFERRAL_TASK) == []
    assert send(receiver="HealthcareService/like", leaves_entity=True)
    assert send(receiver=ORTHO)


def test_words_are_looked_for_in_names_of_service_unit_and_entity(world: World) -> None:
    assert [each.name for each in receivers(world.gp, "ortho TRUST")] == ["Orthopaedic clinic"]
    assert receivers(world.gp, "skin") == []


def test_what_went_by_message_is_followed_by_its_sender_and_decided_elsewhere(
    world: World,
) -> None:
    """INV-1, INV-13: owned until a day, and nothing is said to be received."""
    put("Endpoint", "e", **endpoint())
    put("Organization", "other", name="Other", identifier=HER, meta=OUTSIDER)
    service("other", "other", identifier=HER, endpoint=[{"reference": "Endpoint/e"}])
    other = "HealthcareService/other"
    sent = send_referral(world.gp, patient="Patient/kari", content=KNEE, receiver=other)
    world.again()
    case = stands(sent)
    assert case.work.by_message
    assert case.referral.received is None
    found = worklist(world.gp)
    assert [row.work.referral for row in found.followed] == [sent]
    assert found.to_assess == ()
    with pytest.raises(NotYours):
        reject_referral(world.gp, referral_id=sent, seen=seen(sent), reason="Not mine to say")
    with clock.at(later(60)):
        find_breaches(SYSTEM)
        assert worklist(world.gp).followed[0].work.is_late
    assert tasks(codes.HELFO_TASK) == []


def test_the_status_of_a_receiver_elsewhere_moves_what_we_sent(world: World) -> None:
    """INV-16: a referral to an outsider is followed to its end by messages alone."""
    put("Endpoint", "e", **endpoint())
    put("Organization", "other", name="Other", identifier=HER, meta=OUTSIDER)
    service("other", "other", identifier=HER, endpoint=[{"reference": "Endpoint/e"}])
    other = "HealthcareService/other"
    sent = send_referral(world.gp, patient="Patient/kari", content=KNEE, receiver=other)
    receive_status(SYSTEM, referral_id=sent, code="11", text="Try exercise")
    assert stands(sent).referral.state is State.TO_ASSESS
    assert "Try exercise" in stands(sent).referral.additions[0].text
    for _ in range(2):
        receive_status(SYSTEM, referral_id=sent, code="2", received=MONDAY.date(), care_by=CARE_BY)
        case = stands(sent)
        assert (case.referral.state, case.work.deadline) == (State.WAITING, CARE_BY)
        assert case.referral.received == MONDAY.date()
    receive_status(SYSTEM, referral_id=sent, code="1")
    assert stands(sent).referral.state is State.CALLED_IN
    receive_status(SYSTEM, referral_id=sent, code="4", text="Too late to say no")
    assert stands(sent).referral.state is State.CALLED_IN
    world.again()
    end_wait(world.gp, referral_id=sent, seen=seen(sent), code="1")
    assert stands(sent).referral.state is State.ENDED
