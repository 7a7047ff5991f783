"""Whatever is broken in a valid resource is found, at the place where it was broken."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from fellesjournal.fhir import definitions
from fellesjournal.fhir.validation import validate

# Any: JSON that is being broken on purpose.
Json = Any
Place = tuple[dict[str, Json], str, definitions.Element, definitions.TypeChoice | None, str]
"""(object, JSON name, element, type, location of the object)"""

SAMPLE_EVERY = 7
TOO_LONG = "x" * (1024 * 1024 + 1)
BAD_VALUES: dict[str, list[Json]] = {
    "boolean": ["true", 1, {}, [True], None],
    "integer": ["1", 1.5, 2147483648, -2147483649, True, None, [1]],
    "positiveInt": [0, -1, "1", 1.0, 2147483648],
    "unsignedInt": [-1, "0", 0.5],
    "decimal": ["1.0", True, {}, None],
    "string": ["", 1, True, "a\x00b", "a\x0bb", {}, None, TOO_LONG],
    "markdown": ["", 1, "bell\x07"],
    "code": ["", " a", "a ", "a  b", 1, "a\tb "],
    "id": ["", "a b", "æ", "x" * 65, "a/b", 1],
    "uri": ["", "a b", " http://x", 1, "http://x\n"],
    "url": ["", "a b"],
    "canonical": ["", "http://x y"],
    "oid": ["1.2.3", "urn:oid:3.1", "urn:oid:1.02"],
    "uuid": ["c757873d-ec9a-4326-a141-556f43239520", "urn:uuid:x"],
    "date": [
        "2023-02-30",
        "2023-13-01",
        "2023-2-3",
        "20230203",
        "2023-02-03T10:00:00Z",
        "0000",
        2023,
    ],
    "dateTime": [
        "2023-02-29",
        "1900-02-29",
        "2023-04-31T10:00:00Z",
        "2023-04-30T24:00:00Z",
        "2023-04-30T10:00:00",
        "2023-04-30T10:00Z",
        "2023-04-30 10:00:00Z",
        "2023-04-30T10:00:61Z",
        "2023-04-30T10:00:00+15:00",
        "",
    ],
    "instant": ["2023-04-30", "2023-04-30T10:00:00", "2023-02-30T10:00:00Z", 1682841600],
    "time": ["24:00:00", "10:00", "10:00:00Z", ""],
    "base64Binary": ["a", "====", "Zm9v!", ""],
}
BAD_REFERENCES = [
    "Patient",
    "Patient/",
    "Patient/a b",
    "/Patient/1",
    "patient/1",
    "Pasient/1",
    "Patient/1/extra",
    "#not-there",
    "urn:uuid:1",
    "urn:oid:x",
    "",
]
SCRIPTS = [
    "<script>alert(1)</script>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="java&#10;script:alert(1)">x</a>',
    '<p onclick="alert(1)">x</p>',
    '<img src="x" onerror="alert(1)"/>',
    '<img src="data:text/html;base64,PHNjcmlwdD4="/>',
    '<iframe src="https://example.org"/>',
    "<form><input/></form>",
    '<object data="x"/>',
    '<p style="background:url(https://example.org/x)">x</p>',
    '<p style="width:expression(alert(1))">x</p>',
    '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "<style>p{}</style>",
    '<link rel="stylesheet" href="x"/>',
    '<base href="https://example.org"/>',
    "<p>&nbsp;</p>",
    "<p>not closed",
    "<blink>x</blink>",
]


@pytest.fixture(scope="module")
def examples(shared_data: Path) -> list[dict[str, Json]]:
    paths = sorted((shared_data / "fhir-r4-examples").glob("*.json"))[::SAMPLE_EVERY]
    return [orjson.loads(path.read_bytes()) for path in paths if path.stat().st_size < 100_000]


def places(data: dict[str, Json], element: definitions.Element, location: str) -> Iterator[Place]:
    """Every property of an object and of those below it."""
    for child in element.children.values():
        names: dict[str, definitions.TypeChoice | None] = dict(child.json_names())
        for json_name, choice in (names or {child.name: None}).items():
            if json_name not in data:
                continue
            yield data, json_name, child, choice, location
            value = data[json_name]
            for index, item in enumerate(value if isinstance(value, list) else [value]):
                where = f"{location}.{json_name}" + (
                    f"[{index}]" if isinstance(value, list) else ""
                )
                if isinstance(item, dict):
                    yield from places(item, below(item, child, choice), where)


def below(
    item: dict[str, Json], child: definitions.Element, choice: definitions.TypeChoice | None
) -> definitions.Element:
    if child.children:
        return child
    if choice is None:
        assert child.content_reference
        return definitions.elements_by_path(child.content_reference.partition(".")[0])[
            child.content_reference
        ]
    return definitions.element_tree(
        item["resourceType"] if choice.code == "Resource" else choice.code
    )


def all_places(data: dict[str, Json]) -> list[Place]:
    return list(places(data, definitions.element_tree(data["resourceType"]), data["resourceType"]))


def found_at(data: dict[str, Json], location: str, name: str = "") -> bool:
    """Whether there is an error at an object, or at or below one of its members."""
    member = f"{location}.{name.removeprefix('_')}" if name else location
    for issue in validate(data):
        (where,) = issue.expression
        if where == location or where.replace("._", ".").startswith(member):
            return True
        # A second value of a choice is told of at `value[x]`.
        if where.endswith("[x]") and member.startswith(where.removesuffix("[x]")):
            return True
    return False


def mutate(
    examples: list[dict[str, Json]],
    breakages: Callable[[Place], Iterator[tuple[str, Json]]],
) -> tuple[int, list[str]]:
    """Apply breakages one by one; returns how many, and those that were not found.

    A breakage is (JSON name to set, value); ``...`` as the value removes the property.
    """
    count = 0
    missed: list[str] = []
    for data in examples:
        for place in all_places(data):
            holder, _, _, _, location = place
            for name, value in breakages(place):
                before = dict(holder)
                if value is ...:
                    holder.pop(name, None)
                else:
                    holder[name] = value
                count += 1
                if not found_at(data, location, name):
                    missed.append(
                        f"{data['resourceType']}/{data.get('id')} {location}.{name}={value!r}"
                    )
                holder.clear()
                holder.update(before)
    return count, missed


def test_bad_primitive_values_are_found(examples: list[dict[str, Json]]) -> None:
    done: set[tuple[str, str]] = set()

    def breakages(place: Place) -> Iterator[tuple[str, Json]]:
        holder, name, child, choice, _ = place
        if choice is None or choice.code not in BAD_VALUES or (child.path, name) in done:
            return
        done.add((child.path, name))
        for bad in BAD_VALUES[choice.code]:
            if child.name == "id" and choice.code == "string" and bad == TOO_LONG:
                continue  # R4 gives the id of an element no length
            yield name, [bad] if isinstance(holder[name], list) else bad

    count, missed = mutate(examples, breakages)
    assert count > 2000
    assert missed == []


def test_unknown_elements_are_found_everywhere(examples: list[dict[str, Json]]) -> None:
    def breakages(place: Place) -> Iterator[tuple[str, Json]]:
        holder, name, _, _, _ = place
        if name == next(iter(holder)):
            yield "notAnElement", "x"
            yield "resourcetype", "x"

    count, missed = mutate(examples, breakages)
    assert count > 1000
    assert missed == []


def test_missing_required_elements_are_found(examples: list[dict[str, Json]]) -> None:
    def breakages(place: Place) -> Iterator[tuple[str, Json]]:
        holder, name, child, _, _ = place
        tolerated = child.path == "Questionnaire.item.linkId" and holder.get("type") == "display"
        if child.min > 0 and not tolerated:
            yield name, ...

    count, missed = mutate(examples, breakages)
    assert count > 500
    assert missed == []


def test_wrong_shapes_are_found(examples: list[dict[str, Json]]) -> None:
    def breakages(place: Place) -> Iterator[tuple[str, Json]]:
        holder, name, _, choice, _ = place
        value = holder[name]
        if isinstance(value, list):
            yield name, value[0]  # an array is due
            yield name, []
            yield name, [*value, None]
            yield name, [*value, []]
        else:
            yield name, [value]
            yield name, None
            yield name, []
        if choice is None or choice.code[0].isupper():
            yield name, [{}] if isinstance(value, list) else {}
            yield name, ["text"] if isinstance(value, list) else "text"
            yield name, [{"id": "only-an-id"}] if isinstance(value, list) else {"id": "x"}

    count, missed = mutate(examples, breakages)
    assert count > 10_000
    assert missed == []


def test_two_values_of_a_choice_are_found(examples: list[dict[str, Json]]) -> None:
    def breakages(place: Place) -> Iterator[tuple[str, Json]]:
        _, name, child, _, _ = place
        if child.is_choice:
            for other, choice in child.json_names().items():
                if other != name and choice.code in ("string", "boolean", "dateTime", "Period"):
                    yield (
                        other,
                        {"string": "x", "boolean": True, "dateTime": "2020"}.get(
                            choice.code, {"start": "2020"}
                        ),
                    )

    count, missed = mutate(examples, breakages)
    assert count > 100
    assert missed == []


def test_codes_outside_required_value_sets_are_found(examples: list[dict[str, Json]]) -> None:
    open_sets = {"mimetypes", "ucum-units", "LL379-9", "all-languages"}

    def breakages(place: Place) -> Iterator[tuple[str, Json]]:
        holder, name, child, choice, _ = place
        binding = child.binding
        if binding is None or binding.strength != "required" or choice is None:
            return
        if binding.value_set.rpartition("/")[2] in open_sets:
            return
        if binding.value_set.endswith("currencies"):
            bad: Json = "kroner"
        else:
            bad = {
                "code": "no-such-code",
                "Coding": {"system": "http://example.org", "code": "x"},
                "CodeableConcept": {"coding": [{"system": "http://example.org", "code": "x"}]},
            }.get(choice.code, ...)
        if bad is ...:
            return
        yield name, [bad] if isinstance(holder[name], list) else bad

    count, missed = mutate(examples, breakages)
    assert count > 300
    assert missed == []


def test_bad_references_and_wrong_targets_are_found(examples: list[dict[str, Json]]) -> None:
    def breakages(place: Place) -> Iterator[tuple[str, Json]]:
        holder, name, _, choice, _ = place
        if choice is None or choice.code != "Reference":
            return
        repeats = isinstance(holder[name], list)
        bad = [{"reference": text} for text in BAD_REFERENCES]
        if choice.targets:
            wrong = "Slot" if "Slot" not in choice.targets else "Linkage"
            bad += [
                {"reference": f"{wrong}/1"},
                {"reference": f"https://example.org/fhir/{wrong}/1/_history/2"},
                {"type": wrong, "display": "x"},
                {"reference": f"{choice.targets[0]}/1", "type": wrong},
            ]
        for reference in bad:
            yield name, [reference] if repeats else reference

    count, missed = mutate(examples[::2], breakages)
    assert count > 1000
    assert missed == []


def test_malformed_extensions_are_found(examples: list[dict[str, Json]]) -> None:
    bad_extensions: list[Json] = [
        [],
        {},
        [{}],
        [{"valueString": "no url"}],
        [{"url": "http://example.org/x"}],
        [{"url": "http://example.org/x", "valueString": "a", "valueCode": "b"}],
        [
            {
                "url": "http://example.org/x",
                "valueString": "a",
                "extension": [{"url": "y", "valueCode": "b"}],
            }
        ],
        [{"url": "http://example.org/x", "value": "a"}],
        [{"url": "", "valueString": "a"}],
        [None],
    ]

    def breakages(place: Place) -> Iterator[tuple[str, Json]]:
        holder, name, _, choice, _ = place
        if name == next(iter(holder)):
            for bad in bad_extensions:
                yield "extension", bad
            yield "modifierExtension", [{"url": "http://example.org/x"}]
        if choice is not None and choice.code[0].islower() and choice.code != "xhtml":
            if isinstance(holder[name], list):
                yield f"_{name}", [*[None] * len(holder[name]), {"id": "too-many"}]
                yield f"_{name}", {"extension": []}
            else:
                yield f"_{name}", [{"extension": [{"url": "x", "valueCode": "a"}]}]
                yield f"_{name}", {}
                yield f"_{name}", {"extension": [{"url": "x"}]}
                yield f"_{name}", {"value": "x"}

    count, missed = mutate(examples[::3], breakages)
    assert count > 3000
    assert missed == []


def test_active_and_broken_narratives_are_found(examples: list[dict[str, Json]]) -> None:
    data = copy.deepcopy(next(example for example in examples if "text" in example))
    for inner in SCRIPTS:
        data["text"]["div"] = f'<div xmlns="http://www.w3.org/1999/xhtml">{inner}</div>'
        assert found_at(data, f"{data['resourceType']}.text.div"), inner
    for div in (
        "<div>no namespace</div>",
        "text",
        '<p xmlns="http://www.w3.org/1999/xhtml">not a div</p>',
        '<div xmlns="http://www.w3.org/1999/xhtml">a</div><div>b</div>',
        '<!DOCTYPE x [<!ENTITY a "b">]><div xmlns="http://www.w3.org/1999/xhtml">&a;</div>',
        '<?php x?><div xmlns="http://www.w3.org/1999/xhtml">a</div>',
        '<div xmlns="http://www.w3.org/1999/xhtml">' + "<b>" * 200 + "</b>" * 200 + "</div>",
    ):
        data["text"]["div"] = div
        assert found_at(data, f"{data['resourceType']}.text.div"), div


def test_resource_type_errors_are_found() -> None:
    broken: list[Json] = [
        {},
        {"resourceType": "Pasient"},
        {"resourceType": "DomainResource"},
        {"resourceType": "HumanName"},
        {"resourceType": 1},
        [],
        "Patient",
        None,
    ]
    for data in broken:
        assert validate(data) != []
