"""Who may act for whom, by age, address, protection, scope and confirmation."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.access.representation import ages, rules
from fellesjournal.access.representation.rules import (
    Band,
    Code,
    Facts,
    Limits,
    Person,
    Refusal,
    Relation,
    Representation,
)

MOMENT = timedelta(microseconds=1)
HOME = ("5001", "7030", "tyttebærstien 7")
ELSEWHERE = ("1506", "6413", "utsiktsvegen 58")
ALL, MOST = 0b1111, 0b0111
CHILD, MOTHER, FATHER, OTHER = 1, 2, 3, 4
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
CHILD_OF_8 = Person(CHILD, date(2018, 5, 23), HOME)
MOTHER_AT_HOME = Person(MOTHER, date(1988, 10, 11), HOME)
FATHER_ELSEWHERE = Person(FATHER, date(1986, 2, 27), ELSEWHERE)


def facts(*relations: Relation, subject: Person = CHILD_OF_8) -> Facts:
    return Facts(subject, relations, own=ALL, delegable=MOST)


def parent(person: Person = MOTHER_AT_HOME, **changes: Any) -> Relation:
    return Relation(Code.PARENT, person, f"RelatedPerson/{person.rid}", **changes)


def attorney(person: Person, **changes: Any) -> Relation:
    terms = {
        "given": NOW - timedelta(days=30),
        "starts": NOW - timedelta(days=30),
        "ends": NOW + timedelta(days=30),
    }
    return Relation(Code.ATTORNEY, person, f"Consent/{person.rid}", **(terms | changes))


def granted(answer: Representation | Refusal) -> Representation:
    assert isinstance(answer, Representation), answer
    return answer


@given(
    st.dates(date(1950, 1, 1), date(2080, 12, 31)),
    st.sampled_from([(12, Band.FULL, Band.REDUCED), (16, Band.REDUCED, None)]),
)
def test_parental_access_narrows_and_ends_at_midnight_of_the_birthday(
    birth: date, boundary: tuple[int, Band, Band | None]
) -> None:
    years, before, after = boundary
    known = facts(parent(), subject=replace(CHILD_OF_8, birth=birth))
    at = ages.turns(birth, years)

    last = granted(rules.representation(known, MOTHER, at - MOMENT))
    assert last.band is before
    assert last.until == at
    answer = rules.representation(known, MOTHER, at)
    assert (granted(answer).band if after else answer) is (after or Refusal.TOO_OLD)


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2024, 2, 29)])
@pytest.mark.parametrize(("years", "after"), [(12, Band.REDUCED), (16, None)])
def test_the_bands_change_at_midnight_on_days_when_the_clocks_change(
    day: date, years: int, after: Band | None
) -> None:
    known = facts(parent(), subject=replace(CHILD_OF_8, birth=day.replace(year=day.year - years)))
    midnight = ages.midnight(day)

    assert granted(rules.representation(known, MOTHER, midnight - MOMENT)).until == midnight
    answer = rules.representation(known, MOTHER, midnight)
    assert (isinstance(answer, Representation) and answer.band) == (after or False)


@given(st.dates(date(1950, 1, 1), date(2006, 12, 31)))
def test_a_power_of_attorney_works_from_midnight_of_the_eighteenth_birthday(birth: date) -> None:
    at = ages.turns(birth, 18)
    person = Person(OTHER, birth, None)
    terms = {"given": at - timedelta(days=9), "starts": None, "ends": at + timedelta(days=9)}
    known = facts(attorney(person, **terms), subject=Person(CHILD, date(1900, 1, 1), None))

    assert rules.representation(known, OTHER, at - MOMENT) is Refusal.TOO_YOUNG
    assert granted(rules.representation(known, OTHER, at)).band is Band.FULL


def test_both_parents_act_when_one_of_them_lives_with_the_child() -> None:
    known = facts(parent(), parent(FATHER_ELSEWHERE))

    assert granted(rules.representation(known, FATHER, NOW)).areas == ALL
    assert granted(rules.representation(known, MOTHER, NOW)).areas == ALL


def test_no_parent_acts_when_none_lives_with_the_child() -> None:
    known = facts(parent(replace(MOTHER_AT_HOME, address=ELSEWHERE)), parent(FATHER_ELSEWHERE))

    assert rules.representation(known, MOTHER, NOW) is Refusal.NO_SHARED_ADDRESS
    assert rules.representation(known, FATHER, NOW) is Refusal.NO_SHARED_ADDRESS


@pytest.mark.parametrize("whose", ["child", "mother", "both"])
def test_an_unknown_address_is_shared_with_nobody(whose: str) -> None:
    child = replace(CHILD_OF_8, address=None) if whose in {"child", "both"} else CHILD_OF_8
    mother = replace(MOTHER_AT_HOME, address=None) if whose != "child" else MOTHER_AT_HOME

    answer = rules.representation(facts(parent(mother), subject=child), MOTHER, NOW)

    assert answer is Refusal.NO_SHARED_ADDRESS


@pytest.mark.parametrize(
    "change", [{"dead": True}, {"active": False}, {"protected": True}], ids=str
)
def test_the_address_of_a_parent_who_can_not_act_does_not_help_the_other(
    change: dict[str, Any],
) -> None:
    known = facts(parent(replace(MOTHER_AT_HOME, **change)), parent(FATHER_ELSEWHERE))

    assert rules.representation(known, FATHER, NOW) is Refusal.NO_SHARED_ADDRESS


def test_lost_parental_responsibility_does_not_help_the_other_parent_either() -> None:
    known = facts(parent(ends=NOW), parent(FATHER_ELSEWHERE))

    assert rules.representation(known, MOTHER, NOW) is Refusal.NOT_IN_FORCE
    assert rules.representation(known, FATHER, NOW) is Refusal.NO_SHARED_ADDRESS
    assert isinstance(rules.representation(known, FATHER, NOW - MOMENT), Representation)


@pytest.mark.parametrize("who", ["subject", "representative"])
@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"protected": True}, Refusal.PROTECTED),
        ({"dead": True}, Refusal.DEAD),
        ({"active": False}, Refusal.INACTIVE),
    ],
)
@pytest.mark.parametrize("code", list(Code))
def test_the_protected_the_dead_and_the_merged_away_stand_on_neither_side(
    who: str, change: dict[str, Any], refusal: Refusal, code: Code
) -> None:
    subject = Person(CHILD, date(1940, 1, 1), HOME) if code is not Code.PARENT else CHILD_OF_8
    other = MOTHER_AT_HOME
    terms = {"areas": 1, "next_of_kin": True, "confirmed": True}
    before = facts(replace(attorney(other, **terms), code=code), subject=subject)
    assert isinstance(rules.representation(before, MOTHER, NOW), Representation)
    if who == "subject":
        subject = replace(subject, **change)
    else:
        other = replace(other, **change)

    after = facts(replace(attorney(other, **terms), code=code), subject=subject)

    assert rules.representation(after, MOTHER, NOW) is refusal


def test_entries_that_disagree_about_parental_responsibility_open_nothing() -> None:
    known = facts(parent(), parent(clear=False))

    assert rules.representation(known, MOTHER, NOW) is Refusal.CONTRADICTION


def test_an_unclear_entry_that_is_over_does_not_spoil_the_one_in_force() -> None:
    known = facts(parent(), parent(clear=False, ends=NOW - MOMENT))

    assert isinstance(rules.representation(known, MOTHER, NOW), Representation)


@pytest.mark.parametrize("birth", [None, date(2027, 1, 1)])
def test_a_child_of_unknown_or_impossible_age_is_represented_by_nobody(birth: date | None) -> None:
    known = facts(parent(), subject=replace(CHILD_OF_8, birth=birth))

    answer = rules.representation(known, MOTHER, NOW)

    assert answer in {Refusal.UNKNOWN_BIRTH, Refusal.CONTRADICTION}


def test_the_end_ages_are_settings() -> None:
    teen = facts(parent(), subject=replace(CHILD_OF_8, birth=date(2012, 4, 3)))

    assert granted(rules.representation(teen, MOTHER, NOW)).band is Band.REDUCED
    strict = Limits(full_until=12, parents_until=12)
    assert rules.representation(teen, MOTHER, NOW, strict) is Refusal.TOO_OLD
    wide = Limits(full_until=16)
    assert granted(rules.representation(teen, MOTHER, NOW, wide)).band is Band.FULL
    with pytest.raises(ValueError, match="must rise"):
        Limits(full_until=17, parents_until=16)


@given(st.integers(0, ALL), st.integers(0, ALL), st.integers(0, ALL))
def test_a_power_of_attorney_is_never_more_than_what_the_grantor_has(
    own: int, delegable: int, areas: int
) -> None:
    grantor = Person(CHILD, date(1944, 3, 14), None)
    person = Person(OTHER, date(1971, 8, 2), None)
    for parts in (None, areas):
        known = Facts(grantor, (attorney(person, areas=parts),), own, delegable)
        answer = rules.representation(known, OTHER, NOW)
        wanted = own & delegable & (ALL if parts is None else parts)
        if wanted:
            assert granted(answer).areas == wanted
        else:
            assert answer is Refusal.NO_SCOPE


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"ends": None}, Refusal.NO_END),
        ({"ends": NOW}, Refusal.NOT_IN_FORCE),
        ({"starts": NOW + MOMENT}, Refusal.NOT_IN_FORCE),
        ({"given": None}, Refusal.SUBJECT_TOO_YOUNG),
        ({"given": NOW + MOMENT}, Refusal.SUBJECT_TOO_YOUNG),
        ({"clear": False}, Refusal.CONTRADICTION),
        ({"areas": 0}, Refusal.NO_SCOPE),
    ],
)
def test_a_power_of_attorney_that_lacks_something_opens_nothing(
    changes: dict[str, Any], refusal: Refusal
) -> None:
    grantor = Person(CHILD, date(1944, 3, 14), None)
    known = facts(attorney(Person(OTHER, date(1971, 8, 2), None), **changes), subject=grantor)

    assert rules.representation(known, OTHER, NOW) is refusal


def test_a_power_of_attorney_given_before_sixteen_never_becomes_valid() -> None:
    grantor = Person(CHILD, date(2009, 1, 1), None)
    given_at_15 = ages.turns(date(2009, 1, 1), 16) - MOMENT
    known = facts(
        attorney(Person(OTHER, date(1971, 8, 2), None), given=given_at_15), subject=grantor
    )

    assert rules.representation(known, OTHER, NOW) is Refusal.SUBJECT_TOO_YOUNG


def test_two_powers_of_attorney_add_up_and_last_until_the_first_ends() -> None:
    person = Person(OTHER, date(1971, 8, 2), None)
    soon = NOW + timedelta(days=2)
    known = facts(
        attorney(person, areas=0b001), attorney(person, areas=0b010, ends=soon),
        subject=Person(CHILD, date(1944, 3, 14), None),
    )  # fmt: skip

    answer = granted(rules.representation(known, OTHER, NOW))
    assert (answer.areas, answer.until) == (0b011, soon)
    assert granted(rules.representation(known, OTHER, soon)).areas == 0b001


def test_a_guardian_has_what_the_decision_names_and_nothing_without_it() -> None:
    subject = Person(CHILD, date(1938, 4, 21), HOME)
    decision = replace(attorney(FATHER_ELSEWHERE, areas=0b0010), code=Code.GUARDIAN)

    assert granted(rules.representation(facts(decision, subject=subject), FATHER, NOW)).areas == 2
    for areas in (None, 0):
        without = facts(replace(decision, areas=areas), subject=subject)
        assert rules.representation(without, FATHER, NOW) is Refusal.NO_SCOPE


@pytest.mark.parametrize(
    ("birth", "expected"),
    [
        (date(2018, 1, 1), Band.FULL),
        (date(2012, 1, 1), Band.REDUCED),
        (date(2009, 1, 1), Refusal.TOO_OLD),
        (date(1990, 1, 1), Band.FULL),
    ],
)
def test_a_guardian_of_a_minor_stands_where_a_parent_would(
    birth: date, expected: Band | Refusal
) -> None:
    decision = replace(attorney(FATHER_ELSEWHERE, areas=1), code=Code.GUARDIAN)
    known = facts(decision, subject=Person(CHILD, birth, HOME))

    answer = rules.representation(known, FATHER, NOW)

    assert (answer.band if isinstance(answer, Representation) else answer) is expected


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({}, None),
        ({"next_of_kin": False}, Refusal.NOT_NEXT_OF_KIN),
        ({"confirmed": False}, Refusal.NOT_CONFIRMED),
    ],
)
def test_next_of_kin_act_only_after_the_general_practitioner_has_confirmed(
    changes: dict[str, bool], refusal: Refusal | None
) -> None:
    terms = {"next_of_kin": True, "confirmed": True} | changes
    relation = replace(attorney(FATHER_ELSEWHERE, **terms), code=Code.ASSIGNED)
    known = facts(relation, subject=Person(CHILD, date(1938, 4, 21), HOME))

    answer = rules.representation(known, FATHER, NOW)

    if refusal is None:
        assert granted(answer).code is Code.ASSIGNED
    else:
        assert answer is refusal


def test_a_stranger_and_the_citizen_herself_represent_nobody() -> None:
    known = facts(parent(), parent(CHILD_OF_8))

    assert rules.representation(known, OTHER, NOW) is Refusal.NO_RELATION
    assert rules.representation(known, CHILD, NOW) is Refusal.SELF


PEOPLE = st.builds(
    Person,
    rid=st.integers(1, 3),
    birth=st.sampled_from([None, date(2018, 5, 23), date(2012, 4, 3), date(1971, 8, 2)]),
    address=st.sampled_from([None, HOME, ELSEWHERE]),
    protected=st.booleans(),
    dead=st.booleans(),
    active=st.booleans(),
)
RELATIONS = st.builds(
    Relation,
    code=st.sampled_from(list(Code)),
    representative=st.none() | PEOPLE,
    source=st.just("Consent/1"),
    areas=st.none() | st.integers(0, ALL),
    starts=st.none() | st.sampled_from([NOW - MOMENT, NOW, NOW + MOMENT]),
    ends=st.none() | st.sampled_from([NOW - MOMENT, NOW, NOW + MOMENT]),
    given=st.none() | st.just(NOW - MOMENT),
    clear=st.booleans(),
    next_of_kin=st.booleans(),
    confirmed=st.booleans(),
)


@given(PEOPLE, st.lists(RELATIONS, max_size=4), st.integers(1, 3))
def test_whatever_is_granted_is_inside_what_the_citizen_has_and_ends_ahead(
    subject: Person, relations: list[Relation], representative: int
) -> None:
    known = facts(*relations, subject=subject)

    answer = rules.representation(known, representative, NOW)

    if isinstance(answer, Representation):
        assert answer.areas
        assert not answer.areas & ~ALL
        assert answer.until is None or answer.until > NOW
        assert not subject.protected
        assert not subject.dead
        assert answer.representative == representative != subject.rid
