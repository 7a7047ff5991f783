"""The official FHIRPath of search parameters, made runnable for fhirpathpy.

Used by the differential tests of extraction and of search; shares no code with the product.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from fhirpathpy import compile as compile_fhirpath
from fhirpathpy.models import models

# What fhirpathpy can't do, and what is run instead:
# - resolve() needs a server: the restriction is applied to the reference's text;
# - `(a as T)` refuses collections of several: ofType(T) says the same for them;
# - it lacks hasExtension.
RESOLVE = re.compile(r"\.where\(resolve\(\) is (\w+)\)")
AS = re.compile(r"\(([\w.]+) as (\w+)\)|([\w.]+)\.as\((\w+)\)|^([\w.]+) as (\w+)$")
HAS_EXTENSION = re.compile(r"hasExtension\(('[^']*')\)")

Definition = dict[str, Any]


def official_parameters(shared_data: Path) -> dict[str, list[Definition]]:
    """Official definitions that have an expression, by base type."""
    found: dict[str, list[Definition]] = defaultdict(list)
    text = (shared_data / "fhir-r4-definitions" / "search-parameters.json").read_text()
    for definition in json.loads(text):
        if definition["type"] in ("composite", "special") or "expression" not in definition:
            continue
        for base in definition.get("base", ()):
            found[base].append(definition)
    return found


@cache
def runnable(expression: str, base: str) -> list[tuple[str, str | None]]:
    """(expression fhirpathpy can run, type the references are kept to), per alternative."""
    found = []
    for atom in re.split(r"\s\|\s", expression):
        stripped = atom.strip()
        if stripped.startswith("(") and stripped.endswith(")") and " as " not in stripped:
            stripped = stripped[1:-1]
        root = re.match(r"\(*(\w+)", stripped)
        assert root is not None
        if root[1] not in (base, "Resource", "DomainResource") and root[1][0].isupper():
            continue
        only = RESOLVE.search(stripped)
        stripped = HAS_EXTENSION.sub(r"extension.where(url=\1).exists()", RESOLVE.sub("", stripped))
        rewritten = AS.sub(
            lambda m: f"{m[1] or m[3] or m[5]}.ofType({m[2] or m[4] or m[6]})", stripped
        )
        if root[1] == "Resource":
            rewritten = rewritten.replace("Resource.", f"{base}.", 1)
        found.append((rewritten, only[1] if only else None))
    return found


@cache
def _compiled(path: str) -> Callable[..., Any]:
    compiled: Callable[..., Any] = compile_fhirpath(path, models["r4"])
    return compiled


def values(definition: Definition, data: dict[str, Any]) -> list[tuple[Any, str | None]]:
    """What a parameter's expression gives for a resource, with the restriction on references."""
    found = []
    for path, only in runnable(definition["expression"], data["resourceType"]):
        for value in _compiled(path)(data):
            plain = getattr(value, "original", value)  # fhirpathpy wraps dates
            if plain is not None:
                found.append((_value_of_extension(definition, plain), only))
    return found


def _value_of_extension(definition: Definition, value: Any) -> Any:
    if isinstance(value, dict) and "url" in value and definition["expression"].endswith("')"):
        return next((v for k, v in value.items() if k.startswith("value")), None)
    return value
