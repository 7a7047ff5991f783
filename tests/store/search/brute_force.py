"""A search by reading every resource: slow, plain, and none of the product's code.

Values come from the official FHIRPath; how they compare is written down here from the text
of http://hl7.org/fhir/R4/search.html.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.fhirpath_search import Definition, values

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
OPEN = (-(2**63), 2**63 - 1)
NAME = ("family", "given", "prefix", "suffix", "text")
ADDRESS = ("text", "line", "city", "district", "state", "postalCode", "country")


def matches(definition: Definition, data: dict[str, Any], modifier: str, text: str) -> bool:
    """Whether a resource matches one value of one parameter."""
    found = values(definition, data)
    if modifier == "missing":
        # SampledData is there, but nothing a quantity search could find
        there = any(
            (only is None or _is_of_type(value, only))
            and not (isinstance(value, dict) and "origin" in value)
            for value, only in found
        )
        return there == (text == "false")
    if modifier == "not":
        return not any(_one(definition, value, only, "", text) for value, only in found)
    return any(_one(definition, value, only, modifier, text) for value, only in found)


def _one(definition: Definition, value: Any, only: str | None, modifier: str, text: str) -> bool:
    kind = definition["type"]
    if kind == "token":
        return _token(value, modifier, text)
    if kind == "string":
        return _string(value, modifier, text)
    if kind == "reference":
        return _reference(value, only, text, definition.get("target", []))
    if kind == "uri":
        return (
            bool(value == text)
            or (modifier == "below" and str(value).startswith(text))
            or ("|" in str(value) and str(value).split("|")[0] == text)
        )
    if kind == "date":
        return any(_date(covered, text) for covered in intervals(value))
    return _number(value, text)


def _is_of_type(value: Any, only: str) -> bool:
    return f"/{only}/" in f"/{value.get('reference', '')}"


def _token(value: Any, modifier: str, text: str) -> bool:
    if modifier == "text":
        return any(fold(shown).startswith(fold(text)) for shown in _displays(value))
    system, _, code = text.rpartition("|")
    named = "|" in text
    for its_system, its_code in codes(value):
        same_code = not code or its_code.casefold() == code.casefold()
        if same_code and (not named or (its_system or "") == system):
            return True
    return False


def codes(value: Any) -> list[tuple[str | None, str]]:
    """(system, code) pairs of a value of any datatype a token may have."""
    if isinstance(value, bool):
        return [(None, "true" if value else "false")]
    if not isinstance(value, dict):
        return [(None, str(value))]
    if "coding" in value:
        return [(c.get("system"), c["code"]) for c in value["coding"] if "code" in c]
    key = "code" if "code" in value or "display" in value else "value"
    return [(value.get("system"), value[key])] if key in value else []


def _displays(value: Any) -> list[str]:
    if not isinstance(value, dict):
        return []
    shown = [c["display"] for c in value.get("coding", ()) if "display" in c]
    if "value" in value:  # an identifier
        value = value.get("type", {})
        return _displays(value)
    return shown + [value[key] for key in ("display", "text") if key in value]


def fold(text: str) -> str:
    """Without case and accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(plain.replace("ø", "o").replace("æ", "ae").split())


def strings(value: Any) -> list[str]:
    """The strings of a value, parts of names and addresses each."""
    if isinstance(value, str):
        return [value]
    found = [value[key] for key in dict.fromkeys(NAME + ADDRESS) if key in value]
    return [text for part in found for text in (part if isinstance(part, list) else [part]) if text]


def _string(value: Any, modifier: str, text: str) -> bool:
    if modifier == "exact":
        return text in strings(value)
    if modifier == "contains":
        return any(fold(text) in fold(each) for each in strings(value))
    return any(fold(each).startswith(fold(text)) for each in strings(value))


def _reference(value: Any, only: str | None, text: str, targets: list[str]) -> bool:
    literal = value.get("reference", "") if isinstance(value, dict) else value
    if isinstance(value, dict) and "resourceType" in value:
        literal = f"{value['resourceType']}/{value.get('id')}"
    literal, text = literal.split("/_history/")[0], text.split("/_history/", maxsplit=1)[0]
    if only is not None and f"/{only}/" not in f"/{literal}":
        return False
    relative = re.fullmatch(r"([A-Z]\w+)/([\w.\-]+)", literal)
    # a bare id is one of the types the parameter leads to; examples refer to others, too
    return (
        literal == text
        or bool(relative and relative[2] == text and relative[1] in targets)
        or ("|" in literal and literal.split("|")[0] == text)
    )


def moment(text: str) -> tuple[int, int]:
    """First microsecond of a date or time, and the first after it."""
    if "T" in text:
        start = datetime.fromisoformat(text)
        start = start if start.tzinfo else start.replace(tzinfo=UTC)
        fraction = re.search(r"\.(\d+)", text)
        seconds = len(re.findall(r":\d\d(?=[:.Z+\-]|$)", text.split("+", maxsplit=1)[0])) > 1
        length = timedelta(seconds=1 if seconds else 60)
        end = start + (timedelta(seconds=1) / 10 ** len(fraction[1][:6]) if fraction else length)
    else:
        numbers = [int(part) for part in text.split("-")]
        year, month, day = (*numbers, 1, 1)[:3]
        start = datetime(year, month, day, tzinfo=UTC)
        following = {1: (year + 1, 1), 2: (year + month // 12, month % 12 + 1)}.get(len(numbers))
        end = datetime(*following, 1, tzinfo=UTC) if following else start + timedelta(days=1)
    return (start - EPOCH) // MICROSECOND, (end - EPOCH) // MICROSECOND


def intervals(value: Any) -> list[tuple[int, int]]:
    """What a date of any datatype covers."""
    if isinstance(value, str):
        return [moment(value)] if re.match(r"\d{4}", value) else []
    if value.keys() & {"event", "repeat"}:
        parts = [moment(event) for event in value.get("event", ())]
        parts += intervals(value.get("repeat", {}).get("boundsPeriod", {}))
        return [(min(lo for lo, _ in parts), max(hi for _, hi in parts))] if parts else []
    if not value.keys() & {"start", "end"}:
        return []
    return [
        (
            moment(value["start"])[0] if "start" in value else OPEN[0],
            moment(value["end"])[1] if "end" in value else OPEN[1],
        )
    ]


def _date(stored: tuple[int, int], text: str) -> bool:
    prefix, rest = (text[:2], text[2:]) if text[:2].isalpha() else ("eq", text)
    (low, high), (lo, hi) = moment(rest), stored
    contained = low <= lo and hi <= high
    return {
        "eq": contained, "ne": not contained, "gt": hi > high, "lt": lo < low,
        "ge": hi > high or contained, "le": lo < low or contained, "sa": lo >= high, "eb": hi <= low,
    }[prefix]  # fmt: skip


def _number(value: Any, text: str) -> bool:
    number, _, unit = text.partition("|")
    system, _, code = unit.partition("|")
    prefix, rest = (number[:2], number[2:]) if number[:2].isalpha() else ("eq", number)
    lo, hi, its_system, its_codes = _amount(value)
    if lo is None:
        return False
    if unit and (code not in its_codes or (system and system != its_system)):
        return False
    wanted = float(rest)
    half = 0.5 * 10 ** -(len(rest.split(".")[1]) if "." in rest else 0)
    tolerance = abs(wanted) * 1e-11
    contained = lo >= wanted - half - tolerance and hi < wanted + half - tolerance
    answers: dict[str, bool] = {
        "eq": contained, "ne": not contained, "gt": hi > wanted, "lt": lo < wanted,
        "ge": hi >= wanted, "le": lo <= wanted, "sa": lo > wanted, "eb": hi < wanted,
    }  # fmt: skip
    return answers[prefix]


def _amount(value: Any) -> tuple[Any, Any, Any, set[Any]]:
    if isinstance(value, (int, float, Decimal)):
        return float(value), float(value), None, set()
    if value.keys() & {"low", "high"}:
        named = value.get("low", value.get("high"))
        lo = float(value["low"]["value"]) if "low" in value else float("-inf")
        hi = float(value["high"]["value"]) if "high" in value else float("inf")
        return lo, hi, named.get("system"), {named.get("code"), named.get("unit")}
    if "value" not in value:
        return None, None, None, set()
    lo = hi = float(value["value"])
    comparator = value.get("comparator", "")
    lo, hi = (
        (float("-inf"), hi)
        if "<" in comparator
        else (lo, float("inf"))
        if ">" in comparator
        else (lo, hi)
    )
    system, unit = value.get("system"), value.get("unit")
    if "currency" in value:
        return lo, hi, "urn:iso:std:iso:4217", {value["currency"]}
    return lo, hi, system, {value.get("code"), unit}
