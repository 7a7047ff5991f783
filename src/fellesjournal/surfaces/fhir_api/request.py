"""One HTTP request, read strictly: what can't be decoded is refused, never guessed."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from fellesjournal.fhir import bodies
from fellesjournal.fhir.issues import BadRequest, NotSupported, TooLarge
from fellesjournal.surfaces.fhir_api.preferences import (
    Preferences,
    is_other_version,
    preferences,
)

if TYPE_CHECKING:
    from fellesjournal.access.sessions import Session

_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_HOST = re.compile(r"[A-Za-z0-9.\-_\[\]:]{1,255}", re.ASCII)
_CHUNK = 1 << 20

# Parameters of any interaction (http://hl7.org/fhir/R4/http.html#parameters).
GENERAL = frozenset({"_format", "_pretty"})


# http://hl7.org/fhir/R4/http.html#mime-type, with names older clients send.
JSON_TYPES = frozenset(
    {"application/fhir+json", "application/json", "application/json+fhir", "text/json"}
)


class UnsupportedMediaType(BadRequest):
    """A Content-Type or Content-Encoding that is not read here (415)."""

    status = 415
    code = "not-supported"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one request may ask for; see ``config.environment``."""

    body_bytes: int = 80 << 20
    bundle_entries: int = 25_000
    page: int = 1000
    default_page: int = 50


@dataclass
class Request:
    """A request whose path is known to be under the service base.

    ``path`` holds the decoded segments after the base, ``query`` the decoded pairs in
    order, ``base`` the absolute service base without a trailing slash.
    """

    method: str
    path: tuple[str, ...]
    query: list[tuple[str, str]]
    environ: dict[str, Any]
    base: str
    limits: Limits
    session: Session | None = None
    # A request inside a Bundle has its body at hand.
    given_body: bodies.Body | None = None
    given_raw: bytes | None = None
    in_bundle: bool = False
    warnings: list[str] = field(default_factory=list)

    def header(self, name: str) -> str | None:
        """A header by its CGI name (``IF_MATCH``)."""
        value: str | None = self.environ.get("HTTP_" + name)
        return value

    @cached_property
    def prefer(self) -> Preferences:
        """What the Prefer headers ask for."""
        return preferences(self.environ.get("HTTP_PREFER"))

    @property
    def content_type(self) -> str:
        """The media type of the body in lower case, without parameters."""
        value: str = self.environ.get("CONTENT_TYPE") or ""
        return value.partition(";")[0].strip().lower()

    def value(self, name: str) -> str | None:
        """The last value of a query parameter."""
        found = None
        for key, value in self.query:
            if key == name:
                found = value
        return found

    def only(self, *allowed: str) -> None:
        """Refuse query parameters that mean nothing here, unless the client is lenient."""
        if not self.query or self.prefer.lenient:
            return
        for name, _ in self.query:
            if name not in GENERAL and name not in allowed:
                raise NotSupported(f"the parameter {name!r} means nothing for this request")

    def raw(self) -> bytes:
        """The whole body. Raises TooLarge, BadRequest when it ends early, 415 for encodings."""
        if self.given_raw is None:
            self.given_raw = read_body(self.environ, self.limits.body_bytes)
        return self.given_raw

    def body(self) -> bodies.Body:
        """The body as one JSON object. Raises BadRequest and 415."""
        if self.given_body is None:
            check_json_content(self.content_type)
            self._check_version()
            raw = self.raw()
            if not raw:
                raise BadRequest("the request has no body", code="required")
            self.given_body = bodies.parse(raw)
        return self.given_body

    def _check_version(self) -> None:
        """Another version's resource, taken for R4, would be misread (415)."""
        header = self.environ.get("CONTENT_TYPE") or ""
        if ";" in header and is_other_version(header):
            raise UnsupportedMediaType("only FHIR R4 (fhirVersion 4.0) is read here")


def check_json_content(content_type: str) -> None:
    """Refuse anything that isn't FHIR JSON (http://hl7.org/fhir/R4/http.html#mime-type)."""
    if content_type not in JSON_TYPES:
        given = (
            f"Content-Type {content_type!r}" if content_type else "a request without Content-Type"
        )
        raise UnsupportedMediaType(f"{given} can't be read here: send application/fhir+json")


def segments(environ: dict[str, Any], prefix: str) -> tuple[str, ...]:
    """The decoded path segments after ``prefix``. Raises BadRequest for bytes that aren't UTF-8."""
    path = decoded(environ.get("PATH_INFO", ""))[len(prefix) :].strip("/")
    return tuple(path.split("/")) if path else ()


def decoded(wsgi_text: str) -> str:
    """WSGI hands over bytes dressed as Latin-1; here is the text. Raises BadRequest."""
    if wsgi_text.isascii():
        return wsgi_text
    try:
        return wsgi_text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        raise BadRequest("the address is not UTF-8", code="structure") from None


def parse_query(text: str) -> list[tuple[str, str]]:
    """The pairs of a query string or form, decoded strictly. Raises BadRequest."""
    pairs = []
    for part in text.split("&"):
        if part:
            name, _, value = part.partition("=")
            pairs.append((_unquote(name), _unquote(value)))
    return pairs


def _unquote(text: str) -> str:
    if "%" not in text and "+" not in text and text.isascii():
        return text
    if _BAD_ESCAPE.search(text):
        raise BadRequest(f"bad percent-encoding in {text[:100]!r}", code="structure")
    try:
        raw = unquote_to_bytes(text.replace("+", " ").encode("latin-1"))
        result = raw.decode("utf-8")
    except UnicodeError:
        raise BadRequest(f"{text[:100]!r} is not UTF-8", code="structure") from None
    if "\0" in result:
        raise BadRequest("a parameter holds U+0000", code="structure")
    return result


def service_base(environ: dict[str, Any], public_url: str | None) -> str:
    """The absolute address of the service, as configured or as the client asked for it."""
    if public_url:
        return public_url.rstrip("/") + "/fhir"
    host = environ.get("HTTP_HOST") or ""
    if not _HOST.fullmatch(host):
        host = f"{environ.get('SERVER_NAME', 'localhost')}:{environ.get('SERVER_PORT', '80')}"
    return f"{environ.get('wsgi.url_scheme', 'http')}://{host}/fhir"


def read_body(environ: dict[str, Any], limit: int) -> bytes:
    """The bytes of the body, at most ``limit`` after decompression."""
    raw = _received(environ, limit)
    encoding = (environ.get("HTTP_CONTENT_ENCODING") or "identity").strip().lower()
    if encoding == "identity" or not raw:
        return raw
    if encoding not in {"gzip", "x-gzip"}:
        raise UnsupportedMediaType(f"Content-Encoding {encoding!r} can't be read here")
    return _unzipped(raw, limit)


def _received(environ: dict[str, Any], limit: int) -> bytes:
    stated = environ.get("CONTENT_LENGTH") or ""
    stream = environ.get("wsgi.input")
    if stated:
        if not (stated.isascii() and stated.isdigit()) or len(stated) > 18:
            raise BadRequest("Content-Length is not a number")
        length = int(stated)
        if length > limit:
            raise _too_large(limit)
    elif environ.get("wsgi.input_terminated"):
        length = limit + 1
    else:
        return b""
    if stream is None or length == 0:
        return b""
    try:
        raw = _read(stream, length)
    except (OSError, ValueError, EOFError) as error:
        raise BadRequest("the body of the request broke off") from error
    if len(raw) > limit:
        raise _too_large(limit)
    if stated and len(raw) < length:
        raise BadRequest(f"the body ends after {len(raw)} of {length} bytes")
    return raw


def _read(stream: Any, length: int) -> bytes:
    first: bytes = stream.read(min(length, _CHUNK))
    if len(first) == length:
        return first
    parts = [first]
    left = length - len(first)
    while left > 0 and parts[-1]:
        parts.append(stream.read(min(left, _CHUNK)))
        left -= len(parts[-1])
    return b"".join(parts)


def _unzipped(raw: bytes, limit: int) -> bytes:
    machine = zlib.decompressobj(wbits=31)
    try:
        result = machine.decompress(raw, limit + 1)
    except zlib.error:
        raise BadRequest("the body is not gzip, as Content-Encoding says") from None
    if len(result) > limit:
        raise _too_large(limit)
    if not machine.eof:
        raise BadRequest("the gzip body breaks off")
    return result


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"a request may have {limit} bytes; send it in parts or use the loader")
