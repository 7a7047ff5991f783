"""The FHIRPath functions that invariants and profiles use.

Functions that take an expression (where, all, iif ...) are in ``compiling``; here are
those whose arguments are values. Each takes the focus and the evaluated arguments.
"""

# ruff: noqa: FBT001, FBT003 - booleans are the values computed with here

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from fellesjournal.fhir.validation.expressions.values import (
    FALSE,
    TRUE,
    Collection,
    Item,
    boolean,
    children,
    descendants,
    distinct_key,
    equal,
    step,
    text_of,
)

Function = Callable[[Collection, list[Collection]], Collection]


def distinct(focus: Collection) -> Collection:
    """Without repetitions, in order."""
    seen: dict[Any, Item] = {}
    for item in focus:
        seen.setdefault(distinct_key(item), item)
    return list(seen.values())


def union(one: Collection, other: Collection) -> Collection:
    """``|``: both without repetitions."""
    return distinct([*one, *other])


def contains_item(collection: Collection, wanted: Item) -> bool:
    """The operator ``in`` with one item on the left."""
    return any(equal(item, wanted) is True for item in collection)


def single_text(focus: Collection) -> str | None:
    """The text of a collection of one string, else None."""
    if len(focus) != 1:
        return None
    return text_of(focus[0])


def _text_function(run: Callable[[str, str], bool]) -> Function:
    def call(focus: Collection, arguments: list[Collection]) -> Collection:
        text, other = single_text(focus), single_text(arguments[0])
        return [] if text is None or other is None else boolean(run(text, other))

    return call


def _mapped_text(run: Callable[[str], str]) -> Function:
    def call(focus: Collection, _arguments: list[Collection]) -> Collection:
        text = single_text(focus)
        return [] if text is None else [Item(run(text), "string")]

    return call


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    try:
        return re.compile(pattern, re.DOTALL)
    except re.error:
        return None


def _matches(focus: Collection, arguments: list[Collection]) -> Collection:
    text, pattern = single_text(focus), single_text(arguments[0])
    compiled = _compiled(pattern) if pattern is not None else None
    if text is None or compiled is None:
        return []
    return boolean(compiled.search(text) is not None)


def _replace_matches(focus: Collection, arguments: list[Collection]) -> Collection:
    text, pattern, new = single_text(focus), single_text(arguments[0]), single_text(arguments[1])
    compiled = _compiled(pattern) if pattern is not None else None
    if text is None or compiled is None or new is None:
        return []
    return [Item(compiled.sub(lambda _match: new, text), "string")]


def _replace(focus: Collection, arguments: list[Collection]) -> Collection:
    text, old, new = single_text(focus), single_text(arguments[0]), single_text(arguments[1])
    if text is None or old is None or new is None:
        return []
    return [Item(text.replace(old, new), "string")]


def _substring(focus: Collection, arguments: list[Collection]) -> Collection:
    text, start = single_text(focus), _integer(arguments[0])
    if text is None or start is None or not 0 <= start < len(text):
        return []
    length = _integer(arguments[1]) if len(arguments) > 1 else None
    end = len(text) if length is None else start + length
    return [Item(text[start:end], "string")]


def _index_of(focus: Collection, arguments: list[Collection]) -> Collection:
    text, wanted = single_text(focus), single_text(arguments[0])
    return [] if text is None or wanted is None else [Item(text.find(wanted), "integer")]


def _length(focus: Collection, _arguments: list[Collection]) -> Collection:
    text = single_text(focus)
    return [] if text is None else [Item(len(text), "integer")]


def _split(focus: Collection, arguments: list[Collection]) -> Collection:
    text, separator = single_text(focus), single_text(arguments[0])
    if text is None or not separator:
        return []
    return [Item(part, "string") for part in text.split(separator)]


def _join(focus: Collection, arguments: list[Collection]) -> Collection:
    separator = single_text(arguments[0]) if arguments else ""
    parts = [text_of(item) or "" for item in focus]
    return [Item((separator or "").join(parts), "string")] if focus else []


def _integer(collection: Collection) -> int | None:
    if len(collection) == 1 and type(collection[0].value) is int:
        value: int = collection[0].value
        return value
    return None


def _to_integer(focus: Collection, _arguments: list[Collection]) -> Collection:
    text = single_text(focus)
    if text is None or not re.fullmatch(r"[+-]?[0-9]{1,18}", text):
        return []
    return [Item(int(text), "integer")]


def _to_decimal(focus: Collection, _arguments: list[Collection]) -> Collection:
    text = single_text(focus)
    if text is None or not re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", text):
        return []
    return [Item(float(text), "decimal")]


def _to_string(focus: Collection, _arguments: list[Collection]) -> Collection:
    text = single_text(focus)
    return [] if text is None else [Item(text, "string")]


def _all_are(wanted: bool) -> Function:
    return lambda focus, _arguments: boolean(all(item.value is wanted for item in focus))


def _any_is(wanted: bool) -> Function:
    return lambda focus, _arguments: boolean(any(item.value is wanted for item in focus))


def _skip(focus: Collection, arguments: list[Collection]) -> Collection:
    return focus[max(_integer(arguments[0]) or 0, 0) :]


def _take(focus: Collection, arguments: list[Collection]) -> Collection:
    return focus[: max(_integer(arguments[0]) or 0, 0)]


def _has_value(focus: Collection, _arguments: list[Collection]) -> Collection:
    return boolean(
        len(focus) == 1
        and focus[0].value is not None
        and not isinstance(focus[0].value, dict | list)
    )


def _keys(collection: Collection) -> set[Any]:
    # By key, not pair by pair: ten thousand codings against as many must not take minutes.
    return {distinct_key(item) for item in collection}


def _intersect(focus: Collection, arguments: list[Collection]) -> Collection:
    others = _keys(arguments[0])
    return distinct([item for item in focus if distinct_key(item) in others])


def _exclude(focus: Collection, arguments: list[Collection]) -> Collection:
    others = _keys(arguments[0])
    return [item for item in focus if distinct_key(item) not in others]


def _subset(focus: Collection, arguments: list[Collection]) -> Collection:
    return boolean(_keys(focus) <= _keys(arguments[0]))


def _superset(focus: Collection, arguments: list[Collection]) -> Collection:
    return boolean(_keys(focus) >= _keys(arguments[0]))


def _extension(focus: Collection, arguments: list[Collection]) -> Collection:
    url = single_text(arguments[0])
    return [
        item
        for item in step(focus, "extension")
        if isinstance(item.value, dict) and item.value.get("url") == url
    ]


def _not(focus: Collection, _arguments: list[Collection]) -> Collection:
    if len(focus) != 1:
        return []
    return FALSE if focus[0].value is not False else TRUE


FUNCTIONS: dict[str, tuple[int, int, Function]] = {
    "empty": (0, 0, lambda focus, _arguments: boolean(not focus)),
    "not": (0, 0, _not),
    "count": (0, 0, lambda focus, _arguments: [Item(len(focus), "integer")]),
    "first": (0, 0, lambda focus, _arguments: focus[:1]),
    "last": (0, 0, lambda focus, _arguments: focus[-1:]),
    "tail": (0, 0, lambda focus, _arguments: focus[1:]),
    "single": (0, 0, lambda focus, _arguments: focus if len(focus) == 1 else []),
    "skip": (1, 1, _skip),
    "take": (1, 1, _take),
    "distinct": (0, 0, lambda focus, _arguments: distinct(focus)),
    "isDistinct": (
        0,
        0,
        lambda focus, _arguments: boolean(len(distinct(focus)) == len(focus)),
    ),
    "allTrue": (0, 0, _all_are(True)),
    "allFalse": (0, 0, _all_are(False)),
    "anyTrue": (0, 0, _any_is(True)),
    "anyFalse": (0, 0, _any_is(False)),
    "children": (0, 0, lambda focus, _arguments: children(focus)),
    "descendants": (0, 0, lambda focus, _arguments: descendants(focus)),
    "hasValue": (0, 0, _has_value),
    "getValue": (
        0,
        0,
        lambda focus, _arguments: [item for item in focus if item.value is not None],
    ),
    "extension": (1, 1, _extension),
    "combine": (1, 1, lambda focus, arguments: [*focus, *arguments[0]]),
    "union": (1, 1, lambda focus, arguments: union(focus, arguments[0])),
    "intersect": (1, 1, _intersect),
    "exclude": (1, 1, _exclude),
    "subsetOf": (1, 1, _subset),
    "supersetOf": (1, 1, _superset),
    "startsWith": (1, 1, _text_function(str.startswith)),
    "endsWith": (1, 1, _text_function(str.endswith)),
    "contains": (1, 1, _text_function(lambda text, other: other in text)),
    "matches": (1, 1, _matches),
    "replace": (2, 2, _replace),
    "replaceMatches": (2, 2, _replace_matches),
    "substring": (1, 2, _substring),
    "indexOf": (1, 1, _index_of),
    "length": (0, 0, _length),
    "split": (1, 1, _split),
    "join": (0, 1, _join),
    "upper": (0, 0, _mapped_text(str.upper)),
    "lower": (0, 0, _mapped_text(str.lower)),
    "trim": (0, 0, _mapped_text(str.strip)),
    "toString": (0, 0, _to_string),
    "toInteger": (0, 0, _to_integer),
    "toDecimal": (0, 0, _to_decimal),
}
"""Name -> (fewest arguments, most arguments, function)."""
