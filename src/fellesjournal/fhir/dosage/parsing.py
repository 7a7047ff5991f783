"""From words to a dose. What is understood is said again in the same words, or it is refused.

The parser may be generous inside, for its result is put into words by ``text_of`` and must give
the text back: so no text is ever read as something else than it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from fellesjournal.fhir.dosage.structure import (
    DAILY,
    AsNeeded,
    Dosage,
    InvalidDose,
    Part,
    Rhythm,
    Step,
    Weekday,
    When,
)
from fellesjournal.fhir.dosage.wording import UNITS, WORDS, amount_text, text_of

# Other ways to say the same. "daglig" is how the national prescribing module ends a daily dose.
_SAME: Mapping[str, Mapping[str, str]] = {
    "nb": {"daglig": "hver dag", "en gang": "én gang"},
    "nn": {"dagleg": "kvar dag", "ein gong": "éin gong"},
    "en": {"daily": "every day"},
}
# Places of a short dose (7478). Three: seen in national examples beside "morgen, midt på dagen,
# kveld". UNVERIFIED: that the fourth is the night; no example has anything but 0 there.
_PLACES = (When.MORNING, When.NOON, When.EVENING, When.NIGHT)
_LONGEST = 1000
_REASON = re.compile(r"\(([^()]*)\)")
_DATE = r"[0-9]{2}\.[0-9]{2}\.[0-9]{4}"


@dataclass(frozen=True, slots=True)
class _Grammar:
    """The expressions of one language, and what its words mean."""

    units: Mapping[str, str]
    when: Mapping[str, When]
    weekdays: Mapping[str, Weekday]
    sites: Mapping[str, str]
    step: re.Pattern[str]
    then: re.Pattern[str]
    between: re.Pattern[str]
    rhythm: re.Pattern[str]
    portion: re.Pattern[str]
    as_needed: re.Pattern[str]


def parse(text: str, language: str) -> Dosage | None:
    """The dose that these words say; None when any of it is not understood."""
    if len(text) > _LONGEST:
        return None
    reasons = _REASON.findall(text)
    numbers = iter(range(len(reasons)))
    plain = _plain(_REASON.sub(lambda _: f"({next(numbers)})", text), language)
    try:
        found = _dosage(plain, _grammar(language), language)
        if found is None or _bare(text_of(found, language), language) != _bare(plain, language):
            return None
        return replace(found, steps=tuple(_with_reason(step, reasons) for step in found.steps))
    except (InvalidDose, ValueError, IndexError):
        return None


def _with_reason(step: Step, reasons: Sequence[str]) -> Step:
    """What a dose is needed for is free text: it was put aside, and comes back untouched."""
    if step.as_needed is None or not step.as_needed.reason:
        return step
    reason = reasons[int(step.as_needed.reason)]
    return replace(step, as_needed=replace(step.as_needed, reason=reason))


def _plain(text: str, language: str) -> str:
    """One line, single spaces, usual words for the same put into ours."""
    words = WORDS[language]
    text = re.sub(rf"\b{words.then}\s+", f"{words.then} ", text.strip().removesuffix("."))
    text = re.sub(r"\s*\n\s*", f" {words.conjunction} ", text)
    text = re.sub(r"\s+", " ", text)
    for other, ours in _SAME[language].items():
        text = re.sub(rf"(?<!\w){other}(?!\w)", ours, text, flags=re.IGNORECASE)
    return text


def _bare(text: str, language: str) -> str:
    """Without what carries no meaning: case, one or several, comma or "and" in a list."""
    words = WORDS[language]
    text = text.casefold()
    ones = _ones(language)
    text = _unit_words(language).sub(lambda word: ones[word[0]], text)
    text = re.sub(r"\b0+(?=\d)", "", text)
    one, several = (form.split("{}")[1] for form in words.day)
    text = text.replace(several, one)
    return text.replace(f" {words.conjunction} ", ", ")


@cache
def _ones(language: str) -> Mapping[str, str]:
    """The word for one, by the word for several."""
    forms = (getattr(unit, language) for unit in UNITS.values())
    return {several.casefold(): one.casefold() for one, several in forms}


@cache
def _unit_words(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){_any(_ones(language))}(?!\w)")


def _dosage(text: str, grammar: _Grammar, language: str) -> Dosage | None:
    steps, units, sites = [], set(), set()
    for said in grammar.then.split(text):
        match = grammar.step.fullmatch(said)
        if match is None:
            return None
        days, until = match["days"], match["until"]
        bounds = {
            "days": int(days) if days else None,
            "until": _day(until) if until else None,
        }
        dose = grammar.as_needed.fullmatch(match["dose"])
        if dose is not None:
            units.add(grammar.units[dose["unit"].casefold()])
            sites.add(_site(dose["site"], grammar))
            steps.append(Step(as_needed=_needed(dose), **bounds))  # type: ignore[arg-type]  # days is int, until a date
            continue
        parts = []
        for group in match["dose"].split("; "):
            for part, unit, site in _group(group, grammar, language):
                parts.append(part)
                units.add(unit)
                sites.add(site)
        steps.append(Step(tuple(parts), **bounds))  # type: ignore[arg-type]  # as above
    if len(units) != 1 or len(sites) != 1:
        return None
    return Dosage(units.pop(), tuple(steps), sites.pop())


def _day(text: str) -> date:
    return datetime.strptime(text, "%d.%m.%Y").date()  # noqa: DTZ007 - a calendar day


def _site(text: str | None, grammar: _Grammar) -> str:
    return grammar.sites[text.casefold()] if text else ""


def _needed(match: re.Match[str]) -> AsNeeded:
    return AsNeeded(
        _number(match["amount"]),
        _number(match["up"]) if match["up"] else None,
        _number(match["most"]) if match["most"] else None,
        match["reason"] or "",
    )


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _group(text: str, grammar: _Grammar, language: str) -> Iterable[tuple[Part, str, str]]:
    """The parts of one group, each with its unit and site. Raises ValueError."""
    match = grammar.rhythm.fullmatch(text)
    if match is None:
        raise ValueError(text)
    rhythm = _rhythm(match, grammar, language)
    for said in grammar.between.split(match["portions"]):
        portion = grammar.portion.fullmatch(said)
        if portion is None:
            raise ValueError(said)
        times = re.search(r"\d+", portion["times"]) if portion["times"] else None
        part = Part(
            _number(portion["amount"]),
            rhythm,
            tuple(grammar.when[word] for word in _words(portion["at"], grammar.when)),
            int(times[0]) if times else 1,
        )
        yield part, grammar.units[portion["unit"].casefold()], _site(portion["site"], grammar)


def _rhythm(match: re.Match[str], grammar: _Grammar, language: str) -> Rhythm:
    every = match["every"]
    number = re.search(r"\d+", every)
    for period, (each, each_nth) in WORDS[language].every.items():
        form = each_nth.format(number[0]) if number else each
        if form.casefold() == every.casefold():
            days = _words(match["weekdays"], grammar.weekdays)
            return Rhythm(
                period, int(number[0]) if number else 1, tuple(grammar.weekdays[d] for d in days)
            )
    raise ValueError(every)


def _words(text: str | None, known: Iterable[str]) -> list[str]:
    """The known words in a text, in the text's order."""
    found = re.findall("|".join(map(re.escape, _longest_first(known))), (text or "").casefold())
    return [str(word) for word in found]


def _longest_first(words: Iterable[str]) -> list[str]:
    return sorted(words, key=len, reverse=True)


def _any(words: Iterable[str]) -> str:
    return "(?:" + "|".join(map(re.escape, _longest_first(words))) + ")"


@cache
def _grammar(language: str) -> _Grammar:
    words = WORDS[language]
    units = {
        word.casefold(): code for code, unit in UNITS.items() for word in getattr(unit, language)
    }
    conjunction = re.escape(words.conjunction)
    number = r"\d{1,5}(?:" + re.escape(words.decimal) + r"\d{1,4})?"
    between = rf"(?:, | {conjunction} )"

    def some(each: str) -> str:
        return rf"{each}(?:{between}{each})*"

    unit = rf"(?P<unit>{_any(units)})"
    site = rf"(?: (?P<site>{_any(words.sites.values())}))?"
    times = rf"{re.escape(words.once)}|{words.times.format(r'[0-9]{1,2}')}"
    every = "|".join(
        re.escape(form).replace(r"\{\}", r"[0-9]{1,3}")
        for forms in words.every.values()
        for form in forms
    )
    before = rf"{words.before_weekdays} " if words.before_weekdays else ""
    return _Grammar(
        units=units,
        when={word.casefold(): when for when, word in words.when.items()},
        weekdays={word.casefold(): day for day, word in words.weekdays.items()},
        sites={word.casefold(): code for code, word in words.sites.items()},
        step=_compiled(
            rf"(?P<dose>.+?)(?: (?:{_days(words.day)}|{words.until} (?P<until>{_DATE})))?"
        ),
        then=_compiled(rf",? {words.then} "),
        between=_compiled(rf"{between}(?=[0-9])"),
        rhythm=_compiled(
            rf"(?P<portions>.+?)(?: {before}(?P<weekdays>{some(_any(words.weekdays.values()))}))?"
            rf" (?P<every>{every})"
        ),
        portion=_compiled(
            rf"(?P<amount>{number}) {unit}{site}"
            rf"(?: (?:(?P<at>{some(_any(words.when.values()))})|(?P<times>{times})))?"
        ),
        as_needed=_compiled(
            rf"(?P<amount>{number})(?: {words.to} (?P<up>{number}))? {unit}{site} {words.as_needed}"
            rf"(?:, {words.at_most[0]} (?P<most>{number}) {_any(units)} {words.at_most[1]})?"
            r"(?: \((?P<reason>[^()]+)\))?"
        ),
    )


def _days(forms: tuple[str, str]) -> str:
    before, one = forms[0].split("{}")
    several = forms[1].split("{}")[1]
    return rf"{before}(?P<days>[0-9]{{1,4}})(?:{several}|{one})"


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


# --- short doses ----------------------------------------------------------------------------------

_SHORT_NUMBER = r"[0-9]{1,5}(?:,[0-9]{1,4})?"
_SITE_WORDS = {word: code for code, word in WORDS["nb"].sites.items()}
_PLACED = re.compile(rf"({_SHORT_NUMBER}(?:\+{_SHORT_NUMBER}){{2,3}})(?: ({_any(_SITE_WORDS)}))?")
_TIMES = re.compile(rf"({_SHORT_NUMBER}) ?x ?([0-9]{{1,2}})")
_UP_TO = re.compile(rf"({_SHORT_NUMBER}) inntil x ?([0-9]{{1,2}})")
_FOR_DAYS = re.compile(r"(.+?) (?:i|for) ([1-9][0-9]{0,2}) (?:dag|dager|dagar|døgn|days?)")


def parse_short(text: str, unit: str) -> Dosage | None:
    """A dose in the usual short forms (as in code list 7478), counted in ``unit``; None otherwise.

    ``1+0+1`` (morning, midday, evening, and at night with a fourth), ``1x3`` (times a day),
    ``1 inntil x4`` (when needed, at most so many times a day); each for a number of days too:
    ``1x4 i 7 dager``.
    """
    text = re.sub(r"\s+", " ", text.strip())
    days = None
    if match := _FOR_DAYS.fullmatch(text):
        text, days = match[1], int(match[2])
    try:
        if match := _PLACED.fullmatch(text):
            site = _SITE_WORDS[match[2]] if match[2] else ""
            return Dosage(unit, (Step(tuple(_placed(match[1])), days=days),), site)
        if match := _TIMES.fullmatch(text):
            daily = Part(_number(match[1]), DAILY, times=int(match[2]))
            return Dosage(unit, (Step((daily,), days=days),))
        if match := _UP_TO.fullmatch(text):
            amount = _number(match[1])
            needed = AsNeeded(amount, None, amount * int(match[2]))
            return Dosage(unit, (Step(as_needed=needed, days=days),))
    except InvalidDose:
        return None
    return None


def _placed(text: str) -> list[Part]:
    """The parts of ``1+0+2``: one per amount, in the order of the day."""
    amounts = [_number(each) for each in text.split("+")]
    by_amount: dict[Decimal, list[When]] = {}
    for when, amount in zip(_PLACES, amounts, strict=False):
        if amount:
            by_amount.setdefault(amount, []).append(when)
    return [Part(amount, DAILY, tuple(whens)) for amount, whens in by_amount.items()]


def short_form(dosage: Dosage) -> str:
    """The short form that :func:`parse_short` reads as the same dose; "" when there is none."""
    if len(dosage.steps) != 1 or dosage.steps[0].days or dosage.steps[0].until:
        return ""
    step = dosage.steps[0]
    if step.as_needed is not None or any(part.rhythm != DAILY for part in step.parts):
        return _short_as_needed(step, dosage.site)
    if not step.parts[0].at:
        only = step.parts[0]
        return "" if dosage.site else f"{amount_text(only.amount, 'nb')}x{only.times}"
    amounts = {when: part.amount for part in step.parts for when in part.at}
    if set(amounts) - set(_PLACES):
        return ""
    places = _PLACES if When.NIGHT in amounts else _PLACES[:3]
    text = "+".join(amount_text(amounts.get(when, Decimal(0)), "nb") for when in places)
    return f"{text} {WORDS['nb'].sites[dosage.site]}" if dosage.site else text


def _short_as_needed(step: Step, site: str) -> str:
    dose = step.as_needed
    if dose is None or dose.up_to or dose.reason or dose.at_most is None or site:
        return ""
    times = dose.at_most / dose.amount
    return f"{amount_text(dose.amount, 'nb')} inntil x{times:f}" if times == int(times) < 25 else ""


__all__ = ["parse", "parse_short", "short_form"]
