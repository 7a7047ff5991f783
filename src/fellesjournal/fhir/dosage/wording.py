"""A dose in words: bokmål, nynorsk, English.

The words are part of the clinical meaning, so they stand here and not in a catalogue that
translators change: each must be found again by the parser (parsing.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fellesjournal.fhir.dosage.structure import (
    AsNeeded,
    Dosage,
    Part,
    Period,
    Rhythm,
    Step,
    Weekday,
    When,
)

LANGUAGES = ("nb", "nn", "en")


@dataclass(frozen=True, slots=True)
class Unit:
    """What is counted: words for one and for several per language, and the UCUM code if any."""

    nb: tuple[str, str]
    nn: tuple[str, str]
    en: tuple[str, str]
    ucum: str = ""

    def word(self, language: str, amount: Decimal) -> str:
        """``tablett`` for up to one, ``tabletter`` for more."""
        one, several = getattr(self, language)
        return str(one if amount <= 1 else several)


def _alike(word: str, ucum: str = "") -> Unit:
    return Unit((word, word), (word, word), (word, word), ucum)


UNITS: Mapping[str, Unit] = {
    "tablet": Unit(("tablett", "tabletter"), ("tablett", "tablettar"), ("tablet", "tablets")),
    "capsule": Unit(("kapsel", "kapsler"), ("kapsel", "kapslar"), ("capsule", "capsules")),
    "ml": _alike("ml", "mL"),
    "mg": _alike("mg", "mg"),
    "g": _alike("g", "g"),
    "microgram": Unit(
        ("mikrogram", "mikrogram"), ("mikrogram", "mikrogram"), ("microgram", "micrograms"), "ug"
    ),
    "unit": Unit(("enhet", "enheter"), ("eining", "einingar"), ("unit", "units"), "[iU]"),
    "dose": Unit(("dose", "doser"), ("dose", "dosar"), ("dose", "doses")),
    "inhalation": Unit(
        ("inhalasjon", "inhalasjoner"), ("inhalasjon", "inhalasjonar"),
        ("inhalation", "inhalations"),
    ),
    "drop": Unit(("dråpe", "dråper"), ("drope", "dropar"), ("drop", "drops")),
    "application": Unit(
        ("påføring", "påføringer"), ("påføring", "påføringar"), ("application", "applications")
    ),
    "smear": Unit(
        ("påsmøring", "påsmøringer"), ("påsmøring", "påsmøringar"), ("thin layer", "thin layers")
    ),
    "patch": Unit(("plaster", "plastre"), ("plaster", "plaster"), ("patch", "patches")),
    "suppository": Unit(
        ("stikkpille", "stikkpiller"), ("stikkpille", "stikkpiller"),
        ("suppository", "suppositories"),
    ),
    "sachet": Unit(
        ("dosepose", "doseposer"), ("dosepose", "doseposar"), ("sachet", "sachets")
    ),
    "injection": Unit(
        ("injeksjon", "injeksjoner"), ("injeksjon", "injeksjonar"), ("injection", "injections")
    ),
    "implant": Unit(
        ("implantat", "implantater"), ("implantat", "implantat"), ("implant", "implants")
    ),
    "spray": Unit(("spray", "sprayer"), ("spray", "sprayar"), ("spray", "sprays")),
}  # fmt: skip
"""The units doses are counted in, by our own code."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language. In ``every`` the first form is for each, the second for each n-th."""

    decimal: str
    conjunction: str
    when: Mapping[When, str]
    weekdays: Mapping[Weekday, str]
    before_weekdays: str
    every: Mapping[Period, tuple[str, str]]
    once: str
    times: str
    as_needed: str
    to: str
    at_most: tuple[str, str]
    day: tuple[str, str]
    until: str
    then: str
    sites: Mapping[str, str]


def _when(words: str) -> Mapping[When, str]:
    return dict(zip(When, words.split("|"), strict=True))


def _weekdays(words: str) -> Mapping[Weekday, str]:
    return dict(zip(Weekday, words.split("|"), strict=True))


WORDS: Mapping[str, Words] = {
    "nb": Words(
        decimal=",",
        conjunction="og",
        when=_when("morgen|formiddag|midt på dagen|ettermiddag|kveld|natt"),
        weekdays=_weekdays("mandag|tirsdag|onsdag|torsdag|fredag|lørdag|søndag"),
        before_weekdays="",
        every={
            Period.DAY: ("hver dag", "hver {}. dag"),
            Period.WEEK: ("hver uke", "hver {}. uke"),
            Period.MONTH: ("hver måned", "hver {}. måned"),
            Period.YEAR: ("hvert år", "hvert {}. år"),
        },
        once="én gang",
        times="{} ganger",
        as_needed="ved behov",
        to="til",
        at_most=("høyst", "per døgn"),
        day=("i {} dag", "i {} dager"),
        until="til og med",
        then="deretter",
        sites={
            "each-eye": "i hvert øye",
            "right-eye": "i høyre øye",
            "left-eye": "i venstre øye",
            "each-nostril": "i hvert nesebor",
        },
    ),
    "nn": Words(
        decimal=",",
        conjunction="og",
        when=_when("morgon|føremiddag|midt på dagen|ettermiddag|kveld|natt"),
        weekdays=_weekdays("måndag|tysdag|onsdag|torsdag|fredag|laurdag|søndag"),
        before_weekdays="",
        every={
            Period.DAY: ("kvar dag", "kvar {}. dag"),
            Period.WEEK: ("kvar veke", "kvar {}. veke"),
            Period.MONTH: ("kvar månad", "kvar {}. månad"),
            Period.YEAR: ("kvart år", "kvart {}. år"),
        },
        once="éin gong",
        times="{} gonger",
        as_needed="ved behov",
        to="til",
        at_most=("høgst", "per døgn"),
        day=("i {} dag", "i {} dagar"),
        until="til og med",
        then="deretter",
        sites={
            "each-eye": "i kvart auge",
            "right-eye": "i høgre auge",
            "left-eye": "i venstre auge",
            "each-nostril": "i kvart nasebor",
        },
    ),
    "en": Words(
        decimal=".",
        conjunction="and",
        when=_when("in the morning|before noon|at midday|in the afternoon|in the evening|at night"),
        weekdays=_weekdays("Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"),
        before_weekdays="on",
        every={
            Period.DAY: ("every day", "every {} days"),
            Period.WEEK: ("every week", "every {} weeks"),
            Period.MONTH: ("every month", "every {} months"),
            Period.YEAR: ("every year", "every {} years"),
        },
        once="once",
        times="{} times",
        as_needed="as needed",
        to="to",
        at_most=("at most", "per 24 hours"),
        day=("for {} day", "for {} days"),
        until="through",
        then="then",
        sites={
            "each-eye": "in each eye",
            "right-eye": "in the right eye",
            "left-eye": "in the left eye",
            "each-nostril": "in each nostril",
        },
    ),
}


def text_of(dosage: Dosage, language: str) -> str:
    """The whole dose in words: ``1 tablett morgen og kveld hver dag i 7 dager``."""
    words = WORDS[language]
    return f", {words.then} ".join(_step(dosage, step, language) for step in dosage.steps)


def amount_text(amount: Decimal, language: str) -> str:
    """``0,5`` or ``0.5``."""
    return f"{amount:f}".replace(".", WORDS[language].decimal)


def unit_text(unit: str, language: str, amount: Decimal = Decimal(2)) -> str:
    """What a unit is called for an amount of it."""
    return UNITS[unit].word(language, amount)


def counted(amount: Decimal, unit: str, language: str) -> str:
    """``1,5 tabletter``."""
    return f"{amount_text(amount, language)} {unit_text(unit, language, amount)}"


def _step(dosage: Dosage, step: Step, language: str) -> str:
    words = WORDS[language]
    if step.as_needed is not None:
        said = _as_needed(dosage, step.as_needed, language)
    else:
        said = "; ".join(_group(dosage, parts, language) for parts in _by_days(step.parts))
    if step.days is not None:
        said += " " + words.day[step.days > 1].format(step.days)
    if step.until is not None:
        said += f" {words.until} {step.until:%d.%m.%Y}"
    return said


def _by_days(parts: Sequence[Part]) -> Iterable[list[Part]]:
    """Parts in a row that share their days: they are told together when told by time of day."""
    groups: list[list[Part]] = []
    for part in parts:
        if groups and part.at and groups[-1][0].rhythm == part.rhythm:
            groups[-1].append(part)
        else:
            groups.append([part])
    return groups


def _group(dosage: Dosage, parts: Sequence[Part], language: str) -> str:
    portions = listed([_portion(dosage, part, language) for part in parts], language)
    return f"{portions} {_rhythm(parts[0].rhythm, language)}"


def _portion(dosage: Dosage, part: Part, language: str) -> str:
    words = WORDS[language]
    said = counted(part.amount, dosage.unit, language)
    if dosage.site:
        said += f" {words.sites[dosage.site]}"
    if part.at:
        return f"{said} {listed([words.when[when] for when in part.at], language)}"
    if part.rhythm.weekdays:
        return said
    return f"{said} {words.once if part.times == 1 else words.times.format(part.times)}"


def _rhythm(rhythm: Rhythm, language: str) -> str:
    words = WORDS[language]
    each, each_nth = words.every[rhythm.period]
    every = each if rhythm.every == 1 else each_nth.format(rhythm.every)
    if not rhythm.weekdays:
        return every
    days = listed([words.weekdays[day] for day in rhythm.weekdays], language)
    return " ".join(filter(None, [words.before_weekdays, days, every]))


def _as_needed(dosage: Dosage, dose: AsNeeded, language: str) -> str:
    words = WORDS[language]
    said = counted(dose.up_to or dose.amount, dosage.unit, language)
    if dose.up_to is not None:
        said = f"{amount_text(dose.amount, language)} {words.to} {said}"
    if dosage.site:
        said += f" {words.sites[dosage.site]}"
    said += f" {words.as_needed}"
    if dose.at_most is not None:
        before, after = words.at_most
        said += f", {before} {counted(dose.at_most, dosage.unit, language)} {after}"
    return f"{said} ({dose.reason})" if dose.reason else said


def listed(parts: Sequence[str], language: str) -> str:
    """``a, b og c``."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {WORDS[language].conjunction} {parts[-1]}"


__all__ = [
    "LANGUAGES",
    "UNITS",
    "WORDS",
    "Unit",
    "amount_text",
    "counted",
    "listed",
    "text_of",
    "unit_text",
]
