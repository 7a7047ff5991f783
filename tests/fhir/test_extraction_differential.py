"""Extraction against the official FHIRPath of each search parameter, on all official examples.

The expressions are run by fhirpathpy, and what they give is read by the plain functions
below, which share no code with the product.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from fellesjournal.fhir.definitions.search import Parameter, search_of
from fellesjournal.fhir.extraction import Extracted, extract
from tests.fhirpath_search import official_parameters, values

# fhirpathpy's values have lost their type, so a scheduledString that holds a date looks like one.
TYPELESS = {("CarePlan", "activity-date")}
HAS_EXTENSION = re.compile(r"hasExtension\(('[^']*')\)")


def examples(shared_data: Path) -> Iterator[dict[str, Any]]:
    for path in sorted((shared_data / "fhir-r4-examples").glob("*.json")):
        yield json.loads(path.read_text())


def test_every_parameter_finds_in_the_examples_what_its_fhirpath_finds(
    shared_data: Path,
) -> None:
    parameters = official_parameters(shared_data)
    compared: Counter[str] = Counter()
    differing = []
    for data in examples(shared_data):
        base = data["resourceType"]
        ours = extract(data)
        for definition in [*parameters[base], *parameters["Resource"]]:
            parameter = search_of(base).parameters.get(definition["code"])
            if parameter is None or not parameter.url.endswith("/" + definition["id"]):
                continue
            expected: set[Any] = set()
            for value, only in values(definition, data):
                expected |= read(definition, value, only)
            found = found_by(ours, parameter)
            compared[definition["type"]] += len(expected)
            if (base, definition["code"]) in TYPELESS:
                expected &= found
            if found != expected:
                differing.append(
                    (base, data.get("id"), definition["code"], expected - found, found - expected)
                )
    assert not differing, "\n".join(map(str, differing[:40]))
    # the comparison is worth something only if there was much to compare
    assert all(
        compared[kind] > 5 for kind in ("token", "string", "reference", "date", "uri", "quantity")
    ), compared


def found_by(found: Extracted, parameter: Parameter) -> set[Any]:
    """What extraction gives the parameter, as the plain symbols of :func:`read`."""
    result: set[Any] = set()
    for place in parameter.places:
        slot = place.slot
        result |= {code for at, _, code in found.tokens if at == slot}
        result |= {text for at, text in found.strings if at == slot}
        result |= {word for at, word in found.names if at == slot}
        result |= {(lo, hi) for at, lo, hi in found.dates if at == slot}
        result |= {round(lo, 9) for at, lo, _ in found.numbers if at == slot}
        result |= {round(size.lo, 9) for at, size in found.amounts if at == slot}
        result |= {
            f"{name}/{fhir_id}"
            for at, name, fhir_id in found.references
            if at == slot and place.only in (None, name)
        }
        if place.only is None:
            result |= {uri for at, uri in found.uris if at == slot}
    return result


def read(definition: dict[str, Any], value: Any, only: str | None) -> set[Any]:
    """The values in what FHIRPath found, by the type of the parameter."""
    kind = definition["type"]
    if definition.get("xpathUsage") == "phonetic":
        return {word for part in parts(value, ("family", "given")) for word in part.split()}
    return READ[kind](value, only)


def tokens(value: Any, only: str | None) -> set[Any]:
    if isinstance(value, bool):
        return {"true" if value else "false"}
    if not isinstance(value, dict):
        return {str(value)}
    if "coding" in value or set(value) <= {"text", "extension", "id"}:
        return {coding["code"] for coding in value.get("coding", ()) if "code" in coding}
    # a Coding, or else an Identifier or ContactPoint
    key = "code" if "code" in value or "display" in value else "value"
    return {value[key]} if key in value else set()


NAME = ("family", "given", "prefix", "suffix", "text")
ADDRESS = ("text", "line", "city", "district", "state", "postalCode", "country")


def parts(value: Any, keys: tuple[str, ...]) -> list[str]:
    if isinstance(value, str):
        return [value]
    found = [value[key] for key in keys if key in value]
    return [text for part in found for text in (part if isinstance(part, list) else [part]) if text]


def strings(value: Any, only: str | None) -> set[Any]:
    return set(parts(value, tuple(dict.fromkeys(NAME + ADDRESS))))


def references(value: Any, only: str | None) -> set[Any]:
    if isinstance(value, dict) and "resourceType" in value:
        return {f"{value['resourceType']}/{value['id']}"} if "id" in value else set()
    literal = value.get("reference") if isinstance(value, dict) else value
    if literal is None or literal.startswith("#"):  # contained
        return set()
    if isinstance(value, str) and "|" in value:
        return {value, value.split("|")[0]}
    relative = re.fullmatch(r"([A-Z]\w+)/([\w.\-]+)(?:/_history/.*)?", literal)
    if relative:
        return {f"{relative[1]}/{relative[2]}"} if only in (None, relative[1]) else set()
    return {literal} if only is None else set()


MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
OPEN = (-(2**63), 2**63 - 1)


def moment(text: str) -> tuple[int, int]:
    """First microsecond of a date or time, and the first after it."""
    if "T" in text:
        start = datetime.fromisoformat(text)
        start = start if start.tzinfo else start.replace(tzinfo=UTC)
        fraction = re.search(r"\.(\d+)", text)
        length = (
            timedelta(seconds=1) / 10 ** len(fraction[1][:6]) if fraction else timedelta(seconds=1)
        )
        end = start + length
    else:
        numbers = [int(part) for part in text.split("-")]
        year, month, day = (*numbers, 1, 1)[:3]
        start = datetime(year, month, day, tzinfo=UTC)
        if len(numbers) == 1:
            end = datetime(year + 1, 1, 1, tzinfo=UTC)
        elif len(numbers) == 2:
            end = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
        else:
            end = start + timedelta(days=1)
    return (start - EPOCH) // MICROSECOND, (end - EPOCH) // MICROSECOND


def dates(value: Any, only: str | None) -> set[Any]:
    if isinstance(value, str):  # a choice may be a string: "daily" is no date
        return {moment(value)} if re.match(r"\d{4}", value) else set()
    if not value.keys() & {"start", "end", "event", "repeat", "code"}:
        return set()
    if "event" in value or "repeat" in value or "code" in value:
        moments = [moment(event) for event in value.get("event", ())]
        moments += list(dates(value.get("repeat", {}).get("boundsPeriod", {}), only))
        return {(min(lo for lo, _ in moments), max(hi for _, hi in moments))} if moments else set()
    if "start" not in value and "end" not in value:
        return set()
    return {
        (
            moment(value["start"])[0] if "start" in value else OPEN[0],
            moment(value["end"])[1] if "end" in value else OPEN[1],
        )
    }


def numbers(value: Any, only: str | None) -> set[Any]:
    if isinstance(value, (int, float, Decimal)):
        return {round(float(value), 9)}
    if "low" in value or "high" in value:
        return {round(float(value["low"]["value"]), 9) if "low" in value else float("-inf")}
    if "comparator" in value and value["comparator"].startswith("<"):
        return {float("-inf")}
    return {round(float(value["value"]), 9)} if "value" in value else set()


def uris(value: Any, only: str | None) -> set[Any]:
    return {value, value.split("|")[0]} if isinstance(value, str) else set()


READ: dict[str, Callable[[Any, str | None], set[Any]]] = {
    "token": tokens,
    "string": strings,
    "reference": references,
    "date": dates,
    "number": numbers,
    "quantity": numbers,
    "uri": uris,
}
