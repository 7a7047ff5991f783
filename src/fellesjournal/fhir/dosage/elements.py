"""A dose as FHIR's Dosage, and back.

One element per amount and time of day; steps follow each other by ``sequence``, and elements of
one step share it (the standard: same number, taken side by side). Each element's text says that
element and no more, so that a reader of one element is never told a wrong dose; all together
is ``text_of``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any

import orjson

from fellesjournal.fhir import reading
from fellesjournal.fhir.dosage.parsing import parse, parse_short, short_form
from fellesjournal.fhir.dosage.structure import (
    AsNeeded,
    Dosage,
    InvalidDose,
    Part,
    Period,
    Rhythm,
    Step,
    Weekday,
    When,
    same_dose,
)
from fellesjournal.fhir.dosage.wording import LANGUAGES, UNITS, WORDS, text_of, unit_text

Element = Mapping[str, Any]

UNIT_SYSTEM = "https://fellesjournal.example/fhir/CodeSystem/dose-unit"
SITE_SYSTEM = "https://fellesjournal.example/fhir/CodeSystem/dose-site"
UCUM = "http://unitsofmeasure.org"
SHORT_DOSE = "urn:oid:2.16.578.1.12.4.1.1.7478"

# The codes of 7478 seen in national examples; the list itself is not among what we hold.
# UNVERIFIED: codes from examples only. What is not here is sent without a code, as text.
SHORT_DOSE_CODES: Mapping[str, str] = {
    "0+0+1": "21", "1+0+1 i hvert øye": "206", "1+1+1": "216", "10x3": "223",
    "2+0+2 i hvert nesebor": "300", "2+2+2": "304", "1+0+0+0": "5507", "5+0+0+0": "5525",
    "3+0+0+0": "5533", "1 inntil x1": "5685",
}  # fmt: skip

# What a Dosage may hold for us to say that we have understood all of it.
_KNOWN = {"id", "sequence", "text", "timing", "route", "doseAndRate", "asNeededBoolean",
          "asNeededCodeableConcept", "maxDosePerPeriod", "site", "additionalInstruction",
          "patientInstruction"}  # fmt: skip
_KNOWN_REPEAT = {"frequency", "period", "periodUnit", "when", "dayOfWeek", "boundsDuration",
                 "boundsPeriod"}  # fmt: skip


class Doubt(StrEnum):
    """Why a dose is shown in its writer's words instead of ours."""

    WORDS_ONLY = "words-only"
    NOT_UNDERSTOOD = "not-understood"
    DISAGREES = "disagrees"


@dataclass(frozen=True, slots=True)
class Instruction:
    """A dose as found in a resource. ``dosage`` is None exactly when there is a ``doubt``;
    ``words`` are then what the writer wrote ("" when nothing).
    """

    dosage: Dosage | None
    words: str
    doubt: Doubt | None = None

    def text(self, language: str) -> str:
        """The dose in words of a language, or the writer's own."""
        return text_of(self.dosage, language) if self.dosage else self.words


_Said = tuple[Part | AsNeeded, int | None, date | None, date | None]
"""What an element says: the dose, how many days, until when, from when."""


# --- to FHIR ----------------------------------------------------------------------------------------


def elements_of(
    dosage: Dosage, language: str = "nb", *, starts: date | None = None
) -> list[dict[str, Any]]:
    """The Dosage elements of a dose; numbers are exact to four decimals as JSON numbers.

    With the first day given, each step says from which day to which it holds: readers that know
    nothing of sequences then never take two steps for one.
    """
    made: list[dict[str, Any]] = []
    for number, step in enumerate(dosage.steps, 1):
        first = starts
        if starts is not None and step.days is not None:
            starts += timedelta(days=step.days)
        each = [replace(step, parts=(part,)) for part in step.parts] or [step]
        for alone in each:
            element = _element(dosage, alone, first)
            text = text_of(Dosage(dosage.unit, (alone,), dosage.site), language)
            made.append({"sequence": number, "text": text, **element})
    if len(made) == 1 and (code := _short_dose(dosage)):
        made[0].setdefault("timing", {})["code"] = code
    return made


def _short_dose(dosage: Dosage) -> dict[str, Any] | None:
    short = short_form(dosage)
    found = next((s for s in (short, short + "+0") if s in SHORT_DOSE_CODES), "")
    if not found:
        return None
    return {"coding": [{"system": SHORT_DOSE, "code": SHORT_DOSE_CODES[found], "display": found}]}


def _element(dosage: Dosage, step: Step, first: date | None) -> dict[str, Any]:
    made: dict[str, Any] = {}
    repeat = _bounds_of(step, first if step.days or len(dosage.steps) > 1 else None)
    if step.as_needed is None:
        repeat |= _repeat(step.parts[0])
    if repeat:
        made["timing"] = {"repeat": repeat}
    if dosage.site:
        made["site"] = {
            "coding": [{"system": SITE_SYSTEM, "code": dosage.site}],
            "text": WORDS["nb"].sites[dosage.site],
        }
    if step.as_needed is None:
        made["doseAndRate"] = [{"doseQuantity": _quantity(step.parts[0].amount, dosage.unit)}]
        return made
    return made | _when_needed(step.as_needed, dosage.unit)


def _bounds_of(step: Step, first: date | None) -> dict[str, Any]:
    if step.until is not None:
        return {"boundsPeriod": {"end": step.until.isoformat()}}
    if first is not None:
        period = {"start": first.isoformat()}
        if step.days is not None:
            period["end"] = (first + timedelta(days=step.days - 1)).isoformat()
        return {"boundsPeriod": period}
    if step.days is not None:
        days = {"value": step.days, "unit": "d", "system": UCUM, "code": "d"}
        return {"boundsDuration": days}
    return {}


def _when_needed(dose: AsNeeded, unit: str) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if dose.reason:
        made["asNeededCodeableConcept"] = {"text": dose.reason}
    else:
        made["asNeededBoolean"] = True
    one = _quantity(dose.amount, unit)
    if dose.up_to is None:
        made["doseAndRate"] = [{"doseQuantity": one}]
    else:
        made["doseAndRate"] = [{"doseRange": {"low": one, "high": _quantity(dose.up_to, unit)}}]
    if dose.at_most is not None:
        made["maxDosePerPeriod"] = {
            "numerator": _quantity(dose.at_most, unit),
            "denominator": {"value": 24, "unit": "h", "system": UCUM, "code": "h"},
        }
    return made


def _repeat(part: Part) -> dict[str, Any]:
    rhythm = part.rhythm
    # Counted per week with the days named: who overlooks the days still reads a weekly dose.
    made: dict[str, Any] = {
        "frequency": part.per_day * (len(rhythm.weekdays) or 1),
        "period": rhythm.every,
        "periodUnit": rhythm.period.value,
    }
    if rhythm.weekdays:
        made["dayOfWeek"] = [day.value for day in rhythm.weekdays]
    if part.at:
        made["when"] = [when.value for when in part.at]
    return made


def _quantity(amount: Decimal, unit: str) -> dict[str, Any]:
    # At most nine digits: the nearest double is written with the same digits again.
    value = int(amount) if amount == int(amount) else float(amount)
    ucum = UNITS[unit].ucum
    return {
        "value": value,
        "unit": unit_text(unit, "nb", amount),
        "system": UCUM if ucum else UNIT_SYSTEM,
        "code": ucum or unit,
    }


# --- from FHIR --------------------------------------------------------------------------------------


def instruction_of(found: object) -> Instruction:
    """The dose in a list of Dosage elements (``dosageInstruction``, ``dosage``). Never fails.

    A dose is given only when each member of each element is understood and the words, where
    they can be read, say the same as the structure.
    """
    each = list(reading.elements(found))
    try:
        written = orjson.dumps(each, default=str)
    except TypeError:  # numbers and text that no resource holds
        return _read(each)
    return _read_once(written)


@lru_cache(maxsize=4096)
def _read_once(written: bytes) -> Instruction:
    """A record holds the same dose many times: each is read once."""
    return _read(orjson.loads(written))


def _read(each: Sequence[Element]) -> Instruction:
    words = "; ".join(dict.fromkeys(filter(None, map(_words, each))))
    if not each:
        return Instruction(None, "", Doubt.WORDS_ONLY)
    if all(set(element) <= {"text", "sequence", "id"} for element in each):
        return _from_words([reading.string(element.get("text")) for element in each], words)
    try:
        dosage = _dosage(each)
    except (InvalidDose, ValueError, KeyError, TypeError, AttributeError):
        return Instruction(None, words, Doubt.NOT_UNDERSTOOD)
    if not all(_says(element, dosage) for element in each):
        return Instruction(None, words, Doubt.DISAGREES)
    return Instruction(dosage, text_of(dosage, "nb"))


def _words(element: Element) -> str:
    """The writer's words; without any, the plain parts of what is structured."""
    for member in ("text", "patientInstruction"):
        if text := reading.string(element.get(member)):
            return text
    timing = element.get("timing")
    timing = timing if isinstance(timing, Mapping) else {}
    said = [
        f"{rate['doseQuantity'].get('value', '')} {reading.unit(rate['doseQuantity'])}".strip()
        for rate in reading.elements(element.get("doseAndRate"))
        if isinstance(rate.get("doseQuantity"), Mapping)
    ]
    repeat = timing.get("repeat")
    if isinstance(repeat, Mapping) and repeat.get("frequency") and repeat.get("periodUnit"):
        every = repeat.get("period", 1)
        said.append(f"{repeat['frequency']} × / {every} {repeat['periodUnit']}")
    said.append(reading.concept_text(timing.get("code")))
    return ", ".join(filter(None, said))


def _from_words(texts: Sequence[str], words: str) -> Instruction:
    if len(texts) == 1:
        for language in LANGUAGES:
            if dosage := parse(texts[0], language):
                return Instruction(dosage, texts[0])
    return Instruction(None, words, Doubt.WORDS_ONLY)


def _dosage(each: Sequence[Element]) -> Dosage:
    """Raises InvalidDose, ValueError, KeyError, TypeError for what is not understood."""
    steps: dict[int, list[_Said]] = {}
    units, sites = set(), set()
    for element in each:
        if set(element) - _KNOWN:
            raise ValueError("unknown members")
        said, unit = _dose(element)
        bounds = _bounds(_repeat_of(element))
        units.add(unit)
        sites.add(_site(element))
        steps.setdefault(int(element.get("sequence", 1)), []).append((said, *bounds))
    if len(units) != 1 or len(sites) != 1:
        raise ValueError("several units or sites")
    ordered = [steps[number] for number in sorted(steps)]
    _check_days(ordered)
    return Dosage(units.pop(), tuple(_step(said) for said in ordered), sites.pop())


def _check_days(steps: Sequence[Sequence[_Said]]) -> None:
    """Where steps say their first days, each begins when the one before has ended."""
    expected: date | None = None
    for number, said in enumerate(steps):
        _, days, _, first = said[0]
        if number and first != expected:
            raise ValueError("steps that do not follow each other")
        expected = first + timedelta(days=days) if first and days else None


def _step(said: Sequence[_Said]) -> Step:
    bounds = {each[1:] for each in said}
    if len(bounds) != 1:
        raise ValueError("elements of one step last differently")
    ((days, until, _),) = bounds
    parts = tuple(part for part, *_ in said if isinstance(part, Part))
    needed = [dose for dose, *_ in said if isinstance(dose, AsNeeded)]
    if len(needed) > 1 or (needed and parts):
        raise ValueError("regular and as needed in one")
    return Step(parts, needed[0] if needed else None, days, until)


def _repeat_of(element: Element) -> Element:
    timing = element.get("timing", {})
    if set(timing) - {"repeat", "code"}:
        raise ValueError("unknown timing")
    if "code" in timing and not all(
        system == SHORT_DOSE for system, _, _ in reading.codings(timing["code"])
    ):
        raise ValueError("another code of timing")
    repeat: Element = timing.get("repeat", {})
    if set(repeat) - _KNOWN_REPEAT:
        raise ValueError("unknown repeat")
    return repeat


def _dose(element: Element) -> tuple[Part | AsNeeded, str]:
    """What one element says is taken, and its unit."""
    (rate,) = element["doseAndRate"]
    if set(rate) - {"doseQuantity", "doseRange", "type"}:
        raise ValueError("a rate")
    needed = "asNeededCodeableConcept" in element or element.get("asNeededBoolean") is True
    repeat = _repeat_of(element)
    if needed:
        if set(repeat) - {"boundsDuration", "boundsPeriod"}:
            raise ValueError("as needed, and at times")
        return _needed(element, rate)
    if "maxDosePerPeriod" in element:
        raise ValueError("a most of a regular dose")
    amount, unit = _amount(rate["doseQuantity"])
    return _part(repeat, amount), unit


def _needed(element: Element, rate: Element) -> tuple[AsNeeded, str]:
    spread = rate.get("doseRange")
    amount, unit = _amount(spread["low"] if spread else rate["doseQuantity"])
    up_to, at_most = None, None
    if spread:
        up_to = _same_unit(spread["high"], unit)
    if most := element.get("maxDosePerPeriod"):
        if _day_long(most["denominator"]):
            at_most = _same_unit(most["numerator"], unit)
        else:
            raise ValueError("a most of another period")
    concept = element.get("asNeededCodeableConcept")
    return AsNeeded(amount, up_to, at_most, reading.concept_text(concept)), unit


def _day_long(period: Element) -> bool:
    value, code = reading.number(period.get("value")), period.get("code") or period.get("unit")
    return (value, code) in {(Decimal(24), "h"), (Decimal(1), "d")}


def _same_unit(quantity: Element, unit: str) -> Decimal:
    amount, other = _amount(quantity)
    if other != unit:
        raise ValueError("several units")
    return amount


def _amount(quantity: Element) -> tuple[Decimal, str]:
    amount = reading.number(quantity["value"])
    if amount is None or set(quantity) - {"value", "unit", "system", "code"}:
        raise ValueError("no amount")
    return amount, _unit(quantity)


def unit_word(quantity: Element, language: str) -> str:
    """What the unit of a Quantity is called for so many of it: ``2 tabletter``; a unit that is none of
    ours as it was written.
    """
    try:
        amount, unit = _amount(quantity)
    except (KeyError, ValueError):
        return reading.string(quantity.get("unit"))
    return UNITS[unit].word(language, amount)


def _unit(quantity: Element) -> str:
    """Our code of a unit: by code, else by the word in Norwegian or English. Raises ValueError."""
    system, code = quantity.get("system"), reading.string(quantity.get("code"))
    if system == UNIT_SYSTEM and code in UNITS:
        return code
    if system == UCUM:
        return next((key for key, unit in UNITS.items() if unit.ucum == code), "") or _no_unit()
    word = reading.string(quantity.get("unit")).casefold()
    if system is None and word:
        for key, unit in UNITS.items():
            if word in {each for language in LANGUAGES for each in getattr(unit, language)}:
                return key
    return _no_unit()


def _no_unit() -> str:
    raise ValueError("unknown unit")


def _whole(value: object) -> int:
    number = reading.number(value)
    if number is None or number != int(number):
        raise ValueError("no whole number")
    return int(number)


def _part(repeat: Element, amount: Decimal) -> Part:
    at = tuple(When(code) for code in repeat.get("when", ()))
    days = tuple(Weekday(code) for code in repeat.get("dayOfWeek", ()))
    period, every = Period(repeat["periodUnit"]), _whole(repeat["period"])
    times = _whole(repeat.get("frequency", 1))
    if days and period is Period.DAY and every == 1:
        # how the standard's own examples write weekdays: counted by the day, on these days only
        period, times = Period.WEEK, times * len(days)
    per_day, rest = divmod(times, len(days) or 1)
    if rest or (at and per_day != len(at)):
        raise ValueError("times and frequency differ")
    return Part(amount, Rhythm(period, every, days), at, 1 if at else per_day)


def _bounds(repeat: Element) -> tuple[int | None, date | None, date | None]:
    """How many days, until when, from when."""
    if duration := repeat.get("boundsDuration"):
        number = _whole(duration["value"])
        weeks = {"d": 1, "wk": 7}[duration.get("code") or duration.get("unit")]
        return number * weeks, None, None
    if period := repeat.get("boundsPeriod"):
        first, last = _date(period, "start"), _date(period, "end")
        if set(period) - {"start", "end"} or (first is None and last is None):
            raise ValueError("a period of another kind")
        if first is None or last is None:
            return None, last, first
        return (last - first).days + 1, None, first
    return None, None, None


def _date(period: Element, name: str) -> date | None:
    return date.fromisoformat(period[name]) if name in period else None


def _site(element: Element) -> str:
    site = element.get("site")
    if site is None:
        return ""
    code = next((c for system, c, _ in reading.codings(site) if system == SITE_SYSTEM), "")
    if not code:
        raise ValueError("another site")
    return code


def _says(element: Element, dosage: Dosage) -> bool:
    """Whether the words and the short dose of an element, as far as readable, say its structure.

    Words we can't read may say more than the structure: they are then shown, not ours.
    """
    alone = _dosage([{**element, "sequence": 1}])
    for _, _, display in reading.codings(element.get("timing", {}).get("code")):
        short = parse_short(display, alone.unit)
        if short is None or not same_dose(short, alone):
            return False
    text = reading.string(element.get("text"))
    if not text:
        return True
    for language in LANGUAGES:
        read = parse(text, language)
        if read is not None:
            return same_dose(read, alone) or same_dose(read, dosage)
    return False


__all__ = [
    "SHORT_DOSE",
    "SHORT_DOSE_CODES",
    "SITE_SYSTEM",
    "UNIT_SYSTEM",
    "Doubt",
    "Instruction",
    "elements_of",
    "instruction_of",
    "unit_word",
]
