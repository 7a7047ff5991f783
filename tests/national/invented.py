"""Any message the dataclasses can say, made from their bindings: for round trips."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from fellesjournal.national.binding import Bound, Form, Part, Schema, bindings, choices
from fellesjournal.national.values import (
    Code,
    Coded,
    Content,
    Foreign,
    Quantity,
    RichText,
    Timestamp,
    volven,
)

Chosen = Mapping[tuple[type[Part], str], st.SearchStrategy[Any]]

DEEPEST = 5
TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cn", "Cc"), include_characters="\t\n\r"), max_size=12
)
FILLED = TEXT.filter(lambda text: bool(text.strip()))
TOKEN = st.text("ABCÆØÅ0123456789-", min_size=1, max_size=6)
SYSTEM = st.sampled_from([volven(9051), volven(8116), volven(8480)])
DAY = st.dates().map(lambda day: Timestamp(day.isoformat()))
ZONE = st.sampled_from(["", "Z", "+02:00", "-11:30"])
CLOCK = st.builds(
    lambda t, z: Timestamp(f"{t.isoformat(timespec='seconds')}{z}"), st.datetimes(), ZONE
)
YEAR = st.integers(1, 9999).map(lambda year: Timestamp(f"{year:04}"))
MONTH = st.builds(
    lambda y, m: Timestamp(f"{y:04}-{m:02}"), st.integers(1, 9999), st.integers(1, 12)
)
NUMBER = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**6), max_value=10**6)
XHTML = st.builds(
    lambda a, b: RichText.formatted(
        f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{a}<br/></p>{b} <b>x</b></div>'
    ),
    st.text("abcæøå \n", max_size=8),
    st.text("abc ", max_size=8),
)
FILE = st.binary(max_size=20).map(lambda content: Content((Foreign.base64(content),)))

_BY_FORM = {
    Form.TS: st.one_of(DAY, CLOCK, YEAR, MONTH),
    Form.DATE_TIME: CLOCK,
    Form.DATE: DAY,
    Form.YEAR: YEAR,
    Form.BOOLEAN: st.booleans(),
    Form.URL: st.sampled_from(["tel:73555555", "mailto:a@b.example", ""]),
    Form.ADDRESS: st.sampled_from(["cid:1@b.example", "a/b.pdf", ""]),
    Form.INTEGER: st.integers(-1000, 1000),
    Form.FLAG: st.booleans(),
    Form.OID: SYSTEM,
}
_BY_KIND: Mapping[Any, st.SearchStrategy[Any]] = {
    Code: st.builds(Code, st.none() | TOKEN, st.none() | TEXT),
    Coded: st.builds(
        Coded, st.none() | TOKEN, st.none() | SYSTEM, st.none() | TEXT, st.none() | TEXT
    ),
    Quantity: st.builds(Quantity, st.none() | NUMBER.map(Decimal), st.none() | TOKEN),
    RichText: TEXT.map(RichText) | XHTML,
    Content: FILE,
    Decimal: NUMBER,
    Foreign: st.nothing(),
}


@st.composite
def parts(
    draw: st.DrawFn, part: type[Part], schema: Schema, chosen: Chosen | None = None, depth: int = 0
) -> Any:
    """An instance of ``part`` as ``schema`` allows it; ``chosen`` gives values of single fields."""
    values: dict[str, Any] = {}
    left_out = _left_out(draw, part, schema)
    for one in bindings(part, schema):
        if one.field in left_out:
            continue
        groups = (*choices(part, schema), *part.at_least_one)
        must = one.required or any(one.field in group for group in groups)
        if one.kind is Foreign or (not must and depth >= DEEPEST):
            continue
        value = (chosen or {}).get((part, one.field))
        if value is None:
            value = _value(one, chosen, depth)
        if value.is_empty:
            continue
        if one.repeated:
            least = 1 if must else 0
            most = 1 if one.single else 2
            values[one.field] = tuple(draw(st.lists(value, min_size=least, max_size=most)))
        elif must or draw(st.booleans()):
            values[one.field] = draw(value)
    if part.versioned:
        values["version"] = schema.version
    return part(**values)


def _left_out(draw: st.DrawFn, part: type[Part], schema: Schema) -> set[str]:
    here = {one.field for one in bindings(part, schema)}
    out: set[str] = set()
    for group in dict.fromkeys((*choices(part, schema), *part.at_most_one)):
        possible = [field for field in group if field in here]
        out |= set(possible) - {draw(st.sampled_from(possible))}
    return out


def _value(one: Bound, chosen: Chosen | None, depth: int) -> st.SearchStrategy[Any]:
    if isinstance(one.kind, type) and issubclass(one.kind, Part):
        return parts(one.kind, one.parts, chosen, depth + 1)
    if one.form is Form.PLAIN:
        return TEXT.map(RichText)
    if one.form is Form.CS:
        return st.builds(Coded, st.none() | TOKEN, display=st.none() | TEXT)
    if one.one_of:
        return st.sampled_from(one.one_of)
    if one.kind in _BY_KIND:
        return _BY_KIND[one.kind]
    if one.form in _BY_FORM:
        return _BY_FORM[one.form]
    return FILLED if one.filled else TEXT
