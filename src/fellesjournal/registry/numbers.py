"""Number rules: national person numbers, organisation numbers and health personnel numbers.

Pure arithmetic without a database. Sex, birth date and century are never derived here: after
2032 the number does not tell them, so the record stores the register's values instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

FNR_SYSTEM = "urn:oid:2.16.578.1.12.4.1.4.1"
DNR_SYSTEM = "urn:oid:2.16.578.1.12.4.1.4.2"
FHN_SYSTEM = "urn:oid:2.16.578.1.12.4.1.4.3"
HPR_SYSTEM = "urn:oid:2.16.578.1.12.4.1.4.4"
DUF_SYSTEM = "urn:oid:2.16.578.1.12.4.1.4.5"
ENH_SYSTEM = "urn:oid:2.16.578.1.12.4.1.4.101"
HER_SYSTEM = "urn:oid:2.16.578.1.12.4.1.2"
"""Communication parties of the address register (HER-id)."""
RESH_SYSTEM = "urn:oid:2.16.578.1.12.4.1.4.102"

_K1_WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_K2_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_ORGANISATION_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)
_DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

# Remainders of (S1 + k1) mod 11 that count as right. Today only 0; the rule for 2032 onwards
# allows 0-3, and has to be accepted already now.
CLASSIC_REMAINDERS = frozenset({0})
REMAINDERS_FROM_2032 = frozenset({0, 1, 2, 3})


class InvalidNumber(ValueError):
    """The text is not a number of its kind; `code` says which rule it broke."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class NumberKind(StrEnum):
    """Which register a person number belongs to."""

    FODSELSNUMMER = "FNR"
    D_NUMBER = "DNR"
    HELP_NUMBER = "FHN"


class MonthShift(StrEnum):
    """What was added to the month: the mark of numbers that are not a person's own."""

    NONE = "none"
    HELP = "help"  # +40: internal help or test numbers
    NHN_TEST = "nhn-test"  # +65: Norsk helsenett's test persons
    SYNTHETIC = "synthetic"  # +80: the national synthetic population


_SHIFTS = (
    (0, MonthShift.NONE),
    (40, MonthShift.HELP),
    (65, MonthShift.NHN_TEST),
    (80, MonthShift.SYNTHETIC),
)

KIND_SYSTEMS = {
    NumberKind.FODSELSNUMMER: FNR_SYSTEM,
    NumberKind.D_NUMBER: DNR_SYSTEM,
    NumberKind.HELP_NUMBER: FHN_SYSTEM,
}


@dataclass(frozen=True, slots=True)
class PersonNumber:
    """A person number that passed every check. `shift` is NONE for help numbers."""

    value: str
    kind: NumberKind
    shift: MonthShift

    @property
    def system(self) -> str:
        """The identifier system the number is written with in FHIR."""
        return KIND_SYSTEMS[self.kind]

    @property
    def is_synthetic(self) -> bool:
        """True when the number can not belong to a real person (month + 80)."""
        return self.shift is MonthShift.SYNTHETIC


def parse_person_number(text: str) -> PersonNumber:
    """Return the number, its kind and month shift.

    Accepts fodselsnummer, D-numbers and national help numbers (first digit 8 or 9; assumption,
    configurable later), with the classic first check digit and the one used from 2032.

    Raises InvalidNumber with code `length`, `digits`, `check-digit` or `date`.
    """
    _require_digits(text, 11)
    if not check_digits_hold(text):
        raise InvalidNumber("check-digit", "the check digits do not fit")
    if text[0] in "89":
        return PersonNumber(text, NumberKind.HELP_NUMBER, MonthShift.NONE)
    kind = NumberKind.D_NUMBER if text[0] in "4567" else NumberKind.FODSELSNUMMER
    shift = _month_shift(text)
    return PersonNumber(text, kind, shift)


def is_person_number(text: str) -> bool:
    """Answer whether the text is a valid person number of any kind."""
    try:
        parse_person_number(text)
    except InvalidNumber:
        return False
    return True


def is_synthetic(text: str) -> bool:
    """Answer whether the text is a valid number of the synthetic population (month + 80)."""
    try:
        return parse_person_number(text).is_synthetic
    except InvalidNumber:
        return False


def check_digits_hold(text: str, remainders: frozenset[int] = REMAINDERS_FROM_2032) -> bool:
    """Check both control digits of eleven digits; `remainders` are those allowed for the first."""
    digits = [int(sign) for sign in text]
    first = sum(w * d for w, d in zip(_K1_WEIGHTS, digits, strict=False)) + digits[9]
    second = sum(w * d for w, d in zip(_K2_WEIGHTS, digits, strict=False)) + digits[10]
    return first % 11 in remainders and second % 11 == 0


def with_check_digits(nine: str, remainder: int = 0) -> str | None:
    """Return nine digits followed by their two check digits, or None when none exist.

    `remainder` is the wanted (S1 + k1) mod 11: 0 is the classic rule, 1 to 3 come from 2032.
    """
    digits = [int(sign) for sign in nine]
    first = (remainder - sum(w * d for w, d in zip(_K1_WEIGHTS, digits, strict=True))) % 11
    digits.append(first)
    second = -sum(w * d for w, d in zip(_K2_WEIGHTS, digits, strict=True)) % 11
    return None if first == 10 or second == 10 else f"{nine}{first}{second}"


def is_organisation_number(text: str) -> bool:
    """Answer whether the text is nine digits with the right check digit."""
    return len(text) == 9 and _is_digits(text) and organisation_number(text[:8]) == text


def organisation_number(eight: str) -> str | None:
    """Return eight digits with their check digit, or None when the digit would be 10."""
    total = sum(w * int(sign) for w, sign in zip(_ORGANISATION_WEIGHTS, eight, strict=True))
    digit = -total % 11
    return None if digit == 10 else f"{eight}{digit}"


def is_hpr_number(text: str) -> bool:
    """Answer whether the text can be a health personnel number: 1 to 9 digits, no leading zero.

    Only the length is checked: assumption (configurable).
    """
    return 1 <= len(text) <= 9 and _is_digits(text) and text[0] != "0"


def is_duf_number(text: str) -> bool:
    """Answer whether the text can be a DUF number: 12 digits. Only the length is checked."""
    return len(text) == 12 and _is_digits(text)


def _require_digits(text: str, length: int) -> None:
    if len(text) != length:
        raise InvalidNumber("length", f"expected {length} digits, got {len(text)} characters")
    if not _is_digits(text):
        raise InvalidNumber("digits", "expected digits only")


def _is_digits(text: str) -> bool:
    # str.isdigit() alone also accepts digits of other scripts.
    return text.isascii() and text.isdigit()


def _month_shift(text: str) -> MonthShift:
    day = int(text[:2]) - (40 if text[0] in "4567" else 0)
    month, year = int(text[2:4]), int(text[4:6])
    for offset, shift in _SHIFTS:
        if 1 <= month - offset <= 12:
            plain = month - offset
            # The century is unknown, so 29 February is allowed in every year it could exist.
            last = 28 if plain == 2 and year % 4 else _DAYS_IN_MONTH[plain - 1]
            if 1 <= day <= last:
                return shift
    raise InvalidNumber("date", "the first six digits are not a date")
