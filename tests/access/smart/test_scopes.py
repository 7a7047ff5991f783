"""Scopes are read, narrowed and printed without ever meaning more than they say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.access.smart import scopes
from fellesjournal.access.smart.scopes import Context, ResourceScope, ScopeSet

CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"


@pytest.mark.parametrize(
    ("given", "printed"),
    [
        ("patient/Observation.rs", "patient/Observation.rs"),
        ("patient/*.cruds", "patient/*.cruds"),
        ("user/Practitioner.r", "user/Practitioner.r"),
        ("system/Patient.s", "system/Patient.s"),
        # version 1
        ("patient/Observation.read", "patient/Observation.rs"),
        ("patient/Observation.write", "patient/Observation.cud"),
        ("patient/Observation.*", "patient/Observation.cruds"),
        ("user/*.read", "user/*.rs"),
        ("user/*.*", "user/*.cruds"),
        # what is said twice is said once
        ("patient/Observation.r patient/Observation.s", "patient/Observation.rs"),
        ("patient/*.rs patient/Observation.rs", "patient/*.rs"),
        ("patient/*.r patient/Observation.rs", "patient/*.r patient/Observation.s"),
        (
            f"patient/Observation.rs?category={CATEGORY}|vital-signs",
            f"patient/Observation.rs?category={CATEGORY}|vital-signs",
        ),
        (
            f"patient/Observation.rs?category={CATEGORY}|laboratory patient/Observation.r",
            f"patient/Observation.r patient/Observation.s?category={CATEGORY}|laboratory",
        ),
        ("openid fhirUser launch/patient openid", "launch/patient openid fhirUser"),
    ],
)
def test_scope_is_printed_as_it_is_understood(given: str, printed: str) -> None:
    read = scopes.parse(given)

    assert read.unknown == ()
    assert str(read) == printed
    assert scopes.parse(printed) == read


@pytest.mark.parametrize(
    "word",
    [
        "patient/Observation",
        "patient/Observation.",
        "patient/Observation.sr",  # letters have an order
        "patient/Observation.rr",
        "patient/Observation.x",
        "patient/Observasjon.rs",
        "patient/observation.rs",
        "anybody/Observation.rs",
        "patient/Observation.rs?",
        "patient/Observation.rs?category",
        "patient/Observation.rs?category=",
        "patient/Observation.rs?kategori=x",
        "patient/Observation.rs?category:not=laboratory",
        "patient/Observation.rs?subject:Patient.name=Kari",  # a chain restricts nothing here
        "patient/Observation.rs?date=gt2020",
        "patient/Observation.rs?_id=1",
        "patient/Observation.rs?category=a|b|c",
        "patient/Observation.read?category=laboratory",  # restrictions came with version 2
        "patient/Observation.rs?category=%00",
        "patient/Observation.rs?category=%ff",
        "patient/Observation.rs\N{KELVIN SIGN}",
        "launch/practitioner",
        "offline",
    ],
)
def test_what_is_no_scope_opens_nothing_and_is_told_back(word: str) -> None:
    read = scopes.parse(word)

    assert read.resources == ()
    assert read.unknown == (word,)
    assert not read


@pytest.mark.parametrize(
    ("wanted", "limit", "left"),
    [
        ("patient/*.cruds", "patient/Observation.rs", "patient/Observation.rs"),
        ("patient/Observation.cruds", "patient/*.rs", "patient/Observation.rs"),
        ("patient/Observation.rs", "patient/Condition.rs", ""),
        ("patient/Observation.rs", "user/Observation.rs", ""),
        ("patient/Observation.r", "patient/Observation.s", ""),
        (
            "patient/Observation.rs",
            "patient/Observation.rs?category=laboratory",
            "patient/Observation.rs?category=laboratory",
        ),
        (
            "patient/Observation.rs?code=x",
            "patient/Observation.rs?category=laboratory",
            "patient/Observation.rs?category=laboratory&code=x",
        ),
        ("openid offline_access", "openid", "openid"),
        ("patient/*.rs", "patient/*.rs patient/Observation.c", "patient/*.rs"),
    ],
)
def test_narrowing_leaves_what_both_allow(wanted: str, limit: str, left: str) -> None:
    assert str(scopes.narrow(scopes.parse(wanted), scopes.parse(limit))) == left


RESOURCE = st.builds(
    lambda context, name, letters, query: ResourceScope(
        context, name, scopes.in_order(letters), query
    ),
    st.sampled_from(Context),
    st.sampled_from(["*", "Observation", "Condition", "Patient"]),
    st.sets(st.sampled_from("cruds"), min_size=1),
    st.sampled_from([(), (("_tag", "a"),), (("_tag", "a"), ("_tag", "b")), (("_security", "c"),)]),
)
SETS = st.builds(
    lambda resources, others: ScopeSet(
        scopes.merged(resources), tuple(o for o in scopes.OTHER_SCOPES if o in others)
    ),
    st.lists(RESOURCE, max_size=5),
    st.sets(st.sampled_from(scopes.OTHER_SCOPES), max_size=3),
)


def opens(held: ScopeSet, context: Context, type_name: str, letter: str, tags: set[str]) -> bool:
    """Told apart from the code under test: does a scope open this resource?"""
    return any(
        each.context == context
        and each.type in {"*", type_name}
        and letter in each.letters
        and all(value in tags for _, value in each.query)
        for each in held.resources
    )


CASES = st.tuples(
    st.sampled_from(Context),
    st.sampled_from(["Observation", "Condition", "Encounter"]),
    st.sampled_from("cruds"),
    st.sets(st.sampled_from("abc")),
)


@given(SETS, SETS, CASES)
def test_narrowed_scope_opens_exactly_what_both_open(
    one: ScopeSet, other: ScopeSet, case: tuple[Context, str, str, set[str]]
) -> None:
    both = scopes.narrow(one, other)

    assert opens(both, *case) == (opens(one, *case) and opens(other, *case))


@given(SETS)
def test_scope_is_within_itself_and_survives_printing(one: ScopeSet) -> None:
    assert scopes.within(one, one)
    assert scopes.parse(str(one)) == one
    assert scopes.narrow(one, one) == one


@given(SETS, CASES)
def test_access_told_to_the_session_is_what_the_scope_opens(
    held: ScopeSet, case: tuple[Context, str, str, set[str]]
) -> None:
    context, type_name, letter, tags = case
    opened = [each for each in scopes.access_of(held) if each.context == context]
    told = any(
        letter in each.letters(type_name)
        or any(all(v in tags for _, v in q) for q in each.restricted(type_name, letter))
        for each in opened
    )

    assert told == opens(held, *case)


def test_narrower_request_is_within_and_a_wider_one_is_not() -> None:
    given = scopes.parse("openid patient/*.rs patient/Observation.c")

    assert scopes.within(scopes.parse("patient/Condition.r"), given)
    assert scopes.within(scopes.parse("openid patient/Observation.crs"), given)
    assert not scopes.within(scopes.parse("patient/Condition.c"), given)
    assert not scopes.within(scopes.parse("user/Condition.r"), given)
    assert not scopes.within(scopes.parse("offline_access"), given)


@given(st.text(max_size=300))
def test_any_text_is_read_without_harm(text: str) -> None:
    read = scopes.parse(text)
    assert set(str(read).split()) <= {*map(str, read.resources), *read.others}
