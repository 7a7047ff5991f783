"""INV-1, 2, 5, 8 and 16 over a network that drops, doubles, delays and reorders: every kind."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from fellesjournal.access import acts, records
from fellesjournal.care.messages import queries
from fellesjournal.care.messages.kinds import NATIONAL, Kind
from fellesjournal.care.messages.outside.receiving import take_in_all
from fellesjournal.care.messages.resources import MESSAGE_SYSTEM
from fellesjournal.care.messages.states import Route, State
from fellesjournal.care.referrals.actions.case import load, search_all
from fellesjournal.care.referrals.codes import REFERRAL_TASK, TASK_CODE
from fellesjournal.foundation import clock
from fellesjournal.national.answers import heading_of
from fellesjournal.national.kinds import read_message
from fellesjournal.national.receipts import read_receipt
from tests.care.messages.outsider import Network, Outsider
from tests.care.messages.region import (
    NUMBER,
    Region,
    deliveries,
    lives_in,
    patient,
    region,
    unit,
    work,
)
from tests.care.messages.test_referring_outside import from_outside
from tests.care.messages.test_stays_outside import (
    leave,
    notice_from_outside,
    summary_from_outside,
)
from tests.staff import SYSTEM, employ

WENT = {Kind.REFERRAL, Kind.DISCHARGE_SUMMARY, Kind.ADMITTED, Kind.DISCHARGED}


@pytest.fixture
def here(empty_record: None, box: Path) -> Region:
    del empty_record
    made = region(box)
    employ("kaare", unit="office")
    unit("office", "7020", name="Henvisningskontoret", above="trust")
    patient("anna", NUMBER, address=lives_in("1811"),
            generalPractitioner=[{"reference": "Practitioner/ragna"},
                                 {"reference": "Organization/far"}])  # fmt: skip
    return made


def arrived() -> list[bytes]:
    """What outsiders write to us: a referral with its change, two summaries, a notice."""
    return [
        from_outside("in-r"),
        from_outside("in-rm", action="M", parent="in-r", what="Haster mer", minutes=2),
        summary_from_outside("in-e1"),
        summary_from_outside("in-e2", document="d-2"),
        notice_from_outside("in-l"),
    ]


@pytest.mark.parametrize(
    "seed", [0, 1, 2, *(pytest.param(n, marks=pytest.mark.thorough) for n in range(3, 8))]
)
def test_nothing_is_lost_or_doubled_and_what_has_no_evidence_is_owned(
    here: Region, seed: int
) -> None:
    chance = random.Random(seed)
    outsider = Outsider()
    network = Network(here.box, outsider, chance, drop=0.25, double=0.4, delay=0.4)
    coming = arrived()
    start = clock.now()
    here.refer()
    leave(here, here.admit())
    for hour in range(12):
        with clock.at(start + timedelta(hours=hour)):
            # the outsiders send again until they have been answered, as we would
            answered = set(outsider.receipts)
            for number, content in zip(["in-r", "in-rm", "in-e1", "in-e2", "in-l"], coming,
                                       strict=True):  # fmt: skip
                if number not in answered:
                    network.waiting.append(("back", content))
            work()
            network.carry()
            take_in_all(SYSTEM)
    with clock.at(start + timedelta(days=5)):
        work()
        check_sent(outsider)
    work()
    check_came(network)


def check_sent(outsider: Outsider) -> None:
    sent = [each for each in deliveries() if each.recipient.route is Route.NATIONAL]
    assert {each.kind for each in sent} >= WENT
    numbers = [each.message for each in sent]
    assert len(set(numbers)) == len(numbers)
    owned = {
        task["partOf"][0]["reference"]
        for owner in {each.owner for each in sent}
        for task in queries.follow_ups(SYSTEM, owner)
    }
    for each in sent:
        if each.state is State.ACCEPTED:
            # accepted is never said of what did not come, and it came as its own kind
            content = outsider.documents[each.message]
            read_message(content)
            kind = heading_of(content).kind
            assert kind is not None
            assert kind.code == NATIONAL[each.kind][0]
            assert f"Task/{each.id}" not in owned
        else:
            assert each.state is State.EXPIRED
            assert f"Task/{each.id}" in owned


def check_came(network: Network) -> None:
    came = [
        acts.content(each)
        for each in records.search(
            SYSTEM, "DocumentReference", [("identifier", f"{MESSAGE_SYSTEM}|"), ("_count", "100")]
        ).matches
    ]
    numbers = Counter(
        str(i["value"]) for data in came for i in data["identifier"]
        if i["system"] == MESSAGE_SYSTEM
    )  # fmt: skip
    assert max(numbers.values(), default=1) == 1
    known = set(numbers)
    receipts = [read_receipt(each) for each in network.fetched if b"AppRec" in each[:400]]
    answered = {each.original.id: each.status.code for each in receipts}
    assert answered == dict.fromkeys(known, "1")  # each that came is answered, and no other
    for place, mine in (("gp-office", {"in-e1", "in-e2"}), ("ward", {"in-l"})):
        read = {
            task["focus"]["reference"] for task in queries.received(SYSTEM, f"Organization/{place}")
        }
        there = {f"DocumentReference/{d['id']}" for d in came
                 if {str(i["value"]) for i in d["identifier"]} & mine}  # fmt: skip
        assert there <= read, place
    tasks = search_all(SYSTEM, "Task", [("code", f"{TASK_CODE}|{REFERRAL_TASK}"),
                                        ("owner", "Organization/office")])  # fmt: skip
    assert len(tasks) == (1 if known & {"in-r", "in-rm"} else 0)
    for task, _ in tasks:
        case = load(SYSTEM, task["focus"]["reference"].split("/")[1])
        if "in-rm" in known:
            assert case.referral.content.what == "Haster mer"
