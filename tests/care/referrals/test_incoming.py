"""National referral messages become referrals here: INV-15 and INV-16 with the national examples."""

from __future__ import annotations

import base64
from itertools import permutations
from pathlib import Path

import pytest

from fellesjournal.care.referrals.actions.case import search_all
from fellesjournal.care.referrals.incoming import NoReferral, message_of
from fellesjournal.care.referrals.jobs import on_referral_message
from fellesjournal.care.referrals.queries import worklist
from fellesjournal.care.referrals.resources import identifier_query
from fellesjournal.care.referrals.states import State
from tests.care.referrals.world import World, stands
from tests.staff import SYSTEM, put

NEW = "Henvisning_ny_tilstand_v2-0_Ny.xml"
CHANGE = "Henvisning_ny_tilstand_v2-0_Endring.xml"
CANCEL = "Henvisning_ny_tilstand_v2-0_Kansellering.xml"
OLD = "henvisning_v1.1_n.xml"
KEY = "cf4efb50-3198-11e8-b566-0800200c9a66"


def read_example(shared_data: Path, name: str) -> bytes:
    """A national example."""
    return (shared_data / "norway/messages/henvisning" / name).read_bytes()


def arrive(data: bytes, turn: int) -> None:
    """A message that the delivery engine has taken in, and tells of."""
    put(
        "DocumentReference", f"message-{turn}", status="current",
        subject={"reference": "Patient/kari"},
        content=[
            {"attachment": {"contentType": "text/plain", "data": "eA=="}},
            {"attachment": {"contentType": "application/xml",
                            "data": base64.b64encode(data).decode()}},
        ],
    )  # fmt: skip
    on_referral_message(
        SYSTEM,
        {
            "document": f"DocumentReference/message-{turn}",
            "patient": "Patient/kari",
            "unit": "Organization/office",
            "sender": "Organization/outside",
        },
    )


@pytest.fixture(autouse=True)
def outside(world: World) -> World:
    """The office, and a referring office on another system."""
    put("Organization", "outside", name="Outside office")
    return world


def the_one() -> str:
    """The id of the one referral with the examples' key."""
    (found,) = search_all(SYSTEM, "ServiceRequest", [("identifier", identifier_query(KEY))])
    return str(found[0]["id"])


def test_a_national_referral_is_on_the_worklist_with_what_it_says(
    world: World, shared_data: Path
) -> None:
    arrive(read_example(shared_data, NEW), 1)
    world.again()
    (row,) = worklist(world.doctor).to_assess
    assert row.referral is not None
    content = row.referral.content
    assert content.diagnosis_code == "L88"
    assert content.what.startswith("Stadig dårligere denne vinteren")
    assert "Cave-opplysninger: Registrert 13-03-04" in content.history
    assert "Prednisolon, tablett 2,5mg" in content.history
    assert row.referral.receiver == "HealthcareService/ortho"
    assert row.referral.referring_unit_name == "Outside office"


def test_inv_15_the_national_examples_end_alike_in_every_order(shared_data: Path) -> None:
    """New, change and cancellation of the examples carry the same time, and arrive in any order."""
    ends = []
    for order in permutations([NEW, CHANGE, CANCEL]):
        for turn, name in enumerate(order):
            arrive(read_example(shared_data, name), turn)
        case = stands(the_one())
        ends.append((case.referral.state, case.referral.content, case.work.is_open))
        put("ServiceRequest", case.referral.id, status="entered-in-error", intent="order",
            subject={"reference": "Patient/kari"})  # fmt: skip
        # the next round begins without it
    assert len(set(ends)) == 1
    assert ends[0][0] is State.CANCELLED
    assert "25 mg" in ends[0][1].history


def test_version_1_1_is_read_as_well(shared_data: Path) -> None:
    message = message_of(
        read_example(shared_data, OLD), patient="Patient/kari", service="Organization/office",
        office="Organization/office", sender="Organization/outside",
    )  # fmt: skip
    assert message.content is not None
    assert message.content.urgency == "urgent"
    assert message.content.what == "Vurdering, evt. gode råd"


def test_another_kind_of_message_is_no_referral(shared_data: Path) -> None:
    folder = shared_data / "norway/messages"
    dialogue = next(path for path in sorted(folder.rglob("*.xml")) if "ialog" in path.name)
    with pytest.raises(NoReferral):
        message_of(
            dialogue.read_bytes(), patient="Patient/kari", service="Organization/office",
            office="Organization/office", sender="Organization/outside",
        )  # fmt: skip
