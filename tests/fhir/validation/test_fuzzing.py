"""Whatever JSON comes, validation answers with issues and never raises."""

from __future__ import annotations

import copy
import random
from pathlib import Path
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from fellesjournal.fhir import definitions
from fellesjournal.fhir.issues import Issue
from fellesjournal.fhir.profiles import shipped_profiles
from fellesjournal.fhir.validation import validate

# Any: JSON of any shape.
Json = Any

ODD: list[Json] = [
    None,
    True,
    0,
    -1.5,
    10**30,
    "",
    "#",
    "\ud800",
    "a\x00",
    "2020-99-99",
    [],
    {},
    [[]],
    [None],
    [{}],
    {"": 1},
    {"id": []},
    {"extension": {}},
    {"resourceType": []},
    {"reference": 5},
    {"coding": [None, 1, {"system": {}, "code": []}]},
    {"start": 1, "end": "x"},
    "x" * 5000,
]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=10) | st.sampled_from(["id", "extension", "url"]), inner)
    ),
    max_leaves=15,
)


@given(type_name=st.sampled_from(definitions.RESOURCE_TYPES), data=st.data())
@settings(max_examples=150, deadline=None)
def test_any_value_for_any_element_is_answered_with_issues(
    type_name: str, data: st.DataObject
) -> None:
    names = sorted(
        name
        for element in definitions.element_tree(type_name).children.values()
        for name in element.json_names() or [element.name]
    )
    chosen = data.draw(st.lists(st.sampled_from(names), max_size=4))
    resource = {name: data.draw(json_values) for name in chosen}
    check({"resourceType": type_name} | resource)


def test_examples_with_odd_values_anywhere_are_answered_with_issues(shared_data: Path) -> None:
    chance = random.Random(7)
    paths = sorted((shared_data / "fhir-r4-examples").glob("*.json"))
    for path in chance.sample(paths, 120):
        original = orjson.loads(path.read_bytes())
        for _ in range(10):
            resource = copy.deepcopy(original)
            for _ in range(chance.randint(1, 4)):
                spoil(resource, chance)
            check(resource)


def spoil(resource: Json, chance: random.Random) -> None:
    """Put an odd value somewhere below the top."""
    place = resource
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            return
        key = chance.choice(keys)
        if isinstance(place[key], dict | list) and place[key] and chance.random() < 0.8:
            place = place[key]
        elif not (place is resource and key == "resourceType"):
            place[key] = copy.deepcopy(chance.choice(ODD))
            return


def check(resource: Json) -> None:
    issues = validate(resource, warnings=True)
    profiles = shipped_profiles()
    issues += profiles.validate_claimed(resource)
    issues += profiles.validate_extensions(resource)
    for canonical in profiles.profiles_of(str(resource["resourceType"]))[:5]:
        issues += profiles.validate_profile(resource, canonical)
    for issue in issues:
        assert isinstance(issue, Issue)
        assert issue.expression
        "".join((issue.diagnostics, *issue.expression)).encode()
