"""Finding patients, and reading who one is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import msgspec

from fellesjournal.access import look_up, patients, records
from fellesjournal.access.look_up import LookedUp
from fellesjournal.access.patients import PersonQuestion
from fellesjournal.access.sessions import Session
from fellesjournal.care.citizens.resources import Person, person
from fellesjournal.fhir import temporal

_LIMIT = 30
_DATE_FORMS = (
    # day.month.year as written in Norway (14.3.44, 14/3-1944), then ISO, then digits alone
    re.compile(r"(?P<d>\d{1,2})[./-](?P<m>\d{1,2})[./-](?P<y>\d{4}|\d{2})"),
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
    re.compile(r"(?P<d>\d\d)(?P<m>\d\d)(?P<y>(?:18|19|20)\d\d|\d\d)"),
    re.compile(r"(?P<y>(?:18|19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)"),
)
# A day with its parts apart: "14 03 1944", "14. mars 1944", "14. 3. 44".
_APART = re.compile(
    r"(?<!\d)(\d{1,2})\.?\s+(\d{1,2}|[a-zæøå]{3,9})\.?\s+(\d{4}|\d{2})(?!\d)", re.IGNORECASE
)
_MONTHS = ("jan", "feb", "mar", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "des")
_MONTHS_ENGLISH = {"may": 5, "oct": 10, "dec": 12}
_YEAR = re.compile(r"(18|19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Found:
    """The people that fit, best first. ``similar`` says that names only resemble the question;
    ``more`` that there are more than shown.
    """

    people: tuple[Person, ...]
    similar: bool
    more: bool


def read_question(text: str, *, today: date) -> PersonQuestion:
    """What a search text asks for: numbers, birth dates and name words in any order.

    Eleven digits (spaces allowed) are a person number; six or eight that make a day are a birth
    date (ddmmyy, ddmmyyyy, yyyymmdd), as are the usual ways of writing one.
    """
    text = re.sub(r"(?<!\d)(\d{6})\s(\d{5})(?!\d)", r"\1\2", text.strip())
    text = _APART.sub(_joined_day, text)
    number, born, words = "", None, []
    for part in re.split(r"[\s,;]+", text):
        if not part:
            continue
        if (day := _date(part, today)) is not None:
            born = day
        elif _YEAR.fullmatch(part):
            born = temporal.interval(part)
        elif any(character.isdigit() for character in part):
            number = part
        else:
            words.append(part)
    return PersonQuestion(number=number, born=born, words=tuple(words[:6]))


def _joined_day(found: re.Match[str]) -> str:
    """``14 mars 1944`` as ``14.3.1944``; a word that is no month is left as it was."""
    day, month, year = found.groups()
    if not month.isdigit():
        short = month[:3].casefold()
        number = _MONTHS.index(short) + 1 if short in _MONTHS else _MONTHS_ENGLISH.get(short)
        if number is None:
            return found[0]
        month = str(number)
    return f"{day}.{month}.{year}"


def _date(part: str, today: date) -> temporal.Interval | None:
    for form in _DATE_FORMS:
        if match := form.fullmatch(part):
            year = int(match["y"])
            if year < 100:
                year += 2000 if year <= today.year % 100 else 1900
            try:
                day = date(year, int(match["m"]), int(match["d"]))
            except ValueError:
                continue
            return temporal.interval(day.isoformat())
    return None


def find_people(session: Session, text: str, *, today: date) -> Found:
    """The people a search text fits; nobody for an empty one."""
    question = read_question(text, today=today)
    if question == PersonQuestion():
        return Found((), similar=False, more=False)
    found = patients.find(session, question, limit=_LIMIT + 1)
    exact = [stored for stored, score in found if score >= 1]
    # Whoever is spelt right is meant; the resembling are shown when nobody is.
    shown = exact or [stored for stored, _ in found]
    return Found(
        people=tuple(_person(stored.body) for stored in shown[:_LIMIT]),
        similar=not exact and bool(shown),
        more=len(shown) > _LIMIT,
    )


def closed_people(session: Session, text: str, *, today: date) -> list[LookedUp]:
    """Those a search text names in full whose record is closed to this session: name and birth
    year, for roles that may ask for emergency access. Each look-up is logged.
    """
    return look_up.look_up(session, read_question(text, today=today))


def person_of(session: Session, patient_id: str) -> Person:
    """One patient. Raises NotFound and Gone (``fhir.issues``)."""
    return _person(records.read(session, "Patient", patient_id).body)


def people(session: Session, ids: Sequence[str]) -> tuple[Person, ...]:
    """The patients with these ids, in this order; those not there are left out."""
    found = patients.read_known(session, [("Patient", fhir_id) for fhir_id in ids])
    by_id = {stored.id: stored for stored in found}
    return tuple(_person(by_id[fhir_id].body) for fhir_id in ids if fhir_id in by_id)


def _person(body: bytes | None) -> Person:
    return person(msgspec.json.decode(body) if body else {})
