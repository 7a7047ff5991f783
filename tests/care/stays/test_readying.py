"""Ready for discharge: dated facts by somebody, never overwritten, alike in whatever order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.access import acts
from fellesjournal.access.discharges import READINESS
from fellesjournal.care.stays.actions import change_ready, mark_ready, withdraw_ready
from fellesjournal.care.stays.readiness import Said, as_extension, read_said, standing
from fellesjournal.care.stays.refusals import StayRefused, Why
from fellesjournal.fhir.issues import Conflict, NotAllowed
from fellesjournal.foundation import clock
from tests.care.stays.world import World, encounter

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


def said(notice: str, minutes: int, since: int | None) -> Said:
    from_then = None if since is None else NOW + timedelta(hours=since)
    return Said(notice, NOW + timedelta(minutes=minutes), "Practitioner/d", "D", from_then)


def test_ready_withdrawn_and_ready_again_all_stand_with_time_and_name(ward: World) -> None:
    stay = ward.admit()
    first = mark_ready(ward.doctor, patient="anna", stay_id=stay.id)
    assert first.ready is not None
    assert first.ready.by_name == "iselin"
    withdrawn = withdraw_ready(
        ward.nurse, patient="anna", stay_id=stay.id, notice=first.ready.notice, words="Feber."
    )
    assert withdrawn.ready is None
    again = mark_ready(ward.nurse, patient="anna", stay_id=stay.id)
    assert again.ready is not None
    assert [(each.is_withdrawal, each.by_name, each.words) for each in again.said] == [
        (False, "iselin", ""),
        (True, "benedikte", "Feber."),
        (False, "benedikte", ""),
    ]


def test_inv_8_a_late_copy_of_ready_says_nothing_after_the_withdrawal(ward: World) -> None:
    stay = ward.admit()
    first = mark_ready(ward.doctor, patient="anna", stay_id=stay.id, form="one").ready
    assert first is not None
    withdraw_ready(ward.nurse, patient="anna", stay_id=stay.id, notice=first.notice)
    with pytest.raises(StayRefused) as refused:
        mark_ready(ward.doctor, patient="anna", stay_id=stay.id, form="one")
    assert refused.value.why is Why.NOT_READY
    assert mark_ready(ward.doctor, patient="anna", stay_id=stay.id, form="two").ready is not None


def test_what_was_said_can_not_be_changed_by_any_path(ward: World) -> None:
    stay = mark_ready(ward.doctor, patient="anna", stay_id=ward.admit().id)
    data, version = encounter(stay)
    for changed in (
        {key: value for key, value in data.items() if key != "extension"},
        {**data, "extension": [as_extension(said("x", 0, 1))]},
    ):
        with pytest.raises(Conflict):
            acts.act(ward.doctor, [acts.change(changed, seen=version)])
    for other in (
        said("x", 0, 1),  # by another
        Said("x", clock.now() - timedelta(days=1), "Practitioner/iselin", "", clock.now()),
    ):
        more = {**data, "extension": [*data["extension"], as_extension(other)]}
        with pytest.raises(NotAllowed):
            acts.act(ward.doctor, [acts.change(more, seen=version)])


def test_each_notice_can_be_withdrawn_once_and_said_once(ward: World) -> None:
    stay = ward.admit()
    ready = mark_ready(ward.doctor, patient="anna", stay_id=stay.id).ready
    assert ready is not None
    with pytest.raises(StayRefused) as refused:
        mark_ready(ward.nurse, patient="anna", stay_id=stay.id)
    assert refused.value.why is Why.ALREADY_READY
    withdraw_ready(ward.doctor, patient="anna", stay_id=stay.id, notice=ready.notice)
    with pytest.raises(StayRefused) as refused:
        change_ready(
            ward.doctor, patient="anna", stay_id=stay.id, notice=ready.notice, since=clock.now()
        )
    assert refused.value.why is Why.NOT_READY


def test_change_then_cancel_and_cancel_then_change_end_alike(ward: World) -> None:
    ends = []
    for patient, first in (("anna", "change"), ("bo", "withdraw")):
        stay = ward.admit(patient)
        ready = mark_ready(ward.doctor, patient=patient, stay_id=stay.id).ready
        assert ready is not None
        for step in (first, "withdraw" if first == "change" else "change"):
            given_ = {"patient": patient, "stay_id": stay.id, "notice": ready.notice}
            try:
                if step == "change":
                    change_ready(ward.doctor, **given_, since=clock.now() + timedelta(hours=3))
                else:
                    withdraw_ready(ward.doctor, **given_)
            except StayRefused:
                pass
        ends.append(ward.now(stay).ready)
    assert ends == [None, None]


facts = st.lists(
    st.builds(
        said,
        st.sampled_from("abc"),
        st.integers(0, 60),
        st.one_of(st.none(), st.integers(0, 48)),
    ),
    max_size=8,
)


@given(facts, st.randoms())
def test_inv_25_where_she_stands_does_not_depend_on_the_order_of_what_was_said(
    listed: list[Said], chance: Random
) -> None:
    shuffled = list(listed)
    chance.shuffle(shuffled)
    assert standing(shuffled) == standing(listed)
    withdrawn = {each.notice for each in listed if each.is_withdrawal}
    found = standing(listed)
    assert found is None or found.notice not in withdrawn
    assert (found is None) == all(each.notice in withdrawn for each in listed)


@given(facts)
def test_what_is_said_reads_back_as_it_was_written(listed: list[Said]) -> None:
    data = {"extension": [as_extension(each) for each in listed]}
    assert all(each["url"] == READINESS for each in data["extension"])
    assert list(read_said(data)) == listed
