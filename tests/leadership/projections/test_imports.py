"""Population and activity that are read in: whole or not at all, and what projections make of them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from django.utils.translation import override

from fellesjournal.access.sessions import Session, staff_session, system_session
from fellesjournal.demo.cast import STAFF
from fellesjournal.fhir.issues import NotAllowed, PreconditionFailed
from fellesjournal.leadership.documents.queries import versions
from fellesjournal.leadership.figures.workbooks import Unreadable
from fellesjournal.leadership.projections.files import written
from fellesjournal.leadership.projections.imports import (
    Looked,
    checksum,
    keep,
    look,
    origin_of,
    sources_for,
)
from fellesjournal.leadership.projections.people import Ages, Sex
from fellesjournal.leadership.projections.queries import projection
from fellesjournal.leadership.projections.rates import Cell, Flag, Use
from fellesjournal.leadership.projections.regions import EVERYBODY
from fellesjournal.leadership.projections.resources import ORIGINS, Origin, Table
from fellesjournal.leadership.projections.scenarios import Demography, Scenario, ScenarioStep
from tests.leadership.projections.files import (
    SMALL,
    YEARS,
    Lines,
    activity,
    as_csv,
    as_workbook,
    population,
)
from tests.signing_in import staff_client

SYSTEM = system_session("system:test", purpose="HOPERAT")
OLDEST = Cell(Sex.FEMALE, Ages(80), "all")


@pytest.fixture(autouse=True)
def _english(db: None) -> object:
    del db
    with override("en"):
        yield


def _look(table: Table, content: bytes) -> Looked:
    return look(SYSTEM.again(), table, content)


def _keep(table: Table, lines: Lines, session: Session | None = None, seen: int = 0) -> None:
    content = as_csv(lines)
    found = _look(table, content)
    assert not found.faults
    origin = Origin(
        table, "SSB", "CC BY 4.0", date(2024, 8, 22), checksum(content), len(found.lines)
    )
    keep(session or SYSTEM.again(), origin, found.rows, seen=seen, reason="test")


def _told(table: Table, lines: Lines) -> list[tuple[int, str, str]]:
    return [(each.line, each.column, each.why) for each in _look(table, as_csv(lines)).faults]


@pytest.mark.parametrize(
    ("column", "text", "why"),
    [
        (0, "9999", "No municipality or region here has this number."),
        (0, "", "No municipality or region here has this number."),
        (1, "20x8", "This is no year."),
        (1, "²018", "This is no year."),
        (2, "unknown", "Write female, male or all."),
        (3, "sixty", "Write an age as 67, 67-79 or 80+."),
        (3, "79-67", "An age group begins with the lower age."),
        (3, "60-69", "An age group must not go across 67 or 80 years."),
        (4, "MMM", "Write observed, or four letters such as MMMM."),
        (5, "-1", "A number below 0 can't stand here."),
        (5, "", "This is no number."),
        (5, "NaN", "This is no number."),
        (5, "1e400000", "This is no number."),
    ],
)
def test_a_cell_that_can_not_be_read_is_told_with_its_line_and_column(
    column: int, text: str, why: str
) -> None:
    lines = population()
    lines[3][column] = text
    heading = lines[0][column]
    assert _told(Table.POPULATION, lines) == [(4, f"{'ABCDEF'[column]} ({heading})", why)]


def test_a_row_that_stands_twice_and_ages_that_overlap_are_told_with_both_lines() -> None:
    lines = population()
    lines.append(list(lines[1]))
    assert _told(Table.POPULATION, lines) == [
        (len(lines), "age", "The same stands in line 2."),
    ]
    lines[-1][3] = "60-66"
    assert _told(Table.POPULATION, lines) == [
        (len(lines), "age", "These ages overlap with 0\N{EN DASH}66 in line 2."),
    ]
    done = activity()
    done.append([*done[1][:3], "60-66", "another group", *done[1][5:]])
    _keep(Table.POPULATION, population())
    assert "overlap" in _told(Table.ACTIVITY, done)[0][2]


def test_years_that_are_missing_are_named() -> None:
    lines = [line for line in population() if line[1:2] != [2023] or line[4] != "HHMH"]
    ((_, _, why),) = _told(Table.POPULATION, lines)
    assert why == "HHMH and MMMM do not have the same years; not in both: 2023."
    lines = [line for line in population() if line[1] != 2023]
    assert "Years are missing after the last that was observed: 2023." in {
        why for *_, why in _told(Table.POPULATION, lines)
    }
    lines = [line for line in population() if line[4] != "MMMM"]
    assert "The main alternative MMMM is missing." in {
        why for *_, why in _told(Table.POPULATION, lines)
    }
    _keep(Table.POPULATION, population())
    two = [line for line in activity() if line[1] != 2019]
    assert _told(Table.ACTIVITY, two) == [
        (0, "year", "At least three years are needed, 2020 and 2021 not counted."),
    ]


def test_activity_needs_people_of_the_same_years_and_nights_need_a_stay() -> None:
    assert "Read in the population first" in _told(Table.ACTIVITY, activity())[0][2]
    _keep(Table.POPULATION, [line for line in population() if line[1] != 2018])
    whys = {why for *_, why in _told(Table.ACTIVITY, activity())}
    assert whys == {"There is activity of years whose population is not observed: 2018."}
    lines = activity()
    lines[2][7] = "3"
    ((line, column, why),) = _told(Table.ACTIVITY, lines)
    assert (line, column) == (3, "bed_days")
    assert why == "A day or outpatient contact has no bed-days."


def test_ages_and_sexes_of_people_and_of_what_was_done_agree() -> None:
    _keep(Table.POPULATION, population())
    lines = [line for line in activity() if line[2] != "male"]
    for line in lines[1:]:
        line[2] = "all"
    why = "Ages or sexes of this region differ between years, places or files."
    assert _told(Table.ACTIVITY, lines) == [(0, "region", why)]
    whys = {why for *_, why in _told(Table.ACTIVITY, activity("5001"))}
    assert whys == {
        "There is activity of years whose population is not observed: 2018, 2019, 2022."
    }


def test_sexes_are_told_apart_in_all_of_a_file_or_in_none() -> None:
    lines = population()
    lines[-1][2] = "all"
    assert _told(Table.POPULATION, lines)[0][:2] == (len(lines), "sex")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"region;year\n", "columns are missing: sex, age, alternative, people"),
        (b"region;region;year;sex;age;alternative;people\n", "stand twice: region"),
        (b"region;year;sex;age;alternative;people\n", "headings and no rows"),
        (b"\x00\x01;\n", "neither a workbook"),
        (b"PK\x03\x04broken", "no workbook"),
        (b"x" * 2_000_001, "too large"),
    ],
)
def test_what_is_no_table_is_refused_whole(content: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        _look(Table.POPULATION, content)


def test_text_and_workbook_say_the_same_and_what_was_looked_at_comes_back_the_same() -> None:
    lines = population("5001", SMALL)
    text = _look(Table.POPULATION, as_csv(lines))
    assert not text.faults
    assert _look(Table.POPULATION, as_csv(lines, mark="\t")).rows == text.rows
    assert _look(Table.POPULATION, as_workbook(lines)).rows == text.rows
    assert _look(Table.POPULATION, written(Table.POPULATION, text.lines)).rows == text.rows


def test_a_formula_is_no_number() -> None:
    lines = population()
    lines[1][5] = "=1+1"
    (fault,) = _look(Table.POPULATION, as_workbook(lines)).faults
    assert (fault.line, fault.why) == (2, "A formula stands here. Paste its value instead.")


def _scenario() -> Scenario:
    step = ScenarioStep(1, "More people", "test", demography=Demography())
    return Scenario("", EVERYBODY, 2022, 2024, (step,))


def test_a_projection_goes_by_what_was_read_in_rates_over_three_years_without_the_pandemic() -> (
    None
):
    _keep(Table.POPULATION, population())
    _keep(Table.ACTIVITY, activity())
    by, origins = sources_for(SYSTEM.again(), EVERYBODY)
    assert set(origins) == {Table.POPULATION, Table.ACTIVITY}
    assert (by.has_people, by.has_rates, by.years) == (True, True, YEARS)
    assert by.rates[OLDEST][Use.BED_DAYS].value == 5
    assert by.rates[OLDEST][Use.DAY_CONTACTS].value == Fraction(5, 8)
    found = projection(_scenario(), by)
    # V-PROJ: 32 000 bed-days become 45 400 by demography, 104 beds 147
    assert [found.base, found.result] == [32_000, 45_400]
    assert (found.base_beds, found.beds) == (104, 147)
    assert {each.year for each in found.fan} == {2022, 2024}
    assert set(by.later) == {"MMMM", "HHMH", "LLML"}
    last = found.fan[-1]
    assert last.lowest <= last.low <= last.high < last.highest


def test_small_places_borrow_the_rate_of_the_widest_region_and_say_so() -> None:
    _keep(Table.POPULATION, population(EVERYBODY, SMALL))
    _keep(Table.ACTIVITY, activity(EVERYBODY) + activity(SMALL, times=3)[1:])
    by, _ = sources_for(SYSTEM.again(), SMALL)
    oldest, youngest = by.rates[OLDEST], by.rates[Cell(Sex.FEMALE, Ages(0, 66), "all")]
    assert oldest[Use.BED_DAYS].flag is Flag.BORROWED
    assert oldest[Use.BED_DAYS].value == 5
    assert (youngest[Use.BED_DAYS].flag, youngest[Use.BED_DAYS].value) == (Flag.OWN, Fraction(3, 5))
    assert by.flagged(Flag.BORROWED) == 12
    other, _ = sources_for(SYSTEM.again(), "5001")  # no people of this place were read in
    assert not other.has_people
    assert not other.has_rates


def test_an_age_that_nobody_had_has_the_rate_0_and_says_so() -> None:
    people, done = population(), activity()
    for line in people:
        if line[2:4] == ["male", "80+"]:
            line[5] = 0
    for line in done:
        if line[2:4] == ["male", "80+"]:
            line[6], line[7] = 0, 0 if line[5] == "inpatient" else ""
    _keep(Table.POPULATION, people)
    _keep(Table.ACTIVITY, done)
    by, _ = sources_for(SYSTEM.again(), EVERYBODY)
    assert by.flagged(Flag.EMPTY) == 3
    assert by.rates[Cell(Sex.MALE, Ages(80), "all")][Use.BED_DAYS].value == 0


def test_without_files_the_example_is_gone_by() -> None:
    by, origins = sources_for(SYSTEM.again(), EVERYBODY)
    assert (by.has_people, by.has_rates, origins) == (False, False, {})


def test_a_population_that_the_activity_no_longer_fits_is_refused() -> None:
    _keep(Table.POPULATION, population())
    _keep(Table.ACTIVITY, activity())
    shorter = [line for line in population() if line[1] != 2018]
    assert {why for *_, why in _told(Table.POPULATION, shorter)} == {
        "There is activity of years whose population is not observed: 2018."
    }


def _as(role: str) -> Session:
    member = next(each for each in STAFF if each.role == role)
    staff_client(member)  # employed
    return staff_session(
        practitioner=f"Practitioner/{member.id}", role_id=member.role_id, role=member.role,
        unit=f"Organization/{member.unit_id}"
    )  # fmt: skip


def test_who_realises_benefits_or_rolls_out_reads_in_and_a_leader_does_not() -> None:
    with pytest.raises(NotAllowed):
        _keep(Table.POPULATION, population(), _as("unit-leader"))
    assert origin_of(SYSTEM.again(), Table.POPULATION) is None
    _keep(Table.POPULATION, population(), _as("benefits-coordinator"))
    with pytest.raises(PreconditionFailed):  # she has not seen that one stands
        _keep(Table.POPULATION, population(names=("MMMM",)), _as("rollout-lead"))
    _keep(Table.POPULATION, population(names=("MMMM",)), _as("rollout-lead"), seen=1)
    found = versions(SYSTEM.again(), ORIGINS, Table.POPULATION)
    assert [each.version for each in found] == [2, 1]
    assert len(found[0].body.checksum) == 64
    by, _ = sources_for(SYSTEM.again(), EVERYBODY)
    assert set(by.later) == {"MMMM"}
