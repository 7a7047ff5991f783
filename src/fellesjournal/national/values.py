"""The data types that all national messages share: codes, times, quantities, formatted text.

Source: kith.xsd (types CS, CV, TS, PQ). Values keep what was sent: a date stays a date, a time
without an offset stays without, digits of a dose are not rounded.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from fellesjournal.national.documents import local_name, namespace, parse
from fellesjournal.national.markup import element_markup, inner_markup, text_lines

_VOLVEN = "2.16.578.1.12.4.1.1."
# Assumption: a time sent without an offset is Norwegian time.
OSLO = ZoneInfo("Europe/Oslo")
BASE64 = "http://www.kith.no/xmlstds/base64container"

_ZONE = r"(Z|[+-](0\d|1[0-3]):[0-5]\d|[+-]14:00)?"
_DAY = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_CLOCK = r"(([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?|24:00:00(\.0+)?)"
_SHAPES = {
    "dateTime": re.compile(f"{_DAY}T{_CLOCK}{_ZONE}", re.ASCII),
    "date": re.compile(f"{_DAY}{_ZONE}", re.ASCII),
    "gYearMonth": re.compile(rf"\d{{4}}-(0[1-9]|1[0-2]){_ZONE}", re.ASCII),
    "gYear": re.compile(rf"\d{{4}}{_ZONE}", re.ASCII),
    "time": re.compile(f"{_CLOCK}{_ZONE}", re.ASCII),
}
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)


def volven(number: int) -> str:
    """The OID of an administrative code list ("Volven"): 9051 → 2.16.578.1.12.4.1.1.9051."""
    return f"{_VOLVEN}{number}"


def collapsed(text: str) -> str:
    """Text as XML Schema's ``token`` sees it: single spaces, none at the ends."""
    return re.sub(r"[ \t\r\n]+", " ", text).strip(" ")


@dataclass(frozen=True)
class Code:
    """A code whose list follows from the element (CS). ``display`` is what the sender calls it."""

    code: str | None = None
    display: str | None = None


@dataclass(frozen=True)
class Coded:
    """A code that names its list by OID (CV)."""

    code: str | None = None
    system: str | None = None
    display: str | None = None
    text: str | None = None

    @property
    def volven(self) -> int | None:
        """The number of the administrative code list, where it is one."""
        number = (self.system or "").removeprefix(_VOLVEN)
        return int(number) if number.isascii() and number.isdigit() else None


@dataclass(frozen=True)
class Timestamp:
    """A point in time as precise as it was sent: ``2018-01-31`` or ``2018-01-31T10:00:00``.

    Raises ``ValueError`` for what is no ``dateTime``, ``date``, ``gYearMonth``, ``gYear`` or
    ``time`` of XML Schema, years 0001 to 9999.
    """

    value: str

    def __post_init__(self) -> None:
        if self.value.startswith("0000") or self.shape is None:
            raise ValueError("not a time of XML Schema")
        if self.shape in {"dateTime", "date"}:
            date.fromisoformat(self.value[:10])

    @classmethod
    def of(cls, moment: date | datetime) -> Timestamp:
        """The same moment; a ``datetime`` must be aware and is written to the second."""
        if not isinstance(moment, datetime):
            return cls(moment.isoformat())
        if moment.tzinfo is None:
            raise ValueError("a time without an offset")
        return cls(moment.replace(microsecond=0).isoformat())

    @property
    def shape(self) -> str | None:
        """Which of XML Schema's types it is."""
        return next((n for n, shape in _SHAPES.items() if shape.fullmatch(self.value)), None)

    @property
    def day(self) -> date:
        """The calendar day as sent. Raises ``ValueError`` where only year or clock was sent."""
        if self.shape not in {"dateTime", "date"}:
            raise ValueError("no day was sent")
        return date.fromisoformat(self.value[:10])

    def instant(self, zone: ZoneInfo = OSLO) -> datetime:
        """The instant in UTC; ``zone`` is taken where no offset was sent.

        24:00:00 is the next day's midnight. In the doubled hour of autumn a time without an
        offset is the first of the two.

        Raises:
            ValueError: no clock was sent.
        """
        if self.shape != "dateTime":
            raise ValueError("no clock was sent")
        text = re.sub(r"(\.\d{6})\d+", r"\1", self.value)
        ends_the_day = text[11:13] == "24"
        sent = datetime.fromisoformat(text.replace("T24:", "T00:"))
        if ends_the_day:
            sent += timedelta(days=1)
        return (sent if sent.tzinfo else sent.replace(tzinfo=zone)).astimezone(UTC)


@dataclass(frozen=True)
class Quantity:
    """A number with its unit (PQ). Units are as sent; the standard binds no list to them."""

    value: Decimal | None = None
    unit: str | None = None


def number(text: str) -> Decimal:
    """A finite ``double`` of XML Schema with its digits kept. Raises ``ValueError``."""
    if not _NUMBER.fullmatch(text):
        raise ValueError("not a finite number")
    try:
        return Decimal(text)
    except InvalidOperation as error:  # pragma: no cover - the pattern is narrower
        raise ValueError("not a finite number") from error


@dataclass(frozen=True)
class RichText:
    """Text that may be formatted: ``plain``, or ``markup`` (XHTML as sent, canonical XML).

    Markup comes from outside: pages show ``text``, or clean the markup before they show it.
    """

    plain: str = ""
    markup: str | None = None

    @classmethod
    def formatted(cls, markup: str) -> RichText:
        """From XML elements, as in ``<div xmlns="http://www.w3.org/1999/xhtml">…</div>``.

        Raises ``NotXml`` where it is none.
        """
        return cls(markup=inner_markup(parse(f"<x>{markup}</x>".encode()).root))

    @property
    def text(self) -> str:
        """The words without their formatting; paragraphs and rows on lines of their own."""
        if self.markup is None:
            return self.plain
        return text_lines(parse(f"<x>{self.markup}</x>".encode()).root)


@dataclass(frozen=True)
class Foreign:
    """An XML element that a message carries along: an attachment, a signature, another payload."""

    xml: str

    @classmethod
    def base64(cls, content: bytes) -> Foreign:
        """A file as ``Base64Container`` 1.0."""
        text = base64.b64encode(content).decode()
        return cls(f'<Base64Container xmlns="{BASE64}">{text}</Base64Container>')

    @classmethod
    def of(cls, xml: bytes) -> Foreign:
        """From one XML element. Raises ``NotXml``."""
        return cls(element_markup(parse(xml).root))

    @property
    def name(self) -> tuple[str, str]:
        """Namespace and name of the element."""
        root = parse(self.xml.encode()).root
        return namespace(root), local_name(root)

    @property
    def file(self) -> bytes | None:
        """The file in a ``Base64Container``; None for anything else.

        Raises ``ValueError`` where its content is not base64.
        """
        root = parse(self.xml.encode()).root
        if (namespace(root), local_name(root)) != (BASE64, "Base64Container"):
            return None
        try:
            return base64.b64decode("".join((root.text or "").split()), validate=True)
        except binascii.Error as error:
            raise ValueError("not base64") from error


@dataclass(frozen=True)
class Content:
    """What stands inside ``Content``: any elements, usually one."""

    items: tuple[Foreign, ...] = ()
