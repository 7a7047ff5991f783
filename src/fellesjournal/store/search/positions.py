"""Location.near: places within a distance (http://hl7.org/fhir/R4/location.html#search)."""

from __future__ import annotations

from fellesjournal.fhir.quantities import ucum_unit
from fellesjournal.store.indexing import LATITUDE, LONGITUDE
from fellesjournal.store.search.scope import Scope, any_of
from fellesjournal.store.search.values import BadValue, number_value, split, unescape

_EARTH_RADIUS_M = 6_371_008.8
_DEFAULT_DISTANCE_M = 50_000.0


def near_condition(alias: str, slot: int, texts: list[str], scope: Scope) -> str:
    """Within the distance of one of the points ``latitude|longitude[|distance[|unit]]``.

    The distance is in kilometres unless a UCUM unit of length is given, and 50 km when
    left out.
    """
    return any_of([_near(alias, slot, unescape(text), scope) for text in texts])


def _near(alias: str, slot: int, text: str, scope: Scope) -> str:
    parts = split(text, "|")
    if not 2 <= len(parts) <= 4:
        raise BadValue(f"{text!r}: near is latitude|longitude|distance|unit")
    latitude, longitude = (float(number_value(part).value) for part in parts[:2])
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise BadValue(f"{text!r} is no position on earth")
    here = scope.bind(latitude, "float8"), scope.bind(longitude, "float8")
    haversine = (
        f"power(sin(radians(n.lo - {here[0]}) / 2), 2)"
        f" + cos(radians({here[0]})) * cos(radians(n.lo))"
        f" * power(sin(radians(m.lo - {here[1]}) / 2), 2)"
    )
    return (
        f"{alias}.seq in (select n.seq from store.entry_number n join store.entry_number m"
        f" on m.seq = n.seq and m.slot = n.slot and m.unit = {LONGITUDE}"
        f" where n.slot = {slot}::smallint and n.unit = {LATITUDE}"
        f" and 2 * {_EARTH_RADIUS_M} * asin(sqrt(least(1, {haversine})))"
        f" <= {scope.bind(_metres(parts), 'float8')})"
    )


def _metres(parts: list[str]) -> float:
    if len(parts) < 3 or not parts[2]:
        return _DEFAULT_DISTANCE_M
    code = parts[3] if len(parts) == 4 and parts[3] else "km"
    unit = ucum_unit(code)
    if unit is None or unit.dimension != "[length]":
        raise BadValue(f"{code!r} is no unit of length")
    return unit.to_base(float(number_value(parts[2]).value))
