"""Headers by which a client says how it wants its answer: Prefer, Accept, Accept-Encoding.

http://hl7.org/fhir/R4/http.html#general
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from fellesjournal.fhir.issues import BadRequest, FhirError

_JSON_TYPES = frozenset(
    {
        "application/fhir+json",
        "application/json",
        "application/json+fhir",
        "text/json",
        "application/*",
        "text/*",
        "*/*",
    }
)
_JSON_FORMATS = _JSON_TYPES | {"json"}
# http://hl7.org/fhir/R4/http.html#version-parameter
_VERSIONS = frozenset({"4.0", "4.0.1"})
_RETURNS = frozenset({"minimal", "representation", "OperationOutcome"})


class NotAcceptable(FhirError):
    """The client accepts no format that is offered (406)."""

    status = 406
    code = "not-supported"


@dataclass(frozen=True, slots=True)
class Preferences:
    """``returns`` is minimal, representation, OperationOutcome or None when not said."""

    returns: str | None = None
    lenient: bool = False


@lru_cache(maxsize=256)
def preferences(header: str | None) -> Preferences:
    """Read Prefer (RFC 7240). What isn't known is passed over, as the RFC says."""
    returns = None
    lenient = False
    for part in (header or "").replace(";", ",").split(","):
        name, _, value = part.partition("=")
        name, value = name.strip().lower(), value.strip().strip('"')
        if name == "return" and value in _RETURNS:
            returns = value
        elif name == "handling":
            lenient = value.lower() == "lenient"
    return Preferences(returns, lenient)


@lru_cache(maxsize=256)
def check_accept(header: str) -> None:
    """Raises NotAcceptable unless FHIR 4.0 JSON is among what the client takes."""
    for part in header.split(","):
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if media in _JSON_TYPES and not any(_excludes(parameter) for parameter in parameters):
            return
    raise NotAcceptable(f"of {header[:200]!r} nothing is offered: ask for application/fhir+json")


def _excludes(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    name, value = name.strip(), value.strip().strip('"')
    if name == "q":
        return not value.strip("0.")
    return name == "fhirversion" and value not in _VERSIONS


def is_other_version(media_type: str) -> bool:
    """Whether a media type with parameters names another version of FHIR than R4."""
    parameters = (piece.strip().lower() for piece in media_type.split(";")[1:])
    return any(piece.startswith("fhirversion") and _excludes(piece) for piece in parameters)


def check_format(value: str) -> None:
    """Raises NotAcceptable for a ``_format`` other than JSON; it outranks Accept."""
    # An unescaped + of application/fhir+json arrives as a blank.
    if value.partition(";")[0].strip().replace(" ", "+").lower() not in _JSON_FORMATS:
        raise NotAcceptable(f"_format {value[:100]!r} is not offered: only JSON is")
    if is_other_version(value):
        raise NotAcceptable("only FHIR R4 (fhirVersion 4.0) is offered")


def flag(value: str | None, name: str) -> bool:
    """A boolean parameter. Raises BadRequest for anything but true, false or empty."""
    if value is None or value == "false":
        return False
    if value in {"true", ""}:
        return True
    raise BadRequest(f"{name} is true or false, not {value[:100]!r}")


@lru_cache(maxsize=256)
def takes_gzip(header: str) -> bool:
    """Whether Accept-Encoding allows gzip."""
    for part in header.lower().split(","):
        coding, _, parameter = part.partition(";")
        if coding.strip() in {"gzip", "*"}:
            name, _, quality = parameter.partition("=")
            return name.strip() != "q" or bool(quality.strip().strip("0."))
    return False
