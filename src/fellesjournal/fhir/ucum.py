"""UCUM codes worked out by ucumvert. Slow to load, so only quantities.py reaches for it."""

from __future__ import annotations

import math
import re
from functools import cache
from typing import Any

# Units of biological effect have no size of their own (UCUM: isArbitrary).
_ARBITRARY = re.compile(
    r"\[(?:i|I)U\]|\[[^\]]*'U\]|\[(?:CCID_50|TCID_50|EID_50|PFU|FFU|CFU|BAU|IR|AU|PNU|Lf|EU|FEU|ELU|GPL|MPL)\]"
)

_ANNOTATED = re.compile(r"(?<=[^/.(])\{[^{}]*\}")
_ANNOTATION = re.compile(r"\{[^{}]*\}")


@cache
def _registry() -> Any:
    # ucumvert and pint are not fully typed, and take most of a second to load
    from ucumvert import PintUcumRegistry  # noqa: PLC0415 - slow to load

    return PintUcumRegistry()


def base_form(code: str) -> tuple[str, float, float] | None:
    """``(dimension, factor, offset)``; None when the code is no UCUM unit or not linear."""
    # an annotation changes no unit; one that stands alone means 1
    bare = _ANNOTATION.sub("1", _ANNOTATED.sub("", code))
    registry = _registry()
    try:
        parsed = registry.from_ucum(bare)
        at = [_in_base(registry, parsed, x) for x in (0.0, 1.0, 2.0)]
        dimension = str(parsed.dimensionality)
    except Exception:  # noqa: BLE001 - lark and pint raise many kinds; all mean "not a unit"
        return None
    factor, offset = at[1] - at[0], at[0]
    if (
        not math.isfinite(factor)
        or factor == 0
        or not math.isclose(at[2] - at[1], factor, rel_tol=1e-9)
    ):
        return None
    # 50 % is not 0.5 {score}: without a physical dimension the annotation is all there is
    named = _ANNOTATION.findall(code) if dimension == "dimensionless" else []
    arbitrary = sorted({name.replace("[iU]", "[IU]") for name in _ARBITRARY.findall(code)})
    return (
        " ".join([dimension, *arbitrary, *named]),
        factor,
        offset if abs(offset) > 1e-300 else 0.0,
    )


def _in_base(registry: Any, parsed: Any, value: float) -> float:
    size = registry.Quantity(value * parsed.magnitude, parsed.units).to_base_units()
    return float(size.magnitude)
