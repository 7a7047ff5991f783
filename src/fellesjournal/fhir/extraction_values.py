"""How each datatype is read for each kind of index (http://hl7.org/fhir/R4/search.html)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from fellesjournal.fhir.quantities import amount, amount_of_range
from fellesjournal.fhir.references import Local, local
from fellesjournal.fhir.temporal import interval, period, timing

if TYPE_CHECKING:
    from fellesjournal.fhir.extraction import Extracted

Systems = str | Mapping[str, str] | None
# (value, slot, where to put it)
Reader = Callable[[Any, int, "Extracted"], None]

BOOLEAN_SYSTEM = "http://terminology.hl7.org/CodeSystem/special-values"


def code_reader(systems: Systems) -> Reader:
    """Reads plain codes, whose system is implied: one, or by code."""

    def read(value: str, slot: int, out: Extracted) -> None:
        system = systems if isinstance(systems, str) or systems is None else systems.get(value)
        out.tokens.append((slot, system, value))

    return read


def _coding(value: Any, slot: int, out: Extracted) -> None:
    code = value.get("code")
    if code is not None:
        out.tokens.append((slot, value.get("system"), code))
    display = value.get("display")
    if display is not None:
        out.texts.append((slot, display))


def _codeable_concept(value: Any, slot: int, out: Extracted) -> None:
    for coding in value.get("coding", ()):
        _coding(coding, slot, out)
    text = value.get("text")
    if text is not None:
        out.texts.append((slot, text))


def _identifier(value: Any, slot: int, out: Extracted) -> None:
    number = value.get("value")
    if number is not None:
        out.tokens.append((slot, value.get("system"), number))
    kind = value.get("type")
    if kind is None:
        return
    if "text" in kind:
        out.texts.append((slot, kind["text"]))
    for coding in kind.get("coding", ()):
        if "display" in coding:
            out.texts.append((slot, coding["display"]))
        if "code" in coding and number is not None:
            out.typed.append((slot, coding.get("system"), coding["code"], number))


def _contact_point(value: Any, slot: int, out: Extracted) -> None:
    # The table of the standard puts ContactPoint.use in place of the system; clients as
    # often send ContactPoint.system (phone|...), so both answer.
    number = value.get("value")
    if number is None:
        return
    systems_of = [value[key] for key in ("system", "use") if key in value]
    for system in systems_of or [None]:
        out.tokens.append((slot, system, number))


def _boolean(value: Any, slot: int, out: Extracted) -> None:
    out.tokens.append((slot, BOOLEAN_SYSTEM, "true" if value else "false"))


def _plain(value: Any, slot: int, out: Extracted) -> None:
    out.tokens.append((slot, None, str(value)))


def _deceased(value: Any, slot: int, out: Extracted) -> None:
    # the expression asks whether deceased exists and is not false
    dead = "deceasedDateTime" in value or value.get("deceasedBoolean") is True
    _boolean(dead, slot, out)


def _string(value: str, slot: int, out: Extracted) -> None:
    out.strings.append((slot, value))


_NAME_PARTS = ("family", "given", "prefix", "suffix", "text")
_ADDRESS_PARTS = ("text", "line", "city", "district", "state", "postalCode", "country")


def _parts(value: Any, keys: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    for key in keys:
        part = value.get(key)
        if type(part) is list:
            found += [each for each in part if each is not None]
        elif part is not None:
            found.append(part)
    return found


def _human_name(value: Any, slot: int, out: Extracted) -> None:
    for part in _parts(value, _NAME_PARTS):
        out.strings.append((slot, part))


def _further_names(value: Any, slot: int, out: Extracted) -> None:
    """Each word of a name that no part of it begins with; the middle name of no-basis is all of it."""
    words: list[str] = []
    for part in _parts(value, ("family", "given", "text")):
        words += re.split(r"[\s-]+", part.strip())[1:]
    for extension in value.get("extension", ()):
        if str(extension.get("url", "")).endswith("middlename"):
            words += re.split(r"[\s-]+", extension.get("valueString", ""))
    out.strings.extend((slot, word) for word in dict.fromkeys(words) if word)


def _address(value: Any, slot: int, out: Extracted) -> None:
    for part in _parts(value, _ADDRESS_PARTS):
        out.strings.append((slot, part))


def _spoken_name(value: Any, slot: int, out: Extracted) -> None:
    parts = [value] if isinstance(value, str) else _parts(value, ("family", "given"))
    for part in parts:
        out.names.extend((slot, word) for word in part.split())


def _date(value: str, slot: int, out: Extracted) -> None:
    lo, hi = interval(value)
    out.dates.append((slot, lo, hi))


def _period(value: Any, slot: int, out: Extracted) -> None:
    covered = period(value)
    if covered is not None:
        out.dates.append((slot, *covered))


def _timing(value: Any, slot: int, out: Extracted) -> None:
    covered = timing(value)
    if covered is not None:
        out.dates.append((slot, *covered))


def _number(value: Any, slot: int, out: Extracted) -> None:
    out.numbers.append((slot, float(value), float(value)))


def _number_range(value: Any, slot: int, out: Extracted) -> None:
    size = amount_of_range(value)
    if size is not None:
        out.numbers.append((slot, size.lo, size.hi))


def _quantity(value: Any, slot: int, out: Extracted) -> None:
    size = amount(value)
    if size is not None:
        out.amounts.append((slot, size))


def _quantity_range(value: Any, slot: int, out: Extracted) -> None:
    size = amount_of_range(value)
    if size is not None:
        out.amounts.append((slot, size))


def _uri(value: str, slot: int, out: Extracted) -> None:
    out.uris.append((slot, value))


def _is_own(target: Local, own_bases: tuple[str, ...]) -> bool:
    return target.base is None or target.base in own_bases


def _reference(value: Any, slot: int, out: Extracted) -> None:
    identifier = value.get("identifier")
    if identifier is not None and identifier.get("value") is not None:
        out.logical.append((slot, identifier.get("system"), identifier["value"]))
    literal = value.get("reference")
    if literal is None:
        if "type" in value:
            out.targets.append((slot, value["type"]))
        return
    target = local(literal)
    if target is not None:
        out.targets.append((slot, target.type))
        if _is_own(target, out.own_bases):
            out.references.append((slot, target.type, target.id))
            return
    elif "type" in value:
        out.targets.append((slot, value["type"]))
    if not literal.startswith("#"):  # contained: part of this resource, none of its own
        out.uris.append((slot, literal))


def _canonical(value: str, slot: int, out: Extracted) -> None:
    if value.startswith("#"):
        return  # contained
    out.uris.append((slot, value))
    bare = value.partition("|")[0]
    if bare != value:
        out.uris.append((slot, bare))


def _canonical_reference(value: str, slot: int, out: Extracted) -> None:
    # some servers' canonicals are written as relative references
    target = local(value)
    if target is not None and _is_own(target, out.own_bases):
        out.references.append((slot, target.type, target.id))
        out.targets.append((slot, target.type))
    _canonical(value, slot, out)


def _resource(value: Any, slot: int, out: Extracted) -> None:
    # A resource inside a bundle: it has a name, but nothing of that name need be stored.
    kind = value.get("resourceType")
    out.targets.append((slot, kind))
    if "id" in value:
        out.uris.append((slot, f"{kind}/{value['id']}"))


def _position(value: Any, slot: int, out: Extracted) -> None:
    latitude, longitude = value.get("latitude"), value.get("longitude")
    if latitude is not None and longitude is not None:
        out.positions.append((slot, float(latitude), float(longitude)))


def _all(kind: str, reader: Reader, datatypes: str) -> dict[tuple[str, str], Reader]:
    return {(kind, datatype): reader for datatype in datatypes.split()}


READERS: dict[tuple[str, str], Reader] = {
    **_all("token", code_reader(None), "code"),
    **_all("token", _coding, "Coding"),
    **_all("token", _codeable_concept, "CodeableConcept"),
    **_all("token", _identifier, "Identifier"),
    **_all("token", _contact_point, "ContactPoint"),
    **_all("token", _boolean, "boolean"),
    **_all("token", _deceased, "deceased"),
    **_all("token", _plain, "id string uri url canonical oid uuid integer positiveInt unsignedInt"),
    **_all("string", _string, "string markdown code id uri"),
    **_all("string", _human_name, "HumanName"),
    ("string", "further HumanName"): _further_names,
    **_all("string", _address, "Address"),
    **_all("phonetic", _spoken_name, "HumanName string"),
    **_all("date", _date, "date dateTime instant"),
    **_all("date", _period, "Period"),
    **_all("date", _timing, "Timing"),
    **_all("number", _number, "integer decimal positiveInt unsignedInt"),
    **_all("number", _number_range, "Range"),
    **_all("quantity", _quantity, "Quantity Age Count Distance Duration Money"),
    **_all("quantity", _quantity_range, "Range"),
    **_all("uri", _uri, "uri url oid uuid"),
    **_all("uri", _canonical, "canonical"),
    **_all("reference", _reference, "Reference"),
    **_all("reference", _canonical_reference, "canonical uri url"),
    **_all("reference", _resource, "Resource"),
    **_all("position", _position, "BackboneElement"),
}
