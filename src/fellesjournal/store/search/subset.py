"""Parts of resources: ``_summary`` and ``_elements`` (http://hl7.org/fhir/R4/search.html#summary).

Works on the stored bytes: what is kept is kept verbatim, and meta gets the tag SUBSETTED
so that nobody takes the part for the whole.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import orjson

from fellesjournal.fhir.definitions import mandatory_elements, summary_elements

_ALWAYS = frozenset({"resourceType", "id", "meta", "implicitRules", "modifierExtension"})
SUBSETTED = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
    "code": "SUBSETTED",
    "display": "subsetted",
}
_members = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def subset(body: bytes, type_name: str, summary: str | None, elements: tuple[str, ...]) -> bytes:
    """The part of a resource that is asked for, mandatory elements always with it.

    ``summary`` is true, text or data; with anything else only ``elements`` counts, top-level
    names without type suffix. The body itself when nothing is left out by request.
    """
    if elements:
        kept = _ALWAYS | mandatory_elements(type_name)
        return _written(body, lambda name: name in kept or _asked_for(name, elements))
    if summary == "true":
        kept = _ALWAYS | summary_elements(type_name)
        return _written(body, lambda name: name in kept)
    if summary == "text":
        kept = _ALWAYS | mandatory_elements(type_name) | {"text"}
        return _written(body, lambda name: name in kept)
    if summary == "data":
        return _written(body, lambda name: name != "text")
    return body


def _asked_for(name: str, elements: tuple[str, ...]) -> bool:
    return any(
        name == element or (name.startswith(element) and name[len(element)].isupper())
        for element in elements
    )


def _written(body: bytes, keeps: Callable[[str], bool]) -> bytes:
    parts = []
    for name, raw in _members(body).items():
        if not keeps(name.removeprefix("_")):
            continue
        value = _tagged(bytes(raw)) if name == "meta" else bytes(raw)
        parts.append(orjson.dumps(name) + b":" + value)
    return b"{" + b",".join(parts) + b"}"


def _tagged(meta: bytes) -> bytes:
    members = {name: bytes(raw) for name, raw in _members(meta).items()}
    tag = orjson.dumps(SUBSETTED)
    members["tag"] = (
        members["tag"][:-1] + b"," + tag + b"]" if "tag" in members else b"[" + tag + b"]"
    )
    return (
        b"{"
        + b",".join(orjson.dumps(name) + b":" + value for name, value in members.items())
        + b"}"
    )
