"""Items of FHIRPath collections and how they compare (http://hl7.org/fhirpath/N1/#equality)."""

# ruff: noqa: FBT001, FBT003 - booleans are the values computed with here

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from fellesjournal.fhir.validation.expressions.model import Member, is_primitive, members


class Item(NamedTuple):
    """A JSON value with its FHIR type.

    ``companion`` is the ``_name`` object beside a primitive; ``value`` is None when there
    is only that.
    """

    # Any: JSON as parsed; resources of any shape are evaluated, also broken ones.
    value: Any
    type: str
    companion: Any = None


Collection = list[Item]

TRUE: Collection = [Item(True, "boolean")]
FALSE: Collection = [Item(False, "boolean")]

_MOMENT = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d)(\.\d+)?)?)?)?)?)?"
    r"(Z|[+-]\d\d:\d\d)?",
    re.ASCII,
)
_TEMPORAL = frozenset({"date", "dateTime", "instant"})
_NUMBERS = (int, float)


def boolean(truth: bool) -> Collection:
    """A collection of one boolean."""
    return TRUE if truth else FALSE


def type_of_resource(value: Any) -> str:
    """The type of an object where any resource may stand."""
    name = value.get("resourceType") if isinstance(value, dict) else None
    return name if isinstance(name, str) else "Resource"


def member_items(item: Item, member: Member, out: Collection) -> None:
    """Append what one JSON property of an object holds."""
    data = item.value
    value = data.get(member.json_name)
    companion = data.get(member.companion) if member.companion else None
    if value is None and companion is None:
        return
    if type(value) is not list and type(companion) is not list:
        out.append(typed(value, member, companion))
        return
    values = value if isinstance(value, list) else []
    companions = companion if isinstance(companion, list) else []
    if not companions:
        out.extend([typed(one, member) for one in values if one is not None])
        return
    for index in range(max(len(values), len(companions))):
        one = values[index] if index < len(values) else None
        beside = companions[index] if index < len(companions) else None
        if one is not None or beside is not None:
            out.append(typed(one, member, beside))


def typed(value: Any, member: Member, companion: Any = None) -> Item:
    """One value of a JSON property with its type."""
    if member.type == "Resource":
        return Item(value, type_of_resource(value))
    return Item(value, member.type, companion)


def step(focus: Collection, name: str) -> Collection:
    """All values of a member over a collection."""
    out: Collection = []
    for item in focus:
        if isinstance(item.value, dict):
            for member in members(item.type).get(name, ()):
                member_items(item, member, out)
        elif isinstance(item.companion, dict) and name in ("extension", "id"):
            beside = Item(item.companion, "Element")
            for member in members("Element").get(name, ()):
                member_items(beside, member, out)
    return out


def children(focus: Collection) -> Collection:
    """Every direct child of every item."""
    out: Collection = []
    for item in focus:
        if isinstance(item.value, dict):
            for alternatives in members(item.type).values():
                for member in alternatives:
                    member_items(item, member, out)
        elif isinstance(item.companion, dict):
            out.extend(children([Item(item.companion, "Element")]))
    return out


def descendants(focus: Collection) -> Collection:
    """Children, their children and so on."""
    out: Collection = []
    level = children(focus)
    while level:
        out.extend(level)
        level = children(level)
    return out


def equal(one: Item, other: Item) -> bool | None:
    """``=`` of two items; None when it can't be said (dates of unlike precision)."""
    left, right = one.value, other.value
    if one.type in _TEMPORAL or other.type in _TEMPORAL:
        if isinstance(left, str) and isinstance(right, str):
            if left == right:
                return True
            order = compare(one, other)
            return None if order is None else order == 0
        return False
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return bool(left == right)


def equivalent(one: Item, other: Item) -> bool:
    """``~`` of two items: strings without regard to case and blanks."""
    if isinstance(one.value, str) and isinstance(other.value, str):
        return " ".join(one.value.lower().split()) == " ".join(other.value.lower().split())
    return equal(one, other) is True


def compare(one: Item, other: Item) -> int | None:
    """-1, 0 or 1; None when the two have no order, or it can't be told."""
    left, right = one.value, other.value
    if isinstance(left, dict) and isinstance(right, dict):
        return _compare_quantities(left, right)
    if isinstance(left, bool) or isinstance(right, bool):
        return None
    if isinstance(left, _NUMBERS) and isinstance(right, _NUMBERS):
        return (left > right) - (left < right)
    if isinstance(left, str) and isinstance(right, str):
        if one.type in _TEMPORAL or other.type in _TEMPORAL:
            return _compare_moments(left, right)
        return (left > right) - (left < right)
    return None


def _compare_quantities(left: dict[str, Any], right: dict[str, Any]) -> int | None:
    """By value when both have the same unit; conversion is left to others."""
    low, high = left.get("value"), right.get("value")
    if not isinstance(low, _NUMBERS) or not isinstance(high, _NUMBERS):
        return None
    if _unit(left) != _unit(right):
        return None
    return (low > high) - (low < high)


def _unit(quantity: dict[str, Any]) -> tuple[Any, Any]:
    if "code" in quantity:
        return quantity.get("system"), quantity["code"]
    return None, quantity.get("unit")


def _compare_moments(left: str, right: str) -> int | None:
    one, other = _MOMENT.fullmatch(left), _MOMENT.fullmatch(right)
    if one is None or other is None:
        return None
    if one[8] and other[8] and one[4] and other[4]:
        first, second = _instant(one), _instant(other)
        if first is None or second is None:
            return None
        return (first > second) - (first < second)
    if one[4] and other[4] and bool(one[8]) != bool(other[8]):
        # A zone is missing: nobody knows which came first.
        return None
    for group in (1, 2, 3, 4, 5, 6):
        if one[group] is None or other[group] is None:
            return 0 if one[group] is None and other[group] is None else None
        if one[group] != other[group]:
            return -1 if one[group] < other[group] else 1
    first_fraction, second_fraction = float(one[7] or 0), float(other[7] or 0)
    return (first_fraction > second_fraction) - (first_fraction < second_fraction)


def _instant(match: re.Match[str]) -> tuple[datetime, float] | None:
    """The moment in UTC with its fraction of a second; None for a day that doesn't exist."""
    year, month, day, hour, minute = (int(match[group] or 0) for group in range(1, 6))
    second = min(int(match[6] or 0), 59)
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        zone = match[8]
        if zone != "Z":
            offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[4:6]))
            moment = moment - offset if zone[0] == "+" else moment + offset
    except (ValueError, OverflowError):
        return None
    return moment, float(match[7] or 0)


def distinct_key(item: Item) -> Any:
    """Something hashable that equal items share (strings, numbers) or JSON-like (objects)."""
    value = item.value
    if isinstance(value, dict):
        return ("{", tuple(sorted((k, distinct_key(Item(v, ""))) for k, v in value.items())))
    if isinstance(value, list):
        return ("[", tuple(distinct_key(Item(v, "")) for v in value))
    if isinstance(value, bool):
        return ("bool", value)
    return value


def text_of(item: Item) -> str | None:
    """``toString()``; None for what has no text form."""
    value = item.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, _NUMBERS):
        return str(value)
    return None


def is_scalar(item: Item) -> bool:
    """Whether the item is of a primitive type."""
    return is_primitive(item.type)
