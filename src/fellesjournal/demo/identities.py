"""Invented numbers that can not be anyone's: person, organisation, personnel and telephone.

- Person numbers carry month + 80 (the national synthetic population), so no real person has one.
- Organisation numbers begin with 5: the national register gives out 8 and 9, and its synthetic
  test companies 2 and 3. UNVERIFIED: the series are general knowledge, not looked up.
- Personnel numbers have nine digits and begin with 5; real ones have seven or eight. UNVERIFIED.
- Telephone numbers are +47 000 and five digits: no national number begins with 00 (that is the
  international prefix) and no country code begins with 0, so they reach nobody however dialled.
- E-mail addresses end in `.example`, which RFC 2606 keeps unused.
"""

from __future__ import annotations

from datetime import date

from fellesjournal.registry.numbers import organisation_number, with_check_digits


class PersonNumbers:
    """Hands out synthetic person numbers, each once: even third individual digit for women.

    Keeps one small counter per birth date and sex, whatever the number of citizens.
    """

    def __init__(self, taken: frozenset[str] = frozenset()) -> None:
        self._next: dict[tuple[int, str], int] = {}
        self._taken = taken

    def take(self, birth: int, sex: str, *, d_number: bool = False) -> str:
        """Return an unused fodselsnummer, or D-number, for a birth day (ordinal) and sex."""
        when = date.fromordinal(birth)
        day = when.day + (40 if d_number else 0)
        front = f"{day:02d}{when.month + 80:02d}{when.year % 100:02d}"
        # Century ranges of the classic rule: assumption (configurable).
        base = 0 if when.year < 2000 else 500
        key = (birth if not d_number else -birth, sex)
        while True:
            turn = self._next.get(key, 0)
            self._next[key] = turn + 1
            if turn >= 250:
                raise ValueError(f"no numbers left for {when}")
            # 37 steps through 250 without repeating, so neighbours do not look alike.
            individual = base + 2 * ((turn * 37 + birth) % 250) + (sex == "male")
            number = with_check_digits(f"{front}{individual:03d}")
            if number is not None and number not in self._taken:
                return number


def organisation(index: int) -> str:
    """The organisation number of the index-th invented organisation; every index has its own."""
    # Of eleven neighbours one has no check digit, so each index owns two candidates.
    for candidate in (50_000_000 + 2 * index, 50_000_001 + 2 * index):
        number = organisation_number(str(candidate))
        if number is not None:
            return number
    raise AssertionError("two neighbours never both lack a check digit")


def personnel(index: int) -> str:
    """The health personnel number of the index-th invented practitioner."""
    return str(500_000_000 + index)


def telephone(index: int) -> str:
    """An unreachable telephone number."""
    return f"+47000{index % 100_000:05d}"


def email(given: str, family: str) -> str:
    """An unreachable e-mail address made of a name."""
    local = f"{given}.{family}".lower().replace(" ", "-")
    for sign, plain in (("æ", "ae"), ("ø", "o"), ("å", "a")):
        local = local.replace(sign, plain)
    return f"{''.join(c for c in local if c.isascii())}@post.example"
