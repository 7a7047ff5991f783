"""Text made comparable: what a string search means by "the same".

http://hl7.org/fhir/R4/search.html#string: matching ignores case, accents and surplus
white space. Norwegian letters follow the same rule, since that is how names are misspelt
in practice: å is found as a, ø as o, æ as ae. A search for the letter itself still finds
it, because both sides are normalised; the `:exact` modifier tells them apart.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Letters whose stroke or ligature Unicode does not decompose.
_LETTERS = str.maketrans(
    {
        "ø": "o",
        "æ": "ae",
        "œ": "oe",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ł": "l",
        "ı": "i",
        "ŋ": "n",
        "ŧ": "t",
    }
)
_COMBINING = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")
# Code systems whose codes differ by case: HL7's own, and UCUM (mg is not Mg).
_CASE_SENSITIVE = (
    "http://hl7.org/fhir",
    "http://terminology.hl7.org/",
    "http://unitsofmeasure.org",
)
_CONTACT_NOISE = re.compile(r"[\s().\-/]+")


@lru_cache(maxsize=65536)
def normalised(text: str) -> str:
    """Lower case without accents, runs of white space as one blank."""
    if not text.isascii():
        folded = unicodedata.normalize("NFKD", text.casefold())
        text = _COMBINING.sub("", folded).translate(_LETTERS)
    return " ".join(text.casefold().split())


def comparable_code(system: str | None, code: str) -> str:
    """A code as its system compares it.

    Where it is not known that case matters, it does not
    (http://hl7.org/fhir/R4/search.html#token: "when in doubt, case-insensitive").
    """
    if system is not None and system.startswith(_CASE_SENSITIVE):
        return code
    return code.casefold()


def comparable_contact(value: str) -> str:
    """A telephone number or address without the punctuation people add; e-mail in lower case."""
    if "@" in value or "://" in value:
        return value.strip().casefold()
    return _CONTACT_NOISE.sub("", value).casefold()


# Spellings of one sound in Norwegian names, longest first.
_SOUNDS = (
    ("sch", "s"), ("skj", "s"), ("sj", "s"), ("kj", "k"), ("tj", "k"), ("ch", "k"), ("ck", "k"),
    ("ph", "f"), ("th", "t"), ("gh", "g"), ("hj", "j"), ("gj", "j"), ("hv", "v"), ("aa", "a"),
    ("oe", "o"), ("ae", "e"), ("ei", "e"), ("ai", "e"), ("au", "o"), ("ij", "i"), ("nd", "n"),
    ("ld", "l"), ("x", "ks"), ("z", "s"), ("c", "k"), ("q", "k"), ("w", "v"), ("y", "i"),
    ("d", "t"),
)  # fmt: skip


@lru_cache(maxsize=16384)
def phonetic_key(name: str) -> str:
    """What a name sounds like: Christopher and Kristoffer, Solveig and Solvei give one key."""
    text = re.sub("[^a-z]", "", normalised(name))
    for spelling, sound in _SOUNDS:
        text = text.replace(spelling, sound)
    text = re.sub(r"(.)\1+", r"\1", text.replace("h", ""))
    # vowels carry least: the first letter stays, e and a final g, t or e go
    return text[:1] + re.sub("[aeiou]", "", text[1:].rstrip("gte"))
