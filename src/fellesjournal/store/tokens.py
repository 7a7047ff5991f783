"""Tokens: what equality searches compare, hashed to 63 bits.

A token says "this slot holds this": system and code, code alone, any code of a system, a
uri, an identifier of a reference, that there is a value at all. Writing and searching
build tokens with the same functions here, so that they can't drift apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b

from fellesjournal.fhir.definitions.search import slot as slot_of
from fellesjournal.fhir.text import comparable_code, comparable_contact, normalised

_POSITIVE = 2**63 - 1
# Separates the parts of what is hashed; JSON strings of resources can't hold it unescaped,
# and validation refuses control characters other than white space.
_SEPARATOR = "\x1f"

# Datatypes that carry no system of their own: the definition implies it, so only the code
# is indexed and a system in the query is compared with the implied one.
_PLAIN = frozenset(
    [
        "code",
        "boolean",
        "deceased",
        "id",
        "string",
        "uri",
        "url",
        "canonical",
        "oid",
        "uuid",
        "integer",
        "positiveInt",
        "unsignedInt",
    ]
)


class Hasher:
    """Makes tokens with the secret key of one database.

    The key (16 to 64 bytes) keeps an outsider from constructing two values that hash alike.
    All tokens are 0 <= token < 2**63.
    """

    def __init__(self, key: bytes) -> None:
        self._seed = blake2b(key=key, digest_size=8)
        # a few codes make up most of what is written; identifiers pass through
        self.coded = lru_cache(maxsize=65536)(self._coded)
        self.token = lru_cache(maxsize=65536)(self._token)
        self.term = lru_cache(maxsize=65536)(self._term)
        # resources of a kind mostly fill the same slots
        self.presences = lru_cache(maxsize=4096)(self._presences)

    def _token(self, slot: int, tag: str, *parts: str) -> int:
        seeded = self._seed.copy()
        seeded.update(_SEPARATOR.join((str(slot), tag, *parts)).encode())
        return int.from_bytes(seeded.digest(), "big") & _POSITIVE

    def _coded(self, slot: int, system: str | None, code: str) -> tuple[int, ...]:
        """The tokens of one code: itself with its system, the code alone, its system alone."""
        with_system, alone = comparable(slot, system, code)
        if is_plain(slot):
            return (self.token(slot, "code", alone),)
        exact = (
            self.token(slot, "value", system or "", with_system),
            self.token(slot, "code", alone),
        )
        return exact if system is None else (*exact, self.token(slot, "system", system))

    def text(self, slot: int, norm: str) -> int:
        """The token of a normalised display or text, which the table of terms lists."""
        return self.token(slot, "text", norm)

    def _term(self, slot: int, text: str) -> tuple[int, int, str]:
        """A display or text for the table of terms: its token, its slot, itself normalised."""
        norm = normalised(text)
        return self.text(slot, norm), slot, norm

    def uri(self, slot: int, uri: str) -> int:
        """The token of a uri, a canonical, or a reference to elsewhere."""
        return self.token(slot, "uri", uri)

    def present(self, slot: int) -> int:
        """The token of "there is something in this slot"."""
        return self.token(slot, "present")

    def _presences(self, slots: frozenset[int]) -> tuple[int, ...]:
        return tuple(map(self.present, slots))

    def unit(self, *name: str) -> int:
        """The number of a unit (or of a code and unit of a pair) in entry_number."""
        return self.token(0, "unit", *name)


@lru_cache(maxsize=4096)
def is_plain(slot: int) -> bool:
    """Whether the slot's codes have no system of their own."""
    return all(variant.datatype in _PLAIN for variant in slot_of(slot).variants)


@lru_cache(maxsize=4096)
def comparison(slot: int) -> str:
    """How codes of the slot are the same; see Slot.comparison."""
    return slot_of(slot).comparison


def comparable(slot: int, system: str | None, code: str) -> tuple[str, str]:
    """A code as compared when its system is named, and when it is not."""
    return comparable_as(comparison(slot), system, code)


def comparable_as(how: str, system: str | None, code: str) -> tuple[str, str]:
    """As :func:`comparable` for a given comparison."""
    if how == "code":
        return comparable_code(system, code), code.casefold()
    if how == "contact":
        contact = comparable_contact(code)
        return contact, contact
    return code, code


def pair_values(how: str, system: str | None, code: str) -> tuple[str, ...]:
    """A code as part of a composite: with its system, alone, and its system alone."""
    with_system, alone = comparable_as(how, system, code)
    exact = (f"{system or ''}|{with_system}", f"*|{alone}")
    return exact if system is None else (*exact, f"{system}|*")


def distinct(tokens: Iterable[int]) -> list[int]:
    """Each once, in order."""
    return list(dict.fromkeys(tokens))
