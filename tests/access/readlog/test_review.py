"""What is unusual, and what is not."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from fellesjournal.access.policy.kinds import GroundKind
from fellesjournal.access.readlog.acts import Act, Outcome
from fellesjournal.access.readlog.explanations import EXPLANATIONS, Flag
from fellesjournal.access.readlog.queries import Line, Who
from fellesjournal.access.readlog.review import Remark, Ties, review
from fellesjournal.access.readlog.words import Language
from tests.access.readlog.cast import DOCTOR, KARI, OLA, a_line

LANGUAGES: tuple[Language, ...] = ("en", "nb", "nn")


def flags(*lines: Line, ties: Ties | None = None) -> list[Flag]:
    return [remark.flag for remark in review(lines, ties or Ties())]


def colleague(number: int) -> Who:
    return Who(f"Practitioner/{number}", "doctor", "Organization/u", "", "TREAT")


def opened(who: Who, records: int) -> list[Line]:
    return [a_line(who=who, patients=(n,), minutes=n / 10) for n in range(1, records + 1)]


def test_ordinary_reading_is_not_remarked_on() -> None:
    assert flags(a_line(), a_line(act=Act.SEARCH, patients=(KARI, OLA))) == []


@pytest.mark.parametrize("kind", [None, GroundKind.BREAK_GLASS])
def test_reading_without_a_derived_ground_is_pointed_out(kind: int | None) -> None:
    (remark,) = review([a_line(kind=kind), a_line(kind=kind, minutes=5)], Ties())
    assert (remark.flag, remark.patient, remark.count) == (Flag.NO_GROUND, KARI, 2)


def test_a_hit_of_a_search_by_name_is_no_opened_record() -> None:
    assert flags(a_line(kind=None, act=Act.SEARCH)) == []
    assert flags(a_line(kind=GroundKind.BREAK_GLASS, act=Act.SEARCH)) == [Flag.NO_GROUND]


def test_own_record_family_colleagues_and_known_persons_are_pointed_out() -> None:
    ties = Ties(
        own={DOCTOR.person: 1},
        family={DOCTOR.person: frozenset({2})},
        colleagues={DOCTOR.unit: frozenset({1, 3})},
        public=frozenset({4}),
    )
    for patient, flag in (
        (1, Flag.OWN_RECORD), (2, Flag.OWN_FAMILY), (3, Flag.COLLEAGUE), (4, Flag.PUBLIC_PERSON),
    ):  # fmt: skip
        assert flags(a_line(patients=(patient,)), ties=ties) == [flag]
    assert flags(a_line(who=colleague(9), patients=(2,)), ties=ties) == []


def test_a_colleague_at_another_unit_is_a_patient_like_others() -> None:
    ties = Ties(colleagues={"Organization/x": frozenset({KARI})})
    assert flags(a_line(), ties=ties) == []


def test_many_more_records_than_others_in_the_role_is_pointed_out() -> None:
    usual = [line for n in range(5) for line in opened(colleague(n), 12)]
    assert flags(*usual, *opened(colleague(7), 35)) == []
    (remark,) = review([*usual, *opened(colleague(7), 36)], Ties())
    assert (remark.flag, remark.person, remark.count) == (Flag.VOLUME, "Practitioner/7", 36)
    assert remark.facts == {"median": 12}
    assert "36 records" in remark.explanation("en")
    assert "at most 12" in remark.explanation("en")


def test_a_role_that_reads_much_is_compared_with_itself() -> None:
    nurse = Who("Practitioner/n", "nurse", "Organization/u", "", "TREAT")
    doctors = [line for n in range(5) for line in opened(colleague(n), 40)]
    assert flags(*doctors, *opened(nurse, 29)) == []
    assert flags(*doctors) == []


def test_many_searches_without_opening_is_pointed_out() -> None:
    searches = [
        a_line(act=Act.SEARCH, patients=(n, n + 100), minutes=n, kind=GroundKind.TASK)
        for n in range(1, 21)
    ]
    (remark,) = review(searches, Ties())
    assert (remark.flag, remark.count, remark.facts) == (Flag.SEARCHES, 20, {"opened": 0})
    assert flags(*searches[:19]) == []
    assert flags(*searches, *opened(DOCTOR, 5)) == []


def test_lists_of_units_and_staff_are_no_search_for_patients() -> None:
    for type_name in ("PractitionerRole", "Organization", "ValueSet"):
        searches = [
            a_line(act=Act.SEARCH, patients=(), minutes=n, type_name=type_name) for n in range(40)
        ]
        assert flags(*searches) == [], type_name
    nobody_found = [
        a_line(act=Act.SEARCH, patients=(), minutes=n, type_name="Patient") for n in range(40)
    ]
    assert flags(*nobody_found) == [Flag.SEARCHES]


def test_many_refused_requests_are_pointed_out() -> None:
    tries = [a_line(outcome=Outcome.REFUSED, patients=(0,), kind=None, minutes=n) for n in range(5)]
    assert flags(*tries) == [Flag.REFUSED]
    assert flags(*tries[:4]) == []


def test_citizens_and_systems_are_not_reviewed() -> None:
    for who in (
        Who("Patient/k", "citizen", "", "", "PATRQT"),
        Who("system:x", "system", "", "", ""),
    ):
        assert flags(a_line(who=who, kind=None)) == []


def test_a_day_is_a_day_in_norway() -> None:
    late = a_line(kind=None, at=datetime(2026, 5, 4, 22, 30, tzinfo=UTC))
    (remark,) = review([late], Ties())
    assert remark.day == date(2026, 5, 5)


@pytest.mark.parametrize("flag", list(Flag))
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_flag_is_explained_in_each_language(flag: Flag, language: Language) -> None:
    remark = Remark(
        flag, "Practitioner/d", "doctor", "", date(2026, 5, 4), KARI, 2, ("1.1",),
        {"median": 1, "opened": 0},
    )  # fmt: skip
    said = remark.explanation(language)
    assert "{" not in said
    assert said.endswith((".", "?"))
    assert len({EXPLANATIONS[flag][one] for one in LANGUAGES}) == 3
