"""Regions and the status of the municipalities, with the contradictions of their source."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from fellesjournal.leadership.rollout import fixtures
from fellesjournal.leadership.rollout.findings import Code
from fellesjournal.leadership.rollout.plans import Group, NotAPartition, StatusReport
from fellesjournal.leadership.rollout.regions import Region, problems, region_of

LISTED = fixtures.region_data().listed
ACTORS = fixtures.municipal_actors()
STATUS = fixtures.region_data().status


def test_v_reg_thirty_nine_municipalities_of_which_two_lie_in_other_counties() -> None:
    assert len(LISTED.municipalities) == 39
    assert [len(each.municipalities) for each in LISTED.regions] == [5, 3, 9, 5, 2, 3, 12]
    found = problems(LISTED, ACTORS)
    elsewhere = {each.subject: each["county"] for each in found if each.code is Code.OTHER_COUNTY}
    assert elsewhere == {"Surnadal": "15", "Bindal": "18"}
    of_trondelag = set(LISTED.municipalities) - set(elsewhere) | set(LISTED.together)
    assert len(of_trondelag) == 38
    assert of_trondelag == {each.name for each in ACTORS if each.county == "50"}
    assert not [each for each in found if each.code is Code.MISSING_FROM_COUNTY]


def test_v_reg_the_working_group_has_four_members_from_regions_that_are_not_listed() -> None:
    assert LISTED.regions_not_listed == 4
    (told,) = [each for each in problems(LISTED, ACTORS) if each.code is Code.REGIONS_NOT_LISTED]
    assert (told["members"], told["listed"], told["missing"]) == (11, 7, 4)


def test_a_wrong_count_a_strange_name_and_a_name_twice_are_found() -> None:
    bad = replace(
        LISTED,
        regions=(
            Region("Fosen", ("Ørland", "Bjugn"), stated=3),
            Region("Fosen igjen", ("Ørland",)),
        ),
        together=(),
    )
    found = {(each.code, each.subject) for each in problems(bad, ACTORS)}
    assert {
        (Code.COUNT_DIFFERS, "Fosen"),
        (Code.UNKNOWN_MUNICIPALITY, "Bjugn"),
        (Code.IN_TWO_REGIONS, "Ørland"),
        (Code.MISSING_FROM_COUNTY, "Trondheim"),
    } <= found


def test_the_region_of_a_municipality() -> None:
    found = region_of(LISTED.regions, "Røros")
    assert found is not None
    assert found.name == "Trondheimsområdet og Fjellregionen"
    assert region_of(LISTED.regions, "Oslo") is None
    assert fixtures.region_data().romsdal.municipalities[0] == "Molde"


def test_v_status_the_groups_are_no_partition_and_sums_are_refused() -> None:
    assert STATUS.day == date(2022, 8, 16)
    assert [STATUS[each] for each in ("decided", "plans-to-decide", "preparing")] == [19, 12, 26]
    for labels in (("decided", "preparing"), ("decided", "plans-to-decide", "preparing")):
        with pytest.raises(NotAPartition):
            STATUS.total(*labels)
    assert STATUS.total("decided") == 19
    assert STATUS.at_least_outside("preparing", "decided") == 7
    assert STATUS.at_least_outside("decided", "preparing") == 0
    assert {each["outside"] for each in STATUS.findings() if each["other"] == "decided"} == {7}


def test_groups_that_are_known_to_be_apart_are_added_once_each() -> None:
    report = StatusReport(
        date(2022, 1, 1), "", (Group("live", 3), Group("not-live", 5)), ("live", "not-live")
    )
    assert report.total("live", "not-live") == 8
    assert report.findings() == ()
    with pytest.raises(NotAPartition):
        report.total("live", "live")
